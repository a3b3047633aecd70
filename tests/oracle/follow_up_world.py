"""A made-up unit for the oracle of the month's follow-up: its tables as csv, its rules and its scenarios."""

import random
from itertools import product
from pathlib import Path

from conftest import write_scenario
from follow_up_tables import AR, UNIT, write_rules

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Sources, load_sources
from planbok.inputs.tables.collection import Collection

# row / operation: budget mnkr (None: it does not part it off), revenue, what pays, booked kr a month about
PARTS = {
    "Personal": (30.0, 0.6, "", 2_400_000),  # the row's own, with more in it than its operations
    "Personal / Norr": (14.0, 0.24, "intakt", 1_200_000),
    "Personal / Söder": (12.0, 0.12, "anslag", 900_000),
    "Hyror": (6.0, 0.0, "anslag", 520_000),
    "Vård": (48.0, 3.0, "intakt", 4_100_000),
    "Mat": (2.4, 0.0, "", None),  # the budget does not part what the outturn does
    "Mat / Norr": (None, 0.0, "", 110_000),
    "Mat / Söder": (None, 0.0, "", 80_000),
    "Resor": (1.2, 0.3, "", 90_000),
    "Resor / Norr": (0.7, 0.1, "", None),  # the outturn does not part what the budget does
    "Gemensamt": (0.0, 12.0, "", 15_000),
}
METHODS = {"Personal": "profil", "Hyror": "manadsbudget", "Vård": "forra_aret", "Mat": "profil"}
LATE = {"Vård": 1, "Mat": 2}
INCOME = {"Vård": 240_000, "Gemensamt": 1_000_000}
LACKING = {"Resor": 2022}  # a month of that year is missing
VERSIONS = {"vp": 1.0, "justerad_t1": 1.03, "justerad_t2": 0.98}


def write(folder: Path, tom: int, seed: int, left_out: tuple[str, ...]) -> Path:
    """The unit's tables after a month, and another unit's rows beside."""
    rng = random.Random(seed)
    folder.mkdir(parents=True)
    _csv(
        folder,
        "budget",
        "enhet,ar,version,budgetrad,kostnad_mnkr,intakt_mnkr,verksamhet,finansiering",
        _budget(left_out),
    )
    _csv(folder, "utfall", "enhet,manad,budgetrad,kostnad_kr,intakt_kr,verksamhet", _outturn(rng, tom, left_out))
    _csv(folder, "manadsbudget", "enhet,manad,budgetrad,kostnad_kr,intakt_kr", _monthly(rng))
    _csv(folder, "verksamheter", "enhet,verksamhet,brukare,medarbetare,arsarbetare,kan_paverka", _operations())
    _csv(folder, "boenden", "boende,enhet,insats,regi,platser,oppnar", _homes())
    if not left_out:
        _csv(folder, "prognosfel", "ar,tom_manad,metod,fel_procent", _shared(rng))
    head = "enhet,grupp,manad,anstallda,arsarbetare,ordinarie_tid_h,avtalad_tid_h,arbetad_tid_h,sjuk_h,verksamhet"
    _csv(folder, "bemanning", head, _staffing(rng, tom))
    return folder


