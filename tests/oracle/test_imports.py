"""Ledgers' exports read in: made-up postings, written as systems write them, and summed here by hand.

What is read must be their sums to a hundredth of an öre; each row that is passed by is counted, each that is wrong is
said where it was put.
"""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
import yaml

from planbok.base.errors import InputError
from planbok.inputs.imports.amounts import LARGEST, amounts, kr_text
from planbok.inputs.imports.ledger import held_against_totals
from planbok.inputs.imports.periods import form_of, read_day, read_period
from planbok.inputs.imports.profile import load_profile
from planbok.inputs.imports.reading import net_of, nets_of, read_files
from planbok.inputs.imports.sie import sie_sheet

DAY_0 = date(1899, 12, 30)
MONTHS = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti"]
MONTHS += ["september", "oktober", "november", "december"]
UNITS = {"312100": "norr", "312200": "soder"}
ROWS = {"3": "Intäkter", "5": "Personal", "6": "Lokaler"}  # by the account's first digit
PROFILE = {
    "titel": "Huvudbok",
    "tabell": "utfall",
    "bekraftad": ["profil", "konto", "enhet"],
    "kolumner": {"konto": "Konto", "enhet": "Ansvar", "verksamhet": "Vht", "manad": "Period", "belopp": "Belopp"},
    "hoppa_over": ["Internt"],
    "koder": {
        "konto": [
            {"kod": "3000-3999", "budgetrad": "Intäkter"},
            {"kod": "5000-5999", "budgetrad": "Personal"},
            {"kod": "6000-6998", "budgetrad": "Lokaler"},
            {"kod": "6999", "utelamna": True, "text": "Fördelat"},
        ],
        "enhet": [{"kod": code, "varde": unit} for code, unit in UNITS.items()],
    },
}


def profile(folder, **changes):
    path = folder / "bok.yaml"
    path.write_text(yaml.safe_dump(PROFILE | changes, allow_unicode=True), "utf-8")
    return load_profile(path)


def postings(seed: int, count: int = 40) -> list[dict]:
    """Of both units, two months and December's closing; one account is left out, another is no result account."""
    rng, found = random.Random(seed), []
    for _ in range(count):
        account = rng.choice(["3010", "5011", "5990", "6010", "6999", "1510"])
        size = Decimal(rng.randint(1, 9_999_999)).scaleb(-2)
        period = rng.choice([(2025, 11), (2025, 12), (2025, 12), (2025, 13)])
        sign = -1 if account[0] == "3" else rng.choice([1, 1, 1, -1])
        found.append(
            {"konto": account, "enhet": rng.choice([*UNITS]), "vht": rng.choice(["5131", "5132"]), "period": period}
            | {"belopp": sign * size}
        )
    return found


