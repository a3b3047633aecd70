"""What an audience may turn, row by row and period by period, worked out in plain code beside `disclosure`."""

import math
import re
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planbok.case.result import Column, KeyFigure, People, Priced, Result, Table
from planbok.case.sliders import Grid, Slider
from planbok.case.topic import FULL_YEAR, Driven, Effects
from planbok.disclosure import mixes
from planbok.disclosure.effects import protect_driven, protect_effects
from planbok.disclosure.mixes import fitting
from planbok.disclosure.policy import RULES, Policy, policy
from planbok.disclosure.protect import SMALL, protect, tells_of_few

LEDNING, WORKING = Policy("ledning"), Policy("arbetsmaterial")
FEW, MANY = (("p", "a"),), (("p", "c"),)  # of 3, 9 and 12 the first two are hidden
PEOPLE = {"p": People(pd.DataFrame([{"a": 3, "b": 9, "c": 12}]))}
FIGURES = {
    "hel": KeyFigure(170.0, "kr", "Hel"),
    "rund": KeyFigure(170.0, "kr", "Rund", tells=FEW, rounds=100.0),
    "dold": KeyFigure(170.0, "kr", "Dold", tells=FEW),
    "ingen": KeyFigure(None, "kr", "Ingen", saknas="priset"),
}
SEEN = {"ledning": {"hel"}, "arbetsmaterial": {"hel", "rund", "dold"}}  # to the krona
SENTENCES = ("Det blir {hel}.", "Det blir {rund}.", "Det blir {hel} och {dold}.", "Det är så.")
ENDS = (0.0, 10.0)


def made_dial(name: str, draw: Random) -> Slider:
    def moves(chance: float) -> dict:
        return {key: {"t": [(0, 0.0), (10, 5.0)]} for key in FIGURES if draw.random() < chance}

    other = Slider(name, "I stället", "", 0, 10, 1, draw.choice(ENDS), moves(0.4))
    own = {"oppet": draw.random() < 0.5, "bara_arbetsmaterial": draw.random() < 0.15}
    told = {"tells": draw.choice([(), MANY, MANY, FEW]), "annars": draw.choice([None, other])}
    return Slider(
        name, "Reglage", "", 0, 10, 1, draw.choice(ENDS), moves(0.4), ritar={"bild": moves(0.5)}, **own, **told
    )


def made_grid(draw: Random) -> Grid:
    names = tuple(draw.choice(["x", "y", "xy", "xyz"]))
    values = np.array([draw.choice([0.0, 1.5, 2.25, 7.0]) for _ in range(2 ** len(names))]).reshape([2] * len(names))
    if draw.random() < 0.2:
        values.flat[draw.randrange(values.size)] = np.nan
    how = {
        "oppen": draw.choice([None, (), ("hel",), ("hel", "rund"), ("dold",)]),
        "bara_arbetsmaterial": draw.random() < 0.1,
    }
    drawn = draw.random() < 0.3
    return Grid(
        draw.choice([*FIGURES, "hel"]) if not drawn else "märke",
        names,
        (ENDS,) * len(names),
        values,
        ritas=drawn,
        **how,
    )


def left_where_it_stands(grid: Grid, dials: list[Slider]) -> Grid | None:
    """The grid's values with the dials that nobody has at their starts; None where it has no other.

    What is unknown anywhere along such a dial is unknown where it stands.
    """
    starts = {dial.id: ENDS.index(dial.start) for dial in dials if dial.id in grid.reglage}
    rest = tuple(name for name in grid.reglage if name not in starts)
    values = grid.varden[tuple(starts.get(name, slice(None)) for name in grid.reglage)]
    along = tuple(place for place, name in enumerate(grid.reglage) if name in starts)
    values = np.where(np.isnan(grid.varden).any(axis=along), np.nan, values) if along else values
    return replace(grid, reglage=rest, axlar=(ENDS,) * len(rest), varden=values) if rest else None


