"""The control of invoices: prices, levels, periods and what is billed twice, and what is still to come."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("kostnadskontroll", {"tom_manad": "sista månaden som räknas, 1–12"}),),
    needs=("fakturor", "beslut"),
    uses=("enheter",),
    reach="fakturor",
    rules=("kontroll.",),
    effects="others:effects",
    to_come="others:to_come",
    faults="table_check:table_faults",
)
__getattr__ = modules_of(__name__)
