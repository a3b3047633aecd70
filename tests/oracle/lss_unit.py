"""A made-up unit of LSS decisions that holds the edges, with price lists and scenarios; and the plain year of it.

Nothing of planbok's models: csv rows, days one at a time, prices as the lists have them.
"""

import csv
import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, wraps
from pathlib import Path

from planbok.base.workspace import PARAMS

ENHET, ONE_DAY, FAR = "prov", timedelta(days=1), date(2200, 1, 1)
PER_DAY = {"gruppbostad", "servicebostad", "barnboende_over_12", "barnboende_under_12", "daglig_verksamhet"}
PER_DAY |= {"korttidsvistelse"}
NIGHTLY, OWN = "korttidsvistelse", "kommunal"
# beside the published list: what the board is given for some levels, and nights that have no published price
OWN_LIST = [
    "2023,tilldelning,gruppbostad,kommunal,3,2500", "2024,tilldelning,gruppbostad,kommunal,3,2700",
    "2024,tilldelning,servicebostad,privat,2,1500", "2023,ersattning,korttidsvistelse,kommunal,1,3000",
    "2024,ersattning,korttidsvistelse,kommunal,1,3100", "2024,ersattning,korttidsvistelse,privat,1,3300",
    "2024,ersattning,korttidsvistelse,privat,2,3500",
]  # fmt: skip
EDGES = [
    "2021-12-31", "2022-01-01", "2022-06-15", "2023-03-31", "2023-08-26", "2023-08-27", "2023-08-28", "2023-12-31",
    "2024-01-01", "2024-01-02", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-30", "2024-03-31", "2024-04-01",
    "2024-04-30", "2024-06-30", "2024-07-01", "2024-08-26", "2024-08-27", "2024-08-28", "2024-08-31", "2024-09-01",
    "2024-11-30", "2024-12-01", "2024-12-30", "2024-12-31", "2025-01-01", "2025-06-30",
]  # fmt: skip
HEAD = "beslut,person,enhet,insats,niva,regi,utforare,fran,till,pris_kr_per_dygn,timmar_per_manad,tidsslag,beslutsdatum"
LAST_DECIDED = {7: "2024-05-31", 24: "2024-08-30"}  # by the unit's size: when its decisions were made, if stated
PRICE_HEAD = "ar,avser,insats,regi,niva,kr_per_dygn,underlag,kalla"


@dataclass(frozen=True)
class Row:
    """A decision of `antal` persons; `night`: its last night counts, for a scenario changes it the day after."""

    beslut: str
    person: str
    insats: str
    niva: str
    regi: str
    utforare: str
    fran: date
    till: date
    pris: float | None
    timmar: float | None
    tidsslag: str
    antal: float = 1.0
    night: bool = False

    @property
    def cell(self) -> tuple[str, str, str]:
        return self.insats, self.niva, self.regi

    def on(self, day: date) -> bool:
        return self.fran <= day <= self.till

    def counts(self, day: date) -> bool:
        """Whether the day is one of the decision's: the day of leaving a night's stay is none."""
        return self.on(day) and not (self.insats == NIGHTLY and day == self.till and not self.night)


def write_unit(folder: Path, size: int, seed: int) -> None:
    """Decisions that begin, end and change at the edges; another unit's beside."""
    rng, lines = random.Random(seed), [HEAD]
    for number in range(size):
        insats = rng.choice(["gruppbostad"] * 5 + ["servicebostad"] * 3 + ["daglig_verksamhet", NIGHTLY, NIGHTLY])
        insats = "ledsagning_avlosning" if number % 9 == 8 else "kontaktperson" if number % 23 == 22 else insats
        start = rng.choice(EDGES[:-2]) if rng.random() < 0.6 else "2020-01-01"
        for text in _stay(rng, insats, date.fromisoformat(start)):
            enhet = "annan" if number % 11 == 10 else ENHET
            beslut, made = f"b{rng.randrange(10**6):06d}{len(lines):03d}", LAST_DECIDED.get(size, "")
            lines.append(f"{beslut},someone{number:04d},{enhet},{text},{made}")
    folder.mkdir(parents=True)
    (folder / "beslut.csv").write_text("\n".join(lines) + "\n", "utf-8")


