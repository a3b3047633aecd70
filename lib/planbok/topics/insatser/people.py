"""Whom the figures on insatser tell of: the unit's real persons before any scenario, by insats, month and sex."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planbok.analysis.chains import chains
from planbok.case.result import People, Priced
from planbok.disclosure.policy import MEASURED, SMALLEST
from planbok.lss.insats_groups import by_insats
from planbok.topics.insatser.equality import GROUPS, SEXES, shares
from planbok.topics.insatser.series import FLOWS, day_number
from planbok.topics.insatser.study import KNOWN, Flag, Study

RUNNING, MOVED, DECIDED, FLAGGED, DIFFER = "löpande", "rörelser", "fattade", "flaggade", "skiljer"
SEX, SEX_LARGE, SEX_HOURS = "kön", "kön_index", "kön_timmar"
SEX_COUNTS = ((SEX, "antal", SMALLEST), (SEX_LARGE, "prissatta", MEASURED), (SEX_HOURS, "med_timmar", SMALLEST))


class Persons:
    """A study's real persons, as the result declares them."""

    def __init__(self, study: Study):
        self.study, self.bas = study, study.bas

    def people(self) -> dict[str, People]:
        """The people of the result, by name; parts are insatser, or a group and a sex."""
        return self.counted() | {
            FLAGGED: People(pd.DataFrame([{flag.insats: abs(flag.change) for flag in self.study.flags} or {"": 0}])),
            DIFFER: People(self.differing, parted=True),
            **self._settled({name: self.by_sex(counted, regel) for name, counted, regel in SEX_COUNTS}),
        }

    def counted(self) -> dict[str, People]:
        """Those whom the counts of each insats tell of.

        What is new in an insats is often what has been decided in it: neither tells of an insats that the other hides.
        """
        last = self.study.tom_manad
        moved = {MOVED: self.moving(last, FLOWS[0]), DECIDED: self.moving(last, FLOWS[-1])}
        return self._settled({RUNNING: by_insats(self.study.case), **moved})

    def _settled(self, found: dict[str, People]) -> dict[str, People]:
        """Some people with what was hidden of them when what stands was counted."""
        hides = self.study.counts.hides
        return {name: replace(people, hides=hides.get(name)) for name, people in found.items()}

    def moving(self, month: int, kind: str) -> People:
        """Chains begun, ended or renewed from January to a month of the year, or decisions taken, by insats.

        What hides an insats of one kind hides it of all.
        """
        frame, place = self._moved[month - 1], FLOWS.index(kind)
        return People(frame.iloc[place : place + 1], within=People(frame))

    @cached_property
    def _moved(self) -> list[pd.DataFrame]:
        """What has been from January to each of the year's months, (kind, insats)."""
        flows = [*(getattr(self.bas, name)[self.study.year] for name in FLOWS[:-1]), self.decided]
        so_far = np.stack(flows, axis=1).cumsum(axis=0).astype(float)
        return [pd.DataFrame(its, list(FLOWS), self.bas.insatser) for its in so_far]

    @cached_property
    def decided(self) -> np.ndarray:
        """Decisions taken in each of the year's months, by insats."""
        inside = self.study.decided_in_year
        month = self.study.rows.loc[inside, "beslutsdatum"].dt.month.to_numpy() - 1
        found = np.zeros((self.study.tom_manad, len(self.bas.insatser)), int)
        np.add.at(found, (month, self.study.chains.row_code[inside]), 1)
        return found

    def by_sex(self, counted: str, regel: str = SMALLEST) -> People:
        """Persons of each group and sex, or those of them who have a price, or hours.

        Women and men are parts of a group, and groups are parts of all women and all men: their hours are sums. A row
        for each of the year's months, so that what one month's report hides the next does not tell.
        """
        kept = self.study.kept
        if ("by_sex", counted) not in kept:
            kept["by_sex", counted] = self._by_sex(counted)
        return replace(kept["by_sex", counted], regel=regel)

    def _by_sex(self, counted: str) -> People:
        months, found = range(1, self.study.tom_manad + 1), shares(self.study)
        every = np.zeros((len(months), len(GROUPS), len(SEXES)))
        grupp, kon = (pd.Index(names).get_indexer(found[of]) for names, of in ((GROUPS, "grupp"), (SEXES, "kon")))
        here = grupp >= 0
        every[found["manad"].to_numpy()[here] - 1, grupp[here], kon[here]] = found[counted].to_numpy()[here]
        there = [group for group, count in zip(GROUPS, every[-1], strict=True) if count.any()]
        parts = [(group, sex) for group in there for sex in SEXES]
        groups = [frozenset(part for part in parts if part[0] == group) for group in there]
        sexes = [frozenset(part for part in parts if part[1] == sex and part[0] != GROUPS[-1]) for sex in SEXES]
        counts = every[:, np.isin(GROUPS, there)].reshape(len(months), -1)
        frame = pd.DataFrame(counts, months, pd.Index(parts, tupleize_cols=False))
        return People(frame, sums=(*groups, *sexes))

    @cached_property
    def differing(self) -> pd.DataFrame:
        """Persons who began, ended or got another cell since what each year's cost is compared with, all and by kind.

        A row per comparison and kind: each kind is some of the difference by itself. A decision that is renewed in the
        same cell is no difference, and nobody to hide among.
        """
        rows = self.study.rows.assign(insats=self.study.prices.cell)
        rows = rows[np.isfinite(self.study.prices.on(self.study.last_day))]  # the others cost nothing here
        stays, persons = chains(rows, 0), rows["person"].to_numpy()
        several = (rows.groupby("person")["insats"].transform("nunique") > 1).to_numpy()
        last = day_number(self.study.last_day)
        ends = stays.row_end == stays.end[stays.of_row]
        found: dict[tuple[str, str], int] = {}
        for name, day in self.study.compared_since.items():
            first = day_number(day)
            begun = stays.begins & (stays.row_first >= first) & (stays.row_first <= last)
            ended = ends & (stays.row_end > first) & (stays.row_end <= last)
            new, gone = set(persons[begun]), set(persons[ended])
            changed = set(persons[several & begun]) & gone
            found |= {(name, "nya"): len(new - changed), (name, "avslutade"): len(gone - changed)}
            found[name, "ändrade"] = len(changed)
        return pd.DataFrame({"": list(found.values())}, index=pd.Index(list(found), tupleize_cols=False))

    def differ(self, name: str) -> tuple[tuple[str, Any], ...]:
        """Whom the change of cost since a comparison (a name in `differing`) tells of."""
        return tuple((DIFFER, (row, "")) for row in self.differing.index if row[0] == name)

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
        """What moved the cost: persons of the periods that are compared, at the price of the year's days.

        Persons who have left count too, since last year's amount tells of them.
        """
        return self._costed

    def repriced(self) -> tuple[Priced, ...]:
        """The cost, and as an amount of its own what other prices than last year's add to it."""
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
    return (pd.Timestamp(day) - pd.DateOffset(years=1)).date()
