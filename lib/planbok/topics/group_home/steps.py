"""What explains a home's money and what could move it: the bridge, each assumption's step, and the years drawn."""

from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.base.words import large
from planbok.case.result import Column, Table
from planbok.case.said import described, filled
from planbok.case.study import differing
from planbok.case.topic import FULL_YEAR
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.ledger.bridge import Amounts, Step, bridge
from planbok.topics.group_home import TOPIC
from planbok.topics.group_home.dials import turned
from planbok.topics.group_home.homes import later
from planbok.topics.group_home.model import Year
from planbok.topics.group_home.others import NAMES, PENG, effects_of_year
from planbok.topics.group_home.people import NOBODY, Persons, Told
from planbok.topics.group_home.study import Study, year_under
from planbok.topics.group_home.tables import declared, no_start

REVENUE = ("hyresintakt",)
WITHOUT, WITH, NET_LEG = "Utan boendet", "Med boendet", "Enhetens nettokostnad utan och med boendet"
TO_SCENARIO = "Jämförelsen → scenariot"


def net_cost(year: Year) -> Amounts:
    """What the home does to the unit's net cost and frame, kr in the year and over a full year; KBH is in it."""
    parts = amounts_by_effect(year)
    total = np.array([[a.kr, a.kr_helar, a.kr_ram, a.kr_ram_helar] for a in parts.values()]).sum(axis=0)
    return Amounts(*map(float, total))


def amounts_by_effect(year: Year) -> dict[str, Amounts]:
    """Each effect of the home on the unit's net cost, or on its frame; what is not known is NaN."""
    found = {}
    for name, kr in effects_of_year(year).items():
        ar, helar = float(kr.iloc[:-1].sum(skipna=False)), float(kr[FULL_YEAR])
        sign = -1 if name in REVENUE else 1
        found[name] = Amounts(0.0, 0.0, ar, helar) if name == PENG else Amounts(sign * ar, sign * helar)
    return found


def bridge_table(study: Study, persons: Persons) -> Table:
    """From the unit without the home to with it, effect by effect; and from the comparison to the scenario."""
    start, end = Amounts(0.0, 0.0), net_cost(study.year)
    parts = amounts_by_effect(study.year)
    steps = [Step(name, 0, large(NAMES[name]), amounts) for name, amounts in parts.items()]
    rows = bridge((WITHOUT, start), steps, (WITH, end))
    legs = [rows[rows["typ"] != "samspel"].assign(brygga=NET_LEG)]
    if study.case.scenario.id != study.case.jamfor_med.id:
        legs.append(scenario_bridge(study).assign(brygga=TO_SCENARIO))
    frame = pd.concat(legs, ignore_index=True)
    which = (Column("brygga", "Brygga"),) if len(legs) > 1 else ()
    columns = (
        *which,
        Column("steg", "Steg"),
        Column("kr", f"Nettokostnad {study.case.ar}", signed=True),
        Column("kr_helar", "Nettokostnad, helår", signed=True),
        Column("kr_ram", f"Ram {study.case.ar}", signed=True),
        Column("kr_ram_helar", "Ram, helår", signed=True),
    )
    extra = ("typ", "forandring") if which else ("brygga", "typ", "forandring")
    title = "Så påverkar boendet enhetens nettokostnad och ram"
    more = declared(frame, _bridge_told(study, persons, frame))
    return Table("brygga", title, frame, columns, note=no_start(study), extra=extra, **more)


def _bridge_told(study: Study, persons: Persons, frame: pd.DataFrame) -> dict[str, list[Told]]:
    """Whom each step tells of; a step of the scenario that moves peng is a second equation about the same persons."""
    flows = {
        "kbh": (persons.kbh, persons.kbh_full),
        "hyresintakt": (persons.let, persons.flats),
        "tomgangshyra": (persons.let, NOBODY),
    }
    whole = persons.let + persons.kbh, persons.flats + persons.kbh_full
    peng = {"kr_ram": persons.peng, "kr_ram_helar": persons.peng_full}
    found: dict[str, list[Told]] = {key: [] for key in ("kr", "kr_helar", *peng)}
    for row in frame.to_dict("records"):
        to_scenario, end = row["brygga"] == TO_SCENARIO, row["typ"] in ("start", "slut")
        of = whole if to_scenario or row["typ"] == "slut" else flows.get(row["typ"], (NOBODY, NOBODY))
        for key, told in zip(("kr", "kr_helar"), of, strict=True):
            found[key].append(told if row[key] else NOBODY)
        for key, told in peng.items():
            mine = persons.peng_before(key) if to_scenario and row["typ"] == "start" else told
            again = mine if end or not to_scenario else mine + persons.one if mine.priced else mine
            found[key].append(again if row[key] else NOBODY)
    return found


def scenario_bridge(study: Study) -> pd.DataFrame:
    """Each change that only one of the two scenarios has, alone on the comparison; and what they do together."""
    other = study.case.jamfor_med
    own, left = ([n for n in its if TOPIC.touches(n.change)] for its in differing(study.case.scenario, other))
    steps = [_step(study, n, (*other, n), "") for n in own]
    steps += [_step(study, n, tuple(kept for kept in other if kept.id != n.id), "Utan: ") for n in left]
    return bridge(("Jämförelsen", net_cost(study.versus)), steps, ("Scenariot", net_cost(study.year)))


def _step(study: Study, numbered: NumberedChange, changes: tuple, prefix: str) -> Step:
    alone, base = _alike(year_under(study.case, Scenario("", "", changes=changes), study.home), study.versus)
    text = filled("{}{}", prefix, described(numbered.change))
    return Step(numbered.change.typ, numbered.nr, text, net_cost(alone) - net_cost(base))


