"""The sample edition: the same bytes every time, the publisher's layouts, one coherent and openly fictional world."""

import csv
import hashlib
import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.tools.sample_generator import MANIFEST_COLUMNS, write_sample
from tests.tools.sample_generator.exams import exam_totals, wide
from tests.tools.sample_generator.files import FILES, IMAGES
from tests.tools.sample_generator.layouts import BALANCE
from tests.tools.sample_generator.plans import FORMULA_NAME, HOSTILE_NAME
from tests.tools.sample_generator.pupils import rows_of
from tests.tools.sample_generator.text import grade, percent_modern, percent_old, percent_two, thousands
from tests.tools.sample_generator.truth import MEN, Truth
from tests.tools.sample_generator.world import brin_code, make_world

REPO = Path(__file__).parents[2]
MIRROR = REPO.parent / "shared" / "opendata" / "mirror"
REAL_MANIFEST = MIRROR.parent / "manifest.csv"

HEADER_SHA256 = {
    "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2017-2018.csv": "52c5a9071defeaca",
    "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv": "9de7b4f3adfec60f",
    "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv": "f8d611e71b9cd617",
    "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv": "870e4d42b31ef340",
    "06-examenkandidaten-en-geslaagden-2014-2019.csv": "b3a3064dbfec4909",
    "examenkandidaten-en-geslaagden-2019-2024.csv": "d61b76e5b84d8857",
    "07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv": "c68eabb9e24ea9ab",
    "07-geslaagden-gezakten-en-cijfers-2018-2019.csv": "c68eabb9e24ea9ab",
    "geslaagden-gezakten-en-cijfers-2024-2025.csv": "13ee095febc2c267",
    "09-examenkandidaten-havo-en-examencijfers-2018-2019.csv": "ddacb4b72b104cbe",
    "10-examenkandidaten-vwo-en-examencijfers-2018-2019.csv": "ddacb4b72b104cbe",
    "01.-hoofdvestigingen-vo.csv": "92b7ab569a2adc34",
    "02-alle-vestigingen-vo.csv": "2b281b753466b097",
    "15.-vsv-per-swv-2015.csv": "bf7890d0dec30a30",
    "lasten.csv": "6e43531029f71a9d",
    "OVERGANGEN_20250113.csv": "0b507633ce737138",
}
"""First 16 digits of the SHA-256 of the header lines of the real files, which are looked at too where at hand."""

NAMES = tuple(HEADER_SHA256)
PUPILS_2017, PUPILS_2019, REPEATERS_2015, REPEATERS_2017, EXAMS_2014, EXAMS_2019, *_ = NAMES
PASSED_2016, PASSED_2018, PASSED_2024, HAVO_2018, VWO_2018, SCHOOLS_2016, SITES_2020, *_ = NAMES[6:]
LEAVERS, COSTS, SUCCESSIONS = NAMES[13:]
PUPILS_2023 = "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2023.csv"
REPEATERS_2023 = "05.-zittenblijvers-niveau-vestiging-2023-2024-tov-2024-2025.csv"
TYPE = "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"
MEASURES = ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample")).parent


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth(2018, 1)


def content(sample: Path, name: str) -> bytes:
    return next(sample / file.path for file in FILES if file.path.endswith("/" + name)).read_bytes()


def read(sample: Path, name: str) -> Rows:
    file = next(file for file in FILES if file.path.endswith("/" + name))
    text = content(sample, name).decode(file.encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=file.delimiter, strict=True))


def manifest(folder: Path) -> Rows:
    return list(csv.DictReader((folder / "manifest.csv").read_text(encoding="utf-8").splitlines()))


def per_site(rows: Rows, column: str, key: str = "VESTIGINGSNUMMER") -> Counter[str]:
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row[key]] += int(row[column])
    return totals


def leerjaar_columns(row: dict[str, str]) -> list[str]:
    return [column for column in row if column.startswith("LEER- OF")]


