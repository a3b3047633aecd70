"""The start page: what there is, what to open for which question, the units found, and what check says."""

import re
from dataclasses import dataclass, replace

from planbok.base.errors import InputError, PlanbokError, format_faults
from planbok.base.workspace import Folders, shown
from planbok.batch.plan.notebooks import NotebookFile, read_notebooks
from planbok.case.case import open_case
from planbok.commands.check import check
from planbok.commands.desk import copies
from planbok.commands.desk.place import Desk
from planbok.commands.list import unit_tables
from planbok.commands.register import as_markdown
from planbok.inputs.scenario.load import BAS, scenario_ids, scenario_paths
from planbok.inputs.tables.collection import Collection
from planbok.report import people, show
from planbok.report import table as tables
from planbok.report.provenance import text_table
from planbok.topics.answer import answer


@dataclass(frozen=True)
class Text:
    """Markdown that JupyterLab shows with its links working."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


LATEST = "manadsprognos"  # what is shown before anybody has chosen


def latest() -> show.FirstScreen | show.Prose:
    """The answer of the notebook and the unit that were chosen last."""
    desk = Desk.here()
    name = desk.chosen().get("notebook", LATEST)
    notebook = read_notebooks().get(name)
    if notebook is None or notebook.faults:
        return show.Prose((f"Anteckningsboken {name} går inte att visa. Välj en annan nedan.",))
    try:
        case = open_case(name, **copies.values_for(desk, notebook, copies.read_copy(desk, name)))
        found = show.summary(case, answer(case).result)
        return replace(found, sentences=found.sentences[:1])
    except PlanbokError as error:
        return show.Prose(tuple(format_faults(error.faults).splitlines()), notebook.titel)


def opened() -> Text:
    """The link to what `latest` shows."""
    found = read_notebooks().get(Desk.here().chosen().get("notebook", LATEST))
    return Text(f"[Öppna {found.titel}]({found.path.name})" if found else "")


def questions() -> Text:
    """Every notebook with its question and whom it is for, as a link that opens it."""
    lines = ["| Om du undrar | Öppna | För |", "|---|---|---|"]
    for notebook in read_notebooks().values():
        asked, readers = (_said(notebook, word) for word in ("Frågan", "För"))
        lines.append(f"| {asked} | [{notebook.titel}]({notebook.path.name}) | {readers} |")
    return Text("\n".join(lines))


def _said(notebook: NotebookFile, word: str) -> str:
    """The first sentences that a notebook says under a word in bold, without what would break a table."""
    found = re.search(rf"\*\*{word}:\*\* (.+)", notebook.prose)
    text = found[1] if found else ""
    return re.split(r"(?<=[.?!]) ", text)[0].replace("|", "/")


def units() -> tables.TableView | show.Prose:
    """The units that the tables name, and in which."""
    collection = Collection(Folders.in_use().data)
    try:
        found = unit_tables(collection)
    except InputError as error:
        return show.Prose((format_faults(error.faults),), "Tabellerna går inte att läsa")
    rows = [(enhet, namn or "–", ", ".join(listed) or "–") for enhet, (namn, listed) in found.items()]
    headings = {"enhet": "Enhet", "namn": "Namn", "tabeller": "Finns i tabellerna"}
    return tables.show(text_table("enheter", f"Enheter i {shown(collection.folder)}", rows, headings))


def input_tables() -> tables.TableView:
    """Each table with its size and columns; rows are never shown here."""
    collection = Collection(Folders.in_use().data)
    rows: list[tuple[str, int | None, str, str]] = []
    for name in collection.names():
        try:
            frame = collection.read(name).frame.drop(columns="_rad", errors="ignore")
            about = "ja" if people.is_about_persons(frame) else "nej"
            rows.append((name, len(frame), about, ", ".join(frame.columns)))
        except InputError as error:
            rows.append((name, None, "–", f"går inte att läsa: {error.faults[0].text}"))
    headings = {"tabell": "Tabell", "rader": "Rader", "personer": "Gäller personer", "kolumner": "Kolumner"}
    title = f"Tabeller i {shown(collection.folder)}"
    return tables.show(text_table("tabeller", title, rows, headings, units={"rader": "st"}))


def scenarios() -> tables.TableView:
    """The scenarios that there are, by the name that a notebook's parameter takes."""
    folders = Folders.in_use()
    paths = scenario_paths(folders)
    rows = [(name, shown(paths[name]) if name in paths else BAS.titel) for name in scenario_ids(folders)]
    headings = {"scenario": "Skriv som scenario", "fil": "Fil"}
    return tables.show(text_table("scenarier", "Scenarier", rows, headings))


def modelled() -> Text:
    """What is modelled, against what it is verified, and what is left out."""
    return Text(as_markdown())


def checked() -> show.Prose:
    """What `planbok check` says of the parameter files and the tables in use."""
    people.guard()
    folders = Folders.in_use()
    report = check(folders)
    where = f"Parametrar: {', '.join(shown(path) for path in folders.params)}. Tabeller: {shown(folders.data)}."
    if report.faults:
        lines = format_faults(report.faults).splitlines()
        return show.Prose((where, *lines), f"{len(report.faults)} fel att rätta")
    counted = ", ".join(f"{number} {what}" for what, number in report.counts.items())
    said = [where, f"Kontrollerat: {counted}.", *report.inventory, *report.notes]
    if report.examples:
        said.append(f"{len(report.examples)} av projektets egna exempel gäller andra tabeller än dina.")
    return show.Prose(tuple(said), "Inga fel")
