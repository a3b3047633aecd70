"""What is wrong in an invoice line, of which kind, and what the line should have been.

A line has one kind of fault, the first that holds of those in `KINDS`; its kronor are what is billed less the right.
"""

import numpy as np
import pandas as pd

from planbok.topics.control.lines import DAYS, PIECES, Lines
from planbok.topics.control.prices import Listed

KINDS = {
    "utan_beslut": "Utan beslut",
    "dubbel": "Fakturerat två gånger",
    "period": "Utanför beslutets tid",
    "dagar": "Fler dygn än perioden har",
    "niva": "Annan nivå eller regi än beslutets",
    "pris": "Annat pris än listans eller beslutets",
    "belopp": "Antal gånger pris är inte beloppet",
}
DECIMALS = 6  # of kr: what binary arithmetic adds at a limit is no difference


def judged(found: Lines, listed: Listed, within_kr: np.ndarray, rounding_kr: np.ndarray) -> pd.DataFrame:
    """Each line with its kind of fault ("" without one) and what is right.

        ratt_kr = number that the decision covers and nobody has billed * right price
        fel_kr  = billed - ratt_kr, 0 without a fault

    Parameters
    ----------
    found : the lines beside their decisions
    listed : the right price of each line, NaN where there is none to hold it against
    within_kr : kr by which each line's price may differ from the right one, rule `kontroll.prisskillnad_kr`
    rounding_kr : kr by which its number times price and its amount may differ, rule `kontroll.avrundning_kr`

    Returns
    -------
    `slag`, `ratt_kr`, `fel_kr` and `provad` (whether there was a price to hold it against), a row a line. Credit notes,
    and debits that one has settled without the status saying so, are no faults.
    """
    frame = found.frame
    count, price, amount = (frame[key].to_numpy(float) for key in ("antal", "kr_per_enhet", "belopp_kr"))
    wrong_price = listed.known & (np.abs(price - listed.kr).round(DECIMALS) > within_kr)
    faults = {
        "utan_beslut": (found.place < 0) & (frame["mattenhet"] != PIECES).to_numpy(),
        "dubbel": found.again > 0,
        "period": found.inside < found.days,
        "dagar": count > found.most,
        "niva": listed.other_level | (wrong_price & listed.of_other),
        "pris": wrong_price,
        "belopp": np.abs(count * price - amount).round(DECIMALS) > rounding_kr,
    }
    slag = np.select(list(faults.values()), list(faults), "")
    returned = (frame["status"] == "krediterad").to_numpy()
    slag = np.where(found.credit | (found.settled & ~returned), "", slag)
    right = _right_number(found, count) * np.where(listed.known, listed.kr, price)
    right = np.where(slag == "utan_beslut", 0.0, right)
    wrong = np.where(slag == "", 0.0, amount - right)
    return pd.DataFrame(
        {"slag": slag, "ratt_kr": np.where(slag == "", amount, right), "fel_kr": wrong, "provad": listed.known}
    )


def _right_number(found: Lines, count: np.ndarray) -> np.ndarray:
    """The number that may be billed: what the decision covers and no earlier line has.

    Days are counted; hours, months and pieces are taken in proportion to the days.
    """
    days = np.clip(found.inside - found.again, 0, None)
    counted = (found.frame["mattenhet"] == DAYS).to_numpy()
    return np.where(counted, np.minimum(count, days), np.minimum(count, found.most) * days / found.days)
