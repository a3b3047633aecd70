"""The month's follow-up: a prognosis from outturn to date, measures, and each operation's page."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("manadsprognos"), Notebook("verksamhetsblad", result="sheet_view:sheet_result")),
    needs=("budget", "utfall"),
    uses=("enheter", "manadsbudget", "verksamheter", "prognosfel", "bemanning", "boenden"),
    reach="utfall",
    changes=("upprakning", "belopp", "atgard", "bedomning"),
    rules=("uppfoljning.",),
    yearly=("uppfoljning.",),
    follows=True,
    outcomes={"namndens_budgetfoljsamhet_efter_resultatoverforingar": "others:outcomes"},
    faults="table_check:table_faults",
)
__getattr__ = modules_of(__name__)
