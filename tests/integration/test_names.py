"""Boards and schools are named in views and macros as they were called on the day of the value."""

from datetime import date
from pathlib import Path

from tests.helpers import lines_of, tiny_05
from tests.tiny_files import FILE_05_2015, FILE_05_2017, FILE_SITES, add_found, address_file, build_in, rows_of
from warehouse.archive.store import Archive

BOARDS = "03.-bevoegde-gezagen-vo.csv"
HEADER = "BEVOEGD GEZAG NUMMER;BEVOEGD GEZAG NAAM;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;ADMINISTRATIEKANTOORNUMMER;KVK-NUMMER"


def boards_file(names: dict[str, str]) -> str:
    """The file of boards: a name per number."""
    return lines_of(HEADER, [f"{board};{name};1234AB;X;0153;X;Openbaar;;" for board, name in names.items()])


def test_a_board_has_the_name_of_the_day_that_is_asked_for(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    sites = {"01AA00": ("00001", "Drenthe"), "02BB00": ("00002", "Drenthe")}
    add_found(archive, FILE_05_2015, tiny_05([("01AA00", 100, 5), ("02BB00", 50, 1)]), "2018-01-01")
    add_found(archive, FILE_05_2017, tiny_05([("01AA00", 100, 6), ("02BB00", 50, 2)]), "2019-01-01")
    for day in ("2016-01-01", "2019-06-01"):
        add_found(archive, FILE_SITES, address_file(sites) + "\r\n" * (day > "2018"), day)
    for name, day in (("Oude naam", "2016-02-01"), ("Nieuwe naam", "2018-02-01"), ("Laatste naam", "2020-02-01")):
        add_found(archive, BOARDS, boards_file({"00001": name}), day)
    with build_in(tmp_path / "build", archive) as con:
        assert rows_of(con, "SELECT board_id, board_name FROM boards") == [("00001", "Nieuwe naam"), ("00002", None)]
        assert rows_of(con, "SELECT school_id, name, board_name, denomination, structure FROM schools") == [
            ("01AA", "Voorbeeld", "Nieuwe naam", "Openbaar", "HAVO"),
            ("02BB", "Voorbeeld", None, "Openbaar", "HAVO"),
        ]
        for day, name in (
            (date(2015, 1, 1), "Oude naam"),
            (date(2018, 1, 1), "Oude naam"),
            (date(2021, 1, 1), "Laatste naam"),
        ):
            found = rows_of(con, "SELECT board_name FROM schools_on($1::DATE) WHERE school_id = '01AA'", day)
            assert found == [(name,)], day
        progress = "SELECT DISTINCT board_id, board_name FROM board_progress(2016, $1) WHERE board_id = '00001'"
        assert rows_of(con, progress, 2016) == [("00001", "Oude naam")]
        assert rows_of(con, progress, 2018) == [("00001", "Nieuwe naam")]
        schools = "SELECT DISTINCT school_id, school_name FROM school_progress(2016, 2018) ORDER BY ALL"
        assert rows_of(con, schools) == [("01AA", "Voorbeeld"), ("02BB", "Voorbeeld")]


def test_a_municipality_is_spelled_as_it_spells_itself(tmp_path: Path) -> None:
    spelled = {
        ("0796", "S HERTOGENBOSCH"): "'s-Hertogenbosch",
        ("0748", "BERGEN OP ZOOM"): "Bergen op Zoom",
        ("0353", "IJSSELSTEIN"): "IJsselstein",
        ("0502", "CAPELLE AAN DEN IJSSEL"): "Capelle aan den IJssel",
        ("0310", "DE BILT"): "De Bilt",
        ("1667", "REUSEL-DE MIERDEN"): "Reusel-De Mierden",
        ("1900", "SUDWEST-FRYSLAN"): "Súdwest-Fryslân",
        ("0060", "Ameland"): "Ameland",
    }
    sites = {f"0{n}AA00": ("00001", "Drenthe") for n in range(1, 9)}
    head, *rows = address_file(sites).splitlines()
    own = [row.replace("0153;STAD Drenthe", ";".join(town)) for row, town in zip(rows, spelled, strict=True)]
    archive = Archive(tmp_path / "archive")
    add_found(archive, FILE_SITES, lines_of(head, own), "2019-06-01")
    with build_in(tmp_path / "build", archive) as con:
        found = rows_of(con, "SELECT municipality_id, municipality FROM schools ORDER BY school_id")
        assert found == [(number, name) for (number, _), name in spelled.items()]
        assert rows_of(con, "SELECT count(*) FROM goals.municipality_name WHERE name_in_files = 'S HERTOGENBOSCH'") == [
            (1,)
        ]
