"""The month's result: key figures, tables and checks, with the sentences of the first screen."""

import math
from functools import partial

from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import KR_PER_MNKR, format_unit, mnkr
from planbok.base.periods import MONTH_NAMES
from planbok.case.checks import CLOSES_WITHIN_KR, Check, closes, warns
from planbok.case.reconciled import agreement_check, stated_check
from planbok.case.result import KeyFigure, Result, Table, key_figure
from planbok.case.said import changes_counted, filled, said
from planbok.disclosure.operations import people_of
from planbok.inputs.tables.control_totals import TOTAL_ROW, compare
from planbok.ledger.bridge import closing
from planbok.ledger.budget_rows import VERSIONS
from planbok.topics.follow_up import explain, measures, sliders, tables
from planbok.topics.follow_up.bridges import ROW
from planbok.topics.follow_up.efficiency import efficiency_table, hours_table, places_table, working
from planbok.topics.follow_up.grounds import grounds
from planbok.topics.follow_up.sentences import missing, sentences
from planbok.topics.follow_up.sheet import people
from planbok.topics.follow_up.study import Study

SHEETS = {
    "prognos": "Prognosen rad för rad",
    "per_manad": "Månad för månad",
    "brygga": "Mellan årets versioner",
    "brygga_orsaker": "Orsaker rad för rad",
    "balans": "Vad som krävs för balans",
    "prognossakerhet": "Prognosens tidigare fel",
    "prognosmetoder": "Metodernas fel rad för rad",
    "prognossakerhet_manader": "Felet efter varje månad",
}

USERS_RULE = "uppfoljning.provad_brukarandring_procent"
BESIDE = ("prognos_mnkr", "avvikelse_mnkr", "budgetforbrukning_procent", "kvar_att_atgarda_mnkr")


def _tables(study: Study, users: float) -> list[Table | None]:
    made = explain.ways(study)
    return [
        tables.prognosis_table(study),
        tables.methods_table(study),
        tables.months_table(study),
        explain.bridge_table(made),
        explain.inside_table(made),
        measures.measures_table(study),
        measures.balance_table(study),
        measures.changes_table(study),
        measures.judgements_table(study),
        tables.operations_table(study),
        efficiency_table(study),
        hours_table(study),
        places_table(study),
        tables.financing_table(study, users),
        tables.versions_table(study),
        explain.accuracy_table(study),
        explain.methods_errors_table(study),
        explain.horizon_table(study),
        explain.judged_table(study),
        tables.row_months_table(study),
        tables.row_by_month_table(study),
    ]


def result(study: Study) -> Result:
    """The study as key figures and tables; its sentences and checks come of what is shown."""
    users = float(study.case.rule(USERS_RULE).varde)
    stated = people(study.case)
    scenario, held = study.case.scenario, VERSIONS[study.version][0]
    titel = said(scenario.titel, changes_counted(len(scenario.changes)))
    return Result.of(
        _tables(study, users),
        rubrik=f"{study.case.unit_name()} · prognos efter {MONTH_NAMES[study.tom - 1]} {study.case.ar}",
        underrubrik=filled("{}. Jämförs med {}.", titel, held) if scenario.changes else f"Jämförs med {held}.",
        nyckeltal=key_figures(study),
        framst=BESIDE,
        grunder=grounds(study),
        people={**(people_of(stated.reset_index()) if len(stated) else {}), **working(study.case)},
        fakta=facts(study),
        texter={"saknas": missing(study)},
        skjutreglage=sliders.sliders(study),
        golv=sliders.floors(study),
        prov=sliders.SENTENCE,
        say=partial(sentences, study),
        verify=partial(checks, study),
        blad=SHEETS,
    )


def facts(study: Study) -> dict[str, KeyFigure]:
    """What only the sentences say: what is put to the method, by what."""
    found, reason = study.prognosis.amounts, missing(study) or "okänt"
    values = {"forandringar_mnkr": found.forandringar, "bedomning_mnkr": found.bedomning}
    return {name: key_figure(name, mnkr(kr), "", reason) for name, kr in values.items()}


def conformity(study: Study) -> float:
    """The prognosis over the budget, per cent; NaN where the budget is not above 0."""
    found = study.prognosis.amounts
    return 100 * found.prognos / (found.budget if found.budget > 0 else math.nan)


def key_figures(study: Study) -> dict[str, KeyFigure]:
    """The unit's figures; unknown ones with the reason."""
    found, lacking = study.prognosis.amounts, missing(study)
    budget = found.budget if found.budget > 0 else math.nan
    values = {
        "prognos_mnkr": (mnkr(found.prognos), "Prognos för året"),
        "avvikelse_mnkr": (mnkr(found.avvikelse), "Avvikelse mot budgeten (minus är underskott)"),
        "avvikelse_procent": (100 * found.avvikelse / budget, "Avvikelse mot budgeten"),
        "budgetforbrukning_procent": (100 * found.utfall / budget, "Budgetförbrukning: utfall av budget"),
        "budgetfoljsamhet_procent": (conformity(study), "Budgetföljsamhet: prognos av budget"),
        "atgarder_kvar_mnkr": (
            mnkr(found.atgarder),
            "Beslutade åtgärder, ännu inte i prognosen (minus är lägre kostnad)",
        ),
        "atgarder_planerade_mnkr": (mnkr(found.planerade), "Planerade åtgärder, inte beslutade"),
        "kvar_att_atgarda_mnkr": (mnkr(found.gap_efter), "Kvar att åtgärda för budget i balans"),
        "budget_mnkr": (mnkr(found.budget), "Budget"),
        "utfall_mnkr": (mnkr(found.utfall), f"Utfall till och med {MONTH_NAMES[study.tom - 1]}"),
        "prognos_modell_mnkr": (mnkr(found.modell), "Prognos enligt metoden, utan bedömning"),
    }
    reason = lacking or "budgeten är inte större än 0"
    figures = {name: key_figure(name, value, label, reason) for name, (value, label) in values.items()}
    error, where = explain.mean_error(study)
    label = "Prognosens fel i snitt så här tidigt på året" + (f" ({where})" if error is not None else "")
    figures |= _range_figures(study, lacking or where)
    figures["prognosavvikelse_procent"] = key_figure("prognosavvikelse_procent", error, label, where)
    return figures


