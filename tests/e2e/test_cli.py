"""The command line as a newcomer meets it: one sentence per error, JSON on request, documented exit codes."""

import contextlib
import csv
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from docs.generated.commands import commands
from flows import cli, exit_codes
from flows.commands import output, refresh, sandbox
from flows.commands.query import ranges
from warehouse.release.data_directory import DataDirectory


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A data directory with the sample edition published and three snapshots, made through the command line."""
    folder = tmp_path_factory.mktemp("cli")
    done = call(folder, "refresh", "--plain", "--snapshots", "2018-2020")
    assert done.returncode == exit_codes.OK, done.stderr
    assert "Published" in done.stdout and "Snapshot 2020@1.0.0: made." in done.stdout
    return folder


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run the command line in a process of its own."""
    environment = {**os.environ, "SECTORAKKOORD_DATA": str(folder / "data"), "COLUMNS": "200"}
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600)


def test_progress_shows_all_fifteen_goals_and_says_what_is_synthetic(home):
    shown = call(home, "progress").stdout
    assert all(f"G{number:02d}" in shown for number in range(1, 16))
    assert "sample edition; school level and what is flagged synthetic is made up" in shown.replace("\n", " ")
    assert "Target value" in shown and "interpretable" in shown and "covid year" in shown


def test_progress_in_dutch(home):
    shown = call(home, "progress", "2018", "2020", "--lang", "nl").stdout
    assert "Zittenblijvers" in shown
    (sentence,) = json.loads(
        call(home, "sql", "SELECT sentence_nl FROM goal_status WHERE goal_id = 'G02'", "--json").stdout
    )
    assert " ".join(sentence["sentence_nl"].split()) in " ".join(shown.split())


def test_progress_as_json_has_the_columns_of_the_macro(home):
    rows = json.loads(call(home, "progress", "--json").stdout)
    assert len(rows) == 15
    assert list(rows[0])[:4] == ["goal_id", "ambition_id", "goal_nl", "goal_en"]
    g02 = next(row for row in rows if row["goal_id"] == "G02")
    assert (g02["value_from"], g02["value_to"], g02["status"]) == (5.71, 3.32, "target_met_not_interpretable")


def test_vintages_lays_what_each_date_knew_side_by_side(home):
    """The same numbers as the macro, in the order of the dates; of one day its end comes last."""
    table = list(csv.DictReader(call(home, "vintages", "g02_zittenblijf_pct", "--format", "csv").stdout.splitlines()))
    dates = list(table[0])[3:]
    assert dates == sorted(dates, key=lambda name: (name[:10], len(name) == 10, name)) and len(dates) > 2
    long = json.loads(call(home, "vintages", "g02_zittenblijf_pct", "--json").stdout)
    assert {one["vintage"] for one in long} == set(dates)
    cells = {
        (one["method_version"], one["period_label"], one["vintage"]): f"{one['value_low']} .. {one['value_high']}"
        if one["value"] is None
        else repr(one["value"])
        for one in long
    }
    for row in table:
        for date in dates:
            assert row[date] == cells.get((row["method_version"], row["period_label"], date), "")
    refused = call(home, "vintages", "g99_nothing")
    assert refused.returncode == exit_codes.USAGE and "expected an indicator" in refused.stderr


def test_an_unchanged_refresh_says_so(home):
    done = call(home, "refresh", "--plain")
    assert done.returncode == exit_codes.OK and "Nothing has changed" in done.stdout


def test_freezing_again_says_that_it_holds(home):
    done = call(home, "backfill", "2018", "2020", "--plain")
    assert done.returncode == exit_codes.OK and done.stdout.count("holds as it is") == 3
    assert "holds" in call(home, "snapshot", "2020", "--verify").stdout


