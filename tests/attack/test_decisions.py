"""Decisions in time: from all that a report prints, an attacker solves for no count of one to four persons."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from attack.solver import Puzzle
from attack.units import AR, ENHET, Unit

from planbok.disclosure.protect import SMALL

SMALLEST = 5
INSATSER = ("gruppbostad", "kontaktperson", "ledsagning_avlosning", "daglig_verksamhet")
PROVIDERS = ("utforare_a", "utforare_b", "utforare_c")
KINDS = {"i_tid": "2024-03-10", "sen": "2024-04-20", "utan": ""}
WAITED = {0: "2024-08-01", 1: "2024-05-01", 2: "2024-02-01", 3: "2023-10-01"}  # decided, by class on 31 December
FOLLOWED = {"nu": "2023-10-15"} | {f"2025-{month:02d}": f"2024-{month:02d}-15" for month in range(1, 7)}
CLASSES = ("manader_3_6_antal", "manader_6_9_antal", "manader_9_12_antal", "manader_12_antal")


def drawn(folder: Path, seed: int) -> tuple[Unit, dict]:
    """A unit of few that wait, are interrupted or have a late plan, and how many of each there are."""
    rng, rows, truth = np.random.default_rng(seed), [], {}
    few = lambda: int(rng.choice([0, 0, 1, 2, 3, 4, 6, 9]))  # noqa: E731

    def add(count: int, **row) -> None:
        base = {"enhet": ENHET, "niva": "", "regi": "kommunal", "fran": "2024-01-01", "till": "", "lagrum": "LSS"}
        base |= {"foljd_upp": "2024-12-20"}
        rows.extend(base | row for _ in range(count))

    for insats in INSATSER:
        for place, decided in WAITED.items():
            truth["väntar", insats, place] = count = few()
            add(count, insats=insats, beslutsdatum=decided)
        for kind, back in KINDS.items():
            for provider in PROVIDERS:
                count = few()
                truth["plan", provider, kind] = truth.get(("plan", provider, kind), 0) + count
                order = {"bestalld": "2024-03-01", "plan_in": back, "verkstalld": "2024-03-01"}
                add(count, insats=insats, utforare=provider, beslutsdatum="2024-03-01", **order)
    for month, followed in FOLLOWED.items():
        truth["uppföljning", month] = count = few()
        done = {"beslutsdatum": "2024-01-01", "verkstalld": "2024-01-01", "foljd_upp": followed}
        add(count, insats="gruppbostad", **done)
    frame = pd.DataFrame(rows)
    frame["person"] = [f"p{number:05d}xyz" for number in range(len(frame))]
    frame["beslut"] = [f"b{number:05d}xyz" for number in range(len(frame))]
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / "beslut.csv", index=False)
    cases = []
    for insats in INSATSER:
        for done, asked in (("in", "2024-05-01"), ("late", "2024-01-05"), ("open", "2024-11-01")):
            truth["ärende", insats, done] = count = few()
            decided = "" if done == "open" else "2024-06-01"
            cases += [{"enhet": ENHET, "insats": insats, "ansokan": asked, "beslutsdatum": decided}] * count
    cases = pd.DataFrame(cases)
    cases.assign(arende=[f"a{n:05d}xyz" for n in range(len(cases))]).to_csv(folder / "arenden.csv", index=False)
    return Unit(folder, frame), truth


def puzzle_of(report: dict, truth: dict) -> Puzzle:
    """All that the report's tables print of them."""
    puzzle = Puzzle()
    for name in truth:
        puzzle.unknown(name, 0, 400)
    _waiting(puzzle, report["tabeller"]["statistik"])
    rows = report["tabeller"]["planer"]
    together = set(PROVIDERS) - {row["utforare"] for row in rows}
    for row in rows:
        names = {"Totalt": set(PROVIDERS), SMALL: together}.get(row["utforare"], {row["utforare"]})
        parts = {kind: {("plan", name, kind): 1 for name in names} for kind in KINDS}
        _known(puzzle, parts["i_tid"], row["i_tid_antal"])
        _known(puzzle, parts["i_tid"] | parts["sen"], row["planer_antal"])
        _known(puzzle, parts["i_tid"] | parts["sen"] | parts["utan"], row["bestallda_antal"])
        _share(puzzle, parts["i_tid"], parts["sen"] | parts["utan"], row["i_tid_procent"])
        _share(puzzle, parts["i_tid"] | parts["sen"], parts["utan"], row["av_bestallda_procent"])
    for row in report["tabeller"]["handlaggningstid"]:
        names = INSATSER if row["insats"] == "Totalt" else (row["insats"],)
        parts = {kind: {("ärende", name, kind): 1 for name in names} for kind in ("in", "late", "open")}
        _known(puzzle, parts["in"] | parts["late"], row["klara_antal"])
        _known(puzzle, parts["open"], row["oppna_antal"])
        _share(puzzle, parts["in"], parts["late"], row["i_tid_procent"])
    figures, before = report["nyckeltal"], {}
    for row in report["tabeller"]["uppfoljningar"]:
        one = {("uppföljning", row["manad"]): 1}
        before |= one
        _known(puzzle, one, row["forfaller_antal"])
        _known(puzzle, before, row.get("forfallna_antal"))
    _known(puzzle, {("uppföljning", "nu"): 1}, figures["uppfoljningar_forfallna_antal"]["varde"])
    ahead = re.search(r"närmaste halvåret: (\d+)", " ".join(report["sammanfattning"]))
    _known(puzzle, {name: 1 for name in before if name[1] != "nu"}, float(ahead[1]) if ahead else None)
    every = {("ärende", name, kind): 1 for name in INSATSER for kind in ("in", "late", "open")}
    _share(
        puzzle,
        {name: 1 for name in every if name[2] == "in"},
        {name: 1 for name in every if name[2] == "late"},
        figures["arenden_i_tid_procent"]["varde"],
    )
    return puzzle


