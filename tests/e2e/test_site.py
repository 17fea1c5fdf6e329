"""The documentation site: it builds strictly, says all that there is to say, and asks nothing of another host."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from docs.generated.commands import commands
from flows import exit_codes
from flows.prefect_ops.schedule_settings import ScheduleSettings
from tests.machine import chromium
from tests.people_case import published_sample
from warehouse.database import connect

ASSETS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "embed": "src", "object": "data"}


@pytest.fixture(scope="module")
def site(repo, tmp_path_factory) -> Path:
    """The site, built as `make docs` does: any warning ends the build."""
    config = pytest.importorskip("mkdocs.config", reason="the Python package mkdocs is not installed")
    from mkdocs.commands.build import build

    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECTORAKKOORD_DOCS_WAREHOUSE", str(published_sample().warehouse))
        patch.chdir(repo)
        build(config.load_config(str(repo / "mkdocs.yml"), strict=True, site_dir=str(folder)))
    return folder


class Assets(HTMLParser):
    """Collects what a page has the browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        loads = tag == "link" and not {"canonical", "prev", "next"} & set((given.get("rel") or "").split())
        address = given.get("href") if loads else given.get(ASSETS.get(tag, ""))
        self.found += [address] if address else []


def test_no_page_and_no_style_names_an_asset_of_another_host(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) >= 10
    for page in pages:
        assets = Assets()
        assets.feed(page.read_text())
        assert len(assets.found) >= 4
        assert [address for address in assets.found if re.match(r"(https?:)?//", address)] == [], page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(https?:)?//|@import", style.read_text()), style


def test_nothing_generated_is_left_out_and_no_source_is_published(site):
    assert not list(site.rglob("*.py"))
    assert [page for page in site.rglob("*.html") if "<!-- generated" in page.read_text()] == []


def test_every_setting_command_and_exit_code_has_its_place(site):
    settings, told = (site / "settings.html").read_text(), (site / "commands.html").read_text()
    for name in ScheduleSettings.model_fields:
        assert f"<code>SECTORAKKOORD_{name.upper()}</code>" in settings, name
    for command in commands():
        assert f"<code>{command.name}</code><a" in told, command.name
    for code, meaning in exit_codes.MEANINGS.items():
        assert re.search(rf"<td>{code}</td>\n<td>{re.escape(meaning).replace('`', '.*')}</td>", told)


def test_every_table_view_and_macro_of_the_database_has_its_section(site):
    with connect(published_sample().warehouse, read_only=True) as con:
        objects = con.execute("SELECT DISTINCT schema_name, object_name FROM meta.dictionary").fetchall()
        columns = con.execute("SELECT schema_name, column_name FROM meta.dictionary WHERE column_name <> ''").fetchall()
    pages = {schema: (site / "model" / f"{schema}.html").read_text() for schema, _ in objects}
    assert set(pages) == {"main", "goals", "core", "meta", "snapshot"}
    for schema, name in objects:
        assert f'<h2 id="{schema}-{name.replace("_", "-")}">' in pages[schema], name
    for schema, name in columns:
        assert f"<code>{name}</code>" in pages[schema], name


def test_the_picture_of_the_model_shows_what_is_in_the_database(site):
    drawn = (site / "model" / "index.html").read_text()
    for name in ("goals.observation", "meta.source_file", "core.contribution", "snapshot.observation"):
        assert f">{name}</text>" in drawn
    assert drawn.count('class="model"') == 3


def test_in_a_browser_pages_from_the_folder_are_searched_without_the_network(site):
    playwright = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
    trouble: list[str] = []
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for width in (1400, 390):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.on("console", lambda message: trouble.append(message.text))
            page.on("pageerror", lambda error: trouble.append(str(error)))
            page.on("request", lambda one: one.url.startswith(("file:", "data:", "about:")) or trouble.append(one.url))
            for path in sorted(site.rglob("*.html")):
                if path.name != "404.html":
                    page.goto(path.as_uri())
                    across = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    assert across <= 0, f"{path.name} is {across} px wider than a screen of {width}"
            page.goto((site / "index.html").as_uri())
            page.keyboard.press("f")
            page.locator("input.md-search__input").press_sequentially("read_timeout_s")
            page.locator(".md-search-result__link", has_text="Settings").first.wait_for(timeout=60_000)
        browser.close()
    assert trouble == []
