"""From a topic's whole result to what an audience may see: the only room that withholds, merges and rounds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.kept import CONTENTS
from planbok.case.result import KeyFigure, Limits, People, Priced, Result, Table
from planbok.case.sliders import Grid, Slider
from planbok.disclosure.mixes import hides_levels
from planbok.disclosure.policy import Policy
from planbok.disclosure.standing import standing
from planbok.disclosure.suppress import hidden_parts, hidden_so_far, periods
from planbok.disclosure.words import in_words

FEW = "få personer"
SMALL = "Små grupper tillsammans"
NOTE = "Det som skyddas gäller få personer, eller skulle gå att räkna fram ur det som visas."
NEAR = "Tal som gäller få personer är avrundade."
ROUNDED = "Kronor som är personer gånger ett publikt pris är avrundade till {}."
EXACT, ROUND, WITHHOLD = range(3)
Hidden = Mapping[str, tuple[frozenset, bool]]
MOST_GRADED = 1000
LEAST_MOVED = 6  # decimals of what a dial moves
_graded: dict[tuple, int] = {}


def protect(result: Result, policy: Policy) -> Result:
    """The result as the policy's audience may see it, with its sentences and checks made of what is left.

    In working papers everything stands, with the tables that are made for them. For others: a table of single persons
    gives way to its coarser one, rows are merged over time and over hidden groups, cells that tell of hidden parts are
    withheld, and kronor that are persons times a public price are rounded or withheld; what is counted month by month
    stands still until enough persons have moved. The same people give the same
    hidden parts in every table, report, audience and run, since they follow from the input tables and the rules alone.
    """
    hidden: Hidden = {}
    if policy.shows_all:
        made = result.details() if result.details else []
        result = replace(result, tabeller={**result.tabeller, **{table.namn: table for table in made}})
    else:
        result = stood(result, policy)
        hidden = {name: _hidden(people, policy) for name, people in result.people.items()}
        tables = {name: _table(table, hidden, policy) for name, table in result.tabeller.items()}
        result = replace(
            result,
            tabeller={name: table for name, table in tables.items() if table is not None},
            arbetslista=None,
            nyckeltal={name: _figure(figure, hidden, policy) for name, figure in result.nyckeltal.items()},
            fakta={name: _figure(figure, hidden, policy) for name, figure in result.fakta.items()},
        )
    result = in_words(_turned(result, hidden, policy), policy.public)
    if result.verify:
        result = replace(result, kontroller=result.verify(result))
    said = result.say(result) if result.say else result.sammanfattning
    return replace(result, sammanfattning=[*said, *policy.lowered()])


def _turned(result: Result, hidden: Hidden, policy: Policy) -> Result:
    """The result with the dials that the audience may turn: none for the public.

    A key figure is tried whole or not at all: one that is withheld is moved by none, and so is one that is rounded
    where a dial would tell more than the rounded figure. A sentence is said where all that it names is tried.
    """
    sliders, left = _dials(result, hidden, policy)
    starts = {one.id: one.start for one in sliders}
    standing = (_standing(grid, left) for grid in result.rutor if sliders)
    there = [grid for grid in standing if grid is not None]
    grids, drawn = ([grid for grid in there if grid.ritas is ritas] for ritas in (False, True))
    closed = {key for key, figure in result.nyckeltal.items() if figure.varde is None}
    closed |= {grid.nyckeltal for grid in grids if np.isnan(grid.varden).any()}
    if not policy.shows_all:
        exact = {key for key, figure in result.nyckeltal.items() if key not in closed and not figure.avrundat_till}
        closed |= {key for slider in sliders if not slider.oppet for key in slider.verkar_pa if key not in exact}
        closed |= {grid.nyckeltal for grid in grids if _tells_more(grid, exact)}
        drawn = [grid for grid in drawn if not _tells_more(grid, exact)]
    kept = tuple(grid for grid in grids if grid.nyckeltal not in closed)
    moving = {name for grid in kept for name in grid.reglage}
    sliders = tuple(
        replace(
            one,
            verkar_pa={key: terms for key, terms in one.verkar_pa.items() if key not in closed},
            ritar={} if closed & one.verkar_pa.keys() else one.ritar,
        )
        for one in sliders
    )
    sliders = tuple(one for one in sliders if one.verkar_pa or one.id in moving)
    shown = {grid.nyckeltal for grid in kept} | {key for one in sliders for key in one.verkar_pa}
    stated = (result.prov,) if isinstance(result.prov, str) else result.prov
    said = [text for text in stated if not closed & {*_named(text)} and shown & {*_named(text)}]
    if any(stated) and not said:
        sliders = kept = ()
    drawn = [grid for grid in drawn if sliders and not np.isnan(grid.varden).any()]
    rutor = [grid if policy.shows_all else _as_difference(grid, starts) for grid in (*kept, *drawn)]
    return replace(result, skjutreglage=sliders, rutor=tuple(rutor), prov=" ".join(said))


def _as_difference(grid: Grid, starts: Mapping[str, float]) -> Grid:
    """A grid by how far it moves its figure: what the figure is where the dials start may be rounded, and stays so.

    The last bits of a difference would say between which powers of two the figure itself lies.
    """
    moved = grid.varden - grid.at({name: starts[name] for name in grid.reglage})
    return replace(grid, varden=np.round(moved, LEAST_MOVED))


def _dials(result: Result, hidden: Hidden, policy: Policy) -> tuple[tuple[Slider, ...], list[Slider]]:
    """The dials that the audience may have, and those that it may not."""
    if policy.public:
        return (), []
    made = result.turn(result, lambda tried: protect(replace(tried, turn=None), policy)) if result.turn else ()
    kept: list[Slider] = [*made]
    left: list[Slider] = []
    for slider in result.skjutreglage:
        told = not policy.shows_all and any(_tells(of, hidden) for of in slider.tells)
        found = slider.annars if told else None if slider.bara_arbetsmaterial and not policy.shows_all else slider
        (left if found is None else kept).append(found or slider)
    return tuple(kept), left


def _standing(grid: Grid, left: Sequence[Slider]) -> Grid | None:
    """A grid with the dials that the audience does not have where they stand in the report."""
    found: Grid | None = grid
    for slider in left:
        if found is not None and slider.id in found.reglage:
            found = found.without(slider.id, slider.start)
    return found


def _tells_more(grid: Grid, exact: set[str]) -> bool:
    """Whether a grid tells an audience that is not to see single persons more than the figures that it is shown."""
    if grid.bara_arbetsmaterial:
        return True
    return grid.nyckeltal not in exact and (grid.oppen is None or not exact.issuperset(grid.oppen))


def _named(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def open_parts(people: People, policy: Policy) -> list[Any]:
    """The parts that are shown one by one, in the people's order."""
    parts, whole = (frozenset(), False) if policy.shows_all else _hidden(people, policy)
    return [] if whole else [part for part in people.antal.columns if part not in parts]


