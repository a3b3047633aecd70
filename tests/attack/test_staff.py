"""Staff by operation in two reports of one run: what the one withholds the other doesn't tell."""

import re
from pathlib import Path

import pandas as pd
import pytest
from attack.solver import Puzzle
from follow_up_tables import UNIT, open_month, write_tables
from staffing_tables import ENHET, staffing_case, write_table, year

from planbok.topics.answer import answer

SMALLEST = 5
STAFF = {"Norr": 17, "Söder": 8, "Väster": 6, "Öster": 3}  # 34 - 17 - 8 - 6 = 3
ROWS = {"Drift": {"budget": 40.0}} | {f"Drift / {name}": {"budget": 10.0, "utfall": [0.8] * 8} for name in STAFF}


@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_the_sheet_prints_no_staff_that_the_staffing_report_withholds(tmp_path, spridning):
    data = write_tables(tmp_path / "data", ROWS)
    rows = [f"{UNIT},{name},,{number},Planera." for name, number in STAFF.items()]
    (data / "verksamheter.csv").write_text(
        "\n".join(["enhet,verksamhet,brukare,medarbetare,kan_paverka", *rows]), "utf-8"
    )
    puzzle = Puzzle()
    for name in STAFF:
        puzzle.unknown(name, 1, 34)
    puzzle.known(dict.fromkeys(STAFF, 1), sum(STAFF.values()))
    for name in STAFF:
        result = answer(
            open_month(tmp_path, 8, notebook="verksamhetsblad", spridning=spridning, verksamhet=name)
        ).result
        said = re.search(r"Vi är (\d+)", " ".join(result.sammanfattning))
        if said:
            puzzle.known({name: 1}, float(said[1]))
    solved = puzzle.solved()
    assert solved == {"Norr": 17, "Söder": 8}


AS_SMALL = ("1", "1", "40", "9")  # the smallest two are not safe by themselves: they sum to 2


@pytest.mark.parametrize("spridning", ["ledning", "offentlig", "arbetsmaterial"])
@pytest.mark.parametrize("staff", [tuple(map(str, STAFF.values())), AS_SMALL, ("4", "4", "4", "30")])
def test_the_two_reports_of_a_run_together_tell_no_count_of_few(tmp_path, spridning, staff):
    """What the staffing report's table and each operation's page print of staff and of full-time equivalents."""
    names = list(STAFF)
    listed = [
        {"enhet": UNIT, "verksamhet": name, "brukare": 12, "medarbetare": number, "arsarbetare": number}
        for name, number in zip(names, staff, strict=True)
    ]
    numbers = dict(zip(names, map(int, staff), strict=True))
    own = [{**row, "enhet": ENHET} for row in listed]
    case = staffing_case(tmp_path / "a", year(2024), 2024, 8, spridning=spridning, verksamheter=own)
    result = answer(case).result
    shown = result.tabeller["personal"].frame.set_index("verksamhet")
    puzzle = Puzzle()
    for name in names:
        puzzle.unknown(name, 1, sum(numbers.values()))
    puzzle.known(dict.fromkeys(names, 1), float(shown.loc["Hela enheten", "medarbetare_lag"]))
    for name in names:
        row = shown.loc[name]
        counts = [row["medarbetare_lag"], row["medarbetare_hog"], row["arsarbetare_lag"]]
        counts += [12 / row["brukare_per_medarbetare_lag"], 12 / row["brukare_per_arsarbetare_hog"]]
        for number in (float(count) for count in counts if pd.notna(count)):
            puzzle.known({name: 1}, number, 1e-6)
    for name, number in _on_the_pages(tmp_path / "b", spridning, listed).items():
        puzzle.known({name: 1}, number)
    few = {name: number for name, number in numbers.items() if number < SMALLEST}
    told = {name: number for name, number in puzzle.solved().items() if name in few}
    assert told == (few if spridning == "arbetsmaterial" else {}), "all of it is in working papers"


def _on_the_pages(folder: Path, spridning: str, listed: list[dict]) -> dict[str, float]:
    """How many each operation's page says that they are."""
    data = write_tables(folder / "data", ROWS)
    write_table(data, "verksamheter", listed)
    found = {}
    for name in STAFF:
        case = open_month(folder, 8, notebook="verksamhetsblad", spridning=spridning, verksamhet=name)
        said = re.search(r"Vi är (\d+)", " ".join(answer(case).result.sammanfattning))
        found |= {name: float(said[1])} if said else {}
    return found
