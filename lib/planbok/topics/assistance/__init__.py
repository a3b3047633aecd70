"""Assistance, escort and relief: hours against what is granted, claims in time, and what is not debited."""

from planbok.case.topic import Notebook, Topic, modules_of
from planbok.topics.assistance import changes as changes

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("assistans", {"tom_manad": "sista månaden som räknas, 1–12"}),),
    needs=("assistanstimmar",),
    uses=("bemanning", "enheter"),
    reach="assistanstimmar",
    changes=("assistansbeslut",),
    rules=("assistans.",),
    effects="others:effects",
    any_unit=True,  # a unit that pays for assistance has no hours of its own
    faults="table_check:table_faults",
    explorer="explore:explorer",
    outcomes={"andel_utforda_assistanstimmar_av_beviljade": "others:outcomes"},
)
__getattr__ = modules_of(__name__)