def _hidden(people: People, policy: Policy) -> tuple[frozenset, bool]:
    if people.hides is not None:
        return people.hides, False
    limit = policy.limit(people.regel)
    if not people.parted:
        parts, whole = hidden_parts(people.antal, limit, people.sums, _above(people, policy))
        return frozenset([*people.antal.columns, SMALL]) if people.detail else parts, whole
    found = {
        occasion: hidden_parts(
            people.antal.iloc[place : place + 1], limit, people.sums, _above(people, policy, occasion)
        )
        for place, occasion in enumerate(people.antal.index)
    }
    pairs = {(occasion, part) for occasion, (hidden, _) in found.items() for part in hidden}
    return frozenset(pairs | {(occasion, "") for occasion, (_, whole) in found.items() if whole}), False


def _above(people: People, policy: Policy, occasion: Any = None) -> frozenset:
    within = people.within[occasion] if isinstance(people.within, Mapping) else people.within
    sums = frozenset() if within is None else _hidden(within, policy)[0]
    return frozenset(part for part in people.antal.columns if people.sum_of(part) in sums)


def _tells(of: tuple[str, Any], hidden: Hidden) -> bool:
    """Whether what tells of (people, part) may not be shown: None is nobody, a name that is no part all of them."""
    name, part = of
    if part is None:
        return False
    parts, whole = hidden[name]
    return part in parts or whole


def tells_of_few(people: People, part: str, policy: Policy) -> bool:
    """Whether a part of some people may not be shown ("" is all of them)."""
    return _tells(("", part), {"": _hidden(people, policy)})


