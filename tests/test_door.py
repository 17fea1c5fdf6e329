"""The door: what it fetches, what it refuses, in which words, and what it leaves on disk. Against a real server."""

from __future__ import annotations

import hashlib
import pickle
import re
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from flows.body import sweep_parts
from flows.door import Door, Known
from flows.double import running_double
from flows.errors import (
    AddressRefused,
    BodyIncomplete,
    HeaderTooLarge,
    NotFound,
    RedirectRefused,
    SourceError,
    StatusRefused,
    StorageFailed,
    TooLarge,
    TooSlow,
    TransportFailed,
    Unreachable,
    WrongContent,
)
from flows.settings import Settings, load_settings
from flows.sniff import Kind

pytestmark = pytest.mark.server

PATH = "/duo.nl/open_onderwijsdata/images/01-proef,-(synthetisch)-2019.csv"
URL = "https:/" + PATH
BODY = b"BRIN NUMMER;AANTAL\r\n" + b"".join(b"90AA;%d\r\n" % number for number in range(20_000))
SHA = hashlib.sha256(BODY).hexdigest()
LATER = "try again later; the last good data stays in use."


@pytest.fixture(scope="module")
def server():
    with running_double() as running:
        yield running


@pytest.fixture
def double(server):
    server.clear()
    server.reset_counts()
    server.put(PATH, BODY)
    return server


@pytest.fixture
def door(double):
    with Door(double.settings()) as opened:
        yield opened


