"""Tables of goals: targets and outcomes, activities, assessments, surveys, competence and controls."""

from planbok.inputs.tables.columns import AR, ENHET, FRAN, ColumnSpec, TableSpec, numbers, optional, texts

OWNERS = ("kf", "namnd", "enhet")
STATES = ("ej_paborjad", "pagar", "klar", "avbruten")
DEVIATIONS = ("resurs", "tid", "annan_part", "annat")
ASSESSMENTS = ("helt", "delvis", "inte")
INTERVALS = ("manad", "kvartal", "tertial", "halvar", "ar")
RESULTS = ("utan_anmarkning", "anmarkning", "ej_utford")

PERIOD = ColumnSpec("period", "period")
GOAL_TEXTS = ("kf_mal_text", "namndmal_text", "enhetsmal_text")
OWNER = ColumnSpec("agare", required=False, choices=OWNERS)

MAL = TableSpec(
    "mal",
    (
        ENHET,
        AR,
        ColumnSpec("indikator"),
        *optional("target", "arsmal", "namndmal", "kf_arsmal"),
        *optional("text", "arsmal_text", "mattenhet"),
        ColumnSpec("periodicitet"),
        *optional("text", "riktning", "kf_inriktning", *GOAL_TEXTS),
        OWNER,
        ColumnSpec("kalla"),
    ),
)
INDIKATORUTFALL = TableSpec(
    "indikatorutfall",
    (
        ENHET,
        PERIOD,
        ColumnSpec("indikator"),
        ColumnSpec("utfall", "target"),
        *optional("target", "prognos_helar"),
        ColumnSpec("kalla"),
    ),
)
AKTIVITETER = TableSpec(
    "aktiviteter",
    (
        ENHET,
        AR,
        *optional("text", *GOAL_TEXTS),
        OWNER,
        ColumnSpec("aktivitet"),
        FRAN,
        ColumnSpec("till", "date"),
        ColumnSpec("status", choices=STATES),
        *optional("date", "klar_datum"),
        ColumnSpec("avvikelse", required=False, choices=DEVIATIONS),
        *optional("text", "kalla"),
    ),
    intervals=(("fran", "till"),),
)
MALBEDOMNING = TableSpec(
    "malbedomning",
    (ENHET, PERIOD, ColumnSpec("mal_text"), ColumnSpec("bedomning", choices=ASSESSMENTS), ColumnSpec("av_roll")),
    unique_key=("enhet", "period", "mal_text"),
)
ENKAT = TableSpec(
    "enkat",
    (
        ENHET,
        AR,
        ColumnSpec("fraga"),
        *optional("text", "indikator"),
        *numbers("andel_procent", "svarande"),
        *optional("number", "utskickade"),
        ColumnSpec("kalla"),
    ),
    unique_key=("enhet", "ar", "fraga", "indikator", "kalla"),
)
KOMPETENS = TableSpec(
    "kompetens",
    (ENHET, PERIOD, *texts("grupp", "krav"), *numbers("har", "av"), *optional("text", "kalla")),
    unique_key=("enhet", "period", "grupp", "krav"),
)
KONTROLLER = TableSpec(
    "kontroller",
    (
        ENHET,
        AR,
        *texts("process", "risk"),
        ColumnSpec("sannolikhet", "int"),
        ColumnSpec("konsekvens", "int"),
        ColumnSpec("kontroll"),
        ColumnSpec("intervall", choices=INTERVALS),
        *optional("date", "senast"),
        ColumnSpec("resultat", required=False, choices=RESULTS),
    ),
    unique_key=("enhet", "ar", "process", "risk", "kontroll"),
)

TABLES = (MAL, INDIKATORUTFALL, AKTIVITETER, MALBEDOMNING, ENKAT, KOMPETENS, KONTROLLER)
