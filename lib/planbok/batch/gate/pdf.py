"""What a PDF that a browser has printed says: its pages' glyphs read through its fonts' tables, and its properties."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_FONT = re.compile(rb"/(\w+) (\d+) 0 R")
_TABLE = re.compile(rb"/ToUnicode (\d+) 0 R")
_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_SHOWN = re.compile(
    rb"/(\w+) [\d.]+ Tf|\b(BT|Tm)\b|<([0-9A-Fa-f]+)>(?=[^<>]*?T[jJ])|<([0-9A-Fa-f]+)>(?=[^\[\]]*\]\s*TJ)"
)
_WORDS = re.compile(rb"<(FEFF(?:[0-9A-Fa-f]{4})*)>|\(((?:[^()\\]|\\.)*)\)")


def pdf_texts(data: bytes, largest: int) -> Iterator[str]:
    """The texts of each page, run by run, then titles, alternatives in words and other properties.

    Raises
    ------
    ValueError
        If its pages can't be read, or nothing on them can: then nobody can say what it shows.
    """
    bodies = {int(number): body for number, body in _OBJECT.findall(data)}
    if not bodies:
        raise ValueError("no objects")
    streams = {number: _unpacked(body, largest) for number, body in bodies.items()}
    tables = {
        number: _table(streams.get(int(found[1]), b""))
        for number, body in bodies.items()
        if (found := _TABLE.search(body))
    }
    fonts = {
        name: tables[int(number)]
        for body in bodies.values()
        for name, number in _FONT.findall(body)
        if int(number) in tables
    }
    pages = [text for stream in streams.values() if b" Tf" in stream and (text := _page(stream, fonts))]
    if fonts and not pages:
        raise ValueError("no text")
    yield from pages
    for body in bodies.values():
        for wide, narrow in _WORDS.findall(_STREAM.sub(b"", body)):
            yield bytes.fromhex(wide.decode())[2:].decode("utf-16-be", "replace") if wide else narrow.decode("latin-1")


def _unpacked(body: bytes, largest: int) -> bytes:
    found = _STREAM.search(body)
    if not found:
        return b""
    if b"/FlateDecode" not in body:
        return found[1]
    try:
        return zlib.decompressobj().decompress(found[1], largest)
    except zlib.error:
        return b""


def _table(text: bytes) -> dict[int, str]:
    """A font's glyphs as characters."""
    table: dict[int, str] = {}
    for kind, part in re.findall(rb"beginbf(char|range)(.*?)endbf", text, re.DOTALL):
        if kind == b"char":
            table |= {int(glyph, 16): _characters(said) for glyph, said in _CHAR.findall(part)}
            continue
        for first, last, said in _RANGE.findall(part):
            low = int(first, 16)
            table |= {glyph: chr(int(said, 16) + glyph - low) for glyph in range(low, int(last, 16) + 1)}
    return table


def _characters(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be", "replace")


def _page(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    """A page's text, each run on a line of its own: a table's cell and a figure's label are a run each."""
    said: list[str] = []
    font: dict[int, str] = {}
    for name, elsewhere, one, more in _SHOWN.findall(stream):
        if name:
            font = fonts.get(name, {})
        elif elsewhere:
            said.append("\n")
        else:
            glyphs = one or more
            said += [font.get(int(glyphs[i : i + 4], 16), "") for i in range(0, len(glyphs), 4)]
    return "".join(said)
