"""Drawn units and scenarios, seeded, and what in the sentences about them does not hold when read aloud."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from conftest import write_scenario
from read_aloud import heard

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer

ROWS = ("Vårdkostnader", "LASS-assistans", "Administration", "Lokalkostnader", "Övriga verksamheter")
STAFF_PAGE = "verksamhetsblad"
AR = 2024
Draw = Callable[[np.random.Generator], list[dict]]


def drawn_tables(folder: Path, units: int, rng: np.random.Generator) -> None:
    """Budgets and outturn of three years for some units, rows of any size."""
    budget = ["enhet,ar,version,budgetrad,kostnad_mnkr,intakt_mnkr"]
    outturn = ["enhet,manad,budgetrad,kostnad_kr,intakt_kr"]
    for number in range(units):
        for row in ROWS[: rng.integers(2, 6)]:
            size, revenue = rng.lognormal(1.5, 1.2), rng.choice([0.0, rng.uniform(0, 0.5)])
            for year in (AR - 2, AR - 1, AR):
                size *= rng.normal(1.02, 0.03)
                budget.append(f"u{number},{year},vp,{row},{size:.3f},{size * revenue:.3f}")
                outturn += [
                    f"u{number},{year}-{month:02d},{row},{kr:.0f},{kr * revenue:.0f}"
                    for month, kr in enumerate(size * 1e6 / 12 * rng.normal(1.01, 0.05, 12), start=1)
                ]
    folder.mkdir(parents=True)
    (folder / "budget.csv").write_text("\n".join(budget), "utf-8")
    (folder / "utfall.csv").write_text("\n".join(outturn), "utf-8")


def _month(rng: np.random.Generator, first: int = 1) -> str:
    return f"{AR}-{rng.integers(first, 13):02d}-01"


def money(rng: np.random.Generator) -> list[dict]:
    """One to three changes of rows, of the frame, measures and judgements."""
    found = []
    for _ in range(rng.integers(1, 4)):
        on = {"budgetrad": str(rng.choice(ROWS[:2])), "fran": _month(rng)}
        cost, kr = {**on, "sida": "kostnad"}, round(float(rng.normal(0, rng.choice([15e4, 15e5])))) or 1000
        size = abs(kr) + 1000
        ends = {"kr_per_manad_lag": -2 * size, "kr_per_manad_hog": -size // 2}
        status = str(rng.choice(["planerad", "beslutad"]))
        kinds = [
            {"typ": "upprakning", **cost, "procent": round(float(rng.normal(0, 4)), 1) or 0.5},
            {"typ": "belopp", **cost, "kr_per_manad": kr},
            {"typ": "belopp", **on, "sida": "ram", "kr_per_manad": kr},
            {"typ": "atgard", "namn": "Prov", **cost, "kr_per_manad": -size, **ends, "status": status},
            {"typ": "bedomning", **cost, "kr": 3 * kr, "datum": f"{AR}-09-10"},
        ]
        found.append(kinds[rng.integers(0, len(kinds))])
    return found


def persons(rng: np.random.Generator) -> list[dict]:
    """Persons more at a level, from a day."""
    place = {"insats": "gruppbostad", "niva": int(rng.integers(2, 7)), "regi": "entreprenad"}
    return [{"typ": "volym", **place, "antal": int(rng.integers(1, 12)), "fran": _month(rng)}]


def home(rng: np.random.Generator) -> list[dict]:
    """The new home with its opening, staff, rents and what is known of who moves in."""
    known = {int(level): 1 for level in rng.choice(np.arange(2, 7), rng.integers(0, 3), replace=False)}
    own = {"arsarbetare": round(float(rng.uniform(4, 14)), 1), "hyra_kr_per_manad": int(rng.integers(7000, 14000))}
    change = {"typ": "nytt_boende", "boende": "nya_hemmet", "oppnar": _month(rng, 7), **own}
    return [{**change, "kanda_nivaer": known} if known else change]


def sick(rng: np.random.Generator) -> list[dict]:
    """Sick leave up or down for everyone."""
    points = round(float(rng.uniform(0.1, 1.0)), 1) * int(rng.choice([-1, 1]))
    return [{"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": points, "fran": _month(rng)}]


DRAWN: dict[str, tuple[Draw, str, dict]] = {
    "budgetscenarier": (money, "", {}),
    "manadsprognos": (money, "", {"tom_manad": 0}),
    STAFF_PAGE: (money, "", {"tom_manad": 0}),
    "lss_peng": (persons, "exempelenheten", {}),
    "gruppbostad_kbh": (home, "exempelenheten", {"boende": "nya_hemmet"}),
    "bemanning_sjukfranvaro": (sick, "exempel_assistans", {"tom_manad": 8}),
}


def wrong_when_drawn(folder: Path, notebook: str, count: int, seed: int) -> list[tuple[str, list]]:
    """What does not hold in the sentences of some drawn scenarios, each for one of the three audiences in turn."""
    draw, enhet, own = DRAWN[notebook]
    rng, data = np.random.default_rng(seed), SAMPLE
    for number in range(count):
        write_scenario(folder / "params", f"s{number}", draw(rng))
    if not enhet:
        data = folder / "data"
        drawn_tables(data, count, rng)
    sources, wrong = load_sources(Folders((folder / "params", PARAMS), data)), []
    for number in range(count):
        audience = ("arbetsmaterial", "ledning", "offentlig")[number % 3]
        months = {"tom_manad": int(rng.integers(2, 12))} if own.get("tom_manad") == 0 else {}
        of = {"enhet": enhet or f"u{number}", "ar": AR, "scenario": f"s{number}", **own, **months}
        said = answer(open_case(notebook, sources=sources, spridning=audience, **of)).result.sammanfattning
        assert said
        wrong += heard(said, kronor=notebook != STAFF_PAGE)
    return wrong
