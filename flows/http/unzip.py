"""Unpacking zip files from outside: no member leaves the folder, and unpacked size is bounded."""

from __future__ import annotations

import errno
import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from flows.http.body import RATIO_FLOOR, bomb
from flows.http.errors import BodyIncomplete, SourceError, StorageFailed, TooLarge, UnsafeArchive

MAX_MEMBERS = 10_000
#: What Python's zip reader raises on bytes that are no sound zip.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
#: Faults of writing that are this machine's; any other comes from a member's name or from its compressed data.
OURS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
)


def unpack_zip(path: Path, folder: Path, *, url: str, max_bytes: int, max_expansion: int) -> list[Path]:
    """Unpack all of `path` into the new `folder`; returns the files in the archive's order.

    Refuses members that point outside (`../`, absolute, drive letters, links), duplicates, encrypted ones and
    bombs; nothing is left in `folder` after a refusal. Declared sizes are not believed, bytes are counted.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder}: expected an empty or new folder to unpack into; choose another")
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            targets = _safe_targets(members, folder, url)
            folder.mkdir(parents=True, exist_ok=True)
            left = max_bytes
            for info, target in zip(members, targets, strict=True):
                left -= _write_member(archive, info, target, url, left, max_expansion)
        return targets
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, (*BROKEN, OSError)):
            raise _fault(error, url, folder) from error
        raise


def _fault(error: Exception, url: str, folder: Path) -> SourceError:
    """Our error for what the zip reader or the file system raised."""
    if isinstance(error, OSError) and error.errno in OURS:
        hint = "free disk space or change SECTORAKKOORD_DATA, then run again"
        return StorageFailed(url, f"to unpack in {folder.parent}", error.strerror or str(error), hint)
    actual = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return UnsafeArchive(url, "a sound zip", actual, "fetch it again or report it")


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
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, url: str, left: int, max_expansion: int
) -> int:
    """Write one member; returns its size in bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(info) as source, target.open("xb") as file:
        while piece := source.read(1 << 20):
            written += len(piece)
            if written > max(RATIO_FLOOR, info.compress_size * max_expansion):
                raise bomb(url, info.compress_size, written, max_expansion)
            if written > left:
                raise _too_large(url, left)
            file.write(piece)
    if written != info.file_size:
        actual = f"{written:,} in {info.filename}"
        raise BodyIncomplete(url, f"{info.file_size:,} bytes", actual, "fetch the file again")
    return written


def _too_large(url: str, cap: int) -> TooLarge:
    hint = "check the file, or raise SECTORAKKOORD_MAX_DOWNLOAD_BYTES when it is really that large"
    return TooLarge(url, f"at most {cap:,} bytes unpacked", "more", hint)
