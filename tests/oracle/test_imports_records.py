"""Exports that are no ledger: hours, decisions and events made up here, and their rows worked out by hand."""

import hmac
import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import pandas as pd
import pytest
import yaml

from planbok.base.errors import InputError
from planbok.inputs.imports.account import Account, read_account, said_of
from planbok.inputs.imports.merge import filled, merged, places_of, without_budget
from planbok.inputs.imports.names import is_name
from planbok.inputs.imports.profile import load_profile
from planbok.inputs.imports.pseudonyms import Key, key_path, read_key
from planbok.inputs.imports.reading import read_files

KEY = Key(bytes(range(32)))
HOURS = {
    "titel": "Personal",
    "tabell": "bemanning",
    "bekraftad": ["profil"],
    "kolumner": {
        "enhet": "Ansvar",
        "manad": "Månad",
        "anstallda": "Anst",
        "arsarbetare": "Åa",
        "ordinarie_tid_h": "Ord",
        "avtalad_tid_h": "Avt",
        "sjuk_h": "Sjuk",
        "sjuk_procent": "Procent",
    },
    "konstanter": {"grupp": "alla"},
    "sjukbas": "avtalad_tid_h",
}
HOURS_HEADS = "Ansvar;Månad;Anst;Åa;Ord;Avt;Sjuk;Procent"
DECISIONS = {
    "titel": "Beslut",
    "tabell": "beslut",
    "bekraftad": ["profil", "insats"],
    "kolumner": {
        "beslut": "Nr",
        "person": "Pnr",
        "enhet": "Enhet",
        "insats": "Insats",
        "niva": "Nivå",
        "regi": "Regi",
        "fran": "From",
        "till": "Tom",
    },
    "koder": {"insats": [{"kod": "Gruppbostad LSS", "insats": "gruppbostad"}, {"kod": "Avslag", "utelamna": True}]},
}
DECISION_HEADS = "Nr;Pnr;Enhet;Insats;Nivå;Regi;From;Tom"


def read(folder, profile: dict, heads: str, rows: list[str], **changes):
    (folder / "p.yaml").write_text(yaml.safe_dump(profile | changes, allow_unicode=True), "utf-8")
    (folder / "fil.csv").write_text("\n".join([heads, *rows]), "utf-8")
    return read_files([folder / "fil.csv"], load_profile(folder / "p.yaml"), KEY)


def faults_of(folder, profile: dict, heads: str, rows: list[str], **changes) -> list[tuple[int, str, str]]:
    with pytest.raises(InputError) as stopped:
        read(folder, profile, heads, rows, **changes)
    return [(fault.line, fault.place, fault.code) for fault in stopped.value.faults]


def comma(value) -> str:
    return f"{value}".replace(".", ",")


def test_hours_come_back_row_by_row(tmp_path):
    rng, lines, wanted = random.Random(1), [], []
    for month in range(1, 13):
        base = Decimal(rng.randint(1000, 9999))
        cells = [
            rng.randint(1, 90),
            Decimal(rng.randint(1, 900)).scaleb(-1),
            base + 7,
            base,
            Decimal(rng.randint(0, 500)),
        ]
        share = round(100 * cells[4] / base, 1)
        lines.append(f"a;{month:02d}/2025;" + ";".join(map(comma, cells)) + f";{comma(share)} %")
        lines[-1] = lines[-1].replace(f"{month:02d}/2025", f"2025-{month:02d}")
        whole = [str(cell.normalize().__format__("f")) if isinstance(cell, Decimal) else str(cell) for cell in cells]
        wanted.append(["a", "alla", f"2025-{month:02d}", *whole])
    reading = read(tmp_path, HOURS, HOURS_HEADS, lines)
    assert reading.rows.to_numpy().tolist() == wanted
    assert reading.notes == ["sjukfrånvaron i procent stämmer med sjuk_h delat med avtalad_tid_h på 12 rader."]
    sums = reading.parts[0].sums
    assert sums["sjuk_h"] == pytest.approx(sum(float(row[-1]) for row in wanted))
    assert sums["arsarbetare"] == pytest.approx(sum(float(row[4]) for row in wanted))


