"""The price list's entry checks, and the city's wide tables turned into rows of it."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from conftest import replace_in
from test_tables import made_up_number

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.cli import main
from planbok.commands.check import check
from planbok.commands.prices import new_prices
from planbok.inputs.rules.rules import load_rules
from planbok.lss.prices import against_index, entry_warnings, not_rising, uneven_step, with_rise

RULES = load_rules(Folders())
PRICES = RULES.prices
TITLES = {
    "gruppbostad": "Gruppbostad",
    "servicebostad": "Servicebostad",
    "barnboende_over_12": "Barnboende över 12 år",
}
HEADS = {"kommunal": "Kommunal regi", "entreprenad": "Entreprenad", "privat": "Övrig privat regi"}
LEVELS = {"grundpeng": "Grundpeng"} | {str(n): f"Nivå {n}" for n in range(1, 9)}
SOURCE = (
    "Stockholms stad, ersättning till utförare inom SoL och LSS, sidans version för 2024, "
    "https://leverantor.stockholm/socialtjanst-lss/"
)
STATED = {2022: 2.7, 2023: 1.1, 2024: 3.7}


def changed(insats: str, regi: str, niva: str, kr: float, ar: int = 2024) -> pd.DataFrame:
    """The price list with one price of another size."""
    prices = PRICES.copy()
    one = (prices[["ar", "insats", "regi", "niva"]] == [ar, insats, regi, niva]).all(axis=1)
    assert one.sum() == 1
    prices.loc[one, "kr_per_dygn"] = kr
    return prices


# Entry checks


@pytest.mark.parametrize(("ar", "compared", "parting"), [(2021, 0, 0), (2022, 100, 100), (2023, 75, 9), (2024, 75, 0)])
def test_prices_that_did_not_rise_as_the_city_states(ar, compared, parting):
    of_year = with_rise(PRICES).loc[PRICES["ar"].eq(ar), "hojning_procent"]
    assert of_year.notna().sum() == compared
    assert len(against_index(PRICES, ar, STATED.get(ar, 2.7), 0.15).rows) == parting


def test_in_2023_it_is_private_servicebostad_that_parts():
    rows = against_index(PRICES, 2023, 1.1, 0.15).rows
    assert set(rows["insats"] + " " + rows["regi"]) == {"servicebostad privat"}
    of_year = PRICES[PRICES["ar"].eq(2023) & PRICES["insats"].eq("servicebostad")]
    by_regi = of_year.pivot_table(index="niva", columns="regi", values="kr_per_dygn")
    assert (by_regi["privat"] - by_regi["entreprenad"]).eq(44).all()  # in 2022 they cost the same


def test_the_index_checks_limit_is_the_tolerance_itself():
    limit = (996 / 960 - 1) * 100 - 3.7
    rows = changed("gruppbostad", "kommunal", "1", 996)
    rows.loc[rows["ar"].eq(2023), "kr_per_dygn"] = 960.0
    at_limit = against_index(rows[rows["niva"].eq("1") & rows["insats"].eq("gruppbostad")], 2024, 3.7, limit)
    assert "kommunal" not in set(at_limit.rows["regi"])


def test_levels_rise_and_the_step_to_servicebostad_is_even_in_every_year():
    assert not_rising(PRICES).rows.empty
    assert not_rising(PRICES).text == ""
    assert uneven_step(PRICES, 1).rows.empty


@pytest.mark.parametrize("kr", [2022, 2021])
def test_a_level_that_costs_no_more_than_the_one_below_is_found(kr):
    found = not_rising(changed("gruppbostad", "kommunal", "3", kr))
    assert found.rows[["insats", "regi", "niva", "under_kr_per_dygn"]].to_numpy().tolist() == [
        ["gruppbostad", "kommunal", "3", 2022.0]
    ]
    assert "gruppbostad, kommunal, nivå 3" in found.text.replace("kommunal regi", "kommunal")


@pytest.mark.parametrize(
    ("insats", "niva", "kr", "at"),
    [("gruppbostad", "4", 3420, "4"), ("servicebostad", "5", 3261, "4"), ("servicebostad", "8", 4900, "7")],
)
def test_an_uneven_step_is_found_whichever_price_is_wrong(insats, niva, kr, at):
    found = uneven_step(changed(insats, "kommunal", niva, kr), 1, TITLES)
    assert found.rows[["ar", "regi", "niva"]].to_numpy().tolist() == [[2024, "kommunal", at]]
    assert f"nivå {at} (2024)" in found.text


def test_grundpeng_and_level_1_of_servicebostad_take_no_part_in_the_step():
    for insats, niva in (("gruppbostad", "grundpeng"), ("servicebostad", "grundpeng"), ("servicebostad", "1")):
        assert uneven_step(changed(insats, "kommunal", niva, 300), 1).rows.empty
    assert not_rising(changed("gruppbostad", "kommunal", "grundpeng", 9000)).rows.empty


def test_warnings_are_few_sentences_with_count_and_largest_deviation():
    index_2022, index_2023, missing = (warning.text.replace("\u00a0", " ") for warning in entry_warnings(RULES))
    assert "2022: 100 av 100 jämförbara priser" in index_2022
    assert "740 kr → 763 kr, +3,11 %" in index_2022
    assert "2023: 9 av 75 jämförbara priser" in index_2023
    assert "alla i servicebostad, privat regi. Mest" in index_2023
    assert "+8,24 %" in index_2023
    for words in ("daglig verksamhet (2021–2024)", "korttidsvistelse (2021–2024)"):
        assert words in missing
    assert "barnboende under 12 år (2021, 2022 och 2024)" in missing
    assert not {"ledsagning", "korttidstillsyn", "kontaktperson"} & set(missing.split())


def test_check_prints_them_as_notes_and_stays_at_0(one_row, capsys):
    assert main(["check", "--data", str(one_row)]) == 0
    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Att veta: Prislistan")]
    assert len(notes) == 3


def test_a_mistyped_price_gets_a_note_of_its_own(tmp_path, one_row):
    (tmp_path / "regler").mkdir()
    copy = tmp_path / "regler" / "lss_peng.csv"
    copy.write_text((PARAMS / "regler" / "lss_peng.csv").read_text("utf-8"), "utf-8")
    replace_in(copy, "2024,ersattning,gruppbostad,kommunal,3,2737", "2024,ersattning,gruppbostad,kommunal,3,2377")
    report = check(Folders((tmp_path, PARAMS), one_row))
    assert report.faults == []
    assert [note for note in report.notes if "1 av 75" in note and "2\u00a0377\u00a0kr" in note]
    assert [note for note in report.notes if "nivå n+1" in note and "nivå 3 (2024)" in note]


@pytest.mark.parametrize("rule", ["lss_peng.nivaskillnad_kr", "lss_peng.insatser", "upprakning.lss_ersattning_procent"])
def test_a_check_that_can_not_be_made_says_so(rule):
    series = {key: values for key, values in RULES.series.items() if key != rule}
    texts = [warning.text for warning in entry_warnings(type(RULES)(series, PRICES))]
    assert any(f"inte kontrollerad mot regeln {rule}" in text for text in texts)


# Wide tables


def wanted_rows(ar: int = 2024) -> list[list[str]]:
    """The lines of lss_peng.csv that the wide tables of a year hold."""
    lines = csv.reader((PARAMS / "regler" / "lss_peng.csv").open(encoding="utf-8", newline=""))
    rows = [line for line in lines if line[0] == str(ar) and line[2] in TITLES]
    assert len(rows) == 75
    return sorted(rows)


def wide(ar: int = 2024, spaced: bool = True) -> list[list[str]]:
    """The tables as the page shows them: a title, then for each insats a heading, the regi and the levels."""
    lines = [[f"Ersättning till utförare inom socialtjänst och LSS {ar}"], []]
    lines += [[f"Ersättningen är uppräknad med 3,7 procent jämfört med {ar - 1}, och gäller per dygn."], []]
    for insats, title in TITLES.items():
        lines += [[title], ["Nivå", *HEADS.values()]]
        own = PRICES[PRICES["ar"].eq(ar) & PRICES["insats"].eq(insats)]
        for niva in dict.fromkeys(own["niva"]):
            kr = own[own["niva"].eq(niva)].set_index("regi")["kr_per_dygn"]
            cells = [f"{int(kr[regi]):,}".replace(",", " " if spaced else "") for regi in HEADS]
            lines.append([LEVELS[niva], *cells])
        lines.append([])
    return lines


def joined(mark: str, lines: list[list[str]]) -> str:
    return "\n".join(mark.join(line) for line in lines) + "\n"


def write_xlsx(path: Path, lines: list[list]) -> None:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line])
    book.save(path)


TEXTS = {
    "decimals.csv": lambda: re.sub(r",(\d{3,4})(?=[,\n])", r',"\1,00"', joined(",", wide(spaced=False))).encode(),
    "web.txt": lambda: joined("\t", wide()).encode(),
    "lost_corner.txt": lambda: joined("\t", wide()).replace("Nivå\tKommunal", "Kommunal").encode(),
    "nbsp.tsv": lambda: joined("\t", wide()).replace(" ", "\u00a0").encode("utf-16"),
    "excel.csv": lambda: joined(";", wide()).encode("cp1252"),
    "plain.csv": lambda: joined(",", wide(spaced=False)).replace("Ersättningen är", "Den är").encode("utf-8-sig"),
    "wide_blanks.txt": lambda: joined("    ", wide()).encode(),
    "single_blanks.txt": lambda: joined(" ", wide()).encode(),
    "units.txt": lambda: (
        joined("\t", wide()).replace("Kommunal regi", "Ersättning vid kommunal regi (kr/dygn)").encode()
    ),
    "short.csv": lambda: joined(";", wide()).replace("Grundpeng", "Grund").replace("Nivå 3", "3").encode(),
    "kr.csv": lambda: joined(";", wide()).replace(";1 493;", ";1 493 kr;").replace(";2 022;", ";2022:-;").encode(),
    "quoted.csv": lambda: joined(";", wide()).replace("Övrig privat regi", '"Övrig\nprivat regi"').encode(),
}


def read_back(path: Path, **given) -> list[list[str]]:
    found = new_prices(path, Folders(), SOURCE, **given)
    lines = list(csv.reader(io.StringIO(found.csv)))
    assert lines[0] == list(found.rows.columns)
    return sorted(lines[1:])


@pytest.mark.parametrize("name", TEXTS)
def test_wide_tables_come_back_as_exactly_the_price_lists_rows(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(TEXTS[name]())
    assert read_back(path) == wanted_rows()  # the file itself names the year


@pytest.mark.parametrize("left", [0, 2])
def test_a_workbook_comes_back_too_wherever_the_table_stands(tmp_path, left):
    write_xlsx(tmp_path / "pris.xlsx", [[""] * left + line for line in wide(spaced=False)])
    assert read_back(tmp_path / "pris.xlsx") == wanted_rows()


def test_one_insats_of_many_and_a_table_without_a_name(tmp_path):
    path = tmp_path / "pris.txt"
    path.write_text(joined("\t", wide()), "utf-8")
    own = [row for row in wanted_rows() if row[2] == "servicebostad"]
    assert read_back(path, insats="servicebostad") == own
    start = next(i for i, line in enumerate(wide()) if line == ["Servicebostad"])
    path.write_text(joined("\t", wide()[start + 1 : start + 11]), "utf-8")
    assert read_back(path, insats="servicebostad", ar=2024) == own


def test_four_columns_and_amounts_without_levels(tmp_path):
    path = tmp_path / "barn.csv"
    natt = "Natt, per person (max 4 personer per boende)"
    path.write_text(
        'Barnboende under 12 år\n"";Kommunal regi;Privat regi;Andra kommuner\n'
        f"Ersättning;5190;5613;5200\n{natt};340;358;341\n",
        "utf-8",
    )
    rows = new_prices(path, Folders(), "Prov av en källa", 2025).rows
    assert rows[["regi", "niva", "kr_per_dygn"]].to_numpy().tolist() == [
        ["kommunal", "ersattning", 5190.0],
        ["privat", "ersattning", 5613.0],
        ["andra_kommuner", "ersattning", 5200.0],
        ["kommunal", "natt_per_person", 340.0],
        ["privat", "natt_per_person", 358.0],
        ["andra_kommuner", "natt_per_person", 341.0],
    ]
    assert rows["anmarkning"].iloc[4] == f"Radrubrik i källan: {natt}; kolumnrubrik i källan: Privat regi"


def run(capsys, *given: str) -> tuple[int, str, str]:
    code = main(["pris", *map(str, given)])
    out = capsys.readouterr()
    return code, out.out, out.err.replace("\u00a0", " ")


def test_the_command_shows_last_years_prices_and_marks_what_parts(tmp_path, capsys):
    path = tmp_path / "pris.txt"
    path.write_text(joined("\t", wide()).replace("4 333", "4 433"), "utf-8")
    code, out, err = run(capsys, path, "--kalla", SOURCE)
    assert code == 0
    assert out.splitlines()[1] == ",".join(
        ["2024,ersattning,gruppbostad,kommunal,grundpeng,800,beslutad", f'"{SOURCE}",']
    )
    assert "1 493 (1 440) +3,7 %" in err
    assert "4 433 (4 178) +6,1 % *" in err
    assert "* 1 av 75 priser skiljer mer än 0,15 procentenheter från stadens uppräkning 3,7 %" in err
    assert "gruppbostad, kommunal regi, nivå 6 (2024): 286 kr, annars 185–186 kr" in err
    assert "redan 75 av filens 75 priser, 1 av dem är andra i filen" in err
    assert "gruppbostad, kommunal regi, nivå 6: 4 333 i prislistan, 4 433 i filen" in err


def test_rows_of_a_new_year_can_be_appended_and_pass_the_check(tmp_path, capsys):
    path, params = tmp_path / "pris.txt", tmp_path / "params"
    path.write_text(joined("\t", wide()), "utf-8")
    target = params / "regler" / "lss_peng_2025.csv"
    target.parent.mkdir(parents=True)
    target.touch()  # as the shell does before the command has said anything
    for insats in TITLES:
        code, out, err = run(
            capsys, path, "--ar", "2025", "--insats", insats, "--kalla", "Provets källa", "--params", params
        )
        assert code == 0
        assert ") 0,0 %" in err
        assert "upprakning.lss_ersattning_procent har inget värde 2025" in err
        with target.open("a", encoding="utf-8") as file:
            file.write(out)
    rules = load_rules(Folders((params, PARAMS)))
    assert (rules.prices["ar"] == 2025).sum() == 75
    assert rules.prices["ar"].size == len(PRICES) + 75


def test_a_new_year_without_the_year_before_has_nothing_to_be_held_against(tmp_path, capsys):
    path = tmp_path / "pris.txt"
    path.write_text(joined("\t", wide()), "utf-8")
    _, _, err = run(capsys, path, "--ar", "2027", "--kalla", "Provets källa")
    assert "Inget pris har ett motsvarande pris 2026" in err
    assert "1 493 (–)" in err


GROUP = "Gruppbostad 2024\n;Kommunal regi;Entreprenad\nGrund;800;843\n" + "".join(
    f"Nivå {n};{n}100;{n}200\n" for n in range(1, 8)
)
SPLIT = GROUP.replace(";", ",").replace("3100,3200", "3100,50")  # of two prices one is left, with its decimals
BROKEN = {
    "unreadable": (GROUP.replace("3100", "tre tusen"), {"wrong_value"}, ["fil rad 6, Kommunal regi", "'tre tusen'"]),
    "footnote": (GROUP.replace("3100", "3100*"), {"wrong_value"}, ["'3100*' är inget pris"]),
    "split": (SPLIT, {"wrong_value"}, ["fil rad 6, Entreprenad: '50' kan vara en del", "semikolon"]),
    "split to one": (SPLIT.replace(",50", ",5"), {"wrong_value"}, ["Entreprenad: '5' kan vara en del"]),
    "split thousands": (SPLIT.replace("3100,50", "3,100"), {"wrong_value"}, ["Kommunal regi: '3' kan vara en del"]),
    "point": (GROUP.replace("3100", "3.100"), {"wrong_value"}, ["både tusental och decimaler"]),
    "empty": (GROUP.replace("3100", ""), {"wrong_value"}, ["fil rad 6, Kommunal regi: priset saknas"]),
    "negative": (GROUP.replace("3100", "-3100"), {"wrong_value"}, ["större än 0"]),
    "range": (GROUP.replace("3100", "3100-3200"), {"wrong_value"}, ["inget pris"]),
    "heading": (GROUP.replace("Entreprenad", "Entrepenad"), {"unknown_heading"}, ["Menade du 'entreprenad'?"]),
    "first heading": (GROUP.replace("Kommunal", "Komunal"), {"unknown_heading"}, ["Menade du 'kommunal regi'?"]),
    "insats": (
        GROUP.replace("Gruppbostad", "Grupbostad"),
        {"unknown_insats"},
        ["Menade du 'Gruppbostad'?", "--insats"],
    ),
    "no insats": (GROUP.replace("Gruppbostad", "Ersättning"), {"unknown_insats"}, ["ingen rubrik", "Servicebostad"]),
    "level": (GROUP.replace("Nivå 3", "Nivå 33"), {"unknown_level", "missing_level"}, ["'Nivå 33'", "saknar nivå 3"]),
    "nameless": (GROUP + ";hej;då\n", {"unknown_level", "wrong_value"}, ["okänd rad ''", "'hej' är inget pris"]),
    "missing": (GROUP.replace("Nivå 7;7100;7200\n", ""), {"missing_level"}, ["gruppbostad saknar nivå 7"]),
    "twice": (GROUP + "Nivå 7;1;2\n", {"duplicate_row"}, ["fil rad 11", "finns redan på rad 10"]),
    "two tables": (GROUP + GROUP, {"duplicate_table"}, ["gruppbostad har 2 tabeller"]),
    "same regi": (GROUP.replace("Entreprenad", "Kommunal"), {"duplicate_column"}, ["samma regi"]),
    "beyond": (GROUP.replace("3100;3200", "3100;3200;3300"), {"beyond_headings"}, ["'3300' står utanför"]),
    "thousands": (GROUP.replace("Gruppbostad 2024", "Gruppbostad 2024, tkr"), {"unit"}, ["rubriken säger 'tkr'"]),
    "by month": (GROUP.replace("2024\n", "2024, kr per månad\n"), {"unit"}, ["'per månad'", "kronor per dygn"]),
    "of a heading": (GROUP.replace("Entreprenad", "Entreprenad (tkr)"), {"unit"}, ["fil rad 2", "'tkr'"]),
    "years": (f"Sidan 2025\n{GROUP}", {"year"}, ["flera år (2024, 2025)", "--ar"]),
    "no year": (GROUP.replace(" 2024", ""), {"year"}, ["nämner inget år", "--ar"]),
    "by hour": (GROUP.replace("Gruppbostad", "Ledsagning och avlösning"), {"by_hour"}, ["lss_timpriser.csv"]),
    "no table": ("Gruppbostad 2024\nhej\n", {"no_headings"}, ["ingen rad med rubriker"]),
    "no headings": (GROUP.replace(";Kommunal regi;Entreprenad\n", ""), {"no_headings"}, ["'Nivå 3'", "rubrikrad"]),
    "no rows": ("Gruppbostad 2024\n;Kommunal regi;Entreprenad\n", {"no_rows"}, ["inga priser"]),
    "nothing": ("", {"unreadable"}, ["filen är tom"]),
    "person": (GROUP.replace("3100", "PERSON"), {"personal_number"}, ["fil rad 6", "personnummer"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_table_that_is_not_understood_is_refused_with_words_and_prints_nothing(tmp_path, capsys, name):
    content, codes, words = BROKEN[name]
    path = tmp_path / "pris.csv"
    path.write_text(content.replace("PERSON", made_up_number()), "utf-8")
    with pytest.raises(InputError) as stopped:
        new_prices(path, Folders(), SOURCE)
    assert {fault.code for fault in stopped.value.faults} == codes
    code, out, err = run(capsys, path, "--kalla", SOURCE)
    assert (code, out) == (2, "")
    for word in words:
        assert word in err
    assert made_up_number() not in err
    assert "Traceback" not in err


def test_every_fault_at_once_those_of_the_command_too(tmp_path, capsys):
    path = tmp_path / "pris.csv"
    path.write_text(GROUP.replace("3100", "x").replace("Entreprenad", "Entrepenad").replace("Nivå 5", "Nivå"), "utf-8")
    code, out, err = run(capsys, path, "--kalla", " ", "--ar", "24", "--insats", "grupbostad")
    assert (code, out) == (2, "")
    for word in ("--kalla:", "--ar: 24", "--insats: insatsen 'grupbostad'", "Menade du 'gruppbostad'?"):
        assert word in err
    code, out, err = run(capsys, path, "--kalla", SOURCE)
    assert (code, out) == (2, "")
    for word in ("(4 st)", "'x' är inget pris", "okänd rubrik 'Entrepenad'", "okänd rad 'Nivå'", "saknar nivå 5"):
        assert word in err


def test_the_source_is_asked_for_and_a_missing_file_is_said(tmp_path, capsys):
    assert "det saknas: --kalla" in run(capsys, tmp_path / "pris.csv")[2]
    code, out, err = run(capsys, tmp_path / "pris.csv", "--kalla", SOURCE)
    assert (code, out) == (2, "")
    assert "filen finns inte" in err
    (tmp_path / "pris.xlsx").write_bytes(b"PK\x03\x04 nothing")
    assert "går inte att öppna som .xlsx" in run(capsys, tmp_path / "pris.xlsx", "--kalla", SOURCE)[2]


def test_an_unknown_insats_for_a_table_without_a_name_is_one_fault(tmp_path, capsys):
    path = tmp_path / "pris.csv"
    path.write_text(GROUP.replace("Gruppbostad", "Ersättning"), "utf-8")
    code, _, err = run(capsys, path, "--kalla", SOURCE, "--insats", "grupbostad")
    assert code == 2
    assert "Menade du 'gruppbostad'?" in err


def test_an_insats_that_the_file_lacks_is_said_with_those_it_has(tmp_path, capsys):
    path = tmp_path / "pris.csv"
    path.write_text(GROUP, "utf-8")
    code, _, err = run(capsys, path, "--kalla", SOURCE, "--insats", "servicebostad")
    assert code == 2
    assert "ingen tabell för servicebostad, bara gruppbostad" in err


def test_a_regi_that_has_gone_since_last_year_is_mentioned(tmp_path, capsys):
    path = tmp_path / "pris.csv"
    path.write_text(GROUP, "utf-8")
    assert "gruppbostad har priser för privat regi 2023 men inte i filen" in run(capsys, path, "--kalla", SOURCE)[2]


INDENTED = """Gruppbostad 2025
      Kommunal regi (kr per dygn och person)      Entreprenad, se nedan
