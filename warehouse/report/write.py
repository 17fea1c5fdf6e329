"""Write the site as one folder: every page, the tables behind the pages, and which release it shows.

The release is named in `release.json` (for programs) and in `assets/release.css`, which puts it in every footer. So a page on
which nothing else changed keeps its bytes; such a file is taken over from the site before, not written again.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from warehouse.csv_writer import query_text
from warehouse.database import one_record
from warehouse.exports.leaflet import as_json
from warehouse.exports.tables import SCHOOL_LEVEL, Table
from warehouse.files import sha256_of, staged_folder, sweep_parts, write_json, write_sums
from warehouse.report import queries
from warehouse.report.goals import english_of
from warehouse.report.pages import PAGES
from warehouse.report.site import STATUS_SYMBOLS, Site
from warehouse.report.svg import Charts
from warehouse.text import LANGUAGES, Text
from warehouse.watermark import NOTICE

HERE = Path(__file__).parent
KEYS = "report_pages.json"
"""The file of a cache that names what each page was made from."""
STAMP = "release.json"
"""The file of a site that names the release it shows."""
BOARDS = """SELECT * EXCLUDE (source_lines) FROM goals.observation
    WHERE entity_level = 'board' AND known_to IS NULL AND breakdown = 'total'"""
DOWNLOADS = (
    Table("schools", "main.schools", "FROM schools", synthetic=SCHOOL_LEVEL),
    Table("release_changes", "meta.release_change", "FROM meta.release_change", synthetic=SCHOOL_LEVEL),
    Table("revisions", "main.revisions", "FROM seen_revision WHERE kind <> 'confirmed'"),
    Table("boards", "goals.observation", BOARDS),
    Table("errata", "main.errata", "FROM errata"),
)
"""The tables behind the pages, beside one of national figures per goal."""


@dataclass(frozen=True)
class Written:
    """What was written."""

    folder: Path
    pages: int
    largest: int
    """Bytes of the largest page."""
    changed: int
    """Files that were not there before, or said something else."""

    @property
    def start(self) -> Path:
        """The page to open."""
        return self.folder / "index.html"


class Files:
    """The files of a site in the making, in a folder of their own beside the site before.

    `cache` keeps, per page, a hash of what it was made from and of its bytes: a page that would be the same is not made again.
    """

    def __init__(self, folder: Path, before: Path, cache: Path | None) -> None:
        self.folder, self.before, self.cache = folder, before, cache
        self.changed = 0
        self.sums: dict[str, str] = {}
        """File -> the SHA-256 of its bytes."""
        self.made_from: dict[str, list[str]] = {}
        self.made_before: dict[str, list[str]] = {}
        with suppress(FileNotFoundError, ValueError):
            self.made_before = json.loads((cache / KEYS).read_text()) if cache else {}

    def put_page(self, name: str, key: str, render: Callable[[], str]) -> None:
        """Take the page over where `key`, a fingerprint of all that it is made from, and its bytes are those of before."""
        old, made = self.read_before(name), self.made_before.get(name)
        same = old is not None and made == [key, hashlib.sha256(old).hexdigest()]
        self.put(name, old if old is not None and same else render().encode(), old)
        self.made_from[name] = [key, self.sums[name]]

    def keep_keys(self) -> None:
        """Remember for the next time."""
        if self.cache:
            write_json(self.cache / KEYS, self.made_from)

    def read_before(self, name: str) -> bytes | None:
        """The file of the site before; None where there is none."""
        with suppress(FileNotFoundError):
            return (self.before / name).read_bytes()
        return None

    def put(self, name: str, content: bytes, old: bytes | None = None) -> None:
        """Take the file over from the site before where it says the same (`old`, where it was read); write it where it does not."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        self.sums[name] = hashlib.sha256(content).hexdigest()
        if content == (self.read_before(name) if old is None else old):
            before = self.before / name
            try:
                os.link(before, path)  # No file of a site is ever written to again, so that sharing it is safe.
            except OSError:  # Not every file system has links.
                shutil.copy2(before, path)
        else:
            path.write_bytes(content)
            self.changed += 1


