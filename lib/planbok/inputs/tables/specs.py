"""Every input table there is, and the price lists; tables of money and units are described here."""

from planbok.inputs.tables import specs_goals, specs_people, specs_volumes
from planbok.inputs.tables.columns import (
    AR,
    BUDGETRAD,
    ENHET,
    MANAD,
    REGI_BY_DAY,
    REGI_BY_HOUR,
    UNDERLAG,
    ColumnSpec,
    TableSpec,
    money,
    numbers,
    optional,
    texts,
)

VERSIONS = ("vp", "justerad_t1", "justerad_t2", "bokslut")
PAID_BY = ("anslag", "intakt")
LEVELS = ("grundpeng", "1", "2", "3", "4", "5", "6", "7", "8", "ersattning", "natt_per_person")
MONTHLY_KEY = ("enhet", "manad", "budgetrad", "verksamhet", "kostnadsslag")

BUDGET = TableSpec(
    "budget",
    (
        ENHET,
        AR,
        ColumnSpec("version", choices=VERSIONS),
        BUDGETRAD,
        *money("kostnad_mnkr", "intakt_mnkr"),
        *optional("money", "netto_mnkr", "forandring_mnkr", "belopp_mnkr"),
        *optional("text", "verksamhet", "kostnadsslag"),
        ColumnSpec("finansiering", required=False, choices=PAID_BY),
        *optional("text", "kalla"),
    ),
    unique_key=("enhet", "ar", "version", "budgetrad", "verksamhet", "kostnadsslag", "finansiering"),
    needs_money=True,
)
UTFALL = TableSpec(
    "utfall",
    (
        ENHET,
        MANAD,
        BUDGETRAD,
        *money("kostnad_kr", "intakt_kr"),
        *optional("text", "verksamhet", "kostnadsslag"),
        *optional("money", "bokslut_kostnad_kr", "bokslut_intakt_kr"),  # what period 13 adds in December
    ),
    unique_key=MONTHLY_KEY,
    needs_money=True,
)
MANADSBUDGET = TableSpec(
    "manadsbudget",
    (
        ENHET,
        MANAD,
        BUDGETRAD,
        *optional("money", "kostnad_kr", "intakt_kr"),
        *optional("text", "verksamhet", "kostnadsslag"),
    ),
    unique_key=MONTHLY_KEY,
    needs_money=True,
)
KONTROLLSUMMOR = TableSpec(
    "kontrollsummor",
    (ENHET, MANAD, ColumnSpec("netto_kr", "money")),
    unique_key=("enhet", "manad"),
)
PROGNOSFEL = TableSpec(
    "prognosfel",
    (AR, ColumnSpec("tom_manad", "int"), ColumnSpec("metod"), *numbers("fel_procent")),
    repeats=True,  # two units may have erred as much
)
ENHETER = TableSpec("enheter", (*texts("enhet", "namn"), *optional("text", "syntetisk")), unique_key=("enhet",))

TABLES = {
    spec.name: spec
    for spec in (
        *(BUDGET, UTFALL, MANADSBUDGET, KONTROLLSUMMOR, PROGNOSFEL),
        *specs_people.TABLES,
        *specs_goals.TABLES,
        *specs_volumes.TABLES,
        ENHETER,
    )
}

PRICE_LIST = TableSpec(
    "lss_peng",
    (
        AR,
        ColumnSpec("avser", choices=("ersattning", "tilldelning")),
        ColumnSpec("insats"),
        ColumnSpec("regi", choices=REGI_BY_DAY),
        ColumnSpec("niva", choices=LEVELS),
        ColumnSpec("kr_per_dygn", "money"),
        UNDERLAG,
        ColumnSpec("kalla"),
        *optional("text", "anmarkning"),
    ),
    unique_key=("ar", "avser", "insats", "regi", "niva"),
    kind="prislista",
)
HOURLY_PRICES = TableSpec(
    "lss_timpriser",
    (
        AR,
        *texts("insats", "tidsslag"),
        ColumnSpec("regi", choices=REGI_BY_HOUR),
        ColumnSpec("kr_per_timme", "money"),
        UNDERLAG,
        ColumnSpec("kalla"),
    ),
    unique_key=("ar", "insats", "tidsslag", "regi"),
    kind="prislista",
)
