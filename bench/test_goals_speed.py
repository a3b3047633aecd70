"""Goals' speed: 500 indicators with outcomes of 12 periods each."""

import csv
from pathlib import Path

from timing import seconds

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.goals import study as studies

INDICATORS, YEARS = 500, (2021, 2022, 2023, 2024)
STUDY = 0.3  # seconds that the study may take, its tables read


def write(path: Path, rows: list[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_five_hundred_indicators_of_twelve_periods(tmp_path, record_property):
    goal = {"enhet": "e", "ar": 2024, "arsmal": "85 %", "kf_arsmal": "80 %", "periodicitet": "Tertial", "kalla": "Prov"}
    names = [f"Andel elektroniska inköp {number}" for number in range(INDICATORS)]
    write(tmp_path / "mal.csv", [{**goal, "indikator": name, "riktning": "hogre"} for name in names])
    periods = [f"{ar}{end}" for ar in YEARS for end in ("-T1", "-T2", "")]
    said = [
        {"enhet": "e", "period": period, "indikator": name, "utfall": f"{80 + place % 12} %", "kalla": "Prov"}
        for name in names
        for place, period in enumerate(periods)
    ]
    write(tmp_path / "indikatorutfall.csv", said)
    case = open_case(
        "mal_och_aktiviteter", enhet="e", ar=2024, per="VB", sources=load_sources(Folders((PARAMS,), tmp_path))
    )
    found = studies.study(case)
    taken = seconds(lambda: studies.study(case), rounds=5) / STUDY
    record_property("ratios", {"study": taken})
    print(f"\nstudy of 500 indicators x 12 periods: {taken:.2f} of {STUDY} s")
    assert len(found.indicators) == INDICATORS
    assert taken < 1
