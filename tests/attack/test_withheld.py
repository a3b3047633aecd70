"""What one report withholds no other shows, by name or by subtraction: small examples, and made-up collections."""

import pytest
from attack.all_topics import said_of
from attack.withheld import OPEN, PROTECTED, named, subtracted

from planbok.inputs.tables.control_totals import TOTAL_ROW


def report(rows: list[dict], **figures: float | None) -> dict:
    """A resultat.json of one table of hours by month; None is withheld."""
    closed = [
        {"rad": place, "kolumn": "h", "skyddas": "få personer"} for place, row in enumerate(rows) if row["h"] is None
    ]
    return {
        "nyckeltal": {
            key: {"varde": value} | ({} if value else {"skyddas": "få personer"}) for key, value in figures.items()
        },
        "tabeller": {"timmar": rows},
        "tabeller_celler": {"timmar": closed},
        "tabeller_kolumner": {"timmar": {"kolumner": {"manad": {"mattenhet": ""}, "h": {"mattenhet": "h"}}}},
        "tabeller_not": {},
    }


def run(hours: dict[str, float], hidden: set[str], **figures: float | None) -> dict:
    """A report in working papers, and as others see it: some months and key figures withheld."""
    rows = [{"manad": month, "h": h} for month, h in {**hours, TOTAL_ROW: sum(hours.values())}.items()]
    less = [row | {"h": None} if row["manad"] in hidden else row for row in rows]
    shown = report(less, **{key: None if key in hidden else value for key, value in figures.items()})
    return {OPEN: report(rows, **figures)} | dict.fromkeys(PROTECTED, shown)


YEAR = {"2024-07": 40.0, "2024-08": 25.0, "2024-09": 84.0}
TO_AUGUST = {month: YEAR[month] for month in ("2024-07", "2024-08")}


def test_a_month_is_told_by_what_two_totals_differ_by():
    said = {"assistans|8": run(TO_AUGUST, {*YEAR}), "assistans|9": run(YEAR, {*YEAR})}
    assert {text.partition(",")[0] for text in subtracted(said)} == {"assistans timmar h assistans|9 2024-09 84"}
    assert not [*subtracted({"assistans|9": run(YEAR, {*YEAR})})]
    said["assistans|8"] = run(TO_AUGUST, {*YEAR, TOTAL_ROW})
    assert not [*subtracted(said)], "the total of August is withheld"


def test_a_month_is_told_by_what_a_total_leaves():
    assert len([*subtracted({"assistans|9": run(YEAR, {"2024-08"})})]) == len(PROTECTED)
    assert not [*subtracted({"assistans|9": run(YEAR, {"2024-07", "2024-08"})})]


def test_months_together_are_told_by_a_total_and_the_other_months():
    rows = [{"manad": "2024-07–2024-08", "h": None}, {"manad": "2024-09", "h": 84.0}, {"manad": TOTAL_ROW, "h": 149.0}]
    whole = run(YEAR, set())[OPEN]
    said = {"assistans|9": {OPEN: whole} | dict.fromkeys(PROTECTED, report(rows))}
    assert all(text.startswith("assistans timmar h assistans|9 2024-07–2024-08 65") for text in subtracted(said))
    assert len([*subtracted(said)]) == len(PROTECTED)


def test_what_is_withheld_in_one_report_is_not_named_in_another():
    late = {"sena_antal": 7.0}
    said = {"assistans|8": run(TO_AUGUST, {"2024-07", "sena_antal"}, **late), "assistans|9": run(YEAR, set(), **late)}
    assert [text.partition(":")[0] for text in sorted(named(said))] == sorted(
        [str(("assistans", "nyckeltal", "sena_antal"))] * 2 + [str(("assistans", "timmar", "2024-07", 1, "", "h"))] * 2
    )
    said["assistans|9"] = run({**YEAR, "2024-07": 41.0}, set(), sena_antal=8.0)
    assert not [*named(said)], "other numbers than those that are withheld"


@pytest.mark.parametrize(
    ("seed", "notebook"),
    [(77, "beslut_i_tid"), (22, "beslut_i_tid"), (6, "beslut_i_tid"), (109, "assistans")],
)
def test_nothing_that_is_withheld_follows(seed, notebook):
    """Overdue follow-ups, an insats' open cases, new cases and undebited hours did, between two months' reports."""
    said = said_of(seed, only=(notebook,))
    assert len(said) == 2
    assert not [*named(said), *subtracted(said)]
