"""What is wrong with the hours of every unit and year, without a case: for `planbok check`."""

from datetime import date

from planbok.base.errors import Fault
from planbok.case.study import every_row
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.read import Collection
from planbok.topics.staffing.study import row_findings


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """What can't be right in the table bemanning, by the rules in force in each year, for every unit.

    Faults of form are left to those who read every table.
    """
    read = every_row(collection, "bemanning")
    if rules is None or read is None:
        return []
    found, (rows, file) = [], read
    for ar in sorted(rows["manad"].str[:4].astype(int).unique()):
        stops, _ = row_findings(rows, rules, date(int(ar), 1, 1))
        found += [finding.fault(file) for finding in stops if finding.manad.startswith(str(ar))]
    return found
