"""Staffing and sick leave: indicators, their cost, and what it takes to reach the target."""

from planbok.topics.staffing.dials import Answer, tried
from planbok.topics.staffing.effects import effects, moved_somewhere, staffing_faults
from planbok.topics.staffing.figures import bridge_figure, group_figure, month_figure, staffing_figure
from planbok.topics.staffing.study import Study, study
from planbok.topics.staffing.view import result
from planbok.topics.staffing.year import touches

__all__ = [
    "Answer",
    "Study",
    "bridge_figure",
    "effects",
    "group_figure",
    "month_figure",
    "moved_somewhere",
    "result",
    "staffing_figure",
    "study",
    "staffing_faults",
    "touches",
    "tried",
]
