"""The whole result on decisions in time: key figures, tables, working lists, whom they tell of, and the checks."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.periods import long_date, long_month
from planbok.case.checks import Check, closes, warns
from planbok.case.reconciled import up_to_date_check
from planbok.case.result import KeyFigure, Result, key_figure
from planbok.case.said import scenario_line
from planbok.disclosure.standing import Standing
from planbok.topics.decisions import counted, lists, people, sentences, spot, tables, waiting
from planbok.topics.decisions.grounds import grounds
from planbok.topics.decisions.people import Persons
from planbok.topics.decisions.steady import steady
from planbok.topics.decisions.study import CONTACT, INTERRUPTED, LATE, PLAN, START, WAITING, Study

SHEETS = {
    "statistik": "Beslut som väntar",
    "kvartal": "Väntande kvartal för kvartal",
    "planer": "Genomförandeplaner",
    "kapacitet_lagen": "Fler eller färre handläggare",
    "fordelning": "Öppna ärenden",
}

BESIDE = (
    "ej_verkstallda_antal",
    "uppfoljningar_forfallna_antal",
    "planer_i_tid_procent",
    "handlaggningstid_median_dagar",
    "utgar_inom_3_manader_antal",
)
PER_OFFICER = "personer per handläggare"
CARRIED_OUT = ("beslutsdatum", "verkstalld")


ASKED = "Vad väntar, vad är försenat, vem hinner"


@partial(Standing, steady=steady)
def result(study: Study) -> Result:
    """The study as key figures, tables and working lists, and what they tell of persons."""
    who = Persons(study)
    found = [
        waiting.statistics(study, who),
        waiting.quarter_table(study),
        tables.follow_up_table(study, who),
        tables.plan_table(study, who),
        tables.handling_table(study, who),
        tables.expiry_table(study, who),
        tables.load_table(study),
        tables.queue_table(study),
        tables.choices_table(study),
    ]
    return Result.of(
        found,
        rubrik=f"{study.case.unit_name()} · Beslut i tid {long_date(study.date)}",
        underrubrik=scenario_line(study.case.scenario) if study.case.scenario.changes else ASKED,
        nyckeltal=key_figures(study, who),
        framst=BESIDE,
        grunder=grounds(study),
        people=who.people(),
        fakta=facts(study, who),
        texter={"klass": _longest_class(study, who)},
        say=partial(sentences.sentences, study),
        verify=lambda shown: checks(study, whole=found[0].frame, plans=found[3].frame),
        details=lambda: [tables.officer_table(study)] if len(study.officers.working) else [],
        arbetslista=lambda: lists.working_lists(study),
        blad=SHEETS,
    )


def queue(study: Study) -> Result:
    """Of the whole result what dials move: the queue of investigations, whom it is made of, and who investigates."""
    return Result.of(
        [tables.queue_table(study)],
        nyckeltal={"ko_sist_antal": queue_left(study)},
        people=Persons(study).queued(),
        fakta=queue_facts(study),
        steady=lambda limits: queue(steady(study, limits)),
    )


def key_figures(study: Study, who: Persons) -> dict[str, KeyFigure]:
    """The day's figures; one whose column or table is not there is missing, and says what it lacks."""
    late = int((study.follow_up["senast"] < study.day).sum())
    not_done, stopped = study.why_not(*CARRIED_OUT), study.why_not("avbrott_fran")
    counts = {
        "ej_verkstallda_antal": (
            (who.open["slag"] == WAITING).sum(),
            f"Ej verkställda beslut {counted.waiting(study, WAITING)}".strip(),
            not_done,
            WAITING,
        ),
        "avbrott_antal": (
            (who.open["slag"] == INTERRUPTED).sum(),
            f"Avbrott som inte har upphört {counted.waiting(study, INTERRUPTED)}".strip(),
            stopped,
            INTERRUPTED,
        ),
        "verkstallda_for_sent_antal": (
            study.quarters[LATE].iloc[-1] if study.waits else study.late.sum(),
            "Verkställda för sent under kvartalet",
            not_done,
            people.LATE,
        ),
        "langsta_vantan_dagar": (_longest(study), "Längsta väntan", not_done or "inget beslut väntar", people.SINGLE),
        "uppfoljningar_forfallna_antal": (late, "Försenade uppföljningar", study.why_not("foljd_upp"), people.OVERDUE),
        "utgar_inom_3_manader_antal": ((study.expires > 0).sum(), "Beslut som går ut", "", people.EXPIRES),
    }
    found = {
        key: key_figure(key, None if why and key != "langsta_vantan_dagar" else value, label, why, tells=((of, ""),))
        for key, (value, label, why, of) in counts.items()
    }
    drawn = spot.size(study)
    all_drawn = drawn < int(study.rule("stickprov_antal"))  # then it says how many run, month by month
    tells = ((people.SINGLE, ""),) if all_drawn else ()
    found["stickprov_antal"] = key_figure("stickprov_antal", drawn, "Beslut dragna till stickprov", tells=tells)
    return found | _plan_figures(study, who) | _handling_figures(study, who) | _indicators(study)


