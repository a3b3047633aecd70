"""Every table and key figure of LSS-peng's working papers, recalculated from the decisions a day at a time."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from oracle.lss_case import CASES, Asked
from oracle.lss_moves import bridge, move_in
from oracle.lss_unit import OWN, Row, Year

from planbok.topics.lss_peng.study import study
from planbok.topics.lss_peng.view import result

WITHIN = 0.005
NAMES = {"gruppbostad": "Gruppbostad", "servicebostad": "Servicebostad", "korttidsvistelse": "Korttidsvistelse",
         "daglig_verksamhet": "Daglig verksamhet", "Totalt": "Totalt"}  # fmt: skip
STATES = {"preliminar": "preliminär", "efter_matning_1": "efter mätning 1", "slutlig": "slutlig"}
RULES = ("senaste", "vikter", "halvar")
HELD = {"per_insats_niva", "per_manad", "prestationsmatningar", "brygga", "dygn_utan_matning", "pris_over_peng"}
HELD |= {"matregler", "fore_matdagen", "kanslighet"}
NOT_HELD: set[str] = set()  # `same` asks for every column


@cache
def shown(asked: Asked):
    return result(study(asked.case()))


def table(asked: Asked, name: str) -> list[dict]:
    return shown(asked).tabeller[name].frame.to_dict("records")


def same(found: list[dict], expected: list[dict]) -> None:
    """Rows in order, each with all its columns."""
    assert len(found) == len(expected)
    for got, want in zip(found, expected, strict=True):
        assert got.keys() == want.keys()
        for key, value in want.items():
            if isinstance(value, str):
                assert got[key] == value, (key, want)
            else:
                wanted = float("nan") if value is None else value
                assert got[key] == pytest.approx(wanted, abs=WITHIN, nan_ok=True), (key, want)


def level(niva: str) -> str:
    return f"nivå {niva}" if niva.isdigit() else niva


def named(cell: tuple, **more) -> dict:
    insats, niva, regi = cell
    return {"insats": insats, "niva": niva, "regi": regi, **more, "insats_namn": NAMES[insats],
            "niva_namn": level(niva)}  # fmt: skip


def total(rows: list[dict], keys: tuple[str, ...]) -> dict:
    return named(("Totalt", "", ""), **{key: sum(row[key] for row in rows) for key in keys})


def by_cell(rows: list[Row]) -> dict[tuple, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row.cell].append(row)
    return dict(sorted(found.items()))


def check_days_and_peng_by_insats_and_level(asked: Asked) -> None:
    year, expected = asked.year(), []
    for cell, rows in by_cell(year.daily).items():
        counted = [kr for row in rows for kr in year.peng(row).values()]
        if sum(days for days, _ in counted):
            persons = {row.person: row.antal for row in rows if year.days(row)}
            sums = {"dygn": sum(days for days, _ in counted), "kr": sum(kr for _, kr in counted)}
            expected.append(named(cell, personer=sum(persons.values()), **sums, kr_per_dygn=year.prices(cell)[-1]))
    keys = ("personer", "dygn", "kr")
    whole = {**total(expected, keys), "kr_per_dygn": None}
    columns = ("insats", "niva", "regi", *keys, "kr_per_dygn", "insats_namn", "niva_namn")
    same(table(asked, "per_insats_niva"), [{key: row[key] for key in columns} for row in [*expected, whole]])


def months(asked: Asked) -> list[dict]:
    year = asked.year()
    final, paid, days = year.budget("slutlig"), year.paid(), defaultdict(lambda: [0.0, 0.0])
    for row in year.daily:
        for month, (number, kr) in year.peng(row).items():
            days[month][0] += number
            days[month][1] += kr
    return [
        {"dygn": days[m][0], "peng_kr": days[m][1], "slutlig_kr": final[m], "ersattning_kr": paid[m],
         "manad": f"{asked.ar}-{m:02d}", "skillnad_kr": final[m] - days[m][1]}
        for m in range(1, 13)
    ]  # fmt: skip


def check_the_year_month_by_month(asked: Asked) -> None:
    same(table(asked, "per_manad"), months(asked))


def measured(year: Year, day: date) -> list[dict]:
    found = []
    for cell, rows in by_cell(year.on(day)).items():
        if year.priced(cell):
            persons = sum(row.antal for row in rows)
            found.append(named(cell, personer=persons, kr=persons * sum(kr or 0 for kr in year.prices(cell))))
    return found


def check_the_measurements(asked: Asked) -> None:
    year, expected = asked.year(), []
    for (_, name), day in zip(STATES.items(), (year.m0, year.m1, year.m2), strict=True):
        rows = measured(year, day)
        said = {"matning": f"{day}", "budget": name}
        expected += [{**row, **said} for row in [*rows, total(rows, ("personer", "kr"))]]
    keys = ("insats", "niva", "regi", "personer", "kr", "matning", "budget", "insats_namn", "niva_namn")
    same(table(asked, "prestationsmatningar"), [{key: row[key] for key in keys} for row in expected])


def check_what_has_changed(asked: Asked) -> None:
    ar, year, last_year = asked.ar, asked.year(), asked.year("bas", asked.ar - 1)
    legs = [
        (f"Slutlig {ar - 1} → slutlig {ar}", (last_year, "slutlig"), (year, "slutlig"),
         (f"Slutlig {ar - 1}", f"Slutlig {ar}")),
        ("Preliminär → efter mätning 1", (year, "preliminar"), (year, "efter_matning_1"),
         ("Preliminär", "Efter mätning 1")),
        ("Efter mätning 1 → slutlig", (year, "efter_matning_1"), (year, "slutlig"), ("Efter mätning 1", "Slutlig")),
    ]  # fmt: skip
    expected = [row for leg in legs for row in bridge(*leg)]
    if asked.scenario != asked.jamfor_med:
        versus = asked.year(asked.jamfor_med)
        ruled = Year(ar, versus.rows, versus.changes)
        ruled.rule, ruled.weights = year.rule, year.weights
        leg = bridge("Jämförelsen → scenariot", (ruled, "slutlig"), (year, "slutlig"), ("Jämförelsen", "Scenariot"))
        own = sum(versus.budget("slutlig").values())
        if versus.rule != year.rule:
            step = {**leg[0], "steg": "Ändrad mätregel", "typ": "matregel", "kr": leg[0]["kr"] - own}
            leg = [{**leg[0], "kr": own}, step, *leg[1:]]
        expected += leg
    same(table(asked, "brygga"), expected)


def check_days_that_no_measurement_pays(asked: Asked) -> None:
    year, found = asked.year(), defaultdict(lambda: [0.0, 0.0])
    for row in year.daily:
        start = move_in(row, year.daily)
        sums = found[f"{start:%Y-%m}" if start.year >= asked.ar else f"före {asked.ar}"]
        for number, day in enumerate(year.dates):
            on = sum(share for measured_on, share in year.share("slutlig", day) if row.on(measured_on))
            sums[0] += row.antal * on * (year.prices(row.cell)[number] or 0)
        sums[1] += sum(kr for _, kr in year.peng(row).values())
    rows = sorted((name, *sums) for name, sums in found.items() if any(sums))
    rows.sort(key=lambda row: not row[0].startswith("före"))
    rows.append(("Totalt", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    keys = ("inflyttning", "slutlig_kr", "dygn_kr", "skillnad_kr")
    same(table(asked, "dygn_utan_matning"), [dict(zip(keys, (*r, r[1] - r[2]), strict=True)) for r in rows])


def placements(year: Year) -> list[dict]:
    """Each placement whose own price is above its level's peng some day."""
    found = []
    for row in year.daily:
        prices, days = year.prices(row.cell), year.days(row)
        if row.pris is not None and all(prices[n] is not None for n in days):
            above = row.antal * sum(max(row.pris - prices[n], 0) for n in days)
            if above > 0:
                found.append({"utforare": row.utforare, "insats": row.insats, "dygn": row.antal * len(days),
                              "kr": above, "pris": row.pris, "peng": prices[-1]})  # fmt: skip
    return found


