"""Users and staff of a unit's operations: who stands behind the table `verksamheter`, the same in every report."""

import pandas as pd

from planbok.case.result import People
from planbok.inputs.tables.specs import TOTAL_ROW

USERS, STAFF = "brukare", "medarbetare"


def people_of(operations: pd.DataFrame) -> dict[str, People]:
    """The people by operation, by name in a result; the unit's own number of them is taken to be known.

    Parameters
    ----------
    operations : the unit's rows of `verksamheter`: verksamhet, brukare_lag, medarbetare_lag (NaN where not stated)

    >>> rows = pd.DataFrame({"verksamhet": ["A", "B"], "brukare_lag": [3.0, 9.0], "medarbetare_lag": [8.0, None]})
    >>> people_of(rows)["brukare"].antal.to_dict("records")
    [{'A': 3.0, 'B': 9.0}]
    """
    parts = operations[operations["verksamhet"] != TOTAL_ROW].set_index("verksamhet")
    return {name: People(parts[[f"{name}_lag"]].T.reset_index(drop=True)) for name in (USERS, STAFF)}
