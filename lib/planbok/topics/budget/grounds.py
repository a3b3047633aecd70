"""What the budget's figures come of: the unit's rows of the year and version, and what the scenario does to them."""

from planbok.case.grounds import Ground, Rows
from planbok.topics.budget.study import UPRATING_RULE, Study

COST, INCOME = "kostnad_mnkr", "intakt_mnkr"


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    of_year = {"ar": study.case.ar, "version": study.version}
    before = {"ar": study.case.ar - 1, "version": study.version}
    cost, income = (Rows("budget", column, of_year) for column in (COST, INCOME))
    both, earlier = (cost, income), tuple(Rows("budget", column, before) for column in (COST, INCOME))
    frame = "ramen är budgetens nettokostnad, och det som scenariot ändrar av den"
    against = study.versus.scenario.changes
    return {
        "kostnad_mnkr": Ground("budgetradernas kostnader, och det som scenariot ändrar", (cost,), others=True),
        "intakt_mnkr": Ground("budgetradernas intäkter, och det som scenariot ändrar", (income,), others=True),
        "nettokostnad_mnkr": Ground("kostnader minus intäkter", both, others=True),
        "ram_mnkr": Ground(frame, both, others=True),
        "avvikelse_mnkr": Ground(f"ramen minus nettokostnaden; {frame}", both, others=True),
        "avvikelse_helar_mnkr": Ground("som avvikelsen, med tolv månader av läget den 31 december", both, others=True),
        "balans_kr_per_manad": Ground(
            "avvikelsen delad med månaderna från scenariots början till årets slut", both, others=True
        ),
        "forandring_mnkr": Ground("nettokostnaden minus förra årets budget", (*both, *earlier), others=True),
        "nettokostnad_jamfor_mnkr": Ground(
            "kostnader minus intäkter i det som jämförs", both, ("",) if against else (), changed=False
        ),
        "skillnad_mnkr": Ground("nettokostnaden minus nettokostnaden i det som jämförs", both, others=True),
        "helarseffekt_mnkr": Ground("skillnaden, med tolv månader av läget den 31 december", both, others=True),
        "ar_jamforelse": Ground("år för år ur budgeten", (), (UPRATING_RULE,), changed=False),
        "*": Ground("summan av raderna ovanför", both, others=True),
    }
