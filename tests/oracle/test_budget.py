"""The budget under a scenario recalculated from its csv rows, table by table and figure by figure."""

import pytest
from follow_up_tables import AR, UNIT
from oracle import follow_up_world
from oracle.budget_oracle import Scenario
from oracle.follow_up_oracle import Unit, rows
from oracle.raw import differing
from sliders_by_hand import moved

from planbok.case.case import open_case
from planbok.disclosure.policy import Policy
from planbok.disclosure.protect import protect
from planbok.topics import budget

SIDES = ("kostnad", "intakt")
CASES = {  # scenario, compared with, last plan year
    "mot budgeten": ("prov", "bas", AR + 1),
    "mot ett annat": ("prov", "annan", AR),
    "budgeten": ("bas", "bas", AR),
}


class World:
    """A unit's budget: what the library says, and what the oracle does."""

    def __init__(self, folder, scenario: str, versus: str, till_ar: int) -> None:
        sources = follow_up_world.sources(folder, 8, 1)
        changes = {"prov": follow_up_world.changes(()), "annan": follow_up_world.OTHERS, "bas": []}
        self.till_ar, self.names = till_ar, (scenario, versus)
        asked = {"version": "vp", "till_ar": till_ar, "scenario": scenario, "jamfor_med": versus}
        case = open_case("budgetscenarier", sources=sources, enhet=UNIT, ar=AR, **asked)
        self.result = protect(budget.view.result(budget.study.study(case)), Policy("arbetsmaterial"))
        self.unit = Unit(folder / "data", UNIT, AR, 8, "vp", {}, {})
        self.mine, self.versus, self.bas = (Scenario(self.unit, changes[n], till_ar) for n in (scenario, versus, "bas"))

    def table(self, name: str):
        return self.result.tabeller[name].frame


def before(unit: Unit) -> dict[str, float]:
    """The net of each row the year before, kr."""
    stated = unit.stated_budget(AR - 1, "vp")
    return {name: sum(kr[0] - kr[1] for leaf, kr in stated.items() if leaf[0] == name) for name in unit.names}


def check_each_row_and_their_sum(world):
    mine, versus, expected = world.mine, world.versus, []
    earlier = before(world.unit)
    for name in [*world.unit.names, ""]:
        row = {f"{side}_mnkr": mine.kr(i, name) / 1e6 for i, side in enumerate(SIDES)}
        row["netto_mnkr"], row["ram_mnkr"] = mine.net(name) / 1e6, mine.kr(2, name) / 1e6
        row["fore_mnkr"] = (earlier[name] if name else sum(earlier.values())) / 1e6
        moved = [(mine.moved(i, name) - versus.moved(i, name)) / 1e6 for i in (0, 1)]
        row |= {f"{side}_skillnad_mnkr": kr for side, kr in zip(SIDES, moved, strict=True)}
        row["netto_skillnad_mnkr"] = moved[0] - moved[1]
        full = [mine.full(i, name) - versus.full(i, name) for i in (0, 1)]
        row |= {"helarseffekt_mnkr": (full[0] - full[1]) / 1e6, "belopp_mnkr": None}
        row["forandring_mnkr"] = row["netto_mnkr"] - row["fore_mnkr"]
        row["avvikelse_mnkr"] = row["ram_mnkr"] - row["netto_mnkr"]
        expected.append({"budgetrad": name or "Totalt", **row})
    assert differing(world.table("budget"), expected) == []
    whole, ends = expected[-1], _ends(mine)
    figures = {
        **{f"{name}_mnkr": whole[f"{name}_mnkr"] for name in (*SIDES, "ram", "avvikelse", "forandring")},
        "nettokostnad_mnkr": whole["netto_mnkr"],
        "avvikelse_helar_mnkr": (ends[3] - ends[1]) / 1e6,
        "balans_kr_per_manad": (mine.kr(2) - mine.net()) / (13 - _first(mine)),
        "nettokostnad_jamfor_mnkr": versus.net() / 1e6,
        "skillnad_mnkr": whole["netto_skillnad_mnkr"],
        "helarseffekt_mnkr": whole["helarseffekt_mnkr"],
    }
    assert world.result.nyckeltal.keys() == figures.keys()
    for name, value in figures.items():
        assert world.result.nyckeltal[name].varde == pytest.approx(value, abs=1e-6), name