def _stay(rng: random.Random, insats: str, fran: date) -> list[str]:
    """One person's decisions on an insats: on to another level or management the next day, or with a gap."""
    found, steps = [], rng.choice([1, 1, 2, 2, 3])
    for step in range(steps):
        later = [day for day in map(date.fromisoformat, EDGES) if day >= fran]
        till = rng.choice(later) if later and (step < steps - 1 or rng.random() < 0.5) else None
        found.append(_decision(rng, insats, fran, till))
        if till is None:
            break
        fran = till + rng.choice([1, 1, 1, 2, 30]) * ONE_DAY
    return found


def _decision(rng: random.Random, insats: str, fran: date, till: date | None) -> str:
    if insats == "ledsagning_avlosning":
        regi, hours = rng.choice([OWN, "enskild", "enskild"]), f"{rng.randint(1, 40)},{rng.choice(['dagtid', 'helg'])}"
        return f"{insats},,{regi},,{fran},{till or ''},,{hours}"
    niva, regi = rng.choice("1234567"), rng.choice([OWN] * 3 + ["entreprenad", "privat", "andra_kommuner"])
    if insats in (NIGHTLY, "daglig_verksamhet"):
        niva, regi = "1", rng.choice([OWN, "privat"])
    own = rng.choice([1500, 2700, 4321.5, 6000]) if regi != OWN and rng.random() < 0.4 else ""
    maker = f"utforare_{rng.choice('abc')}" if own else ""
    return f"{insats},{niva},{regi},{maker},{fran},{till or ''},{own},,"


def read_unit(folder: Path) -> list[Row]:
    """The unit's rows of beslut.csv."""
    with (folder / "beslut.csv").open(encoding="utf-8", newline="") as file:
        given = [row for row in csv.DictReader(file) if row["enhet"] == ENHET]
    return [
        Row(
            *(row[key] for key in ("beslut", "person", "insats", "niva", "regi", "utforare")),
            date.fromisoformat(row["fran"]), date.fromisoformat(row["till"] or FAR.isoformat()),
            float(row["pris_kr_per_dygn"] or "nan") if row["pris_kr_per_dygn"] else None,
            float(row["timmar_per_manad"]) if row["timmar_per_manad"] else None, row["tidsslag"],
        )
        for row in given
    ]  # fmt: skip


@cache
def price_lists() -> dict[tuple, float]:
    """(year, avser, insats, regi, niva) and (year, insats, tidsslag, regi) to kr."""
    with (PARAMS / "regler" / "lss_peng.csv").open(encoding="utf-8", newline="") as file:
        found = {
            (int(r["ar"]), r["avser"], r["insats"], r["regi"], r["niva"]): float(r["kr_per_dygn"])
            for r in csv.DictReader(file)
        }
    for ar, avser, insats, regi, niva, kr in (line.split(",") for line in OWN_LIST):
        found[int(ar), avser, insats, regi, niva] = float(kr)
    with (PARAMS / "regler" / "lss_timpriser.csv").open(encoding="utf-8", newline="") as file:
        hours = {
            (int(r["ar"]), r["insats"], r["tidsslag"], r["regi"]): float(r["kr_per_timme"])
            for r in csv.DictReader(file)
        }
    return found | hours


