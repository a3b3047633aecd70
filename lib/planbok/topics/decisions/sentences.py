"""Decisions in time in words, made of the result as its reader may see it; of the study only rules, names and days."""

from planbok.base import words
from planbok.base.errors import MissingValueError
from planbok.base.numbers import NO_BREAK, format_number, format_unit, kronor
from planbok.base.periods import long_month
from planbok.case.result import KeyFigure, Result
from planbok.inputs.scenario.load import BASELINE
from planbok.topics.decisions import counted
from planbok.topics.decisions.study import INTERRUPTED, PLAN, WAITING, Study


def sentences(study: Study, shown: Result) -> list[str]:
    """The answer: what waits, what is late, handling times, the queue, plans; then what the law says."""
    said = [
        _waiting(study, shown),
        " ".join(filter(None, [_breaks(study, shown), _follow_ups(shown)])),
        _handling(study, shown),
        " ".join(filter(None, [_queue(study, shown), _officers(study, shown)])),
        _plans(study, shown),
        _charge(study, shown),
        _law(study),
    ]
    return [text for text in said if text]


def _waiting(study: Study, shown: Result) -> str:
    keys = ("ej_verkstallda_antal", "avbrott_antal", "langsta_vantan_dagar")
    open_, stopped, longest = (shown.nyckeltal[key] for key in keys)
    if open_.saknas and stopped.saknas:
        return f"Vilka beslut som väntar går inte att säga: {open_.why}."
    if open_.varde is None:
        return f"Hur många beslut som väntar på att verkställas {open_.lacking}."
    wait = ""
    if longest.varde is not None:
        wait = f"; den längsta väntan är {format_number(longest.varde, 0)} dagar"
    elif longest.skyddas and open_.varde and shown.texter["klass"]:
        wait = f"; den längsta väntan är {shown.texter['klass']} månader"
    day = counted.waiting(study, WAITING)
    if not open_.varde:
        none = f"Den {day} väntade inget beslut" if day else "Inget beslut väntar"
        return f"{none} på att verkställas sedan mer än {study.term} månader."
    had = f"hade den {day}" if day else "har"
    return f"{format_number(open_.varde, 0)} beslut {had} inte verkställts inom {study.term} månader{wait}."


def _breaks(study: Study, shown: Result) -> str:
    """What has stopped, apart from what has not begun, and what began too late."""
    keys = ("ej_verkstallda_antal", "avbrott_antal", "verkstallda_for_sent_antal")
    open_, stopped, late = (shown.nyckeltal[key] for key in keys)
    if open_.saknas and stopped.saknas:
        return ""
    day = counted.waiting(study, INTERRUPTED)
    had = f"hade den {day}" if day and stopped.varde is not None else "har"
    said = _how_many(stopped, "avbrott", f"{had} varat längre än {study.term} månader", bool(open_.varde))
    if late.saknas or late.varde == 0:
        return said
    return f"{said} {_how_many(late, 'beslut', 'verkställdes för sent under kvartalet')}"


def _how_many(figure: KeyFigure, what: str, did: str, apart: bool = False) -> str:
    """How many of something did what is said, or that it is not shown; `apart` from those of the sentence before."""
    if figure.varde is None:
        return f"Hur många {what} som {did} {figure.lacking}."
    number = format_number(figure.varde, 0) if figure.varde else "Inget"
    return f"{number} {what}{' utöver dem' * apart} {did}."


def _charge(study: Study, shown: Result) -> str:
    """What the law says of the charge for a decision that is not carried out, where any is open."""
    if shown.nyckeltal["ej_verkstallda_antal"].varde == 0 and shown.nyckeltal["avbrott_antal"].varde == 0:
        return ""
    laws = set(study.rows["lagrum"]) - {""}
    if shown.nyckeltal["ej_verkstallda_antal"].saknas or (laws and "LSS" not in laws):
        return ""
    try:
        low, high = (study.case.rule(f"sarskild_avgift.{end}_kr", study.date) for end in ("lagst", "hogst"))
    except MissingValueError:
        return ""
    span = f"{kronor(low.varde)} till {kronor(high.varde)}"
    source = low.kalla.split(" lagen")[0].replace(" ", NO_BREAK)
    return f"Särskild avgift för ett beslut som inte verkställs i skälig tid är {span} ({source} LSS)."


def _follow_ups(shown: Result) -> str:
    late, ahead = shown.nyckeltal["uppfoljningar_forfallna_antal"], shown.fakta["uppfoljningar_framat_antal"]
    expires = shown.nyckeltal["utgar_inom_3_manader_antal"]
    ends = _how_many(expires, "beslut", "går ut inom tre månader utan att något nytt är fattat")
    if late.saknas:
        return f"Uppföljningar: {late.why}. {ends}"
    if late.skyddas:
        return f"Hur många uppföljningar som är försenade {late.lacking}. {ends}"
    are = "är försenad" if late.number <= 1 else "är försenade"
    coming = "" if ahead.varde is None else f"; {_ahead(ahead.varde)} ska göras det närmaste halvåret"
    number = words.counted(late.number, "uppföljning", "uppföljningar") if late.varde else "Ingen uppföljning"
    return f"{number} {are}{coming}. {ends}"


def _ahead(number: float) -> str:
    return format_number(number, 0) if number else "ingen"