@pytest.mark.parametrize(("decimals", "stated"), [(1, "10,0"), (0, "10"), (2, "10,00")])
def test_the_files_own_per_cent_may_differ_by_its_rounding_and_that_of_the_hours(tmp_path, decimals, stated):
    """Half a unit in the last decimal, and half an hour in each of the two (h/w: 100·½·(1 + h/w)/w)."""
    whole = 1000
    sick = 100.0
    while True:  # the largest number of hours, to the hundredth, that the stated 10 % may come of
        share = 100 * sick / whole
        limit = 10.0**-decimals / 2 + 100 * 0.5 * (1 + sick / whole) / whole
        if abs(share - 10) > limit:
            break
        sick = round(sick + 0.01, 2)
    for hours, sound in ((round(sick - 0.01, 2), True), (sick, False)):
        row = f"a;2025-01;1;1;1;{whole};{comma(hours)};{stated} %"
        if sound:
            assert "stämmer" in read(tmp_path, HOURS, HOURS_HEADS, [row]).notes[0]
        else:
            assert faults_of(tmp_path, HOURS, HOURS_HEADS, [row]) == [(2, "kolumn Procent", "sick_base")]


def test_the_base_that_the_per_cent_comes_of_is_named(tmp_path):
    rows = ["a;2025-01;1;1;500;1000;50;10 %", "a;2025-02;1;1;1000;1000;50;5 %"]
    with pytest.raises(InputError) as stopped:
        read(tmp_path, HOURS, HOURS_HEADS, rows)
    (fault,) = stopped.value.faults
    assert fault.line == 2 and "Den stämmer med ordinarie_tid_h: rätta sjukbas" in fault.text
    rows = ["a;2025-01;1;1;400;1000;50;10 %", "a;2025-02;1;1;1000;1000;50;5 %"]  # of the one as little as of the other
    with pytest.raises(InputError) as stopped:
        read(tmp_path, HOURS, HOURS_HEADS, rows)
    assert "Den stämmer" not in stopped.value.faults[0].text
    lacking = {key: head for key, head in HOURS["kolumner"].items() if key != "sjuk_h"}
    assert faults_of(tmp_path, HOURS, HOURS_HEADS, rows, kolumner=lacking) == [(0, "", "missing_key")]
    reading = read(tmp_path, HOURS, HOURS_HEADS, rows, sjukbas=None)
    assert reading.notes == ["sjukfrånvaron i procent är inte jämförd: säg under sjukbas vilken tid den räknas på."]


def test_a_column_that_comes_from_nowhere_is_a_fault_of_the_whole_file(tmp_path):
    assert faults_of(tmp_path, HOURS, HOURS_HEADS, ["a;2025-01;1;1;1000;1000;50;5 %"], konstanter={}) == [
        (0, "", "missing_key")
    ]


HOURS_WRONG = [
    (0, "", "kolumn Ansvar", "empty_cell"),
    (0, "Summa", "kolumn Ansvar", "sum_as_code"),
    (1, "2025-13", "kolumn Månad", "wrong_value"),
    (1, "202500", "kolumn Månad", "wrong_value"),
    (1, "", "kolumn Månad", None),
    (2, "x", "kolumn Anst", "wrong_value"),
    (5, "12 kr", "kolumn Avt", "wrong_value"),
    (6, "", "kolumn Sjuk", "empty_cell"),
    (7, "x", "kolumn Procent", "wrong_value"),
]


@pytest.mark.parametrize("number", [0, 3, 5])
@pytest.mark.parametrize(("column", "cell", "place", "code"), HOURS_WRONG)
def test_a_wrong_cell_of_hours_is_said_with_its_row(tmp_path, number, column, cell, place, code):
    rows = [f"a;2025-{month:02d};1;1;1000;1000;50;5,0 %".split(";") for month in range(1, 7)]
    rows[number][column] = cell
    lines = [";".join(row) for row in rows]
    if code is None:  # a row without its month is a heading inside the report, or lacks it
        found = faults_of(tmp_path, HOURS, HOURS_HEADS, lines)
        assert {line for line, _, _ in found} == {number + 2}
    else:
        assert faults_of(tmp_path, HOURS, HOURS_HEADS, lines) == [(number + 2, place, code)]


