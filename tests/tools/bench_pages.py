"""The report's pages as a reader meets them: how large they are, and how soon something stands on the screen."""

from pathlib import Path
from statistics import median

from tests.machine import CHROMIUM

LOADS = 5
FIRST_PAINT = """() => new Promise(done => new PerformanceObserver(list => list.getEntries().forEach(
    one => one.name === "first-contentful-paint" && done(one.startTime))).observe({type: "paint", buffered: true}))"""


def largest_page(report: Path) -> tuple[int, str]:
    """Bytes and name of the largest page."""
    return max((path.stat().st_size, path.name) for path in report.rglob("*.html"))


def first_paint(report: Path) -> tuple[float, str] | None:
    """Milliseconds to the first contentful paint of the slowest page, of the largest of each kind; the median of some loads; None without a browser."""
    if CHROMIUM is None:
        return None
    from playwright.sync_api import sync_playwright

    by_size = sorted((report / "nl").glob("*.html"), key=lambda path: path.stat().st_size)
    pages = {path.stem.split("-")[0]: path for path in by_size}  # The largest of each kind.
    found = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path in pages.values():
            spent = []
            for _ in range(LOADS):
                page = browser.new_page()
                page.goto(path.resolve().as_uri())
                spent.append(page.evaluate(FIRST_PAINT))
                page.close()
            found.append((median(spent), path.name))
        browser.close()
    return max(found)
