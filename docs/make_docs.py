"""Prints what the docs say of the code: tables, register, rooms, scale. `make docs` writes all of it."""

import ast
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from planbok.commands.register import as_markdown
from planbok.inputs.tables.columns import ColumnSpec, TableSpec
from planbok.inputs.tables.specs import HOURLY_PRICES, PRICE_LIST, TABLES

DOCS = Path(__file__).resolve().parent
KINDS = {
    "text": "text",
    "budget_row": "budgetrad",
    "number": "tal",
    "money": "belopp",
    "int": "heltal",
    "year": "år, ÅÅÅÅ",
    "month": "månad, ÅÅÅÅ-MM",
    "date": "datum, ÅÅÅÅ-MM-DD",
    "time": "klockslag",
    "range": "belopp, eller ett spann som 11000–12000",
    "period": "period: ÅÅÅÅ, ÅÅÅÅ-T1, ÅÅÅÅ-T2 eller ÅÅÅÅ-MM",
    "target": "mål, tal eller text",
}
CITY, MEASURED_CORES = 6_048, 2  # reports a month, as `schemalaggning.md` reckons; and of the machine of RESULTS.md
TABLES_TOP = """# Tabellerna

Vad varje tabell har för kolumner. Sidan skrivs ut ur koden som läser tabellerna (`make docs`), så den stämmer alltid.
Filen heter som tabellen: `budget.csv` eller `budget.xlsx`. Belopp kan också komma i kr, tkr eller mnkr: kolumnen heter
då `kostnad_kr`, `kostnad_tkr` eller `kostnad_mnkr`.
"""
REGISTER_TOP = """# Vad planbok räknar, och vad det inte räknar

Skrivs ut ur [register.yaml](register.yaml) (`make docs`); startsidan i JupyterLab visar samma sak.
"""


def tables() -> str:
    """The reference of every table and price list."""
    parts = [TABLES_TOP, *(_table(spec) for spec in TABLES.values()), "# Prislistor\n\nI `params/regler/`.\n"]
    return "\n".join([*parts, *(_table(spec) for spec in (PRICE_LIST, HOURLY_PRICES))])


def _table(spec: TableSpec) -> str:
    lines = [f"## {spec.name}", "", "| kolumn | innehåll | måste finnas | får vara tom |", "|---|---|---|---|"]
    lines += [_column(column) for column in spec.columns]
    said = [f"Ingen rad har samma {_listed(spec.unique_key)} som en annan."] if spec.unique_key else []
    said += ["Varje rad har ett belopp."] if spec.needs_money else []
    said += [f"`{last}` är inte före `{first}`." for first, last in spec.intervals]
    said += [f"Varje rad fyller i precis en av {_listed(spec.one_of)}."] if spec.one_of else []
    return "\n".join([*lines, "", *([" ".join(said), ""] if said else [])])


def _column(column: ColumnSpec) -> str:
    held = column.expected or KINDS[column.kind]
    if column.choices:
        held = " / ".join(f"`{choice}`" for choice in column.choices)
    needed, empty = ("ja" if column.required else "nej"), ("ja" if column.may_be_empty else "nej")
    return f"| `{column.name}` | {held} | {needed} | {empty} |"


def _listed(names: tuple[str, ...]) -> str:
    shown = [f"`{name}`" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} och {shown[-1]}"


def register() -> str:
    """The register of what is modelled."""
    return f"{REGISTER_TOP}\n{as_markdown()}\n"


def architecture() -> str:
    """The page on the architecture, with the table of rooms as the tree has it."""
    text = (DOCS / "architecture.md").read_text("utf-8")
    table = "\n".join(["| room | what is there |", "|---|---|", *(f"| `{room}/` | {said} |" for room, said in rooms())])
    return re.sub(r"\| room \|.*?\n\n", f"{table}\n\n", text, count=1, flags=re.DOTALL)


def rooms() -> list[tuple[str, str]]:
    """Every folder of code with what its docstring says, floor by floor as import-linter holds them."""
    contracts = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    floors = next(one["layers"] for one in contracts if one.get("containers") == ["planbok"])
    tops = [name.strip() for floor in reversed(floors) for name in re.split(r"[:|]", floor) if name.strip() != "cli"]
    library = DOCS.parent / "lib" / "planbok"
    found = [path.parent for top in tops for path in sorted((library / top).rglob("__init__.py"))]
    return [(room.relative_to(library).as_posix(), _said(room / "__init__.py")) for room in found]


def _said(init: Path) -> str:
    return (ast.get_docstring(ast.parse(init.read_text("utf-8"))) or "").partition("\n\n")[0].replace("\n", " ")


def scheduling() -> str:
    """The page on scheduling, with what a city's reports take as the last measurement of the batch has it."""
    measured = (DOCS.parent / "bench" / "RESULTS.md").read_text("utf-8")
    found = re.search(r"^\| the batch \| \d+ \| ([\d.]+) \| ([\d.]+) \|", measured, re.MULTILINE)
    assert found, "the row of the batch"
    clock, processor = map(float, found.groups())
    rows = (
        ("två lediga kärnor (uppmätt: femtio rapporter av alla tolv anteckningsböckerna)", clock),
        ("åtta lediga kärnor (räknat ur det: rapporterna väntar inte på varandra)", clock * MEASURED_CORES / 8),
        ("processortid, hur många kärnor det än är (uppmätt i samma körning)", processor),
    )
    table = "".join(
        f"| {said} | {f'{seconds:.2f}'.replace('.', ',')} s | {CITY * seconds / 60:.0f} minuter |\n"
        for said, seconds in rows
    )
    text = (DOCS / "schemalaggning.md").read_text("utf-8")
    return re.sub(r"\| två lediga kärnor .*?(?=\| disk)", table, text, count=1, flags=re.DOTALL)


PAGES: dict[str, Callable[[], str]] = {
    "tabeller.md": tables,
    "register.md": register,
    "architecture.md": architecture,
    "schemalaggning.md": scheduling,
}


def main() -> None:
    """Writes every page that is made."""
    for name, text in PAGES.items():
        (DOCS / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
