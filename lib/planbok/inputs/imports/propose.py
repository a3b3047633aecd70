"""A proposed profile, written for a person to look through: a workbook with drop-down lists, or the same as YAML."""

from pathlib import Path

import xlsxwriter

from planbok.base.files import written_whole
from planbok.inputs.imports.amounts import SCALE
from planbok.inputs.imports.profile import ACCOUNT, Code
from planbok.inputs.imports.profile_sheets import COLUMNS, CONFIRMED, HELP, LISTS, PROFILE
from planbok.inputs.imports.recognise import CodeSeen, Seen

ACCOUNT_HEADINGS = ("kod", "text", "summa", "budgetrad", "sida", "kostnadsslag", "utelamna", "gissning")
OTHER_HEADINGS = ("kod", "text", "summa", "varde", "utelamna", "gissning")
UNIT_HEADINGS = ("kod", "text", "summa", "varde", "namn", "utelamna", "gissning")
SERVICE_HEADINGS = ("kod", "text", "summa", "insats", "niva", "regi", "utelamna", "gissning")
YES_NO = ["ja", "nej"]
SPARE = 20  # empty rows below the codes, for intervals and defaults
GUIDE = (
    "Se igenom varje blad, rätta, och skriv ja vid bekraftad överst. Inget används förrän någon har gjort det.",
    "Rader märkta gissning är planboks förslag. De försvinner inte: bekräftar du bladet gäller de.",
    "kod får vara ett intervall, 5000–5999, och * för alla andra. En kod som finns två gånger är ett fel.",
    "budgetrad ska vara samma ord i utfall och budget. sida är kostnad eller intakt.",
    "utelamna: ja lämnar ut koden, och kvittot säger vilken summa det var. En kod utan något alls stoppar inläsningen.",
    "kolumner: rubriken som den står i exporten, eller kolumn C. konstant: samma värde på alla rader.",
    "insats, niva och regi: det som planbok kallar dem. enhet och verksamhet: vad du vill se i rapporten.",
)


def rows_of(seen: Seen) -> dict[str, tuple[str, str]]:
    """The keys of sheet `profil`, each with its value and what was seen."""
    look = {
        "titel": (f"Inläsning till {seen.table}", ""),
        "tabell": (seen.table, "planboks tabell"),
        "blad": (seen.sheet, "det blad som har rubrikerna"),
        "rubrikrad": (str(seen.row), "raden med rubriker"),
        "period": (seen.period, "hur månaden skrivs; auto känner igen alla former"),
        "intakter": (seen.revenue, "intäkter i exporten är negativa eller positiva"),
        "belopp_i": (seen.unit, "kr, tkr eller mnkr"),
        "summera": ("nej", "ja: rader med samma nyckel läggs ihop (i en huvudbok görs det alltid)"),
        "sjukbas": ("", "ordinarie_tid_h eller avtalad_tid_h: tiden som filens sjukprocent räknas på"),
        "kod_och_text": ("; ".join(seen.both), "kolumner vars celler har både kod och text"),
        "hoppa_over": ("", "början på rader som inte ska läsas, åtskilda med semikolon (summor hoppas alltid över)"),
    }
    if seen.table != "bemanning":
        del look["sjukbas"]
    return look


