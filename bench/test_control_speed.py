"""How invoice lines are held against their decisions, beside what pandas needs for one groupby-sum over the same rows.

Ratios within one run: seconds differ from machine to machine, what they are compared with does not.
"""

import numpy as np
import pandas as pd
from timing import seconds

from planbok.topics.control.faults import KINDS, judged
from planbok.topics.control.lines import lines
from planbok.topics.control.prices import Listed

MOST_RATIO, LINES, PRICE = 4, 1_000_000, 3733.0


def invoices(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A line a decision and month as the reader hands them on, twelve a decision; one in a thousand is sent twice."""
    rng, persons = np.random.default_rng(1), count // 12
    ids = np.char.add("beslut", np.arange(persons).astype(str))
    month = np.tile(np.arange("2024-01", "2025-01", dtype="datetime64[M]"), persons)
    month[::1000] = np.datetime64("2024-01")
    fran, till = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]") - 1
    days = (till - fran).astype(int) + 1.0
    held = pd.DataFrame({"beslut": ids}).astype("str").assign(fran=pd.Timestamp(2020, 1, 1), till=pd.NaT)
    texts = {
        "faktura": np.char.add("f", rng.integers(0, count // 10, len(month)).astype(str)),
        "utforare": np.char.add("utforare_", rng.integers(0, 50, len(month)).astype(str)),
        "beslut": np.repeat(ids, 12),
        "manad": month.astype(str),
    }
    frame = (
        pd.DataFrame(texts).astype("str").assign(typ="debet", mattenhet="dygn", status="betald", fran=fran, till=till)
    )
    return frame.assign(antal=days, kr_per_enhet=PRICE, belopp_kr=days * PRICE), held


def test_invoice_lines_beside_a_plain_groupby_sum(record_property):
    """A million lines within four times one groupby-sum of the same rows."""
    frame, held = invoices(LINES)
    right = Listed(np.full(len(frame), PRICE), np.zeros(len(frame), bool), np.zeros(len(frame), bool))

    def found() -> None:
        assert set(judged(lines(frame, held), right, 0.005, 1.0)["slag"]) <= {"", *KINDS}

    taken = seconds(found)
    ratio = taken / seconds(lambda: frame.groupby(["utforare", "beslut", "manad"])["belopp_kr"].sum())
    record_property("seconds", taken)
    record_property("ratio", ratio)
    assert ratio < MOST_RATIO
