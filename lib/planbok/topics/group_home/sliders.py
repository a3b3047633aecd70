"""What can be turned in the report's page: opening month, pace of moving in, average level, staff and rent.

Each grid is the library's own home at every combination of the dials that act together, turned as a change would.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from planbok.base.numbers import format_number
from planbok.base.periods import MONTH_NAMES, spans
from planbok.case.sliders import TRIED, Grid, Slider
from planbok.topics.group_home.dials import turned
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.homes import later
from planbok.topics.group_home.model import Year
from planbok.topics.group_home.study import Study

OPENS, PACE, LEVEL, STAFF, RENT = "oppnar", "takt", "medelniva", "arsarbetare", "hyra"
MOST_MONTHS, MOST_PACE, AS_IN_TABLE = 6, 3, -1
MOST_STAFF, STEP_STAFF = 5.0, 0.5
RENT_STEPS, RENT_STEP_KR = 4, 500
NET, FULL_YEAR, BEFORE, IN_YEAR = (
    "nettokostnad_kr_per_plats_och_dygn", "resultat_helar_kr", "kostnad_fore_oppning_kr", "resultat_ar_kr",
)  # fmt: skip
VACANT = "tomgangshyra_ar_kr"
OWN_COST = "sjalvkostnad_kr_per_plats_och_dygn"
RENTS = ("hyra_helar_lag_kr", "hyra_helar_hog_kr")
SENTENCES = (
    f"I provet kostar en plats {{{NET}}} efter hyror.",
    f"Resultatet på helår är {{{FULL_YEAR}}}.",
    "Hyrorna är högst {hyra_helar_hog_kr} på helår.",
    "KBH är högst {kbh_helar_hog_kr} på helår.",
    f"Före öppningen kostar boendet {{{BEFORE}}}.",
)
STILL = (
    "Flyttar resultatet på helår. Figurerna står still: de visar tiden före den första LSS-pengen, och nivåernas pris."
)
Flow = Callable[[Year], float]


class Turned:
    """A study's home under its dials; a dial at its position in the report leaves the home as it is."""

    def __init__(self, study: Study):
        self.study, self.year = study, study.year
        self.home, flats = study.year.home, study.year.home.flats
        self.rent = float(flats.mid.mean())
        steps = range(-RENT_STEPS, RENT_STEPS + 1)
        self.rents = {k: self.rent + k * RENT_STEP_KR for k in steps if self.rent + k * RENT_STEP_KR >= 0}
        self.opens = {k: later(self.home.oppnar, k) for k in range(-MOST_MONTHS, MOST_MONTHS + 1)}
        staff = self.home.arsarbetare
        self.staff = [staff - STEP_STAFF * int(min(MOST_STAFF, staff) / STEP_STAFF), staff + MOST_STAFF]
        self.alike = len({*flats.lag}) == len({*flats.hog}) == 1 and not self.by_income
        self.ahead = replace(study.year.conditions, ar=study.case.ar + 1, spans=spans(study.case.ar + 1))
        self.mixes = _mixes([*study.year.conditions.levels], len(flats))
        self._at: dict[tuple, Year] = {}

    @property
    def by_income(self) -> bool:
        """Whether the residents' incomes, or who they are, decide KBH."""
        cond = self.year.conditions
        return any(FAMILIES[terms.familj].follows_income for terms in (*cond.terms, cond.terms_full))

    def stated(self, name: str, at: float) -> dict[str, Any]:
        """What a dial at a position states of the home, as `dials.home_under` takes it."""
        place = int(at)
        if name == STAFF:
            return {"arsarbetare": at}
        if name == LEVEL:
            return {"kanda": self.mixes[place]} if place else {}
        if name == PACE:
            return {} if place == AS_IN_TABLE else {"manader_mellan": place}
        if not place:
            return {}
        return {"hyra_kr": self.rents[place]} if name == RENT else {"oppnar": self.opens[place]}

    def axis(self, name: str, alone: bool) -> list[float]:
        """The positions of a dial at which a figure is computed; straight lines lie between them.

        Staff moves figures along a line, so its two ends are enough. The mixes of levels in between are needed unless
        the dial is turned alone, since those who move in first have the lower level.
        """
        if name == STAFF:
            return self.staff
        if name == LEVEL:
            return [0.0, *(float(place) for place, mix in self.mixes.items() if len(mix) == 1 or not alone)]
        if name == PACE:
            return [float(pace) for pace in range(AS_IN_TABLE, MOST_PACE + 1)]
        return [*map(float, self.rents if name == RENT else self.opens)]

    def turned(self, names: Sequence[str], at: Sequence[float]) -> Year:
        """The home's year with some dials at their positions, each turned once after those before it."""
        if not names:
            return self.year
        key = (*names, *at)
        if key not in self._at:
            self._at[key] = turned(self.turned(names[:-1], at[:-1]), **self.stated(names[-1], at[-1]))
        return self._at[key]

    def grids(self, names: Sequence[str], flows: Mapping[str, Flow], **how: Any) -> Iterator[Grid]:
        """What flows of the home's year are, by key figure, at every combination of the dials' positions.

        Levels are turned alone here: with other dials they move the year's peng only, which has a grid of its own.
        """
        axes = [self.axis(name, alone=True) for name in names]
        years = [self.turned(names, at) for at in product(*axes)]
        for key, flow in flows.items():
            values = np.array([flow(year) for year in years], float).reshape([*map(len, axes)])
            yield Grid(key, tuple(names), tuple(map(tuple, axes)), values, **how)

    def peng(self) -> Grid:
        """Peng of the year's budget by opening, pace and levels: the same where the same flats have been measured."""
        names = (OPENS, PACE, LEVEL) if self.mixes else (OPENS, PACE)
        axes = [self.axis(name, alone=False) for name in names]
        measured: dict[tuple, float] = {}
        values = []
        for opens, pace in product(*axes[:2]):
            moved = self.turned((OPENS, PACE), (opens, pace)).home.flats.inflyttning
            there = tuple((moved <= np.datetime64(day)).tobytes() for day in self.year.conditions.matdagar)
            for level in product(*axes[2:]):
                if (there, level) not in measured:
                    measured[there, level] = float(self.turned(names, (opens, pace, *level)).peng.sum())
                values.append(measured[there, level])
        array = np.array(values).reshape([*map(len, axes)])
        return Grid(IN_YEAR, names, tuple(map(tuple, axes)), array, bara_arbetsmaterial=True)


