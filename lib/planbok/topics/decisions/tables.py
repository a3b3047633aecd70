"""The tables on decisions in time: handling times, follow-ups, plans, load, what expires, and the queue."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.periods import long_month
from planbok.case.result import Column, Table, no_number
from planbok.disclosure.protect import SMALL
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.decisions import counted, people
from planbok.topics.decisions.capacity import Queue
from planbok.topics.decisions.handling import StoodCases, summed
from planbok.topics.decisions.people import AHEAD, Persons
from planbok.topics.decisions.study import PLAN, Study

NO_CASES = "underlag saknas: tabellen arenden"
NO_OFFICERS = "underlag saknas: tabellerna bemanning_handlaggare och handlaggare"
NO_QUEUE = "underlag saknas: kön kräver tabellen arenden och antalet handläggare"
COUNTED = "En insats räknas om först när så många ärenden har kommit eller beslutats att det inte säger vems."
ROUNDED = "Dagar är avrundade till {}-tal: ett mittvärde är annars vad ett enda ärende tog."
FEW, DONE_KEYS = ("skyddas", "få personer"), ("klara_antal", "median_dagar", "p90_dagar", "i_tid_procent")
STANDS = "En månad visas först när så många har kommit eller slutat sedan den förra att det inte säger vem."
PLANS_STAND = "räknas om först när så många har fått en plan, eller skulle ha fått den, att det inte säger vem."
NONE_DONE = "inga avslutade ärenden under året"
PLAN_COLUMNS = ("bestalld", "plan_in")
PLAN_NUMBERS = ("bestallda_antal", "planer_antal", "i_tid_antal", "i_tid_procent", "av_bestallda_procent")
TITLE = "Uppföljningar {} månader framåt"


def handling_table(study: Study, who: Persons) -> Table:
    """Per insats how long cases took to a decision this year, and how old the open ones are."""
    cases = who.cases
    names = [*sorted(cases["insats"].unique()), TOTAL_ROW]
    step = study.stood.step if study.stood else 0
    rows = [*(summed(cases[cases["insats"] == name], step) for name in names[:-1]), who.whole(step)]
    frame = pd.DataFrame(rows).assign(insats=names)
    limits = study.rule("handlaggning_dagar")
    frame["granns"] = [limits.get(name, limits["alla"]) for name in names]
    frame["insats_namn"] = [study.insats_name(name) for name in names]
    keys = {
        "klara": "klara_antal",
        "median": "median_dagar",
        "p90": "p90_dagar",
        "i_tid": "i_tid_procent",
        "oppna": "oppna_antal",
        "oppna_median": "oppna_median_dagar",
        "aldst": "aldst_dagar",
        "granns": "grans_dagar",
    }
    frame = frame.rename(columns=keys)
    done = (people.DONE, people.DONE_IN_TIME, people.DONE_LATE)
    columns = (
        Column("insats_namn", "Insats"),
        Column("klara_antal", f"Beslutade {study.ar}", tells=(people.DONE,)),
        Column("median_dagar", "Median", tells=(people.DONE,)),
        Column("p90_dagar", "90:e percentilen", tells=(people.DONE_MANY, people.DONE)),
        Column("grans_dagar", "Gräns"),
        Column("i_tid_procent", "Inom gränsen", tells=done),
        Column("oppna_antal", "Öppna", tells=(people.OPEN,)),
        Column("oppna_median_dagar", "Öppna, medianålder", tells=(people.OPEN,)),
        Column("aldst_dagar", "Äldsta", tells=((people.SINGLE, ""),)),
    )
    missing = "" if "arenden" in study.tables else NO_CASES
    note = f"{missing.capitalize()}." if missing else ""
    cells = no_number(frame, tuple(keys.values()), missing or NONE_DONE)
    title = f"Handläggningstid {study.ar}"
    table = Table("handlaggningstid", title, frame, columns, False, note, ("insats",), "insats", celler=cells)
    return _as_counted(table, study.stood) if study.stood else table


def _as_counted(table: Table, stood: StoodCases) -> Table:
    """The handling times with the months in which they were counted, and without those that are not counted yet."""
    nothing = {*stood.few, *([TOTAL_ROW] if "" in stood.hides[people.DONE] else [])}
    few = np.flatnonzero(table.frame["insats"].isin(nothing))
    last = [(len(table.frame) - 1, "i_tid_procent")] if TOTAL_ROW in stood.hides[people.DONE_IN_TIME] else []
    frame = table.frame.assign(raknat=[_counted(stood, name) for name in table.frame["insats"]])
    frame.loc[few, "klara_antal"] = np.nan
    cells = {**table.celler, **dict.fromkeys([*last, *((int(row), key) for row in few for key in DONE_KEYS)], FEW)}
    columns, note = (
        (*table.columns, Column("raknat", "Räknat")),
        f"{table.note} {COUNTED} {ROUNDED.format(stood.step)}".strip(),
    )
    return replace(table, frame=frame, columns=columns, note=note, celler=cells)


def _counted(stood: StoodCases, insats: str) -> str:
    """The months in which an insats' decided and open cases were counted, or those in which all were for their sum."""
    counts = [*stood.sums.values()] if insats == TOTAL_ROW else [stood.counted[insats]]
    done, waits = [end for end, _ in counts if end], [end for _, end in counts]
    said = {"beslutade": done, "i tid": stood.shares if insats == TOTAL_ROW else [], "öppna": waits}
    words = {word: counted.of_ends(ends) for word, ends in said.items() if ends}
    same = words.get("i tid") == words.get("beslutade")
    return ", ".join(f"{word} {text}" for word, text in words.items() if word != "i tid" or not same)