def test_status_and_sources(home):
    assert "audits passed" in call(home, "status").stdout
    status = json.loads(call(home, "status", "--json").stdout)
    assert status["release"]["synthetic"] is True and len(status["snapshots"]) == 3
    sources = json.loads(call(home, "sources", "--json").stdout)
    assert {row["layout"] for row in sources} == {"seen", "not yet seen live", "unknown"}
    feeds = {row["dataset"]: row["feeds"] for row in sources}
    assert all(feeds.values())
    assert feeds["duo_15_vsv_swv"] == (
        "early_leavers, samenwerkingsverband_context (context: the file does not say which school year its 2015 is)"
    )
    assert "G14 has no value" in feeds["20250804_Oordeel_en_standaard_PO_SO_VO.ods"]


def test_explain_leads_to_file_and_line(home):
    shown = call(home, "explain", "G02", "--period", "2018").stdout
    assert "100 * sum(AANTAL_ZITTENBLIJVERS) / sum(AANTAL_LEERLINGEN)" in shown and "SYNTHETIC" in shown
    (record,) = [
        row
        for row in json.loads(
            call(home, "explain", "G02", "--period", "2020", "--as-of", "2022-01-01", "--json").stdout
        )
        if row["method_version"] == "excl_nieuwkomers"
    ]
    assert record["value"] == 3.32 and record["lines"] and len(record["sha256"]) == 64
    assert "coverage" in call(home, "explain", "G02", "--period", "1950").stdout


def test_sql_reads_and_cannot_write_or_reach_files(home, tmp_path):
    assert json.loads(call(home, "sql", "SELECT 1 AS one, '<b>[red]x' AS text", "--json").stdout) == [
        {"one": 1, "text": "<b>[red]x"}
    ]
    assert "<b>[red]x" in call(home, "sql", "SELECT '<b>[red]x' AS text").stdout
    wal = home / "data" / "warehouse.duckdb.wal"
    for query, found in (
        (f"COPY (SELECT 1) TO '{wal}'", "found COPY"),
        ("SELECT 1; DELETE FROM goals.goal", "found DELETE"),
        ("EXPLAIN ANALYZE COPY (SELECT 1) TO 'x'", "found EXPLAIN"),
        ("SET threads = 1", "found SET"),
        ("CALL enable_profiling()", "found CALL"),
        ("PRAGMA enable_profiling", "found PRAGMA"),
        ("PIVOT goals.goal ON goal_id USING count(*)", "give a PIVOT its values with IN"),
        ("FROM read_csv('/etc/hostname')", "disabled by configuration"),
        ("FROM query('FROM read_text(''/etc/hostname'')')", "found query()"),
        (
            f"FROM enable_logging('QueryLog', storage='file', storage_path='{tmp_path}'); SELECT 1",
            "found enable_logging()",
        ),
        ('SELECT 1 WHERE EXISTS (FROM "Checkpoint"())', "found checkpoint()"),
        ("selec", "syntax error"),
        (" ", "expected a query, found none"),
    ):
        done = CliRunner().invoke(cli.app, ["sql", query], env={"SECTORAKKOORD_DATA": str(home / "data")})
        assert exit_codes.exit_code(done.exception) == exit_codes.SQL, query
        assert str(done.exception).startswith("sql:") and found in str(done.exception), (query, str(done.exception))
    assert not wal.exists() and not list(tmp_path.glob("*log*"))
    assert call(home, "sql", "SELECT 'enable_logging' AS checkpoint").stdout.split() == ["checkpoint", "enable_logging"]
    assert call(home, "sql", "selec").stderr.startswith("error sql:")


def test_sql_has_limits_of_time_memory_and_rows(home):
    data = DataDirectory(home / "data")
    endless = "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range + b.range = -1"
    for query, seconds, memory, sentence in (
        (endless, 0.2, None, "expected an answer within 0.2 seconds"),
        ("SELECT list(range) FROM range(100000000)", 60, "100MB", "expected a query that fits in"),
        ("FROM range(1001)", 60, None, "expected at most 1,000 rows"),
    ):
        with (
            pytest.raises(exit_codes.QueryError, match=sentence),
            sandbox.open_published(data, memory) as con,
            sandbox.limited(con, query, seconds) as cursor,
        ):
            sandbox.rows_within(cursor, 1000)


