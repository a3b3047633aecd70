"""The operations' pages as a result: the same numbers in the notebook, the html, the workbook and the json."""

import math

import pandas as pd

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import MONTH_NAMES
from planbok.base.words import listed, small
from planbok.case.checks import Check
from planbok.case.reconciled import agreement, agreement_check
from planbok.case.result import Column, KeyFigure, Result, Table, key_figure
from planbok.disclosure.operations import people_of
from planbok.report.charts import bullets
from planbok.report.show import Page
from planbok.topics.follow_up import sheet
from planbok.topics.follow_up.figures import Shown
from planbok.topics.follow_up.grounds import grounds
from planbok.topics.follow_up.sheet import Sheet, is_more
from planbok.topics.follow_up.study import Study
from planbok.topics.follow_up.tables import NOT_ALLOCATED, operations_table
from planbok.topics.follow_up.view import checks_of_operations

BESIDE = ("avvikelse_kr", "anvant_procent", "anvant_kr", "budget_kr")
MOST_NAMED = 2


def sheet_result(study: Study) -> Result:
    """The page of one operation, or of all: plain sentences, three numbers, what each rests on."""
    found = sheet.sheets(study)
    one, *others = found
    first = sheet.whole_unit(study) if others else one
    tables = [operations_table(study), _in_kronor(study), _why_table(study, [s.namn for s in found])]
    by_name = {table.namn: table for table in tables if table is not None}
    month = MONTH_NAMES[study.tom - 1]
    reconciled = agreement_check(study.case, study.prognosis.amounts.utfall, study.tom)
    return Result.of(
        by_name.values(),
        rubrik=f"{first.namn} · så går det för oss till och med {month} {study.case.ar}",
        underrubrik="Underlag till APT",
        nyckeltal=_key_figures(first),
        kontroller=[reconciled, *checks_of_operations(study, by_name), _people(found)],
        framst=BESIDE,
        blad={"i_kronor": "Verksamheter i kronor"},
        grunder=grounds(study),
        lasare="alla medarbetare",
        people=people_of(sheet.people(study.case).reset_index()) if len(sheet.people(study.case)) else {},
        fakta=sheet.people_figures(study.case),
        say=lambda shown: _sentences(study, first, bool(others), found, shown),
    )


def _sentences(study: Study, first: Sheet, several: bool, found: list[Sheet], shown: Result) -> list[str]:
    after = "" if study.tom == len(MONTH_NAMES) else f"Nästa uppdatering: när {MONTH_NAMES[study.tom]} är bokförd."
    agrees = agreement(study.case, study.prognosis.amounts.utfall, study.tom).text
    if not several:
        whole = sheet.whole_unit(study)
        unit = "" if first.namn == whole.namn else f"Hela enheten: {small(sheet.sentences(whole, shown)[0])}"
        *said, ask = sheet.sentences(first, shown)
        return [*said, " ".join(text for text in (unit, agrees, after, ask) if text)]
    end, used = sheet.sentences(first, shown)[:2]
    order = sorted((s for s in found if not math.isnan(s.avvikelse)), key=lambda s: s.avvikelse)
    over = [s for s in order if is_more(-s.avvikelse)]
    under = [s for s in reversed(order) if is_more(s.avvikelse)]
    largest = max((abs(s.avvikelse) for s in order), default=0.0)
    apart = _not_allocated(study)
    if is_more(abs(apart)) and abs(apart) >= largest:
        how = "kvar" if is_more(apart) else "för mycket"
        end += f" Det mesta, {sheet.kr(abs(apart))} {how}, är inte fördelat på verksamheterna."
    said = [
        f"Störst överskridande på hela året: {_named(over)}." if over else "",
        f"Mest kvar: {_named(under)}." if under else "",
    ]
    even, unknown = len(order) - len(over) - len(under), len(found) - len(order)
    lacking = f" För {unknown} går det inte att räkna ut: underlaget anger inte alla belopp." if unknown else ""
    plan = f"Ungefär som planerat: {even} av {len(found)} verksamheter.{lacking}"
    own = "Varje verksamhet har sin egen sida, med vad den kan påverka."
    last = " ".join(text for text in (agrees, after, sheet.ASK) if text)
    return [text for text in (end, used, " ".join(filter(None, said)), f"{plan} {own}", last) if text]


def _named(found: list[Sheet]) -> str:
    """The two that are furthest off, with their kronor."""
    return listed([f"{s.namn} {sheet.kr(abs(s.avvikelse))}" for s in found[:MOST_NAMED]])


def _not_allocated(study: Study) -> float:
    """How far what no operation has is from its budget, mnkr; 0 where that is not known, minus is too much."""
    table = operations_table(study)
    rows = table.frame.set_index("verksamhet")["avvikelse_mnkr"] if table else pd.Series(dtype=float)
    value = float(rows.get(NOT_ALLOCATED, 0.0))
    return 0.0 if math.isnan(value) else value


def _key_figures(first: Sheet) -> dict[str, KeyFigure]:
    share = 100 * first.anvant / first.budget if first.budget > 0 else math.nan
    amounts = {
        "avvikelse": (first.avvikelse, "Kvar i december (minus är för mycket använt)"),
        "anvant": (first.anvant, "Vi har använt"),
        "budget": (first.budget, "Vi har fått för året"),
        "prognos": (first.prognos, "Så slutar året om det fortsätter så"),
    }
    values = {f"{name}_mnkr": both for name, both in amounts.items()}
    values |= {f"{name}_kr": (value * KR_PER_MNKR, label) for name, (value, label) in amounts.items()}
    values["anvant_procent"] = (share, "Använt av årets pengar")
    reason = f"underlaget anger inte alla belopp för {first.namn}"
    return {name: key_figure(name, value, label, reason) for name, (value, label) in values.items()}


