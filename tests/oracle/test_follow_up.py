"""The month's follow-up recalculated from its csv rows, table by table and figure by figure."""

from dataclasses import replace
from math import isnan, nan

import pytest
from follow_up_tables import AR
from oracle import follow_up_rest as rest
from oracle.follow_up_bridges import TITLES, inside, said, steps
from oracle.follow_up_case import VERSIONS, WORLDS, World
from oracle.follow_up_changes import Under
from oracle.follow_up_history import mean, span
from oracle.follow_up_oracle import METHODS
from oracle.follow_up_rest import SHOWN
from oracle.raw import NAMES, differing
from sliders_by_hand import moved

from planbok.topics import follow_up

METHOD_NAMES = {
    "vald": "rapportens val",
    "sasongsnaiv": "resten som förra årets månader",
    "rak": "hittillsvarande takt",
    "profil": "radens säsong",
    "forra_aret": "som förra året",
    "manadsbudget": "resten som budgeterat",
}


def holds(result, name: str, expected: list[dict], not_held: set[str] = frozenset()) -> None:
    """A table's rows in their order: each column is the oracle's, or named as one that it does not compute."""
    right = [{key: None if kr != kr else kr for key, kr in row.items()} for row in expected]
    assert differing(result.tabeller[name].frame, right, not_held) == [], name


def shares(money: dict[str, float]) -> dict[str, float]:
    """A row's figures in mnkr with its deviation, and shares of a budget above 0."""
    budget = money["budget"] if money["budget"] > 0 else nan
    return {
        **{f"{name}_mnkr": kr / 1e6 for name, kr in money.items()},
        "avvikelse_mnkr": (money["budget"] - money["prognos"]) / 1e6,
        "avvikelse_procent": 100 * (money["budget"] - money["prognos"]) / budget,
        "forbrukning_procent": 100 * money["utfall"] / budget,
        "foljsamhet_procent": 100 * money["prognos"] / budget,
    }


def check_each_row_and_their_sum(world):
    under, expected = world.under, []
    for row in world.unit.names:
        money = {name: under.of_row(row, name) for name in SHOWN}
        expected.append({"budgetrad": row, **shares({**money, "budget": under.budget_of_row(row)})})
    whole = {name: under.totals[name] for name in SHOWN if name != "atgarder"}
    whole |= {"atgarder": under.totals["atgarder"] + under.totals["planerade"], "budget": under.totals["budget"]}
    holds(world.result, "prognos", [*expected, {"budgetrad": "Totalt", **shares(whole)}])


def check_the_key_figures(world):
    kr, found = world.under.totals, world.result.nyckeltal
    expected = {
        **{f"{name}_mnkr": kr[name] / 1e6 for name in ("prognos", "avvikelse", "budget", "utfall")},
        "prognos_modell_mnkr": kr["modell"] / 1e6,
        "atgarder_kvar_mnkr": kr["atgarder"] / 1e6,
        "atgarder_planerade_mnkr": kr["planerade"] / 1e6,
        "kvar_att_atgarda_mnkr": kr["gap"] / 1e6,
        "avvikelse_procent": 100 * kr["avvikelse"] / kr["budget"],
        "budgetforbrukning_procent": 100 * kr["utfall"] / kr["budget"],
        "budgetfoljsamhet_procent": 100 * kr["prognos"] / kr["budget"],
    }
    sure = {"prognos_lag_mnkr", "prognos_hog_mnkr", "prognos_spann_procent", "prognosavvikelse_procent"}
    assert found.keys() == expected.keys() | sure
    for name, value in expected.items():
        assert (found[name].varde is None and isnan(value)) or found[name].varde == pytest.approx(value, abs=1e-6), name


def check_each_month(world):
    unit, under, expected = world.unit, world.under, []
    budgeted = said = 0.0
    for month in range(12):
        planned = sum(unit.planned(leaf)[month] for leaf in unit.now)
        booked = sum(unit.booked(leaf, range(month, month + 1)) for leaf in unit.now)
        ahead = sum(unit.months(leaf)[month] + under.ahead(leaf)[month] for leaf in unit.now)
        done = month < world.tom
        budgeted, said = budgeted + planned, said + (booked if done else ahead)
        row = {"utfall_kr": booked if done else nan, "prognos_kr": nan if done else ahead, "budget_kr": planned}
        row |= {"budget_ack_kr": budgeted, "prognos_ack_kr": said}
        expected.append({"manad": f"{AR}-{month + 1:02d}", **row})
    holds(world.result, "per_manad", expected)


