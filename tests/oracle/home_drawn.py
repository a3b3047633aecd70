"""Dials, drawn years, people and the budget's rows of a new home, from the plain count."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import floor, isnan, nan
from statistics import NormalDist
from typing import Any

import numpy as np
from oracle.home_money import RENTS, Money
from oracle.home_plan import Plan, World, day, months_on, opened, opening, plan_of
from oracle.raw import NAMES, read

SEED, AT_HIGH = 20240827, NormalDist().inv_cdf(0.9)


def months_since(day: date, ar: int) -> float:
    """A day as months since 1 January, part months by days."""
    return 12 * (day.year - ar) + day.month - 1 + (day.day - 1) / monthrange(day.year, day.month)[1]


def off(low: float, mid: float, high: float, z: float) -> float:
    """At a standard normal draw: 10 and 90 of 100 at the lowest and the highest."""
    return mid + z / AT_HIGH * ((mid - low) if z < 0 else (high - mid))


def drawn(money: Money, draws: int) -> dict[str, list[list[float]]]:
    """Result, KBH and empty rent by draw and year, of the same random numbers; draw 0 is the plan."""
    plan, world, last = money.plan, money.world, money.world.days[-1]
    of = {name: np.random.default_rng([SEED, *name.encode()]) for name in ("oppning", "inflyttning", "niva", "hyra")}
    late, rent = (of[name].standard_normal(draws + 1).tolist() for name in ("oppning", "hyra"))
    slow = of["inflyttning"].standard_normal((draws + 1, len(plan.flats))).tolist()
    price = _prices(money, draws, of["niva"])
    opens, waits = (
        world.rule(f"gruppbostad.{name}", last) for name in ("forsening_manader", "inflyttning_drojer_manader")
    )
    fixed = [_fixed(money, number) for number in range(3)]
    found: dict[str, list[list[float]]] = {"resultat": [], "kbh": [], "tomgang": []}
    for n in range(draws + 1):
        by = max(0.0, off(opens["lag"], 0, opens["hog"], late[n])) if n else 0.0
        extra = [max(0.0, off(waits["lag"], 0, waits["hog"], z)) if n else 0.0 for z in slow[n]]
        rents = [off(flat.lag, flat.mid, flat.hog, rent[n] if n else 0.0) for flat in plan.flats]
        moves = [months_since(f.inflyttning, world.ar) + by + wait for f, wait in zip(plan.flats, extra, strict=True)]
        one = _years(money, months_since(plan.oppnar, world.ar) + by, moves, rents, [kr[n] for kr in price])
        for name in ("kbh", "tomgang"):
            found[name].append([year[name] for year in one])
        found["resultat"].append([year["resultat"] - kr for year, kr in zip(one, fixed, strict=True)])
    return found


def _prices(money: Money, draws: int, rng: np.random.Generator) -> list[list[float]]:
    """kr/dygn by flat and draw."""
    found, last, persons = [], money.world.days[-1], sum(money.own.values())
    for flat in money.plan.flats:
        if flat.niva:
            found.append([money.expected(flat.niva, last)] * (draws + 1))
        elif persons:
            shares = [money.own.get(niva, 0) / persons for niva in money.levels]
            kr = rng.choice(np.array(money.prices), draws + 1, p=np.array(shares)).tolist()
            found.append([money.expected("", last), *kr[1:]])
        else:
            found.append([nan] * (draws + 1))
    return found


def _years(
    money: Money, opens: float, moves: list[float], rents: list[float], price: list[float]
) -> list[dict[str, float]]:
    """KBH, empty rent, and peng and rents less empty ones where they cost, of three years."""
    kbh = money.kbh_of(rents)
    found = []
    for number in range(3):
        end = 12 * (number + 1)
        let = [min(12.0, max(0.0, end - moved)) for moved in moves]
        is_open = min(12.0, max(0.0, end - opens))
        tomgang = sum(kr * max(0.0, is_open - its) for kr, its in zip(rents, let, strict=True))
        peng = 0.0
        for measured, days in money.measured_days:
            limit = months_since(measured, money.world.ar) + 12 * number
            peng += days * sum(kr for kr, moved in zip(price, moves, strict=True) if moved <= limit) if days else 0.0
        income = sum(kr * its for kr, its in zip(rents, let, strict=True))
        costs = tomgang if money.plan.pays_for_empty else 0.0
        paid = sum(kr * its for kr, its in zip(kbh, let, strict=True))
        found.append({"kbh": paid, "tomgang": tomgang, "resultat": peng + income - costs})
    return found


def _fixed(money: Money, number: int) -> float:
    """Staff, premises and start cost of a year, as planned."""
    plan, ar, total = money.plan, money.world.ar, 0.0
    for first, kr in ((plan.personal_fran, plan.personal), (plan.tilltrade, plan.lokalhyra)):
        since = months_since(first or plan.oppnar, ar)
        total += kr * min(12.0, max(0.0, 12 * (number + 1) - since))
    return total + (plan.start if plan.first_day.year == ar + number else 0.0)


def mixes(money: Money) -> list[list[str]]:
    """Residents' levels for each average, those of the lower level first."""
    places, levels = len(money.plan.flats), money.levels
    found = [[low] * (places - up) + [high] * up for low, high in pairwise(levels) for up in range(places)]
    return [*found, [levels[-1]] * places] if levels else []


