"""Budget scenarios: the unit's own table, what a scenario does to it, and what must be true for balance."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("budgetscenarier"),),
    needs=("budget",),
    uses=("enheter", "manadsbudget"),
    reach="budget",
    changes=("upprakning", "belopp", "atgard", "bedomning"),
    follows=True,
    moved="study:moved",
)
__getattr__ = modules_of(__name__)
