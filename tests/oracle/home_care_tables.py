"""The tables and key figures on older people's care, from the year worked out anew (`oracle.home_care`)."""

from functools import cached_property
from pathlib import Path

from oracle import raw
from oracle.home_care import HOURS, Prices, cells_of, kronor, read, steps, under, year_of
from oracle.home_care_rows import AR
from oracle.raw import total, whole

SLAG = {
    "dag": "Hemtjänst dag, kväll och helg",
    "natt": "Hemtjänst natt",
    "larm": "Trygghetslarm",
    "somatisk": "Somatiskt boende",
    "demens": "Demensboende",
    "profil": "Profilboende",
    "servicehus": "Servicehus",
    "korttid": "Korttid",
}
PERMANENT, MNKR = ("somatisk", "demens", "profil"), 1_000_000
CAUSES = {
    "volym": "fler eller färre",
    "slag": "andra slag, områden och regi",
    "timmar": "timmar per ärende, dygn per månad",
    "pris": "priser",
}
COUNTS = {"arenden_antal": "arenden", **{name: name for name in HOURS}}


def share_of(part: float | None, of: float | None) -> float | None:
    return None if part is None or not of else 100 * part / of


def ratios(row: dict) -> dict:
    """What cases and hours are of each other."""
    hours = row["beviljade_h"] if row["bestallda_h"] is None else row["bestallda_h"]
    return row | {
        "h_per_arende": hours / row["arenden_antal"] if row["arenden_antal"] and hours is not None else None,
        "bestallt_av_beviljat_procent": share_of(row["bestallda_h"], row["beviljade_h"]),
        "utforandegrad_procent": share_of(row["utforda_h"], row["bestallda_h"]),
    }


def counted(rows: list[dict]) -> dict:
    return ratios({key: whole([row[name] for row in rows]) for key, name in COUNTS.items()})


def some(values: list[float | None]) -> float | None:
    """The sum of what has a price; None where nothing has, 0 of nothing."""
    return total(values) if values else 0.0


