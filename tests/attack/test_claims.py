"""Two months' reports on assistance: the sums of claims less each other are of no fewer than enough persons."""

import pandas as pd
import pytest
from attack.units import ENHET

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer

SMALLEST, MONTHS = 5, range(1, 13)
GROUPS = {"Ett": 1, "Två": 2, "Fyra": 4, "Fem": 5}
LATE = {("Ett", 3), ("Två", 4), ("Ett", 6), ("Fyra", 8)}  # claimed after the last day
NOT_DEBITED = {(0, 2), (1, 2), (0, 3), (2, 4), (3, 7), (0, 8), (3, 9), (1, 10), (0, 11)}  # group and month
INSATSER = ("ledsagning_avlosning", "kontaktperson")
SUMS = ("varde_kr", "begart_kr", "ej_begart_kr", "forlorat_kr")


def unit_with_groups(folder):
    """Groups of one to five persons; each claim has a kronor of its own, as a power of two says which it is."""
    rows = []
    for month in MONTHS:
        for place, (group, persons) in enumerate(GROUPS.items()):
            late = (group, month) in LATE
            day = pd.Timestamp(2024, month, 1) + pd.DateOffset(months=5 if late else 1, days=9)
            row = {"enhet": ENHET, "grupp": group, "manad": f"2024-{month:02d}", "insats": "personlig_assistans"}
            row |= {"beviljade_h": 1000, "schemalagda_h": 1000, "utforda_h": 1000, "fk_h": 1000, "regi": "kommunal"}
            row |= {"antal_personer": persons, "begard": f"{day:%Y-%m-%d}", "ersattning_kr": 2 ** (place * 4)}
            rows.append(row | {"begart_kr": row["ersattning_kr"]})
    pd.DataFrame(rows).to_csv(folder / "assistanstimmar.csv", index=False)
    return load_sources(Folders((PARAMS,), folder))


def undebited(folder):
    """Groups of one to five persons with an hour of their own, as a power of sixteen says which, not debited."""
    rows = []
    for month in MONTHS:
        for place, (group, persons) in enumerate(GROUPS.items()):
            left = 16**place if (place, month) in NOT_DEBITED else 0
            row = {"enhet": ENHET, "grupp": group, "manad": f"2024-{month:02d}", "insats": INSATSER[place % 2]}
            row |= {"beviljade_h": 90_000, "utforda_h": 90_000, "debiterade_h": 90_000 - left, "regi": "kommunal"}
            rows.append(row | {"antal_personer": persons, "tidsslag": "dag"})
    pd.DataFrame(rows).to_csv(folder / "assistanstimmar.csv", index=False)
    return load_sources(Folders((PARAMS,), folder))


def test_undebited_hours_of_two_reports_are_of_enough_persons(tmp_path):
    """Every row, every sum and what sums less each other: no month's hours are a single group's of few."""
    sources, said, notes = undebited(tmp_path), {}, []
    for month in MONTHS:
        case = open_case("assistans", spridning="ledning", sources=sources, enhet=ENHET, ar=2024, tom_manad=month)
        result = answer(case).result
        rows = result.tabeller["debitering"].frame
        for row in rows[rows["ej_debiterade_h"].notna()].to_dict("records"):
            key = (row["manad"], row["insats"])
            if row["manad"] != "Totalt":
                assert said.setdefault(key, row["ej_debiterade_h"]) == row["ej_debiterade_h"], "a later report differs"
                assert behind(row["ej_debiterade_h"]) in (0, *range(SMALLEST, 99)), key
        said["", month] = result.nyckeltal["ej_debiterade_h"].varde
        notes.append(result.tabeller["debitering"].note)
    sums = [said["", month] or 0.0 for month in MONTHS]
    steps = [now - before for before, now in zip(sums, sums[1:], strict=False)]
    assert all(step == 0 or behind(step) >= SMALLEST for step in steps), sums
    assert sum(step > 0 for step in steps) > 1 and "Räknat till och med" in "".join(notes)


