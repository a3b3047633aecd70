"""The text of a file: which encoding it has, and whether something went wrong with it on the way."""

import codecs
import re
from collections.abc import Iterable, Iterator

MAX_CELLS = 150_000_000  # of a file; a few cells far to the right of many rows would fill the memory
MAX_COLUMNS = 16_384  # of a sheet (ECMA-376 part 1, 18.3.1.73); a longer row is no row of a table
MAX_LINES = 5_000_000  # lines of a csv file: more than any unit's years of postings, less than a machine's memory

PIECE = 1 << 23  # bytes of a file that are decoded at a time
PC8, MAC = "PC8 (cp437)", "Mac OS Roman"
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x90-\xbf]|\xc2\xa0")
# å, ä, ö of the older encodings where Windows-1252 has marks that never stand inside or before a lower-case word
_PC8 = re.compile(rb"[A-Za-z][\x84\x86\x94][A-Za-z]|[A-Za-z]\x86|[\x8f\x99][a-z]")
_MAC = re.compile(rb"[A-Za-z][\x8a\x8c][a-z]|[a-z][\x8a\x8c]|\x81[a-z]")
# What each of them needs: a file of many millions of bytes is searched only where it has one
_UTF8_MARKS = (b"\xc3", b"\xe2\x80", b"\xc2\xa0")
_PC8_MARKS = tuple(bytes([mark]) for mark in b"\x84\x86\x94\x8f\x99")
# Marks that a Swedish word may have in Windows-1252 (Saša, …och): older letters only where no å, ä or ö of its own is
_MAC_ALONE = re.compile(rb"[A-Za-z]\x9a|\x9a[a-z]|(?<![\w.])\x85[A-Za-z]|(?<!\w)\x80[A-Za-z]{2}")
_PC8_ALONE = re.compile(rb"[A-Za-z]\x94(?![A-Za-z])|(?<!\w)[\x99\x8e][A-Za-z]|\x8f[A-Z]")
_QUOTED = re.compile(rb"[\x93\x94][A-Za-z]")
_OWN_LETTER = re.compile(rb"[\xe5\xe4\xf6\xc5\xc4\xd6]")
_MAC_MARKS = tuple(bytes([mark]) for mark in b"\x8a\x8c\x81")
_TWICE_MARKS = ("Ã", "â€", "Â")
_TWICE = re.compile("Ã[\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â€|Â[\u00a0-\u00bf]")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ENTITY = re.compile("&(?:[aoAO](?:uml|ring)|[eE]acute|amp|nbsp|quot|lt|gt|#[0-9]+|#x[0-9a-fA-F]+);")
LOST = "\ufffd"
# What a text may not have, and what is quickly looked for first
_WRONG = {
    "null": (re.compile("\0"), ("\0",)),
    "control": (_CONTROL, ("",)),
    "entity": (_ENTITY, ("&",)),
    "twice": (_TWICE, _TWICE_MARKS),
    "lost": (re.compile(LOST), (LOST,)),
}


class UnreadableFileError(Exception):
    """The file is no table at all: carries what to tell the person, and the row where one is known."""

    def __init__(self, problem: str, line: int = 0):
        super().__init__(problem)
        self.line = line


def garbled(text: str) -> str:
    """What is wrong with a text that has been through the wrong encoding; "" where nothing is.

    >>> garbled("LÃ¶n")[:46], garbled("Lön")
    ('texten är UTF-8 som lästs som Windows-1252 (Ã¶', '')
    """
    found = _ENTITY.search(text) if "&" in text else None
    if found:
        return f"texten har HTML-koder ({found[0]} i stället för ett tecken)"
    if text.isascii():
        return ""
    found = _TWICE.search(text) if any(mark in text for mark in _TWICE_MARKS) else None
    if found:
        return f"texten är UTF-8 som lästs som Windows-1252 ({found[0]} i stället för en bokstav)"
    return "texten har tecken som redan gått förlorade (\ufffd)" if LOST in text else ""


def decode(raw: bytes) -> str:
    """The text of a file in UTF-8 (with or without BOM), UTF-16 with BOM or Windows-1252.

    >>> decode("å".encode("cp1252")), decode("å".encode("utf-8-sig")), decode("å".encode("utf-16"))
    ('å', 'å', 'å')

    Raises
    ------
    UnreadableFileError
        If the bytes are of no single one of them, or the text was garbled before it was saved; the row is named.
    """
    return "".join(pieces(raw, encoding_of(raw)))