def check_the_years(world):
    expected, unit = [], world.unit
    for ar in (AR - 1, AR - 2):
        stated = unit.stated_budget(ar, "vp")
        sums: dict[str, float] = {}
        for name in unit.names:
            row: dict = {"fran_ar": ar, "till_ar": AR, "budgetrad": name}
            for i, side in enumerate(SIDES):
                ends = [sum(kr[i] for leaf, kr in its.items() if leaf[0] == name) / 1e6 for its in (stated, unit.parts)]
                row |= {f"{side}_fran_mnkr": ends[0], f"{side}_till_mnkr": ends[1]}
            for end in ("fran", "till"):
                row[f"netto_{end}_mnkr"] = row[f"kostnad_{end}_mnkr"] - row[f"intakt_{end}_mnkr"]
            for side in (*SIDES, "netto"):
                row[f"{side}_forandring_mnkr"] = row[f"{side}_till_mnkr"] - row[f"{side}_fran_mnkr"]
            expected.append(row)
            sums = {key: sums.get(key, 0.0) + row[key] for key in row if key.endswith("_mnkr")}
        expected.append({"fran_ar": ar, "till_ar": AR, "budgetrad": "Totalt", **sums})
    for row in expected:
        net = row["netto_fran_mnkr"]
        row |= {"procent": 100 * row["netto_forandring_mnkr"] / net if net > 0 else None}
        row |= {"pris_mnkr": None, "volym_mnkr": None}
    assert differing(world.table("ar_jamforelse"), expected) == []


def check_step_by_step(world):
    mine, versus, unit = world.mine, world.versus, world.unit
    found, left = [("start", 0, _ends(versus))], [a - b for a, b in zip(mine.four, versus.four, strict=True)]
    for nr, change in enumerate(mine.changes if world.names[0] != world.names[1] else [], start=1):
        alone = Scenario(unit, [*versus.changes, change], world.till_ar).four
        found.append((change["typ"], nr, [a - b for a, b in zip(alone, versus.four, strict=True)]))
    for nr in range(1, len(versus.changes) + 1) if world.names[0] != world.names[1] else []:
        without = Scenario(unit, versus.changes[: nr - 1] + versus.changes[nr:], world.till_ar).four
        found.append((versus.changes[nr - 1]["typ"], nr, [a - b for a, b in zip(without, versus.four, strict=True)]))
    for _, _, kr in found[1:]:
        left = [a - b for a, b in zip(left, kr, strict=True)]
    found += [("samspel", 0, left), ("slut", 0, _ends(mine))]
    names = ("kr", "kr_helar", "kr_ram", "kr_ram_helar")
    expected = [{"typ": typ, "forandring": nr, **dict(zip(names, kr, strict=True))} for typ, nr, kr in found]
    assert differing(world.table("brygga").round(4), _rounded(expected), {"steg", "slag"}) == []  # in words


def _rounded(table: list[dict]) -> list[dict]:
    return [{key: round(kr, 4) + 0.0 if isinstance(kr, float) else kr for key, kr in row.items()} for row in table]


def _ends(of: Scenario) -> list[float]:
    """Net and frame of the year and of twelve months as on 31 December."""
    net, ram = of.net() - of.net_moved(), of.kr(2) - of.moved(2)
    return [of.net(), net + of.net_full, of.kr(2), ram + of.full(2)]


