"""What moved between two measurements: people in and out, levels, management, prices; always to the krona."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planbok.topics.lss_peng.decisions import CELL, is_running
from planbok.topics.lss_peng.worlds import World

KINDS = {
    "in": "Nya personer",
    "ut": "Personer som slutat",
    "niva": "Ändrade nivåer",
    "regi": "Ändrad regi",
    "pris": "Ändrade priser",
}
KEY = ["person", "insats"]


@dataclass(frozen=True)
class Part:
    """A measurement's share of a year's money: the persons of a day at the prices of some spans."""

    world: World
    day: date
    share: np.ndarray  # how much of each span of the year this measurement rules

    def persons(self) -> pd.DataFrame:
        running = is_running(self.world.by_day, pd.Timestamp(self.day)).to_numpy()
        return self.world.by_day.loc[running, [*KEY, "niva", "regi", "antal"]]

    def year_price(self, cells: Iterable[tuple]) -> pd.Series:
        """kr that one person in each cell gives the year by this measurement; NaN where there is no price."""
        spans = self.world.frame.spans
        weight = [share * span.days for share, span in zip(self.share, spans, strict=True)]
        kr = [
            sum(w * self.world.price("tilldelning", cell, span.start) for w, span in zip(weight, spans, strict=True))
            for cell in cells
        ]
        return pd.Series(kr, index=pd.MultiIndex.from_tuples(list(cells), names=CELL), dtype=float)


def parts(world: World, state: str) -> list[Part]:
    """A budget state as measurements and the share of the year that each rules; the shares sum to 1 in every span."""
    frame, whole = world.frame, np.ones(len(world.frame.spans))
    if state != "slutlig":
        day = frame.matning_fore if state == "preliminar" else frame.matning_1
        return [Part(world, day, whole)]
    if frame.matregel == "vikter":
        one, two = (weight * whole for weight in frame.vikter)
    elif frame.matregel == "halvar":
        one = np.array([float(span.start.month <= 6) for span in frame.spans])
        two = whole - one
    else:
        return [Part(world, frame.matning_2, whole)]
    return [Part(world, frame.matning_1, one), Part(world, frame.matning_2, two)]


def bridge(before: list[Part], after: list[Part], names: tuple[str, str]) -> pd.DataFrame:
    """From one budget state to another, in kronor and persons.

    For each person and insats, priced at the first state's prices up to the last step:

        in    price of the new cell             ut    - price of the old cell
        niva  the new level at the old management - the old cell
        regi  the new cell - the new level at the old management
        pris  the second state's price - the first state's, for who is there in the second

    Returns
    -------
    DataFrame steg, typ ("start", "in", "ut", "niva", "regi", "pris", "slut"), personer, kr.
    """
    pairs = _matched(before, after)
    moves = pd.concat([_steps(one, other) for one, other in pairs], ignore_index=True)
    found = moves.groupby("typ")[["personer", "kr"]].sum().reindex(KINDS, fill_value=0.0)
    start = sum(_value(one) for one, _ in pairs)
    end = sum(_value(other) for _, other in pairs)
    rows = [(names[0], "start", np.nan, start)]
    rows += [(KINDS[typ], typ, row["personer"], row["kr"]) for typ, row in found.iterrows()]
    rows.append((names[1], "slut", np.nan, end))
    return pd.DataFrame(rows, columns=["steg", "typ", "personer", "kr"])


def _matched(before: list[Part], after: list[Part]) -> list[tuple[Part, Part]]:
    """The parts of two states in pairs; a state of one part is split as the other is."""
    if len(before) == len(after):
        return list(zip(before, after, strict=True))
    if len(before) == 1:
        return [(_like(before[0], part), part) for part in after]
    return [(part, _like(after[0], part)) for part in before]


def _like(part: Part, other: Part) -> Part:
    """A part that rules as much of its year as another; spans are matched by their month."""
    share = dict(zip((span.start.month for span in other.world.frame.spans), other.share, strict=True))
    return Part(part.world, part.day, np.array([share[span.start.month] for span in part.world.frame.spans]))


def _value(part: Part) -> float:
    persons = part.persons()
    cells = _cells(persons)
    kr = part.year_price(dict.fromkeys(cells)).fillna(0.0)
    return float((kr.reindex(cells).to_numpy() * persons["antal"].to_numpy()).sum()) if len(persons) else 0.0


def _cells(persons: pd.DataFrame) -> list[tuple]:
    return list(persons[CELL].itertuples(index=False, name=None))


def _steps(one: Part, other: Part) -> pd.DataFrame:
    """Each person's steps between two measurements."""
    both = one.persons().merge(other.persons(), on=KEY, how="outer", suffixes=("_a", "_b"), indicator=True)
    old = list(zip(both["insats"], both["niva_a"], both["regi_a"], strict=True))
    new = list(zip(both["insats"], both["niva_b"], both["regi_b"], strict=True))
    level = [(a[0], b[1], a[2]) for a, b in zip(old, new, strict=True)]
    in_a, in_b = both["_merge"] != "right_only", both["_merge"] != "left_only"
    cells = dict.fromkeys([*_present(old, in_a), *_present(new, in_b), *_present(level, in_a & in_b)])
    first, second = one.year_price(cells), other.year_price(cells)
    start, end = _prices(first, old, in_a), _prices(second, new, in_b)
    at_new = _prices(first, new, in_b, _raw(second, new, in_b))
    at_level = _prices(first, level, in_a & in_b, start)
    stays, persons = (in_a & in_b).to_numpy(), both["antal_b"].fillna(both["antal_a"]).to_numpy()
    steps = {
        "in": np.where(in_b & ~in_a, at_new, 0.0),
        "ut": np.where(in_a & ~in_b, -start, 0.0),
        "niva": np.where(stays, at_level - start, 0.0),
        "regi": np.where(stays, at_new - at_level, 0.0),
        "pris": np.where(in_b, end - at_new, 0.0),
    }
    moved = {
        "in": in_b & ~in_a,
        "ut": in_a & ~in_b,
        "niva": stays & (both["niva_a"] != both["niva_b"]),
        "regi": stays & (both["regi_a"] != both["regi_b"]),
        "pris": steps["pris"] != 0,
    }
    tables = [
        pd.DataFrame({"typ": typ, "personer": np.asarray(moved[typ]) * persons, "kr": kr * persons})
        for typ, kr in steps.items()
    ]
    return pd.concat(tables, ignore_index=True)


