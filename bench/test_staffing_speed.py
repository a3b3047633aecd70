"""How staffing performs: the study of one unit, one step of a dial, and the checks of a large table."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from timing import seconds

from planbok.case.case import open_case
from planbok.inputs.scenario.changes import RegelAndring, Sjukfranvaro
from planbok.inputs.scenario.load import NumberedChange
from planbok.topics import staffing
from planbok.topics.staffing.hours import COUNTS, HOURS, by_group_and_month, findings
from planbok.topics.staffing.rates import SHARES_RULE

STEP = 0.1  # seconds that one step of a dial may take
STUDY = 1.0
SIZES = (1_000, 10_000)  # groups, 36 months each


@pytest.fixture(scope="module")
def case():
    return open_case("bemanning_sjukfranvaro", enhet="exempel_stod", ar=2024, tom_manad=8)


def test_the_samples_study_is_made_at_once(case, record_property):
    taken = seconds(lambda: staffing.study.study(case)) / STUDY
    record_property("ratios", {"study": taken})
    print(f"\nstudy: {taken:.2f} of {STUDY} s")
    assert taken < 1


def turned(points: float, month: int) -> list[NumberedChange]:
    """The dials of sick leave and of who replaces, as changes from a month."""
    of_all = {"fran": date(2024, month, 1), "underlag": "antagande", "motivering": "Prov"}
    sick = Sjukfranvaro(typ="sjukfranvaro", grupp="alla", procentenheter=points, **of_all)
    mix = RegelAndring(typ="regel", regel=SHARES_RULE, varde={"timavlonad": 1.0}, **of_all)
    return [NumberedChange(number, "", change, "", 0, number) for number, change in enumerate((sick, mix), start=1)]


def test_a_dial_answers_within_a_tenth_of_a_second(case, record_property):
    study = staffing.study.study(case)
    steps = [turned(points, month) for points in (-0.5, 0.5) for month in (1, 9)]
    slowest = max(seconds(lambda added=added: staffing.explore.under(study, added, mal=5.0)) for added in steps) / STEP
    record_property("ratios", {"dial": slowest})
    print(f"\nslowest step of a dial: {slowest:.2f} of {STEP} s")
    assert slowest < 1


def table(groups: int) -> pd.DataFrame:
    """Hours of so many groups in 36 months, as the reader hands them on."""
    rng = np.random.default_rng(1)
    months = [f"{year}-{month:02d}" for year in (2022, 2023, 2024) for month in range(1, 13)]
    count = groups * len(months)
    frame = pd.DataFrame({"grupp": np.repeat([f"G{n}" for n in range(groups)], len(months)), "manad": months * groups})
    agreed = rng.integers(500, 2000, count).astype(float)
    shares = dict.fromkeys(("ordinarie_tid_h", "avtalad_tid_h", "arbetad_tid_h"), 1.0)
    shares |= {"timavlonad_h": 0.2, "inhyrd_h": 0.01, "overtid_h": 0.02, "sjuk_h": 0.08, "sjuk_dag_1_14_h": 0.03}
    hours = {name: agreed * shares.get(name, 0.03) for name in HOURS}
    return frame.assign(**hours, **dict.fromkeys(COUNTS, 20.0), enhet="e", verksamhet="", _rad=np.arange(count) + 2)


def test_checks_and_sums_grow_no_faster_than_the_table(record_property):
    """Per row: no slower at 360 000 rows than at 36 000; and within some groupby-sums of the same rows."""
    per_row, ratio = [], 0.0
    for groups in SIZES:
        rows = table(groups)
        taken = seconds(lambda rows=rows: (findings(rows, 0.25), by_group_and_month(rows)), rounds=3)
        per_row.append(taken / len(rows))
        ratio = taken / seconds(lambda rows=rows: rows.groupby(["grupp", "manad"])["sjuk_h"].sum(), rounds=3)
    record_property("ratios", {"per_row": per_row[1] / per_row[0], "groupby": ratio})
    print(f"\nper row at ten times the rows: {per_row[1] / per_row[0]:.2f}; {ratio:.1f} groupby-sums")
    assert per_row[1] < 1.5 * per_row[0]
    assert ratio < 20