def check_booked_months_of_each_row(world):
    unit = world.unit
    rows = list(dict.fromkeys(row for row, _ in unit.now))
    names = [f"{AR}-{month:02d}" for month in range(1, world.tom + 1)]
    leaves = {row: [leaf for leaf in unit.now if leaf[0] == row] for row in rows}
    net = {
        row: [sum(unit.booked(leaf, range(m, m + 1)) for leaf in leaves[row]) for m in range(world.tom)] for row in rows
    }
    net["Totalt"] = [sum(kr) for kr in zip(*net.values(), strict=True)]
    expected = [{"budgetrad": row, **dict(zip(names, kr, strict=True))} for row, kr in net.items()]
    holds(world.result, "utfall_per_rad", expected)


def check_each_row_and_month_beside_two_years(world):
    unit, expected = world.unit, []
    for row in dict.fromkeys(row for row, _ in unit.now):
        leaves = [leaf for leaf in unit.now if leaf[0] == row]
        for m in range(12):
            booked = sum(unit.booked(leaf, range(m, m + 1)) for leaf in leaves) if m < world.tom else nan
            line = {"budgetrad": row, "manad": f"{AR}-{m + 1:02d}", "utfall_kr": booked}
            line["budget_kr"] = sum(unit.planned(leaf)[m] for leaf in leaves)
            for ar, money in unit.past[-2:]:
                line[f"ar_{ar}_kr"] = sum(money[leaf][0][m] - money[leaf][1][m] for leaf in leaves)
            expected.append(line)
    holds(world.result, "rad_per_manad", expected)


def check_the_bridges(world):
    rows, parts = [], []
    for name, start, end, told in world.bridges:
        for text, typ, kr in steps(start, end):
            row = {"steg": text, "typ": typ, "forandring": 0, "kr": kr, "kr_helar": 0.0, "kr_ram": 0.0}
            rows.append({**row, "kr_ram_helar": 0.0, "brygga": name, "namn": TITLES[name]})
        for part in inside(start[1], end[1], told):
            words = said(part["orsak"], part["manad"])
            parts.append({**part, "brygga": name, "namn": TITLES[name], "forklaring": words})
    holds(world.result, "brygga", rows)
    holds(world.result, "brygga_orsaker", parts)


def check_how_wrong_earlier_prognoses_were(world):
    errors, month = world.errors, min(world.tom, 11)
    rows = []
    for row in ["Totalt", *sorted(world.unit.names)]:
        for method in ("vald", "sasongsnaiv", "rak", "profil", "forra_aret", "manadsbudget"):
            its = errors[method, row, month]
            if its and (row == "Totalt" or method in ("vald", "sasongsnaiv")):
                found = mean(its)
                numbers = {"antal": found["antal"], "medelfel_mnkr": found["kr"] / 1e6}
                words = {"kalla": "historik", "metod": method, "budgetrad": row, "namn": METHOD_NAMES[method]}
                rows.append({**words, "tom_manad": month, **numbers, "medelfel_procent": found["procent"]})
    holds(world.result, "prognossakerhet", rows)
    by_month = []
    for tom in range(1, 12):
        both = {name: errors[name, "Totalt", tom] for name in ("vald", "sasongsnaiv")}
        sizes = {f"{name}_procent": mean(its)["procent"] if its else nan for name, its in both.items()}
        if any(both.values()):
            by_month.append({"tom_manad": tom, **sizes, "manad": NAMES[tom - 1]})
    holds(world.result, "prognossakerhet_manader", by_month)


def check_every_method_on_every_row(world):
    rows = []
    for row in world.unit.names if world.tom < 12 else []:
        tried = [(name, mean(its)) for name in METHODS if (its := world.errors[name, row, world.tom])]
        used = world.used(row)
        tried.sort(key=lambda one: one[1]["kr"])
        own = [found["kr"] for name, found in tried if name in used]
        better = bool(own) and tried[0][0] not in used and tried[0][1]["kr"] <= min(own) / 2
        for place, (name, found) in enumerate(tried):
            numbers = {"antal": found["antal"], "medelfel_kr": found["kr"], "tips": better and place == 0}
            words = {"budgetrad": row, "metod": name, "namn": METHOD_NAMES[name]}
            rows.append({**words, **numbers, "vald": "ja" if name in used else ""})
    if rows:
        table = world.result.tabeller["prognosmetoder"]
        found = table.frame.assign(tips=table.frame["tips"] != "")
        assert differing(found, rows) == []
    else:
        assert "prognosmetoder" not in world.result.tabeller


def check_how_sure_it_is(world):
    found, span_kr = world.result.nyckeltal, span(world.under, world.errors)
    low, high = (None, None) if span_kr is None else (kr / 1e6 for kr in span_kr)
    own = world.errors["vald", "Totalt", world.tom]
    expected = {
        "prognos_lag_mnkr": low,
        "prognos_hog_mnkr": high,
        "prognos_spann_procent": None if low is None else 80.0,
        "prognosavvikelse_procent": mean(own)["procent"] if own and world.tom < 12 else None,
    }
    for name, value in expected.items():
        assert found[name].varde == (value if value is None else pytest.approx(value, rel=2e-4)), name


