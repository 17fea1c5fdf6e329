"""The publishers: one module per protocol, found by import; no list names them."""

import importlib
import pkgutil

from flows.publishers.source import Source
from schemas.publishers import publishers


def sources() -> dict[str, Source]:
    """How each publisher is reached, by its id; plain addresses where no module here says otherwise."""
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        importlib.import_module(module.name)
    own = {cls.id: cls for cls in Source.__subclasses__()}
    return {publisher: own.get(publisher, Source)() for publisher in publishers()}
