"""Who publishes, under which licence, and how a file is known to be where we say it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Publisher:
    """Who publishes, under which licence, and on which hosts. `licence_note` says how sure we are.

    A constant in this module is all that makes a publisher: `--publisher`, the allowed hosts and `doctor` follow from it.
    How its files are fetched, where that takes more than an address, is a module in `flows/publishers/`.
    """

    id: str
    name: str
    licence: str
    hosts: tuple[str, ...]
    licence_note: str = ""


DUO = Publisher(
    "duo",
    "Dienst Uitvoering Onderwijs (DUO)",
    "open data, credit DUO",
    ("duo.nl", "www.duo.nl", "onderwijsdata.duo.nl"),
    "no statement by DUO itself was found; third parties name CC0 1.0 and CC BY 4.0",
)
CBS = Publisher("cbs", "Centraal Bureau voor de Statistiek (CBS)", "CC BY 4.0", ("datasets.cbs.nl", "opendata.cbs.nl"))
INSPECTIE = Publisher(
    "inspectie",
    "Inspectie van het Onderwijs",
    "open data, credit the Inspectie",
    ("www.onderwijsinspectie.nl", "onderwijsinspectie.nl"),
)

DUO_IMAGES = "https://duo.nl/open_onderwijsdata/images/"
"""Where DUO's static files lie."""
DUO_CKAN = "https://onderwijsdata.duo.nl/dataset/"
"""Where the files of DUO's catalogue lie: package id, resource id, file name."""


@dataclass(frozen=True)
class PublishedFile:
    """One known file: where it is, and what the publisher's page calls its period.

    `seen` says how the URL is known: in public code, inferred from a pattern, or by name only.
    """

    url: str
    period: str = ""
    seen: str = "seen in public code"


@dataclass(frozen=True)
class CkanResource:
    """A resource in DUO's catalogue, found by `package` and `resource` name; `id` is the last one known."""

    package: str
    resource: str
    id: str


def publishers() -> dict[str, Publisher]:
    """All publishers by id, in the order of their declaration."""
    return {one.id: one for one in globals().values() if isinstance(one, Publisher)}
