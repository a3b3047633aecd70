"""Try it yourself: sick leave by group, who replaces the sick, and what the rest of the year must hold for a target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from planbok.base.numbers import format_unit
from planbok.base.periods import month_span, months
from planbok.case.result import Column, KeyFigure, Result, Table, key_figure
from planbok.case.study import so_far
from planbok.disclosure.door import seen, seen_parts
from planbok.explore import kit
from planbok.explore.beside import WITH, WITHOUT, change_bridge, number, scenarios_bars, scenarios_table
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.dial import Dial
from planbok.explore.forms import Form, of_rule, size_dial
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.report.charts import MONTHS
from planbok.report.figure import BASELINE, SCENARIO, TARGET, lines
from planbok.topics.staffing import view
from planbok.topics.staffing.bridges import STEP, step_kr, told_by
from planbok.topics.staffing.key_figures import SICK_LEAVE, key_figures, required, target_of
from planbok.topics.staffing.people import OF_SICK, people
from planbok.topics.staffing.rates import SHARES_RULE
from planbok.topics.staffing.study import Study, study, study_under, with_added, world_of
from planbok.topics.staffing.year import EVERYONE, World

HIGHEST_TARGET, STEP_TARGET = 20.0, 0.1
KIND_NAMES = {"timavlonad": "Timavlönade", "overtid": "Övertid", "inhyrd": "Inhyrda"}
STEP_SHARE = 0.05
SICK, YEAR_END = "sjukfranvaro_procent", "prognos_ar_procent"
COSTS = ("sjuklonekostnad_kr", "ersattarkostnad_kr")
LINES = (SICK, YEAR_END, *COSTS)
DECIMALS = {SICK: 2, YEAR_END: 2, **dict.fromkeys(COSTS, 0)}
HIGHEST_FEE, STEP_FEE = 80.0, 0.01
FEE_RULE = "po_palagg"
LAST_MONTH = 12
THOUSAND = 1000.0
EMPTY = Result.of(nyckeltal={})
PER_MONTH = tuple(Column(key, key, tells=OF_SICK) for key in ("rapporten_procent", "provat_procent", "kravs_procent"))


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    goal, bas = _Goal(done), study_under(done, BAS)
    groups = {"Sjukfrånvaro": _groups(done), "Ersättare": [Mix.of(done), _fee(done)], "Mål": []}
    tried, beside = partial(answer, done, bas, shown_figures(bas), goal=goal), partial(compare, done)
    topic = BoardTopic(done.case, groups, tried, study, beside, more={"Mål": goal.parts}, result=view.result)
    return Board(topic)


@dataclass(frozen=True)
class Turned:
    """What the dials give: the report's key figures, what they change, and the year month by month.

    `andring` is the change against the report's own scenario: sjuk_h, kr, kr_helar (sick pay and replacements),
    budget_kr and budget_helar_kr (with the wage that is paid or not). `per_manad` has a row per month of the year for
    the unit: manad, rapporten_procent, provat_procent, kravs_procent (NaN in months that are over). All of it is as the
    report's audience may see it; what it may not is NaN, or None with the reason.
    """

    nyckeltal: dict[str, KeyFigure]
    andring: dict[str, float]
    per_manad: pd.DataFrame
    kravs: float | None
    saknas: str  # why there is no `kravs`


class _Goal:
    """A target to try, and what the rest of the year must hold for it; no change, so it is not saved."""

    def __init__(self, done: Study):
        target = target_of(done, SICK_LEAVE)
        strictest = target.strictest[0] if target and target.strictest else HIGHEST_TARGET / 2
        self.dial = Dial("Mål för sjukfrånvaron", "%", 0.0, HIGHEST_TARGET, STEP_TARGET, float(strictest))

    def parts(self, board: Board) -> list[widgets.Widget]:
        kit.on_change(self.dial, board.anew)
        return [self.dial, kit.line("Målet sparas inte med scenariot: mål står i tabellen mal.")]

    def sentence(self, found: Turned, tom_manad: int) -> str:
        """What the months that are left may hold at most on average."""
        if tom_manad == LAST_MONTH:
            return ""
        goal = format_unit(self.dial.value, "procent")
        if found.kravs is None:
            return f" Mål {goal}: {found.saknas}."
        months = month_span(tom_manad + 1)
        return f" För målet {goal} får snittet {months} vara högst {format_unit(found.kravs, 'procent')}."


def _groups(done: Study) -> list[Form]:
    """A dial for everyone and one for each group that may be shown, with one start month."""
    start = kit.since(done.ar, min(done.tom_manad + 1, LAST_MONTH))
    shown = seen_parts(done.case, people(done)["sjuka"])
    shown = [name for name in done.world.base.groups if name in shown]
    return [
        Form(
            {"typ": "sjukfranvaro", "grupp": group},
            {"procentenheter": size_dial("sjukfranvaro", name)},
            {"fran": start},
        )
        for group, name in [(EVERYONE, "Alla"), *((group, group) for group in shown)]
    ]


def _fee(done: Study) -> Form:
    """What the employer pays on top of wages: an assumption where no list has the year's."""
    dial = Dial("PO-pålägg", "%", 0.0, HIGHEST_FEE, STEP_FEE)
    return of_rule(FEE_RULE, dial, done.case)