def _waiting(puzzle: Puzzle, rows: list[dict]) -> None:
    rows = [row for row in rows if row["slag"] == "ej_verkstallt"]
    alone = {row["insats"] for row in rows} & set(INSATSER)
    for row in rows:
        together = set(INSATSER) - alone if row["insats"] == "övriga" else set(INSATSER)
        names = {row["insats"]} if row["insats"] in alone else together
        _known(puzzle, {("väntar", name, place): 1 for name in names for place in WAITED}, row["antal"])
        for place, key in enumerate(CLASSES):
            _known(puzzle, {("väntar", name, place): 1 for name in names}, row[key])


def _known(puzzle: Puzzle, sums: dict, value: float | None) -> None:
    if value is not None:
        puzzle.known(sums, value)


def _share(puzzle: Puzzle, part: dict, rest: dict, share: float | None) -> None:
    """share = 100 * part / (part + rest)."""
    if share is not None:
        puzzle.known(dict.fromkeys(part, 100 - share) | dict.fromkeys(rest, -share), 0, 1e-4)


@pytest.mark.parametrize("seed", range(8))
def test_no_count_of_few_is_solved(tmp_path, seed):
    unit, truth = drawn(tmp_path, seed)
    report = unit.report("beslut_i_tid", ("ledning", "offentlig")[seed % 2], per_datum=f"{AR}-12-31")
    puzzle = puzzle_of(report, truth)
    sums = {("väntar", name): sum(truth["väntar", name, place] for place in WAITED) for name in INSATSER}
    sums |= {("klass", place): sum(truth["väntar", name, place] for name in INSATSER) for place in WAITED}
    sums |= {("beställda", name): sum(truth["plan", name, kind] for kind in KINDS) for name in PROVIDERS}
    for name in sums:
        puzzle.unknown(name, 0, 400)
        parts = {
            "väntar": [("väntar", name[1], place) for place in WAITED],
            "klass": [("väntar", insats, name[1]) for insats in INSATSER],
            "beställda": [("plan", name[1], kind) for kind in KINDS],
        }[name[0]]
        puzzle.known(dict.fromkeys(parts, 1) | {name: -1}, 0)
    every = truth | sums
    few = {name: number for name, number in every.items() if 0 < number < SMALLEST}
    told, _ = puzzle.told(every, 10, only=set(few))
    assert not told, {name: every[name] for name in told}


def test_working_papers_print_them(tmp_path):
    unit, truth = drawn(tmp_path, 1)
    rows = unit.report("beslut_i_tid", "arbetsmaterial", per_datum=f"{AR}-12-31")["tabeller"]["statistik"]
    printed = {row["insats"]: row["antal"] for row in rows if row["slag"] == "ej_verkstallt"}
    for insats in INSATSER:
        assert printed.get(insats, 0) == sum(truth["väntar", insats, place] for place in WAITED)
