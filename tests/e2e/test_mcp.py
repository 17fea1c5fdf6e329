"""`sectorakkoord mcp`, asked over standard input and output by the client of the package itself."""

import asyncio
import os
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from flows.commands import mcp_server
from tests.tiny_files import FILE_05_2015, FILE_05_2017, add_found, repeaters_file
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish

INDICATOR = "g02_zittenblijf_pct"
needs_mcp = pytest.mark.skipif(find_spec("mcp") is None, reason="the extra mcp is not installed")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register's figures, and one school's of two years of which a later file revised one."""
    data = DataDirectory(tmp_path_factory.mktemp("mcp") / "data")
    archive = Archive(data.archive)
    add_found(archive, FILE_05_2015, repeaters_file({"01AA00": (1000, 60)}), "2017-01-01")
    add_found(archive, FILE_05_2017, repeaters_file({"01AA00": (10_000, 620)}), "2019-01-01")
    add_found(archive, FILE_05_2017, repeaters_file({"01AA00": (10_000, 622)}), "2020-01-01")
    publish(data, Edition("mirror"), date(2026, 11, 28))
    return data.root


def asked(data: Path, *questions: tuple[str, dict[str, Any]]) -> list[Any]:
    """What the server in a process of its own answers: the structured result, or the text of an error."""
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    async def ask() -> list[Any]:
        environment = {**os.environ, "SECTORAKKOORD_DATA": str(data)}
        server = StdioServerParameters(command=sys.executable, args=["-m", "flows.cli", "mcp"], env=environment)
        async with Client(stdio_client(server)) as client:
            answers: list[Any] = [{tool.name for tool in (await client.list_tools()).tools}]
            for name, arguments in questions:
                answer = await client.call_tool(name, arguments)
                content = answer.structured_content
                answers.append(answer.content[0].text if answer.is_error else content.get("result", content))
            return answers

    return asyncio.run(ask())


@needs_mcp
def test_every_figure_comes_with_flags_and_citation(data: Path) -> None:
    school = {"indicator": INDICATOR, "year": 2018, "entity": "01AA"}
    tools, found, now, then, versions, origin, checked, wrong, refused = asked(
        data,
        ("search_indicators", {"words": "zittenblijf"}),
        ("get", {"indicator": INDICATOR, "year": 2020}),
        ("as_of", {"indicator": INDICATOR, "day": "2019-06-30", "entity": "01AA"}),
        ("revisions", school),
        ("explain", school),
        ("verify", {**school, "value": 6.2, "decimals": 2}),
        ("verify", {**school, "value": 4.9, "decimals": 1}),
        ("get", {"indicator": "g99", "year": 2018}),
    )
    assert tools == {"search_indicators", "get", "as_of", "revisions", "explain", "verify"}
    assert INDICATOR in {one["indicator_id"] for one in found}
    assert [(one["value"], one["flags"]) for one in now if one["method_version"] == "excl_nieuwkomers"] == [
        (3.32, ["covid", "definition_break", "our_correction"])
    ]
    assert {one["value"] for one in then if one["year"] == 2018} == {6.2}
    assert [
        (one["value"], one["known_from"]) for one in versions if one["method_version"].endswith("incl_nieuwkomers")
    ] == [
        (6.2, "2019-01-01"),
        (6.22, "2020-01-01"),
    ]
    assert all(part["sha256"] and part["lines"] for one in origin for part in one["explained"]) and origin
    assert (checked["verdict"], checked["held_until"], wrong["verdict"]) == ("changed", "2020-01-01", "never")
    figures = [*now, *then, *versions, *origin, *checked["known_now"]]
    for figure in figures:
        assert isinstance(figure["flags"], list) and figure["citation_key"] in figure["citation_en"], figure
    assert "found none; search_indicators" in refused


def test_without_the_package_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_server, "find_spec", lambda _: None)
    done = CliRunner().invoke(cli.app, ["mcp"])
    assert done.exception is not None and exit_codes.exit_code(done.exception) == 2
    assert "the Python package mcp is not installed" in exit_codes.sentence(done.exception)
