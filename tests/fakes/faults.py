"""The names of all faults, what each does, and which are switched on now."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

#: Name -> what the fake publishers then do. Those marked "always" are how they behave anyway; switching them
#: on changes nothing, they are named so that each of the 24 scenarios of the protocol notes has a name here.
FAULTS: dict[str, str] = {
    "s01_atom_xml": "Feed answers Atom XML although $format=json was sent (without it: always)",
    "s02_paged_feed": "always: Feed pages of 10,000 rows with absolute nextLink",
    "s03_empty_last_page": "a full last page is followed by an empty one (otherwise it ends the table)",
    "s04_api_skip_top": "always: Api answers 500 to $skip and to $top above 5,000",
    "s07_untyped_symbols": "always: Untyped has '       .', Typed null",
    "s08_unknown_table": "404 (always for unknown tables)",
    "s09_503_twice": "503, by default two times; option retry_after",
    "s10_reset_mid_body": "connection reset half way through the body",
    "s10_truncated_json": "half the body under a Content-Length that fits it",
    "s10_length_too_large": "Content-Length larger than the body",
    "s10_empty_reply": "connection closed without a byte",
    "s11_next_other_host": "nextLink to another host",
    "s11_next_http": "nextLink over http:",
    "s11_next_loop": "nextLink to the page itself",
    "s12_revised_between_pages": "Modified differs at every reading; with times=1 only the first reading is older",
    "s13_redesign": "measure renumbered, dimension renamed, a period code nobody knows",
    "cbs_corrected": "CBS corrected a table in place: parts of a whole are ten more, Modified is later",
    "cbs_retitled": "a measure or member of CBS has another title; options old, new, unit",
    "s14_observations_404": "v4 serves metadata, but 404 on Observations",
    "s15_v4_pages": "always: v4 pages of 100,000 and $count with a byte order mark",
    "s17_internal_host": "CKAN addresses on an internal host that does not resolve",
    "s18_html_shell": "a web page with 200 instead of the file; option content_type",
    "s19_success_false": "CKAN success:false; option status (200)",
    "s19_html_502": "an HTML error page with 502",
    "s20_hash_set": "CKAN now gives a hash where it had none",
    "s20_new_last_modified": "CKAN gives a new last_modified for the same bytes",
    "catalogue_rewritten": "CKAN has new ids for all packages and resources, and the old addresses are gone",
    "s21_etag": "always: ETag and 304 for files, none for the datastore dump",
    "s21_false_304": "304 with another ETag than the one asked about",
    "s24_odd_csv": "Latin-1, CRLF, embedded line ends, trailing ;, 20250131,0, <5 and 4 for 1-4",
    "slow_drip": "the body trickles; options bytes_per_s, seconds",
    "mid_body_reset": "as s10_reset_mid_body, for files",
    "gzip_bomb": "a small gzip-encoded body that unpacks to option size",
    "zip_slip": "a zip with a member ../evil.csv",
    "zip_bomb": "a zip that unpacks to option size",
    "endless_redirect": "a redirect to the next address, for ever; option circle for one to itself",
    "redirect_to": "a redirect to option location",
    "redirect_private": "a redirect to a private address",
    "redirect_file": "a redirect to file:///etc/hostname",
    "header_50mb": "a header line of 50 MB; option size",
    "content_changed": "other content under the same address; option body",
    "header_renamed": "a column has another name; options old, new",
    "column_moved": "the first column is now the last",
    "code_page_changed": "the text is in another code page; options source, target",
    "published_twice": "the file also exists as option alias",
    "if_range_ignored": "Range requests get their part although the file has changed; option nameless (no ETag)",
    "short_range": "Range requests get only the first half of what they ask",
    "no_ranges": "Range requests get the whole file",
}


@dataclass
class Fault:
    """A fault in force for paths that match, for a number of requests or until cleared (None)."""

    name: str
    path: str
    times: int | None
    options: dict[str, Any] = field(default_factory=dict)


class FaultBox:
    """The faults in force; thread-safe, because tests switch them while the server runs."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, name: str, path: str, times: int | None, options: dict[str, Any]) -> None:
        """Switch a fault on. KeyError names the known ones."""
        if name not in FAULTS:
            raise KeyError(f"fault {name!r}: expected one of {', '.join(FAULTS)}")
        with self._lock:
            self._faults.append(Fault(name, path, times, options))

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, path: str, *names: str) -> Fault | None:
        """The first fault in force of these names for this path, used up by one; None when there is none."""
        with self._lock:
            for fault in self._faults:
                if fault.name in names and fault.times != 0 and fnmatchcase(path, fault.path):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def aliases(self) -> dict[str, str]:
        """Second name -> real path, for all files published twice."""
        with self._lock:
            return {f.options["alias"]: f.path for f in self._faults if f.name == "published_twice"}
