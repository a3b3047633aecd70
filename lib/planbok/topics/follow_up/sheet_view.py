"""The operations' pages as a result: the same numbers in the notebook, the html, the workbook and the json."""

import math

import pandas as pd

from planbok.base.numbers import format_unit, mnkr
from planbok.base.periods import MONTH_NAMES
from planbok.case.reconciled import agreement, agreement_check
from planbok.case.result import Check, Column, KeyFigure, Result, Table, key_figure
from planbok.disclosure.operations import people_of
from planbok.report.figure import bars
from planbok.report.show import Page
from planbok.topics.follow_up import sheet
from planbok.topics.follow_up.figures import Shown
from planbok.topics.follow_up.grounds import grounds
from planbok.topics.follow_up.sheet import SMALL_MNKR, Sheet
from planbok.topics.follow_up.study import Study
from planbok.topics.follow_up.tables import by_leaf, operations_table
from planbok.topics.follow_up.view import checks_of_operations

BESIDE = ("anvant_mnkr", "prognos_mnkr", "avvikelse_mnkr")


def sheet_result(study: Study) -> Result:
    """The page of one operation, or of all: plain sentences, three numbers, what each rests on."""
    found = sheet.sheets(study)
    one = found[0] if len(found) == 1 else None
    first = one or sheet.whole_unit(study)
    tables = [operations_table(study), _why_table(study, [s.namn for s in found])]
    by_name = {table.namn: table for table in tables if table is not None}
    month = MONTH_NAMES[study.tom - 1]
    reconciled = agreement_check(study.case, study.prognosis.amounts.utfall, study.tom)
    return Result.of(
        by_name.values(),
        rubrik=f"{first.namn} · så går det för oss till och med {month} {study.case.ar}",
        underrubrik="Underlag till APT. mnkr är miljoner kronor.",
        nyckeltal=_key_figures(first),
        kontroller=[reconciled, *checks_of_operations(study, by_name), _people(found)],
        framst=BESIDE,
        grunder=grounds(study),
        lasare="alla medarbetare",
        people=people_of(sheet.people(study.case).reset_index()) if len(sheet.people(study.case)) else {},
        fakta=sheet.people_figures(study.case),
        say=lambda shown: _sentences(study, first, one is None, found, shown),
    )


def _sentences(study: Study, first: Sheet, several: bool, found: list[Sheet], shown: Result) -> list[str]:
    after = "" if study.tom == len(MONTH_NAMES) else f"Nästa uppdatering: när {MONTH_NAMES[study.tom]} är bokförd."
    _, agrees = agreement(study.case, study.prognosis.amounts.utfall, study.tom)
    last = [text for text in (agrees, after) if text]
    if not several:
        whole = sheet.whole_unit(study)
        unit = [] if first.namn == whole.namn else [f"Hela enheten: {_lower(sheet.sentences(whole, shown)[1])}"]
        return [*sheet.sentences(first, shown), *unit, *last]
    said = sheet.sentences(first, shown)[:2]
    order = sorted((s for s in found if not math.isnan(s.avvikelse)), key=lambda s: s.avvikelse)
    over = [s for s in order if s.avvikelse <= -SMALL_MNKR]
    under = [s for s in reversed(order) if s.avvikelse >= SMALL_MNKR]
    for names, how in ((over, "ligger mest över: {} för mycket"), (under, "har mest kvar: {}")):
        if names:
            largest = names[0]
            said.append(f"{largest.namn} {how.format(format_unit(abs(largest.avvikelse), 'mnkr'))}.")
    even, unknown = len(order) - len(over) - len(under), len(found) - len(order)
    lacking = f" För {unknown} går det inte att räkna ut: underlaget anger inte alla belopp." if unknown else ""
    said.append(f"Ungefär som planerat: {even} av {len(found)} verksamheter.{lacking}")
    said.append("Varje verksamhet har sin egen sida nedan.")
    return [*said, *last]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _key_figures(first: Sheet) -> dict[str, KeyFigure]:
    share = 100 * first.anvant / first.budget if first.budget > 0 else math.nan
    values = {
        "anvant_mnkr": (first.anvant, "Vi har använt"),
        "budget_mnkr": (first.budget, "Vi har fått för året"),
        "anvant_procent": (share, "Använt av årets pengar"),
        "prognos_mnkr": (first.prognos, "Så slutar året om det fortsätter så"),
        "avvikelse_mnkr": (first.avvikelse, "Kvar i december (minus är för mycket använt)"),
    }
    reason = f"underlaget anger inte alla belopp för {first.namn}"
    return {name: key_figure(name, value, label, reason) for name, (value, label) in values.items()}


def _why_table(study: Study, names: list[str]) -> Table:
    """Each operation's budget rows: what was planned and how the year ends."""
    leaves = by_leaf(study)
    rows = leaves[leaves["verksamhet"].isin(names)] if (leaves["verksamhet"] != "").any() else leaves
    budget = rows["budget"] + rows["ram"]
    frame = pd.DataFrame(
        {
            "verksamhet": rows["verksamhet"].replace("", study.case.unit_name()),
            "budgetrad": rows["budgetrad"],
            "budget_mnkr": mnkr(budget),
            "utfall_mnkr": mnkr(rows["utfall"]),
            "prognos_mnkr": mnkr(rows["prognos"]),
            "avvikelse_mnkr": mnkr(budget - rows["prognos"]),
        }
    ).reset_index(drop=True)
    columns = (
        Column("verksamhet", "Verksamhet"),
        Column("budgetrad", "Till vad"),
        Column("budget_mnkr", "Planerat", decimaler=2),
        Column("utfall_mnkr", "Använt", decimaler=2),
        Column("prognos_mnkr", "Så slutar året", decimaler=2),
        Column("avvikelse_mnkr", "Kvar (− för mycket)", decimaler=2, formula="{budget_mnkr}-{prognos_mnkr}"),
    )
    return Table("per_verksamhet_och_rad", "Vad pengarna går till", frame, columns)


def _people(found: list[Sheet]) -> Check:
    """Whether each page says what staff can influence."""
    name = "Varje sida säger vad vi kan påverka"
    lacking = [s.namn for s in found if not s.paverka]
    text = f"Underlag saknas i tabellen verksamheter för {', '.join(lacking)}." if lacking else ""
    return Check(name, "varning", not lacking, float(len(lacking)), 0.0, text)


def sheet_figure(page: Sheet) -> Shown:
    """What is used, how the year ends and what there is, as three bars."""
    values = {"Vi har fått": page.budget, "Så slutar året": page.prognos, "Vi har använt": page.anvant}
    if any(math.isnan(value) for value in values.values()):
        return "Underlaget anger inte alla belopp, så sidan har ingen figur."
    gap = page.avvikelse
    end = "året går ihop"
    if abs(gap) >= SMALL_MNKR:
        end = f"{format_unit(abs(gap), 'mnkr')} {'för mycket' if gap < 0 else 'kvar'} i december"
    alt = ", ".join(f"{name} {format_unit(value, 'mnkr')}" for name, value in values.items())
    return bars(list(values), {"mnkr": list(values.values())}, title=f"{page.namn}: {end}", alt=alt, mattenhet="mnkr")


def pages(study: Study, shown: Result) -> list[Page]:
    """A heading, plain sentences and a figure for each operation; of one alone the summary has said the words."""
    found = sheet.sheets(study)
    if len(found) == 1:
        return [Page("", (), sheet_figure(found[0]))]
    return [Page(page.namn, tuple(sheet.sentences(page, shown)), sheet_figure(page), alone=True) for page in found]
