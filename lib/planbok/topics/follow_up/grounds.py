"""What the prognosis comes of: booked months, the budget that it is held against, the method, and the scenario."""

from planbok.analysis.forecast import DRIVERS
from planbok.case.grounds import Ground, Rows, Span, months
from planbok.topics.follow_up.study import Study

VERSION = ("uppfoljning.budgetversion_fran_manad",)
METHOD = ("uppfoljning.metod", "uppfoljning.slap_manader")
RANGE = ("uppfoljning.intervall_procent", "uppfoljning.minst_", "uppfoljning.narliggande")


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    ar, tom = study.case.ar, study.tom
    booked = tuple(Rows("utfall", name, {"manad": months(ar, 1, tom)}) for name in ("kostnad_kr", "intakt_kr"))
    known = Rows("utfall", where={"manad": Span(last=f"{ar}-{tom:02d}")})
    budget = tuple(
        Rows("budget", name, {"ar": ar, "version": study.version}) for name in ("kostnad_mnkr", "intakt_mnkr")
    )
    driven = bool((study.prognosis.used == DRIVERS).any())
    drivers = (Rows("beslut"), Rows("bemanning"), Rows("hemtjanst"), Rows("vobo")) if driven else ()
    year, rules = (*booked, known, *budget, *drivers), ("",) if driven else METHOD
    held = (*rules, *VERSION)  # against the budget that was known then
    outturn, planned = "utfallets kostnader minus intäkter till och med månaden", "budgetens kostnader minus intäkter"
    ahead = "utfallet till och med månaden, och resten av året enligt radens metod"
    return {
        "utfall_mnkr": Ground(outturn, booked, changed=False),
        "anvant_mnkr": Ground(outturn, booked, changed=False),
        "utfall_per_rad": Ground("utfallet månad för månad", booked, changed=False),
        "budget_mnkr": Ground(planned, budget, VERSION, changed=False),
        "budgetforbrukning_procent": Ground("utfallet delat med budgeten", (*booked, *budget), VERSION, changed=False),
        "anvant_procent": Ground("det som är använt delat med budgeten", (*booked, *budget), VERSION, changed=False),
        "prognos_modell_mnkr": Ground(ahead, year, rules),
        "prognos_mnkr": Ground(f"{ahead}, med bedömningar och det som scenariot ändrar", year, rules, others=True),
        "avvikelse_mnkr": Ground("budgeten minus prognosen", year, held, others=True),
        "avvikelse_procent": Ground("avvikelsen delad med budgeten", year, held, others=True),
        "budgetfoljsamhet_procent": Ground("prognosen delad med budgeten", year, held, others=True),
        "atgarder_*": Ground("scenariots åtgärder, det av dem som utfallet ännu inte visar", booked, METHOD),
        "kvar_att_atgarda_mnkr": Ground("underskottet minus beslutade åtgärder", year, held, others=True),
        "prognosavvikelse_procent": Ground("prognoserna vid samma månad mot årets utfall", year, METHOD, changed=False),
        "prognos_*": Ground("prognosen och felen i tidigare års prognoser", year, (*METHOD, *RANGE), others=True),
        "*": Ground("summan av raderna ovanför", year, held, others=True),
    }
