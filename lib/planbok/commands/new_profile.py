"""`planbok las-in --ny`: looks at an export and writes a proposed profile for a person to confirm."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from planbok.base.errors import InputError
from planbok.base.numbers import format_unit
from planbok.base.workspace import SAMPLE, Folders, shown, workspace
from planbok.commands.common import refuse_id
from planbok.inputs.imports.amounts import SCALE
from planbok.inputs.imports.profile import FOLDER, profile_paths
from planbok.inputs.imports.propose import write_workbook, write_yaml
from planbok.inputs.imports.recognise import Seen, look_at
from planbok.inputs.rules.rules import INSATSER, load_rules
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.columns import REGI, TOTAL_ROW

SUFFIXES = (".xlsx", ".yaml")


def propose(name: str, files: list[Path], folders: Folders, till: Path | None = None) -> str:
    """Writes `params/inlasning/<name>.xlsx` (or .yaml, where the name ends so) and returns what was recognised.

    Raises
    ------
    InputError
        If the name will not do or is taken, or the files have no headings that are known.
    """
    wanted = Path(name)
    suffix = wanted.suffix if wanted.suffix in SUFFIXES else ".xlsx"
    name = wanted.stem if wanted.suffix in SUFFIXES else name
    there = profile_paths(replace(folders, params=folders.params[:1])).get(name)
    taken = f"profilen finns redan: {shown(there)}. Ändra i den, eller välj ett annat namn." if there else ""
    refuse_id(name, "--ny", taken)
    rows = set().union(*map(_budget_rows, _collections(till, folders)))
    seen = look_at(files, rows)
    target = folders.own_params / FOLDER / f"{name}{suffix}"
    if suffix == ".yaml":
        write_yaml(target, seen)
    else:
        write_workbook(target, seen, _choices(folders, rows, seen))
    return "\n".join(_told(seen, target))


def _collections(till: Path | None, folders: Folders) -> list[Path]:
    """The collection given, else every one of the workspace's own; the project's sample has nothing to do with it."""
    if till or folders.data != SAMPLE:
        return [till or folders.data]
    there = (workspace() or Path.cwd()) / "data"
    return [path for path in sorted(there.glob("*")) if path.is_dir() and path != SAMPLE]


def _budget_rows(folder: Path) -> set[str]:
    """The budget rows that a collection's budget or outturn has: both are to use the same words."""
    found: set[str] = set()
    for table in ("budget", "utfall"):
        with suppress(InputError):
            found |= set(Collection(folder).read(table).frame["budgetrad"])
    return found - {TOTAL_ROW}


def _choices(folders: Folders, rows: set[str], seen: Seen) -> dict[str, list[str]]:
    """What may stand in the columns that are filled in."""
    guessed = {code.guess.get("budgetrad", "") for codes in seen.codes.values() for code in codes} - {""}
    insatser = load_rules(folders).series[INSATSER][-1].varde
    return {"budgetrad": sorted(rows or guessed), "insats": sorted(insatser), "regi": list(REGI)}


def _told(seen: Seen, target: Path):
    export, where = seen.export, f", blad '{seen.sheet}'" if seen.sheet else ""
    yield f"{export.fil}{where}: rubriker på rad {seen.row}, {len(export.frame)} rader. Blir tabellen {seen.table}."
    for name, head in seen.columns.items():
        yield f"  {name}: {head}"
    for name, value in seen.constants.items():
        yield f"  {name}: finns inte i filen; förslag {value or '(fyll i)'}"
    for name, codes in seen.codes.items():
        total = sum(code.value for code in codes)
        money = f", {format_unit(total / SCALE, 'kr', 2)}" if total else ""
        yield f"  {len(codes)} koder i {name}{money}"
    yield f"Läses inte: {', '.join(seen.unread) or 'inget'}"
    yield f"Skrivet: {shown(target)}. Se igenom gissningarna och skriv ja vid bekraftad på varje blad."
    yield f"Läs sedan in: planbok las-in FIL --profil {target.stem}"
