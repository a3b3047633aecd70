"""Everything that a report's files say, as pieces of text with the place where they stand.

Each file is opened as what it is: a notebook cell by cell, a page with the payloads that it embeds, a workbook part
by part. What is packed (base64, gzip, zip, plotly's binary arrays) is unpacked. What can't be read is said to be so.
"""

import base64
import binascii
import gzip
import html
import io
import json
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import numpy as np

DEEPEST = 6  # how many wrappings are unpacked inside each other
LARGEST = 64_000_000  # bytes that one payload may unpack to
LEAST, MOST = 10**9, 10**13  # whole numbers of ten to thirteen digits: the others can't be a person's number

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x89PNG", b"\xff\xd8")
_NUMBERS = (int, float)
_ORDINARY_BASE64 = str.maketrans("-_", "+/")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-][A-Za-z0-9+/_\n-]{14,}[A-Za-z0-9+/_-]={0,2}")
_SHORT = 16  # characters of a text that is too short to hold a run of base64
_SPECIAL = re.compile(r"[\x1b<&%\\]|_x")  # without these it reads as it stands
_ADDRESS = re.compile(r";base64,([A-Za-z0-9+/_-]{8,15}={0,2})(?![A-Za-z0-9+/_-])")  # too short to be told by itself
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|_x([0-9a-fA-F]{4})_")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_SCRIPT = re.compile(
    r"<([sS][cC][rR][iI][pP][tT]|[sS][tT][yY][lL][eE])\b([^>]*)>(.*?)</(?i:\1)\s*>", re.DOTALL
)  # begins with what the search can leap to
_COMMENT = re.compile(r"<!--(.*?)-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TAG = re.compile(r"(</?[A-Za-z?!][^<>]*>)")
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|code|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|tspan|u|wbr)\b[^<>]*>"
)
# What only sets a part of a text in other letters; the other inline elements may hold a text of their own.
_LETTERS = re.compile(r"</?(?:b|big|code|em|font|i|ins|kbd|mark|s|strong|sub|sup|u|wbr)\b[^<>]*>")
# Attributes whose values people read; each begins with what the search can leap to.
_SAID = re.compile(
    r"""(?:a(?<!\wa)lt|t(?<!\wt)itle|a(?<!\wa)ria-label|c(?<!\wc)ontent|p(?<!\wp)laceholder|l(?<!\wl)abel|v(?<!\wv)alue"""
    r"""|n(?<!\wn)ame|d(?<!\wd)isplayName|h(?<!\wh)ref|T(?<!\wT)arget)\s*=\s*("[^"]*"|'[^']*')"""
)
_VALUE = re.compile(r""""[^"]*"|'[^']*'""")
_TEXT_RUNS = re.compile(
    r"</(?:\w+:)?t>(?:(?!</(?:\w+:)?(?:si|is|text|p)>|<(?:\w+:)?t[ >]).)*<(?:\w+:)?t(?: [^>]*)?>", re.DOTALL
)
_FORMULA = re.compile(r"<(?:\w+:)?(?:f|formula[12]?|definedName|xm:f)\b([^>]*)>([^<]*)<")
_MARGIN = re.compile(r"(<(?:odd|even|first)(?:Header|Footer)>)([^<]*)")  # its text holds codes: &L is to the left
_POWER = re.compile(r"<(?:\w+:)?v>(-?\d(?:\.\d+)?[eE]\+?\d+)</")  # a cell's large number, as some programs write it
# Tags of a sheet that say only where a cell or a row is, too short to hold a sign: as they are in thousands.
_PLACED = re.compile(
    r"""<(?:c r="[A-Z]{1,2}[0-9]{1,5}"(?: s="[0-9]{1,3}")?(?: t="(?:s|n|b|e|str)")?"""
    r"""|row r="[0-9]{1,5}" spans="[0-9]{1,3}:[0-9]{1,3}"(?: ht="[0-9]{1,3}(?:\.[0-9])?" customHeight="1")?)/?>"""
)
_QUOTED = re.compile("%[0-9A-Fa-f]{2}")
_STRINGS = re.compile(rb"[\x09\x20-\x7e\xa0-\xff]{6,}")
_CODE_KEYS = {"path", "sha256", "hash", "bdata"}


class Piece(NamedTuple):
    """A text and where it stands. `prose` is what people read, `readable` whether the gate could read it at all."""

    place: str
    text: str
    prose: bool = True
    readable: bool = True