def check_the_scenarios(world):
    expected = []
    for name in dict.fromkeys(("bas", world.names[1], world.names[0])):
        of = {"bas": world.bas, world.names[1]: world.versus, world.names[0]: world.mine}[name]
        price = sum(of.net_moved(nr) for nr, c in enumerate(of.changes, start=1) if c["typ"] == "upprakning")
        kr = {"kostnad": of.kr(0), "intakt": of.kr(1), "netto": of.net(), "skillnad": of.net_moved(), "pris": price}
        kr |= {"volym": of.net_moved() - price, "helarseffekt": of.net_full, "ram": of.kr(2)}
        kr["avvikelse"] = of.kr(2) - of.net()
        expected.append({"scenario": name, **{f"{key}_mnkr": value / 1e6 for key, value in kr.items()}})
    assert differing(world.table("scenarier"), expected, {"titel"}) == []  # in words


def check_each_month_and_plan_year(world):
    mine, versus = world.mine, world.versus
    months = [
        {
            "manad": month,
            **{f"{side}_kr": mine.kr(i, months=[month]) for i, side in enumerate((*SIDES, "ram"))},
            "netto_kr": mine.net(months=[month]),
            "netto_jamfor_kr": versus.net(months=[month]),
        }
        for month in mine.months
    ]
    assert differing(world.table("per_manad"), months) == []
    assert ("per_ar" in world.result.tabeller) == (world.till_ar > AR)
    if world.till_ar > AR:
        years = []
        for ar in range(AR, world.till_ar + 1):
            net = [of.net(months=[m for m in of.months if m.startswith(str(ar))]) / 1e6 for of in (mine, versus)]
            row = {"ar": ar, "netto_mnkr": net[0], "netto_jamfor_mnkr": net[1]}
            years.append({**row, "skillnad_mnkr": net[0] - net[1]})
        assert differing(world.table("per_ar"), years) == []


def check_what_it_rests_on_and_balance(world):
    mine = world.mine
    kr = {"beslutad": mine.net() - mine.net_moved()} | ({"antagande": mine.net_moved()} if mine.changes else {})
    kr["Totalt"] = sum(kr.values())
    rests = [{"underlag": k, "netto_mnkr": v / 1e6, "andel_procent": 100 * v / kr["Totalt"]} for k, v in kr.items()]
    assert differing(world.table("underlag"), rests, {"vilar_pa"}) == []  # in words
    gap = mine.kr(2) - mine.net()
    assert ("balans" in world.result.tabeller) == (abs(gap) >= 0.5)
    if abs(gap) >= 0.5:
        first, expected = _first(mine), []
        for name in world.unit.names:
            left, net = mine.net(name, mine.months[first - 1 : 12]), mine.net(name)
            row = {"budgetrad": name, "kvar_mnkr": left / 1e6, "andring_mnkr": gap / 1e6, "netto_mnkr": net / 1e6}
            row |= {"kr_per_manad": gap / (13 - first), "procent": 100 * gap / left if left else None}
            expected.append({**row, "procent_ar": 100 * gap / net if net > 0 else None})
        assert differing(world.table("balans"), expected) == []


def check_the_operations(world):
    stated = rows(world.unit.folder, "budget", enhet=UNIT, ar=str(AR), version="vp")
    parted, expected = {row["budgetrad"] for row in stated if row["verksamhet"]}, []
    for name in [name for name in world.unit.names if name in parted]:
        own = [row for row in stated if row["budgetrad"] == name]
        money = {row["verksamhet"]: [float(row[f"{side}_mnkr"]) for side in SIDES] for row in own}
        whole = money.pop("")
        money["Ej fördelat"] = [whole[i] - sum(kr[i] for kr in money.values()) for i in (0, 1)]
        for operation, (cost, revenue) in money.items():
            row = {"budgetrad": name, "verksamhet": operation, "kostnad_mnkr": cost, "intakt_mnkr": revenue}
            expected.append({**row, "netto_mnkr": cost - revenue})
    assert differing(world.table("verksamheter"), expected) == []


