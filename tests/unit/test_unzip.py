"""Opening archives from outside, and telling what a file is."""

from __future__ import annotations

import errno
import gzip
import io
import zipfile
from pathlib import Path

import pytest

from flows.http.body import unpacker
from flows.http.errors import BodyIncomplete, StorageFailed, TooLarge, UnsafeArchive
from flows.http.unzip import unpack_zip
from schemas.reading.sniff import Kind, sniff, sniff_bytes

URL = "https://duo.nl/archief.zip"
LIMITS = {"url": URL, "max_bytes": 1 << 30, "max_expansion": 200}


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return path


def test_members_are_unpacked_in_their_folders(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"map/één.csv": b"a;b\n", "b.csv": b""})
    files = unpack_zip(path, tmp_path / "uit", **LIMITS)
    assert [str(file.relative_to(tmp_path / "uit")) for file in files] == ["map/één.csv", "b.csv"]
    assert files[0].read_bytes() == b"a;b\n"


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil", "a/../../evil", "..\\evil.csv", "C:/evil", "C:\\evil"])
def test_zip_slip_is_refused_and_writes_nothing(tmp_path, name):
    path = make_zip(tmp_path / "a.zip", {"good.csv": b"x", name: b"evil"})
    with pytest.raises(UnsafeArchive) as caught:
        unpack_zip(path, tmp_path / "uit", **LIMITS)
    written = zipfile.ZipFile(path).namelist()[1]
    assert str(caught.value) == (
        f"{URL}: expected members inside the archive's own folder, got {written!r}; "
        "treat the file as hostile and report it to the publisher."
    )
    assert [file.name for file in tmp_path.iterdir()] == ["a.zip"]


def test_links_and_doubles_are_refused(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/hostname")
    with pytest.raises(UnsafeArchive, match="got 'link'"):
        unpack_zip(tmp_path / "a.zip", tmp_path / "uit", **LIMITS)
    make_zip(tmp_path / "b.zip", {"A.csv": b"1", "a.csv": b"2"})
    with pytest.raises(UnsafeArchive, match="got two with the same name"):
        unpack_zip(tmp_path / "b.zip", tmp_path / "uit", **LIMITS)
    assert not (tmp_path / "uit").exists()


def test_zip_bomb_is_stopped_early(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"bomb.csv": bytes(40 << 20)})
    with pytest.raises(TooLarge, match="expected at most 200 bytes unpacked per byte packed"):
        unpack_zip(path, tmp_path / "uit", **LIMITS)
    with pytest.raises(TooLarge, match="expected at most 1,000 bytes unpacked, got more"):
        unpack_zip(path, tmp_path / "uit", url=URL, max_bytes=1000, max_expansion=10_000)
    assert not (tmp_path / "uit").exists()


def test_broken_zip_is_refused(tmp_path):
    whole = make_zip(tmp_path / "a.zip", {"a.csv": b"x" * 1000}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:-30])
    with pytest.raises(UnsafeArchive, match="expected a sound zip"):
        unpack_zip(tmp_path / "cut.zip", tmp_path / "uit", **LIMITS)
    flipped = bytearray(whole)
    flipped[40] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(flipped)
    with pytest.raises(UnsafeArchive, match="expected a sound zip"):
        unpack_zip(tmp_path / "flipped.zip", tmp_path / "uit", **LIMITS)
    assert not (tmp_path / "uit").exists()


def test_an_occupied_folder_is_left_alone(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"x"})
    with pytest.raises(FileExistsError, match="expected an empty or new folder"):
        unpack_zip(path, tmp_path, **LIMITS)


def unpacked(packed: bytes) -> bytes:
    """A gzip-encoded body as it comes in, in pieces."""
    inflate = unpacker("gzip", URL, 200)
    pieces = [packed[at : at + 100] for at in range(0, len(packed), 100)]
    return b"".join(plain for piece in [*pieces, b""] for plain in inflate(piece))


