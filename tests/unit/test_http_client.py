"""The door: what it fetches, how it tries again and resumes, and what it leaves on disk. On a real server."""

from __future__ import annotations

import pickle
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from flows.http.client import HttpClient, Known
from flows.http.errors import BodyIncomplete, NotFound, StatusRefused, TooSlow, TransportFailed
from flows.http.sniff import Kind
from tests.http_case import BODY, LATER, PATH, SHA, URL, refused
from warehouse.files import sweep_parts

pytest_plugins = ("tests.http_fixtures",)
pytestmark = pytest.mark.server


def test_file_arrives_whole_with_hash_and_origin(client, fakes, tmp_path):
    got = client.download(URL, tmp_path / "deep" / "file.csv", expected=[Kind.CSV])
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
    assert fakes.log[0].headers["user-agent"].startswith("Mozilla/5.0 (compatible; sectorakkoord-warehouse/")
    assert fakes.log[0].headers["accept-encoding"] == "gzip"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["file.csv"]
    assert client.traffic["duo.nl"].bytes == len(BODY) and client.traffic["duo.nl"].requests == 1


def test_second_visit_transfers_nothing(client, fakes, tmp_path):
    first = client.download(URL, tmp_path / "file.csv")
    fakes.reset_counts()
    again = client.download(URL, tmp_path / "again.csv", known=first.known)
    assert (again.unchanged, again.path, again.sha256, again.transferred) == (True, None, SHA, 0)
    assert fakes.requests() == 1 and fakes.bytes() == 0
    assert not (tmp_path / "again.csv").exists()


def test_same_bytes_under_another_etag_are_unchanged(client, tmp_path):
    got = client.download(URL, tmp_path / "file.csv", known=Known(SHA, '"old"', None))
    assert (got.unchanged, got.path, got.transferred) == (True, None, len(BODY))
    assert list(tmp_path.iterdir()) == []


def test_304_for_another_version_is_not_believed(client, fakes, tmp_path):
    fakes.fault("s21_false_304", times=1)
    got = client.download(URL, tmp_path / "file.csv", known=Known("0" * 64, '"held"', None))
    assert (got.attempts, got.unchanged, got.path.read_bytes()) == (2, False, BODY)
    assert "if-none-match" in fakes.log[0].headers and "if-none-match" not in fakes.log[1].headers


def test_304_without_question_fails(client, fakes, tmp_path):
    fakes.fault("s21_false_304")
    message = (
        "expected the file, got HTTP 304 that does not fit what we hold (5 attempts); "
        "the next attempt asks without conditions."
    )
    refused(client, tmp_path, BodyIncomplete, message)


def test_s08_unknown_address_is_not_asked_again(client, fakes, tmp_path):
    fakes.fault("s08_unknown_table")
    error = refused(
        client,
        tmp_path,
        NotFound,
        "expected an answer with data, got HTTP 404; check the address against the publisher's page or catalogue.",
    )
    assert (error.status, error.is_transient, fakes.requests()) == (404, False, 1)


def test_s09_503_twice_then_the_file(fakes, tmp_path):
    pauses: list[float] = []
    fakes.fault("s09_503_twice")
    settings = fakes.settings(backoff_min_s=2, backoff_max_s=60)
    with HttpClient(settings, sleep=pauses.append, uniform=lambda low, high: high) as client:
        assert client.download(URL, tmp_path / "file.csv").attempts == 3
    assert pauses == [2, 4]


def test_s09_retry_after_is_honoured(fakes, tmp_path):
    pauses: list[float] = []
    fakes.fault("s09_503_twice", retry_after=7)
    with HttpClient(fakes.settings(), sleep=pauses.append) as client:
        assert client.download(URL, tmp_path / "file.csv").sha256 == SHA
    assert pauses == [7, 7]


def test_s09_retry_after_beyond_patience_ends_at_once(client, fakes, tmp_path):
    fakes.fault("s09_503_twice", retry_after=999)
    refused(
        client, tmp_path, StatusRefused, f"expected an answer with data, got HTTP 503 with Retry-After 999 s; {LATER}"
    )
    assert fakes.requests() == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_busy_for_ever_is_bounded(client, fakes, tmp_path, status):
    fakes.fault("s09_503_twice", times=99, status=status)
    message = f"expected an answer with data, got HTTP {status} (5 attempts); {LATER}"
    assert refused(client, tmp_path, StatusRefused, message).is_transient
    assert fakes.requests() == 5


