"""Run plans: which notebooks to run with which parameters, validated before anything starts."""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from planbok.batch.notebooks import TYPE_NAMES, NotebookFile
from planbok.case import Audience
from planbok.documents import Document, Entry, Text, quoted, read_document, validate
from planbok.errors import Fault, InputError, did_you_mean
from planbok.paths import SAMPLE, Folders

DUE_DATE = "forfallodag"
DUE_PARAMETERS = ("ar", "tom_manad")
REQUIRED = ("enhet", "ar")
OCCASIONS = Literal["manad", "kvartal", "tertial", "verksamhetsberattelse", "prestationsmatning"]


class PlanForm(Entry):
    """A plan file's top level; its runs are validated one by one."""

    titel: Text
    spridning: Audience = "ledning"
    data: Text | None = None
    korningar: list
    nar: list[OCCASIONS] = []
    vantar_arbetsdagar: int = 8
    mottagare: dict = {}


class RunForm(Entry):
    """One entry under `korningar`."""

    notebook: Text
    parametrar: dict = {}
    for_varje: dict = {}


class RecipientForm(Entry):
    """Who gets the reports of which units, at which level."""

    enheter: list[Text]
    spridning: Audience = "ledning"


@dataclass(frozen=True)
class Run:
    """One report to make: every parameter of the notebook, those not given at their default."""

    notebook: NotebookFile
    parameters: dict[str, Any]

    @property
    def period(self) -> str:
        month = self.parameters.get("tom_manad")
        return f"{self.parameters['ar']}-{month:02d}" if month else f"{self.parameters['ar']}"

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
    if Path(name).is_file():
        return Path(name).resolve()
    text = f"planen {quoted(name)} finns varken i params/planer eller som fil.{did_you_mean(name, paths)}"
    raise InputError([Fault("kommando", "", 0, "", text, "unknown_plan")])


def load_plan(path: Path, notebooks: dict[str, NotebookFile]) -> Plan:
    """A plan with its runs, in the order in which they stand.

    Raises
    ------
    InputError
        With every fault: unknown keys, notebooks, parameters, values of the wrong type, two runs with one folder.
    """
    faults: list[Fault] = []
    document = read_document(path, "plan", faults)
    if document.value is None:
        raise InputError(faults)
    form = validate(PlanForm, document, (), faults)
    entries = document.value.get("korningar")
    runs: list[tuple[int, Run]] = []
    for i in range(len(entries)) if isinstance(entries, list) else ():
        runs += [(i, run) for run in _read_run(document, i, notebooks, faults)]
    if isinstance(entries, list) and not entries:
        faults.append(document.fault(("korningar",), "planen har inga körningar.", "empty"))
    for name in document.value.get("mottagare") or {}:
        validate(RecipientForm, document, ("mottagare", name), faults)
    faults += _same_folder(document, runs)
    data = _data_folder(document, form, faults)
    if faults:
        raise InputError(faults)
    return Plan(path.stem, form.titel, form.spridning, data, tuple(run for _, run in runs))


def _data_folder(document: Document, form: PlanForm | None, faults: list[Fault]) -> Path | None:
    if form is None or form.data is None:
        return None
    folder = Path(form.data) if Path(form.data).is_absolute() else SAMPLE.parent / form.data
    if not folder.is_dir():
        text = f"mappen {quoted(form.data)} finns inte. Ange en absolut sökväg eller en mapp bredvid data/sample."
        faults.append(document.fault(("data",), text, "no_folder"))
    return folder


def _read_run(document: Document, i: int, notebooks: dict[str, NotebookFile], faults: list[Fault]) -> list[Run]:
    """The cross product of one entry; nothing where it has faults."""
    location = ("korningar", i)
    form = validate(RunForm, document, location, faults)
    if form is None:
        return []
    if form.notebook not in notebooks:
        text = f"anteckningsboken {quoted(form.notebook)} finns inte.{did_you_mean(form.notebook, notebooks)}"
        faults.append(document.fault((*location, "notebook"), text, "unknown_notebook"))
        return []
    notebook, before = notebooks[form.notebook], len(faults)
    for name, value in form.parametrar.items():
        faults += _value_faults(document, (*location, "parametrar", name), notebook, name, [value])
    for name, values in form.for_varje.items():
        where = (*location, "for_varje", name)
        if not isinstance(values, list) or not values:
            faults.append(
                document.fault(where, f"for_varje {name} ska vara en lista med minst ett värde.", "wrong_type")
            )
        elif name in form.parametrar:
            text = f"'{name}' står både i parametrar och for_varje. Ta bort den ena."
            faults.append(document.fault(where, text, "repeated_parameter"))
        else:
            faults += _value_faults(document, where, notebook, name, values)
    for name in REQUIRED:
        if name not in form.parametrar and name not in form.for_varje:
            faults.append(document.fault(location, f"körningen anger inte {name}.", "missing_parameter"))
    if len(faults) > before:
        return []
    defaults = {name: parameter.default for name, parameter in notebook.parameters.items()}
    return [
        Run(notebook, {**defaults, **form.parametrar, **dict(zip(form.for_varje, combination, strict=True))})
        for combination in itertools.product(*form.for_varje.values())
    ]


def _value_faults(document: Document, where: tuple, notebook: NotebookFile, name: str, values: list) -> list[Fault]:
    parameter = notebook.parameters.get(name)
    if parameter is None:
        return [document.fault(where, notebook.unknown(name), "unknown_parameter")]
    faults = []
    for value in values:
        if value == DUE_DATE and name in DUE_PARAMETERS:
            text = f"{name}: {DUE_DATE} fylls i av kalendern, som inte finns i den här versionen. Ange ett årtal."
            faults.append(document.fault(where, text, "no_calendar"))
        elif not parameter.fits(value):
            text = f"{name} ska vara {TYPE_NAMES[parameter.type]}, men är {quoted(value)}."
            faults.append(document.fault(where, text, "wrong_type"))
        elif name == "tom_manad" and not 1 <= value <= 12:
            faults.append(document.fault(where, f"tom_manad ska vara 1–12, men är {value}.", "out_of_range"))
    return faults


def _same_folder(document: Document, runs: list[tuple[int, Run]]) -> list[Fault]:
    seen: dict[str, int] = {}
    faults = []
    for i, run in runs:
        if run.folder in seen:
            text = f"rapporten {run.folder} görs redan i körning {seen[run.folder] + 1}. Ta bort den ena."
            faults.append(document.fault(("korningar", i), text, "same_folder"))
        seen.setdefault(run.folder, i)
    return faults
