"""Made-up collections of all topics' tables: the sample's units with other persons, groups, rents, cases and hours."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from attack.published import prices

from planbok.base.workspace import SAMPLE

SIZES = range(3, 61)
AR = 2024
Rng = np.random.Generator


def world(folder: Path, seed: int) -> Path:
    """A copy of the sample with 3 to 60 persons in each unit, and all that is counted drawn anew."""
    shutil.copytree(SAMPLE, folder)
    rng, size = np.random.default_rng(seed), SIZES[seed % len(SIZES)]
    kept = _persons(folder / "beslut.csv", rng, size)
    _change(folder / "fakturor.csv", lambda rows: rows[rows["beslut"].isin(kept)])
    if (folder / "fakturor.csv").read_text("utf-8").count("\n") < 2:
        (folder / "fakturor.csv").unlink()
    for name in ("arenden", "sjukfall"):
        share = rng.uniform(0.02, 1.0)
        _change(folder / f"{name}.csv", lambda rows, share=share: rows[rng.random(len(rows)) < share])
    _change(folder / "lagenheter.csv", partial_rents(rng))
    _change(folder / "verksamheter.csv", lambda rows: _drawn(rows, rng, ("brukare", "medarbetare"), 2, 40))
    _change(folder / "kompetens.csv", lambda rows: _trained(rows, rng))
    _change(folder / "enkat.csv", lambda rows: _drawn(rows, rng, ("svarande",), 3, 60).assign(utskickade="60"))
    hours = ["anstallda", "arsarbetare", "ordinarie_tid_h", "avtalad_tid_h", "arbetad_tid_h", "timavlonad_h"]
    hours += ["inhyrd_h", "overtid_h", "sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h"]
    _change(folder / "bemanning.csv", lambda rows: _scaled(rows, rng, ["enhet", "grupp"], hours, 0.2, 1.8))
    hours = ["arenden", "beviljade_h", "bestallda_h", "utforda_h", "arenden_over_99_h", "arenden_99_h_eller_mer"]
    _change(folder / "hemtjanst.csv", lambda rows: _scaled(rows, rng, ["omrade", "regi", "tidsslag"], hours, 0.01, 1.0))
    _change(folder / "vobo.csv", lambda rows: _scaled(rows, rng, ["slag", "regi"], ["dygn"], 0.02, 1.0))
    hours = [
        "beviljade_h",
        "fk_h",
        "lss_9_2_h",
        "schemalagda_h",
        "utforda_h",
        "vantetid_h",
        "begart_kr",
        "ersattning_kr",
    ]
    _change(
        folder / "assistanstimmar.csv", lambda rows: _granted(_scaled(rows, rng, ["enhet", "grupp"], hours, 0.1, 1.0))
    )
    own = np.random.default_rng(2000 + seed)
    _change(folder / "assistanstimmar.csv", lambda rows: _debited(_counted(rows, own), own))
    return folder


def move(folder: Path, seed: int) -> None:
    """Between two runs: one to three persons come in, go out or get another level."""
    rng = np.random.default_rng(1000 + seed)

    def moved(rows: pd.DataFrame) -> pd.DataFrame:
        own = rows[(rows["enhet"] == "exempelenheten") & rows["insats"].isin(["gruppbostad", "servicebostad"])]
        chosen = own.sample(min(len(own), int(rng.integers(1, 4))), random_state=int(rng.integers(1 << 30)))
        new = chosen.assign(fran="2024-09-03", till="", niva=chosen["niva"].replace({"3": "4", "2": "5"}))
        names = [f"{seed % 1000:03d}{number:02d}x" for number in range(len(new))]
        new = new.assign(person=[f"pny{n}" for n in names], beslut=[f"bny{n}" for n in names])
        for column in ("beslutsdatum", "bestalld", "verkstalld", "foljd_upp", "bevakning", "plan_in", "skal"):
            new[column] = ""
        for column in ("avbrott_fran", "avbrott_till", "erbjudande", "kontaktad", "handlaggare"):
            new[column] = ""
        return pd.concat([rows, new])

    _change(folder / "beslut.csv", moved)


def assisted(folder: Path) -> dict[tuple[str, str], int]:
    """Persons with assistance hours by month and insats, and by month of those whose hours are claimed."""
    rows = pd.read_csv(folder / "assistanstimmar.csv", dtype=str, keep_default_na=False)
    rows = rows[rows["enhet"] == "exempel_assistans"].assign(antal=lambda own: pd.to_numeric(own["antal_personer"]))
    claimed = rows[rows["begart_kr"] != ""].assign(insats="begart")
    return pd.concat([rows, claimed]).groupby(["manad", "insats"])["antal"].sum().to_dict()


def _change(path: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(rows).to_csv(path, index=False)


def _persons(path: Path, rng: Rng, size: int) -> set[str]:
    """Keeps so many persons of each unit, many of them on another level, and gives the decisions that are left."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    kept = []
    for _, own in rows.groupby("enhet"):
        there = own["person"].unique()
        kept += rng.choice(there, min(size, len(there)), replace=False).tolist()
    rows = rows[rows["person"].isin(kept)].copy()
    rows["niva"] = [_level(row, rng) for row in rows[["insats", "regi", "niva"]].itertuples(index=False)]
    rows.to_csv(path, index=False)
    return set(rows["beslut"])


