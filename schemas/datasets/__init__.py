"""One module per dataset. `datasets()` finds them by import; no list names them."""

import importlib
import pkgutil

from schemas.dataset import Dataset, all_subclasses


def datasets() -> dict[str, type[Dataset]]:
    """All declared datasets by id, in order of id."""
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        importlib.import_module(module.name)
    return {cls.id: cls for cls in sorted(all_subclasses(Dataset), key=lambda cls: cls.id)}


def dataset_for(file_name: str) -> type[Dataset] | None:
    """The dataset a file belongs to by its name; None where no dataset claims it.

    Raises LookupError when two datasets claim one name: their patterns must be made to differ.
    """
    claims = [cls for cls in datasets().values() if cls.matches(file_name)]
    if len(claims) > 1:
        names = " and ".join(cls.id for cls in claims)
        raise LookupError(f"{file_name} is claimed by {names}: make their name_pattern differ.")
    return claims[0] if claims else None
