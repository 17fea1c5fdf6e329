"""The real files of the shared mirror: all of each is read, and its totals are the published ones."""

from datetime import date

import pandas as pd
import pytest

from schemas.dataset import file_name
from schemas.datasets import dataset_for
from schemas.reading.validate import parse_file

pytestmark = pytest.mark.mirror
DUO_FOLDER = "duo.nl/open_onderwijsdata/images"


def real(folder, path: str) -> pd.DataFrame:
    """The rows of a real file; nothing of it may be rejected or unknown."""
    dataset = dataset_for(path)
    parsed = parse_file(dataset, file_name(path), (folder / path).read_bytes())
    assert parsed.quarantine.empty and parsed.unknown_headers == ()
    assert parsed.rows["line"].nunique() == parsed.data_lines
    return parsed.rows


@pytest.mark.parametrize(
    "name,pupils",
    [
        ("01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2017-2018.csv", 992_195),
        ("01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv", 956_857),
    ],
)
def test_real_pupils(shared_mirror, name, pupils):
    rows = real(shared_mirror, f"{DUO_FOLDER}/{name}")
    assert rows.filter(regex=r"^year\d_._n$").sum().sum() == pupils


@pytest.mark.parametrize(
    "name,totals",
    [
        ("05.-zittenblijven-vo-brinvest-1516-tov-1617.csv", [972_204, 55_659, 26_886, 46_554]),
        ("05.-zittenblijven-vo-brinvest-1718-tov-1819.csv", [962_015, 59_960, 29_583, 42_434]),
    ],
)
def test_real_repeaters(shared_mirror, name, totals):
    rows = real(shared_mirror, f"{DUO_FOLDER}/{name}")
    assert rows[["pupils_n", "repeaters_n", "moved_down_n", "moved_up_n"]].sum().tolist() == totals


def test_real_exams_of_five_years(shared_mirror):
    rows = real(shared_mirror, f"{DUO_FOLDER}/06-examenkandidaten-en-geslaagden-2014-2019.csv")
    totals = rows.groupby("period_label")[["candidates_n", "passed_n"]].sum()
    assert totals.loc["2015-2016"].tolist() == [198_186, 183_645]
    assert totals.loc["2016-2017"].tolist() == [200_946, 184_744]
    assert totals.loc["2018-2019"].tolist() == [196_552, 180_894]
    shares = (100 * totals["passed_n"] / totals["candidates_n"]).astype(float).round(2)
    assert shares.tolist() == [92.54, 92.66, 91.94, 91.86, 92.03]


def test_real_exams_with_hidden_counts(shared_mirror):
    rows = real(shared_mirror, f"{DUO_FOLDER}/examenkandidaten-en-geslaagden-2019-2024.csv")
    assert rows["masked"].str.split(",").explode().ne("").sum() == 99_220
    assert rows["pass_pct"].notna().all()


@pytest.mark.parametrize(
    "name,totals",
    [
        ("07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv", [200_893, 184_695, 16_198]),
        ("07-geslaagden-gezakten-en-cijfers-2018-2019.csv", [196_552, 180_894, 15_658]),
    ],
)
def test_real_graduates(shared_mirror, name, totals):
    rows = real(shared_mirror, f"{DUO_FOLDER}/{name}")
    assert rows[["candidates_n", "passed_n", "failed_n"]].sum().tolist() == totals


@pytest.mark.parametrize("name,rows_n", [("09-examenkandidaten-havo", 12_102), ("10-examenkandidaten-vwo", 13_273)])
def test_real_subjects(shared_mirror, name, rows_n):
    rows = real(shared_mirror, f"{DUO_FOLDER}/{name}-en-examencijfers-2018-2019.csv")
    assert len(rows) == rows_n
    assert rows["central_exam_grade"].min() >= 1
    assert set(rows["judgement"].dropna()) == {"V", "G"}


def test_real_addresses(shared_mirror):
    schools = real(shared_mirror, f"{DUO_FOLDER}/01.-hoofdvestigingen-vo.csv")
    assert (len(schools), schools["board_id"].nunique()) == (651, 338)
    sites = real(shared_mirror, f"{DUO_FOLDER}/02-alle-vestigingen-vo.csv")
    assert (len(sites), sites["brin"].nunique(), sites["board_id"].nunique()) == (1_610, 650, 328)
    assert sites["denomination"].isna().sum() == 1  # blanks padded to the width of the field


def test_real_early_leavers(shared_mirror):
    rows = real(shared_mirror, f"{DUO_FOLDER}/15.-vsv-per-swv-2015.csv")
    assert rows[["pupils_n", "leavers_n"]].sum().tolist() == [949_874, 4_522]
    assert rows["swv_id"].nunique() == 75


def test_real_own_funds(shared_mirror):
    rows = real(shared_mirror, f"{DUO_FOLDER}/01-balans-2015-2019.xlsx")
    vo = rows[rows["sector"] == "VO"]
    billions = (vo.groupby("year")["own_funds_eur"].sum() / 1e9).astype(float).round(3)
    assert billions.tolist() == [2.084, 2.143, 2.243, 2.346, 2.552]
    assert vo.groupby("year").size().loc[[2015, 2019]].tolist() == [364, 357]
    boards = vo[vo["group"].isin([f"SSG{number}" for number in range(1, 6)])]
    billions = (boards.groupby("year")["own_funds_eur"].sum() / 1e9).astype(float).round(3)
    assert billions.tolist() == [2.002, 2.038, 2.116, 2.204, 2.408]
    assert boards.groupby("year").size().loc[[2015, 2019]].tolist() == [289, 281]


def test_real_costs(shared_mirror):
    rows = real(shared_mirror, "onderwijsdata.duo.nl/lasten.csv")
    billions = (rows[rows["sector"] == "VO"].groupby("year")["staff_eur"].sum() / 1e9).astype(float).round(2)
    assert billions.loc[[2014, 2018]].tolist() == [6.25, 7.03]
    assert rows["board_id"].str.fullmatch(r"\d{5}").all()


def test_real_successions(shared_mirror):
    rows = real(shared_mirror, "onderwijsdata.duo.nl/rio/OVERGANGEN_20250113.csv")
    assert len(rows) == 8_785
    assert (rows["from_law"] == "WVO").sum() == 752
    assert rows["happened_on"].iloc[0] == date(2005, 8, 1)
