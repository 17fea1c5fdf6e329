"""Words and numbers as each language writes them."""

from datetime import date, datetime
from typing import Any

import duckdb

LANGUAGES = ("nl", "en")
NO_VALUE = "–"
MONTHS_NL = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
             "november", "december")  # fmt: skip
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")  # fmt: skip
CODES = "SELECT list, code, label_nl, label_en FROM codes"
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

    def __init__(self, lang: str, codes: dict[tuple[str, str], tuple[str, str]] | None = None) -> None:
        self.lang = lang
        self.place = LANGUAGES.index(lang)
        self.codes = codes or {}

    def __call__(self, nl: str, en: str) -> str:
        """The text in this language."""
        return (nl, en)[self.place]

    def code(self, list_name: str, code: str) -> str:
        """A code in the words of its list, written as within a sentence. Raises KeyError when the list lacks it."""
        label = self.codes[list_name, code][self.place]
        return label[0].lower() + label[1:]

    def breakdown(self, breakdown: str) -> str:
        """A breakdown, whose codes are joined by slashes, in words."""
        return ", ".join(self.code("breakdown", code) for code in breakdown.split("/"))

    def unit(self, unit: str) -> str:
        """The name of a unit."""
        return "%" if unit == "pct" else self.code("unit", unit)

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

    def span(self, years: list[int] | None) -> str:
        """Years as stretches: 2013–2016, 2018."""
        stretches: list[list[int]] = []
        for year in years or []:
            if stretches and stretches[-1][-1] == year - 1:
                stretches[-1].append(year)
            else:
                stretches.append([year])
        return self.many([f"{one[0]}–{one[-1]}" if len(one) > 1 else one[0] for one in stretches])


def read_codes(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[str, str]]:
    """(list, code) -> its words in Dutch and in English."""
    return {(row[0], row[1]): (row[2], row[3]) for row in con.execute(CODES).fetchall()}


def helpers(words: Words) -> dict[str, Any]:
    """What templates call."""
    return {"t": words, "lang": words.lang, "symbols": SYMBOLS}