def turned_by_hand(audience: str, dials: list[Slider], grids: list[Grid]) -> tuple[dict, list, str]:
    """The dials with what they move and draw, the grids with their values, and the sentences."""
    others, kept, gone = audience != "arbetsmaterial", [], []
    for dial in dials:
        found = dial
        if others and dial.tells == FEW:
            found = dial.annars
        elif others and dial.bara_arbetsmaterial:
            found = None
        (gone if found is None else kept).append(found or dial)
    there = [found for grid in grids if (found := left_where_it_stands(grid, gone))] if kept else []
    unknown = [any(map(math.isnan, grid.varden.flat)) for grid in there]
    closed = {"ingen"} | ({"dold"} if others else set())
    closed |= {grid.nyckeltal for grid, lacks in zip(there, unknown, strict=True) if lacks and not grid.ritas}
    exact = SEEN[audience] - closed
    more = [
        others
        and (
            grid.bara_arbetsmaterial or (grid.nyckeltal not in exact and (grid.oppen is None or {*grid.oppen} - exact))
        )
        for grid in there
    ]
    closed |= {grid.nyckeltal for grid, tells in zip(there, more, strict=True) if tells and not grid.ritas}
    for dial in kept if others else ():
        closed |= set() if dial.oppet else {key for key in dial.verkar_pa if key not in exact}
    moving = [grid for grid in there if not grid.ritas and grid.nyckeltal not in closed]
    told = zip(there, more, unknown, strict=True)
    marks = [grid for grid, tells, lacks in told if grid.ritas and not tells and not lacks]
    shown = {}
    for dial in kept:
        moves = {key for key in dial.verkar_pa if key not in closed}
        if moves or any(dial.id in grid.reglage for grid in moving):
            shown[dial.id] = (moves, {} if closed & {*dial.verkar_pa} else dial.ritar)
    tried = {grid.nyckeltal for grid in moving}.union(*(moves for moves, _ in shown.values()))
    named = {text: {*re.findall(r"{(\w+)}", text)} for text in SENTENCES}
    said = [text for text, names in named.items() if names & tried and not names & closed]
    if not said:
        shown, moving = {}, []
    starts = {dial.id: ENDS.index(dial.start) for dial in kept}
    rows = []
    for grid in [*moving, *(marks if shown else [])]:
        at_start = grid.varden[tuple(starts[name] for name in grid.reglage)] if others else 0.0
        rows.append((grid.nyckeltal, grid.reglage, (grid.varden - at_start).tolist()))
    return shown, rows, " ".join(said)


@pytest.mark.parametrize("audience", SEEN)
def test_dials_grids_and_sentences_of_an_audience(audience):
    turned = 0
    for seed in range(150):
        draw = Random(seed)
        dials, grids = [made_dial(name, draw) for name in "xyz"], [made_grid(draw) for _ in range(draw.randint(0, 3))]
        more = {"people": PEOPLE, "skjutreglage": tuple(dials), "rutor": tuple(grids), "prov": SENTENCES}
        whole = Result.of([], rubrik="", underrubrik="", nyckeltal=FIGURES, **more)
        found = protect(whole, Policy(audience))
        shown, rows, said = turned_by_hand(audience, dials, grids)
        assert {one.id: ({*one.verkar_pa}, one.ritar) for one in found.skjutreglage} == shown, seed
        assert [(grid.nyckeltal, grid.reglage, grid.varden.tolist()) for grid in found.rutor] == rows, seed
        assert found.prov == said
        turned += bool(rows)
    assert turned > 15
    public = protect(whole, Policy("offentlig"))
    assert (public.skjutreglage, public.rutor, public.prov) == ((), (), "")


def spread(persons: int) -> Priced:
    """40 persons on seven prices are rounded, 4 on one are withheld, nobody is shown."""
    antal = np.array([8, 7, 6, 5, 5, 5, 4] if persons == 40 else [persons])
    return Priced(antal, np.arange(1.0, len(antal) + 1) * 1000, np.full(len(antal), "a"))


