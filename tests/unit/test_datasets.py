"""The declared datasets: are they whole, and which files are theirs."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

import schemas.datasets
from schemas.dataset import DUO, Dataset, PublishedFile, all_subclasses, file_name
from schemas.datasets import dataset_for, datasets
from schemas.fields import RowModel, Series, brin, count
from schemas.reading.validate import parse_file
from warehouse.build.core_tables import feeds

ALL = datasets()
EACH = pytest.mark.parametrize("dataset", ALL.values(), ids=ALL.keys())

CLAIMED = {
    "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2016-2017.csv": "duo_01_leerlingen",
    "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv": "duo_01_leerlingen",
    "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2017.xlsx": "duo_01_leerlingen",
    "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv": "duo_05_zittenblijvers",
    "06-examenkandidaten-en-geslaagden-2013-2018.csv": "duo_06_examens",
    "examenkandidaten-en-geslaagden-2020-2025.xlsx": "duo_06_examens",
    "07.-geslaagden%2C-gezakten-en-cijfers-2010-2011.csv": "duo_07_geslaagden",
    "07.-geslaagden,-gezakten-en-cijfers-2016-2017.xlsx": "duo_07_geslaagden",
    "geslaagden,-gezakten-en-cijfers-2021-2022.csv": "duo_07_geslaagden",
    "08.-examenkandidaten-vmbo-en-examencijfers-2013-2014-.csv": "duo_08_10_vakken",
    "examenkandidaten-vwo-en-examencijfers-2024-2025.csv": "duo_08_10_vakken",
    "15.-vsv-per-swv-2015.csv": "duo_15_vsv_swv",
    "01-hoofdvestigingen-vo.xlsx": "duo_hoofdvestigingen",
    "02.-alle-vestigingen-vo.csv": "duo_vestigingen",
    "vestigingenvo.csv": "duo_vestigingen",
    "instellingenvo.csv": "duo_hoofdvestigingen",
    "besturenvo.csv": "duo_bevoegde_gezagen",
    "04.-samenwerkingsverbanden-passend-onderwijs-vo.csv": "duo_samenwerkingsverbanden",
    "05.-instellingen-per-samenwerkingsverband-passend-onderwijs-vo.csv": "duo_swv_instellingen",
    "01.-onderwijspersoneel-vo-in-personen-2011-2026.xlsx": "duo_personeel_personen",
    "01-balans-2015-2019.xlsx": "duo_balans",
    "14-lasten-2013-2017.xlsx": "duo_lasten",
    "16-financiele-kengetallen-per-bestuur-2013-2017.xlsx": "duo_kengetallen",
    "OVERGANGEN_20250113.csv": "duo_overgangen",
    "oordeel_po_so_vo.csv": "inspectie_oordelen_v02",
    "85382NED.csv": "cbs_85382ned",
}
NOT_CLAIMED = [
    "03.-leerlingen-vo-per-vestiging-en-bestuur-(vavo-apart)-2013-2014.csv",
    "01-vsv-in-het-vo-per-vo-instelling-2012.csv",
    "02-onderwijspersoneel-vo-in-fte-2011-2018.xlsx",
    "12.-rijksbijdragen-2020-2024-standaard.xlsx",
    "functiemix-besturen.csv",
    "02.-leerlingen-per-vestiging-naar-postcode-en-leerjaar-2015-2016.csv",
    "04.-leerlingen-per-bestuur-en-denominatie-(vavo-apart)-2015-2016.csv",
    "05.-leerlingen-vo-per-samenwerkingsverband-en-onderwijstype-2012.csv",
    "05.-zittenblijvers-niveau-provincie-2023-2024-tov-2024-2025.csv",
    "05.-zittenblijvers-niveau-landelijk-2023-2024-tov-2024-2025.csv",
    "06.-besturen-swv-en-passend-onderwijs.csv",
    "13.-toegestaan-onderwijs-2015.csv",
    "2.-staat-van-baten-en-lasten-2020-2024-standaard.xlsx",
    "19.-segmentatie-2020-2024-standaard.xlsx",
    "verzuimkengetallen-2015-2017.xlsx",
    "01.-po-personen-owtype-bestuur-brin-functie.csv",
    "01.-hoofdvestigingen-basisonderwijs.csv",
    "02.-po-fte-owtype-bestuur-brin-functie.csv",
    "basisgegevens-instellingen.zip",
    "toelichting-07-geslaagden-gezakten-en-cijfers.pdf",
    "functiemix-gemiddelden.csv",
    "manifest.csv",
]


@pytest.mark.parametrize("name,dataset_id", CLAIMED.items())
def test_a_published_name_belongs_to_one_dataset(name, dataset_id):
    assert dataset_for(name).id == dataset_id


@pytest.mark.parametrize("name", NOT_CLAIMED)
def test_a_name_that_is_not_declared_belongs_to_none(name):
    assert dataset_for(name) is None


@EACH
def test_a_dataset_claims_its_own_files_and_nobody_elses(dataset):
    for file in dataset.files:
        assert dataset_for(file.url) is dataset, file.url
        assert dataset_for(file_name(file.url)) is dataset, file.url


@EACH
def test_a_declaration_is_whole(dataset):
    assert dataset.title_nl and dataset.title_en and dataset.publisher.name
    assert dataset.landing_page.startswith("https://")
    assert set(dataset.key) <= set(dataset.columns())
    assert dataset.id.isidentifier() and dataset.id == dataset.id.lower()
    read = dataset.fields()
    assert read, "no column is read"
    in_blocks = {column for column in dataset.wide_measures.values() if column}
    assert {column for column, spec in read.items() if not spec["headers"]} <= in_blocks
    assert in_blocks <= set(read)
    if dataset.period_from is not None:
        assert dataset.period_rule is not None
        assert dataset.period_from in {*read, dataset.wide_column}
    assert set(dataset.columns()) - set(read) <= {
        "line",
        "masked",
        "period_label",
        "period_start",
        "period_end",
        "year_in_name",
    }


@EACH
def test_a_dataset_feeds_something(dataset):
    """A series, a table of the build or a view; what feeds nothing is taken out."""
    assert feeds().get(dataset.id)


@EACH
def test_a_declaration_has_no_header_for_two_columns(dataset):
    headers = [title for spec in dataset.fields().values() for title in spec["headers"]]
    assert len(headers) == len(set(headers))


@EACH
def test_the_periods_of_known_files_can_be_told(dataset):
    if dataset.period_of.__func__ is Dataset.period_of.__func__:
        return
    for file in dataset.files:
        assert dataset.period_of(file_name(file.url)) is not None, file.url


@pytest.mark.parametrize(
    "name,start",
    [
        ("01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2017-2018.csv", date(2017, 10, 1)),
        ("01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv", date(2019, 10, 1)),
        ("05.-zittenblijven-vo-brinvest-1516-tov-1617.csv", date(2015, 10, 1)),
        ("05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv", date(2017, 10, 1)),
        ("07.-geslaagden%2C-gezakten-en-cijfers-2010-2011.csv", date(2010, 8, 1)),
    ],
)
def test_the_period_in_a_name(name, start):
    assert dataset_for(name).period_of(file_name(name)).start == start


def test_names_are_decoded_in_one_place():
    assert file_name("https://duo.nl/open_onderwijsdata/images/07.-geslaagden%2C-gezakten.csv?v=2") == (
        "07.-geslaagden,-gezakten.csv"
    )
    assert file_name("https://duo.nl/a/basis.zip#OVERGANGEN_20250113.csv") == "OVERGANGEN_20250113.csv"
    assert file_name("folder/100%25.csv") == "100%.csv"


def test_two_datasets_that_claim_one_name_are_told(monkeypatch):
    greedy = SimpleNamespace(id="greedy", matches=lambda name: True)
    monkeypatch.setattr(schemas.datasets, "datasets", lambda: {**ALL, "greedy": greedy})
    with pytest.raises(LookupError, match=r"OVERGANGEN\.csv is claimed by duo_overgangen and greedy"):
        dataset_for("OVERGANGEN.csv")


def test_all_declared_datasets_are_found():
    assert {cls.id for cls in all_subclasses(Dataset) if cls.__module__.startswith("schemas.")} == set(ALL)


def test_a_new_dataset_is_one_class():
    """All that a new dataset needs, against the reading code as it is."""

    class NieuwRow(RowModel):
        brin: Series[str] = brin()
        rooms_n: Series[pd.Int64Dtype] = count("LOKALEN")

    class Nieuw(Dataset):
        publisher = DUO
        name_pattern = r"^lokalen-\d{4}\.csv$"
        files = (PublishedFile("https://duo.nl/open_onderwijsdata/images/lokalen-2024.csv"),)
        key = ("brin",)
        Row = NieuwRow

    parsed = parse_file(Nieuw, "lokalen-2024.csv", b"BRIN NUMMER;LOKALEN\r\n00AH;<5\r\n01XF;12\r\n")
    assert parsed.rows["masked"].tolist() == ["rooms_n", ""]
