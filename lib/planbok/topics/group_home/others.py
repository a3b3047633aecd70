"""What homes tell the other topics: what a new one does to the unit's budget, and the flats completed or begun."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.errors import InputError
from planbok.base.periods import month_end
from planbok.case.case import Case
from planbok.case.topic import FULL_YEAR, Effects, Outcome
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.lss.measurement import assumed
from planbok.lss.price_book import touches_prices
from planbok.topics.group_home import TOPIC
from planbok.topics.group_home.homes import Home
from planbok.topics.group_home.model import Year
from planbok.topics.group_home.people import by_effect
from planbok.topics.group_home.study import home_of, moves, own_levels, running, unit_tables, year_under

PENG = "lss_peng"
SMALLEST_KR = 1e-6
NAMES = {
    "kbh": "KBH",
    "lokalhyra": "lokalhyra",
    "tomgangshyra": "tomgångshyra",
    "hyresintakt": "hyresintäkt",
    "startkostnad": "startkostnad",
    "personal": "personal",
    PENG: "LSS-peng",
}
INDICATORS = {  # by the day that counts
    "antal_fardigstallda_bostader_med_sarskild_service": "oppnar",
    "antal_paborjade_bostader_med_sarskild_service": "tilltrade",
}


@dataclass
class _Homes:
    """A case's homes and their years under the scenarios that are tried, each worked out once."""

    case: Case
    homes: dict[str, Home] = field(default_factory=dict)
    made: dict[tuple[str, ...], pd.Series] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)  # of the last total that was worked out

    def year(self, boende: str, scenario: Scenario) -> Year:
        if boende not in self.homes:
            self.homes[boende] = home_of(self.case, boende, self.tables)
        return year_under(self.case, scenario, self.homes[boende])

    def total(self, changes: tuple[NumberedChange, ...]) -> pd.Series:
        """Kronor by effect and month of every home that the changes open, under those changes."""
        ids = tuple(n.id for n in changes)
        if ids not in self.made:
            self.made[ids] = self._total(changes)
        return self.made[ids]

    def _total(self, changes: tuple[NumberedChange, ...]) -> pd.Series:
        self.unknown = []
        scenario = Scenario("", "", changes=changes)
        opened = dict.fromkeys(n.change.boende for n in changes if self.opens(n))
        parts = [self.contribution(boende, scenario) for boende in opened]
        joined = pd.concat(parts) if parts else pd.Series(dtype=float, index=pd.MultiIndex.from_arrays([[], []]))
        return joined.groupby(level=[0, 1]).sum()

    def opens(self, numbered: NumberedChange) -> bool:
        """Whether a change opens a home of the unit."""
        change = numbered.change
        mine = change.typ == "nytt_boende" and change.enhet in (None, self.case.enhet)
        return mine and change.boende in self.own

    @cached_property
    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The unit's homes, and every flat."""
        return unit_tables(self.case)

    @property
    def own(self) -> list[str]:
        """The unit's homes."""
        return self.tables[0]["boende"].tolist()

    def contribution(self, boende: str, scenario: Scenario) -> pd.Series:
        """A home's kronor by effect and month; what is not known is left out and noted."""
        year = self.year(boende, scenario)
        by_effect = effects_of_year(year)
        covered = self.covered(year.home) if any(touches_prices(n.change) for n in scenario) else 0.0
        if covered:
            only_home = Scenario("", "", changes=tuple(n for n in scenario if n.change.typ == "nytt_boende"))
            at_base = effects_of_year(self.year(boende, only_home))[PENG]
            by_effect[PENG] = covered * at_base + (1 - covered) * by_effect[PENG]
        self.unknown += [
            f"{NAMES[effect]} i {boende.replace('_', ' ')}" for effect, kr in by_effect.items() if kr.isna().any()
        ]
        known = {effect: kr for effect, kr in by_effect.items() if not kr.isna().any()}
        return pd.concat(known) if known else pd.Series(dtype=float)

    def moves(self, numbered: NumberedChange, scenario: Scenario) -> bool:
        """Whether some home of the unit would have other figures without a change.

        Raises
        ------
        InputError
            With the faults of the homes that can't be worked out, if none can.
        """
        case, found, faults = replace(self.case, scenario=scenario), [], []
        for boende in self.own:
            try:
                found.append(moves(case, numbered, home_of(case, boende, self.tables)))
            except InputError as error:
                faults += error.faults
        if faults and not found:
            raise InputError(faults)
        return any(found)

    def covered(self, home: Home) -> float:
        """The share of the home's places whose residents stand in the table `beslut`.

        LSS-peng moves those when a scenario moves prices, so the home itself takes them at the prices of today.
        """
        if not self.case.sources.collection.has("beslut"):
            return 0.0
        rows = running(self.case, pd.Timestamp(self.case.ar, 12, 31))
        return min(1.0, int((rows["boende"] == home.boende).sum()) / home.platser)


