"""A unit's hours as the rows of bemanning have them: its indicators and its year-end, counted anew in plain Python."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from math import ceil, isnan, nan, sqrt

from oracle.staffing_rows import number

HOURS = [
    *("ordinarie_tid_h", "avtalad_tid_h", "arbetad_tid_h", "timavlonad_h", "inhyrd_h", "overtid_h"),
    *("sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h"),
]
RATIOS = {
    "sjukfranvaro_procent": ("sjuk_h", "avtalad_tid_h"),
    "sjukfranvaro_lag_procent": ("sjuk_h", "ordinarie_tid_h"),
    "sjukfranvaro_dag_1_14_procent": ("sjuk_dag_1_14_h", "avtalad_tid_h"),
    "sjuk_60_dagar_andel_procent": ("sjuk_60_dagar_h", "sjuk_h"),
    "timavlonad_procent": ("timavlonad_h", "arbetad_tid_h"),
}
UNIT = "Hela enheten"
SPACE = "\N{NO-BREAK SPACE}"
SHORT = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
T_EIGHT_OF_TEN = {1: 3.0776835371752536, 2: 1.8856180831641267, 3: 1.6377443536962102}  # printed tables: 3.078, …
Cells = dict[tuple[str, int], dict[str, float]]  # by group and month number, in the table's order


def nr(manad: str) -> int:
    return int(manad[:4]) * 12 + int(manad[5:7]) - 1


def manad(number_: int) -> str:
    return f"{number_ // 12}-{number_ % 12 + 1:02d}"


def cells(rows: Iterable[dict[str, str]]) -> Cells:
    """Operations within a group added; a sum of which a part is empty is unknown."""
    found: Cells = {}
    for row in rows:
        its = found.setdefault((row["grupp"], nr(row["manad"])), dict.fromkeys([*HOURS, "anstallda"], 0.0))
        for name in its:
            its[name] += number(row[name])
    return found


def total(of: Cells, name: str, months: Container[int], group: str = UNIT) -> float:
    return sum((its[name] for (g, m), its in of.items() if m in months and group in (UNIT, g)), 0.0)


def share(part: float, whole: float) -> float:
    return 100 * part / whole if whole else nan


def ratios(of: Cells, months: Container[int], group: str = UNIT) -> dict[str, float]:
    return {
        name: share(total(of, part, months, group), total(of, whole, months, group))
        for name, (part, whole) in RATIOS.items()
    }


def groups_in(of: Cells, months: Container[int]) -> list[str]:
    """The groups with rows in some months, as the table has them in turn."""
    return [*dict.fromkeys(group for group, month in of if month in months)]


def months_there(of: Cells, months: Iterable[int]) -> bool:
    return set(months) <= {month for _, month in of}


def periods(ar: int, tom: int) -> dict[str, range]:
    start, end = ar * 12, ar * 12 + tom
    tertials = {f"{ar}-T{n}": range(start + 4 * n - 4, start + 4 * n) for n in (1, 2, 3) if 4 * n <= tom}
    so_far = f"jan–{SHORT[tom - 1]}{SPACE}{ar}" if tom > 1 else f"jan{SPACE}{ar}"
    return {**tertials, so_far: range(start, end), f"rullande{SPACE}12{SPACE}månader": range(end - 12, end)}


def indicators(of: Cells, ar: int, tom: int) -> list[dict]:
    """The table indikatorer: hours, ratios of sums, and the headcount of the period's last month."""
    found = []
    for period, months in periods(ar, tom).items():
        if not months_there(of, months):
            continue  # fewer than twelve are no rolling twelve
        for group in [UNIT, *groups_in(of, months)]:
            sums = {name: total(of, name, months, group) for name in ("avtalad_tid_h", "sjuk_h")}
            sums |= {name: total(of, name, months, group) for name in ("overtid_h", "inhyrd_h")}
            last = {month for g, month in of if g == group or group == UNIT} & {months[-1]}
            head = total(of, "anstallda", last, group) if last else nan
            found.append({"period": period, "grupp": group, **sums, **ratios(of, months, group), "anstallda": head})
    return found