@dataclass
class Mix(Form):
    """Who replaces the sick: one change of the rule `ersattare.fordelning`, shares of each kind."""

    published: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, done: Study) -> "Mix":
        """A dial for the share of each kind of replacement, at what the rule says."""
        published = done.case.sources.rules.value(SHARES_RULE, date(done.ar, 1, 1)).varde
        controls = {
            kind: Dial(KIND_NAMES.get(kind, kind), "andel", 0.0, 1.0, STEP_SHARE, float(share))
            for kind, share in published.items()
        }
        start = {"fran": kit.since(done.ar)}
        return cls({"typ": "regel", "regel": SHARES_RULE}, controls, start, published=published)

    def change(self) -> dict[str, Any] | None:
        """The change of the rule; None while the shares are those in force."""
        shares = {kind: float(control.value) for kind, control in self.controls.items()}
        if shares == {kind: float(share) for kind, share in self.published.items()}:
            return None
        return {**self.fixed, "varde": shares, "fran": self.shared["fran"].value}

    def put(self, change: dict[str, Any], moved: set[int]) -> bool:
        """Shows a change of the shares from some day."""
        shares = change.get("varde")
        if not self.shows(change, ("varde", "fran")) or not isinstance(change["fran"], date):
            return False
        if not isinstance(shares, dict) or set(shares) != set(self.controls):
            return False
        for kind, share in shares.items():
            self.controls[kind].value = share
        self.shared["fran"].value = change["fran"]
        return True


def answer(done: Study, bas: Study, before: dict[str, KeyFigure], scenario: Scenario, goal: _Goal) -> Answer:
    """The year under what stands on the dials, month by month beside the outturn as it is.

    Parameters
    ----------
    bas, before : the study without a scenario, and its key figures as they may be seen

    Raises
    ------
    InputError
        If a change moves nothing, or takes more sick leave than there is, as in a run.
    """
    study_under(done, scenario)  # refuses what a run refuses
    found = under(bas, scenario.changes, goal.dial.value)
    months = found.per_manad
    series = {
        WITHOUT: months["rapporten_procent"].tolist(),
        WITH: months["provat_procent"].tolist(),
        "Får vara högst": months["kravs_procent"].tolist(),
    }
    keys = found.nyckeltal
    ahead = keys[YEAR_END].varde
    whole = "" if ahead is None else f": {format_unit(ahead, 'procent', 2)} för hela året"
    figure = lines(
        MONTHS,
        series,
        title=f"Sjukfrånvaro {done.ar}{whole}",
        alt=f"Sjukfrånvaro per månad {done.ar}, utan och med reglagen, och vad målet kräver av resten av året.",
        mattenhet="Sjukfrånvaro, % av avtalad tid",
        colors=(BASELINE, SCENARIO, TARGET),
    )
    said = _sentence(keys, found) + goal.sentence(found, done.tom_manad) * (not keys[SICK].skyddas)
    return Answer(said, figure, _table(done, before, keys))


def _sentence(keys: dict[str, KeyFigure], found: Turned) -> str:
    sick, ahead = keys[SICK], keys[YEAR_END]
    if sick.varde is None:
        return f"Sjukfrånvaron {sick.why}."
    year = f" och blir {format_unit(ahead.varde, 'procent', 2)} för hela året" if ahead.varde is not None else ""
    said = f"Sjukfrånvaron är {format_unit(sick.varde, 'procent', 2)} hittills{year}."
    unknown = next((keys[name] for name in COSTS if keys[name].varde is None), None)
    if unknown:
        return f"{said} Kostnaden {unknown.why if unknown.skyddas else f'är inte känd: {unknown.why}'}."
    if np.isnan(found.andring["kr"]):
        return f"{said} Vad kostnaden ändras med saknas eller skyddas."
    kr, helar = (format_unit(found.andring[name], "kr", 0, signed=True) for name in ("kr", "kr_helar"))
    return f"{said} Sjuklön och ersättare ändras med {kr} i år och {helar} på helår."


def _table(done: Study, bas: dict[str, KeyFigure], keys: dict[str, KeyFigure]) -> Table:
    """The figures in words with their units, since they have different ones."""
    rows = []
    for name in LINES:
        before, after = bas[name].varde, keys[name].varde
        moved = None if before is None or after is None else after - before
        shown = [_words(name, value, keys[name]) for value in (before, after)]
        rows.append((name, keys[name].etikett, *shown, _words(name, moved, keys[name], signed=True)))
    frame = pd.DataFrame(rows, columns=["nyckel", "rad", "bas", "prov", "skillnad"])
    headings = {"rad": "Bemanning", "bas": WITHOUT, "prov": WITH, "skillnad": "Skillnad"}
    columns = tuple(Column(key, heading) for key, heading in headings.items())
    return Table("prova", f"Bemanning {done.ar} och reglagen", frame, columns)


