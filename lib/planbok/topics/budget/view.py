"""The budget's result: key figures, tables and checks, with the sentences of the first screen."""

from functools import partial

from planbok.base.numbers import KR_PER_MNKR
from planbok.base.periods import month_span
from planbok.case.checks import Check, closes, warns
from planbok.case.reconciled import stated_check
from planbok.case.result import KeyFigure, Result, Table, key_figure
from planbok.case.said import filled, scenario_line
from planbok.inputs.tables.control_totals import COLUMNS as CONTROL_COLUMNS
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.budget import sliders, tables
from planbok.topics.budget.grounds import grounds
from planbok.topics.budget.sentences import missing_cells, missing_year, moves_frame, sentences
from planbok.topics.budget.study import VERSIONS, Study

SHEETS = {
    "budget": "Budgeten rad för rad",
    "per_manad": "Månad för månad",
    "balans": "Vad som krävs för balans",
    "kanslighet": "Osäkra antaganden",
    "verksamheter": "Budgeten per verksamhet",
}

BESIDE_BASELINE = ("nettokostnad_mnkr", "kostnad_mnkr", "intakt_mnkr", "forandring_mnkr")
BESIDE_FRAME = ("avvikelse_mnkr", "avvikelse_helar_mnkr", "skillnad_mnkr", "nettokostnad_mnkr")
BESIDE_SCENARIO = ("nettokostnad_mnkr", "skillnad_mnkr", "helarseffekt_mnkr", "avvikelse_mnkr")


def result(study: Study) -> Result:
    """The study as key figures and tables; its sentences and checks come of what is shown."""
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
    titel = tables.scenario_title(study, study.outcome)
    return Result.of(
        by_name.values(),
        rubrik=f"{study.case.unit_name()} · budget {study.case.ar}, {VERSIONS[study.version][0]}",
        underrubrik=scenario_line(study.outcome.scenario, "budgeten"),
        nyckeltal=key_figures(study, by_name["budget"]),
        framst=_beside(study),
        grunder=grounds(study),
        fakta=facts(study),
        skjutreglage=sliders.sliders(study),
        prov=sliders.SENTENCE,
        texter={
            "ar": str(study.case.ar),
            "scenario": titel,
            "jamfor": tables.versus_name(study),
            "profil": study.profile,
            "provas": sliders.largest_row(study),
        },
        say=partial(sentences, study),
        verify=partial(checks, study),
        blad=SHEETS,
    )


def _beside(study: Study) -> tuple[str, ...]:
    """The key figures beside the first screen: the deviation first where the scenario moves the frame."""
    if study.outcome.scenario.id == study.versus.scenario.id:
        return BESIDE_BASELINE
    return BESIDE_FRAME if moves_frame(study) else BESIDE_SCENARIO


def facts(study: Study) -> dict[str, KeyFigure]:
    """What only the sentences say: what the frame differs by from the comparison."""
    difference, reason = study.outcome.moved - study.versus.moved, missing_cells(study)
    values = {"ram_skillnad_mnkr": difference.kr_ram, "ram_helar_skillnad_mnkr": difference.kr_ram_helar}
    return {name: key_figure(name, tables.mnkr(kr), "", reason or "okänt") for name, kr in values.items()}


def key_figures(study: Study, budget: Table) -> dict[str, KeyFigure]:
    """The year's figures under the scenario, mnkr; unknown ones with the reason."""
    total = budget.frame.iloc[-1]
    mine, versus, against = study.outcome.amounts(), study.versus.amounts(), tables.versus_name(study)
    difference = study.outcome.moved - study.versus.moved
    start = tables.first_month(study)
    with_it = ", med scenariot" if study.outcome.scenario.changes else ""
    values = {
        "kostnad_mnkr": (total["kostnad_mnkr"], "Kostnader"),
        "intakt_mnkr": (total["intakt_mnkr"], "Intäkter"),
        "nettokostnad_mnkr": (total["netto_mnkr"], "Nettokostnad"),
        "ram_mnkr": (total["ram_mnkr"], "Ram"),
        "avvikelse_mnkr": (total["avvikelse_mnkr"], "Avvikelse mot ramen (minus är underskott)"),
        "avvikelse_helar_mnkr": (tables.mnkr(mine.kr_ram_helar - mine.kr_helar), "Avvikelse mot ramen på helår"),
        "balans_kr_per_manad": (
            (mine.kr_ram - mine.kr) / (13 - start),
            f"Krävs för budget i balans, i månaden {month_span(start)}",
        ),
        "forandring_mnkr": (total["forandring_mnkr"], f"Förändring mot {study.case.ar - 1}{with_it}"),
        "nettokostnad_jamfor_mnkr": (tables.mnkr(versus.kr), filled("Nettokostnad, {}", against)),
        "skillnad_mnkr": (tables.mnkr(difference.kr), filled("Skillnad mot {} (plus är dyrare)", against)),
        "helarseffekt_mnkr": (tables.mnkr(difference.kr_helar), "Skillnad på helår (plus är dyrare)"),
    }
    missing = missing_cells(study)
    found = {}
    for name, (value, label) in values.items():
        reason = missing_year(study) if name == "forandring_mnkr" and not missing else missing
        found[name] = key_figure(name, value, label, reason)
    return found


