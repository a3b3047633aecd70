"""What is withheld, against plain lists and sets: each way to fill hidden parts is tried on small tables."""

from itertools import product
from random import Random

import numpy as np
import pandas as pd
import pytest

from planbok.case.result import Column, KeyFigure, People, Priced, Result, Table
from planbok.case.said import said
from planbok.case.topic import FULL_YEAR, Driven, Effects
from planbok.disclosure.effects import protect_decided, protect_driven, protect_effects
from planbok.disclosure.operations import headcounts, people_of
from planbok.disclosure.policy import LIMITS, Policy
from planbok.disclosure.protect import open_parts, protect, tells_of_few
from planbok.disclosure.settled import _solved, settled
from planbok.disclosure.standing import standing
from planbok.disclosure.suppress import hidden_parts, hidden_so_far, is_safe, sum_can_be_safe

FEW, LEDNING = 5, Policy("ledning")
PARTS = "abcd"
CELL = ("skyddas", "få personer")


def safe(counts: list[int]) -> bool:
    """Enough persons in several parts, whose sum and largest part leave more than one way to fill them."""
    there = [count for count in counts if count]
    if not there:
        return True
    ways = [one for one in product(range(1, max(there) + 1), repeat=len(there)) if sum(one) == sum(there)]
    return len(there) > 1 and sum(there) >= FEW and len(ways) > 1


def hidden_by_hand(rows: list[dict[str, int]], sums: list[str], always: str) -> list[tuple[set[str], bool]]:
    """What is hidden after each occasion: the small parts, and the smallest others until every sum is safe."""
    hidden, whole, found = set(always), False, []
    for number, row in enumerate(rows):
        hidden |= {part for part in row if 0 < row[part] < FEW}
        again = list(range(number, -1, -1))
        while again:
            counts, more = rows[again.pop(0)], False
            for inside in [*sums, PARTS]:
                others = sorted((p for p in PARTS if p in inside and p not in hidden and counts[p]), key=counts.get)
                while not safe([counts[p] for p in inside if p in hidden]) and others:
                    hidden.add(others.pop(0))
                    more = True
            whole |= not safe([counts[p] for p in PARTS if p in hidden])
            again = list(range(number, -1, -1)) if more else again
        found.append((set(hidden), whole))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_parts_of_a_sum_on_several_occasions(seed):
    draw = Random(seed)
    rows = [{p: draw.choice([0, 0, 1, 2, 3, 4, 5, 6, 9]) for p in PARTS} for _ in range(draw.choice([1, 1, 2, 3]))]
    sums, always = draw.choice([[], ["ab"], ["ab", "cd"]]), draw.choice(["", "", "c"])
    found, frame, sets = hidden_by_hand(rows, sums, always), pd.DataFrame(rows), [*map(frozenset, sums)]
    shown = hidden_parts(frame, FEW, sets, frozenset(always))
    assert shown == (frozenset(found[-1][0]), found[-1][1])
    so_far = hidden_so_far(frame, FEW, sets)
    for number, (parts, whole) in enumerate(hidden_by_hand(rows, sums, "")):
        assert so_far[number] == (frozenset(["", *PARTS]) if whole else frozenset(parts))
    counts = list(rows[0].values())
    assert is_safe(np.array(counts), FEW) == safe(counts)
    assert sum_can_be_safe(np.array(counts), FEW) == (not hidden_by_hand(rows[:1], [], "")[0][1])
    people = People(frame, sums=tuple(sets))
    whole = hidden_by_hand(rows, sums, "")[-1][1]
    hidden = hidden_by_hand(rows, sums, "")[-1][0]
    assert open_parts(people, LEDNING) == ([] if whole else [part for part in PARTS if part not in hidden])
    assert open_parts(people, Policy("arbetsmaterial")) == list(PARTS)
    for part in (*PARTS, ""):
        assert tells_of_few(people, part, LEDNING) == (whole or part in hidden)


def test_where_there_is_no_occasion_only_what_is_hidden_anyhow_is():
    assert hidden_parts(pd.DataFrame(columns=[*"ab"]), FEW, (), frozenset("a")) == (frozenset("a"), False)


