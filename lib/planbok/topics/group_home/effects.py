"""What a scenario's new homes do to the unit's budget, as rows that the budget can take in."""

from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import pandas as pd

from planbok.case.case import Case, Sources
from planbok.case.trials import Trials
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.lss.price_book import touches_prices
from planbok.topics.group_home.homes import Home
from planbok.topics.group_home.model import Year
from planbok.topics.group_home.study import home_of, moves, running, touches, unit_tables, year_under

COLUMNS = ["forandring", "budgetrad", "sida", "manad", "kr", "underlag"]
FULL_YEAR = "helar"
UNKNOWN = "okant"  # in the frame's attrs: what a home costs or gives that is not known, and so is in no row
PENG = "lss_peng"
SMALLEST_KR = 1e-6
NO_KRONOR = pd.Series(0.0, index=pd.MultiIndex.from_tuples([("kbh", FULL_YEAR)]))
NAMES = {
    "kbh": "KBH",
    "lokalhyra": "lokalhyra",
    "tomgangshyra": "tomgångshyra",
    "hyresintakt": "hyresintäkt",
    "startkostnad": "startkostnad",
    "personal": "personal",
    PENG: "LSS-peng",
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
        return mine and change.boende in set(self.tables[0]["boende"])

    @cached_property
    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The unit's homes, and every flat."""
        return unit_tables(self.case)

    def contribution(self, boende: str, scenario: Scenario) -> pd.Series:
        """A home's kronor by effect and month; what is not known is left out and noted."""
        year = self.year(boende, scenario)
        by_effect = effects_of_year(year)
        covered = self.covered(year.home) if any(touches_prices(n.change) for n in scenario) else 0.0
        if covered:
            only_home = Scenario("", "", changes=tuple(n for n in scenario if n.change.typ == "nytt_boende"))
            at_base = effects_of_year(self.year(boende, only_home))[PENG]
            by_effect[PENG] = covered * at_base + (1 - covered) * by_effect[PENG]
        self.unknown += [f"{NAMES[effect]} i {boende}" for effect, kr in by_effect.items() if kr.isna().any()]
        known = {effect: kr for effect, kr in by_effect.items() if not kr.isna().any()}
        return pd.concat(known) if known else pd.Series(dtype=float)

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
    manad = [span.manad for span in year.conditions.spans]
    return {name: _by_month(kr, manad, helar) for name, (kr, helar) in flows.items()}


def _by_month(kr: np.ndarray, manad: list[str], helar: float) -> pd.Series:
    by_month = pd.Series(kr, index=manad).groupby(level=0).sum(skipna=False)
    return pd.concat([by_month, pd.Series({FULL_YEAR: helar})])


def effects(case: Case, scenario: Scenario) -> pd.DataFrame:
    """Kronor by change, row, side and month of the homes that a scenario opens in the unit.

    Each change is tried on what those before it left, so that its rows sum to what the scenario does. A change that
    moves nothing where it stands, but without which the whole would be another (a rule that a later opening needs), has
    a row of 0 kr, and so has an opening that moves past the year. What a home has that is not known is in no row; the
    frame's attrs name it under `okant`.
    """
    has_homes = case.sources.collection.has("boenden")
    if not has_homes or not any(n.change.typ == "nytt_boende" for n in scenario):
        return pd.DataFrame(columns=COLUMNS)
    homes, changes, frames = _Homes(case), tuple(scenario), []
    whole = homes.total(changes)
    unknown = list(dict.fromkeys(homes.unknown))
    for place, numbered in enumerate(changes):
        if not touches(numbered.change):
            continue
        before, now = homes.total(changes[:place]), homes.total(changes[: place + 1])
        kr = now.sub(before, fill_value=0.0)
        kr = kr[kr.abs() > SMALLEST_KR]
        without = changes[:place] + changes[place + 1 :]
        if kr.empty and (homes.opens(numbered) or not _same(whole, homes.total(without))):
            kr = NO_KRONOR
        frames.append(_rows(case, numbered, kr))
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
    found.attrs[UNKNOWN] = unknown
    return found


def _same(one: pd.Series, other: pd.Series) -> bool:
    return bool((one.sub(other, fill_value=0.0).abs() <= SMALLEST_KR).all())


def _rows(case: Case, numbered: NumberedChange, kr: pd.Series) -> pd.DataFrame:
    places = {effect: case.sources.placement.place(case.enhet, effect) for effect in kr.index.get_level_values(0)}
    rows = [
        (numbered.id, places[effect].budgetrad, places[effect].sida, manad, amount, numbered.change.underlag)
        for (effect, manad), amount in kr.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def moved_somewhere(sources: Sources, scenario: Scenario) -> Trials:
    """The changes without which some home of the tables would have other figures, in a year that one starts in."""
    homes = sources.collection.read("boenden").frame
    years = {n.change.starts.year for n in scenario if touches(n.change)}
    trials = Trials()
    for enhet, boende in homes[["enhet", "boende"]].itertuples(index=False):
        for ar in sorted(years):
            case = Case("gruppbostad_kbh", {"boende": boende}, enhet, ar, scenario, BAS, "ledning", sources)
            trials.run(enhet, ar, partial(_moved, case, boende))
    return trials


def _moved(case: Case, boende: str) -> set[str]:
    home = home_of(case, boende)
    return {n.id for n in case.scenario if touches(n.change) and moves(case, n, home)}
