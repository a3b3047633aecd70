"""The budget's answer in words: the first screen, the key figures and the checks, made from the study's numbers."""

from datetime import date

import numpy as np

from planbok.analysis.bridge import CLOSES_WITHIN_KR, closing_difference
from planbok.analysis.uncertainty import combined_interval
from planbok.control_totals import COLUMNS as CONTROL_COLUMNS
from planbok.control_totals import TOTAL_ROW
from planbok.errors import MissingValueError
from planbok.numbers import format_number, format_unit
from planbok.periods import last_day, month_span
from planbok.report.provenance import in_words
from planbok.result import Check, KeyFigure, Result, Table
from planbok.topics.budget import model, tables
from planbok.topics.budget.rows import KR_PER_MNKR
from planbok.topics.budget.study import VERSIONS, Study

ADJUSTMENT_RULE = "budget.justeras_efter"
SMALL_MNKR = 0.05  # what one decimal of mnkr shows as 0,0
HIDDEN_MOVE_MNKR = 0.5  # a move of cost and revenue behind a still net that is worth a sentence
ROUND_TO_KR = 1000
BESIDE_BASELINE = ("nettokostnad_mnkr", "kostnad_mnkr", "intakt_mnkr", "forandring_mnkr")
BESIDE_SCENARIO = ("nettokostnad_mnkr", "skillnad_mnkr", "helarseffekt_mnkr", "avvikelse_mnkr")


def result(study: Study) -> Result:
    """The study as sentences, key figures, tables and checks."""
    found = [
        tables.budget_table(study),
        tables.years_table(study),
        tables.bridge_table(study),
        tables.scenarios_table(study),
        tables.months_table(study),
        tables.basis_table(study),
        tables.balance_table(study),
        tables.parts_table(study),
        tables.sensitivity_table(study),
        tables.plan_years_table(study),
    ]
    by_name = {table.namn: table for table in found if table is not None}
    return Result(
        rubrik=f"{study.case.unit_name()} · budget {study.case.ar}, {VERSIONS[study.version][0]}",
        underrubrik=f"Scenario: {tables.scenario_title(study, study.outcome)}",
        sammanfattning=sentences(study, by_name),
        nyckeltal=key_figures(study, by_name["budget"]),
        tabeller=by_name,
        kontroller=checks(study, by_name["brygga"]),
        framst=BESIDE_BASELINE if study.outcome.scenario.id == study.versus.scenario.id else BESIDE_SCENARIO,
    )


def key_figures(study: Study, budget: Table) -> dict[str, KeyFigure]:
    """The year's figures under the scenario, mnkr; unknown ones with the reason."""
    total = budget.frame.iloc[-1]
    versus, mine, against = study.versus.amounts(), study.outcome.amounts(), tables.versus_name(study)
    values = {
        "kostnad_mnkr": (total["kostnad_mnkr"], "Kostnader"),
        "intakt_mnkr": (total["intakt_mnkr"], "Intäkter"),
        "nettokostnad_mnkr": (total["netto_mnkr"], "Nettokostnad"),
        "ram_mnkr": (total["ram_mnkr"], "Ram"),
        "avvikelse_mnkr": (total["avvikelse_mnkr"], "Avvikelse mot ramen (minus är underskott)"),
        "forandring_mnkr": (total["forandring_mnkr"], f"Förändring mot {study.case.ar - 1}"),
        "nettokostnad_jamfor_mnkr": (tables.mnkr(versus.kr), f"Nettokostnad, {against}"),
        "skillnad_mnkr": (
            tables.mnkr(mine.kr - versus.kr),
            f"Skillnad mot {tables.versus_name(study)} (plus är dyrare)",
        ),
        "helarseffekt_mnkr": (tables.mnkr(mine.kr_helar - versus.kr_helar), "Skillnad på helår (plus är dyrare)"),
    }
    missing = _missing_cells(study)
    found = {}
    for name, (value, label) in values.items():
        known = value is not None and not np.isnan(value)
        reason = "" if known else (_missing_year(study) if name == "forandring_mnkr" and not missing else missing)
        found[name] = KeyFigure(float(value) if known else None, "mnkr", label, reason)
    return found