ROW = "SELECT 0.004::DOUBLE AS small, 1234567.25 AS large, repeat('x', 100) AS text, [1, 2] AS list, NULL AS nothing"
WHOLE = {"small": 0.004, "large": 1234567.25, "text": "x" * 100, "list": [1, 2], "nothing": None}


def test_sql_gives_values_whole_in_every_format(home, tmp_path):
    piped = call(home, "sql", ROW).stdout
    assert piped == f'small,large,text,list,nothing\n0.004,1234567.25,{"x" * 100},"[1, 2]",\n'
    assert json.loads(call(home, "sql", ROW, "--format", "json").stdout) == [WHOLE | {"large": "1234567.25"}]
    markdown = call(home, "sql", ROW, "--format", "markdown").stdout.splitlines()
    assert markdown[2] == f"| 0.004 | 1234567.25 | {'x' * 100} | [1, 2] |  |"
    environment = {**os.environ, "SECTORAKKOORD_DATA": str(home / "data")}
    with (tmp_path / "rows.parquet").open("wb") as file:
        command = [sys.executable, "-m", "flows.cli", "sql", ROW, "--format", "parquet"]
        subprocess.run(command, stdout=file, env=environment, check=True, timeout=60)
    (row,) = duckdb.sql(f"FROM '{tmp_path / 'rows.parquet'}'").fetchall()
    assert row == (0.004, Decimal("1234567.25"), "x" * 100, [1, 2], None)
    table = call(home, "sql", ROW, "--format", "table").stdout
    assert "0.004" in table and "1234567.25" in table and "x" * 100 in table


