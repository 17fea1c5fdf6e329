"""Prefect's own settings, set before Prefect is imported: quiet, at home in the data directory, patient at its start."""

import os
from pathlib import Path

DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # Without a server Prefect starts one for the run; under load its own 20 s are too few.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}


def prepare(data: Path) -> None:
    """Fill in what the environment leaves open. Call before the first import of `flows.flow`."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if "PREFECT_HOME" not in os.environ:
        home = (data / "prefect").resolve()
        # Prefect makes only the last folder of the path itself.
        home.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(home)
