"""A new group home: rents, KBH and peng before anyone has moved in."""

from planbok.topics.group_home.dials import Dials, Tried, tried
from planbok.topics.group_home.effects import effects, moved_somewhere
from planbok.topics.group_home.figures import (
    bridge_figure,
    external_figure,
    level_figure,
    month_figure,
    range_figure,
)
from planbok.topics.group_home.study import Study, study, table_faults, touches
from planbok.topics.group_home.view import result

__all__ = [
    "Dials",
    "Study",
    "Tried",
    "bridge_figure",
    "effects",
    "external_figure",
    "level_figure",
    "month_figure",
    "moved_somewhere",
    "range_figure",
    "result",
    "study",
    "table_faults",
    "touches",
    "tried",
]
