"""Run plans: which notebooks to run with which parameters, validated before anything starts."""

import itertools
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from planbok.base.errors import Fault, InputError, did_you_mean, refused
from planbok.base.names import why_no_name
from planbok.base.periods import month_end
from planbok.base.workspace import Folders, collection, shown
from planbok.batch.gate.plan import plan_faults
from planbok.batch.plan.calendar import REPORTS, WAIT, Period
from planbok.batch.plan.forms import PlanForm, RecipientForm, RunForm, command_of, occasion_names, repeated
from planbok.batch.plan.notebooks import START_PAGE, TYPE_NAMES, NotebookFile
from planbok.inputs.documents import Location, quoted, read_document, validate

DUE_DATE = "forfallodag"
DUE_PARAMETERS = ("ar", "tom_manad", "per", "per_datum")
SCENARIO_PARAMETERS = ("scenario", "jamfor_med")
LIMITS = {"ar": (1900, 2999), "till_ar": (0, 2999), "tom_manad": (1, 12)}
PLAIN = 4  # the parts of a parameter's place that stands under `parametrar`; one in a list has a fifth
LONGEST_FOLDER = 200  # bytes; file systems take 255, and temporary names need some
REQUIRED = ("enhet", "ar")
RECIPIENT = re.compile(r"[a-z0-9_]{1,60}")  # it becomes the name of a file


@dataclass(frozen=True)
class Recipient:
    """Who gets which units' reports, and at which level: never at a wider one than this."""

    namn: str
    enheter: tuple[str, ...]
    spridning: str


@dataclass(frozen=True)
class RunLimits:
    """What one report may use. The memory is what its notebook may take beyond the libraries that all share."""

    seconds: float = 600
    megabytes: int = 2048


def period_of(parameters: dict[str, Any]) -> str:
    """The period that a report's parameters say.

    >>> period_of({"ar": 2024}), period_of({"ar": 2024, "tom_manad": 4})
    ('2024', '2024-04')
    """
    parts = (parameters["ar"], parameters.get("tom_manad"))
    return "-".join(f"{part:02d}" if isinstance(part, int) else part for part in parts if part)


def period_said(parameters: dict[str, Any]) -> str:
    """The period of a report as people file it: the report of the year, or the day, where its notebook has one.

    >>> period_said({"ar": 2024, "per": "T1"}), period_said({"ar": 2024, "per_datum": "2024-08-31"})
    ('2024-T1', '2024-08-31')
    >>> period_said({"ar": 2024, "per_datum": ""}), period_said({"ar": 2024, "tom_manad": 4})
    ('2024', '2024-04')
    """
    if parameters.get("per"):
        return f"{parameters['ar']}-{parameters['per']}"
    return parameters.get("per_datum") or period_of(parameters)


@dataclass(frozen=True)
class Run:
    """One report to make: every parameter of the notebook, those not given at their default."""

    notebook: NotebookFile
    parameters: dict[str, Any]
    vantar_pa: str = ""  # what the tables do not hold yet; such a report is not made

    @property
    def period(self) -> str:
        """The period that its parameters say."""
        return period_of(self.parameters)

    @property
    def is_open(self) -> bool:
        """Whether its year or month is still to be filled in."""
        return DUE_DATE in (self.parameters.get(name) for name in DUE_PARAMETERS)

    def filled(self, ar: int, month: int, day: date | None = None) -> "Run":
        """The run with its year, month, report and day filled in where the plan leaves them open.

        Without a day it is the month's last one. The report is the tertial, or the year, that the month belongs to;
        month 0 is a whole year.
        """
        last = month or 12
        per = next(name for name, ends in REPORTS.items() if last <= ends)
        day = day or month_end(ar, last)
        values = dict(zip(DUE_PARAMETERS, (ar, month, per, day.isoformat()), strict=True))
        given = {name: values[name] for name in DUE_PARAMETERS if self.parameters.get(name) == DUE_DATE}
        return replace(self, parameters=self.parameters | given)

    @property
    def folder(self) -> str:
        """The report's folder: notebook, unit, scenario and period, then what differs from the default."""
        named = {"enhet", "ar", "scenario", "tom_manad"}
        other = {
            name: value
            for name, value in sorted(self.parameters.items())
            if name not in named and value != self.notebook.parameters[name].default
        }
        parts = [self.notebook.id, self.parameters["enhet"], self.parameters["scenario"], self.period]
        parts += [f"{name}-{value}" for name, value in other.items()]
        return "__".join(re.sub(r"[^\w.\-]+", "-", str(part)) for part in parts)


