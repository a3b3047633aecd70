"""The checks of the price list, which prices a report notes, and persons by insats, recalculated from the rows."""

import random
from calendar import monthrange
from collections import Counter
from datetime import date

import pandas as pd
import pytest
from oracle.lss_case import CASES, SCENARIOS, Asked, sources
from oracle.lss_unit import price_lists

from planbok.lss.insats_groups import by_insats, until
from planbok.lss.prices import against_index, entry_warnings, not_rising, uneven_step, with_rise, without_price
from planbok.topics.lss_peng.study import study

KEY = ["ar", "avser", "insats", "regi", "niva"]
AVSER, LEVELS = ("ersattning", "tilldelning"), ("grundpeng", "1", "2", "3", "4", "10")


def drawn(seed: int) -> list[dict]:
    """A price list with holes: some levels that do not rise, a price of 0, rises at and around the limits."""
    rng, rows = random.Random(seed), []
    for avser in AVSER:
        for insats, base in (("gruppbostad", 1000), ("servicebostad", 800), ("barnboende_over_12", 0)):
            for regi in ("kommunal", "privat"):
                for niva in LEVELS:
                    step = 100 * (int(niva) if niva.isdigit() else 0)
                    kr = base + step + rng.choice([0, 0, 0, 1, 2, -100])
                    for ar in (2022, 2023, 2024):
                        if rng.random() < 0.85:
                            rows.append(
                                dict(zip(KEY, (ar, avser, insats, regi, niva), strict=True), kr_per_dygn=float(kr))
                            )
                        kr = round(kr * rng.choice([1.03, 1.03, 1.0285, 1.0315, 1.032]), 2)
    rng.shuffle(rows)
    return rows


def frame(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=range(5, 5 + len(rows)))


def listed(rows: list[dict]) -> dict[tuple, float]:
    return {tuple(row[key] for key in KEY): row["kr_per_dygn"] for row in rows}


def keys(found: pd.DataFrame) -> list[tuple]:
    return [tuple(row) for row in found[KEY].itertuples(index=False)]


def said(kr: float) -> str:
    """An amount as the sentences write it, without its blanks."""
    text = f"{kr:.0f}" if float(kr).is_integer() else f"{kr:.2f}".replace(".", ",")
    return text.replace("-", "−")


def plain(text: str) -> str:
    return "".join(text.split())


