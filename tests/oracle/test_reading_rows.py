"""Faults of whole rows, sums and totals: made up at and on either side of each limit, and worked out here by hand."""

import random
from decimal import Decimal
from itertools import groupby

import numpy as np
import pandas as pd
import pytest

from planbok.base.errors import InputError
from planbok.inputs.tables.checks import _is_sum, _row_ids, is_part
from planbok.inputs.tables.control_totals import compare
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.reading import UnsoundTableError
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.volume_checks import missing_months, two_bases

HEADS = {
    "budget": "enhet;ar;version;budgetrad;kostnad_mnkr;intakt_mnkr",
    "utfall": "enhet;manad;budgetrad;kostnad_kr;intakt_kr",
    "utfall med delar": "enhet;manad;budgetrad;kostnad_kr;intakt_kr;verksamhet;kostnadsslag",
    "bemanning": "enhet;grupp;manad;anstallda;arsarbetare;avtalad_tid_h;sjuk_h",
    "handlaggare": "handlaggare;enhet;tjanstgoring_andel;fran;till",
    "vobo": "enhet;manad;slag;dygn;helmanader",
    "enheter": "enhet;namn",
    "beslut": "beslut;person;enhet;insats;niva;regi;fran;till",
}


def read(folder, name: str, *rows: str):
    """What is read of rows under the usual headings, and its faults as row, place, text and code."""
    table = name.split()[0]
    path = folder / f"{table}.csv"
    path.write_text("\n".join([HEADS[name], *rows, ""]), "utf-8")
    try:
        return read_table(path, TABLES[table]).frame, []
    except InputError as error:
        found = [(fault.line, fault.place, fault.text, fault.code) for fault in error.faults]
        return (error.frame if isinstance(error, UnsoundTableError) else None), found


def at(faults: list) -> list[tuple[int, str]]:
    return [(line, code) for line, _, _, code in faults]


@pytest.mark.parametrize("count", [1, 19, 20, 21, 22, 45])
def test_twenty_rows_of_a_fault_are_said_and_the_others_counted(tmp_path, count):
    rows = [f"e;2024-{n % 12 + 1:02d};Rad {n};{n if n < 3 else 'x'};" for n in range(count + 3)]
    _, faults = read(tmp_path, "utfall", *rows)
    single = [(5 + n, "wrong_value") for n in range(min(count, 20))]
    assert at(faults) == single + ([(25, "wrong_value")] if count > 20 else [])
    assert all("hittade 'x'" in text for _, _, text, _ in faults[:20])
    if count > 20:
        word = "rad" if count == 21 else "rader"
        assert faults[20][2] == f"samma fel på {count - 20} {word} till, den sista rad {count + 4}."


def test_an_end_on_the_day_of_its_start_is_sound_and_the_day_before_is_not(tmp_path):
    ends = ["2024-03-01", "2024-02-29", "2024-03-02", "", "x", "2023-12-31"]
    rows = [f"hlx{n}b41v;e{n};1;2024-03-01;{end}" for n, end in enumerate(ends)]
    _, faults = read(tmp_path, "handlaggare", *rows)
    assert at(faults) == [(3, "interval"), (6, "wrong_value"), (7, "interval")]
    assert {place for _, place, _, _ in faults} == {"kolumn till"}


def test_a_row_of_money_needs_an_amount_that_is_there_or_that_can_not_be_read(tmp_path):
    cells = [";", "0;", ";0", "x;", ";x", " ; ", "1;1"]
    _, faults = read(tmp_path, "utfall", *(f"e;2024-01;Rad {n};{cell}" for n, cell in enumerate(cells)))
    assert at(faults) == [(2, "no_money"), (5, "wrong_value"), (6, "wrong_value"), (7, "no_money")]
    assert "minst ett av kostnad_kr, intakt_kr, bokslut_kostnad_kr, bokslut_intakt_kr," in faults[0][2]


