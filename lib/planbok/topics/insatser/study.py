"""From a case to the unit's insatser month by month: what runs, what is flagged, and what moved the cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.analysis.chains import Chains, chains
from planbok.analysis.warning import FlagLimits, backtest, flags, means
from planbok.base.errors import InputError
from planbok.base.periods import last_day
from planbok.case.case import Case
from planbok.case.study import OfMonths, decided, month_of, refuse_late, trying
from planbok.inputs.scenario.load import Scenario
from planbok.lss.causes import as_known
from planbok.lss.measurement import DAYS_RULE, days_of
from planbok.topics.insatser.cost import Moved, Prices, costed, difference
from planbok.topics.insatser.series import (
    FLOWS,
    Counts,
    Series,
    TooFewError,
    counted,
    day_number,
    moved,
    reaches,
    with_sum,
)

FEWEST_MONTHS = 12
KNOWN = "Besluten som budgeten kände"
SHARE_RULE = "varning.andel_procent"


@dataclass(frozen=True)
class Flag:
    """A count that is far from those before it: `kr` and `helar_kr` are what it means if it stays.

    senaste, medel   the last month's chains, and the mean that they are held against; NaN where what stands tells of no
             flag yet
    kr       from the day after the month to 31 December; NaN without a price
    helar_kr the same over the year's all days
    tried, false   earlier flags of the insats, and how many of them were false
    prices   (decision,) kr for a day of each running decision; `cell` the cell of the price list that it is in
    """

    insats: str
    senaste: float
    medel: float
    kr: float
    helar_kr: float
    tried: int
    false: int
    prices: np.ndarray
    cell: np.ndarray
    rises: bool = True

    @property
    def change(self) -> float:
        """How many chains more (plus) or fewer than the mean."""
        return self.senaste - self.medel


@dataclass(frozen=True)
class Study(OfMonths):
    """All that the report on granted insatser shows, before it is put into words."""

    case: Case
    tom_manad: int
    rows: pd.DataFrame  # the unit's decisions, without what is given without one
    chains: Chains
    bas: Series
    series: Series  # under the case's scenario
    versus: Series
    limits: FlagLimits
    share: float  # the share of an insats that has none of its own, per cent
    stood: Counts | None = None  # what others see of the counts (`steady`), and of women and men
    sexes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    exact: Series | None = None  # the series itself, where `series` has what stands
    kept: dict = field(default_factory=dict, compare=False, repr=False)  # what is worked out of the decisions alone

    @cached_property
    def counts(self) -> Counts:
        """What the report says of the series."""
        if self.stood is not None:
            return self.stood
        series, year = self.series, self.year
        months = np.array(series.months)
        decided = np.bincount(self.chains.row_code[self.decided_in_year], minlength=len(series.insatser))
        sums = {kind: with_sum(getattr(series, kind)[year].sum(axis=0)) for kind in FLOWS[:-1]}
        return Counts(
            running=with_sum(series.running),
            persons=series.persons,
            decisions=float(series.decisions[-1].sum()),
            sums=sums | {FLOWS[-1]: with_sum(decided)},
            ago=with_sum(series.before if len(months) == FEWEST_MONTHS else series.running[-FEWEST_MONTHS - 1]),
            running_in=np.broadcast_to(months[:, None], with_sum(series.running).shape),
            persons_in=months,
            sums_in=dict.fromkeys(FLOWS, self.tom_manad),
        )

    @property
    def decided_in_year(self) -> np.ndarray:
        """(decision,) whether each was taken in the year's months."""
        month = self.rows["beslutsdatum"].to_numpy().astype("datetime64[M]")
        first, last = (np.datetime64(self.year_months[place], "M") for place in (0, -1))
        return (month >= first) & (month <= last)

    @property
    def year_months(self) -> list[str]:
        """January to the last month."""
        return [f"{self.ar}-{month:02d}" for month in range(1, self.tom_manad + 1)]

    @property
    def year(self) -> slice:
        """The year's months of the series."""
        return self.series.since(self.year_months[0])

    @cached_property
    def prices(self) -> Prices:
        """What a day or an hour of each decision costs."""
        return Prices(self.case, self.rows)

    @cached_property
    def flags(self) -> list[Flag]:
        """The flagged insatser, the largest change first."""
        values, true = self.series.running.astype(float), (self.exact or self.series).running.astype(float)
        mean, past = means(values, self.limits.window), backtest(true, self.limits)
        shown = flags(values, self.limits)[-1]
        found = []
        for place in np.flatnonzero(raised := flags(true, self.limits)[-1]):
            told = shown[place] == raised[place]  # what stands is flagged too
            now, before = (values[-1, place], mean[-1, place]) if told else (np.nan, np.nan)
            flag = self._flag(int(place), now, before, int(past.tried[place]), int(past.false[place]))
            found.append(replace(flag, rises=bool(raised[place] == 1)))
        return sorted(found, key=lambda flag: -np.nan_to_num(abs(flag.change)))

    def _flag(self, place: int, value: float, mean: float, tried: int, false: int) -> Flag:
        """A flag in kronor: change * mean price of a day for those who have one * days."""
        day = self.last_day
        at = self.runs_on(day) & (self.chains.row_code == place)
        price = self._day_prices[at]
        per_day = float(np.nanmean(price)) if np.isfinite(price).any() else np.nan
        left = (last_day(self.ar) - day).days
        change = (value - mean) * per_day
        cell = self.prices.cell[at]
        name = self.series.insatser[place]
        return Flag(name, value, mean, change * left, change * days_of_year(self.ar), tried, false, price, cell)

    def runs_on(self, day: date) -> np.ndarray:
        """(decision,) whether each runs on a day."""
        return (self.chains.row_first <= day_number(day)) & (self.chains.row_end > day_number(day))

    @cached_property
    def _day_prices(self) -> np.ndarray:
        """kr for a day of each decision: hours are spread evenly over the year."""
        price = self.prices.on(self.last_day)
        hours = self.rows["timmar_per_manad"].to_numpy() * 12 / days_of_year(self.ar)
        return np.where(self.prices.hourly, hours * price, price)

    @cached_property
    def past_flags(self) -> tuple[int, int]:
        """Earlier flags of all insatser that can be tried, and how many of them were false."""
        own = replace(self.limits, share=self.limits.share[: len(self.bas.insatser)])  # a scenario's insatser come last
        past = backtest(self.bas.running.astype(float), own)
        return int(past.tried.sum()), int(past.false.sum())

    @cached_property
    def unlike_measured(self) -> int:
        """How many chains more or fewer run on the measurement days than persons have a decision on an insats.

        Days without a decision inside a chain are none: the chain runs on them, and nobody has a decision.
        """
        stated = self.case.rule(DAYS_RULE).varde
        years = {int(month[:4]) for month in self.bas.months}
        unlike = 0
        for day in (day for year in sorted(years) for day in days_of(stated, year)):
            runs = self.runs_on(day)
            having = self.rows.loc[runs, ["person", "insats"]].drop_duplicates()
            there = self.chains.running_on(day_number(day))[np.unique(self.chains.of_row[runs])]
            unlike += abs(int(there.sum()) - len(having))
        return unlike

    @cached_property
    def compared_since(self) -> dict[str, date]:
        """What the cost is compared with, and the first day from which the decisions may differ from it."""
        measured = self.case.rule(DAYS_RULE).varde
        known = days_of(measured, self.ar - 1)[1]
        return {f"Samma månader {self.ar - 1}": date(self.ar - 1, 1, 1), KNOWN: known + timedelta(days=1)}

    @cached_property
    def drivers(self) -> dict[str, Moved]:
        """What moved the cost of the year's months since last year, and since the decisions that the budget knew."""
        now = costed(self.case, self.prices, self.year_months)
        before = [f"{self.ar - 1}-{month[5:]}" for month in self.year_months]
        known = Prices(self.case, as_known(self.rows, self.compared_since[KNOWN] - timedelta(days=1)))
        then = costed(self.case, self.prices, before), costed(self.case, known, self.year_months)
        return {name: difference(one, now) for name, one in zip(self.compared_since, then, strict=True)}


