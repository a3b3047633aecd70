"""Profiles: the same said in YAML and in a workbook, faults by their cell, and what is proposed of made-up exports."""

import random
from collections import defaultdict
from decimal import Decimal

import openpyxl
import pytest
import yaml

from planbok.base.errors import InputError
from planbok.inputs.imports import propose
from planbok.inputs.imports.profile import load_profile
from planbok.inputs.imports.reading import read_files
from planbok.inputs.imports.recognise import _table_of, look_at

LEDGER = {
    "titel": "Huvudbok",
    "tabell": "utfall",
    "bekraftad": ["profil", "konto"],
    "blad": "2025",
    "rubrikrad": 3,
    "period": "ÅÅÅÅMM",
    "intakter": "positiva",
    "belopp_i": "tkr",
    "summera": True,
    "kod_och_text": ["konto", "enhet"],
    "hoppa_over": ["Internt", "Omföring"],
    "kolumner": {"konto": "Konto", "enhet": "Ansvar", "manad": "kolumn C", "belopp": "Belopp tkr"},
    "konstanter": {"verksamhet": "5131"},
    "koder": {
        "konto": [
            {"kod": "3000-3999", "budgetrad": "Intäkter", "sida": "intakt", "gissning": True},
            {"kod": "5011", "text": "Lön", "budgetrad": "Personal", "kostnadsslag": "Lön"},
            {"kod": "*", "utelamna": True},
        ],
        "enhet": [{"kod": "1", "varde": "norr", "namn": "Norr"}],
    },
}
CASES = {
    "utfall": LEDGER,
    "beslut": {
        "titel": "Beslut",
        "tabell": "beslut",
        "bekraftad": [],
        "kolumner": {"beslut": "Nr", "person": "Pnr", "handelse": "Händelse", "handelsedatum": "Datum"},
        "behall": {"Status": ["Verkställt", "Pågår"], "Typ": ["LSS"]},
        "handelser": {"fran": ["Verkställd", "Ny"], "till": ["Avslutad"]},
        "koder": {},
    },
    "databas": {
        "titel": "Fråga",
        "tabell": "bemanning",
        "bekraftad": ["profil"],
        "sjukbas": "avtalad_tid_h",
        "kalla": {"sql": "select 1", "anslutning": "ADRESS"},
        "kolumner": {"enhet": "a"},
        "koder": {},
    },
}


def spelt(value) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return ("ja" if value else "nej") if isinstance(value, bool) else str(value)