@dataclass(frozen=True)
class Changes:
    """A scenario's changes of prices and rules in order, as its file has them."""

    given: tuple[dict, ...] = ()

    def ruled(self, key: str, default):
        return next((c["varde"] for c in reversed(self.given) if c.get("regel") == key), default)

    def price(self, key: tuple, day: date) -> float | None:
        """kr a day by (avser, insats, regi, niva), or kr an hour by (insats, tidsslag, regi)."""
        name = ("lss_peng." if len(key) == 4 else "lss_timpriser.") + ".".join(key)
        nr, kr = 0, price_lists().get((self.ruled("lss_peng.prislista_ar", 0) or day.year, *key))
        for number, change in enumerate(self.given, start=1):
            if change.get("regel") == name and change["fran"] <= f"{day}" <= change.get("till", "9"):
                nr, kr = number, change["varde"]
        if kr is None or len(key) == 3:
            return kr
        of = dict(zip(("insats", "regi", "niva"), key[1:], strict=True))
        for number, c in enumerate(self.given, start=1):
            raised = c["typ"] == "upprakning" and number > nr and c["fran"] <= f"{day}"
            if raised and all(c.get(name, its) == its for name, its in of.items()):
                kr *= 1 + c["procent"] / 100
        return kr


def moved(rows: list[Row], change: dict, nr: int, scenario: str) -> list[Row]:
    """The decisions after a change of persons, as the contract has it."""
    if change["typ"] not in ("volym", "nivabyte") or change.get("enhet", ENHET) != ENHET:
        return rows
    day, till = (date.fromisoformat(change.get(name, FAR.isoformat())) for name in ("fran", "till"))
    number = change["antal"]
    if change["typ"] == "volym" and number > 0:
        parts = [1.0] * int(number) + ([number % 1] if number % 1 else [])
        cell = change["insats"], change.get("niva", ""), change.get("regi", OWN)
        return rows + [
            Row(f"~{nr:04d}.{i:06d}", f"~{scenario}:{nr}.{i}", *cell, "", day, till, None, None, "", part)
            for i, part in enumerate(parts, start=1)
        ]
    level = change.get("niva") if change["typ"] == "volym" else change["fran_niva"]
    fits = [r for r in rows if r.on(day) and r.insats == change["insats"] and level in (None, r.niva) and r.antal == 1]
    fits = sorted((r for r in fits if change.get("regi", r.regi) == r.regi), key=lambda r: r.beslut)[: int(abs(number))]
    assert len(fits) == abs(number), f"the unit has too few for {change}"
    kept = [r for r in rows if r not in fits] + [replace(r, till=day - ONE_DAY, night=True) for r in fits]
    if change["typ"] == "nivabyte":
        kept += [replace(r, niva=change["till_niva"], fran=day) for r in fits]
    elif "till" in change:
        kept += [replace(r, fran=till + ONE_DAY) for r in fits]
    return [r for r in kept if r.fran <= r.till]


def once(work):
    """What is worked out of a year once."""

    @wraps(work)
    def kept(year, *given):
        if (work, given) not in year.kept:
            year.kept[work, given] = work(year, *given)
        return year.kept[work, given]

    return kept