def small_table(draw: Random) -> tuple[Table, dict[str, People], list[str]]:
    """A table with a row a part and their sum: a count, one with a coarser column, one told of row by row."""
    counts = {part: draw.choice([0, 1, 3, 5, 8, 12]) for part in PARTS}
    parts = [*PARTS, ""]
    numbers = [float(draw.choice([120, 190, 250])) for _ in parts]
    frame = pd.DataFrame({"del": parts, "antal": [*counts.values(), sum(counts.values())], "dygn": numbers})
    frame = frame.assign(grov="ungefär", kr=numbers, dygn_lag=numbers, fritt=numbers, kant=[n + 7 for n in numbers])
    columns = (
        Column("antal", "Antal", tells=("p",)),
        Column("dygn", "Dygn", tells=("p",)),
        Column("kr", "Kr"),
        Column("kant", "Kant"),
        Column("fritt", "Fritt", tells=(("p", None),)),
    )
    told = {"kr": [(("p", part),) for part in parts], "kant": [(("p", part),) for part in parts]}
    more = {"told": told, "rounds": {"kant": (100.0, "fritt")}, "extra": ("dygn_lag",), "part": "del", "note": "Sagt."}
    return Table("t", "T", frame, columns, **more), {"p": People(pd.DataFrame([counts]))}, parts


@pytest.mark.parametrize("seed", range(12))
def test_cells_of_a_table_and_key_figures(seed):
    table, people, parts = small_table(Random(seed))
    counts = people["p"].antal.iloc[0].to_dict()
    ((hidden, whole),) = hidden_by_hand([counts], [], "")
    few = [whole or part in hidden for part in parts]
    figures = {part or "alla": KeyFigure(170.0, "kr", "Kr", tells=(("p", part),)) for part in parts}
    figures |= {
        f"{name}_nara": KeyFigure(170.0, "kr", "Kr", tells=one.tells, rounds=100.0) for name, one in figures.items()
    }
    whole_result = Result.of([table], rubrik="", underrubrik="", nyckeltal=figures, people=people)
    shown = protect(whole_result, LEDNING)
    found, before = shown.tabeller["t"], table.frame
    for row, told in enumerate(few):
        for key in ("antal", "dygn", "dygn_lag", "kr"):
            cell = found.frame[key].iloc[row]
            assert (pd.isna(cell) and told) or cell == before[key].iloc[row], (row, key)
        number = before["fritt"].iloc[row]
        assert found.frame["kant"].iloc[row] == (number if told else number + 7)  # the 7 is nearest to nothing
        assert found.frame["fritt"].iloc[row] == number
        figure, near = shown.nyckeltal[parts[row] or "alla"], shown.nyckeltal[f"{parts[row] or 'alla'}_nara"]
        assert (figure.varde, figure.skyddas) == ((None, "få personer") if told else (170.0, ""))
        assert (near.varde, near.avrundat_till) == ((200.0, 100.0) if told else (170.0, None))
    cells = {(row, key): CELL for row, told in enumerate(few) if told for key in ("antal", "dygn", "kr")}
    assert found.celler == cells
    assert (found.note == "Sagt.") == (not any(few))
    assert protect(whole_result, Policy("arbetsmaterial")).tabeller["t"].frame.equals(before)


def test_a_coarser_column_stands_where_a_cell_is_hidden_and_tells_of_nobody():
    people = {"p": People(pd.DataFrame([{"a": 3, "b": 9, "c": 12}]))}
    frame = pd.DataFrame({"del": [*"abc"], "dag": [11.0, 12.0, 13.0], "n": [np.nan] * 3, "grov": [10.0, 10.0, 10.0]})
    columns = (
        Column("dag", "Dag", tells=("p",), coarse="grov"),
        Column("n", "N", tells=("p",)),
        Column("grov", "Grov"),
    )
    table = Table("t", "T", frame, columns, part="del")
    shown = protect(Result.of([table], rubrik="", underrubrik="", nyckeltal={}, people=people), LEDNING).tabeller["t"]
    assert (shown.frame["dag"].tolist(), shown.celler, shown.note) == ([10.0, 10.0, 13.0], {}, "")
    assert [column.tells for column in shown.columns] == [(), ("p",), ()]