def check_measures_and_other_changes(world):
    under, result = world.under, world.result
    holds(result, "atgarder", rest.measures(under))
    holds(result, "forandringar", rest.other_changes(under), {"namn"})  # a change in words: see test_scenario
    judged = rest.judgements(under)
    assert ("bedomningar" in result.tabeller) == bool(judged)
    if judged:
        holds(result, "bedomningar", judged)
    left = rest.balance(under)
    assert ("balans" in result.tabeller) == bool(left)
    if left:
        holds(result, "balans", left)


def operations_of(under: Under) -> list[dict]:
    """The operations, what none of them has, and the whole: their figures, kr."""
    names = rest.operations(under.unit)
    found = {name: rest.of_operation(under, name) for name in names}
    whole = under.totals["budget"]
    budgeted = sum(kr["budget"] for kr in found.values() if not isnan(kr["budget"]))
    found["Ej fördelat"] = {**rest.of_operation(under, ""), "budget": whole - budgeted}
    sums = {key: sum(kr[key] for kr in found.values()) for key in SHOWN}
    found["Totalt"] = {**sums, "budget": whole}
    return [{"verksamhet": name, **kr} for name, kr in found.items()]


def check_the_operations(world):
    expected = []
    for row in operations_of(world.under):
        name = row.pop("verksamhet")
        pays = rest.pays(world.unit, name) if name in rest.operations(world.unit) else ""
        expected.append({"verksamhet": name, "finansiering": pays, **shares(row)})
    holds(world.result, "verksamheter", expected)
    holds(world.result, "effektivitet", rest.per_user(world.under))
    holds(world.result, "effektivitet_timmar", rest.per_hour(world.under))
    holds(world.result, "effektivitet_platser", rest.per_place(world.under))
    holds(world.result, "finansiering", rest.financing(world.unit))


def check_the_versions_of_the_year(world):
    unit, tom, found = world.unit, world.tom, []
    for version in list(VERSIONS)[: list(VERSIONS).index(unit.version) + 1]:
        net = sum(kr[0] - kr[1] for kr in unit.stated_budget(AR, version).values())
        found.append((VERSIONS[version], "beslutad", net))
    for month in range(1, tom):
        then = Under(unit.after(month), world.changes).totals["prognos"]
        found.append((f"Prognos efter {NAMES[month - 1]}", "omräknad med dagens underlag", then))
    found.append((f"Prognos efter {NAMES[tom - 1]}", "den här rapporten", world.under.totals["prognos"]))
    found.append((f"Utfall till och med {NAMES[tom - 1]}", "utfall", world.under.totals["utfall"]))
    expected = [{"namn": name, "lage": how, "netto_mnkr": kr / 1e6} for name, how, kr in found]
    holds(world.result, "versioner", expected)


def check_no_table_is_left_out(world):
    held = {"prognos", "per_manad", "utfall_per_rad", "rad_per_manad", "brygga", "brygga_orsaker", "prognossakerhet"}
    held |= {"prognossakerhet_manader", "prognosmetoder", "atgarder", "forandringar", "bedomningar", "balans"}
    held |= {"verksamheter", "effektivitet", "effektivitet_timmar", "effektivitet_platser", "finansiering", "versioner"}
    not_held = {"metoder"}  # the methods in words: see test_follow_up_study; what they give is in every other table
    assert world.result.tabeller.keys() <= held | not_held
    assert world.page.tabeller.keys() == {"verksamheter", "i_kronor", "per_verksamhet_och_rad"}


def check_the_page_of_each_operation(world):
    under, names = Under(world.unit, []), ("budget", "utfall", "prognos")
    expected = []
    for row in operations_of(under):
        kr = {f"{name}_kr": round(row[name], 3) for name in names}  # as mnkr are kept
        expected.append({"verksamhet": row["verksamhet"], **kr})
    holds(world.page, "i_kronor", expected, {"avvikelse_kr"})  # a difference of such: held below
    left = [row["budget_kr"] - row["prognos_kr"] for row in expected]
    found = world.page.tabeller["i_kronor"].frame["avvikelse_kr"].tolist()
    assert found == pytest.approx(left, abs=0.01, nan_ok=True)
    parts = []
    for row, name in (leaf for leaf in world.unit.now if leaf[1]):
        money = under.by_leaf[row, name]
        kr = {f"{key}_kr": money[key] for key in names}
        kr["avvikelse_kr"] = money["budget"] - money["prognos"]
        parts.append({"verksamhet": name, "budgetrad": row, **kr})
    holds(world.page, "per_verksamhet_och_rad", parts)


