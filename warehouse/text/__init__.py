"""Texts, numbers and days as Dutch and English readers write them: the one catalogue and the one formatter (by the data of Babel).

A text is asked for in English: `text("Known from")`. Its Dutch stands in `nl.po`, a gettext catalogue that any translation
tool opens. Words behind codes come from the warehouse (table `codes`), so that a query and a page say the same.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po

LANGUAGES = ("nl", "en")
NO_VALUE = "–"
CATALOGUE = Path(__file__).with_name("nl.po")
Codes = dict[tuple[str, str], tuple[str, str]]
"""(list, code) -> its words in Dutch and in English."""


class Text:
    """One language. What a text holds in braces is given by name."""

    def __init__(self, lang: str, codes: Codes | None = None) -> None:
        self.lang, self.locale, self.codes = lang, Locale(lang), codes or {}

    def __call__(self, message: str, **values: object) -> str:
        """The text in this language. Raises KeyError when the catalogue lacks it."""
        found = dutch()[message] if self.lang == "nl" else message
        return found.format(**values) if values else found

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The form for one or for more, in which {n} is the number."""
        return self(one if n == 1 else many, n=self.number(n), **values)

    def code(self, list_name: str, code: str) -> str:
        """A code in the words of its list, written as within a sentence. Raises KeyError when the list lacks it."""
        label = self.codes[list_name, code][LANGUAGES.index(self.lang)]
        return label[0].lower() + label[1:]

    def breakdown(self, breakdown: str) -> str:
        """A breakdown, whose codes are joined by slashes, in words; a code that a file brought and no list has stays as it is."""
        codes = breakdown.split("/")
        return ", ".join(self.code("breakdown", code) if ("breakdown", code) in self.codes else code for code in codes)

    def unit(self, unit: str) -> str:
        """The name of a unit."""
        return "%" if unit == "pct" else self.code("unit", unit)

    def number(self, value: float | None, decimals: int | None = 0) -> str:
        """5,71 and 9.052 in Dutch, 5.71 and 9,052 in English. `decimals` None: as many as needed, three at most."""
        return NO_VALUE if value is None else formatted(value, decimals, self.lang)

    def value(self, value: float | None, unit: str | None, decimals: int = 0) -> str:
        """A number with its unit where that is short."""
        number = self.number(value, decimals)
        if value is None:
            return number
        return f"{number}%" if unit == "pct" else f"€ {number}" if unit == "eur" else number

    def bounded(
        self, value: float | None, low: float | None, high: float | None, unit: str | None, decimals: int
    ) -> str:
        """A value, or the bounds where cells are hidden: never a guess."""
        if value is not None or low is None or high is None:
            return self.value(value, unit, decimals)
        lower = f"{self.number(low, decimals)}{'%' if unit == 'pct' else ''}"
        return self("between {low} and {high}", low=lower, high=self.value(high, unit, decimals))

    def change(self, value: float | None, unit: str | None, decimals: int) -> str:
        """A difference with its sign; of percentages in points."""
        text = self.number(value, decimals)
        if value is None:
            return text
        sign = "" if text.startswith("−") or not text.strip("0.,") else "+"
        return f"{sign}{text}" + (" " + self("pt") if unit == "pct" else "")

    def day(self, day: date | datetime | None) -> str:
        """A day in words."""
        return self("unknown") if day is None else format_date(day, "d MMMM y", self.locale)

    def many(self, values: Iterable[Any] | None) -> str:
        """A list as text."""
        return ", ".join(str(value) for value in values or ()) or NO_VALUE

    def stretch(self, first: object, last: object) -> str:
        """From the first to the last, both included; one where they are the same; from the first on where there is no last."""
        if first == last:
            return str(first)
        return self("{first} to {last}" if last else "from {first}", first=first, last=last)

    def span(self, years: list[int] | None) -> str:
        """Years as stretches: 2013–2016, 2018."""
        stretches: list[list[int]] = []
        for year in years or []:
            if stretches and stretches[-1][-1] == year - 1:
                stretches[-1].append(year)
            else:
                stretches.append([year])
        return self.many(f"{one[0]}–{one[-1]}" if len(one) > 1 else one[0] for one in stretches)


@lru_cache(1 << 16)
def formatted(value: float, decimals: int | None, lang: str) -> str:
    """A number with a real minus sign, and no minus at all where it is shown as zero."""
    places = 3 if decimals is None else decimals
    shown = f"{Decimal(str(round(value, places) + 0.0)):,.{places}f}"
    if decimals is None:
        shown = shown.rstrip("0").rstrip(".")
    return shown.translate(symbols(lang))


@cache
def symbols(lang: str) -> dict[int, str]:
    """Python's symbols in a number -> those of a language."""
    found = Locale(lang).number_symbols["latn"]
    return str.maketrans({",": found["group"], ".": found["decimal"], "-": "\N{MINUS SIGN}"})


@cache
def dutch() -> dict[str, str]:
    """English text -> Dutch text, both forms of a plural included."""
    found: dict[str, str] = {}
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="nl"):
            forms = (message.id, message.string) if isinstance(message.id, tuple) else ([message.id], [message.string])
            found.update(zip(*forms, strict=True))
    return found


def read_codes(con: duckdb.DuckDBPyConnection) -> Codes:
    """The words behind the codes of a warehouse."""
    rows = con.execute("SELECT list, code, label_nl, label_en FROM codes").fetchall()
    return {(name, code): (nl, en) for name, code, nl, en in rows}