def said(sources, month: int, to: str) -> dict[str, float]:
    given = {"enhet": ENHET, "ar": 2024, "tom_manad": month}
    frame = answer(open_case("assistans", spridning=to, sources=sources, **given)).result.tabeller["begart"].frame
    return {key: frame[key].iloc[-1] for key in SUMS}


def behind(kr: float) -> int:
    """The most persons whose claims an amount is of: its digits in base sixteen say whose."""
    digits = [int(abs(kr)) >> place * 4 & 15 for place in range(len(GROUPS))]
    return sum(persons for persons, digit in zip(GROUPS.values(), digits, strict=True) if digit)


def test_the_difference_of_two_reports_is_no_few_persons_claims(tmp_path):
    sources = unit_with_groups(tmp_path)
    open_papers, shown = ([said(sources, month, to) for month in MONTHS] for to in ("arbetsmaterial", "ledning"))
    lost = [row["forlorat_kr"] for row in open_papers]
    assert any(0 < behind(kr) < SMALLEST for kr in lost), "the unit has a claim of few that was lost"
    for key in SUMS:
        known = [row[key] for row in shown if row[key] == row[key]]
        steps = [known[0], *(now - before for before, now in zip(known, known[1:], strict=False))]
        assert all(step == 0 or behind(step) >= SMALLEST for step in steps), (key, known)
    assert any(row["forlorat_kr"] > 0 for row in shown), "what enough have lost is shown"
    assert shown[-1]["varde_kr"] == open_papers[-1]["varde_kr"]


def test_what_stands_says_when_it_was_counted(tmp_path):
    sources = unit_with_groups(tmp_path)
    case = open_case("assistans", spridning="ledning", sources=sources, enhet=ENHET, ar=2024, tom_manad=12)
    result = answer(case).result
    assert "förlorat till och med augusti 2024" in result.tabeller["begart"].note
    assert any("räknat: " in text and "förlorat" in text for text in result.sammanfattning)


def two_insatser(folder, assisted: int):
    """Assistance of some persons beside relief of eight, whose hours are not all debited in any month."""
    rows = []
    for month in MONTHS:
        row = {"enhet": ENHET, "manad": f"2024-{month:02d}", "regi": "kommunal", "beviljade_h": 900}
        mine = {"grupp": "Ett", "insats": "personlig_assistans", "utforda_h": 800 + month, "antal_personer": assisted}
        other = {"grupp": "Två", "insats": INSATSER[0], "utforda_h": 500 + month, "antal_personer": 8}
        rows += [row | mine, row | other | {"tidsslag": "dag", "debiterade_h": 490}]
    pd.DataFrame(rows).to_csv(folder / "assistanstimmar.csv", index=False)
    return load_sources(Folders((PARAMS,), folder))


@pytest.mark.parametrize("assisted", [3, 7])
def test_the_others_hours_do_not_leave_those_of_few_with_assistance(tmp_path, assisted):
    """The unit's hours less those of the others are those of assistance; hours that are not debited are no part."""
    sources = two_insatser(tmp_path, assisted)
    case = open_case("assistans", spridning="ledning", sources=sources, enhet=ENHET, ar=2024, tom_manad=9)
    result = answer(case).result
    unit, total = result.nyckeltal["utforda_h"].varde, result.tabeller["debitering"].frame.iloc[-1]
    assert unit == sum(1300 + 2 * month for month in range(1, 10))
    assert total["ej_debiterade_h"] == sum(10 + month for month in range(1, 10))
    months = result.tabeller["debitering"].frame.iloc[:-1]
    assert months["ej_debiterade_h"].tolist() == [10 + month for month in range(1, 10)]
    left = [unit - total["utforda_h"], unit - total["debiterade_h"] - total["ej_debiterade_h"]]
    assert [value == value for value in left] == [assisted >= SMALLEST] * 2
    assert (months["utforda_h"].isna() == (assisted < SMALLEST)).all()
