"""DuckDB's extensions, loaded from the Python packages that carry them: nothing is fetched from anywhere at run time.

A package holds the extension, signed, for exactly one version of DuckDB (the extra `scale` of pyproject.toml pins both).
"""

from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse.files import quoted


class ExtensionMissing(Exception):
    """An extension that a setting asks for is not installed for this DuckDB; the message says how to get it."""


def extension_file(name: str) -> Path:
    """The file of an extension such as `ducklake`. Raises ExtensionMissing."""
    package = f"duckdb_extension_{name}"
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ExtensionMissing(
            f"DuckDB extension {name}: the Python package {package.replace('_', '-')} is not installed; "
            "install requirements-scale.lock beside requirements.lock (`make setup-scale`)."
        )
    file = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not file.exists():
        others = ", ".join(sorted(path.name for path in file.parent.parent.glob("v*"))) or "none"
        raise ExtensionMissing(
            f"DuckDB extension {name}: expected one for DuckDB {duckdb.__version__}, found {others}; "
            "install requirements-scale.lock again, it pins both to one version (`make setup-scale`)."
        )
    return file


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension by its path; DuckDB checks the signature. Raises ExtensionMissing."""
    con.execute(f"LOAD '{quoted(extension_file(name))}'")
