"""Which of the fifteen answers a year's snapshot changed since the year before, and why."""

from datetime import date

import pytest

from warehouse.archive.edition import Edition
from warehouse.database import connect
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish

TODAY = date(2026, 11, 28)
CHANGES = "SELECT year, goal_id, answer, before, after, array_to_string(reasons, ', ') FROM snapshot_changes"

# As the register stands: the national figures and evidence of the sample edition are real.
EXPECTED = [
    # year, goal, answer, the year before, this year, why
    (2019, "G03", "direction", "unknown", "worsened", "new_evidence, new_file, revision"),  # 4,214 became 4,212
    (2019, "G03", "status", "not_assessable", "not_met", "verdict"),
    (2019, "G03", "value", "2017: 4214", "2018: 4479", "new_file"),
    (2019, "G06", "value", "2018: 91.9", "2019: 92", "new_file"),
    (2019, "G10", "direction", "unknown", "worsened", "new_evidence"),  # TALIS, June 2019
    (2020, "G01", "direction", "unknown", "mixed", "new_evidence"),
    (2020, "G02", "direction", "unknown", "worsened", "new_evidence, new_file"),
    (2020, "G02", "value", None, "2019: 6.3", "new_file"),
    (2020, "G03", "value", "2018: 4479", "2019: 4790", "new_file"),
    (2020, "G06", "value", "2019: 92", "2020: 98.8", "new_file"),
    (2020, "G09", "direction", "unknown", "improved", "new_evidence, new_file"),
    (2020, "G09", "status", "not_assessable", "met_before_period", "new_file"),
    (2020, "G09", "value", None, "2020: 10286", "new_file"),
    (2020, "G10", "status", "not_assessable", "not_met", "verdict"),
    (2020, "G10", "value", "2015: 85", "2019: 86", "new_file"),
    (2020, "G11", "value", None, "2015: 5.2", "new_file"),
    (2020, "G12", "direction", "unknown", "improved", "new_evidence"),
]
# What is done to the frozen years -> the row that comes of it.
CAUSES = {
    "revision": (
        """UPDATE snapshot.goal_status SET last_year = 2018, last_value = 91.8 WHERE goal_id = 'G06' AND snapshot_id = '2019@1.0.0';
        UPDATE snapshot.observation SET value = 91.8 WHERE snapshot_id = '2019@1.0.0' AND indicator_id = 'g06_slaagpct'
            AND method_version = 'gepubliceerd' AND breakdown = 'total' AND year = 2018""",
        (2019, "G06", "value", "2018: 91.9", "2018: 91.8", "revision"),
    ),
    "rule": (
        "UPDATE snapshot.goal_status SET evidence_direction = 'mixed' WHERE goal_id = 'G04' AND snapshot_id = '2020@1.0.0'",
        (2020, "G04", "direction", "unknown", "mixed", "rule"),
    ),
    "our correction": (
        """UPDATE snapshot.goal_status SET evidence_direction = 'mixed' WHERE goal_id = 'G04' AND snapshot_id = '2020@1.0.0';
        INSERT INTO goals.errata BY NAME SELECT 'ER-999' AS erratum_id, DATE '2020-06-01' AS found_on, 'editors' AS found_by,
            'evidence' AS "table", 'EV-G04-01' AS row_key, 'direction' AS "column", 'stabiel' AS "before", 'onbekend' AS "after",
            DATE '2019-06-01' AS wrong_since, 'x' AS what_nl, 'x' AS what_en""",
        (2020, "G04", "direction", "unknown", "mixed", "our_correction"),
    ),
    "frozen before there was a direction": (
        "UPDATE snapshot.goal_status SET evidence_direction = NULL WHERE snapshot_id = '2018@1.0.0'",
        None,
    ),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> DataDirectory:
    directory = DataDirectory(tmp_path_factory.mktemp("changes"))
    publish(directory, Edition("sample"), TODAY, snapshots=dict.fromkeys((2018, 2019, 2020)))
    return directory


def test_the_sample_says_what_each_year_changed_and_why(data):
    with connect(data.warehouse, read_only=True) as con:
        assert con.execute(CHANGES).fetchall() == EXPECTED


@pytest.mark.parametrize(("change", "expected"), CAUSES.values(), ids=CAUSES)
def test_each_cause_is_named(data, change, expected):
    with connect(":memory:") as con:
        con.execute(f"ATTACH '{data.warehouse}' AS published (READ_ONLY); COPY FROM DATABASE published TO memory")
        con.execute(change)
        rows = con.execute(CHANGES).fetchall()
    if expected:
        assert expected in rows
    else:
        assert [row for row in rows if row[0] == 2019 and row[2] == "direction"] == []