def summed_by_hand(rows: list[dict]) -> dict[tuple, dict[str, Decimal]]:
    """Cost and revenue by the table's keys; revenue turned, period 13 in columns of its own."""
    found: dict[tuple, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        if row["konto"][0] not in ROWS or row["konto"] == "6999":
            continue
        year, period = row["period"]
        key = (UNITS[row["enhet"]], f"{year}-{min(period, 12):02d}", ROWS[row["konto"][0]], row["vht"])
        side = ("bokslut_" if period == 13 else "") + ("intakt_kr" if row["konto"][0] == "3" else "kostnad_kr")
        found[key][side] += -row["belopp"] if side.endswith("intakt_kr") else row["belopp"]
    return found


def swedish(value: Decimal, rng: random.Random) -> str:
    """An amount in one of the spellings of ledgers."""
    plain = f"{abs(value):,}".replace(",", rng.choice(["", " ", "\u00a0"])).replace(".", rng.choice([",", "."]))
    return rng.choice([f"-{plain}", f"{plain}-"]) if value < 0 else plain


def report(rows: list[dict], seed: int) -> tuple[list[str], dict[str, int], list[int]]:
    """The lines of a report by unit with its own headings and sums; how many are passed by, and where postings are."""
    rng, lines, places = random.Random(seed), ["Huvudbok;;;;", ""], []
    heads = "Konto;Ansvar;Vht;Period;Belopp"
    lines.append(heads)
    for unit in UNITS:
        lines += [f"Ansvar {unit};;;;", heads, ";;;;"]
        own = [row for row in rows if row["enhet"] == unit]
        for row in own:
            year, period = row["period"]
            cells = [row["konto"], unit, row["vht"], f"{year}{period:02d}", swedish(row["belopp"], rng)]
            lines.append(";".join(cells))
            places.append(len(lines))
        lines.append(f"Internt fördelat;{unit};5131;202511;77,00")
        lines.append(f"Summa {unit};;;;{swedish(sum(row['belopp'] for row in own), rng)}")
    lines.append(f"Totalt;;;;{swedish(sum(row['belopp'] for row in rows), rng)}")
    passed = {"tomma rader": 2, "upprepade rubriker": 2, "summarader": 3, "rubriker i filen": 2}
    return lines, passed | {"rader som profilen hoppar över": 2}, places


def table_of(reading) -> dict[tuple, dict[str, Decimal]]:
    """The table that was made, without amounts of 0."""
    keys = [name for name in reading.rows if not name.endswith("_kr")]
    return {
        tuple(row[name] for name in keys): {
            name: Decimal(kr) for name, kr in row.items() if name.endswith("_kr") and Decimal(kr or 0)
        }
        for row in reading.rows.to_dict("records")
    }


def plain(found: dict) -> dict:
    return {key: {name: kr for name, kr in sums.items() if kr} for key, sums in found.items()}


@pytest.mark.parametrize("seed", range(3))
def test_a_report_by_unit_becomes_the_sums_of_its_postings(tmp_path, seed):
    rows = postings(seed)
    lines, passed, _ = report(rows, seed)
    path = tmp_path / "bok.csv"
    path.write_text("\n".join(lines), "cp1252", newline="")
    reading = read_files([path], profile(tmp_path), None)
    assert table_of(reading) == plain(summed_by_hand(rows))
    (part,) = reading.parts
    export, whole = part.export, sum(row["belopp"] for row in rows)
    assert (export.passed, export.rows, export.rubrikrad) == (passed, len(rows) + sum(passed.values()), 3)
    assert part.total == int(whole * 10_000)
    left = defaultdict(lambda: [0, Decimal(0)])
    for row in rows:
        if row["konto"] in ("1510", "6999"):
            left[row["konto"]][0] += 1
            left[row["konto"]][1] += row["belopp"]
    assert {one.kod: [one.rader, Decimal(one.value).scaleb(-4)] for one in part.left_out} == left
    assert {one.text for one in part.left_out} == {"Fördelat", "balanskonto eller annat utanför kontoklass 3–8"}
    nets = defaultdict(Decimal)
    for row in rows:
        if row["konto"] not in ("1510", "6999") and row["period"][1] != 13:
            nets[UNITS[row["enhet"]], "2025-{:02d}".format(row["period"][1])] += row["belopp"]
    assert {(r["enhet"], r["manad"]): Decimal(r["value"]).scaleb(-4) for r in part.own.to_dict("records")} == nets
    assert {place: Decimal(kr).scaleb(-4) for place, kr in nets_of(reading).items()} == nets
    assert net_of(reading.rows, "negativa") == int(
        sum(r["belopp"] for r in rows if r["konto"] not in ("1510", "6999")) * 10_000
    )
    assert held_against_totals(export, part.value) == ([], [], int(whole * 10_000))


@pytest.mark.parametrize("form", ["ÅÅÅÅMM", "ÅÅÅÅ-MM", "mmm ÅÅÅÅ", "datum", "serienummer"])
def test_a_workbook_with_months_of_any_form_gives_the_same(tmp_path, form):
    rows = [row for row in postings(7) if row["period"][1] < 13]
    names = [name[:3] for name in MONTHS]
    book = openpyxl.Workbook()
    book.active.append(["Konto", "Ansvar", "Vht", "Period", "Belopp"])
    for row in rows:
        year, month = row["period"]
        last = date(year, month, 30)
        shown = {
            "ÅÅÅÅMM": year * 100 + month,
            "ÅÅÅÅ-MM": f"{year}-{month:02d}",
            "mmm ÅÅÅÅ": f"{names[month - 1]} {year}",
            "datum": last,
            "serienummer": (last - DAY_0).days,
        }
        book.active.append([int(row["konto"]), int(row["enhet"]), row["vht"], shown[form], float(row["belopp"])])
    book.save(tmp_path / "bok.xlsx")
    for said in (form, "auto"):
        reading = read_files([tmp_path / "bok.xlsx"], profile(tmp_path, period=said), None)
        assert table_of(reading) == plain(summed_by_hand(rows))


@pytest.mark.parametrize("encoding", ["cp437", "utf-8", "cp1252"])
@pytest.mark.parametrize("own_days", [True, False])
def test_sie_postings_become_the_same_sums(tmp_path, encoding, own_days):
    """A posting without a day of its own has its voucher's; objects stand in any order, in citation marks or not."""
    rows = [row for row in postings(5) if row["period"][1] < 13]
    rows.sort(key=lambda row: row["period"])
    lines = [
        "#FLAGGA 0",
        "#SIETYP 4",
        '#KONTO 5011 "Löner \\"fasta\\""',
        "#KONTO 6010 Hyror",
        '#DIM 1 "Ansvar"',
        "#DIM 6 Vht",
    ]
    for number, row in enumerate(rows):
        day = "{}{:02d}15".format(*row["period"])
        objects = f'1 "{row["enhet"]}" 6 {row["vht"]}' if number % 2 else f'6 "{row["vht"]}" 1 {row["enhet"]}'
        lines.append(f'#VER A {number} {day if not own_days else "20200101"} "Text ä" {{')
        lines.append(f"  #TRANS {row['konto']} {{{objects}}} {row['belopp']}" + (f" {day}" if own_days else "") + "\n}")
    path = tmp_path / "bok.se"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    reading = read_files([path], profile(tmp_path), None)
    assert table_of(reading) == plain(summed_by_hand(rows)) and reading.parts[0].export.rows == len(rows)
    sheet = sie_sheet(path.read_bytes()).cells
    heads = [["Konto", "Kontotext", "Vht", "Ansvar", "Period", "Belopp"]]
    texts = {"5011": 'Löner "fasta"', "6010": "Hyror"}
    wanted = [
        [row["konto"], texts.get(row["konto"], ""), row["vht"], row["enhet"], "{}{:02d}".format(*row["period"])]
        for row in rows
    ]
    amounts_there = [str(row["belopp"]) for row in rows]
    assert sheet.to_numpy().tolist() == heads + [[*row, kr] for row, kr in zip(wanted, amounts_there, strict=True)]
    assert sheet.index.tolist() == list(range(1, len(rows) + 2))


def faults_of(paths, loaded) -> list:
    with pytest.raises(InputError) as stopped:
        read_files(paths, loaded, None)
    return stopped.value.faults


WRONG = {  # a cell by its column, what it becomes, and what is said
    ("belopp", "okänt"): ("kolumn Belopp", "wrong_value"),
    ("belopp", "1,23456"): ("kolumn Belopp", "wrong_value"),
    ("belopp", "--5"): ("kolumn Belopp", "wrong_value"),
    ("period", "2025"): ("kolumn Period", "period"),
    ("period", "202514"): ("kolumn Period", "period"),
    ("period", "202500"): ("kolumn Period", "opening"),
    ("konto", "9999"): None,  # outside 3–8: left out
    ("konto", "4711"): ("konto 4711", "unmapped"),
    ("enhet", "999"): ("enhet 999", "unmapped"),
    ("konto", ""): ("konto saknas", "unmapped"),
    ("enhet", ""): ("enhet saknas", "unmapped"),
    ("vht", "Summa 5131"): ("kolumn Vht", "sum_as_code"),
    ("vht", "#SAKNAS!"): ("kolumn Vht", "wrong_value"),
}


@pytest.mark.parametrize("number", [0, 1, 17, 39])
@pytest.mark.parametrize(("column", "cell"), WRONG)
def test_a_wrong_cell_is_said_with_its_row(tmp_path, column, cell, number):
    rows = postings(2)
    lines = ["Konto;Ansvar;Vht;Period;Belopp"]
    for row in rows:
        year, period = row["period"]
        lines.append(f"{row['konto']};{row['enhet']};{row['vht']};{year}{period:02d};{row['belopp']}")
    cells = lines[number + 1].split(";")
    cells[["konto", "enhet", "vht", "period", "belopp"].index(column)] = cell
    lines[number + 1] = ";".join(cells)
    path = tmp_path / "bok.csv"
    path.write_text("\n".join(lines), "utf-8")
    wanted = WRONG[column, cell]
    if wanted is None:
        part = read_files([path], profile(tmp_path), None).parts[0]
        assert ("9999", 1, int(rows[number]["belopp"] * 10_000)) in [(o.kod, o.rader, o.value) for o in part.left_out]
        return
    faults = faults_of([path], profile(tmp_path))
    assert [(fault.line, fault.place, fault.code) for fault in faults] == [(number + 2, *wanted)]
    if wanted[1] == "unmapped":
        kr = f"{rows[number]['belopp']:,.2f}".replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")
        assert f"1 rad, {kr}\u00a0kr, har ingen rad" in faults[0].text


def test_an_empty_amount_is_said_and_two_files_of_one_posting_too(tmp_path):
    heads = "Konto;Ansvar;Vht;Period;Belopp"
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text(f"{heads}\n5011;312100;5131;202511;1\n5011;312100;5132;202511;\n5011;312200;5131;202511;2")
    assert [(f.line, f.code) for f in faults_of([one], profile(tmp_path))] == [(3, "empty_cell")]
    one.write_text(f"{heads}\n5011;312100;5131;202511;1")
    other.write_text(f"{heads}\n5012;312100;5131;202511;1")
    assert [f.code for f in faults_of([one, other], profile(tmp_path))] == ["overlap"]
    assert [f.code for f in faults_of([one, one], profile(tmp_path))] == ["same_file"]
    other.write_text(f"{heads}\n5012;312100;5131;202512;1")
    assert len(read_files([one, other], profile(tmp_path), None).rows) == 2
    other.write_text(f"{heads}\n5012;312100;5131;202513;1")
    assert [(f.line, f.code) for f in faults_of([other], profile(tmp_path))] == [(2, "closing_alone")]


@pytest.mark.parametrize(("count", "most"), [(1, 0), (2, 1), (3, 1), (199, 99), (204, 100)])
def test_a_stated_sum_may_be_half_an_ore_a_row_off_and_never_more_than_a_krona(tmp_path, count, most):
    """`most` is in öre: half an öre for each row, a krona at most; an öre more is a fault."""
    body = [f"5011;312100;{5000 + n};202511;10,00" for n in range(count)]
    for off in sorted({0, most, -most, most + 1, -most - 1}):
        total = f"{Decimal(count * 1000 + off).scaleb(-2)}".replace(".", ",")
        path = tmp_path / "bok.csv"
        path.write_text("\n".join(["Konto;Ansvar;Vht;Period;Belopp", *body, f"Totalt;;;;{total}"]), "utf-8")
        part = read_files([path], profile(tmp_path), None).parts[0]
        faults, notes, whole = held_against_totals(part.export, part.value)
        assert [(fault.line, fault.code) for fault in faults] == [(count + 2, "control_total")] * (abs(off) > most)
        assert len(notes) == (0 < abs(off) <= most) and all(f"på {count} rader" in note for note in notes)
        assert whole == (None if faults else (count * 1000 + off) * 100)


def test_amounts_of_every_spelling_are_exact():
    rng, power = random.Random(3), {"kr": 0, "tkr": 3, "mnkr": 6}
    for unit, up in power.items():
        values = [
            Decimal(rng.randint(-(10 ** (11 - up)), 10 ** (11 - up))).scaleb(-rng.choice([0, 1, 2])) for _ in range(60)
        ] + [Decimal(0)]
        cells = pd.Series([swedish(value, rng) for value in values], index=range(5, 66))
        for several in (cells, cells.where(cells.index != 7, 12.5), cells.where(cells.index != 7, " ")):
            read = amounts(several, unit)
            wanted = [int(value.scaleb(4 + up)) for value in values]
            wanted[2] = wanted[2] if several is cells else (125_000 * 10**up if several[7] == 12.5 else 0)
            assert read.exact.tolist() == wanted and not read.bad.any()
            assert read.empty.tolist() == [cell == " " for cell in several]


def test_amounts_that_are_none_too_fine_or_too_large():
    cells = pd.Series(["1,2345", "1,23456", "x", "", "-1-", "12345,9", "5 kr", True, 0.00005, 0.0001])
    read = amounts(cells)
    assert read.bad.tolist() == [False, True, True, False, True, False, False, True, True, False]
    assert read.exact.tolist() == [12345, 0, 0, 0, 0, 123459000, 50000, 0, 0, 1]
    assert amounts(pd.Series(["1.234", "x"])).bad.tolist() == [True, True]  # thousands or decimals
    assert amounts(pd.Series(["1.234", "1.5"])).exact.tolist() == [12340, 15000]
    kr = LARGEST // 10_000
    assert amounts(pd.Series([str(kr - 1000), str(kr + 1000), f"-{kr + 1000}"])).bad.tolist() == [False, True, True]
    assert [kr_text(n) for n in (0, 1, -1, 9999, 10_000, -10_010, 123_450_000)] == [
        *("0", "0.0001", "-0.0001", "0.9999", "1", "-1.001", "12345"),
    ]


def test_a_month_in_every_form():
    for month, name in enumerate(MONTHS, 1):
        for year in (1990, 2025, 2099):
            first = date(year, month, 1)
            wanted, serial = (year, month), str((first - DAY_0).days)
            forms = {
                "ÅÅÅÅMM": [f"{year}{month:02d}", year * 100 + month],
                "ÅÅÅÅ-MM": [f"{year}-{month:02d}", f"{year}/{month}", f"{year}.{month:02d}", f"{year} {month}"],
                "mmm ÅÅÅÅ": [f"{name} {year}", f"{name[:3].upper()}-{year}", f"{name[:3]}. {year}"],
                "datum": [f"{first}", f"{first:%Y%m%d}", f"{first} 00:00:00", f"{first}T00:00"],
                "serienummer": [serial, int(serial)],
            }
            if year >= 2000:
                forms["mmm ÅÅÅÅ"] += [f"{name[:3]} {year - 2000:02d}", f"{name} '{year - 2000:02d}"]
            for form, cells in forms.items():
                assert [read_period(cell) for cell in cells] == [wanted] * len(cells), cells
                assert [read_period(cell, form) for cell in cells] == [wanted] * len(cells), cells
                assert form_of(cells) == ("datum" if form == "serienummer" else form)
    assert [
        read_period(f"{name} {year}") for name, year in (("jan", 1989), ("jan", 1990), ("dec", 2099), ("dec", 2100))
    ] == [
        *(None, (1990, 1), (2099, 12), None),
    ]
    assert [read_period(f"2025{n:02d}") for n in (0, 1, 12, 13, 14)] == [
        (2025, 0),
        (2025, 1),
        (2025, 12),
        (2025, 13),
        None,
    ]
    assert read_period("sept 2025") == (2025, 9) and read_period("janu 2025") is None and form_of([]) == ""
    assert [read_day(text) for text in ("0000-01-01", "2024-02-29", "20230229", "1234", "123456")] == [
        *(None, date(2024, 2, 29), None, None, None),
    ]
