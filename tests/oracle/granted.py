"""Granted insatser month by month, worked out again from the rows of `beslut.csv` in plain Python."""

import csv
from collections import defaultdict
from datetime import date
from functools import cache
from math import isnan, nan
from pathlib import Path
from typing import Any

from oracle.decided import (
    DAY,
    NAMES,
    OPEN,
    Decision,
    as_day,
    chains,
    decisions,
    in_month,
    in_words,
    month_end,
    months,
    renewed,
    rules,
)

from planbok.base.workspace import PARAMS

Row = dict[str, Any]
ALL = "Totalt"
GROUPS = {
    "boende": "Boende",
    "daglig": "Daglig verksamhet",
    "vardag": "Stöd i vardagen",
    "assistans": "Personlig assistans",
    "alla": "Alla insatser",
}


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else nan


def known(numbers: list[float]) -> list[float]:
    return [number for number in numbers if not isnan(number)]


def title(insats: str) -> str:
    return "Alla insatser" if insats == ALL else rules("insatser")["insatser"][insats]["titel"]


@cache
def price_list(file: str, kr: str) -> dict[tuple[str, ...], float]:
    """kr by year, insats, level or time band, and management."""
    with (PARAMS / "regler" / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row.get("avser", "ersattning") == "ersattning"]
    level = "niva" if "avser" in rows[0] else "tidsslag"
    return {(row["ar"], row["insats"], row[level], row["regi"]): float(row[kr]) for row in rows}


def price(one: Decision, year: int) -> float:
    """kr a day of a decision, or an hour of one in hours; NaN without a price."""
    row = one.row
    if row["timmar_per_manad"]:
        key = (str(year), one.insats, row["tidsslag"], row["regi"])
        return price_list("lss_timpriser", "kr_per_timme").get(key, nan)
    if row["pris_kr_per_dygn"]:
        return float(row["pris_kr_per_dygn"])
    return price_list("lss_peng", "kr_per_dygn").get((str(year), one.insats, row["niva"], row["regi"]), nan)


def quantity(one: Decision, month: str, nights: bool) -> float:
    """Days of a decision in a month, or its hours; the last day of a stay of nights is none."""
    how = rules("lss_peng")["lss_peng.insatser"].get(one.insats, {}).get("raknas")
    end = one.end - DAY if nights and how == "natter" and one.end < OPEN else one.end
    start, after = as_day(f"{month}-01"), month_end(month) + DAY
    days = max(0, (min(end, after) - max(one.first, start)).days)
    hours = one.row["timmar_per_manad"]
    return float(hours) * days / (after - start).days if hours else float(days)


