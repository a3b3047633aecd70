"""Try it yourself: a new home's rent, opening, pace, residents, KBH, staff and the external price by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import ipywidgets as widgets
import numpy as np
import plotly.graph_objects as go

from planbok.base.numbers import format_number, format_unit, whole
from planbok.base.words import large
from planbok.case.result import Column, KeyFigure, Result, Table, key_figure
from planbok.case.study import so_far
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.beside import alike, change_bridge, dials_table, number, scenarios_bars, scenarios_table
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.dial import Dial
from planbok.explore.figures import differences
from planbok.explore.forms import Form, of_rule
from planbok.inputs.scenario.changes import LONGEST_PACE
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.lss.price_book import levels
from planbok.report.text import in_words
from planbok.topics.group_home import view
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.homes import Home
from planbok.topics.group_home.sentences import unknown
from planbok.topics.group_home.study import EXTERNAL_PRICE, Study, study, tried, under
from planbok.topics.group_home.terms import FAMILY
from planbok.topics.group_home.view import LABELS, NET, amounts

HIGHEST_RENT_KR, STEP_RENT_KR = 25_000, 100
MOST_STAFF, STEP_STAFF = 60.0, 0.5
HIGHEST_DAY_KR, STEP_DAY_KR = 15_000, 50
SHARE_RULE = "kbh.stockholm.andel"
PACE = "Mellan inflyttningar, −1: som i tabellen"
THOUSAND = 1000.0
DRAWN = ("hyra_helar_hog_kr", "kbh_helar_hog_kr", "peng_lagst_kr", "peng_hogst_kr", "resultat_helar_kr")
TABLE = (
    *("hyra_ar_lag_kr", "hyra_ar_hog_kr", "hyra_helar_lag_kr", "hyra_helar_hog_kr", "kbh_ar_hog_kr"),
    *("kbh_helar_hog_kr", "tomgangshyra_ar_kr", "kostnad_fore_oppning_kr", "peng_lagst_kr", "peng_hogst_kr"),
    *("peng_forvantad_kr", "sjalvkostnad_kr_per_plats_och_dygn", NET, "resultat_ar_kr", "resultat_helar_kr"),
)
EXTERNAL, EXTERNAL_LABEL = "extern_kr", "Köpt plats minus egen, alla platser, helår"


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    home, bas = Opening.of(done), tried(done, BAS)
    groups: dict[str, Sequence[Form]] = {
        "Boendet": [home],
        "Kända boende": [],
        "KBH": [_family(done), _share(done)],
        "Extern plats": [_external(done)],
    }
    more = {"Kända boende": lambda board: home.residents()}
    return Board(
        BoardTopic(
            done.case,
            groups,
            partial(answer, done, bas),
            study,
            partial(compare, done),
            more,
            result=view.result,
        )
    )


@dataclass
class Opening(Form):
    """The home as a change `nytt_boende` opens it: only what differs from the tables stands in the change."""

    levels: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, done: Study) -> "Opening":
        """The controls of a home, at what the tables say."""
        home, flats = done.home, done.home.flats
        named = tuple(sorted(levels(done.case.sources.rules).get(home.insats, ())))
        rent, staff = (0.0 if np.isnan(x) else float(x) for x in (flats.mid.mean(), home.arsarbetare))
        controls: dict[str, kit.Control] = {
            "oppnar": kit.day("Öppnar", home.oppnar),
            "hyra_kr_per_manad": Dial("Hyra per lägenhet", "kr/månad", 0, HIGHEST_RENT_KR, STEP_RENT_KR, rent),
            "manader_mellan_inflyttningar": Dial(PACE, "månader", -1, LONGEST_PACE, 1, -1),
            "arsarbetare": Dial("Personal", "årsarbetare", 0, MOST_STAFF, STEP_STAFF, staff),
        }
        controls |= {
            level: Dial(f"Kända på nivå {level}", "personer", 0, len(flats), 1, flats.niva.count(level))
            for level in named
        }
        fixed = {"typ": "nytt_boende", "boende": home.boende}
        return cls(fixed, controls, apart=named, levels=named)

    @property
    def size(self) -> str:
        return "oppnar"

    def residents(self) -> list[widgets.Widget]:
        """The dials of known residents; how many are known of each level, never who."""
        told = kit.line("Antal boende vars nivå är känd. De andra platserna är fria.")
        return [told, *(self.controls[level] for level in self.levels)]

    def change(self) -> dict[str, Any] | None:
        moved = {key: control.value for key, control in self.controls.items() if control.value != self.start[key]}
        if not moved:
            return None
        stated: dict[str, Any] = {key: whole(moved[key]) for key in moved if key not in (*self.levels, "oppnar")}
        if any(level in moved for level in self.levels):
            known = {level: int(self.controls[level].value) for level in self.levels}
            stated["kanda_nivaer"] = {level: number for level, number in known.items() if number}
        return {**self.fixed, "oppnar": self.controls["oppnar"].value, **stated}

    def put(self, change: dict[str, Any], moved: set[int]) -> bool:
        """Shows a change that opens the home, if every value of it lies within the dials."""
        known = change.get("kanda_nivaer")
        stated = {key: value for key, value in change.items() if key in self.controls}
        if not self.shows(change, {*stated, "kanda_nivaer"}):
            return False
        if known is not None:
            stated |= {level: known.get(level, 0) for level in self.levels}
        dials = {key: self.controls[key] for key in stated if isinstance(self.controls[key], Dial)}
        if any(not dial.low <= stated[key] <= dial.high for key, dial in dials.items()):
            return False
        for key, value in stated.items():
            self.controls[key].value = value
        return True


def _family(done: Study) -> Form:
    published = done.case.sources.rules.value(FAMILY, date(done.case.ar, 1, 1)).varde
    others = [("som reglerna säger", ""), *((name, name) for name in FAMILIES if name != published)]
    return of_rule(FAMILY, kit.choice("Regelfamilj", others, ""), done.case)


def _share(done: Study) -> Form:
    dial = Dial("Andel som KBH täcker", "andel", 0, 1, 0.05)
    return of_rule(SHARE_RULE, dial, done.case)


def _external(done: Study) -> Form:
    dial = Dial("Extern plats", "kr/dygn", 0, HIGHEST_DAY_KR, STEP_DAY_KR)
    return of_rule(EXTERNAL_PRICE, dial, done.case)


def shown(tried_: Study) -> Result:
    """The key figures of a home as the case's audience may see them."""
    return seen(tried_.case, amounts(tried_))