@pytest.mark.parametrize(("persons", "few", "rounds"), [*product((0, 4, 40), (False, True), (None, 100.0))])
def test_a_figure_of_few_that_is_persons_times_prices_too(persons, few, rounds):
    figure = KeyFigure(2_041_170.0, "kr", "Kr", tells=FEW if few else MANY, priced=(spread(persons),), rounds=rounds)
    found = protect(Result.of([], rubrik="", underrubrik="", nyckeltal={"kr": figure}, people=PEOPLE), LEDNING)
    wanted = (2_041_170.0, None)
    if persons == 4 or (few and rounds is None):
        wanted = (None, None)
    elif few:
        wanted = (2_041_200.0, 100.0)
    elif persons == 40:
        wanted = (2_000_000.0, 100_000.0)
    shown = found.nyckeltal["kr"]
    assert (shown.varde, shown.avrundat_till, bool(shown.skyddas)) == (*wanted, wanted[0] is None)


def together(frame: pd.DataFrame, column: str):
    """The frame made anew from a label per row or part: its numbers summed."""

    def merged(labels: dict) -> pd.DataFrame:
        names = [labels.get(part, part) for part in (frame.index if column == "nr" else frame[column])]
        sums = frame.drop(columns=[column]).groupby(np.array(names), sort=False).sum(min_count=1)
        return sums.rename_axis(column).reset_index()

    return merged


@pytest.mark.parametrize("merges", [True, False])
def test_groups_of_few_are_shown_together_or_not_at_all(merges):
    frame = pd.DataFrame({"del": [*"abc"], "antal": [3.0, 9.0, 12.0], "snitt": [np.nan, np.nan, np.nan]})
    columns = (Column("antal", "Antal", tells=("p",)), Column("snitt", "Snitt"))
    why = {(row, "snitt"): ("saknas", "mätning") for row in range(3)}
    table = Table("t", "T", frame, columns, part="del", celler=why, together=together(frame, "del"))
    whole = Result.of([table], rubrik="", underrubrik="", nyckeltal={}, people=PEOPLE)
    shown = protect(whole, Policy("ledning", merges=merges)).tabeller["t"]
    assert shown.frame["del"].tolist() == ([SMALL, "c"] if merges else [*"abc"])
    assert shown.frame["antal"].fillna(0).tolist() == ([12, 12] if merges else [0, 0, 12])
    hidden = {} if merges else {(row, "antal"): ("skyddas", "få personer") for row in (0, 1)}
    assert shown.celler == {(row, "snitt"): why[0, "snitt"] for row in range(len(shown.frame))} | hidden
    detail = {"p": replace(PEOPLE["p"], detail=True)}  # of these no part is shown, alone or with others
    shown = protect(replace(whole, people=detail), Policy("ledning", merges=merges)).tabeller["t"]
    assert shown.frame["del"].tolist() == [*"abc"] and shown.frame["antal"].isna().all()


MOVED = [  # who differ from the row before, and the rows of each period; too few at the end go with those before
    ([{1}, {2, 3, 4, 5, 6}, set(), {7}], [[0, 1, 2, 3]]),
    ([set(), {1, 2}, {2, 3, 4}, {5}, {6, 7, 8, 9, 10}], [[0, 1, 2], [3], [4]]),
    ([set(), {1, 2, 3, 4, 5}, {1}, {6, 7, 8, 9}, set()], [[0], [1, 2], [3, 4]]),
    ([set(), {1, 2, 3, 4}, {1, 5}, {6, 7, 8, 9}, set()], [[0, 1, 2, 3, 4]]),
    ([set(), {1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}, {1}], [[0], [1, 2, 3]]),
    ([set(), set(), set()], [[0], [1], [2]]),
    ([set(), {1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}], [[0], [1], [2]]),
]


