"""What the figures on decisions in time come of: the unit's decisions, cases and officers, and the terms by law."""

from planbok.case.grounds import Ground, Rows
from planbok.topics.decisions.study import PREFIX, Study


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    decisions, cases, officers = Rows("beslut"), Rows("arenden"), (Rows("handlaggare"), Rows("bemanning_handlaggare"))
    terms = (PREFIX,)
    return {
        "utgar_inom_3_manader_antal": Ground("beslut som går ut inom tre månader", (decisions,), terms),
        "uppfoljningar_*": Ground("beslut vars uppföljning borde ha gjorts", (decisions,), terms),
        "planer_*": Ground("beställningar vars plan kom i tid", (decisions,), terms),
        "kontakt_*": Ground("beställningar där kontakt togs i tid", (decisions,), terms),
        "start_*": Ground("beslut som började i tid", (decisions,), terms),
        "stickprov_antal": Ground("så många som regeln säger", (decisions,), terms, changed=False),
        "ko_sist_antal": Ground("ärenden in minus det som handläggarna hinner", (cases, *officers), terms),
        "handlaggningstid_median_dagar": Ground("dagar från ansökan till beslut", (cases,), terms),
        "arenden_i_tid_procent": Ground("ärenden beslutade inom tiden", (cases,), terms),
        "personer_per_handlaggare": Ground("personer med löpande beslut per tjänst", (decisions, *officers), terms),
        "*_procent": Ground("utfallet i tabellen", (Rows("indikatorutfall"),), ("indikator.",), changed=False),
        "*": Ground("besluten mot lagens tider", (decisions,), terms),
    }