def _figure(figure: KeyFigure, hidden: Hidden, policy: Policy) -> KeyFigure:
    if figure.varde is None:
        return figure
    few, how = any(_tells(of, hidden) for of in figure.tells), grade(figure.priced, policy)
    if how == WITHHOLD or (few and figure.rounds is None):
        return replace(figure, varde=None, skyddas=FEW)
    if few and figure.rounds:
        return replace(figure, varde=rounded(figure.varde, figure.rounds), avrundat_till=figure.rounds)
    if how == ROUND:
        step = policy.rounding_kr
        return replace(figure, varde=rounded(figure.varde, step, figure.priced[0].apart), avrundat_till=step)
    return figure


def rounded(kr: float, step: float, apart: float = 0.0) -> float:
    """The nearest whole step, of all but what stands apart.

    >>> rounded(1_725_690.0, 100_000), rounded(1_725_690.0, 100_000, 5_690.0)
    (1700000.0, 1705690.0)
    """
    return float(np.rint((kr - apart) / step) * step + apart)


def grade(priced: Sequence[Priced], policy: Policy) -> int:
    """How an amount of persons times public prices is shown: to the krona, rounded, or not at all.

    To the krona only what is adopted, of a measurement of enough persons that enough mixes fit, from which nobody or
    enough persons differ from every earlier one; rounded where there are enough persons to show and enough mixes fit
    the rounded amount. An amount of nobody is shown.
    """
    return max((_grade(one, policy) for one in priced), default=EXACT)


def _grade(priced: Priced, policy: Policy) -> int:
    """The grade of one amount; the same persons and prices stand behind many cells, and are tried once."""
    arrays = (priced.antal.tobytes(), priced.pris.tobytes(), priced.grupp.tobytes())
    limits = (policy.smallest, policy.fewest_measured, policy.fewest_mixes, policy.rounding_kr)
    key = (*arrays, priced.decided, priced.differs, *limits)
    if key not in _graded:
        if len(_graded) > MOST_GRADED:
            _graded.clear()
        _graded[key] = _tried(priced, policy)
    return _graded[key]


def _tried(priced: Priced, policy: Policy) -> int:
    persons = priced.antal[np.isfinite(priced.pris)].sum()  # those without a price are behind no kronor
    if not persons:
        return EXACT
    apart = all(number == 0 or number >= policy.smallest for number in priced.differs)
    large = persons >= policy.fewest_measured
    if priced.decided and apart and large and hides_levels(priced, 0, policy.fewest_mixes):
        return EXACT
    enough = persons >= policy.smallest and hides_levels(priced, policy.rounding_kr / 2, policy.fewest_mixes)
    return ROUND if enough else WITHHOLD


def _table(table: Table, hidden: Hidden, policy: Policy) -> Table | None:
    """The audience's table; None where there is none for it."""
    if table.detail:
        coarse = table.coarse(_limits(policy)) if callable(table.coarse) else table.coarse
        return None if coarse is None else _table(coarse, hidden, policy)
    table = _merged_in_time(table, policy)
    table = _merged_groups(table, hidden, policy)
    table = _told(_withheld(table, hidden), hidden)
    return _rounded(table, policy).of_declared()


def _limits(policy: Policy) -> Limits:
    few, told = policy.smallest, partial(tells_of_few, policy=policy)
    stands = partial(CONTENTS.of, standing, few)
    return Limits(
        lambda people: _hidden(people, policy)[0],
        lambda people: hidden_so_far(people.antal, policy.limit(people.regel), people.sums),
        stands,
        few,
        told,
        policy.rounding_days,
    )


def stood(found: Any, policy: Policy) -> Any:
    """A result, an outcome or effects as others than working papers see them: until enough persons have moved."""
    shows = policy.shows_all or not found or not found.steady
    return found if shows else replace(found.steady(_limits(policy)), steady=None)


def _merged_in_time(table: Table, policy: Policy) -> Table:
    if table.moved is None or table.together is None:
        return table
    period = periods(list(table.moved), policy.smallest)
    labels = {row: str(number) for row, number in enumerate(period)}
    if len(set(period)) == len(period):
        return table
    return replace(table, frame=table.together(labels), moved=None, together=None, priced=_of_periods(table, period))


def _of_periods(table: Table, period: list[int]) -> dict[str, list[tuple[Priced, ...]]]:
    """What the merged rows are persons times prices of: a period has its first row's persons."""
    first = [period.index(number) for number in sorted(set(period))]
    return {key: [rows[place] for place in first] for key, rows in table.priced.items()}