@pytest.mark.parametrize(("moved", "rows"), MOVED)
def test_occasions_between_which_few_moved_are_one_row_priced_as_its_first(moved, rows):
    frame = pd.DataFrame({"nr": [*range(len(moved))], "kr": [10.0**place for place in range(len(moved))]})
    priced = [(spread(4 if any(row in later[1:] for later in rows) else 0),) for row in range(len(moved))]
    merged = together(frame, "nr")
    table = Table("t", "T", frame, (Column("kr", "Kr"),), moved=moved, together=merged, priced={"kr": priced})
    shown = protect(Result.of([table], rubrik="", underrubrik="", nyckeltal={}), LEDNING).tabeller["t"]
    assert shown.frame["kr"].tolist() == [sum(10.0**row for row in period) for period in rows]
    assert (
        protect(Result.of([table], rubrik="", underrubrik="", nyckeltal={}), WORKING).tabeller["t"].frame.equals(frame)
    )


@pytest.mark.parametrize("seed", range(8))
def test_parts_of_occasions_that_are_protected_each_by_itself(seed):
    """A part of 1 to 4, and the next smallest where it is alone or the two are under 5; all of it where that is all."""
    draw = Random(seed)
    rows = [{part: draw.choice([0, 2, 4, 6, 9]) for part in "abc"} for _ in range(3)]
    sums = {number: People(pd.DataFrame([{"ab": draw.choice([3, 8]), "c": 20, "d": 30}])) for number in range(3)}
    people = People(pd.DataFrame(rows), parted=True, within=sums, sum_of=lambda part: "ab" if part in "ab" else "c")
    for number, row in enumerate(rows):
        small = {part for part, count in row.items() if 0 < count < 5}
        above = int(sums[number].antal["ab"].iloc[0]) < 5  # c is then hidden too, for the few of ab
        hidden = {*"abc"} if above else set(small)
        others = sorted((part for part in row if part not in hidden and row[part]), key=row.get)
        while not sound([row[part] for part in hidden]) and others:
            hidden.add(others.pop(0))
        for part in "abc":
            assert tells_of_few(people, (number, part), LEDNING) == (part in hidden), (number, part)
        assert tells_of_few(people, (number, ""), LEDNING) == (not sound([row[part] for part in hidden]))
    settled = replace(people, hides=frozenset("a"))
    assert [tells_of_few(settled, part, LEDNING) for part in "ab"] == [True, False]


def sound(counts: list[int]) -> bool:
    """Nobody, or five in two parts or more that can be filled in more than one way."""
    there = [count for count in counts if count]
    ways = [one for one in product(range(1, max(there, default=0) + 1), repeat=len(there)) if sum(one) == sum(there)]
    return not there or (len(there) > 1 and sum(there) >= 5 and len(ways) > 1)


@pytest.mark.parametrize("tom", range(13))
def test_a_years_path_is_what_the_months_ahead_differ_from_those_to_date(tom):
    draw = Random(tom)
    path = [draw.randint(0, 9) * 100_000.0 for _ in range(12)]
    kr = pd.DataFrame([path, path, path], index=["kbh", "fri", "annan"], columns=range(1, 13))
    moved = {"kbh": pd.DataFrame({"in": [9] * 12}, index=range(1, 13)), "fri": None}
    found = protect_driven(lambda known: Driven(kr, moved, why="Sagt"), tom, LEDNING)
    done, ahead = path[:tom], path[tom:]
    more = round((sum(ahead) - sum(done) / tom * len(ahead)) / 100_000) * 100_000 if done and ahead else 0.0
    assert found.kr.index.tolist() == ["kbh", "fri"] and found.why == "Sagt; få personer"
    assert found.kr.loc["fri"].tolist() == path
    assert found.kr.loc["kbh"].tolist() == pytest.approx([0.0] * tom + [more / max(len(ahead), 1)] * len(ahead))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_known_is_when_enough_had_moved_in_each_way_that_any_had(seed):
    draw = Random(seed)
    ways = [[draw.choice([0, 0, 1, 4, 5, 6]) for _ in range(6)] for _ in range(2)]
    known, since = 0, [0, 0]
    for month in range(6):
        since = [one + way[month] for one, way in zip(since, ways, strict=True)]
        if any(since) and all(one == 0 or one >= 5 for one in since):
            known, since = month + 1, [0, 0]
    asked = []

    def expected(tom: int) -> Driven:
        asked.append(tom)
        kr = pd.DataFrame([[1.0] * 12], index=["kbh"], columns=range(1, 13))
        return Driven(kr, {"kbh": pd.DataFrame({"in": ways[0], "ut": ways[1]}, index=range(1, 7))})

    protect_driven(expected, 6, LEDNING)
    assert asked == [6, known]