def plan_table(study: Study, who: Persons) -> Table:
    """Orders and plans per provider: back within the rule's days, later, or not at all; small providers together."""
    why = study.why_not(*PLAN_COLUMNS)
    frame = _by_provider(who.plans, why, {})
    labels = ("Beställda", "Planer", "I tid", "I tid", "Med plan")
    whom = dict.fromkeys(PLAN_NUMBERS, people.PLANS) | {PLAN_NUMBERS[0]: (people.ORDERED,)}  # that is all of them
    columns = (
        Column("utforare_namn", "Utförare"),
        *(Column(key, label, tells=whom[key]) for key, label in zip(PLAN_NUMBERS, labels, strict=True)),
    )
    cells = no_number(frame, PLAN_NUMBERS, why or f"inga beställningar {study.ar}")
    title, extra = f"Genomförandeplaner beställda {study.ar}", ("utforare",)
    note = f"Beställningar vars {study.rule('plan_dagar')} dagar inte har gått, och som saknar plan, är inte med."
    to = counted.ordered(study, PLAN)
    note += f" Räknat {to}: {PLANS_STAND}" if to else ""
    together = partial(_by_provider, who.plans, why)
    return Table("planer", title, frame, columns, False, note, extra, "utforare", celler=cells, together=together)


def _by_provider(rows: pd.DataFrame, why: str, labels: Mapping[str, str]) -> pd.DataFrame:
    """The frame with some providers under a common label."""
    provider = rows["utforare"].replace(dict(labels))
    last = {SMALL, *labels.values()}
    groups = [(name, rows[provider == name]) for name in sorted(provider.unique(), key=lambda it: (it in last, it))]
    frame = pd.DataFrame([_plans(name, part) for name, part in [*groups, (TOTAL_ROW, rows)]])
    plain = {TOTAL_ROW: "Alla", SMALL: "Övriga utförare", **dict.fromkeys(labels.values(), "Övriga utförare")}
    names = [plain.get(name) or name.replace("_", " ").capitalize() for name in frame["utforare"]]
    if why:
        frame[list(PLAN_NUMBERS)] = np.nan
    return frame.assign(utforare_namn=names)


def _plans(name: str, rows: pd.DataFrame) -> dict:
    ordered, plans = len(rows), int((rows["i_tid"] | rows["sen"]).sum())
    in_time = int(rows["i_tid"].sum())
    share = 100 / ordered if ordered else np.nan
    return {
        "utforare": name,
        "bestallda_antal": ordered,
        "planer_antal": plans,
        "i_tid_antal": in_time,
        "i_tid_procent": in_time * share,
        "av_bestallda_procent": plans * share,
    }