@pytest.mark.parametrize(("retry_500", "requests"), [(False, 1), (True, 5)])
def test_500_is_repeated_only_when_told(client, fakes, tmp_path, retry_500, requests):
    fakes.fault("s09_503_twice", times=99, status=500)
    tries = " (5 attempts)" if retry_500 else ""
    message = f"expected an answer with data, got HTTP 500{tries}; {LATER}"
    refused(client, tmp_path, StatusRefused, message, retry_500=retry_500)
    assert fakes.requests() == requests


@pytest.mark.parametrize("status", [400, 401, 403, 406, 416])
def test_refusals_are_not_repeated(client, fakes, tmp_path, status):
    fakes.fault("s09_503_twice", times=99, status=status)
    refused(client, tmp_path, StatusRefused)
    assert fakes.requests() == 1


@pytest.mark.parametrize("fault", ["s10_reset_mid_body", "mid_body_reset"])
def test_s10_broken_body_is_resumed_where_it_broke(client, fakes, tmp_path, fault):
    fakes.fault(fault, times=1)
    got = client.download(URL, tmp_path / "file.csv")
    assert (got.sha256, got.attempts) == (SHA, 2)
    assert got.path.read_bytes() == BODY
    assert fakes.log[1].headers["range"] == f"bytes={len(BODY) // 2}-"
    assert fakes.log[1].headers["if-range"] == got.headers["ETag"]
    assert got.transferred == len(BODY) == fakes.bytes()


def test_s10_length_too_large_once(client, fakes, tmp_path):
    fakes.fault("s10_length_too_large", times=1)
    got = client.download(URL, tmp_path / "file.csv")
    assert got.path.read_bytes() == BODY


def test_broken_twice_is_resumed_twice(client, fakes, tmp_path):
    fakes.fault("mid_body_reset", times=2)
    got = client.download(URL, tmp_path / "file.csv")
    assert (got.attempts, got.sha256, got.transferred) == (3, SHA, len(BODY))


