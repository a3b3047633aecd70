"""The whole result on older people's care: key figures, tables, whom they tell of, and the checks."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from planbok.base.numbers import KR_PER_MNKR, whole
from planbok.base.periods import long_month
from planbok.case.checks import Check, closes, warns
from planbok.case.result import KeyFigure, Result, key_figure
from planbok.case.said import scenario_line
from planbok.ledger.bridge import closing
from planbok.topics.home_care import outside, sentences, tables
from planbok.topics.home_care.grounds import grounds
from planbok.topics.home_care.model import HOMES
from planbok.topics.home_care.people import ALL_PLACES, CASES, Persons
from planbok.topics.home_care.study import MONTHS, Study
from planbok.topics.home_care.sure import Sure, sure

SHEETS = {
    "prognos": "Kostnaden av volymer",
    "boende_per_manad": "Boende, natt och larm",
    "brytpunkt": "Hemtjänst mot boende",
    "traffsakerhet": "Prövat på tidigare månader",
    "planar": "Planåren",
}

LABELS = {
    "arenden_antal": "Ärenden med hemtjänst i {}",
    "beviljade_h": "Beviljade timmar i {}",
    "bestallda_h": "Beställda timmar i {}",
    "utforda_h": "Utförda timmar i {}",
    "utforandegrad_procent": "Utfört av beställt i {}",
    "bestallt_av_beviljat_procent": "Beställt av beviljat i {}",
    "h_per_arende": "Timmar per ärende i {}",
}
BESIDE = ("prognos_mnkr", "arenden_antal", "h_per_arende", "utforandegrad_procent", "vobo_helmanader")

ROUNDED = 1.0  # mnkr, where the year's cost tells of few: more than what one place costs in a year


@dataclass(frozen=True)
class Outside:
    """What other tables say of the year."""

    budget_kr: float
    budget_fees_kr: float
    fees_kr: float
    fees_year_kr: float
    held: outside.Held | None
    sure: Sure


def result(study: Study) -> Result:
    """The study as key figures and tables, and what they tell of."""
    persons = Persons(study)
    years, money, budgets = outside.ledger_years(study)
    held = outside.held_out(study, years, money, budgets)
    booked = zip(years, money.sum(axis=(1, 2)).tolist(), strict=True)
    beside = Outside(*outside.budget(study), *outside.fees(study), held, sure(study, booked))
    found = [
        tables.prognosis_table(study, persons),
        tables.months_table(study),
        tables.areas_table(study),
        tables.homes_table(study, persons, sentences.published(study)),
        tables.manager_table(study),
        tables.bridge_table(study, persons),
        tables.sensitivity_table(study, persons),
        tables.break_even_table(study, persons),
        outside.held_table(study, beside.held),
        outside.plan_years(study, persons, float(np.nansum(study.kr[MONTHS]))),
    ]
    changed = bool(study.case.scenario.changes)
    return Result.of(
        found,
        rubrik=f"{study.case.unit_name()} · Hemtjänst och boende för äldre, {long_month(study.manad)}",
        underrubrik=scenario_line(study.case.scenario) if changed else "Volymer, kostnad och prognos",
        nyckeltal=key_figures(study, persons, beside.sure),
        framst=BESIDE,
        blad=SHEETS,
        grunder=grounds(study),
        people=persons.people,
        fakta=facts(study, persons, beside),
        say=partial(sentences.sentences, study, beside.held, beside.sure),
        verify=partial(checks, study),
    )


def key_figures(study: Study, persons: Persons, how_sure: Sure) -> dict[str, KeyFigure]:
    """Cases, hours and full months of the last month, and the year's cost with its range."""
    month, now = long_month(study.manad), tables.by_month(study).loc[study.manad]
    cases = ((CASES, ""),)
    found = {
        key: key_figure(key, whole(now[key]), label.format(month), tables.NO_HOURS, tells=cases)
        for key, label in LABELS.items()
    }
    found["h_per_arende"] = replace(found["h_per_arende"], mattenhet="timmar")  # shown with a decimal
    places = persons.places(tables.PERMANENT)
    there = study.vobo["manad"].eq(study.manad).any()
    number = float(places.reindex([study.manad]).sum(axis=1).iloc[0]) if there else None
    label = f"Helmånader i vård- och omsorgsboende i {month}"
    found["vobo_helmanader"] = key_figure(
        "vobo_helmanader", number, label, f"tabellen {HOMES} saknar månaden", tells=ALL_PLACES
    )
    money = _money(study, persons)
    return found | money | _range(money["prognos_mnkr"], how_sure)


