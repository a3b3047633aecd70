"""What is wrong with the decisions of every unit, without a case: for `planbok check`."""

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import shown
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.read import Collection
from planbok.topics.lss_peng.study import decision_faults


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Every decision that can't be right by the rules and the price lists; faults of form are left to the reader."""
    if rules is None or not collection.has("beslut"):
        return []
    try:
        rows = collection.read("beslut").frame
    except InputError:
        return []
    return list(decision_faults(rows, rules, shown(collection.path("beslut"))))