def test_one_of_two_columns_is_filled_in(tmp_path):
    cells = ["1;", ";1", "1;1", ";", "0;", "x;", "x;1", ";x", "1;x"]
    _, faults = read(tmp_path, "vobo", *(f"e{n};2024-01;demens;{cell}" for n, cell in enumerate(cells)))
    assert at(faults) == [(4, "one_of"), (5, "one_of"), *((n, "wrong_value") for n in (7, 8, 9, 10))]


def test_of_two_spellings_the_rarer_is_the_fault_and_of_two_as_common_the_later(tmp_path):
    units = ["Norr", "norr", "norr", "Öst", "öst", "VÄST", "väst", "VÄST", "syd", "Syd", "SYD", "Syd"]
    _, faults = read(tmp_path, "utfall", *(f"{unit};2024-01;Rad {n};1;" for n, unit in enumerate(units)))
    wrong = {2: ("Norr", "norr"), 6: ("öst", "Öst"), 8: ("väst", "VÄST"), 10: ("syd", "Syd"), 12: ("SYD", "Syd")}
    assert [(line, place, code) for line, place, _, code in faults] == [
        (n, "kolumn enhet", "other_case") for n in wrong
    ]
    for (_, _, text, _), (found, meant) in zip(faults, wrong.values(), strict=True):
        assert text.startswith(f"'{found}' skiljer sig från '{meant}'") and text.endswith(f"Menade du '{meant}'?")


@pytest.mark.parametrize("line", [3, 30, 61])
def test_one_pair_of_spellings_among_many_is_found(tmp_path, line):
    units = [f"enhet {n}" for n in range(60)]
    units.insert(line - 2, "ENHET 0")
    _, faults = read(tmp_path, "utfall", *(f"{unit};2024-01;Lön;1;" for unit in units))
    assert at(faults) == [(line, "other_case")] and "'ENHET 0' skiljer sig från 'enhet 0'" in faults[0][2]


@pytest.mark.parametrize("seed", range(3))
def test_rows_of_one_key_are_told_from_the_first_of_them(tmp_path, seed):
    """A later row is a doublet where another of its key is equal in all, else one of several postings."""
    rng = random.Random(seed)
    cells = [[rng.choice("ef"), rng.choice("12"), rng.choice("12"), rng.choice(["", "V"])] for _ in range(12)]
    rows = [f"{unit};2024-0{month};Rad;{kr};;{part};" for unit, month, kr, part in cells]
    rows[3], rows[7] = "e;x;Rad;1;;;", ";2024-01;Rad;1;;;"  # nobody's doublet: their key can't be read
    wanted, first = {5: ("wrong_value", ""), 9: ("empty_cell", "")}, {}
    for line, (unit, month, _, part) in enumerate(cells, 2):
        if line not in wanted:
            earlier = first.setdefault((unit, month, part), line)
            like = "raden är lika med" if rows[line - 2] in rows[: line - 2] else "kostnadsslag som"
            if earlier != line:
                wanted[line] = ("duplicate_row", f"{like} rad {earlier}")
    _, faults = read(tmp_path, "utfall med delar", *rows)
    assert {line: code for line, _, _, code in faults} == {line: code for line, (code, _) in wanted.items()}
    assert all(wanted[line][1] in text for line, _, text, _ in faults)
    assert any("lika" in text for _, text in wanted.values()) and any("som rad" in text for _, text in wanted.values())


def test_the_number_of_a_row_is_the_same_for_rows_that_are_equal_and_no_others():
    """Also where the columns' values multiply to more than a number holds."""
    rng = random.Random(4)
    rows = [tuple(rng.randint(0, 90) for _ in range(14)) for _ in range(150)]
    rows += rng.sample(rows, 30)
    frame = pd.DataFrame(rows, index=range(5, 185)).astype("str").replace("7", None)
    keys = [tuple(None if value == 7 else value for value in row) for row in rows]
    ids = _row_ids(frame).tolist()
    assert len(set(ids)) == len(set(keys)) == len(set(zip(ids, keys, strict=True)))


