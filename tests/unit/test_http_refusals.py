"""The HTTP client: addresses, redirects, sizes and contents it refuses, and in which words. On a real server."""

from __future__ import annotations

import socket

import pytest
import requests

from flows.http.client import HttpClient
from flows.http.connection import PinnedAdapter
from flows.http.download import download
from flows.http.errors import (
    AddressRefused,
    ConnectionRefused,
    HeaderTooLarge,
    NotFound,
    RedirectRefused,
    StorageFailed,
    TooLarge,
    TransportFailed,
    Unreachable,
    WrongContent,
)
from flows.settings import Settings, load_settings
from schemas.reading.sniff import Kind
from tests.http_case import BODY, LATER, PATH, SHA, URL, refused

pytest_plugins = ("tests.http_fixtures",)
pytestmark = pytest.mark.server


def test_header_of_50_mb_is_refused(client, fakes, tmp_path):
    fakes.fault("header_50mb")
    message = "expected header lines up to 64 KiB, at most 100, got more than that; report it to the publisher."
    refused(client, tmp_path, HeaderTooLarge, message)
    assert fakes.requests() == 1


def test_gzip_bomb_is_recognised_by_its_ratio(client, fakes, tmp_path):
    fakes.fault("gzip_bomb")
    error = refused(client, tmp_path, TooLarge)
    assert error.expected == "at most 200 bytes unpacked per byte packed"
    assert error.hint.startswith("treat the file as hostile")
    assert fakes.requests() == 1


def test_gzip_encoded_body_is_capped_after_unpacking(client, fakes, tmp_path):
    fakes.fault("gzip_bomb", size=3_000_000)
    message = (
        "expected at most 1,000,000 bytes, got more; check the address, or raise "
        "SECTORAKKOORD_MAX_DOWNLOAD_BYTES when the file is really that large."
    )
    refused(client, tmp_path, TooLarge, message, max_bytes=1_000_000)


def test_gzip_encoded_body_is_kept_unpacked(client, fakes, tmp_path):
    fakes.fault("gzip_bomb", size=3_000_000)
    got = download(client, URL, tmp_path / "file.csv", max_bytes=3_000_000, expected=[])
    assert got.path.read_bytes() == bytes(3_000_000)
    assert got.transferred < 10_000


def test_announced_size_above_the_cap_is_not_read(client, fakes, tmp_path):
    refused(
        client,
        tmp_path,
        TooLarge,
        f"expected at most 1,000 bytes, got {len(BODY):,} announced; check the address, or raise "
        "SECTORAKKOORD_MAX_DOWNLOAD_BYTES when the file is really that large.",
        max_bytes=1000,
    )


@pytest.mark.parametrize("content_type", ["text/csv", "text/html"])
def test_s18_web_page_instead_of_csv_is_kept_aside(client, fakes, tmp_path, content_type):
    fakes.fault("s18_html_shell", content_type=content_type)
    aside = tmp_path / "refused"
    with pytest.raises(WrongContent) as caught:
        download(client, URL, tmp_path / "file.csv", expected=[Kind.CSV], keep_refused=aside)
    kept = list(aside.iterdir())
    assert len(kept) == 1 and kept[0].suffix == ".html" and b"<!doctype html>" in kept[0].read_bytes()
    assert str(caught.value) == (
        f"{URL}: expected csv, got html (99 bytes); open the address in a browser to see what it says. "
        f"The refused bytes are kept at {kept[0]}."
    )
    assert fakes.requests() == 1 and not (tmp_path / "file.csv").exists()


def test_a_refused_download_leaves_the_old_file(client, fakes, tmp_path):
    target = tmp_path / "file.csv"
    download(client, URL, target)
    fakes.fault("s18_html_shell")
    with pytest.raises(WrongContent):
        download(client, URL, target, expected=[Kind.CSV])
    assert target.read_bytes() == BODY and [path.name for path in tmp_path.iterdir()] == ["file.csv"]


