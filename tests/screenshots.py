"""Pictures of the report, to look at: `python -m tests.screenshots REPORT FOLDER`. Needs chromium and playwright."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM

SHOTS = (
    ("overview", "nl/index.html", 1200, "light"),
    ("overview-dark", "en/index.html", 1200, "dark"),
    ("overview-phone", "nl/index.html", 390, "light"),
    ("goal-g02", "nl/goal-g02.html", 1200, "light"),
    ("goal-g02-phone", "en/goal-g02.html", 390, "dark"),
    ("goal-g06", "en/goal-g06.html", 1200, "light"),
    ("goal-g09", "nl/goal-g09.html", 1200, "dark"),
    ("goal-g13", "nl/goal-g13.html", 1200, "light"),
    ("boards", "nl/boards.html", 1200, "light"),
    ("revisions", "nl/revisions.html", 1200, "light"),
    ("quality", "en/quality.html", 1200, "light"),
)


def main(report: Path, folder: Path) -> None:
    """Take every picture, whole pages, and the printed form of one."""
    folder.mkdir(parents=True, exist_ok=True)
    board = next(path for path in sorted((report / "nl").glob("board-*.html")))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, file, width, scheme in (*SHOTS, ("board", f"nl/{board.name}", 1200, "light")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto((report / file).resolve().as_uri())
            page.screenshot(path=folder / f"{name}.png", full_page=True)
            page.close()
        page = browser.new_page()
        page.goto((report / "nl/goal-g02.html").resolve().as_uri())
        page.pdf(path=folder / "goal-g02.pdf", format="A4", prefer_css_page_size=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