def book_of(profile: dict) -> openpyxl.Workbook:
    """The profile as its workbook, by the description of the form: keys, columns, pairs, code lists."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "profil"
    sheet.append(["bekraftad", spelt("profil" in profile["bekraftad"])])
    flat = {**profile, **profile.get("kalla", {})}
    for key, value in flat.items():
        if key not in ("bekraftad", "kolumner", "konstanter", "behall", "handelser", "koder", "kalla"):
            sheet.append([key, spelt(value), "anmärkning"])
    sheet = book.create_sheet("kolumner")
    sheet.append(["kolumn", "rubrik", "konstant"])
    for name, heading in profile["kolumner"].items():
        sheet.append([name, heading])
    for name, constant in profile.get("konstanter", {}).items():
        sheet.append([name, None, constant])
    for row in (["grupp"], ["konto"], [None, "Rubrik"]):  # rows that nobody has filled in
        sheet.append(row)
    for name in ("behall", "handelser"):
        if name in profile:
            sheet = book.create_sheet(name)
            sheet.append(["namn", "text"])
            for key, words in profile[name].items():
                for word in words:
                    sheet.append([key, word])
    for name, codes in profile["koder"].items():
        sheet = book.create_sheet(name)
        heads = ["kod", "text", "summa", "varde", "budgetrad", "sida", "kostnadsslag", "namn", "utelamna", "gissning"]
        sheet.append(["bekraftad", spelt(name in profile["bekraftad"])])
        sheet.append(heads)
        for number, code in enumerate(codes):
            sheet.append([spelt(code[key]) if key in code else None for key in heads])
            sheet.append([None, "", 5.5] if number else ["4711", "Någon", 7])  # a code that nobody has filled in
    book.create_sheet("hjalp").append(["läses inte"])
    book.create_sheet("listor").append(["läses inte"])
    return book


@pytest.mark.parametrize("name", CASES)
def test_a_workbook_and_yaml_say_the_same_profile(tmp_path, name):
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(CASES[name], allow_unicode=True), "utf-8")
    book_of(CASES[name]).save(tmp_path / "p.xlsx")
    of_yaml, of_book = (load_profile(tmp_path / f"p.{form}").profile for form in ("yaml", "xlsx"))
    assert of_yaml == of_book
    said = of_yaml.model_dump(exclude_unset=True)
    assert {key: said[key] for key in CASES[name] if key != "koder"} == {
        key: value for key, value in CASES[name].items() if key != "koder"
    }
    unconfirmed = [n for n in ["profil", *CASES[name]["koder"]] if n not in CASES[name]["bekraftad"]]
    assert of_book.unconfirmed() == unconfirmed


CELLS = {  # a cell of the workbook, what it becomes, and the place and code that are said
    ("profil", "B1"): ("kanske", "blad profil, cell B1", "yes_no"),
    ("profil", "B6"): ("fel", "blad profil, cell B6", None),
    ("kolumner", "A3"): ("konto", "blad kolumner, cell A3", "repeated_key"),
    ("kolumner", "C2"): ("5", "blad kolumner, rad 2", "both"),
    ("kolumner", "A2"): ("kontot", "blad kolumner", "value"),
    ("kolumner", "A6"): ("verksamheten", "blad kolumner", "value"),
    ("konto", "A1"): ("konto", "blad konto", "no_code_list"),
    ("konto", "B1"): ("x", "blad konto, cell B1", "yes_no"),
    ("konto", "D2"): ("värdet", "blad konto, cell D2", "unknown_key"),
    ("konto", "A5"): (None, "blad konto, rad 5", "no_code"),
    ("konto", "E5"): ("=1+1", "blad konto, cell E5", "formula"),
    ("konto", "J3"): ("jaha", "blad konto, cell J3", "yes_no"),
    ("konto", "A3"): ("5010-5012", "blad konto, rad 5", "mapped_twice"),
    ("enhet", "A3"): ("2-1", "blad enhet, rad 3", "value"),
    ("enhet", "D3"): ("#SAKNAS!", "blad enhet, rad 3", None),
}


@pytest.mark.parametrize(("sheet", "cell"), CELLS)
def test_a_fault_in_a_profiles_workbook_is_said_by_its_cell(tmp_path, sheet, cell):
    book = book_of(LEDGER)
    found, place, code = CELLS[sheet, cell]
    book[sheet][cell].value = found
    book.save(tmp_path / "p.xlsx")
    with pytest.raises(InputError) as stopped:
        load_profile(tmp_path / "p.xlsx")
    faults = [(fault.line, fault.place, fault.code) for fault in stopped.value.faults]
    assert any(line == 0 and at.startswith(place) and code in (said, None) for line, at, said in faults), faults


TWICE = [
    ("5000-5999", "5999", True),
    ("5000-5999", "6000", False),
    ("5000-5999", "5000", True),
    ("5000-5999", "4999", False),
    ("5000-5999", "5999-6100", True),
    ("5000-5999", "6000-6100", False),
    ("5000-5999", "4000-5000", True),
    ("5000-5999", "4000-4999", False),
    ("5000-5999", "A5500", False),
    ("a1", "A1", True),
    ("a1", "A2", False),
    ("*", "5000-5999", False),
]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("one", "other", "twice"), TWICE)
def test_two_codes_that_take_one_in_common_are_said(tmp_path, one, other, twice, turned):
    codes = [{"kod": code, "budgetrad": f"Rad {n}"} for n, code in enumerate((one, "9", other), 1)]
    lines = yaml.safe_dump(LEDGER | {"koder": {"konto": codes[::-1] if turned else codes}}, allow_unicode=True)
    (tmp_path / "p.yaml").write_text(lines, "utf-8")
    found = []
    try:
        load_profile(tmp_path / "p.yaml")
    except InputError as error:
        found = [(fault.line, fault.code) for fault in error.faults]
    last = f"kod: {one if turned else other}"
    row = next(n for n, line in enumerate(lines.splitlines()) if line.replace("'", "").endswith(last))
    assert found == [(row, "mapped_twice")] * twice  # the line before has the entry's first key


def wrong_profile(folder, **changes) -> list[str]:
    (folder / "p.yaml").write_text(yaml.safe_dump(LEDGER | changes, allow_unicode=True), "utf-8")
    try:
        load_profile(folder / "p.yaml")
    except InputError as error:
        return [fault.text for fault in error.faults]
    return []


def test_what_a_profile_may_not_say(tmp_path):
    for code, said in (
        ({"kod": "5999-5000", "budgetrad": "x"}, "slutar före det börjar"),
        ({"kod": "5000-5000", "budgetrad": "x"}, ""),
        ({"kod": "5", "budgetrad": "Summa lön"}, "läses som en summa"),
        ({"kod": "5", "budgetrad": "#N/A"}, "Excels ord"),
        ({"kod": "5"}, "har inget värde"),
        ({"kod": "5", "utelamna": True}, ""),
        ({"kod": "5", "niva": 0}, ""),
    ):
        faults = wrong_profile(tmp_path, koder={"konto": [code]})
        assert bool(faults) is bool(said) and all(said in text for text in faults), code
    assert "ingen kolumn i tabellen" in wrong_profile(tmp_path, konstanter={"verksamheten": "1"})[0]
    assert "gäller en kolumn som inte står" in wrong_profile(tmp_path, koder={"niva": [{"kod": "5", "varde": "1"}]})[0]
    assert "kod för kod" in wrong_profile(tmp_path, behall={"Status": ["x"]})[0]
    private = {"beslut": "Nr", "person": "Pnr", "enhet": "Kundens namn"}
    for columns, found in ((private, True), (private | {"enhet": "Enhetens namn"}, False), ({"enhet": "Namn"}, False)):
        texts = wrong_profile(tmp_path, tabell="beslut", kolumner=columns, konstanter={}, koder={})
        assert any("aldrig läses" in text for text in texts) is found


def export(path, seed: int, heading: str = "Belopp", turn: int = 1) -> list[tuple]:
    """A ledger's export with texts beside the codes: account, unit, month and öre of each row."""
    rng, rows = random.Random(seed), []
    accounts = {"3010": "Avgifter", "5011": "Lön", "6010": "Hyra", "1510": "Fordringar"}
    units = {"312100": "Norr", "312200": "Söder"}
    lines = ["Uttag 2025", "", f"Konto;Kontotext;Ansvar;Ansvarstext;Period;{heading};Kundnamn;Vernr"]
    for number in range(30):
        account, unit, month = rng.choice([*accounts]), rng.choice([*units]), rng.randint(1, 12)
        kr = rng.randint(1, 10**6) * (-turn if account == "3010" else 1)
        rows.append((account, unit, month, kr))
        amount = f"{Decimal(kr).scaleb(-2)}".replace(".", ",")
        lines.append(f"{account};{accounts[account]};{unit};{units[unit]};2025{month:02d};{amount};Ek;{number}")
    path.write_text("\n".join(lines), "utf-8")
    return rows


