"""The control of invoices in words, made of the result as its reader may see it; of the study only names and months."""

from planbok.base.numbers import format_number, kronor
from planbok.base.words import counted
from planbok.case.result import KeyFigure, Result
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.control.study import Study
from planbok.topics.control.tables import COUNTED, period, stood, unpriced

FEWEST = 3
TRIED = "Raderna är prövade mot beslut och prislista: pris, nivå, tid, dubbletter och belopp."


def sentences(study: Study, shown: Result) -> list[str]:
    """At most six sentences: how much, why, what is done, what is left to come, how sure, and to when it is counted."""
    said = (_faults(study, shown), _largest(shown), _left(shown), _missing(study, shown), _sure(shown), _stood(study))
    kept = [text for text in said if text]
    return kept if len(kept) >= FEWEST else [*kept, TRIED]


def _stood(study: Study) -> str:
    """Why the faults are counted to an earlier month than the report's."""
    return f"Felen är räknade för {period(study, study.wrong_to)}. {COUNTED}" if stood(study, study.wrong_to) else ""


def _kr(figure: KeyFigure) -> str:
    """An amount without its sign, in mnkr where it is a million or more."""
    return figure.about + kronor(abs(figure.number))


def _faults(study: Study, shown: Result) -> str:
    lines, count, kr = shown.fakta["rader_antal"], shown.nyckeltal["fel_antal"], shown.nyckeltal["fel_kr"]
    checked = f"{format_number(lines.number, 0)} fakturarader {period(study, study.wrong_to)}"
    if count.varde == 0:
        return f"Inget fel finns i {checked}."
    if count.varde is None:
        return f"Bland {checked} finns fel; hur många {count.lacking}. Vilka rader det är står i arbetsmaterialet."
    how = "är fel" if count.varde != 1 else "är fel, en enda rad"
    found = f"Av {checked} {how}" if count.varde == 1 else f"Av {checked} är {format_number(count.varde, 0)} fel"
    if kr.varde is None:
        return f"{found}; beloppet {kr.lacking}."
    if not kr.varde:
        return f"{found}, men de ändrar inget belopp."
    credited = "" if shown.nyckeltal["atervunnet_kr"].varde == 0 else ", det som redan är krediterat inräknat"
    return f"{found}: vi har fakturerats {_kr(kr)} för {'mycket' if kr.varde > 0 else 'lite'}{credited}."


def _largest(shown: Result) -> str:
    frame = shown.tabeller["fel_per_slag"].frame
    rows = frame[(frame["slag"] != TOTAL_ROW) & frame["fel_kr"].notna()]
    if len(frame) <= 2 or rows.empty:
        return ""
    most = rows.loc[rows["fel_kr"].abs().idxmax()]
    if not most["fel_kr"]:
        return ""
    rounded = shown.tabeller["fel_per_slag"].avrundat_till
    amount = KeyFigure(float(most["fel_kr"]), "kr", "", avrundat_till=rounded)
    return f"Störst är {str(most['slag_namn']).lower()}: {counted(most['fel_antal'], 'rad', 'rader')}, {_kr(amount)}."


def _left(shown: Result) -> str:
    returned, left = shown.nyckeltal["atervunnet_kr"], shown.fakta["kvar_kr"]
    if left.varde is None and (shown.nyckeltal["fel_kr"].varde or 0) > 0:
        return "Att göra: kräv tillbaka det som inte redan är krediterat."
    if not left.varde or not shown.nyckeltal["fel_antal"].varde:
        return ""
    if returned.varde is None:
        return f"Kvar att kräva tillbaka är {_kr(left)}."
    done = f"{_kr(returned)} är redan krediterat" if returned.varde else "Inget är krediterat än"
    return f"{done}; {_kr(left)} är kvar att kräva tillbaka."


def _missing(study: Study, shown: Result) -> str:
    kr = shown.nyckeltal["saknade_fakturor_kr"]
    if kr.varde is None:
        return f"Fakturor har inte kommit för alla beslut; beloppet {kr.lacking}."
    left_out = f" {unpriced(study)}" if study.unpriced else ""
    if not kr.varde:
        last = period(study, study.missing_to).rpartition("–")[2]
        return f"Alla beslut med ett pris per dygn har fått sina fakturor till och med {last}.{left_out}"
    to = f" {period(study, study.missing_to)}" if study.missing_to else ""
    return (
        f"Fakturor för {_kr(kr)}{to} har inte kommit: de hamnar på raden {study.budget_row} och ska med när du bedömer "
        f"året.{left_out}"
    )


def _sure(shown: Result) -> str:
    without = shown.fakta["utan_pris_antal"].number
    if not without:
        return ""
    return (
        f"{format_number(without, 0)} rader har inget pris i listan eller beslutet att hålla mot; de är prövade mot "
        "tid, dubbletter och belopp."
    )
