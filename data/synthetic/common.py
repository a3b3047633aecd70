"""What the synthetic tables share: the units, their years, and how a row is written."""

import zlib
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[1]
SAMPLE = DATA / "sample"
SEED = 20240827
UNIT = "exempelenheten"
SOURCE = "Syntetiska uppgifter, framtagna med data/make_sample.py; enheten finns inte"
YEARS = (2022, 2023, 2024)

Row = dict[str, str]


def generator(table: str) -> np.random.Generator:
    """The table's own random numbers: a new table leaves the others unchanged."""
    return np.random.default_rng([SEED, zlib.crc32(table.encode())])
