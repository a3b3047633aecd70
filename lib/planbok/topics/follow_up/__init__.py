"""The month's follow-up: a prognosis from outturn to date, measures, and each operation's page."""

from planbok.topics.follow_up.figures import (
    accuracy_figure,
    bridge_figure,
    month_figure,
    operations_figure,
    row_figure,
    since_last_figure,
)
from planbok.topics.follow_up.sheet_view import pages, sheet_result
from planbok.topics.follow_up.study import Study, study
from planbok.topics.follow_up.table_check import table_faults
from planbok.topics.follow_up.view import result

__all__ = [
    "Study",
    "accuracy_figure",
    "bridge_figure",
    "month_figure",
    "operations_figure",
    "pages",
    "result",
    "row_figure",
    "sheet_result",
    "since_last_figure",
    "study",
    "table_faults",
]