def _why_table(study: Study, names: list[str]) -> Table:
    """Each operation's budget rows: what was planned and how the year ends."""
    leaves = study.prognosis.by_leaf
    rows = leaves[leaves["verksamhet"].isin(names)] if (leaves["verksamhet"] != "").any() else leaves
    budget = rows["budget"] + rows["ram"]
    frame = pd.DataFrame(
        {
            "verksamhet": rows["verksamhet"].replace("", study.case.unit_name()),
            "budgetrad": rows["budgetrad"],
            "budget_kr": budget,
            "utfall_kr": rows["utfall"],
            "prognos_kr": rows["prognos"],
            "avvikelse_kr": budget - rows["prognos"],
        }
    ).reset_index(drop=True)
    columns = (
        Column("verksamhet", "Verksamhet"),
        Column("budgetrad", "Till vad"),
        Column("avvikelse_kr", "Kvar (− för mycket)", formula="{budget_kr}-{prognos_kr}"),
        Column("budget_kr", "Vi har fått"),
        Column("utfall_kr", "Använt"),
        Column("prognos_kr", "Så slutar året"),
    )
    return Table("per_verksamhet_och_rad", "Vad pengarna går till", frame, columns)


def _in_kronor(study: Study) -> Table | None:
    """The operations in kronor, as the page shows them; None where the outturn is not divided."""
    table = operations_table(study)
    if table is None:
        return None
    names = {
        "avvikelse": "Kvar (− för mycket)",
        "budget": "Vi har fått",
        "utfall": "Använt",
        "prognos": "Så slutar året",
    }
    money = {f"{name}_kr": table.frame[f"{name}_mnkr"] * KR_PER_MNKR for name in names}
    frame = pd.DataFrame({"verksamhet": table.frame["verksamhet"], **money})
    nothing = frame["verksamhet"].eq(NOT_ALLOCATED) & frame.drop(columns="verksamhet").abs().lt(1.0).all(axis=1)
    frame = frame[~nothing].reset_index(drop=True)
    columns = [Column(f"{name}_kr", label) for name, label in names.items()]
    title = "Verksamheterna och hela enheten, i kronor"
    return Table("i_kronor", title, frame, (Column("verksamhet", "Verksamhet"), *columns), total_row=True)


def _people(found: list[Sheet]) -> Check:
    """Whether each page says what staff can influence."""
    name = "Varje sida säger vad vi kan påverka"
    lacking = [s.namn for s in found if not s.paverka]
    text = f"Underlag saknas i tabellen verksamheter för {', '.join(lacking)}." if lacking else ""
    return Check(name, "varning", not lacking, float(len(lacking)), 0.0, text)


def sheet_figure(page: Sheet) -> Shown:
    """What is used, how the year ends and what there is: one bullet."""
    values = {"vi har fått": page.budget, "så slutar året": page.prognos, "använt": page.anvant}
    if any(math.isnan(value) for value in values.values()):
        return "Underlaget anger inte alla belopp, så sidan har ingen figur."
    end = "året går ihop"
    if is_more(abs(page.avvikelse)):
        end = f"{sheet.kr(abs(page.avvikelse))} {'kvar' if is_more(page.avvikelse) else 'för mycket'} i december"
    alt = ", ".join(f"{name} {sheet.kr(value)}" for name, value in values.items())
    return bullets(
        {page.namn: (sheet.thousands(page.anvant), sheet.thousands(page.prognos))},
        title=f"{page.namn}: {end}",
        alt=f"{page.namn}: {alt}.",
        mattenhet="kronor",
        levels={f"vi har fått {sheet.kr(page.budget)}": sheet.thousands(page.budget)},
        decimaler=0,
    )


def unit_figure(study: Study) -> Shown:
    """Every operation beside the others, in per cent of what it has got for the year."""
    found = sheet.sheets(study)
    known = [s for s in found if s.budget > 0 and not any(map(math.isnan, (s.prognos, s.anvant)))]
    if len(found) < 2 or not known:
        return "Utfallet är inte uppdelat på verksamheter."
    rows = {s.namn: (100 * s.anvant / s.budget, 100 * s.prognos / s.budget) for s in known}
    worst = min(known, key=lambda s: s.avvikelse)
    share = format_unit(rows[worst.namn][1], "procent", 0)
    over = f"{worst.namn} går mest över i kronor: {sheet.kr(-worst.avvikelse)} ({share})"
    said = "; ".join(f"{name} {format_number(one, 0)} och {format_number(two, 0)}" for name, (one, two) in rows.items())
    return bullets(
        rows,
        title=over if is_more(-worst.avvikelse) else "Pengarna räcker överallt",
        alt=f"Använt hittills och så slutar året, i procent av årets pengar: {said}.",
        mattenhet="procent av årets pengar",
        levels={"årets pengar": 100.0},
        decimaler=0,
    )


def pages(study: Study, shown: Result) -> list[Page]:
    """A heading, plain sentences and a figure for each operation; of one alone the summary has said the words."""
    one, *others = sheet.sheets(study)
    if not others:
        return [Page("", (), sheet_figure(one))]
    return [
        Page(page.namn, tuple(sheet.sentences(page, shown)), sheet_figure(page), alone=True) for page in (one, *others)
    ]