def study(case: Case) -> Study:
    """The unit's insatser up to a month, under the case's scenarios.

    Raises
    ------
    InputError
        If the month does not exist, the unit has no decisions, or a change takes more persons than there are.
    """
    tom = month_of(case)
    rows = decided(case)
    found = chains(rows, case.rule("insatser.lucka_dagar").varde)
    last = f"{case.ar}-{tom:02d}"
    bas = counted(rows, found, last, _months_shown(case, rows, last))
    refuse_late(case, lambda change: reaches(change, case.enhet))
    series = _under(bas, case, case.scenario)
    limits, share = read_limits(case, case.scenario, series.insatser)
    return Study(
        case=case,
        tom_manad=tom,
        rows=rows,
        chains=found,
        bas=bas,
        series=series,
        versus=_under(bas, case, case.jamfor_med),
        limits=limits,
        share=share,
    )


def tried(done: Study, scenario: Scenario) -> Study:
    """The study under any changes; what it reads is not noted in the case's journal.

    Raises
    ------
    InputError
        If a change takes more persons than there are.
    """
    case = trying(done.case, scenario)
    series = _under(done.bas, case, scenario)
    limits, share = read_limits(case, scenario, series.insatser)
    return replace(done, case=case, series=series, limits=limits, share=share)


def read_limits(case: Case, scenario: Scenario, insatser: list[str]) -> tuple[FlagLimits, float]:
    """When a count is flagged, by the rules under a scenario, and the share of those without a rule of their own."""
    first = date(case.ar, month_of(case), 1)
    window, share, least, ahead = (
        case.rule(f"varning.{name}", first, scenario).varde
        for name in ("fonster_manader", "andel_procent", "minst_antal", "provas_manader")
    )
    named = {name: f"{SHARE_RULE}.{name}" for name in insatser}
    own = {
        name: case.rule(key, first, scenario).varde for name, key in named.items() if key in case.sources.rules.series
    }
    by_series = np.array([own.get(name, share) for name in insatser]) / 100
    return FlagLimits(int(window), by_series, least, int(ahead)), float(share)


def days_of_year(ar: int) -> int:
    """Days of a year."""
    return (last_day(ar) - last_day(ar - 1)).days


def _months_shown(case: Case, rows: pd.DataFrame, last: str) -> int:
    """Months back that the table can tell: from the first decision that ended, since it then holds what has ended."""
    most = case.rule("insatser.manader_flest").varde
    ended = rows["till"].min()
    if pd.isna(ended):
        return FEWEST_MONTHS
    back = int(np.datetime64(last, "M") - np.datetime64(ended, "M")) + 1
    return int(np.clip(back, FEWEST_MONTHS, max(FEWEST_MONTHS, most)))


def _under(bas: Series, case: Case, scenario: Scenario) -> Series:
    try:
        return moved(bas, scenario, case.enhet)
    except TooFewError as error:
        change = error.numbered.change
        text = (
            f"förändringen behöver {-change.antal:g} personer i {change.insats} från {change.fran}, men "
            f"{error.there:g} har ett löpande beslut. Ändra antal eller datum."
        )
        raise InputError([error.numbered.fault(text, "too_few")]) from None