@dataclass
class Year:
    """A year of some decisions at some prices, a day at a time."""

    ar: int
    rows: list[Row]
    changes: Changes = Changes()
    kept: dict = field(default_factory=dict)

    def __post_init__(self):
        first = date(self.ar, 1, 1)
        self.dates = [first + n * ONE_DAY for n in range((date(self.ar + 1, 1, 1) - first).days)]
        self.rule = self.changes.ruled("lss_peng.matregel", "senaste")
        self.weights = self.changes.ruled("lss_peng.matvikter", {"matning_1": 0.5, "matning_2": 0.5})
        self.daily = [row for row in self.rows if row.insats in PER_DAY]
        self.m0, self.m1, self.m2 = date(self.ar - 1, 8, 27), date(self.ar, 3, 31), date(self.ar, 8, 27)

    @classmethod
    def under(cls, ar: int, rows: list[Row], scenario: str, given: list[dict]) -> "Year":
        for nr, change in enumerate(given, start=1):
            rows = moved(rows, change, nr, scenario)
        return cls(ar, rows, Changes(tuple(given)))

    @once
    def prices(self, cell: tuple, avser: str = "tilldelning") -> list[float | None]:
        """Each day's price of a cell; what the board is given is what is paid where no other is stated."""
        insats, niva, regi = cell
        names = dict.fromkeys((avser, "ersattning"))
        edges = {f"{self.dates[0]}"} | {change[name] for change in self.changes.given for name in ("fran", "till")
                                        if name in change}  # fmt: skip
        found: list[float | None] = []
        for number, day in enumerate(self.dates):
            if f"{day}" in edges or (number and f"{self.dates[number - 1]}" in edges):  # else as the day before
                each = (self.changes.price((name, insats, regi, niva), day) for name in names)
                found.append(next((kr for kr in each if kr is not None), None))
            else:
                found.append(found[-1])
        return found

    def priced(self, cell: tuple) -> bool:
        return any(kr is not None for kr in self.prices(cell))

    @once
    def days(self, row: Row) -> list[int]:
        """The numbers of the year's days that a decision counts."""
        first, last = max(row.fran, self.dates[0]), min(row.till, self.dates[-1])
        return [n for n in range((first - self.dates[0]).days, (last - self.dates[0]).days + 1)
                if row.counts(self.dates[n])]  # fmt: skip

    def share(self, state: str, day: date) -> list[tuple[date, float]]:
        """Which measurements rule a day of the year in a state of the budget, and how much."""
        if state == "preliminar":
            return [(self.m0, 1.0)]
        if state == "efter_matning_1":
            return [(self.m1, 1.0)]
        return self.shared(self.rule, day)

    def shared(self, rule: str, day: date) -> list[tuple[date, float]]:
        if rule == "vikter":
            return [(self.m1, self.weights["matning_1"]), (self.m2, self.weights["matning_2"])]
        return [(self.m1 if rule == "halvar" and day.month <= 6 else self.m2, 1.0)]

    def on(self, day: date) -> list[Row]:
        return [row for row in self.daily if row.on(day)]

    @once
    def budget(self, state: str, rule: str = "") -> dict[int, float]:
        """The year's budget by month: each measured person's price of every day."""
        found, per_day = dict.fromkeys(range(1, 13), 0.0), {}
        for day in (self.m0, self.m1, self.m2):
            lists = [(row.antal, self.prices(row.cell)) for row in self.on(day)]
            per_day[day] = [sum(n * (kr[i] or 0) for n, kr in lists) for i in range(len(self.dates))]
        for number, day in enumerate(self.dates):
            for measured, share in self.shared(rule, day) if rule else self.share(state, day):
                found[day.month] += share * per_day[measured][number]
        return found

    @once
    def peng(self, row: Row) -> dict[int, tuple[float, float]]:
        """A decision's days with a price and their peng by month."""
        found, prices = {}, self.prices(row.cell)
        for number in self.days(row):
            month, kr = self.dates[number].month, prices[number]
            if kr is not None:
                days, sum_ = found.get(month, (0.0, 0.0))
                found[month] = days + row.antal, sum_ + row.antal * kr
        return found

    @once
    def paid(self) -> dict[int, float]:
        """Payments by month: days outside the own management or with an own price, and hours outside it."""
        found = dict.fromkeys(range(1, 13), 0.0)
        for row in self.daily:
            if row.pris is not None or row.regi != OWN:
                prices = self.prices(row.cell, "ersattning")
                for number in self.days(row):
                    kr = row.pris if row.pris is not None else prices[number]
                    found[self.dates[number].month] += row.antal * (kr or 0)
        for row in self.rows:
            if row.timmar is not None and row.regi != OWN:
                for day in (day for day in self.dates if row.on(day)):
                    kr = self.changes.price((row.insats, row.tidsslag, row.regi), day)
                    found[day.month] += row.antal * row.timmar / days_of_month(day) * (kr or 0)
        return found

    def year_price(self, cell: tuple) -> float | None:
        """What one person gives the year; None where some day has no price."""
        prices = self.prices(cell)
        return None if None in prices else sum(prices)


def days_of_month(day: date) -> int:
    return ((day.replace(day=28) + 4 * ONE_DAY).replace(day=1) - ONE_DAY).day
