"""From a case to a home's money: reads the tables, the rules under a scenario and the unit's own levels."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.base.errors import InputError, did_you_mean, refuse_any
from planbok.base.periods import Span, spans, turns
from planbok.case.case import Case, rules_under
from planbok.case.study import refuse_unmoved, table_error, trying
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.lss.measurement import read_measurement, span_weights
from planbok.lss.price_book import PRICE_RULES, PriceBook, levels, price_book, touches_prices
from planbok.topics.group_home import TOPIC
from planbok.topics.group_home.dials import home_under
from planbok.topics.group_home.families import FAMILIES, Terms
from planbok.topics.group_home.homes import Home, read_home
from planbok.topics.group_home.model import Conditions, Year
from planbok.topics.group_home.simulate import Drawn, Risks, draw
from planbok.topics.group_home.table_check import read_tables
from planbok.topics.group_home.terms import Reader, terms_at

RISK_RULES = ("forsening_manader", "inflyttning_drojer_manader")
OWN_RULES = tuple(name for name in TOPIC.rules if name not in PRICE_RULES)
EXTERNAL_PRICE = "extern_placering.institutionsvard.ovriga_landet"


@dataclass(frozen=True, eq=False)
class Study:
    """All that the report on a new home shows, before it is put into words."""

    case: Case
    home: Home  # as the tables have it
    year: Year  # under the case's scenario
    versus: Year
    reader: Reader  # of rule values under the case's scenario
    book: PriceBook
    group: int  # persons whose levels the expected peng rests on
    borrowed: bool  # whether what the board is given is borrowed from what providers are paid
    saknas: dict[str, str] = field(default_factory=dict)  # why something is not known, by what

    @cached_property
    def families(self) -> dict[str, tuple[Terms, ...]]:
        """The terms of each rule family, by span of the year."""
        starts = [span.start for span in self.year.conditions.spans]
        return {name: tuple(terms_at(self.reader, self.year.home, day, name) for day in starts) for name in FAMILIES}

    @property
    def last_day(self) -> date:
        """The first day of the year's last span, at which what holds at the year's end is read."""
        return self.year.conditions.spans[-1].start

    @cached_property
    def risks(self) -> Risks:
        """How late the home may be, as the rules say."""
        late, slow = (self.reader.limits(f"gruppbostad.{name}", self.last_day) for name in RISK_RULES)
        return Risks(late, slow)

    @cached_property
    def drawn(self) -> Drawn:
        """The home's years, drawn."""
        return draw(self.year, self.risks)


def study(case: Case) -> Study:
    """A home's money under the case's scenarios; the parameter `boende` says which.

    Raises
    ------
    InputError
        If the tables can't be right, the unit has no such home, or a change of this topic moves nothing here.
    """
    home = home_of(case, str(case.parametrar.get("boende", "")))
    year = year_under(case, case.scenario, home)
    _refuse_unmoved(case, home)
    book = price_book(case, case.scenario)
    day = year.conditions.spans[-1].start
    cells = [(home.insats, niva, home.regi) for niva in year.conditions.levels]
    shares, group, why = own_levels(case, home, year.conditions.levels)
    missing = {"nivaer": why} if why else {}
    if not len(year.conditions.levels):
        missing["priser"] = no_prices(case, home)
    return Study(
        case=case,
        home=home,
        year=year,
        versus=year_under(case, case.jamfor_med, home),
        reader=Reader(case, case.scenario),
        book=book,
        group=group,
        borrowed=any(book.borrows(cell, day) for cell in cells),
        saknas=missing,
    )