def test_another_process_with_another_hash_seed_writes_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    code = f"from pathlib import Path; from tests.tools.sample_generator import write_sample; write_sample(Path({str(tmp_path)!r}))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(REPO), "TZ": "Pacific/Apia"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=REPO)
    assert (tmp_path / "manifest.csv").read_bytes() == (sample / "manifest.csv").read_bytes()
    for entry in manifest(sample):
        assert (tmp_path / entry["path"]).read_bytes() == (sample / entry["path"]).read_bytes()


def test_another_seed_gives_another_world_of_the_same_size() -> None:
    first, second = make_world(1, 1).sites, make_world(2, 1).sites
    assert first != second and len(first) == len(second) == 90


def test_manifest_describes_every_file_and_says_it_is_synthetic(sample: Path) -> None:
    entries = manifest(sample)
    assert tuple(entries[0]) == MANIFEST_COLUMNS
    on_disk = {path.relative_to(sample).as_posix() for path in sample.rglob("*") if path.is_file()}
    assert on_disk - {"manifest.csv"} == {entry["path"] for entry in entries}
    for entry in entries:
        data = (sample / entry["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert len(data) == int(entry["bytes"])
        assert "SYNTHETIC" in entry["note"] and entry["fidelity"] == "synthetic"
    assert sum(int(entry["bytes"]) for entry in entries) < 3_000_000


def test_manifest_agrees_with_the_real_one() -> None:
    if not REAL_MANIFEST.exists():
        pytest.skip("the manifest of the real files is not beside this checkout")
    real = {entry["path"]: entry for entry in csv.DictReader(REAL_MANIFEST.read_text(encoding="utf-8").splitlines())}
    assert tuple(next(iter(real.values()))) == MANIFEST_COLUMNS
    common = [file for file in FILES if file.path in real]
    assert len(common) == 16
    for file in common:
        entry = real[file.path]
        assert (file.url, file.retrieved_on) == (entry["url"], entry["retrieved_on"])
        assert entry["period"].startswith(file.period)


@pytest.mark.parametrize("name", HEADER_SHA256)
def test_header_is_the_publishers(sample: Path, name: str) -> None:
    file = next(file for file in FILES if file.path.endswith("/" + name))
    paths = [folder / file.path for folder in (sample, MIRROR) if (folder / file.path).exists()]
    headers = [path.read_bytes().split(b"\n", 1)[0].rstrip(b"\r") for path in paths]
    assert {hashlib.sha256(header).hexdigest()[:16] for header in headers} == {HEADER_SHA256[name]}


def test_programme_words_are_the_publishers(sample: Path) -> None:
    if not MIRROR.exists():
        pytest.skip("the real files are not beside this checkout")
    words = dict.fromkeys((EXAMS_2014, EXAMS_2019), (4, 7)) | dict.fromkeys((PASSED_2016, PASSED_2018), (5, 9))
    words |= {PUPILS_2017: (5, 11), PUPILS_2019: (5, 10), HAVO_2018: (8, 13), VWO_2018: (8, 13)}
    for name, (first, last) in words.items():
        file = next(file for file in FILES if file.path == IMAGES + name)
        real = csv.reader((MIRROR / file.path).read_text(encoding=file.encoding).splitlines(), delimiter=";")
        known = {tuple(row[first:last]) for row in real}
        unknown = {tuple(row.values())[first:last] for row in read(sample, name)} - known
        assert not unknown, f"{name}: {unknown}"


def test_pupil_layouts_and_their_quirks(sample: Path) -> None:
    old, middle, modern = (read(sample, name) for name in (PUPILS_2017, PUPILS_2019, PUPILS_2023))
    assert [len(rows[0]) for rows in (old, middle, modern)] == [23, 22, 23]
    assert {row["LWOO INDICATIE"] for row in old} == {"J", "N"}
    tl = [
        {row["VMBO SECTOR"] for row in rows if row["AFDELING"] == "N.v.t." and "TL" in row[TYPE]}
        for rows in (old, middle)
    ]
    assert tl == [{"N.v.t."}, {"N.v.t.", "Economie", "Techniek", "Zorg & Welzijn", "Landbouw"}]
    assert {len(row["VESTIGINGSNUMMER"]) for row in old} == {2}
    assert {len(row["VESTIGINGSCODE"]) for row in modern} == {2}
    assert "Int. Baccelaureaat" in {row[TYPE] for row in old}
    assert "0033" in {row["ELEMENTCODE"] for row in old}
    for name, encoding in ((PUPILS_2017, "cp1252"), (PUPILS_2019, "cp1252"), (PUPILS_2023, "utf-8")):
        data = content(sample, name)
        first = next(place for place, byte in enumerate(data) if byte > 127)
        assert first > 65_536, "the start of a file looks like ASCII, as in the real ones"
        assert {"é", "ë", "û", "ï"} <= set(data.decode(encoding))
    lines = content(sample, PUPILS_2023).split(b"\r\n")[:-1]
    assert all(line.startswith(b'"') and line.endswith(b'"') for line in lines)


def test_repeater_layouts_and_their_quirks(sample: Path) -> None:
    first, second = read(sample, REPEATERS_2015), read(sample, REPEATERS_2017)
    assert {"0", "1"} <= {row["VESTIGINGSNUMMER"] for row in first}
    assert {"00", "01"} <= {row["VESTIGINGSNUMMER"] for row in second}
    assert "901" in {row["GEMEENTENUMMER VESTIGING"] for row in first}
    assert "0901" in {row["GEMEENTENUMMER"] for row in second}
    assert any("." in row["TOTAAL LEERLINGEN"] for row in first)
    assert any(len(row["PERCENTAGE ZITTENBLIJVERS"].partition(",")[2]) == 2 for row in first)
    data = content(sample, REPEATERS_2015)
    assert b"\x82" in data and "é" not in data.decode("cp1252")
    assert data.decode("cp437") == data.decode("cp850")
    assert not any("VOORBEELD" not in row["GEMEENTENAAM"] for row in second)


def test_exam_layouts_and_their_quirks(sample: Path) -> None:
    old, modern = read(sample, EXAMS_2014), read(sample, EXAMS_2019)
    percentages = {value for row in old for column, value in row.items() if column.startswith("SLAAGPERC")}
    assert {",0%", "100,0%"} <= percentages and "" not in percentages
    assert {row["VESTIGINGSNUMMER"][:4] == row["BRIN NUMMER"] for row in old} == {True}
    assert {value for row in old for column, value in row.items() if "ONBEKEND" in column} == {"0", ",0%"}
    codes = {row["INSPECTIECODE"] for row in old}
    assert {"26", "27", "30", "34", "46", "50", "60", "90", "93"} <= codes
    undivided = [row for row in old if row["INSPECTIECODE"] == "46"]
    late = sum(int(row["EXAMENKANDIDATEN SCHOOLJAAR 2018-2019 - TOTAAL"]) for row in undivided)
    full = sum(int(row["EXAMENKANDIDATEN SCHOOLJAAR 2017-2018 - TOTAAL"]) for row in undivided)
    assert 0 < late < full / 5, "VMBO T almost gone in 2018-2019, when the sectors take over"
    cells = [tuple(row[f"{measure} SCHOOLJAAR 2019-2020 - MAN"] for measure in MEASURES) for row in modern]
    assert ("<5", "<5", "100") in cells and ("0", "0", "0") in cells
    assert any("." in percentage for _, _, percentage in cells)
    spaced = {row["LEERWEG VMBO"] for row in read(sample, PASSED_2024) if row["ONDERWIJSTYPE VO"] != "VMBO"}
    assert spaced == {" "}
    assert {row["LEERWEG VMBO"] for row in read(sample, PASSED_2018)} == {"", "BL", "KL", "GL", "TL"}


def test_subject_files_have_judged_rows_and_missing_grades(sample: Path) -> None:
    for name, level in ((HAVO_2018, "HAVO"), (VWO_2018, "VWO")):
        rows = read(sample, name)
        assert {(row["SCHOOLJAAR"], row["ONDERWIJSTYPE VO"]) for row in rows} == {("2018", level)}
        assert {row["SCHOOLEXAMEN BEOORDELING"] for row in rows} == {"", "V", "G"}
        assert any(row["GEM. CIJFER REKENTOETS"] not in (",0", "") for row in rows)
        for row in rows:
            none = row["TOTAAL AANTAL CENTRALE EXAMENS"] == "0"
            assert none == (row["GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS"] == ",0")
    dutch = {row["BRIN NUMMER"] + row["VESTIGINGSNUMMER"]: row for row in rows if row["VAKCODE"] == "1001"}
    vwo = [row for row in read(sample, PASSED_2018) if row["ONDERWIJSTYPE VO"] == "VWO"]
    candidates = per_site(vwo, "EXAMENKANDIDATEN")
    assert {site: int(row["TOTAAL AANTAL CENTRALE EXAMENS"]) for site, row in dutch.items()} == candidates


def test_exam_files_count_the_same_people(sample: Path) -> None:
    wide_rows = read(sample, EXAMS_2014)
    for measure in ("EXAMENKANDIDATEN", "GESLAAGDEN"):
        definitive = per_site(read(sample, PASSED_2018), measure)
        assert +per_site(wide_rows, f"{measure} SCHOOLJAAR 2018-2019 - TOTAAL") == +definitive
        provisional = per_site(read(sample, PASSED_2016), measure)
        revised = per_site(wide_rows, f"{measure} SCHOOLJAAR 2016-2017 - TOTAAL")
        missing = revised.total() - provisional.total()
        assert 0 < missing < revised.total() * 0.01
        assert all(provisional[site] <= people for site, people in revised.items())
    for row in read(sample, PASSED_2016) + read(sample, PASSED_2018):
        assert int(row["EXAMENKANDIDATEN"]) == int(row["GESLAAGDEN"]) + int(row["GEZAKTEN"])


def test_repeaters_are_counted_over_the_pupils_of_file_01(sample: Path) -> None:
    pupils: Counter[str] = Counter()
    for row in read(sample, PUPILS_2017):
        if not row[TYPE].startswith(("Praktijk", "HAVO uitbest.")):
            pupils[row["BRIN NUMMER"] + row["VESTIGINGSNUMMER"]] += sum(
                int(row[column]) for column in leerjaar_columns(row)
            )
    base = {row["BRINNUMMER"] + row["VESTIGINGSNUMMER"]: row for row in read(sample, REPEATERS_2017)}
    assert {site: int(row["AANTAL_LEERLINGEN"]) for site, row in base.items()} == +pupils
    share = sum(int(row["AANTAL_ZITTENBLIJVERS"]) for row in base.values()) / pupils.total()
    assert 0.04 < share < 0.08


def test_candidates_were_in_the_last_year_on_the_count_day_before(truth: Truth) -> None:
    for site in truth.world.sites:
        cells = truth.pupils(site, 2017).items()
        last = sum(s.both for (p, year), s in cells if year >= 4 and p.level not in ("PRO", "IB"))
        candidates = sum(result.candidates.both for result in truth.exams(site, 2018).values())
        assert candidates <= last
        for result in truth.exams(site, 2018).values():
            assert result.passed.men <= result.candidates.men and result.passed.women <= result.candidates.women


def masks_and_truth(sample: Path, truth: Truth) -> Iterator[tuple[str, int]]:
    """Every maskable cell of the modern files beside the true count."""
    names = ("AANTAL_LEERLINGEN", "AANTAL_ZITTENBLIJVERS", "AANTAL_AFSTROMERS", "AANTAL_OPSTROMERS")
    sites = dict(truth.world.located(2023))
    for row in read(sample, REPEATERS_2023):
        flow = truth.flow(sites[row["INSTELLINGSCODE"], row["VESTIGINGSCODE"]], 2023)
        yield from zip((row[name] for name in names), flow, strict=True)
    counts = [counts for _, site in truth.world.located(2023) for _, counts in rows_of(truth, site, 2023)]
    for row, true in zip(read(sample, PUPILS_2023), counts, strict=True):
        yield from zip((row[column] for column in leerjaar_columns(row)), true, strict=True)
    for row, (_, _, years) in zip(read(sample, EXAMS_2019), wide(truth, 2020), strict=True):
        printed = [value for column, value in row.items() if column.startswith(MEASURES[:2])]
        for men, women in years:
            total = (men[0] + women[0], men[1] + women[1])
            yield from zip([printed.pop(0) for _ in range(6)], (*men, *women, *total), strict=True)
    for row, (_, _, _, (candidates, passed)) in zip(read(sample, PASSED_2024), exam_totals(truth, 2025), strict=True):
        printed = [row[name] for name in ("EXAMENKANDIDATEN", "GESLAAGDEN", "GEZAKTEN")]
        yield from zip(printed, (candidates, passed, candidates - passed), strict=True)


def test_masks_stand_exactly_where_the_truth_is_one_to_four(sample: Path, truth: Truth) -> None:
    cells = list(masks_and_truth(sample, truth))
    assert len(cells) > 40_000
    for printed, true in cells:
        assert printed == ("<5" if 1 <= true <= 4 else str(true))
    assert {"<5", "0"} <= {printed for printed, _ in cells}
    for file in FILES:
        if file.encoding == "cp1252":
            assert b"<5" not in (sample / file.path).read_bytes(), f"{file.path} is from before masking"


def test_two_mergers_lie_between_the_two_address_files(sample: Path) -> None:
    before, after = read(sample, SCHOOLS_2016), read(sample, SITES_2020)
    assert len(before) == 48 and len(after) == 90
    schools = [{row["BRIN NUMMER"] for row in rows} for rows in (before, after)]
    assert schools[0] - schools[1] == {"90AA"} and len(schools[1]) == 47
    boards = [{row["BEVOEGD GEZAG NUMMER"] for row in rows} for rows in (before, after)]
    assert len(boards[0]) == 24 and len(boards[1]) == 23 and boards[1] < boards[0]
    assert len({row["PROVINCIE"] for row in after}) == 12
    blanks = {row[column] for row in after for column in ("TELEFOONNUMMER", "INTERNETADRES", "DENOMINATIE")}
    assert {" " * 10, " " * 80, " " * 30} <= blanks
    rows = read(sample, SUCCESSIONS)
    moves = {(row["NR_ADMIN_VAN"], row["NR_ADMIN_NAAR"], row["DT_OVERGANG"]) for row in rows}
    assert moves == {("90AA", "90AB", "1-8-2018"), ("90AA00", "90AB10", "1-8-2018")}
    merged = [row for row in read(sample, EXAMS_2014) if row["VESTIGINGSNUMMER"] in ("90AA00", "90AB10")]
    for row in merged:
        gone = row["EXAMENKANDIDATEN SCHOOLJAAR 2018-2019 - TOTAAL"] == "0"
        assert gone == (row["BRIN NUMMER"] == "90AA")
    assert {row["BRIN NUMMER"] for row in merged} == {"90AA", "90AB"}


def test_every_name_says_it_is_made_up(sample: Path) -> None:
    found = 0
    for file in FILES:
        if file.encoding == "xlsx" or file.path.endswith(SUCCESSIONS) or file.path.endswith(LEAVERS):
            continue
        for row in read(sample, file.path.rsplit("/", 1)[1]):
            names = [value for column, value in row.items() if is_name(column)]
            assert names and all("voorbeeld" in name.lower() for name in names if name.strip()), (file.path, names)
            found += 1
    assert found > 5_000
    names = {row["INSTELLINGSNAAM VESTIGING"] for row in read(sample, PUPILS_2017)}
    assert {HOSTILE_NAME, FORMULA_NAME} <= names


def is_name(column: str) -> bool:
    """Columns with the name of a school, board, town or street."""
    words = ("INSTELLINGSNAAM", "VESTIGINGSNAAM", "PLAATSNAAM", "GEMEENTENAAM", "STRAATNAAM")
    return column == "Naam" or column.startswith(words)


def test_accounts_add_up_and_hold_other_sectors(sample: Path) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(sample, "01-balans-2015-2019.xlsx")))
    assert book.sheet_names == ["Balans"]
    header, *rows = book.get_sheet_by_name("Balans").to_python()
    assert tuple(header) == BALANCE
    balance = [dict(zip(header, row, strict=True)) for row in rows]
    assert {("VO", "SWV"), ("PO", "BO1"), ("MBO", "ROC")} <= {(row["Sector"], row["Groepering"]) for row in balance}
    assert {row["Jaar"] for row in balance} == {2015, 2016, 2017, 2018, 2019}
    assert any(row["Bevoegd_Gezag"] == "00901" for row in balance)
    gaps = Counter(row["Totaal van passiva"] - row["Totaal van activa"] for row in balance)
    assert gaps[0] > 0.9 * len(balance) and max(gaps) in range(2, 10) and min(gaps) == 0
    costs = read(sample, COSTS)
    assert [row["_id"] for row in costs] == [str(number) for number in range(1, len(costs) + 1)]
    assert "901" in {row["Bevoegd Gezag"] for row in costs} and "-1" in {
        row["Inventaris en apparatuur"] for row in costs
    }
    assert {row["Jaar"] for row in costs} == {"2014", "2015", "2016", "2017", "2018"}
    for row in costs:
        wages = int(row["Lonen salarissen sociale lasten en pensioenlasten"])
        back = int(row["Uitkeringen die personeelslasten verminderen"] or 0)
        assert int(row["Personeelslasten"]) == wages + int(row["Overige personele lasten"]) - back
    assert b"\xef\xbb\xbf" == content(sample, COSTS)[:3] == content(sample, SUCCESSIONS)[:3]


