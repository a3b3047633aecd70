"""What LSS-peng's sentences, dials and other topics are told, recalculated from the decisions a day at a time."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from oracle.lss_case import CASES, SCENARIOS, Asked
from oracle.lss_moves import counted, goes_on_from, known_on
from oracle.lss_unit import ENHET, ONE_DAY, OWN, Row, Year, days_of_month
from oracle.test_lss_peng import WITHIN, measured, placements, shown

from planbok.topics.lss_peng.others import decided, driven, effects
from planbok.topics.lss_peng.study import study
from planbok.topics.lss_peng.view import amounts

LARGE = Asked(150, 4, per_datum="2024-05-31")
DATED = [asked for asked in CASES if asked.ar == 2024 and asked.scenario != "bas"]


def total(year: Year) -> float:
    return sum(year.budget("slutlig").values())


def peng(year: Year, rows: list[Row] | None = None) -> tuple[float, float]:
    """Days with a price, and their peng."""
    found = [kr for row in (year.daily if rows is None else rows) for kr in year.peng(row).values()]
    return sum(days for days, _ in found), sum(kr for _, kr in found)


def after_measured(year: Year) -> list[Row]:
    """The decisions of who came after the last measurement and had not the insats then."""
    before = {(row.person, row.insats) for row in year.on(year.m2)}
    return [r for r in year.daily if year.m2 < r.fran <= year.dates[-1] and (r.person, r.insats) not in before]


def history(asked: Asked, day: date | None = None) -> dict[str, list[Row]]:
    """The moves of three years to a day by kind, of the decisions with a price before any scenario."""
    year = asked.year("bas")
    return counted([row for row in year.daily if year.priced(row.cell)], date(asked.ar - 2, 1, 1), day or asked.day)


def whole_price(year: Year, row: Row) -> float:
    kr = year.year_price(row.cell)
    return float("nan") if kr is None else kr


def next_day(asked: Asked) -> date:
    year = asked.year()
    later = [day for day in (year.m1, year.m2) if day > asked.day]
    return later[0] if later else date(asked.ar + 1, 3, 31)


def next_kr(asked: Asked) -> float:
    year = asked.year()
    return sum(row.antal * (year.year_price(row.cell) or 0) for row in year.on(next_day(asked)))


def at_end(asked: Asked, end: str) -> float | None:
    """The final budget with each stated move at its lowest or highest."""
    given = [{**c, "antal": c.get(f"antal{end}", c["antal"])} if "antal" in c else c for c in SCENARIOS[asked.scenario]]
    if given == SCENARIOS[asked.scenario]:
        return None
    return total(asked.year(given=[c for c in given if c.get("antal") != 0]))


def facts(asked: Asked) -> dict[str, float | None]:
    year, versus, after = asked.year(), asked.year(asked.jamfor_med), after_measured(asked.year())
    (days, kr), own = peng(year, after), placements(year)
    unpriced = defaultdict(float)
    for row in year.daily:
        prices = year.prices(row.cell)
        unpriced[row.insats] += row.antal * sum(prices[n] is None for n in year.days(row))
    return {
        "personer_preliminar": sum(row["personer"] for row in measured(year, year.m0)),
        "andrad_slutlig_kr": total(year) - total(versus),
        "andrad_dygn_kr": peng(year)[1] - peng(versus)[1],
        "andrad_ersattning_kr": sum(year.paid().values()) - sum(versus.paid().values()),
        "spann_lag_kr": at_end(asked, "_lag"),
        "spann_hog_kr": at_end(asked, "_hog"),
        "personer_efter": len({row.person for row in after if year.priced(row.cell)}),
        "dygn_efter": days,
        "efter_kr": kr,
        "nasta_kr": next_kr(asked),
        "andringar_antal": sum(map(len, history(asked).values())),
        "placeringar_antal": len(own),
        "placering_kr": own[0]["pris"] if len(own) == 1 else None,
        "placering_peng_kr": own[0]["peng"] if len(own) == 1 else None,
        **{f"{insats}_dygn": number for insats, number in unpriced.items() if number},
    }


def check_facts(asked: Asked) -> None:
    found = {name: figure.varde for name, figure in shown(asked).fakta.items()}
    spann = found.pop("nasta_lag_kr"), found.pop("nasta_hog_kr")
    expected = facts(asked)
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == (None if value is None else pytest.approx(value, abs=WITHIN)), key
    assert (None not in spann) == (expected["andringar_antal"] >= 30)


def test_the_range_of_the_next_measurement_is_that_of_moves_drawn_from_the_history():
    year, moves, rng = LARGE.year("bas"), history(LARGE), np.random.default_rng(5)
    first, days = date(2022, 1, 1), (next_day(LARGE) - LARGE.day).days
    drawn = np.full(20_000, next_kr(LARGE))
    for kind, rows in moves.items():
        before = [goes_on_from(row, year.daily) for row in rows]
        kr = [whole_price(year, row) * (-1 if kind == "ut" else 1) for row in rows]
        if kind == "niva":
            kr = [one - whole_price(year, other) for one, other in zip(kr, before, strict=True)]
        kr = np.array(kr)[~np.isnan(kr)]
        number = rng.poisson(rng.gamma(len(kr) + 0.5, size=len(drawn)) / (LARGE.day - first).days * days)
        drawn += [rng.choice(kr, n).sum() for n in number]
        drawn += number * rng.standard_normal(len(drawn)) * kr.std() / np.sqrt(len(kr))
    found = [shown(LARGE).fakta[name].varde for name in ("nasta_lag_kr", "nasta_hog_kr")]
    assert found == pytest.approx(np.percentile(drawn, [10, 90]).tolist(), abs=0.06 * drawn.std())


def full_year(year: Year) -> tuple[float, float]:
    """Twelve months of the frame and of payments with the persons and prices of 31 December."""
    last, days = year.dates[-1], len(year.dates)
    frame = sum(row.antal * (year.prices(row.cell)[-1] or 0) for row in year.on(last)) * days
    bought = [row for row in year.on(last) if row.pris is not None or row.regi != OWN]
    own = [row.pris if row.pris is not None else year.prices(row.cell, "ersattning")[-1] for row in bought]
    paid = days * sum(row.antal * (kr or 0) for row, kr in zip(bought, own, strict=True))
    hours = [row for row in year.rows if row.timmar is not None and row.regi != OWN and row.on(last)]
    for row in hours:
        paid += 12 * row.antal * row.timmar * (year.changes.price((row.insats, row.tidsslag, row.regi), last) or 0)
    return frame, paid


def check_the_budget_on_a_full_year(asked: Asked) -> None:
    assert amounts(study(asked.case())).nyckeltal["helar_kr"].varde == pytest.approx(full_year(asked.year())[0])


def check_what_each_change_does_to_the_units_budget(asked: Asked) -> None:
    case, given, expected = asked.case(), SCENARIOS[asked.scenario], {}
    steps = [asked.year(given=given[:taken]) for taken in range(len(given) + 1)]
    for nr, (before, now) in enumerate(zip(steps[:-1], steps[1:], strict=True), start=1):
        for effekt, place, of in (("lss_peng", 0, lambda its: its.budget("slutlig")), ("ersattning", 1, Year.paid)):
            one, other = of(before), of(now)
            kr = {f"{asked.ar}-{month:02d}": other[month] - one[month] for month in one}
            kr["helar"] = full_year(now)[place] - full_year(before)[place]
            expected |= {(f"{asked.scenario}:{nr}", effekt, manad): kr for manad, kr in kr.items()}
    found = effects(case, case.scenario)
    rows = {key: kr for *key, kr in found.rows[["forandring", "effekt", "manad", "kr"]].itertuples(index=False)
            for key in [tuple(key)]}  # fmt: skip
    assert len(rows) == len(found.rows)
    for key in expected.keys() | rows.keys():
        assert rows.get(key, 0.0) == pytest.approx(expected[key], abs=WITHIN), key
    adds = {f"{asked.scenario}:{nr}" for nr, c in enumerate(given, 1) if c["typ"] == "volym" and c["antal"] > 0}
    assert found.moved == {name for name, *_ in expected}
    assert found.priced.keys() == found.moved - adds


def by_level(year: Year) -> dict[tuple, dict[str, list[float]]]:
    """Days and kronor that are paid, by insats and management and then by level."""
    found: dict = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for row in year.daily:
        prices = year.prices(row.cell, "ersattning")
        kr = [row.pris if row.pris is not None else prices[n] for n in year.days(row)]
        if (row.pris is not None or row.regi != OWN) and None not in kr:
            sums = found[row.insats, row.regi][row.niva]
            sums[0] += len(kr)
            sums[1] += sum(kr)
    return found


def paid_rows(year: Year, known: bool) -> list[Row]:
    """The decisions paid by the day; `known`: those only that have a price each day."""
    found = [row for row in year.daily if row.pris is not None or row.regi != OWN]
    lists = {row: year.prices(row.cell, "ersattning") for row in found}
    return [r for r in found if not known or r.pris or all(lists[r][n] is not None for n in year.days(r))]


@pytest.mark.parametrize("days", [("2023-12-31", "2024-06-30"), ("2024-03-31", "2024-08-27"), ("2024-01-31",) * 2])
@pytest.mark.parametrize("asked", [CASES[0], LARGE], ids=str)
def test_what_decisions_explain_of_payments(asked, days):
    first, last = map(date.fromisoformat, days)
    before, now = (Year(2024, known_on(asked.rows, day)) for day in (first, last))
    one, other, expected = by_level(before), by_level(now), {"volym": 0.0, "niva": 0.0, "pris": 0.0}
    for group in one.keys() | other.keys():
        (days_0, kr_0), (days_1, kr_1) = ([sum(v[i] for v in its[group].values()) for i in (0, 1)]
                                          for its in (one, other))  # fmt: skip
        volume = (days_1 - days_0) * kr_0 / days_0 if days_0 else kr_1
        price = sum(d * (kr / d - one[group][niva][1] / one[group][niva][0])
                    for niva, (d, kr) in other[group].items() if d and one[group][niva][0])  # fmt: skip
        for cause, kr in (("volym", volume), ("pris", price), ("niva", kr_1 - kr_0 - volume - price)):
            expected[cause] += kr
    kr, moves = decided(asked.case(), (first, last))
    assert kr == pytest.approx(expected, abs=WITHIN)
    assert moves == {k: len(v) for k, v in counted(paid_rows(now, True), first + ONE_DAY, last).items()}


@pytest.mark.parametrize("tom", [1, 6, 12])
def test_what_drives_payments_month_by_month(tom):
    end = date(2024, tom, days_of_month(date(2024, tom, 1)))
    year = Year(2024, [row for row in known_on(CASES[0].rows, end) if row.timmar is None])
    found = driven(CASES[0].case(), 2024, tom)
    assert found.kr.loc["ersattning"].to_dict() == pytest.approx(year.paid(), abs=WITHIN)
    expected = []
    for month in range(1, tom + 1):
        first = date(2024, month, 1)
        moves = counted(paid_rows(year, False), first, first.replace(day=days_of_month(first)))
        expected.append({kind: len(rows) for kind, rows in moves.items()})
    assert found.moved["ersattning"].to_dict("records") == expected
    assert found.moved["ersattning"].index.tolist() == [*range(1, tom + 1)]


def one_more(asked: Asked, niva: str, month: int) -> dict[str, float]:
    """What one person more gives the figures of the year from the first of a month."""
    year, start, found = asked.year(), date(asked.ar, month, 1), defaultdict(float)
    for kr, day in zip(year.prices(("gruppbostad", niva, OWN)), year.dates, strict=True):
        found["peng_dygn_kr"] += kr * (day >= start)
        found["efter_matning_1_kr"] += kr * (year.m1 >= start)
        found["slutlig_kr"] += kr * sum(share for on, share in year.share("slutlig", day) if on >= start)
    found["skillnad_matning_dygn_kr"] = found["slutlig_kr"] - found["peng_dygn_kr"]
    return found | {"personer_matning_1": year.m1 >= start, "personer_matning_2": year.m2 >= start}


def movable(asked: Asked) -> list[tuple[str, str]]:
    """Levels that one person on the list's price can leave in each month for good, and where to."""
    year, found, next_year = asked.year(), [], date(asked.ar + 1, 1, 1)
    for niva in "1234567":
        rows = sorted((r for r in year.daily if r.cell == ("gruppbostad", niva, OWN) and r.antal == 1),
                      key=lambda r: r.beslut)  # fmt: skip
        firsts = [[r for r in rows if r.on(date(asked.ar, m, 1))][:1] for m in range(1, 13)]
        if all(taken and taken[0].till >= next_year and taken[0].pris is None for taken in firsts):
            near = (str(int(niva) + step) for step in (-1, 1))
            found += [(niva, to) for to in ("", *near) if to in ("", *"1234567")]
    return found


