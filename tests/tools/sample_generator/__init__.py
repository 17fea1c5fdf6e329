"""The sample edition: a small, openly fictional copy of what DUO publishes, made from a seed.

`write_sample(folder)` lays out real file names with the publisher's own layouts and quirks and made-up content, so the
whole warehouse can be tried, tested and shown without the network. The same seed and scale give the same bytes on
every machine. Every school, board and town in it says `Voorbeeld`; the manifest says SYNTHETIC for every file.
"""

import hashlib
from pathlib import Path

from tests.tools.sample_generator.files import FILES
from tests.tools.sample_generator.text import line
from tests.tools.sample_generator.truth import Truth

MANIFEST_COLUMNS = (
    "path",
    "url",
    "url_certainty",
    "period",
    "retrieved_on",
    "encoding",
    "delimiter",
    "line_ends",
    "fidelity",
    "bytes",
    "sha256",
    "note",
)


def write_sample(folder: Path, seed: int = 2018, scale: int = 1) -> Path:
    """Write the sample edition into `folder` (made if need be) and return the path of its `manifest.csv`.

    Files lie under host/path, as in a mirror; files of the same name are overwritten and nothing else is touched.
    `scale` multiplies the number of schools: 1 gives 48 schools with 90 sites in about 2 MB. Raises ValueError for a
    scale outside 1..100.
    """
    truth = Truth(seed, scale)
    lines = [line(MANIFEST_COLUMNS, ",")]
    for file in FILES:
        content = file.content(truth)
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        workbook = file.encoding == "xlsx"
        entry = {
            "path": file.path,
            "url": file.url,
            "url_certainty": "the publisher's name for such a file; this content was never published",
            "period": file.period,
            "retrieved_on": file.retrieved_on,
            "encoding": file.encoding,
            "delimiter": file.delimiter,
            "line_ends": "" if workbook else "CRLF",
            "fidelity": "synthetic",
            "bytes": str(len(content)),
            "sha256": hashlib.sha256(content).hexdigest(),
            "note": f"SYNTHETIC (seed {seed}, scale {scale}): {file.note}",
        }
        lines.append(line((entry[column] for column in MANIFEST_COLUMNS), ","))
    manifest = folder / "manifest.csv"
    manifest.write_bytes(("\n".join(lines) + "\n").encode("utf-8"))
    return manifest


__all__ = ["MANIFEST_COLUMNS", "write_sample"]
