"""A DuckLake as the place of the warehouse: a real PostgreSQL on loopback for its catalogue, Parquet in a folder.

The same with an S3 server, the Prefect server and workers is `make scale-test` (tests/test_scale.py).
"""

import pytest

from tests.postgres import Postgres, postgres
from warehouse.lake import LakePlace

REVISE = """
UPDATE goals.observation SET value = value + 1 WHERE entity_level = 'province' AND value IS NOT NULL;
UPDATE meta.release SET release_id = '{after}', previous_release_id = '{before}', version = '1.{minor}.0'"""
QUESTIONS = (
    "FROM progress(2018, 2020)",
    "FROM as_of(DATE '2020-12-31')",
    "FROM goal_status",
    "FROM boards",
    "FROM board_progress(2018, 2020)",
    "FROM comparable('g02_zittenblijf_pct', 2018, 2020)",
    "FROM explain('G02', 'g02_zittenblijf_pct', 'NL', '2018', DATE '2020-12-31')",
    "FROM reconciliation",
    "FROM snapshots",
    "FROM meta.dictionary",
)


@pytest.fixture(scope="module")
def server():
    with postgres() as running:
        yield running


@pytest.fixture
def lake(server: Postgres, tmp_path, request) -> LakePlace:
    """A lake of its own: a database of its own and a folder of its own."""
    name = f"lake_{abs(hash(request.node.name)) % 10**9}"

    return LakePlace(f"ducklake:postgres:{server.libpq.replace(server.database, name)}", str(tmp_path / "lake"))