def sliders(study: Study) -> tuple[tuple[Slider, ...], tuple[Grid, ...]]:
    """The dials and what they move; none where rents or staff are not known."""
    home = study.year.home
    if np.isnan([home.flats.mid.sum(), home.arsarbetare]).any():
        return (), ()
    tried = Turned(study)
    return tuple(_dials(tried)), tuple(_grids(tried))


def _mixes(levels: list[str], places: int) -> dict[int, dict[str, int]]:
    """Residents by level for each average, a place more on the upper of two levels at a time.

    >>> _mixes(["1", "2"], 2)
    {1: {'1': 2}, 2: {'1': 1, '2': 1}, 3: {'2': 2}}
    """
    found: list[dict[str, int]] = []
    for low, high in zip(levels, levels[1:], strict=False):
        found += [{low: places} if not up else {low: places - up, high: up} for up in range(places)]
    return dict(enumerate([*found, *({niva: places} for niva in levels[-1:])], start=1))


def _dials(tried: Turned) -> Iterator[Slider]:
    home, opens = tried.home, {place: f"{MONTH_NAMES[day.month - 1]} {day.year}" for place, day in tried.opens.items()}
    change = {"typ": "nytt_boende", "boende": home.boende, "oppnar": f"{{{OPENS}}}", **TRIED}
    days = {place: day.isoformat() for place, day in tried.opens.items()}
    yield Slider(
        OPENS, "Öppnar", "", -MOST_MONTHS, MOST_MONTHS, 1, 0, {},
        namn=opens, skrivs=days, andring=change,
    )  # fmt: skip
    paces = {AS_IN_TABLE: "som i tabellen", 0: "alla på en gång", 1: "1 månad"}
    paces |= {pace: f"{pace} månader" for pace in range(2, MOST_PACE + 1)}
    pace = {"manader_mellan_inflyttningar": f"{{{PACE}}}"}
    yield Slider(
        PACE, "Mellan inflyttningarna", "", AS_IN_TABLE, MOST_PACE, 1, AS_IN_TABLE, {},
        namn=paces, andring=change | pace,
    )  # fmt: skip
    if tried.mixes:
        known = {
            place: f"{{{', '.join(f'{niva}: {n}' for niva, n in mix.items())}}}" for place, mix in tried.mixes.items()
        }
        yield Slider(
            LEVEL, "Genomsnittlig nivå", "", 0, len(tried.mixes), 1, 0, {},
            namn={0: "som i tabellen", **{place: _mean(mix) for place, mix in tried.mixes.items()}},
            skrivs=known, andring=change | {"kanda_nivaer": f"{{{LEVEL}}}"}, bara_arbetsmaterial=True,
            star_still=STILL,
        )  # fmt: skip
    low, high = tried.staff
    yield Slider(
        STAFF, "Personal", "årsarbetare", low, high, STEP_STAFF, home.arsarbetare, {},
        andring=change | {"arsarbetare": f"{{{STAFF}}}"},
    )  # fmt: skip
    rents = {place: format_number(kr, 0) for place, kr in tried.rents.items()}
    yield Slider(
        RENT, "Hyra per lägenhet", "kr i månaden", min(tried.rents), max(tried.rents), 1, 0, {}, namn=rents,
        skrivs={place: f"{kr:.10g}" for place, kr in tried.rents.items()},
        andring=change | {"hyra_kr_per_manad": f"{{{RENT}}}"},
    )  # fmt: skip