def effects_of_year(year: Year) -> dict[str, pd.Series]:
    """Kronor by month, and of the full year, for each effect that a home has on the budget.

    Rents and KBH are those at the mean. A full year counts what is in force on 31 December for twelve months: no empty
    flats, and no start cost.
    """
    home, full = year.home, year.full
    is_open = year.in_force(home.oppnar)
    flows = {
        "kbh": (year.kbh("mid"), full["kbh_mid"] * is_open),
        "hyresintakt": (year.let_rent("mid"), full["hyra_mid"] * is_open),
        "personal": (year.staff, full["personal"] * year.in_force(home.personal_fran)),
        PENG: (year.peng, full["peng"] * is_open),
    }
    if home.rents_are_paid_by_tenants_only:
        flows["tomgangshyra"] = (year.empty_rent, 0.0)
    if np.isnan(home.lokalhyra_kr) or home.lokalhyra_kr:
        flows["lokalhyra"] = (year.premises, full["lokalhyra"] * year.in_force(home.tilltrade))
    flows["startkostnad"] = (year.start_cost, 0.0)
    months, month = np.unique([span.manad for span in year.conditions.spans], return_inverse=True)
    index = pd.Index([*months, FULL_YEAR])
    return {
        name: pd.Series([*np.bincount(month, kr, len(months)), helar], index) for name, (kr, helar) in flows.items()
    }


def effects(case: Case, scenario: Scenario) -> Effects:
    """Kronor by change, effect and month of the homes that a scenario opens in the unit.

    Each change is tried on what those before it left, so that its rows sum to what the scenario does. A change that
    moves nothing where it stands has no row, but moves something if some home of the unit would have other figures
    without it (a rule that a later opening needs, an opening past the year).
    """
    mine = [(place, n) for place, n in enumerate(scenario) if TOPIC.touches(n.change)]
    if not mine or case.enhet not in case.sources.collection.units("boenden"):
        return Effects()
    homes, changes = _Homes(case), tuple(scenario)
    homes.total(changes)
    unknown, kronor, moved = list(homes.unknown), [], set()
    for place, numbered in mine:
        before, now = homes.total(changes[:place]), homes.total(changes[: place + 1])
        kr = now.sub(before, fill_value=0.0)
        kr = kr[kr.abs() > SMALLEST_KR]
        kronor += [(numbered, effect, amounts.droplevel(0)) for effect, amounts in kr.groupby(level=0, sort=False)]
        if kr.empty and homes.moves(numbered, scenario):
            moved.add(numbered.id)
    found = Effects.of(kronor, unknown, moved)
    if (found.rows["effekt"] == PENG).any():
        found = replace(found, assumed=assumed(case, scenario))
    return replace(found, **_told(homes, changes, [(n.id, effect) for n, effect, _ in kronor]))


def _told(homes: _Homes, changes: tuple[NumberedChange, ...], named: list[tuple[str, str]]) -> dict[str, Any]:
    """What the kronor of each change and effect tell of: the homes that are open before or after any of the changes.

    What a change of prices does to a home's peng is a second equation about those whose prices they are.
    """
    people: dict[str, tuple] = defaultdict(tuple)
    priced: dict[str, tuple] = defaultdict(tuple)
    words: dict[str, list[str]] = defaultdict(list)
    for boende in dict.fromkeys(n.change.boende for n in changes if homes.opens(n)):
        for place in range(len(changes) + 1):
            year = homes.year(boende, Scenario("", "", changes=changes[:place]))
            group = own_levels(homes.case, year.home, year.conditions.levels)[1]
            for effect, (persons, prices) in by_effect(year, group).items():
                people[effect] += persons
                priced[effect] += prices if place == len(changes) else ()
                words[effect] = [*dict.fromkeys([*words[effect], f"{NAMES[effect]} i {boende.replace('_', ' ')}"])]
    text = {effect: " och ".join(its) for effect, its in words.items()}
    raises = {n.id for n in changes if touches_prices(n.change)}
    told = [name for name in named if name[1] in text]
    return {
        "telling": {name: text[PENG] for name in told if name[1] == PENG and name[0] in raises and priced[PENG]},
        "priced": {name: (text[name[1]], priced[name[1]]) for name in told if priced[name[1]]},
        "persons": {name: (text[name[1]], people[name[1]]) for name in told},
    }


def outcomes(case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    """Flats of the unit's homes that are completed, or begun, from January to a month.

    A home is completed on the day it opens and begun on the day of access (`tilltrade`), or the day it opens where the
    table has none. A `nytt_boende` of the case's scenario moves both by the same span. Nothing where the unit has no
    home in the year, before the scenario.
    """
    rows = case.unit_rows("boenden").to_dict("records")
    moved = {n.change.boende: n.change.oppnar for n in case.scenario if n.change.typ == "nytt_boende"}
    opening = {row["boende"]: row["oppnar"].date() for row in rows}
    if all(day.year != ar for day in opening.values()):
        return {}
    source = "boenden" + (" och scenariot" if moved else "") + ", lägenheter"
    first, last, found = date(ar, 1, 1), month_end(ar, tom_manad), {}
    for indicator, column in INDICATORS.items():
        counted = 0
        for row in rows:
            planned = row["oppnar"] if pd.isna(row[column]) else row[column]
            slipped = moved.get(row["boende"], opening[row["boende"]]) - opening[row["boende"]]
            counted += int(row["platser"]) if first <= planned.date() + slipped <= last else 0
        found[indicator] = Outcome(counted, source)
    return found