def _missing_cells(study: Study) -> str:
    """Which amounts the budget does not give; "" where it gives all."""
    by_row = study.bas.by_row()
    names = {"kostnad_kr": "kostnad", "intakt_kr": "intäkt"}
    parts = [f"{row}: {name}" for row in by_row.index for key, name in names.items() if np.isnan(by_row.loc[row, key])]
    return f"underlaget anger inte {', '.join(parts)}" if parts else ""


def _missing_year(study: Study) -> str:
    return f"budgeten {study.case.ar - 1} finns inte i underlaget, och förändringen är inte angiven"


def sentences(study: Study, found: dict[str, Table]) -> list[str]:
    """The answer in 3–8 sentences: what it costs, what it takes, what changed, what it rests on."""
    if _missing_cells(study):
        return _sentences_of_what_is_known(study)
    same = study.outcome.scenario.id == study.versus.scenario.id
    said = [_budget_sentence(study) if same else _difference_sentence(study)]
    said += [] if same else [_full_year_sentence(study)]
    said.append(_balance_sentence(study))
    said.append(_year_sentence(study, found["ar_jamforelse"]))
    said += _earlier_years_sentence(study, found["ar_jamforelse"])
    said += _range_sentence(study)
    said.append(_basis_sentence(study))
    said += _adjustment_sentence(study)
    return (said + _fault_sentence(study))[:8] if not _fault_sentence(study) else [*said[:7], *_fault_sentence(study)]


def _mnkr(value: float, signed: bool = False) -> str:
    return format_unit(value, "mnkr", signed=signed)


def _sentences_of_what_is_known(study: Study) -> list[str]:
    """A budget that its source gives in part: what it gives, and that the rest is not known."""
    said = []
    for row in study.rows.to_dict("records"):
        amounts = {"kostnad_mnkr": "kostnader på", "intakt_mnkr": "intäkter på", "belopp_mnkr": ""}
        known = [
            f"{words} {format_unit(row[key], 'mnkr', 0 if row[key] == round(row[key]) else 1)}".strip()
            for key, words in amounts.items()
            if not np.isnan(row[key])
        ]
        said.append(f"Budgeten {study.case.ar} anger för {row['budgetrad']} {' och '.join(known)}.")
    said.append(f"Nettokostnad och avvikelse kan inte räknas fram: {_missing_cells(study)}.")
    said.append("Inget är tillagt eller uppskattat utöver det som källan anger.")
    return said


def _budget_sentence(study: Study) -> str:
    year = study.outcome.by_row().sum(skipna=False) / KR_PER_MNKR
    return (
        f"Nettokostnaden {study.case.ar} är {_mnkr(year['netto_kr'])}: kostnader på {_mnkr(year['kostnad_kr'])} "
        f"och intäkter på {_mnkr(year['intakt_kr'])}."
    )


def _difference_sentence(study: Study) -> str:
    difference = study.outcome.amounts() - study.versus.amounts()
    mine, versus = (tables.mnkr(o.amounts().kr) for o in (study.outcome, study.versus))
    how = "lika mycket som"
    if abs(difference.kr) >= CLOSES_WITHIN_KR:
        how = f"{_amount(abs(difference.kr))} {'mer' if difference.kr > 0 else 'mindre'} än"
    return f"Nettokostnaden blir {_mnkr(mine)}, {how} {tables.versus_name(study)} på {_mnkr(versus)}."


def _full_year_sentence(study: Study) -> str:
    difference = study.outcome.amounts() - study.versus.amounts()
    year, full = tables.mnkr(difference.kr), tables.mnkr(difference.kr_helar)
    rest = tables.mnkr(difference.kr_helar - difference.kr)
    if _ends_with_the_year(study):
        return f"Tolv månader i den takt som gäller den 31 december blir {_mnkr(full, signed=True)}."
    if abs(rest) < SMALL_MNKR:
        return f"Effekten är densamma på helår, {_mnkr(full, signed=True)}."
    start = f"Helårseffekten är {_mnkr(full, signed=True)}: "
    if rest > 0:
        alike = abs(rest - year) < SMALL_MNKR
        return start + ("lika mycket till" if alike else f"{_mnkr(rest)} till") + " måste finansieras nästa år."
    return start + f"nästa års kostnad påverkas med {_mnkr(rest, signed=True)} till."


def _ends_with_the_year(study: Study) -> bool:
    """Whether something in the scenario stops at the end of the year, so that next year is not its full year."""
    end = last_day(study.case.ar)
    changes = [n.change for o in (study.outcome, study.versus) for n in o.scenario]
    return any(change.typ == "bedomning" or change.ends == end for change in changes)


