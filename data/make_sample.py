"""Writes the synthetic rows of `data/sample/`; run it with `make sample`.

Synthetic is every row of a unit that `enheter.csv` marks with `syntetisk = ja`; none of these units exists.
They are needed because the published plans hold one budget version each, never an adjusted budget or a year-end
result, and because a sample in a public repository may not hold real people, homes or decisions. Exempelenheten is
sized like a disability unit of an inner-city district (net cost about 140-170 mnkr) and has the same budget rows.

Published rows are not made here. They stand in the same files, typed from their sources, and are kept as they are.

Each table has its own generator in `synthetic/`, seeded by `SEED` and the table's name, so that a new table leaves
the others unchanged. Budgets are drawn as whole tenths of mnkr: sums and differences then agree exactly as printed.
Running the script twice gives the same files byte for byte.
"""

import csv
import io
from collections.abc import Callable

import numpy as np

from synthetic import in_time, older
from synthetic.assistance import HOURS_COLUMNS, hours
from synthetic.budget import BUDGET_COLUMNS
from synthetic.common import SAMPLE, UNIT, Row, generator
from synthetic.decisions import DECISION_COLUMNS, PRICES, decisions, price_list, reconciliation
from synthetic.goals import (
    ACTIVITY_COLUMNS,
    ASSESSMENT_COLUMNS,
    CONTROL_COLUMNS,
    OUTCOME_COLUMNS,
    SURVEY_COLUMNS,
    TARGET_COLUMNS,
    TRAINING_COLUMNS,
    activities,
    assessments,
    controls,
    outcomes,
    surveys,
    targets,
    training,
)
from synthetic.homes import FLAT_COLUMNS, HOME_COLUMNS, flats, homes
from synthetic.invoices import INVOICE_COLUMNS, invoices
from synthetic.outturn import MONTHLY_BUDGET_COLUMNS, OUTTURN_COLUMNS, monthly_budget, outturn
from synthetic.rosters import ROSTER_COLUMNS, rosters
from synthetic.staffing import (
    OPERATION_COLUMNS,
    SPELL_COLUMNS,
    STAFFING_COLUMNS,
    operations,
    spells,
    staffing,
)
from synthetic.unit_budgets import budgets

TABLES: dict[str, tuple[list[str], Callable[[np.random.Generator], list[Row]]]] = {
    "budget": (BUDGET_COLUMNS, lambda rng: [*budgets(rng), *older.budgets()]),
    "beslut": (DECISION_COLUMNS, decisions),
    "fakturor": (INVOICE_COLUMNS, invoices),
    "assistanstimmar": (HOURS_COLUMNS, hours),
    "bemanning": (STAFFING_COLUMNS, staffing),
    "sjukfall": (SPELL_COLUMNS, spells),
    "mal": (TARGET_COLUMNS, targets),
    "indikatorutfall": (OUTCOME_COLUMNS, outcomes),
    "aktiviteter": (ACTIVITY_COLUMNS, activities),
    "malbedomning": (ASSESSMENT_COLUMNS, assessments),
    "enkat": (SURVEY_COLUMNS, surveys),
    "kompetens": (TRAINING_COLUMNS, training),
    "kontroller": (CONTROL_COLUMNS, controls),
    "verksamheter": (OPERATION_COLUMNS, operations),
    "utfall": (OUTTURN_COLUMNS, lambda rng: [*outturn(rng), *older.outturn(generator("utfall, äldre"))]),
    "manadsbudget": (MONTHLY_BUDGET_COLUMNS, monthly_budget),
    "boenden": (HOME_COLUMNS, homes),
    "lagenheter": (FLAT_COLUMNS, flats),
    "arenden": (in_time.CASE_COLUMNS, in_time.cases),
    "handlaggare": (in_time.OFFICER_COLUMNS, in_time.officers),
    "bemanning_handlaggare": (in_time.POST_COLUMNS, in_time.posts),
    "hemtjanst": (older.HOME_COLUMNS, older.home_care),
    "vobo": (older.CARE_COLUMNS, older.care_homes),
    "schema": (ROSTER_COLUMNS, lambda rng: rosters()),
    "befolkning": (older.POPULATION_COLUMNS, lambda rng: older.population()),
}


def read(table: str) -> tuple[list[str], list[Row]]:
    """Columns and rows of a table; one that is absent is all synthetic, and is then begun."""
    if not (SAMPLE / f"{table}.csv").exists():
        return TABLES[table][0], []
    with (SAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)


def is_published(row: Row, synthetic: set[str], of_home: dict[str, str]) -> bool:
    """Whether a row is of a unit that exists; a flat is of its home's unit. A table without units is all synthetic."""
    if not {"enhet", "boende"} & set(row):
        return False
    return (row["enhet"] if "enhet" in row else of_home[row["boende"]]) not in synthetic


def main() -> None:
    synthetic = {row["enhet"] for row in read("enheter")[1] if row["syntetisk"] == "ja"}
    if UNIT not in synthetic:
        raise SystemExit(f"data/sample/enheter.csv: {UNIT} är inte märkt syntetisk = ja. Inget har skrivits.")
    of_home = {row["boende"]: row["enhet"] for row in read("boenden")[1]}
    for table, (columns, make) in TABLES.items():
        found, rows = read(table)
        if found != columns:
            raise SystemExit(
                f"data/sample/{table}.csv: kolumnerna är {', '.join(found)}; väntade {', '.join(columns)}. "
                "Filen är inte ändrad."
            )
        published = [row for row in rows if is_published(row, synthetic, of_home)]
        made = make(generator(table))
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(published + made)
        (SAMPLE / f"{table}.csv").write_text(text.getvalue(), encoding="utf-8", newline="\n")
        print(f"data/sample/{table}.csv: {len(made)} syntetiska rader skrivna, {len(published)} publicerade orörda")
    if PRICES.exists():
        print(*reconciliation(read("budget")[1], read("beslut")[1], price_list()), sep="\n")


if __name__ == "__main__":
    main()