def refused(door: Door, folder: Path, error: type[SourceError], message: str | None = None, **how) -> SourceError:
    """Download must fail with this error and message, and leave the folder as it was."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(error) as caught:
        door.download(URL, folder / "new" / "file.csv", **how)
    assert sorted(path for path in folder.rglob("*") if path.name != "new") == before
    if message is not None:
        assert str(caught.value) == f"{URL}: {message}"
    return caught.value


def test_file_arrives_whole_with_hash_and_origin(door, double, tmp_path):
    got = door.download(URL, tmp_path / "deep" / "file.csv", expected=[Kind.CSV])
    assert got.path.read_bytes() == BODY
    assert (got.sha256, got.bytes, got.transferred, got.attempts, got.unchanged) == (
        SHA,
        len(BODY),
        len(BODY),
        1,
        False,
    )
    assert got.url == got.final_url == URL
    assert got.retrieved_at.utcoffset().total_seconds() == 0
    assert got.headers["ETag"] and got.headers["Content-Type"] == "text/csv"
    assert double.log[0].headers["user-agent"].startswith("sectorakkoord-warehouse/")
    assert double.log[0].headers["accept-encoding"] == "gzip"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["file.csv"]
    assert door.traffic["duo.nl"].bytes == len(BODY) and door.traffic["duo.nl"].requests == 1


def test_second_visit_transfers_nothing(door, double, tmp_path):
    first = door.download(URL, tmp_path / "file.csv")
    double.reset_counts()
    again = door.download(URL, tmp_path / "again.csv", known=first.known)
    assert (again.unchanged, again.path, again.sha256, again.transferred) == (True, None, SHA, 0)
    assert double.requests() == 1 and double.bytes() == 0
    assert not (tmp_path / "again.csv").exists()


def test_same_bytes_under_another_etag_are_unchanged(door, tmp_path):
    got = door.download(URL, tmp_path / "file.csv", known=Known(SHA, '"old"', None))
    assert (got.unchanged, got.path, got.transferred) == (True, None, len(BODY))
    assert list(tmp_path.iterdir()) == []


def test_304_for_another_version_is_not_believed(door, double, tmp_path):
    double.fault("s21_false_304", times=1)
    got = door.download(URL, tmp_path / "file.csv", known=Known("0" * 64, '"held"', None))
    assert (got.attempts, got.unchanged, got.path.read_bytes()) == (2, False, BODY)
    assert "if-none-match" in double.log[0].headers and "if-none-match" not in double.log[1].headers


def test_304_without_question_fails(door, double, tmp_path):
    double.fault("s21_false_304")
    message = (
        "expected the file, got HTTP 304 that does not fit what we hold (5 attempts); "
        "the next attempt asks without conditions."
    )
    refused(door, tmp_path, BodyIncomplete, message)


def test_s08_unknown_address_is_not_asked_again(door, double, tmp_path):
    double.fault("s08_unknown_table")
    error = refused(
        door,
        tmp_path,
        NotFound,
        "expected an answer with data, got HTTP 404; check the address against the publisher's page or catalogue.",
    )
    assert (error.status, error.heals, double.requests()) == (404, False, 1)


def test_s09_503_twice_then_the_file(double, tmp_path):
    pauses: list[float] = []
    double.fault("s09_503_twice")
    settings = double.settings(backoff_min_s=2, backoff_max_s=60)
    with Door(settings, sleep=pauses.append, uniform=lambda low, high: high) as door:
        assert door.download(URL, tmp_path / "file.csv").attempts == 3
    assert pauses == [2, 4]


def test_s09_retry_after_is_honoured(double, tmp_path):
    pauses: list[float] = []
    double.fault("s09_503_twice", retry_after=7)
    with Door(double.settings(), sleep=pauses.append) as door:
        assert door.download(URL, tmp_path / "file.csv").sha256 == SHA
    assert pauses == [7, 7]


def test_s09_retry_after_beyond_patience_ends_at_once(door, double, tmp_path):
    double.fault("s09_503_twice", retry_after=999)
    refused(
        door, tmp_path, StatusRefused, f"expected an answer with data, got HTTP 503 with Retry-After 999 s; {LATER}"
    )
    assert double.requests() == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_busy_for_ever_is_bounded(door, double, tmp_path, status):
    double.fault("s09_503_twice", times=99, status=status)
    message = f"expected an answer with data, got HTTP {status} (5 attempts); {LATER}"
    assert refused(door, tmp_path, StatusRefused, message).heals
    assert double.requests() == 5


@pytest.mark.parametrize(("retry_500", "requests"), [(False, 1), (True, 5)])
def test_500_is_repeated_only_when_told(door, double, tmp_path, retry_500, requests):
    double.fault("s09_503_twice", times=99, status=500)
    tries = " (5 attempts)" if retry_500 else ""
    message = f"expected an answer with data, got HTTP 500{tries}; {LATER}"
    refused(door, tmp_path, StatusRefused, message, retry_500=retry_500)
    assert double.requests() == requests


@pytest.mark.parametrize("status", [400, 401, 403, 406, 416])
def test_refusals_are_not_repeated(door, double, tmp_path, status):
    double.fault("s09_503_twice", times=99, status=status)
    refused(door, tmp_path, StatusRefused)
    assert double.requests() == 1


@pytest.mark.parametrize("fault", ["s10_reset_mid_body", "mid_body_reset"])
def test_s10_broken_body_is_resumed_where_it_broke(door, double, tmp_path, fault):
    double.fault(fault, times=1)
    got = door.download(URL, tmp_path / "file.csv")
    assert (got.sha256, got.attempts) == (SHA, 2)
    assert got.path.read_bytes() == BODY
    assert double.log[1].headers["range"] == f"bytes={len(BODY) // 2}-"
    assert double.log[1].headers["if-range"] == got.headers["ETag"]
    assert got.transferred == len(BODY) == double.bytes()


def test_s10_length_too_large_once(door, double, tmp_path):
    double.fault("s10_length_too_large", times=1)
    got = door.download(URL, tmp_path / "file.csv")
    assert got.path.read_bytes() == BODY


def test_broken_twice_is_resumed_twice(door, double, tmp_path):
    double.fault("mid_body_reset", times=2)
    got = door.download(URL, tmp_path / "file.csv")
    assert (got.attempts, got.sha256, got.transferred) == (3, SHA, len(BODY))


def test_without_ranges_the_file_is_fetched_anew(door, double, tmp_path):
    double.fault("no_ranges")
    double.fault("mid_body_reset", times=1)
    got = door.download(URL, tmp_path / "file.csv")
    assert (got.sha256, got.transferred) == (SHA, len(BODY) + len(BODY) // 2)
    assert "range" not in double.log[1].headers


def test_content_that_changes_between_attempts_is_not_glued_together(double, tmp_path):
    other = BODY.replace(b"90AA", b"90BB")
    double.fault("mid_body_reset", times=1)
    with Door(double.settings(), sleep=lambda _: double.put(PATH, other)) as door:
        got = door.download(URL, tmp_path / "file.csv")
    assert got.path.read_bytes() == other
    assert "range" in double.log[1].headers


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        (
            "s10_empty_reply",
            TransportFailed,
            f"expected an answer, got a closed connection without one byte (5 attempts); {LATER}",
        ),
        (
            "mid_body_reset",
            TransportFailed,
            "expected a complete answer, got a broken connection "
            f"(ConnectionResetError: [Errno 104] Connection reset by peer) (5 attempts); {LATER}",
        ),
    ],
)
def test_s10_broken_for_ever_leaves_nothing(door, double, tmp_path, fault, error, message):
    double.fault(fault)
    refused(door, tmp_path, error, message)
    assert double.requests() == 5


def test_s10_length_too_large_for_ever(double, tmp_path):
    double.fault("no_ranges")
    double.fault("s10_length_too_large")
    with Door(double.settings(attempts=2)) as door:
        message = f"expected the whole body, got a body that stops half way (2 attempts); {LATER}"
        refused(door, tmp_path, BodyIncomplete, message)


def test_empty_file_is_no_file(door, double, tmp_path):
    double.put(PATH, b"")
    message = "expected a file with content, got an empty one (5 attempts); try again later."
    refused(door, tmp_path, BodyIncomplete, message)


def test_slow_drip_is_given_up(double, tmp_path):
    double.fault("slow_drip", bytes_per_s=50)
    with Door(double.settings(attempts=2, slow_window_s=0.3, slow_bytes_per_s=1000)) as door:
        error = refused(door, tmp_path, TooSlow)
    pattern = r"expected at least 1,000 bytes per second, got \d+ \(2 attempts\); try again at a quieter hour\."
    assert re.fullmatch(re.escape(f"{URL}: ") + pattern, str(error))


def test_silence_ends_with_the_read_timeout(double, tmp_path):
    double.fault("slow_drip", bytes_per_s=0, seconds=1)
    with Door(double.settings(attempts=1, read_timeout_s=0.05)) as door:
        message = f"expected a steady answer, got silence until the read timeout; {LATER}"
        refused(door, tmp_path, TransportFailed, message)


def test_header_of_50_mb_is_refused(door, double, tmp_path):
    double.fault("header_50mb")
    message = "expected header lines up to 64 KiB, at most 100, got more than that; report it to the publisher."
    refused(door, tmp_path, HeaderTooLarge, message)
    assert double.requests() == 1


def test_gzip_bomb_is_recognised_by_its_ratio(door, double, tmp_path):
    double.fault("gzip_bomb")
    error = refused(door, tmp_path, TooLarge)
    assert error.expected == "at most 200 bytes unpacked per byte packed"
    assert error.way_out.startswith("treat the file as hostile")
    assert double.requests() == 1


def test_gzip_encoded_body_is_capped_after_unpacking(door, double, tmp_path):
    double.fault("gzip_bomb", size=3_000_000)
    message = (
        "expected at most 1,000,000 bytes, got more; check the address, or raise "
        "SECTORAKKOORD_MAX_DOWNLOAD_BYTES when the file is really that large."
    )
    refused(door, tmp_path, TooLarge, message, max_bytes=1_000_000)


def test_gzip_encoded_body_is_kept_unpacked(door, double, tmp_path):
    double.fault("gzip_bomb", size=3_000_000)
    got = door.download(URL, tmp_path / "file.csv", max_bytes=3_000_000, expected=[])
    assert got.path.read_bytes() == bytes(3_000_000)
    assert got.transferred < 10_000


def test_announced_size_above_the_cap_is_not_read(door, double, tmp_path):
    refused(
        door,
        tmp_path,
        TooLarge,
        f"expected at most 1,000 bytes, got {len(BODY):,} announced; check the address, or raise "
        "SECTORAKKOORD_MAX_DOWNLOAD_BYTES when the file is really that large.",
        max_bytes=1000,
    )


@pytest.mark.parametrize("content_type", ["text/csv", "text/html"])
def test_s18_web_page_instead_of_csv_is_kept_aside(door, double, tmp_path, content_type):
    double.fault("s18_html_shell", content_type=content_type)
    aside = tmp_path / "refused"
    with pytest.raises(WrongContent) as caught:
        door.download(URL, tmp_path / "file.csv", expected=[Kind.CSV], keep_refused=aside)
    kept = list(aside.iterdir())
    assert len(kept) == 1 and kept[0].suffix == ".html" and b"<!doctype html>" in kept[0].read_bytes()
    assert str(caught.value) == (
        f"{URL}: expected csv, got html (99 bytes); open the address in a browser to see what it says. "
        f"The refused bytes are kept at {kept[0]}."
    )
    assert double.requests() == 1 and not (tmp_path / "file.csv").exists()


def test_a_refused_download_leaves_the_old_file(door, double, tmp_path):
    target = tmp_path / "file.csv"
    door.download(URL, target)
    double.fault("s18_html_shell")
    with pytest.raises(WrongContent):
        door.download(URL, target, expected=[Kind.CSV])
    assert target.read_bytes() == BODY and [path.name for path in tmp_path.iterdir()] == ["file.csv"]


def test_s24_odd_csv_arrives_byte_for_byte(door, double, tmp_path):
    double.fault("s24_odd_csv")
    got = door.download(URL, tmp_path / "file.csv", expected=[Kind.CSV])
    body = got.path.read_bytes()
    assert body.count(b"\r\n") == 3 and b"\xe9\nSYNTHETIC" in body and b"<5;\r\n" in body and b"20250131,0" in body


def test_redirects_within_the_list_are_followed(door, double, tmp_path):
    double.put("/onderwijsdata.duo.nl/new place.csv", BODY)
    double.fault("redirect_to", PATH, location="https://onderwijsdata.duo.nl/new%20place.csv")
    got = door.download(URL, tmp_path / "file.csv")
    assert (got.sha256, got.url, got.final_url) == (SHA, URL, "https://onderwijsdata.duo.nl/new%20place.csv")


@pytest.mark.parametrize("location", ["http://duo.nl/elsewhere.csv", "/elsewhere.csv", "../../elsewhere.csv"])
def test_redirects_stay_on_https(door, double, tmp_path, location):
    double.put("/duo.nl/elsewhere.csv", BODY)
    double.fault("redirect_to", PATH, location=location)
    assert door.download(URL, tmp_path / "file.csv").final_url == "https://duo.nl/elsewhere.csv"


HOSTS = "expected a redirect to one of the 11 allowed hosts, got one to"
NEW_ADDRESS = "look at the publisher's page for the new address."


@pytest.mark.parametrize(
    ("fault", "options", "message"),
    [
        (
            "redirect_private",
            {},
            f"{HOSTS} http://169.254.169.254/latest/meta-data/ (host 169.254.169.254); {NEW_ADDRESS}",
        ),
        (
            "redirect_file",
            {},
            "expected a redirect to an http(s) address, got one to file:///etc/hostname (scheme file:); " + NEW_ADDRESS,
        ),
        (
            "redirect_to",
            {"location": "https://example.org/x.csv"},
            f"{HOSTS} https://example.org/x.csv (host example.org); {NEW_ADDRESS}",
        ),
        ("endless_redirect", {}, f"expected at most 5 redirects, got one more; {NEW_ADDRESS}"),
        (
            "endless_redirect",
            {"circle": True},
            f"expected a redirect that arrives, got a circle through {URL}; {NEW_ADDRESS}",
        ),
    ],
)
def test_redirects_elsewhere_are_refused(door, double, tmp_path, fault, options, message):
    double.fault(fault, **options)
    refused(door, tmp_path, RedirectRefused, message)
    assert double.requests() <= 6


@pytest.mark.parametrize(
    ("url", "expected", "came"),
    [
        ("file:///etc/hostname", "an http(s) address", "scheme file:"),
        ("https://example.org/x.csv", "one of the 11 allowed hosts", "host example.org"),
        ("https://127.0.0.1/x.csv", "one of the 11 allowed hosts", "host 127.0.0.1"),
        ("https://user:secret@duo.nl/x.csv", "an address without user name", "one with a user part"),
        ("https://duo.nl:8443/x.csv", "port 80 or 443", "port 8443"),
        ("https://duo.nl:port/x.csv", "a well-formed http(s) address", "Port could not be cast"),
    ],
)
def test_addresses_we_do_not_go_to(door, double, tmp_path, url, expected, came):
    with pytest.raises(AddressRefused) as caught:
        door.download(url, tmp_path / "file.csv")
    assert caught.value.expected == expected and caught.value.came.startswith(came)
    assert double.requests() == 0 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["10.0.0.8", "127.0.0.1", "::1", "fe80::1%eth0", "169.254.1.1"])
def test_without_portal_no_local_address_is_contacted(tmp_path, address, monkeypatch):
    _no_proxies(monkeypatch)
    with Door(Settings(attempts=3), resolver=lambda _: ["93.184.215.14", address]) as door:
        message = (
            f"expected a public address for duo.nl, got the local address {address}; set "
            "SECTORAKKOORD_PORTAL_URL when a mirror on your own network is meant."
        )
        refused(door, tmp_path, AddressRefused, message)


def test_without_internet_one_sentence_names_the_other_editions(tmp_path, monkeypatch):
    _no_proxies(monkeypatch)

    def nowhere(host: str) -> list[str]:
        raise OSError(-3, "Temporary failure in name resolution")

    with Door(Settings(), resolver=nowhere, sleep=lambda _: None) as door:
        message = (
            "expected an internet address for duo.nl, got none (Temporary failure in name resolution) (2 attempts); "
            "check the connection, or work without one: edition sample or mirror."
        )
        refused(door, tmp_path, Unreachable, message)


def test_nobody_listens_at_the_portal(tmp_path):
    with Door(load_settings(portal_url="http://127.0.0.1:9", attempts=1)) as door:
        refused(door, tmp_path, TransportFailed, f"expected a connection, got a refused one; {LATER}")


def test_target_that_cannot_be_written(door, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="change SECTORAKKOORD_DATA, then run again"):
        door.download(URL, tmp_path / "file" / "file.csv")


def test_one_host_is_asked_politely_and_one_thing_at_a_time(double, tmp_path):
    pauses: list[float] = []
    with Door(double.settings(requests_per_second=2), sleep=pauses.append) as door:
        threads = [
            threading.Thread(target=door.download, args=(URL, tmp_path / f"{number}.csv")) for number in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(list(tmp_path.iterdir())) == 4
    assert len(pauses) == 3 and all(0.3 < pause <= 0.5 for pause in pauses)


def test_environment_credentials_stay_home(double, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Door(double.settings()) as door:
        door.get(URL)
    assert "authorization" not in double.log[0].headers


def test_json_is_parsed_and_html_is_not(door, double):
    double.put(PATH, b'\xef\xbb\xbf{"a": [1, 2.5]}')
    assert door.get_json(URL, {"$format": "json", "q": "een twee"}) == {"a": [1, 2.5]}
    assert double.log[0].query == "$format=json&q=een%20twee"
    double.put(PATH, b"<html><body>404</body></html>")
    with pytest.raises(WrongContent) as caught:
        door.get_json(URL)
    assert str(caught.value) == (
        f"{URL}: expected JSON, got html (Content-Type text/csv); open the address in a browser to see what it says."
    )
    double.put(PATH, b'{"a": oops}')
    with pytest.raises(WrongContent, match="expected JSON, got text that is not"):
        door.get_json(URL)


def test_s10_json_cut_off_is_fetched_again(door, double):
    double.put(PATH, b'{"value": [1, 2, 3]}')
    double.fault("s10_truncated_json", times=2)
    assert door.get_json(URL) == {"value": [1, 2, 3]}
    assert double.requests() == 3
    double.fault("s10_truncated_json")
    with pytest.raises(BodyIncomplete) as caught:
        door.get_json(URL)
    assert str(caught.value) == (
        f"{URL}: expected a whole JSON text, got one cut off after 10 bytes (5 attempts); try again later."
    )


def test_text_may_be_latin_1_or_have_a_mark(door, double):
    double.put(PATH, "\ufeffoké".encode())
    assert door.get_text(URL) == "oké"
    double.put(PATH, "oké".encode("latin-1"))
    assert door.get_text(URL) == "oké"


def test_errors_survive_pickling(door, double, tmp_path):
    double.fault("s08_unknown_table")
    error = refused(door, tmp_path, NotFound)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.status, again.body) == (str(error), 404, b"Not found")


def test_leftovers_of_a_killed_process_are_swept(tmp_path):
    (tmp_path / "a").mkdir()
    left = tmp_path / "a" / ".0123.part"
    left.write_bytes(b"half")
    (tmp_path / "a" / "file.csv").write_bytes(b"whole")
    assert sweep_parts(tmp_path, older_than_s=3600) == 0
    assert sweep_parts(tmp_path, older_than_s=-1) == 1
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["file.csv"]


@pytest.mark.long
def test_memory_stays_flat_while_a_gigabyte_streams(double, tmp_path):
    double.stream("/duo.nl/groot.bin", 1 << 30)
    script = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from flows.door import Door
        from flows.settings import load_settings
        peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with Door(load_settings(portal_url=sys.argv[1])) as door:
            start = peak()
            got = door.download("https://duo.nl/groot.bin", Path(sys.argv[2]))
            print(start, peak(), got.bytes)
        """
    )
    command = [sys.executable, "-c", script, double.url, str(tmp_path / "groot.bin")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    start, peak, size = (int(number) for number in done.stdout.split())
    print(f"start {start} MiB, peak {peak} MiB")
    assert size == 1 << 30
    assert peak - start <= 300


def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
