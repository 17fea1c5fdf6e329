"""Which files the sample holds: the publisher's name, URL and way of writing, and what makes the rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.tools.sample_generator import addresses, exams, finance, layouts, pupils, subjects
from tests.tools.sample_generator.text import CRLF, line, quoted_line
from tests.tools.sample_generator.truth import Truth

IMAGES = "duo.nl/open_onderwijsdata/images/"
RECONSTRUCTED = "two column names and the order of the columns are put together from public code"


@dataclass(frozen=True)
class SampleFile:
    """One file: where it lies, how it is written, when the (real) file of that name was fetched.

    `rows` gives the lines as text; a workbook has `book` instead. `quoting` puts quotes around every field, or around
    every field but dates (`OVERGANGEN`), or only where needed.
    """

    path: str
    period: str
    retrieved_on: str
    header: tuple[str, ...] = ()
    rows: Callable[[Truth], Iterable[tuple[str, ...]]] | None = None
    book: Callable[[Truth], bytes] | None = None
    encoding: str = "cp1252"
    delimiter: str = ";"
    quoting: str = "needed"
    note: str = ""

    @property
    def url(self) -> str:
        """The publisher's URL for a file of this name."""
        return "https://" + quote(self.path, safe="/-._~()")

    def content(self, truth: Truth) -> bytes:
        """The bytes of the file."""
        if self.book is not None:
            return self.book(truth)
        assert self.rows is not None, f"{self.path} has neither rows nor a book"
        write = {"needed": line, "all": quoted_line, "not dates": _quoted_but_dates}[self.quoting]
        first = line if self.quoting == "not dates" else write
        lines = [first(self.header, self.delimiter), *(write(row, self.delimiter) for row in self.rows(truth))]
        return (CRLF.join(lines) + CRLF).encode(self.encoding)


def _quoted_but_dates(fields: Iterable[str], delimiter: str) -> str:
    """As in OVERGANGEN: text in quotes, the date (ninth field) and missing values bare."""
    cells = list(fields)
    return delimiter.join(
        cell if place == 8 or not cell else quoted_line([cell], "") for place, cell in enumerate(cells)
    )