def test_the_sums_that_are_told_apart_and_the_persons_that_are_varied_have_limits(monkeypatch):
    """1 001 + 3 099 = 2 050 + 2 050: in whole kronor above the lowest price there are 2 099 sums up to the amount."""
    two = Priced(np.array([1, 0, 1]), np.array([1001.0, 2050.0, 3099.0]), np.full(3, "a"))
    for most, found in ((2099, 2.0), (2098, 1.0)):
        monkeypatch.setattr(mixes, "LARGEST_GRID", most)
        assert fitting(two, 0) == found
    monkeypatch.undo()
    ore = Priced(np.array([1, 0, 1]), np.array([10.01, 10.02, 10.04]), np.full(3, "a"))  # 20.05, and never 20.04
    assert fitting(ore, 0) == 1
    prices = np.array([1000.0, 2000.0, 3000.0])
    for most, found in ((6, 3), (4, 3), (3, 2)):  # 3, 2 and 1 are 1, 2 and 1 in the end, or 1, 1 and 1
        monkeypatch.setattr(mixes, "VARIED", most)
        assert fitting(Priced(np.array([3, 2, 1]), prices, np.full(3, "a")), 0) == found
    monkeypatch.setattr(mixes, "VARIED", 2)
    assert fitting(Priced(np.array([4, 0, 1]), prices, np.full(3, "a")), 0) == 2  # as of 1, 0 and 1


def kronor(cells: list[tuple[float, str]], mix: tuple[int, ...]) -> float:
    return sum(count * price for count, (price, _) in zip(mix, cells, strict=True) if not math.isnan(price))


def test_levels_are_hidden_where_enough_mixes_fit_and_each_held_cell_differs_in_some():
    """Every way to place each group's persons on its prices is tried."""
    draw, seen = Random(2), set()
    for _ in range(80):
        cells = [(draw.choice([5.0, 7.0, 9.0, 11.0, math.nan]), draw.choice("aab")) for _ in range(draw.randint(2, 4))]
        antal = tuple(draw.choice([0, 0, 1, 2]) for _ in cells)
        priced = Priced(np.array(antal), np.array([p for p, _ in cells]), np.array([g for _, g in cells]))
        open_to = [not math.isnan(price) for price, _ in cells]
        of = {group: [n for n, (_, its) in enumerate(cells) if its == group and open_to[n]] for group in "ab"}
        fit = [
            mix
            for mix in product(range(sum(antal) + 1), repeat=len(cells))
            if all(sum(mix[n] for n in own) == sum(antal[n] for n in own) for own in of.values())
            and all(mix[n] == antal[n] for n in range(len(cells)) if not open_to[n])
            and kronor(cells, mix) == kronor(cells, antal)
        ]
        held = [n for own in of.values() if len(own) > 1 for n in own if antal[n]]
        for enough in (1, len(fit), len(fit) + 1):
            wanted = len(fit) >= enough and all(any(mix[n] != antal[n] for mix in fit) for n in held)
            assert mixes.hides_levels(priced, 0, enough) is wanted, (cells, antal)
            seen.add((wanted, len(fit) > 1))
    assert len(seen) == 4