def load_table(study: Study) -> Table:
    """Persons per officer month by month, in service and on paper, and against the first month shown.

    Others than those who work with it see the months in which enough persons had come or gone since the one before.
    """
    most = int(study.case.rule("insatser.manader_flest", study.date).varde)
    stood = study.officers.stood
    months = (stood.months if stood else study.officers.months).tail(most).reset_index(drop=True)
    frame = _loads(months)
    first = frame["manad_namn"].iloc[0] if len(frame) else "första månaden"
    officers = ((people.OFFICERS, ""),)  # with the persons they give what is withheld of few
    tells = (*officers, (people.RUNNING, ""))
    columns = (
        Column("manad_namn", "Månad"),
        Column("personer", "Personer med beslut", "personer", 0, tells=((people.RUNNING, ""),)),
        Column("i_tjanst", "Handläggare i tjänst", "st", 0, tells=officers),
        Column("tjanster", "Tjänster", "st", 0, tells=officers),
        Column("per_i_tjanst", "Personer per handläggare i tjänst", "st", 1, tells=tells),
        Column("per_tjanst", "Personer per tjänst", "st", 1, tells=tells),
        Column("forandring_procent", f"Mot {first}", tells=tells),
    )
    note, title = STANDS if stood else "", "Personer per handläggare"
    note = note if study.officers.months.size else "Underlag saknas: tabellen bemanning_handlaggare."
    return Table("belastning", title, frame, columns, note=note, extra=("manad",))


def _loads(months: pd.DataFrame) -> pd.DataFrame:
    frame = months.drop(columns="vilka")
    frame["per_i_tjanst"] = frame["personer"] / frame["i_tjanst"].where(frame["i_tjanst"] > 0)
    frame["per_tjanst"] = frame["personer"] / frame["tjanster"].where(frame["tjanster"] > 0)
    first = frame["per_i_tjanst"].where(frame["per_i_tjanst"] > 0).iloc[:1].sum(min_count=1)  # NaN where nobody worked
    frame["forandring_procent"] = 100 * (frame["per_i_tjanst"] / first - 1)
    return frame.assign(manad_namn=[long_month(manad) for manad in frame["manad"]])


def officer_table(study: Study) -> Table:
    """Working share, open cases and a fair share of the time-limited cases, an officer a row; for working papers only.

    In the order of the table of officers, without names and without rank.
    """
    frame = study.officers.working.drop(columns="handlaggare").reset_index(drop=True)
    frame["rad"] = [f"Handläggare {number}" for number in range(1, len(frame) + 1)]
    columns = (
        Column("rad", "I tabellens ordning"),
        Column("tjanstgoring_andel", "Tjänstgöring", "andel", 2),
        Column("oppna", "Öppna ärenden", "st", 0),
        Column("fordelning", "Jämn fördelning av tidsbegränsade", "st", 0),
    )
    note = "Bara för jämn belastning: säger inget om hur någon arbetar."
    return Table("fordelning", "Öppna ärenden och jämn fördelning", frame, columns, note=note)


def expiry_table(study: Study, who: Persons) -> Table:
    """Decisions that expire without a successor, within one month, two and so on."""
    count = int(study.rule("utgar_manader"))
    within = [int(((study.expires > 0) & (study.expires <= number)).sum()) for number in range(1, count + 1)]
    names = ["Inom 1 månad", *(f"Inom {number} månader" for number in range(2, count + 1))]
    frame = pd.DataFrame({"inom": names, "manader": range(1, count + 1), "antal": within})
    there = set(study.expires.unique())
    parts = [
        tuple((people.EXPIRES, part) for part in range(1, number + 1) if part in there) for number in range(1, count)
    ]
    told = {"antal": [*parts, ((people.EXPIRES, ""),)]}
    columns = (Column("inom", "Går ut"), Column("antal", "Beslut utan nytt beslut"))
    return Table("utgar", "Beslut som går ut", frame, columns, extra=("manader",), told=told)