def _range_figures(study: Study, where: str) -> dict[str, KeyFigure]:
    """The range and how often it is to hold; none of them where no range is claimed."""
    spann, few = study.spann, study.limits.fewest_years
    short = study.tom < MONTHS and len(study.prognosis.books.years) < few
    why = f"färre än {few} hela år är kända" if short else where
    values = {
        "prognos_lag_mnkr": (mnkr(spann.lag) if spann else None, "Prognosens spann, lägst"),
        "prognos_hog_mnkr": (mnkr(spann.hog) if spann else None, "Prognosens spann, högst"),
        "prognos_spann_procent": (100 * spann.level if spann else None, "Så ofta ska spannet hålla"),
    }
    return {name: key_figure(name, value, label, why) for name, (value, label) in values.items()}


def checks(study: Study, shown: Result) -> list[Check]:
    """What must agree between the outturn, the books and the report's own tables."""
    amounts, by_name = study.prognosis.amounts, shown.tabeller
    rows = by_name["prognos"].frame
    months = by_name["per_manad"].frame
    found = [agreement_check(study.case, amounts.utfall, study.tom), _control_totals(study)]
    total = rows.loc[rows["budgetrad"] == TOTAL_ROW, "prognos_mnkr"].iloc[0] * KR_PER_MNKR
    found.append(closes("Raderna summerar till enhetens prognos", total - amounts.prognos))
    by_month = months["prognos_ack_kr"].iloc[-1]
    found.append(closes("Månaderna summerar till enhetens prognos", by_month - amounts.prognos))
    found += checks_of_operations(study, by_name)
    legs, parts = by_name["brygga"].frame, by_name["brygga_orsaker"].frame
    found += closing(legs.assign(brygga=legs["namn"].str.lower()))
    steps = legs.loc[legs["typ"] == ROW, "kr"].sum(skipna=False)
    explained = parts["kr"].sum(skipna=False)
    found.append(closes("Det som förklarar raderna summerar till bryggornas steg", explained - steps))
    return [*found, _closed(study), _late_measures(study), _known_effects(study)]


def checks_of_operations(study: Study, by_name: dict[str, Table]) -> list[Check]:
    """Whether the operations and what is not allocated sum to the unit."""
    name, operations = "Verksamheterna summerar till enhetens prognos", by_name.get("verksamheter")
    if operations is None:
        return [Check(name, "fel", None, forklaring="Utfallet är inte uppdelat på verksamheter.")]
    parts = operations.frame["prognos_mnkr"].iloc[:-1].sum(skipna=False) * KR_PER_MNKR
    return [closes(name, parts - study.prognosis.amounts.prognos)]


def _control_totals(study: Study) -> Check:
    table = study.case.sources.collection.read("budget")
    frame = table.frame
    own = (frame["enhet"] == study.case.enhet) & (frame["ar"] == study.case.ar) & (frame["version"] == study.version)
    compared = compare(table, frame.index[own])
    nothing = "Budgeten anger inget att jämföra med."
    return stated_check("Budgetens rader och kontrollsummor stämmer", compared, nothing)


def _closed(study: Study) -> Check:
    """Closed months that have changed since the last reported prognosis."""
    name, last = "Stängda månader är oförändrade sedan förra prognosen", explain.last_prognosis(study)
    if last is None or last.closed_kr is None:
        return warns(name, None, "Underlag saknas: ingen tidigare körning att jämföra med.")
    changed = explain.closed_months(study)
    parts = [
        f"{row['budgetrad']} {row['manad']} {format_unit(row['kr'], 'kr', 0, signed=True)}"
        for row in changed.to_dict("records")
    ]
    ok = not parts and abs(last.closed_kr) < CLOSES_WITHIN_KR
    return Check(name, "varning", ok, float(last.closed_kr), CLOSES_WITHIN_KR, "; ".join(parts))


def _known_effects(study: Study) -> Check:
    """What another topic can't say of the scenario's changes: it is in no figure."""
    name, unknown = "Förändringarnas effekter är kända", study.prognosis.moves.unknown
    if not study.case.scenario.changes:
        return warns(name, None, "Scenariot har inga förändringar.")
    text = f"Okänt, och inte med i prognosen: {', '.join(unknown)}." if unknown else ""
    return Check(name, "varning", not unknown, float(len(unknown)), 0.0, text)


def _late_measures(study: Study) -> Check:
    """Measures that were meant to have begun but are not carried out."""
    name = "Åtgärder som skulle ha börjat är verkställda"
    planned = [n.change for n in study.case.scenario if n.change.typ == "atgard"]
    if not planned:
        return warns(name, None, "Scenariot har inga åtgärder.")
    late = [c for c in planned if measures.is_late(study, c)]
    text = (
        f"{len(late)} av {len(planned)} åtgärder har passerat sitt startdatum utan att vara verkställda."
        if late
        else ""
    )
    return Check(name, "varning", not late, float(len(late)), 0.0, text)
