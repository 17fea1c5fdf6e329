"""From valid rows to indicator values: one file per goal (`g02_zittenblijvers.py`), plus shared arithmetic.

`all_series()` finds the goal files; nothing lists them.
"""

import importlib
import pkgutil
from typing import Any

from transforms.series import Series


def all_series() -> list[Series]:
    """Every series that the goal files declare (`SERIES`), in order of indicator, method and rank."""
    found: list[Series] = _declared("SERIES")
    return sorted(
        found, key=lambda series: (series.indicator_id, series.method_version, series.rank, series.dataset_id)
    )


def all_derived() -> list[str]:
    """Every select over the register that the goal files declare (`DERIVED`): rows for `goals.published_value`."""
    return _declared("DERIVED")


def _declared(name: str) -> list[Any]:
    """What the goal files list under `name`, in order of file."""
    modules = [importlib.import_module(module.name) for module in pkgutil.iter_modules(__path__, f"{__name__}.")]
    return [one for module in modules for one in getattr(module, name, [])]