def unit_tables(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The homes of the case's unit, and every flat.

    Raises
    ------
    InputError
        With every fault of the two tables.
    """
    homes, flats, faults = read_tables(case.sources.collection, case.sources.rules)
    refuse_any(faults)
    for name in ("boenden", "lagenheter"):
        case.table(name)
    return homes[homes["enhet"] == case.enhet], flats


def home_of(case: Case, boende: str, tables: tuple[pd.DataFrame, pd.DataFrame] | None = None) -> Home:
    """A home of the case's unit. `tables`: what `unit_tables` gives, if read already.

    Raises
    ------
    InputError
        With every fault of the two tables; if the unit has no such home, or the home no flats.
    """
    homes, flats = tables or unit_tables(case)
    row, rows = homes[homes["boende"] == boende], flats[flats["boende"] == boende]
    if row.empty:
        text = f"boendet '{boende}' finns inte för {case.enhet}.{did_you_mean(boende, homes['boende'])}"
        raise table_error(case, "boenden", text, "unknown_boende")
    if rows.empty:
        text = f"boendet '{boende}' har inga lägenheter. Lägg till en rad för varje lägenhet."
        raise table_error(case, "lagenheter", text, "no_flats")
    return read_home(row.iloc[0], rows)


def year_under(case: Case, scenario: Scenario, home: Home) -> Year:
    """The home's year under a scenario, which may open it on another day than the table says."""
    for numbered in scenario:
        change = numbered.change
        mine = change.typ == "nytt_boende" and change.enhet in (None, case.enhet)
        if mine and change.boende == home.boende:
            home = _as_opened(case, home, numbered)
    return Year(home, conditions(case, scenario, home))


def _as_opened(case: Case, home: Home, numbered: NumberedChange) -> Home:
    """The home as a change opens it.

    Raises
    ------
    InputError
        If the change knows more residents than there are flats, or a level that there isn't.
    """
    change = numbered.change
    named = tuple(sorted(levels(case.sources.rules).get(home.insats, ())))
    try:
        return home_under(
            home,
            named,
            hyra_kr=change.hyra_kr_per_manad,
            oppnar=change.oppnar,
            manader_mellan=change.manader_mellan_inflyttningar,
            kanda=change.kanda_nivaer,
            arsarbetare=change.arsarbetare,
        )
    except ValueError:
        text = (
            f"kanda_nivaer ska vara högst {len(home.flats)} boende, lika många som lägenheterna, på nivåerna "
            f"{', '.join(named)}."
        )
        raise InputError([numbered.fault(text, "unknown_level")]) from None


def tried(study: Study, scenario: Scenario) -> Study:
    """The study of the same home under any changes, the same to the krona as that of a case with the scenario.

    What it reads is not noted in the case's journal: it is no report.

    Raises
    ------
    InputError
        If a change moves nothing of the home.
    """
    found = under(study, scenario)
    _refuse_unmoved(found.case, found.home)
    return found


def under(study: Study, scenario: Scenario) -> Study:
    """The study of the same home under any changes, whether or not they move it."""
    case = trying(study.case, scenario)
    year, book = year_under(case, scenario, study.home), price_book(case, scenario)
    return replace(study, case=case, year=year, reader=Reader(case, scenario), book=book)


def conditions(case: Case, scenario: Scenario, home: Home) -> Conditions:
    """What the rules under a scenario, and the unit's own decisions, say of the case's year."""
    year = spans(case.ar, _cuts(case, scenario))
    reader = Reader(case, scenario)
    by_day = {span.start: terms_at(reader, home, span.start) for span in year}
    terms = tuple(by_day[span.start] for span in year)
    levels, peng = _peng(case, scenario, home, year)
    measured = read_measurement(case, scenario)
    return Conditions(
        ar=case.ar,
        spans=year,
        terms=terms,
        terms_full=min(reversed(terms), key=lambda found: bool(found.saknas)),  # the last that is known, if any is
        levels=levels,
        peng=peng,
        shares=own_levels(case, home, levels)[0],
        matdagar=(measured.matning_1, measured.matning_2),
        matvikter=span_weights(measured.matregel, year, measured.vikter),
    )


def _cuts(case: Case, scenario: Scenario) -> list[date]:
    """Days of the case's year on which a rule or a price changes."""
    series = case.sources.rules.series
    dated = [(value.fran, value.till) for key, its in series.items() if key.startswith(OWN_RULES) for value in its]
    changes = [n.change for n in scenario if n.change.typ == "regel" or touches_prices(n.change)]
    return turns(case.ar, [*dated, *((change.starts, change.ends) for change in changes)])


def _peng(case: Case, scenario: Scenario, home: Home, year: list[Span]) -> tuple[tuple[str, ...], np.ndarray]:
    """The levels that have a price on the year's last day, and kr/dygn by level and span."""
    book = price_book(case, scenario)
    names = sorted(_levels_of(case.sources.rules, scenario, case.enhet, home), key=int)
    price = np.array(
        [[book.day_price("tilldelning", (home.insats, niva, home.regi), span.start) for span in year] for niva in names]
    ).reshape(len(names), len(year))
    there = ~np.isnan(price[:, -1])
    return tuple(niva for niva, known in zip(names, there, strict=True) if known), price[there]


def _levels_of(rules: Rules, scenario: Scenario, enhet: str, home: Home) -> set[str]:
    """Every level of the home's insats and management that some rule has a price for."""
    found = set()
    for key in rules_under(rules, scenario, enhet).series:
        parts = key.split(".")
        if parts[0] == "lss_peng" and parts[2:4] == [home.insats, home.regi] and parts[-1].isdigit():
            found.add(parts[-1])
    return found


def no_prices(case: Case, home: Home) -> str:
    """Why there is no peng to count with."""
    prices = case.sources.rules.prices
    mine = prices[(prices["insats"] == home.insats) & (prices["regi"] == home.regi)] if len(prices) else prices
    years = sorted(set(mine["ar"])) if len(mine) else []
    near = min(years, key=lambda ar: abs(ar - case.ar)) if years else None
    text = f"prislistan har inget pris {case.ar} för {home.insats} i {home.regi} regi"
    return f"{text}; närmast {near}" if near else text


def own_levels(case: Case, home: Home, levels: tuple[str, ...]) -> tuple[np.ndarray | None, int, str]:
    """The unit's own distribution over levels on the year's last measurement: shares, persons, why there is none.

    Same insats and regi as the home; whoever already lives in the home counts too.
    """
    if not case.sources.collection.has("beslut"):
        return None, 0, "tabellen beslut saknas, så enhetens egna nivåer är inte kända"
    day = pd.Timestamp(read_measurement(case, BAS).matning_2)
    rows = running(case, day)
    mine = rows[(rows["insats"] == home.insats) & (rows["regi"] == home.regi) & rows["niva"].isin(levels)]
    if mine.empty:
        return None, 0, f"enheten har ingen i {home.insats}, {home.regi} regi, med pris den {day.date()}"
    number = mine["niva"].value_counts().reindex(list(levels), fill_value=0).to_numpy()
    return number / number.sum(), int(number.sum()), ""


def running(case: Case, day: pd.Timestamp) -> pd.DataFrame:
    """The unit's decisions that run on a day."""
    rows = case.table("beslut")
    rows = rows[rows["enhet"] == case.enhet]
    return rows[(rows["fran"] <= day) & ~(rows["till"] < day)]


def _refuse_unmoved(case: Case, home: Home) -> None:
    """A change of this topic that moves nothing of the home is refused, with the reason."""

    def reason(numbered: NumberedChange) -> str:
        if numbered.change.typ == "nytt_boende":
            return f"rapporten gäller {home.boende}, inte {numbered.change.boende}"
        return "boendets tal ändras inte av den"

    mine = [n for n in case.scenario if TOPIC.touches(n.change) and not touches_prices(n.change)]
    refuse_unmoved(case, ((n, moves(case, n, home)) for n in mine), f"i {home.boende}", reason)


def moves(case: Case, numbered, home: Home) -> bool:
    """Whether a home's figures would be others without a change; opening it, this year or later, is one in itself."""
    change = numbered.change
    if change.enhet and change.enhet != case.enhet:
        return False
    if change.typ == "nytt_boende":
        return change.boende == home.boende
    without = replace(case.scenario, changes=tuple(n for n in case.scenario if n is not numbered))
    one, other = (_fingerprint(case, scenario, home) for scenario in (case.scenario, without))
    return not np.array_equal(one, other, equal_nan=True)


def _fingerprint(case: Case, scenario: Scenario, home: Home) -> np.ndarray:
    """Every figure of a home that a rule may move, as one row of numbers."""
    year, reader = year_under(case, scenario, home), Reader(case, scenario)
    parts = [year.kbh("lag"), year.kbh("hog"), year.peng, year.conditions.peng.ravel()]
    monthly = [np.bincount([span.start.month for span in year.conditions.spans], part) for part in parts[:3]]
    day = year.conditions.spans[-1].start
    loose = [reader.number(EXTERNAL_PRICE, day)]
    loose += [end for name in RISK_RULES for end in reader.limits(f"gruppbostad.{name}", day)]
    families = [terms_at(reader, year.home, day, name).kbh(year.home.flats.mid) for name in FAMILIES]
    return np.concatenate([*monthly, year.conditions.peng_full, list(year.full.values()), loose, *families])