SEEDS = (1, 2, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_rises_and_those_that_part_from_the_index(seed):
    rows = drawn(seed)
    known, rise = listed(rows), {}
    for (ar, *key), kr in known.items():
        before = known.get((ar - 1, *key))
        rise[(ar, *key)] = (before, (kr / before - 1) * 100) if before and before > 0 else (None, None)
    found = with_rise(frame(rows))
    for key, before, percent in zip(keys(found), found["fore_kr_per_dygn"], found["hojning_procent"], strict=True):
        want = [float("nan") if value is None else value for value in rise[key]]
        assert [before, percent] == pytest.approx(want, nan_ok=True)
    warned = against_index(frame(rows), 2024, 3.0, 0.15)
    compared = [key for key, (before, _) in rise.items() if before and key[0] == 2024]
    off = {key: rise[key][1] - 3.0 for key in compared}
    parting = [key for key in keys(found) if key in off and round(abs(off[key]), 9) > 0.15]
    assert keys(warned.rows) == parting
    assert warned.rows["avvikelse_procentenheter"].tolist() == pytest.approx([off[key] for key in parting])
    assert f"2024: {len(parting)} av {len(compared)} jämförbara priser skiljer mer än 0,15" in warned.text
    assert "procentenheter från stadens uppräkning 3,0 %" in warned.text
    most = max(parting, key=lambda key: abs(off[key]))
    assert plain(f"{said(rise[most][0])} kr → {said(known[most])} kr") in plain(warned.text)
    assert ("alla i" in warned.text) == (len({key[2:4] for key in parting}) == 1 < len(parting))


@pytest.mark.parametrize("seed", SEEDS)
def test_levels_that_do_not_rise(seed):
    rows = drawn(seed)
    known, below = listed(rows), {}
    for key in known:
        if key[4].isdigit():
            lower = [k for k in known if k[:4] == key[:4] and k[4].isdigit() and int(k[4]) < int(key[4])]
            if lower:
                below[key] = known[max(lower, key=lambda k: int(k[4]))]
    warned = not_rising(frame(rows))
    expected = [key for key in keys(frame(rows)) if key in below and known[key] <= below[key]]
    assert keys(warned.rows) == expected and expected
    assert warned.rows["under_kr_per_dygn"].tolist() == [below[key] for key in expected]
    assert set(warned.rows.columns) == {*KEY, "kr_per_dygn", "under_kr_per_dygn"}
    most = max(expected, key=lambda key: below[key] - known[key])
    assert f"{len(expected)} ställen" in warned.text
    assert plain(f"({most[0]}): {said(known[most])} kr, nivån under {said(below[most])} kr") in plain(warned.text)


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_between_group_homes_and_service_homes_that_are_not_as_usual(seed):
    rows = drawn(seed)
    known, step = listed(rows), {}
    for ar, avser, insats, regi, niva in keys(frame(rows)):
        beside = (ar, avser, "servicebostad", regi, str(int(niva) + 1)) if niva.isdigit() else None
        if insats == "gruppbostad" and beside in known:
            step[ar, avser, insats, regi, niva] = known[ar, avser, insats, regi, niva] - known[beside]
    usual = {}
    for key in step:
        group = [k for k in step if (k[0], k[1], k[3]) == (key[0], key[1], key[3])]
        inside = {k: sum(0 <= round(step[other] - step[k], 9) <= 1 for other in group) for k in group}
        usual[key] = step[max(group, key=lambda k: inside[k])]  # the first of those with most
    warned = uneven_step(frame(rows), 1)
    expected = [k for k in step if not 0 <= round(step[k] - usual[k], 9) <= 1]
    assert keys(warned.rows) == expected and expected
    assert warned.rows["skillnad_kr"].tolist() == pytest.approx([step[k] for k in expected])
    assert warned.rows["vanlig_skillnad_kr"].tolist() == pytest.approx([usual[k] for k in expected])
    most = max(expected, key=lambda k: abs(step[k] - usual[k] - 0.5))
    years = {k[0] for k in expected}
    assert f"{len(expected)} ställen" in warned.text and (len(years) < 3 or "2022–2024" in warned.text)
    ends = said(round(usual[most], 2)), said(round(usual[most] + 1, 2))
    assert plain(f"({most[0]}): {said(round(step[most], 2))} kr, annars {ends[0]}–{ends[1]} kr") in plain(warned.text)


def test_insatser_by_day_without_a_price_in_a_year():
    rows = [row for row in drawn(1) if (row["ar"], row["insats"]) != (2023, "barnboende_over_12")]
    financed = {"gruppbostad": {"per": "dygn"}, "barnboende_over_12": {"per": "dygn"}, "korttid": {"per": "dygn"},
                "tillsyn": {"per": "timme"}, "fel": None}  # fmt: skip
    found = without_price(frame(rows), financed, {"korttid": "Korttid"})
    expected = {("barnboende_over_12", 2023), *(("korttid", ar) for ar in (2022, 2023, 2024))}
    assert {*zip(found.rows["insats"], found.rows["ar"], strict=True)} == expected
    assert "barnboende_over_12 (2023)" in found.text and "korttid (2022–2024)" in found.text
    assert without_price(frame(rows), {"gruppbostad": {"per": "dygn"}}).text == ""


def test_the_lists_of_the_made_up_unit_are_warned_of_by_their_own_rules():
    """Korttidsvistelse has a price in the two last years; its levels rise. The last year gives the step's tolerance."""
    found = entry_warnings(sources(46, 38)[0].rules)
    missing = [warning.text for warning in found if warning.namn == "saknade priser"]
    assert "korttidsvistelse (2021 och 2022)" in missing[0] and "daglig verksamhet (2021–2024)" in missing[0]
    assert [w.namn for w in found].count("uppräkning") == len([w for w in found if "stadens uppräkning" in w.text]) == 3


def noted(asked: Asked, spridning: str) -> dict:
    case = asked.case(spridning)
    made = study(case)
    assert made.world.peng.size
    return {key: v.varde for key, v in case.journal.rules.items() if key[0].startswith(("lss_peng.e", "lss_peng.t"))}


def test_others_than_the_unit_see_whole_lists_and_what_the_scenario_sets():
    found = noted(CASES[2], "ledning")
    for avser in AVSER:
        for ar in (2023, 2024):
            number = sum(key[:2] == (ar, avser) for key in price_lists())
            if (f"lss_peng.{avser}", date(ar, 1, 1)) in found:
                assert found.pop((f"lss_peng.{avser}", date(ar, 1, 1))) == f"prislista {ar}, {number} priser"
    assert found == {
        ("lss_peng.ersattning.gruppbostad.privat.4", date(2024, 4, 1)): 4000,
        ("lss_peng.ersattning.daglig_verksamhet.privat.1", date(2024, 8, 28)): 800,
    }


@pytest.mark.parametrize("asked", [CASES[0], CASES[2]], ids=str)
def test_the_unit_sees_each_price_that_its_decisions_meet(asked):
    cells = {row.cell for scenario in {"bas", asked.scenario} for row in asked.year(scenario).daily}
    listed = {(f"lss_peng.{avser}.{insats}.{regi}.{niva}", date(ar, 1, 1)): kr
              for (ar, avser, insats, regi, niva), kr in ((k, v) for k, v in price_lists().items() if len(k) == 5)
              if (insats, niva, regi) in cells and ar in (2023, 2024)}  # fmt: skip
    every = noted(asked, "arbetsmaterial")
    set_by = {date.fromisoformat(change["fran"]) for change in SCENARIOS[asked.scenario]}
    assert {day for _, day in every} <= {date(2023, 1, 1), date(2024, 1, 1)} | set_by
    found = {key: kr for key, kr in every.items() if key in listed}
    assert {key: listed[key] for key in found} == found
    assert {key for key in found if key[1].year == 2024} == {key for key in listed if key[1].year == 2024}


def month_ends(first: date, ar: int) -> set[date]:
    months = [(year, month) for year in range(first.year, ar + 1) for month in range(1, 13)]
    return {date(year, month, monthrange(year, month)[1]) for year, month in months}


@pytest.mark.parametrize("asked", [CASES[0], CASES[6], Asked(7, 2), Asked(1, 3), Asked(150, 4)], ids=str)
def test_persons_by_insats_at_each_months_end_and_measurement(asked):
    case, rows, ar = asked.case(), asked.rows, asked.ar
    ended = min((row.till for row in rows if row.till < date(2200, 1, 1)), default=None)
    first = date(ar - 1, 1, 1)
    if ended:
        first = min(first, max(ended, date(ar - 4, 1, 1)))
    days = month_ends(first, ar) | {date(year, *day) for year in (ar - 1, ar) for day in ((3, 31), (8, 27))}
    expected = {}
    for day in sorted(day for day in days if day >= first):
        there = Counter(insats for insats, _ in {(r.insats, r.person) for r in rows if r.on(day)})
        expected[day] = dict(there)
    found = by_insats(case)
    got = {day: {k: v for k, v in row.items() if v} for day, row in found.antal.T.to_dict().items()}
    assert got == expected
    assert set(found.antal) == {insats for row in expected.values() for insats in row}
    assert found.sums == (frozenset(k[2] for k in price_lists() if len(k) == 5),)
    for day in (date(ar - 9, 1, 1), date(ar, 3, 30), date(ar, 3, 31), date(ar, 12, 31)):
        kept = [its for its in expected if its <= day] or [next(iter(expected))]
        assert until(found, day).antal.index.tolist() == kept