def test_a_gzip_encoded_body_may_have_members_and_must_be_whole():
    packed = gzip.compress(b"een\n") + gzip.compress(b"twee\n" * 500_000)
    assert unpacked(packed) == b"een\n" + b"twee\n" * 500_000
    with pytest.raises(BodyIncomplete, match="expected a whole gzip stream, got a cut-off one"):
        unpacked(packed[:-10])
    with pytest.raises(TooLarge):
        unpacked(gzip.compress(bytes(40 << 20)))


@pytest.mark.parametrize(
    "members",
    [{"a": b"1", "a/b.csv": b"2"}, {"a" * 300 + ".csv": b"1"}],
    ids=["a folder where a file is", "a name longer than a file system takes"],
)
def test_names_that_cannot_be_written_are_the_zips_fault(tmp_path, members):
    with pytest.raises(
        UnsafeArchive, match=r"expected a sound zip, got (Not a directory|File exists|File name too long)"
    ):
        unpack_zip(make_zip(tmp_path / "a.zip", members), tmp_path / "uit", **LIMITS)
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_under_any_compression_is_the_zips_fault(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.csv", b"BRIN;AANTAL\n" * 1000)
    damaged = bytearray((tmp_path / "a.zip").read_bytes())
    damaged[40:80] = b"\xff" * 40
    (tmp_path / "a.zip").write_bytes(damaged)
    with pytest.raises(UnsafeArchive, match="expected a sound zip"):
        unpack_zip(tmp_path / "a.zip", tmp_path / "uit", **LIMITS)
    assert sniff(tmp_path / "a.zip") is Kind.ZIP


def test_a_full_disk_is_this_machines_fault(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    path = make_zip(tmp_path / "a.zip", {"a.csv": b"x"})
    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(StorageFailed, match="No space left on device; free disk space"):
        unpack_zip(path, tmp_path / "uit", **LIMITS)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", Kind.EMPTY),
        (b"\xef\xbb\xbf \r\n", Kind.EMPTY),
        (b"<!doctype html>\n<html>", Kind.HTML),
        (b"\xef\xbb\xbf\n  <!DOCTYPE HTML PUBLIC>", Kind.HTML),
        (b"<!-- hello --><html>", Kind.HTML),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="x">', Kind.HTML),
        (b'<?xml version="1.0"?><feed>', Kind.XML),
        (b"<feed xmlns='x'>", Kind.XML),
        (b'{"value": []}', Kind.JSON),
        (b"[]", Kind.JSON),
        (b"[{", Kind.JSON),
        (b"<5;<5\r\n1;2", Kind.CSV),
        (b"BRIN NUMMER;AANTAL\r\n", Kind.CSV),
        (b'"a","b"\n', Kind.CSV),
        ("naam;é\r\n".encode("cp850"), Kind.CSV),
        ("a;b\r\n".encode("utf-16"), Kind.CSV),
        (b"one column\n1,5\n", Kind.TEXT),
        (b"\x1f\x8b\x08", Kind.GZIP),
        (b"%PDF-1.7", Kind.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.XLS),
        (b"\x00\x01;\x02", Kind.BINARY),
        (b"PK\x03\x04rest", Kind.ZIP),
    ],
)
def test_kinds_by_their_first_bytes(head, kind):
    assert sniff_bytes(head) is kind


def test_workbooks_are_told_from_plain_zips(tmp_path):
    assert sniff(make_zip(tmp_path / "a", {"docProps/x": b"", "[Content_Types].xml": b"", "xl/w": b""})) is Kind.XLSX
    assert sniff(make_zip(tmp_path / "b", {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})) is Kind.ODS
    assert sniff(make_zip(tmp_path / "c", {"a.csv": b"a;b"})) is Kind.ZIP
    (tmp_path / "d").write_bytes(make_zip(tmp_path / "c", {"a.csv": b"a;b"}).read_bytes()[:40])
    assert sniff(tmp_path / "d") is Kind.BINARY
    assert io.BytesIO(b"PK\x05\x06").read(4) == b"PK\x05\x06" and sniff_bytes(b"PK\x05\x06") is Kind.ZIP
