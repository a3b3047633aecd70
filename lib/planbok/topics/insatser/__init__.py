"""Granted insatser month by month: what is new, what ends, what grows, and what it costs."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("insatser_manad"),),
    needs=("beslut",),
    uses=("assistanstimmar", "enheter"),
    changes=("volym",),
    rules=("varning.",),
    effects="others:effects",
    driven="others:driven",
)
__getattr__ = modules_of(__name__)
