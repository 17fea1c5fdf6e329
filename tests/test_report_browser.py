"""The report in a real browser, from the file system and with the network watched."""

from pathlib import Path

import pytest

from tests.browser import CHROMIUM
from tests.people_case import HOSTILE, published_sample
from warehouse.build import connect
from warehouse.report import write_report

playwright = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
axe_package = pytest.importorskip(
    "axe_playwright_python", reason="the Python package axe-playwright-python is not installed"
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)"
)

AXE = Path(axe_package.__file__).parent / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = (
    "index.html",
    "goal-g02.html",
    "goal-g06.html",
    "goal-g07.html",
    "boards.html",
    "board-99102.html",
    "revisions.html",
    "quality.html",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    with connect(published_sample().warehouse, read_only=True) as con:
        return write_report(con, tmp_path_factory.mktemp("report") / "site").folder


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
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
        for name in sorted(path.name for path in (site / lang).iterdir()):
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
    rows.first.locator("a").click()
    page.wait_for_url("**/board-99102.html")
    assert page.locator("h1").inner_text() == "Bestuur 99102"
    assert page.trouble == []


def test_a_hostile_school_name_is_shown_as_it_is(site, page):
    page.goto((site / "en" / "boards.html").as_uri())
    shown = page.locator("#boards").inner_text()
    assert all(name in shown for name in HOSTILE)
    assert page.evaluate("window.hacked") is None and page.trouble == []


def test_language_and_theme_can_be_changed(site, page):
    page.goto((site / "nl" / "goal-g09.html").as_uri())
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.click("text=English")
    page.wait_for_url("**/en/goal-g09.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before, "the choice lasts"


def test_charts_follow_the_theme_and_fit_a_phone(site, browser):
    colours = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        for name in PAGES:
            page.goto((site / "nl" / name).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
        page.goto((site / "nl" / "goal-g02.html").as_uri())
        chart = page.locator("figure.headline .slim svg")
        assert chart.is_visible() and not page.locator("figure.headline .broad").is_visible()
        colours.add(chart.evaluate("one => getComputedStyle(one.querySelector('path[stroke=\"var(--c1)\"]')).stroke"))
        context.close()
    assert len(colours) == 2


def test_the_print_shows_all_of_it(site, page):
    page.goto((site / "nl" / "goal-g02.html").as_uri())
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator("header nav").is_visible() and page.locator("p.notice").first.is_visible()
    assert len(page.pdf(format="A4")) > 20_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_wcag_2_2_aa_is_broken(site, browser, scheme):
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = []
    for lang, name in [("nl", name) for name in PAGES] + [("en", "index.html"), ("en", "goal-g02.html")]:
        page.goto((site / lang / name).as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        page.add_script_tag(path=AXE)
        result = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", RULES)
        found += [f"{lang}/{name}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]
    context.close()
    assert found == []
