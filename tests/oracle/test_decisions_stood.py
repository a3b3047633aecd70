"""What others than the unit see of decisions in time, worked out again from the rows of made-up units."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from oracle.in_time_rows import drawn_in_time
from oracle.in_time_stood import StoodInTime
from oracle.test_decisions import CHANGES, the_case
from oracle.test_insatser import differing, same

from planbok.case.result import People
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import stood
from planbok.topics import decisions

# seed, persons, day, changes
UNITS = (
    (41, 150, date(2024, 9, 30), CHANGES),
    (42, 60, date(2024, 8, 30), ()),
    (43, 25, date(2024, 12, 31), ()),
    (44, 9, date(2024, 3, 1), ()),
)
TABLES = ("belastning", "handlaggningstid", "kapacitet", "uppfoljningar")


def what_waits_stands(result, unit) -> None:
    days, quarters = unit.waits()
    assert differing(result.tabeller["kvartal"].frame, quarters) == []
    counted = unit.statistik({kind: days.get(kind, unit.day) for kind in ("ej_verkstallt", "avbrott")})
    assert differing(result.tabeller["statistik"].frame, counted, {"del"}) == []


def small_insatser_are_together(result, unit) -> None:
    """Parts that may not be shown are one row after the others; classes of waiting time are of all, or the only row."""
    days = unit.waits()[0]
    whole = unit.statistik({kind: days.get(kind, unit.day) for kind in ("ej_verkstallt", "avbrott")})
    found, expected = result.tabeller["statistik"].coarse(unit.limits).frame, []
    classes = [key for key in whole[0] if key.startswith("manader_")]
    for kind in ("ej_verkstallt", "avbrott"):
        *parts, total = [row for row in whole if row["slag"] == kind]
        there = unit.persons_of(kind, days.get(kind, unit.day))
        hidden = unit.limits.hidden(People(pd.DataFrame([there]))) if there else frozenset()
        shown = [row for row in parts if f"{row['lagrum'].replace('ej angivet', '')}|{row['insats']}" not in hidden]
        small = sum(row["antal"] for row in parts) - sum(row["antal"] for row in shown)
        counts = [row["antal"] for row in shown] + ([small] if len(shown) < len(parts) else [])
        names = [row["insats"] for row in shown] + (["övriga"] if len(shown) < len(parts) else [])
        own = found[found["slag"] == kind]
        assert own["antal"].tolist() == [*counts, total["antal"]]
        assert own["insats"].tolist() == [*names, "Totalt"]
        assert own[classes].iloc[-1].tolist() == [total[key] for key in classes]
        only = len(counts) == 1
        assert own[classes].iloc[:-1].notna().all(axis=None) == only or not counts
        expected += counts
    assert sum(expected) == sum(row["antal"] for row in whole if row["insats"] != "Totalt")


def plans_contacts_and_starts_stand(result, unit) -> None:
    for what, key in (("kontaktad", "kontakt_i_tid_procent"), ("verkstalld", "start_i_tid_procent")):
        assert same(result.nyckeltal[key].varde, unit.share(what, unit.ordered(what)))
    plans = unit.planer(unit.ordered("plan_in"))[-1]
    found = result.tabeller["planer"].frame.to_dict("records")[-1]
    assert {key: (found[key], its) for key, its in plans.items() if not same(found[key], its)} == {}


def figures_stand(result, unit) -> None:
    figures = result.nyckeltal
    heads = float(
        max(unit.tables["bemanning_handlaggare"], key=lambda r: (r["manad"] <= f"{unit.day:%Y-%m}", r["manad"]))[
            "i_tjanst"
        ]
    )
    expected = {"ko_sist_antal": unit.queue()[-1]["ko_antal"]}
    expected["personer_per_handlaggare"] = unit.persons[unit.manad] / heads if heads else float("nan")
    rows = unit.handlaggningstid()[-1]
    expected |= {"handlaggningstid_median_dagar": rows["median_dagar"], "arenden_i_tid_procent": rows["i_tid_procent"]}
    assert {k: (figures[k].varde, its) for k, its in expected.items() if not same(figures[k].varde, its)} == {}
    assert result.fakta["ko_antal"].varde == unit.asked()


def what_is_hidden_stands(result, unit) -> None:
    assert {name: set(result.people[name].hides) for name in unit.hides()} == unit.hides()


@pytest.mark.parametrize(("seed", "size", "day", "changes"), UNITS, ids=[f"{unit[0]}" for unit in UNITS])
def test_what_others_than_the_unit_see_is_what_the_rows_say(tmp_path, seed, size, day, changes):
    """The result that stands, before it is protected; all in one test: it is then worked out in that test."""
    folder = drawn_in_time(tmp_path, seed, size)
    case, kept = the_case(folder, day, changes, "ledning"), []
    shown = decisions.view.result(decisions.study.study(case))
    stood(replace(shown, steady=lambda limits: kept.append(limits) or shown), policy(case))
    result, unit = shown.steady(kept[0]), StoodInTime(folder, day, changes, kept[0])
    for name in TABLES:
        assert differing(result.tabeller[name].frame, getattr(unit, name)()) == []
    for held in (
        what_waits_stands,
        small_insatser_are_together,
        plans_contacts_and_starts_stand,
        figures_stand,
        what_is_hidden_stands,
    ):
        held(result, unit)
