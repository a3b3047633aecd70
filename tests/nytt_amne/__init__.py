"""Alarms answered in a month: a topic of its own, with its table and its kind of change, for a test."""

from planbok.topics.nytt_amne import changes  # noqa: F401 - its kind of change is one once it is defined

from planbok.case.topic import Notebook, Topic, modules_of
from planbok.inputs.tables.columns import ColumnSpec, TableSpec

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("larmsvar", {"tom_manad": "sista månaden som räknas, 1–12"}),),
    needs=("larmsvar",),
    reach="larmsvar",
    changes=("larm",),
    effects="effects:effects",
    tables=(
        TableSpec(
            "larmsvar",
            (ColumnSpec("enhet"), ColumnSpec("manad", "month"), ColumnSpec("antal", "int")),
            unique_key=("enhet", "manad"),
        ),
    ),
    explorer="",
)
__getattr__ = modules_of(__name__)
