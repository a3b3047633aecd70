"""`planbok run --due`: every plan whose time has passed and that isn't made yet."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property, partial
from pathlib import Path

from planbok.base.errors import Fault, InputError, format_faults, refused
from planbok.base.periods import long_date, why_no_day
from planbok.base.workspace import Folders
from planbok.batch.plan import due
from planbok.batch.plan.calendar import MeasurementDays, next_period
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.past import manifests
from planbok.batch.plan.plan import Plan, load_plan
from planbok.commands.common import REFUSED
from planbok.inputs.documents import quoted
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.scenario.load import scenario_ids
from planbok.inputs.tables.collection import Collection
from planbok.lss.measurement import days_by_rule
from planbok.report.text import STOCKHOLM
from planbok.topics import period_tables

TODAY = "idag"


def day_given(text: str) -> date:
    """The day of `--due`: ÅÅÅÅ-MM-DD, or `idag` in Swedish time.

    Raises
    ------
    InputError
        If it is no day.
    """
    if text == TODAY:
        return datetime.now(UTC).astimezone(STOCKHOLM).date()
    reason = why_no_day(text) or "" if re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", text) else "skriv ÅÅÅÅ-MM-DD"
    if reason:
        said = f"{quoted(text)} är inget datum ({reason}), till exempel 2016-05-12, eller {TODAY}."
        raise refused("--due", said, "bad_date")
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Scheduled:
    """A run of the calendar: the day, where runs lie, and how one is made and what is said."""

    today: date
    folders: Folders
    data_given: bool
    out: Path
    force: bool
    make: Callable[[Plan, Folders], int]  # makes a plan's reports; returns the exit code
    say: Callable[[str], None]

    @cached_property
    def _measured(self) -> MeasurementDays:
        """The days of measurement by the rules."""
        return cache(partial(days_by_rule, load_rules(self.folders)))

    def all(self, paths: Iterable[Path], named: bool) -> int:
        """Makes what is due of the plans; the exit code. A plan with faults is said and hinders no other."""
        codes = [code for path in paths for code in self._sound(partial(self._plan, path, named))]
        if not codes:
            self.say("Inget att göra.")
        return REFUSED if codes and set(codes) == {REFUSED} else min(1, max(codes, default=0))

    def _sound(self, action: Callable[[], list[int]]) -> list[int]:
        try:
            return action()
        except InputError as error:
            self.say(format_faults(error.faults))
            return [error.exit_code]

    def _made(self, plan: Plan, folders: Folders) -> list[int]:
        return [self.make(plan, folders)]

    def _plan(self, path: Path, named: bool) -> list[int]:
        """Makes the periods of a plan that are due; the exit code of each."""
        plan = load_plan(path, read_notebooks(), scenario_ids(self.folders))
        if not plan.nar:
            if named:
                text = "planen har ingen rad nar, så kalendern vet inte när den ska köras."
                raise InputError([Fault("plan", plan.fil, 0, "", text, "no_occasion")])
            return []
        folders = plan.folders(self.folders, self.data_given)
        runs = [run for run in manifests(self.out / plan.id) if run.get("period")]
        periods, codes = due.open_periods(plan, runs, self.today, self._measured), []
        for period in periods:
            of_period = [run for run in runs if run["period"]["slut"] == period.slut.isoformat()]
            ready = due.for_period(plan, period, Collection(folders.data), period_tables())
            decision = due.decide(ready, of_period)
            if decision.make or (self.force and period == periods[-1]):
                self.say(f"{plan.id} · {period.in_words()}")
                codes += self._sound(partial(self._made, ready, folders))
            elif decision.text:
                self.say(f"{plan.id} · {period.in_words()}: {decision.text}")
        if not codes:
            coming, day = next_period(plan.nar, plan.vantar_arbetsdagar, self.today, self._measured)
            self.say(f"{plan.id}: nästa period är {coming.in_words()}, vars siffror finns {long_date(day)}.")
        return codes
