"""From one version of the year to another: price, volume, level, measures, judgement, and what can't be explained.

A bridge always closes: what its known parts don't add up to is a bar of its own, `oforklarat`.
"""

from collections.abc import Mapping

import pandas as pd

from planbok.ledger.act import FRAME, JUDGEMENT, MEASURE
from planbok.topics.follow_up.model import Prognosis

PRICE, VOLUME, LEVEL, MEASURES, JUDGED, OTHER, CLOSED, UNEXPLAINED = CAUSES = (
    *("pris", "volym", "niva", "atgarder", "bedomning", "ovrigt", "stangda_manader", "oforklarat"),
)
CAUSE_NAMES = {
    PRICE: "Pris",
    VOLUME: "Volym",
    LEVEL: "Nivåer",
    MEASURES: "Åtgärder",
    JUDGED: "Bedömning",
    OTHER: "Andra förändringar i scenariot",
    CLOSED: "Stängda månader som ändrats",
    UNEXPLAINED: "Ej förklarat",
}
CAUSE_OF = {"upprakning": PRICE, "regel": PRICE, "volym": VOLUME, "nivabyte": LEVEL, "nytt_boende": VOLUME}
CAUSE_OF |= {MEASURE: MEASURES, JUDGEMENT: JUDGED}
COLUMNS = ["brygga", "steg", "orsak", "kr"]


WITHHELD = "Ej förklarat; volym och nivåer visas inte, de rör få personer"


def bridge(
    name: str, start: tuple[str, float], known: Mapping[str, float], end: tuple[str, float], hidden: bool = False
) -> pd.DataFrame:
    """The steps between two versions, kr.

        oforklarat = end - start - sum of what is known

    Parameters
    ----------
    known : cause (one of CAUSES) to kronor, plus is a higher net cost; causes that do nothing get no bar
    hidden : whether volume and levels concern few persons and so are left in what is not explained

    Returns
    -------
    DataFrame brygga, steg (for people), orsak ("start", the causes, "slut"), kr. The row oforklarat is always there.

    >>> found = bridge("b", ("Budget", 100.0), {"pris": 2.0, "volym": 0.0}, ("Prognos", 105.0))
    >>> found[["orsak", "kr"]].to_numpy().tolist()
    [['start', 100.0], ['pris', 2.0], ['oforklarat', 3.0], ['slut', 105.0]]
    """
    steps = {cause: known[cause] for cause in CAUSES if known.get(cause)}
    steps[UNEXPLAINED] = end[1] - start[1] - sum(steps.values())
    rows = [(name, start[0], "start", start[1])]
    names = CAUSE_NAMES | ({UNEXPLAINED: WITHHELD} if hidden else {})
    rows += [(name, names[cause], cause, kr) for cause, kr in steps.items()]
    return pd.DataFrame([*rows, (name, end[0], "slut", end[1])], columns=COLUMNS)


def known_in_year(prognosis: Prognosis) -> dict[str, float]:
    """What the scenario explains of the prognosis, kr by cause: a measure as far as the model has seen it."""
    parts = prognosis.parts[prognosis.parts["side"] < FRAME]
    seen = parts["ar"].where(parts["typ"] != MEASURE, parts["sedd"])
    return _by_cause(parts, seen)


def known_ahead(prognosis: Prognosis) -> dict[str, float]:
    """What the scenario puts to the model's own year, kr by cause; measures that are still to come are not in it."""
    parts = prognosis.parts[(prognosis.parts["side"] < FRAME) & (prognosis.parts["typ"] != MEASURE)]
    return _by_cause(parts, parts["kvar"])


def known_to_date(prognosis: Prognosis) -> dict[str, float]:
    """What the scenario explains of what is booked so far, kr by cause."""
    parts = prognosis.parts[prognosis.parts["side"] < FRAME]
    return _by_cause(parts, parts["hittills"])


def _by_cause(parts: pd.DataFrame, kr: pd.Series) -> dict[str, float]:
    causes = parts["typ"].map(CAUSE_OF).fillna(OTHER)
    return kr.groupby(causes).sum().to_dict()


def difference(later: Mapping[str, float], earlier: Mapping[str, float]) -> dict[str, float]:
    """What each cause explains more of the later version than of the earlier."""
    return {cause: later.get(cause, 0.0) - earlier.get(cause, 0.0) for cause in {*later, *earlier}}


def merged(known: Mapping[str, float], extra: Mapping[str, float]) -> dict[str, float]:
    """Causes from two sources, added."""
    return {cause: known.get(cause, 0.0) + extra.get(cause, 0.0) for cause in {*known, *extra}}