def by_month(of: Cells, ar: int, tom: int) -> list[dict]:
    """The tables by month: the unit's rows, and then each group's."""
    found = []
    year = range(ar * 12, ar * 12 + tom)
    for group in [UNIT, *groups_in(of, year)]:
        for month in year:
            if group != UNIT and (group, month) not in of:
                continue
            twelve = range(month - 11, month + 1)
            rolling = ratios(of, twelve, group)["sjukfranvaro_procent"] if months_there(of, twelve) else nan
            names = ("avtalad_tid_h", "sjuk_h", "overtid_h", "inhyrd_h")
            hours = {name: total(of, name, [month], group) for name in names}
            row = {"manad": manad(month), "grupp": group, **hours, **ratios(of, [month], group)}
            found.append(row | {"rullande_12_procent": rolling})
    return found


@dataclass
class Outlook:
    """The year-end of the city's indicator by last year's months, and how the methods have missed before."""

    varde: float
    metod: str
    niva: float
    half: float  # half of the range, NaN without one
    misses: dict[str, dict[int, float]]  # by method: by the month that was the first ahead

    def methods(self) -> list[dict]:
        """The table prognosmetoder."""
        common = set.intersection(*(set(its) for its in self.misses.values())) if self.misses else set()
        found = []
        for name, its in self.misses.items():
            sizes, shared = [abs(miss) for miss in its.values()], [abs(its[now]) for now in common]
            found.append(
                {
                    "metod": name,
                    "forsok": len(its),
                    "medelfel": sum(sizes) / len(sizes) if sizes else nan,
                    "medelfel_gemensamma": sum(shared) / len(shared) if shared else nan,
                    "storst_for_lag": min(its.values(), default=nan),
                    "storst_for_hog": max(its.values(), default=nan),
                    "anvands": "ja" if name == self.metod else "nej",
                }
            )
        return found


def outlook(of: Cells, last: int, done: int, fewest: int) -> Outlook:
    """Each month that is left as a year before, by hours; or that and the year's difference so far."""
    first = min(month for _, month in of)

    def span(start: int, stop: int) -> tuple[float, float]:
        """Sick and contracted hours of some months; NaN where one of them is not there."""
        there = start >= first and months_there(of, range(start, stop))
        both = (total(of, name, range(start, stop)) for name in ("sjuk_h", "avtalad_tid_h"))
        return tuple(both) if there else (nan, nan)  # type: ignore[return-value]

    def forecast(now: int, level: bool) -> tuple[float, float]:
        (sick, agreed), (ahead, hours) = span(now - done, now), span(now - 12, now - done)
        shift = share(sick, agreed) - share(*span(now - done - 12, now - 12)) if level else 0.0
        return share(sick + ahead + shift / 100 * hours, agreed + hours), shift

    now = last + 1
    if done == 12:
        return Outlook(share(*span(now - 12, now)), "utfall för hela året", 0.0, nan, {})
    names = {"samma månader i fjol": False, "samma månader i fjol plus årets nivåskillnad": True}
    misses = {}
    for name, level in names.items():
        tried = {at: forecast(at, level)[0] - share(*span(at - done, at - done + 12)) for at in range(first + 12, now)}
        misses[name] = {at: miss for at, miss in tried.items() if not isnan(miss)}
    plain, other = misses.values()
    common = plain.keys() & other.keys()
    plain_size, other_size = (sum(abs(its[at]) for at in common) for its in (plain, other))
    metod = [*names][len(common) >= max(fewest, 1) and other_size < plain_size]
    value, shift = forecast(now, names[metod])
    if isnan(value):
        return Outlook(nan, metod, 0.0, nan, {})
    yearly = [miss for at, miss in misses[metod].items() if (now - at) % 12 == 0]
    return Outlook(value, metod, shift, reach(yearly), misses)


def reach(misses: list[float]) -> float:
    """What the next of some independent misses stays within in eight cases of ten; NaN without any."""
    sizes = sorted(map(abs, misses))
    if not sizes:
        return nan
    place = ceil(0.8 * (len(sizes) + 1))
    if place <= len(sizes):
        return sizes[place - 1]
    return T_EIGHT_OF_TEN[len(sizes)] * sqrt(sum(size**2 for size in sizes) / len(sizes))
