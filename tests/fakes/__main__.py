"""`make fake-publishers`: play the publishers on this machine, for demonstrations and trials."""

import argparse
import threading
from pathlib import Path

from flows.ingest.editions import is_synthetic
from tests.fakes import running_fake_publishers
from warehouse.sample import FILES


def main() -> None:
    """Serve a folder laid out as host/path until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description=__doc__)
    parser.add_argument(
        "--from", dest="folder", type=Path, default=FILES, help="folder laid out as host/path; default: the sample"
    )
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    synthetic = is_synthetic(options.folder)
    with running_fake_publishers(options.folder, port=options.port, synthetic=synthetic, generated=synthetic) as fakes:
        made_up = "SYNTHETIC files: a refresh from here is one of the sample edition"
        print(f"For demonstration only. Serving {made_up if synthetic else f'the files in {options.folder}'}.")
        print(f"Point a refresh at it: SECTORAKKOORD_PORTAL_URL={fakes.url} sectorakkoord refresh --edition live")
        print("Stop with Ctrl-C.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"Stopped after {fakes.requests()} requests.")


if __name__ == "__main__":
    main()
