"""What the budget's figures come of: the unit's rows of the year and version, and what the scenario does to them."""

from functools import partial

from planbok.case.grounds import Ground, Rows
from planbok.topics.budget.study import UPRATING_RULE, Study

COST, INCOME = "kostnad_mnkr", "intakt_mnkr"
MOVED = partial(Ground, others=True, aside=(UPRATING_RULE,))  # the uprating is what years are compared by


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    of_year = {"ar": study.case.ar, "version": study.version}
    before = {"ar": study.case.ar - 1, "version": study.version}
    cost, income = (Rows("budget", column, of_year) for column in (COST, INCOME))
    both, earlier = (cost, income), tuple(Rows("budget", column, before) for column in (COST, INCOME))
    frame = "ramen är budgetens nettokostnad, och det som scenariot ändrar av den"
    against = study.versus.scenario.changes
    return {
        "kostnad_mnkr": MOVED("budgetradernas kostnader, och det som scenariot ändrar", (cost,)),
        "intakt_mnkr": MOVED("budgetradernas intäkter, och det som scenariot ändrar", (income,)),
        "nettokostnad_mnkr": MOVED("kostnader minus intäkter", both),
        "ram_mnkr": MOVED(frame, both),
        "avvikelse_mnkr": MOVED(f"ramen minus nettokostnaden; {frame}", both),
        "avvikelse_helar_mnkr": MOVED("som avvikelsen, med tolv månader av läget den 31 december", both),
        "balans_kr_per_manad": MOVED("avvikelsen delad med månaderna från scenariots början till årets slut", both),
        "forandring_mnkr": MOVED("nettokostnaden minus förra årets budget", (*both, *earlier)),
        "nettokostnad_jamfor_mnkr": Ground(
            "kostnader minus intäkter i det som jämförs", both, ("",) if against else (), changed=False
        ),
        "skillnad_mnkr": MOVED("nettokostnaden minus nettokostnaden i det som jämförs", both),
        "helarseffekt_mnkr": MOVED("skillnaden, med tolv månader av läget den 31 december", both),
        "ar_jamforelse": Ground("år för år ur budgeten", (), (UPRATING_RULE,), changed=False),
        "*": MOVED("summan av raderna ovanför", both),
    }
