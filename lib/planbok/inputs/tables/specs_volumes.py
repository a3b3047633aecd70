"""Tables of what is ordered and paid: home care, care homes, assistance hours, invoices, population."""

from planbok.inputs.tables.columns import (
    AR,
    ENHET,
    MANAD,
    REGI,
    UNDERLAG,
    ColumnSpec,
    TableSpec,
    codes,
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
        codes("regi", REGI, required=False),
        codes("tidsslag", DAY_PARTS, required=False),
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
        codes("slag", CARE_HOMES),
        codes("regi", REGI, required=False),
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
        codes("regi", REGI, required=False),
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
        codes("typ", ("debet", "kredit"), required=False),
        *optional("text", "niva"),
        codes("regi", REGI, required=False),
        ColumnSpec("fran", "date"),
        ColumnSpec("till", "date"),
        *numbers("antal"),
        codes("mattenhet", BILLED_BY),
        ColumnSpec("kr_per_enhet", "money"),
        ColumnSpec("belopp_kr", "money"),
        MANAD,
        codes("status", BILL_STATES, required=False),
    ),
    intervals=(("fran", "till"),),
)

TABLES = (HEMTJANST, VOBO, BEFOLKNING, ASSISTANSTIMMAR, FAKTUROR)
