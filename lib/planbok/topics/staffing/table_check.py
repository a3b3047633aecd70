"""What is wrong with the hours of every unit and year, without a case: for `planbok check`."""

from datetime import date

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import shown
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.read import Collection
from planbok.topics.staffing.study import row_findings


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """What can't be right in the table bemanning, by the rules in force in each year, for every unit.

    Faults of form are left to those who read every table.
    """
    if rules is None or not collection.has("bemanning"):
        return []
    try:
        rows = collection.read("bemanning").frame
    except InputError:
        return []
    found, file = [], shown(collection.path("bemanning"))
    for ar in sorted(rows["manad"].str[:4].astype(int).unique()):
        stops, _ = row_findings(rows, rules, date(int(ar), 1, 1))
        found += [finding.fault(file) for finding in stops if finding.manad.startswith(str(ar))]
    return found
