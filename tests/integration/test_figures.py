"""Printed figures: cited by a key, and checked against everything that was ever known."""

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from flows.commands import figures
from schemas.errors import HandKeptFault
from tests.integration.test_asof import FIRST, REVISED, tiny_archive
from tests.tiny_files import build_in, rows_of

INDICATOR = "g02_zittenblijf_pct"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A pass from 6.2 to 6.23 percent for one school, known on two days."""
    folder = tmp_path_factory.mktemp("figures")
    with build_in(folder / "build", tiny_archive(folder / "archive")) as con:
        yield con


def checked(con: duckdb.DuckDBPyConnection, text: str, tmp_path: Path, monkeypatch) -> tuple[int, list[dict]]:
    """Run `verify` on a file with this text."""
    monkeypatch.setattr(figures, "open_published", lambda data: con.cursor())
    file = tmp_path / "mine.csv"
    file.write_text(text)
    done = CliRunner().invoke(cli.app, ["verify", str(file), "--json"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, json.loads(done.stdout)


def test_a_key_is_one_figure_and_cites_it(tiny):
    ((count, distinct),) = rows_of(tiny, "SELECT count(*), count(DISTINCT citation_key) FROM cited_values()")
    assert count == distinct == rows_of(tiny, "SELECT count(*) FROM history()")[0][0]
    keys = rows_of(
        tiny,
        f"SELECT citation_key, value FROM cited_values() WHERE entity_id = '01AA' AND year = 2018 AND breakdown = 'total' AND indicator_id = '{INDICATOR}' ORDER BY 1",
    )
    assert [(key.partition("@")[2], round(value, 3)) for key, value in keys] == [
        (str(FIRST), 6.2),
        (str(REVISED), 6.23),
    ]
    nl, en, bibtex, holds = rows_of(
        tiny, "SELECT citation_nl, citation_en, bibtex, is_current FROM cite(?)", keys[0][0]
    )[0]
    assert (
        ": 6,2 procent, zoals bekend op 2019-01-01. Bron: " in nl
        and ": 6.2 percent, as known on 2019-01-01. Source: " in en
    )
    assert bibtex.startswith("@misc{g02-zittenblijf-pct-") and bibtex.count("{") == bibtex.count("}") and not holds
    assert rows_of(tiny, "SELECT count(*) FROM cite('no:such:key:at:all@2020-01-01')") == [(0,)]


def test_each_figure_gets_its_verdict(tiny, tmp_path, monkeypatch):
    lines = ["indicator,entity,year,value", *(f"{INDICATOR},01AA,{year},{value}" for year, value in
             ((2018, "6.23"), (2018, "6.2"), (2018, "6.20"), (2018, "7"), (2012, "7")))]  # fmt: skip
    code, found = checked(tiny, "\n".join(lines), tmp_path, monkeypatch)
    assert [one["verdict"] for one in found] == ["holds", "holds", "changed", "never", "unknown"]
    assert (found[2]["held_from"], found[2]["held_until"], found[2]["now"]) == (str(FIRST), str(REVISED), "6.23")
    assert code == exit_codes.MOVED


def test_the_dutch_notation_and_a_column_per_year(tiny, tmp_path, monkeypatch):
    text = f"indicator_id;entity_id;2016;2018\n{INDICATOR};01AA;5,7;6,23\n"
    code, found = checked(tiny, text, tmp_path, monkeypatch)
    assert [(one["year"], one["verdict"]) for one in found] == [(2016, "holds"), (2018, "holds")] and code == 0


def test_keys_are_verified_as_printed_figures_are(tiny, tmp_path, monkeypatch):
    """A watch list of keys: what was replaced since moved, also where the day of the key has come and gone."""
    query = f"SELECT citation_key FROM cited_values() WHERE entity_id = '01AA' AND year = 2018 AND breakdown = 'total' AND indicator_id = '{INDICATOR}' ORDER BY 1"
    (old,), (new,) = rows_of(tiny, query)
    gone = new.replace("2018@", "2011@")
    code, found = checked(tiny, "\n".join(["citation_key", old, new, gone]), tmp_path, monkeypatch)
    assert [(one["verdict"], one["citation_key"]) for one in found] == [
        ("changed", old),
        ("holds", new),
        ("unknown", gone),
    ]
    assert (found[0]["printed"], found[0]["now"], found[0]["held_until"]) == (
        "6.2",
        "6.23",
        str(REVISED),
    ) and code == exit_codes.MOVED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("key\nnonsense\n", "a citation key"),
        ("indicator,entity,value\nx,NL,5\n", "a year such as 2018"),
        ("indicator,year,value\nx,2018,much\n", "expected a number"),
        ("year,value\n2018,5\n", "an indicator, or a goal with one"),
        ("indicator,year\nx,2018\n", "expected figures, found none"),
    ],
)
def test_what_is_no_figure_is_said_with_its_place(tiny, tmp_path, monkeypatch, text, message):
    with pytest.raises(HandKeptFault, match=message):
        checked(tiny, text, tmp_path, monkeypatch)
