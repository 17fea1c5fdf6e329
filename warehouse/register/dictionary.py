"""The dictionary: every table, view, column and macro in words, in Dutch and in English.

There is one source, `register/dictionary.csv`. A row names an object (`main.timeline`, `main.progress()`) and a column;
the object `*` describes a column of that name wherever it stands, unless the object has a row of its own. Tables of
publishers' files need no rows: they take their words from the dataset's declaration. From it come the COMMENTs in the
database, the table `meta.dictionary`, and the words in exports. `register/code_column.csv` says in the same way which
columns hold codes of which list; the codes themselves are in words in the view `codes`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.dataset import Dataset
from schemas.datasets import datasets
from schemas.hand_kept_csv import read_hand_kept
from warehouse.database import literal
from warehouse.register.loader import REGISTER

DICTIONARY = REGISTER / "dictionary.csv"
CODE_COLUMNS = REGISTER / "code_column.csv"
KEYS = REGISTER / "key.csv"
ANYWHERE = "*"
SCHEMAS = ("main", "goals", "meta", "snapshot", "core")

OBJECTS = f"""
SELECT schema_name, table_name AS object_name, 'table' AS object_kind, comment FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name IN {SCHEMAS} AND NOT temporary
UNION ALL
SELECT schema_name, view_name, 'view', comment FROM duckdb_views()
WHERE database_name = current_database() AND schema_name IN {SCHEMAS} AND NOT internal AND NOT temporary
UNION ALL
SELECT DISTINCT schema_name, function_name, replace(function_type, '_', ' '), comment
FROM duckdb_functions()
WHERE database_name = current_database() AND schema_name IN {SCHEMAS} AND NOT internal
ORDER BY ALL"""  # noqa: S608 - constants
COLUMNS = f"""
SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name IN {SCHEMAS} AND NOT internal
ORDER BY schema_name, table_name, column_index"""  # noqa: S608 - constants
MACROS = f"""
SELECT DISTINCT schema_name, function_name, parameters FROM duckdb_functions()
WHERE database_name = current_database() AND schema_name IN {SCHEMAS} AND function_type = 'table_macro' AND NOT internal
ORDER BY ALL"""  # noqa: S608 - constants
ARGUMENTS = {
    **dict.fromkeys(("as_of_date", "on_date"), "DATE '2020-12-31'"),
    **dict.fromkeys(
        ("indicator", "goal", "entity", "period", "school", "figure_key", "method", "split", "macro_name"), "''"
    ),
    **dict.fromkeys(("from_year", "label_year", "printed"), "2018"),
    "decimals": "2",
    **dict.fromkeys(("nth_of_day", "n"), "1"),
    "to_year": "2020",
    "level": "'school'",
    "on_dates": "[DATE '2020-12-31']",
}
"""An argument for each name that a macro's parameter has, so that its columns can be described."""


@dataclass(frozen=True)
class Words:
    """What something is, in both languages."""

    nl: str
    en: str

    def comment(self, codes: str | None = None) -> str:
        """As it stands in a database, for a column with the list that its codes come from."""
        return f"{self.en} (codes: {codes}) | {self.nl}" if codes else f"{self.en} | {self.nl}"


@dataclass(frozen=True)
class Entry:
    """One row of `meta.dictionary`; `column` is empty for the object itself, `words` when nobody has described it."""

    schema: str
    name: str
    kind: str
    column: str | None
    data_type: str | None
    comment: str | None
    """As it stands in the catalogue now."""
    words: Words | None
    code_list: str | None = None
    """The list in `codes` that the column's values come from."""
    is_key: bool = False
    """Whether the column is part of the key of the object's rows."""

    @property
    def said(self) -> str | None:
        """The comment as it ought to stand in the catalogue."""
        return self.words.comment(self.code_list) if self.words else None


@cache
def read_dictionary(path: Path = DICTIONARY) -> dict[tuple[str, str], Words]:
    """(object, column) -> words, as in the CSV; the column is an empty text for the object itself."""
    return {
        (row.get("object"), row.get("column")): Words(row.get("description_nl"), row.get("description_en"))
        for row in read_hand_kept(path, ("object", "column", "description_nl", "description_en")).rows
    }


@cache
def read_code_columns(path: Path = CODE_COLUMNS) -> dict[tuple[str, str], str]:
    """(object, column) -> the list that its codes come from."""
    rows = read_hand_kept(path, ("object", "column", "list")).rows
    return {(row.get("object"), row.get("column")): row.get("list") for row in rows}


@cache
def key_of(owner: str, path: Path = KEYS) -> tuple[str, ...]:
    """The key of an object such as `main.timeline`, as declared; none where nothing is."""
    rows = read_hand_kept(path, ("object", "columns")).rows
    return {row.get("object"): tuple(row.get("columns").split(";")) for row in rows}.get(owner, ())


def code_list(owner: str, column: str) -> str | None:
    """The list that a column's codes come from, its own first; None for a column that holds no codes."""
    found = read_code_columns()
    return found.get((owner, column)) or found.get((ANYWHERE, column))


