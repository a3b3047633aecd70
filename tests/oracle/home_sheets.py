"""Every table of the report on a new home, row by row, from the plain count of its money."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import isnan, nan
from typing import Any

from oracle.home_money import FAMILIES, RENTS, Money, allowance, guaranteed
from oracle.home_plan import Flat, Plan, months_on, opening

Rows = list[dict[str, Any]]
FLOWS = {"uthyrd_kr": "uthyrd", "tomgangshyra_kr": "tom", "kbh_lag_kr": "kbh_lag", "kbh_hog_kr": "kbh_hog"}
FLOWS |= {"hyra_lag_kr": "hyra_lag", "hyra_hog_kr": "hyra_hog", "personal_kr": "personal", "lokalhyra_kr": "lokalhyra"}
FLOWS |= {"startkostnad_kr": "start", "peng_kr": "peng", "resultat_kr": "resultat"}
TITLES = {
    "stockholm": "Stockholm: andel av hyran över länets genomsnitt",
    "tak": "Hyrestak: den boende betalar högst taket",
    "minimibelopp": "Minimibelopp: fyller upp det som ska finnas kvar",
}
KNOW = {
    "stockholm": "Ett tak: inkomst och förmögenhet prövas",
    "tak": "Sänker hyran lika för alla",
    "minimibelopp": "Följer den boendes inkomst före skatt; räknat lågt, eftersom skatten inte dras",
}
SAID = {
    "kbh": "KBH", "hyresintakt": "Hyresintäkt", "personal": "Personal", "lss_peng": "LSS-peng",
    "tomgangshyra": "Tomgångshyra", "lokalhyra": "Lokalhyra", "startkostnad": "Startkostnad",
}  # fmt: skip
AMOUNTS = ("kr", "kr_helar", "kr_ram", "kr_ram_helar")


def moves(kr: float) -> bool:
    return isnan(kr) or kr != 0


def per_manad(money: Money) -> Rows:
    """From the first month that has anything; the total last."""
    rows = [{"manad": month, **{key: kr[flow] for key, flow in FLOWS.items()}} for month, kr in money.months.items()]
    used = [any(moves(row[key]) for key in FLOWS) for row in rows]
    total = {"manad": "Totalt", **{key: sum(row[key] for row in rows) for key in FLOWS}}
    return [*(rows[used.index(True) :] if any(used) else rows), total]


def kassa(money: Money) -> Rows | None:
    """Until the measurement that first counts somebody; nothing where that was before the year's first month ended."""
    until = money.first_measured
    if until is None or until < date(money.world.ar, 1, 31):
        return None
    names = {"uthyrd_kr": "uthyrd", "personal_kr": "personal", "lokalhyra_kr": "lokalhyra", "startkostnad_kr": "start"}
    months = {**money.months, **money.next_year().months}
    rows, total = [], 0.0
    for month in sorted(month for month in months if month <= f"{until:%Y-%m}"):
        kr = {key: months[month][flow] for key, flow in names.items()}
        kr["tomgangshyra_kr"] = months[month]["tom"] if money.plan.pays_for_empty else 0.0
        net = 2 * kr["uthyrd_kr"] - sum(kr.values())
        if rows or moves(net):
            total += net
            rows.append({"manad": month, **kr, "netto_kr": net, "ackumulerat_kr": total})
    return rows or None


def hyresfloden(money: Money) -> Rows:
    full = money.full
    premises, vacant, rent = (
        dict.fromkeys(RENTS, kr) for kr in (money.ar("lokalhyra"), money.ar("tom"), full["lokalhyra"])
    )
    let = {which: money.ar(f"uthyrd_{which}") for which in RENTS}
    sides = {
        "Lokalhyra": ("Enheten", "Hyresvärden", premises, rent),
        "Hyresintäkt": ("Den boende", "Enheten", let, {which: full[f"hyra_{which}"] for which in RENTS}),
        "Tomgångshyra": ("Enheten", "–", vacant, dict.fromkeys(RENTS, 0.0)),
        "KBH": (
            "Nämnden", "Den boende", {which: money.ar(f"kbh_{which}") for which in RENTS},
            {which: full[f"kbh_{which}"] for which in RENTS},
        ),
    }  # fmt: skip
    return [
        {"flode": name, "betalar": pays, "far": gets}
        | {f"ar_{which}_kr": ar[which] for which in RENTS}
        | {f"helar_{which}_kr": helar[which] for which in RENTS}
        for name, (pays, gets, ar, helar) in sides.items()
    ]


