"""What is wrong with the decisions of every unit, without a case: for `planbok check`."""

from planbok.base.errors import Fault
from planbok.case.study import every_row
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.read import Collection
from planbok.topics.lss_peng.study import decision_faults


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Every decision that can't be right by the rules and the price lists; faults of form are left to the reader."""
    read = every_row(collection, "beslut")
    return decision_faults(read[0], rules, read[1]) if rules is not None and read else []