def _level(row, rng: Rng) -> str:
    levels = prices(AR, row.insats, row.regi).index if row.niva else ()
    return str(rng.choice(levels)) if len(levels) and rng.random() < 0.5 else row.niva


def partial_rents(rng: Rng) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Each flat with a rent of its own."""

    def changed(rows: pd.DataFrame) -> pd.DataFrame:
        rents = [
            f"{round(float(text) * rng.uniform(0.8, 1.2))}" if text.isdigit() else text
            for text in rows["hyra_kr_per_manad"]
        ]
        return rows.assign(hyra_kr_per_manad=rents)

    return changed


def _drawn(rows: pd.DataFrame, rng: Rng, columns: tuple[str, ...], low: int, high: int) -> pd.DataFrame:
    """Whole numbers drawn anew where there were some."""
    rows = rows.copy()
    for column in columns:
        rows[column] = [str(rng.integers(low, high + 1)) if text.isdigit() else text for text in rows[column]]
    return rows


def _granted(rows: pd.DataFrame) -> pd.DataFrame:
    """The municipality's hours are those that the state has not granted."""
    granted, state = (pd.to_numeric(rows[name], errors="coerce") for name in ("beviljade_h", "fk_h"))
    left = [f"{hours:.0f}" if hours == hours else "" for hours in granted - state]
    return rows.assign(lss_9_2_h=np.where(rows["lss_9_2_h"] != "", left, ""))


def _counted(rows: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """1 to 3, 8 or 60 persons in each group, one more or fewer in some months."""
    most = int(rng.choice([3, 8, 60]))
    by = [rows[name] for name in ("enhet", "grupp", "tidsslag")]
    persons = rows.groupby(by)["grupp"].transform(lambda its: int(rng.integers(1, most + 1))).to_numpy(int)
    persons = np.maximum(persons + rng.choice([-1, 0, 0, 0, 1], len(rows)), 1)
    return rows.assign(antal_personer=persons.astype(str))


def _debited(rows: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Hours worked that are debited: all of them, or in some months a few less."""
    worked = pd.to_numeric(rows["utforda_h"], errors="coerce").fillna(0)
    share = np.where(rng.random(len(rows)) < 0.3, rng.uniform(0.8, 1.0, len(rows)), 1.0)
    hours = [f"{value:.0f}" for value in worked * share]
    return rows.assign(debiterade_h=np.where(rows["debiterade_h"] != "", hours, ""))


def _trained(rows: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    of = rng.integers(1, 41, len(rows))
    return rows.assign(av=of.astype(str), har=[str(rng.integers(0, number + 1)) for number in of])


def _scaled(rows: pd.DataFrame, rng: Rng, by: list[str], columns: list[str], low: float, high: float) -> pd.DataFrame:
    """Each group's numbers times a factor of its own, and each number a little off; whole numbers stay whole."""
    rows = rows.copy()
    factors = rows.groupby(by)[by[0]].transform(lambda its: rng.uniform(low, high) if len(its) else 1.0).to_numpy(float)
    near = factors * rng.uniform(0.96, 1.04, len(rows))
    for column in columns:
        numbers = pd.to_numeric(rows[column], errors="coerce")
        whole = bool((numbers.dropna() % 1 == 0).all())
        new = numbers * near
        texts = [f"{value:.0f}" if whole else f"{value:.2f}" for value in new.fillna(0)]
        rows[column] = np.where(numbers.notna(), texts, rows[column])
    return rows