@dataclass(frozen=True)
class Plan:
    """A sound plan, its cross products multiplied out."""

    id: str
    titel: str
    spridning: str
    data: Path | None
    runs: tuple[Run, ...]
    nar: tuple[str, ...] = ()
    vantar_arbetsdagar: int = WAIT
    mottagare: tuple[Recipient, ...] = ()
    fil: str = ""  # as shown to people
    period: Period | None = None  # what a scheduled run is about
    limits: RunLimits = RunLimits()
    efter: tuple[str, ...] = ()  # the command that is run when the reports lie there

    def folders(self, chosen: Folders, data_given: bool) -> Folders:
        """The folders that the plan runs on; its own data unless one was given on the command line."""
        return chosen if data_given or self.data is None else replace(chosen, data=self.data)

    def with_runs(self, runs: Iterable[Run]) -> "Plan":
        """The plan with its runs filled in.

        Raises
        ------
        InputError
            If two runs get one folder by it.
        """
        runs = tuple(runs)
        twice = repeated([run.folder for run in runs])
        if twice:
            text = f"rapporten {{}} görs av två körningar när {DUE_DATE} fylls i. Ta bort den ena."
            raise InputError([Fault("plan", self.fil, 0, "", text.format(name), "same_folder") for name in twice])
        return replace(self, runs=runs)


def plan_paths(folders: Folders) -> dict[str, Path]:
    """Every plan by its id."""
    return {Path(name).stem: path for name, path in folders.param_files("planer", ".yaml", ".yml").items()}


def find_plan(name: str, folders: Folders) -> Path:
    """A plan's file from its id or its path.

    Raises
    ------
    InputError
        If there is neither.
    """
    paths = plan_paths(folders)
    if name in paths:
        return paths[name]
    with suppress(OSError):  # a name too long for any file
        if Path(name).is_file():
            return Path(name).resolve()
    text = f"planen {quoted(name)} finns varken i params/planer eller som fil.{did_you_mean(name, paths)}"
    raise refused("", text, "unknown_plan")


def load_plan(path: Path, notebooks: dict[str, NotebookFile], scenarios: Iterable[str]) -> Plan:
    """A plan with its runs, in the order in which they stand. `scenarios` are the ids there are.

    Raises
    ------
    InputError
        With every fault: unknown keys, notebooks, parameters, scenarios, values of the wrong type, two runs with one
        folder, a notebook that can't be run, a text that the gate would stop.
    """
    return _PlanFile(path, notebooks, scenarios).read(path)


