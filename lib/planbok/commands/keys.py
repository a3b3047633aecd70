"""`planbok nyckel` and `planbok gallra`: the key for pseudonyms, and rows about persons that are no longer needed."""

import argparse
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copymode

from planbok.base.errors import Fault, InputError, refused
from planbok.base.files import written_whole
from planbok.base.workspace import SAMPLE, Folders, own_collections, shown
from planbok.inputs.fingerprint import ENV_KEY
from planbok.inputs.imports.account import ACCOUNT_FILE, read_account
from planbok.inputs.imports.periods import read_day
from planbok.inputs.imports.pseudonyms import forbidden_places, key_path, new_key, read_key
from planbok.inputs.journal import read_bytes
from planbok.inputs.tables.encoding import decode
from planbok.inputs.tables.files import heading_text, read_sheets, refusing
from planbok.inputs.tables.specs import TABLES

# Tables about persons, and the columns that say when a row is done with: the first that is filled in.
PERSONAL = {
    "beslut": ("till",),
    "sjukfall": ("till",),
    "arenden": ("beslutsdatum",),
    "fakturor": ("till", "manad"),
    "handlaggare": ("till",),
}
MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")


def show_key(arguments: argparse.Namespace, folders: Folders) -> int:
    """Says where the key lies."""
    print(about_key(folders, arguments.byt))
    return 0


def purge_rows(arguments: argparse.Namespace, folders: Folders) -> int:
    """Removes old rows and says how many."""
    print(purge(arguments.fore, folders))
    return 0


def about_key(folders: Folders, change: bool) -> str:
    """Where the key lies and what losing it means; with `change` a new one in its place."""
    path = key_path()
    key = read_key(path, forbidden_places(folders))
    if change:
        kept = dict.fromkeys([folders.data, *own_collections()])
        tables = [shown(folder / f"{name}.csv") for folder in kept for name in sorted(read_account(folder).key_marks())]
        key = new_key(path)
        listed = (
            f" De pseudonymer som finns i {', '.join(tables)} stämmer inte längre: läs in dem på nytt."
            if tables
            else ""
        )
        return f"Ny nyckel i {path} (märke {key.mark}). Den gamla är borta.{listed}"
    return "\n".join(_about(path, key.mark if key else ""))


def _about(path: Path, mark: str) -> Iterator[str]:
    yield f"Nyckeln {'ligger i' if mark else 'görs vid första inläsning som behöver den, i'} {path}" + (
        f" (märke {mark})." if mark else "."
    )
    yield "Den gör personnummer och ärendenummer till koder som är desamma månad efter månad."
    yield "Går den förlorad går det inte att se att någon är samma person som förra månaden: allt läses då in på nytt."
    yield (
        "Den som har nyckeln kan räkna fram vilken kod ett personnummer får. Koderna är därför personuppgifter, och "
        "nyckeln är nämndens: lägg en kopia där nämnden förvarar sådant, inte hos den som kör rapporter."
    )
    yield (
        "Till en kollega flyttas den som en fil på en krypterad väg, aldrig med e-post: lägg filen på samma plats, "
        f"eller säg var den ligger med {ENV_KEY}, och kör chmod 600."
    )
    yield "planbok nyckel --byt gör en ny. Då blir alla pseudonymer andra."


def purge(before: str, folders: Folders) -> str:
    """Removes rows about persons that ended before a month.

    Raises
    ------
    InputError
        If the month can't be read, nobody says in which collection, or a table about persons is a workbook, which is
        not rewritten. Nothing is removed.
    """
    if not MONTH.fullmatch(before):
        text = f"'{before}' är ingen månad. Skriv ÅÅÅÅ-MM, som 2024-01."
        raise refused("--fore", text, "month")
    if folders.data == SAMPLE:
        names = ", ".join(map(shown, own_collections())) or "ingen egen finns i arbetsmappen"
        text = f"säg i vilken mapp rader ska tas bort ({names}). Exemplet gallras inte."
        raise refused("--data", text, "no_target")
    made, told = {}, []
    for table in PERSONAL:
        workbook = folders.data / f"{table}.xlsx"
        if workbook.exists():
            text = f"{workbook.name} skrivs inte om. Ta bort raderna i Excel, eller spara den som csv."
            raise InputError([Fault("kommando", shown(folders.data), 0, "", text, "workbook")])
        path = folders.data / f"{table}.csv"
        if path.exists():
            text, gone, kept = _without(path, table, before)
            told.append(f"{path.name}: {gone} rader borttagna, {kept} kvar.")
            if gone:
                made[path] = text
    for path, text in made.items():
        with written_whole(path) as new:
            new.write_text(text, encoding="utf-8")
            copymode(path, new)
    told.append(
        f"Exporterna själva, säkerhetskopior och tidigare rapporter gallras där de ligger. {ACCOUNT_FILE} är kvar."
    )
    return "\n".join(told if len(told) > 1 else ["Ingen tabell om personer finns i mappen."])


def _without(path: Path, table: str, before: str) -> tuple[str, int, int]:
    """A table's text without the rows that ended before a month; how many went and how many are left."""
    with refusing("tabell", shown(path)):
        raw = read_bytes(path)
        read_sheets(raw, ".csv", TABLES[table].headings())
    text = decode(raw)
    mark = max(";\t,", key=text.splitlines()[0].count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    heads = [heading_text(cell) for cell in rows[0]]
    places = [heads.index(name) for name in PERSONAL[table] if name in heads]
    out, gone = io.StringIO(), 0
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    for number, row in enumerate(rows):
        ended = next((row[place] for place in places if place < len(row) and row[place].strip()), "")
        if number and ended and _month_of(ended) < before:
            gone += 1
        else:
            writer.writerow(row)
    return out.getvalue(), gone, len(rows) - 1 - gone


def _month_of(text: str) -> str:
    """The month of a date or a month; one that can't be read is never old."""
    day = read_day(text.strip())
    return f"{day:%Y-%m}" if day else text.strip()[:7] if MONTH.fullmatch(text.strip()[:7]) else "9999-99"
