"""The dictionary: one source of words, the same in the file, the table and the database's own comments."""

import csv
from datetime import date

import pytest

from schemas.hand_kept_csv import read_hand_kept
from warehouse.archive.edition import Edition
from warehouse.build.tables import SQL
from warehouse.database import connect
from warehouse.register.dictionary import CODE_COLUMNS, DICTIONARY, KEYS, column_words, describe, entries, key_of
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish


def undescribed(con):
    """What has no words yet, such as `main.timeline.value`."""
    return [
        ".".join(filter(None, (entry.schema, entry.name, entry.column)))
        for entry in entries(con)
        if entry.words is None
    ]


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
    assert undescribed(published) == [], "add a row to warehouse/register/seeds/dictionary.csv for each of these"


def test_every_declared_key_tells_rows_apart(published):
    owners = [row.get("object") for row in read_hand_kept(KEYS, ("object", "columns")).rows]
    assert len(owners) > 30
    for owner in owners:
        relation = owner.replace("()", "(2018, 2020)")
        columns = ", ".join(f'"{column}"' for column in key_of(owner))
        twice = published.execute(
            f"SELECT {columns} FROM {relation} GROUP BY ALL HAVING count(*) > 1 LIMIT 1"
        ).fetchall()
        assert twice == [], owner
    marked = published.execute(
        "SELECT list(column_name) FROM meta.dictionary WHERE is_key AND object_name = 'goal_status' AND schema_name = 'main'"
    ).fetchone()
    assert marked == (["goal_id"],)


def test_comments_table_and_dictionary_say_the_same(published):
    comments = {(owner, column): comment for owner, column, comment in published.execute(COMMENTS).fetchall()}
    table = {
        (f"{schema}.{name}", column): (kind, f"{en} (codes: {codes}) | {nl}" if codes else f"{en} | {nl}")
        for schema, name, kind, column, _, nl, en, codes, _ in published.execute("FROM meta.dictionary").fetchall()
    }
    # The catalogue has no comments on the columns of macros.
    in_catalogue = {key: said for key, (kind, said) in table.items() if kind != "macro" or key[1] is None}
    assert comments == in_catalogue
    assert {key: said for key, (_, said) in table.items()} == {
        (f"{entry.schema}.{entry.name}", entry.column): entry.said for entry in entries(published)
    }
    assert len(comments) > 1000 and len(table) > len(comments) + 100


@pytest.mark.parametrize("path", [DICTIONARY, CODE_COLUMNS], ids=["dictionary", "code_column"])
def test_every_row_describes_something(published, path):
    there = {
        (f"{entry.schema}.{entry.name}" + "()" * entry.kind.endswith("macro"), entry.column or "")
        for entry in entries(published)
    }
    # The watermark that exports of the sample edition carry.
    there |= {("*", column) for _, column in there} | {("*", "notice")}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["object"], row["column"]) for row in csv.DictReader(file)]
    assert len(rows) == len(set(rows))
    assert [row for row in rows if row not in there] == [], f"these rows of {path.name} describe nothing"


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
        con.execute((SQL / "ddl" / "10_meta.sql").read_text())
        con.execute('CREATE TABLE meta.something (goal_id VARCHAR, "odd \' name" INTEGER)')
        describe(con)
        first = con.execute("FROM meta.dictionary ORDER BY ALL").fetchall()
        describe(con)
        assert undescribed(con) == ["meta.something", "meta.something.odd ' name"]
        assert {
            row for row in con.execute("FROM meta.dictionary ORDER BY ALL").fetchall() if row[1] == "something"
        } == {row for row in first if row[1] == "something"}
