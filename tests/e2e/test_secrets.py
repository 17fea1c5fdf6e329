"""Passwords and keys are in no output, no file and no run history, when a real PostgreSQL or S3 store refuses or is not there."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from flows import exit_codes
from flows.settings import load_settings
from tests.object_store import object_store
from tests.postgres import postgres
from warehouse.release.store_urls import without_password

PROJECT = Path(__file__).resolve().parents[2]
RIGHT, WRONG = "Goed&Geheim7", "Fout@ge)heim 9"
KEY = "only+wrong/secret"


@pytest.mark.parametrize(
    "address",
    [
        "host=h password=geheim dbname=x",
        "password=ge@heim)9 host=h",
        "password = 'ge heim \\' @ 9'",
        "LINE 1: ATTACH 'ducklake:postgres:password=''ge heim@9'' host=h'",
        "postgresql://me:ge@h/eim@db.example.org/lake",
        'Unable to connect to Postgres at "host=h password=geheim": refused',
    ],
)
def test_a_password_is_masked_however_it_is_written(address):
    masked = without_password(address)
    assert not {"geheim", "heim", "h/eim", "9"} & set(
        masked.replace("'", " ").replace(")", " ").replace('"', " ").split()
    )
    assert "heim" not in masked and "..." in masked


def test_settings_are_shown_without_secrets():
    settings = load_settings(warehouse=f"ducklake:postgres:password={RIGHT}", s3_secret=KEY)
    assert RIGHT not in repr(settings) + str(settings) and KEY not in repr(settings)


@pytest.mark.slow
@pytest.mark.prefect
def test_no_secret_is_left_anywhere_by_connections_that_fail(tmp_path):
    """Through Prefect and without, with and without --debug: then every byte that was printed or written is searched."""
    data, printed = tmp_path / "data", b""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SECTORAKKOORD_"))}
    kept |= {
        "SECTORAKKOORD_DATA": str(data),
        "SECTORAKKOORD_S3_KEY_ID": "sectorakkoord",
        "SECTORAKKOORD_S3_SECRET": KEY,
    }

    def fails(where: str, *words: str, **more: str) -> None:
        nonlocal printed
        environment = kept | {"SECTORAKKOORD_WAREHOUSE": f"ducklake:postgres:{where}"} | more
        command = [sys.executable, "-m", "flows.cli", *words]
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, timeout=600)
        printed += done.stdout + done.stderr
        expected = exit_codes.UNEXPECTED if "--debug" in words else exit_codes.UNREACHABLE  # a traceback ends with 1
        assert done.returncode == expected, done.stderr.decode()[-2000:]

    with postgres(RIGHT) as server, object_store(tmp_path / "store") as store:
        lake = {"SECTORAKKOORD_LAKE_DATA": "s3://lake/data/", "SECTORAKKOORD_S3_ENDPOINT": store.endpoint}
        address = f"dbname=postgres host={server.host} port={server.port} user={server.user}"
        fails(f"{address} password='{WRONG}'", "refresh", "--edition", "sample", **lake)
        fails(f"{address} password='{WRONG}'", "--debug", "status", **lake)
        fails(f"postgresql://{server.user}:{quote(WRONG)}@{server.host}:{server.port}/postgres", "progress", "--json")
        fails(f"dbname=lake host=db.invalid user=me password='{WRONG}'", "sql", "SELECT 1")
        # The catalogue lets us in, and the store does not: a wrong key, and nobody there.
        right = f"{address} password='{RIGHT}'"
        fails(right, "--debug", "refresh", "--edition", "sample", "--plain", **lake)
        fails(
            right,
            "refresh",
            "--edition",
            "sample",
            "--plain",
            **(lake | {"SECTORAKKOORD_S3_ENDPOINT": "http://127.0.0.1:9"}),
        )
    files = [path for path in data.rglob("*") if path.is_file()]
    assert any(path.name == "prefect.db" for path in files) and b"does not answer as expected" in printed
    written = {str(path.relative_to(data)): path.read_bytes() for path in files} | {"the screen": printed}
    spelled = {
        form.encode()
        for one in (RIGHT, WRONG, KEY)
        for form in (one, quote(one), quote(one, safe=""), one.replace("&", "&amp;"))
    }
    assert [(name, word) for name, content in written.items() for word in spelled if word in content] == []
