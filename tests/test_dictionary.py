"""The dictionary: one source of words, the same in the file, the table and the database's own comments."""

import csv
from datetime import date

import pytest

from warehouse.build import Edition, connect
from warehouse.dictionary import DICTIONARY, column_words, describe, entries, undescribed
from warehouse.paths import DataDirectory
from warehouse.publish import publish

COMMENTS = """
SELECT schema_name || '.' || table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal
UNION ALL SELECT schema_name || '.' || table_name, NULL, comment FROM duckdb_tables()
UNION ALL SELECT schema_name || '.' || view_name, NULL, comment FROM duckdb_views() WHERE NOT internal
UNION ALL SELECT schema_name || '.' || function_name, NULL, comment FROM duckdb_functions() WHERE NOT internal"""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A published warehouse without any file: all tables, views and macros are there."""
    data = DataDirectory(tmp_path_factory.mktemp("data"))
    publish(data, Edition("mirror"), date(2026, 11, 23), snapshots={2020: None})
    with connect(data.warehouse, read_only=True) as con:
        yield con


def test_everything_is_described(published):
    assert undescribed(published) == [], "add a row to warehouse/register/dictionary.csv for each of these"


def test_comments_table_and_dictionary_say_the_same(published):
    comments = {(owner, column): comment for owner, column, comment in published.execute(COMMENTS).fetchall()}
    table = {
        (f"{schema}.{name}", column): f"{en} | {nl}"
        for schema, name, _, column, _, nl, en in published.execute("FROM meta.dictionary").fetchall()
    }
    words = {(f"{entry.schema}.{entry.name}", entry.column): entry.words.comment for entry in entries(published)}
    assert comments == table == words
    assert len(words) > 1000


def test_every_row_of_the_dictionary_describes_something(published):
    there = {(f"{entry.schema}.{entry.name}", entry.column or "") for entry in entries(published)}
    columns = {column for _, column in there}
    for macro in ("progress(2018, 2020)", "board_progress(2018, 2020)", "school_progress(2018, 2020)"):
        columns |= {row[0] for row in published.execute(f"DESCRIBE FROM {macro}").fetchall()}
    for macro in (
        "explain('G02', 'x', 'NL', '2018', '2026-01-01')",
        "history()",
        "schools_on('2020-01-01')",
        "both_series('x', 2018, 2020)",
        "successor_of('00AA', '2020-01-01')",
    ):
        columns |= {row[0] for row in published.execute(f"DESCRIBE FROM {macro}").fetchall()}
    columns |= {"notice"}  # The watermark that exports of the sample edition carry.
    with DICTIONARY.open(encoding="utf-8", newline="") as file:
        rows = [(row["object"], row["column"]) for row in csv.DictReader(file)]
    astray = [
        row
        for row in rows
        if (row[0] == "*" and row[1] not in columns)
        or (row[0] != "*" and not row[0].endswith("()") and row not in there)
        or (row[0].endswith("()") and (row[0][:-2], "") not in there)
    ]
    assert astray == [], "these rows of warehouse/register/dictionary.csv describe nothing"


def test_both_languages_are_filled_and_differ():
    with DICTIONARY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [(row["object"], row["column"]) for row in rows]
    assert len(keys) == len(set(keys))
    for row in rows:
        assert row["description_nl"].strip() and row["description_en"].strip(), row
        assert " | " not in row["description_nl"] + row["description_en"], row


def test_an_own_row_goes_before_the_one_for_anywhere():
    assert column_words("goals.goal", "kind") != column_words("goals.no_such_table", "kind")
    assert column_words("goals.goal", "no_such_column") is None


def test_a_new_table_is_reported_and_a_second_time_changes_nothing():
    with connect(":memory:") as con:
        con.execute('CREATE SCHEMA meta; CREATE TABLE meta.something (goal_id VARCHAR, "odd \' name" INTEGER)')
        describe(con)
        first = con.execute("FROM meta.dictionary ORDER BY ALL").fetchall()
        describe(con)
        assert undescribed(con) == ["meta.something", "meta.something.odd ' name"]
        assert {
            row for row in con.execute("FROM meta.dictionary ORDER BY ALL").fetchall() if row[1] == "something"
        } == {row for row in first if row[1] == "something"}
