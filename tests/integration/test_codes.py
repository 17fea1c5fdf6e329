"""Code lists: every code that occurs is in words, every list is used, and a new coded column is noticed."""

import csv

import pandera.pandas as pa
import pytest

from schemas.register.reader import REGISTER as MODELS
from tests.people_case import published_sample
from tests.tools.pages import published
from warehouse.database import connect
from warehouse.register.dictionary import CODE_COLUMNS, code_list, entries
from warehouse.register.loader import REGISTER


def uncoded(con):
    """Values of columns with a code list that the list does not have, such as `main.timeline.flags: odd`.

    A breakdown is one or more codes with slashes between.
    """
    found = []
    for entry in entries(con):
        if entry.code_list is None or entry.kind.endswith("macro"):
            continue
        value = f'"{entry.column}"'
        if entry.data_type == "VARCHAR[]":
            value = f"unnest({value})"
        elif entry.code_list == "breakdown":
            value = f"unnest(string_split({value}, '/'))"
        rows = con.execute(
            f"""SELECT code FROM (SELECT DISTINCT {value} AS code FROM "{entry.schema}"."{entry.name}")
            WHERE code IS NOT NULL AND code NOT IN (SELECT code FROM codes WHERE list = $list) ORDER BY code""",
            {"list": entry.code_list},
        ).fetchall()
        found += [f"{entry.schema}.{entry.name}.{entry.column}: {code}" for (code,) in rows]
    return found


KEYS = {
    "bottom_up_method", "check_method_version", "code_list", "column", "headline_method_version", "independent_source", "indicator_2014", "list",
    "method_version", "published_method", "reconciles_with", "slug", "speaker",
}  # fmt: skip
"""Columns that look like codes and are not: keys of other tables, names of lists."""


@pytest.fixture(scope="module")
def con():
    with connect(published_sample().warehouse, read_only=True) as con:
        yield con


def test_every_code_of_the_sample_edition_is_in_words(con):
    assert uncoded(con) == []


@pytest.mark.long
@pytest.mark.mirror
@pytest.mark.usefixtures("shared_mirror")
def test_every_code_of_the_real_files_is_in_words():
    with connect(published("mirror"), read_only=True) as con:
        assert uncoded(con) == []


def test_every_choice_of_the_register_is_in_words(con):
    """What a register table allows and what the list holds are the same words."""
    lists = {}
    for name, codes in con.execute("SELECT list, list(code) FROM codes GROUP BY list").fetchall():
        lists[name] = set(codes)
    seen = 0
    for table, model in MODELS.items():
        for column, declared in model.to_schema().columns.items():
            for check in declared.checks:
                if check.name == "isin":
                    allowed, listed = set(check.statistics["allowed_values"]), code_list(f"goals.{table}", column)
                    assert listed, f"goals.{table}.{column} has choices and no code list in code_column.csv"
                    assert allowed <= lists[listed], f"goals.{table}.{column}"
                    seen += 1
    assert seen > 20 and issubclass(MODELS["code"], pa.DataFrameModel)


def test_every_list_is_used_and_has_no_code_twice(con):
    with CODE_COLUMNS.open(newline="", encoding="utf-8") as file:
        used = {row["list"] for row in csv.DictReader(file)}
    assert used == {name for (name,) in con.execute("SELECT DISTINCT list FROM codes").fetchall()}
    assert con.execute("SELECT list, code FROM codes GROUP BY ALL HAVING count(*) > 1").fetchall() == []
    assert con.execute("FROM codes WHERE list IS NULL OR label_nl = '' OR meaning_en IS NULL").fetchall() == []
    assert (REGISTER / "code.csv").exists()


def test_what_looks_like_a_code_has_a_list(con):
    """A text column of the surface with a few lower-case words is a coded column, and those are in words."""
    looks = []
    for entry in entries(con):
        if entry.kind.endswith("macro") or entry.schema == "core" or entry.code_list or entry.column in KEYS:
            continue
        if entry.data_type not in ("VARCHAR", "VARCHAR[]"):
            continue
        value = f'unnest("{entry.column}")' if entry.data_type == "VARCHAR[]" else f'"{entry.column}"'
        found = con.execute(
            f"""SELECT count(*), coalesce(bool_and(regexp_full_match(code, '[a-z][a-z_-]*')), false)
            FROM (SELECT DISTINCT {value} AS code FROM "{entry.schema}"."{entry.name}") WHERE code IS NOT NULL"""
        ).fetchone()
        if found is not None and 0 < found[0] <= 40 and found[1]:
            looks.append(f"{entry.schema}.{entry.name}.{entry.column}")
    assert looks == [], "give these a list in warehouse/register/seeds/code_column.csv, or name them as keys here"


def test_an_unknown_code_is_found():
    with connect(":memory:") as con:
        con.execute(
            "CREATE SCHEMA goals; CREATE TABLE goals.flag (severity VARCHAR); INSERT INTO goals.flag VALUES ('heavy')"
        )
        con.execute("CREATE VIEW codes AS SELECT 'severity' AS list, 'info' AS code")
        assert uncoded(con) == ["goals.flag.severity: heavy"]
