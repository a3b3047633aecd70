"""Home care and care homes for older people: cases, hours, full months, and the year's cost by what drives it."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("aldreomsorg", {"tom_manad": "sista månaden som räknas, 1–12"}),),
    needs=("hemtjanst",),
    uses=("vobo", "befolkning", "budget", "utfall", "enheter"),
    reach="hemtjanst",
    changes=("arenden_hemtjanst", "timmar_hemtjanst", "flytt"),
    rules=("hemtjanst.", "vobo.", "volymprognos."),
    yearly=("hemtjanst.betald_tid", "hemtjanst.natt_insatser_per_dygn", "hemtjanst.kanslighet", "volymprognos."),
    effects="others:effects",
    driven="others:driven",
    faults="table_check:table_faults",
)
__getattr__ = modules_of(__name__)