def kbh_per_familj(money: Money) -> Rows:
    rows = []
    used = money.world.rule("kbh.familj", money.last_known)
    for name in FAMILIES:
        one = Money(money.world, money.plan, name)
        low, high = (one.kbh(one.last_known, which) for which in ("lag", "hog"))
        row = {"titel": TITLES[name], "anvands": "ja" if name == used else "nej", "familj": name}
        row |= {"ar_lag_kr": one.ar("kbh_lag"), "ar_hog_kr": one.ar("kbh_hog")}
        row |= {"helar_lag_kr": one.full["kbh_lag"], "helar_hog_kr": one.full["kbh_hog"]}
        row |= {"lagenhet_lag_kr": min(low), "lagenhet_hog_kr": max(high)}
        rows.append({**row, "anmarkning": None if isnan(row["ar_hog_kr"]) else KNOW[name]})
    return rows


def kalkyl(money: Money) -> Rows:
    full, start = money.full, money.ar("start")
    vacant = money.ar("tom") if money.plan.pays_for_empty else 0.0
    sides = {
        "LSS-peng": (money.ar("peng"), full["peng"]),
        "Hyresintäkt, medelhyra": (money.ar("uthyrd"), full["hyra_mid"]),
        "Personal": (-money.ar("personal"), -full["personal"]),
        "Lokalhyra": (-money.ar("lokalhyra"), -full["lokalhyra"]),
        "Tomgångshyra utöver lokalhyran": (-vacant, 0.0),
        "Startkostnad": (-start, 0.0),
        "Resultat utan KBH": (money.ar("resultat"), full["resultat"]),
        "varav personal före öppning": (-money.ar("fore_personal"), 0.0),
        "varav lokal före öppning": (-money.ar("fore_lokalhyra"), 0.0),
        "varav allt före öppning, med startkostnad": (-money.before_opening, 0.0),
        "KBH, medelhyra": (-money.ar("kbh_mid"), -full["kbh_mid"]),
    }
    return [{"post": post, "ar_kr": ar, "helar_kr": helar} for post, (ar, helar) in sides.items()]


def mot_extern_placering(money: Money) -> Rows | None:
    last, year = money.world.days[-1], money.plan.platser * money.days
    places = [(niva, kr, money.world.price(money.plan, niva, last, "privat"))
              for niva, kr in zip(money.levels, money.prices, strict=True)]  # fmt: skip
    stated = money.world.rule("extern_placering.institutionsvard.ovriga_landet", last)
    if stated is not None:
        places.append(("tryckt pris", nan, float(stated)))
    rows = []
    for niva, kr, bought in places:
        left, against = kr - money.net_cost, bought - money.net_cost
        word = "okänt" if isnan(against) else "eget boende" if against > 0 else "köpt plats"
        row = {"niva": niva, "peng_kr_per_dygn": kr, "extern_kr_per_dygn": bought, "billigast": word}
        row |= {"sjalvkostnad_kr_per_dygn": money.own_cost, "nettokostnad_kr_per_dygn": money.net_cost}
        row |= {"skillnad_kr_per_dygn": left, "skillnad_helar_kr": left * year}
        row |= {"mot_extern_kr_per_dygn": against, "mot_extern_helar_kr": against * year}
        rows.append(row | {"peng_helar_kr": kr * year, "extern_helar_kr": bought * year})
    return rows or None


def kvar_efter_hyra(money: Money) -> Rows | None:
    """One adult with garantinivå at the lowest, the mean and the highest rent, by the rules at the year's end."""
    world, flats, last = money.world, money.plan.flats, money.world.days[-1]
    rents = {
        "lägsta hyran": min(flat.lag for flat in flats),
        "medelhyran": sum(flat.mid for flat in flats) / len(flats),
        "högsta hyran": max(flat.hog for flat in flats),
    }
    least, each = world.rule("minimibelopp.under_65.ensam", last), guaranteed(world, last)
    rows = []
    for where, rent in rents.items():
        given = allowance(world, rent, 1, last)
        if None in (least, each, given):
            return None
        alone = replace(money.plan, flats=(Flat(rent, rent, money.plan.oppnar, "", 1, 0, nan),))
        kbh = Money(world, alone).kbh(last, "mid")[0]
        left = each / 12 + given + kbh - rent
        row = {"hyra": where, "hyra_kr": rent, "inkomst_kr": each / 12, "bostadstillagg_kr": given, "kbh_kr": kbh}
        rows.append(row | {"kvar_kr": left, "minimibelopp_kr": least, "skillnad_kr": left - least})
    return rows


