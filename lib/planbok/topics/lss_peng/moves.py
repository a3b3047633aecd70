"""What moved between two measurements: people in and out, levels, management, prices; always to the krona."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planbok.lss.measurement import in_first_half
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

    def year_price(self, cells: Sequence[tuple]) -> np.ndarray:
        """kr that one person in each cell gives the year by this measurement; NaN where no day has a price."""
        ruled = self.share != 0
        days = (self.share * self.world.frame.span_days)[ruled]
        prices = np.array([self.world.given(cell) for cell in cells]).reshape(len(cells), len(ruled))[:, ruled]
        return np.where(np.isnan(prices).all(axis=1), np.nan, np.nansum(prices * days, axis=1))


def parts(world: World, state: str) -> list[Part]:
    """A budget state as measurements and the share of the year that each rules; the shares sum to 1 in every span."""
    frame, whole = world.frame, np.ones(len(world.frame.spans))
    if state != "slutlig":
        day = frame.matning_fore if state == "preliminar" else frame.matning_1
        return [Part(world, day, whole)]
    if frame.matregel == "vikter":
        one, two = (weight * whole for weight in frame.vikter)
    elif frame.matregel == "halvar":
        one = in_first_half(frame.spans)
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

    Who has come to a cell without a price in the first state takes the second's. Whose cells have no price in either is
    in no total, and not among the persons.

    Returns
    -------
    DataFrame steg, typ ("start", "in", "ut", "niva", "regi", "pris", "slut"), personer, kr.
    """
    persons, kr = np.sum([_steps(one, other) for one, other in _matched(before, after)], axis=0)
    persons[[0, -1]] = np.nan
    labels = {"start": names[0], **KINDS, "slut": names[1]}
    return pd.DataFrame({"steg": labels.values(), "typ": labels.keys(), "personer": persons, "kr": kr})


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


def _flows(one: Part, other: Part) -> tuple[list[tuple], np.ndarray, np.ndarray]:
    """How many persons are in which cell at one measurement and at the other.

    Returns
    -------
    The cells (insats, niva, regi); the numbers of an old and a new cell, (2, pair); and how many persons stay in the
    insats, leave it or are new in it, (3, pair). Who isn't there counts in cell -1.
    """
    cells = list(dict.fromkeys([*one.world.cells, *other.world.cells]))
    (name_a, cell_a, persons_a), (name_b, cell_b, persons_b) = (_there(part, cells) for part in (one, other))
    person, names = pd.factorize(pd.concat([name_a, name_b], ignore_index=True))
    insats, _ = pd.factorize(np.array([cell[0] for cell in cells], object))
    both = person, insats[np.append(cell_a, cell_b)]
    key, keys = pd.factorize(np.ravel_multi_index(both, (len(names), len(cells))))
    places, counts = np.full((2, len(keys)), -1), np.zeros((2, len(keys)))
    for number, (rows, cell, persons) in enumerate(
        [(slice(len(cell_a)), cell_a, persons_a), (slice(len(cell_a), None), cell_b, persons_b)]
    ):
        places[number, key[rows]], counts[number, key[rows]] = cell, persons
    stay = counts.min(axis=0)
    wide = (len(cells) + 1,) * 2
    there, pair = np.unique(np.ravel_multi_index(tuple(places + 1), wide), return_inverse=True)
    flows = [np.bincount(pair, its, len(there)) for its in (stay, *(counts - stay))]
    return cells, np.array(np.unravel_index(there, wide)) - 1, np.array(flows)


def _there(part: Part, cells: list[tuple]) -> tuple[pd.Series, np.ndarray, np.ndarray]:
    """Who is there at a measurement: their names, the numbers of their cells among `cells`, how many each row is."""
    world = part.world
    running = world.runs(part.day, part.day)
    number = {cell: i for i, cell in enumerate(cells)}
    numbers = np.array([number[cell] for cell in world.cells], int)
    return world.by_day["person"][running], numbers[world.cell[running]], world.by_day["antal"].to_numpy()[running]


def _steps(one: Part, other: Part) -> np.ndarray:
    """The start, each of KINDS and the end between two measurements: persons and kr, (2, step)."""
    cells, (old, new), flows = _flows(one, other)
    first, second = (np.append(part.year_price(cells), np.nan) for part in (one, other))
    stay, out, come = flows * ~np.isnan([first[old], first[new], second[new]]).all(axis=0)  # the others are in no total
    start, end = np.nan_to_num(first[old]), np.nan_to_num(second[new])
    at_new = np.nan_to_num(np.where(np.isnan(first[new]), second[new], first[new]))
    at_new = np.where(old == new, start, at_new)
    has = np.array([(*cell[1:],) for cell in cells] + [("", "")], object)
    (old_niva, old_regi), (new_niva, new_regi) = (has[side].T for side in (old, new))
    crossed = [
        (cells[a][0], cells[b][1], cells[a][2]) if min(a, b) >= 0 else None for a, b in zip(old, new, strict=True)
    ]
    asked = list(dict.fromkeys(filter(None, crossed)))
    known = dict(zip(asked, one.year_price(asked), strict=True)) if asked else {}
    level = np.array([known[cell] if cell else 0.0 for cell in crossed])
    level = np.where(np.isnan(level), start, level)
    level = np.where(old_regi == new_regi, at_new, level)
    kr = {
        "start": (stay + out) * start,
        "in": come * at_new,
        "ut": -out * start,
        "niva": stay * (level - start),
        "regi": stay * (at_new - level),
        "pris": (stay + come) * (end - at_new),
        "slut": (stay + come) * end,
    }
    persons = {
        "in": come,
        "ut": out,
        "niva": stay * (old_niva != new_niva),
        "regi": stay * (old_regi != new_regi),
        "pris": (stay + come) * (end != at_new),
    }
    return np.array([(persons.get(typ, stay).sum(), value.sum()) for typ, value in kr.items()]).T


def move_kinds(rows: pd.DataFrame, first: date, last: date) -> dict[str, np.ndarray]:
    """Which decisions begin a stay ("in"), end one ("ut") or go on at a new level ("niva") between two days.

    `rows` are sorted by person, insats and fran. A decision that begins the day after another of the same person and
    insats goes on from it.
    """
    stay = rows.groupby(KEY, sort=False)
    goes_on = rows["fran"] == stay["till"].shift() + pd.Timedelta(days=1)
    goes_on_after = stay["fran"].shift(-1) == rows["till"] + pd.Timedelta(days=1)
    starts, ends = (rows[day].between(pd.Timestamp(first), pd.Timestamp(last)) for day in ("fran", "till"))
    new_level = rows["niva"] != stay["niva"].shift()
    found = {"in": starts & ~goes_on, "ut": ends & ~goes_on_after, "niva": starts & goes_on & new_level}
    return {kind: mask.to_numpy() for kind, mask in found.items()}


def counted_moves(rows: pd.DataFrame, first: date, last: date) -> dict[str, int]:
    """How often persons moved in, out and between levels between two days."""
    return {kind: int(mask.sum()) for kind, mask in move_kinds(rows, first, last).items()}