def dials(money: Money) -> dict[str, dict[str, Any]]:
    """Where each dial can stand, and what it says and writes there."""
    plan = money.plan
    days = {k: months_on(plan.oppnar, k) for k in range(-6, 7)}
    mean = sum(flat.mid for flat in plan.flats) / len(plan.flats)
    rents = {k: mean + 500 * k for k in range(-4, 5) if mean + 500 * k >= 0}
    of = mixes(money)
    found: dict[str, dict[str, Any]] = {
        "oppnar": {
            "ends": (-6, 6, 1, 0), "skrivs": {k: day.isoformat() for k, day in days.items()},
            "namn": {k: f"{NAMES[day.month - 1]} {day.year}" for k, day in days.items()},
        },
        "takt": {
            "ends": (-1, 3, 1, -1), "skrivs": {},
            "namn": {-1: "som i tabellen", 0: "alla på en gång", 1: "1 månad", 2: "2 månader", 3: "3 månader"},
        },
    }  # fmt: skip
    if of:
        named = {n: f"{sum(map(int, its)) / len(its):.1f}".replace(".", ",") for n, its in enumerate(of, 1)}
        texts = {n: ", ".join(f"{k}: {its.count(k)}" for k in dict.fromkeys(its)) for n, its in enumerate(of, 1)}
        found["medelniva"] = {"ends": (0, len(of), 1, 0), "namn": {0: "som i tabellen", **named}}
        found["medelniva"]["skrivs"] = {n: f"{{{text}}}" for n, text in texts.items()}
    staff = plan.arsarbetare
    least = staff - 0.5 * floor(min(5.0, staff) / 0.5)
    found["arsarbetare"] = {"ends": (least, staff + 5, 0.5, staff), "namn": {}, "skrivs": {}}
    found["hyra"] = {"ends": (min(rents), max(rents), 1, 0), "skrivs": {k: f"{kr:.10g}" for k, kr in rents.items()}}
    return found


def turned(money: Money, at: dict[str, float]) -> Money:
    """The home with its dials at a place: opening, pace, levels, staff, rent."""
    plan = money.plan
    if at.get("oppnar"):
        plan = opening(plan, months_on(plan.oppnar, int(at["oppnar"])))
    change: dict[str, Any] = {"oppnar": plan.oppnar.isoformat()}
    if at.get("takt", -1) >= 0:
        change["manader_mellan_inflyttningar"] = int(at["takt"])
    if at.get("medelniva"):
        its = mixes(money)[int(at["medelniva"]) - 1]
        change["kanda_nivaer"] = {niva: its.count(niva) for niva in dict.fromkeys(its)}
    if "arsarbetare" in at:
        change["arsarbetare"] = at["arsarbetare"]
    if at.get("hyra"):
        mean = sum(flat.mid for flat in money.plan.flats) / len(money.plan.flats)
        change["hyra_kr_per_manad"] = mean + 500 * at["hyra"]
    return Money(money.world, opened(plan, change))


def cash(money: Money) -> dict[str, float]:
    """Money in minus out until each month of the year and the next."""
    found, total = {}, 0.0
    for month, kr in {**money.months, **money.next_year().months}.items():
        costs = kr["personal"] + kr["lokalhyra"] + kr["start"] + (kr["tom"] if money.plan.pays_for_empty else 0.0)
        total += kr["uthyrd"] - costs
        found[f"kassa.{month}"] = total
    return found


def people(money: Money, before: Money) -> dict[str, float]:
    """How many each figure tells of."""
    flats, group = money.plan.flats, sum(money.own.values())
    lowest, highest = min(flat.lag for flat in flats), max(flat.hog for flat in flats)
    return {
        "lägenheter": len(flats),
        "inflyttade samma dag": min(_together(one) for one in (money, before)),
        "lägenheter med lägsta hyran": sum(flat.lag == lowest for flat in flats),
        "med högsta hyran": sum(flat.hog == highest for flat in flats),
        "kända nivåer": max(len(one.named) for one in (money, before)),
        **dict.fromkeys(("enhetens egna", "enhetens grupp", "enhetens spridning"), group),
        "en person": 1,
    }


def _together(money: Money) -> int:
    """The fewest flats let from the same day; all days before the year are one, all after it one."""
    ar = money.world.ar
    days = [max(date(ar, 1, 1), min(date(ar + 1, 1, 1), flat.inflyttning)) for flat in money.plan.flats]
    return min(days.count(day) for day in days)


def with_kbh(money: Money, family: str) -> list[tuple[int, int]]:
    """Flats with KBH and without, at the lowest, mean and highest rent, by the rules at the year's end."""
    one, found = Money(money.world, money.plan, family), []
    for which in RENTS:
        paid = sum(kr > 0 for kr in one.kbh(money.world.days[-1], which))
        found.append((paid, len(money.plan.flats) - paid))
    incomes = any(not isnan(flat.inkomst) for flat in money.plan.flats)
    return [*found, (1, 0)] if family == "minimibelopp" and incomes else found