def test_without_ranges_the_file_is_fetched_anew(client, fakes, tmp_path):
    fakes.fault("no_ranges")
    fakes.fault("mid_body_reset", times=1)
    got = client.download(URL, tmp_path / "file.csv")
    assert (got.sha256, got.transferred) == (SHA, len(BODY) + len(BODY) // 2)
    assert "range" not in fakes.log[1].headers


def test_content_that_changes_between_attempts_is_not_glued_together(fakes, tmp_path):
    other = BODY.replace(b"90AA", b"90BB")
    fakes.fault("mid_body_reset", times=1)
    with HttpClient(fakes.settings(), sleep=lambda _: fakes.put(PATH, other)) as client:
        got = client.download(URL, tmp_path / "file.csv")
    assert got.path.read_bytes() == other
    assert "range" in fakes.log[1].headers


def test_less_than_the_rest_is_not_taken_for_the_whole(client, fakes, tmp_path):
    fakes.fault("mid_body_reset", times=1)
    fakes.fault("short_range", times=2)
    got = client.download(URL, tmp_path / "file.csv")
    assert (got.sha256, got.attempts) == (SHA, 3)


@pytest.mark.parametrize("nameless", [False, True])
def test_a_server_deaf_to_if_range_does_not_mix_versions(fakes, tmp_path, nameless):
    other = BODY.replace(b"90AA", b"90BBB")
    fakes.fault("mid_body_reset", times=1)
    fakes.fault("if_range_ignored", nameless=nameless)
    with HttpClient(fakes.settings(), sleep=lambda _: fakes.put(PATH, other)) as client:
        got = client.download(URL, tmp_path / "file.csv")
    assert got.path.read_bytes() == other and got.attempts == 3


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
def test_s10_broken_for_ever_leaves_nothing(client, fakes, tmp_path, fault, error, message):
    fakes.fault(fault)
    refused(client, tmp_path, error, message)
    assert fakes.requests() == 5


def test_s10_length_too_large_for_ever(fakes, tmp_path):
    fakes.fault("no_ranges")
    fakes.fault("s10_length_too_large")
    with HttpClient(fakes.settings(attempts=2)) as client:
        message = f"expected the whole body, got a body that stops half way (2 attempts); {LATER}"
        refused(client, tmp_path, BodyIncomplete, message)


def test_empty_file_is_no_file(client, fakes, tmp_path):
    fakes.put(PATH, b"")
    message = "expected a file with content, got an empty one (5 attempts); try again later."
    refused(client, tmp_path, BodyIncomplete, message)


def test_slow_drip_is_given_up(fakes, tmp_path):
    fakes.fault("slow_drip", bytes_per_s=50)
    with HttpClient(fakes.settings(attempts=2, slow_window_s=0.3, slow_bytes_per_s=1000)) as client:
        error = refused(client, tmp_path, TooSlow)
    pattern = r"expected at least 1,000 bytes per second, got \d+ \(2 attempts\); try again at a quieter hour\."
    assert re.fullmatch(re.escape(f"{URL}: ") + pattern, str(error))


def test_silence_ends_with_the_read_timeout(fakes, tmp_path):
    fakes.fault("slow_drip", bytes_per_s=0, seconds=1)
    with HttpClient(fakes.settings(attempts=1, read_timeout_s=0.05)) as client:
        message = f"expected a steady answer, got silence until the read timeout; {LATER}"
        refused(client, tmp_path, TransportFailed, message)


def test_one_host_is_asked_politely_and_one_thing_at_a_time(fakes, tmp_path):
    pauses: list[float] = []
    with HttpClient(fakes.settings(requests_per_second=2), sleep=pauses.append) as client:
        threads = [
            threading.Thread(target=client.download, args=(URL, tmp_path / f"{number}.csv")) for number in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(list(tmp_path.iterdir())) == 4
    assert len(pauses) == 3 and all(0.3 < pause <= 0.5 for pause in pauses)


def test_s10_json_cut_off_is_fetched_again(client, fakes):
    fakes.put(PATH, b'{"value": [1, 2, 3]}')
    fakes.fault("s10_truncated_json", times=2)
    assert client.get_json(URL) == {"value": [1, 2, 3]}
    assert fakes.requests() == 3
    fakes.fault("s10_truncated_json")
    with pytest.raises(BodyIncomplete) as caught:
        client.get_json(URL)
    assert str(caught.value) == (
        f"{URL}: expected a whole JSON text, got one cut off after 10 bytes (5 attempts); try again later."
    )


def test_errors_survive_pickling(client, fakes, tmp_path):
    fakes.fault("s08_unknown_table")
    error = refused(client, tmp_path, NotFound)
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


def test_killed_in_the_middle_nothing_bears_the_name(fakes, tmp_path):
    script = (
        "import sys; from pathlib import Path; from flows.http.client import HttpClient; from flows.settings import load_settings\n"
        "HttpClient(load_settings(portal_url=sys.argv[1])).download(sys.argv[2], Path(sys.argv[3]))"
    )
    fakes.fault("slow_drip", bytes_per_s=100_000, seconds=20, times=1)
    target = tmp_path / "file.csv"
    command = [sys.executable, "-c", script, fakes.url, URL, str(target)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        deadline = time.monotonic() + 20
        while not fakes.bytes() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.2)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    left = list(tmp_path.iterdir())
    assert len(left) == 1 and left[0].suffix == ".part" and left[0].stat().st_size < len(BODY)
    with HttpClient(fakes.settings()) as client:
        assert client.download(URL, target).sha256 == SHA
    sweep_parts(tmp_path, older_than_s=-1)
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.long
def test_memory_stays_flat_while_a_gigabyte_streams(fakes, tmp_path):
    fakes.stream("/duo.nl/groot.bin", 1 << 30)
    script = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from flows.http.client import HttpClient
        from flows.settings import load_settings
        peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with HttpClient(load_settings(portal_url=sys.argv[1])) as client:
            start = peak()
            got = client.download("https://duo.nl/groot.bin", Path(sys.argv[2]))
            print(start, peak(), got.bytes)
        """
    )
    command = [sys.executable, "-c", script, fakes.url, str(tmp_path / "groot.bin")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    start, peak, size = (int(number) for number in done.stdout.split())
    print(f"start {start} MiB, peak {peak} MiB")
    assert size == 1 << 30
    assert peak - start <= 300
