"""What a scenario's changes of sick leave, wages and replacements do to the unit's budget, as rows it can take in."""

from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.errors import Fault
from planbok.base.numbers import format_unit
from planbok.base.periods import months
from planbok.case.case import Case, Sources
from planbok.case.trials import Trials
from planbok.disclosure.suppress import OPEN_AUDIENCE
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario, describe
from planbok.topics.staffing import hours
from planbok.topics.staffing.model import KINDS
from planbok.topics.staffing.protect import WAGES_DIFFER, tells_of_groups
from planbok.topics.staffing.study import checked_rows, differs, no_hours, row_findings, worlds, year_end
from planbok.topics.staffing.year import SICK_PAY, WAGE, World, base_year, moves_lines, touches

COLUMNS = ["forandring", "budgetrad", "sida", "manad", "kr", "underlag"]
FULL_YEAR = "helar"
UNKNOWN = "okant"  # in the frame's attrs: changes whose kronor are not known, and so are in no row
LINES = {"sjuklon": SICK_PAY, "ersattare": KINDS, "personal": (WAGE,)}


def effects(case: Case, scenario: Scenario) -> pd.DataFrame:
    """Kronor by change, row, side and month.

    Sick pay with its contributions lands as `sjuklon`, replacements as `ersattare`, and for a change of sick leave the
    wage that is paid when fewer are ill (or not, when more are) as `personal`. The month "helar" holds twelve months at
    what is in force on 31 December. A change that fills a missing value moves no money by itself; one whose kronor are
    not known has none, and the frame's attrs name it under `okant`; so it is with one whose kronor would tell the
    audience of single groups. They are listed with a row of 0 kr.
    """
    if not any(touches(numbered.change) for numbered in scenario):
        return pd.DataFrame(columns=COLUMNS)
    chain, frames, unknown = _chain(case, scenario), [], []
    for numbered, before, now in zip(scenario, chain[:-1], chain[1:], strict=True):
        if touches(numbered.change) and differs(before, now):
            hides = case.spridning != OPEN_AUDIENCE and tells_of_groups(numbered.change, before, now)
            rows, why = _rows(case, numbered, before, now, hides)
            frames.append(rows)
            unknown += [f"{describe(numbered.change, format_unit, case.is_public)} ({why})"] if why else []
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
    found.attrs[UNKNOWN] = unknown
    return found


def _chain(case: Case, scenario: Scenario) -> list[World]:
    """The year's worlds by all hours that the table has: the months of the year, then those of the year before."""
    rows, _ = checked_rows(case)
    frame = hours.by_group_and_month(rows)
    start = case.ar * 12
    there = frame["nr"].between(start, start + 11)
    known = int(frame.loc[there, "nr"].max() - start + 1) if there.any() else 0
    outturn = frame[frame["nr"] < start + 12]
    level = year_end(case, outturn, known).niva if known else 0.0
    base = base_year(outturn, case.ar, known, level)
    if base is None:
        raise no_hours(case)
    return worlds(case, base, scenario)


def _rows(case: Case, numbered: NumberedChange, before: World, now: World, hides: bool) -> tuple[pd.DataFrame, str]:
    """A change's rows, and why its kronor are not known or not shown; all of them are or none."""
    moves = moves_lines(numbered.change)
    kr = {effect: _difference(names, before, now) for effect, names in LINES.items() if set(names) <= set(moves)}
    lacking = hides or any(amounts.isna().any() for amounts in kr.values())
    if lacking:
        kr = {effect: amounts * 0 for effect, amounts in kr.items()}
    listed, about = [], {"forandring": numbered.id, "underlag": numbered.change.underlag}
    for effect, amounts in kr.items():
        place = case.sources.placement.place(case.enhet, effect)
        table = amounts.fillna(0.0).rename("kr").rename_axis("manad").reset_index()
        listed.append(table.assign(budgetrad=place.budgetrad, sida=place.sida, **about)[COLUMNS])
    rows = pd.concat(listed, ignore_index=True)
    kept = rows[rows["kr"] != 0]
    return (kept if len(kept) else rows.tail(1)), _why(now, hides) if lacking else ""


def _difference(names: tuple[str, ...], before: World, now: World) -> pd.Series:
    """Kronor of cost lines by month and over a full year: now less before."""
    one, two = (np.sum([world.by_month[name].sum(axis=0) for name in names], axis=0) for world in (before, now))
    full = [sum(world.full_year[name] for name in names) for world in (before, now)]
    ar = now.base.ar
    return pd.Series([*(two - one), full[1] - full[0]], index=[*months(ar, ar), FULL_YEAR], dtype=float)


def _why(now: World, hides: bool) -> str:
    """Which rules are missing; "" where none is: the change itself fills them."""
    if hides:
        return WAGES_DIFFER
    return "; ".join(dict.fromkeys(reason for rates in (*now.rates, now.rates_full) for reason in rates.saknas))


def moved_somewhere(sources: Sources, scenario: Scenario) -> Trials:
    """The changes that give other sick hours or rates in some unit, in a year in which one of them starts.

    A unit or year whose hours can't be read here is said elsewhere, and tries nothing.
    """
    units = sources.collection.read("bemanning").frame["enhet"].unique()
    trials = Trials()
    for enhet in units:
        for ar in sorted({n.change.starts.year for n in scenario if touches(n.change)}):
            case = Case("bemanning_sjukfranvaro", {}, str(enhet), ar, scenario, BAS, "ledning", sources)
            trials.run(case.enhet, ar, partial(_moved, case, scenario))
    return trials


def _moved(case: Case, scenario: Scenario) -> set[str]:
    chain = _chain(case, scenario)
    pairs = zip(scenario, chain[:-1], chain[1:], strict=True)
    return {n.id for n, before, now in pairs if touches(n.change) and differs(before, now)}


def staffing_faults(rows: pd.DataFrame, rules: Rules, file: str) -> list[Fault]:
    """What can't be right in the table bemanning, by the rules in force in each year, for every unit."""
    found = []
    for ar in sorted(rows["manad"].str[:4].astype(int).unique()):
        stops, _ = row_findings(rows, rules, date(int(ar), 1, 1))
        found += [finding.fault(file) for finding in stops if finding.manad.startswith(str(ar))]
    return found
