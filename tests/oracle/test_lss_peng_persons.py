"""Whom LSS-peng's figures tell of, and the counts that others than the unit see, from the decisions themselves."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from oracle.lss_case import CASES, SCENARIOS, Asked
from oracle.lss_moves import counted, known_on
from oracle.lss_unit import LAST_DECIDED, ONE_DAY, OWN, Row, Year
from oracle.test_lss_peng import WITHIN, months, placements, shown
from oracle.test_lss_peng_facts import LARGE, after_measured, history

from planbok.disclosure.policy import policy
from planbok.disclosure.protect import _limits
from planbok.topics.lss_peng.others import effects
from planbok.topics.lss_peng.people import MEASURED, YEAR
from planbok.topics.lss_peng.steady import steady
from planbok.topics.lss_peng.study import study
from planbok.topics.lss_peng.view import result

LEVELS = {"gruppbostad": "1234567", "servicebostad": "12345678", "korttidsvistelse": "12", "daglig_verksamhet": ""}
STOOD = [CASES[0], CASES[1], CASES[7], LARGE, Asked(24, 6, per_datum="2024-09-30")]


def priced(year: Year, rows: list[Row] | None = None) -> list[Row]:
    return [row for row in (year.daily if rows is None else rows) if year.priced(row.cell)]


def groups(rows: list[Row]) -> dict[tuple, float]:
    return dict(Counter((row.insats, row.regi) for row in rows))


def in_year(year: Year) -> dict[tuple, float]:
    """Persons by insats and management whose decision has a day in the year, both ends inside."""
    rows = [row for row in priced(year) if row.fran <= year.dates[-1] and row.till >= year.dates[0]]
    return dict(Counter((insats, regi) for insats, regi, _ in {(r.insats, r.regi, r.person) for r in rows}))


def differ(year: Year, one: date, other: date) -> int:
    sides = [{(row.person, row.cell) for row in priced(year, year.on(day))} for day in (one, other)]
    return len({person for person, _ in sides[0] ^ sides[1]})


def movers(year: Year, month: int) -> set[str]:
    """Who began, ended, or ended the day before, in a month of the year."""
    rows, key = priced(year), (year.ar, month)
    days = {row: (row.fran, row.till, row.till + ONE_DAY) for row in rows}
    return {row.person for row in rows if any((day.year, day.month) == key for day in days[row])}


def paid_persons(asked: Asked, year: Year) -> int:
    bought = [r for r in year.daily if r.pris is not None or r.regi != OWN]
    bought += [r for r in year.rows if r.timmar is not None and r.regi != OWN]
    return len({r.person for r in bought if r.fran <= year.dates[-1] and r.till >= year.dates[0]})


def check_the_people_of_the_result(asked: Asked) -> None:
    year, people = asked.year("bas"), shown(asked).people
    days = [year.m0, year.m1, year.m2]
    expected = {f"{day}": groups(priced(year, year.on(day))) for day in days} | {YEAR: in_year(year)}
    found = {day: {k: v for k, v in row.items() if v} for day, row in people[MEASURED].antal.T.to_dict().items()}
    assert found == expected
    pairs = [(one, other) for one in days for other in days if one < other]
    assert people["skiljer"].antal[""].to_dict() == {f"{a}–{b}": differ(year, a, b) for a, b in pairs}
    unpriced = [r for r in year.daily if not year.priced(r.cell) and r.till >= year.dates[0]]
    by_insats = Counter(insats for insats, _ in {(r.insats, r.person) for r in unpriced})
    assert {k: v for k, v in people["utan_pris"].antal.iloc[0].items() if v} == by_insats
    ones = {
        "flyttade": len(set().union(*(movers(year, month) for month in range(1, 13)))),
        "efter": len({r.person for r in priced(year, after_measured(year))}),
        "egna_priser": len(placements(year)),
        "betalda": paid_persons(asked, year),
        "ändringar": sum(map(len, history(asked).values())),
    }
    assert {name: people[name].antal.iloc[0, 0] for name in ones} == ones


def everybody(year: Year) -> list[Row]:
    """A row for each person and cell with a day from the measurement before the year to the first one after it."""
    last = date(year.ar + 1, 3, 31)
    rows = [row for row in year.daily if row.fran <= last and row.till >= year.m0]
    return list({(row.person, row.cell): row for row in rows}.values())


class Cells:
    """The cells that the price list has for the unit's insatser and managements, and what stands in them."""

    def __init__(self, years: list[Year], bas: Year, now: Year, before: Year | None = None):
        own = {row.cell for year in years for row in year.daily}
        listed = {(insats, niva, regi) for insats, _, regi in own for niva in LEVELS[insats]}
        self.cells, self.bas, self.now, self.versus = sorted(own | listed), bas, now, before or bas

    def times(self, rows: list[Row], prices: list) -> tuple:
        number = Counter(row.cell for row in rows)
        return tuple((cell, number[cell], kr) for cell, kr in zip(self.cells, prices, strict=True))

    def prices(self, year: Year) -> list[float | None]:
        return [year.year_price(cell) for cell in self.cells]

    def changed(self, day: date, before: Year) -> list[tuple]:
        pairs = zip(self.prices(self.now), self.prices(before), strict=True)
        change = [None if None in pair else pair[0] - pair[1] for pair in pairs]
        there = (self.bas.on(day), everybody(self.bas)) if any(change) else ()
        return [self.times(rows, change) for rows in there]

    def of(self, day: date, decided: bool = False) -> list[tuple]:
        found = [self.times(self.bas.on(day), self.prices(self.now)), *self.changed(day, self.bas)]
        return found if decided else [*found, self.times(everybody(self.bas), self.prices(self.now))]