class _PlanFile:
    """A plan's file, what it may name, and the faults that are found in it."""

    def __init__(self, path: Path, notebooks: dict[str, NotebookFile], scenarios: Iterable[str]):
        self.notebooks, self.scenarios = notebooks, scenarios
        self.document = read_document(path, "plan")
        self.faults = self.document.faults
        if self.document.value is None:
            raise InputError(self.faults)

    def fault(self, where: Location, text: str, code: str) -> None:
        self.document.refuse(where, text, code)

    def read(self, path: Path) -> Plan:
        """The plan, or every fault."""
        form = validate(PlanForm, self.document, ())
        entries = self.document.value.get("korningar")
        places = range(len(entries)) if isinstance(entries, list) else ()
        runs = [(i, run) for i in places for run in self.runs(i)]
        if isinstance(entries, list) and not entries:
            self.fault(("korningar",), "planen har inga körningar.", "empty")
        recipients = self.recipients({run.parameters["enhet"] for _, run in runs} if not self.faults else set())
        self.check_folders(runs)
        data = self.data_folder(form)
        self.faults += plan_faults(self.document)
        if problem := why_no_name(path.stem):
            self.fault((), f"planens namn, {quoted(path.stem)}, {problem}", "bad_name")
        if self.faults or form is None:
            raise InputError(self.faults)
        return Plan(
            id=path.stem,
            titel=form.titel,
            spridning=form.spridning,
            data=data,
            runs=tuple(run for _, run in runs),
            nar=tuple(name for given in form.nar for name in occasion_names(given)),
            vantar_arbetsdagar=form.vantar_arbetsdagar,
            mottagare=tuple(recipients),
            fil=shown(path),
            limits=RunLimits(form.tidsgrans_sekunder, form.minne_mb),
            efter=command_of(form.efter or ""),
        )

    def recipients(self, units: set[str]) -> list[Recipient]:
        """The recipients; `units` are those of the plan, empty where not all of its runs could be read."""
        given = self.document.value.get("mottagare")
        found = []
        for name in given if isinstance(given, dict) else ():
            where = ("mottagare", name)
            if not RECIPIENT.fullmatch(name) or why_no_name(name):
                text = f"mottagaren {quoted(name)} ska heta som en fil: små bokstäver a–z, siffror och understreck."
                self.fault(where, text, "bad_name")
            form = validate(RecipientForm, self.document, where)
            for i, unit in enumerate(form.enheter if form and units else ()):
                if unit not in units:
                    text = f"enheten {quoted(unit)} har ingen körning i planen.{did_you_mean(unit, units)}"
                    self.fault((*where, "enheter", i), text, "not_in_plan")
            found += [Recipient(name, tuple(form.enheter), form.spridning)] if form else []
        return found

    def data_folder(self, form: PlanForm | None) -> Path | None:
        if form is None or form.data is None:
            return None
        folder = Path(form.data) if Path(form.data).is_absolute() else collection(form.data)
        if not folder.is_dir():
            text = f"mappen {quoted(form.data)} finns inte. Ange en absolut sökväg eller en mapp bredvid data/sample."
            self.fault(("data",), text, "no_folder")
        return folder

    def runs(self, i: int) -> list[Run]:
        """The cross product of one entry; nothing where it has faults."""
        location = ("korningar", i)
        form = validate(RunForm, self.document, location)
        if form is None:
            return []
        if form.notebook not in self.notebooks:
            missing = "är startsidan och gör ingen rapport" if form.notebook == START_PAGE else "finns inte"
            text = f"anteckningsboken {quoted(form.notebook)} {missing}.{did_you_mean(form.notebook, self.notebooks)}"
            self.fault((*location, "notebook"), text, "unknown_notebook")
            return []
        notebook, before = self.notebooks[form.notebook], len(self.faults)
        form = _with_texts(form, notebook)
        self.faults += notebook.faults
        if not notebook.faults:
            self.check_parameters(location, form, notebook)
        if len(self.faults) > before:
            return []
        defaults = {name: parameter.default for name, parameter in notebook.parameters.items()}
        return [
            Run(notebook, {**defaults, **form.parametrar, **dict(zip(form.for_varje, combination, strict=True))})
            for combination in itertools.product(*form.for_varje.values())
        ]

    def check_parameters(self, location: Location, form: RunForm, notebook: NotebookFile) -> None:
        """An entry's parameters, each by itself and together."""
        for name, value in form.parametrar.items():
            self.check_values({(*location, "parametrar", name): value}, notebook, name)
        for name, values in form.for_varje.items():
            where = (*location, "for_varje", name)
            if not isinstance(values, list) or not values:
                text = f"for_varje {quoted(name)} ska vara en lista med minst ett värde."
                self.fault(where, text, "wrong_type")
            elif name in form.parametrar:
                text = f"{quoted(name)} står både i parametrar och for_varje. Ta bort den ena."
                self.fault(where, text, "repeated_parameter")
            else:
                self.check_values({(*where, i): value for i, value in enumerate(values)}, notebook, name)
        given = form.parametrar | form.for_varje
        for name in REQUIRED:
            if name not in given:
                self.fault(location, f"körningen anger inte {name}.", "missing_parameter")
        for name in DUE_PARAMETERS[1:]:
            if given.get(name) == DUE_DATE and given.get("ar", DUE_DATE) != DUE_DATE:
                text = f"{name}: {DUE_DATE} kräver ar: {DUE_DATE}, annars kan de bli olika tiders."
                self.fault((*location, "parametrar", name), text, "due_year")

    def check_values(self, values: dict[Location, Any], notebook: NotebookFile, name: str) -> None:
        """A parameter's values, given by where they stand."""
        parameter = notebook.parameters.get(name)
        if parameter is None:
            self.fault(next(iter(values)), notebook.unknown(name), "unknown_parameter")
            return
        for where, value in values.items():
            if value == DUE_DATE and name in DUE_PARAMETERS and len(where) == PLAIN:
                continue
            if value == DUE_DATE and name in DUE_PARAMETERS:
                text = f"{name}: {DUE_DATE} är ett enda värde. Skriv det under parametrar, inte i for_varje."
                self.fault(where, text, "due_date")
            elif not parameter.fits(value):
                text = f"{name} ska vara {TYPE_NAMES[parameter.type]}, men är {quoted(value)}."
                self.fault(where, text, "wrong_type")
            elif name in LIMITS and not LIMITS[name][0] <= value <= LIMITS[name][1]:
                low, high = LIMITS[name]
                self.fault(where, f"{name} ska vara {low}–{high}, men är {value}.", "out_of_range")
            elif name == "enhet" and value and (problem := why_no_name(value)):
                self.fault(where, f"enheten {quoted(value)} {problem}", "bad_name")
            elif name in SCENARIO_PARAMETERS and value not in self.scenarios:
                text = f"scenariot {quoted(value)} finns inte.{did_you_mean(value, self.scenarios)}"
                self.fault(where, text, "unknown_scenario")

    def check_folders(self, runs: list[tuple[int, Run]]) -> None:
        """Two runs with one folder, and folders with names too long for a file system."""
        seen: dict[str, int] = {}
        for i, run in runs:
            if run.folder in seen:
                text = f"rapporten {run.folder} görs redan i körning {seen[run.folder] + 1}. Ta bort den ena."
                self.fault(("korningar", i), text, "same_folder")
            elif len(run.folder.encode()) > LONGEST_FOLDER:
                text = f"rapportens mapp får ett för långt namn, {quoted(run.folder)}. Korta parametrarnas värden."
                self.fault(("korningar", i), text, "long_folder")
            seen.setdefault(run.folder, i)


def _with_texts(form: RunForm, notebook: NotebookFile) -> RunForm:
    """The entry with a unit's number and a day as texts: `enhet: 312100` and `per_datum: 2024-08-31` need no marks."""

    def text(name: str, value: Any) -> Any:
        parameter = notebook.parameters.get(name)
        if isinstance(value, list):
            return [text(name, part) for part in value]
        is_text = parameter is not None and parameter.type is str
        written = isinstance(value, date) or (name == "enhet" and type(value) is int)
        return str(value) if is_text and written else value

    given = {name: text(name, value) for name, value in form.parametrar.items()}
    each = {name: text(name, value) for name, value in form.for_varje.items()}
    return form.model_copy(update={"parametrar": given, "for_varje": each})
