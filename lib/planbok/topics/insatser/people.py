"""Whom the figures on insatser tell of: the unit's real persons before any scenario, by insats, month and sex."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planbok.analysis.chains import Chains
from planbok.case.result import People, Priced
from planbok.disclosure.policy import MEASURED, SMALLEST
from planbok.lss.insats_groups import by_insats
from planbok.topics.insatser.equality import GROUPS, SEXES, shares
from planbok.topics.insatser.study import KNOWN, Flag, Study

RUNNING, MOVED, DECIDED, FLAGGED, DIFFER = "löpande", "rörelser", "fattade", "flaggade", "skiljer"
SEX, SEX_LARGE, SEX_HOURS = "kön", "kön_index", "kön_timmar"


class Persons:
    """A study's real persons, as the result declares them."""

    def __init__(self, study: Study):
        self.study, self.bas = study, study.bas

    def people(self) -> dict[str, People]:
        """The people of the result, by name; parts are insatser, or a group and a sex.

        What is new in an insats is often what has been decided in it: neither tells of an insats that the other hides.
        """
        moved = self._frame(self.moves, ["nya", "avslutade", "omprövade", "sedan i fjol"])
        decided = self._frame(self.decided, ["fattade"])
        both = People(pd.concat([moved, decided]))
        return {
            RUNNING: by_insats(self.study.case),
            MOVED: People(moved, within=both),
            DECIDED: People(decided, within=both),
            FLAGGED: People(pd.DataFrame([{flag.insats: abs(flag.change) for flag in self.study.flags} or {"": 0}])),
            SEX: self.by_sex("antal"),
            SEX_LARGE: self.by_sex("prissatta", MEASURED),
            SEX_HOURS: self.by_sex("med_timmar"),
            DIFFER: People(self.differing, parted=True),
        }

    def _frame(self, counts: np.ndarray, occasions: list[str]) -> pd.DataFrame:
        return pd.DataFrame(counts, index=occasions, columns=self.bas.insatser, dtype=float)

    @cached_property
    def moves(self) -> np.ndarray:
        """Chains begun, ended and renewed in the year's months, and begun or ended in the last twelve, by insats."""
        year, bas = self.study.year, self.bas
        twelve = (bas.new + bas.ended)[-12:].sum(axis=0)
        return np.array([bas.new[year].sum(axis=0), bas.ended[year].sum(axis=0), bas.renewed[year].sum(axis=0), twelve])

    @cached_property
    def decided(self) -> np.ndarray:
        """Decisions taken in the year's months, by insats, one row."""
        days, months = self.study.rows["beslutsdatum"], self.study.year_months
        inside = days.dt.strftime("%Y-%m").isin(months).to_numpy()
        kinds = len(self.bas.insatser)
        return np.bincount(self.study.chains.row_code[inside], minlength=kinds)[None, :]

    def by_sex(self, counted: str, regel: str = SMALLEST) -> People:
        """Persons of each group and sex, or those of them who have a price, or hours.

        Women and men are parts of a group, and groups are parts of all women and all men: their hours are sums.
        """
        counts = shares(self.study).pivot_table(counted, "grupp", "kon", fill_value=0.0).reindex(columns=SEXES)
        counts = counts.reindex([group for group in GROUPS if group in counts.index]).fillna(0.0)
        parts = [(group, sex) for group in counts.index for sex in counts.columns]
        groups = [frozenset(part for part in parts if part[0] == group) for group in counts.index]
        sexes = [frozenset(part for part in parts if part[1] == sex and part[0] != GROUPS[-1]) for sex in SEXES]
        frame = pd.DataFrame([counts.to_numpy().ravel()], columns=pd.Index(parts, tupleize_cols=False))
        return People(frame, regel, sums=(*groups, *sexes))

    @cached_property
    def differing(self) -> pd.DataFrame:
        """Persons who began, ended or got another cell since what each year's cost is compared with, all and by kind.

        A row per comparison and kind: each kind is some of the difference by itself.
        """
        since, last = self.study.compared_since, pd.Timestamp(self.study.last_day)
        rows = self.study.rows.assign(cell=self.study.prices.cell)
        rows = rows[np.isfinite(self.study.prices.on(self.study.last_day))]  # the others cost nothing here
        found: dict[tuple[str, str], int] = {}
        for name, day in since.items():
            first = pd.Timestamp(day)
            begun, ended = rows["fran"].between(first, last), rows["till"].between(first, last, inclusive="left")
            new, gone = set(rows.loc[begun, "person"]), set(rows.loc[ended, "person"])
            several = rows.groupby("person")["cell"].transform("nunique") > 1
            changed = set(rows.loc[several & begun, "person"]) & gone
            found |= {(name, "nya"): len(new - changed), (name, "avslutade"): len(gone - changed)}
            found[name, "ändrade"] = len(changed)
        return pd.DataFrame({"": list(found.values())}, index=pd.Index(list(found), tupleize_cols=False))

    def differ(self, name: str) -> tuple[tuple[str, Any], ...]:
        """Whom a comparison of cost tells of."""
        return tuple((DIFFER, (row, "")) for row in self.differing.index if row[0] == name)

    def movers(self, place: int | None = None) -> list[set]:
        """The chains that begin or end in each month, of an insats or of all."""
        found: Chains = self.study.chains
        mine = np.ones(len(found.code), bool) if place is None else found.code == place
        sets: list[set] = [set() for _ in self.bas.months]
        for days in (found.first, found.end):
            month = np.searchsorted(self.bas.starts, days, side="right") - 1
            for chain in np.flatnonzero(mine & (month >= 0) & (month < len(sets))):
                sets[month[chain]].add(int(chain))
        return sets

    def flagged(self, flag: Flag, days: float) -> tuple[Priced, ...]:
        """A flag's kronor as persons times prices: those who have the insats, each at their share of the change."""
        priced = np.isfinite(flag.prices)
        cells = np.unique(flag.cell[priced])
        count = np.array([(flag.cell[priced] == cell).sum() for cell in cells], float)
        price = np.array([flag.prices[priced][flag.cell[priced] == cell].mean() for cell in cells])
        whole = count.sum()
        share = flag.change * days / whole if whole else 0.0
        return (Priced(count, price * share, np.array([flag.insats] * len(cells))),)

    @cached_property
    def _costed(self) -> tuple[Priced, ...]:
        """Those behind each amount: the months to date, the same months a year ago, and what the budget knew."""
        study, price = self.study, self.study.prices.on(self.study.last_day)
        last, known = study.last_day, study.compared_since[KNOWN] - timedelta(days=1)
        first = last.replace(month=1, day=1)
        year = [_a_year_before(day) for day in (first, last)]
        within = (self._there(first, last), self._there(*year), self._there(known, last))
        return tuple(self._of_cells(price, there) for there in within)

    def _there(self, first: date, last: date) -> np.ndarray:
        """(decision,) whether each runs on some day of a period."""
        rows = self.study.rows
        begun, ended = rows["fran"] <= pd.Timestamp(last), rows["till"] < pd.Timestamp(first)
        return (begun & ~ended).to_numpy()

    def cost(self) -> tuple[Priced, ...]:
        """What moved the cost: persons of the periods that are compared at the price of the year's days.

        An amount of nobody is exact, so those who have left count too: last year's amount is theirs.
        """
        return self._costed

    def repriced(self) -> tuple[Priced, ...]:
        """What other prices than last year's change the cost with: an amount in itself."""
        day = self.study.last_day
        now, before = (self.study.prices.on(one) for one in (day, _a_year_before(day)))
        change = now - before
        there = self.study.runs_on(day)
        return self.cost() + ((self._of_cells(change, there),) if np.nan_to_num(change).any() else ())

    def _of_cells(self, kr_per_day: np.ndarray, there: np.ndarray) -> Priced:
        """Persons by cell, of the decisions that are there, and what a day of each gives, over the year's days."""
        study = self.study
        keep = there & np.isfinite(kr_per_day)
        cells = np.unique(study.prices.cell[keep])
        days = (study.last_day - study.last_day.replace(month=1, day=1)).days + 1
        count = np.array([(study.prices.cell[keep] == cell).sum() for cell in cells], float)
        kr = np.array([kr_per_day[keep][study.prices.cell[keep] == cell].mean() * days for cell in cells])
        groups = [f"{study.prices.cells[cell][0]} {study.prices.cells[cell][2]}" for cell in cells]
        return Priced(count, kr, np.array(groups))


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