def column_words(owner: str, column: str) -> Words | None:
    """The words for a column of an object such as `main.timeline`, its own first."""
    found = read_dictionary()
    return found.get((owner, column)) or found.get((ANYWHERE, column))


def dataset_words(dataset: type[Dataset], column: str) -> Words:
    """The words for a column of a publisher's file: what it means anywhere, and how the publisher calls it."""
    known = column_words(f"core.{dataset.id}", column)
    headers = (dataset.fields().get(column) or {}).get("headers")
    if headers and known:
        return Words(f"{known.nl}; kolom {headers[0]} van het bestand", f"{known.en}; column {headers[0]} of the file")
    if headers:
        return Words(f"Kolom {headers[0]} van het bestand", f"Column {headers[0]} of the file")
    return known or Words(f"Zie {dataset.declared_in()}", f"See {dataset.declared_in()}")


def entries(con: duckdb.DuckDBPyConnection) -> list[Entry]:
    """Everything that there is in the database, with its words."""
    declared = {f"core.{dataset.id}": dataset for dataset in datasets().values()}
    columns: dict[tuple[str, str], list[tuple[str, str, str | None]]] = {}
    for schema, table, column, data_type, comment in con.execute(COLUMNS).fetchall():
        columns.setdefault((schema, table), []).append((column, data_type, comment))
    for schema, macro, parameters in con.execute(MACROS).fetchall():
        columns[schema, macro] = macro_columns(con, f"{schema}.{macro}", parameters)
    found = []
    for schema, name, kind, comment in con.execute(OBJECTS).fetchall():
        owner = f"{schema}.{name}" + ("()" if kind.endswith("macro") else "")
        dataset = declared.get(owner)
        words = Words(dataset.title_nl, dataset.title_en) if dataset else read_dictionary().get((owner, ""))
        found.append(Entry(schema, name, kind, None, None, comment, words))
        for column, data_type, comment in columns.get((schema, name), []):
            words = dataset_words(dataset, column) if dataset else column_words(owner, column)
            is_key = column in key_of(owner)
            found.append(Entry(schema, name, kind, column, data_type, comment, words, code_list(owner, column), is_key))
    return found


def macro_columns(
    con: duckdb.DuckDBPyConnection, macro: str, parameters: list[str]
) -> list[tuple[str, str, str | None]]:
    """The columns that a table macro gives. Raises LookupError for a parameter of which no argument is known."""
    unknown = [name for name in parameters if name not in ARGUMENTS]
    if unknown:
        raise LookupError(
            f"macro {macro}: no argument is known for its parameter {unknown[0]}; add one in {Path(__file__).name}."
        )
    arguments = ", ".join(ARGUMENTS[name] for name in parameters)
    return [(name, kind, None) for name, kind, *_ in con.execute(f"DESCRIBE FROM {macro}({arguments})").fetchall()]


def describe(con: duckdb.DuckDBPyConnection) -> None:
    """Write the dictionary into the database: as COMMENTs and as the table `meta.dictionary`. May be called again."""
    found = entries(con)
    names = ("schema_name", "object_name", "object_kind", "column_name", "data_type")
    rows: list[dict[str, str | bool | None]] = [
        {
            **dict(zip(names, place(entry), strict=True)),
            "description_nl": words.nl,
            "description_en": words.en,
            "code_list": entry.code_list,
            "is_key": entry.is_key,
        }
        for entry in found
        if (words := entry.words)
    ]
    con.register("dictionary_rows", pa.Table.from_pylist(rows))
    con.execute("DELETE FROM meta.dictionary; INSERT INTO meta.dictionary BY NAME FROM dictionary_rows")
    con.unregister("dictionary_rows")
    set_comments(con, found)


def set_comments(con: duckdb.DuckDBPyConnection, found: list[Entry]) -> None:
    """Bring the comments in the catalogue up to date."""
    con.execute(f"BEGIN; {'; '.join(comment_statements(found)) or 'SELECT 1'}; COMMIT")


def comment_statements(found: list[Entry], takes: Callable[[Entry], bool] = lambda entry: True) -> list[str]:
    """The statements that bring the comments in the catalogue up to date, for the entries that it takes comments for."""
    # The catalogue has no place for the words of a macro's columns: those are in the table only.
    return [
        comment_on(entry)
        for entry in found
        if entry.words
        and entry.comment != entry.said
        and not (entry.column and entry.kind.endswith("macro"))
        and takes(entry)
    ]


def place(entry: Entry) -> tuple[str, str, str, str | None, str | None]:
    """Where it stands, as in `meta.dictionary`."""
    return (
        entry.schema,
        entry.name,
        "macro" if entry.kind.endswith("macro") else entry.kind,
        entry.column,
        entry.data_type,
    )


def comment_on(entry: Entry) -> str:
    """The statement that puts the words into the database's catalogue."""
    target = f'"{entry.schema}"."{entry.name}"'
    kind = {"table macro": "MACRO TABLE"}.get(entry.kind, entry.kind.upper())
    if entry.column is not None:
        kind, target = "COLUMN", f'{target}."{entry.column}"'
    return f"COMMENT ON {kind} {target} IS {literal(entry.said)}"
