"""One solver over all that reports say of a unit: every cell is an unknown, every printed number a constraint.

What ties cells to each other is not read from planbok's declarations. An attacker has the program: run on made-up
collections, its working papers show which cells are always the sum, the difference, the share or a fixed multiple of
which others, within a table, between tables, reports and months. What always holds is then held against what the
audiences are shown of one collection, and of each cell that they are not shown the solver says whether another value
fits.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, permutations

import numpy as np
import scipy
from attack.answers import OPEN, PROTECTED, Said

from planbok.base.periods import MONTH_NAMES

Key = tuple  # run, table, the row's texts, which of several such rows, column
Terms = tuple[tuple[Key, float], ...]
COUNTED = ("antal", "personer", "brukare", "medarbetare", "anstallda", "arsarbetare", "boende", "beslut", "st", "svar")
FEW = 5
NEAR, SEEN_IN, DIFFERENT, TOLD = 1e-6, 4, 3, 1e-3
STEPS = {"kr": (1e5, 1e6, 1e2), "mnkr": (0.1, 1.0)}
FIGURES, DIALS, SENTENCES = "nyckeltal", "skjutreglage", "sammanfattning"
_NO_COUNT = re.compile(rf"\b(?:19|20)\d\d\b|\d+ (?:{'|'.join(MONTH_NAMES)})|{'|'.join(MONTH_NAMES)}")
_SPACE = "[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE} ]"
_SPACES = re.compile(_SPACE)
_WHOLE = re.compile(
    rf"(?<![\d,.])(?P<tal>[−+]?(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d+))(?![\d,])(?:{_SPACE}(?P<ord>[a-zåäö]+))?"
)
UNIT_OF_WORD = {"personer": "personer", "dygn": "dygn", "kr": "kr", "timmar": "h", "medarbetare": "medarbetare"}
MOST_PAIRED = 250  # cells of a report and unit whose pairs are tried as sums


@dataclass
class World:
    """A collection's cells in working papers, and what the audiences are shown of them."""

    truth: dict[Key, float] = field(default_factory=dict)
    units: dict[Key, str] = field(default_factory=dict)
    shown: dict[Key, tuple[float, float]] = field(default_factory=dict)  # from, to
    closed: set[Key] = field(default_factory=set)  # said to be withheld

    @cached_property
    def tables(self) -> dict[tuple, list[tuple[tuple, dict[str, Key]]]]:
        """The rows of each table with their texts, in order."""
        found: dict[tuple, dict] = defaultdict(dict)
        for key in self.truth:
            run, table, texts, number, column = key
            found[run, table].setdefault((texts, number), {})[column] = key
        return {name: [(texts, cells) for (texts, _), cells in rows.items()] for name, rows in found.items()}

    @cached_property
    def at(self) -> dict[float, list[Key]]:
        """The cells by value."""
        found: dict[float, list[Key]] = defaultdict(list)
        for key, value in self.truth.items():
            if value:
                found[_rounded(value)].append(key)
        return found


def _rounded(value: float) -> float:
    return float(f"{value:.7g}")


def world_of(runs: Mapping[str, Said]) -> World:
    """What the reports of a collection say, to whom."""
    found = World()
    for run, said in runs.items():
        for key, value, unit, _, _ in cells(run, said[OPEN]):
            found.truth[key], found.units[key] = value, unit
    for run, said in runs.items():
        for who in PROTECTED:
            for key, value, unit, step, closed in cells(run, said[who]):
                if closed:
                    found.closed.add(key)
                elif value is not None:
                    _print(found, key, value, unit, step, who)
    return found


def _print(found: World, key: Key, value: float, unit: str, step: float | bool, who: str) -> None:
    """A number that an audience is shown: exact, or rounded where the report says that it rounds."""
    true = found.truth.get(key)
    within = abs(value) * 1e-9 + 1e-9
    if step:
        fits = (
            [step] if step is not True else [s for s in STEPS.get(unit, ()) if abs(value / s - round(value / s)) < NEAR]
        )
        fits = [s for s in fits if true is None or abs(value - true) <= s / 2 + NEAR]
        within = min(fits) / 2 + NEAR if fits else within
    if true is None or abs(value - true) > within + NEAR * abs(value):
        key = (*key[:1], f"{key[1]} ({who})", *key[2:])  # not what working papers have there: an amount of its own
        found.truth[key], found.units[key] = value, unit
        within = abs(value) * 1e-9 + 1e-9
    low, high = found.shown.get(key, (-np.inf, np.inf))
    found.shown[key] = (max(low, value - within), min(high, value + within))


