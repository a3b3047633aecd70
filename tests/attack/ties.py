"""What always holds between the cells of reports, learnt from the working papers of made-up collections.

What ties cells to each other is not read from planbok's declarations. An attacker has the program: run on made-up
collections, its working papers show which cells are always the sum, the difference, the share or a fixed multiple of
which others, within a table, between tables, reports and months.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, permutations

import numpy as np
from attack.reading import DIALS, FIGURES, NEAR, Key, Terms, World, rounded

SEEN_IN, DIFFERENT = 4, 3
MOST_PAIRED = 250  # cells of a report and unit whose pairs are tried as sums


class Ties:
    """What always holds between cells: learnt from several worlds, said of one of them."""

    def __init__(self, worlds: Sequence[World]):
        self.worlds = worlds

    def of(self, world: World) -> list[Terms]:
        """The sums of cells that are 0 in a world."""
        every = (*world.merged, *self._equal(world), *self._sums(world), *self._pairs(world), *self._rows(world))
        return [terms for terms in dict.fromkeys(every) if _true(terms, world)]

    def _holds(self, sides: Iterable[tuple[float | None, float | None]]) -> bool:
        """Whether two sides are the same in enough worlds, and differ in none."""
        seen = set()
        count = 0
        for left, right in sides:
            if left is None or right is None:
                continue
            if abs(left - right) > NEAR * max(abs(left), abs(right), NEAR):
                return False
            count += bool(left)
            seen.add(rounded(left))
        return count >= SEEN_IN and len(seen) >= DIFFERENT

    def _equal(self, world: World) -> Iterator[Terms]:
        """Cells that are the same number wherever both are."""
        for keys in world.at.values():
            groups: dict[tuple, Key] = {}
            for key in keys:
                values = tuple(rounded(w.truth[key]) if key in w.truth else None for w in self.worlds)
                first = groups.setdefault((world.units[key], values), key)
                there = [value for value in values if value]
                if first is not key and len(there) >= SEEN_IN and len(set(there)) >= DIFFERENT:
                    yield ((first, 1.0), (key, -1.0))

    def _sums(self, world: World) -> Iterator[Terms]:
        """Sums over the rows of a table, all, of one text or to date, and what two months differ by."""
        for name, (_, terms) in _sums_of(world).items():
            inside = {key for key, _ in terms}
            for total in self._totals.get(name, ()) if len(terms) > 1 else ():
                if total in world.truth and total not in inside:
                    yield (*terms, (total, -1.0))

    @cached_property
    def _totals(self) -> dict[tuple, list[Key]]:
        """By sum the cells that it always is: they are told apart by their values in all worlds."""
        sums = [{name: value for name, (value, terms) in _sums_of(w).items() if terms} for w in self.worlds]
        units = {key: unit for w in self.worlds for key, unit in w.units.items()}
        names, keys = ([*dict.fromkeys(name for its in of for name in its)] for of in (sums, [units]))
        of_names, of_keys = _values(names, sums), _values(keys, [w.truth for w in self.worlds])
        unit = {name: units[terms[0][0]] for w in self.worlds for name, (_, terms) in _sums_of(w).items() if terms}
        codes = {text: number for number, text in enumerate(dict.fromkeys(units.values()))}
        of_name, of_key = np.array([codes[unit[n]] for n in names]), np.array([codes[units[k]] for k in keys])
        found: dict[tuple, list[Key]] = defaultdict(list)
        for code in codes.values():
            some, others = np.flatnonzero(of_name == code), np.flatnonzero(of_key == code)
            for name, key in _same(of_names[some], of_keys[others]):
                found[names[some[name]]].append(keys[others[key]])
        return found

    def _pairs(self, world: World) -> Iterator[Terms]:
        """Two cells of a report whose sum, or difference, stands in a third."""
        groups: dict[tuple, list[Key]] = defaultdict(list)
        for key, value in world.truth.items():
            if value and (key[1] == FIGURES or len(world.tables[key[0], key[1]]) <= 12):
                groups[key[0], world.units[key]].append(key)
        for (run, unit), keys in groups.items():
            distinct = list({rounded(world.truth[key]): key for key in keys}.values())[:MOST_PAIRED]
            for a, b in combinations(distinct, 2):
                both = world.truth[a] + world.truth[b]
                for total in world.at.get(rounded(both), ()):
                    if total[0] != run or total in (a, b) or world.units[total] != unit:
                        continue
                    sides = ((w.truth.get(total), _added(w, a, b)) for w in self.worlds)
                    if self._holds(sides):
                        yield ((a, 1.0), (b, 1.0), (total, -1.0))

    @cached_property
    def _between_columns(self) -> dict[tuple, list[tuple[str, tuple[str, ...], float]]]:
        """For each table the columns that are sums, ratios or changes of others on every row, by the kind of tie."""
        frames: dict[tuple, dict[str, list]] = defaultdict(lambda: defaultdict(list))
        for world in self.worlds:
            for name, rows in world.tables.items():
                columns = {column for _, row in rows for column in row} | set(frames[name])
                size = max((len(values) for values in frames[name].values()), default=0)
                for column in columns:
                    before = frames[name][column] or [np.nan] * size
                    now = [world.truth[row[column]] if column in row else np.nan for _, row in rows]
                    frames[name][column] = before + now
        return {name: list(_ties(columns)) for name, columns in frames.items() if name[1] not in (FIGURES, DIALS)}

    def _rows(self, world: World) -> Iterator[Terms]:
        """The ties between columns, row by row; a share or a price that is printed is a number."""
        for name, ties in self._between_columns.items():
            for _, row in world.tables.get(name, ()):
                for kind, columns, factor in ties:
                    if not all(column in row for column in columns):
                        continue
                    yield from _tie(world, kind, [row[column] for column in columns], factor)


def _tie(world: World, kind: str, keys: list[Key], factor: float) -> Iterator[Terms]:
    if kind == "sum":
        yield ((keys[0], 1.0), (keys[1], -1.0), (keys[2], -1.0))
    elif kind == "times":
        yield ((keys[0], 1.0), (keys[1], -factor))
    elif keys[0] in world.shown:  # a ratio that is printed: c * b = k * a, or (1 + c / k) * b = a
        low, high = world.shown[keys[0]]
        ratio = (low + high) / 2
        if high - low <= NEAR * max(1.0, abs(ratio)):
            yield ((keys[2], ratio if kind == "share" else factor + ratio), (keys[1], -factor))


def _true(terms: Terms, world: World) -> bool:
    parts = [weight * world.truth[key] for key, weight in terms]
    return abs(sum(parts)) <= NEAR * sum(map(abs, parts))


def _added(world: World, a: Key, b: Key) -> float | None:
    return world.truth[a] + world.truth[b] if a in world.truth and b in world.truth else None


def _values(names: Sequence, worlds: Sequence[Mapping]) -> np.ndarray:
    """What each is in each world, nan where it isn't there."""
    return np.array([[its.get(name, np.nan) for its in worlds] for name in names], float).reshape(-1, len(worlds))