def _plans(study: Study, shown: Result) -> str:
    in_time, there = shown.nyckeltal["planer_i_tid_procent"], shown.nyckeltal["planer_av_bestallda_procent"]
    lacking = next((figure for figure in (in_time, there) if figure.varde is None), None)
    if lacking:
        what = "Andelen genomförandeplaner i tid" if lacking.skyddas else "Genomförandeplaner:"
        return f"{what} {lacking.why}."
    to = counted.ordered(study, PLAN)
    had = f"hade den {to}" if to else "har"
    return (
        f"{format_unit(in_time.varde, 'procent', 0)} av {study.ar} års genomförandeplaner kom inom "
        f"{study.rule('plan_dagar')} dagar från beställningen; {format_unit(there.varde, 'procent', 0)} av "
        f"beställningarna {had} en plan.{_spot_check(shown)}"
    )


def _spot_check(shown: Result) -> str:
    """The outcome of the spot check, where it has come in."""
    share, count = shown.nyckeltal["stickprov_procent"], shown.nyckeltal["stickprov_antal"]
    if share.varde is None:
        return ""
    drawn = "stickproven" if count.varde is None else f"{format_number(count.varde, 0)} stickprov"
    return f" Av {drawn} var {format_unit(share.varde, 'procent', 0)} utan anmärkning."


def _handling(study: Study, shown: Result) -> str:
    median = shown.nyckeltal["handlaggningstid_median_dagar"]
    if median.varde is None:
        return (
            f"Handläggningstid: {median.why}. Bara tiden från beslut till start går att följa." if median.saknas else ""
        )
    share = shown.tabeller["handlaggningstid"].frame["i_tid_procent"].iloc[-1]
    alike = counted.timely(study) == counted.decided(study)
    within = "" if share != share or not alike else f", och {format_unit(share, 'procent', 0)} höll gränsen"
    to = counted.decided(study)
    each = ", olika per insats" if "–" in to else ""
    then = f" (insatserna räknade {to}{each})" if to else ""
    days = f"{median.about}{format_number(median.varde, 0)}"
    return f"Hälften av årets ärenden beslutades inom {days} dagar{within}{then}."


def _officers(study: Study, shown: Result) -> str:
    per, mean, low, high = (
        shown.nyckeltal["personer_per_handlaggare"],
        *(shown.fakta[key] for key in ("snitt", "lagst", "hogst")),
    )
    if per.varde is None:
        return f"Hur många personer det går på varje handläggare {per.lacking}." if per.skyddas else ""
    if not per.varde:
        return ""  # nobody has a decision that runs
    stood, spread = study.officers.stood, ""
    month = long_month(stood.manad) if stood and stood.manad != f"{study.day:%Y-%m}" else ""
    if mean.varde is not None and low.varde is not None and high.varde is not None:
        spread = (
            f"; öppna ärenden per handläggare {'var' if month else 'är'} i snitt {format_number(mean.varde)}, "
            f"från {format_number(low.varde, 0)} till {format_number(high.varde, 0)}"
        )
    persons = f"Med personerna i {month} går det" if month else "Det går"
    return f"{persons} {format_number(per.varde)} personer på varje handläggare i tjänst{spread}."


def _queue(study: Study, shown: Result) -> str:
    now, last, gone = shown.fakta["ko_antal"], shown.nyckeltal["ko_sist_antal"], shown.fakta["ko_borta"]
    if now.varde is None or last.varde is None or study.queue is None:
        why = next((figure.skyddas for figure in (now, last) if figure.skyddas), "")
        return f"Hur kön utvecklas skyddas ({why})." if why else ""
    count = len(study.queue.months)
    end = f"{format_number(last.varde, 0)} om {count} månader"
    if gone.varde is not None:
        end = f"borta efter {format_number(gone.varde, 0)} {'månad' if gone.varde == 1 else 'månader'}"
    coming = "med väntade ärenden och handläggarnas tid"
    then = counted.opened(study)
    open_ = f"var {{}} {then}" if then else "är {}"
    open_ = open_.format("öppna" if now.varde > 1 else "öppen")
    if not now.varde and gone.varde is not None:
        return f"Ingen utredning {open_}, och ingen kö väntas."
    cases = words.counted(now.varde, "utredning", "utredningar") if now.varde else "Ingen utredning"
    return f"{cases} {open_}; {coming} är kön {end}{_without(study, shown, last)}."


def _without(study: Study, shown: Result, last: KeyFigure) -> str:
    """What the queue is where the scenario does not act, where that is another number."""
    compared = shown.tabeller["kapacitet"].frame["ko_jamfor_antal"]
    if not study.case.scenario.changes or compared.isna().any() or round(compared.iloc[-1]) == round(last.number):
        return ""
    where = "utan scenariot" if study.case.jamfor_med.id == BASELINE else "i jämförelsen"
    return f", mot {format_number(compared.iloc[-1], 0)} {where}"


def _law(study: Study) -> str:
    """What is not known of the law that decisions rest on."""
    laws = [law for law in ("LSS", "SoL") if (study.rows["lagrum"] == law).any()]
    names = [str(study.rule(f"lagrum.{law}")) for law in laws]
    return f"Rapporten följer {' och '.join(names)}." if names else ""