def cells(run: str, said: dict) -> Iterator[tuple[Key, float | None, str, float | bool, bool]]:
    """Each number of a report with its unit, what it is rounded to, and whether it is said to be withheld."""
    for name, figure in said["nyckeltal"].items():
        key = (run, FIGURES, (), 0, name)
        if figure["varde"] is not None or figure.get("skyddas"):
            yield key, figure["varde"], figure["mattenhet"], figure.get("avrundat_till", 0.0), figure["varde"] is None
    for name, rows in said["tabeller"].items():
        units = {key: its["mattenhet"] for key, its in said["tabeller_kolumner"][name]["kolumner"].items()}
        closed = {(c["rad"], c["kolumn"]) for c in said["tabeller_celler"].get(name, ()) if "skyddas" in c}
        rounds = "avrundade" in said["tabeller_not"].get(name, "")
        twins: Counter = Counter()
        for place, row in enumerate(rows):
            texts = texts_of(row)
            number = twins[texts]
            twins[texts] += 1
            for column, value in row.items():
                hidden = (place, column) in closed
                if hidden or (isinstance(value, int | float) and not isinstance(value, bool)):
                    key = (run, name, texts, number, column)
                    yield key, value, units.get(column, column.rsplit("_", 1)[-1]), rounds, hidden
    for path, value in _numbers(said[DIALS]):
        yield (run, DIALS, (), 0, path), value, "reglage", 0.0, False
    for sentence in said.get(SENTENCES, ()):
        text = _NO_COUNT.sub("", sentence)
        template = (("mening", _WHOLE.sub("#", text)),)
        for place, found in enumerate(_WHOLE.finditer(text)):
            value = float(_SPACES.sub("", found["tal"]).replace("\N{MINUS SIGN}", "-"))
            unit = UNIT_OF_WORD.get(found["ord"] or "", "st")
            yield (run, SENTENCES, template, place, "tal"), value, unit, 0.0, False


def texts_of(row: Mapping) -> tuple[tuple[str, str], ...]:
    """The texts of a row of a table, which name it."""
    texts = ((column, _as_of(column, value)) for column, value in row.items() if isinstance(value, str))
    return tuple(text for text in texts if text[1])


def _as_of(column: str, text: str) -> str:
    """A text of a row, as working papers have it: what stands over several months is counted in the first."""
    return "" if column == "raknat" else text.partition("\N{EN DASH}")[0] if column == "manad" else text


def _numbers(value, path: tuple = ()) -> Iterator[tuple[tuple, float]]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield path, float(value)
    elif isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _numbers(part, (*path, name))


class Ties:
    """What always holds between cells: learnt from several worlds, said of one of them."""

    def __init__(self, worlds: Sequence[World]):
        self.worlds = worlds
        self.columns = self._between_columns()

    def of(self, world: World, between_runs: bool = True) -> list[Terms]:
        """The sums of cells that are 0 in a world; or those within each run only."""
        every = (*self._equal(world), *self._sums(world), *self._pairs(world), *self._rows(world))
        found = [terms for terms in dict.fromkeys(every) if _true(terms, world)]
        return [terms for terms in found if between_runs or len({key[0].partition("|")[2] for key, _ in terms}) == 1]

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
            seen.add(_rounded(left))
        return count >= SEEN_IN and len(seen) >= DIFFERENT

    def _equal(self, world: World) -> Iterator[Terms]:
        """Cells that are the same number wherever both are."""
        for keys in world.at.values():
            groups: dict[tuple, Key] = {}
            for key in keys:
                values = tuple(_rounded(w.truth[key]) if key in w.truth else None for w in self.worlds)
                first = groups.setdefault((world.units[key], values), key)
                there = [value for value in values if value]
                if first is not key and len(there) >= SEEN_IN and len(set(there)) >= DIFFERENT:
                    yield ((first, 1.0), (key, -1.0))

    def _sums(self, world: World) -> Iterator[Terms]:
        """Sums over the rows of a table, all, of one text or to date, and what two months differ by."""
        others = [_sums_of(w) for w in self.worlds]
        for name, (value, terms) in _sums_of(world).items():
            if len(terms) < 2 or not value:
                continue
            inside = {key for key, _ in terms}
            for total in world.at.get(_rounded(value), ()):
                if total in inside or world.units[total] != world.units[terms[0][0]]:
                    continue
                sides = (
                    (w.truth.get(total), its.get(name, (None,))[0]) for w, its in zip(self.worlds, others, strict=True)
                )
                if self._holds(sides):
                    yield (*terms, (total, -1.0))

    def _pairs(self, world: World) -> Iterator[Terms]:
        """Two cells of a report whose sum, or difference, stands in a third."""
        groups: dict[tuple, list[Key]] = defaultdict(list)
        for key, value in world.truth.items():
            if value and (key[1] == FIGURES or len(world.tables[key[0], key[1]]) <= 12):
                groups[key[0], world.units[key]].append(key)
        for (run, unit), keys in groups.items():
            distinct = list({_rounded(world.truth[key]): key for key in keys}.values())[:MOST_PAIRED]
            for a, b in combinations(distinct, 2):
                both = world.truth[a] + world.truth[b]
                for total in world.at.get(_rounded(both), ()):
                    if total[0] != run or total in (a, b) or world.units[total] != unit:
                        continue
                    sides = ((w.truth.get(total), _added(w, a, b)) for w in self.worlds)
                    if self._holds(sides):
                        yield ((a, 1.0), (b, 1.0), (total, -1.0))

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
        for name, ties in self.columns.items():
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