def write_report(
    con: duckdb.DuckDBPyConnection,
    target: Path,
    progress: Callable[[str], None] = lambda step: None,
    cache: Path | None = None,
) -> Written:
    """Write the site of the release that `con` reads into `target`, replacing what is there.

    Charts drawn before are taken from `cache`, the cache folder of a data directory.
    """
    with staged_folder(target) as folder:
        files, charts = Files(folder, target, cache), Charts(cache / "charts" if cache else None)
        progress("reading")
        site = Site(con)
        write_pages(site, charts, files, progress)
        for path in (HERE / "static").iterdir():
            files.put(f"assets/{path.name}", path.read_bytes())
        tables = [national(goal.goal_id) for goal in site.goals]
        for table in (*tables, *DOWNLOADS):
            files.put(f"data/{table.name}.csv", query_text(con, table.query(con)).encode())
        for leaflet in site.leaflets:
            files.put(f"indicators/{leaflet.name}.zip", leaflet.zip())
            files.put(f"indicators/{leaflet.name}.json", as_json(leaflet.fact_sheet()))
        files.put(STAMP, json.dumps(stamp_of(con)).encode())
        write_sums(folder, files.sums)
    charts.forget_others()
    files.keep_keys()
    pages = list(target.rglob("*.html"))
    return Written(target, len(pages), max(path.stat().st_size for path in pages), files.changed)


def national(goal_id: str) -> Table:
    """The national figures of one goal."""
    return Table(goal_id.lower(), "main.timeline", f"FROM timeline WHERE goal_id = '{goal_id}'")


def stamp_of(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The facts by which a site is compared with the release that `con` reads."""
    return one_record(con, "SELECT release_id, version, edition, content_hash FROM meta.release")


def is_current(con: duckdb.DuckDBPyConnection, site: Path) -> bool:
    """Does the site show the release that `con` reads?"""
    stamp = site / STAMP
    try:
        return bool(json.loads(stamp.read_text()) == stamp_of(con))
    except (FileNotFoundError, ValueError):
        return False


def environment(cache: Path | None = None) -> Environment:
    """Templates: every value is escaped, a missing one is an error. `cache` keeps them compiled."""
    compiled = cache / "templates" if cache else None
    if compiled:
        compiled.mkdir(parents=True, exist_ok=True)
        sweep_parts(compiled, pattern="*.tmp")  # Jinja's own, of runs that were killed.
    made = Environment(
        bytecode_cache=FileSystemBytecodeCache(str(compiled)) if compiled else None,
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"english_of": english_of(), "queries": queries}
    made.filters["arrow"] = lambda label: (label or "").replace("->", "→")
    return made


def fingerprint(text: str) -> str:
    """A hash of a text of all that something is made from; never the same where an address stands in it for the content."""
    return os.urandom(32).hex() if " at 0x" in text else hashlib.sha256(text.encode()).hexdigest()


def code_of_pages() -> str:
    """A hash of all code, templates and texts that pages are made by, and of the libraries that write them."""
    folders = (HERE, HERE.parent / "text")
    files = sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".html", ".svg", ".po"}
    )
    hashed = [f"{path.name} {sha256_of(path)}" for path in files]
    return hashlib.sha256("\n".join([*hashed, version("jinja2"), version("babel")]).encode()).hexdigest()


def write_pages(site: Site, charts: Charts, files: Files, progress: Callable[[str], None]) -> None:
    """Every page in both languages, the page that leads to them, and the line that names the release."""
    templates, made_by = environment(files.cache), code_of_pages()
    texts = {lang: Text(lang, site.codes) for lang in LANGUAGES}
    synthetic = site.release["synthetic"]
    start = templates.get_template("start.html").render(notices=NOTICE, synthetic=synthetic)
    files.put("index.html", start.encode())
    files.put("assets/release.css", "".join(map(site.stamp_rule, texts.values())).encode())
    for lang, text in texts.items():
        progress(f"pages ({lang})")
        always = {
            "t": text,
            "lang": lang,
            "other": "en" if lang == "nl" else "nl",
            "symbols": STATUS_SYMBOLS,
            "menu": [(page.file, text(page.menu)) for page in PAGES if page.menu and not page.foot],
            "foot": [(page.file, text(page.menu)) for page in PAGES if page.foot],
            "notice": NOTICE[lang] if synthetic else None,
            "flagwords": site.flags,
        }
        shared = fingerprint(repr([made_by, text.codes, always | {"t": None}]))
        for page in PAGES:
            template = templates.get_template(page.file)
            for name, values in page.made(site, text, charts):
                render = partial(template.render, page=name, **always, **values)
                files.put_page(f"{lang}/{name}", fingerprint(f"{shared} {page.file} {values!r}"), render)
