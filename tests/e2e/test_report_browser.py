"""The report in a real browser, from the file system and with the network watched."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.machine import chromium, missing
from tests.people_case import HOSTILE, published_report, published_sample
from warehouse.database import connect

playwright = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
axe_package = pytest.importorskip(
    "axe_playwright_python", reason="the Python package axe-playwright-python is not installed"
)

AXE = Path(axe_package.__file__).parent / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALIKE = """() => {
    document.querySelectorAll("tbody").forEach(body => [...body.rows].slice(6).forEach(row => row.remove()));
    document.querySelectorAll("svg.chart").forEach(
        svg => [...svg.querySelectorAll("path, line")].slice(6).forEach(mark => mark.remove()));
}"""
"""Rows of one table and marks of one chart come from one template: six stand for all, as axe takes time per element."""
WIDE, PHONE, NARROWEST = 1200, 390, 320
"""CSS pixels; the last is 1280 at 400 percent, at which WCAG wants no scrolling in two directions."""
PAGES = (
    "index.html",
    "goal-g02.html",
    "goal-g06.html",
    "goal-g07.html",
    "facts-g06_slaagpct.html",
    "boards.html",
    "board-99102.html",
    "compare.html?a=99101&b=99102",
    "method.html",
    "glossary.html",
    "revisions.html",
    "quality.html",
)


@pytest.fixture(scope="module")
def site() -> Path:
    return published_report()


def address(site: Path, lang: str, name: str) -> str:
    """Where a page is; what stands behind a question mark is no part of its file."""
    file, mark, asked = name.partition("?")
    return f"{(site / lang / file).as_uri()}{mark}{asked}"


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    """A page that remembers every message, error and request that it should not have made."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    opened.trouble = []
    opened.on("console", lambda message: opened.trouble.append(message.text))
    opened.on("pageerror", lambda error: opened.trouble.append(str(error)))
    opened.on("requestfailed", lambda request: opened.trouble.append(f"failed {request.url}"))
    opened.on(
        "request", lambda request: request.url.startswith(("file:", "data:")) or opened.trouble.append(request.url)
    )
    yield opened
    context.close()


def test_every_kind_of_page_loads_without_a_word_and_without_the_network(site, page):
    for lang in ("nl", "en"):
        for name in sorted(path.name for path in (site / lang).glob("*.html")):
            page.goto((site / lang / name).as_uri())
            assert page.locator("h1").count() == 1 and page.evaluate("window.hacked") is None
            assert page.evaluate("document.documentElement.lang") == lang
    page.goto((site / "index.html").as_uri())
    page.click("text=What came of the fifteen goals?")
    page.wait_for_url("**/en/index.html")
    assert page.title().startswith("Overview")
    assert page.trouble == []


def test_search_finds_schools_places_and_numbers(site, page):
    page.goto((site / "nl" / "boards.html").as_uri())
    rows = page.locator("#boards tbody tr:visible")
    assert rows.count() == 23
    page.fill("#q", "99102")
    assert rows.count() == 1 and page.locator("#found").inner_text() == "1 van 23 besturen"
    page.fill("#q", "VOORBEELDSTAD 04")
    assert rows.count() >= 1
    page.fill("#q", "<script>")
    assert 1 <= rows.count() < 23
    page.fill("#q", "bestaat niet")
    assert rows.count() == 0
    page.fill("#q", "99102")
    rows.first.locator("th a").click()
    page.wait_for_url("**/board-99102.html")
    heading = page.locator("h1").inner_text()
    assert heading.endswith("bestuur 99102") and not heading.startswith("bestuur")
    assert page.trouble == []


def test_a_hostile_school_name_is_shown_as_it_is(site, page):
    page.goto((site / "en" / "boards.html").as_uri())
    shown = page.locator("#boards").text_content()
    assert all(name in shown for name in HOSTILE)
    for name in HOSTILE:
        page.fill("#q", name)
        found = page.locator("#boards li.hit")
        assert found.count() >= 1 and name in found.first.inner_text()
        found.first.locator("a").click()
        page.wait_for_url("**/school-*.html")
        assert name in page.locator("h1").inner_text()
        page.go_back()
    assert page.evaluate("window.hacked") is None and page.trouble == []


