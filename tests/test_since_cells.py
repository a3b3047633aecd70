"""What is said of booked months that have changed between two runs of the same report."""

from planbok.batch.run.complete import moved_cells
from planbok.report.index import since_in_words


def told(**months) -> dict:
    rows = [{"budgetrad": row.replace("_", " "), **kr} for row, kr in months.items()]
    return {"tabeller": {"utfall_per_rad": rows}}


def test_kronor_put_into_one_cell_are_named_by_row_and_month():
    before = told(Vård={"2024-03": 1.0e6, "2024-04": 2.0e6}, Hyror={"2024-03": 5.0e5}, Totalt={"2024-04": 2.0e6})
    now = told(Vård={"2024-03": 1.0e6, "2024-04": 2.4e6}, Hyror={"2024-03": 5.0e5}, Totalt={"2024-04": 2.4e6})
    cells = moved_cells(before, now)
    assert cells == [{"budgetrad": "Vård", "manad": "2024-04", "kr": 400_000.0}]
    figure = {"namn": "prognos_mnkr", "etikett": "Prognos", "mattenhet": "mnkr", "fore": 1.0, "nu": 2.2}
    since = {"run_id": "20240505T060000Z", "nyckeltal": [figure], "orsaker": [], "celler": cells}
    assert "Vård april 2024 +0,4 mnkr" in since_in_words(since, []).replace("\u00a0", " ")


def test_a_month_or_a_row_that_only_one_of_them_has_is_no_change():
    assert moved_cells(told(Vård={"2024-03": 1.0e6}), told(Vård={"2024-03": 1.0e6, "2024-04": 9.9e6}, Ny={})) == []
    assert moved_cells({"tabeller": {}}, told(Vård={"2024-03": 1.0e6})) == []
    assert moved_cells(told(Vård={"2024-03": None}), told(Vård={"2024-03": 1.0e6})) == []
