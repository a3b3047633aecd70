"""How the goals stand in words, made of the result as its reader may see it; and the text of each goal to paste."""

from datetime import date

import pandas as pd

from planbok.base.numbers import format_number
from planbok.base.periods import long_date
from planbok.base.words import counted, first_of, listed
from planbok.case.result import Result
from planbok.report.show import Page
from planbok.topics.goals import activities
from planbok.topics.goals.indicators import MET, MISSED, SIGNS
from planbok.topics.goals.occasions import LATER
from planbok.topics.goals.study import Study
from planbok.topics.goals.wheel import MONTHLY

FEWEST, MOST, NAMED, AHEAD = 3, 5, 3, 8
NO_ACTIVITIES = "Inga aktiviteter är inlagda för året."


def sentences(study: Study, shown: Result) -> list[str]:
    """The answer in at most five sentences: met and not met, missing, late, the largest gap, and what has changed."""
    found = (_met(shown), _gap(shown), _missing(study, shown), _late(shown), _changed(shown))
    said = [text for text in found if text]
    if len(said) < FEWEST:
        said += [*_all_known(shown), *([] if len(shown.tabeller["aktiviteter"].frame) else [NO_ACTIVITIES])]
    return said[:MOST]


def _all_known(shown: Result) -> list[str]:
    """That no indicator lacks its outcome, or that how many do is not shown."""
    lacking = shown.nyckeltal["mal_utan_utfall_antal"]
    if lacking.varde is None:
        return [f"Hur många indikatorer som saknar utfall {lacking.lacking}."]
    return [] if lacking.varde else ["Ingen indikator saknar utfall som borde ha kommit."]


def _met(shown: Result) -> str:
    met, missed = (shown.nyckeltal[key] for key in ("mal_klaras_antal", "mal_klaras_inte_antal"))
    if met.varde is None or missed.varde is None:
        return f"Hur många mål som klaras {next(f.lacking for f in (met, missed) if f.varde is None)}."
    together = met.varde + missed.varde
    if not together:
        return "Inget mål kan bedömas än: inget utfall står mot ett mål i tal."
    if together == 1:
        return f"Enhetens enda mål med utfall klaras{' inte' if missed.varde else ''}."
    rest = f", {format_number(missed.varde, 0)} klaras inte" if missed.varde else ""
    return f"{format_number(met.varde, 0)} av enhetens {counted(together, 'mål', 'mål')} med utfall klaras{rest}."


def ranked(shown: Result) -> pd.DataFrame:
    """The unit's own indicators that miss their target, the one furthest from it first, of what is shown."""
    rows = shown.tabeller["indikatorer"].frame
    rows = rows[(rows["lage"] == SIGNS[MISSED]) & rows["raknas"] & rows["utfall_mot_mal"].notna()]
    return rows.sort_values("utfall_mot_mal", kind="stable")


def _gap(shown: Result) -> str:
    rows = ranked(shown)
    if rows.empty:
        return ""
    row = rows.iloc[0]
    goal = _unbroken(row["mal"])
    return f"Längst från målet är {_short(row['namn'])}: {row['utfall']} mot målet {goal}, {row['skillnad']}."