def _same(ones: np.ndarray, others: np.ndarray) -> list[tuple[int, int]]:
    """The rows of two tables that are the same number in enough columns, and differ in none."""
    found = set()
    for column in range(ones.shape[1] - SEEN_IN + 1):  # what is seen in enough is seen in one of these
        there = np.flatnonzero(np.nan_to_num(others[:, column]) != 0)
        there = there[np.argsort(others[there, column])]
        mine = np.flatnonzero(np.nan_to_num(ones[:, column]) != 0)
        near = np.abs(ones[mine, column]) * NEAR
        first, last = (
            np.searchsorted(others[there, column], ones[mine, column] + sign * near, side=side)
            for sign, side in ((-1, "left"), (1, "right"))
        )
        for start in range(0, len(mine), 1000):
            count = (last - first)[start : start + 1000]
            one = np.repeat(mine[start : start + 1000], count)
            place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            other = there[np.repeat(first[start : start + 1000], count) + place]
            for at in range(ones.shape[1]):  # column by column: most pairs fall at the first
                a, b = ones[one, at], others[other, at]
                keep = ~(np.abs(a - b) > NEAR * np.maximum(np.abs(a), np.abs(b)))
                one, other = one[keep], other[keep]
            a, b = ones[one], others[other]
            both = np.where(np.isfinite(a) & np.isfinite(b), a, 0)
            enough = (both != 0).sum(axis=1) >= SEEN_IN
            for o, k, values in zip(one[enough].tolist(), other[enough].tolist(), both[enough], strict=True):
                if (o, k) not in found and len(np.unique(np.round(values[values != 0], 6))) >= DIFFERENT:
                    found.add((o, k))
    return sorted(found)


