"""LSS-peng: from granted insatser and need levels to what the unit is given, and what it pays."""

from planbok.topics.lss_peng.drivers import drivers
from planbok.topics.lss_peng.effects import effects, moved_somewhere
from planbok.topics.lss_peng.figures import bridge_figure, month_figure, state_figure
from planbok.topics.lss_peng.study import Study, decision_faults, study
from planbok.topics.lss_peng.view import result
from planbok.topics.lss_peng.worlds import touches

__all__ = [
    "Study",
    "bridge_figure",
    "decision_faults",
    "drivers",
    "effects",
    "month_figure",
    "moved_somewhere",
    "result",
    "state_figure",
    "study",
    "touches",
]