class Oracle:
    """A unit's report as of a month, under a scenario's changes."""

    def __init__(self, folder: Path, tom: int, changes: tuple[dict, ...] = (), paid: str = "utford", nights: float = 1):
        self.folder, self.tom, self.changes = folder, tom, changes
        home, self.places = read(folder)
        self.month = f"{AR}-{tom:02d}"
        self.home = [row for row in home if row["manad"] <= self.month]
        self.day = [row for row in self.home if row["tidsslag"] in ("dag", "") and row["manad"] >= f"{AR}-01"]
        self.cells = cells_of(folder, paid, nights)

    @cached_property
    def volumes(self):
        return year_of(self.cells, AR, self.tom)

    @cached_property
    def kr(self):
        return kronor(self.volumes, Prices(AR))

    @cached_property
    def begins(self) -> bool:
        return min(row["manad"] for row in self.home) > f"{AR}-01"

    @cached_property
    def before(self):
        """Last year's volumes and kronor; None where a month of it is not there."""
        there = {row["manad"] for row in self.home}
        if not {f"{AR - 1}-{m:02d}" for m in range(1, 13)} <= there:
            return None
        volumes = year_of(self.cells, AR - 1, 12)
        return volumes, kronor(volumes, Prices(AR - 1))

    @cached_property
    def added(self):
        return steps(self.cells, self.changes)

    def per_manad(self) -> list[dict]:
        spans = sorted({row["manad"] for row in self.day})
        return [{"manad": m} | counted([row for row in self.day if row["manad"] == m]) for m in spans]

    def per_omrade(self) -> list[dict]:
        now, found = [row for row in self.day if row["manad"] == self.month], []
        for area in [*sorted({row["omrade"] for row in now}), "Totalt"]:
            rows, year = ([r for r in of if area in (r["omrade"], "Totalt")] for of in (now, self.day))
            done, ordered = (whole([row[name] for row in year]) for name in ("utforda_h", "bestallda_h"))
            row = {"omrade": area, "part": "" if area == "Totalt" else area} | counted(rows)
            row |= {"hittills_procent": share_of(done, ordered)}
            found.append(row | {"avvikelse": "; ".join(filter(None, map(_far, *_WAYS, [row] * 2)))})
        return found

    def counts(self, kinds: tuple[str, ...], month: str) -> float | None:
        """Cases or full months of some kinds in a month; None where no row says."""
        at = int(month[:4]) * 12 + int(month[5:]) - 1
        return total([cell.antal.get(at) for key, cell in self.cells.items() if key[1] in kinds])

    def boende_per_manad(self) -> list[dict]:
        spans = [f"{AR}-{m:02d}" for m in range(1, self.tom + 1)]
        others = tuple(kind for kind in SLAG if kind != "dag")
        spans = [m for m in spans if self.counts(others, m) is not None]
        kinds = [kind for kind in others if any(self.counts((kind,), m) is not None for m in spans)]
        return [
            {
                "manad": m,
                **{kind: self.counts((kind,), m) for kind in kinds},
                "vobo_helmanader": self.counts(PERMANENT, m),
            }
            for m in spans
        ]

    def chefsniva(self) -> list[dict]:
        rows = [row for row in self.home if row["manad"] == self.month]
        over, at = (total([row[n] for row in rows]) for n in ("arenden_over_99_h", "arenden_99_h_eller_mer"))
        found = (("över 99 timmar", over, "över"), ("99 timmar eller mer", at, ""))
        return [dict(zip(("lasning", "antal", "part"), row, strict=True)) for row in found]

    def kinds(self) -> list[str]:
        return [kind for kind in SLAG if any(key[1] == kind for key in self.cells)]

    def of_kind(self, kr: dict, kind: str, months: range) -> float | None:
        return some([its[m] for key, its in kr.items() if key[1] == kind for m in months])

    def prognos(self) -> list[dict]:
        rows = []
        for kind in self.kinds():
            before = None if self.before is None else self.of_kind(self.before[1], kind, range(12))
            parts = (self.of_kind(self.kr, kind, months) for months in (range(self.tom), range(self.tom, 12)))
            rows.append((SLAG[kind], *parts, before))
        if self.changes:
            year = sum(sum(kr[:12]) for step in self.added for kr in step.values())
            rows.append(("Scenariots förändringar", 0.0, year, 0.0))
        rows.append(("Totalt", *(total([row[place] for row in rows]) for place in (1, 2, 3))))
        found = []
        for name, *kr in rows:
            to_date, rest, before = (None if value is None else value / MNKR for value in kr)
            year = whole([to_date, rest])
            row = {"slag": name, "hittills_mnkr": to_date, "resten_mnkr": rest, "forra_aret_mnkr": before}
            found.append(
                row | {"prognos_mnkr": year, "skillnad_mnkr": None if before is None or year is None else year - before}
            )
        return found

    def brygga(self) -> list[dict]:
        rows, causes = [], self.causes()
        if causes:
            start, end = (some([v for its in kr.values() for v in its[:12]]) for kr in (self.before[1], self.kr))
            names = {"hemtjanst": "Hemtjänst", "vobo": "Boende"}
            parts = [
                (f"{names[e]}: {CAUSES[c]}", "orsak", 0, kr, None) for e, its in causes.items() for c, kr in its.items()
            ]
            leg = [(str(AR - 1), "start", 0, start, None), *parts, (f"Prognos {AR}", "slut", 0, end, None)]
            rows += [(f"Från {AR - 1}", *row) for row in leg]
        if self.changes:
            start, full = (some([v for its in self.kr.values() for v in its[a:b]]) or 0 for a, b in ((0, 12), (12, 13)))
            sums = [[sum(sum(kr[a:b]) for kr in step.values()) for a, b in ((0, 12), (12, 13))] for step in self.added]
            leg = [("Utan scenariot", "start", 0, start, full)]
            leg += [(None, change["typ"], n, *sums[n - 1]) for n, change in enumerate(self.changes, 1)]
            leg += [("Med scenariot", "slut", 0, start + sum(a for a, _ in sums), full + sum(b for _, b in sums))]
            rows += [("Scenariot", *row) for row in leg]
        names = ("brygga", "steg", "typ", "forandring", "kr", "kr_helar")
        of_the_frame = {"kr_ram": 0, "kr_ram_helar": 0}
        return [dict(zip(names, row, strict=True)) | of_the_frame for row in rows]

    def causes(self) -> dict[str, dict[str, float]] | None:
        """What moved the cost since last year; None where a cost of either is not known."""
        if self.before is None:
            return None
        sides = [sums(*side) for side in (self.before, (self.volumes, self.kr))]
        if any(kr is None for side in sides for _, _, kr in side.values()):
            return None
        found: dict[str, dict[str, float]] = {}
        for cell in sorted(self.cells):
            parts = found.setdefault(cell[0], dict.fromkeys(CAUSES, 0.0))
            for cause, kr in cell_causes(cell, *sides).items():
                parts[cause] += kr
        return found

    def kanslighet(self) -> list[dict]:
        """Ten more cases, one per cent more hours, ten moves and one per cent higher prices from the next month."""
        fran = {"fran": f"{AR}-{min(self.tom + 1, 12):02d}-01"}
        tried = {"10 fler ärenden med hemtjänst": {"typ": "arenden", "antal": 10}}
        tried |= {"1 procent fler timmar per ärende": {"typ": "timmar", "h_per_arende_procent": 1}}
        tried |= {
            f"10 flyttar från hemtjänst till {SLAG[kind].lower()}": {"typ": "flytt", "till_slag": kind, "antal": 10}
            for kind in PERMANENT
            if any(key[1] == kind for key in self.cells)
        }
        rows = [(name, *self._moved(change | fran)) for name, change in tried.items()]
        kr = [total([v for its in self.kr.values() for v in its[a:b]]) or 0 for a, b in ((self.tom, 12), (12, 13))]
        rows.append(("1 procent högre priser", *(value / 100 for value in kr)))
        return [{"andring": name, "kr": 0 if self.tom == 12 else kr, "helar_kr": full} for name, kr, full in rows]

    def _moved(self, change: dict) -> tuple[float, float]:
        after = kronor(under(self.volumes, (change,), AR), Prices(AR))
        gaps = [
            [b - a if a is not None and b is not None else 0 for a, b in zip(self.kr[c], after[c], strict=True)]
            for c in self.cells
        ]
        return sum(sum(gap[:12]) for gap in gaps), sum(gap[12] for gap in gaps)

    def mean_price(self, kinds: tuple[str, str]) -> float | None:
        """What an hour or a day costs in the last month, over managements as they are."""
        m, rows = self.tom - 1, []
        for key, its in self.volumes.items():
            amount = its.antal[m] * (its.per[m] or 0)
            if key[:2] == kinds and amount > 0:
                price = its.own[m] if its.own[m] is not None else Prices(AR).month(key, m)
                rows.append((amount, price))
        if not rows or any(price is None for _, price in rows):
            return None
        return sum(amount * price for amount, price in rows) / sum(amount for amount, _ in rows)

    def brytpunkt(self) -> list[dict]:
        found, hour = [], self.mean_price(("hemtjanst", "dag"))
        for kind in (*PERMANENT, "servicehus", "korttid"):
            if any(key[1] == kind for key in self.cells):
                day = self.mean_price(("vobo", kind))
                month = None if day is None else day * raw.length(self.month)
                hours = None if month is None or hour is None else month / hour
                found.append({"slag": SLAG[kind], "part": kind, "kr_per_manad": month, "timmar_h": hours})
        return found

    def planar(self) -> list[dict]:
        """The rate of 31 December as the number of people grows; a year's outturn goes before a prognosis of it."""
        areas, people = {row["omrade"] for row in self.home}, {}
        for row in sorted(
            raw.read(self.folder / "befolkning.csv", ("antal",)), key=lambda row: row["underlag"] != "utfall"
        ):
            if row["omrade"] in areas and int(row["ar"]) >= AR:
                people.setdefault((row["ar"], row["omrade"], row["aldersgrupp"]), row["antal"])
        sums = {
            year: sum(n for key, n in people.items() if key[0] == year) for year in sorted({key[0] for key in people})
        }
        kr = total([its[12] for its in self.kr.values()]) or 0
        return [{"ar": y, "antal": n, "kostnad_mnkr": kr * n / sums[str(AR)] / MNKR} for y, n in sums.items()]


