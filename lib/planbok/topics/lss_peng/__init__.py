"""LSS-peng: from granted insatser and need levels to what the unit is given, and what it pays."""

from planbok.case.topic import Notebook, Topic, modules_of
from planbok.lss.price_book import PRICE_RULES

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("lss_peng"),),
    needs=("beslut",),
    uses=("enheter",),
    changes=("volym", "nivabyte", "prislista"),
    rules=PRICE_RULES,
    yearly=("lss_peng.mat", "lss_peng.insatser"),
    effects="others:effects",
    decided="others:decided",
    driven="others:driven",
    faults="table_check:table_faults",
)
__getattr__ = modules_of(__name__)