Rows = dict[tuple[str, str, str], float]


def budget_rows(world: World) -> tuple[Rows, set[str]]:
    """Kronor by change, effect and month of the homes that a scenario opens, each change on those before it."""
    found, before, unknown = {}, _total(world, ())[0], set()
    for number in range(1, len(world.changes) + 1):
        now, unknown = _total(world, world.changes[:number])
        for effect, month in {**before, **now}:
            kr = now.get((effect, month), 0.0) - before.get((effect, month), 0.0)
            if abs(kr) > 1e-6:
                found[f"prov:{number}", effect, month] = kr
        before = now
    return found, unknown


def _total(world: World, changes: tuple[dict[str, Any], ...]) -> tuple[dict[tuple[str, str], float], set[str]]:
    found: dict[tuple[str, str], float] = defaultdict(float)
    homes = [row["boende"] for row in read(world.data / "boenden.csv") if row["enhet"] == world.enhet]
    opens = [change for change in changes if change["typ"] == "nytt_boende" and world.mine(change)]
    unknown = set()
    for boende in dict.fromkeys(change["boende"] for change in opens if change["boende"] in homes):
        start = plan_of(world.data, boende)
        money = of_changes(world, start, changes)
        effects = {effect: [*months, full] for effect, (months, full) in money.effects.items()}
        if any(change.get("prislista") or change.get("regel", "").startswith("lss_peng.") for change in changes):
            alone = of_changes(world, start, tuple(change for change in changes if change["typ"] == "nytt_boende"))
            months, full = alone.effects["lss_peng"]
            share = _covered(world, start)
            pairs = zip([*months, full], effects["lss_peng"], strict=True)
            effects["lss_peng"] = [(share * old if share else 0.0) + (1 - share) * new for old, new in pairs]
        for effect, kr in effects.items():
            if any(map(isnan, kr)):
                unknown.add((effect, boende))
            else:
                found |= {
                    (effect, m): found[effect, m] + its for m, its in zip([*money.months, "helar"], kr, strict=True)
                }
    return found, unknown


def of_changes(world: World, start: Plan, changes: tuple[dict[str, Any], ...]) -> Money:
    own = replace(world, changes=changes, seen={})
    return Money(own, own.under(start))


def whom(world: World) -> tuple[dict[str, list[float]], list[int]]:
    """How many each effect tells of: the opened homes' flats and levels, before and after each of the changes.

    And those who are behind peng after all of them: each home's residents whose levels are known, and the unit's own
    persons for its other places.
    """
    found, priced = defaultdict(list), []
    homes = [row["boende"] for row in read(world.data / "boenden.csv") if row["enhet"] == world.enhet]
    opens = [change for change in world.changes if change["typ"] == "nytt_boende" and world.mine(change)]
    for boende in dict.fromkeys(change["boende"] for change in opens if change["boende"] in homes):
        for place in range(len(world.changes) + 1):
            money = of_changes(world, plan_of(world.data, boende), world.changes[:place])
            let = [len(money.plan.flats), _together(money)]
            for effect in ("hyresintakt", "tomgangshyra"):
                found[effect] += let
            known, free = len(money.named), money.plan.platser > len(money.named)
            behind = [known, sum(money.own.values()) if free else 0]
            measured = [m for m, days in money.measured_days if days]
            counted = any(flat.inflyttning <= day for day in measured for flat in money.plan.flats)
            found["lss_peng"] += [*behind, *(let if counted else [])]
        priced += [number for number in behind if number]
    return found, priced


def _covered(world: World, plan: Plan) -> float:
    """The share of a home's places whose residents have a decision that runs on 31 December."""
    end, running = date(world.ar, 12, 31), 0
    for row in read(world.data / "beslut.csv"):
        inside = date.fromisoformat(row["fran"]) <= end <= (day(row["till"]) or end)
        running += row["enhet"] == world.enhet and row["boende"] == plan.boende and inside
    return min(1.0, running / plan.platser)


def flats_of_year(world: World, tom_manad: int) -> dict[str, int]:
    """Flats completed and begun from January to a month, by the unit's homes and the scenario's openings."""
    homes = [
        plan_of(world.data, row["boende"]) for row in read(world.data / "boenden.csv") if row["enhet"] == world.enhet
    ]
    if all(plan.oppnar.year != world.ar for plan in homes):
        return {}
    done, begun = 0, 0
    for plan in homes:
        new = [day(c["oppnar"]) for c in world.changes if c["typ"] == "nytt_boende" and c["boende"] == plan.boende]
        span = (new[-1] if new else plan.oppnar) - plan.oppnar
        for first, kind in ((plan.oppnar, "done"), (plan.tilltrade or plan.oppnar, "begun")):
            when = first + span
            counted = plan.platser if when.year == world.ar and when.month <= tom_manad else 0
            done, begun = (done + counted, begun) if kind == "done" else (done, begun + counted)
    name = "antal_{}_bostader_med_sarskild_service"
    return {name.format("fardigstallda"): done, name.format("paborjade"): begun}
