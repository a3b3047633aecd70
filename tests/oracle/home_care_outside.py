"""The key figures on older people's care, and what budget, ledger and earlier years say of it, worked out anew."""

from math import ceil, sqrt

from oracle import raw
from oracle.home_care import Prices, kronor, year_of
from oracle.home_care_rows import AR, HOME_ROW, HOMES_ROW, UNIT
from oracle.home_care_tables import MNKR, PERMANENT, Oracle, some
from oracle.raw import total, whole
from scipy.special import stdtrit

ROWS = (HOME_ROW, HOMES_ROW)
VERSIONS = {"vp": 1, "justerad_t1": 5, "justerad_t2": 9}  # the first month that each is known
FEWEST = 2  # earlier years that a range rests on
NAMES = {
    "drivare": "Drivare: volymer och priser",
    "rak": "Rak linje",
    "profil": "Årsprofil",
    "fjol": "Förra årets väg",
    "budget": "Månadsbudget",
    "naiv": "Säsongsnaiv",
}


class Outside(Oracle):
    """With the tables budget and utfall."""

    def table(self, name: str, numbers: tuple[str, ...]) -> list[dict]:
        path = self.folder / f"{name}.csv"
        rows = raw.read(path, numbers) if path.exists() else []
        return [row for row in rows if row["enhet"] == UNIT and row["budgetrad"] in ROWS]

    @property
    def year_kr(self) -> float | None:
        """The year's cost without the scenario; None where nothing has a price, or the table begins in the year."""
        return None if self.begins else some([v for its in self.kr.values() for v in its[:12] if v is not None])

    def budget(self) -> tuple[float | None, float | None]:
        """The latest version that is known in the month."""
        rows = [row for row in self.table("budget", ("kostnad_mnkr", "intakt_mnkr")) if row["ar"] == str(AR)]
        known = [name for name, first in VERSIONS.items() if first <= self.tom]
        mine = [row for row in rows if row["version"] == known[-1]]
        return tuple(whole([row[name] for row in mine]) if mine else None for name in ("kostnad_mnkr", "intakt_mnkr"))

    def booked(self) -> dict[int, list[list[float]]]:
        """Each whole year of the ledger that home care has too: its rows' months, up to the report's month."""
        rows = [r for r in self.table("utfall", ("kostnad_kr", "intakt_kr")) if r["manad"] <= self.month]
        there, found = {row["manad"] for row in self.home}, {}
        for year in sorted({int(row["manad"][:4]) for row in rows}):
            months = [f"{year}-{m:02d}" for m in range(1, 13)]
            by = {(row["budgetrad"], row["manad"]): row["kostnad_kr"] for row in rows}
            if set(months) <= there and all((row, m) in by for row in ROWS for m in months):
                found[year] = [[by[row, m] for m in months] for row in ROWS]
        return found

    def drivers(self, year: int, tom: int) -> float | None:
        """A year after a month, None where a price is missing."""
        kr = kronor(year_of(self.cells, year, tom), Prices(year))
        return whole([v for its in kr.values() for v in its[:12]]) or None

    def traffsakerhet(self) -> list[dict]:
        """Each method's mean miss of the year, per cent, after each month of each year with a whole one before it."""
        years, misses = self.booked(), {name: [] for name in NAMES}
        for place, year in enumerate([*years][1:], 1):
            plan = [
                row["kostnad_mnkr"]
                for row in self.table("budget", ("kostnad_mnkr",))
                if row["ar"] == str(year) and row["version"] == "vp"
            ]
            for tom in range(1, 12):
                said = ledger_methods([*years.values()][: place + 1], tom, sum(plan) * MNKR)
                said["drivare"] = self.drivers(year, tom)
                if None not in said.values():
                    became = sum(map(sum, years[year]))
                    for name, kr in said.items():
                        misses[name].append(100 * abs(kr - became) / became)
        if not misses["drivare"]:
            return []
        rows = [(sum(its) / len(its), NAMES[name]) for name, its in misses.items()]
        return [{"metod": name, "medelfel_procent": miss} for miss, name in sorted(rows)]

    def half(self) -> float | None:
        """How far from the prognosis the year stays eight times of ten, whole mnkr upwards; None where not known."""
        first = min(row["manad"] for row in self.home)
        if self.tom == 12 or self.year_kr is None or any(None in its[:12] for its in self.kr.values()):
            return None
        misses = []
        for year, rows in self.booked().items():
            if first <= f"{year - 1}-01" and (said := self.drivers(year, self.tom)):
                misses.append(100 * (sum(map(sum, rows)) - said) / said)
        if len(misses) < FEWEST:
            return None
        assert len(misses) < 4, "with four the largest would do"
        size = stdtrit(len(misses), 0.9) * sqrt(sum(miss**2 for miss in misses) / len(misses))
        return ceil(self.year_kr * size / 100 / MNKR)

    def nyckeltal(self) -> dict:
        now = next(row for row in self.per_manad() if row["manad"] == self.month)
        found = {key: value for key, value in now.items() if key != "manad"}
        found["vobo_helmanader"] = self.counts(PERMANENT, self.month) or (
            0 if any(row["manad"] == self.month for row in self.places) else None
        )
        year, full = (sum(sum(kr[a:b]) for step in self.added for kr in step.values()) for a, b in ((0, 12), (12, 13)))
        base, half = self.year_kr, self.half()
        found["prognos_mnkr"] = None if base is None else (base + year) / MNKR
        for name, way in (("lag", -1), ("hog", 1)):
            mid = found["prognos_mnkr"]
            found[f"prognos_{name}_mnkr"] = None if half is None or mid is None else mid + way * half
        if self.changes:
            found["prognos_utan_scenario_mnkr"] = None if base is None else base / MNKR
            found |= {"skillnad_mnkr": year / MNKR, "skillnad_helar_mnkr": full / MNKR}
            found["jamfor_med_skillnad_mnkr"] = year / MNKR
        return found

    def fakta(self) -> dict:
        ago, (cost, revenue) = f"{AR - 1}{self.month[4:]}", self.budget()
        areas = [row for row in self.home if row["tidsslag"] in ("dag", "") and row["manad"] == ago]
        year = self.nyckeltal()["prognos_mnkr"]
        causes = self.causes() or {}
        booked = self.table("utfall", ("kostnad_kr", "intakt_kr"))
        rows = [row for row in booked if f"{AR}-01" <= row["manad"] <= self.month]
        fees, spent = (whole([row[name] for row in rows]) if rows else None for name in ("intakt_kr", "kostnad_kr"))
        known = total([v for its in self.kr.values() for v in its[:12]]) or 0
        found = {
            "arenden_i_fjol_antal": total([row["arenden"] for row in areas]),
            "helmanader_i_fjol_antal": self.counts(PERMANENT, ago),
            "budget_mnkr": cost,
            "avvikelse_mnkr": None if cost is None or year is None else cost - year,
            "avgifter_mnkr": fees / spent * known / MNKR if spent else None,
            "avgifter_hittills_mnkr": None if fees is None else fees / MNKR,
            "avgifter_budget_mnkr": revenue,
        }
        return found | {
            f"orsak_{cause}_mnkr": sum(its[cause] for its in causes.values()) / MNKR if causes else None
            for cause in ("volym", "slag", "timmar", "pris")
        }


def ledger_methods(years: list[list[list[float]]], tom: int, plan: float) -> dict[str, float]:
    """The last of some years after a month by the ledger's own methods: its rows summed."""
    *before, now = years
    rows = range(len(now))
    to_date = [sum(now[row][:tom]) for row in rows]
    shares = [sum(sum(year[row][:tom]) / sum(year[row]) for year in before) / len(before) for row in rows]
    last = before[-1]
    return {
        "rak": sum(to_date) * 12 / tom,
        "profil": sum(to_date[row] / shares[row] for row in rows),
        "fjol": sum(to_date[row] * sum(last[row]) / sum(last[row][:tom]) for row in rows),
        "budget": sum(to_date) + plan * (12 - tom) / 12,
        "naiv": sum(to_date) + sum(sum(last[row][tom:]) for row in rows),
    }