def _merged_groups(table: Table, hidden: Hidden, policy: Policy) -> Table:
    if table.together is None or not policy.merges or not table.part:
        return table
    names = {name for column in table.columns for name in column.tells if isinstance(name, str)}
    labels = {part: SMALL for name in names if SMALL not in hidden[name][0] for part in hidden[name][0]}
    if not labels:
        return table
    frame = table.together(labels)
    return replace(table, frame=frame, celler=_reasons(table, frame))


def _reasons(table: Table, frame: pd.DataFrame) -> dict[tuple[int, str], tuple[str, str]]:
    """Why cells of a merged frame have no number: what is said of their column in the table."""
    of_column = {key: why for (_, key), why in table.celler.items()}
    return {(int(row), key): why for key, why in of_column.items() for row in np.flatnonzero(frame[key].isna())}


def _withheld(table: Table, hidden: Hidden) -> Table:
    frame, cells, columns = table.frame, dict(table.celler), table.columns
    of_rows = frame[table.part].tolist() if table.part else [""] * len(frame)
    parts = dict.fromkeys(of_rows)
    coarse = {column.key: column.coarse for column in columns}
    for key, names in _tells_of(table).items():
        few = {
            part
            for part in parts
            if any(_tells(name if isinstance(name, tuple) else (name, part), hidden) for name in names)
        }
        if not few:
            continue
        hide = np.array([part in few for part in of_rows], bool) & frame[key].notna().to_numpy()
        if not hide.any():
            continue
        if coarse.get(key):  # what then stands there tells of nobody
            frame = frame.assign(**{key: frame[key].mask(hide, frame[coarse[key]])})
            columns = tuple(replace(c, tells=()) if c.key == key else c for c in columns)
            continue
        frame = frame.assign(**{key: frame[key].mask(hide)})
        if key in coarse:
            cells |= {(int(row), key): ("skyddas", FEW) for row in np.flatnonzero(hide)}
    table = replace(table, frame=frame, columns=columns)
    return _noted(table, frame, cells, NOTE) if len(cells) > len(table.celler) else table


def _tells_of(table: Table) -> dict[str, tuple]:
    """Of whom each column tells, those that are written but not shown too: `a_lag` tells of whom `a` does."""
    shown = {column.key: column.tells for column in table.columns}
    ends = {
        key: tuple(of for name, tells in shown.items() if key.startswith(f"{name}_") for of in tells)
        for key in table.extra
    }
    return shown | ends | dict(table.extra_tells)


def _told(table: Table, hidden: Hidden) -> Table:
    """Without the cells that tell of few, or with them rounded where the table says to what."""
    if not table.told:
        return table
    frame, cells, said = table.frame.copy(), dict(table.celler), {}
    for key, rows in table.told.items():
        (step, beside), place = table.rounds.get(key, (0.0, "")), frame.columns.get_loc(key)
        for row, tells in enumerate(rows):
            if not any(_tells(of, hidden) for of in tells) or pd.isna(value := frame.iloc[row, place]):
                continue
            apart = float(frame[beside].iloc[row]) if beside else 0.0
            frame.iloc[row, place] = rounded(value, step, apart) if step else np.nan
            said[NEAR if step else NOTE] = True
            if not step:
                cells[row, key] = ("skyddas", FEW)
    return _noted(table, frame, cells, " ".join(said)) if said else table


def _rounded(table: Table, policy: Policy) -> Table:
    if not table.priced:
        return table
    frame, cells, said = table.frame.copy(), dict(table.celler), ""
    for key, rows in table.priced.items():
        grades = [grade(of, policy) for of in rows]
        for row, how in enumerate(grades):
            if how == EXACT or pd.isna(value := frame[key].iloc[row]):
                continue
            shown = rounded(value, policy.rounding_kr, rows[row][0].apart) if how == ROUND else np.nan
            frame.iloc[row, frame.columns.get_loc(key)] = shown
            said = said or ROUNDED.format("0,1 mnkr")
            if how == WITHHOLD:
                cells[row, key] = ("skyddas", FEW)
    return replace(_noted(table, frame, cells, said), avrundat_till=policy.rounding_kr) if said else table


def _noted(table: Table, frame: pd.DataFrame, cells: Mapping, said: str) -> Table:
    note = " ".join(text for text in (table.note, said) if text)
    return replace(table, frame=frame, celler=cells, note=note)
