"""What others than the unit see of decisions in time, worked out from its rows: a count stands until enough have moved.

When a count is made anew, and what is hidden of parts and sums, is what `disclosure` says of the moves and counts that
are given it here: it knows neither rows nor cases, and is held by tests of its own.
"""

from datetime import date
from math import nan
from pathlib import Path

import numpy as np
import pandas as pd
from oracle.decided import DAY, NAMES, OPEN, as_day, in_words, month_end, months
from oracle.in_time import ALL, INTERRUPTED, WAITING, InTime, Row, after, load, rule, summed, title

from planbok.case.result import Limits, People
from planbok.disclosure.settled import settled
from planbok.disclosure.suppress import sum_can_be_safe


def span(first: date, last: date) -> list[str]:
    """The months from one day's to another's."""
    return months(f"{last:%Y-%m}", (last.year - first.year) * 12 + last.month - first.month + 1)


def in_a_row(ends: list[date]) -> str:
    """Months in words: "juni–september 2024"."""
    first, last = min(ends), max(ends)
    text = in_words(f"{last:%Y-%m}")
    if (first.year, first.month) == (last.year, last.month):
        return text
    return f"{NAMES[first.month - 1]}{'' if first.year == last.year else f' {first.year}'}–{text}"


class StoodInTime(InTime):
    """What stands of a unit's decisions on a day."""

    def __init__(self, folder: Path, day: date, changes: tuple[dict, ...], limits: Limits):
        super().__init__(folder, day, changes)
        self.limits, self.smallest = limits, limits.smallest
        first = (day + DAY).replace(day=1)
        self.last = first - DAY  # the end of the last month that has ended
        self.uncounted: set[tuple[str, str]] = (
            set()
        )  # what of a quarter so few have moved in that it is not counted yet
        self._count_persons()
        self._count_cases()

    def standing(self, moved: list[tuple], times: int, hidden: np.ndarray | None = None, parts: int = 1) -> np.ndarray:
        """The occasion at which each part and their sum stands, by occasion; who moves is numbered."""
        names = {who: number for number, who in enumerate(sorted({str(who) for *_, who in moved}))}
        rows = np.array([(at, part, names[str(who)]) for at, part, who in moved], int).reshape(-1, 3)
        return self.limits.standing(rows, np.zeros((times, parts), bool) if hidden is None else hidden)

    # ---- persons by month

    def _count_persons(self) -> None:
        ended = [one.end - DAY for one in self.rows if one.end < OPEN]
        first = min(ended) if ended else min(one.first for one in self.rows)
        self.counted = span(first, self.last)
        stays = {id(chain): chain for chain in self.chain_of.values()}.values()
        there = [{c.decisions[0].person for c in stays if c.runs(month_end(month))} for month in self.counted]
        moved = [(at, 0, who) for at in range(1, len(there)) for who in there[at] ^ there[at - 1]]
        at = self.standing(moved, len(there))[:, 0]
        self.persons = {month: len(there[n]) for n, month in enumerate(self.counted) if at[n] == n}
        self.manad = max(self.persons)

    def belastning(self) -> list[Row]:
        found: list[Row] = []
        rows = {r["manad"]: r for r in self.tables["bemanning_handlaggare"] if r["manad"] <= f"{self.day:%Y-%m}"}
        for month in sorted(rows.keys() & self.persons.keys()):
            posts = float(rows[month]["i_tjanst"]), float(rows[month]["tjanster"])
            found.append(load(month, self.persons[month], *posts, found))
        return found

    def follow(self) -> float:
        end = month_end(self.manad)
        return sum(1 / self.often(one) for one in self.rows if one.runs(end))

    # ---- what waits

    def waits(self) -> tuple[dict[str, date], list[Row]]:
        """The day on which each kind was counted, and each quarter as it stands."""
        decided = [day for day in (one.day("beslutsdatum") for one in self.rows) if day]
        every, days, quarters = span(min(decided), self.last), {}, self.kvartal()
        ends = [month_end(month) for month in every]
        for kind in (WAITING, INTERRUPTED):
            there = [[n for n, one in enumerate(self.rows) if self._is(kind, one, end)] for end in ends]
            moved = [
                (at, 0, self.rows[n].person) for at in range(1, len(ends)) for n in {*there[at]} ^ {*there[at - 1]}
            ]
            parts = [[f"{self.rows[n].row['lagrum']}|{self.rows[n].insats}" for n in its] for its in there]
            counts = [np.array([its.count(part) for part in sorted(set(its))], int) for its in parts]
            hidden = np.array([[not sum_can_be_safe(its, self.smallest)] for its in counts])
            at = self.standing(moved, len(ends), hidden)[:, 0]
            for row, (_, first, _) in zip(quarters, self.quarters(), strict=True):
                closed = [n for n, end in enumerate(ends) if end <= after(first, 3) - DAY]
                if closed and at[closed[-1]]:
                    row[f"{kind}_antal"] = len(there[at[closed[-1]]])
                else:
                    self.uncounted.add((kind, row["kvartal"]))
            if at[-1]:
                days[kind] = ends[at[-1]]
        return days, self._late_by_quarter(quarters)

    def persons_of(self, kind: str, day: date) -> dict[str, int]:
        """Persons who wait or are interrupted on a day, by lagrum and insats; who has two insatser is one of each."""
        own = [one for one in self.rows if self.open(one, day) == kind]
        pairs = {(f"{one.row['lagrum']}|{one.insats}", one.person) for one in own}
        return {part: sum(its == part for its, _ in pairs) for part in sorted({its for its, _ in pairs})}

    def _is(self, kind: str, one, day: date) -> bool:
        return self.open(one, day) == kind

    def _late_by_quarter(self, quarters: list[Row]) -> list[Row]:
        for row, (_, first, last) in zip(quarters, self.quarters(), strict=True):
            late = [one for one in self.rows if self.late(one, first, last)]
            moved = [((self.done(one).month - 1) % 3 + 1, 0, one.person) for one in late]
            at = self.standing(moved, 4)[-1, 0]
            if at:
                row["verkstallt_for_sent_antal"] = sum(month <= at for month, _, _ in moved)
        return quarters

    # ---- plans, contacts and starts

    def ordered(self, what: str) -> date | None:
        """The day to which what is to be done within some days was counted; None is not yet."""
        ends, at, _ = self._orders_counted(what)
        return ends[at[-1]] if at[-1] else None

    def pooled(self) -> set[str]:
        """Providers of whose plans few persons' moved with one of the counts: they are shown together."""
        _, at, moved = self._orders_counted("plan_in")
        counts, steps = sorted({place for place in at if place}), []
        for before, now in zip([0, *counts], counts, strict=False):
            its = {(self.provider(one), one.person) for month, one in moved if before < month <= now}
            steps.append({name: sum(name == of for of, _ in its) for name in {of for of, _ in its}})
        return set(self.limits.hidden(People(pd.DataFrame(steps).fillna(0.0)))) if counts else set()

    @staticmethod
    def provider(one) -> str:
        return one.row["utforare"] or "ingen utförare angiven"

    def _orders_counted(self, what: str) -> tuple[list[date], list[int], list[tuple]]:
        """The months' ends, the place of the one in which it was counted last, and the decisions that have moved."""
        ends = [month_end(month) for month in span(self.jan - DAY, self.last)]
        states = [self.states(what, end) for end in ends]
        moved = [
            (at, one)
            for at in range(1, len(ends))
            for n, one in enumerate(self.rows)
            if states[at].get(n) != states[at - 1].get(n)
        ]
        return ends, self.standing([(at, 0, one.person) for at, one in moved], len(ends))[:, 0].tolist(), moved

    # ---- cases

    def _count_cases(self) -> None:
        """When each insats' decided and open cases were counted, and when all were for their sum."""
        self.rows_of = self.tables["arenden"]
        self.names = sorted({row["insats"] for row in self.rows_of})
        asked = [as_day(row["ansokan"]) for row in self.rows_of]
        self.year = span(self.jan - DAY, self.last)
        self.every = span(min(min(asked), self.jan - DAY), self.last)
        done, quick, late, still = self._counts()
        decided = [as_day(row["beslutsdatum"]) for row in self.rows_of]
        at = self._each(self.year, [decided])
        self.decided_at = self._settle(at, self.year, [done])
        self.timely_at = self._settle(at, self.year, [quick, late])
        self.open_at = self._settle(self._each(self.every, [asked, decided]), self.every, [still])
        later = [after(day, 12) for day in asked]
        moved = [(n, 0, who) for days in (asked, later) for n, who in self._placed(days, self.every)]
        self.came_to = month_end(self.every[self.standing(moved, len(self.every))[-1, 0]])

    def _counts(self) -> list[np.ndarray]:
        """(month, insats) how many had been decided in the year, in time and late, and how many were open."""
        found = [[], [], []]
        for month in self.year:
            cases = [case for case in self.cases(month_end(month)) if case[1]]
            for place, keep in enumerate(([True, False], [True], [False])):
                found[place].append([sum(c[0] == name and c[3] in keep for c in cases) for name in self.names])
        still = [
            [sum(r["insats"] == name for r in self.waiting(month_end(m))) for name in self.names] for m in self.every
        ]
        return [np.array(its) for its in (*found, still)]

    @staticmethod
    def _placed(days: list[date | None], of: list[str]) -> list[tuple[int, int]]:
        """The place of each day's month among some after the first, and whose it is."""
        texts = [f"{day:%Y-%m}" if day else "" for day in days]
        return [(of.index(text), who) for who, text in enumerate(texts) if text in of[1:]]

    def _each(self, of: list[str], kinds: list[list[date | None]]) -> np.ndarray:
        """(month, insats) the month in which each insats' cases were counted last."""
        found = []
        for name in self.names:
            placed = [self._placed(days, of) for days in kinds]
            moved = [(n, 0, who) for its in placed for n, who in its if self.rows_of[who]["insats"] == name]
            found.append(self.standing(moved, len(of))[:, 0])
        return np.column_stack(found)

    def _settle(self, at: np.ndarray, of: list[str], counts: list[np.ndarray]) -> tuple:
        """The month's end of each insats, of each for the sum, and what is hidden of each count, "" for the sum."""
        hidden, when = settled(at, np.stack(counts), self.smallest)
        whole = at[when or 0]
        ends = [month_end(month) for month in of]
        none = not any(counts[0][place, n] for n, place in enumerate(whole))
        not_yet = when is None or (counts[0][-1].any() and none)
        hides = [
            {n for n, hide in zip(self.names, its, strict=True) if hide} | ({"", ALL} if not_yet else set())
            for its in hidden
        ]
        each, together = ({n: ends[p] for n, p in zip(self.names, its, strict=True)} for its in (at[-1], whole))
        return each, together, hides

    def _as_of(self, decided: dict[str, date], waits: dict[str, date]) -> list[tuple]:
        found = []
        for name in self.names:
            done, still = self.cases(decided[name]), self.cases(waits[name])
            found += [case for case in done if case[0] == name and case[1]]
            found += [case for case in still if case[0] == name and not case[1]]
        return found

    def asked(self) -> int:
        return sum(not case[1] for case in self._as_of(self.decided_at[1], self.open_at[1]))

    def came(self, day: date) -> float:
        return super().came(self.came_to)

    def handlaggningstid(self) -> list[Row]:
        found, most, step = [], rule("handlaggning_dagar"), self.limits.days
        cases = self._as_of(self.decided_at[0], self.open_at[0])
        final = {case[0] for case in self.cases(self.last) if case[1]}
        for name in (*sorted({case[0] for case in cases}), ALL):
            own = (
                [c for c in cases if c[0] == name] if name != ALL else self._as_of(self.decided_at[1], self.open_at[1])
            )
            row = summed(own)
            for key in ("median_dagar", "p90_dagar", "oppna_median_dagar"):
                row[key] = step * round(row[key] / step) if row[key] == row[key] else nan
            if name == ALL:
                row["i_tid_procent"] = summed(self._as_of(self.timely_at[1], self.open_at[1]))["i_tid_procent"]
            few = self.decided_at[0][name] < self.jan and name in final if name != ALL else "" in self.decided_at[2][0]
            row |= {"klara_antal": nan} if few else {}
            row |= {"insats": name, "insats_namn": title(name), "grans_dagar": most.get(name, most["alla"])}
            found.append(row | {"raknat": self._counted_in(name)})
        return found

    def _counted_in(self, name: str) -> str:
        names = self.names if name == ALL else [name]
        place = name == ALL
        done, waits = [[self.decided_at[place][n] for n in names], [self.open_at[place][n] for n in names]]
        words = {"beslutade": [day for day in done if day >= self.jan]}
        if name == ALL:
            words["i tid"] = [day for day in self.timely_at[1].values() if day >= self.jan]
        texts = {word: in_a_row(days) for word, days in (words | {"öppna": waits}).items() if days}
        if texts.get("i tid") == texts.get("beslutade"):
            texts.pop("i tid", "")
        return ", ".join(f"{word} {text}" for word, text in texts.items())

    # ---- follow-ups

    def uppfoljningar(self) -> list[Row]:
        """What is overdue at a month's end is shown only where no month is of few persons."""
        rows = super().uppfoljningar()
        due = [(one.person, one.insats, self.due_month(day)) for one, day in self.follow_up()]
        persons = [len({its for its in due if its[2] == row["manad"]}) for row in rows]
        if any(0 < number < self.smallest for number in persons):
            rows = [{key: its for key, its in row.items() if key != "forfallna_antal"} for row in rows]
        return rows

    def hides(self) -> dict[str, set]:
        """What was hidden of the decided, of those in time and late, and of the open, when they were counted."""
        timely = zip(("klara i tid", "klara sent"), self.timely_at[2], strict=True)
        return {"klara": self.decided_at[2][0], **dict(timely), "öppna": self.open_at[2][0]}