def turns(year: Year) -> list[tuple[str, str, Year]]:
    """Each assumption, one step of it in words, and the year after it: days by a month, staff by one, rents to ends."""
    home = year.home
    month_later = turned(year, oppnar=later(home.oppnar, 1))
    started = replace(
        month_later.home,
        tilltrade=home.tilltrade or home.oppnar,
        personal_fran=home.personal_fran or home.oppnar,
    )
    moves = np.array([later(day.item(), 1) for day in home.flats.inflyttning], dtype="datetime64[D]")
    slower = replace(home, flats=replace(home.flats, inflyttning=moves))
    found = [
        ("Öppning", "en månad senare, allt flyttas med", month_later),
        ("Öppning", "en månad senare, personal och lokal som planerat", replace(year, home=started)),
        ("Inflyttning", "varje lägenhet en månad senare", replace(year, home=slower)),
    ]
    for which, words in (("lag", "lägsta"), ("hog", "högsta")):
        rent = getattr(home.flats, which)
        flats = replace(home.flats, lag=rent, hog=rent)
        found.append(("Hyra", f"alla lägenheter till sin {words}", replace(year, home=replace(home, flats=flats))))
    if not np.isnan(home.arsarbetare):
        found.append(("Personal", "en årsarbetare till", turned(year, arsarbetare=home.arsarbetare + 1)))
    return found


def level_step(year: Year) -> float:
    """What one resident one level up means over a full year, kr: the mean step between levels next to each other."""
    prices = np.sort(year.conditions.peng_full)
    return float(np.diff(prices).mean() * year.conditions.days) if len(prices) > 1 else np.nan


def sensitivity_table(study: Study, persons: Persons) -> Table:
    """What one step of each assumption means in kronor: result and KBH, in the year and over a full year."""
    year = study.year
    rows = [(name, words, *_moved(after, year)) for name, words, after in turns(year)]
    step = level_step(year)
    now = np.nan if year.measured_days.any() else 0.0  # no measurement of the year counts anybody
    rows.append(("Nivå", "en boende en nivå upp, medelsteget i prislistan", now, step, 0.0, 0.0))
    keys = ["resultat_ar_kr", "resultat_helar_kr", "kbh_ar_kr", "kbh_helar_kr"]
    frame = pd.DataFrame(rows, columns=["antagande", "steg", *keys])
    titles = (f"Resultat {study.case.ar}", "Resultat, helår", f"KBH {study.case.ar}", "KBH, helår")
    columns = [Column("antagande", "Antagande"), Column("steg", "Steg")]
    columns += [Column(key, title, signed=True) for key, title in zip(keys, titles, strict=True)]
    of_year = persons.let + (persons.peng + persons.one if persons.peng.priced else persons.peng)
    last = len(frame) - 1
    told = {
        "resultat_ar_kr": [*[Told(of_year.tells)] * last, NOBODY],
        "resultat_helar_kr": [*[persons.flats] * last, NOBODY],
        "kbh_ar_kr": [*[persons.kbh] * last, NOBODY],
        "kbh_helar_kr": [*[persons.kbh_full] * last, NOBODY],
    }
    told = {key: [one if kr else NOBODY for one, kr in zip(its, frame[key], strict=True)] for key, its in told.items()}
    return Table("kanslighet", "Vad ett steg i varje antagande betyder", frame, tuple(columns), **declared(frame, told))


def _moved(now: Year, before: Year) -> tuple[float, float, float, float]:
    """How far a step moves the result and KBH, in the year and over a full year, kr.

    The full year's expected peng is the same in both, so it is left out where it is not known; and so is a start cost
    that is not known, where both have it in the year.
    """
    full = [y.full["hyra_mid"] - y.full["personal"] for y in (now, before)]
    now, before = _alike(now, before)
    result = float(now.result.sum() - before.result.sum())
    kbh = float(now.kbh("mid").sum() - before.kbh("mid").sum())
    return result, full[0] - full[1], kbh, now.full["kbh_mid"] - before.full["kbh_mid"]


def _alike(now: Year, before: Year) -> tuple[Year, Year]:
    """Two years whose difference is to be taken, without the start cost where both need it and it is not known."""
    if np.isnan(now.start_cost).any() and np.isnan(before.start_cost).any():
        now, before = (replace(y, home=replace(y.home, startkostnad_kr=0.0)) for y in (now, before))
    return now, before


def range_table(study: Study, persons: Persons) -> Table:
    """Where each year's result, KBH and empty rent land in eight cases of ten.

    The result's rows rest on the levels of few persons, and are for working papers only.
    """
    frame = study.drawn.ranges(study.case.ar)
    names = {"resultat": "Resultat utan KBH", "kbh": "KBH", "tomgang": "Tomgångshyra"}
    frame["namn"] = frame["tal"].map(names)
    levels = persons.one if persons.peng_full.priced else NOBODY
    flows = {"resultat": persons.let + levels, "kbh": persons.kbh, "tomgang": persons.let}
    columns = (
        Column("ar", "År"),
        Column("namn", "Tal"),
        Column("plan_kr", "Enligt planen"),
        Column("lag_kr", "Lågt (10 %)"),
        Column("median_kr", "Mitten"),
        Column("hog_kr", "Högt (90 %)"),
    )
    title = "Hur långt från planen åren kan hamna"
    of_rows = [Told(flows[name].tells) for name in frame["tal"]]
    more = declared(frame, dict.fromkeys(("plan_kr", "lag_kr", "median_kr", "hog_kr"), of_rows))
    return Table("spann", title, frame, columns, note=no_start(study), extra=("tal",), **more)
