"""What is wrong with the hours of every unit and year, without a case: for `planbok check`."""

from datetime import date

from planbok.base.errors import Fault
from planbok.case.study import every_row
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.volume_checks import where
from planbok.topics.staffing.rosters import DAYS
from planbok.topics.staffing.study import row_findings


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """What can't be right in the table bemanning, by the rules in force in each year, for every unit.

    Faults of form are left to those who read every table.
    """
    found, read = roster_faults(collection), every_row(collection, "bemanning")
    if rules is None or read is None:
        return found
    rows, file = read
    for ar in sorted(rows["manad"].str[:4].astype(int).unique()):
        stops, _ = row_findings(rows, rules, date(int(ar), 1, 1))
        found += [finding.fault(file) for finding in stops if finding.manad.startswith(str(ar))]
    return found


def roster_faults(collection: Collection) -> list[Fault]:
    """What can't be right in the table schema: a weekday that there is none of, a shift of nobody."""
    read = every_row(collection, "schema")
    if read is None:
        return []
    rows, file = read
    text = "veckodag är {veckodag}; veckan går från 1 (måndag) till 7 (söndag)."
    found = list(where(rows, ~rows["veckodag"].between(1, len(DAYS)), file, "veckodag", text))
    text = "antal är {antal:g}: ett pass har minst en på plats. Rätta talet, eller ta bort raden."
    return found + list(where(rows, rows["antal"] <= 0, file, "antal", text))