Grundpeng 763 734
Nivå 1 871 838
"""


def test_a_table_whose_headings_are_not_understood_never_disappears(tmp_path):
    path = tmp_path / "priser.txt"
    path.write_text("Servicebostad 2025\nRegi utan namn\nNivå 1 871 838\nNivå 2 1 013 975\n" + INDENTED, "utf-8")
    with pytest.raises(InputError) as stopped:
        new_prices(path, Folders(), "Staden")
    assert {(fault.line, fault.code) for fault in stopped.value.faults} >= {(3, "no_headings"), (4, "no_headings")}


def test_only_days_inside_the_year_part_its_prices(monkeypatch):
    """A change parts the year on its first day and the day after its last; one that touches no price parts nothing."""
    from datetime import date
    from types import SimpleNamespace

    from planbok.lss import price_book

    def change(fran, ends, prices=True):
        return SimpleNamespace(change=SimpleNamespace(fran=fran, ends=ends, prices=prices))

    monkeypatch.setattr(price_book, "touches_prices", lambda change: change.prices)
    changes = [change(date(2024, 3, 1), date(2024, 12, 31)), change(date(2023, 5, 1), date(2024, 6, 30))]
    changes += [change(date(2025, 1, 1), None), change(date(2024, 4, 1), None, prices=False)]
    assert price_book.price_cuts(changes, 2024) == [date(2024, 3, 1), date(2024, 7, 1)]
    assert price_book.price_cuts(changes, 2025) == [date(2025, 1, 1), date(2025, 1, 1)]


def test_a_regi_that_stands_alone_on_its_line_is_no_row_of_headings():
    from planbok.inputs.imports.wide_prices import WideFile

    for first, tables, codes in ((["Kommunal regi", ""], 0, ["no_headings"]), (["", "Kommunal regi"], 1, [])):
        reading = WideFile("priser.csv")
        reading.sheet("", [(1, first), (2, ["Nivå 1", "1 000"])], is_text=False)
        assert (len(reading.tables), [fault.code for fault in reading.faults]) == (tables, codes)