def _words(name: str, value: float | None, figure: KeyFigure, signed: bool = False) -> str:
    if value is None:
        return "skyddas" if figure.skyddas else "saknas"
    unit = "procentenheter" if signed and figure.mattenhet == "procent" else figure.mattenhet
    return format_unit(value, unit, DECIMALS[name], signed)


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: sick leave, the year-end and the costs, and what each change does to the costs.

    Raises
    ------
    InputError
        With what hinders any of them here.
    """
    keys = [(one.titel, shown_figures(study_under(done, one))) for one in (BAS, *scenarios)]
    columns = [Column(name, keys[0][1][name].etikett, decimaler=DECIMALS[name]) for name in LINES]
    table = scenarios_table(f"Bemanning {done.ar}", keys, columns)
    cost = (table.frame[[*COSTS]].sum(axis=1, skipna=False) / THOUSAND).tolist()
    title = f"Sjuklön och ersättare {month_span(1, done.tom_manad)} {done.ar} i {len(scenarios)} scenarier"
    figure = scenarios_bars(table, {"Kostnad": cost}, "tkr", title=title, mattenhet="Tkr", decimaler=0)
    return Compared(table, figure, {scenario.titel: _bridge(done, scenario) for scenario in scenarios})


def _bridge(done: Study, scenario: Scenario) -> go.Figure | str:
    """From the costs as they are to the scenario's, change by change, tkr of the months so far."""
    return change_bridge(
        scenario,
        [_cost(done, one) for one in so_far(scenario)],
        ("Som utfallet", "Med scenariot"),
        case=done.case,
        title=scenario.titel,
        amount="Sjuklön och ersättare",
        unit="tkr",
        decimaler=0,
        lacking="Kostnaderna är inte kända före och efter varje förändring, så de visas bara i tabellen.",
        nothing="Scenariot ändrar inte kostnaderna hittills.",
    )


def _cost(done: Study, scenario: Scenario) -> float:
    keys = shown_figures(study_under(done, scenario))
    return sum(number(keys[name]) for name in COSTS)


def under(study: Study, added: Sequence[NumberedChange], mal: float | None = None) -> Turned:
    """The report with more changes on top of its own scenario, in the order in which they act."""
    state, steps, tells = list(study.case.scenario), [], {*OF_SICK}
    before = world_of(study.case, study.whole, state)
    for numbered in added:
        state.append(numbered)
        now = world_of(study.case, study.whole, state)
        steps.append(step_kr(numbered.change, before, now))
        tells |= {*told_by(numbered.change, before, now)}
        before = now
    world = world_of(study.case, study.world.base, state)
    turned = replace(study, world=world, frame=with_added(study.outturn, world))
    needed, why = required(turned, mal)
    moved = {name: sum(step[name] for step in steps) for name in STEP}
    facts = {name: key_figure(name, value, name, "okänt", tells=tuple(tells)) for name, value in moved.items()}
    facts["sjuk_h"] = key_figure("sjuk_h", moved["sjuk_h"], "sjuk_h", tells=OF_SICK)
    facts["kravs"] = key_figure("kravs_procent", needed, "kravs", why, tells=OF_SICK)
    months_ = Table("manader", "", _months(study, world, needed), PER_MONTH)
    shown = protected(study, replace(EMPTY, nyckeltal=key_figures(turned), tabeller={"manader": months_}, fakta=facts))
    kravs = shown.fakta["kravs"]
    return Turned(
        shown.nyckeltal,
        {name: shown.fakta[name].number if shown.fakta[name].varde is not None else np.nan for name in STEP},
        shown.tabeller["manader"].frame,
        kravs.varde,
        kravs.why,
    )


def protected(study: Study, result: Result) -> Result:
    """A result about the study's people as the case's audience may see it."""
    return seen(study.case, replace(result, people=people(study)))


def shown_figures(study: Study) -> dict[str, KeyFigure]:
    """The study's key figures as the case's audience may see them."""
    return protected(study, replace(EMPTY, nyckeltal=key_figures(study))).nyckeltal


def _months(study: Study, world: World, needed: float | None) -> pd.DataFrame:
    """The unit's sick leave by month of the year, in the report and with the dials, and what the target asks."""
    hours = world.base.avtalad.sum(axis=0)
    whole = np.where(hours, hours, np.nan)
    left = np.arange(12) >= study.tom_manad
    return pd.DataFrame(
        {
            "manad": months(study.ar, study.ar),
            "rapporten_procent": 100 * study.world.sick.sjuk.sum(axis=0) / whole,
            "provat_procent": 100 * world.sick.sjuk.sum(axis=0) / whole,
            "kravs_procent": np.where(left, np.nan if needed is None else needed, np.nan),
        }
    )


explorer = explorer_of(build)