def _balance_sentence(study: Study) -> str:
    amounts = study.outcome.amounts()
    gap = amounts.kr_ram - amounts.kr
    ram = _mnkr(amounts.kr_ram / KR_PER_MNKR)
    if abs(gap) < CLOSES_WITHIN_KR:
        return f"Budgeten är i balans: nettokostnaden ryms precis i ramen på {ram}."
    if gap > 0:
        return f"Det ger {_amount(gap)} i överskott mot ramen på {ram}."
    start = tables.first_month(study)
    monthly = ROUND_TO_KR * round(-gap / (13 - start) / ROUND_TO_KR)
    per_month = format_unit(monthly or -gap / (13 - start), "kr")
    return (
        f"Det ger {_amount(-gap)} i underskott mot ramen på {ram}: för budget i balans i år behöver andra kostnader "
        f"sänkas med {per_month} per månad {month_span(start)}."
    )


def _amount(kr: float) -> str:
    """An amount in mnkr, or in kronor where mnkr would show nothing."""
    return _mnkr(tables.mnkr(kr)) if abs(kr) >= SMALL_MNKR * KR_PER_MNKR else format_unit(kr, "kr")


def _year_sentence(study: Study, compared: Table) -> str:
    year, before = study.case.ar, study.case.ar - 1
    pair = compared.frame[compared.frame["fran_ar"] == before].set_index("budgetrad")["netto_forandring_mnkr"]
    if pair.empty or np.isnan(pair[TOTAL_ROW]):
        return f"Förändringen mot {before} visas inte: {_missing_year(study)}."
    total, rows = pair[TOTAL_ROW], pair.drop(TOTAL_ROW)
    if abs(total) < SMALL_MNKR:
        return f"Mot {before} är budgeten {year} oförändrad."
    largest = rows[rows.abs().sort_values(ascending=False).index][:2]
    parts = [
        f"{_row_name(row)} för {format_number(change)}" for row, change in largest.items() if abs(change) >= SMALL_MNKR
    ]
    explained = f"; {parts[0].replace(' för ', ' står för ', 1)}" + "".join(f" och {p}" for p in parts[1:])
    return f"Mot {before} {'ökar' if total > 0 else 'minskar'} budgeten med {_mnkr(abs(total))}{explained}."


def _row_name(row: str) -> str:
    """A row's name inside a sentence: small first letter, abbreviations as they are."""
    return row if row[:2].isupper() else row[0].lower() + row[1:]


def _earlier_years_sentence(study: Study, compared: Table) -> list[str]:
    """The longest comparison with both cost and revenue, where a net that looks still hides a move."""
    frame = compared.frame[(compared.frame["fran_ar"] < study.case.ar - 1) & (compared.frame["budgetrad"] != TOTAL_ROW)]
    still = frame[
        (frame["netto_forandring_mnkr"].abs() < SMALL_MNKR)
        & (frame["kostnad_forandring_mnkr"].abs() >= HIDDEN_MOVE_MNKR)
    ]
    totals = compared.frame[
        (compared.frame["fran_ar"] < study.case.ar - 1) & (compared.frame["budgetrad"] == TOTAL_ROW)
    ]
    if totals.empty or np.isnan(totals.iloc[-1]["netto_forandring_mnkr"]):
        return []
    total = totals.iloc[-1]
    change, percent = total["netto_forandring_mnkr"], format_unit(abs(total["procent"]), "procent")
    said = (
        f"Sedan {int(total['fran_ar'])} har nettot {'ökat' if change > 0 else 'minskat'} med "
        f"{_mnkr(abs(change))} ({percent})"
    )
    for row in still[still["fran_ar"] == total["fran_ar"]].head(1).to_dict("records"):
        cost, revenue = row["kostnad_forandring_mnkr"], row["intakt_forandring_mnkr"]
        said += (
            f"; {_row_name(row['budgetrad'])} ser oförändrad ut, men kostnaderna har ändrats med "
            f"{format_number(cost, signed=True)} och intäkterna med {format_number(revenue, signed=True)}"
        )
    return [said + "."]


