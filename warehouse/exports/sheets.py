"""The sheets of the workbook: what a reader in a spreadsheet wants to see, in words, per language.

Each sheet is a query in `exports/sql`, whose columns stand in the order of the headings. In it `{lang}` becomes nl or
en, and `{status}`, `{values}`, `{evidence}` and `{verdict}` the relations of the release or of a snapshot.
"""

from dataclasses import dataclass
from pathlib import Path

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Sheet:
    """One sheet: titles and headings per language (headings divided by bars)."""

    name: str
    title: dict[str, str]
    nl: str
    en: str
    release_only: bool = False

    def headings(self, lang: str) -> list[str]:
        """The headings in one language."""
        return [heading.strip() for heading in (self.nl if lang == "nl" else self.en).split("|")]

    def query(self, lang: str, relations: dict[str, str]) -> str:
        """The query for one language, over the release or a snapshot."""
        return (SQL / f"{self.name}.sql").read_text().format(lang=lang, **relations)


SHEETS = (
    Sheet(
        "goals",
        {"nl": "Doelen", "en": "Goals"},
        """Doel|Naam|Vraag|Status|Waarom|Wat zou het veranderen|Laatste jaar|Laatste waarde|Ambitielijn|Streefwaarde|
        Vlaggen|Oordeel|Door|Bewijs voor|Bewijs tegen""",
        """Goal|Name|Question|Status|Why|What would change it|Last year|Last value|Ambition path|Target|
        Flags|Verdict|By|Evidence for|Evidence against""",
    ),
    Sheet(
        "values",
        {"nl": "Landelijke cijfers", "en": "National figures"},
        """Doel|Indicator|Methode|Uitsplitsing|Periode|Waarde|Ondergrens|Bovengrens|Eenheid|Status|Vlaggen|Bron|
        Bekend vanaf""",
        """Goal|Indicator|Method|Breakdown|Period|Value|Low bound|High bound|Unit|Status|Flags|Source|Known from""",
    ),
    Sheet(
        "evidence",
        {"nl": "Bewijs", "en": "Evidence"},
        """Nummer|Doel|Wat het zegt|Kant|Kracht|Uitgever|Titel|Adres|Gepubliceerd|Gewogen door""",
        """Number|Goal|What it says|Side|Strength|Publisher|Title|Address|Published|Graded by""",
    ),
    Sheet(
        "verdicts",
        {"nl": "Oordelen", "en": "Verdicts"},
        """Nummer|Doel|Status|Oordeel|Door|Rust op|Datum|Adres""",
        """Number|Goal|Status|Verdict|By|Rests on|Date|Address""",
    ),
    Sheet(
        "revisions",
        {"nl": "Herzieningen", "en": "Revisions"},
        """Indicator|Soort|Niveau|Eenheid|Uitsplitsing|Periode|Was|Werd|Verschil|Herzien op|Bron eerst|Bron later""",
        """Indicator|Kind|Level|Entity|Breakdown|Period|Was|Became|Change|Revised on|Source before|Source after""",
        release_only=True,
    ),
    Sheet(
        "coverage",
        {"nl": "Dekking", "en": "Coverage"},
        """Doel|Indicator|Methode|Periode|Landelijk|Provincies|Besturen|Scholen|Vestigingen|Waarvan afgeschermd|
        Bekend sinds""",
        """Goal|Indicator|Method|Period|National|Provinces|Boards|Schools|Sites|Of which hidden|Known since""",
        release_only=True,
    ),
    Sheet(
        "flags",
        {"nl": "Vlaggen", "en": "Flags"},
        "Code|Vlag|Betekenis|Gewicht",
        "Code|Flag|Meaning|Weight",
    ),
)

GUIDE = {
    "nl": (
        "Dit werkboek hoort bij het warehouse over de vijftien doelen van het Sectorakkoord VO 2018-2020.",
        "Doelen: per doel wat er te zeggen is, waarom, en wat dat zou veranderen. "
        "Een status komt nooit uit een indirecte maat alleen.",
        "Landelijke cijfers: elke waarde met methode, periode en bron. Vergelijk alleen waarden met dezelfde methode.",
        "Waar een uitgever kleine aantallen afschermt staat geen waarde maar een onder- en bovengrens; "
        "er wordt niets ingevuld.",
        "Lege cel: niet bekend. Percentages staan in procenten: 5,71 is 5,71 procent.",
        "Cijfers per school en bestuur, alle kolommen en hun uitleg staan in de CSV- en Parquet-bestanden "
        "naast dit werkboek.",
    ),
    "en": (
        "This workbook belongs to the warehouse on the fifteen goals of the Sectorakkoord VO 2018-2020.",
        "Goals: what can be said of each goal, why, and what would change it. A status never comes from a proxy alone.",
        "National figures: every value with method, period and source. Compare values of the same method only.",
        "Where a publisher hides small counts there is no value but a low and a high bound; nothing is filled in.",
        "Empty cell: not known. Percentages are in percent: 5.71 is 5.71 percent.",
        "Figures per school and board, and all columns with their meaning, are in the CSV and Parquet files "
        "beside this workbook.",
    ),
}
GUIDE_TITLE = {"nl": "Leeswijzer", "en": "Read me"}

RELEASE_RELATIONS = {
    "status": "goal_status",
    "values": "timeline",
    "evidence": "goals.evidence",
    "verdict": "goals.verdict",
}


def snapshot_relations(snapshot_id: str) -> dict[str, str]:
    """The same relations, frozen."""
    of_it = f"WHERE snapshot_id = '{snapshot_id}'"
    return {
        "status": f"(FROM snapshot.goal_status {of_it})",
        "values": f"(FROM snapshot.observation {of_it} AND entity_level = 'national')",
        "evidence": f"(FROM snapshot.evidence {of_it})",
        "verdict": f"(FROM snapshot.verdict {of_it})",
    }