@pytest.mark.parametrize(("word", "merges"), [("sammanslagna", True), ("visas_inte", False)])
def test_whether_groups_are_merged_is_a_word_of_the_rules_and_the_others_are_numbers(word, merges):
    values = {key: SimpleNamespace(varde=word if field == "merges" else 7) for field, key in RULES.items()}
    days = set()
    rules = SimpleNamespace(series=values, value=lambda key, day: days.add(day) or values[key])
    case = SimpleNamespace(
        ar=2024, spridning="ledning", journal=SimpleNamespace(rules={}), sources=SimpleNamespace(rules=rules)
    )
    assert policy(case) == Policy("ledning", **dict.fromkeys(RULES, 7) | {"merges": merges})
    assert days == {date(2024, 1, 1)}


def test_what_a_steadier_result_is_made_by():
    """Of 3, 9 and 12 two are hidden; in the occasion before nobody was few."""
    given = []
    whole = Result.of([], rubrik="", underrubrik="", nyckeltal={})
    protect(replace(whole, steady=lambda limits: given.append(limits) or whole), Policy("ledning", rounding_days=9))
    (limits,) = given
    people = People(pd.DataFrame([{"a": 8, "b": 9, "c": 12}, {"a": 3, "b": 9, "c": 12}]))
    assert limits.hidden(people) == frozenset("ab") and (limits.smallest, limits.days) == (5, 9)
    assert limits.so_far(people) == {0: frozenset(), 1: frozenset("ab")}
    assert [limits.few(people, part) for part in ("a", "c", "")] == [True, False, False]
    moves = np.array([(1, 0, person) for person in range(5)])
    assert limits.standing(moves, np.zeros((2, 1), bool)).tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize("seed", range(12))
def test_effects_of_few_are_taken_away_and_those_of_many_at_a_price_rounded_by_year(seed):
    """A change is named whole or with one kind of effect; a year that rounds to nothing has no row."""
    draw, months = Random(seed), ["2024-01", "2024-02", "2024-03", FULL_YEAR]
    rows = [
        (f, e, m, draw.choice([10_000.0, 30_000.0, 260_000.0])) for f in "abc" for e in ("peng", "kbh") for m in months
    ]
    rows = draw.sample(rows, 18)
    names = [*"abc", *((f, e) for f in "abc" for e in ("peng", "kbh"))]
    how = {name: draw.choice([0, 4, 40]) for name in draw.sample(names, 4)}
    persons = {
        name: (f"Personer {name}", ((People.one(draw.choice([0, 3, 5])), ""),)) for name in draw.sample(names, 2)
    }
    telling = {name: f"Sagt om {name}" for name in draw.sample(names, 1)}
    priced = {name: (f"Pris {name}", (spread(number),)) for name, number in how.items()}
    frame = pd.DataFrame(rows, columns=["forandring", "effekt", "manad", "kr"])
    found = protect_effects(Effects(frame, priced=priced, persons=persons, telling=telling), LEDNING)
    few = {name: text for name, (text, ((its, _),)) in persons.items() if 0 < its.antal.iloc[0, 0] < 5}
    few |= {name: f"Pris {name}" for name, number in how.items() if number == 4} | telling
    wanted, years, said = {}, {}, set()
    for f, e, month, kr in rows:
        if {f, (f, e)} & {*few}:
            said |= {f"{few[name]} (skyddas: få personer)" for name in (f, (f, e)) if name in few}
        elif 40 in (how.get(f), how.get((f, e))):
            years.setdefault((f, e, month == FULL_YEAR), []).append((month, kr))
        else:
            wanted[f, e, month] = kr
    for (f, e, _), its in years.items():
        year = round(sum(kr for _, kr in its) / 100_000) * 100_000
        wanted |= {(f, e, month): year / len(its) for month, _ in its if year}
    assert {(r.forandring, r.effekt, r.manad): r.kr for r in found.rows.itertuples()} == pytest.approx(wanted)
    assert len(found.rows) == len(wanted) and {*found.unknown} == said