def _range_sentence(study: Study) -> list[str]:
    ends = model.stated_ends(study.outcome, study.effects)
    if ends.empty:
        return []
    pairs = list(ends[["kr_lag", "kr_hog"]].itertuples(index=False, name=None))
    low, high = combined_interval(study.outcome.amounts().kr, pairs)
    span = f"{format_number(low / KR_PER_MNKR)}–{_mnkr(high / KR_PER_MNKR)}"
    return [f"Med de osäkerheter som scenariot anger blir nettokostnaden i åtta fall av tio {span}."]


def _basis_sentence(study: Study) -> str:
    frame = model.by_basis(study.outcome, study.basis)
    also_changes = study.basis in {n.change.underlag for n in study.outcome.scenario}
    own = in_words(study.basis) if also_changes or study.basis != "beslutad" else "beslutad budget"
    parts = []
    for row in frame.to_dict("records"):
        name = own if row["underlag"] == study.basis else in_words(row["underlag"])
        if abs(row["kr"]) >= CLOSES_WITHIN_KR:
            parts.append(f"{_amount(row['kr'])} {name}")
    if len(parts) == 1:
        return f"Hela nettokostnaden är {own}."
    return f"Av nettokostnaden är {', '.join(parts[:-1])} och {parts[-1]}."


def _adjustment_sentence(study: Study) -> list[str]:
    """When the unit's preliminary budget is adjusted, where a rule says so."""
    if study.version != "vp" or ADJUSTMENT_RULE not in study.case.sources.rules.series:
        return []
    try:
        stated = study.case.rule(ADJUSTMENT_RULE, date(study.case.ar, 1, 1)).varde
    except MissingValueError:
        return []
    return [f"Budgeten justeras efter {stated[study.case.enhet]}."] if study.case.enhet in stated else []


def _fault_sentence(study: Study) -> list[str]:
    wrong = [c for c in study.comparisons if not c.ok]
    if not wrong:
        return []
    places = "ett ställe" if len(wrong) == 1 else f"{len(wrong)} ställen"
    return [f"Obs! Underlaget går inte ihop på {places}; se Kontroller innan siffrorna används."]


def checks(study: Study, bridge: Table) -> list[Check]:
    """What must agree in the budget and in the figures made from it."""
    found = [_control_total(study, column, name) for column, name in CONTROL_COLUMNS.items()]
    found.append(_row_nets(study))
    difference = closing_difference(bridge.frame)
    found.append(_within("Bryggan går från start till slut", difference, CLOSES_WITHIN_KR))
    month_sum = float(study.outcome.by_month()["netto_kr"].iloc[:12].sum(skipna=False))
    difference = abs(month_sum - study.outcome.amounts().kr)
    found.append(_within("Månaderna summerar till året", difference, CLOSES_WITHIN_KR))
    underlag = model.by_basis(study.outcome, study.basis)["kr"].sum(skipna=False)
    difference = abs(underlag - study.outcome.amounts().kr)
    found.append(_within("Underlagets delar summerar till nettokostnaden", difference, CLOSES_WITHIN_KR))
    return found


def _within(name: str, difference: float | None, tolerance: float) -> Check:
    """A check of level fel; None or NaN means that there was nothing to check."""
    if difference is None or np.isnan(difference):
        return Check(name, "fel", None, None, tolerance, "Underlaget anger inte allt som behövs.")
    return Check(name, "fel", bool(difference <= tolerance), float(difference), tolerance)


def _control_total(study: Study, column: str, name: str) -> Check:
    title = f"Raderna summerar till Totalt: {name}"
    compared = [c for c in study.comparisons if c.namn == TOTAL_ROW and c.kolumn == column]
    if not compared:
        return Check(title, "fel", None, forklaring="Tabellen anger inget Totalt att jämföra med.")
    one = compared[0]
    return Check(title, "fel", one.ok, round(one.differens, 6), one.tolerans, "" if one.ok else one.text())


def _row_nets(study: Study) -> Check:
    title = "Kostnad minus intäkt är netto på varje rad"
    compared = [c for c in study.comparisons if c.namn != TOTAL_ROW]
    if not compared:
        return Check(title, "fel", None, forklaring="Tabellen anger inget netto att jämföra med.")
    wrong = [c for c in compared if not c.ok]
    worst = max(compared, key=lambda c: abs(c.differens))
    text = " ".join(c.text() for c in wrong)
    return Check(title, "fel", not wrong, round(worst.differens, 6), worst.tolerans, text)
