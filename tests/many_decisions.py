"""As many decisions as one likes, for the benchmarks."""

import numpy as np
import pandas as pd

AR = 2024


def table(count: int) -> pd.DataFrame:
    """Decisions as the reader hands them on, most of them running in the year."""
    rng = np.random.default_rng(1)
    number = np.arange(count)
    fran = pd.Timestamp(AR - 4, 1, 1) + pd.to_timedelta(rng.integers(0, 1800, count), unit="D")
    texts = {
        "beslut": np.char.add("b", number.astype(str)),
        "person": np.char.add("someone", number.astype(str)),
        "insats": rng.choice(["gruppbostad", "servicebostad", "barnboende_over_12"], count),
        "niva": rng.choice(list("1234567"), count),
        "regi": rng.choice(["kommunal", "entreprenad", "privat"], count),
        "utforare": rng.choice(["utforare_a", "utforare_b"], count),
        "tidsslag": np.full(count, ""),
    }
    frame = pd.DataFrame(texts).astype("str")
    own = np.where(rng.random(count) < 0.1, rng.integers(2000, 6000, count), np.nan)
    till = fran + pd.to_timedelta(rng.integers(0, 1500, count), unit="D")
    more = {"pris_kr_per_dygn": own, "timmar_per_manad": np.nan, "_rad": number + 2}
    return frame.assign(fran=fran, till=pd.Series(till).where(rng.random(count) < 0.7), **more)