TEXTS = {"3010": "Avgifter", "5011": "Lön", "6010": "Hyra", "1510": "Fordringar", "312100": "Norr", "312200": "Söder"}
HEADINGS = [("Belopp", "kr", 1), ("Utfall tkr", "tkr", -1), ("Saldo (mnkr)", "mnkr", 1)]


@pytest.mark.parametrize(("heading", "unit", "turn"), HEADINGS)
def test_what_is_recognised_in_an_export(tmp_path, heading, unit, turn):
    rows = [*export(tmp_path / "a.csv", 1, heading, turn), *export(tmp_path / "b.csv", 2, heading, turn)]
    seen = look_at([tmp_path / "a.csv", tmp_path / "b.csv"], {"Personal", "Hyra"})
    assert (seen.table, seen.row, seen.unit, seen.period, seen.sheet) == ("utfall", 3, unit, "ÅÅÅÅMM", "")
    assert seen.columns == {"konto": "Konto", "enhet": "Ansvar", "manad": "Period", "belopp": heading}
    assert seen.revenue == ("negativa" if turn == 1 else "positiva") and seen.private == ["Kundnamn"]
    assert seen.unread == ["Kontotext", "Ansvarstext", "Kundnamn", "Vernr"]
    sums, counts = defaultdict(int), defaultdict(int)
    for account, of, _, ore in rows:
        for code in (account, of):
            sums[code] += ore * 100 * {"kr": 1, "tkr": 1000, "mnkr": 10**6}[unit]
            counts[code] += 1
    for codes in seen.codes.values():
        for one in codes:
            assert (one.text, one.rader, one.value) == (TEXTS[one.kod], counts[one.kod], sums[one.kod])
    assert [one.kod for one in seen.codes["konto"]] == ["1510", "3010", "5011", "6010"]
    assert {one.kod: one.guess for one in seen.codes["konto"]} == {
        "1510": {"utelamna": "ja"},
        "3010": {"budgetrad": "Intäkter", "sida": "intakt"},
        "5011": {"budgetrad": "Personal", "sida": "kostnad"},
        "6010": {"budgetrad": "Hyra", "sida": "kostnad"},
    }
    assert [one.guess for one in seen.codes["enhet"]] == [{"varde": c, "namn": TEXTS[c]} for c in ("312100", "312200")]