def test_s24_odd_csv_arrives_byte_for_byte(client, fakes, tmp_path):
    fakes.fault("s24_odd_csv")
    got = download(client, URL, tmp_path / "file.csv", expected=[Kind.CSV])
    body = got.path.read_bytes()
    assert body.count(b"\r\n") == 3 and b"\xe9\nSYNTHETIC" in body and b"<5;\r\n" in body and b"20250131,0" in body


def test_redirects_within_the_list_are_followed(client, fakes, tmp_path):
    fakes.put("/onderwijsdata.duo.nl/new place.csv", BODY)
    fakes.fault("redirect_to", PATH, location="https://onderwijsdata.duo.nl/new%20place.csv")
    got = download(client, URL, tmp_path / "file.csv")
    assert (got.sha256, got.url, got.final_url) == (SHA, URL, "https://onderwijsdata.duo.nl/new%20place.csv")


@pytest.mark.parametrize("location", ["http://duo.nl/elsewhere.csv", "/elsewhere.csv", "../../elsewhere.csv"])
def test_redirects_stay_on_https(client, fakes, tmp_path, location):
    fakes.put("/duo.nl/elsewhere.csv", BODY)
    fakes.fault("redirect_to", PATH, location=location)
    assert download(client, URL, tmp_path / "file.csv").final_url == "https://duo.nl/elsewhere.csv"


HOSTS = "expected a redirect to one of the 7 allowed hosts, got one to"
NEW_ADDRESS = "look at the publisher's page for the new address"
ALLOW = f"{NEW_ADDRESS}, and add its host to SECTORAKKOORD_ALLOWED_HOSTS if it is the publisher's."


@pytest.mark.parametrize(
    ("fault", "options", "message"),
    [
        (
            "redirect_private",
            {},
            f"{HOSTS} http://169.254.169.254/latest/meta-data/ (host 169.254.169.254); {ALLOW}",
        ),
        (
            "redirect_file",
            {},
            "expected a redirect to an http(s) address, got one to file:///etc/hostname (scheme file:); "
            + NEW_ADDRESS
            + ".",
        ),
        (
            "redirect_to",
            {"location": "https://example.org/x.csv"},
            f"{HOSTS} https://example.org/x.csv (host example.org); {ALLOW}",
        ),
        ("endless_redirect", {}, f"expected at most 5 redirects, got one more; {NEW_ADDRESS}."),
        (
            "endless_redirect",
            {"circle": True},
            f"expected a redirect that arrives, got a circle through {URL}; {NEW_ADDRESS}.",
        ),
    ],
)
def test_redirects_elsewhere_are_refused(client, fakes, tmp_path, fault, options, message):
    fakes.fault(fault, **options)
    refused(client, tmp_path, RedirectRefused, message)
    assert fakes.requests() <= 6


@pytest.mark.parametrize(
    ("url", "expected", "actual"),
    [
        ("file:///etc/hostname", "an http(s) address", "scheme file:"),
        ("https://example.org/x.csv", "one of the 7 allowed hosts", "host example.org"),
        ("https://127.0.0.1/x.csv", "one of the 7 allowed hosts", "host 127.0.0.1"),
        ("https://user:secret@duo.nl/x.csv", "an address without user name", "one with a user part"),
        ("https://duo.nl:8443/x.csv", "port 80 or 443", "port 8443"),
        ("https://duo.nl:port/x.csv", "a well-formed http(s) address", "Port could not be cast"),
    ],
)
def test_addresses_we_do_not_go_to(client, fakes, tmp_path, url, expected, actual):
    with pytest.raises(AddressRefused) as caught:
        download(client, url, tmp_path / "file.csv")
    assert caught.value.expected == expected and caught.value.actual.startswith(actual)
    assert fakes.requests() == 0 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["10.0.0.8", "127.0.0.1", "::1", "fe80::1%eth0", "169.254.1.1"])
def test_without_mirror_no_local_address_is_contacted(tmp_path, address, monkeypatch):
    _no_proxies(monkeypatch)
    with HttpClient(Settings(attempts=3), resolver=lambda _: ["93.184.215.14", address]) as client:
        message = (
            f"expected a public address for duo.nl, got the local address {address}; set "
            "SECTORAKKOORD_PORTAL_URL when a mirror on your own network is meant."
        )
        refused(client, tmp_path, AddressRefused, message)


