"""A ledger of a million postings, read in with its account, beside pandas reading and summing the same file."""

import time
from pathlib import Path

import numpy as np
import pandas as pd

from planbok.cli import main

ROWS = 1_000_000
MOST = 4.0
PROFILE = """
titel: Stor huvudbok
tabell: utfall
bekraftad: [profil, konto]
kolumner: {konto: Konto, enhet: Ansvar, verksamhet: Verksamhet, manad: Period, belopp: Belopp}
kod_och_text: [konto]
koder:
  konto:
    - {kod: 3000–3999, budgetrad: Intäkter, sida: intakt}
    - {kod: 4000–7999, budgetrad: Kostnader}
"""


def swedish(kr: float) -> str:
    text = f"{abs(kr):,.2f}".replace(",", " ").replace(".", ",")
    return f"{text}-" if kr < 0 else text


def write_export(path: Path) -> int:
    """The file; its sum in öre."""
    rng = np.random.default_rng(1)
    accounts = rng.choice([3411, 5011, 5012, 5651, 6011, 6431, 7411, 4631], ROWS)
    ore = rng.integers(100, 3_000_000, ROWS) * np.where(accounts < 4000, -1, 1)
    units, operations = rng.integers(312_100, 312_140, ROWS), rng.choice([5131, 5132, 9200], ROWS)
    periods = 202_500 + rng.integers(1, 13, ROWS)
    with path.open("w", encoding="cp1252") as file:
        file.write("Resultatrapport;;;;;;\nKonto;Ansvar;Verksamhet;Motpart;Period;Text;Belopp\n")
        for n, row in enumerate(zip(accounts, units, operations, periods, ore, strict=True)):
            account, unit, operation, period, kr = row
            file.write(f"{account} Namn;{unit};{operation};8010;{period};Faktura {n};{swedish(kr / 100)}\n")
    return int(ore.sum())


def pandas_sums(path: Path) -> pd.Series:
    """What a controller who knows pandas would write, trailing minus and all."""
    frame = pd.read_csv(path, sep=";", skiprows=1, encoding="cp1252", dtype={"Belopp": str})
    text = frame["Belopp"].str.replace(" ", "").str.replace(",", ".")
    minus = text.str.endswith("-")
    frame["Belopp"] = text.str.rstrip("-").astype(float).where(~minus, -text.str.rstrip("-").astype(float))
    return frame.groupby(["Konto", "Ansvar", "Verksamhet", "Period"])["Belopp"].sum()


def seconds(action) -> float:
    """The processor time of an action: other work on the machine moves it less than the clock."""
    start = time.process_time()
    action()
    return time.process_time() - start


def plain_pandas(path: Path) -> None:
    """Only `read_csv` and `groupby`, the amounts left as text and counted: the least that pandas can do."""
    pd.read_csv(path, sep=";", skiprows=1, encoding="cp1252", decimal=",", thousands=" ").groupby(
        ["Konto", "Ansvar", "Verksamhet", "Period"]
    )["Belopp"].count()


def test_a_million_postings(tmp_path, capsys):
    path, (params, data) = tmp_path / "stor.csv", (tmp_path / "params", tmp_path / "data")
    (params / "inlasning").mkdir(parents=True)
    data.mkdir()
    (params / "inlasning" / "stor.yaml").write_text(PROFILE, encoding="utf-8")
    ore = write_export(path)
    arguments = ["--params", str(params), "--data", str(data), "las-in", str(path), "--profil", "stor"]
    codes = []
    least = seconds(lambda: plain_pandas(path))
    whole = seconds(lambda: pandas_sums(path))
    took = seconds(lambda: codes.append(main(arguments)))
    assert codes == [0], capsys.readouterr()
    rows = pd.read_csv(data / "utfall.csv")
    assert round(100 * (rows["kostnad_kr"].sum() - rows["intakt_kr"].sum())) == ore
    with capsys.disabled():
        print(f"\nlas-in {took:.1f} s, read_csv + groupby {least:.1f} s ({took / least:.2f}), summed {whole:.1f} s")
    assert took <= MOST * least
