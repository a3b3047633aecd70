"""What can't be right in bemanning and schema, held against what is looked up row by row in plain Python."""

from collections import defaultdict
from random import Random

import pandas as pd
import pytest
from oracle.staffing_hours import HOURS, manad, nr
from oracle.staffing_units import FEES, SHIFTS, WAGES, made, months, points
from staffing_tables import DEFAULTS, month, write_table, year

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources
from planbok.topics import staffing

ALIKE = 0.25
Found = list[tuple[str, str, str, int]]  # kind, group, month, line


def drawn(seed: int) -> list[dict]:
    """Rows of small numbers, so that many are equal, one too many or below zero; months that are not there."""
    draw = Random(seed)
    rows = []
    for group in ("A", "B", "C", "D"):
        first, last = sorted((draw.randint(0, 26), draw.randint(0, 26)))
        for manad_ in months("2022-01", "2024-03")[first : last + 1]:
            if draw.random() < 0.1:
                continue
            hours = {name: float(draw.choice([0, 1, 2, 2, 3, 4, -1] if draw.random() < 0.2 else [2])) for name in HOURS}
            hours["avtalad_tid_h"] = float(draw.choice([3, 4, 5]))
            row = {**DEFAULTS, "grupp": group, "manad": manad_, "anstallda": draw.choice([0, 3, -1]), **hours}
            rows.append({**row, "verksamhet": draw.choice(["", "Ett"])})
            if draw.random() < 0.1:
                rows.append({**rows[-1], "verksamhet": "Två"})
    draw.shuffle(rows)
    return [{**row, "_rad": line} for line, row in enumerate(rows, start=2)]


def of_rows(rows: list[dict]) -> Found:
    found: Found = []
    in_parts = {(row["grupp"], row["manad"]) for row in rows if row["verksamhet"]}
    for row in rows:
        kinds = ["negativa_timmar" for name in (*HOURS, "anstallda", "arsarbetare") if row[name] < 0]
        kinds += ["sjuk_over_avtalad"] if row["sjuk_h"] > row["avtalad_tid_h"] else []
        parts = (row["sjuk_dag_1_14_h"], row["sjuk_60_dagar_h"])
        kinds += ["del_over_helhet" for part in parts if part > row["sjuk_h"]]
        kinds += ["del_over_helhet"] if row["timavlonad_h"] + row["overtid_h"] > row["arbetad_tid_h"] else []
        kinds += ["manad_dubbel"] if not row["verksamhet"] and (row["grupp"], row["manad"]) in in_parts else []
        found += [(kind, row["grupp"], row["manad"], row["_rad"]) for kind in kinds]
    return found


