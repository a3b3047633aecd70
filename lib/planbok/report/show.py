"""What a notebook cell ends with: the first screen, a table, a figure, the checks, the sources."""

from collections.abc import Iterable
from dataclasses import dataclass

import plotly.graph_objects as go
from markupsafe import escape

from planbok.case.case import Case
from planbok.case.result import Result
from planbok.report import figure as figures
from planbok.report import handover, people
from planbok.report import provenance as origins
from planbok.report import table as tables
from planbok.report.handover import provenance


@dataclass(frozen=True)
class Prose:
    """Sentences as a notebook cell shows them, escaped: they may hold names from files."""

    paragraphs: tuple[str, ...]
    heading: str = ""

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{escape(text)}</p>" for text in self.paragraphs)
        return (f"<h3>{escape(self.heading)}</h3>" if self.heading else "") + body

    def __repr__(self) -> str:
        return "\n".join([self.heading, *self.paragraphs] if self.heading else self.paragraphs)


@dataclass(frozen=True)
class Page:
    """A part of a report with a heading of its own, plain sentences and a figure."""

    heading: str
    paragraphs: tuple[str, ...]
    shown: go.Figure | str


def pages(found: Iterable[Page]) -> None:
    """Shows each page: its sentences, then its figure or what is said in its place."""
    from IPython.display import display

    for page in found:
        if page.paragraphs:
            display(Prose(page.paragraphs, page.heading))
        said = figure(page.shown) if page.shown else None
        if said is not None:
            display(said)


def summary(case: Case, result: Result) -> Prose:
    """The first screen: what the report is about, for whom, and the answer."""
    people.guard()
    marks = ["syntetiska uppgifter"] if case.is_synthetic() else []
    heading = " · ".join([result.rubrik, *marks, case.spridning])
    return Prose((result.underrubrik, *result.sammanfattning), heading)


def table(result: Result, name: str, otherwise: str = "") -> tables.TableView | Prose:
    """A table of the result; `otherwise` is said where the result has no such table, or no rows in it."""
    found = result.tabeller.get(name)
    return Prose((otherwise,)) if found is None or (found.frame.empty and otherwise) else tables.show(found)


def figure(shown: go.Figure | str) -> Prose | None:
    """A figure, or the sentence that stands in its place."""
    if isinstance(shown, str):
        return Prose((shown,))
    figures.show(shown)
    return None


def in_plain_text(result: Result) -> Prose:
    """Key figures, rounded so that they can be compared between machines, sentences, and the first table."""
    lines = [
        f"{name}: {key.varde:.6f} {key.mattenhet}" if key.varde is not None else f"{name}: {key.why}"
        for name, key in result.nyckeltal.items()
    ]
    main = [str(tables.show(table)) for table in list(result.tabeller.values())[:1]]
    return Prose((*lines, *result.sammanfattning, *main))


def checks(result: Result) -> tables.TableView:
    """Every check with its outcome in words."""
    return tables.show(origins.checks_table(result.kontroller))


def changes(case: Case) -> tables.TableView | Prose:
    """What the scenario changes, on what basis and why."""
    if not case.scenario.changes:
        return Prose(("Scenariot är budgeten själv och har inga förändringar.",))
    return tables.show(origins.changes_table(provenance(case)))


def sources(case: Case) -> tables.TableView:
    """Every rule value that was read, with its date, basis and source."""
    return tables.show(origins.brief(origins.rules_table(provenance(case))))


def inputs(case: Case) -> tables.TableView:
    """Every table that was read, with its row count and hash."""
    return tables.show(origins.brief(origins.inputs_table(provenance(case))))


def finish(case: Case, result: Result) -> Prose:
    """The notebook's last call: hands the result over, and says in one line what the report is made of."""
    return Prose((handover.finish(case, result),))
