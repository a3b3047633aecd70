"""`planbok status`: what is made, waits, fails and is due next of each plan, for people and for monitoring."""

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from planbok.base.errors import FILES_SHOWN, InputError, fault_lines
from planbok.base.periods import long_date
from planbok.base.workspace import Folders
from planbok.batch.plan import due
from planbok.batch.plan.calendar import MeasurementDays, next_period
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.past import manifests
from planbok.batch.plan.plan import Plan, load_plan, plan_paths
from planbok.commands.due import day_given
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.scenario.load import scenario_ids
from planbok.lss.measurement import days_by_rule

ALL_MADE, FAILING, LATE = 0, 1, 3
WORDS = {ALL_MADE: "Allt är gjort.", FAILING: "Något misslyckas.", LATE: "Något är försenat."}
NEVER_RUN = "Inget är kört än: planerna med datum väntar på sin första körning, planbok run --due idag."


@dataclass(frozen=True)
class State:
    """How a plan stands.

    senast     the latest run's id, "" without one; `gjorda`, `vantar`, `misslyckade` count its reports
    forsenade  periods whose time has passed and that are not made
    nasta, nasta_dag   the coming period, and the day on which its figures are there; "" without a calendar
    fel, antal_fel     what is wrong with the plan itself, as much of it as `check` lists at once, and how much in all
    """

    plan: str
    titel: str = ""
    senast: str = ""
    gjorda: int = 0
    vantar: int = 0
    misslyckade: int = 0
    forsenade: list[str] = field(default_factory=list)
    nasta: str = ""
    nasta_dag: str = ""
    fel: list[str] = field(default_factory=list)
    antal_fel: int = 0

    @property
    def code(self) -> int:
        """0 where all is made or waits for figures, 1 where a report or the plan fails, 3 where a period is late."""
        if self.antal_fel or self.misslyckade:
            return FAILING
        return LATE if self.forsenade else ALL_MADE

    def lines(self) -> Iterable[str]:
        """For people."""
        yield f"{self.plan}" + (f" · {self.titel}" if self.titel else "")
        if self.antal_fel:
            yield f"  fel i planen ({self.antal_fel} st){':' if self.fel else ', se planbok check'}"
        yield from (f"    {text}" for text in self.fel)
        counts = {"gjorda": self.gjorda, "väntar": self.vantar, "misslyckade": self.misslyckade}
        told = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
        yield f"  senast {self.senast}: {told}" if self.senast else "  aldrig körd"
        if self.forsenade:
            yield f"  {'försenat' if self.senast else 'inte gjort'}: {', '.join(self.forsenade)}"
        if self.nasta:
            yield f"  näst: {self.nasta}, siffrorna finns {long_date(date.fromisoformat(self.nasta_dag))}"


def states(folders: Folders, out: Path, today: date) -> list[State]:
    """How every plan stands on a day."""
    measured = cache(partial(days_by_rule, load_rules(folders)))
    notebooks, scenarios, found, faulty = read_notebooks(), scenario_ids(folders), [], 0
    for name, path in plan_paths(folders).items():
        try:
            found.append(_state(load_plan(path, notebooks, scenarios), out, today, measured))
        except InputError as error:
            faulty += 1
            told = fault_lines(error.faults) if faulty <= FILES_SHOWN else []
            found.append(State(name, fel=told, antal_fel=len(error.faults)))
    return found


def _state(plan: Plan, out: Path, today: date, measured: MeasurementDays) -> State:
    runs = list(manifests(out / plan.id))
    last: dict[str, Any] = max(runs, key=lambda manifest: manifest["run_id"], default={"run_id": "", "runs": []})
    counts = Counter(entry["status"] for entry in last["runs"])
    known = {"plan": plan.id, "titel": plan.titel, "senast": last["run_id"], "vantar": counts["waiting"]}
    known |= {"gjorda": counts["ok"] + counts["unchanged"], "misslyckade": counts["failed"]}
    if not plan.nar:
        return State(**known)
    scheduled = [manifest for manifest in runs if manifest.get("period")]
    made = {manifest["period"]["slut"] for manifest in scheduled}
    open_periods = due.open_periods(plan, scheduled, today, measured)
    late = [period.in_words() for period in open_periods if period.slut.isoformat() not in made]
    coming, day = next_period(plan.nar, plan.vantar_arbetsdagar, today, measured)
    return State(**known, forsenade=late, nasta=coming.in_words(), nasta_dag=day.isoformat())


def show(arguments: argparse.Namespace, folders: Folders) -> int:
    """Says how every plan stands."""
    today = day_given(arguments.due)
    found = states(folders, Path(os.path.abspath(arguments.out)), today)
    codes = {state.code for state in found}
    code = FAILING if FAILING in codes else max(codes, default=ALL_MADE)
    if arguments.json:
        plans = [asdict(state) | {"kod": state.code} for state in found]
        print(json.dumps({"datum": today.isoformat(), "kod": code, "planer": plans}, ensure_ascii=False, indent=1))
    else:
        last = NEVER_RUN if code == LATE and not any(state.senast for state in found) else WORDS[code]
        print("\n".join([*(line for state in found for line in state.lines()), last]))
    return code