def read_file(path: Path) -> Iterator[Piece]:
    """The pieces of one file, by its kind."""
    data = path.read_bytes()
    if path.suffix in (".ipynb", ".json"):
        try:
            value = parsed(data)
        except ValueError:
            yield Piece("", "", readable=False)
            yield from unpacked("", data, 0)
            return
        yield from _notebook(value) if path.suffix == ".ipynb" and isinstance(value, dict) else walk("", value)
    elif path.suffix in (".html", ".htm"):
        yield from page("", data.decode("utf-8", "replace"))
    else:
        yield from unpacked("", data, 0)


@lru_cache(4)
def parsed(data: bytes) -> Any:
    """What a JSON file holds, read once for all that look at it."""
    return json.loads(data)


def _notebook(book: dict[str, Any]) -> Iterator[Piece]:
    known: set[str] = set()
    yield from walk("metadata", {key: value for key, value in book.items() if key != "cells"}, 0, known)
    for number, cell in enumerate(book.get("cells") or (), start=1):
        yield from walk(f"cell {number}", _joined(cell), 0, known)


def _joined(cell: Any) -> Any:
    """A cell whose texts are whole, as nbformat reads them: in the file they may be lists of lines."""
    if not isinstance(cell, dict):
        return cell
    return {
        key: [_joined({**o, "data": _joined(o.get("data", {}))}) if isinstance(o, dict) else o for o in value]
        if key == "outputs" and isinstance(value, list)
        else ("\n" if key == "traceback" else "").join(value)
        if (key in ("source", "text", "traceback") or "/" in key) and _lines(value)
        else value
        for key, value in cell.items()
    }


def _lines(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(line, str) for line in value)


def walk(place: str, value: Any, depth: int = 0, known: set[str] | None = None) -> Iterator[Piece]:
    """Every text, field name and large whole number of a JSON value, plotly's binary arrays included.

    A text that people read and that ends with a letter (so that it is no name of initials and a year) comes once, where
    it stands first; those of `known` have come.
    """
    known = set() if known is None else known

    def is_new(child: Any) -> bool:
        kind = type(child)
        if kind is list:
            return any(map(is_new, child))
        return not (kind is str and child in known or kind in _NUMBERS and -LEAST < child < LEAST or child is None)

    todo: list[tuple[str, str, Any]] = [(place, "", value)]
    names: set[str] = set()
    while todo:
        where, key, item = todo.pop()
        if isinstance(item, str):
            prose = key not in _CODE_KEYS
            if item in known:
                continue
            if prose and item[-1:].isalpha():
                known.add(item)
            if len(item) < _SHORT and not _SPECIAL.search(item):
                yield Piece(where, item, prose)
            else:
                yield from text_pieces(where, item, depth, prose)
        elif isinstance(item, dict):
            names.update(map(str, item))
            if isinstance(item.get("bdata"), str):
                yield from _binary(where, item)
            todo += [
                (f"{where}.{name}" if where else str(name), str(name), child)
                for name, child in item.items()
                if is_new(child)
            ]
        elif isinstance(item, list):
            todo += [(f"{where}[{place}]", key, child) for place, child in enumerate(item, start=1) if is_new(child)]
        elif isinstance(item, (int, float)) and LEAST <= abs(item) < MOST:
            yield from _number(where, item)
    yield from text_pieces(f"{place} (namn på fält)".strip(), "\n|\n".join(sorted(names)), depth)


def _number(place: str, value: float) -> Iterator[Piece]:
    if LEAST <= abs(value) < MOST and value == int(value):
        yield Piece(place, str(int(abs(value))), prose=False)


def binary_array(item: dict[str, Any]) -> np.ndarray | None:
    """The numbers of an array that plotly packs as {"dtype": "f8", "bdata": "…"}; None if they can't be read."""
    try:
        kind = np.dtype(str(item.get("dtype", "f8"))).newbyteorder("<")
        return np.frombuffer(base64.b64decode(item["bdata"]), dtype=kind).astype(float)
    except (KeyError, ValueError, TypeError):
        return None


def _binary(place: str, item: dict[str, Any]) -> Iterator[Piece]:
    array = binary_array(item)
    if array is None:
        yield Piece(f"{place}.bdata", "", readable=False)
        return
    whole = array[(np.abs(array) >= LEAST) & (np.abs(array) < MOST)]
    for value in np.unique(whole[whole == np.floor(whole)]):
        yield Piece(f"{place}.bdata", str(int(abs(value))), prose=False)


