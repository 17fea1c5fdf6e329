"""A process that makes one refresh and may be killed meanwhile: it says `ready` after its imports and waits for a line."""

import sys
from datetime import date
from pathlib import Path

from flows.refresh import Request, refresh
from flows.settings import load_settings

if __name__ == "__main__":
    portal, data = sys.argv[1:]
    hurried = {"backoff_min_s": 0.001, "backoff_max_s": 0.002, "requests_per_second": 1e6}
    print("ready", flush=True)
    sys.stdin.readline()
    settings = load_settings(portal_url=portal, data=Path(data), **hurried)
    refresh(Request("live", publisher="duo"), settings, date(2026, 1, 10))