def _longest(study: Study) -> float:
    """Days that the decision which has waited longest has waited; NaN where none does."""
    return float((study.day - study.since[study.open != ""]).dt.days.max())


def _longest_class(study: Study, who: Persons) -> str:
    name = waiting.class_names(study)[int(who.open["klass"].max())] if len(who.open) else ""
    return f"mer än {name[:-1]}" if name.endswith("+") else name


def _plan_figures(study: Study, who: Persons) -> dict[str, KeyFigure]:
    last = tables.plan_table(study, who).frame.iloc[-1]
    why = study.why_not(*tables.PLAN_COLUMNS) or f"inga beställningar {study.ar}"
    tells, to = tuple((name, "") for name in people.PLANS), counted.ordered(study, PLAN)
    labels = {"i_tid_procent": "Genomförandeplaner i tid", "av_bestallda_procent": "Beställningar med plan"}
    found = {
        f"planer_{key}": key_figure(f"planer_{key}", last[key], f"{label} {to}".strip(), why, tells=tells)
        for key, label in labels.items()
    }
    return found | {
        "kontakt_i_tid_procent": _share(
            study, "kontakt_i_tid_procent", "Kontakt i tid", people.CONTACT, ("bestalld", "kontaktad")
        ),
        "start_i_tid_procent": _share(study, "start_i_tid_procent", "Start i tid", people.START, CARRIED_OUT),
    }


def _share(study: Study, key: str, label: str, of: str, columns: tuple[str, ...]) -> KeyFigure:
    """The share that was done in time of what should have been done."""
    what = START if of == people.START else CONTACT
    rows, to = study.within(what), counted.ordered(study, what)
    total = rows.to_numpy().sum()
    value = 100 * rows["i_tid"].sum() / total if total else np.nan
    why = study.why_not(*columns)
    tells = tuple((of, part) for part in rows.columns)
    label = f"{label} {to}".strip()
    return key_figure(key, None if why else value, label, why or f"inget att räkna {study.ar}", tells=tells)


def _handling_figures(study: Study, who: Persons) -> dict[str, KeyFigure]:
    step = study.stood.step if study.stood else 0
    sums, per = who.whole(step), study.officers.per_officer
    in_time = ((people.DONE, ""), (people.DONE_IN_TIME, ""), (people.DONE_LATE, ""))
    why = tables.NO_CASES if "arenden" not in study.tables else tables.NONE_DONE
    stood = study.officers.stood
    persons = f", personer i {long_month(stood.manad)}" if stood else ""
    label = f"Personer per handläggare i tjänst {long_date(study.date)}{persons}"
    none = np.isnan(per)
    figures = {
        "handlaggningstid_median_dagar": (
            sums["median"],
            "Handläggningstid, median",
            ((people.DONE, ""),),
            counted.decided(study),
        ),
        "arenden_i_tid_procent": (sums["i_tid"], "Ärenden beslutade i tid", in_time, counted.timely(study)),
    }
    found = {
        key: key_figure(key, value, f"{label}, {to}" if to else label, why, tells=tells)
        for key, (value, label, tells, to) in figures.items()
    }
    if step:
        found["handlaggningstid_median_dagar"] = replace(found["handlaggningstid_median_dagar"], avrundat_till=step)
    hides = study.stood.hides if study.stood else {}
    for key, figure in found.items():
        if figure.saknas and any("" in hides.get(name, ()) for name, _ in figure.tells):
            found[key] = replace(figure, saknas="", skyddas=waiting.FEW)
    return {
        "ko_sist_antal": queue_left(study),
        **found,
        "personer_per_handlaggare": KeyFigure(
            None if none else float(per),
            PER_OFFICER,
            label,
            tables.NO_OFFICERS if none else "",
            tells=((people.OFFICERS, ""), (people.RUNNING, "")),
        ),
    }


