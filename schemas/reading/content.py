"""The bytes of a file. A large one is looked at through the file, block by block, so that memory does not grow with it."""

import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

Content = bytes | mmap.mmap
BLOCK = 8 << 20
"""Bytes that are looked at together."""
MAPPED = 32 << 20
"""A content of so many bytes and more stays on disk."""


def content_of(path: Path) -> Content:
    """What a file holds."""
    if path.stat().st_size < MAPPED:
        return path.read_bytes()
    with path.open("rb") as file:
        return mapped(file)


def joined(blocks: Iterable[bytes], size: int) -> Content:
    """The blocks as one content of about `size` bytes; a large one goes to a temporary file, which ends with its last use."""
    if size < MAPPED:
        return b"".join(blocks)
    with TemporaryFile() as file:
        file.writelines(blocks)
        file.flush()
        return mapped(file)


def mapped(file: IO[bytes]) -> mmap.mmap:
    """An open file as content."""
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def line_blocks(content: Content, start: int = 0) -> Iterator[bytes]:
    """The content from byte `start` on, in blocks of whole lines."""
    while start < len(content):
        end = content.find(b"\n", start + BLOCK) + 1 or len(content)
        yield content[start:end]
        release(content)
        start = end


def release(content: Content) -> None:
    """Give back the memory of what was looked at; it is read again from the file where it is needed."""
    if isinstance(content, mmap.mmap):
        content.madvise(mmap.MADV_DONTNEED)
