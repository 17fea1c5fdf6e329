"""Which tables an export holds. Every table says of each row which edition it is from and whether it is synthetic."""

from dataclasses import dataclass

import duckdb

from warehouse.database import literal, scalar
from warehouse.register.dictionary import Words, column_words, key_of, read_dictionary
from warehouse.watermark import NOTICE_EN

SCHOOL_LEVEL = "(SELECT synthetic FROM meta.edition)"
REAL = "false"
HIDDEN = "conf_status_of(masked_cells) AS conf_status, hidden_reason(value, masked_cells) AS missing_reason"
FLAGGED = "list_contains(flags, 'synthetic')"


@dataclass(frozen=True)
class Table:
    """One table of an export, in the words that the dictionary has for `owner`.

    `synthetic` says which rows are made up where the table has no such column itself.
    """

    name: str
    owner: str
    select: str
    synthetic: str = REAL

    @property
    def key(self) -> tuple[str, ...]:
        """What distinguishes its rows, as declared for `owner`."""
        return key_of(self.owner)

    @property
    def words(self) -> Words:
        """What the table holds."""
        return read_dictionary()[(self.owner, "")]

    def query(self, con: duckdb.DuckDBPyConnection) -> str:
        """The select, with the columns that every export carries, in one order whatever database it comes from."""
        columns = [row[0] for row in con.execute(f"DESCRIBE {self.select}").fetchall()]
        added = []
        if "edition" not in columns:
            added.append("(SELECT edition FROM meta.edition) AS edition")
        if "synthetic" not in columns:
            added.append(f"{self.synthetic} AS synthetic")
        if scalar(con, "SELECT synthetic FROM meta.edition"):
            added.append(f"'{NOTICE_EN}' AS notice")
        order = ", ".join(f'"{column}"' for column in self.key) or "ALL"
        return f"SELECT {', '.join(['*', *added])} FROM ({self.select}) ORDER BY {order}"  # noqa: S608 - names of ours


def code_lists(as_of: str = "9999-12-31") -> list[Table]:
    """The words behind the codes: the register as it is now, its dated rows as known on a day."""
    names = ("ambition", "goal", "indicator", "method", "flag", "status", "status_rule")
    known = f"WHERE known_from <= DATE '{as_of}'"
    return [
        Table("codes", "main.codes", "FROM codes"),
        *(Table(name, f"goals.{name}", f'FROM goals."{name}"') for name in names),
        *(Table(name, f"goals.{name}", f'FROM goals."{name}" {known}') for name in ("target", "break")),
    ]


def release_tables() -> list[Table]:
    """What a release is exported as."""
    between = "(2018, 2020)"
    return [
        Table("goal_status", "main.goal_status", "FROM goal_status"),
        Table("ambition_status", "main.ambition_status", "SELECT * EXCLUDE (statuses) FROM ambition_status"),
        Table("progress_2018_2020", "main.progress()", f"FROM progress{between}", FLAGGED),
        Table("timeline", "main.timeline", "FROM timeline"),
        Table("observation", "goals.observation", f"SELECT * EXCLUDE (source_lines), {HIDDEN} FROM goals.observation"),  # noqa: S608 - a constant
        Table("revisions", "main.revisions", "FROM revisions"),
        Table("errata", "main.errata", "FROM errata"),
        Table("coverage", "main.coverage", "FROM coverage"),
        Table("reconciliation", "main.reconciliation", "FROM reconciliation"),
        Table("schools", "main.schools", "FROM schools", SCHOOL_LEVEL),
        Table("boards", "main.boards", "FROM boards", SCHOOL_LEVEL),
        Table("board_progress_2018_2020", "main.board_progress()", f"FROM board_progress{between}"),
        Table("school_progress_2018_2020", "main.school_progress()", f"FROM school_progress{between}"),
        Table("evidence", "goals.evidence", "FROM goals.evidence"),
        Table("verdict", "goals.verdict", "FROM goals.verdict"),
        Table("assumption", "goals.assumption", "FROM goals.assumption"),
        Table("published_value", "goals.published_value", "SELECT * EXCLUDE (lines) FROM goals.published_value"),
        Table("source_file", "meta.source_file", "FROM meta.source_file"),
        Table("snapshots", "main.snapshots", "FROM snapshots"),
        *code_lists(),
        Table("dictionary", "meta.dictionary", "FROM meta.dictionary"),
    ]


def snapshot_tables(snapshot_id: str, as_of: str) -> list[Table]:
    """What a snapshot is exported as."""
    of_it = f"WHERE snapshot_id = {literal(snapshot_id)}"
    values = f"SELECT * EXCLUDE (source_lines) FROM snapshot.observation {of_it}"  # noqa: S608 - a literal
    return [
        Table("snapshot", "snapshot.snapshot", f"FROM snapshot.snapshot {of_it}"),
        Table("goal_status", "snapshot.goal_status", f"FROM snapshot.goal_status {of_it}"),
        Table("observation", "snapshot.observation", values),
        Table("evidence", "snapshot.evidence", f"FROM snapshot.evidence {of_it}"),
        Table("verdict", "snapshot.verdict", f"FROM snapshot.verdict {of_it}"),
        Table("change", "snapshot.change", f"FROM snapshot.change {of_it}", SCHOOL_LEVEL),
        Table("input", "snapshot.input", f"FROM snapshot.input {of_it}", SCHOOL_LEVEL),
        *code_lists(as_of),
    ]


def field_words(table: Table, column: str) -> Words:
    """The dictionary's words for a column of an export. Raises LookupError when nobody has described it."""
    words = column_words(table.owner, column)
    if words is None:
        raise LookupError(
            f"export: column {column} of {table.name} has no words; add it to warehouse/register/seeds/dictionary.csv."
        )
    return words
