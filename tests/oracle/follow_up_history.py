"""The methods tried on a unit's earlier years, from what was known then, and the range that their errors give."""

from collections import defaultdict
from math import ceil, hypot, isnan, nan, sqrt

from oracle.follow_up_changes import Change, Under
from oracle.follow_up_oracle import CHOSEN, METHODS, NAIVE, SIGN, TOTAL, Ahead, Known, Unit, rows

LEVEL = 0.8
T_QUANTILES = {0.8: {1: 3.078, 2: 1.886, 3: 1.638}, 0.9: {1: 6.314, 2: 2.920, 3: 2.353}}  # two-sided, by degrees
LEAST = 50_000.0
Errors = dict[tuple[str, str, int], list[tuple[float, float]]]  # method, row, month: kronor and per cent


def tried(unit: Unit) -> Errors:
    """What each whole year became less what each method had said after each month."""
    years = [*unit.past, *([(unit.ar, unit.now)] if unit.tom == 12 else [])]
    found: Errors = defaultdict(list)
    for place, (ar, became) in enumerate(years):
        version = unit.version if ar == unit.ar else "vp"
        budget = unit.budget_of(ar, version) if unit.stated_budget(ar, version) else None
        for tom in range(1, 12):
            for method in (CHOSEN, *METHODS, NAIVE):
                wrong = _errors(unit, years[:place], became, budget, tom, method)
                for row, kr in wrong.items():
                    whole = sum(_net(became[leaf]) for leaf in became if row in (leaf[0], TOTAL))
                    if not isnan(kr):
                        found[method, row, tom].append((kr, 100 * kr / abs(whole) if whole else nan))
    return found


def _net(money: list[list[float]]) -> float:
    return sum(money[0]) - sum(money[1])


def _errors(unit: Unit, past, became, budget, tom: int, method: str) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for leaf, money in became.items():
        for side in (0, 1):
            earlier = [year[leaf][side] for _, year in past]
            planned = [nan] * 12 if budget is None else budget[leaf][side]
            known = Known(money[side], earlier, planned, tom, unit.late.get(leaf[0], 0))
            said = _said(known, unit, leaf, side, method, money[side][:tom])
            for name in (leaf[0], TOTAL):
                found[name] += SIGN[side] * (sum(money[side]) - said)
    return found


def _said(known: Known, unit: Unit, leaf, side: int, method: str, to_date: list[float]) -> float:
    """The year as the method would have said it; nothing where nothing has ever been booked, NaN where it couldn't."""
    if known.earlier and not any(any(year) for year in known.earlier) and not sum(to_date):
        return 0.0
    name = unit.year_ahead[leaf, side].name if method == CHOSEN else method
    ahead: Ahead | None = known.naive() if name == NAIVE else known.by(name) if name else None
    return nan if ahead is None else ahead.year(to_date)


def mean(errors: list[tuple[float, float]]) -> dict[str, float]:
    """How many, and the mean sizes."""
    kr, percent = ([abs(e[i]) for e in errors if not isnan(e[i])] for i in (0, 1))
    return {"antal": len(errors), "kr": sum(kr) / len(kr), "procent": sum(percent) / len(percent) if percent else nan}


def reach(percent: list[float], level: float) -> float:
    """How far from zero one more error stays, so often."""
    sizes = sorted(map(abs, percent))
    place = ceil(level * (len(sizes) + 1) - 1e-9)
    if place <= len(sizes):
        return sizes[place - 1]
    return T_QUANTILES[level][len(sizes)] * sqrt(sum(x * x for x in sizes) / len(sizes))


def span(under: Under, errors: Errors, level: float = LEVEL) -> tuple[float, float] | None:
    """The prognosis' lowest and highest, kr; None in December, and where no error is known."""
    unit, prognos = under.unit, under.totals["prognos"]
    if unit.tom == 12 or isnan(prognos):
        return None
    own = [percent for _, percent in errors[CHOSEN, TOTAL, unit.tom]]
    shared = rows(unit.folder, "prognosfel", tom_manad=str(unit.tom), metod="vald")
    enough = {LEVEL: 4, 0.9: 9}[level]
    basis = [float(row["fel_procent"]) for row in shared] if len(own) < enough <= len(shared) else own
    if not basis:
        return None
    width = max(abs(prognos) * reach(basis, level) / 100, LEAST)
    pairs = [(-width, width), *(_ends(under, nr) for nr in range(1, len(under.changes) + 1))]
    return prognos - hypot(*(min(0.0, *pair) for pair in pairs)), prognos + hypot(*(max(0.0, *pair) for pair in pairs))


def _ends(under: Under, nr: int) -> tuple[float, float]:
    """How a change alone at its lowest and highest moves the prognosis; a measure that is unsure may give nothing."""
    change = under.changes[nr - 1]
    limits = [change[name] for name in ("kr_per_manad_lag", "kr_per_manad_hog") if name in change]
    if change["typ"] == "atgard":
        likely, kr = change.get("sannolikhet_andel", 1.0), change["kr_per_manad"]
        kvar = sum(part.kvar for part in under.parts if part.nr == nr and part.status != "planerad")
        sizes = [kvar * end / kr / likely for end in limits or [kr]] + ([0.0] if likely < 0.9 else [])
        return min(sizes), max(sizes)
    moved = [_with(under, nr, {**change, "kr_per_manad": kr}) for kr in limits] or [0.0]
    return min(moved), max(moved)


def _with(under: Under, nr: int, change: Change) -> float:
    changes = [*under.changes[: nr - 1], change, *under.changes[nr:]]
    return Under(under.unit, changes).totals["prognos"] - under.totals["prognos"]