_WAYS = (("bestallt_av_beviljat_procent", "utforandegrad_procent"), ("beställt {} beviljat", "utfört {} beställt"))


def _far(key: str, text: str, row: dict) -> str:
    """What is at least five per cent from ordered or granted."""
    percent = row[key]
    return "" if percent is None or abs(percent - 100) < 5 else text.format("under" if percent < 100 else "över")


def sums(volumes: dict, kr: dict) -> dict:
    """A year of each cell: cases times months, what is paid, kronor (None where one is not known)."""
    return {
        cell: (
            sum(its.antal[:12]),
            sum(n * (per or 0) for n, per in zip(its.antal[:12], its.per[:12], strict=True)),
            whole(kr[cell][:12]),
        )
        for cell, its in volumes.items()
    }


def cell_causes(cell: tuple, one: dict, two: dict) -> dict[str, float]:
    """What moved a cell's cost: more cases at the kind's mean, other cells, more of each, dearer."""
    (a, mangd_a, kr_a), (b, mangd_b, kr_b) = one[cell], two[cell]
    alike = [c for c in one if c[0] == cell[0] and (c[0] == "vobo" or c[1] == cell[1])]
    cases, cost = sum(one[c][0] for c in alike), sum(one[c][2] for c in alike)
    per_case = kr_a / a if a > 0 else kr_b / b if b > 0 else 0.0
    mean = cost / cases if cases > 0 else per_case
    each = mangd_a / a if a > 0 else mangd_b / b if b > 0 else 0.0
    price = kr_a / mangd_a if mangd_a > 0 else kr_b / mangd_b if mangd_b > 0 else 0.0
    volume, hours = (b - a) * mean, (mangd_b - b * each) * price
    kinds = (b - a) * per_case - volume
    return {"volym": volume, "slag": kinds, "timmar": hours, "pris": kr_b - kr_a - volume - kinds - hours}
