"""The pages on revisions and on data quality, from a warehouse whose one file was revised and has a line that fails."""

import csv
import html
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.helpers import add_file, tiny_05
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.database import connect
from warehouse.files import wrong_sums
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish
from warehouse.report import svg, write_report

FILE, LARGER, SMALLER = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv", "00AA03", "02AA49"
PLAIN = re.compile(r"<[^>]+>")
TODAY = date(2026, 11, 23)


def content(larger: int, smaller: int) -> str:
    """150 sites with 6.2 percent repeaters (what was published, or an audit stops it), two of which differ, and one bad line."""
    sites = {f"{school:02d}AA{site:02d}": (1000, 62) for school in range(3) for site in range(50)}
    sites |= {"01AA00": (5, 7), LARGER: (1000, 62 + larger), SMALLER: (1000, 62 + smaller)}
    return tiny_05([(site, *counts) for site, counts in sites.items()])


@pytest.fixture(scope="module")
def sites(tmp_path_factory) -> tuple[Path, Path]:
    """The report after the first release, and after the second."""
    data = DataDirectory(tmp_path_factory.mktemp("changes") / "data")
    made = []
    for number, (known, text) in enumerate([(date(2019, 5, 1), content(0, 0)), (date(2020, 5, 1), content(40, -8))]):
        add_file(Archive(data.archive), FILE, text, known)
        publish(data, Edition("mirror"), TODAY)
        with connect(data.warehouse, read_only=True) as con:
            folder = data.root / f"report-{number}"
            if made:
                shutil.copytree(made[-1], folder, copy_function=os.link)  # The site before, to be taken over from.
            made.append(write_report(con, folder, cache=data.cache).folder)
    return made[0], made[1]


@pytest.fixture(scope="module")
def con(sites) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(sites[1].parent / "warehouse.duckdb", read_only=True) as opened:
        yield opened


def same_file(sites: tuple[Path, Path], name: str) -> bool:
    """Is a file of the second site the very file of the first?"""
    return (sites[0] / name).stat().st_ino == (sites[1] / name).stat().st_ino


def test_only_what_changed_is_written(sites):
    """One revised file: the pages of other goals keep their bytes, though the release is another one."""
    names = sorted(str(path.relative_to(sites[1])) for path in sites[1].rglob("*") if path.is_file())
    written = {name for name in names if not same_file(sites, name)}
    told = {"release.json", "assets/release.css", "data/g02.csv", "data/revisions.csv"}
    told |= {f"{lang}/{name}.html" for lang in ("nl", "en") for name in ("index", "goal-g02", "revisions", "quality")}
    told |= {f"indicators/g02_zittenblijf_pct.{kind}" for kind in ("zip", "json")} | {
        "nl/facts-g02_zittenblijf_pct.html"
    }
    assert told <= written
    untouched = {f"{lang}/goal-g{number:02}.html" for lang in ("nl", "en") for number in (3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15)}  # fmt: skip
    untouched |= {
        "indicators/g06_slaagpct.zip",
        "indicators/g03_thuiszitters_gt3m_n.json",
        "en/facts-g06_slaagpct.html",
    }
    assert not untouched & written and len(names) > 2 * len(written)
    for name in set(names) - written:
        assert (sites[0] / name).read_bytes() == (sites[1] / name).read_bytes()


def test_nothing_is_drawn_twice_and_the_cache_holds_what_is_used(sites, con, monkeypatch, tmp_path):
    cache = sites[0].parent / "cache"
    kept = {path: path.stat().st_mtime_ns for path in (cache / "charts").iterdir()}
    (cache / "charts" / "of-an-older-report.svg").write_text("<svg>")
    shutil.copytree(sites[1], tmp_path / "report", copy_function=os.link)
    monkeypatch.setattr(svg, "drawn", None)  # Calling it fails.
    again = write_report(con, tmp_path / "report", cache=cache)
    assert again.changed == 0 and kept == {path: path.stat().st_mtime_ns for path in (cache / "charts").iterdir()}
    monkeypatch.setattr(svg, "renderer", lambda: "another version")
    with pytest.raises(TypeError):
        write_report(con, tmp_path / "report", cache=cache)


