"""How values are written: quoting, numbers, percentages, masks. All integer arithmetic, so no rounding surprises."""

from collections.abc import Iterable

CRLF = "\r\n"


def line(fields: Iterable[str], delimiter: str) -> str:
    """One line, quoted only where needed (a delimiter, quote or line end inside), quotes doubled."""
    special = (delimiter, '"', "\r", "\n")
    return delimiter.join(quoted(field) if any(sign in field for sign in special) else field for field in fields)


def quoted(field: str) -> str:
    """A field in quotes."""
    return '"' + field.replace('"', '""') + '"'


def quoted_line(fields: Iterable[str], delimiter: str) -> str:
    """One line with every field in quotes."""
    return delimiter.join(map(quoted, fields))


def thousands(number: int) -> str:
    """1001 -> `1.001` (file 05 of 2015-2016)."""
    return f"{number:,}".replace(",", ".")


def masked(number: int) -> str:
    """Counts of 1 to 4 are `<5` in the files since 2021; zeros are printed."""
    return "<5" if 1 <= number <= 4 else str(number)


def half_up(part: int, whole: int, factor: int) -> int:
    """part / whole in units of 1/factor percent, halves rounded up."""
    return (2 * 100 * factor * part + whole) // (2 * whole)


def percent_old(part: int, whole: int) -> str:
    """`83,3%`, `100,0%`, and `,0%` for zero and for no candidates (file 06 up to 2014-2019)."""
    tenths = half_up(part, whole, 10) if whole else 0
    return f"{tenths // 10 or ''},{tenths % 10}%"


def percent_modern(part: int, whole: int) -> str:
    """`90.9`, `100`, `0`: a decimal point, halves to even, no trailing zero (file 06 of 2019-2024)."""
    if not whole:
        return "0"
    tenths, rest = divmod(1000 * part, whole)
    if 2 * rest > whole or (2 * rest == whole and tenths % 2):
        tenths += 1
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def percent_two(part: int, whole: int) -> str:
    """`8,39`, `2,5`, `0`: two decimals at most, decimal comma (file 05 of 2015-2016)."""
    hundredths = half_up(part, whole, 100) if whole else 0
    return f"{hundredths // 100},{hundredths % 100:02d}".rstrip("0").rstrip(",")


def grade(tenths: int) -> str:
    """64 -> `6,4`; none (0) -> `,0`."""
    return f"{tenths // 10 or ''},{tenths % 10}"