def text_pieces(place: str, text: str, depth: int = 0, prose: bool = True) -> Iterator[Piece]:
    """A text as it reads once its markup, its escapes and what is packed in it are undone."""
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    if "<" in text and _TAG.search(text):
        yield from page(place, text, depth, prose)
        return
    yield Piece(place, text, prose)
    if "&" in text and (plain := html.unescape(text)) != text:
        yield Piece(place, plain, prose)
    if "%" in text and _QUOTED.search(text) and (plain := unquote(text)) != text:
        yield Piece(place, plain, prose)
    if "\\" in text or "_x" in text:
        plain = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2] or found[3], 16)), text)
        if plain != text:
            yield Piece(place, plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), prose)
    for found in _ADDRESS.finditer(text) if ";base64," in text and depth < DEEPEST else ():
        yield from _decoded(place, found[1], depth)
    if len(text) >= _SHORT and depth < DEEPEST:
        for found in _BASE64.finditer(text):
            yield from _decoded(place, found.group(), depth)


def page(place: str, text: str, depth: int = 0, prose: bool = True) -> Iterator[Piece]:
    """A page or a piece of one: its scripts' data, its comments, its tags' attributes and the text between them."""
    figures = iter(range(1, 10_000))

    def script(found: re.Match) -> str:
        kind, inside = found[2].lower(), found[3]
        if "json" in kind:
            name = f"figur {next(figures)}" if "figure-data" in kind else "inbäddade data"
            pieces.extend(_embedded(f"{place} {name}".strip(), inside, depth))
        else:
            pieces.extend(
                text_pieces(f"{place} {found[1].lower()}".strip(), inside.replace("<", "\u2039"), depth, False)
            )
        return f"\n|\n<{found[1]} {found[2]}>\n|\n"

    pieces: list[Piece] = []
    rest = _SCRIPT.sub(script, text)
    for found in _COMMENT.finditer(rest):
        pieces += (
            text_pieces(f"{place} kommentar".strip(), found[1] or found[2] or "", depth + 1) if depth < DEEPEST else []
        )
    texts = _TAG.split(" ".join((_COMMENT.sub("", rest) if "<!" in rest else rest).split()))
    used = dict.fromkeys(texts[1::2])
    tags = "\n|\n".join(used)
    said = "\n|\n".join(dict.fromkeys(value[1:-1] for value in _SAID.findall(tags)))
    yield from pieces
    for where, what, read in (
        (place, _between(texts, used, _LETTERS), prose),  # a label is one text: never a title and the date beside it
        *([(place, _between(texts, used, _INLINE), False)] if any(map(_INLINE.match, used)) else []),
        (f"{place} attribut", said, prose),
        (f"{place} attribut", tags, False),
    ):
        yield from text_pieces(where.strip(), what.replace("<", "\u2039"), depth, read)


def _between(texts: list[str], tags: Iterable[str], joining: re.Pattern) -> str:
    """The text between tags, every other of the texts: parted by each tag but by those that join what they part.

    Where none joins, each part comes once.
    """
    inside = frozenset(filter(joining.match, tags))
    if not inside:
        return "\n|\n".join(dict.fromkeys(texts[::2]))
    parts = texts.copy()
    parts[1::2] = ["" if tag in inside else "\n|\n" for tag in texts[1::2]]
    return "".join(parts)


def _embedded(place: str, text: str, depth: int) -> Iterator[Piece]:
    try:
        value = json.loads(text)
    except ValueError:
        yield from text_pieces(place, text.replace("<", "\u2039"), depth)
        return
    yield from walk(place, value, depth)


def _decoded(place: str, text: str, depth: int) -> Iterator[Piece]:
    """What a run of base64 holds, if it holds anything that can be read."""
    data = _held(text)
    if data:
        yield from unpacked(f"{place} (inpackat)".strip(), data, depth + 1)


@lru_cache(10_000)
def _held(text: str) -> bytes:
    """The bytes of a run of base64 where they can be read, else none: most are words, and come again."""
    whole = text.replace("\n", "").rstrip("=").translate(_ORDINARY_BASE64)
    try:
        data = base64.b64decode(whole + "=" * (-len(whole) % 4))
    except (binascii.Error, ValueError):
        return b""
    return data if data.startswith(_PACKED) or _printable(data) else b""


def _printable(data: bytes) -> bool:
    """Whether bytes are text rather than a checksum or the like."""
    sample = data.replace(b"\0", b"")
    try:
        text = sample.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(text) >= 8 and not any(
        unicodedata.category(char) in ("Cc", "Cn", "Co") and not char.isspace() for char in text
    )