def checks(study: Study, shown: Result) -> list[Check]:
    """What must agree in the budget and in the figures made from it."""
    found_tables = shown.tabeller
    found = [_control_total(study, column, name) for column, name in CONTROL_COLUMNS.items()]
    found.append(_row_nets(study))
    found.append(_stated_change(study))
    found.append(_parts_within_rows(study, shown))
    total, bridge = found_tables["budget"].frame.iloc[-1], found_tables["brygga"].frame
    net = total["netto_mnkr"] * KR_PER_MNKR
    steps = bridge.loc[bridge["typ"] != "slut", "kr"].sum(skipna=False)
    found.append(closes("Bryggans steg leder till tabellens netto", steps - net))
    before = study.versus.by_row()["netto_kr"].sum(skipna=False)
    found.append(closes("Bryggan börjar i jämförelsens netto", bridge["kr"].iloc[0] - before))
    months = found_tables["per_manad"].frame["netto_kr"].iloc[:12].sum(skipna=False)
    found.append(closes("Månaderna summerar till tabellens netto", months - net))
    basis = found_tables["underlag"].frame["netto_mnkr"].iloc[:-1].sum(skipna=False) * KR_PER_MNKR
    found.append(closes("Underlagets delar summerar till tabellens netto", basis - net))
    return found


def _control_total(study: Study, column: str, name: str) -> Check:
    title = f"Raderna summerar till Totalt: {name}"
    compared = [c for c in study.comparisons if c.namn == TOTAL_ROW and c.kolumn == column]
    return stated_check(title, compared[:1], "Tabellen anger inget tal på raden Totalt att jämföra med.")


def _row_nets(study: Study) -> Check:
    title = "Kostnad minus intäkt är netto på varje rad"
    compared = [c for c in study.comparisons if c.namn != TOTAL_ROW]
    return stated_check(title, compared, "Tabellen anger inget netto att jämföra med.")


def _stated_change(study: Study) -> Check:
    """The change column beside the year before, where the table has both."""
    title = f"Angiven förändring stämmer med budgeten {study.case.ar - 1}"
    before = study.year_sums.get(study.case.ar - 1)
    whole = study.rows[(study.rows["verksamhet"] == "") & (study.rows["kostnadsslag"] == "")].set_index("budgetrad")
    if study.derived_year or before is None or whole.empty:
        return warns(title, None, "Det finns inte både en angiven förändring och året före.")
    computed = study.year_sums[study.case.ar]["netto"] - before["netto"].reindex(whole.index)
    difference = (computed.reindex(whole.index) - whole["forandring_mnkr"]).dropna()
    if difference.empty:
        return warns(title, None, "Det finns inte både en angiven förändring och året före.")
    tolerance = study.tolerans
    wrong = difference[difference.abs() > tolerance]
    text = f"Skiljer för {', '.join(wrong.index)}. Rapporten räknar med budgeten året före." if len(wrong) else ""
    return Check(title, "varning", wrong.empty, float(difference.abs().max()), tolerance, text)


def _parts_within_rows(study: Study, shown: Result) -> Check:
    """Operations that together hold more than their row."""
    title = "Verksamheterna ryms i sina rader"
    table = shown.tabeller.get("verksamheter")
    if table is None:
        return warns(title, None, "Budgeten är inte uppdelad på verksamheter.")
    rest = table.frame[table.frame["verksamhet"] == tables.NOT_ALLOCATED].set_index("budgetrad")
    least = rest[["kostnad_mnkr", "intakt_mnkr"]].min(axis=1).dropna()
    wrong = least[least < -study.tolerans]
    text = f"Delarna är större än raden för {', '.join(wrong.index)}." if len(wrong) else ""
    smallest = float(least.min()) if len(least) else 0.0
    return Check(title, "varning", wrong.empty, min(smallest, 0.0), study.tolerans, text)
