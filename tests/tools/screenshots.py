"""Pictures of the report, to look at: `make screenshots`, or `python -m tests.tools.screenshots REPORT FOLDER`.

Every kind of page, wide and on a phone, light and dark, and as printed on A4 (`pdftoppm` turns those into pictures).
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from flows.settings import load_settings
from tests.machine import CHROMIUM
from warehouse.report.pages import PAGES

GOALS = ("goal-g02", "goal-g06", "goal-g07", "goal-g09", "goal-g13")
LOOKS = (("wide", 1400, "light", "nl"), ("wide-dark", 1400, "dark", "en"), ("phone", 390, "light", "en"), ("phone-dark", 390, "dark", "nl"))  # fmt: skip
PHONE_HEIGHT = 844


def main(report: Path, folder: Path) -> None:
    """Take every picture of whole pages, and print each kind of page."""
    if CHROMIUM is None:
        sys.exit("screenshots: no chromium on this machine (Debian: apt-get install chromium).")
    if not (report / "index.html").exists():
        sys.exit(f"screenshots: {report} holds no report yet; make one with `make run` or `sectorakkoord report`.")
    folder.mkdir(parents=True, exist_ok=True)
    pages = [*(page.file.removesuffix(".html") for page in PAGES if page.menu), *GOALS, largest_board(report)]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for look, width, scheme, lang in LOOKS:
            for name in pages:
                take(browser, report / lang / f"{name}.html", folder / f"{name}-{look}.png", width, scheme)
        for name in pages:
            page = browser.new_page()
            page.goto((report / "nl" / f"{name}.html").resolve().as_uri())
            page.pdf(path=folder / f"{name}.pdf", prefer_css_page_size=True)
            page.close()
        browser.close()
    print(f"{len(pages) * len(LOOKS)} pictures and {len(pages)} printed pages in {folder}")


def largest_board(report: Path) -> str:
    """The board page with most to show."""
    return max((report / "nl").glob("board-*.html"), key=lambda path: (path.stat().st_size, path.name)).stem


def take(browser: Browser, page_file: Path, picture: Path, width: int, scheme: str) -> None:
    """One whole page as a picture."""
    page = browser.new_page(viewport={"width": width, "height": PHONE_HEIGHT}, color_scheme=scheme)
    page.goto(page_file.resolve().as_uri())
    page.screenshot(path=picture, full_page=True)
    page.close()


if __name__ == "__main__":
    here = load_settings().data
    given = [Path(argument) for argument in sys.argv[1:]]
    main(*given or (here / "report", here / "screenshots"))
