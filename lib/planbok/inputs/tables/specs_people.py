"""Tables about people: decisions and their handling, homes and flats, staff and their hours."""

from planbok.inputs.tables.columns import (
    ENHET,
    FRAN,
    MANAD,
    TILL,
    ColumnSpec,
    TableSpec,
    numbers,
    optional,
    pseudonym,
    texts,
)

WHY_NOT_CARRIED_OUT = ("bostad_saknas", "personal_saknas", "uppdragstagare_saknas", "tackat_nej", "annat")
OUTCOMES = ("bifall", "delvis_avslag", "avslag", "avskriven")
PRESENCE = ("aktiv", "vaken_natt", "sovande_jour", "jour")
HOUSEHOLD = r"[0-9]+_(?:vuxen|vuxna)(?:_[0-9]+_barn)?"

HUSHALL = ColumnSpec("hushall", pattern=HOUSEHOLD, expected="till exempel 1_vuxen, 2_vuxna eller 1_vuxen_1_barn")
HOURS = tuple(  # a system without agency hours has no inhyrd_h: it is unknown then, not 0
    ColumnSpec(f"{name}_h", "number", required=name in ("avtalad_tid", "sjuk"))
    for name in (
        *("ordinarie_tid", "avtalad_tid", "arbetad_tid", "timavlonad", "inhyrd", "overtid"),
        *("sjuk", "sjuk_dag_1_14", "sjuk_60_dagar"),
    )
)

BESLUT = TableSpec(
    "beslut",
    (
        ColumnSpec("beslut", hidden=True),
        pseudonym("person"),
        *texts("enhet", "insats"),
        ColumnSpec("niva", empty=True),  # a decision in hours has no level
        ColumnSpec("regi"),
        *optional("text", "boende", "utforare"),
        FRAN,
        TILL,
        *optional("money", "pris_kr_per_dygn"),
        *optional("number", "timmar_per_manad"),
        *optional("text", "tidsslag"),
        ColumnSpec("lagrum", required=False, choices=("LSS", "SoL")),
        *optional("date", "beslutsdatum", "bestalld", "verkstalld", "avbrott_fran", "avbrott_till"),
        ColumnSpec("skal", required=False, choices=WHY_NOT_CARRIED_OUT),
        *optional("date", "erbjudande", "kontaktad", "plan_in", "foljd_upp", "bevakning"),
        ColumnSpec("kon", required=False, choices=("kvinna", "man")),
        pseudonym("handlaggare", required=False),
    ),
    unique_key=("beslut",),
    intervals=(("fran", "till"), ("avbrott_fran", "avbrott_till")),
)
ARENDEN = TableSpec(
    "arenden",
    (
        ColumnSpec("arende", hidden=True),
        *texts("enhet", "insats"),
        ColumnSpec("ansokan", "date"),
        *optional("date", "utredning_start", "beslutsdatum"),
        ColumnSpec("utfall", required=False, choices=OUTCOMES),
        pseudonym("handlaggare", required=False),
    ),
    unique_key=("arende",),
    intervals=(("ansokan", "utredning_start"), ("ansokan", "beslutsdatum")),
)
HANDLAGGARE = TableSpec(
    "handlaggare",
    (pseudonym("handlaggare"), ENHET, *numbers("tjanstgoring_andel"), FRAN, TILL),
    unique_key=("handlaggare", "enhet", "fran"),
    intervals=(("fran", "till"),),
)
BEMANNING_HANDLAGGARE = TableSpec(
    "bemanning_handlaggare",
    (ENHET, MANAD, *numbers("tjanster", "i_tjanst")),
    unique_key=("enhet", "manad"),
)
BOENDEN = TableSpec(
    "boenden",
    (
        *texts("boende", "enhet", "insats", "regi"),
        ColumnSpec("platser", "int"),
        ColumnSpec("oppnar", "date"),
        *optional("date", "tilltrade", "personal_fran"),
        *optional("money", "startkostnad_kr"),
        *optional("number", "bemanning_arsarbetare"),
        *optional("money", "kostnad_kr_per_arsarbetare", "lokalhyra_kr_per_manad"),
    ),
    unique_key=("boende",),
)
LAGENHETER = TableSpec(
    "lagenheter",
    (
        *texts("boende", "lagenhet"),
        ColumnSpec("hyra_kr_per_manad", "range", empty=True),
        ColumnSpec("inflyttning", "date"),
        *optional("text", "niva"),
        HUSHALL,
        *optional("money", "inkomst_kr_per_ar"),
    ),
    unique_key=("boende", "lagenhet"),
)
BEMANNING = TableSpec(
    "bemanning",
    (
        *texts("enhet", "grupp"),
        MANAD,
        *numbers("anstallda", "arsarbetare"),
        *HOURS,
        *optional("text", "verksamhet"),
    ),
    unique_key=("enhet", "grupp", "manad", "verksamhet"),
)
SJUKFALL = TableSpec(
    "sjukfall",
    (pseudonym("person"), *texts("enhet", "grupp"), FRAN, TILL, ColumnSpec("omfattning_procent", "number")),
    intervals=(("fran", "till"),),
)
SCHEMA = TableSpec(
    "schema",
    (
        *texts("enhet", "grupp"),
        ColumnSpec("slag", choices=PRESENCE),
        ColumnSpec("veckodag", "int"),
        ColumnSpec("fran_kl", "time"),
        ColumnSpec("till_kl", "time"),  # not after fran_kl: over midnight
        *numbers("antal"),
    ),
    unique_key=("enhet", "grupp", "slag", "veckodag", "fran_kl", "till_kl"),
)

VERKSAMHETER = TableSpec(
    "verksamheter",
    (
        *texts("enhet", "verksamhet"),
        *optional("range", "brukare", "medarbetare", "arsarbetare"),
        *optional("number", "chefer"),
        *optional("text", "kan_paverka", "kalla"),
    ),
    unique_key=("enhet", "verksamhet"),
)

TABLES = (
    *(BESLUT, ARENDEN, HANDLAGGARE, BEMANNING_HANDLAGGARE, BOENDEN, LAGENHETER),
    *(BEMANNING, SJUKFALL, SCHEMA, VERKSAMHETER),
)