def same_priced(found, expected: list[tuple]) -> None:
    assert len(found) == len(expected)
    for one, cells in zip(found, expected, strict=True):
        assert one.antal.tolist() == [number for _, number, _ in cells]
        kr = [float("nan") if kr is None else kr for *_, kr in cells]
        assert one.pris.tolist() == pytest.approx(kr, nan_ok=True)
        assert one.grupp.tolist() == [f"{insats} {regi}" for (insats, _, regi), *_ in cells]


def adds_only(asked: Asked) -> bool:
    return all(c["typ"] == "volym" and c["antal"] > 0 for c in SCENARIOS[asked.scenario])


def check_what_amounts_are_persons_times_prices_of(asked: Asked) -> None:
    bas, now = asked.year("bas"), asked.year()
    cells, figures = Cells([bas, now, asked.year(asked.jamfor_med)], bas, now), shown(asked).nyckeltal
    same_priced(figures["peng_dygn_kr"].priced, cells.of(now.m2))
    final = [now.m2] if now.rule == "senaste" else [now.m2, now.m1]
    decided = {"preliminar_kr": [now.m0], "efter_matning_1_kr": [now.m1], "slutlig_kr": final}
    for name, days in decided.items():
        found = figures[name].priced
        same_priced(found, [its for day in days for its in cells.of(day, decided=True)])
        adopted = adds_only(asked) and days[0] <= asked.day
        assert found[0].decided == adopted
        earlier = [day for day in (now.m0, now.m1, now.m2) if day < days[0]]
        assert found[0].differs == (tuple(differ(bas, days[0], day) for day in earlier) if adopted else ())
    outside = [[(cell, number * (cell[2] != OWN), kr) for cell, number, kr in cells.times(rows, cells.prices(now))]
               for rows in (bas.on(now.m2), everybody(bas))]  # fmt: skip
    same_priced(figures["ersattning_till_utforare_kr"].priced, outside)
    told = [] if asked.scenario == "bas" else cells.of(now.m2)
    same_priced(shown(asked).fakta["andrad_slutlig_kr"].priced, told)
    last_year = asked.year("bas", asked.ar - 1)
    bars = shown(asked).tabeller["brygga"].coarse
    kr = dict(zip(bars.frame[["brygga", "typ"]].itertuples(index=False, name=None), bars.priced["kr"], strict=True))
    leg = f"Slutlig {asked.ar - 1} → slutlig {asked.ar}"
    same_priced(kr[leg, "start"], [cells.times(bas.on(now.m0), cells.prices(last_year))])
    same_priced(kr[leg, "pris"], [*cells.of(now.m2), *cells.changed(now.m2, last_year)])


def check_what_a_changes_kronor_are_persons_times_prices_of(asked: Asked) -> None:
    case, given = asked.case(), SCENARIOS[asked.scenario]
    told = effects(case, case.scenario).priced
    steps = [asked.year(given=given[:taken]) for taken in range(len(given) + 1)]
    for nr, (before, now) in enumerate(zip(steps[:-1], steps[1:], strict=True), start=1):
        found = told.get(f"{asked.scenario}:{nr}")
        if found:
            cells = Cells(steps, steps[0], now)
            days = (now.m2, now.dates[-1])
            expected = [its for day in days for its in
                        [cells.times(steps[0].on(day), cells.prices(now)), *cells.changed(day, before)]]  # fmt: skip
            same_priced(found[1], [*expected, cells.times(everybody(steps[0]), cells.prices(now))])


def months_known(asked: Asked) -> int:
    after = min(asked.day, date.fromisoformat(LAST_DECIDED.get(asked.size, "9999-01-01"))) + ONE_DAY
    return 12 if after.year > asked.ar else after.month - 1


@cache
def standing(asked: Asked):
    case = asked.case("ledning")
    stood = steady(study(case), _limits(policy(case)))
    return stood, result(stood)