def amounts(money: Money) -> dict[str, dict[str, float]]:
    """What each effect does to the unit's net cost, or to its frame, in the year and over a full year."""
    found = {}
    for name, (months, helar) in money.effects.items():
        sign, ar = -1 if name == "hyresintakt" else 1, sum(months)
        mine = ("kr_ram", "kr_ram_helar") if name == "lss_peng" else ("kr", "kr_helar")
        found[name] = dict.fromkeys(AMOUNTS, 0.0) | dict(zip(mine, (sign * ar, sign * helar), strict=True))
    return found


def net(money: Money) -> dict[str, float]:
    return {key: sum(kr[key] for kr in amounts(money).values()) for key in AMOUNTS}


def brygga(money: Money, start: Plan) -> Rows:
    """From without the home to with it; where the scenario differs from none, from that to it, change by change."""
    leg = "Enhetens nettokostnad utan och med boendet"
    rows = [{"steg": "Utan boendet", "typ": "start", "forandring": 0, "brygga": leg, **dict.fromkeys(AMOUNTS, 0.0)}]
    parts = amounts(money).items()
    rows += [{"steg": SAID[name], "typ": name, "forandring": 0, "brygga": leg, **kr} for name, kr in parts]
    rows.append({"steg": "Med boendet", "typ": "slut", "forandring": 0, "brygga": leg, **net(money)})
    changes = [(nr, change) for nr, change in enumerate(money.world.changes, 1) if touches(change)]
    return rows + (_of_changes(money, start, changes) if money.world.changes else [])


def touches(change: dict[str, Any]) -> bool:
    """Whether a change is one that this report computes."""
    ours = ("kbh.", "minimibelopp.", "bostadstillagg.", "garantiniva.", "prisbasbelopp", "gruppbostad.", "extern_")
    rule = change["typ"] == "regel" and change["regel"].startswith((*ours, "lss_peng."))
    return rule or change["typ"] == "nytt_boende" or "prislista" in change


def under(money: Money, start: Plan, changes: tuple[dict[str, Any], ...]) -> Money:
    """The home's money under other changes."""
    world = replace(money.world, changes=changes, seen={})
    return Money(world, world.under(start))


def _of_changes(
    money: Money, start: Plan, own: list[tuple[int, dict[str, Any]]], other: tuple[dict[str, Any], ...] = ()
) -> Rows:
    """From a comparison with none of the changes: each alone on it, and each of the comparison's taken away."""
    before, end, leg = net(under(money, start, other)), net(money), "Jämförelsen → scenariot"
    steps = [(nr, change["typ"], (*other, change)) for nr, change in own]
    steps += [(nr, gone["typ"], tuple(one for one in other if one is not gone)) for nr, gone in enumerate(other, 1)]
    rows: Rows = [{"steg": "Jämförelsen", "typ": "start", "forandring": 0, **before}]
    for nr, typ, changes in steps:
        kr = net(under(money, start, changes))
        rows.append({"steg": None, "typ": typ, "forandring": nr, **{key: kr[key] - before[key] for key in AMOUNTS}})
    rest = {key: end[key] - before[key] - sum(row[key] for row in rows[1:]) for key in AMOUNTS}
    rows.append({"steg": "Samspel mellan förändringarna", "typ": "samspel", "forandring": 0, **rest})
    rows.append({"steg": "Scenariot", "typ": "slut", "forandring": 0, **end})
    return [{**row, "brygga": leg} for row in rows]


def bridge_from(money: Money, start: Plan, other: tuple[dict[str, Any], ...]) -> Rows:
    """The bridge from a scenario that shares no change with the money's own."""
    return _of_changes(money, start, [*enumerate(money.world.changes, 1)], other)