MODERN: dict[str, Any] = {"encoding": "utf-8", "quoting": "all", "retrieved_on": "2026-01-31"}
FILES = (
    SampleFile(
        IMAGES + "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2017-2018.csv",
        "peildatum 2017-10-01",
        "2018-11-06",
        layouts.PUPILS_2017,
        pupils.pupils_2017,
        note="LWOO INDICATIE column; codes zero-padded",
    ),
    SampleFile(
        IMAGES + "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv",
        "peildatum 2019-10-01",
        "2020-10-05",
        layouts.PUPILS_2019,
        pupils.pupils_2019,
        note="LWOO column gone; VMBO TL split by sector",
    ),
    SampleFile(
        IMAGES + "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2023.csv",
        "peildatum 2023-10-01",
        header=layouts.PUPILS_2023,
        rows=pupils.pupils_2023,
        note=f"all quoted; <5 masks; {RECONSTRUCTED}",
        **MODERN,
    ),
    SampleFile(
        IMAGES + "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv",
        "schooljaar 2015-2016 -> 2016-2017",
        "2018-11-06",
        layouts.REPEATERS_2015,
        pupils.repeaters_2015,
        encoding="cp850",
        note="DOS code page; thousands dot + decimal comma; vestiging key 0",
    ),
    SampleFile(
        IMAGES + "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv",
        "schooljaar 2017-2018 -> 2018-2019",
        "2020-10-05",
        layouts.REPEATERS_2017,
        pupils.repeaters_2017,
        note="header renamed and reordered; zero-padded codes",
    ),
    SampleFile(
        IMAGES + "05.-zittenblijvers-niveau-vestiging-2023-2024-tov-2024-2025.csv",
        "schooljaar 2023-2024 -> 2024-2025",
        header=layouts.REPEATERS_2023,
        rows=pupils.repeaters_2023,
        note=f"all quoted; <5 masks; {RECONSTRUCTED}",
        **MODERN,
    ),
    SampleFile(
        IMAGES + "06-examenkandidaten-en-geslaagden-2014-2019.csv",
        "schooljaren 2014-2015 .. 2018-2019 (wide)",
        "2020-12-21",
        layouts.EXAMS_2014,
        exams.exams_2014,
        note="67 columns; percent text",
    ),
    SampleFile(
        IMAGES + "examenkandidaten-en-geslaagden-2019-2024.csv",
        "schooljaren 2019-2020 .. 2023-2024 (wide)",
        header=layouts.EXAMS_2019,
        rows=exams.exams_2019,
        note="all quoted; <5 masks; decimal point",
        **MODERN,
    ),
    SampleFile(
        IMAGES + "07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv",
        "schooljaar 2016-2017",
        "2018-11-06",
        layouts.PASSED,
        exams.passed_2016,
        note="PROVISIONAL release: a few totals below file 06",
    ),
    SampleFile(
        IMAGES + "07-geslaagden-gezakten-en-cijfers-2018-2019.csv",
        "schooljaar 2018-2019",
        "2020-10-05",
        layouts.PASSED,
        exams.passed_2018,
        note="AFDELING codes; equals file 06",
    ),
    SampleFile(
        IMAGES + "geslaagden-gezakten-en-cijfers-2024-2025.csv",
        "schooljaar 2024-2025",
        header=layouts.PASSED_2024,
        rows=exams.passed_2024,
        note="all quoted; <5 masks; LEERWEG one space for havo and vwo",
        **MODERN,
    ),
    SampleFile(
        IMAGES + "09-examenkandidaten-havo-en-examencijfers-2018-2019.csv",
        "schooljaar 2018-2019",
        "2020-12-21",
        layouts.SUBJECTS,
        subjects.havo_2018,
        note=",0 means no grade; SCHOOLJAAR = start year",
    ),
    SampleFile(
        IMAGES + "10-examenkandidaten-vwo-en-examencijfers-2018-2019.csv",
        "schooljaar 2018-2019",
        "2020-12-21",
        layouts.SUBJECTS,
        subjects.vwo_2018,
        note="as 09",
    ),
    SampleFile(
        IMAGES + "01.-hoofdvestigingen-vo.csv",
        "state of 2016-08",
        "2016-08-19",
        layouts.SCHOOL_ADDRESSES,
        addresses.schools_2016,
        note="before both mergers; blanks are space-padded",
    ),
    SampleFile(
        IMAGES + "02-alle-vestigingen-vo.csv",
        "state of 2020-10",
        "2020-10-05",
        layouts.SITE_ADDRESSES,
        addresses.sites_2020,
        note="after both mergers; blanks are space-padded",
    ),
    SampleFile(
        IMAGES + "15.-vsv-per-swv-2015.csv",
        "2015 (school year not stated)",
        "2020-12-21",
        layouts.EARLY_LEAVERS,
        pupils.early_leavers,
        encoding="ascii",
        note="lower-case header; key SWV x brin x vestiging",
    ),
    SampleFile(
        IMAGES + "01-balans-2015-2019.xlsx",
        "calendar years 2015..2019",
        "2022-05-04",
        book=finance.workbook,
        encoding="xlsx",
        delimiter="",
        note="one sheet; sector VO includes Groepering SWV",
    ),
    SampleFile(
        "onderwijsdata.duo.nl/lasten.csv",
        "calendar years 2014..2018",
        "2022-05-04",
        layouts.COSTS,
        finance.costs,
        encoding="utf-8-sig",
        delimiter=",",
        note="board number without leading zeros",
    ),
    SampleFile(
        "onderwijsdata.duo.nl/rio/OVERGANGEN_20250113.csv",
        "state of 2025-01-13, full history",
        "2025-01-21",
        layouts.SUCCESSIONS,
        addresses.successions,
        encoding="utf-8-sig",
        delimiter=",",
        quoting="not dates",
        note="one school merger",
    ),
)