def _sums_of(world: World) -> dict[tuple, tuple[float, Terms]]:
    """The sums of a world's tables by what they are of."""
    if "sums" in world.__dict__:
        return world.__dict__["sums"]
    found: dict[tuple, tuple[float, Terms]] = {}

    def add(name: tuple, cells: Sequence[tuple[float, tuple[Key, float]]]) -> None:
        found[name] = (sum([value for value, _ in cells]), tuple([term for _, term in cells]))

    for table, rows in world.tables.items():
        if table[1] in (FIGURES, DIALS):
            continue
        columns = {column for _, row in rows for column in row}
        for column in columns:
            keys = [(texts, row[column]) for texts, row in rows if column in row]
            there = [(texts, (world.truth[key], (key, 1.0))) for texts, key in keys]
            every = [cell for _, cell in there]
            add((*table, column, "alla"), every)
            add((*table, column, "alla utom den sista"), every[:-1])
            of: dict[tuple, list[tuple[float, tuple[Key, float]]]] = defaultdict(list)
            for texts, cell in there:
                for text in texts:
                    of[text].append(cell)
                for pair in combinations(texts, 2):
                    of[pair].append(cell)
            for text, its in of.items():
                if len(its) < len(every):
                    add((*table, column, text), its)
                    add((*table, column, text, "utom den sista"), its[:-1])
                    rest = {*map(id, its)}
                    add((*table, column, "inte", text), [cell for cell in every if id(cell) not in rest])
            for place, (texts, _) in enumerate(there[:40]):
                add((*table, column, "till och med", texts), every[: place + 1])
    for key, value in list(world.truth.items()):
        notebook, _, month = key[0].partition("|")
        before = (f"{notebook}|{int(month) - 1}", *key[1:])
        if before in world.truth and value != world.truth[before]:
            found["mot förra", key] = (value - world.truth[before], ((key, 1.0), (before, -1.0)))
    world.__dict__["sums"] = found
    return found


def _ties(columns: Mapping[str, list]) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Which columns are a sum, a multiple, a ratio or a change of others on every row that has them."""
    most = max(map(len, columns.values()))
    values = {name: np.array([*its, *[np.nan] * (most - len(its))], float) for name, its in columns.items()}
    for c, a in permutations(values, 2):
        ratio = _constant(values[c], values[a])
        if ratio is not None:
            yield "times", (c, a), ratio
    for c, a, b in permutations(values, 3):
        there = np.isfinite(values[c]) & np.isfinite(values[a]) & np.isfinite(values[b])
        there &= (values[a] != 0) & (values[b] != 0) & (values[c] != 0)
        if there.sum() < 6 or len(set(np.round(values[a][there], 6))) < DIFFERENT:
            continue
        one, two, three = values[c][there], values[a][there], values[b][there]
        if a < b and np.allclose(one, two + three, rtol=NEAR, atol=0):
            yield "sum", (c, a, b), 1.0
        factors = one * three / two
        if np.allclose(factors, factors[0], rtol=NEAR, atol=0) and np.ptp(three) > 0:
            yield "share", (c, a, b), float(factors[0])
        for factor in (1.0, 100.0):
            if np.allclose((factor + one) * three, factor * two, rtol=NEAR, atol=0):
                yield "change", (c, a, b), factor


def _constant(c: np.ndarray, a: np.ndarray) -> float | None:
    there = np.isfinite(c) & np.isfinite(a) & (a != 0) & (c != 0)
    if there.sum() < 6 or len(set(np.round(a[there], 6))) < DIFFERENT:
        return None
    ratio = c[there] / a[there]
    return float(ratio[0]) if np.allclose(ratio, ratio[0], rtol=NEAR, atol=0) else None