def test_a_sums_name_among_operations_or_cost_types_is_a_fault(tmp_path):
    parts = ["Vård;", "totalt;", ";Summa", ";Lön", "TOTALSUMMA;Summa", "Totalt boende;"]
    _, faults = read(tmp_path, "utfall med delar", *(f"e;2024-01;Rad {n};1;;{part}" for n, part in enumerate(parts)))
    found = [(line, place, code) for line, place, _, code in faults]
    both = [(6, "kolumn kostnadsslag", "sum_row"), (6, "kolumn verksamhet", "sum_row")]
    assert found == [(3, "kolumn verksamhet", "sum_row"), (4, "kolumn kostnadsslag", "sum_row"), *both]


def is_sum_by_hand(stated: tuple, rows: list[tuple], before: int) -> bool:
    """At least two rows right above, or all of several: by both columns, or as a net on the side of costs."""
    if len(rows) == 0 or not any(stated):
        return False
    runs = [rows[start:before] for start in range(before - 1)] + ([rows] if len(rows) > 1 else [])
    for run in runs:
        cost, revenue = (sum(row[side] for row in run) for side in (0, 1))
        if stated in ((cost, revenue), (cost - revenue, 0)):
            return True
    return False


def test_what_is_a_sum_of_rows_by_trying_every_run_of_them():
    rng, counted = random.Random(9), [0, 0]
    for _ in range(250):
        rows = [(rng.randint(0, 2), rng.randint(0, 1)) for _ in range(rng.randint(1, 4))]
        before, stated = rng.randint(0, len(rows)), (rng.randint(0, 4), rng.randint(0, 1))
        frame = pd.DataFrame(rows, columns=["a", "b"], index=[n + (n >= before) for n in range(len(rows))], dtype=float)
        wanted = is_sum_by_hand(stated, rows, before)
        counted[wanted] += 1
        assert _is_sum(pd.Series(stated, ["a", "b"], dtype=float), frame, before) is wanted, (rows, before, stated)
    assert min(counted) > 20


@pytest.mark.parametrize(("off", "is_sum"), [(0.9e-6, True), (1.1e-6, False), (-0.9e-6, True), (-1.1e-6, False)])
@pytest.mark.parametrize("size", [0.5, 1.0, 1000.0])
def test_a_sum_may_differ_by_a_millionth_of_it(off, is_sum, size):
    rows = pd.DataFrame([[size / 4, 0.0], [size * 3 / 4, 0.0]], columns=["a", "b"], index=[2, 3])
    assert _is_sum(pd.Series([size + off * max(1.0, size), 0.0], ["a", "b"]), rows, 4) is is_sum
    net = pd.DataFrame([[size, size / 4], [size, size * 3 / 4]], columns=["a", "b"], index=[2, 3])
    assert _is_sum(pd.Series([size + off * max(1.0, size), 0.0], ["a", "b"]), net, 4) is is_sum


@pytest.mark.parametrize(
    ("parts", "stated", "is_sum"),
    [
        ([(2, None), (3, None)], (5, None), True),  # an amount that is unknown adds nothing
        ([(2, 1), (3, None)], (5, 1), True),
        ([(2, 1), (3, None)], (5, None), False),
        ([(2, None), (3, None)], (5, 1), False),
        ([(2, 1), (3, None)], (4, None), True),  # a net
        ([(None, 2), (None, 3)], (None, 5), True),
        ([(None, 2), (None, 3)], (None, 6), False),
    ],
)
def test_a_sum_of_rows_that_lack_an_amount(parts, stated, is_sum):
    rows = pd.DataFrame(parts, columns=["a", "b"], index=[2, 3], dtype=float)
    assert _is_sum(pd.Series(stated, ["a", "b"], dtype=float), rows, 4) is is_sum