def check_the_pages_key_figures(world):
    whole, found = Under(world.unit, []).totals, world.page.nyckeltal
    left = whole["budget"] - whole["prognos"]
    figures = {"anvant": whole["utfall"], "budget": whole["budget"], "prognos": whole["prognos"], "avvikelse": left}
    expected = {f"{name}_mnkr": kr / 1e6 for name, kr in figures.items()}
    expected |= {f"{name}_kr": kr for name, kr in figures.items()}
    expected["anvant_procent"] = 100 * whole["utfall"] / whole["budget"]
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        unknown = found[name].varde is None and isnan(value)
        assert unknown or found[name].varde == pytest.approx(value, rel=1e-6), name


def drawn(dials, at: dict[str, float]) -> dict[str, float]:
    """How far the dials move each mark of the figure over the year."""
    return moved([replace(dial, verkar_pa=dial.ritar) for dial in dials], at)


def check_the_dials(world):
    """One more measure, how much of a decided one comes, and invoices to come: what they do to the figures, mnkr."""
    dials, tom, kr = world.result.skjutreglage, world.tom, world.under.totals
    if tom > 10 or isnan(kr["gap"]):
        assert dials == ()
        return
    measures = [(nr, c) for nr, c in enumerate(world.changes, start=1) if c["typ"] == "atgard"]
    left = {nr: sum(part.kvar for part in world.under.parts if part.nr == nr) / 1e6 for nr, _ in measures}
    decided = [nr for nr, change in measures if change["status"] != "planerad" and left[nr]]
    decided.sort(key=lambda nr: -abs(left[nr]))
    names = ["atgard_kr", "atgard_manad", *(f"blir_av_{nr}" for nr in decided[:3]), "fakturor_kr"]
    assert [dial.id for dial in dials] == names
    ends = [(dial.minst, dial.mest, dial.steg, dial.start) for dial in dials]
    assert ends[:2] == [(0, 1_000_000, 10_000, 0), (tom + 2, 12, 1, tom + 2)]
    assert ends[2:] == [*[(0, 100, 5, 100)] * len(decided[:3]), (0, 1_000_000, 10_000, 0)]
    at = {"atgard_kr": 250_000, "atgard_manad": 11, f"blir_av_{decided[0]}": 40, "fakturor_kr": 300_000}
    less, gone = 0.25 * 2, 0.6 * left[decided[0]]  # two months of the measure, and what does not come
    gap = (kr["atgarder"] - kr["avvikelse"]) / 1e6
    found = moved(dials, at, world.result.golv)
    expected = {"prognos_mnkr": 0.3, "avvikelse_mnkr": -0.3, "atgarder_kvar_mnkr": -less - gone}
    expected["kvar_att_atgarda_mnkr"] = max(gap - less - gone + 0.3, 0.0) - max(gap, 0.0)
    assert found == pytest.approx(expected)
    start = max(tom + 1, int(dict(measures)[decided[0]]["fran"][5:7]))
    marks = {}
    for month in range(tom + 1, 13):
        one_more = 0.25 * max(month - 10, 0)
        bills = 0.3 * (month - tom) / (12 - tom)
        marks[f"avvikelse.{month}"] = one_more + gone * max(month - start + 1, 0) / (13 - start) - bills
    assert drawn(dials, at) == pytest.approx(marks)


def check_the_outcome_of_the_indicator(world):
    """Budgetföljsamhet without a scenario, with what it is made of in thousands."""
    whole = Under(world.unit, []).totals
    found = follow_up.others.outcomes(world.study.case, AR, world.tom)
    if isnan(whole["prognos"]):
        assert found == {}
        return
    (outcome,) = found.values()
    assert outcome.varde == pytest.approx(100 * whole["prognos"] / whole["budget"])
    assert outcome.delar == (round(whole["prognos"] / 1e3), round(whole["budget"] / 1e3), "tkr")


CHECKS = [
    check_the_outcome_of_the_indicator,
    check_each_row_and_their_sum,
    check_the_key_figures,
    check_each_month,
    check_booked_months_of_each_row,
    check_each_row_and_month_beside_two_years,
    check_the_bridges,
    check_how_wrong_earlier_prognoses_were,
    check_every_method_on_every_row,
    check_how_sure_it_is,
    check_measures_and_other_changes,
    check_the_operations,
    check_the_versions_of_the_year,
    check_no_table_is_left_out,
    check_the_page_of_each_operation,
    check_the_pages_key_figures,
    check_the_dials,
]


@pytest.mark.parametrize("tom", WORLDS)
def test_a_unit_after_a_month(tmp_path, tom):
    """All of it in one test: whoever asks which tests run a line finds the one that holds what the line makes."""
    world = World(tmp_path, tom)
    for check in CHECKS:
        check(world)
