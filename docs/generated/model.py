"""The data model, from the catalogue and the dictionary of a published warehouse."""

from functools import cache
from itertools import groupby

import duckdb

from docs.generated import markdown
from docs.generated.drawing import draw
from docs.generated.relations import Relation, relations, tables
from docs.generated.warehouse import sample_warehouse
from warehouse.database import connect
from warehouse.register.dictionary import Entry, entries

SIGNATURES = """
SELECT schema_name, function_name, any_value(parameters ORDER BY len(parameters) DESC) FROM duckdb_functions()
WHERE database_name = current_database() AND NOT internal GROUP BY ALL"""


@cache
def opened() -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only."""
    return connect(sample_warehouse(), read_only=True)


@cache
def all_relations() -> tuple[Relation, ...]:
    """Every reference between two tables."""
    return tuple(relations(opened()))


def diagram(*schemas: str) -> str:
    """The tables that refer to each other, drawn; of some schemas, with what these refer to, or of all."""
    found = [one for one in all_relations() if not schemas or one.source.partition(".")[0] in schemas]
    return draw(tables(opened()), found)


def schema(name: str) -> str:
    """Every table, view and macro of a schema with its columns in words."""
    chosen = [entry for entry in entries(opened()) if entry.schema == name]
    objects = [(owner, list(parts)) for owner, parts in groupby(chosen, key=lambda entry: (entry.name, entry.kind))]
    contents = markdown.table(
        ("name", "kind", "what it is"),
        [
            (f"[`{title(name, *owner)}`](#{anchor(name, owner[0])})", kind_of(owner[1]), english(parts[0]))
            for owner, parts in objects
        ],
    )
    return contents + "\n" + "\n".join(section(name, owner, parts) for owner, parts in objects)


def section(schema_name: str, owner: tuple[str, str], parts: list[Entry]) -> str:
    """One object: what it is, and a row per column."""
    name, kind = owner
    head = f"## {title(schema_name, name, kind)} {{ #{anchor(schema_name, name)} }}\n\n{kind_of(kind).capitalize()}. {english(parts[0])}.\n\n"
    columns = [entry for entry in parts if entry.column]
    if not columns:
        return head
    refers = references(f"{schema_name}.{name}")
    rows = [
        (f"`{one.column}`", f"`{one.data_type}`", english(one), refers.get(one.column or "", "")) for one in columns
    ]
    if not refers:
        return head + markdown.table(("column", "type", "meaning"), [row[:3] for row in rows])
    return head + markdown.table(("column", "type", "meaning", "names a row of"), rows)


def title(schema_name: str, name: str, kind: str) -> str:
    """As one writes it in a query; the schema `main` needs no name."""
    shown = name if schema_name == "main" else f"{schema_name}.{name}"
    return f"{shown}({', '.join(signatures()[schema_name, name])})" if kind.endswith("macro") else shown


@cache
def signatures() -> dict[tuple[str, str], list[str]]:
    """The parameters of every macro."""
    return {(schema_name, name): given for schema_name, name, given in opened().execute(SIGNATURES).fetchall()}


def references(table: str) -> dict[str, str]:
    """Column -> link to the table that it names a row of."""
    return {
        one.column: "[`{}`]({}.md#{})".format(one.target, one.target.partition(".")[0], anchor(*one.target.split(".")))
        for one in all_relations()
        if one.source == table
    }


def anchor(schema_name: str, name: str) -> str:
    """Where an object stands on its page."""
    return f"{schema_name}-{name}".replace("_", "-")


def kind_of(kind: str) -> str:
    """Table, view, or macro, in the words of a reader."""
    return {"table macro": "table macro", "macro": "macro"}.get(kind, kind)


def english(entry: Entry) -> str:
    """The English words of the dictionary, with the list in `codes` that a column draws from."""
    said = entry.words.en if entry.words else ""
    return f"{said} (codes: `{entry.code_list}`)" if entry.code_list else said
