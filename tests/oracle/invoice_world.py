"""Made-up decisions and invoice lines of a unit, most of them right and some wrong in ways that meet at the edges."""

import csv
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from planbok.base.workspace import PARAMS

Row = dict[str, str]
UNIT, OTHER, YEAR = "provet", "annan_enhet", 2024
HOMES = ("gruppbostad", "servicebostad", "daglig_verksamhet")
STATES = ("", "oppen", "betald", "bestridd", "krediterad")


def lists() -> dict[tuple[str, str, str, str], float]:
    """kr a day by year, insats, management and level; kr an hour with the time band in the level's place."""
    found = {}
    for file, level, kr in (("lss_peng", "niva", "kr_per_dygn"), ("lss_timpriser", "tidsslag", "kr_per_timme")):
        for row in csv.DictReader((PARAMS / "regler" / f"{file}.csv").read_text("utf-8").splitlines()):
            if row.get("avser", "ersattning") == "ersattning":
                found[row["ar"], row["insats"], row["regi"], row[level]] = float(row[kr])
    return found


LISTS = lists()


def decisions(draw: Random, count: int) -> list[Row]:
    """Decisions of few and of many persons: with a price of their own, by the hour, without a price, ended at edges."""
    found = []
    for number in range(count):
        insats = draw.choice(HOMES)
        row = {"beslut": f"beslut{number:03d}a", "person": f"person{number * 2 // 3:03d}a", "enhet": UNIT}
        row |= {"insats": insats, "niva": str(draw.randint(3, 5)), "regi": draw.choice(["privat", "entreprenad"])}
        row |= {"utforare": draw.choice(["ulla", "ulla", "ugge", "tyst", ""]), "timmar_per_manad": "", "tidsslag": ""}
        row |= {"fran": draw.choice(["2020-01-01", "2024-01-01", "2024-02-29", "2024-03-01", "2023-12-31"])}
        row |= {"till": draw.choice(["", "", "2024-04-30", "2024-05-01", "2024-12-31", "2024-03-15"])}
        row["pris_kr_per_dygn"] = draw.choice(["", "", "", "5000", "3733.50"])
        if insats == "daglig_verksamhet":
            row |= {"niva": "", "pris_kr_per_dygn": ""}
        if number % 5 == 4:
            row |= {"insats": "ledsagning_avlosning", "niva": "", "regi": "enskild", "pris_kr_per_dygn": ""}
            row |= {"timmar_per_manad": "30", "tidsslag": draw.choice(["dagtid", "kvall"])}
        found.append(row)
    return [*found, found[0] | {"beslut": "annat001a", "enhet": OTHER}]


def line(decision: Row, month: str, first: date, last: date, number: int) -> Row:
    """The right line of a decision for a period."""
    hourly, days = bool(decision["timmar_per_manad"]), (last - first).days + 1
    level = decision["tidsslag"] if hourly else decision["niva"]
    kr = LISTS.get((str(first.year), decision["insats"], decision["regi"], level), 900.0)
    kr, count = float(decision["pris_kr_per_dygn"] or kr), 10 if hourly else days
    row = {"faktura": f"f{number:04d}", "enhet": decision["enhet"], "utforare": decision["utforare"] or "ugge"}
    row |= {"beslut": decision["beslut"], "typ": "debet", "niva": decision["niva"], "regi": decision["regi"]}
    row |= {"fran": str(first), "till": str(last), "antal": f"{count}", "mattenhet": "timme" if hourly else "dygn"}
    return row | {"kr_per_enhet": f"{kr}", "belopp_kr": f"{count * kr:.2f}", "manad": month, "status": ""}


def _priced(row: Row, kr: float) -> Row:
    return row | {"kr_per_enhet": f"{kr}", "belopp_kr": f"{float(row['antal']) * kr:.2f}"}


def _counted(row: Row, count: float) -> Row:
    return row | {"antal": f"{count:g}", "belopp_kr": f"{count * float(row['kr_per_enhet']):.2f}"}


def _moved(row: Row, first: int, last: int) -> Row:
    ends = [date.fromisoformat(row[name]) + timedelta(by) for name, by in (("fran", first), ("till", last))]
    ends[0] = min(ends)
    days = (ends[1] - ends[0]).days + 1
    row = row | {"fran": str(ends[0]), "till": str(ends[1])}
    return _counted(row, days) if row["mattenhet"] == "dygn" else row