def test_rows_of_one_key_are_a_fault_or_summed(tmp_path):
    rows = [
        "a;2025-01;1;0,1;1;100;5,5;",
        "a;2025-02;1;1;1;100;5;",
        "a;2025-01;2;0,2;;200;6;",
        "a;2025-01;2;0,2;1;200;0;",
    ]
    columns = {key: head for key, head in HOURS["kolumner"].items() if key != "sjuk_procent"}
    found = faults_of(tmp_path, HOURS, HOURS_HEADS, rows, kolumner=columns)
    assert found == [(line, "kolumn Ansvar", "same_key") for line in (4, 5)]
    reading = read(tmp_path, HOURS, HOURS_HEADS, rows, kolumner=columns, summera=True)
    assert reading.rows.to_numpy().tolist() == [
        ["a", "alla", "2025-01", "5", "0.5", "", "500", "11.5"],  # one of them lacks a number: the sum is unknown
        ["a", "alla", "2025-02", "1", "1", "1", "100", "5"],
    ]
    rows = [
        f"a;2025-01;1;1;1;100;{hours};" for hours in ("-0,1", "-0,2", "0,3")
    ]  # in binary a little less than nothing
    assert read(tmp_path, HOURS, HOURS_HEADS, rows, kolumner=columns, summera=True).rows["sjuk_h"].tolist() == ["0"]


def pseudonym(domain: str, text: str) -> str:
    """HMAC-SHA-256 under a key of the domain's own, as eight pairs of a letter and a digit, by its own description."""
    own = hmac.new(KEY.secret, domain.encode(), sha256).digest()
    number, found = int.from_bytes(hmac.new(own, text.encode(), sha256).digest(), "big"), ""
    for _ in range(8):
        number, letter = divmod(number, 20)
        number, digit = divmod(number, 10)
        found += "bcdfghjkmnpqrstvwxyz"[letter] + "0123456789"[digit]
    return found


def test_decisions_come_back_with_pseudonyms_levels_and_last_days(tmp_path):
    rows = [
        "B1;19850101-0000;norr;Gruppbostad LSS;Nivå 3;kommunal;2025-01-10;9999-12-31",
        "B 2;850101-0000;norr;gruppbostad lss;4;privat;20250201;2025-02-28",
        "B3;K-17;soder;Avslag;4;privat;2025-01-01;",
        "B4;K-17;soder;Gruppbostad LSS;Omsorgsnivå 5;privat;45658;",
    ]
    reading = read(tmp_path, DECISIONS, DECISION_HEADS, rows)
    first, other = pseudonym("brukare", "8501010000"), pseudonym("brukare", "k-17")
    assert reading.rows.to_numpy().tolist() == [
        [pseudonym("beslut", "b1"), first, "norr", "gruppbostad", "3", "kommunal", "2025-01-10", ""],
        [pseudonym("beslut", "b2"), first, "norr", "gruppbostad", "4", "privat", "2025-02-01", "2025-02-28"],
        [pseudonym("beslut", "b4"), other, "soder", "gruppbostad", "5", "privat", "2025-01-01", ""],
    ]
    assert reading.parts[0].left_out == [("insats", "Avslag", 1)]
    with pytest.raises(InputError, match="inga rader att läsa in: alla är utelämnade, Avslag."):
        read(tmp_path, DECISIONS, DECISION_HEADS, rows[2:3])


DECISION_WRONG = [
    (0, "1,9E+11", "kolumn Nr", "lost_id"),
    (1, "okänd", "kolumn Pnr", "lost_id"),
    (2, "", "kolumn Enhet", "empty_cell"),
    (2, "Totalt", "kolumn Enhet", "sum_as_code"),
    (2, "Anna Andersson", "kolumn Enhet", "name"),
    (3, "Annan", "insats", "unmapped"),
    (6, "2025-02-30", "kolumn From", "wrong_value"),
    (6, "", "kolumn From", "empty_cell"),
    (7, "snart", "kolumn Tom", "wrong_value"),
]


@pytest.mark.parametrize("number", [0, 2, 4])
@pytest.mark.parametrize(("column", "cell", "place", "code"), DECISION_WRONG)
def test_a_wrong_cell_of_decisions_is_said_with_its_row(tmp_path, number, column, cell, place, code):
    rows = [f"B{n};K-{n};norr;Gruppbostad LSS;3;kommunal;2025-01-10;".split(";") for n in range(5)]
    rows[number][7] = "2025-12-31"  # else a unit called Totalt is a sum among the rows
    rows[number][column] = cell
    with pytest.raises(InputError, match="cellen är inget datum" if code == "wrong_value" else None) as stopped:
        read(tmp_path, DECISIONS, DECISION_HEADS, [";".join(row) for row in rows])
    assert [(fault.line, fault.place, fault.code) for fault in stopped.value.faults] == [(number + 2, place, code)]