class Granted:
    """What a unit's decisions say of the year to a month, with the persons that changes add."""

    def __init__(self, folder: Path, ar: int, tom: int, changes: tuple[dict, ...] = ()):
        self.ar, self.tom, self.rows, self.changes = ar, tom, decisions(folder), changes
        self.chains, self.last = chains(self.rows), month_end(f"{ar}-{tom:02d}")
        self.insatser = sorted({one.insats for one in self.rows})
        self.insatser += [c["insats"] for c in changes if c["insats"] not in self.insatser]
        first = min((one.end - DAY for one in self.rows if one.end < OPEN), default=None)
        most = rules("insatser_manad")["insatser.manader_flest"]
        back = (ar - first.year) * 12 + tom - first.month + 1 if first else 12
        self.months = months(f"{ar}-{tom:02d}", min(max(back, 12), most))
        self.year = [f"{ar}-{number:02d}" for number in range(1, tom + 1)]

    def of(self, insats: str, chain: bool = True) -> list:
        return [one for one in (self.chains if chain else self.rows) if insats in (ALL, one.insats)]

    def _edges(self, insats: str) -> list[tuple[date, float]]:
        """Days on which changes add persons (or take, less than 0) of an insats."""
        found = []
        for change in self.changes:
            if insats in (ALL, change["insats"]):
                found.append((as_day(change["fran"]), change["antal"]))
                found += [(as_day(change["till"]) + DAY, -change["antal"])] if "till" in change else []
        return found

    def running(self, insats: str, day: date) -> float:
        return sum(one.runs(day) for one in self.of(insats)) + self.added(insats, day)

    def added(self, insats: str, day: date) -> float:
        return sum(number for at, number in self._edges(insats) if at <= day)

    def new(self, insats: str, month: str) -> float:
        more = sum(number for at, number in self._edges(insats) if number > 0 and in_month(at, month))
        return sum(in_month(one.first, month) for one in self.of(insats)) + more

    def ended(self, insats: str, month: str) -> float:
        gone = sum(-number for at, number in self._edges(insats) if number < 0 and in_month(at, month))
        return sum(in_month(one.end, month) for one in self.of(insats)) + gone

    def renewals(self, insats: str, month: str) -> int:
        return sum(in_month(one.first, month) for one in renewed(self.of(insats)))

    def decided(self, insats: str, month: str) -> int:
        days = [one.day("beslutsdatum") for one in self.of(insats, chain=False)]
        return sum(day is not None and in_month(day, month) for day in days)

    def persons(self, insats: str, day: date) -> float:
        there = {one.decisions[0].person for one in self.of(insats) if one.runs(day)}
        return len(there) + self.added(insats, day)

    def hours(self, insats: str, day: date) -> float:
        timed = [one for one in self.of(insats, chain=False) if one.row["timmar_per_manad"]]
        return sum(float(one.row["timmar_per_manad"]) for one in timed if one.runs(day)) if timed else nan

    # ---- the tables

    def per_insats_manad(self) -> list[Row]:
        found = []
        for insats in (*self.insatser, ALL):
            for month in self.months:
                day, new, ended = month_end(month), self.new(insats, month), self.ended(insats, month)
                found.append(
                    {
                        "insats": insats,
                        "insats_namn": title(insats),
                        "manad": month,
                        "lopande_antal": self.running(insats, day),
                        "nya_antal": new,
                        "avslutade_antal": ended,
                        "netto_antal": new - ended,
                        "omprovade_antal": self.renewals(insats, month),
                        "beslut_antal": sum(one.runs(day) for one in self.of(insats, False)) + self.added(insats, day),
                        "personer_antal": self.persons(insats, day),
                        "timmar_h": self.hours(insats, day),
                    }
                )
        return found

    def forandring(self) -> list[Row]:
        ago, found = month_end(f"{self.ar - 1}-{self.tom:02d}"), []
        for insats in (*self.insatser, ALL):
            now = self.running(insats, self.last)
            row = {"insats": insats, "insats_namn": title(insats), "lopande_antal": now}
            row["forandring_antal"] = now - self.running(insats, ago)
            row |= {"nya_antal": sum(self.new(insats, m) for m in self.year)}
            row |= {"avslutade_antal": sum(self.ended(insats, m) for m in self.year)}
            found.append(row | {"raknat": in_words(self.year[-1])})
        return sorted(found[:-1], key=lambda row: (-row["lopande_antal"], row["insats"])) + found[-1:]

    def beslut_per_manad(self) -> list[Row]:
        dated = any(one.row["beslutsdatum"] for one in self.rows)
        found = []
        for insats in (*[i for i in self.insatser if self.of(i)], ALL):
            counts = {f"{NAMES[int(m[5:]) - 1]}_antal": self.decided(insats, m) if dated else nan for m in self.year}
            row = {"insats": insats, "insats_namn": title(insats)}
            found.append(row | counts | {"summa_antal": sum(counts.values())})
        return found

    # ---- what is flagged

    def _flag(self, values: list[float], at: int, insats: str, against: int | None = None) -> int:
        """Whether a month's count (or a later one, against the same mean) is flagged: 1 up, -1 down, 0 not."""
        rule = rules("insatser_manad")
        window, share = rule["varning.fonster_manader"], rule["varning.andel_procent"]
        if at < window:
            return 0
        before = mean(values[at - window : at])
        change = values[at if against is None else against] - before
        enough = abs(change) >= share / 100 * before - 1e-9 and abs(change) >= rule["varning.minst_antal"]
        return (change > 0) - (change < 0) if enough else 0

    def past(self, insats: str) -> tuple[int, int]:
        """Earlier flags that have been tried, and how many were false."""
        values, ahead = self._counts(insats), rules("insatser_manad")["varning.provas_manader"]
        raised = {at: self._flag(values, at, insats) for at in range(len(values) - ahead)}
        false = [at for at, way in raised.items() if way and self._flag(values, at, insats, at + ahead) != way]
        return sum(map(bool, raised.values())), len(false)

    def _counts(self, insats: str) -> list[float]:
        return [self.running(insats, month_end(month)) for month in self.months]

    def day_price(self, insats: str) -> float:
        """The mean price of a day of those who have an insats at the month's end and have a price."""
        days, found = (date(self.ar + 1, 1, 1) - date(self.ar, 1, 1)).days, []
        for one in self.of(insats, chain=False):
            hours = one.row["timmar_per_manad"]
            found += [price(one, self.ar) * (float(hours) * 12 / days if hours else 1)] if one.runs(self.last) else []
        return mean(known(found))

    def varningar(self) -> list[Row]:
        window, found = rules("insatser_manad")["varning.fonster_manader"], []
        for insats in self.insatser:
            values = self._counts(insats)
            way = self._flag(values, len(values) - 1, insats)
            if not way:
                continue
            before, (tried, false) = mean(values[-1 - window : -1]), self.past(insats)
            change, kr = values[-1] - before, self.day_price(insats)
            found.append(
                {
                    "insats": insats,
                    "insats_namn": title(insats),
                    "riktning": "ökar" if way > 0 else "minskar",
                    "senaste_antal": values[-1],
                    "medel_antal": before,
                    "forandring_procent": 100 * change / before if before else nan,
                    "forandring_antal": change,
                    "kr": change * kr * (date(self.ar, 12, 31) - self.last).days,
                    "helar_kr": change * kr * (date(self.ar + 1, 1, 1) - date(self.ar, 1, 1)).days,
                    "tidigare": f"{false} av {tried}" if tried else "inga att pröva",
                }
            )
        return sorted(found, key=lambda row: -abs(row["forandring_antal"]))

    # ---- what moved the cost

    def _cells(self, rows: list[Decision], wanted: list[str]) -> dict[tuple, list[float]]:
        """Days or hours, and kronor, by insats, management and level; what is not there at all is no cell."""
        found: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for one in rows:
            level = one.row["tidsslag"] if one.row["timmar_per_manad"] else one.row["niva"]
            for month in wanted:
                count = quantity(one, month, nights=True)
                if count > 0:
                    cell = found[one.insats, one.row["regi"], level]
                    cell[0] += count
                    cell[1] += count * price(one, int(month[:4]))
        return found

    def as_known(self, day: date) -> list[Decision]:
        begun = [one for one in self.rows if one.first <= day]
        return [one if one.end - DAY <= day else one._replace(end=OPEN) for one in begun]

    def drivare(self) -> list[Row]:
        ago = [f"{self.ar - 1}{month[4:]}" for month in self.year]
        second = date.fromisoformat(f"{self.ar - 1}-{rules('lss_peng')['lss_peng.matdatum']['matning_2']}")
        now = self._cells(self.rows, self.year)
        then = {
            f"Samma månader {self.ar - 1}": self._cells(self.rows, ago),
            "Besluten som budgeten kände": self._cells(self.as_known(second), self.year),
        }
        return [{"jamforelse": name} | _moved(before, now) for name, before in then.items()]

    # ---- women and men

    def fordelning_kon(self) -> list[Row]:
        sex, shares = defaultdict(str), {}
        for one in self.rows:
            sex[one.person] = max(sex[one.person], one.row["kon"])
        group = rules("insatser_manad")["insatser.grupper"]
        for name in GROUPS:
            for kon in ("kvinna", "man", ""):
                own = [o for o in self.rows if sex[o.person] == kon and name in ("alla", group.get(o.insats))]
                shares[name, kon] = self._share(own)
        persons = sum(shares["alla", kon][3] for kon in ("kvinna", "man", ""))
        whole = sum(shares["alla", kon][2] for kon in ("kvinna", "man", "")) / persons if persons else nan
        return [
            {
                "grupp": name,
                "grupp_namn": GROUPS[name],
                "kon": kon,
                "kon_namn": kon.capitalize(),
                "antal": number,
                "timmar_h": hours or nan,
                "kr_index": round(100 * kr / priced / whole) if priced else nan,
                "raknat": NAMES[self.tom - 1],
            }
            for (name, kon), (number, hours, kr, priced) in shares.items()
            if number and kon
        ]

    def _share(self, rows: list[Decision]) -> tuple[int, float, float, int]:
        """Persons with something granted in the year's months, their hours, kronor, and how many have a price."""
        there = [one for one in rows if one.first <= self.last and one.end > date(self.ar, 1, 1)]
        hours = sum(quantity(one, m, True) for one in there if one.row["timmar_per_manad"] for m in self.year)
        priced = [one for one in there if not isnan(price(one, self.ar))]
        kr = sum(quantity(one, month, True) * price(one, self.ar) for one in priced for month in self.year)
        return len({one.person for one in there}), hours, kr, len({one.person for one in priced})

    # ---- the figures

    def figures(self) -> dict[str, float]:
        flags = self.varningar()
        kr = {f"flaggade_{name}": [row[name] for row in flags] for name in ("kr", "helar_kr")}
        change = self.forandring()[-1]
        decided = any(one.row["beslutsdatum"] for one in self.rows)
        return {
            "beslut_pagaende_antal": sum(one.runs(self.last) for one in self.rows) + self.added(ALL, self.last),
            "beslut_nya_antal": change["nya_antal"],
            "beslut_avslutade_antal": change["avslutade_antal"],
            "beslut_omprovade_antal": sum(self.renewals(ALL, month) for month in self.year),
            "beslut_fattade_antal": sum(self.decided(ALL, month) for month in self.year) if decided else nan,
            "insatser_flaggade_antal": len(flags),
        } | {name: sum(known(its)) if known(its) or not its else nan for name, its in kr.items()}

    def facts(self) -> dict[str, float]:
        ago, since = month_end(f"{self.ar - 1}-{self.tom:02d}"), self.drivare()[0]
        there = since["fore_kr"] or since["nu_kr"]
        return {
            "lopande_antal": self.running(ALL, self.last),
            "i_fjol_antal": self.running(ALL, ago),
            "personer_antal": self.persons(ALL, self.last),
        } | {key: since[key] if there else nan for key in ("skillnad_kr", "volym_kr", "niva_kr", "pris_kr")}


def _moved(before: dict, after: dict) -> Row:
    """Volume, level and price within each insats and management; insatser without a price in one state are in none."""
    without = {cell[0] for state in (before, after) for cell, (_, kr) in state.items() if isnan(kr)}
    one, two = ({c: its for c, its in state.items() if c[0] not in without} for state in (before, after))
    volume = level = by_price = 0.0
    for group in {cell[:2] for cell in (*one, *two)}:
        mine, other = ({c: its for c, its in state.items() if c[:2] == group} for state in (one, two))
        (d0, k0), (d1, k1) = ([sum(its[n] for its in state.values()) for n in (0, 1)] for state in (mine, other))
        dearer = sum(other[c][0] * (other[c][1] / other[c][0] - mine[c][1] / mine[c][0]) for c in mine if c in other)
        more = (d1 - d0) * k0 / d0 if d0 else k1
        volume, by_price, level = volume + more, by_price + dearer, level + k1 - k0 - more - dearer
    was, now = (sum(its[1] for its in state.values()) for state in (one, two))
    return {
        "fore_kr": was,
        "volym_kr": volume,
        "niva_kr": level,
        "pris_kr": by_price,
        "nu_kr": now,
        "skillnad_kr": now - was,
    }