def answer(done: Study, bas: Study, scenario: Scenario) -> Answer:
    """The home under what stands on the dials, beside the home without any change.

    Raises
    ------
    InputError
        If a change moves nothing of the home, as in a run.
    """
    now = tried(done, scenario)
    before, keys = alike(shown(bas).nyckeltal, shown(now).nyckeltal)
    names = [LABELS[name].format(ar=done.case.ar) for name in DRAWN]
    was, becomes = (
        [None if (kr := found[name].varde) is None else kr / THOUSAND for name in DRAWN] for found in (before, keys)
    )
    title = f"{_name(done.home)}: {_cost(keys[NET])}"
    figure = differences(
        names,
        was,
        becomes,
        title=title,
        mattenhet="På helår, tkr",
        decimaler=0,
        plus=None,  # rents, KBH and money to the unit: more is not always better, nor worse
        missing=_missing(keys),
    )
    return Answer(_sentence(now, keys), figure, _table(bas, now, before, keys))


def _name(home: Home) -> str:
    """What the home is called in headings: its id as a name."""
    return large(in_words(home.boende))


def _cost(net: KeyFigure) -> str:
    """What a place costs after rents, in words."""
    if net.varde is None:
        return "vad en plats kostar " + ("skyddas" if net.skyddas else "är inte känt")
    return f"en plats kostar {net.about}{format_unit(net.varde, 'kr', 0)} per dygn efter hyror"


def _missing(keys: dict[str, KeyFigure]) -> str:
    """What stands where a bar is not drawn: protected, or not known."""
    return "skyddas" if any(keys[name].skyddas for name in DRAWN) else "inte känt"


def _results(keys: dict[str, KeyFigure]) -> str:
    """What the home costs beyond what it gets, where that is known: the answer."""
    both = ((keys["resultat_ar_kr"], "i år"), (keys["resultat_helar_kr"], "på helår"))
    known = [(figure, when) for figure, when in both if figure.varde is not None]
    parts = [
        f"{figure.about}{format_unit(abs(figure.number), 'kr', 0)} {'mer' if figure.number < 0 else 'mindre'} {when}"
        for figure, when in known
    ]
    return f"Boendet kostar {' och '.join(parts)} än det får, utan KBH. " if parts else ""


