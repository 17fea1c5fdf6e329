"""Sites by spells against the oracle that works out every site anew on every day: the observations are the same.

`python -m tests.integration.test_sites MONTHS` compares them on the real files with made-up monthly address files added.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from tests.helpers import lines_of, tiny_05
from tests.tiny_files import FILE_05_2015, FILE_05_2017, FILE_SITES, add_found, add_manifest, address_file, rows_of
from transforms import all_series
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build, run_sql
from warehouse.build.contributions import bound_masked_ratios
from warehouse.build.increment import Kept, forget_units
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect, scalar

ORACLE = Path(__file__).parents[1] / "oracles" / "sites_every_day.sql"
MIRROR = Path(__file__).parents[3] / "shared" / "opendata"
SITES = [f"{school:02d}AA{site:02d}" for school in range(4) for site in range(3)]
PROVINCES = ("Drenthe", "Utrecht", "Zeeland")
MAIN_SITES = "01.-hoofdvestigingen-vo.csv"


def fold_again(con: duckdb.DuckDBPyConnection) -> None:
    """Replace `core.entity_of` and `goals.observation` of a finished warehouse by those that the oracle gives."""
    con.execute("DROP TABLE core.file_precedence; DROP TABLE core.site_state; DROP TABLE core.entity_of")
    run_sql(con, "steps/20_site_sums.sql")
    con.execute(ORACLE.read_text())
    forget_units(con, Kept())
    run_sql(con, "steps/40_candidates.sql")
    bound_masked_ratios(con, all_series())
    con.execute("DROP TABLE goals.observation; DROP MACRO value_of")
    run_sql(con, "steps/50_fold.sql")


def difference(warehouse: Path) -> tuple[int, int, int, int]:
    """(observations, rows that only one of both gives, rows of entity_of, those of the oracle)."""
    with connect(warehouse) as con:
        con.execute("CREATE TEMP TABLE by_spells AS FROM goals.observation")
        members = scalar(con, "SELECT count(*) FROM core.entity_of")
        con.execute("CREATE TEMP TABLE member AS FROM core.entity_of")
        fold_again(con)
        strange = scalar(con, "SELECT count(*) FROM (FROM member EXCEPT ALL FROM core.entity_of)")
        strange += scalar(con, "SELECT count(*) FROM (FROM by_spells EXCEPT ALL FROM goals.observation)")
        strange += scalar(con, "SELECT count(*) FROM (FROM goals.observation EXCEPT ALL FROM by_spells)")
        total = scalar(con, "SELECT count(*) FROM by_spells")
        return total, strange, members, scalar(con, "SELECT count(*) FROM core.entity_of")


def main_sites_file(boards: dict[str, str]) -> str:
    """The file of main sites: a board per school."""
    place = "1234AB;VOORBEELDSTAD;0153;VOORBEELDSTAD;Openbaar;HAVO;12;Voorbeeldregio"
    header = "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;INSTELLINGSNAAM;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;ONDERWIJSSTRUCTUUR;RMC-REGIO CODE;RMC-REGIO NAAM"
    return lines_of(header, [f"Drenthe;{board};{school};Voorbeeld;{place}" for school, board in boards.items()])


def random_history(archive: Archive, dice: Random) -> None:
    """Counts, revised counts and states of sites, in random order and on random days (some on the same one)."""

    def day(most: int = 60) -> date:
        return date(2016, 1, 1) + timedelta(days=30 * dice.randint(0, most))

    def some(least: int = 1) -> list[str]:
        return sorted(dice.sample(SITES, dice.randint(least, len(SITES))))

    for name in (FILE_05_2015, FILE_05_2017):
        for _ in range(dice.randint(1, 3)):
            counts = [(site, dice.randint(20, 40), dice.randint(0, 9)) for site in some()]
            add_found(archive, name, tiny_05(counts), day())
    for _ in range(dice.randint(1, 6)):
        board_of = {site[:4]: f"0000{dice.randint(1, 3)}" for site in SITES}
        sites = {site: (board_of[site[:4]], dice.choice(PROVINCES)) for site in some()}
        add_found(archive, FILE_SITES, address_file(sites), day())
    if dice.random() < 0.5:
        boards = {site[:4]: f"0000{dice.randint(1, 3)}" for site in some()}
        add_found(archive, MAIN_SITES, main_sites_file(boards), day())


@pytest.mark.parametrize("seed", range(6))
def test_spells_give_the_observations_of_every_day(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path / "archive")
    random_history(archive, Random(seed))
    build(tmp_path / "w.duckdb", archive, ParseCache(tmp_path / "cache"), Edition("mirror"))
    observations, strange, members, members_by_day = difference(tmp_path / "w.duckdb")
    assert observations > 0 and strange == 0
    assert members <= members_by_day


def test_address_files_that_change_nothing_add_no_membership(tmp_path: Path) -> None:
    """Twelve more months of the same sites: not a row more."""
    sizes = []
    for months in (1, 13):
        archive = Archive(tmp_path / f"archive{months}")
        add_found(archive, FILE_05_2015, tiny_05([(site, 30, 3) for site in SITES]), "2018-01-01")
        for month in range(months):
            sites = dict.fromkeys(SITES, ("00001", "Drenthe")) | {f"99ZZ{month:02d}": ("00009", "Zeeland")}
            add_found(archive, FILE_SITES, address_file(sites), date(2019, 1, 1) + timedelta(days=30 * month))
        build(tmp_path / f"{months}.duckdb", archive, ParseCache(tmp_path / "cache"), Edition("mirror"))
        with connect(tmp_path / f"{months}.duckdb", read_only=True) as con:
            sizes.append(rows_of(con, "SELECT count(*) FROM core.entity_of"))
    assert sizes[0] == sizes[1]


def monthly_files(newest: str, months: int) -> Iterator[tuple[str, date]]:
    """Made-up address files of the months after the newest real one; in month m, m sites have another board."""
    head, *lines = newest.splitlines()
    at = head.split(";").index("BEVOEGD GEZAG NUMMER") if "BEVOEGD GEZAG NUMMER" in head.split(";") else 1
    for month in range(1, months + 1):
        cells = lines[month - 1].split(";")
        cells[at] = "00001"
        lines[month - 1] = ";".join(cells)
        yield "\r\n".join([head, *lines, ""]), date(2021, 1, 1) + timedelta(days=30 * month)


def compare_on_the_mirror(months: int) -> None:
    """Print the comparison on the real files with `months` made-up address files."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder) / "archive")
        add_manifest(archive, MIRROR / "mirror", MIRROR / "manifest.csv", "mirror")
        newest = max(
            (one for one in archive.vintages() if one.origin.dataset_id == "duo_vestigingen"),
            key=lambda one: one.known_from,
        )
        text = newest.path.read_bytes().decode("cp1252")
        for content, known in monthly_files(text, months):
            add_found(archive, newest.origin.file_name, content, known)
        build(Path(folder) / "w.duckdb", archive, ParseCache(Path(folder) / "cache"), Edition("mirror"))
        total, strange, members, members_by_day = difference(Path(folder) / "w.duckdb")
        print(
            f"{months} months: {total} observations, {strange} differ; entity_of {members}, every day {members_by_day}"
        )


if __name__ == "__main__":
    compare_on_the_mirror(int(sys.argv[1]))