def test_the_list_of_boards_is_short_until_more_is_asked_for_and_can_be_sorted(site, page):
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto((site / "en" / "boards.html").as_uri())
    rows = page.locator("#boards tbody tr:visible")
    assert rows.count() == 4 and page.evaluate("document.documentElement.scrollHeight") < 3000
    page.click("#more")
    assert rows.count() == 23 and not page.locator("#more").is_visible()
    page.locator("#boards thead button").nth(2).click()
    sorts = "rows => rows.map(row => row.cells[2].dataset.sort).filter(Boolean).map(Number)"
    pupils = page.locator("#boards tbody tr").evaluate_all(sorts)
    assert len(pupils) > 5 and pupils == sorted(pupils, reverse=True)
    page.locator("#boards thead button").nth(2).click()
    assert page.locator("#boards tbody tr").evaluate_all(sorts) == sorted(pupils)
    province = page.locator("#province option").nth(1).inner_text()
    page.select_option("#province", province)
    assert all(province in row.split("|") for row in rows.evaluate_all("rows => rows.map(row => row.dataset.provinces)"))  # fmt: skip
    assert 0 < rows.count() < 23 and page.trouble == []


def test_a_school_is_found_in_the_list_of_schools_and_has_its_page(site, page):
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto((site / "nl" / "schools.html").as_uri())
    rows = page.locator("#boards tbody tr:visible")
    assert rows.count() == 4 and page.evaluate("document.documentElement.scrollHeight") < 3000
    page.locator("#boards thead button").nth(1).click()
    towns = page.locator("#boards tbody tr").evaluate_all("rows => rows.map(row => row.cells[1].innerText)")
    assert towns in (sorted(towns), sorted(towns, reverse=True)) and towns[0] != towns[-1]
    school = page.locator("#boards tbody tr th code").last.inner_text()
    page.fill("#q", school)
    assert rows.count() == 1 and page.locator("#found").inner_text() == "1 van 47 scholen"
    rows.first.locator("th a").click()
    page.wait_for_url(f"**/school-{school}.html")
    assert f"BRIN {school}" in page.locator("h1").inner_text() and page.trouble == []


def test_two_boards_stand_beside_each_other_with_the_figures_of_their_pages(site, page):
    page.goto(address(site, "en", "compare.html?a=99101&b=99102"))
    shown = page.locator("#beside tbody").inner_text()
    names = [page.locator(f"#{side} option:checked").inner_text().rsplit(" (", 1)[0] for side in ("a", "b")]
    assert all(name in shown for name in names) and names[0] != names[1]
    page.goto((site / "en" / "board-99102.html").as_uri())
    changes = page.locator("table.measures td[data-label=Change]").all_inner_texts()
    assert len(changes) > 3 and all(change in shown for change in changes)
    assert page.trouble == []