def write_workbook(path: Path, seen: Seen, choices: dict[str, list[str]]) -> None:
    """Writes the proposal as a workbook, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    as_text = {"strings_to_formulas": False, "strings_to_urls": False}
    with written_whole(path) as made, xlsxwriter.Workbook(str(made), as_text) as book:
        _Pen(book, choices).write(seen)


class _Pen:
    """Writes the sheets of a proposed profile."""

    def __init__(self, book, choices: dict[str, list[str]]):
        self.book = book
        self.bold = book.add_format({"bold": True, "bg_color": "#e3e7ec", "bottom": 1})
        self.fill_in = book.add_format({"bg_color": "#fff7d6", "border": 1})
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.choices = {"ja_nej": YES_NO, "sida": ["kostnad", "intakt"]} | choices

    def write(self, seen: Seen) -> None:
        """Every sheet: profile, columns, a sheet per code list, a guide, and hidden lists to choose from."""
        profile, columns = self.book.add_worksheet(PROFILE), self.book.add_worksheet(COLUMNS)
        sheets = {name: self.book.add_worksheet(name) for name in seen.codes}
        guide, lists = self.book.add_worksheet(HELP), self.book.add_worksheet(LISTS)
        guide.set_column("A:A", 110)
        guide.write_column(0, 0, GUIDE)
        lists.hide()
        self.sources = {}
        for place, (name, values) in enumerate(self.choices.items()):
            lists.write_column(0, place, [name, *values])
            letter = xlsxwriter.utility.xl_col_to_name(place)
            if values:
                self.sources[name] = f"={LISTS}!${letter}$2:${letter}${len(values) + 1}"
        self.top(profile, seen)
        self.columns(columns, seen)
        for name, sheet in sheets.items():
            self.codes(sheet, name, seen.codes[name])

    def confirm(self, sheet) -> None:
        """The first row of a sheet: confirmed, yes or no."""
        sheet.write(0, 0, CONFIRMED, self.bold)
        sheet.write(0, 1, "nej", self.fill_in)
        sheet.data_validation(0, 1, 0, 1, {"validate": "list", "source": self.sources["ja_nej"]})

    def top(self, sheet, seen: Seen) -> None:
        """The sheet `profil`."""
        sheet.set_column("A:A", 16, self.bold)
        sheet.set_column("B:B", 30)
        sheet.set_column("C:C", 90)
        self.confirm(sheet)
        sheet.write(0, 2, "ja när du har sett igenom det här bladet och bladet kolumner")
        for row, (key, (value, note)) in enumerate(rows_of(seen).items(), start=1):
            sheet.write(row, 0, key, self.bold)
            sheet.write(row, 1, value, self.fill_in)
            sheet.write(row, 2, note)

    def columns(self, sheet, seen: Seen) -> None:
        """The sheet `kolumner`, and below it the export's columns that are not read."""
        sheet.set_column("A:C", 26)
        sheet.set_column("D:D", 70)
        sheet.write_row(0, 0, ["kolumn", "rubrik", "konstant", "anmarkning"], self.bold)
        rows = [(name, head, "", "gissning") for name, head in seen.columns.items()]
        rows += [(name, "", value, "gissning: finns inte i exporten") for name, value in seen.constants.items()]
        for row, cells in enumerate(rows, start=1):
            sheet.write_row(row, 0, cells)
        unread = ", ".join(head for head in seen.unread if head not in seen.private)
        sheet.write(len(rows) + 2, 3, f"Läses inte: {unread or 'inget'}")
        if seen.private:
            sheet.write(len(rows) + 3, 3, f"Namn, adress och fri text läses aldrig: {', '.join(seen.private)}")

    def codes(self, sheet, name: str, codes: list[CodeSeen]) -> None:
        """A code list: each code with its text, sum and guess, and lists to choose from."""
        headings = headings_of(name)
        sheet.set_column("A:A", 14)
        sheet.set_column("B:B", 34)
        sheet.set_column(2, len(headings), 22)
        self.confirm(sheet)
        sheet.write_row(1, 0, headings, self.bold)
        sheet.freeze_panes(2, 1)
        for row, code in enumerate(codes, start=2):
            guess = {} if name == "insats" else code.guess
            cells = {"kod": code.kod, "text": code.text, "summa": code.value / SCALE} | guess
            cells["gissning"] = "ja" if guess else ""
            for place, heading in enumerate(headings):
                style = self.money if heading == "summa" else None if heading in ("kod", "text") else self.fill_in
                sheet.write(row, place, cells.get(heading, ""), style)
        last = len(codes) + 1 + SPARE
        for place, heading in enumerate(headings):
            source = self.sources.get("ja_nej" if heading in ("utelamna", "gissning") else heading)
            if source:
                rule = {"validate": "list", "source": source, "error_type": "warning"}
                sheet.data_validation(2, place, last, place, rule)


def headings_of(name: str) -> tuple[str, ...]:
    """The columns of a code list's sheet."""
    special = {ACCOUNT: ACCOUNT_HEADINGS, "enhet": UNIT_HEADINGS, "insats": SERVICE_HEADINGS}
    return special.get(name, OTHER_HEADINGS)


def write_yaml(path: Path, seen: Seen) -> None:
    """Writes the proposal as YAML, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as made:
        made.write_text("\n".join(_yaml(seen)) + "\n", encoding="utf-8")


def _yaml(seen: Seen):
    yield "# Se igenom, rätta, och skriv i bekraftad vilka delar som stämmer: profil och varje lista under koder."
    parts = [PROFILE, *seen.codes]
    yield f"bekraftad: []                 # [{', '.join(parts)}]"
    for key, (value, note) in rows_of(seen).items():
        if value in ("", "nej"):
            continue
        text = value if key == "rubrikrad" else _quoted(value)
        if key in ("kod_och_text", "hoppa_over"):
            text = f"[{', '.join(_quoted(part) for part in value.split('; '))}]"
        yield f"{key}: {text}" + (f"   # {note}" if note else "")
    yield "kolumner:"
    yield from (f"  {name}: {_quoted(head)}" for name, head in seen.columns.items())
    if seen.constants:
        yield "konstanter:"
        yield from (f"  {name}: {_quoted(value)}" for name, value in seen.constants.items())
    yield "koder:"
    for name, codes in seen.codes.items():
        yield f"  {name}:"
        for code in codes:
            guess = {key: value for key, value in code.guess.items() if key in Code.model_fields}
            said = [f"{key}: {'true' if key == 'utelamna' else _quoted(value)}" for key, value in guess.items()]
            said += [f"text: {_quoted(code.text)}"] if code.text else []
            yield f"    - {{kod: {_quoted(code.kod)}, {', '.join([*said, 'gissning: true'])}}}"


def _quoted(text: str) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
