"""What a reader takes away of one indicator: its fact sheet as JSON, and a package of its national figures.

A package (`INDICATOR.zip`) holds `INDICATOR.csv`, `metadata.json` (a Data Package with the fact sheet in it) and `README.md` in
Dutch and English. It names no release, so its bytes stay the same where nothing of the indicator changed; what was published when
is in its own days and in the SHA-256 of its CSV.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import duckdb

from warehouse.csv_writer import csv_text
from warehouse.exports.datapackage import CSV, package, table_schema
from warehouse.exports.factsheet import Section, fact_sheet, source_line
from warehouse.exports.leaflet_facts import Facts, load_facts
from warehouse.exports.tables import Table
from warehouse.text import LANGUAGES, Text, read_codes
from warehouse.watermark import NOTICE

FIGURES = Table("figures", "main.timeline", "FROM timeline")
MADE = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name: when it was packed says nothing of what is inside."""


@dataclass(frozen=True)
class Leaflet:
    """All that a reader takes away of one indicator."""

    facts: Facts
    texts: dict[str, Text]
    sections: dict[str, list[Section]]
    """Language -> the fact sheet."""
    csv: bytes
    rows: int
    schema: dict[str, Any]

    @property
    def name(self) -> str:
        """The indicator; files are called after it."""
        return self.facts.indicator_id

    def fact_sheet(self) -> dict[str, Any]:
        """The fact sheet for programs: its sections in both languages, and the rows that they are made from."""
        sections = [
            {
                "number": first.number,
                "concept": first.concept,
                **{
                    lang: {
                        "title": one.title,
                        "entries": [{"label": label, "text": said} for label, said in one.entries],
                    }
                    for lang, one in zip(LANGUAGES, pair, strict=True)
                },
            }
            for pair in zip(*(self.sections[lang] for lang in LANGUAGES), strict=True)
            for first in pair[:1]
        ]
        return {"structure": "ESMS", **self.facts.indicator, "sections": sections, "facts": self.facts.rows}

    def metadata(self) -> dict[str, Any]:
        """The Data Package around the CSV."""
        one, content = self.facts.indicator, {"bytes": len(self.csv), "hash": f"sha256:{sha256(self.csv).hexdigest()}"}
        resource = {
            "name": "figures",
            "path": f"{self.name}.csv",
            **CSV,
            **content,
            "rows": self.rows,
            "schema": self.schema,
        }
        sources = [
            {key: value for key, value in (("title", row["title"]), ("path", row["url"])) if value}
            for row in self.facts["sources"]
        ]
        described = {
            "name": f"sectorakkoord-vo-{self.name.replace('_', '-')}",
            "title": one["name_en"],
            "title_nl": one["name_nl"],
            **({"notice": NOTICE["en"], "notice_nl": NOTICE["nl"]} if one["synthetic"] else {}),
            "factsheet": self.fact_sheet(),
        }
        licences = sorted(
            {f"{row['publisher']}: {row['licence']}" for row in self.facts["frequency"] if row["licence"]}
        )
        return package(described, [resource], sources, licences)

    def readme(self) -> str:
        """What lies in the package, in both languages."""
        return "\n".join(line for lang in LANGUAGES for line in self.readme_in(self.texts[lang]))

    def readme_in(self, text: Text) -> Iterator[str]:
        """The lines of one language."""
        facts, lang = self.facts, text.lang
        one, known = facts.indicator, text.day(facts.last_change)
        yield from (f"# {one[f'name_{lang}']} ({one['goal_id']})", "")
        if one["synthetic"]:
            yield from (f"**{NOTICE[lang]}**", "")
        said = {
            "A row": text("one national value as known now: one period, one method version, one breakdown"),
            "Unit": text.code("unit", one["unit"]),
            "Last update": known,
            "Next update": facts.next_update(text) or text("not known"),
            "Filters": text("national values that hold now; earlier values and those of schools and boards are left out; nothing else is"),
            "Cite as": text("Sector warehouse Sectorakkoord VO, {name} ({key}), as known on {day}, CSV with SHA-256 {hash}", name=one[f"name_{lang}"], key=self.name, day=known, hash=sha256(self.csv).hexdigest()),
        }  # fmt: skip
        yield from (f"- **{text(label)}**: {words}" for label, words in said.items())
        lists = {
            "What to know": [f"{row[f'label_{lang}']}: {row[f'description_{lang}']}" for row in facts["flags"]],
            "Sources": [source_line(row, text) for row in facts["sources"]],
            "Processing": [f"{row['method_version']}: {row[f'definition_{lang}']} `{row['formula']}`" for row in facts["methods"]],
        }  # fmt: skip
        for label, lines in lists.items():
            yield from ("", f"## {text(label)}", "", *(f"- {line}" for line in lines or [text("not known")]))
        yield from (
            "",
            f"## {text('Files')}",
            "",
            f"- `{self.name}.csv`: {text.plural('{n} row', '{n} rows', self.rows)}",
        )
        yield from (
            f"- `metadata.json`: {text('every column, and the fact sheet in the order of ESMS (a Data Package)')}",
            "",
        )

    def zip(self) -> bytes:
        """The package. Stored, not compressed: other versions of zlib would give other bytes."""
        files = {
            f"{self.name}.csv": self.csv,
            "metadata.json": as_json(self.metadata()),
            "README.md": self.readme().encode(),
        }
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as packed:
            for name, held in files.items():
                entry = zipfile.ZipInfo(f"{self.name}/{name}", MADE)
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                packed.writestr(entry, held)
        return content.getvalue()


def as_json(value: dict[str, Any]) -> bytes:
    """JSON on one line; days as yyyy-mm-dd."""
    return (json.dumps(value, ensure_ascii=False, default=day_of) + "\n").encode()


def day_of(value: object) -> str:
    """A day as JSON has it. Raises TypeError for anything else."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def leaflets(con: duckdb.DuckDBPyConnection) -> list[Leaflet]:
    """One per indicator of the register, also where it has no national value."""
    query, codes = FIGURES.query(con), read_codes(con)
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description or []]
    figures: dict[str, list[tuple[Any, ...]]] = {}
    for row in cursor.fetchall():
        figures.setdefault(row[names.index("indicator_id")], []).append(row)
    schema, texts = table_schema(con, FIGURES, query), {lang: Text(lang, codes) for lang in LANGUAGES}
    made = []
    for facts in load_facts(con):
        rows = figures.get(facts.indicator_id, [])
        sections = {lang: fact_sheet(facts, text) for lang, text in texts.items()}
        made.append(Leaflet(facts, texts, sections, csv_text(names, rows).encode(), len(rows), schema))
    return made