def unpacked(place: str, data: bytes, depth: int) -> Iterator[Piece]:
    """The pieces of bytes: a zip's parts, what gzip or zlib packed, a text, or the readable strings of a picture."""
    try:
        if data.startswith(b"PK\x03\x04"):
            yield from _zip(place, data, depth)
        elif data.startswith(b"\x1f\x8b"):
            yield from unpacked(place, gzip.GzipFile(fileobj=io.BytesIO(data)).read(LARGEST), depth + 1)
        elif data[:2] in (b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
            yield from unpacked(place, zlib.decompressobj().decompress(data, LARGEST), depth + 1)
        elif data.startswith(b"%PDF"):
            from planbok.batch.gate.pdf import pdf_texts  # its library is large, and pages are seldom printed

            for found in pdf_texts(data):
                if isinstance(found, bytes):
                    yield from unpacked(place, found, depth + 1)
                else:
                    yield from text_pieces(place, found, depth + 1)
        elif data.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF")):
            yield Piece(place, b"\n|\n".join(_STRINGS.findall(data)).decode("latin-1"), prose=False)
        else:
            yield from _text(place, data, depth)
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile):
        yield Piece(place, "", readable=False)


def _text(place: str, data: bytes, depth: int) -> Iterator[Piece]:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff") or data.count(b"\0") > len(data) // 4
    text = data.decode("utf-16" if wide and len(data) % 2 == 0 else "utf-8")
    if depth >= DEEPEST:
        raise ValueError
    if text.lstrip()[:1] in ("{", "["):
        yield from _embedded(place, text, depth)
    yield from text_pieces(place, text, depth)


def _zip(place: str, data: bytes, depth: int) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if depth >= DEEPEST or sum(part.file_size for part in book.infolist()) > LARGEST:
            raise ValueError
        whole = _is_whole_zip(data, book)
        yield Piece(f"{place} arkiv".strip(), book.comment.decode("latin-1"), readable=whole)
        for part in book.infolist():
            name = f"{place} {part.filename}".strip()
            yield Piece(name, part.filename)
            yield Piece(name, (part.comment + b"|" + part.extra).decode("latin-1"))
            inside = book.read(part)
            if part.filename.endswith((".xml", ".rels", ".vml")):
                yield from _part(name, _decoded_xml(inside), depth + 1)
            elif inside:
                yield from unpacked(name, inside, depth + 1)


def _is_whole_zip(data: bytes, book: zipfile.ZipFile) -> bool:
    """Whether every byte of a zip belongs to its parts, its list of them or its comment: nothing lies beside them."""
    end, place = data.rfind(b"PK\x05\x06"), 0
    if end < 0 or end + 22 + len(book.comment) != len(data):
        return False
    for part in sorted(book.infolist(), key=lambda part: part.header_offset):
        if part.header_offset != place:
            return False
        named, extra = struct.unpack("<HH", data[place + 26 : place + 30])
        place += 30 + named + extra + part.compress_size
        if part.flag_bits & 8:  # a description follows the part
            place += (16 if data[place : place + 4] == b"PK\x07\x08" else 12) + 8 * (part.compress_size >= 1 << 32)
    return place == book.start_dir


def _decoded_xml(data: bytes) -> str:
    """A part's text, in the encoding that its first bytes tell."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if wide or data[:4] in (b"\0<\0?", b"<\0?\0", b"\0<\0w", b"<\0w\0"):
        return data.decode("utf-16" if wide else "utf-16-be" if data[0] == 0 else "utf-16-le", "replace")
    return data.decode("utf-8", "replace")


@lru_cache(64)
def _part(place: str, text: str, depth: int) -> list[Piece]:
    """The pieces of a part of a workbook; the next report's has many that are the same."""
    return list(_of_part(place, text, depth))


def _of_part(place: str, text: str, depth: int) -> Iterator[Piece]:
    """A part of a workbook: texts whose runs belong together, and formulas."""
    rest = _FORMULA.split(text)  # and with what stands in each tag, and its formula
    formulas = html.unescape("\n|\n".join(rest[2::3]))
    said = "\n|\n".join(value[1:-1] for tag in rest[1::3] for value in _VALUE.findall(tag))
    yield from text_pieces(f"{place} attribut", said, depth)
    yield from text_pieces(place, "\n|\n".join(re.findall('"([^"]*)"', formulas)), depth)
    yield from text_pieces(place, formulas, depth, prose=False)
    shown = _MARGIN.sub(lambda found: found[1] + re.sub(r"&amp;[A-Za-z]", "|", found[2]), "<".join(rest[::3]))
    joined = _TEXT_RUNS.sub("", shown) if "</t>" in shown or ":t>" in shown else shown
    yield from page(place, _PLACED.sub("<c>", joined), depth)
    for number in _POWER.findall(text):
        yield from _number(place, float(number))
