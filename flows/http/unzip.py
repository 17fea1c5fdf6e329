"""Opening zip and gzip files from outside: nothing leaves the folder, nothing grows beyond reason."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from flows.http.body import PIECE, RATIO_FLOOR, AtomicFile, bomb, gunzipper
from flows.http.errors import BodyIncomplete, TooLarge, UnsafeArchive

MAX_MEMBERS = 10_000


def unpack_zip(path: Path, folder: Path, *, url: str, max_bytes: int, max_expansion: int) -> list[Path]:
    """Unpack all of `path` into the new `folder`; returns the files in the archive's order.

    Refuses members that point outside (`../`, absolute, drive letters, links), doubles, encrypted ones and
    bombs; nothing is left in `folder` after a refusal. Declared sizes are not believed, bytes are counted.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder}: expected an empty or new folder to unpack into; choose another")
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            targets = _safe_targets(members, folder, url)
            folder.mkdir(parents=True, exist_ok=True)
            room = max_bytes
            for info, target in zip(members, targets, strict=True):
                room -= _write_member(archive, info, target, url, room, max_expansion)
        return targets
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UnsafeArchive(url, "a sound zip", str(error), "fetch it again or report it") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def gunzip(path: Path, target: Path, *, url: str, max_bytes: int, max_expansion: int) -> Path:
    """Unpack the gzip file `path` into `target`, which appears whole or not at all."""
    inflate, part = gunzipper(url, max_expansion), AtomicFile(target)
    try:
        with path.open("rb") as file:
            while True:
                piece = file.read(PIECE)
                for plain in inflate(piece):
                    if part.size + len(plain) > max_bytes:
                        raise _too_large(url, max_bytes)
                    part.write(plain)
                if not piece:
                    break
        part.close()
        part.commit(target)
        return target
    finally:
        part.discard()


def _safe_targets(members: list[zipfile.ZipInfo], folder: Path, url: str) -> list[Path]:
    hint = "treat the file as hostile and report it to the publisher"
    if len(members) > MAX_MEMBERS:
        raise UnsafeArchive(url, f"at most {MAX_MEMBERS:,} members", f"{len(members):,}", hint)
    targets = []
    for info in members:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        unsafe = name.is_absolute() or ".." in name.parts or ":" in info.filename or not name.parts
        if unsafe or stat.S_ISLNK(info.external_attr >> 16):
            raise UnsafeArchive(url, "members inside the archive's own folder", f"{info.filename!r}", hint)
        targets.append(folder.joinpath(*name.parts))
    if len({str(target).lower() for target in targets}) != len(targets):
        raise UnsafeArchive(url, "members with different names", "two with the same name", hint)
    return targets


def _write_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, url: str, room: int, max_expansion: int
) -> int:
    """Write one member; returns its size in bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(info) as source, target.open("xb") as file:
        while piece := source.read(1 << 20):
            written += len(piece)
            if written > max(RATIO_FLOOR, info.compress_size * max_expansion):
                raise bomb(url, info.compress_size, written, max_expansion)
            if written > room:
                raise _too_large(url, room)
            file.write(piece)
    if written != info.file_size:
        actual = f"{written:,} in {info.filename}"
        raise BodyIncomplete(url, f"{info.file_size:,} bytes", actual, "fetch the file again")
    return written


def _too_large(url: str, cap: int) -> TooLarge:
    hint = "check the file, or raise SECTORAKKOORD_MAX_DOWNLOAD_BYTES when it is really that large"
    return TooLarge(url, f"at most {cap:,} bytes unpacked", "more", hint)
