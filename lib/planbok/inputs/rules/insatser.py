"""Which insatser planbok knows: rows of others are left out of the tables, and said."""

from collections.abc import Iterator

import pandas as pd

from planbok.inputs.rules.rules import INSATSER, Rules, insats_hint
from planbok.inputs.tables.values import shortened

TABLES = ("beslut", "arenden", "assistanstimmar")  # whose rows may be of insatser that the city has and planbok not


def known_insatser(rules: Rules) -> dict[str, dict]:
    """The insatser of the rule, each with its title, unit and what else it is called; none without the rule."""
    return rules.series[INSATSER][-1].varde if INSATSER in rules.series else {}


def known_rows(frame: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """The rows whose insats is in the rule; all of them without a rule."""
    known = known_insatser(rules)
    return frame[frame["insats"].isin(known)].reset_index(drop=True) if known else frame


def left_out(frame: pd.DataFrame, rules: Rules, counted: bool) -> Iterator[str]:
    """A note for each insats of the table that the rule does not have; `counted`: with its units and numbers of rows.

    A number of rows may be a number of persons, so that a report for others than the unit's own says none.
    """
    known = known_insatser(rules)
    strange = frame[~frame["insats"].isin(known) & frame["insats"].ne("")] if known else frame.iloc[:0]
    for insats, rows in strange.groupby("insats", sort=True):
        units = ", ".join(f"{shortened(unit)} {count} rader" for unit, count in rows["enhet"].value_counts().items())
        where, hint = f" ({units})" if counted else "", insats_hint(insats, known)
        yield (
            f"insatsen '{shortened(insats)}'{where} finns inte i regeln {INSATSER}, så raderna räknas inte."
            f"{hint if 'Menade du' in hint else ''}"
        )