def on_terminal(home: Path, columns: int, *words: str) -> str:
    """What a command shows on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    environment |= {"SECTORAKKOORD_DATA": str(home / "data"), "TERM": "xterm", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "flows.cli", *words]
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal says that its last writer is gone
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()).replace("\r\n", "\n")


def test_a_terminal_shows_a_table_or_a_record_per_block_and_names_what_is_left_out(home):
    assert "┃ one ┃" in on_terminal(home, 80, "sql", "SELECT 1 AS one")
    wide = on_terminal(home, 80, "sql", "SELECT repeat('x', 70) AS text, 0.004 AS small, 'z' AS other")
    assert wide.splitlines() == ["-- 1 --", f"text   {'x' * 70}", "small  0.004", "other  z"]
    for columns, first in ((80, "-- 1 --"), (200, "┃ dataset ")):
        shown = on_terminal(home, columns, "sources")
        assert first in shown
        assert "Not shown: addresses, landing_page, publisher, renewal; --json has them." in shown


EVIL = "SELECT 'a' || chr(27) || ']0;owned' || chr(7) || chr(155) || '31m' || chr(8238) || 'b' AS text"


def test_escape_sequences_in_data_do_not_reach_the_terminal(home):
    readable = r"a\x1b]0;owned\x07\x9b31m\u202eb"
    for form in ((), ("--format", "csv"), ("--format", "markdown"), ("--format", "table")):
        shown = on_terminal(home, 80, "sql", EVIL, *form)
        assert readable in shown and "\x07" not in shown, form
    assert "\\u001b" in on_terminal(home, 80, "sql", EVIL, "--json")
    assert "\x1b]0;owned\x07" in call(home, "sql", EVIL).stdout  # in a pipe the value is what it is
    assert output.visible("\x1b[31m") == r"\x1b[31m"


def test_quarantine_of_a_clean_edition(home):
    assert "Nothing is quarantined" in call(home, "quarantine").stdout


def test_errors_are_one_sentence_with_the_way_out(tmp_path, home):
    empty = call(tmp_path, "progress")
    assert empty.returncode == exit_codes.NOTHING_PUBLISHED and "run `sectorakkoord refresh`" in empty.stderr
    assert "Traceback" not in empty.stderr
    nowhere = call(tmp_path, "refresh", "--plain", "--edition", "mirror", "--from", str(tmp_path / "nowhere"))
    assert nowhere.returncode == exit_codes.NO_SOURCE and nowhere.stderr.count("\n") == 1
    future = call(home, "snapshot", "2999", "--plain")
    assert future.returncode == exit_codes.SNAPSHOT and "has not come yet" in future.stderr
    assert call(home, "refresh", "--edition", "mirrored", "--plain").returncode == exit_codes.NO_SOURCE
    assert call(home, "progress", "--lang", "fr").returncode == exit_codes.USAGE
    assert call(home, "snapshot", "2020", "--as-of", "yesterday").returncode == exit_codes.USAGE


SHAPES = {
    "progress": [],
    "status": [],
    "sql": ["SELECT 1 AS one"],
    "explain": ["G02"],
    "quarantine": [],
    "sources": [],
    "evidence list": ["G07"],
    "evidence check": [],
    "jaarverslag sample": ["--boards", "4", "--seed", "1"],
    "jaarverslag report": ["2019"],
    "evaluation": ["--snapshot", "2020"],
    "vintages": ["g02_zittenblijf_pct"],
    "export": ["--nightly"],
    "refresh": ["--plain"],
}


def test_json_has_the_shape_that_help_tells(home, monkeypatch):
    """What makes, serves or asks others is called in tests of its own: schedule, portal, discover, withdraw, doctor.

    `mcp` speaks JSON of its own protocol.
    """
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(home / "data"))
    told = {one.name: word.meaning for one in commands() for word in one.options if word.typed == "--json"}
    assert {one.name for one in commands()} - set(told) == {"mcp"}
    assert set(SHAPES) < set(told)
    for name, words in SHAPES.items():
        done = CliRunner().invoke(cli.app, [*name.split(), *words, "--json"])
        found = json.loads(done.stdout)
        shape = told[name].removeprefix("JSON on standard output: ").rstrip(".")
        assert isinstance(found, list if shape.startswith("a list") else dict), name
        if shape.startswith("an object with "):
            assert set(found) == set(shape.removeprefix("an object with ").split(", ")), name


def test_an_error_is_json_too_when_json_was_asked_for(tmp_path, home):
    for words, code in (
        (["progress", "--json", "--lang", "fr"], exit_codes.USAGE),
        (["--no-such-option", "progress", "--json"], exit_codes.USAGE),
        (["sql", "selec", "--json"], exit_codes.SQL),
    ):
        done = call(home, *words)
        told = json.loads(done.stderr)
        assert done.returncode == code == told["exit_code"] and told["error"] and done.stdout == ""
        assert told["meaning"] == exit_codes.MEANINGS[code]


def test_wrong_words_are_told_with_what_was_expected(home, monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(home / "data"))
    for words, expected in (
        (["explain", "G99"], "expected a goal from G01 to G15"),
        (["explain", "G02", "--as-of", "soon"], "expected a day such as 2020-12-31"),
        (["quarantine", "--dataset", "nothing"], "expected a dataset"),
        (["refresh", "--publisher", "nobody"], "expected a publisher"),
        (["progress", "2020", "2018"], "comes before the first"),
        (["sql", "SELECT 1", "--format", "xml"], "expected a format (table, csv, json, markdown, parquet)"),
    ):
        done = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, words)
        assert done.exit_code == exit_codes.USAGE and expected in done.output, words
    missing = exit_codes.sentence(FileNotFoundError(2, "No such file or directory", "there.json"))
    assert missing.startswith("there.json: No such file or directory; check the name")


def test_debug_shows_the_traceback(tmp_path):
    assert "Traceback" in call(tmp_path, "--debug", "progress").stderr


def test_every_command_and_every_option_has_a_sentence():
    for command in commands():
        assert command.sentence.endswith("."), command.name
        assert all(word.meaning for word in (*command.arguments, *command.options)), command.name
        # `mcp` speaks JSON on standard output in any case.
        assert any(word.typed == "--json" for word in command.options) or command.name == "mcp", command.name


def test_years_and_line_ranges():
    assert refresh.years_in("2018-2020") == [2018, 2019, 2020]
    assert refresh.years_in("2018,2020") == [2018, 2020]
    assert ranges([2, 3, 4, 9]) == "2-4, 9"
    assert ranges(None) == ""
    assert ranges(list(range(1, 40, 2)), most=2) == "1, 3 and 18 more ranges (20 lines in all)"
