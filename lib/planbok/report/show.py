"""What a notebook cell ends with: the first screen, a table, a figure, the checks, the sources."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from markupsafe import escape

from planbok.case.case import Case
from planbok.case.result import KeyFigure, Result, Table
from planbok.report import figure as figures
from planbok.report import handover, people
from planbok.report import provenance as origins
from planbok.report import table as tables
from planbok.report.handover import provenance
from planbok.report.text import ABSENT, SHEET

_drawn: list[dict[str, Any]] = []  # what is stored of the figures shown since the first screen: the Excel file's charts
FIRST = "planbok-first"  # the class by which the desk knows a first screen
FIGURE = "tal-"  # and how that of a key figure in it begins


@dataclass(frozen=True)
class Prose:
    """Sentences as a notebook cell shows them, escaped: they may hold names from files."""

    paragraphs: tuple[str, ...]
    heading: str = ""
    look: str = ""  # a class of the page's: ABSENT or SHEET

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{escape(text)}</p>" for text in self.paragraphs)
        whole = (f"<h3>{escape(self.heading)}</h3>" if self.heading else "") + body
        return f'<div class="{self.look}">{whole}</div>' if self.look else whole

    def __repr__(self) -> str:
        return "\n".join([self.heading, *self.paragraphs] if self.heading else self.paragraphs)


@dataclass(frozen=True)
class FirstScreen:
    """What a report is about, the answer, what there is to say beside it, and the key figures that stand foremost."""

    about: str
    under: str
    sentences: tuple[str, ...]
    figures: Mapping[str, KeyFigure]

    def _repr_html_(self) -> str:
        lead, *others = self.sentences or ("",)
        said = "".join(f"<p>{escape(text)}</p>" for text in others)
        figures = "".join(_figure_html(name, figure) for name, figure in self.figures.items())
        beside = f'<dl aria-label="Nyckeltal">{figures}</dl>' if figures else ""
        head = (
            f'<h3>{escape(self.about)}</h3><p class="under">{escape(self.under)}</p><p class="lead">{escape(lead)}</p>'
        )
        return f'<div class="{FIRST}">{head}{beside}<div class="said">{said}</div></div>'

    def __repr__(self) -> str:
        return "\n".join([self.about, self.under, *self.sentences])


def _figure_html(name: str, figure: KeyFigure) -> str:
    """A key figure, by whose class the desk knows which one it is."""
    return f'<div><dt>{escape(figure.etikett)}</dt><dd class="{FIGURE}{escape(name)}">{escape(figure.shown)}</dd></div>'


@dataclass(frozen=True)
class Page:
    """A part of a report with a heading of its own, plain sentences and a figure."""

    heading: str
    paragraphs: tuple[str, ...]
    shown: go.Figure | str
    alone: bool = False  # on a sheet of its own


def pages(found: Iterable[Page]) -> None:
    """Shows each page: its sentences, then its figure or what is said in its place."""
    from IPython.display import display

    for page in found:
        if page.paragraphs:
            display(Prose(page.paragraphs, page.heading, SHEET if page.alone else ""))
        said = figure(page.shown) if page.shown else None
        if said is not None:
            display(said)


def summary(case: Case, result: Result) -> FirstScreen:
    """The first screen: what the report is about, for whom, and the answer."""
    people.guard()
    _drawn.clear()
    marks = ["syntetiska uppgifter"] if case.is_synthetic() else []
    heading = " · ".join([result.rubrik, *marks, case.spridning])
    foremost = {name: result.nyckeltal[name] for name in result.framst}
    figures = {name: figure for name, figure in foremost.items() if figure.varde is not None}
    return FirstScreen(heading, result.underrubrik, tuple(result.sammanfattning), figures)


def table(result: Result, name: str, otherwise: str = "") -> tables.TableView | Prose:
    """A table of the result; where the result has no such table, or it says nothing, `otherwise` is said.

    That sentence is for who works in the notebook: the report's page leaves it out, with a heading over it alone.
    """
    found = result.tabeller.get(name)
    if found is None or found.frame.empty or (otherwise and tables.says_nothing(found)):
        return Prose((otherwise,) if otherwise else (), look=ABSENT)
    return tables.show(found)


def side_by_side(result: Result, name: str, rows: list[str], over: str, value: str, title: str) -> Any:
    """A table with one column per value of `over`, made of the audience's own; says nothing where it isn't there."""
    found = result.tabeller.get(name)
    return _made_of(found, lambda table: tables.side_by_side(table, rows, over, value, title))


def only(result: Result, name: str, key: str, begins: str, title: str) -> Any:
    """The rows of a table that begin so in a column, of the audience's own; says nothing where there are none."""
    return _made_of(result.tabeller.get(name), lambda table: tables.only(table, key, begins, title))


def _made_of(table: Table | None, make: Callable[[Table], Table]) -> tables.TableView | Prose:
    made = None if table is None or table.frame.empty else make(table)
    return Prose((), look=ABSENT) if made is None or made.frame.empty else tables.show(made)


def figure(shown: go.Figure | str) -> Prose | None:
    """A figure, or the sentence that stands in its place in the notebook; the report's page leaves it out."""
    if isinstance(shown, str):
        return Prose((shown,), look=ABSENT)
    from IPython.display import display

    bundle = figures.mimebundle(shown)  # the renderer `plotly_mimetype`, whatever the default is
    _drawn.append(bundle[figures.MIME])
    display(bundle, raw=True)
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
        return Prose(("Inget scenario är lagt.",), look=ABSENT)
    return tables.show(origins.changes_table(provenance(case)))


def sources(case: Case) -> tables.TableView:
    """Every rule value that was read, with its date, basis and source."""
    return tables.show(origins.brief(origins.rules_table(provenance(case))))


def inputs(case: Case) -> tables.TableView:
    """Every table that was read, with its row count and hash."""
    return tables.show(origins.brief(origins.inputs_table(provenance(case))))


def finish(case: Case, result: Result) -> Prose:
    """The notebook's last call: hands the result over, and says in one line what the report is made of."""
    return Prose((handover.finish(case, result, _drawn),))