def _range(prognos: KeyFigure, how_sure: Sure) -> dict[str, KeyFigure]:
    """The ends of the range, as protected as the prognosis; neither where none is claimed."""
    mid = np.nan if prognos.varde is None else prognos.varde
    ends = {"lag": (-how_sure.half, "lägst"), "hog": (how_sure.half, "högst")}
    return {
        f"prognos_{end}_mnkr": key_figure(
            f"prognos_{end}_mnkr",
            mid + away,
            f"Prognosens spann, {word}",
            how_sure.why or prognos.why,
            tells=prognos.tells,
            rounds=ROUNDED,
        )
        for end, (away, word) in ends.items()
    }


def year_in_kronor(study: Study, persons: Persons | None = None) -> Result:
    """The year's key figures in kronor, for the dials.

    `persons` are those of the study before the scenario, given where they are known: a scenario leaves them the same.
    """
    persons = persons or Persons(study)
    return Result.of(nyckeltal=_money(study, persons), people=persons.people)


def _money(study: Study, persons: Persons) -> dict[str, KeyFigure]:
    year, full = (float(study.added[name].sum()) for name in ("ar", "helar"))
    why = study.lacks or "underlag saknas"
    without = np.nan if study.begins else _known(study.kr[:MONTHS])
    everybody, step = persons.everybody, ROUNDED
    amounts = {
        "prognos_mnkr": (
            without + year,
            f"Kostnad för hemtjänst och boende {study.ar}, prognos",
        ),
        "prognos_utan_scenario_mnkr": (
            without,
            f"Kostnad {study.ar} utan scenariot",
        ),
        "skillnad_mnkr": (year, "Scenariots förändringar i år"),
        "skillnad_helar_mnkr": (full, "Scenariots förändringar på helår"),
        "jamfor_med_skillnad_mnkr": (year - float(study.versus["ar"]), "Skillnad mot det som jämförs"),
    }
    shown = (
        amounts
        if study.case.scenario.changes or study.case.jamfor_med.changes
        else {"prognos_mnkr": amounts["prognos_mnkr"]}
    )
    return {
        key: key_figure(key, kr / KR_PER_MNKR, label, why, tells=everybody, rounds=step)
        for key, (kr, label) in shown.items()
    }


def _known(kr: np.ndarray) -> float:
    return float(np.nansum(kr)) if np.isfinite(kr).any() and kr.size else np.nan


def facts(study: Study, persons: Persons, beside: Outside) -> dict[str, KeyFigure]:
    """What only the sentences need."""
    cases, everybody = ((CASES, ""),), persons.everybody
    places = persons.places(tables.PERMANENT).sum(axis=1)
    ago = f"{study.ar - 1}{study.manad[4:]}"
    before = persons.cases.sum(axis=1)
    counts = {
        "arenden_i_fjol_antal": (before.get(ago, np.nan), cases),
        "helmanader_i_fjol_antal": (places.get(ago, np.nan), ALL_PLACES),
    }
    found = {key: key_figure(key, number, key, "saknas", tells=tells) for key, (number, tells) in counts.items()}
    total = np.nan if study.begins else _known(study.kr[:MONTHS]) + float(study.added["ar"].sum())
    money = {"budget": beside.budget_kr, "avvikelse": beside.budget_kr - total, "avgifter": beside.fees_year_kr}
    money |= {"avgifter_hittills": beside.fees_kr, "avgifter_budget": beside.budget_fees_kr}
    money |= {
        f"orsak_{cause}": float(study.causes[cause].sum()) if study.causes is not None else np.nan
        for cause in tables.CAUSES
    }
    tells = {name: () if name.startswith(("budget", "avgifter")) else everybody for name in money}
    found |= {
        f"{name}_mnkr": key_figure(f"{name}_mnkr", kr / KR_PER_MNKR, name, "saknas", tells=tells[name], rounds=ROUNDED)
        for name, kr in money.items()
    }
    return found


def checks(study: Study, shown: Result) -> list[Check]:
    """That areas sum to the unit, kinds to the total, bridges close, and nothing lacks a price."""
    areas, months = (shown.tabeller[name].frame for name in ("per_omrade", "per_manad"))
    whole = months.loc[months["manad"] == study.manad, "arenden_antal"].sum(min_count=1)
    kinds = shown.tabeller["prognos"].frame["prognos_mnkr"] * KR_PER_MNKR
    bridge = shown.tabeller["brygga"]
    within = bridge.rounds["kr"][0] if bridge.note else None
    found = [
        closes("Områdena summerar till enheten", areas["arenden_antal"].iloc[:-1].sum(skipna=False) - whole),
        closes(
            "Slagen summerar till prognosen",
            kinds.iloc[:-1].sum(skipna=False) - kinds.iloc[-1],
            1.0,
        ),
        *closing(bridge.frame, rounded_to=within),
    ]
    return [*found, warns("Hela året har volymer och priser", not study.lacks, study.lacks)]