def test_a_name_that_resolves_elsewhere_after_the_check_is_not_followed(tmp_path, monkeypatch):
    """The first look-up gives a public address, every later one a server on loopback: it must not be contacted."""
    _no_proxies(monkeypatch)
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)

        def rebinding(host, port, *_, **__):
            asked.append(host)
            if host == "93.184.215.14":  # so that no packet leaves this machine
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]
            address = ("93.184.215.14", 443) if len(asked) == 1 else listener.getsockname()
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        with HttpClient(Settings(attempts=1)) as client, pytest.raises(ConnectionRefused):
            download(client, URL, tmp_path / "file.csv")
        assert asked == ["duo.nl", "93.184.215.14"]
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_pinned_connection_tries_the_addresses_in_turn_and_keeps_the_name(fakes):
    port = int(fakes.url.rpartition(":")[2])
    session, adapter = requests.Session(), PinnedAdapter()
    session.trust_env = False
    session.mount("http://", adapter)
    adapter.addresses = ["127.0.0.2", "127.0.0.1"]
    assert session.get(f"http://duo.nl:{port}{PATH}").content == BODY
    assert fakes.log[-1].headers["host"] == f"duo.nl:{port}"


def test_without_internet_one_sentence_names_the_other_editions(tmp_path, monkeypatch):
    _no_proxies(monkeypatch)

    def nowhere(host: str) -> list[str]:
        raise OSError(-3, "Temporary failure in name resolution")

    with HttpClient(Settings(), resolver=nowhere, sleep=lambda _: None) as client:
        message = (
            "expected an internet address for duo.nl, got none (Temporary failure in name resolution) (2 attempts); "
            "check the connection, or work without one: edition sample or mirror."
        )
        refused(client, tmp_path, Unreachable, message)


def test_nobody_listens_at_the_mirror(tmp_path):
    with HttpClient(load_settings(portal_url="http://127.0.0.1:9", attempts=1)) as client:
        refused(client, tmp_path, TransportFailed, f"expected a connection, got a refused one; {LATER}")


def test_target_that_cannot_be_written(client, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="change SECTORAKKOORD_DATA, then run again"):
        download(client, URL, tmp_path / "file" / "file.csv")


def test_a_proxy_is_used_and_credentials_stay_home(fakes, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, fakes.url)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # No address is looked up: behind a proxy this machine may not know any. The fake publishers answer 404.
    with (
        HttpClient(Settings(), resolver=lambda _: pytest.fail("looked up an address")) as client,
        pytest.raises(NotFound),
    ):
        client.get("http://duo.nl/x.csv")
    assert fakes.log[0].headers["host"] == "duo.nl"
    assert "authorization" not in fakes.log[0].headers


def test_json_is_parsed_and_html_is_not(client, fakes):
    fakes.put(PATH, b'\xef\xbb\xbf{"a": [1, 2.5]}')
    assert client.get_json(URL, {"$format": "json", "q": "een twee"}) == {"a": [1, 2.5]}
    assert fakes.log[0].query == "$format=json&q=een%20twee"
    fakes.put(PATH, b"<html><body>404</body></html>")
    with pytest.raises(WrongContent) as caught:
        client.get_json(URL)
    assert str(caught.value) == (
        f"{URL}: expected JSON, got html (Content-Type text/csv); open the address in a browser to see what it says."
    )
    fakes.put(PATH, b'{"a": oops}')
    with pytest.raises(WrongContent, match="expected JSON, got text that is not"):
        client.get_json(URL)


def test_text_may_be_latin_1_or_have_a_mark(client, fakes):
    fakes.put(PATH, "\ufeffoké".encode())
    assert client.get_text(URL) == "oké"
    fakes.put(PATH, "oké".encode("latin-1"))
    assert client.get_text(URL) == "oké"


def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
