"""Staffing and sick leave: indicators, their cost, and what it takes to reach the target."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("bemanning_sjukfranvaro"),),
    needs=("bemanning",),
    uses=("enheter", "indikatorutfall", "mal", "schema", "sjukfall", "verksamheter"),
    reach="bemanning",
    changes=("sjukfranvaro",),
    rules=("po_palagg", "lon.", "ersattare.", "sjuklon."),
    effects="others:effects",
    driven="others:driven",
    outcomes=dict.fromkeys(("sjukfranvaro", "sjukfranvaro_dag_1_14", "timavlonade_timmar"), "others:outcomes"),
    faults="table_check:table_faults",
)
__getattr__ = modules_of(__name__)
