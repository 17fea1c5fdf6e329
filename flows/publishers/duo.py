"""DUO: static files on its pages, and a CKAN catalogue in which files are found by package and name."""

from __future__ import annotations

from collections.abc import Collection

from flows.http.client import HttpClient
from flows.http.errors import SourceError
from flows.publishers import duo_pages
from flows.publishers.ckan import DUO as CATALOGUE
from flows.publishers.ckan import Ckan
from flows.publishers.fetch import name_in
from flows.publishers.source import DiscoveredFile, Discoveries, Source
from schemas.datasets import dataset_for, datasets


class Duo(Source):
    """Discovery reads the pages and the catalogue."""

    id = "duo"
    starts = (duo_pages.SITE, CATALOGUE)

    def discover(self, client: HttpClient, known: Collection[str]) -> Discoveries:
        """Files on the pages, and resources of the catalogue that a dataset claims by name and nobody declared."""
        found = on_pages(client, known)
        return found + in_catalogue(client, {*known, *(one.url for one in found.new)})


def on_pages(client: HttpClient, known: Collection[str]) -> Discoveries:
    """What DUO's own pages show."""
    pages = duo_pages.discover(client, known)
    return Discoveries(
        [DiscoveredFile(one.dataset, one.period, one.url, one.label, one.page) for one in pages.new],
        [[entry.url for entry in group] for group in pages.twice],
        [f"{entry.url}: the page calls it {entry.label!r}" for entry in pages.new if entry.label_differs],
        [link.url for link in pages.unrecognised],
        dict(pages.failed),
    )


def in_catalogue(client: HttpClient, known: Collection[str]) -> Discoveries:
    """Resources of DUO's catalogue that a dataset claims by file name and that are not declared."""
    found = Discoveries()
    declared = {(one.ckan.package, one.ckan.resource.casefold()) for one in datasets().values() if one.ckan}
    have = {duo_pages.same_file(url) for url in known}
    ckan = Ckan(client)
    try:
        for resource in (one for package in ckan.packages() for one in ckan.resources_in(package)):
            url = next(iter(ckan.addresses(resource)), "")
            dataset = dataset_for(name_in(url)) if url else None
            named = (resource.package, resource.name.strip().casefold()) in declared
            if dataset and not named and duo_pages.same_file(url) not in have:
                period = duo_pages.period_of(dataset.id, name_in(url))
                page = f"{CATALOGUE}/dataset/{resource.package}"
                found.new.append(DiscoveredFile(dataset.id, period, url, resource.name, page))
    except (SourceError, LookupError) as fault:
        found.failed[CATALOGUE] = str(fault)
    return found
