"""What a reader sees of a study: the topic's whole result, protected for the case's audience."""

from typing import Any

from planbok.case.result import Result
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import protect
from planbok.topics import budget, follow_up


def shown_budget(study: Any) -> Result:
    return protect(budget.view.result(study), policy(study.case))


def shown_month(study: Any) -> Result:
    return protect(follow_up.view.result(study), policy(study.case))
