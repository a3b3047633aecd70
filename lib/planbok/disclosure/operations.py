"""Users and staff of a unit: who stands behind the tables `verksamheter` and `bemanning`, the same in every report."""

import pandas as pd

from planbok.case.result import People
from planbok.inputs.tables.columns import TOTAL_ROW

USERS, STAFF = "brukare", "medarbetare"


def people_of(operations: pd.DataFrame) -> dict[str, People]:
    """The people by operation, by both ends of what is stated; the unit's own number of them is taken to be known.

    Where an operation states no staff its full-time equivalents are taken for them.

    Parameters
    ----------
    operations : the unit's rows of `verksamheter`: verksamhet, and `_lag` and `_hog` of brukare, medarbetare and
        arsarbetare (NaN where not stated)

    >>> ends = {"brukare": [3.0, 9.0], "medarbetare": [8.0, None], "arsarbetare": [7.5, 4.5]}
    >>> rows = pd.DataFrame({f"{name}_{end}": both for name, both in ends.items() for end in ("lag", "hog")})
    >>> found = people_of(rows.assign(verksamhet=["A", "B"]))
    >>> found["brukare"].antal.to_numpy().tolist(), found["medarbetare"].antal.to_numpy().tolist()
    ([[3.0, 9.0], [3.0, 9.0]], [[8.0, 4.5], [8.0, 4.5]])
    """
    parts = operations[operations["verksamhet"] != TOTAL_ROW].set_index("verksamhet")
    users = [parts[f"{USERS}_{end}"] for end in ("lag", "hog")]
    staff = [parts[f"{STAFF}_{end}"].fillna(parts[f"arsarbetare_{end}"]) for end in ("lag", "hog")]
    both = {USERS: users, STAFF: staff}
    frames = {name: pd.DataFrame([row.to_numpy() for row in rows], columns=parts.index) for name, rows in both.items()}
    return {name: People(frame) for name, frame in frames.items()}


def headcounts(frame: pd.DataFrame) -> pd.DataFrame:
    """Headcounts by month and group; where somebody was ill there is at least one, whatever is stated.

    >>> months = pd.DataFrame({"nr": [1, 1, 2, 2], "grupp": list("ABAB"), "anstallda": [5, 0, 5, 0],
    ...     "sjuk_h": [8, 0, 8, 8]})
    >>> headcounts(months).fillna(0).astype(int).to_numpy().tolist()
    [[5, 0], [5, 1]]
    """
    there = frame[(frame["anstallda"] > 0) | (frame["sjuk_h"] != 0)]
    stated = there.assign(anstallda=there["anstallda"].fillna(1).clip(lower=1))
    return stated.pivot_table(index="nr", columns="grupp", values="anstallda", aggfunc="sum").sort_index()