def as_of(asked: Asked, month: int) -> Year:
    """The year before any scenario as its decisions were known at the end of a month; 0 is before the year."""
    end = date(asked.ar + month // 12, month % 12 + 1, 1) - ONE_DAY
    return Year(asked.ar, known_on(asked.rows, end))


def counted_at(asked: Asked) -> int:
    """The last month in which five persons had moved since they were counted before."""
    at, since = 0, set()
    for month in range(1, months_known(asked) + 1):
        since |= movers(asked.year("bas"), month)
        if len(since) >= 5:
            at, since = month, set()
    return at


def check_days_stand_until_five_have_moved(asked: Asked) -> None:
    stood, told = standing(asked)
    at = counted_at(asked)
    then, bas, now = as_of(asked, at), asked.year("bas"), asked.year()
    assert stood.stood.day == date(asked.ar + at // 12, at % 12 + 1, 1) - ONE_DAY
    expected = [row["dygn"] for row in months(asked)]
    for rows, sign in ((then, 1), (bas, -1)):
        for row in rows.daily:
            for month, (days, _) in rows.peng(row).items():
                expected[month - 1] += sign * days
    table = told.tabeller["per_manad"]
    assert table.frame["dygn"].tolist() == pytest.approx(expected, abs=WITHIN)
    moves = [movers(then, month) for month in range(1, 13)]
    assert table.moved == (moves if any(moves) else [movers(bas, month) for month in range(1, 13)])
    found = told.nyckeltal
    for number, day in ((1, now.m1), (2, now.m2)):
        persons = sum(row.antal for row in priced(now, now.on(day)))
        if day > asked.day:
            persons += len(priced(then, then.on(day))) - len(priced(bas, bas.on(day)))
        assert found[f"personer_matning_{number}"].varde == persons


def check_persons_of_an_insats_stand_until_five_have_come(asked: Asked) -> None:
    stood, _ = standing(asked)
    year, known = asked.year("bas"), months_known(asked)
    names = sorted(in_year(year))
    first: dict[tuple, int] = {}
    for row in priced(year):
        if row.fran <= year.dates[-1] and row.till >= year.dates[0]:
            month = row.fran.month if row.fran.year == asked.ar else 0
            key = (row.insats, row.regi, row.person)
            first[key] = min(first.get(key, 99), month)
    came = [(m, names.index(key[:2]), key[2]) for key, m in first.items() if 1 <= m <= known]
    for place, group in enumerate(names):
        at, since = 0, set()
        for month in range(1, known + 1):
            since |= {who for m, part, who in came if (m, part) == (month, place)}
            if len(since) >= 5:
                at, since = month, set()
        assert stood.stood.months[group] <= at  # earlier where the sum of all goes first
        assert stood.stood.persons[group] == in_year(as_of(asked, stood.stood.months[group])).get(group, 0)
    everybody_at = stood.stood.months["", ""]
    assert stood.stood.persons["", ""] == sum(in_year(as_of(asked, everybody_at)).values())
    at, since = 0, set()
    for month in range(1, known + 1):
        since |= {who for m, _, who in came if m == month}
        if len(since) >= 5:
            at, since = month, set()
    assert everybody_at == at


def check_the_people_that_stand(asked: Asked) -> None:
    stood, told = standing(asked)
    year, then = asked.year("bas"), as_of(asked, counted_at(asked))
    found = told.people[MEASURED].antal.T.to_dict()
    for day in (year.m1, year.m2):
        side = then if day > asked.day else year
        expected = groups(priced(side, side.on(day)))
        assert {k: v for k, v in found[f"{day}"].items() if v} == expected
    now = in_year(year)
    shown_now = {group: stood.stood.persons.get(group, 0) or min(number, 1) for group, number in now.items()}
    assert {k: v for k, v in found[YEAR].items() if v} == {k: v for k, v in shown_now.items() if v}
    own = len(placements(then)) or min(len(placements(year)), 1)
    after = [len({r.person for r in priced(its, after_measured(its))}) for its in (then, year)]
    people = told.people
    assert people["egna_priser"].antal.iloc[0, 0] == own
    assert people["efter"].antal.iloc[0, 0] == (after[0] or min(after[1], 1))
    facts = told.fakta
    assert facts["andringar_antal"].varde == sum(
        map(len, counted(priced(then), date(asked.ar - 2, 1, 1), stood.stood.day).values())
    )


# all checks of a case in one test, so that it runs each line that it holds
CHECKS: list[tuple[list[Asked], list[Callable[[Asked], None]]]] = [
    (CASES, [check_the_people_of_the_result]),
    ([*CASES[:5], CASES[6]], [check_what_amounts_are_persons_times_prices_of]),
    ([CASES[1], CASES[2], CASES[4]], [check_what_a_changes_kronor_are_persons_times_prices_of]),
    (
        STOOD,
        [
            check_days_stand_until_five_have_moved,
            check_persons_of_an_insats_stand_until_five_have_come,
            check_the_people_that_stand,
        ],
    ),
]


@pytest.mark.parametrize("asked", dict.fromkeys(asked for cases, _ in CHECKS for asked in cases), ids=str)
def test_a_case_is_recalculated(asked):
    shown.cache_clear()
    standing.cache_clear()
    for check in (check for cases, checks in CHECKS if asked in cases for check in checks):
        check(asked)