def _present(cells: list[tuple], mask: pd.Series) -> list[tuple]:
    return [cell for cell, there in zip(cells, mask, strict=True) if there]


def _raw(prices: pd.Series, cells: list[tuple], mask: pd.Series) -> np.ndarray:
    known = prices.to_dict()
    return np.array([known.get(cell, np.nan) if there else 0.0 for cell, there in zip(cells, mask, strict=True)])


def _prices(prices: pd.Series, cells: list[tuple], mask: pd.Series, otherwise: np.ndarray | None = None) -> np.ndarray:
    """Prices of cells; where there is none `otherwise`, and where that has none either 0: it is in no total."""
    found = _raw(prices, cells, mask)
    if otherwise is not None:
        found = np.where(np.isnan(found), otherwise, found)
    return np.nan_to_num(found)


def counted_moves(rows: pd.DataFrame, first: date, last: date, per_day: set[str]) -> dict[str, int]:
    """How often persons moved in, out and between levels in the unit's own decisions between two days."""
    ordered = rows[rows["insats"].isin(per_day)].sort_values([*KEY, "fran"])
    earlier = ordered.groupby(KEY, sort=False)[["till", "niva"]].shift()
    goes_on = ordered["fran"] == earlier["till"] + pd.Timedelta(days=1)
    later = ordered.groupby(KEY, sort=False)["fran"].shift(-1)
    inside = ordered["fran"].between(pd.Timestamp(first), pd.Timestamp(last))
    ends = ordered["till"].between(pd.Timestamp(first), pd.Timestamp(last)) & ~(
        later == ordered["till"] + pd.Timedelta(days=1)
    )
    return {
        "in": int((inside & ~goes_on).sum()),
        "ut": int(ends.sum()),
        "niva": int((inside & goes_on & (ordered["niva"] != earlier["niva"])).sum()),
    }