@pytest.mark.parametrize(
    ("cells", "both"),
    [
        (["5011 Lön", "6010 Hyra"], ["konto"]),
        (["5011 Lön", "6010"], []),  # half of them is not most
        (["5011 Lön", "6010 Hyra", "6020"], ["konto"]),
        (["Lön 5011", "Hyra 6010"], []),
    ],
)
def test_a_column_is_of_codes_and_texts_where_most_of_its_cells_are(tmp_path, cells, both):
    body = "\n".join(f"{cell};1;202501;5" for cell in [*cells, *cells])
    (tmp_path / "a.csv").write_text(f"Konto;Ansvar;Period;Belopp\n{body}", "utf-8")
    seen = look_at([tmp_path / "a.csv"], set())
    assert seen.both == both
    if both:
        assert ("5011", "Lön", 2) in [(one.kod, one.text, one.rader) for one in seen.codes["konto"]]


def test_texts_of_codes_in_the_exports_own_headings_and_providers_that_are_persons(tmp_path):
    lines = ["Beslutsnr;Insats;Utförare;Från;Enhet", "Enhet 312100 Norr;;;;", "B1;Hem;Anna Ek;2025-01-01;312100"]
    lines += ["B2;Hem;Eva Bo;2025-01-01;312100", "B3;Hem;Omsorg AB;2025-01-01;312100"]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    seen = look_at([tmp_path / "a.csv"], set())
    assert seen.table == "beslut"
    assert [(one.kod, one.text, one.rader) for one in seen.codes["enhet"]] == [("312100", "Norr", 3)]
    found = {one.kod: (one.rader, one.guess) for one in seen.codes["utforare"]}
    assert found == {"Omsorg AB": (1, {"varde": "Omsorg AB"}), "*": (2, {"varde": "enskild"})}


@pytest.mark.parametrize("form", ["xlsx", "yaml"])
def test_a_confirmed_proposal_gives_the_exports_own_sums(tmp_path, form):
    rows = export(tmp_path / "a.csv", 3)
    seen = look_at([tmp_path / "a.csv"], set())
    path = tmp_path / "ny" / f"bok.{form}"
    (propose.write_workbook(path, seen, {}) if form == "xlsx" else propose.write_yaml(path, seen))
    if form == "xlsx":
        layout(path, seen)
    loaded = load_profile(path)
    assert loaded.profile.unconfirmed() == ["profil", "konto", "enhet"]
    reading = read_files([tmp_path / "a.csv"], loaded, None)
    wanted = defaultdict(Decimal)
    for account, unit, month, ore in rows:
        if account != "1510":
            side = "intakt_kr" if account == "3010" else "kostnad_kr"
            wanted[unit, f"2025-{month:02d}", side] += Decimal(-ore if account == "3010" else ore).scaleb(-2)
    found = defaultdict(Decimal)
    for row in reading.rows.to_dict("records"):
        for side in ("kostnad_kr", "intakt_kr"):
            found[row["enhet"], row["manad"], side] += Decimal(row[side])
    assert {key: kr for key, kr in found.items() if kr} == {key: kr for key, kr in wanted.items() if kr}