def check_prices_above_the_levels_peng(asked: Asked) -> None:
    sums = defaultdict(lambda: [0, 0.0, 0.0])
    for its in placements(asked.year()):
        for place, more in enumerate((1, its["dygn"], its["kr"])):
            sums[its["utforare"], its["insats"]][place] += more
    expected = [
        {"utforare": maker, "insats": insats, "personer": n, "dygn": days, "kr": kr, "kr_per_dygn": kr / days,
         "niva": "", "insats_namn": NAMES[insats], "niva_namn": ""}
        for (maker, insats), (n, days, kr) in sorted(sums.items(), key=lambda item: -item[1][2])
    ]  # fmt: skip
    same(table(asked, "pris_over_peng"), expected)


def check_three_ways_to_count_the_year(asked: Asked) -> None:
    year = asked.year()
    expected = [
        {"regel": rule, "kr": sum(year.budget("", rule).values()), "used": rule == year.rule,
         "anvands": "ja" if rule == year.rule else "nej"}
        for rule in RULES
    ]  # fmt: skip
    same(table(asked, "matregler"), expected)


def check_what_a_decision_before_the_measuring_day_means(asked: Asked) -> None:
    year, by_level = asked.year(), {}
    for niva in "1234567":
        sums = [0.0, 0.0, 0.0]
        for kr, day in zip(year.prices(("gruppbostad", niva, OWN)), year.dates, strict=True):
            for measured_on, share in year.share("slutlig", day):
                sums[0] += share * (kr or 0)
                sums[1] += share * (kr or 0) * (measured_on == year.m2)
            sums[2] += (kr or 0) * (day > year.m2)
        by_level[niva] = sums
    expected = []
    for one, other in zip("123456", "234567", strict=True):
        first, second, days = (b - a for a, b in zip(by_level[one], by_level[other], strict=True))
        expected.append({"beslut": f"Nivå {one} till {other}", "fore_1_kr": first, "mellan_kr": second,
                         "efter_kr": 0.0, "dygn_kr": days})  # fmt: skip
    same(table(asked, "fore_matdagen"), expected)