def kanslighet(money: Money) -> Rows:
    """One step of each assumption: how far it moves the result and KBH."""
    plan = money.plan
    later = opening(plan, months_on(plan.oppnar, 1))
    kept = {"tilltrade": plan.tilltrade or plan.oppnar, "personal_fran": plan.personal_fran or plan.oppnar}
    slower = [replace(flat, inflyttning=months_on(flat.inflyttning, 1)) for flat in plan.flats]
    turns: list[tuple[str, str, Plan]] = [
        ("Öppning", "en månad senare, allt flyttas med", later),
        ("Öppning", "en månad senare, personal och lokal som planerat", replace(later, **kept)),
        ("Inflyttning", "varje lägenhet en månad senare", replace(plan, flats=tuple(slower))),
    ]
    for which, words in (("lag", "lägsta"), ("hog", "högsta")):
        flats = [replace(flat, lag=getattr(flat, which), hog=getattr(flat, which)) for flat in plan.flats]
        turns.append(("Hyra", f"alla lägenheter till sin {words}", replace(plan, flats=tuple(flats))))
    if not isnan(plan.arsarbetare):
        turns.append(("Personal", "en årsarbetare till", replace(plan, arsarbetare=plan.arsarbetare + 1)))
    rows = [{"antagande": name, "steg": step, **_moved(money, turned)} for name, step, turned in turns]
    prices = sorted(money.prices)
    up = (prices[-1] - prices[0]) / (len(prices) - 1) * money.days if len(prices) > 1 else nan
    counted = any(flat.inflyttning <= day for flat in plan.flats for day, weight in money.measured_days if weight)
    row = {"antagande": "Nivå", "steg": "en boende en nivå upp, medelsteget i prislistan"}
    row |= {"resultat_ar_kr": nan if counted else 0.0, "resultat_helar_kr": up, "kbh_ar_kr": 0.0, "kbh_helar_kr": 0.0}
    return [*rows, row]


def _moved(money: Money, turned: Plan) -> dict[str, float]:
    """How far a step moves the year and the full year; a start cost that is unknown in both moves nothing."""
    both = [Money(money.world, plan) for plan in (turned, money.plan)]
    if all(isnan(one.ar("start")) for one in both):
        both = [Money(money.world, replace(one.plan, start=0.0)) for one in both]
    now, before = both
    fixed = [one.full["hyra_mid"] - one.full["personal"] for one in both]
    return {
        "resultat_ar_kr": now.ar("resultat") - before.ar("resultat"),
        "resultat_helar_kr": fixed[0] - fixed[1],
        "kbh_ar_kr": now.ar("kbh_mid") - before.ar("kbh_mid"),
        "kbh_helar_kr": now.full["kbh_mid"] - before.full["kbh_mid"],
    }


def nivaspann(money: Money) -> Rows | None:
    if not money.levels:
        return None
    peng, (low, high) = money.peng(), money.worth
    whole = {"rad": "LSS-peng på helår", "lagst_kr": peng["lagst"], "hogst_kr": peng["hogst"]}
    days = {"rad": f"Värdet av de boendes dygn {money.world.ar}, mätta eller inte", "lagst_kr": low, "hogst_kr": high}
    return [{**row, "antal_nivafordelningar": peng["antal"]} for row in (whole, days)]


def peng_fordelning(money: Money) -> Rows | None:
    rows = [{"sannolikhet": f"{n} %", "kr": money.percentile(n)} for n in (10, 25, 50, 75, 90)]
    return None if rows[0]["kr"] is None else rows


def en_kand_till(money: Money) -> Rows | None:
    if not money.levels or money.plan.platser == len(money.named):
        return None
    rows = []
    for niva in money.levels:
        peng = money.peng([*money.named, niva])
        row = {"niva": niva, "lagst_kr": peng["lagst"], "hogst_kr": peng["hogst"], "forvantad_kr": peng["vantad"]}
        width = peng["hogst"] - peng["lagst"]
        rows.append(row | {"bredd_kr": width, "antal_nivafordelningar": peng["antal"]})
    return rows


def sheets(money: Money, start: Plan) -> dict[str, Rows | None]:
    """Every table but `spann`, by its name; None for one that is not there."""
    of_money: tuple[Callable[[Money], Rows | None], ...] = (
        kalkyl, kassa, hyresfloden, per_manad, kbh_per_familj, kvar_efter_hyra, mot_extern_placering, kanslighet,
        nivaspann, peng_fordelning, en_kand_till,
    )  # fmt: skip
    return {one.__name__: one(money) for one in of_money} | {"brygga": brygga(money, start)}
