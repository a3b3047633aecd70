"""Key figures, the year in kronor and what moved of the report on sick leave, counted anew in plain Python."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import isnan, nan
from pathlib import Path
from typing import Any

from oracle import staffing_rows as raw
from oracle.staffing_hours import (
    SPACE,
    UNIT,
    Cells,
    Outlook,
    by_month,
    cells,
    manad,
    months_there,
    outlook,
    ratios,
    share,
    total,
)
from oracle.staffing_rows import Rules
from oracle.staffing_year import KINDS, SICK_PAY, WAGE, Base, World, base, moves, world

COST = (*SICK_PAY, *KINDS)


@dataclass(frozen=True)
class Report:
    """What the csv rows say of a unit up to a month, under a scenario and held against another."""

    data: Path
    rules: Rules
    enhet: str
    ar: int
    tom: int
    changes: tuple[dict[str, Any], ...] = ()
    versus: tuple[dict[str, Any], ...] = ()

    @property
    def year(self) -> range:
        return range(self.ar * 12, self.ar * 12 + self.tom)

    @property
    def left(self) -> range:
        return range(self.tom, 12)

    @cached_property
    def every(self) -> Cells:
        return cells(raw.rows(self.data, "bemanning", enhet=self.enhet))

    @cached_property
    def outturn(self) -> Cells:
        return {at: its for at, its in self.every.items() if at[1] <= self.year[-1]}

    @cached_property
    def outlook(self) -> Outlook:
        return self._outlook(self.outturn, self.year[-1], self.tom)

    def _outlook(self, of: Cells, last: int, done: int) -> Outlook:
        fewest = raw.value(self.rules, "bemanning.prognos_minsta_antal", date(self.ar, 12, 31))
        return outlook(of, last, done, fewest)

    @cached_property
    def base(self) -> Base:
        return base(self.outturn, self.ar, self.tom, self.outlook.niva)

    @cached_property
    def whole(self) -> Base:
        """The year by all months of the table."""
        of = {at: its for at, its in self.every.items() if at[1] < self.ar * 12 + 12}
        last = max(month for _, month in of)
        known = max(last - self.ar * 12 + 1, 0)
        return base(of, self.ar, known, self._outlook(of, last, known).niva if known else 0.0)

    def world(self, of: Base, changes: Any) -> World:
        return world(of, self.rules, changes, self.enhet)

    @cached_property
    def now(self) -> World:
        return self.world(self.base, self.changes)

    @cached_property
    def frame(self) -> Cells:
        """The hours with what the scenario adds to the months of its year."""
        found = {at: dict(its) for at, its in self.outturn.items()}
        for (group, month), its in found.items():
            if month in self.year:
                names = ("sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h")
                hours, extra = [its[name] for name in names], self.now.added[group, month % 12]
                its.update(zip(names, self.now.with_added(hours, extra), strict=True))
        return found

    def price(self, day: date) -> float:
        return self.now.rates[day].price

    def weights(self) -> list[float]:
        """This year's contracted hours of the months known, then last year's; else equal."""
        before = [total(self.outturn, "avtalad_tid_h", [month]) for month in range(self.ar * 12 - 12, self.ar * 12)]
        if not months_there(self.outturn, range(self.ar * 12 - 12, self.ar * 12)) or not all(before):
            return [1.0] * 12
        return [total(self.outturn, "avtalad_tid_h", [month]) for month in self.year] + before[self.tom :]

    def required(self, goal: float) -> float | None:
        """The average of the months left with which the year ends on the goal; None where there is none."""
        so_far = share(total(self.frame, "sjuk_h", self.year), total(self.frame, "avtalad_tid_h", self.year))
        done, left = sum(self.weights()[: self.tom]), sum(self.weights()[self.tom :])
        if isnan(goal) or isnan(so_far) or not self.left:
            return None
        needed = (goal * (done + left) - so_far * done) / left
        return needed if needed >= 0 else None

    def goal(self) -> float:
        """The strictest number of sick leave among the year's levels, lower being better."""
        found = [row for row in raw.rows(self.data, "mal", enhet=self.enhet, ar=str(self.ar))
                 if row["indikator"].strip(" .").casefold() == "sjukfrånvaro"]  # fmt: skip
        texts = (
            [found[0][name].removesuffix("%").strip() for name in ("arsmal", "namndmal", "kf_arsmal")] if found else []
        )
        return min((float(text) for text in texts if text.replace(".", "").isdigit()), default=nan)

    def key_figures(self) -> dict[str, float | None]:
        of, year, twelve = self.frame, self.year, range(self.year[-1] - 11, self.year[-1] + 1)
        contracted = total(of, "avtalad_tid_h", twelve) if months_there(of, twelve) else nan
        hours, sick = self.base.agreed(self.left), self.now.all_sick(self.left)
        ahead = bool(hours) and not isnan(self.outlook.varde)
        found = ratios(of, year) | {name: total(of, name, year) for name in ("overtid_h", "inhyrd_h")}
        found |= {
            "sjuklonekostnad_kr": self.now.kr(SICK_PAY, range(self.tom)),
            "ersattarkostnad_kr": self.now.kr(KINDS, range(self.tom)),
            "kr_per_procentenhet": contracted / 100 * self.price(self.now.days(self.tom - 1)[-1]),
            "sjukfranvaro_mal_procent": self.goal(),
            "kravs_resten_av_aret_procent": self.required(self.goal()),
            "prognos_ar_procent": self.outlook.varde + share(sum(self.now.added.values()), self.base.agreed()),
            "prognos_resten_procent": share(sick, hours) if ahead else None,
            "ersattarkostnad_resten_kr": self.now.kr(KINDS, self.left) if ahead else None,
        }
        return found

    def facts(self) -> dict[str, float | None]:
        """What sentences and figures say beside the key figures."""
        found: dict[str, float | None] = {}
        for when, month in (("nu", self.year[-1]), ("forra", self.year[-1] - 1)):
            there = months_there(self.frame, [month])
            found |= {f"{when}_{name}": total(self.frame, name, [month]) if there else None
                      for name in ("overtid_h", "inhyrd_h")}  # fmt: skip
        for month in range(12):
            before = ratios(self.outturn, [self.ar * 12 - 12 + month])["sjukfranvaro_procent"]
            found[f"i_fjol_{month + 1}_procent"] = before
        for month in self.left if not isnan(self.outlook.varde) else ():
            found[f"vantas_{month + 1}_procent"] = share(self.now.all_sick([month]), self.base.agreed([month]))
        middle = self.outlook.varde + share(sum(self.now.added.values()), self.base.agreed())
        low = max(self.outlook.varde - self.outlook.half, 0.0) - self.outlook.varde + middle
        ends = {"lag": low if not isnan(self.outlook.half) else nan, "hog": middle + self.outlook.half}
        for name, end in ends.items():
            found |= {f"prognos_{name}_procent": end, f"resten_{name}_procent": self.required(end)}
        return found

    def unit_months(self) -> list[dict]:
        """The table per_manad, with overtime at the mean price of the month's days."""
        rows = [row for row in by_month(self.frame, self.ar, self.tom) if row["grupp"] == UNIT]
        key = "ersattare.kr_per_timme.overtid"
        return [row | {"overtid_kr": row["overtid_h"] * self.mean(key, int(row["manad"][5:]))} for row in rows]

    def mean(self, key: str, month: int) -> float:
        """A price of a month of the year: the mean of its days."""
        days = [date(self.ar, month, day) for day in range(1, monthrange(self.ar, month)[1] + 1)]
        return sum(raw.value(self.rules, key, day) for day in days) / len(days)

    def group_months(self) -> list[dict]:
        return [row for row in by_month(self.frame, self.ar, self.tom) if row["grupp"] != UNIT]

    def costs(self) -> list[dict]:
        """The table kostnad: the months known, by group and for the unit."""
        months = range(self.tom)
        found = []
        for group in [*self.base.groups, UNIT]:
            own = "" if group == UNIT else group
            sick = sum(self.now.sick(g, m)[0] for g in self.base.groups for m in months if own in ("", g))
            lines = {line: self.now.kr([line], months, own) for line in (*COST, WAGE)}
            row = {"grupp": group, "sjuk_h": sick, **lines, "summa_kr": self.now.kr(COST, months, own)}
            found.append(row)
        return found

    def bridge(self) -> list[dict]:
        return self._since_last_year() + self._to_the_scenario()

    def _since_last_year(self) -> list[dict]:
        before = [month - 12 for month in self.year]
        if not months_there(self.outturn, before):
            return []
        names = ("avtalad_tid_h", "sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h")
        agreed, sick, short, long = (
            [total(self.outturn, name, span) for span in (before, self.year)] for name in names
        )
        scale = agreed[1] / agreed[0] if agreed[0] else nan
        middle = [whole - one - two for whole, one, two in zip(sick, short, long, strict=True)]
        steps = [("start", sick[0]), ("volym", sick[0] * scale - sick[0])]
        steps += [("langd", part[1] - part[0] * scale) for part in (short, middle, long)]
        empty = dict.fromkeys(("kr", "kr_helar", "budget_kr", "budget_helar_kr"), nan) | {"forandring": 0, "del": ""}
        leg = f"{self.ar - 1}{SPACE}→{SPACE}{self.ar}"
        return [{"brygga": leg, "typ": typ, "sjuk_h": hours, **empty} for typ, hours in [*steps, ("slut", sick[1])]]

    def moved(self) -> list[tuple[dict[str, Any], World, World]]:
        """Each change that only one of the two has, in turn: those taken away, the last first, then those put in."""
        out = [c for c in self.versus if c not in self.changes]
        states, state, which = [self.versus], [*self.versus], [*reversed(out)]
        for change in reversed(out):
            state = [c for c in state if c is not change]
            states.append(tuple(state))
        put = [c for c in self.changes if c not in self.versus]
        for count, change in enumerate(put, 1):
            states.append(tuple(c for c in self.changes if c not in put[count:]))
            which.append(change)
        worlds = [self.world(self.whole, changes) for changes in states]
        return [(change, *both) for change, both in zip(which, pairwise(worlds), strict=True)]

    def _to_the_scenario(self) -> list[dict]:
        if self.changes == self.versus:
            return []
        leg = {"brygga": "jämförelsen → scenariot"}
        ends = [self.world(self.whole, changes) for changes in (self.versus, self.changes)]
        outer = [{**leg, "typ": typ, "forandring": 0, "sjuk_h": end.all_sick(), "kr": end.kr(COST),
                  "kr_helar": sum(end.full_year[line] for line in COST), "budget_kr": nan, "budget_helar_kr": nan,
                  "del": "" if end.one_wage() else end.base.groups[0]}
                 for typ, end in zip(("start", "slut"), ends, strict=True)]  # fmt: skip
        steps = [leg | self.step(change, before, now) for change, before, now in self.moved()]
        return [outer[0], *steps, outer[1]]

    def step(self, change: dict[str, Any], before: World, now: World) -> dict[str, Any]:
        """What a change does: sick hours, the cost, and the budget with the wage that is paid or not."""
        lines = moves(change)
        kr = {line: now.kr([line]) - before.kr([line]) for line in lines}
        full = {line: now.full_year[line] - before.full_year[line] for line in lines}
        apart = lines == SICK_PAY and not (before.one_wage() and now.one_wage())
        return {
            "typ": change["typ"],
            "forandring": change["nr"],
            "sjuk_h": sum(now.added.values()) - sum(before.added.values()),
            "kr": sum(kr[line] for line in kr if line != WAGE),
            "kr_helar": sum(full[line] for line in full if line != WAGE),
            "budget_kr": sum(kr.values()),
            "budget_helar_kr": sum(full.values()),
            "del": now.base.groups[0] if apart else "",
        }

    def effects(self) -> dict[tuple[int, str, str], float]:
        """Kronor by change, effect and month, and over a full year; what is 0 is left out."""
        chain = [self.world(self.whole, self.changes[:n]) for n in range(len(self.changes) + 1)]
        found = {}
        for change, (before, now) in zip(self.changes, pairwise(chain), strict=True):
            for effect, lines in (("sjuklon", SICK_PAY), ("ersattare", KINDS), ("personal", (WAGE,))):
                if set(lines) <= set(moves(change)):
                    kr = {manad(self.ar * 12 + m): now.kr(lines, [m]) - before.kr(lines, [m]) for m in range(12)}
                    kr["helar"] = sum(now.full_year[line] - before.full_year[line] for line in lines)
                    found |= {(change["nr"], effect, month): amount for month, amount in kr.items()}
        return found

    def driven(self) -> list[float]:
        """Hours beside the monthly wage times their price: those known, then last year's at this year's pace."""
        found = [0.0] * 12
        for kind in KINDS:
            year, before = ([total(self.every, f"{kind}_h", [first + m]) for m in range(12)]
                            for first in (self.ar * 12, self.ar * 12 - 12))  # fmt: skip
            pace = sum(year[: self.tom]) / sum(before[: self.tom]) if sum(before[: self.tom]) else 1.0
            hours = year[: self.tom] + [pace * hour for hour in before[self.tom :]]
            for m, hour in enumerate(hours):
                found[m] += hour * self.mean(f"ersattare.kr_per_timme.{kind}", m + 1)
        return found
