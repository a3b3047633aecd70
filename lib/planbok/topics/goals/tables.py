"""The report's tables: indicators, goals, activities, surveys, competence, controls and the year wheel."""

from collections.abc import Iterator, Mapping

import pandas as pd

from planbok.base.periods import MONTH_NAMES, long_date
from planbok.case.result import Column, People, Table
from planbok.topics.goals import activities, surveys
from planbok.topics.goals.indicators import MET, MISSED, NO_NUMBER, NO_OUTCOME, SIGNS, Indicator
from planbok.topics.goals.occasions import REPORTS, Occasion, occasion_of
from planbok.topics.goals.people import required
from planbok.topics.goals.study import REPORT_NAMES, Study
from planbok.topics.goals.table_check import scale
from planbok.topics.goals.wheel import Event

ASSESSED = {"helt": "uppfylls helt", "delvis": "uppfylls delvis", "inte": "uppfylls inte"}
OWNERS = {"": "enheten", "enhet": "enheten", "namnd": "nämnden", "kf": "kommunfullmäktige"}
RESULTS = {"": "", "utan_anmarkning": "utan anmärkning", "anmarkning": "anmärkning", "ej_utford": "inte utförd"}
CAUSES = {"": "", "resurs": "resurser", "tid": "tid", "annan_part": "annan part", "annat": "annat"}
INTERVALS = {"manad": "varje månad", "kvartal": "varje kvartal", "tertial": "varje tertial", "halvar": "varje halvår"}
INTERVALS |= {"ar": "varje år"}
LEVELS = {"kf_mal_text": "KF:s mål", "namndmal_text": "Nämndmål", "enhetsmal_text": "Enhetsmål"}
NO_GOAL = "Utan angivet mål"
KONFIDENS = "enkat.konfidens_procent"
BEHIND = "bakom "  # whom an outcome may tell of, by the rule that it is held against
ANSWERS, STAFF = "svarande", "utbildade"


def indicator_rows(study: Study) -> pd.DataFrame:
    """A row per row of the table mal, with texts for people and the numbers behind them."""
    return pd.DataFrame([_indicator_row(indicator) for indicator in study.indicators])


def _indicator_row(it: Indicator) -> dict:
    levels = {level: found.shown for level, found in it.row.levels.items()}
    goal = it.row.levels[it.row.galler].mal.text if it.row.galler else it.text_goal.text or "inget mål i tal"
    return {
        **it.chain,
        "del": (f"{it.key}", ""),
        "indikator": it.row.indikator,
        "namn": it.namn,
        "utfall": it.utfall_text or None,
        "utfall_varde": it.row.utfall.varde,
        "utfall_skillnad": it.gap,
        "utfall_mot_mal": it.gap / abs(it.target) * 100 if it.gap is not None and it.target else None,
        "mal": goal,
        "lage": it.lage_text,
        "skillnad": it.gap_text,
        **levels,
        "textmal": it.text_verdict,
        "agare": OWNERS[it.agare],
        "period": it.row.period,
        "fore_1": _past_text(it, 0),
        "fore_2": _past_text(it, 1),
        "prognos": it.found.prognos if it.found else "",
        "fran": it.found.kalla if it.found else "",
        "anmarkning": it.row.anmarkning,
        "kalla": it.kalla,
        "raknas": it.counts,
        "mal_narmast": _paths(it.chain)[-1][-1][1],
    }


def _past_text(it: Indicator, place: int) -> str:
    past = it.past[place]
    return f"{past.period}: {'–' if past.utfall is None else past.text}"


def behind(study: Study) -> dict[str, People]:
    """Whom the outcomes may tell of: an occasion for each indicator and each goal, by the rule that it is held against.

    A goal's counts tell of those behind its indicators that are met or not met.
    """
    parts = {(f"{it.key}", ""): [it] for it in study.indicators}
    parts |= {part: [it for it in its if it.lage in SIGNS] for part, _, its, _ in goals(study)}
    found: dict[str, dict[str, float]] = {}
    for (occasion, _), its in parts.items():
        known = [one for it in its for one in (it.found, *(past.utfall for past in it.past)) if one is not None]
        for regel in {one.regel for one in known if one.antal is not None}:
            counts = [one.antal for one in known if one.regel == regel and one.antal]
            found.setdefault(regel, {})[occasion] = min(counts, default=0.0)
    return {
        BEHIND + regel: People(pd.DataFrame({"": pd.Series(counts)}), regel, parted=True)
        for regel, counts in sorted(found.items())
    }


