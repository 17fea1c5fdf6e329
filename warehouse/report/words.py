"""Words and numbers as each language writes them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

LANGUAGES = ("nl", "en")
NO_VALUE = "–"
MONTHS_NL = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
             "november", "december")  # fmt: skip
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")  # fmt: skip
UNITS = {
    "pct": ("%", "%"),
    "children": ("kinderen", "children"),
    "pupils": ("leerlingen", "pupils"),
    "places": ("plekken", "places"),
    "departments": ("afdelingen", "departments"),
    "points": ("punten", "points"),
    "count": ("aantal", "count"),
    "ratio": ("verhouding", "ratio"),
    "eur": ("euro", "euro"),
}
LEVELS = {
    "national": ("landelijk", "national"),
    "province": ("provincie", "province"),
    "board": ("bestuur", "board"),
    "school": ("school", "school"),
    "vestiging": ("vestiging", "site"),
}
STRENGTHS = {
    "A": ("A: registratie of telling", "A: register or census"),
    "B": ("B: representatieve enquête", "B: representative survey"),
    "C": ("C: steekproef of eigen opgave", "C: sample or self-report"),
    "D": ("D: mening", "D: opinion"),
}
REVISIONS = {
    "correction": ("correctie", "correction"),
    "provisional_to_final": ("van voorlopig naar definitief", "provisional to final"),
    "confirmed": ("bevestigd als definitief", "confirmed as final"),
    "masked": ("afgeschermd", "masked"),
    "unmasked": ("niet meer afgeschermd", "no longer masked"),
}
OUTCOMES = {
    "agrees": ("klopt", "agrees"),
    "explained": ("verschil verklaard", "difference explained"),
    "unexplained": ("verschil niet verklaard", "difference not explained"),
    "synthetic": ("niet te vergelijken: de scholen zijn verzonnen", "cannot be compared: the schools are made up"),
}
BASES = {
    "retrospective": ("later gereconstrueerd", "reconstructed later"),
    "contemporaneous": ("toen bevroren", "frozen at the time"),
}
STANDINGS = {
    "provisional": ("voorlopig", "provisional"),
    "final": ("definitief", "final"),
    "unknown": (NO_VALUE, NO_VALUE),
}
SYMBOLS = {
    "target_met": "●",
    "target_met_not_interpretable": "◐",
    "met_before_period": "◑",
    "not_met": "✕",
    "movement_reported": "↗",
    "no_movement_reported": "→",
    "mixed": "↔",
    "not_assessable": "○",
}


class Words:
    """One language: picks the right half of a pair and writes numbers and days its way."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.place = LANGUAGES.index(lang)

    def __call__(self, nl: str, en: str) -> str:
        """The text in this language."""
        return (nl, en)[self.place]

    def of(self, table: dict[str, tuple[str, str]], code: str | None) -> str:
        """A code in words; a code without words stays as it is."""
        return table[code][self.place] if code in table else (code or NO_VALUE)

    def unit(self, unit: str | None) -> str:
        """The name of a unit."""
        return self.of(UNITS, unit)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """5,71 and 9.052 in Dutch, 5.71 and 9,052 in English."""
        if value is None:
            return NO_VALUE
        text = f"{value:,.{decimals}f}"
        if float(text.replace(",", "")) == 0:
            text = text.lstrip("-")
        text = text.replace("-", "−")
        return text.translate(str.maketrans(",.", ".,")) if self.lang == "nl" else text

    def value(self, value: float | None, unit: str | None, decimals: int = 0) -> str:
        """A number with its unit where that is short."""
        if value is None:
            return NO_VALUE
        number = self.number(value, decimals)
        return f"{number}%" if unit == "pct" else f"€ {number}" if unit == "eur" else number

    def bounded(
        self, value: float | None, low: float | None, high: float | None, unit: str | None, decimals: int
    ) -> str:
        """A value, or the bounds where cells are hidden: never a guess."""
        if value is not None or low is None or high is None:
            return self.value(value, unit, decimals)
        span = f"{self.number(low, decimals)}{'%' if unit == 'pct' else ''}", self.value(high, unit, decimals)
        return self(f"tussen {span[0]} en {span[1]}", f"between {span[0]} and {span[1]}")

    def change(self, value: float | None, unit: str | None, decimals: int) -> str:
        """A difference with its sign; of percentages in points."""
        if value is None:
            return NO_VALUE
        text = self.number(value, decimals)
        sign = "" if text.startswith("−") or not text.strip("0.,") else "+"
        return f"{sign}{text}" + (self(" pt", " pt") if unit == "pct" else "")

    def day(self, day: date | datetime | None) -> str:
        """A day in words."""
        if day is None:
            return self("onbekend", "unknown")
        return f"{day.day} {(MONTHS_NL, MONTHS_EN)[self.place][day.month - 1]} {day.year}"

    def many(self, values: list[Any] | None) -> str:
        """A list as text."""
        return ", ".join(str(value) for value in values or []) or NO_VALUE


def helpers(lang: str) -> dict[str, Callable[..., str] | Any]:
    """What templates call."""
    words = Words(lang)
    return {
        "t": words,
        "lang": lang,
        "levels": LEVELS,
        "strengths": STRENGTHS,
        "revision_kinds": REVISIONS,
        "bases": BASES,
        "outcomes": OUTCOMES,
        "standings": STANDINGS,
        "symbols": SYMBOLS,
    }