def check_the_dials(asked: Asked) -> None:
    kr = {(niva, month): one_more(asked, niva, month) for niva in "1234567" for month in range(1, 13)}
    moves = movable(asked)
    assert moves or asked is not LARGE
    grids = {(grid.nyckeltal, grid.reglage[0]): grid for grid in shown(asked).rutor}
    assert len(grids) == len(shown(asked).rutor) == (12 if moves else 6)
    for key in one_more(asked, "1", 1):
        grid = grids[key, "nya"]
        assert grid.axlar == ((0.0, 10.0), tuple(range(7)), tuple(range(1, 13)))
        assert not grid.varden[0].any()
        for (niva, month), gives in kr.items():
            assert grid.varden[1, int(niva) - 1, month - 1] == pytest.approx(10 * gives[key], abs=WITHIN)
        for place, (niva, to) in enumerate(moves, start=1):
            for month in range(1, 13):
                wanted = (kr[to, month][key] if to else 0) - kr[niva, month][key]
                assert grids[key, "en_person"].varden[place, month - 1] == pytest.approx(wanted, abs=WITHIN)
    if moves:
        dials = {dial.id: dial for dial in shown(asked).skjutreglage}
        assert (dials["en_person"].mest, dials["nya"].mest, dials["nya_manad"].start) == (len(moves), 10, 8)
        assert dials["en_person"].andringar[1] == {
            "typ": "volym", "enhet": ENHET, "insats": "gruppbostad", "regi": OWN, "niva": moves[0][0], "antal": -1,
            "fran": "{en_person_manad}", **{k: dials["nya"].andring[k] for k in ("underlag", "motivering")},
        }  # fmt: skip
        assert not grids["slutlig_kr", "en_person"].varden[0].any()


# all checks of a case in one test, so that it runs each line that it holds
CHECKS: list[tuple[list[Asked], list[Callable[[Asked], None]]]] = [
    ([*CASES, LARGE], [check_facts]),
    (CASES, [check_the_budget_on_a_full_year]),
    (DATED, [check_what_each_change_does_to_the_units_budget]),
    ([LARGE, CASES[2], CASES[3], CASES[4]], [check_the_dials]),
]


@pytest.mark.parametrize("asked", dict.fromkeys(asked for cases, _ in CHECKS for asked in cases), ids=str)
def test_a_case_is_recalculated(asked):
    shown.cache_clear()
    for check in (check for cases, checks in CHECKS if asked in cases for check in checks):
        check(asked)