def _sentence(now: Study, keys: dict[str, KeyFigure]) -> str:
    low, high = (keys[f"hyra_helar_{end}_kr"].varde for end in ("lag", "hog"))
    rents = "Hyrorna är inte kända." if low is None or high is None else f"Hyrorna blir {_span(low, high)} på helår."
    kbh = keys["kbh_helar_hog_kr"]
    known = unknown(kbh) if kbh.varde is None else f"blir högst {format_unit(kbh.varde, 'kr', 0)} på helår"
    least, most = (keys[name].varde for name in ("peng_lagst_kr", "peng_hogst_kr"))
    levels = ""
    if least is not None and most is not None:
        levels = f" LSS-pengen blir {_span(least, most)} på helår beroende på nivåer."
    cost = _cost(keys[NET])
    return f"{_results(keys)}{rents} KBH {known}. {large(cost)}{_against(now, keys)}.{levels}"


def _span(low: float, high: float) -> str:
    return format_unit(low, "kr", 0) if low == high else f"{format_number(low, 0)}–{format_unit(high, 'kr', 0)}"


def external(now: Study, keys: dict[str, KeyFigure]) -> float:
    """What a bought place costs beyond the home's own net cost, kr a day; NaN where either is not known."""
    net = keys[NET].varde
    return now.reader.number(EXTERNAL_PRICE, now.last_day) - (np.nan if net is None else net)


def _against(now: Study, keys: dict[str, KeyFigure]) -> str:
    difference = external(now, keys)
    if np.isnan(difference):
        return ""
    how = "mindre" if difference > 0 else "mer"
    return f", {format_unit(abs(difference), 'kr', 0)} {how} än en köpt plats"


def _table(bas: Study, now: Study, before: dict[str, KeyFigure], keys: dict[str, KeyFigure]) -> Table:
    """The key figures, and what all places cost bought instead."""
    ar, home = now.case.ar, now.home
    labels = {name: LABELS[name].format(ar=ar) for name in TABLE} | {EXTERNAL: EXTERNAL_LABEL}
    places = home.platser * now.year.conditions.days
    both = [
        {
            **figures,
            EXTERNAL: key_figure(EXTERNAL, external(study_, figures) * places, EXTERNAL_LABEL, "underlag saknas"),
        }
        for study_, figures in ((bas, before), (now, keys))
    ]
    return dials_table(f"{_name(home)} {ar} och reglagen", "Boendet", labels, *both)


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: the home's key figures, and what each change does to its rents.

    Raises
    ------
    InputError
        With what hinders any of them here.
    """
    keys = [(one.titel, shown(tried(done, one)).nyckeltal) for one in (BAS, *scenarios)]
    kept = [name for name in TABLE if any(figures[name].varde is not None for _, figures in keys)]
    columns = [Column(name, LABELS[name].format(ar=done.case.ar)) for name in kept]
    table = scenarios_table(f"{_name(done.home)} {done.case.ar}", keys, columns)
    title = f"{_name(done.home)}: nettokostnad per plats och dygn i {len(scenarios)} scenarier och som i tabellerna"
    cost = {"Nettokostnad": [number(figures[NET]) for _, figures in keys]}
    figure = scenarios_bars(table, cost, "kr", title=title, mattenhet="kr per plats och dygn", decimaler=0)
    return Compared(table, figure, {scenario.titel: _bridge(done, scenario) for scenario in scenarios})


def _bridge(done: Study, scenario: Scenario) -> go.Figure | str:
    """From the home's rents of the year as in the tables to the scenario's, change by change; mean rents, tkr."""
    return change_bridge(
        scenario,
        [number(shown(under(done, one)).fakta["hyror_ar_kr"]) for one in so_far(scenario)],
        ("Hyror som i tabellerna", "Hyror med scenariot"),
        case=done.case,
        title=f"{scenario.titel}, årets hyror",
        amount="Hyror i år",
        unit="tkr",
        decimaler=0,
        lacking="Bryggan kan inte visas: hyran saknas för någon lägenhet, eller så är lägenheterna för få.",
        nothing="Scenariot ändrar inte årets hyror.",
    )


explorer = explorer_of(build)