def _csv(folder: Path, name: str, head: str, rows: list[list]) -> None:
    lines = [head, *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")


def _budget(left_out: tuple[str, ...]) -> list[list]:
    rows = []
    for unit, scale in ((UNIT, 1.0), ("annan", 3.0)):
        for ar, versions in ((AR - 2, ("vp",)), (AR - 1, ("vp", "justerad_t1")), (AR, tuple(VERSIONS))):
            for version in versions:
                for name, (cost, revenue, pays, _) in PARTS.items():
                    row, _, operation = name.partition(" / ")
                    if cost is not None and name not in left_out:
                        size = scale * VERSIONS[version] * (1 - 0.04 * (AR - ar))
                        money = [round(cost * size, 4), round(revenue * size, 4)]
                        rows.append([unit, ar, version, row, *money, operation, pays])
    return rows


def _outturn(rng: random.Random, tom: int, left_out: tuple[str, ...]) -> list[list]:
    """Booked rows of four years; late invoices come in their months, the last ones of a year all in December."""
    rows = []
    names = [name for name, (*_, about) in PARTS.items() if about is not None and name not in left_out]
    for unit, ar, name in product((UNIT, "annan"), range(AR - 3, AR + 1), names):
        row, _, operation = name.partition(" / ")
        late, size = LATE.get(row, 0), (5.0 if unit != UNIT else 1.0) * (1 + 0.05 * (ar - AR))
        service = [size * PARTS[name][3] * rng.uniform(0.8, 1.2) for _ in range(12)]
        income = [size * INCOME.get(row, 0) * rng.uniform(0.9, 1.1) for _ in range(12)]
        if name == "Mat / Söder" and ar == AR - 1:
            service[:3] = [0, 0, 0]
        for month in range(1, (tom if ar == AR else 12) + 1):
            of = range(month - late, 13 if month == 12 else month - late + 1)
            waits = row == "Mat" and ar == AR and 1 < month == tom < 12
            missing = unit == UNIT and ar == LACKING.get(row) and month == 7
            if not waits and not missing:
                money = [round(sum(kr[m - 1] for m in of if m > 0)) for kr in (service, income)]
                rows.append([unit, f"{ar}-{month:02d}", row, *money, operation])
    return rows


def _monthly(rng: random.Random) -> list[list]:
    """Stated months of two rows; the others' years are spread evenly."""
    rows = []
    for unit in (UNIT, "annan"):
        for month in range(1, 13):
            rows.append([unit, f"{AR}-{month:02d}", "Hyror", rng.randint(400_000, 600_000), None])
            rows.append([unit, f"{AR}-{month:02d}", "Vård", 4_000_000 + 90_000 * month, 200_000 + 10_000 * (month % 3)])
    return rows


def _operations() -> list[list]:
    return [
        [UNIT, "Norr", 24, 9, None, "Planera semestern tidigare."],
        [UNIT, "Söder", "20–30", None, 7.5, ""],
        [UNIT, "Väster", 12, 4, None, "Handla mer lokalt."],
        ["annan", "Norr", 99, 50, None, ""],
    ]


def _homes() -> list[list]:
    rows = [["hyror", UNIT, 5], ["norr", UNIT, 6], ["soder", "annan", 4], ["ett_annat", UNIT, 3]]
    return [[name, unit, "gruppbostad", "kommunal", places, "2020-01-01"] for name, unit, places in rows]


def _shared(rng: random.Random) -> list[list]:
    return [[2020 + n, tom, "vald", round(rng.uniform(-4, 4), 2)] for n in range(4) for tom in range(1, 12)]


def _staffing(rng: random.Random, tom: int) -> list[list]:
    rows = []
    for ar in (AR - 1, AR):
        for month in range(1, (tom if ar == AR else 12) + 1):
            for group, operation in (("A", "Norr"), ("B", "Norr"), ("C", "Söder"), ("D", "")):
                hours = rng.randint(900, 1100)
                if operation != "Söder" or ar == AR or month != 1:  # last year's January is missing of Söder
                    worked = [hours + 200, hours + 150, hours, 50]
                    rows.append([UNIT, group, f"{ar}-{month:02d}", 8, 7.0, *worked, operation])
    rows.append(["annan", "A", f"{AR}-01", 80, 70.0, 9000, 9000, 8000, 50, "Norr"])
    return rows


def _change(typ: str, row: str, sida: str = "kostnad", **more) -> dict:
    return {"typ": typ, "budgetrad": row, "sida": sida, **more}


def _measure(namn: str, row: str, kr: int, fran: str, status: str, sida: str = "kostnad", **more) -> dict:
    return _change("atgard", row, sida, namn=namn, kr_per_manad=kr, fran=fran, status=status, **more)


def ends(low: int, high: int) -> dict[str, int]:
    return {"kr_per_manad_lag": low, "kr_per_manad_hog": high}


CHANGES = [
    _change("belopp", "Vård", kr_per_manad=70_000, fran=f"{AR}-01-01"),
    _change("upprakning", "Vård", procent=2.5, fran=f"{AR}-03-01"),
    _change("belopp", "Gemensamt", "intakt", kr_per_manad=50_000, fran=f"{AR}-02-15", till=f"{AR}-10-20"),
    _change("belopp", "Personal", kr_per_manad=40_000, fran=f"{AR}-01-01", verksamhet="Norr"),
    _change("belopp", "Hyror", "ram", kr_per_manad=30_000, fran=f"{AR}-04-01"),
    _change(
        "belopp", "Resor", kr_per_manad=12_000, fran=f"{AR}-07-01", kr_per_manad_lag=6_000, kr_per_manad_hog=20_000
    ),
    _measure("Färre vikarier", "Personal", -60_000, f"{AR}-02-01", "verkstalld", verksamhet="Söder"),
    _measure("Nytt avtal", "Vård", -90_000, f"{AR}-03-16", "beslutad", sannolikhet_andel=0.8),
    _measure(
        "Samlade resor", "Resor", -10_000, f"{AR}-09-01", "beslutad", kr_per_manad_lag=-14_000, kr_per_manad_hog=-4_000
    ),
    _measure("Högre avgift", "Gemensamt", 25_000, f"{AR}-11-01", "planerad", sida="intakt"),
    _change("bedomning", "Mat", kr=180_000, datum=f"{AR}-02-10", fran=f"{AR}-01-15", motivering="Dyrare råvaror"),
]
OTHERS = [_change("belopp", "Vård", kr_per_manad=-100_000, fran=f"{AR}-06-01")]


def changes(left_out: tuple[str, ...]) -> list[dict]:
    """The scenario `prov`: every kind of change that moves budget rows, but of rows that are left out."""
    return [change for change in CHANGES if change["budgetrad"] not in left_out]


def sources(folder: Path, tom: int, seed: int, left_out: tuple[str, ...] = ()) -> Sources:
    """The unit's tables, rules and two scenarios: `prov` and `annan`."""
    params = folder / "params"
    rules = {"metod": {"alla": "rak", UNIT: METHODS}, "slap_manader": {"alla": 0, UNIT: LATE}}
    write_rules(params, {f"uppfoljning.{name}": value for name, value in rules.items()})
    write_scenario(params, "prov", changes(left_out))
    write_scenario(params, "annan", OTHERS)
    folders = Folders((params, PARAMS), write(folder / "data", tom, seed, left_out))
    own = load_sources(folders)
    return Sources(folders, own.rules, own.placement, Collection(folders.data))
