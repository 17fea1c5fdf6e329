"""What a new version of a file must show beside the version before it, and beside the files of other periods.

What fails here may be right, and then a person says so (`ConfirmationNeeded`, `sectorakkoord accept`). The tolerances are
named in the dataset's declaration.
"""

from datetime import date

import pyarrow.compute as compute
import pyarrow.parquet as parquet

from schemas.dataset import Dataset
from schemas.datasets import datasets
from schemas.errors import ConfirmationNeeded, FileRefused
from schemas.periods import years_in
from warehouse.archive.model import Origin, Vintage
from warehouse.build.file_versions import (
    common_scales,
    entities_gone,
    equal_share,
    moved_columns,
    partitions_of,
    subject_of,
)
from warehouse.build.parse_cache import ParseCache, ParsedFile

ACCEPT = "fetch it again later, or look at it and let it in with `sectorakkoord accept FILE --why REASON --by WHO`"
MANY_LINES = 100
"""Below so many lines a file may swell as it likes."""
SHARED_ROWS = 20
"""Of so many rows that both versions have all numbers do not change together."""
NAMED = 8
"""Of more entities than this that are gone only the number is said."""
MERGERS = "duo_overgangen"


def refuse_if_too_far_ahead(dataset: type[Dataset], origin: Origin, parsed: ParsedFile) -> None:
    """A year or day that is far from having come is a misread cell or name. Raises FileRefused."""
    days = [name for name, about in dataset.fields().items() if about["kind"] == "day" and name in dataset.columns()]
    for name in [*days, *({"period_start"} & set(dataset.columns()))]:
        latest = compute.max(parquet.read_table(parsed.rows, columns=[name])[name]).as_py()
        if latest and latest.year > origin.known_from.year + dataset.max_years_ahead:
            place, none, one = ("periods", "none that starts", "one that starts on ")
            if name in days:
                place, none, one = (f"column {name}", "no day", "")
            raise FileRefused(
                origin.file_name,
                place,
                f"{none} more than {dataset.max_years_ahead} years after {origin.known_from}",
                f"{one}{latest}",
                f"correct the file's name or day, or raise max_years_ahead in {dataset.declared_in()}",
            )


def refuse_if_years_differ(dataset: type[Dataset], origin: Origin, parsed: ParsedFile) -> None:
    """Rows with periods of their own lie in the years of the file's name, where it has any. Raises ConfirmationNeeded."""
    years = years_in(origin.file_name)
    if not years or "period_start" not in dataset.columns() or dataset.period_of(origin.file_name):
        return
    periods = parquet.read_table(parsed.rows, columns=["period_start", "period_end"])
    first, last = compute.min(periods["period_start"]).as_py(), compute.max(periods["period_end"]).as_py()
    if first and (first.year < min(years) or last.year > max(years)):
        expected = f"rows within the years of the name, {min(years)} to {max(years)}"
        found = f"rows from {first} to {last}"
        raise ConfirmationNeeded(origin.file_name, "periods", expected, found, ACCEPT)


def refuse_if_lost(
    dataset: type[Dataset], origin: Origin, before: Vintage, last: ParsedFile, parsed: ParsedFile
) -> None:
    """A new version may not have lost many lines or a whole period, nor have swollen. Raises ConfirmationNeeded."""
    lines, had = parsed.facts["data_lines"], last.facts["data_lines"]
    vintage = f"the vintage of {before.known_from}"
    if lines < (1 - dataset.max_shrink) * had:
        expected = f"at least {1 - dataset.max_shrink:.0%} of the {had} data lines of {vintage}"
        raise ConfirmationNeeded(origin.file_name, "whole file", expected, f"{lines}", ACCEPT)
    if had >= MANY_LINES and lines > dataset.max_growth * had:
        expected = f"at most {dataset.max_growth:g} times the {had} data lines of {vintage}"
        raise ConfirmationNeeded(origin.file_name, "whole file", expected, f"{lines}", ACCEPT)
    had_periods = partitions_of(dataset, last.rows)
    gone = [label for label in had_periods if label not in partitions_of(dataset, parsed.rows)]
    if gone and not dataset.may_drop_periods:
        expected = f"rows of {', '.join(gone)}, which {vintage} has"
        raise ConfirmationNeeded(origin.file_name, "periods", expected, "none", ACCEPT)


