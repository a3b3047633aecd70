"""An empty scenario in Excel: the two sheets that are read, drop-down lists, and a sheet that says how to fill it."""

import argparse
from pathlib import Path
from typing import get_args

import xlsxwriter

import planbok.topics  # noqa: F401 (with them come their own kinds of change)
from planbok.base.files import written_whole
from planbok.base.workspace import Folders, shown
from planbok.case.case import known_names
from planbok.commands.common import refuse_id, say
from planbok.inputs.documents import Underlag
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.scenario.changes import CHANGE_TYPES, Side
from planbok.inputs.scenario.load import BASELINE, scenario_paths
from planbok.inputs.scenario.sheets import ABOUT, CHANGES, ENDS
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.columns import REGI

ROWS = 200  # rows of changes that have drop-down lists
LISTS, HELP = "listor", "hjalp"
FIRST, LAST = ("typ", "budgetrad", "sida"), ("verksamhet", "kostnadsslag", "enhet", "underlag", "motivering")
MAPS = ("kanda_nivaer",)  # keys whose value no cell can hold
WORDS = {key: word for kind in CHANGE_TYPES.values() for key, word in kind.labels.items() if key in kind.model_fields}
FIGURES = tuple(dict.fromkeys(kind.figure for kind in CHANGE_TYPES.values() if "sida" in kind.model_fields))
HEAD = (*FIRST, *FIGURES, *ENDS, "fran", "till")
SHOWN = (*HEAD, *(key for key in WORDS if key not in (*HEAD, *LAST, *MAPS)), *LAST)
DAYS = ("fran", "till", "oppnar", "datum")
ABOUT_ROWS = {
    "titel": "En mening som säger vad som händer. Skriv aldrig om en enskild person.",
    "fraga": "Frågan som scenariot svarar på. Skriv aldrig om en enskild person.",
    "bygger_pa": "Andra scenarier som räknas först, åtskilda med komma. Får vara tom.",
}
GUIDE = (
    "Fyll i bladet scenario: titel och fraga. Skriv sedan en förändring per rad i bladet forandringar.",
    "Raderna räknas i ordning uppifrån. Tomma celler betyder att nyckeln inte används.",
    "lag och hog är det rimligt lägsta och högsta av radens tal: båda eller ingen.",
    "Skriv aldrig om en enskild person, inte ens med initial och födelseår.",
    "Kontrollera med: planbok check. Varje fel sägs med blad och cell.",
    "",
    "Det här behöver varje typ, utöver typ, underlag och motivering:",
)


def make(arguments: argparse.Namespace, folders: Folders) -> int:
    """Makes the file and says where it is."""
    print(new_workbook(arguments.id, folders))
    say("Fyll i filen i Excel, och kontrollera den med planbok check.")
    return 0


def new_workbook(scenario_id: str, folders: Folders) -> Path:
    """Writes an empty `<id>.xlsx` beside the user's scenarios.

    Raises
    ------
    InputError
        If the id will not do, or there is such a scenario.
    OSError
        If the folder can't be written to.
    """
    there = scenario_paths(folders).get(scenario_id)
    taken = f"scenariot finns redan: {shown(there)}. Välj ett annat namn." if there else ""
    if scenario_id == BASELINE:
        taken = f"namnet får inte vara {BASELINE}, som är inbyggt. Välj ett annat."
    refuse_id(scenario_id, "scenario ny", taken)
    where = folders.own_params / "scenarier"
    where.mkdir(parents=True, exist_ok=True)
    target = where / f"{scenario_id}.xlsx"
    with written_whole(target) as made:
        _write(made, _choices(folders))
    return target


def _choices(folders: Folders) -> dict[str, list[str]]:
    """What may stand in each column that has a list, from the rules and the tables."""
    known = known_names(Collection(folders.data), load_rules(folders))
    return {
        "typ": list(CHANGE_TYPES),
        "sida": list(get_args(Side)),
        "underlag": list(get_args(Underlag)),
        "status": ["planerad", "beslutad", "verkstalld"],
        "regi": list(REGI),
        "prislista": ["lss_peng"],
        "budgetrad": sorted(set(known.budgetrader or ())),
        "insats": sorted(set(known.insatser or ())),
        "boende": sorted(set(known.boenden or ())),
        "enhet": sorted(set(known.enheter or ())),
    }


def _write(path: Path, choices: dict[str, list[str]]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#e3e7ec", "bottom": 1})
        note = book.add_format({"italic": True, "font_color": "#525d6a", "text_wrap": True, "valign": "top"})
        about, changes = book.add_worksheet(ABOUT), book.add_worksheet(CHANGES)
        _help(book.add_worksheet(HELP), bold)
        lists = book.add_worksheet(LISTS)
        about.set_column("A:A", 12, bold)
        about.set_column("B:B", 60, book.add_format({"text_wrap": True}))
        about.set_column("C:C", 60, note)
        for row, (key, hint) in enumerate(ABOUT_ROWS.items()):
            about.write(row, 0, key)
            about.write(row, 2, hint)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, key in enumerate(SHOWN):
            changes.write(0, place, key, bold)
            width = max(len(key) + 2, 24 if key in ("budgetrad", "motivering", "namn", "regel") else 11)
            changes.set_column(place, place, width, day if key in DAYS else None)
        changes.freeze_panes(1, 1)
        _lists(changes, lists, choices)


def _lists(changes, lists, choices: dict[str, list[str]]) -> None:
    """The drop-down lists; the names lie in a hidden sheet, since a list in the cell itself may be too long."""
    lists.hide()
    for column, (key, names) in enumerate(choices.items()):
        lists.write_column(0, column, [key, *names])
        if not names:
            continue
        letter = xlsxwriter.utility.xl_col_to_name(column)
        source = f"={LISTS}!${letter}$2:${letter}${len(names) + 1}"
        place = SHOWN.index(key)
        rule = {
            "validate": "list",
            "source": source,
            "error_title": "Finns inte",
            "error_message": f"Välj {key} i listan, eller kontrollera stavningen.",
            "error_type": "warning",
        }
        changes.data_validation(1, place, ROWS, place, rule)


def _help(sheet, bold) -> None:
    sheet.set_column("A:A", 24)
    sheet.set_column("B:B", 110)
    for row, text in enumerate(GUIDE):
        sheet.write(row, 0, text)
    for row, (typ, kind) in enumerate(CHANGE_TYPES.items(), start=len(GUIDE)):
        fields = [(key, kind.model_fields[key].is_required()) for key in SHOWN if key in kind.labels]
        needed, also = (", ".join(key for key, required in fields if required is wanted) for wanted in (True, False))
        sheet.write(row, 0, typ, bold)
        sheet.write(row, 1, f"{kind.title}: {needed}   (får finnas: {also})")
