"""What the synthetic tables share: the units, their years, and how a row is written."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[1]
SAMPLE = DATA / "sample"
SEED = 20240827
UNIT = "exempelenheten"
SOURCE = "Syntetiska uppgifter, framtagna med data/make_sample.py; enheten finns inte"
YEARS = (2022, 2023, 2024)

Row = dict[str, str]