def refuse_if_scaled(
    dataset: type[Dataset], origin: Origin, before: Vintage, last: ParsedFile, parsed: ParsedFile
) -> None:
    """All numbers of a period halved or a thousand times as large are in another unit, or of half a file. Raises ConfirmationNeeded."""
    limit = dataset.max_common_scale
    for period, rows, factor in common_scales(dataset, last, parsed):
        if rows >= SHARED_ROWS and not 1 / limit <= factor <= limit:
            raise ConfirmationNeeded(
                origin.file_name,
                f"numbers{f' of {period}' if period else ''}",
                f"about those of the vintage of {before.known_from} (at most {limit:g} times as large or small in all columns)",
                f"{factor:.3g} times as large or more" if factor > 1 else f"{factor:.3g} times as large or less",
                ACCEPT,
            )


def refuse_if_moved(
    dataset: type[Dataset], origin: Origin, before: Vintage, last: ParsedFile, parsed: ParsedFile
) -> None:
    """Numbers that stand in another column than before: data shifted against the header, a column pasted over another. Raises ConfirmationNeeded."""
    for column, other, rows, moved in moved_columns(dataset, last, parsed, SHARED_ROWS):
        raise ConfirmationNeeded(
            origin.file_name,
            f"column {column}",
            f"numbers of its own, as in the vintage of {before.known_from}",
            f"those that {other} had there, in {moved} of {rows} rows",
            ACCEPT,
        )


def entities_without_successor(
    dataset: type[Dataset],
    origin: Origin,
    before: Vintage,
    last: ParsedFile,
    parsed: ParsedFile,
    went_over: set[str],
) -> list[str]:
    """News about boards, schools, sites, provinces and regions that are gone or new. Raises ConfirmationNeeded above the tolerance.

    `went_over` are the numbers that the register of mergers lets go over into another.
    """
    news = []
    for gone in entities_gone(dataset, last, parsed):
        lost = sorted(gone.ids - went_over)
        if len(lost) > dataset.max_lost_entities * gone.had:
            raise ConfirmationNeeded(
                origin.file_name,
                f"column {gone.column}" + (f", {gone.period}" if gone.period else ""),
                f"the {gone.had} {gone.kind} of the vintage of {before.known_from} (at most {dataset.max_lost_entities:.1%} "
                "may go without a successor in the register of mergers)",
                f"{len(lost)} gone: {listed(lost)}",
                ACCEPT,
            )
        news += [f"{gone.kind} gone{f' in {gone.period}' if gone.period else ''}: {listed(lost)}"] * bool(lost)
    # Nothing is wrong with a new site; a school's number in the wrong line makes one too.
    for new in entities_gone(dataset, parsed, last):
        news.append(f"{new.kind} new{f' in {new.period}' if new.period else ''}: {listed(sorted(new.ids))}")
    return news


def listed(ids: list[str]) -> str:
    """The first few by number, and how many more."""
    rest = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + rest


def went_over(vintages: list[Vintage], cache: ParseCache, synthetic: bool, by: date) -> set[str]:
    """Numbers of boards, schools and sites that went over into others until a day, by the newest register of mergers."""
    known = [one for one in vintages if one.origin.dataset_id == MERGERS and one.origin.synthetic == synthetic]
    if not known:
        return set()
    newest = max(known, key=lambda one: (one.arrived_on[-1:], one.sha256))
    parsed = cache.get(datasets()[MERGERS], newest.origin.file_name, newest.sha256, newest.path)
    steps = parquet.read_table(parsed.rows, columns=["from_id", "happened_on"]).to_pylist()
    return {step["from_id"] for step in steps if step["happened_on"] and step["happened_on"] <= by}


def refuse_if_another_period(
    dataset: type[Dataset], origin: Origin, parsed: ParsedFile, vintages: list[Vintage], cache: ParseCache
) -> None:
    """Rows that another period has already are last year's file under this year's name. Raises ConfirmationNeeded."""
    subject = subject_of(dataset, origin.file_name)
    if dataset.period_of(origin.file_name) is None:
        return
    for other in vintages:
        if other.origin.dataset_id != dataset.id or other.origin.synthetic != origin.synthetic:
            continue
        if subject_of(dataset, other.origin.file_name) == subject:
            continue
        held = cache.get(dataset, other.origin.file_name, other.sha256, other.path)
        share = equal_share(dataset, held, parsed)
        if share > dataset.max_equal_to_other_period:
            raise ConfirmationNeeded(
                origin.file_name,
                "whole file",
                f"at most {dataset.max_equal_to_other_period:.0%} rows equal to those of another period",
                f"{share:.0%} equal to {other.origin.file_name} (known from {other.known_from})",
                f"withdraw {other.origin.file_name} if that is the wrong one; else {ACCEPT}",
            )
