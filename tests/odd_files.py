"""Files for the odd inputs in `broken/udda.yaml`: csv in any encoding, and workbooks with formats, formulas, sheets."""

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula

HEADINGS = {
    "budget": "enhet;ar;version;budgetrad;kostnad_mnkr;intakt_mnkr",
    "utfall": "enhet;manad;budgetrad;kostnad_kr;intakt_kr",
    "enheter": "enhet;namn",
    "beslut": "beslut;person;enhet;insats;niva;regi;fran;till",
    "bemanning": "enhet;grupp;manad;anstallda;arsarbetare;avtalad_tid_h;sjuk_h",
    "lagenheter": "boende;lagenhet;hyra_kr_per_manad;inflyttning;hushall",
    "handlaggare": "handlaggare;enhet;tjanstgoring_andel;fran;till",
    "mal": "enhet;ar;indikator;arsmal;periodicitet;kalla",
    "hemtjanst": "enhet;omrade;manad;arenden;beviljade_h",
    "boenden": "boende;enhet;insats;regi;platser;oppnar",
    "verksamheter": "enhet;verksamhet;brukare",
    "enkat": "enhet;ar;fraga;andel_procent;svarande;utskickade;kalla",
    "kompetens": "enhet;period;grupp;krav;har;av",
    "bemanning_handlaggare": "enhet;manad;tjanster;i_tjanst",
    "sjukfall": "person;enhet;grupp;fran;till;omfattning_procent",
    "schema": "enhet;grupp;slag;veckodag;fran_kl;till_kl;antal",
    "kontroller": "enhet;ar;process;risk;sannolikhet;konsekvens;kontroll;intervall",
    "prognosfel": "ar;tom_manad;metod;fel_procent",
    "aktiviteter": "enhet;ar;aktivitet;fran;till;status",
    "vobo": "enhet;manad;slag;dygn;helmanader",
    "assistanstimmar": "enhet;grupp;manad;insats;beviljade_h;period",
    "arenden": "arende;enhet;insats;ansokan;beslutsdatum",
}


def write_case(folder, case):
    """The case's file in the folder, with its table's name."""
    headings = case.get("huvud", HEADINGS[case["table"]])
    if "blad" in case:
        return _workbook(folder / f"{case['table']}.xlsx", case, headings.split(";"))
    path = folder / f"{case['table']}.csv"
    if "hex" in case:
        path.write_bytes(bytes.fromhex(case["hex"]))
        return path
    text = case.get("hel", "\n".join([headings, *case.get("rader", ()), ""]))
    path.write_bytes(text.encode(case.get("kodning", "utf-8")))
    return path


def _workbook(path, case, headings):
    """`slå_ihop` merges an area of each sheet, `format` gives cells a format and nothing else."""
    book, sheets = openpyxl.Workbook(), case["blad"]
    if case.get("från_1904"):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.partition(" (")[0])
        sheet.sheet_state = "hidden" if "(dolt)" in name else "visible"
        for number, row in enumerate(rows if "(utan rubriker)" in name else [headings, *rows], 1):
            for place, value in enumerate(row, 1):
                _put(sheet.cell(number, place), value)
        for spot in case.get("format", ()):
            sheet[spot].number_format = "0"
        if "slå_ihop" in case:
            sheet.merge_cells(case["slå_ihop"])
    book.save(path)
    return path


def _put(cell, value):
    if not isinstance(value, dict):
        cell.value = value
    elif "f" in value:
        formula = f"={value['f']}"
        cell.value = ArrayFormula(value["matris"], formula) if "matris" in value else formula
    else:
        cell.value, cell.number_format = value["v"], value["form"]