def list_table(study: Study, told: tuple[str, ...]) -> Table:
    """The list that the board reads: each indicator with outcome, target, how it stands and by how much."""
    columns = (
        Column("namn", "Indikator"),
        Column("utfall", "Utfall", mattenhet="", tells=told),
        Column("mal", "Mål"),
        Column("lage", "Läge", tells=told),
        Column("skillnad", "Mot målet", mattenhet="", tells=told),
    )
    extra = ("utfall_varde", "kf_mal_text")
    frame = indicator_rows(study)[["del", *(column.key for column in columns), *extra]]
    titel, note = f"Indikatorerna {REPORT_NAMES[study.per]} {study.ar}", _list_note(study)
    return Table("lista", titel, frame, columns, extra=extra, part="del", celler=_missing(frame), note=note)


def _list_note(study: Study) -> str:
    others = sum(not it.counts for it in study.indicators)
    return f"{others} av målen är nämndens eller stadens egna och räknas inte som enhetens." if others else ""


def _missing(frame: pd.DataFrame) -> dict[tuple[int, str], tuple[str, str]]:
    return {
        (row, "utfall"): ("saknas", frame["lage"].iloc[row])
        for row in range(len(frame))
        if not frame["utfall"].iloc[row]
    }


def indicator_table(study: Study, told: tuple[str, ...]) -> Table:
    """Every row of the plan's goals with its chain, targets, the last three occasions and where they are from."""
    columns = (
        Column("namn", "Indikator"),
        Column("utfall", "Utfall", mattenhet="", tells=told),
        Column("fore_1", "Gången före", tells=told),
        Column("fore_2", "Två gånger före", tells=told),
        Column("arsmal", "Enhetens mål", tells=told),
        Column("namndmal", "Nämndens mål", tells=told),
        Column("kf_arsmal", "Stadens mål", tells=told),
        Column("textmal", "Mål i texten", tells=told),
        Column("lage", "Läge", tells=told),
        Column("skillnad", "Mot målet", mattenhet="", tells=told),
        Column("prognos", "Prognos för året", tells=told),
        Column("period", "Period"),
        Column("agare", "Målet är"),
        Column("fran", "Utfallet kommer från"),
        Column("anmarkning", "Anmärkning"),
        Column("indikator", "Indikatorn i planen"),
        Column("kf_mal_text", "KF:s mål"),
        Column("namndmal_text", "Nämndmål"),
        Column("enhetsmal_text", "Enhetsmål"),
        Column("kalla", "Källa"),
    )
    frame = indicator_rows(study)
    numbers = ("utfall_varde", "utfall_skillnad", "utfall_mot_mal")
    extra = (*numbers, "kf_inriktning", "raknas", "mal_narmast")
    titel = "Alla indikatorer med mål på tre nivåer"
    return Table("indikatorer", titel, frame, columns, extra=extra, part="del", celler=_missing(frame))


Path = tuple[tuple[str, str], ...]  # from KF:s mål down: the level and the text


def goals(study: Study) -> list[tuple[tuple[str, str], Path, list[Indicator], list[dict]]]:
    """Every goal, KF:s mål first and what is under it inside: its part, its path, its indicators and activities.

    What has no board goal stands directly under KF:s mål; each goal has all that stands under it.
    """
    inside: dict[Path, tuple[list[Indicator], list[dict]]] = {}
    for it in study.indicators:
        for path in _paths(it.chain):
            inside.setdefault(path, ([], []))[0].append(it)
    for act in study.activities.to_dict("records"):
        for path in _paths(act):
            inside.setdefault(path, ([], []))[1].append(act)

    def under(above: Path) -> Iterator[Path]:
        for path in inside:
            if path[:-1] == above:
                yield path
                yield from under(path)

    return [((f"m{place}", ""), path, *inside[path]) for place, path in enumerate(under(()))]


def _paths(texts: Mapping[str, str]) -> list[Path]:
    """The goal that texts name and those above it, from the top; each unnamed level is left out."""
    path = tuple((level, texts[level]) for level in LEVELS if texts[level]) or (("kf_mal_text", NO_GOAL),)
    return [path[:depth] for depth in range(1, len(path) + 1)]


def _goal_row(study: Study, part: tuple[str, str], path: Path, its: list[Indicator], acts: list[dict]) -> dict:
    level, text = path[-1]
    states = [it.lage for it in its if it.counts]
    code, role = study.assessments.get(text.casefold(), ("", ""))
    return {
        "del": part,
        "niva": "" if text == NO_GOAL else LEVELS[level],
        "mal": ("– " * (len(path) - 1)) + text,
        "klaras_antal": states.count(MET),
        "klaras_inte_antal": states.count(MISSED),
        "ovriga_antal": len(states) - states.count(MET) - states.count(MISSED),
        "bedomning": f"{ASSESSED[code]} ({role})" if code else "inte bedömt",
        "aktiviteter_antal": len(acts),
        "forsenade_antal": sum(act["lage"] == activities.LATE for act in acts),
        "kf_inriktning": next((it.chain["kf_inriktning"] for it in its if it.chain["kf_inriktning"]), ""),
    }


