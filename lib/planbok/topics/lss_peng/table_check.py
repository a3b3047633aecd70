"""What can't be right in decisions by the rules and the price lists, beyond their form."""

from planbok.base.errors import Fault
from planbok.case.study import every_row
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection
from planbok.lss.price_book import levels
from planbok.topics.lss_peng.decisions import faults


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Every decision of every unit that can't be right; faults of form are left to the reader of the table."""
    read = every_row(collection, "beslut")
    return faults(read[0], levels(rules), read[1]) if rules is not None and read else []