def test_a_report_that_took_over_pages_equals_one_from_nothing(sites, con, tmp_path):
    """No file is an old one by mistake: without a site before, kept keys and kept charts every byte is the same, sums included."""
    fresh = write_report(con, tmp_path / "report").folder
    whole, taken_over = (
        {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for site in (fresh, sites[1])
    )
    assert len(whole) > 100 and whole == taken_over
    assert not wrong_sums(sites[1])


def section(site: Path, page: str, name: str) -> str:
    """A section of an English page, by the id of its heading."""
    text = (site / "en" / page).read_text(encoding="utf-8")
    return text[text.index(f'<h2 id="{name}"') :].split("</section>", 1)[0]


def rows_of(part: str) -> list[list[str]]:
    """The cells of every body row, as text."""
    bodies = "".join(re.findall(r"<tbody>(.*?)</tbody>", part, re.DOTALL))
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", bodies, re.DOTALL)
    return [
        [
            html.unescape(PLAIN.sub(" ", cell)).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def test_a_first_release_has_nothing_to_compare_with(sites):
    assert "This is the first release" in section(sites[0], "revisions.html", "since")


def test_since_the_last_release_the_country_comes_first_and_then_the_largest_change(sites, con):
    part = section(sites[1], "revisions.html", "since")
    repeaters = rows_of(part[part.index("Share of secondary pupils repeating a grade (%)") :].split("<h3>", 1)[0])
    assert repeaters[0][:5] == ["national", "2017-2018 → 2018-2019", "6.2000%", "6.2215%", "+0.0215 pt"]
    sizes = [abs(float(row[4].removesuffix(" pt").replace("−", "-"))) for row in repeaters[1:]]
    assert len(sizes) >= 4 and sizes == sorted(sizes, reverse=True)
    assert repeaters[1][0].startswith("school site 00AA03") and repeaters[1][4] == "+4.0000 pt"
    with (sites[1] / "data" / "release_changes.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == con.execute("SELECT count(*) FROM meta.release_change").fetchone()[0] > 0  # fmt: skip
    assert len(rows_of(section(sites[1], "revisions.html", "largest"))) >= 5


def test_every_rejected_line_is_told_with_its_reason(sites, con):
    rows = rows_of(section(sites[1], "quality.html", "rejected"))
    assert [row[0].split()[-1] for row in rows] == ["2019-05-01", "2020-05-01"], "each version of the file by itself"
    column, check, example = con.execute('SELECT "column", "check", raw_value FROM meta.quarantine').fetchone()
    for row in rows:
        assert row[0].startswith(FILE) and row[1:4] == [column or "whole line", check, "1"]
        assert row[4].startswith("line 52") and (example is None or example in row[4])
    counts = [row[3:6] for row in rows_of(section(sites[1], "quality.html", "files")) if row[0].startswith(FILE)]
    assert counts == [["150", "149", "1"]] * 2


def test_missing_years_and_holes_are_those_of_the_warehouse(sites, con):
    told = {(row[1], row[3]) for row in rows_of(section(sites[1], "quality.html", "missing"))}
    assert ("bottom_up_incl_nieuwkomers", "2019, 2020") in told
    with_holes = [row for row in rows_of(section(sites[1], "quality.html", "missing")) if row[4] != "–"]
    query = """SELECT name_en, method_version, list(DISTINCT year)
        FROM timeline JOIN goals.indicator USING (indicator_id) GROUP BY ALL"""
    years = {(name, method): known for name, method, known in con.execute(query).fetchall()}
    assert with_holes
    for row in with_holes:
        holes = {int(year) for year in row[4].split(", ")}
        known = years[row[0].split(maxsplit=1)[1], row[1]]
        assert not holes & set(known) and min(known) < min(holes) <= max(holes) < max(known)


def test_drift_is_told_in_words(sites, con):
    kinds = con.execute("SELECT DISTINCT kind FROM meta.drift").fetchall()
    told = rows_of(section(sites[1], "quality.html", "drift"))
    assert kinds and told and not {kind for (kind,) in kinds} & {row[1] for row in told}
    query = "SELECT DISTINCT label_en FROM codes JOIN meta.drift ON list = 'drift_kind' AND code = kind"
    labels = {label[0].lower() + label[1:] for (label,) in con.execute(query).fetchall()}
    assert {row[1] for row in told} == labels