PIECE = {"beslut": "", "mattenhet": "styck"}


def _named(row: Row, mark: str) -> Row:
    return row | {"faktura": f"{mark}{row['faktura']}"}


def _other_level(row: Row, draw: Random) -> Row:
    known = sorted({kr for (ar, insats, *_), kr in LISTS.items() if (ar, insats) == ("2024", "gruppbostad")})
    return _priced(row, draw.choice(known))


def _credited(row: Row, draw: Random) -> list[Row]:
    """A credit note of its own sign, with or without its debit, or with a new debit."""
    amount = draw.choice([row["belopp_kr"], f"-{row['belopp_kr']}", "-77"])
    note = row | {
        "faktura": f"k{row['faktura']}",
        "typ": draw.choice(["kredit", "debet" if amount[0] == "-" else "kredit"]),
    }
    note |= {"belopp_kr": amount, "status": draw.choice(STATES)}
    again = row | {"faktura": f"n{row['faktura']}"}
    return draw.choice([[row, note], [note, row, again], [row, again, note, note], [row, note, again, again]])


WRONG: tuple[Callable[[Row, Random], Row | list[Row]], ...] = (
    lambda row, draw: row | {"beslut": "", "mattenhet": draw.choice([row["mattenhet"], "styck"])},
    lambda row, draw: [row, _named(row, "d") | {"manad": draw.choice(["2023-12", "2024-02", "2024-07"])}],
    lambda row, draw: [row | PIECE] * 2 + [_named(row, "p") | PIECE] * 2,
    lambda row, draw: [row, _named(_moved(row, draw.choice([0, 10, 30]), draw.choice([0, 1, 5])), "o")],
    lambda row, draw: [_moved(row, 0, -16), _named(_moved(row, 5, -16), "q"), _named(row, "r")],
    lambda row, draw: [_moved(row, 0, -16), _named(_moved(row, 0, -16), "h")],
    lambda row, draw: _moved(row, draw.choice([-31, -1, 0]), draw.choice([0, 1, 29])),
    lambda row, draw: _moved(row, -400, -380),
    lambda row, draw: _counted(row, float(row["antal"]) + draw.choice([-3, 1, 2])),
    lambda row, draw: _counted(row | {"mattenhet": "timme"}, draw.choice([24, 24 * 31, 24 * 31 + 1])),
    lambda row, draw: _counted(row | {"mattenhet": "manad"}, draw.choice([1, 2])),
    lambda row, draw: _counted(_moved(row, 0, 20) | {"mattenhet": "manad"}, draw.choice([1, 2, 3])),
    lambda row, draw: row | {"niva": draw.choice(["3", "4", "5", ""])},
    lambda row, draw: row | {"regi": draw.choice(["kommunal", row["regi"], ""])},
    _other_level,
    lambda row, draw: _priced(row, round(float(row["kr_per_enhet"]) + draw.choice([0.01, -0.01, 100, -10, 2, 2.5]), 2)),
    lambda row, draw: row | {"belopp_kr": f"{float(row['belopp_kr']) + draw.choice([1, -1, 1.01, 500, -2]):.2f}"},
    _credited,
    lambda row, draw: row | {"utforare": "ensam"},
)  # fmt: skip


def invoices(draw: Random, held: list[Row], share: float) -> list[Row]:
    """A line a decision and month from December before to the next January, a share of them wrong or not there."""
    found: list[Row] = []
    for place in range(-1, 13):
        ar, month = YEAR + place // 12, place % 12 + 1
        first, last, name = date(ar, month, 1), date(ar, month, monthrange(ar, month)[1]), f"{ar}-{month:02d}"
        for row in held:
            ends = date.fromisoformat(row["till"]) if row["till"] else date.max
            begins = date.fromisoformat(row["fran"])
            if not (begins <= last and first <= ends) or row["utforare"] == "tyst" or draw.random() < 0.08:
                continue
            right = line(row, name, max(first, begins), min(last, ends), len(found)) | {"status": draw.choice(STATES)}
            made = draw.choice(WRONG)(right, draw) if draw.random() < share else right
            found += [made] if isinstance(made, dict) else made
    return found


def write(folder: Path, **tables: list[Row]) -> None:
    """The tables as csv files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
