"""SIE 4, the Swedish standard between ledgers (.se, .si): its postings as the rows of a sheet.

Source: SIE-Gruppen, SIE filformat utgåva 4B: the file is in IBM PC 8-bit (cp437); #KONTO names an account, #DIM a
dimension, #OBJEKT an object of one, #TRANS is a posting inside #VER with its objects as {dimension object …}, #PSALDO
a balance per period where the postings are not there.
"""

import re
from collections.abc import Iterator

import pandas as pd

from planbok.inputs.tables.encoding import UnreadableFileError
from planbok.inputs.tables.xlsx import Sheet

ENCODING = "cp437"
SWEDISH = re.compile("[åäöÅÄÖ]")
FIRST = ("#FLAGGA", "#PROGRAM", "#FORMAT", "#SIETYP")
HEADINGS = ("Konto", "Kontotext", "Period", "Belopp")
_PART = re.compile(r'\{([^}]*)\}|"((?:[^"\\]|\\.)*)"|(\S+)')
THIS_YEAR = "0"
OF_BALANCE = 5  # parts of #PSALDO: year, period, account, objects and amount


def is_sie(raw: bytes) -> bool:
    """Whether a file begins as SIE files do.

    >>> is_sie(b'#FLAGGA 0\\r\\n'), is_sie(b'Konto;Belopp')
    (True, False)
    """
    return raw.lstrip(b"\xef\xbb\xbf\r\n \t")[:8].decode("ascii", "replace").upper().startswith(FIRST)


def sie_sheet(raw: bytes) -> Sheet:
    """The postings of a file as a sheet with headings Konto, Kontotext, a column for each dimension, Period, Belopp."""
    lines = list(_lines(_decoded(raw)))
    if any(name == "#VALUTA" and parts[:1] != ["SEK"] for name, parts in lines):
        problem = "SIE-filens belopp är i en annan valuta (#VALUTA). Ta ut filen med beloppen i svenska kronor."
        raise UnreadableFileError(problem)
    accounts = {parts[0]: parts[1] for name, parts in lines if name == "#KONTO" and len(parts) > 1}
    dimensions = {parts[0]: parts[1] for name, parts in lines if name == "#DIM" and len(parts) > 1}
    postings = list(_postings(lines)) or list(_balances(lines))
    if not postings:
        raise UnreadableFileError("SIE-filen har varken #TRANS eller #PSALDO: det finns inga belopp per period i den.")
    used = list(dict.fromkeys(dimension for _, objects, _, _ in postings for dimension in objects))
    names = [dimensions.get(dimension, f"Dimension {dimension}") for dimension in used]
    rows = [[HEADINGS[0], HEADINGS[1], *names, *HEADINGS[2:]]]
    for account, objects, period, amount in postings:
        rows.append([account, accounts.get(account, ""), *(objects.get(d, "") for d in used), period, amount])
    cells = pd.DataFrame(rows, dtype=object)
    cells.index += 1
    return Sheet("", cells)


def _decoded(raw: bytes) -> str:
    """The text in the standard's encoding, or in the one that its letters show it to be in.

    >>> _decoded("Östra".encode("cp437")), _decoded("Östra".encode()), _decoded("Östra".encode("cp1252"))
    ('Östra', 'Östra', 'Östra')
    """
    try:
        return raw.decode("utf-8-sig")  # no other encoding's å, ä and ö are that by chance
    except UnicodeDecodeError:
        standard, windows = raw.decode(ENCODING), raw.decode("cp1252", "replace")
    if SWEDISH.search(standard) and SWEDISH.search(windows):
        raise UnreadableFileError("SIE-filens å, ä och ö är i två kodningar. Ta ut den på nytt i PC8.")
    return windows if SWEDISH.search(windows) else standard


def _lines(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each line's label and its parts; objects stay one part as they stand between the braces."""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("#"):
            label, *rest = line.split(None, 1)
            parts = [braced or _plain(quoted) or bare for braced, quoted, bare in _PART.findall("".join(rest))]
            yield label.upper(), parts


def _postings(lines: list[tuple[str, list[str]]]) -> Iterator[tuple[str, dict[str, str], str, str]]:
    """Account, objects, period and amount of each #TRANS; a posting without a day of its own has its #VER's."""
    day = ""
    for label, parts in lines:
        if label == "#VER":
            day = parts[2] if len(parts) > 2 else ""
        elif label == "#TRANS":
            if len(parts) <= 2:
                raise UnreadableFileError(
                    f"raden #TRANS {' '.join(parts[:1])} … saknar objekt eller belopp. Ta ut filen på nytt."
                )
            own = parts[3] if len(parts) > 3 and parts[3] else day
            yield parts[0], _objects(parts[1]), own[:6], parts[2]


def _balances(lines: list[tuple[str, list[str]]]) -> Iterator[tuple[str, dict[str, str], str, str]]:
    """Account, objects, period and change of each #PSALDO of this year; an account's own is left where objects are."""
    found = [parts for label, parts in lines if label == "#PSALDO" and parts[:1] == [THIS_YEAR]]
    for parts in found:
        if len(parts) < OF_BALANCE:
            raise UnreadableFileError(
                f"raden #PSALDO {' '.join(parts[:3])} … saknar objekt eller belopp. Ta ut filen på nytt."
            )
    by_object = [parts for parts in found if _objects(parts[3])]
    if len({tuple(_objects(parts[3])) for parts in by_object}) > 1:
        raise UnreadableFileError("#PSALDO delar upp saldona på flera sätt, som inte får läggas ihop. Ta ut verifikat.")
    for parts in by_object or found:
        yield parts[2], _objects(parts[3]), parts[1], parts[4]


def _objects(text: str) -> dict[str, str]:
    """Objects by dimension.

    >>> _objects('1 "312100" 6 "5131"')
    {'1': '312100', '6': '5131'}
    """
    parts = [_plain(quoted) or bare for _, quoted, bare in _PART.findall(text)]
    return dict(zip(parts[::2], parts[1::2], strict=False))


def _plain(quoted: str) -> str:
    """A quoted text without the marks that its own citation marks have."""
    return quoted.replace('\\"', '"')
