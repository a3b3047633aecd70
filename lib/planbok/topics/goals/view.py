"""The whole result of goals: key figures, tables and whom they tell of; words and checks come of what is shown."""

from functools import partial

from planbok.base.periods import long_date
from planbok.case.checks import Check, closes, warns
from planbok.case.result import KeyFigure, Result, key_figure
from planbok.topics.goals import activities, sentences, tables
from planbok.topics.goals import people as people_of
from planbok.topics.goals.grounds import grounds
from planbok.topics.goals.indicators import MET, MISSED, SIGNS
from planbok.topics.goals.outcomes import ANSWERS as ANSWERS_RULE
from planbok.topics.goals.study import REPORT_NAMES, Study
from planbok.topics.goals.wheel import FILE, ics, year_wheel

SHEETS = {
    "indikatorer": "Alla indikatorer",
    "aktiviteter": "Aktiviteterna",
    "sedan_sist": "Ändrat sedan sist",
    "kontroller": "Intern kontroll",
    "riskmatris": "Risker",
}

BESIDE = ("mal_klaras_antal", "mal_klaras_inte_antal", "mal_utan_utfall_antal", "aktiviteter_forsenade_antal")


def result(study: Study) -> Result:
    """How the unit's goals stand in a report, whoever reads it."""
    people = tables.behind(study)
    told, events = tuple(people), year_wheel(study)
    found = [
        tables.list_table(study, told),
        tables.goal_table(study, told),
        tables.indicator_table(study, told),
        tables.activity_table(study),
        tables.over_the_year_table(study),
        tables.changed_table(study, told),
        tables.survey_table(study),
        tables.training_table(study),
        tables.control_table(study),
        tables.matrix_table(study),
        tables.lacking_table(study),
        tables.wheel_table(study, events),
    ]
    by_name = {table.namn: table for table in found}
    people[tables.ANSWERS] = people_of.of_rows(by_name["enkat"], "svarande_antal", ANSWERS_RULE)
    people[tables.STAFF] = people_of.trained(study)
    return Result.of(
        by_name.values(),
        rubrik=f"{study.case.unit_name()} · mål och aktiviteter {study.ar}, {REPORT_NAMES[study.per]}",
        underrubrik=f"Läget den {long_date(study.day)}",
        nyckeltal=key_figures(study, told),
        framst=BESIDE,
        grunder=grounds(study),
        people=people,
        filer={FILE: ics(events, study.case.unit_name())},
        say=partial(sentences.sentences, study),
        verify=partial(checks, study),
        blad=SHEETS,
    )


def key_figures(study: Study, told: tuple[str, ...]) -> dict[str, KeyFigure]:
    """How many goals, activities and controls stand how; those of the unit's own only."""
    own, acts = study.own, study.activities["lage"].tolist()
    held = tuple((name, (f"{it.key}", "")) for it in own if it.lage in SIGNS for name in told)
    states = [it.lage for it in own]
    values = {
        "mal_klaras_antal": (states.count(MET), "Mål som klaras", held),
        "mal_klaras_inte_antal": (states.count(MISSED), "Mål som inte klaras", held),
        "mal_utan_utfall_antal": (sum(map(tables.lacks, own)), "Indikatorer som saknar utfall", ()),
        "mal_utan_tal_antal": (sum(it.target is None for it in own), "Indikatorer utan mål i tal", ()),
        "aktiviteter_klara_antal": (acts.count(activities.DONE), "Aktiviteter som är klara", ()),
        "aktiviteter_forsenade_antal": (acts.count(activities.LATE), "Försenade aktiviteter", ()),
        "kontroller_forfallna_antal": (
            study.controls["lage"].tolist().count(activities.OVERDUE),
            "Kontroller som inte är gjorda i tid",
            (),
        ),
    }
    return {key: key_figure(key, value, label, tells=tells) for key, (value, label, tells) in values.items()}


def checks(study: Study, shown: Result) -> list[Check]:
    """What must agree in the report, and what there is to ask about in the plan."""
    rows = len(study.tables["mal"][study.tables["mal"]["ar"] == study.ar])
    listed = len(shown.tabeller["indikatorer"].frame)
    found = [closes("Alla rader i planens mål är med", listed - rows, 0.0)]
    outside = ", ".join(study.outside)
    found.append(warns("Alla utfall har en indikator i planen", not outside, outside))
    doubled = [it.row.indikator for it in study.indicators if "gånger i planen" in it.row.anmarkning]
    twice = ", ".join(dict.fromkeys(doubled))
    found.append(warns("Ingen indikator står två gånger", not twice, twice))
    asked = shown.tabeller["aktiviteter"].frame
    asked = asked.loc[asked["anmarkning"] != "", "aktivitet"].tolist()
    dates = warns("Aktiviteternas slutdatum är rimliga", not asked, ", ".join(asked))
    return [
        *found,
        dates if len(study.activities) else warns(dates.namn, None, "Inga aktiviteter."),
    ]
