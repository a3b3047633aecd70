"""What can be turned in the report's page: persons in at a level from a month, and one who leaves or changes level.

Persons who come are nobody. One who leaves or changes level is taken of those whose decisions run past the year's end,
so that prices and days alone say what it gives; that there is one is for working papers.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np

from planbok.case.sliders import TRIED, Grid, Slider, of_month
from planbok.lss.measurement import span_weights
from planbok.lss.price_book import levels
from planbok.topics.lss_peng import tables
from planbok.topics.lss_peng.decisions import OWN_REGI
from planbok.topics.lss_peng.sentences import EXAMPLE_INSATS
from planbok.topics.lss_peng.study import Study
from planbok.topics.lss_peng.worlds import World

MOST_PERSONS = 10
MONTHS = range(1, 13)
IN, IN_LEVEL, IN_MONTH, MOVE, MOVE_MONTH = "nya", "nya_niva", "nya_manad", "en_person", "en_person_manad"
SENTENCES = (
    "I provet är den slutliga budgeten {slutlig_kr}.",
    "Årets dygn är värda {peng_dygn_kr}.",
    "Budgeten minus dygnen är {skillnad_matning_dygn_kr}.",
)


def sliders(study: Study) -> tuple[tuple[Slider, ...], tuple[Grid, ...]]:
    """The dials and what they move; none where no insats in own management has prices by level."""
    insats = _insats(study)
    if not insats:
        return (), ()
    world, names = study.world, _levels(study, insats)
    kr = {niva: _by_month(world, (insats, niva, OWN_REGI)) for niva in names}
    place = {"enhet": study.case.enhet, "insats": insats, "regi": OWN_REGI, **TRIED}
    titel = tables.insats_name(study, insats).lower()
    change = {"typ": "volym", **place, "niva": f"{{{IN_LEVEL}}}", "antal": f"{{{IN}}}", "fran": f"{{{IN_MONTH}}}"}
    dials = [
        Slider(IN, f"Nya personer i {titel}, {OWN_REGI} regi", "personer", 0, MOST_PERSONS, 1, 0, {}, andring=change),
        Slider(
            IN_LEVEL, "Nya personer, nivå", "", 0, len(names) - 1, 1, len(names) // 2, {},
            namn=dict(enumerate(names)), skrivs=dict(enumerate(names)),
        ),
        _from(study, IN_MONTH),
    ]  # fmt: skip
    grids = [*_grids((IN, IN_LEVEL, IN_MONTH), [kr[niva] for niva in names], MOST_PERSONS)]
    moves = [*_moves(world, insats, names)]
    if moves:
        dials += [_one_person(moves, place, titel), _from(study, MOVE_MONTH)]
        grids += _grids((MOVE, MOVE_MONTH), [_moved(kr, *move) for move in moves])
    return tuple(dials), tuple(grids)


def _insats(study: Study) -> str:
    """Group homes where the unit has them, else the first of its insatser with prices by level in own management."""
    there = {insats for insats, _, regi in study.world.cells if regi == OWN_REGI}
    found = [name for name in sorted(levels(study.case.sources.rules)) if name in there and _levels(study, name)]
    return EXAMPLE_INSATS if EXAMPLE_INSATS in found else next(iter(found), "")


def _levels(study: Study, insats: str) -> list[str]:
    """The levels that have a price all year."""
    named = levels(study.case.sources.rules)[insats]
    known = [n for n in named if not np.isnan(study.world.given((insats, n, OWN_REGI))).any()]
    return sorted(known, key=lambda niva: (len(niva), niva))


def _from(study: Study, name: str) -> Slider:
    month, only = study.world.frame.matning_2.month, name != IN_MONTH
    label = "En person, från" if only else "Nya personer, från"
    return of_month(name, label, study.case.ar, month, {}, bara_arbetsmaterial=only)


def _by_month(world: World, cell: tuple[str, str, str]) -> dict[str, np.ndarray]:
    """What one person in a cell gives from the first of each month to the year's end and past it, by key figure."""
    frame = world.frame
    year = frame.span_days * world.given(cell)
    starts = [date(frame.ar, month, 1) for month in MONTHS]
    ahead = np.array([[span.start >= day for span in frame.spans] for day in starts])
    left = ahead @ year
    first, second = (np.array([float(day >= start) for start in starts]) for day in (frame.matning_1, frame.matning_2))
    shares = span_weights(frame.matregel, frame.spans, frame.vikter)
    final = sum(there * float(share @ year) for there, share in zip((first, second), shares, strict=True))
    return {
        "peng_dygn_kr": left,
        "efter_matning_1_kr": first * year.sum(),
        "slutlig_kr": final,
        "skillnad_matning_dygn_kr": final - left,
        "personer_matning_1": first,
        "personer_matning_2": second,
    }


