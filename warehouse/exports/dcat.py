"""`dcat.jsonld`: the export as a dataset in a catalogue, after DCAT-AP-NL 3.0.

What that profile demands of a dataset (title, description, identifier, theme, access rights, creator, publisher, one
contact point) and of a distribution (one access URL, a licence) is always there. Who publishes the export and how to
reach them only the one who exports knows: when it is not given, the record says so in words.
"""

from pathlib import Path
from typing import Any

from warehouse.files import sha256_of, write_json

CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
FORMATS = {
    ".csv": ("CSV", "text/csv"),
    ".parquet": ("PARQUET", "application/vnd.apache.parquet"),
    ".xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".zip": ("ZIP", "application/zip"),
    ".duckdb": ("OCTET", "application/octet-stream"),
}
UNKNOWN_PUBLISHER = "Uitgever van deze export niet opgegeven / publisher of this export not given"
UNKNOWN_CONTACT = "Contact niet opgegeven / contact not given"


def both(nl: str, en: str) -> list[dict[str, str]]:
    """A text in two languages."""
    return [{"@value": nl, "@language": "nl"}, {"@value": en, "@language": "en"}]


def agent(name: str) -> dict[str, Any]:
    """An organisation by name."""
    return {"@type": "foaf:Agent", "foaf:name": name}


def licence(sources: list[dict[str, str]]) -> dict[str, Any]:
    """The licences of the sources in words: several publishers, no one licence."""
    words = "; ".join(f"{source['title']}: {source['licence']}" for source in sources)
    return {"@type": "dct:LicenseDocument", "rdfs:label": words}


def distribution(path: Path, folder: Path, url: str, sources: list[dict[str, str]]) -> dict[str, Any]:
    """One file. Without a base URL its address is relative to the record itself."""
    place = path.relative_to(folder).as_posix()
    name, media = FORMATS[path.suffix]
    address = {"@id": f"{url}{place}"}
    return {
        "@type": "dcat:Distribution",
        "dct:title": both(place, place),
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dct:license": licence(sources),
        "dct:format": {"@id": f"{AUTHORITY}file-type/{name}"},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dcat:byteSize": {"@value": str(path.stat().st_size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": sha256_of(path), "@type": "xsd:hexBinary"},
        },
    }


def write_dcat(
    folder: Path,
    facts: dict[str, Any],
    sources: list[dict[str, str]],
    publisher: str | None,
    contact: str | None,
    url: str,
) -> None:
    """The record of everything in `folder`. `contact` is a mail address or the URL of a page."""
    point: dict[str, Any] = {"@type": "vcard:Organization", "vcard:fn": publisher or UNKNOWN_CONTACT}
    if contact:
        mail = "@" in contact and "://" not in contact
        point["vcard:hasEmail" if mail else "vcard:hasURL"] = {"@id": f"mailto:{contact}" if mail else contact}
    files = sorted(path for path in folder.rglob("*") if path.suffix in FORMATS)
    # DCAT has a property for how often a dataset changes, none for when it does next.
    due = {"rdfs:comment": both(facts["next_update_nl"], facts["next_update_en"])} if "next_updates" in facts else {}
    version: dict[str, Any] = {}
    if "version_notes" in facts:
        version["adms:versionNotes"] = both(facts["version_notes_nl"], facts["version_notes"])
    if before := facts.get("previous_version"):
        beside = f"{url.rstrip('/').rpartition('/')[0]}/" if url else "../"
        version["dcat:previousVersion"] = {"@id": f"{beside}v{before}/dcat.jsonld#dataset"}
    write_json(
        folder / "dcat.jsonld",
        {
            "@context": CONTEXT,
            "@id": f"{url}dcat.jsonld#dataset",
            "@type": "dcat:Dataset",
            "dct:identifier": facts["id"],
            "dct:title": both(facts["title_nl"], facts["title"]),
            "dct:description": both(facts["description_nl"], facts["description"]),
            "dcat:version": facts["version"],
            **version,
            "dct:issued": {"@value": facts["created"], "@type": "xsd:dateTime"},
            "dct:accessRights": {"@id": f"{AUTHORITY}access-right/PUBLIC"},
            "dcat:theme": {"@id": f"{AUTHORITY}data-theme/EDUC"},
            "dct:language": [{"@id": f"{AUTHORITY}language/NLD"}, {"@id": f"{AUTHORITY}language/ENG"}],
            "dct:spatial": {"@id": f"{AUTHORITY}country/NLD"},
            "dct:creator": agent(publisher or UNKNOWN_PUBLISHER),
            "dct:publisher": agent(publisher or UNKNOWN_PUBLISHER),
            "dcat:contactPoint": point,
            "dct:source": [{"rdfs:label": source["title"], "foaf:page": {"@id": source["path"]}} for source in sources],
            "dcat:keyword": both("voortgezet onderwijs", "secondary education")
            + both("sectorakkoord", "sector agreement"),
            **due,
            "dcat:distribution": [distribution(path, folder, url, sources) for path in files],
        },
    )