def test_a_chart_is_saved_as_a_picture(site, page, tmp_path):
    page.goto((site / "en" / "goal-g02.html").as_uri())
    with page.expect_download() as waiting:
        page.locator("figure.headline button.png").click()
    waiting.value.save_as(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert (tmp_path / "chart.png").stat().st_size > 8_000, "not an empty canvas"


def test_every_goal_can_be_chosen_on_the_first_screens_of_a_phone(site, page):
    """The chips of all goals within one screen and the list within three after them: before the section on what is new."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    for lang in ("nl", "en"):
        page.goto((site / lang / "index.html").as_uri())
        place = "links => links.map(one => one.getBoundingClientRect().bottom)"
        chips = page.locator(".chips a").evaluate_all(place)
        assert len(chips) == 15 and max(chips) < 844 + 60
        assert page.locator(".goal h3 a").evaluate_all(place)[0] < 3 * 844
    assert page.trouble == []


DOWNLOADS = (
    ("goal-g02.html", "g02.csv", "SELECT count(*), round(sum(value), 6) FROM timeline WHERE goal_id = 'G02'"),
    ("boards.html", "boards.csv", """SELECT count(*), round(sum(value), 6) FROM goals.observation
        WHERE entity_level = 'board' AND known_to IS NULL AND breakdown = 'total'"""),
    ("boards.html", "schools.csv", "SELECT count(*), sum(vestigingen) FROM schools"),
    ("revisions.html", "revisions.csv", "SELECT count(*), round(sum(value_after), 6) FROM revisions WHERE kind <> 'confirmed'"),
)  # fmt: skip


@pytest.mark.parametrize(("page_name", "file", "query"), DOWNLOADS)
def test_downloads_open_and_hold_what_the_warehouse_holds(site, page, tmp_path, page_name, file, query):
    page.goto((site / "nl" / page_name).as_uri())
    with page.expect_download() as waiting:
        page.locator(f"a.download[href$='/{file}']").click()
    waiting.value.save_as(tmp_path / file)
    with connect(published_sample().warehouse, read_only=True) as con:
        expected = con.execute(query).fetchone()
        summed = "value" if "value)" in query else "value_after" if "value_after" in query else "vestigingen"
        found = con.execute(f"SELECT count(*), round(sum({summed}), 6) FROM read_csv(?)", [str(tmp_path / file)])
        assert found.fetchone() == expected and expected[0] > 0
    # A click that becomes a download is no longer a page: the browser calls the page's part of it aborted.
    assert all(one == f"failed {waiting.value.url}" for one in page.trouble)


COUNT_MARKS = """figures => figures.map(one => [one.id, Number(one.dataset.marks),
    [...one.querySelectorAll("svg.chart")].filter(svg => svg.checkVisibility()).map(svg => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("title")].map(title => title.parentElement.getBoundingClientRect())
            .filter(mark => mark.left >= box.left - 1 && mark.right <= box.right + 1
                         && mark.top >= box.top - 1 && mark.bottom <= box.bottom + 1).length;
    })])"""


def test_every_mark_is_seen_inside_its_chart_on_a_desk_and_on_a_phone(site, page):
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        for number in range(1, 16):
            page.goto((site / "en" / f"goal-g{number:02}.html").as_uri())
            for name, marks, drawn in page.locator("figure[data-marks]").evaluate_all(COUNT_MARKS):
                assert drawn == [marks], f"{name} at {width} pixels"
    assert page.trouble == []


def test_language_and_theme_can_be_changed(site, page):
    page.goto((site / "nl" / "goal-g09.html").as_uri())
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.click("text=English")
    page.wait_for_url("**/en/goal-g09.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before, "the choice lasts"


def test_no_page_scrolls_sideways_on_the_narrowest_phone(site, page):
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    for name in PAGES:
        page.goto(address(site, "nl", name))
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"


def test_charts_follow_the_theme(site, page):
    colours = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto((site / "nl" / "goal-g02.html").as_uri())
        line = page.locator("figure.headline .broad path[stroke='var(--c1)']").first
        colours.add(line.evaluate("one => getComputedStyle(one).stroke"))
    assert len(colours) == 2


def test_the_print_shows_all_of_it(site, page):
    page.goto((site / "nl" / "goal-g02.html").as_uri())
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator("header nav").is_visible() and page.locator("p.notice").first.is_visible()
    assert len(page.pdf(format="A4")) > 20_000


def test_every_printed_sheet_says_that_it_is_synthetic(site, page, tmp_path):
    """A sheet may be read without the first one. The word is turned on the paper: only `-raw` gives it back whole."""
    if not shutil.which("pdftotext"):
        missing("no pdftotext on this machine (Debian: apt-get install poppler-utils)")
    for name in ("goal-g02.html", "boards.html"):
        page.goto(address(site, "nl", name))
        page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
        text = subprocess.run(
            ["pdftotext", "-raw", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True
        )
        sheets = text.stdout.removesuffix("\f").split("\f")
        assert len(sheets) > 1 and all("SYNTHETISCH" in sheet for sheet in sheets), name


@pytest.mark.parametrize(
    ("lang", "scheme", "width"),
    [("nl", "light", PHONE), ("nl", "dark", WIDE), ("en", "light", WIDE), ("en", "dark", PHONE)],
)
def test_no_rule_of_wcag_2_2_aa_is_broken(site, browser, lang, scheme, width):
    """Every kind of page with everything unfolded; of language, theme and width every two meet."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = []
    for name in PAGES:
        page.goto(address(site, lang, name))
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        page.evaluate(ALIKE)
        page.add_script_tag(path=AXE)
        result = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", RULES)
        found += [f"{name}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]
    context.close()
    assert found == []
