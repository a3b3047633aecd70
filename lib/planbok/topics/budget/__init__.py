"""Budget scenarios: the unit's own table, what a scenario does to it, and what must be true for balance."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(
        Notebook(
            "budgetscenarier",
            {
                "version": "budgetversion: vp, justerad_t1, justerad_t2 eller bokslut",
                "till_ar": "sista planår; 0 betyder bara ar",
                "fler_scenarier": "fler scenarier i jämförelsen, åtskilda med komma",
            },
        ),
    ),
    needs=("budget",),
    uses=("enheter",),
    reach="budget",
    changes=("upprakning", "belopp", "atgard", "bedomning"),
    follows=True,
)
__getattr__ = modules_of(__name__)