def check_more_or_fewer_persons_and_levels(asked: Asked) -> None:
    year = asked.year()
    rows = measured(year, year.m2)
    persons, kr = (sum(row[key] for row in rows) for key in ("personer", "kr"))
    steps = []
    for row in (row for row in rows if row["niva"].isdigit()):
        above = year.year_price((row["insats"], str(int(row["niva"]) + 1), row["regi"]))
        if above is not None:
            own = sum(kr or 0 for kr in year.prices((row["insats"], row["niva"], row["regi"])))
            steps.append((row["personer"], row["personer"] * (above - own)))
    base, person = sum(year.budget("slutlig").values()), kr / persons if persons else float("nan")
    step = sum(kr for _, kr in steps) / sum(n for n, _ in steps) if steps else float("nan")
    expected = [
        {"nivabyten": f"Nivåsteg {up:+d}".replace("-", "−")}
        | {f"personer_{n:+d}": base + n * person + up * step for n in range(-2, 3)}
        for up in range(-2, 3)
    ]
    same(table(asked, "kanslighet"), expected)


def figures(asked: Asked) -> dict[str, float]:
    year, by_month = asked.year(), months(asked)
    sums = {key: sum(row[key] for row in by_month) for key in ("peng_kr", "slutlig_kr", "ersattning_kr")}
    return {
        "peng_dygn_kr": sums["peng_kr"],
        **{f"{state}_kr": sum(year.budget(state).values()) for state in STATES},
        "skillnad_matning_dygn_kr": sums["slutlig_kr"] - sums["peng_kr"],
        "pris_over_peng_kr": sum(its["kr"] for its in placements(year)),
        "ersattning_till_utforare_kr": sums["ersattning_kr"],
        "personer_matning_1": sum(row["personer"] for row in measured(year, year.m1)),
        "personer_matning_2": sum(row["personer"] for row in measured(year, year.m2)),
    }


def check_key_figures(asked: Asked) -> None:
    found = {name: figure.varde for name, figure in shown(asked).nyckeltal.items()}
    assert found == pytest.approx(figures(asked), abs=WITHIN)


def check_every_table_is_recalculated(asked: Asked) -> None:
    assert set(shown(asked).tabeller) == HELD | NOT_HELD


# all checks of a case in one test, so that it runs each line that it holds
CHECKS: list[tuple[list[Asked], list[Callable[[Asked], None]]]] = [
    (
        CASES,
        [
            check_days_and_peng_by_insats_and_level,
            check_the_year_month_by_month,
            check_the_measurements,
            check_what_has_changed,
            check_days_that_no_measurement_pays,
            check_prices_above_the_levels_peng,
            check_three_ways_to_count_the_year,
            check_what_a_decision_before_the_measuring_day_means,
            check_more_or_fewer_persons_and_levels,
            check_key_figures,
            check_every_table_is_recalculated,
        ],
    ),
]


@pytest.mark.parametrize("asked", dict.fromkeys(asked for cases, _ in CHECKS for asked in cases), ids=str)
def test_a_case_is_recalculated(asked):
    shown.cache_clear()
    for check in (check for cases, checks in CHECKS if asked in cases for check in checks):
        check(asked)