def _mean(mix: dict[str, int]) -> str:
    places = sum(mix.values())
    return format_number(sum(int(niva) * number for niva, number in mix.items()) / places, 1)


def _grids(tried: Turned) -> Iterator[Grid]:
    """Every key figure by the dials that move it; amounts that are sums of flows by each of the flows."""
    ends = ("lag", "hog")
    yield from tried.grids((OPENS, RENT), {f"hyra_ar_{end}_kr": partial(_sum_of, Year.rent, end) for end in ends})
    yield from tried.grids((RENT,), {f"hyra_helar_{end}_kr": partial(_full, f"hyra_{end}") for end in ends})
    kbh = {f"kbh_helar_{end}_kr": partial(_full, f"kbh_{end}") for end in ends}
    yield from tried.grids((RENT,), kbh, bara_arbetsmaterial=tried.by_income)
    let: dict[str, Flow] = {f"kbh_ar_{end}_kr": partial(_sum_of, Year.kbh, end) for end in ends}
    let |= {VACANT: lambda one: one.empty_rent.sum()}
    vacant = tried.home.rents_are_paid_by_tenants_only
    let |= {IN_YEAR: lambda one: one.let_rent("mid").sum() - vacant * one.empty_rent.sum()}
    for grid in tried.grids((OPENS, PACE, RENT), let):
        yield replace(grid, bara_arbetsmaterial=grid.nyckeltal == IN_YEAR or not tried.alike)
    due: dict[str, Flow] = {IN_YEAR: lambda one: -(one.staff + one.premises + one.start_cost).sum()}
    yield from tried.grids((OPENS, STAFF), {BEFORE: lambda one: one.before_opening, **due})
    yield tried.peng()
    for name, shown in ((STAFF, ()), (RENT, RENTS)):
        net: dict[str, Flow] = {NET: lambda one: one.net_per_place_and_day, FULL_YEAR: lambda one: one.result_full_year}
        net |= {OWN_COST: lambda one: one.cost_per_place_and_day} if name == STAFF else {}
        yield from tried.grids((name,), net, oppen=shown)
    yield from _cash(tried)
    if tried.mixes:
        yield from tried.grids((LEVEL,), _of_levels(tried.year.conditions.days))


def cash_until(month: str) -> str:
    """What the figure of cash calls a month."""
    return f"kassa.{month}"


def _cash(tried: Turned) -> Iterator[Grid]:
    """Money in minus out until each month of the figure of cash: by opening, pace and rent, and what other staff add.

    A mark moves by the sum of its grids, so the second has nothing at the home's own staff, whenever it opens.
    """
    for names in ((OPENS, PACE, RENT), (OPENS, STAFF)):
        axes = [tried.axis(name, alone=False) for name in names]
        if RENT in names and tried.alike:
            axes[-1] = [axes[-1][0], axes[-1][-1]]  # one rent for all is a line
        sums = np.array([_money(tried, tried.turned(names, at)) for at in product(*axes)]).reshape(
            [*map(len, axes), -1]
        )
        if STAFF in names:
            sums -= np.array([_money(tried, tried.turned((OPENS,), (at,))) for at in axes[0]])[:, None]
        for place in range(sums.shape[-1]):
            month = f"{tried.year.conditions.ar + place // 12}-{place % 12 + 1:02d}"
            yield Grid(
                cash_until(month), names, tuple(map(tuple, axes)), sums[..., place],
                oppen=(VACANT,), bara_arbetsmaterial=not tried.alike, ritas=True,
            )  # fmt: skip


def _money(tried: Turned, year: Year) -> np.ndarray:
    """Money in minus out until each month of the year and of the next, kr."""
    found, vacant = np.zeros(24), tried.home.rents_are_paid_by_tenants_only
    for first, one in ((0, year), (12, replace(year, conditions=tried.ahead))):
        kr = one.let_rent("mid") - one.staff - one.premises - one.start_cost - vacant * one.empty_rent
        months = one.conditions.starts.astype("datetime64[M]").astype(int) % 12  # 1970-01 is 0
        found += np.bincount(first + months, kr, minlength=24)
    return found.cumsum()


def _sum_of(flow: Callable[[Year, str], np.ndarray], end: str, year: Year) -> float:
    return flow(year, end).sum()


def _full(name: str, year: Year) -> float:
    return year.full[name]


def _of_levels(days: int) -> dict[str, Flow]:
    """What the residents' levels move over a full year."""
    return {
        "peng_lagst_kr": lambda one: one.spread.lagst * days,
        "peng_hogst_kr": lambda one: one.spread.hogst * days,
        "peng_forvantad_kr": lambda one: one.spread.forvantad * days,
        FULL_YEAR: lambda one: one.result_full_year,
    }