def queue_left(study: Study) -> KeyFigure:
    """Investigations that are left when the months ahead are over."""
    last = study.queue.left[-1] if study.queue else None
    return key_figure("ko_sist_antal", last, "Kö efter månaderna framåt", tables.NO_QUEUE, tells=people.QUEUED)


def _indicators(study: Study) -> dict[str, KeyFigure]:
    why, found = "underlag saknas: ingen sådan indikator i tabellen indikatorutfall", {}
    for name, label in people.INDICATORS.items():
        key, (value, told) = f"{name}_procent", spot.indicator(study, name)
        tells = tuple((name, part) for part in (True, False)) if told else ()
        found[key] = key_figure(key, value, label, why, tells=tells)
    return found


def facts(study: Study, who: Persons) -> dict[str, KeyFigure]:
    """What only the sentences need: what is to be followed up, how the queue goes, open cases per officer."""
    months = who.ahead.index[1:]
    found = {
        "uppfoljningar_framat_antal": key_figure(
            "uppfoljningar_framat_antal",
            None if study.why_not("foljd_upp") else int(who.due_month.isin(months).sum()),
            "att följa upp",
            study.why_not("foljd_upp"),
            tells=tuple((people.AHEAD, (month, "")) for month in months),
        ),
    }
    found |= queue_facts(study)
    open_cases = study.officers.working["oppna"].dropna()
    spread = (
        {"snitt": open_cases.mean(), "lagst": open_cases.min(), "hogst": open_cases.max()} if len(open_cases) else {}
    )
    for key in ("snitt", "lagst", "hogst"):
        value = spread.get(key)
        found[key] = key_figure(key, value, key, "underlag saknas: handläggare", tells=((people.OFFICERS, ""),))
    return found


def queue_facts(study: Study) -> dict[str, KeyFigure]:
    """The open investigations on the day, and after how many months they are gone."""
    now, tells = study.queue, people.QUEUED
    values = {"ko_antal": now.waiting if now else None, "ko_borta": now.gone if now else None}
    why = "finns kvar" if now else tables.NO_QUEUE
    return {key: key_figure(key, value, key, why, tells=tells) for key, value in values.items()}


def checks(study: Study, whole: pd.DataFrame, plans: pd.DataFrame) -> list[Check]:
    """That parts sum to wholes in the whole tables of what waits and of plans, and what the dates can't tell."""
    totals, ordered = whole["insats"] == waiting.TOTAL_ROW, plans["bestallda_antal"]
    difference = abs(whole.loc[~totals, "antal"].sum() - whole.loc[totals, "antal"].sum())
    undated = int(study.rows["beslutsdatum"].isna().sum())
    dated = "beslutsdatum" not in study.lacks
    there = [name for name in ("verkstalld", "foljd_upp", "plan_in") if name not in study.lacks]
    empty = [name for name in there if study.rows[name].isna().all()]
    count = "Beslut" if study.stands else f"{undated} beslut"
    without = f"{count} utan beslutsdatum kan inte räknas som väntande."
    blank = f"{' och '.join(empty)} är tom för alla beslut: är den verkligen ifylld?"
    return [
        up_to_date_check(study.rows, study.date),
        closes("Insatserna summerar till alla som väntar", difference, 0.0),
        closes("Utförarna summerar till alla beställningar", abs(ordered.iloc[:-1].sum() - ordered.iloc[-1]), 0.0),
        warns("Alla beslut har beslutsdatum", undated == 0 if dated else None, without if undated and dated else ""),
        warns("Datumkolumnerna är ifyllda", not empty, blank if empty else ""),
    ]
