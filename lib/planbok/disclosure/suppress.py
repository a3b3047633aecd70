"""Small groups: which parts of a shown total may not be shown, so that none of them can be worked out."""

import pandas as pd

WITHHELD_NOTE = "Visas inte: uppgifter om färre än {} personer, och så mycket till att de inte kan räknas fram."
OPEN_AUDIENCE = "arbetsmaterial"


def withheld(counts: pd.Series, smallest: int) -> pd.Series:
    """Which parts are withheld when their total is shown.

    Parts below `smallest` (but not empty) are; so are the smallest of the others, until what is withheld is at least
    two parts and at least `smallest` persons together, since the total minus what is shown gives its sum.

    >>> withheld(pd.Series([12, 7, 3]), 5).tolist()
    [False, True, True]
    >>> withheld(pd.Series([3, 3, 20]), 5).tolist()
    [True, True, False]
    >>> withheld(pd.Series([12, 7, 0]), 5).tolist()
    [False, False, False]
    """
    hidden = (counts > 0) & (counts < smallest)
    if not hidden.any():
        return hidden
    for place in counts[~hidden & (counts > 0)].sort_values(kind="stable").index:
        if hidden.sum() >= 2 and counts[hidden].sum() >= smallest:
            break
        hidden[place] = True
    return hidden


def note(smallest: int) -> str:
    """Why cells are withheld, for the table's own note."""
    return WITHHELD_NOTE.format(smallest)
