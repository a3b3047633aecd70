"""Which insatser planbok knows: rows of others are left out of the tables, and said."""

from collections.abc import Iterator

import pandas as pd

from planbok.base.errors import did_you_mean
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.values import shortened

RULE = "insatser"
TABLES = ("beslut", "arenden", "assistanstimmar")  # whose rows may be of insatser that the city has and planbok not


def known_insatser(rules: Rules) -> dict[str, dict]:
    """The insatser of the rule, each with its title, unit and what else it is called; none without the rule."""
    return rules.series[RULE][-1].varde if RULE in rules.series else {}


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
        where = f" ({units})" if counted else ""
        yield (
            f"insatsen '{shortened(insats)}'{where} finns inte i regeln {RULE}, så raderna räknas inte."
            f"{insats_hint(insats, known)}"
        )


def insats_hint(found: str, known: dict[str, dict]) -> str:
    """Which insats is meant by a name that the rule does not have, by what else it is called or by its spelling."""
    plain = found.casefold().replace(" ", "_").translate(str.maketrans("åäö", "aao"))
    for name, about in known.items():
        if isinstance(about, dict) and any(plain.startswith(other) for other in about.get("kallas", ())):
            return f" Menade du '{name}'?"
    hint = did_you_mean(plain, known)
    return hint if "Menade du" in hint else ""