def of_months(rows: list[dict]) -> tuple[Found, list[str]]:
    """Holes between a group's months, and groups that end where another as large begins; what holes lack."""
    lines: dict[str, dict[int, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        lines[row["grupp"]][nr(row["manad"])].append(row)
    found: Found = []
    lacking = []
    for group, by_month in lines.items():
        for before, after in zip(sorted(by_month), sorted(by_month)[1:], strict=False):
            if after > before + 1:
                found.append(("manad_saknas", group, manad(before + 1), by_month[after][0]["_rad"]))
                lacking += [manad(month) for month in range(before + 1, after)]
    for old, new in ((a, b) for a in lines for b in lines if a != b):
        end, start = max(lines[old]), min(lines[new])
        hours = [sum(row["avtalad_tid_h"] for row in lines[g][m]) for g, m in ((old, end), (new, start))]
        if start == end + 1 and end % 12 != 11 and abs(hours[1] - hours[0]) <= ALIKE * hours[0]:
            found.append(("namnbyte", new, manad(start), lines[new][start][0]["_rad"]))
    return found, lacking


def test_everything_that_cannot_be_right_is_found_and_nothing_else():
    kinds = set()
    for seed in range(30):
        rows = drawn(seed)
        if not rows:
            continue
        found = staffing.hours.findings(pd.DataFrame(rows), ALIKE)
        mine = sorted((one.slag, one.grupp, one.manad, one.rad) for one in found)
        holes, lacking = of_months(rows)
        assert mine == sorted(of_rows(rows) + holes)
        said = "".join(one.text for one in found if one.slag == "manad_saknas")
        assert all(text in said for text in lacking[:20])
        kinds |= {one.slag for one in found}
    assert kinds == {
        "negativa_timmar",
        "sjuk_over_avtalad",
        "del_over_helhet",
        "manad_dubbel",
        "manad_saknas",
        "namnbyte",
    }


def test_a_change_of_name_says_both_names_and_months():
    rows = [*year(2023), *year(2024, (1, 2), avtalad_tid_h=800), *year(2024, range(3, 6), grupp="Ny")]
    (one,) = staffing.hours.findings(pd.DataFrame(rows).assign(_rad=range(len(rows)), arsarbetare=1), ALIKE)
    assert (one.slag, one.rad, one.text.partition(" med ")[0]) == (
        "namnbyte", 14, "gruppen Grupp A slutar 2024-02 och Ny börjar månaden efter")  # fmt: skip


@pytest.mark.parametrize(("day", "stops"), [("2023-01-01", False), ("2022-12-31", True)])
def test_how_faults_are_taken_is_by_the_rule_on_the_years_first_day(tmp_path, day, stops):
    """The rule marks until a day and stops from the next: in `planbok check` and in a report."""
    handling = {"sjuk_over_avtalad": "markera", "del_over_helhet": "markera"}
    after = "2023-01-02" if day == "2023-01-01" else "2023-01-01"
    stop = dict.fromkeys(handling, "stopp")
    given = {"bemanning.felhantering": [("2000-01-01", day, handling), (after, "2099-12-31", stop)],
             "bemanning.namnbyte_andel": [("2000-01-01", "2099-12-31", ALIKE)],
             "bemanning.prognos_minsta_antal": [("2000-01-01", "2099-12-31", 6)],
             "bemanning.minsta_narvaro": [("2000-01-01", "2099-12-31", {"g": {"lagst": 1, "hogst": 1}})]}  # fmt: skip
    rows = [*year(2022), *year(2023, range(1, 13), sjuk_h=50)]
    rows[20] |= {"sjuk_h": 1001}
    case, _ = made(tmp_path, rows, 2023, 12, rules={"bemanning": given})
    found = staffing.table_check.table_faults(case.sources.collection, case.sources.rules)
    assert [(fault.line, fault.code) for fault in found] == ([(22, "sjuk_over_avtalad")] if stops else [])
    if stops:
        with pytest.raises(InputError):
            staffing.study.study(case)
    else:
        assert [(mark.manad, mark.rad) for mark in staffing.study.study(case).marks] == [("2023-09", 22)]


def test_a_fault_is_said_once_in_the_year_that_it_is_of(tmp_path):
    rows = [*year(2022), *year(2023, range(1, 9), sjuk_h=50), month("2023-09", sjuk_h=1001)]
    case, _ = made(tmp_path, rows, 2022, 12)
    found = staffing.table_check.table_faults(case.sources.collection, case.sources.rules)
    assert [(fault.line, fault.code) for fault in found] == [(22, "sjuk_over_avtalad")]
    assert staffing.table_check.table_faults(case.sources.collection, None) == []


def test_weekdays_and_numbers_of_a_roster(tmp_path):
    """Weekdays 1 and 7 are days, 0 and 8 none; nobody is no shift."""
    wrong = [{**SHIFTS[0], "veckodag": 0}, {**SHIFTS[0], "veckodag": 8}, {**SHIFTS[0], "antal": 0, "fran_kl": "01:00"}]
    right = [{**SHIFTS[0], "veckodag": 1}, {**SHIFTS[0], "veckodag": 7}, {**SHIFTS[0], "veckodag": 2, "antal": 0.5}]
    write_table(tmp_path / "data", "schema", [*right, *wrong])
    (tmp_path / "params").mkdir()
    sources = load_sources(Folders((tmp_path / "params", PARAMS), tmp_path / "data"))
    found = staffing.table_check.roster_faults(sources.collection)
    assert [(fault.line, fault.place) for fault in found] == [
        (5, "kolumn veckodag"), (6, "kolumn veckodag"), (7, "kolumn antal")]  # fmt: skip


def test_a_year_ahead_of_a_part_of_a_year_can_not_be_filled(tmp_path):
    """Eight of last year's months are no year: January to April would be without hours."""
    case, _ = made(tmp_path, year(2023, range(5, 13)), 2024, 12, changes=(points("alla", 1, "2024-06-01"),))
    with pytest.raises(InputError, match="har månader utan timmar 2024 som inte går att fylla"):
        staffing.others.effects(case, case.scenario)


@pytest.mark.parametrize(("number", "refused"), [(-5.0, False), (-5.01, True)])
def test_a_change_may_take_all_sick_leave_there_is_and_no_more(tmp_path, number, refused):
    rows = [*year(2022, sjuk_h=80), *year(2023, sjuk_h=80), *year(2022, grupp="B", sjuk_h=50)]
    rows += year(2023, grupp="B", sjuk_h=50)
    case, _ = made(tmp_path, rows, 2023, 6, changes=(points("alla", number, "2023-03-01", till="2023-03-31"),))
    if refused:
        with pytest.raises(InputError, match="sjukfrånvaron i någon grupp skulle bli mindre än noll någon månad 2023"):
            staffing.study.study(case)
    else:
        assert staffing.study.study(case).world.sick.sjuk[:, 2].tolist() == pytest.approx([30, 0])


@pytest.mark.parametrize(("lacks", "said"), [
    ((6,), "saknar juni 2023 i bemanning; sista månaden är 2023-05"),
    ((3, 4, 5, 6), "saknar mars–juni 2023 i bemanning; sista månaden är 2023-02"),
    ((1, 2, 3, 4, 5, 6), "saknar januari–juni 2023 i bemanning; sista månaden är 2022-12"),
])  # fmt: skip
def test_the_months_that_the_table_lacks_are_named(tmp_path, lacks, said):
    case, _ = made(tmp_path, [*year(2022), *year(2023, set(range(1, 7)) - {*lacks})], 2023, 6)
    with pytest.raises(InputError, match=said):
        staffing.study.study(case)


@pytest.mark.parametrize(("key", "value", "said"), [
    ("lon.veckoarbetstid_h", 0, "är 0, men ska vara större än 0"),
    ("ersattare.fordelning", {"timavlonad": 0.6, "overtid": 0.41}, "summerar till 1,01, men får vara högst 1"),
    ("ersattare.fordelning", {"timavlonad": -0.1}, "ska ha andelar som är tal, minst 0"),
    ("ersattare.fordelning", {"vikarie": 0.1}, "ska ha andelar för timavlonad, overtid, inhyrd"),
    ("ersattare.fordelning", {"timavlonad": 0.6, "overtid": 0.4, "inhyrd": 0}, ""),
    ("lon.veckoarbetstid_h", 0.5, ""),
])  # fmt: skip
def test_a_rule_with_a_value_that_it_can_not_have(tmp_path, key, value, said):
    rules = {"loner_och_ersattare": WAGES | {key: [("2000-01-01", "2099-12-31", value)]}, "po_palagg": FEES}
    case, _ = made(tmp_path, [*year(2022), *year(2023)], 2023, 6, rules=rules)
    if said:
        with pytest.raises(InputError, match=said):
            staffing.study.study(case)
    else:
        assert staffing.study.study(case).world.rates[0].replacement_price > 0


def test_a_month_that_no_group_has_is_named_though_later_ones_are_there(tmp_path):
    rows = [*year(2022), *year(2023, (1,)), *year(2023, range(3, 7), grupp="B")]
    case, _ = made(tmp_path, rows, 2023, 6)
    with pytest.raises(InputError, match="saknar februari 2023 i bemanning; sista månaden är 2023-06"):
        staffing.study.study(case)
