"""Staff by operation in two reports of one run: what the one withholds the other doesn't tell."""

import re

import pytest
from attack.solver import Puzzle
from follow_up_tables import UNIT, open_month, write_tables

from planbok.topics.answer import answer

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
