"""Every chart against the warehouse: as many marks as values, each telling its value and standing where it belongs."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.people_case import published_report, published_sample
from warehouse.database import connect
from warehouse.report.boards import load_boards
from warehouse.report.charts_map import DARK_STEPS, STEPS, TILES
from warehouse.report.goals import Goal, load_goals
from warehouse.report.indicators import load_indicators
from warehouse.report.model import Indicator, Spread
from warehouse.text import Text, read_codes

LANGUAGES = pytest.mark.parametrize("lang", ["nl", "en"])
MARK = re.compile(r"<(\w+) ([^>]*)><title>([^<]*)</title>")
PLACE = re.compile(r'transform="translate\(([-\d.]+),([-\d.]+)\)"')
BAR = re.compile(r'd="M[-\d.]+,[-\d.]+h[-\d.]+v([-\d.]+)h')
HALF_A_PIXEL = 0.51
VALUES = """
SELECT entity_id, year, value, value_low, value_high FROM goals.observation
WHERE indicator_id = ? AND method_version = ? AND entity_level = ? AND breakdown = 'total' AND known_to IS NULL
  AND list_contains(?, year)"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(published_sample().warehouse, read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def site() -> Path:
    return published_report()


@pytest.fixture(scope="module")
def goals(con) -> list[Goal]:
    return load_goals(con)


def page_of(site: Path, lang: str, goal_id: str) -> str:
    """The text of a goal page."""
    return (site / lang / f"goal-{goal_id.lower()}.html").read_text(encoding="utf-8")


def drawings(text: str, start: str) -> list[list[tuple[str, str]]]:
    """(attributes, words) of the marks in each drawing of the figure that begins with `start`."""
    assert start in text, f"there is no figure {start}"
    figure = text[text.index(start) :].split("</figure>", 1)[0]
    return [
        [(mark[1], html.unescape(mark[2])) for mark in MARK.findall(part)]
        for part in (piece.split("</svg>", 1)[0] for piece in figure.split("<svg")[1:])
        if 'class="chart"' in part
    ]


def place(attributes: str) -> tuple[float, float]:
    """Where a mark stands."""
    found = PLACE.search(attributes)
    assert found, attributes
    return float(found[1]), float(found[2])


def assert_on_one_scale(pairs: list[tuple[float, float]], what: str) -> None:
    """Pixels follow values along a straight line, within half a pixel."""
    low, high = min(pairs), max(pairs)
    if low[0] == high[0]:
        return
    slope = (high[1] - low[1]) / (high[0] - low[0])
    for value, pixel in pairs:
        assert abs(low[1] + slope * (value - low[0]) - pixel) < HALF_A_PIXEL, f"{what}: {value} stands at {pixel}"


def labels_of(indicator: Indicator, text: Text) -> dict[str, tuple[int, float | None]]:
    """What each mark of the national chart should say: its year, and its value where it is a point."""
    unit, decimals = indicator.unit, indicator.decimals
    expected = {}
    for series in indicator.series:
        for point in series.points:
            said = f"{point.label}: {text.bounded(point.value, point.low, point.high, unit, decimals)}"
            expected[said + (f" ({text('provisional')})" if point.provisional else "")] = (
                point.year,
                point.value,
            )
    for point in indicator.vintages:
        said = text("published earlier")
        expected[f"{point.label}: {said} {text.value(point.value, unit, decimals)}"] = (point.year, point.value)
    if indicator.target:
        ends = (
            (indicator.target.base_year, indicator.target.base_value),
            (indicator.target.year, indicator.target.value),
        )
        for year, value in ends:
            said = text("ambition path")
            expected[f"{said} {year}: {text.value(value, unit, decimals)}"] = (year, value)
    return expected


@LANGUAGES
def test_national_charts_have_a_mark_per_value_in_its_place(site, con, lang):
    text, seen = Text(lang, read_codes(con)), 0
    for indicator in load_indicators(con).values():
        expected = labels_of(indicator, text)
        content = page_of(site, lang, indicator.goal_id)
        made = drawings(content, f'id="chart-{indicator.indicator_id}"')
        assert len(made) == (2 if f'"headline" id="chart-{indicator.indicator_id}"' in content else 1)
        for marks in made:
            assert len(marks) == indicator.marks and {said for _, said in marks} == set(expected)
            points = [(expected[said], place(attributes)) for attributes, said in marks]
            assert_on_one_scale([(year, x) for (year, _), (x, _) in points], indicator.indicator_id)
            exact = [(value, y) for (_, value), (_, y) in points if value is not None]
            assert_on_one_scale(exact, indicator.indicator_id)
            seen += len(exact)
    assert seen > 100


def test_national_charts_show_what_the_warehouse_holds(con):
    """The values that the drawings are compared with above are those of `timeline`, not a copy of our own."""
    shown = {
        (one.indicator_id, series.method_version, point.year): (point.value, point.low, point.high)
        for one in load_indicators(con).values()
        for series in one.series
        for point in series.points
    }
    query = """SELECT indicator_id, method_version, year, value, value_low, value_high FROM timeline JOIN goals.goal USING (goal_id)
        WHERE breakdown = CASE WHEN headline_indicator_id = indicator_id THEN headline_breakdown ELSE 'total' END"""
    held = {tuple(row[:3]): tuple(row[3:]) for row in con.execute(query).fetchall()}
    assert shown == held and len(held) > 60