@pytest.mark.parametrize(("persons", "kr"), [(0, 41_000.0), (4, None), (5, None), (40, 2_000_000.0)])
def test_kronor_of_persons_times_prices(persons, kr):
    """40 persons over seven prices can be placed in more than a hundred ways; 4 are few, 5 on one price are known."""
    spread = [persons] if persons < 6 else [8, 7, 6, 5, 5, 5, 4]
    prices = [1000.0 * (1 + place) for place in range(len(spread))]
    priced = (Priced(np.array(spread), np.array(prices), np.full(len(spread), "a")),)
    amount = 41_000.0 if persons < 6 else 2_041_000.0
    frame = pd.DataFrame({"kr": [amount]})
    table = Table("t", "T", frame, (Column("kr", "Kr"),), priced={"kr": [priced]})
    figures = {"kr": KeyFigure(amount, "kr", "Kr", priced=priced)}
    shown = protect(Result.of([table], rubrik="", underrubrik="", nyckeltal=figures), LEDNING)
    cell = shown.tabeller["t"].frame["kr"].iloc[0]
    assert shown.nyckeltal["kr"].varde == kr and (pd.isna(cell) if kr is None else cell == kr)
    assert shown.tabeller["t"].celler == ({(0, "kr"): CELL} if kr is None else {})
    assert shown.tabeller["t"].avrundat_till == (100_000.0 if persons else None)


def test_the_limits_of_each_rule_and_audience():
    own = Policy("ledning", 6, 4, 7, True, 25, 100, 1.0, 5, 3)
    expected = {"minsta_grupp": 6, "sjukfranvaro.storsta_dolda_grupp": 5, "minsta_boende": 8, "minsta_matning": 25}
    expected |= {"enkat.minsta_svarande": 5, LIMITS[-1]: 0}
    assert {rule: own.limit(rule) for rule in LIMITS} == expected
    open_to_all = Policy("offentlig", 6, 4, 7, True, 25, 100, 1.0, 5, 9)
    assert (
        open_to_all.limit("sjukfranvaro.storsta_dolda_grupp") == 11 and open_to_all.limit("enkat.minsta_svarande") == 9
    )
    assert Policy("offentlig", 5, 12).limit("sjukfranvaro.storsta_dolda_grupp") == 13


def standing_by_hand(moves: list[tuple[int, int, int]], hidden: list[list[bool]]) -> list[list[int]]:
    """When each part and the sum were counted, by the sets of those who have moved since."""
    parts, at = range(len(hidden[0])), [[0] * (len(hidden[0]) + 1)]
    since, known, everybody = [set() for _ in parts], [set() for _ in parts], set()
    for now in range(1, len(hidden)):
        for part, person in ((part, person) for when, part, person in moves if when == now):
            since[part].add(person)
            known[part].add(person)
            everybody.add(person)

        def told(anew: list[int], now: int = now) -> bool:
            rest = [part for part in parts if part not in anew]
            if not any(since[part] for part in rest):
                return True
            most = (FEW - 1) * len(rest) == sum(len(since[part]) for part in rest)  # where each has as many as it can
            full = most and not any(hidden[now][part] for part in rest)
            return len(set().union(*(known[part] for part in rest))) >= FEW and not full

        enough = [part for part in parts if len(since[part]) >= FEW and not hidden[now][part]]
        anew, whole = [], len(everybody) >= FEW
        for part in sorted(enough, key=lambda part: at[-1][part]) if whole else []:
            anew += [part] if told([*anew, part]) else []
        whole = whole and told(anew)
        anew = anew if whole else enough
        at.append([now if part in anew else at[-1][part] for part in parts] + [now if whole else at[-1][-1]])
        for part in parts:
            since[part] = set() if part in anew else since[part]
            known[part] = set() if part in anew or whole else known[part]
        everybody = set() if whole else everybody
    return at


@pytest.mark.parametrize("seed", range(60))
def test_what_stands_follows_from_who_has_moved(seed):
    draw, times, parts = Random(seed), 7, Random(seed).choice([1, 2, 3])
    moves = [
        (now, draw.randrange(parts), draw.randrange(9))
        for now in range(1, times)
        for _ in range(draw.choice([0, 1, 3, 5, 8]))
    ]
    hidden = [[draw.random() < 0.15 for _ in range(parts)] for _ in range(times)]
    found = standing(FEW, np.array(moves, int).reshape(-1, 3), np.array(hidden))
    assert found.tolist() == standing_by_hand(moves, hidden)


def rows_of(*rows) -> pd.DataFrame:
    return pd.DataFrame([*rows], columns=["forandring", "effekt", "manad", "kr"])