def _sums_of(world: World) -> dict[tuple, tuple[float, Terms]]:
    """The sums of a world's tables by what they are of."""
    if "sums" in world.__dict__:
        return world.__dict__["sums"]
    found: dict[tuple, tuple[float, Terms]] = {}

    def add(name: tuple, keys: Sequence[Key]) -> None:
        found[name] = (sum(world.truth[key] for key in keys), tuple((key, 1.0) for key in keys))

    for table, rows in world.tables.items():
        if table[1] in (FIGURES, DIALS):
            continue
        columns = {column for _, row in rows for column in row}
        for column in columns:
            there = [(texts, row[column]) for texts, row in rows if column in row]
            keys = [key for _, key in there]
            add((*table, column, "alla"), keys)
            add((*table, column, "alla utom den sista"), keys[:-1])
            of: dict[tuple, list[Key]] = defaultdict(list)
            for texts, key in there:
                for text in texts:
                    of[text].append(key)
                for pair in combinations(texts, 2):
                    of[pair].append(key)
            for text, its in of.items():
                if len(its) < len(keys):
                    add((*table, column, text), its)
                    add((*table, column, text, "utom den sista"), its[:-1])
                    rest = set(its)
                    add((*table, column, "inte", text), [key for key in keys if key not in rest])
            for place, (texts, _) in enumerate(there[:40]):
                add((*table, column, "till och med", texts), keys[: place + 1])
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