def goal_table(study: Study, told: tuple[str, ...]) -> Table:
    """What the indicators say of each goal, beside the manager's assessment, which is never computed."""
    columns = (
        Column("mal", "Mål"),
        Column("klaras_antal", "Klaras", tells=told),
        Column("klaras_inte_antal", "Klaras inte", tells=told),
        Column("ovriga_antal", "Utan svar"),
        Column("bedomning", "Chefens bedömning"),
        Column("aktiviteter_antal", "Aktiviteter"),
        Column("forsenade_antal", "Försenade"),
    )
    note = "Varje rad räknar allt som står under målet. Bedömningen är chefens och räknas inte fram."
    frame = pd.DataFrame([_goal_row(study, *found) for found in goals(study)])
    extra = ("niva", "kf_inriktning")
    return Table("mal", "Målen och chefens bedömning", frame, columns, extra=extra, note=note, part="del")


def activity_table(study: Study) -> Table:
    """The activities, the latest ones first."""
    found = study.activities
    frame = pd.DataFrame(
        {
            "aktivitet": found["aktivitet"],
            "lage": found["lage"],
            "dagar": [f"{days} dagar" if days else "" for days in found["dagar"].astype(int)],
            "till": [day.date().isoformat() for day in found["till"]],
            "fran": [day.date().isoformat() for day in found["fran"]],
            "mal": [_paths(row)[-1][-1][1] for row in found.to_dict("records")],
            "agare": found["agare"].map(OWNERS),
            "avvikelse": found["avvikelse"].map(CAUSES),
            "anmarkning": found["fraga"],
            "kalla": found["kalla"],
            "forsenad_dagar": found["dagar"].astype(int),
        }
    )
    columns = (
        Column("aktivitet", "Aktivitet"),
        Column("lage", "Läge"),
        Column("dagar", "Försenad", mattenhet=""),
        Column("till", "Klar senast"),
        Column("mal", "Mål"),
        Column("fran", "Börjar"),
        Column("agare", "Ansvarig nivå"),
        Column("avvikelse", "Orsak"),
        Column("anmarkning", "Anmärkning"),
        Column("kalla", "Källa"),
    )
    return Table("aktiviteter", f"Aktiviteterna den {long_date(study.day)}", frame, columns, extra=("forsenad_dagar",))


def over_the_year_table(study: Study) -> Table:
    """Activities on the reports' days that have been."""
    rows = study.tables["aktiviteter"]
    days = [Occasion(study.ar, month).dag for month in REPORTS.values() if month <= study.now.manad]
    frame = activities.over_the_year(rows[rows["ar"] == study.ar], days)
    names = [long_date(day) for day in days]
    columns = (Column("dag", "Dag"), *(Column(lage, lage.capitalize(), mattenhet="st") for lage in frame.columns[1:]))
    return Table("aktiviteter_over_aret", "Aktiviteter vid årets rapporter", frame.assign(dag=names), columns)


def survey_table(study: Study) -> Table:
    """Three years of answers, with whether a difference is more than chance."""
    rows = study.tables["enkat"]
    level = float(study.case.rule(KONFIDENS).varde) if len(rows) else 0.0
    frame = _parted(surveys.by_question(rows, study.ar, level))
    told = (ANSWERS,)
    columns = (
        Column("fraga", "Fråga"),
        Column("ar", "År"),
        Column("andel_procent", "Andel positiva", tells=told),
        Column("omdome", "Mot året före", tells=told),
        Column("svarande_antal", "Svar", tells=told, counts=True),
        Column("svarsfrekvens_procent", "Svarsfrekvens", tells=told),
        Column("skillnad_procent", "Skillnad", mattenhet="procentenheter", tells=told),
    )
    return Table("enkat", "Enkäter de tre senaste åren", frame, columns, part="del")


