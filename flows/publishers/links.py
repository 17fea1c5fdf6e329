"""Links on a publisher's web page, read with the standard library's HTML parser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from flows.http.client import HttpClient
from flows.http.errors import WrongContent
from schemas.reading.sniff import Kind, sniff_bytes


@dataclass(frozen=True)
class Link:
    """An address on a page, made absolute, with the words that are clicked."""

    url: str
    label: str

    @property
    def file_name(self) -> str:
        """The last part of the path, readable (`%2C` is a comma again)."""
        return unquote(urlsplit(self.url).path.rsplit("/", 1)[-1])


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = page
        self.links: list[Link] = []
        self._href: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "base" and href:
            self.base = urljoin(self.base, href)
        if tag == "a" and href:
            self._close()
            self._href = href.strip()

    def handle_data(self, data: str) -> None:
        if self._href is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close()

    def close(self) -> None:
        super().close()
        self._close()

    def _close(self) -> None:
        if self._href is not None:
            url = urljoin(self.base, self._href).partition("#")[0].replace(" ", "%20")
            self.links.append(Link(url, " ".join(" ".join(self._words).split())))
        self._href, self._words = None, []


def read_links(html: str, page: str) -> list[Link]:
    """All links of `html`, in order, each address once (the first label wins); only http(s)."""
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    unique: dict[str, Link] = {}
    for link in reader.links:
        if link.url.startswith(("http://", "https://")):
            unique.setdefault(link.url, link)
    return list(unique.values())


def page_links(client: HttpClient, page: str, suffixes: Sequence[str] = ()) -> list[Link]:
    """The links on `page`, only to files with one of `suffixes` when given. WrongContent when it is no page."""
    text = client.get_text(page)
    found = sniff_bytes(text.lstrip()[:4096].encode())  # server pages may open with a screen of blank lines
    if found is not Kind.HTML:
        raise WrongContent(page, "an HTML page", str(found), "look for the publisher's new page")
    links = read_links(text, page)
    wanted = tuple(suffix.lower() for suffix in suffixes)
    return [link for link in links if not wanted or link.file_name.lower().endswith(wanted)]