def test_the_key_lies_where_it_is_said_or_in_the_folder_of_keys(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANBOK_NYCKEL_FIL", str(tmp_path / "egen"))
    assert key_path() == tmp_path / "egen"
    monkeypatch.delenv("PLANBOK_NYCKEL_FIL")
    monkeypatch.setattr("planbok.inputs.imports.pseudonyms.key_folder", lambda: tmp_path)
    assert key_path() == tmp_path / "nyckel"
    for text, mode, code in (
        ("x", 0o600, "key_unreadable"),
        ("ab", 0o600, "key_unreadable"),
        ("ab" * 32, 0o644, "key_mode"),
    ):
        (tmp_path / "nyckel").write_text(text)
        (tmp_path / "nyckel").chmod(mode)
        with pytest.raises(InputError) as stopped:
            read_key(tmp_path / "nyckel")
        assert [(fault.line, fault.place, fault.code) for fault in stopped.value.faults] == [(0, "nyckeln", code)]
    (tmp_path / "nyckel").chmod(0o600)
    assert read_key(tmp_path / "nyckel") == Key(bytes.fromhex("ab" * 32)) and read_key(tmp_path / "ingen") is None


def test_two_persons_with_the_same_ten_digits_are_a_fault_of_the_whole_file(tmp_path):
    rows = [f"B{n};{pnr};norr;Gruppbostad LSS;3;kommunal;2025-01-10;" for n, pnr in enumerate(["198501010000"] * 2)]
    assert len(read(tmp_path, DECISIONS, DECISION_HEADS, rows).rows) == 2
    rows.append("B9;188501010000;norr;Gruppbostad LSS;3;kommunal;2025-01-10;")
    assert faults_of(tmp_path, DECISIONS, DECISION_HEADS, rows) == [(0, "kolumn person", "same_ten_digits")]
    rows[2] = "B9;188501010001;norr;Gruppbostad LSS;3;kommunal;2025-01-10;"
    assert len(read(tmp_path, DECISIONS, DECISION_HEADS, rows).rows) == 3


EVENTS = DECISIONS | {
    "kolumner": {
        "beslut": "Nr",
        "person": "Pnr",
        "enhet": "Enhet",
        "insats": "Insats",
        "niva": "Nivå",
        "regi": "Regi",
        "handelse": "Händelse",
        "handelsedatum": "Datum",
    },
    "handelser": {
        "beslutsdatum": ["Beslutad"],
        "verkstalld": ["Verkställd", "Ny nivå"],
        "till": ["Avslutad", "Ändrad"],
    },
}


@pytest.mark.parametrize("seed", range(4))
def test_events_become_a_row_for_each_level_of_a_decision(tmp_path, seed):
    """Held against levels and days drawn first: the file's rows are shuffled, their days tell the order."""
    rng, lines, wanted = random.Random(seed), [], {}
    for number in range(4):
        day = date(2025, 1, 1) + timedelta(days=rng.randint(0, 40))
        decided, level = day, rng.choice("34")
        events = [("Beslutad", level, day)]
        started = day = day + timedelta(days=rng.randint(1, 30))
        events.append(("Verkställd", level, day))
        spans = [[level, started, ""]]
        for _ in range(rng.randint(0, 2)):
            day, level = day + timedelta(days=rng.randint(1, 90)), rng.choice("345")
            events.append(("Ny nivå", level, day))
            if level != spans[-1][0]:
                spans[-1][2] = day - timedelta(days=1)
                spans.append([level, day, ""])
        for _ in range(rng.randint(0, 2)):  # the last of several ends counts
            day += timedelta(days=rng.randint(1, 90))
            events.append((rng.choice(["Avslutad", "Ändrad"]), level, day))
            spans[-1][2] = day
        wanted[f"B{number}"] = [(lvl, str(start), str(end), str(decided), str(started)) for lvl, start, end in spans]
        lines += [f"B{number};K-{number};norr;Gruppbostad LSS;{lvl};kommunal;{word};{at}" for word, lvl, at in events]
    rng.shuffle(lines)
    heads = "Nr;Pnr;Enhet;Insats;Nivå;Regi;Händelse;Datum"
    reading = read(tmp_path, EVENTS, heads, lines)
    found = defaultdict(list)
    for row in reading.rows.to_dict("records"):
        found[row["person"]].append((row["niva"], row["fran"], row["till"], row["beslutsdatum"], row["verkstalld"]))
    assert found == {pseudonym("brukare", f"k-{name[1:]}"): rows for name, rows in wanted.items()}
    assert reading.rows["beslut"].is_unique
    lines[2] = lines[2].rpartition(";")[0] + ";igår"
    lines[4] = lines[4].replace("kommunal;", "kommunal;Okänd ")
    found = faults_of(tmp_path, EVENTS, heads, lines)
    assert sorted(found) == [(4, "händelser", "event"), (6, "händelser", "event")]
    assert len(faults_of(tmp_path, EVENTS, heads, [f"{line}x" for line in lines * 9])) == 20


def test_a_name_is_two_to_four_words_and_one_of_them_common():
    names = [
        "Anna",
        "Anna Ek",
        "Ek Anna",
        "Anna Bo Ek",
        "Anna Bo Ek Al",
        "Anna Bo Ek Al Ur",
        "anna Ek",
        "Al Ur",
        "Anna AB",
    ]
    assert [is_name(name) for name in names] == [False, True, True, True, True, False, False, False, False]


def reading_of(profil: str, months: list[tuple[str, str, str]], file: str) -> dict:
    rows = [{"enhet": unit, "manad": month, "netto_kr": kr} for unit, month, kr in months]
    return {"profil": profil, "filer": [{"fil": file}], "manader": rows}


def test_an_account_says_which_reading_stands_behind_each_month(tmp_path):
    account = Account()
    account.add("utfall", reading_of("a", [("n", "2025-01", "1"), ("n", "2025-02", "2")], "in/ett.csv"))
    account.add("utfall", reading_of("b", [("n", "2025-02", "3"), ("s", "2025-01", "4")], "tva.csv"))
    assert {place: r["profil"] for place, r in account.owners("utfall").items()} == {
        ("n", "2025-01"): "a",
        ("n", "2025-02"): "b",
        ("s", "2025-01"): "b",
    }
    assert account.nets("utfall") == {("n", "2025-01"): "1", ("n", "2025-02"): "3", ("s", "2025-01"): "4"}
    assert [said_of(account, "utfall", unit) for unit in "nsx"] == [
        *("Utfall inläst ur ett.csv och tva.csv", "Utfall inläst ur tva.csv", ""),
    ]
    account.add("utfall", reading_of("c", [("n", "2025-01", "5")], "tre.csv"))
    assert [reading["profil"] for reading in account.tables["utfall"]] == ["b", "c"]
    assert account.text().startswith('{\n "tabeller": {\n  "utfall": [\n   {')
    (tmp_path / "inlasning.json").write_text(account.text(), "utf-8")
    assert read_account(tmp_path).tables == account.tables
    for broken in ("[]", "{", '{"tabeller": {"utfall": [{"profil": 1, "filer": [], "manader": []}]}}'):
        (tmp_path / "inlasning.json").write_text(broken, "utf-8")
        assert read_account(tmp_path).tables == {}


def frame_of(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"])


def test_new_months_replace_the_same_ones_and_what_no_posting_is_about_is_zero(tmp_path):
    before = frame_of(
        ("n", "2025-01", "Lön", "1", "0"), ("n", "2025-02", "Lön", "2", "0"), ("s", "2025-01", "Hyra", "3", "")
    )
    before.to_csv(tmp_path / "utfall.csv", index=False)
    new = frame_of(("n", "2025-02", "Hyra", "9", "0"), ("n", "2024-12", "Lön", "8", "0"))
    assert places_of(new) == [("n", "2025-02"), ("n", "2024-12")]
    account = Account({"utfall": [reading_of("a", [], "x")]})
    rows = merged(tmp_path, "utfall", account, new)
    assert rows.to_numpy().tolist() == [
        ["n", "2024-12", "Lön", "8", "0"],
        ["n", "2025-01", "Hyra", "0", "0"],
        ["n", "2025-01", "Lön", "1", "0"],
        ["n", "2025-02", "Hyra", "9", "0"],
        ["n", "2025-02", "Lön", "0", "0"],
        ["s", "2025-01", "Hyra", "3", "0"],
    ]
    assert merged(tmp_path, "utfall", Account(), new).equals(filled("utfall", new))
    budget = pd.DataFrame(
        [("n", "2025", "vp", "Lön", "5", "0"), ("n", "2025", "bokslut", "Hyra", "5", "0")],
        columns=["enhet", "ar", "version", "budgetrad", "kostnad_kr", "intakt_kr"],
    )
    assert sorted(without_budget(budget, rows).to_numpy().tolist()) == [
        ["n", "2025", "bokslut", "Lön", "0", "0"],
        ["n", "2025", "vp", "Hyra", "0", "0"],
    ]
