"""Two months' reports on invoices: what they differ by is no fewer than enough persons' invoices."""

from itertools import pairwise

import pandas as pd
from test_control import LEVEL_4, clean, decision, line

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer

SMALLEST, MONTHS = 5, range(1, 11)
WRONG = {2: range(7), 3: [18], 4: [17, 18], 5: [0], 6: (1, 3, 4), 8: range(12, 18), 9: [3]}  # month: whose line
ABSENT = {3: range(6), 5: [1], 6: [2], 7: range(3, 9), 9: [11]}


def unit_with_faults(folder):
    """Persons who are billed too much, and persons who are not billed, in some months."""
    lines = [row for row in clean() if int(row["beslut"][6:9]) not in ABSENT.get(int(row["manad"][5:]), ())]
    wrong = {(number, month) for month, numbers in WRONG.items() for number in numbers}
    places = [(int(row["beslut"][6:9]), int(row["manad"][5:])) for row in lines]
    more = [line(*place, kr_per_enhet=LEVEL_4 + 20_000) if place in wrong else None for place in places]
    rows = [other or row for row, other in zip(lines, more, strict=True)]
    pd.DataFrame(rows).to_csv(folder / "fakturor.csv", index=False)
    pd.DataFrame([decision(number) for number in range(20)]).to_csv(folder / "beslut.csv", index=False)
    return load_sources(Folders((PARAMS,), folder))


def known(sources, month: int) -> dict[tuple, float]:
    """All numbers of a month's report, by where they stand."""
    case = open_case("kostnadskontroll", enhet="provet", ar=2024, tom_manad=month, spridning="ledning", sources=sources)
    result = answer(case).result
    found = {("", key, ""): figure.varde for key, figure in result.nyckeltal.items() if figure.varde is not None}
    for name, part in (("fel_per_slag", "slag"), ("fel_per_utforare", "utforare"), ("saknade_fakturor", "manad")):
        rows = result.tabeller[name].frame.set_index(part).select_dtypes("number").to_dict("index")
        cells = [(key, column, value) for key, row in rows.items() for column, value in row.items()]
        found |= {(name, key, column): value for key, column, value in cells if value == value}
    return found


def movers(of: dict[int, list], first: int, last: int) -> int:
    return len({number for month, numbers in of.items() if first < month <= last for number in numbers})


def test_a_sum_of_faults_moves_only_with_enough_persons(tmp_path):
    sources = unit_with_faults(tmp_path)
    said = {month: known(sources, month) for month in MONTHS}
    for key in {key for found in said.values() for key in found if "fel" in key[0] + key[1] + key[2]}:
        there = [month for month in MONTHS if key in said[month]]
        counted = [there[0], *(now for before, now in pairwise(there) if said[before][key] != said[now][key])]
        assert all(movers(WRONG, before, now) >= SMALLEST for before, now in pairwise([0, *counted]) if said[now][key])
    assert [said[month].get(("", "fel_antal", "")) for month in MONTHS] == [0, 7, 7, 7, 7, 14, 14, 20, 20, 20]


def test_kronor_that_no_invoice_has_come_for_move_only_with_enough_persons(tmp_path):
    sources = unit_with_faults(tmp_path)
    said = [known(sources, month)["", "saknade_fakturor_kr", ""] for month in MONTHS]
    moved = [month for month, (before, now) in enumerate(pairwise(said), start=2) if before != now]
    assert moved == [3, 7], said