def test_effects_are_withheld_rounded_or_left():
    """One change of few, one of many at a price, one of nobody; a change whose one effect alone is told of."""
    many = Priced(np.array([8, 7, 6, 5, 5, 5, 4]), np.arange(1, 8) * 1000.0, np.full(7, "a"))
    rows = [("få", "kbh", "2024-01", 5.0), ("fler", "kbh", "2024-01", 90_000.0), ("fler", "kbh", "2024-02", 70_000.0)]
    rows += [("fler", "kbh", FULL_YEAR, 440_000.0), ("fri", "kbh", "2024-01", 123.0), ("fri", "peng", "2024-01", 9.0)]
    persons = {"få": ("Få in", ((People.one(4), ""),)), "fri": ("Nog", ((People.one(5), ""),))}
    made = Effects(
        rows_of(*rows), priced={"fler": ("Fler in", (many,))}, persons=persons, telling={("fri", "peng"): "Sagt"}
    )
    shown = protect_effects(made, LEDNING)
    kr = {(r.forandring, r.effekt, r.manad): r.kr for r in shown.rows.itertuples()}
    halves = {("fler", "kbh", month): 100_000.0 for month in ("2024-01", "2024-02")}
    assert kr == halves | {("fler", "kbh", FULL_YEAR): 400_000.0, ("fri", "kbh", "2024-01"): 123.0}
    assert shown.unknown == ("Få in (skyddas: få personer)", "Sagt (skyddas: få personer)")
    assert protect_effects(made, Policy("arbetsmaterial")).rows.equals(made.rows)


@pytest.mark.parametrize(
    ("moved", "known"), [((4, 0, 0), 0), ((4, 1, 0), 2), ((5, 4, 0), 1), ((5, 4, 1), 3), ((0, 0, 5), 3)]
)
def test_what_a_topic_expects_stands_until_enough_have_moved(moved, known):
    """After the third month; each month's expectation is its number times 300 000 kr more for the nine ahead."""

    def expected(tom: int) -> Driven:
        kr = pd.DataFrame([[0.0] * 3 + [300_000.0 * tom] * 9], index=["kbh"], columns=range(1, 13))
        return Driven(kr, {"kbh": pd.DataFrame({"in": [*moved]}, index=[1, 2, 3])})

    shown = protect_driven(expected, 3, LEDNING).kr.loc["kbh"]
    assert shown.tolist() == pytest.approx([0.0] * 3 + [300_000.0 * known] * 9)
    assert protect_driven(expected, 3, Policy("arbetsmaterial")).kr.loc["kbh"].tolist() == [0.0] * 3 + [900_000.0] * 9


@pytest.mark.parametrize(("moved", "kr"), [(0, 100_000.0), (1, None), (4, None), (5, 100_000.0)])
def test_what_decisions_explain(moved, kr):
    shown = protect_decided({"volym": 120_000.0}, {"nya": moved, "slut": 9}, "Vård", LEDNING)
    assert (shown.kr, shown.why) == (({}, "få personer") if kr is None else ({"volym": kr}, ""))


def test_users_and_staff_of_a_units_operations():
    frame = pd.DataFrame({"verksamhet": ["A", "Totalt", "B"], "brukare_lag": [1, 9, 2], "brukare_hog": [3, 9, 4]})
    frame = frame.assign(
        medarbetare_lag=[np.nan, 9, 5], medarbetare_hog=[7, 9, 6], arsarbetare_lag=2, arsarbetare_hog=8
    )
    found = {name: its.antal.to_dict("records") for name, its in people_of(frame).items()}
    assert found == {
        "brukare": [{"A": 1, "B": 2}, {"A": 3, "B": 4}],
        "medarbetare": [{"A": 2, "B": 5}, {"A": 7, "B": 6}],
    }
    rows = [(1, "A", 0, 0), (1, "B", 1, 0), (1, "C", 0, -8), (2, "A", np.nan, 8), (2, "B", 3, 0)]
    counted = headcounts(pd.DataFrame(rows, columns=["nr", "grupp", "anstallda", "sjuk_h"])).fillna(0)
    assert counted.to_dict("index") == {1: {"A": 0, "B": 1, "C": 1}, 2: {"A": 1, "B": 3, "C": 0}}


def apart(one: dict, other: dict) -> bool:
    """Whether the difference of two sums tells of no part."""
    came, left = ([count for key, count in a.items() if key not in b] for a, b in ((one, other), (other, one)))
    if came and left:  # of two single parts the difference must leave more than one pair of few
        return len(came) + len(left) > 2 or max(came[0], left[0]) >= FEW or abs(came[0] - left[0]) < FEW - 2
    return safe([int(count) for count in came or left])