def encoding_of(raw: bytes) -> str:
    """What `decode` decodes a file by; raises as it does, without ever holding the whole text."""
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16"
    else:
        place, encoding = _first_of_another(raw, "utf-8"), "utf-8"
        if place is not None:
            _check_one_byte_letters(raw, place)
            encoding = "cp1252"
    place = _first_of_another(raw, encoding)
    if place is not None:
        problem = "filen är ingen text i UTF-8 eller Windows-1252. Spara om den som CSV UTF-8 eller .xlsx."
        raise UnreadableFileError(problem, _line(raw, place))
    _check_text(pieces(raw, encoding))
    return encoding


def pieces(raw: bytes, encoding: str) -> Iterator[str]:
    """The text piece by piece, each of whole lines, without the mark of a file's end to old systems."""
    for start, end in _spans(raw, encoding):
        text = raw[start:end].decode(encoding)
        yield text.rstrip("\x1a") if end == len(raw) else text


def _spans(raw: bytes, encoding: str) -> Iterator[tuple[int, int]]:
    """Where the pieces begin and end; a file of two bytes for each letter is one."""
    start = len(codecs.BOM_UTF8) if encoding == "utf-8" and raw.startswith(codecs.BOM_UTF8) else 0
    while start < len(raw):
        end = len(raw) if encoding == "utf-16" else raw.find(b"\n", start + PIECE) + 1 or len(raw)
        yield start, end
        start = end


def _first_of_another(raw: bytes, encoding: str) -> int | None:
    """The first byte that is not of an encoding."""
    for start, end in _spans(raw, encoding):
        try:
            raw[start:end].decode(encoding)
        except UnicodeDecodeError as error:
            return start + error.start
    return None


def _check_one_byte_letters(raw: bytes, place: int) -> None:
    """Bytes that are not UTF-8 as a whole: a file of two encodings, or of one that is not read."""
    if any(mark in raw for mark in _UTF8_MARKS) and _UTF8_LETTER.search(raw):
        problem = "raden har tecken i en annan kodning än resten av filen, som är UTF-8. Spara om hela som CSV UTF-8."
        raise UnreadableFileError(problem, _line(raw, place))
    for pattern, marks, name in ((_PC8, _PC8_MARKS, PC8), (_MAC, _MAC_MARKS, MAC)):
        found = any(mark in raw for mark in marks) and pattern.search(raw)
        if found:
            _refuse_older(raw, name, found.start())
    if not _OWN_LETTER.search(raw):
        for pattern, name in ((_MAC_ALONE, MAC), (_PC8_ALONE, PC8)):
            found = pattern.search(raw)
            if found and not (name == PC8 and _QUOTED.search(raw)):
                _refuse_older(raw, name, found.start())


def _refuse_older(raw: bytes, name: str, place: int) -> None:
    problem = f"filen har den äldre kodningen {name}, som inte läses. Spara om den som CSV UTF-8."
    raise UnreadableFileError(problem, _line(raw, place))


def _check_text(texts: Iterable[str]) -> None:
    lines, found = 0, dict[str, tuple[int, str]]()
    for text in texts:
        for kind, (pattern, marks) in _WRONG.items():
            hit = kind not in found and any(mark in text for mark in marks) and pattern.search(text)
            if hit:
                found[kind] = lines + text.count("\n", 0, hit.start()) + 1, garbled(hit[0])
        lines += text.count("\n")
    if "null" in found:
        problem = "filen är ingen text i UTF-8 eller Windows-1252. Spara om den som CSV UTF-8 eller .xlsx."
        raise UnreadableFileError(problem)
    if "control" in found:
        problem = "raden har ett styrtecken, som inte syns. Ta bort det, eller exportera filen på nytt."
        raise UnreadableFileError(problem, found["control"][0])
    for kind in ("entity", "twice", "lost"):
        if kind in found:
            line, wrong = found[kind]
            raise UnreadableFileError(f"{wrong}. Exportera filen på nytt som CSV UTF-8.", line)
    if lines > MAX_LINES:
        problem = f"filen har fler än {MAX_LINES // 1_000_000} miljoner rader. Summera den, eller dela upp den per år."
        raise UnreadableFileError(problem)


def check_size(rows: int, columns: int) -> None:
    """Refuses what would fill the memory, before it does."""
    if rows * columns > MAX_CELLS:
        problem = f"filen har {rows} rader och {columns} kolumner. Ta bort det som står långt till höger om tabellen."
        raise UnreadableFileError(problem)
    if columns > MAX_COLUMNS:
        problem = f"en rad har {columns} celler, fler än något kalkylblad rymmer. Exportera filen på nytt."
        raise UnreadableFileError(problem)


def _line(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1
