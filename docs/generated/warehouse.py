"""The published warehouse that the pages on the data model are drawn from: the sample edition, made when needed."""

import os
from datetime import date
from functools import cache
from pathlib import Path

from flows.refresh import Request, refresh
from flows.settings import load_settings
from warehouse.release.data_directory import DataDirectory

FOLDER = Path(__file__).parents[2] / "build" / "sample"
GIVEN = "SECTORAKKOORD_DOCS_WAREHOUSE"
"""A warehouse at hand may be named in the environment, to be read instead."""


@cache
def sample_warehouse() -> Path:
    """The file, up to date with the code: nothing is made again when nothing has changed."""
    if given := os.environ.get(GIVEN):
        return Path(given)
    years: dict[int, date | None] = dict.fromkeys((2018, 2019, 2020))
    # Never to where this machine publishes: the file beside the archive, whatever the environment says.
    settings = load_settings(data=FOLDER, warehouse=None, portal_url=None)
    refresh(Request("sample", snapshots=years, site=False), settings, date.today())
    return DataDirectory(FOLDER).warehouse