def check_uncertain_figures(world):
    expected = []
    for nr, change in enumerate(world.mine.changes):
        ends = [change[f"kr_per_manad_{end}"] for end in ("lag", "hog")] if "kr_per_manad_lag" in change else []
        if ends:
            others = (world.mine.changes[:nr], world.mine.changes[nr + 1 :])
            tried = [[*others[0], {**change, "kr_per_manad": kr}, *others[1]] for kr in ends]
            net = sorted(Scenario(world.unit, changes, AR).net() / 1e6 for changes in tried)
            row = {"lag": float(ends[0]), "hog": float(ends[1]), "netto_lag_mnkr": net[0], "netto_hog_mnkr": net[1]}
            expected.append({**row, "skillnad_mnkr": net[1] - net[0]})
    assert ("kanslighet" in world.result.tabeller) == bool(expected)
    if expected:
        assert differing(world.table("kanslighet"), expected, {"steg", "spann"}) == []  # in words


def check_no_table_is_left_out(world):
    held = {"budget", "ar_jamforelse", "brygga", "scenarier", "per_manad", "underlag", "balans", "verksamheter"}
    assert world.result.tabeller.keys() <= held | {"kanslighet", "per_ar"}


def check_the_dials(world):
    """Per cent and kronor on the largest row, alone and where a row gives way: what they do to the figures."""
    mine, dials = world.mine, world.result.skjutreglage
    row = max(world.unit.names, key=lambda name: mine.kr(0, name))
    percent, more = 2.5, [120_000 * 8, 120_000 * 12]  # from April, and kronor from May
    cost = [mine.kr(0, row, mine.months[3:12]), mine.kr(0, row) - mine.moved(0, row) + mine.full(0, row)]
    year, full = (kr * percent / 100 + its for kr, its in zip(cost, more, strict=True))
    at = {"rad_procent": percent, "rad_manad": 4, "belopp_kr": 120_000, "belopp_manad": 5}
    ends = _ends(mine)
    expected = _turned(year, full) | {"balans_kr_per_manad": -year / (13 - _first(mine))}
    assert moved(dials, at) == pytest.approx(expected)
    gap = ends[2] - ends[0]
    names = [name for name in world.unit.names if mine.kr(0, name)]
    assert next(dial for dial in dials if dial.id == "vika_rad").namn == dict(enumerate(["ingen", *names]))
    a_month = (gap - year) / (13 - 9)
    expected = _turned(gap, full + 12 * a_month) | {"balans_kr_per_manad": a_month - gap / (13 - _first(mine))}
    assert moved(dials, at | {"vika_rad": 1, "vika_manad": 9}) == pytest.approx(expected)


def _first(mine):
    """The month in which the first change of the year begins, from which the year is brought into balance."""
    return min((int(change["fran"][5:7]) for change in mine.changes if change["fran"][:4] == str(AR)), default=1)


def _turned(year: float, full: float) -> dict[str, float]:
    """What costs in the year and in twelve months do to the key figures, mnkr."""
    rises = ("kostnad_mnkr", "nettokostnad_mnkr", "skillnad_mnkr", "forandring_mnkr")
    found = {**dict.fromkeys(rises, year / 1e6), "avvikelse_mnkr": -year / 1e6}
    return {**found, "helarseffekt_mnkr": full / 1e6, "avvikelse_helar_mnkr": -full / 1e6}


CHECKS = [
    check_each_row_and_their_sum,
    check_the_years,
    check_step_by_step,
    check_the_scenarios,
    check_each_month_and_plan_year,
    check_what_it_rests_on_and_balance,
    check_the_operations,
    check_uncertain_figures,
    check_no_table_is_left_out,
    check_the_dials,
]


@pytest.mark.parametrize("name", CASES)
def test_a_budget_under_a_scenario(tmp_path, name):
    """All of it in one test: whoever asks which tests run a line finds the one that holds what the line makes."""
    world = World(tmp_path, *CASES[name])
    for check in CHECKS:
        check(world)