def layout(path, seen) -> None:
    """What a person sees of a proposed workbook: where each thing stands, how wide, and what to choose from."""
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["profil", "kolumner", "konto", "enhet", "hjalp", "listor"]
    assert book["listor"].sheet_state == "hidden" and book["hjalp"]["A1"].value.startswith("Se igenom varje blad")
    widths = {
        name: {at: round(size.width) for at, size in book[name].column_dimensions.items()} for name in book.sheetnames
    }
    assert (widths["profil"]["A"], widths["profil"]["B"], widths["profil"]["C"]) == (17, 31, 91)
    assert (widths["kolumner"]["A"], widths["kolumner"]["D"], widths["hjalp"]["A"]) == (27, 71, 111)
    assert (widths["konto"]["A"], widths["konto"]["B"], widths["konto"]["C"]) == (15, 35, 23)
    profil = book["profil"]
    assert [profil["A1"].value, profil["B1"].value] == ["bekraftad", "nej"] and profil["C1"].value.startswith("ja när")
    told = {profil.cell(row, 1).value: profil.cell(row, 2).value for row in range(2, profil.max_row + 1)}
    assert told["tabell"] == "utfall" and told["rubrikrad"] == "3" and "sjukbas" not in told
    assert all(profil.cell(row, 1).font.bold for row in range(1, profil.max_row + 1))
    columns = [[cell.value for cell in row] for row in book["kolumner"].iter_rows()]
    heads = list(seen.columns.items())
    assert columns[1 : len(heads) + 1] == [[name, head, None, "gissning"] for name, head in heads]
    assert columns[len(heads) + 2][3] == "Läses inte: Kontotext, Ansvarstext, Vernr"
    assert columns[len(heads) + 3][3] == "Namn, adress och fri text läses aldrig: Kundnamn"
    konto = book["konto"]
    for row, code in enumerate(seen.codes["konto"], 3):
        left = [konto.cell(row, column).value for column in (1, 2)]
        assert left == [code.kod, code.text] and konto.cell(row, 3).value == pytest.approx(code.value / 10_000)
        assert konto.cell(row, 3).number_format == "#,##0.00"
    sums = {str(rule.sqref) for rule in konto.data_validations.dataValidation}
    last = 2 + len(seen.codes["konto"]) + propose.SPARE
    assert sums == {"B1", *(f"{letter}3:{letter}{last}" for letter in "EGH")}
    assert konto.freeze_panes == "B3" and konto["A2"].border.bottom.style == konto["D3"].border.left.style == "thin"
    choices = {"B": ["ja", "nej"], "E": ["kostnad", "intakt"], "G": ["ja", "nej"], "H": ["ja", "nej"]}
    for rule in konto.data_validations.dataValidation:
        place = rule.formula1.replace("$", "").removeprefix("listor!")
        assert [cell.value for (cell,) in book["listor"][place]] == choices[str(rule.sqref)[0]]
    styles = {letter: konto[f"{letter}3"].fill.fgColor.rgb for letter in "ABDE"}
    assert styles == {"A": "00000000", "B": "00000000", "D": "FFFFF7D6", "E": "FFFFF7D6"}


def test_exports_of_two_kinds_and_one_without_headings(tmp_path):
    export(tmp_path / "a.csv", 1)
    export(tmp_path / "b.csv", 1, "Saldo")
    for paths, code in (
        ([tmp_path / "a.csv", tmp_path / "b.csv"], "other_kind"),
        ([tmp_path / "c.csv"], "no_headings"),
    ):
        (tmp_path / "c.csv").write_text("\n" * 20 + "Konto;Ansvar;Period;Belopp\n1;2;202501;3")
        with pytest.raises(InputError) as stopped:
            look_at(paths, set())
        (fault,) = stopped.value.faults
        assert (fault.line, fault.place, fault.code) == (0, "", code) and fault.file.endswith(paths[-1].name)
        assert ("a.csv" in fault.text) is (code == "other_kind")
    (tmp_path / "c.csv").write_text("\n" * 19 + "Konto;Ansvar;Period;Belopp\n1;2;202501;3")
    assert look_at([tmp_path / "c.csv"], set()).row == 20
    (tmp_path / "c.csv").write_text("Konto;Ansvar\n1;2")
    with pytest.raises(InputError):
        look_at([tmp_path / "c.csv"], set())


@pytest.mark.parametrize(
    ("columns", "table"),
    [
        ({"konto": "Konto", "belopp": "Belopp"}, "utfall"),
        ({"konto": "Konto", "belopp": "Årsbudget"}, "budget"),
        ({"konto": "Konto", "belopp": "Budget", "manad": "Period"}, "manadsbudget"),
        ({"belopp": "Belopp", "enhet": "Kst"}, "utfall"),
        ({"arsarbetare": "Åa"}, "bemanning"),
        ({"sjuk_h": "Sjuk", "insats": "I", "person": "P"}, "bemanning"),
        ({"insats": "I", "person": "P"}, "beslut"),
        ({"insats": "I", "beslut": "B"}, "beslut"),
        ({"insats": "I", "belopp": "Summa"}, "utfall"),
        ({"person": "P", "beslut": "B"}, "bemanning"),
        ({"konto": "K"}, "bemanning"),
    ],
)
def test_which_table_columns_are_of(columns, table):
    assert _table_of(columns) == table
