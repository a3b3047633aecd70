"""What others than the unit see of granted insatser, worked out from its rows: a count stands until enough have moved.

When a count is made anew, and what is hidden, is what `disclosure` says of the moves and the persons that are given it
here: it knows neither rows nor insatser, and is held by tests of its own.
"""

from collections import defaultdict
from datetime import date
from math import nan

import numpy as np
import pandas as pd
from oracle.decided import DAY, NAMES, OPEN, Decision, as_day, chains, in_words, month_end, months, renewed, rules
from oracle.granted import ALL, GROUPS, Granted, Row, price, quantity, title

from planbok.case.case import Case
from planbok.case.result import Limits, People
from planbok.lss.insats_groups import by_insats

KINDS = ("new", "ended", "renewed", "decided")
SEXES = ("kvinna", "man", "okänt")


class Stood:
    """What stands of a unit's counts in a report."""

    def __init__(self, unit: Granted, case: Case, limits: Limits):
        self.unit, self.limits, self.smallest = unit, limits, limits.smallest
        self.own = [insats for insats in unit.insatser if unit.of(insats)]
        self.bas = Granted.__new__(Granted)
        vars(self.bas).update(vars(unit) | {"changes": (), "insatser": self.own})
        first = min((one.end - DAY for one in unit.rows if one.end < OPEN), default=None)
        first = first or min(one.first for one in unit.rows)
        first, last = min(f"{first:%Y-%m}", f"{unit.ar - 1}-01"), unit.year[-1]
        count = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
        self.months = months(last, count)
        self.ends = [month_end(month) for month in self.months]
        self._count_running(case)
        self.events = {kind: self._events(kind) for kind in KINDS}
        self.at, self.sums = {}, {}
        for kinds in (("new", "ended"), ("renewed",), ("decided",)):
            self._count_sums(kinds)

    # ---- what runs

    def _count_running(self, case: Case) -> None:
        closed = self.limits.so_far(by_insats(case))
        known = [max((day for day in closed if day <= end), default=min(closed)) for end in self.ends]
        self.closed = [closed[day] for day in known]
        hidden = [[insats in its for insats in self.own] for its in self.closed]
        at = self.limits.standing(np.array(self._moves(), int).reshape(-1, 3), np.array(hidden, bool))
        there = [{c.decisions[0].person for c in self.unit.chains if c.runs(end)} for end in self.ends]
        came = [(now, 0, person) for now in range(1, len(there)) for person in there[now] ^ there[now - 1]]
        heads = self.limits.standing(_numbered(came), np.zeros((len(there), 1), bool))[:, 0]
        few = ["" in its or 0 < len(own) < self.smallest for its, own in zip(self.closed, there, strict=True)]
        self.counted = {insats: at[:, place].tolist() for place, insats in enumerate(self.own)}
        self.counted[ALL], self.heads = _where_enough(at[:, -1], few), _where_enough(heads, few)
        self.there = [len(own) for own in there]

    def _moves(self) -> list[tuple[int, int, int]]:
        """The month, insats and person of each chain that runs at one month's end and not at the other's."""
        persons = sorted({one.person for one in self.unit.rows})
        return [
            (now, self.own.index(chain.insats), persons.index(chain.decisions[0].person))
            for chain in self.unit.chains
            for now in range(1, len(self.ends))
            if chain.runs(self.ends[now]) != chain.runs(self.ends[now - 1])
        ]

    def running(self, insats: str, place: int) -> tuple[float, str]:
        """How many run at a month's end as it stands, a scenario's own beside, and the month that it is counted in."""
        at = self.counted.get(insats, self.counted[ALL])[place]
        added = self.unit.added(insats, self.ends[place])
        number = self.bas.running(insats, self.ends[at]) + added if at >= 0 else nan
        return max(number, 0), self.months[max(at, 0)]

    def persons(self) -> tuple[float, str]:
        at = self.heads[-1]
        return (self.there[at] + self.unit.added(ALL, self.unit.last) if at >= 0 else nan), self.months[max(at, 0)]

    def decisions(self) -> float:
        at = self.counted[ALL][-1]
        there = sum(one.runs(self.ends[at]) for one in self.unit.rows)
        return there + self.unit.added(ALL, self.unit.last) if at >= 0 else nan

    # ---- what has been since January

    def _events(self, kind: str) -> list[tuple[int, int, str]]:
        """The month of the year, the insats and the person of each."""
        unit, year = self.unit, self.unit.year
        found = {
            "new": [(chain.first, chain.decisions[0]) for chain in unit.chains],
            "ended": [(chain.end, chain.decisions[0]) for chain in unit.chains],
            "renewed": [(one.first, one) for one in renewed(unit.chains)],
            "decided": [(one.day("beslutsdatum"), one) for one in unit.rows],
        }[kind]
        inside = [(f"{day:%Y-%m}", one) for day, one in found if day and f"{day:%Y-%m}" in year]
        return [(year.index(month) + 1, self.own.index(one.insats), one.person) for month, one in inside]

    def so_far(self, kind: str, month: int, insats: str) -> int:
        own = [self.own.index(insats)] if insats != ALL else range(len(self.own))
        return sum(at <= month and place in own for at, place, _ in self.events[kind])

    def moving(self, month: int, kind: str) -> People:
        """Whom what is new, ended, renewed or decided tells of; what hides an insats of one hides it of all."""
        frame = [[float(self.so_far(of, month, insats)) for insats in self.own] for of in KINDS]
        every = pd.DataFrame(frame, list(KINDS), self.own)
        return People(every.loc[[kind]], within=People(every))

    def _count_sums(self, kinds: tuple[str, ...]) -> None:
        """Kinds are counted together: when enough have moved in each, or in one and nobody in the other."""
        parts, tom = [*self.own, ALL], self.unit.tom
        hidden = np.zeros((tom + 1, len(parts)), bool)
        for month in range(1, tom + 1):
            for people in (self.moving(month, kind) for kind in kinds):
                closed = self.limits.hidden(people)
                hidden[month] |= [*(insats in closed for insats in self.own), self.limits.few(people, "")]
        stand = {kind: self.limits.standing(_numbered(self.events[kind]), hidden[:, :-1]) for kind in kinds}
        for place, insats in enumerate(parts):
            last = 0
            for month in range(1, tom + 1):
                at = {kind: int(stand[kind][month, place]) for kind in kinds}
                none = all(self.so_far(k, month, insats) == self.so_far(k, at[k], insats) for k in kinds)
                last = month if none and month in at.values() and not hidden[month, place] else last
            some = any(self.so_far(kind, tom, insats) for kind in kinds)
            for kind in kinds:
                self.at[kind, insats] = last
                self.sums[kind, insats] = nan if not last and some else self.so_far(kind, last, insats)

    def sum_of(self, kind: str, insats: str) -> float:
        """What there has been of a kind as it stands; a scenario's own are added as they are."""
        return self.sums.get((kind, insats), 0.0) + self.invented(kind, insats)

    def invented(self, kind: str, insats: str) -> float:
        """How many a scenario adds to what is new or ended in the year."""
        of = {"new": Granted.new, "ended": Granted.ended}.get(kind)
        return sum(of(self.unit, insats, month) - of(self.bas, insats, month) for month in self.unit.year) if of else 0

    # ---- women and men

    def sexes(self) -> dict[tuple[str, str], int]:
        """The month of the year in which each group's women and men are counted."""
        unit, group = self.unit, rules("insatser_manad")["insatser.grupper"]
        sex = self.sex_of_all()
        states: list[dict] = []
        for month in unit.year:
            state: dict = defaultdict(lambda: [0, 0.0])
            for one in unit.rows:
                inside = one.first <= month_end(month) and one.end > as_day(f"{month}-01")
                cell = state[group.get(one.insats, ""), one.person]
                cell[0] += inside
                cell[1] += round(quantity(one, month, False), 6) if one.row["timmar_per_manad"] else 0.0
            states.append(state)
        names, found = [*GROUPS][:-1], {}
        closed = [*self.limits.so_far(self.by_sex("antal")).values()]
        for kon in SEXES:
            moved = [
                (now, [*names, ""].index(name), person)
                for now in range(1, unit.tom)
                for (name, person), its in states[now].items()
                if sex[person] == kon and not np.allclose(its, states[now - 1][name, person], atol=1e-9)
            ]
            hidden = np.array([[*((name, kon) in its for name in names), True] for its in closed], bool)
            at = self.limits.standing(_numbered(moved), hidden)[-1] + 1
            found |= {(name, kon): int(at[place]) for place, name in enumerate(names)} | {("alla", kon): int(at[-1])}
        return found

    def sex_of_all(self) -> dict[str, str]:
        found: dict[str, str] = defaultdict(str)
        for one in self.unit.rows:
            found[one.person] = max(found[one.person], one.row["kon"])
        return {person: kon or "okänt" for person, kon in found.items()}

    def by_sex(self, counted: str) -> People:
        """Persons with something granted since January, by month, group and sex: all, with a price, or with hours."""
        unit, sex, group = self.unit, self.sex_of_all(), rules("insatser_manad")["insatser.grupper"]
        rows = []
        for month in unit.year:
            row = {}
            for name in GROUPS:
                own = [
                    o for o in unit.rows if name in ("alla", group.get(o.insats)) and _has(o, counted, unit.ar, month)
                ]
                row |= {(name, kon): float(len({o.person for o in own if sex[o.person] == kon})) for kon in SEXES}
            rows.append(row)
        there = [name for name in GROUPS if any(rows[-1][name, kon] for kon in SEXES)]
        parts = [(name, kon) for name in there for kon in SEXES]
        frame = pd.DataFrame([[row[part] for part in parts] for row in rows], range(1, unit.tom + 1))
        frame.columns = pd.Index(parts, tupleize_cols=False)
        sums = [frozenset(p for p in parts if p[0] == name) for name in there]
        sums += [frozenset(p for p in parts if p[1] == kon and p[0] != "alla") for kon in SEXES]
        return People(frame, sums=tuple(sums))

    def differing(self) -> dict[tuple[str, str], float]:
        """Persons who began, ended or got another cell since what each year's cost is compared with, by kind."""
        unit, found = self.unit, {}
        rows = [(one, _cell(one)) for one in unit.rows if price(one, unit.ar) == price(one, unit.ar)]
        of_cell = [one._replace(insats="|".join(cell)) for one, cell in rows]
        stays = chains(of_cell, gap=0)
        second = rules("lss_peng")["lss_peng.matdatum"]["matning_2"]
        since = {f"Samma månader {unit.ar - 1}": date(unit.ar - 1, 1, 1)}
        since["Besluten som budgeten kände"] = date.fromisoformat(f"{unit.ar - 1}-{second}") + DAY
        several = {p for p in {o.person for o in of_cell} if len({o.insats for o in of_cell if o.person == p}) > 1}
        for name, day in since.items():
            new = {s.decisions[0].person for s in stays if day <= s.first <= unit.last}
            gone = {s.decisions[0].person for s in stays if day < s.end <= unit.last}
            changed = new & gone & several
            found |= {(name, "nya"): len(new - changed), (name, "avslutade"): len(gone - changed)}
            found[name, "ändrade"] = len(changed)
        return found

    # ---- the tables

    def per_insats_manad(self) -> list[Row]:
        """What runs by the months that it was counted in, each until it was counted anew."""
        found, back = [], len(self.months) - len(self.unit.months)
        for insats in (*self.unit.insatser, ALL):
            rows = [(month, *self.running(insats, back + at)) for at, month in enumerate(self.unit.months)]
            last = [place for place, row in enumerate(rows) if row is rows[-1] or rows[place + 1][2] != row[2]]
            for place in last:
                month, number, counted = rows[place]
                row = {"insats": insats, "insats_namn": title(insats), "lopande_antal": number}
                row["manad"] = month if month == counted else f"{counted}–{month}"
                if self.unit.changes:
                    row["lopande_antal_tankta"] = self.unit.added(insats, month_end(month))
                found.append(row)
        return found

    def forandring(self) -> list[Row]:
        found = []
        for insats in (*self.unit.insatser, ALL):
            now, counted = self.running(insats, -1)
            ago = self.running_as_bas(insats, -13)
            row = {"insats": insats, "insats_namn": title(insats), "lopande_antal": now, "forandring_antal": now - ago}
            row |= {"nya_antal": self.sum_of("new", insats), "avslutade_antal": self.sum_of("ended", insats)}
            row["raknat"] = in_words(counted)
            if self.unit.changes:
                row["lopande_antal_tankta"] = self.unit.added(insats, self.unit.last)
                for key, kind in (("nya_antal", "new"), ("avslutade_antal", "ended")):
                    row[f"{key}_tankta"] = self.invented(kind, insats)
            found.append(row)
        return found

    def running_as_bas(self, insats: str, place: int) -> float:
        at = self.counted.get(insats, self.counted[ALL])[place]
        if insats not in self.counted:
            return self.unit.added(insats, self.ends[place])
        added = self.unit.added(insats, self.ends[place])
        return self.bas.running(insats, self.ends[at]) + added if at >= 0 else nan

    def beslut_per_manad(self) -> dict[str, float]:
        dated = any(one.row["beslutsdatum"] for one in self.unit.rows)
        return {insats: self.sum_of("decided", insats) if dated else nan for insats in (*self.own, ALL)}

    def fordelning_kon(self, exact: dict[int, list[Row]]) -> list[Row]:
        """Each row as it was in the month in which its women or men are counted; `exact` is by month."""
        at, last, found = self.sexes(), exact[self.unit.tom], []
        for row in last:
            month = at[row["grupp"], row["kon"]]
            then = [its for its in exact[month] if (its["grupp"], its["kon"]) == (row["grupp"], row["kon"])]
            lacking = row | {"antal": nan, "timmar_h": nan, "kr_index": nan}
            found.append((then[0] if then else lacking) | {"raknat": NAMES[month - 1]})
        return found


def _cell(one: Decision) -> tuple[str, str, str]:
    """What a decision's price is of."""
    return one.insats, one.row["tidsslag"] if one.row["timmar_per_manad"] else one.row["niva"], one.row["regi"]


def _has(one: Decision, counted: str, ar: int, month: str) -> bool:
    """Whether a decision gives something from January to a month, with hours or a price where those are asked for."""
    there = one.first <= month_end(month) and one.end > date(ar, 1, 1)
    kr = price(one, ar)
    return there and {"antal": True, "med_timmar": bool(one.row["timmar_per_manad"]), "prissatta": kr == kr}[counted]


def _numbered(moves: list[tuple[int, int, str]]) -> np.ndarray:
    """Moves with a number for each person."""
    names = {name: number for number, name in enumerate(sorted({name for _, _, name in moves}))}
    return np.array([(at, part, names[name]) for at, part, name in moves], int).reshape(-1, 3)


def _where_enough(at: np.ndarray, few: list[bool]) -> list[int]:
    """The month that a sum stands at: the last in which it was counted and may be shown; -1 is not yet."""
    found = []
    for month, counted in enumerate(at.tolist()):
        found.append(month if counted == month and not few[month] else found[-1] if found else -1)
    return found