def _moved(kr: dict[str, dict[str, np.ndarray]], niva: str, till: str) -> dict[str, np.ndarray]:
    """What one person gives by leaving a level, for another where there is one."""
    return {key: (kr[till][key] if till else 0.0) - amounts for key, amounts in kr[niva].items()}


def _grids(reglage: tuple[str, ...], rows: list[dict[str, np.ndarray]], most: int = 0) -> Iterator[Grid]:
    """A grid for each key figure: what each row gives by month, times the number of persons where that is turned."""
    months, (first, *_) = tuple(map(float, MONTHS)), rows
    for key in first:
        by_row = np.array([row[key] for row in rows])
        if most:
            axes: tuple[tuple[float, ...], ...] = ((0.0, float(most)), tuple(map(float, range(len(rows)))), months)
            yield Grid(key, reglage, axes, np.array([0.0 * by_row, most * by_row]), oppen=())
        else:
            values = np.vstack([np.zeros(len(months)), by_row])
            yield Grid(key, reglage, (tuple(map(float, range(len(values)))), months), values)


def _moves(world: World, insats: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """The levels that one person can leave in every month of the year, and where to: out, or a level up or down."""
    for place, niva in enumerate(names):
        if _stays(world, (insats, niva, OWN_REGI)):
            near = names[max(place - 1, 0) : place + 2]
            yield from ((niva, till) for till in ["", *near] if till != niva)


def _stays(world: World, cell: tuple[str, str, str]) -> bool:
    """Whether whom a change would take, at the beginning of each month, is paid by the list and stays past the year."""
    if cell not in world.cells:
        return False
    rows = np.flatnonzero((world.cell == world.cells.get_loc(cell)) & (world.by_day["antal"].to_numpy() == 1))
    rows = rows[np.argsort(world.by_day["beslut"].to_numpy()[rows], kind="stable")]
    days = (date(world.frame.ar, month, 1) for month in MONTHS)
    running = np.array([world.runs(day, day)[rows] for day in days])
    if not running.any(axis=1).all():
        return False
    taken = rows[running.argmax(axis=1)]
    stays = world.runs(date(world.frame.ar + 1, 1, 1), date.max) & world.by_day["pris"].isna().to_numpy()
    return bool(stays[taken].all())


def _one_person(moves: list[tuple[str, str]], place: dict[str, str], titel: str) -> Slider:
    """Nobody, and then each thing that one person can do, each its own kind of change."""
    words = ["ingen", *(f"nivå {niva} till {till}" if till else f"nivå {niva} slutar" for niva, till in moves)]
    start = {"fran": f"{{{MOVE_MONTH}}}"}
    changes: dict[int, dict[str, str | int]] = {
        number: {"typ": "nivabyte", **place, "fran_niva": niva, "till_niva": till, "antal": 1, **start}
        if till
        else {"typ": "volym", **place, "niva": niva, "antal": -1, **start}
        for number, (niva, till) in enumerate(moves, start=1)
    }
    return Slider(
        MOVE, f"En person i {titel}", "", 0, len(moves), 1, 0, {},
        namn=dict(enumerate(words)), andringar=changes, bara_arbetsmaterial=True,
    )  # fmt: skip