def training_table(study: Study) -> Table:
    """Who has what the work requires, up to the day: the latest period of each group and requirement."""
    rows = study.tables["kompetens"]
    when = pd.Series([occasion_of(period) for period in rows["period"]], rows.index, dtype=object)
    rows = rows.assign(_nar=when)[when.map(lambda occasion: occasion <= study.now).astype(bool)]
    rows = rows.sort_values("_nar", kind="stable")
    rows = rows.drop_duplicates(["grupp", "krav"], keep="last").rename(columns={"har": "har_antal", "av": "av_antal"})
    share = 100 * rows["har_antal"] / rows["av_antal"].where(rows["av_antal"] > 0)
    frame = rows[["krav", "grupp", "period", "har_antal", "av_antal"]].assign(andel_procent=share)
    frame = frame.assign(**{"del": list(zip(required(rows), rows["grupp"], strict=True))}).reset_index(drop=True)
    told = (STAFF,)
    columns = (
        Column("krav", "Krav"),
        Column("grupp", "Grupp"),
        Column("andel_procent", "Har", tells=told),
        Column("har_antal", "Antal som har", tells=told),
        Column("av_antal", "Av", tells=told, counts=True),
        Column("period", "Period"),
    )
    return Table("kompetens", "Kompetens mot kraven", frame, columns, part="del")


def _parted(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a part for each row: its people are protected by themselves."""
    frame = frame.reset_index(drop=True)
    return frame.assign(**{"del": [(f"{place}", "") for place in range(len(frame))]})


def control_table(study: Study) -> Table:
    """Internal control: the risk's value, when the control is due and how it went."""
    found = study.controls
    frame = found[["process", "risk", "kontroll", "riskvarde", "nasta", "senast_utford", "lage"]].assign(
        intervall=found["intervall"].map(INTERVALS), resultat=found["resultat"].map(RESULTS)
    )
    columns = (
        Column("kontroll", "Kontroll"),
        Column("riskvarde", "Riskvärde", mattenhet="st", decimaler=0),
        Column("nasta", "Ska göras senast"),
        Column("lage", "Läge"),
        Column("resultat", "Resultat"),
        Column("process", "Process"),
        Column("risk", "Risk"),
        Column("intervall", "Hur ofta"),
        Column("senast_utford", "Senast utförd"),
    )
    return Table("kontroller", f"Intern kontroll den {long_date(study.day)}", frame, columns)


def matrix_table(study: Study) -> Table:
    """How many risks there are at each likelihood and consequence."""
    limits = scale(study.case.sources.rules) or (0, -1)
    frame = activities.matrix(study.controls, *limits)
    levels = [key for key in frame.columns if key != "konsekvens"]
    columns = (
        Column("konsekvens", "Konsekvens"),
        *(Column(key, f"Sannolikhet {key[1:]}", mattenhet="st", decimaler=0) for key in levels),
    )
    return Table("riskmatris", "Risker efter sannolikhet och konsekvens", frame, columns)


def wheel_table(study: Study, events: list[Event]) -> Table:
    """What recurs in the year, month by month."""
    rows = ((MONTH_NAMES[one.dag.month - 1], one.dag.isoformat(), one.vad, one.slag) for one in events)
    columns = (Column("manad", "Månad"), Column("dag", "Dag"), Column("vad", "Vad"), Column("slag", "Slag"))
    return Table.of("arshjul", f"Årshjulet {study.ar}", rows, columns)


def lacking_table(study: Study) -> Table:
    """Indicators that should have an outcome by now and have none."""
    rows = [(it.namn, it.row.period, it.row.periodicitet) for it in study.indicators if lacks(it)]
    columns = (Column("indikator", "Indikator"), Column("period", "Period"), Column("periodicitet", "Mäts per"))
    return Table.of("saknade_utfall", "Utfall som saknas", rows, columns)


def changed_table(study: Study, told: tuple[str, ...]) -> Table:
    """What stands otherwise than on the occasion before, against today's target."""
    rows = [(it, it.past[0]) for it in study.indicators if it.counts and {it.lage, it.past[0].lage} == {MET, MISSED}]
    frame = pd.DataFrame(
        [
            {
                "del": (f"{it.key}", ""),
                "indikator": it.namn,
                "fore": f"{past.period}: {SIGNS.get(past.lage, past.lage)}",
                "nu": f"{it.row.period}: {SIGNS.get(it.lage, it.lage)}",
            }
            for it, past in rows
        ],
        columns=["del", "indikator", "fore", "nu"],
    )
    columns = (
        Column("indikator", "Indikator"),
        Column("fore", "Gången före", tells=told),
        Column("nu", "Nu", tells=told),
    )
    return Table("sedan_sist", "Det som har ändrats sedan gången före", frame, columns, part="del")


def lacks(it: Indicator) -> bool:
    """Whether an outcome is missing that should be there by now."""
    return it.row.utfall.varde is None and it.lage in (NO_OUTCOME, NO_NUMBER)