def solved(rests: list[dict]) -> bool:
    """Whether some part follows from the sums: its own row adds nothing to what the sums span."""
    names = sorted({name for rest in rests for name in rest})
    rows = [[float(name in rest) for name in names] for rest in rests]
    rank = np.linalg.matrix_rank(rows) if names else 0
    return any(np.linalg.matrix_rank([*rows, own]) == rank for own in np.eye(len(names)).tolist())


def settled_by_hand(at: list[list[int]], counts: list[list[list[int]]]) -> tuple[list[list[bool]], int | None]:
    """What is hidden of each kind, and the occasion of the sums, one occasion after the other."""
    hidden, whole, earlier = [[False] * len(at[0]) for _ in counts], None, [[] for _ in counts]
    for now, when in enumerate(at):
        fresh = [not now or when[part] != at[now - 1][part] for part in range(len(when))]
        stood = [[kind[when[part]][part] for part in range(len(when))] for kind in counts]
        for its, numbers in zip(hidden, stood, strict=True):
            its[:] = [0 < n < FEW if new else was for was, n, new in zip(its, numbers, fresh, strict=True)]
        made = []
        for its, numbers, before in zip(hidden, stood, earlier, strict=True):
            others = [part for part in range(len(when)) if fresh[part] and not its[part] and numbers[part]]
            others.sort(key=lambda part, numbers=numbers: numbers[part])
            for more in range(len(others) + 1):
                tried = [was or part in others[:more] for part, was in enumerate(its)]
                rest = {(p, when[p]): numbers[p] for p in range(len(when)) if tried[p] and numbers[p]}
                if safe([*rest.values()]) and all(apart(rest, b) for b in before) and not solved([*before, rest]):
                    made.append((tried, rest))
                    break
        if any(fresh) and len(made) == len(counts):
            hidden, whole = [tried for tried, _ in made], now
            for (_, rest), before in zip(made, earlier, strict=True):
                before += [] if rest in before else [rest]
    return hidden, whole


@pytest.mark.parametrize("seed", range(80))
def test_what_is_hidden_of_parts_counted_each_at_its_own_time(seed):
    draw, times, parts = Random(seed), 1 + seed % 4, Random(seed).choice([2, 3, 4])
    at = [[0] * parts]
    for now in range(1, times):
        at.append([now if draw.random() < 0.5 else before for before in at[-1]])
    numbers = [0, 0, 1, 2, 3, 4, 5, 6, 8]
    counts = [[[draw.choice(numbers) for _ in range(parts)] for _ in at] for _ in range(draw.choice([1, 2]))]
    found = settled(np.array(at), np.array(counts, float), FEW)
    assert (found.hidden.tolist(), found.whole) == settled_by_hand(at, counts)


def test_sums_that_give_a_part_away_are_found_by_their_rank():
    draw, counted = Random(3), [0, 0]
    for _ in range(60):
        rests = [{(p, 0): 7.0 for p in range(4) if draw.random() < 0.5} for _ in range(draw.randint(0, 4))]
        assert _solved(rests) is solved(rests)
        counted[solved(rests)] += 1
    assert min(counted) > 10


def test_full_time_equivalents_that_are_fewer_than_one_each_or_one_on_average_are_not_safe():
    for counts, found in (([0.4, 0.6] * 10, False), ([0.5, 1.5, 1, 1, 1], False), ([0.5, 1.6, 1, 1, 1], True)):
        assert is_safe(np.array(counts), FEW) is found


def test_each_small_count_and_each_limit_of_a_sum():
    for counts in product((0, 1, 4, 5), repeat=3):
        rows = [dict(zip(PARTS, (*counts, 0), strict=True))]
        ((hidden, whole),) = hidden_by_hand(rows, [], "")
        assert hidden_parts(pd.DataFrame(rows), FEW) == (frozenset(hidden), whole)
        assert sum_can_be_safe(np.array(counts), FEW) == (not whole)


@pytest.mark.parametrize(("audience", "read"), [("ledning", ["namn", "inne"]), ("offentlig", ["alla"])])
def test_texts_are_read_by_the_audience_and_a_silent_column_falls_away(audience, read):
    frame = pd.DataFrame({"a": [said("namn", "alla")], "b": [said("inne", "")]}, dtype=object)
    columns = (Column("a", "A"), Column("b", "B"))
    table = Table("t", "T", frame, columns)
    shown = protect(Result.of([table], rubrik="", underrubrik="", nyckeltal={}), Policy(audience)).tabeller["t"]
    assert [shown.frame[column.key].iloc[0] for column in shown.columns] == read