class Attack:
    """What a world's audiences can work out of what they are not shown."""

    def __init__(self, world: World, ties: Sequence[Terms], negative: set[tuple], empty: set[tuple]):
        self.world, self.ties, self.negative, self.empty = world, ties, negative, empty
        self.secret = [key for key, value in world.truth.items() if value and key not in world.shown]

    def leaks(self) -> dict[Key, float]:
        """Of the cells that are told those that matter: said to be withheld, of few persons, or no printed number."""
        printed = {
            keys[place]
            for terms in self.ties
            if len(terms) == 2 and terms[0][1] == -terms[1][1]
            for place, keys in ((0, (terms[0][0], terms[1][0])), (1, (terms[0][0], terms[1][0])))
            if keys[1 - place] in self.world.shown and self._exact(keys[1 - place])
        }

        def matters(key: Key, value: float) -> bool:
            few = abs(value) < FEW if self._whole(key) else key not in printed
            return key in self.world.closed or few

        return {key: value for key, value in self.told().items() if matters(key, value)}

    def told(self) -> dict[Key, float]:
        """The cells that only one value fits, with it."""
        found = {}
        for keys, ties in self._components():
            if any(key not in self.world.shown for key in keys):
                found |= self._solve(keys, ties)
        return found

    def _exact(self, key: Key) -> bool:
        if key not in self.world.shown:
            return False
        low, high = self.world.shown[key]
        return high - low <= NEAR * max(1.0, abs(low))

    def _components(self) -> Iterator[tuple[list[Key], list[Terms]]]:
        """Cells that are not known to the last figure, with those that they are tied to."""
        parent: dict[Key, Key] = {}

        def root(key: Key) -> Key:
            while parent.setdefault(key, key) != key:
                parent[key] = key = parent[parent[key]]
            return key

        open_ties = []
        for terms in self.ties:
            keys = [key for key, _ in terms if not self._exact(key)]
            if keys:
                open_ties.append((terms, keys))
                for key in keys[1:]:
                    parent[root(key)] = root(keys[0])
        groups: dict[Key, tuple[list, list]] = defaultdict(lambda: ([], []))
        for terms, keys in open_ties:
            groups[root(keys[0])][1].append(terms)
        for key in parent:
            groups[root(key)][0].append(key)
        yield from groups.values()

    def _solve(self, keys: list[Key], ties: list[Terms]) -> dict[Key, float]:
        """Solutions are sought that differ from the true one: y is how far from it, in parts of the true value."""
        truth = self.world.truth
        place = {key: number for number, key in enumerate(keys)}
        size = np.array([1.0 if self._whole(key) else max(abs(truth[key]), 1.0) for key in keys])
        whole = np.array([self._whole(key) for key in keys])
        low, high = np.array([self._bounds(key) for key in keys]).T / size
        matrix, slack = np.zeros((len(ties), len(keys))), np.zeros(len(ties))
        for number, terms in enumerate(ties):
            for key, weight in terms:
                if key in place:
                    matrix[number, place[key]] += weight * size[place[key]]
            slack[number] = sum(abs(weight * truth[key]) for key, weight in terms) * NEAR
        scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12)
        matrix, slack = matrix / scale[:, None], slack / scale
        limits = scipy.optimize.LinearConstraint(matrix, -slack, slack)
        left = {place[key] for key in keys if key not in self.world.shown and truth[key] and key[1] != SENTENCES}
        rng = np.random.default_rng(0)

        def moved(cost: np.ndarray) -> set[int]:
            found = scipy.optimize.milp(
                cost,
                integrality=whole.astype(int),
                bounds=scipy.optimize.Bounds(low, high),
                constraints=limits,
                options={"time_limit": 5.0},
            )
            far = np.abs(found.x) if found.x is not None else np.zeros(len(keys))
            return set(np.flatnonzero(far > np.where(whole, 0.5, TOLD)).tolist())

        bounded = np.clip(low, -1e3, None), np.clip(high, None, 1e3)
        low, high = bounded
        for _ in range(8):
            if left:
                cost = np.zeros(len(keys))
                cost[list(left)] = rng.choice([-1.0, 1.0], len(left))
                left -= moved(cost)
        for one in sorted(left):
            for sign in (1.0, -1.0):
                if one in left:
                    cost = np.zeros(len(keys))
                    cost[one] = sign
                    left -= moved(cost)
        return {keys[number]: truth[keys[number]] for number in left}

    def _whole(self, key: Key) -> bool:
        unit, value = self.world.units[key], self.world.truth[key]
        return (unit in COUNTED or str(key[4]).endswith("_antal")) and value == int(value)

    def _bounds(self, key: Key) -> tuple[float, float]:
        """The least and the most that a cell can be, less what it is."""
        value = self.world.truth[key]
        low, high = self.world.shown.get(key, (-np.inf, np.inf))
        if key not in self.world.shown and (key[1], key[4]) not in self.negative:
            somebody = key in self.world.closed and self._whole(key) and (key[1], key[4]) not in self.empty
            low = 1.0 if somebody else 0.0
        return min(low - value, 0.0), max(high - value, 0.0)


def negative_columns(worlds: Sequence[World]) -> set[tuple]:
    """The columns that hold a negative number in some world."""
    return {(key[1], key[4]) for world in worlds for key, value in world.truth.items() if value < 0}


def empty_columns(worlds: Sequence[World]) -> set[tuple]:
    """The columns in which a cell of nobody is said to be withheld in some world: withheld is not somebody there."""
    return {(key[1], key[4]) for world in worlds for key in world.closed if not world.truth.get(key)}


def attacks(
    worlds: Sequence[World], which: Iterable[int], between_runs: bool = True
) -> Iterator[tuple[Attack, dict[Key, float]]]:
    """Each world attacked with what all of them have taught."""
    ties, negative, empty = Ties(worlds), negative_columns(worlds), empty_columns(worlds)
    for number in which:
        attack = Attack(worlds[number], ties.of(worlds[number], between_runs), negative, empty)
        yield attack, attack.told()
