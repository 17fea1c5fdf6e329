"""A cell hidden without any bound: what it belongs to is left out, what it does not touch stays."""

from datetime import date
from pathlib import Path

from tests.helpers import origin_for
from tests.integration.test_publish import zittenblijvers
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect


def test_a_mask_without_a_bound_gives_no_figure_where_it_counts(tmp_path: Path):
    rows = [(f"{number:02d}AA", 100, 6) for number in range(40)]
    content = zittenblijvers(*rows).replace(
        b"07AA;Voorbeeld;00;ASSEN;0106;ASSEN;Drenthe;100;6;", b"07AA;Voorbeeld;00;ASSEN;0106;ASSEN;Drenthe;100;x;"
    )
    name = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
    archive = Archive(tmp_path / "archive")
    archive.add(content, origin_for(name, f"https://duo.nl/{name}", date(2020, 1, 1)))
    build(tmp_path / "w.duckdb", archive, ParseCache(tmp_path / "cache"), Edition("mirror"))
    with connect(tmp_path / "w.duckdb", read_only=True) as con:
        said = con.execute(
            "SELECT entity_level, count(*) FROM goals.observation WHERE indicator_id = 'g02_zittenblijf_pct' "
            "AND method_version = 'bottom_up_incl_nieuwkomers' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        (kept,) = con.execute("SELECT masked FROM core.duo_05_zittenblijvers WHERE brin = '07AA'").fetchall()
    assert said == [("school", 39), ("vestiging", 39)]
    assert kept == (["repeaters_n*"],)