def _unbroken(text: str) -> str:
    """A target as the plan has it, with the per cent sign kept on its number's line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _short(name: str) -> str:
    return f"”{name.rstrip('.')}”"


def _missing(study: Study, shown: Result) -> str:
    """What has no outcome, and what is measured later in the year."""
    lacking = shown.nyckeltal["mal_utan_utfall_antal"].varde or 0
    states = shown.tabeller["indikatorer"].frame["lage"]
    later = int(states.isin(LATER.values()).sum())
    said = [f"{counted(lacking, 'indikator', 'indikatorer')} saknar utfall"] if lacking else []
    said += [f"{counted(later, 'indikator', 'indikatorer')} mäts senare under året"] if later else []
    texts = shown.nyckeltal["mal_utan_tal_antal"].varde or 0
    said += [f"{counted(texts, 'indikator', 'indikatorer')} har inget mål i tal"] if texts else []
    return f"{listed(said)}." if said else ""


def _late(shown: Result) -> str:
    rows = shown.tabeller["aktiviteter"].frame
    late = rows[rows["lage"] == activities.LATE]
    if rows.empty:
        return ""
    every, done = counted(len(rows), "aktivitet", "aktiviteter"), shown.nyckeltal["aktiviteter_klara_antal"].varde or 0
    if len(rows) == 1 and late.empty:
        return f"Enhetens enda aktivitet är {'klar' if done else 'inte klar, och inte försenad'}."
    if late.empty:
        return f"Ingen av {every} är försenad; {counted(done, 'är klar', 'är klara')}."
    named = first_of([f"{_short(row['aktivitet'])} ({row['dagar']})" for row in late.to_dict("records")], NAMED)
    stopped = int((rows["lage"] == activities.STOPPED).sum())
    states = [counted(done, "klar", "klara"), *([counted(stopped, "avbruten", "avbrutna")] if stopped else [])]
    return f"Av {every} är {listed([*states, counted(len(late), 'försenad', 'försenade')])}: {named}."


def _changed(shown: Result) -> str:
    rows = shown.tabeller["sedan_sist"].frame
    rows = rows[rows["nu"].notna()] if len(rows) else rows
    found = {"klaras nu": SIGNS[MET], "klaras inte längre": SIGNS[MISSED]}
    named = {
        how: [_short(row["indikator"]) for row in rows.to_dict("records") if row["nu"].endswith(sign)]
        for how, sign in found.items()
    }
    shown_of = {how: first_of(its, NAMED) if len(its) > NAMED else listed(its) for how, its in named.items() if its}
    text = listed([f"enhetens mål för {names} {how}" for how, names in shown_of.items()])
    return f"Sedan förra gången: {text}." if text else ""


def meeting(study: Study, shown: Result) -> Page:
    """The page for the unit's meeting: the answer, what is not reached, and what comes next in the year."""
    found = ranked(shown).to_dict("records")
    missed = [f"{_short(row['namn'])}: {row['utfall']}, målet är {_unbroken(row['mal'])}." for row in found]
    rows = shown.tabeller["arshjul"].frame
    ahead = (
        rows[(rows["dag"] > study.day.isoformat()) & ~rows["vad"].str.startswith(MONTHLY)]
        .head(AHEAD)
        .to_dict("records")
    )
    coming = [f"{long_date(date.fromisoformat(row['dag']))}: {row['vad'].rstrip('.')}." for row in ahead]
    lines = [text for text in shown.sammanfattning if text != _gap(shown)]
    lines += ["Det här når vi inte än:", *missed[:MOST]] if missed else []
    lines += ["Härnäst:", *coming] if coming else []
    return Page("Till enhetens möte", tuple(lines), "", alone=True)


def texts(shown: Result) -> list[Page]:
    """A text per goal to paste into the city's system, with the numbers that are shown."""
    rows = shown.tabeller["indikatorer"].frame
    acts = shown.tabeller["aktiviteter"].frame
    found = []
    for goal in shown.tabeller["mal"].frame.to_dict("records"):
        name = goal["mal"].lstrip("– ")
        own = rows[rows["mal_narmast"] == name]
        its = acts[acts["mal"] == name]
        if own.empty and its.empty:
            continue
        judged = [] if goal["bedomning"] == "inte bedömt" else [f"Chefens bedömning: {goal['bedomning']}."]
        lines = [*judged, *(_line(row) for row in own.to_dict("records"))]
        lines += [_activity(row) for row in its.to_dict("records")]
        found.append(Page(name, tuple(lines), ""))
    return found


def _line(row: dict) -> str:
    """An indicator in a sentence."""
    name = row["namn"]
    if not isinstance(row["lage"], str):
        return f"{name}: skyddas, få personer."
    if not isinstance(row["utfall"], str):
        return f"{name}: {row['lage']}. Målet är {_unbroken(row['mal'])}."
    gap = f", {row['skillnad']}" if row["skillnad"] else ""
    more = f" Prognos för året: {row['prognos']}." if isinstance(row["prognos"], str) and row["prognos"] else ""
    return f"{name} {row['period']}: {row['utfall']}. Målet är {_unbroken(row['mal'])}: {row['lage']}{gap}.{more}"


def _activity(row: dict) -> str:
    late = f", {row['dagar']}" if row["dagar"] else ""
    asked = f" ({row['anmarkning']})" if row["anmarkning"] else ""
    return f"Aktivitet: {row['aktivitet'].rstrip('.')}: {row['lage']}{late}, klar senast {row['till']}{asked}."
