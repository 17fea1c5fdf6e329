"""Which code page a publisher's file is in. The start of a file lies, so all of it is looked at.

DUO's older files are cp1252 or, at least once, the DOS page cp850, with the first accented letter hundreds of
kilobytes in. Decoding alone does not separate them: cp850 text decodes as cp1252 without an error, into
`Carr‚` for `Carré`. What decides is which bytes stand in the middle of words: accented letters are 0xC0-0xFF in
cp1252 and 0x81-0x8C in cp850. (0x91-0x97, quotes and dashes in cp1252, prove nothing: they touch words too.)
"""

import codecs
import re
from collections.abc import Iterator
from itertools import islice

import numpy as np

from schemas.errors import FileRefused, LettersLost
from schemas.reading.content import Content, joined, line_blocks

BOM = codecs.BOM_UTF8
LOST = "\ufffd".encode()
TOGETHER = 50_000
"""Lines with an accent that are looked at together."""
ACCENT_CP850 = re.compile(rb"[A-Za-z][\x81\x82\x87-\x8c]|[\x81\x82\x87-\x8c][a-z]")
ACCENT_CP1252 = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][a-z]")
# What is left of accented letters after a wrong turn: UTF-8 read as cp1252 (Ã with a mark, never with a letter) or as
# cp850 (├), cp850 read as cp1252 (‰ inside a word), and a byte that the code page does not have (U+FFFD).
GARBLED = re.compile("[ÃÂ][\x80-\xbf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]|â€|[├┬]|(?<=[a-z])[‚‰ˆ‡‹]|\ufffd")
LETTER = re.compile("[À-ÁÄ-ÖØ-öø-ÿ]|[ÂÃ](?=[A-Za-z])")
WIDE_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
WAY_OUT = "save it again in one of these code pages, or add the new one to the dataset's dialect"


def accented_lines(content: Content) -> Iterator[tuple[int, bytes]]:
    """The lines that are not ASCII, with their numbers: few have an accent, and looking at those alone is quick."""
    number = 1
    for block in line_blocks(content):
        if not block.isascii():
            places = np.frombuffer(block, dtype=np.uint8)
            ends = np.append(np.flatnonzero(places == ord("\n")), len(block))
            for line in np.unique(np.searchsorted(ends, np.flatnonzero(places > 127))).tolist():
                yield number + line, block[ends[line - 1] + 1 if line else 0 : ends[line]]
        number += block.count(b"\n")


def accented_texts(content: Content) -> Iterator[bytes]:
    """The same lines, joined, TOGETHER of them at a time."""
    lines = (line for _, line in accented_lines(content))
    while some := list(islice(lines, TOGETHER)):
        yield b"\n".join(some)


def encoding_of(content: Content) -> str:
    """The code page of `content`: utf-8-sig, utf-8, cp1252 or cp850."""
    if content[: len(BOM)] == BOM:
        return "utf-8-sig"
    is_ascii = True
    try:
        for block in line_blocks(content):
            before, is_ascii = is_ascii, is_ascii and block.isascii()
            if not is_ascii:
                block.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as fault:
        # A file cut off inside a letter is still UTF-8 up to there; read_csv then finds the cut.
        if fault.reason == "unexpected end of data" and not (before and block[: fault.start].isascii()):
            return "utf-8"
    dos = windows = 0
    for accented in accented_texts(content):
        dos += len(ACCENT_CP850.findall(accented))
        windows += len(ACCENT_CP1252.findall(accented))
    return "cp850" if dos > windows else "cp1252"


def decode(name: str, content: Content, allowed: tuple[str, ...], *, letters_lost: bool = False) -> tuple[Content, str]:
    """The text of a file, as UTF-8 without a byte order mark, and the code page it was read with.

    Raises FileRefused for bytes that are in none of the `allowed` code pages, and for text of which most accented
    letters were decoded wrongly before it was published (`Ã«` for `ë`). A stray one is the publisher's own slip.
    Raises LettersLost where it is only U+FFFD, unless `letters_lost` accepts that.
    """
    expected = f"text in {' or '.join(allowed)}"
    head = content[:2]
    if head in WIDE_MARKS or any(b"\x00" in block for block in line_blocks(content)):
        raise FileRefused(name, "first bytes", expected, WIDE_MARKS.get(head, "NUL bytes"), WAY_OUT)
    encoding = encoding_of(content)
    if encoding.removesuffix("-sig") not in allowed:
        raise FileRefused(name, "whole file", expected, encoding, WAY_OUT)
    if encoding == "utf-8" and all(block.isascii() for block in line_blocks(content)):
        return content, encoding
    faults = "replace" if encoding == "cp1252" else "ignore"
    body = line_blocks(content, len(BOM) if encoding == "utf-8-sig" else 0)
    page = encoding.removesuffix("-sig")
    if encoding == "utf-8" and content[-1:] == b"\n":
        text = content  # found valid above
    else:
        blocks = (block if block.isascii() else block.decode(page, errors=faults).encode() for block in body)
        text = joined(blocks, len(content))
    # (In cp1252 U+FFFD is a byte that the code page does not have: another fault.)
    refuse_garbled(name, text, lost_in(content), letters_lost=letters_lost)
    return text, encoding


def lost_in(content: Content) -> int:
    """How often the mark of a lost letter stands in it."""
    return sum(block.count(LOST) for block in line_blocks(content) if not block.isascii())


def lost_letters(text: Content) -> list[str]:
    """A note where a text has letters that the publisher lost."""
    lost = lost_in(text)
    return [f"{lost} letters are lost (U+FFFD) in the publisher's own file"] if lost else []


def refuse_garbled(name: str, text: Content, lost: int, *, letters_lost: bool) -> None:
    """Raise FileRefused when garbled letters outnumber the good ones, LettersLost when all of them are the `lost`."""
    slips = good = 0
    for accented in map(bytes.decode, accented_texts(text)):
        slips += len(GARBLED.findall(accented))
        good += len(LETTER.findall(accented))
    if slips <= good:
        return
    number, line = next((at, line.decode()) for at, line in accented_lines(text) if GARBLED.search(line.decode()))
    shown = next(line[max(0, slip.start() - 12) : slip.end() + 12] for slip in GARBLED.finditer(line))
    if lost == slips:
        if letters_lost:
            return
        raise LettersLost(
            name,
            f"line {number}",
            "letters such as ë",
            f"{slips} letters that were lost before publication, the first in {shown!r}",
            "look where they stand and accept the file with a reason, or report it to the publisher",
        )
    raise FileRefused(
        name,
        f"line {number}",
        "letters such as ë in one code page",
        f"the wrongly decoded text {shown!r}",
        "fetch the file again, or report it to the publisher",
    )
