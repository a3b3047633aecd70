"""The month's follow-up: a prognosis from outturn to date, measures, and each operation's page."""

from planbok.case.topic import Notebook, Topic, modules_of

TOM = {"tom_manad": "sista bokförda månaden, 1–12"}
TOPIC = Topic(
    package=__name__,
    notebooks=(
        Notebook(
            "manadsprognos",
            {**TOM, "kontrollsumma_kr": "utfallets netto enligt redovisningen; 0 betyder inte angiven"},
        ),
        Notebook("verksamhetsblad", {**TOM, "verksamhet": "en verksamhet, eller alla"}, "sheet_view:sheet_result"),
    ),
    needs=("budget", "utfall"),
    uses=("enheter", "manadsbudget", "verksamheter", "prognosfel"),
    reach="utfall",
    changes=("upprakning", "belopp", "atgard", "bedomning"),
    rules=("uppfoljning.",),
    follows=True,
    outcomes={"namndens_budgetfoljsamhet_efter_resultatoverforingar": "outcomes:outcome"},
    faults="table_check:table_faults",
)
__getattr__ = modules_of(__name__)
