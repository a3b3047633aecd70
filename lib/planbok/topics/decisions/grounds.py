"""What the figures on decisions in time come of: the unit's decisions, cases and officers, and the terms by law."""

from planbok.case.grounds import Ground, Rows
from planbok.topics.decisions.study import PREFIX, Study

TERM = "verkstallighet_manader"


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    decisions, cases, officers = Rows("beslut"), Rows("arenden"), (Rows("handlaggare"), Rows("bemanning_handlaggare"))

    def by(*names: str) -> tuple[str, ...]:
        """Rules of the topic, and those that say what a decision is."""
        return (*(PREFIX + name for name in names), "insatser.utan_beslut", "insatser.lucka_dagar")

    queue = by("kapacitet_manader", "minuter.", "timmar_per_handlaggare", "uppfoljning_manader")
    return {
        "utgar_inom_3_manader_antal": Ground("beslut som går ut inom tre månader", (decisions,), by("utgar_manader")),
        "uppfoljningar_*": Ground("beslut vars uppföljning borde ha gjorts", (decisions,), by("uppfoljning_manader")),
        "planer_*": Ground("beställningar vars plan kom i tid", (decisions,), by("plan_dagar")),
        "kontakt_*": Ground("beställningar där kontakt togs i tid", (decisions,), by("kontakt_dagar")),
        "start_*": Ground("beslut som började i tid", (decisions,), by(TERM)),
        "stickprov_antal": Ground("så många som regeln säger", (decisions,), by("stickprov_antal"), changed=False),
        "ko_sist_antal": Ground("ärenden in minus det som handläggarna hinner", (cases, *officers), queue),
        "handlaggningstid_median_dagar": Ground("dagar från ansökan till beslut", (cases,)),
        "arenden_i_tid_procent": Ground("ärenden beslutade inom tiden", (cases,), (f"{PREFIX}handlaggning_dagar",)),
        "personer_per_handlaggare": Ground("personer med löpande beslut per tjänst", (decisions, *officers), by()),
        "*_procent": Ground(
            "utfallet i tabellen", (Rows("indikatorutfall"),), (f"{PREFIX}indikatorer",), changed=False
        ),
        "*": Ground("besluten mot lagens tider", (decisions,), by(TERM)),
    }
