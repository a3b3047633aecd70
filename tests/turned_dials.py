"""The page's dials at a setting, as the changes that the page writes, and what the library gives of those changes."""

from dataclasses import replace
from typing import Any

import numpy as np
import yaml_files

from planbok.case.result import KeyFigure, Result
from planbok.explore.forms import numbered
from planbok.topics import group_home, lss_peng, staffing

HOME = "boende"


def drawn(result: Result, rng: np.random.Generator) -> dict[str, float]:
    """A setting of all dials, each at one of its positions."""
    steps = {dial.id: round((dial.mest - dial.minst) / dial.steg) for dial in result.skjutreglage}
    return {d.id: round(d.minst + d.steg * int(rng.integers(0, steps[d.id] + 1)), 6) for d in result.skjutreglage}


def changes(result: Result, at: dict[str, float]) -> list[dict]:
    """The scenario's changes at a setting; what several dials say of one home is one change."""
    written = {d.id: d.skrivs.get(int(at[d.id]), f"{at[d.id]:g}") for d in result.skjutreglage}
    found: list[dict] = []
    for dial in result.skjutreglage:
        its = dial.andringar.get(int(at[dial.id]), dial.andring)
        if at[dial.id] == dial.start or not its:
            continue
        change = {key: _filled(value, written) for key, value in its.items()}
        if "kanda_nivaer" in change:
            change["kanda_nivaer"] = {str(niva): number for niva, number in change["kanda_nivaer"].items()}
        same = [one for one in found if HOME in change and one.get(HOME) == change[HOME]]
        if same:
            same[0].update(change)
        else:
            found.append(change)
    return found


def _filled(text: str | int, written: dict[str, str]) -> Any:
    """A number or a text as it is, and what stands in braces as YAML reads it."""
    filled = text
    for name, value in written.items() if isinstance(text, str) else ():
        filled = filled.replace(f"{{{name}}}", value)
    return text if filled == text else yaml_files.read(filled)


def library(case, study, given: list[dict]) -> dict[str, KeyFigure]:
    """The topic's own key figures with more changes after the scenario's own, by the model and not by the dials."""
    own = case.scenario.changes
    scenario = replace(case.scenario, id="prov", changes=(*own, *numbered(given, len(own))))
    under = replace(case, scenario=scenario)
    if case.notebook == "lss_peng":
        done = replace(study, case=under, world=lss_peng.study.tried(study, scenario))
        return lss_peng.view.key_figures(done, lss_peng.people.Persons(done))
    if case.notebook == "gruppbostad_kbh":
        done = group_home.study.tried(study, scenario)
        return group_home.view.key_figures(done, group_home.people.Persons(done))
    return staffing.key_figures.key_figures(staffing.study.study_under(study, scenario))