def test_a_row_that_is_the_sum_of_those_above_it_is_said_in_each_table(tmp_path):
    rows = ["e;2024-01;Lön;10;", "e;2024-01;Hyra;5;", "e;2024-01;Summa drift;15;", "f;2024-01;Lön;15;"]
    rows += ["f;2024-01;Summa drift;15;", "e;2024-02;Lön;1;", "e;2024-02;Summa lön;15;"]
    _, faults = read(tmp_path, "utfall", *rows)
    assert at(faults) == [(4, "sum_row")] and faults[0][1] == "kolumn budgetrad"
    assert faults[0][2].startswith("'Summa drift' är summan av budgetrader") and "'Totalt'" in faults[0][2]
    groups = ["Natt", "Dag", "Totalt", "Kväll"]
    _, faults = read(
        tmp_path, "bemanning", *(f"e;{g};2024-01;1;1;{h};{h}" for g, h in zip(groups, (1, 2, 3, 9), strict=True))
    )
    assert at(faults) == [(4, "sum_row")] and "grupper" in faults[0][2]


@pytest.mark.parametrize("last", ["-5", "-5,01", "-4,99"])
def test_revenue_that_is_negative_as_a_whole_is_said_once_for_the_unit(tmp_path, last):
    rows = ["f;2024-01;Lön;1;9", "e;2024-01;Lön;1;2", "e;2024-01;Hyra;1;3", f"e;2024-02;Lön;1;{last}"]
    _, faults = read(tmp_path, "utfall", *rows, "f;2024-01;Hyra;1;-8")
    assert at(faults) == ([(3, "negative_revenue")] if last == "-5,01" else [])


def test_rows_that_another_row_holds_are_parts():
    rows = [(unit, row, part, kind) for unit in "ab" for row in "xy" for part in ("", "v") for kind in ("", "k")]
    rows.remove(("a", "x", "", ""))
    rows.remove(("b", "y", "", ""))
    frame = pd.DataFrame(rows, columns=["enhet", "budgetrad", "verksamhet", "kostnadsslag"])
    wanted = [(u, r) in (("a", "y"), ("b", "x")) and (p, k) != ("", "") for u, r, p, k in rows]
    assert is_part(frame, ["enhet"]).tolist() == wanted


@pytest.mark.parametrize("parts", [1, 2, 3])
@pytest.mark.parametrize("decimals", [0, 1])
def test_a_months_total_may_be_half_a_unit_off_for_each_row_and_for_itself(tmp_path, parts, decimals):
    """1 decimal: a unit is 0,1 kr. With n rows the limit is (n + 1) / 2 units; a step beyond is a fault."""
    unit = Decimal(1).scaleb(-decimals)
    most = (parts + 1) // 2  # whole units within the limit
    rows, wanted = [], []
    for n, units in enumerate((0, most, -most, most + 1, -most - 1)):
        for part in range(parts):
            rows.append(f"e;2024-0{n + 1};Rad {part};{100 * unit};")
        rows.append(f"e;2024-0{n + 1};Totalt;{(100 * parts + units) * unit};")
        if abs(units) > most:
            wanted.append(len(rows) + 1)
    _, faults = read(tmp_path, "utfall", *(row.replace(".", ",") for row in rows))
    assert at(faults) == [(line, "control_total") for line in wanted]
    total = format(float((100 * parts + most + 1) * unit), ".2f").replace(".", ",")
    assert f"Totalt är {total} kr, men raderna blir" in faults[0][2]


def test_a_total_alone_and_totals_only(tmp_path):
    frame, faults = read(tmp_path, "utfall", "e;2024-01;Lön;5;", "e;2024-01;Totalt;5;")
    assert faults == [] and frame["budgetrad"].tolist() == ["Lön"]
    _, faults = read(tmp_path, "utfall", "e;2024-01;Totalt;5;")
    assert at(faults) == [(0, "no_rows")]


