"""Surveys over three years: whether a difference is more than chance, by the number of answers."""

from math import sqrt
from statistics import NormalDist

import pandas as pd

YEARS = 3
SURE, UNSURE, FIRST = "säker skillnad", "ingen säker skillnad", "inget tidigare år"
UP, DOWN = "högre", "lägre"


def difference(now: tuple[float, float], before: tuple[float, float], konfidens_procent: float) -> tuple[float, float]:
    """The interval of the difference of two shares, percentage points, by Agresti and Caffo's method.

        p = (answers * share + 1) / (answers + 2) for each; difference ± z * sqrt(sum of p (1 - p) / (answers + 2))

    Parameters
    ----------
    now, before : (share in per cent, number of answers)

    Source: Agresti & Caffo, The American Statistician 54:4 (2000), which holds also for few answers. The answers are
    taken for a random sample; that most of a small unit has answered makes the interval wider than it need be.

    >>> [round(end, 1) for end in difference((90, 30), (80, 25), 95)]
    [-9.7, 29.1]
    """
    ps = [(share / 100 * n + 1, n + 2) for share, n in (now, before)]
    shares = [yes / n for yes, n in ps]
    z = NormalDist().inv_cdf((1 + konfidens_procent / 100) / 2)
    wide = z * sqrt(sum(p * (1 - p) / n for p, (_, n) in zip(shares, ps, strict=True)))
    middle = shares[0] - shares[1]
    return 100 * (middle - wide), 100 * (middle + wide)


def verdict(low: float, high: float) -> str:
    """Whether a difference is more than chance, and in which direction.

    >>> verdict(-9.7, 29.1), verdict(0.0, 9.0), verdict(-9.0, 0.0)
    ('ingen säker skillnad', 'ingen säker skillnad', 'ingen säker skillnad')
    >>> verdict(0.1, 9.0), verdict(-9.0, -0.1)
    ('säker skillnad: högre', 'säker skillnad: lägre')
    """
    return UNSURE if low <= 0 <= high else f"{SURE}: {UP if low > 0 else DOWN}"


def by_question(rows: pd.DataFrame, ar: int, konfidens_procent: float) -> pd.DataFrame:
    """A row per question and year of the last three, with the answer rate and the change since the year before."""
    inside = rows[(rows["ar"] <= ar) & (rows["ar"] > ar - YEARS)].sort_values(["fraga", "ar"], kind="stable")
    found = []
    for fraga, its in inside.groupby("fraga", sort=False):
        before: tuple[float, float] | None = None
        for row in its.to_dict("records"):
            now = (float(row["andel_procent"]), float(row["svarande"]))
            ends = difference(now, before, konfidens_procent) if before else (float("nan"), float("nan"))
            found.append(
                {
                    "fraga": fraga,
                    "ar": str(row["ar"]),
                    "andel_procent": now[0],
                    "svarande_antal": now[1],
                    "svarsfrekvens_procent": 100 * now[1] / row["utskickade"]
                    if row["utskickade"] > 0
                    else float("nan"),
                    "skillnad_procent": now[0] - before[0] if before else float("nan"),
                    "omdome": verdict(*ends) if before else FIRST,
                }
            )
            before = now
    columns = ("fraga", "ar", "andel_procent", "svarande_antal", "svarsfrekvens_procent", "skillnad_procent", "omdome")
    return pd.DataFrame(found, columns=list(columns))