def test_early_leavers_add_up(sample: Path) -> None:
    rows = read(sample, LEAVERS)
    assert len(rows) == 90 and content(sample, LEAVERS).isascii()
    for row in rows:
        parts = [int(row[f"vsv_{kind}"]) for kind in ("vmbo", "mbo", "overig")]
        assert int(row["vsv_totaal"]) == sum(parts) <= int(row["aantal_leerlingen"])
    assert sum(int(row["vsv_totaal"]) for row in rows) > 0


def test_scale_three_is_three_times_as_many_schools(tmp_path: Path) -> None:
    write_sample(tmp_path, scale=3)
    rows = read(tmp_path, SITES_2020)
    assert len({row["VESTIGINGSNUMMER"] for row in rows}) == len(rows) == 270
    assert len(read(tmp_path, SCHOOLS_2016)) == 144
    assert len(read(tmp_path, EXAMS_2014)) > 2_000


def test_scale_out_of_range_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="whole number from 1 to 100, not 0"):
        make_world(2018, 0)


def test_numbers_are_written_as_the_publisher_does() -> None:
    old = [percent_old(*pair) for pair in ((5, 6), (0, 4), (0, 0), (3, 3), (13, 16))]
    assert old == ["83,3%", ",0%", ",0%", "100,0%", "81,3%"]
    modern = [percent_modern(*pair) for pair in ((13, 16), (15, 16), (10, 11), (9, 10), (0, 0))]
    assert modern == ["81.2", "93.8", "90.9", "90", "0"]
    two = [percent_two(*pair) for pair in ((84, 1001), (25, 1000), (0, 7), (1, 1))]
    assert two == ["8,39", "2,5", "0", "100"]
    assert [thousands(1001), thousands(927), grade(64), grade(0), grade(100)] == ["1.001", "927", "6,4", ",0", "10,0"]


def test_codes_stay_in_the_fictional_ranges() -> None:
    world = make_world(2018, 1)
    assert [brin_code(number) for number in (0, 25, 26, 675, 676)] == ["90AA", "90AZ", "90BA", "90ZZ", "91AA"]
    assert all(site.key.brin >= "90AA" for site in world.sites)
    assert all(site.board_id.startswith("9") and len(site.board_id) == 5 for site in world.sites)
    assert {site.town.municipality_id for site in world.sites if site.town.municipality_id < "9001"} == {"0901"}
    assert {unit for site in world.sites for units in site.units.values() for unit in units} <= set(MEN)
