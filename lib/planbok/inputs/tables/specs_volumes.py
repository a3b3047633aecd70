"""Tables of what is ordered and paid: home care, care homes, assistance hours, invoices, population."""

from planbok.inputs.tables.columns import (
    AR,
    ENHET,
    MANAD,
    REGI,
    UNDERLAG,
    ColumnSpec,
    TableSpec,
    numbers,
    optional,
    texts,
)

DAY_PARTS = ("dag", "natt", "larm")
CARE_HOMES = ("somatisk", "demens", "profil", "servicehus", "korttid")
BILLED_BY = ("dygn", "timme", "manad", "styck")
BILL_STATES = ("oppen", "bestridd", "krediterad", "betald")
_MONTH = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])"

HEMTJANST = TableSpec(
    "hemtjanst",
    (
        *texts("enhet", "omrade"),
        MANAD,
        ColumnSpec("regi", required=False, choices=REGI),
        ColumnSpec("tidsslag", required=False, choices=DAY_PARTS),
        *numbers("arenden"),
        *optional("number", "beviljade_h", "bestallda_h", "utforda_h", "arenden_over_99_h", "arenden_99_h_eller_mer"),
    ),
    unique_key=("enhet", "omrade", "manad", "regi", "tidsslag"),
)
VOBO = TableSpec(
    "vobo",
    (
        ENHET,
        MANAD,
        ColumnSpec("slag", choices=CARE_HOMES),
        ColumnSpec("regi", required=False, choices=REGI),
        *optional("number", "dygn", "helmanader"),
        *optional("money", "kr"),
    ),
    unique_key=("enhet", "manad", "slag", "regi"),
    one_of=("dygn", "helmanader"),
)
BEFOLKNING = TableSpec(
    "befolkning",
    (ColumnSpec("omrade"), AR, ColumnSpec("aldersgrupp"), *numbers("antal"), UNDERLAG, ColumnSpec("kalla")),
    unique_key=("omrade", "ar", "aldersgrupp", "underlag"),
)
ASSISTANSTIMMAR = TableSpec(
    "assistanstimmar",
    (
        *texts("enhet", "grupp"),
        MANAD,
        ColumnSpec("insats"),
        ColumnSpec("regi", required=False, choices=REGI),
        *optional("text", "tidsslag"),
        *numbers("beviljade_h"),
        ColumnSpec(
            "period", required=False, pattern=f"{_MONTH}/{_MONTH}", expected="ÅÅÅÅ-MM/ÅÅÅÅ-MM, som 2024-01/2024-06"
        ),
        *optional("number", "fk_h", "lss_9_2_h", "schemalagda_h", "utforda_h", "vantetid_h", "debiterade_h"),
        *optional("date", "begard"),
        *optional("money", "begart_kr", "ersattning_kr"),
        *optional("number", "antal_personer"),
    ),
    unique_key=("enhet", "grupp", "manad", "insats", "regi", "tidsslag", "period"),
)
FAKTUROR = TableSpec(
    "fakturor",  # a row is a line of an invoice; one that is billed twice is for the control to find
    (
        ColumnSpec("faktura", hidden=True),
        *texts("enhet", "utforare"),
        ColumnSpec("beslut", required=False, hidden=True),
        ColumnSpec("typ", required=False, choices=("debet", "kredit")),
        *optional("text", "niva"),
        ColumnSpec("regi", required=False, choices=REGI),
        ColumnSpec("fran", "date"),
        ColumnSpec("till", "date"),
        *numbers("antal"),
        ColumnSpec("mattenhet", choices=BILLED_BY),
        ColumnSpec("kr_per_enhet", "money"),
        ColumnSpec("belopp_kr", "money"),
        MANAD,
        ColumnSpec("status", required=False, choices=BILL_STATES),
    ),
    intervals=(("fran", "till"),),
    repeats=True,
)

TABLES = (HEMTJANST, VOBO, BEFOLKNING, ASSISTANSTIMMAR, FAKTUROR)