def queue_table(study: Study) -> Table:
    """The queue of investigations month by month, as it is compared and under the scenario."""
    now, bas = study.queue, study.queue_bas
    names = ["manad", "nya_antal", "i_tjanst", "hinner_antal", "ko_antal", "ko_jamfor_antal", "vantan_dagar"]
    if now is None or bas is None:
        frame = pd.DataFrame(columns=names)
    else:
        wait = np.where(np.isfinite(now.wait_days), now.wait_days, np.nan)
        frame = pd.DataFrame(
            dict(zip(names, (now.months, now.new, now.posts, now.able, now.left, bas.left, wait), strict=True))
        )
    frame["manad_namn"] = [long_month(manad) for manad in frame["manad"]]
    tells, officers = people.QUEUED, (people.OFFICERS, "")  # full-time posts are the working shares of the officers
    columns = (
        Column("manad_namn", "Månad"),
        Column("nya_antal", "Nya ärenden", decimaler=1, tells=((people.CAME, ""), officers)),
        Column("i_tjanst", "Heltider", "st", 1, tells=(officers,)),
        Column("hinner_antal", "Hinner beslutas", decimaler=1, tells=((people.DUE, ""), officers)),
        Column("ko_antal", "Kö i slutet", tells=tells),
        Column("ko_jamfor_antal", "Kö i jämförelsen", tells=tells),
        Column("vantan_dagar", "Väntan för den sista i kön", tells=(*tells, officers)),
    )
    note = "" if now else f"{NO_QUEUE.capitalize()}."
    cells = no_number(frame, ("vantan_dagar",), "inget hinner beslutas")
    return Table("kapacitet", "Kön månad för månad", frame, columns, note=note, extra=("manad",), celler=cells)


def choices_table(study: Study) -> Table:
    """What officers more or fewer do to the queue, to decisions in time and to the budget."""
    found = choices(study)
    most = study.rule("handlaggning_dagar")["alla"]
    names = ["handlaggare", "ko_antal", "borta_manad", "i_tid", "kr_per_ar"]
    rows = [_choice(name, extra, queue, most, study) for name, extra, queue in found]
    frame = pd.DataFrame(rows, columns=names)
    tells = people.QUEUED
    columns = (
        Column("handlaggare", "Handläggare"),
        Column("ko_antal", "Kö sista månaden", tells=tells),
        Column("borta_manad", "Kön är borta efter", "manader", 0, tells=tells),
        Column("i_tid", "Beslut i tid då", mattenhet="", tells=tells),
        Column("kr_per_ar", "Kostnad per år", "kr", signed=True),
    )
    cells = no_number(frame, ("borta_manad",), "finns kvar")
    return Table("kapacitet_lagen", "En handläggare mer eller två mindre", frame, columns, celler=cells)


def choices(study: Study) -> list[tuple[str, float, Queue]]:
    """The queue as it is, and with the rule's officers more and fewer."""
    now = study.queue
    if now is None:
        return []
    rule = study.rule("prova_handlaggare")
    steps = {"Som det är": 0, f"{rule['fler']} fler": rule["fler"], f"{rule['farre']} färre": -rule["farre"]}
    return [(name, extra, now.with_posts(extra)) for name, extra in steps.items() if now.posts.min() + extra >= 0]


def _choice(name: str, extra: float, queue: Queue, most: float, study: Study) -> tuple:
    gone = queue.gone if queue.gone is not None else np.nan
    in_time = "ja" if queue.wait_days[-1] <= most else "nej"
    return name, queue.left[-1], gone, in_time, extra * 12 * study.rule("handlaggare_kr_per_manad")


def follow_up_table(study: Study, who: Persons) -> Table:
    """Follow-ups by the month of their last day, and how many are overdue at its end if none of them is done.

    Others than the unit see the second only where no month is of few: it sums all months before.
    """
    months, why = list(who.ahead.index), study.why_not("foljd_upp")
    counts = who.due_month.value_counts().reindex(months).fillna(0).astype(int)
    numbers = {"forfaller_antal": (counts, "Ska följas upp")}
    if not who.ahead.between(1, study.fewest - 1).any():
        numbers["forfallna_antal"] = (counts.cumsum(), "Försenade om inget görs")
    frame = pd.DataFrame({"manad": months, **{key: made.tolist() for key, (made, _) in numbers.items()}})
    frame["manad_namn"] = [f"Redan försenade {study.date}", *map(long_month, months[1:])]
    if why:
        frame[list(numbers)] = float("nan")
    labels = [Column(key, label) for key, (_, label) in numbers.items()]
    later = "Beslut som har följts upp efter dagen"
    if not study.stands:
        later = f"{study.followed_later} beslut har följts upp efter dagen och"
    return Table(
        "uppfoljningar",
        TITLE.format(len(months) - 1),
        frame,
        (Column("manad_namn", "Sista dag"), *labels),
        note=f"{later} är inte med." if study.followed_later else "",
        extra=("manad",),
        told=dict.fromkeys(numbers, [((AHEAD, (month, "")),) for month in months]),
        celler=no_number(frame, numbers, why),
    )
