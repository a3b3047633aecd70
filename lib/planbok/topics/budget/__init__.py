"""Budget scenarios: the unit's own table, what a scenario does to it, and what must be true for balance."""

from planbok.topics.budget.figures import bridge_figure, month_figure, row_figure, scenario_figure, year_figure
from planbok.topics.budget.study import Study, study
from planbok.topics.budget.view import result

__all__ = [
    "Study",
    "bridge_figure",
    "month_figure",
    "result",
    "row_figure",
    "scenario_figure",
    "study",
    "year_figure",
]