def test_the_chart_of_zittenblijvers_shows_the_known_values(site):
    text = page_of(site, "nl", "G02")
    said = [words for _, words in drawings(text, 'id="chart-g02_zittenblijf_pct"')[0]]
    assert {"2019-2020 -> 2020-2021: 3,32%", "ambitielijn 2013: 5,80%", "ambitielijn 2020: 3,80%"} <= set(said)
    assert sum("eerder gepubliceerd" in one for one in said) >= 2
    drawing = text[text.index("<svg") : text.index("</svg>")]
    assert 'stroke-dasharray="7,5"' in drawing and ">corona<" in drawing and ">doel 3,80<" in drawing


def test_made_up_values_are_marked_in_the_drawing_itself(site, con):
    for indicator in load_indicators(con).values():
        text = page_of(site, "en", indicator.goal_id)
        figure = text[text.index(f'id="chart-{indicator.indicator_id}"') :].split("</figure>", 1)[0]
        for drawing in figure.split("<svg")[1:]:
            assert (">SYNTHETIC<" in drawing) == indicator.synthetic, indicator.indicator_id


def values_of(con: duckdb.DuckDBPyConnection, spread: Spread, level: str) -> list[tuple]:
    """(entity, year, value, low, high) of a spread, asked of the warehouse anew."""
    return con.execute(
        VALUES, [spread.indicator.indicator_id, spread.method.method_version, level, spread.years]
    ).fetchall()


@LANGUAGES
def test_histograms_count_every_exact_value_once(site, con, goals, lang):
    seen = 0
    for goal in goals:
        for spread in (one for one in goal.spreads if one.level != "province"):
            [marks] = drawings(page_of(site, lang, goal.goal_id), f'class="of-{spread.level}"')
            counts = [(int(said.split()[1]), said.split(":")[0]) for _, said in marks]
            for year in spread.years:
                exact = [value for _, of, value, _, _ in values_of(con, spread, spread.level) if of == year and value is not None]  # fmt: skip
                assert sum(count for count, of in counts if of == str(year)) == len(exact)
            bars = [BAR.search(attributes) for attributes, _ in marks]
            heights = [abs(float(bar[1])) for bar in bars if bar]
            assert len(heights) == len(counts)
            assert_on_one_scale([(count, tall) for tall, (count, _) in zip(heights, counts, strict=True)], goal.goal_id)
            seen += len(marks)
    assert seen > 200


@LANGUAGES
def test_provinces_stand_at_their_values_and_in_their_tiles(site, con, goals, lang):
    text, seen = Text(lang), 0
    for goal in goals:
        for spread in (one for one in goal.spreads if one.level == "province"):
            held = {(name, year): rest for name, year, *rest in values_of(con, spread, "province")}
            expected = {f"{name}, {year}: {text.bounded(*rest, spread.unit, spread.decimals)}": rest[0] for (name, year), rest in held.items()}  # fmt: skip
            [marks] = drawings(page_of(site, lang, goal.goal_id), 'class="of-province"')
            assert sorted(said for _, said in marks) == sorted(expected)
            assert_on_one_scale([(expected[said], place(attributes)[0]) for attributes, said in marks if expected[said] is not None], goal.goal_id)  # fmt: skip
            for year in spread.years:
                [tiles] = drawings(page_of(site, lang, goal.goal_id), f'class="map" data-year="{year}"')
                said = dict(label.split(": ", 1) for _, label in tiles)
                assert set(said) == set(TILES)
                for name in TILES:
                    rest = held.get((name, year))
                    none = text("no value")
                    assert said[name] == (text.bounded(*rest, spread.unit, spread.decimals) if rest else none)
                fills = sorted((held[label.split(": ")[0], year][0], re.search(r'fill="var\(--m(\d)\)"', attributes)[1]) for attributes, label in tiles if 'fill="var(--m' in attributes)  # fmt: skip
                assert [step for _, step in fills] == sorted(step for _, step in fills), "a stronger tile is higher"
                seen += len(tiles)
    assert seen >= 48


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb, by WCAG's formula."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_numbers_in_tiles_can_be_read_in_every_theme(site):
    """A checker in the browser cannot see what lies under SVG text: the contrast of ink on each step is computed here."""
    blocks = re.findall(r"--m0:[^}]*", (site / "assets" / "style.css").read_text(encoding="utf-8"))
    assert len(blocks) == 4, "light, dark by the system, dark by choice, print"
    for block in blocks:
        colours = dict(re.findall(r"--([\w-]+): (#\w+)", block))
        for step in range(STEPS):
            ink = colours["on-strong" if step >= DARK_STEPS else "on-pale"]
            light, dark = sorted((luminance(ink), luminance(colours[f"m{step}"])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"step {step} in {block[:40]}"


def test_a_board_is_ranked_among_all_boards_of_the_same_measure(site, con):
    """Its rank, written beside the strip, is one more than the number of boards below it."""
    boards, _ = load_boards(con)
    seen = 0
    for board in boards:
        text = (site / "en" / board.file).read_text(encoding="utf-8")
        for measure, row, placed in board.lines:
            if placed is None:
                continue
            query = "SELECT value_to FROM board_progress(?, ?) WHERE breakdown = 'total' AND indicator_id = ? AND method_version = ? AND value_to IS NOT NULL"
            years = (measure.start or measure.end, measure.end)
            values = [one for (one,) in con.execute(query, [*years, measure.indicator_id, measure.method_version]).fetchall()]  # fmt: skip
            rank = 1 + sum(value < row["value_to"] for value in values)
            assert f'aria-label="Position {rank} of {len(values)}, from low to high"' in text
            seen += 1
        if seen > 40:
            break
    assert seen > 40
