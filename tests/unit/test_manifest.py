"""The manifest of a mirror folder: days that are warranted, however a spreadsheet wrote them, and days that are not."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.http.errors import NoSource
from flows.ingest.editions import folder_files
from tests.tiny_files import FILE_05_2017, repeaters_file

TODAY = date(2026, 11, 28)
PLACE = f"duo.nl/open_onderwijsdata/images/{FILE_05_2017}"
CONTENT = repeaters_file({"00AA00": (1000, 62)}).encode()
SHA = hashlib.sha256(CONTENT).hexdigest()
HEADER = "path,url,retrieved_on,sha256,note"


def offered(tmp_path: Path, text: str):
    """The one file that a folder with this manifest offers."""
    path = tmp_path / "mirror" / PLACE
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    (tmp_path / "manifest.csv").write_text(text, encoding="utf-8")
    (found,), unclaimed = folder_files(tmp_path / "mirror", "mirror", TODAY)
    assert unclaimed == []
    return found


@pytest.mark.parametrize(
    "line",
    [
        f"{PLACE},,2020-10-05,{SHA},",
        f"{PLACE},,2020-10-05,{SHA.upper()},",
        f"{PLACE.replace('/', chr(92))},,2020-10-05,{SHA},",
        f"./{PLACE},,5-10-2020, {SHA} ,",
        f"{PLACE.replace('duo.nl', 'DUO.nl')},,05-10-2020,{SHA},",
    ],
    ids=["plain", "capitals", "back-slashes", "dutch day", "capitals in the path"],
)
def test_a_day_that_can_be_understood_is_believed(tmp_path, line):
    found = offered(tmp_path, f"{HEADER}\n{line}\n")
    assert (found.retrieved_on, found.news, found.note) == (date(2020, 10, 5), (), "")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            f"{PLACE},,2026-11-29,{SHA},",
            "column retrieved_on: expected a day not after today, 2026-11-28, found '2026-11-29'",
        ),
        (f"{PLACE},,10/05/2020,{SHA},", "column retrieved_on: expected a day such as 2020-10-05 or 5-10-2020"),
        (f"{PLACE},,,{SHA},", "column retrieved_on: expected a day such as 2020-10-05 or 5-10-2020, found nothing"),
        (f"{PLACE},,2020-10-05,{SHA[:-1]},", "column sha256: expected a SHA-256 of 64 hexadecimal digits"),
        (f",,2020-10-05,{SHA},", "column path: expected a path such as duo.nl/.../file.csv, found nothing"),
        (f"{PLACE},,2020-10-05,{SHA}", "expected 5 cells, found 4"),
    ],
)
def test_what_cannot_be_understood_is_named_with_file_line_and_column(tmp_path, line, sentence):
    with pytest.raises(NoSource) as fault:
        offered(tmp_path, f"{HEADER}\n{line}\n")
    assert str(fault.value).startswith("manifest.csv, line 2") and sentence in str(fault.value)


def test_a_path_that_is_there_twice_with_different_words_is_named(tmp_path):
    line = f"{PLACE},,{{}},{SHA},\n"
    with pytest.raises(NoSource, match=r"manifest.csv, line 3, column path: expected each path once"):
        offered(tmp_path, f"{HEADER}\n{line.format('2020-10-05')}{line.format('2020-10-06')}")


def test_a_hash_of_other_bytes_warrants_nothing_and_is_reported(tmp_path):
    found = offered(tmp_path, f"{HEADER}\n{PLACE},,2020-10-05,{'0' * 64},\n")
    assert found.retrieved_on == TODAY
    assert found.news == ("manifest.csv names other bytes for this path: counted as taken today",)


def test_a_time_within_the_day_is_kept(tmp_path):
    found = offered(tmp_path, f"{HEADER}\n{PLACE},,2020-10-05T14:30,{SHA},\n")
    assert found.retrieved_at == datetime(2020, 10, 5, 14, 30, tzinfo=UTC)
