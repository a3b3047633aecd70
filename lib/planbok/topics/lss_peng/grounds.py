"""What LSS-peng comes of: granted decisions, the price list of their levels, and how a measurement becomes money."""

from datetime import date

from planbok.case.grounds import Ground, Rows, running_in
from planbok.topics.lss_peng.study import Study

PRICES = tuple(f"lss_peng.{name}" for name in ("ersattning", "tilldelning", "insatser", "prislista_ar"))
COUNTED = (*PRICES, "insatser.utan_beslut")
HOURS = ("lss_timpriser",)
MEASURED = ("lss_peng.mat",)


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    ar = study.case.ar
    rows = (Rows("beslut", where=running_in(date(ar, 1, 1), date(ar, 12, 31))),)
    days = "årets dygn gånger pengen för insats, nivå och regi"
    budget = "personerna vid mätningen gånger pengen för insats, nivå och regi, efter mätregeln"
    return {
        "peng_dygn_kr": Ground(days, rows, COUNTED),
        "preliminar_kr": Ground(budget, rows, (*COUNTED, *MEASURED)),
        "efter_matning_1_kr": Ground(budget, rows, (*COUNTED, *MEASURED)),
        "slutlig_kr": Ground(budget, rows, (*COUNTED, *MEASURED)),
        "skillnad_matning_dygn_kr": Ground("slutlig budget minus pengen för årets dygn", rows, (*COUNTED, *MEASURED)),
        "pris_over_peng_kr": Ground("beslutens egna priser minus nivåns peng, för årets dygn", rows, COUNTED),
        "ersattning_till_utforare_kr": Ground("köpta dygn och timmar gånger deras pris", rows, (*COUNTED, *HOURS)),
        "personer_matning_*": Ground(
            "personer med ett löpande beslut på mätdagen", rows, ("lss_peng.matdatum", *COUNTED[-1:])
        ),
        "dygn_utan_matning": Ground("dygn efter mätdagen som ingen mätning betalar", rows, (*COUNTED, *MEASURED)),
        "*": Ground(days, rows, COUNTED),
    }