def budget_file(path, seed: int) -> list[dict]:
    """A budget of several units and versions, its totals and nets off by none, half a unit or one."""
    rng, rows = random.Random(seed), []
    for unit, version in (("a", "vp"), ("a", "bokslut"), ("b", "vp")):
        parts = []
        for number in range(rng.randint(1, 3)):
            cost, revenue = (Decimal(rng.randint(0, 99)).scaleb(-1) for _ in range(2))
            net = cost - revenue + Decimal(rng.choice([0, 0, 1, -1])).scaleb(-1)
            parts.append({"budgetrad": f"Rad {number}", "k": cost, "i": revenue, "n": net, "verksamhet": ""})
        parts.append({**parts[0], "verksamhet": "Vård"})
        off = Decimal(rng.choice([0, 1])).scaleb(-1)
        whole = {side: sum(part[side] for part in parts[:-1]) for side in "kin"}
        total = {"budgetrad": "Totalt", "verksamhet": "", **whole, "k": whole["k"] + off}
        rows += [{"enhet": unit, "version": version, **row} for row in (*parts, total)]
    lines = ["enhet;ar;version;budgetrad;kostnad_mnkr;intakt_mnkr;netto_mnkr;verksamhet"]
    lines += [
        f"{r['enhet']};2024;{r['version']};{r['budgetrad']};{r['k']};{r['i']};{r['n']};{r['verksamhet']}" for r in rows
    ]
    path.write_text("\n".join(lines), "utf-8")
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_what_a_budget_says_twice_is_compared(tmp_path, seed):
    rows = budget_file(tmp_path / "budget.csv", seed)
    wanted = {}
    for line, row in enumerate(rows, 2):
        if row["budgetrad"] != "Totalt":
            name = " ".join(filter(None, (row["budgetrad"], row["verksamhet"])))
            wanted[line, "netto_mnkr"] = (name, row["n"], row["k"] - row["i"])
    for _, group in groupby(enumerate(rows, 2), key=lambda one: (one[1]["enhet"], one[1]["version"])):
        group = list(group)
        line, total = group[-1]
        for side, column in (("k", "kostnad_mnkr"), ("i", "intakt_mnkr"), ("n", "netto_mnkr")):
            computed = sum(row[side] for _, row in group[:-1] if not row["verksamhet"])
            wanted[line, column] = ("Totalt", total[side], computed)
    comparisons = compare(read_table(tmp_path / "budget.csv", TABLES["budget"]))
    found = {(one.rad, one.kolumn): one for one in comparisons}
    assert found.keys() == wanted.keys() and len(comparisons) == len(wanted)
    for place, (name, stated, computed) in wanted.items():
        one = found[place]
        assert (one.namn, one.angivet) == (name, float(stated)) and np.isclose(one.beraknat, float(computed))
        assert one.tolerans == 0.05 and one.ok is (abs(computed - stated) <= Decimal("0.05"))
        assert np.isclose(one.differens, float(computed - stated))
        comma = f"{stated:.1f}".replace(".", ",").replace("-", "\u2212")
        assert f"anges till {comma}\u00a0mnkr, men" in one.text()
        assert ("kostnad minus intäkt är" in one.text()) is (place[1] == "netto_mnkr" and name != "Totalt")


def test_months_that_are_missing_within_a_units_own_are_said_five_at_most():
    there = {"a": [1, 2, 3], "b": [1, 3, 5], "c": [2, 9], "d": [4]}
    frame = pd.DataFrame(
        [(unit, f"2024-{m:02d}") for unit, months in there.items() for m in months], columns=["enhet", "manad"]
    )
    faults = list(missing_months(frame, "f.csv"))
    assert [fault.text.split(":")[1].strip().split(". ")[0] for fault in faults] == [
        "2024-02, 2024-04",
        "2024-03, 2024-04, 2024-05, 2024-06, 2024-07",
    ]
    assert [(fault.line, fault.place, fault.code) for fault in faults] == [(0, "kolumn manad", "gap")] * 2
    assert [fault.text.split()[3] for fault in faults] == ["b", "c"]


def test_the_same_thing_with_and_without_a_part_is_said_five_rows_at_most():
    rows = [("a", "", 2), ("a", "dag", 3), ("b", "", 4), ("b", "", 5), ("c", "dag", 6)] + [
        ("d", "", n) for n in range(7, 13)
    ]
    frame = pd.DataFrame([*rows, ("d", "natt", 13)], columns=["enhet", "tidsslag", "_rad"])
    faults = list(two_bases(frame, ["enhet"], "tidsslag", "f.csv"))
    assert [fault.line for fault in faults] == [2, 7, 8, 9, 10] and "för a:" in faults[0].text
