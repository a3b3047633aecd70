"""Synthetic goals: the chain, outcomes, activities, assessments, surveys, competence and controls of three units.

Every number is made up. The assistance unit's targets are those published for a unit like it in 2024.
"""

import numpy as np

from synthetic.common import SOURCE, UNIT, YEARS, Row

ASSISTANCE, SUPPORT = "exempel_assistans", "exempel_stod"

CHAIN = ["kf_inriktning", "kf_mal_text", "namndmal_text", "enhetsmal_text"]
TARGET_COLUMNS = [
    *("enhet", "ar", "indikator", "arsmal", "namndmal", "kf_arsmal", "periodicitet", "riktning", "arsmal_text"),
    *(*CHAIN, "agare", "kalla"),
]
OUTCOME_COLUMNS = ["enhet", "period", "indikator", "utfall", "prognos_helar", "kalla"]
ACTIVITY_COLUMNS = [
    *("enhet", "ar", *CHAIN[1:], "agare", "aktivitet", "fran", "till", "status", "klar_datum", "avvikelse", "kalla"),
]
ASSESSMENT_COLUMNS = ["enhet", "period", "mal_text", "bedomning", "av_roll"]
SURVEY_COLUMNS = ["enhet", "ar", "fraga", "indikator", "andel_procent", "svarande", "utskickade", "kalla"]
TRAINING_COLUMNS = ["enhet", "period", "grupp", "krav", "har", "av", "kalla"]
CONTROL_COLUMNS = [
    *("enhet", "ar", "process", "risk", "sannolikhet", "konsekvens", "kontroll", "intervall", "senast", "resultat"),
]

HOURLY_SHARE = (
    "Andelen arbetade timmar av timavlönad personal i förhållande till samtliga arbetade timmar inom stöd och service "
    "till personer med funktionsnedsättning"
)
INFLUENCE = "Andel personer med funktionsnedsättning som upplever att de kan påverka insatsens utformning"
TREATED = "Andel personer med funktionsnedsättning som upplever att de blir väl bemötta av stadens personal"
SAFE = "Brukarens upplevelse av trygghet - LSS-boende, vuxna och barn"
DUR = "Andel genomförda utredningar enligt DUR inom stöd och service för personer med funktionsnedsättning"
TRAINED = "Andel personal med grundutbildning inom stöd och service till personer med funktionsnedsättning"
FULL_TIME = "Andel medarbetare på deltid som erbjuds heltid"
HOMES = "Antal färdigställda bostäder med särskild service"
FOOD = "Andel ekologiska livsmedel i stadens egna verksamheter"
CLIMATE = "Klimatpåverkan från upphandlade livsmedel och måltider"
JOBS = "Antal tillhandahållna platser för feriejobb"
PURCHASES = "Andel elektroniska inköp"
IN_BUDGET = "Nämndens budgetföljsamhet efter resultatöverföringar"
SARAH, DEVIATIONS = "Antal rapporter enligt lex Sarah", "Antal avvikelser"
PER_KG = "kg CO2 per kg livsmedel"
BY_BOARD = "Tas fram av nämnd/styrelse"

ALL, GREEN, THRIFTY = "En stad för alla", "En grön stad", "En stad med ordning på ekonomin"
SUPPORTED, SUSTAINABLE = "Invånarna får det stöd de behöver", "Stadens inköp och verksamheter är hållbara"
EMPLOYER, BALANCED = "Staden är en bra arbetsgivare", "Stadens ekonomi är i balans"
EQUAL, HOMES_GOAL = "Personer med funktionsnedsättning lever som andra", "Bostäder finns när de behövs"
PRESENT, CERTAIN = "Medarbetarna mår bra och finns på plats", "Stödet är tryggt och rättssäkert"
SAY, PLANNED = "Brukarna bestämmer hur stödet ges", "Varje brukare har en plan som följs upp"
HEALTHY = "Vi möter frånvaron tidigt"
QUALITY = (ALL, SUPPORTED, EQUAL)
STAFF = (ALL, EMPLOYER, PRESENT)

# enhet, ar, indikator, arsmal, namndmal, kf_arsmal, periodicitet, arsmal_text, (kf_inriktning, KF, nämnd, enhet), agare
Target = tuple[str, int, str, str, str, str, str, str, tuple[str, ...], str]
TARGETS: list[Target] = [
    (UNIT, 2022, "Sjukfrånvaro", "7.5 %", "", BY_BOARD, "Tertial", "", (*STAFF, HEALTHY), ""),
    (UNIT, 2023, "Sjukfrånvaro", "7.5 %", "", BY_BOARD, "Tertial", "", (*STAFF, HEALTHY), ""),
    (UNIT, 2024, INFLUENCE, "76 %", "", "76 %", "År", "", (*QUALITY, SAY), "enhet"),
    (UNIT, 2024, TREATED, "88 %", "", "88 %", "År", "", (*QUALITY, SAY), "enhet"),
    (UNIT, 2024, SAFE, "90 %", "", "90 %", "År", "", (ALL, SUPPORTED, CERTAIN), "enhet"),
    (UNIT, 2024, DUR, "90 %", "", BY_BOARD, "Tertial", "närmare 100 %", (ALL, SUPPORTED, CERTAIN, PLANNED), "enhet"),
    (UNIT, 2024, SARAH, "", "", "", "År", "", (ALL, SUPPORTED, CERTAIN), "namnd"),
    (UNIT, 2024, DEVIATIONS, "", "", "", "Tertial", "", (ALL, SUPPORTED, CERTAIN), "namnd"),
    (UNIT, 2024, HOMES, "5", "", BY_BOARD, "År", "", (ALL, SUPPORTED, HOMES_GOAL), "enhet"),
    (UNIT, 2024, "Sjukfrånvaro", "7.5 %", "7.3 %", BY_BOARD, "Tertial", "", (*STAFF, HEALTHY), "enhet"),
    (UNIT, 2024, "Sjukfrånvaro dag 1-14", "2.8 %", "", BY_BOARD, "Tertial", "", (*STAFF, HEALTHY), "enhet"),
    (UNIT, 2024, HOURLY_SHARE, "12", "", BY_BOARD, "Tertial", "", STAFF, "enhet"),
    (UNIT, 2024, TRAINED, "95", "", "Fastställs 2024", "Tertial", "", STAFF, "enhet"),
    (UNIT, 2024, FULL_TIME, "100 %", "", "100 %", "År", "", STAFF, "enhet"),
    (UNIT, 2024, FOOD, "", "", "Fastställs 2024", "Tertial", "45 %", (GREEN, SUSTAINABLE), "namnd"),
    (
        UNIT,
        2024,
        CLIMATE,
        f"1.61 {PER_KG}",
        "",
        "1.6 kg CO2 per kg livsmedel",
        "År",
        "",
        (GREEN, SUSTAINABLE),
        "",
    ),
    (UNIT, 2024, PURCHASES, "85 %", "", BY_BOARD, "Tertial", "", (GREEN, SUSTAINABLE), "enhet"),
    (UNIT, 2024, JOBS, "6 st", "", "10000 st", "År", "", (THRIFTY, BALANCED), "enhet"),
    (UNIT, 2024, IN_BUDGET, "100 %", "", "100 %", "Tertial", "", (THRIFTY, BALANCED), "enhet"),
    (ASSISTANCE, 2024, "Aktivt Medskapandeindex", "72", "79", "83", "År", "", STAFF, ""),
    (ASSISTANCE, 2024, HOURLY_SHARE, "19", "", BY_BOARD, "Tertial", "", STAFF, ""),
    (ASSISTANCE, 2024, "Sjukfrånvaro", "9 %", "8.5 %", BY_BOARD, "Tertial", "", (*STAFF, HEALTHY), ""),
    (ASSISTANCE, 2024, "Sjukfrånvaro dag 1-14", "3.5 %", "", BY_BOARD, "Tertial", "", (*STAFF, HEALTHY), ""),
    (SUPPORT, 2024, "Sjukfrånvaro", "", "", "4.4 %", "Tertial", "", STAFF, ""),
    (SUPPORT, 2024, "Aktivt Medskapandeindex", "80", "", "80", "År", "", STAFF, ""),
    (SUPPORT, 2024, FULL_TIME, "100 %", "", "100 %", "År", "", STAFF, ""),
]
# enhet, period, indikator, utfall, prognos_helar
OUTCOMES = [
    (UNIT, "2023", DUR, "16 av 20", ""),
    (UNIT, "2024-T1", DUR, "5 av 6", "85 %"),
    (UNIT, "2024-T2", DUR, "11 av 13", "85 %"),
    (UNIT, "2024", DUR, "17 av 20", ""),
    (UNIT, "2023", FULL_TIME, "98 %", ""),
    (UNIT, "2024", FULL_TIME, "100 %", ""),
    (UNIT, "2024-T1", FOOD, "43 av 100 tkr", "45 %"),
    (UNIT, "2024-T2", FOOD, "88 av 200 tkr", "45 %"),
    (UNIT, "2024", FOOD, "135 av 300 tkr", ""),
    (UNIT, "2023", CLIMATE, f"1.66 {PER_KG}", ""),
    (UNIT, "2024", CLIMATE, f"1.61 {PER_KG}", ""),
    (UNIT, "2023", PURCHASES, "81 %", ""),
    (UNIT, "2024-T1", PURCHASES, "83 %", "85 %"),
    (UNIT, "2024-T2", PURCHASES, "84 %", "85 %"),
    (UNIT, "2024", PURCHASES, "86 %", ""),
    (UNIT, "2024", JOBS, "6 st", ""),
    (UNIT, "2023-T2", DEVIATIONS, "41 st", ""),
    (UNIT, "2023", DEVIATIONS, "63 st", ""),
    (UNIT, "2024-T1", DEVIATIONS, "18 st", ""),
    (UNIT, "2024-T2", DEVIATIONS, "37 st", ""),
    (UNIT, "2024", DEVIATIONS, "58 st", ""),
    (UNIT, "2023", SARAH, "6 st", ""),
    (UNIT, "2024", SARAH, "3 st", ""),
    (ASSISTANCE, "2023", "Aktivt Medskapandeindex", "76", ""),
    (ASSISTANCE, "2024", "Aktivt Medskapandeindex", "80", ""),
    (SUPPORT, "2023", "Aktivt Medskapandeindex", "79", ""),
    (SUPPORT, "2024", "Aktivt Medskapandeindex", "81", ""),
    (SUPPORT, "2024", FULL_TIME, "96 %", ""),
]
# goal (KF, nämnd, enhet), aktivitet, and fran, till, status, klar_datum, avvikelse with a dash for none
ACTIVITIES = [
    ((*QUALITY[1:], SAY), "Boråd införs i varje gruppbostad", "2024-01-15 2024-06-30 klar 2024-06-12"),
    ((*QUALITY[1:], SAY), "Bildstöd finns i alla genomförandeplaner", "2024-02-01 2024-10-31 pagar - resurs"),
    ((*QUALITY[1:], SAY), "Brukarna är med och väljer aktiviteter", "2024-01-01 2024-12-31 klar 2024-12-10"),
    (
        (SUPPORTED, CERTAIN, PLANNED),
        "Genomförandeplanerna följs upp två gånger",
        "2024-01-01 2024-08-31 klar 2024-09-20",
    ),
    ((SUPPORTED, CERTAIN), "Rutinen för lex Sarah gås igenom med alla", "2024-03-01 2024-05-31 klar 2024-05-28"),
    ((SUPPORTED, CERTAIN), "Egenkontroll av läkemedel varje månad", "2024-01-01 2024-12-31 klar 2024-12-31"),
    ((SUPPORTED, HOMES_GOAL), "Inflyttningen i nya hemmet förbereds", "2024-05-01 2024-09-30 klar 2024-09-27"),
    ((*STAFF[1:], HEALTHY), "Samtal efter upprepad korttidsfrånvaro", "2024-01-01 2024-12-31 klar 2024-12-16"),
    ((*STAFF[1:], HEALTHY), "Arbetsmiljöronder i alla verksamheter", "2024-02-01 2024-04-30 klar 2024-04-24"),
    (STAFF[1:], "Utbildning i lågaffektivt bemötande", "2024-03-01 2024-11-30 pagar - annan_part"),
    (STAFF[1:], "Schemat ses över för färre timvikarier", "2022-01-01 2024-01-31 pagar - tid"),
    ((SUSTAINABLE,), "Matsvinnet vägs två veckor varje halvår", "2024-01-01 2024-12-31 avbruten - resurs"),
    ((BALANCED,), "Inköpen görs i e-handelssystemet", "2024-01-01 2024-12-31 klar 2024-12-20"),
]
# period, goal, bedomning
ASSESSMENTS = [
    *(("2024-T1", goal, "delvis") for goal in (SUPPORTED, SUSTAINABLE, EMPLOYER, BALANCED)),
    *(("2024-T2", goal, code) for goal, code in ((SUPPORTED, "delvis"), (SUSTAINABLE, "delvis"), (EMPLOYER, "delvis"))),
    ("2024-T2", BALANCED, "inte"),
    *(("2024", goal, code) for goal, code in ((SUPPORTED, "helt"), (EQUAL, "helt"), (CERTAIN, "delvis"))),
    *(("2024", goal, code) for goal, code in ((SUSTAINABLE, "helt"), (EMPLOYER, "delvis"), (BALANCED, "inte"))),
]
# fraga, indikator, share of the first year, answers a year, sent out
SURVEYS = [
    ("Kan du påverka hur du får ditt stöd?", INFLUENCE, 71, (58, 61, 64), 90),
    ("Blir du väl bemött av personalen?", TREATED, 88, (58, 62, 64), 90),
    ("Känner du dig trygg där du bor?", SAFE, 84, (25, 28, 30), 36),
    ("Är du nöjd med din korttidsvistelse?", "", 75, (4, 4, 4), 6),
]
# grupp, har and av at each report of 2024
TRAINING = [
    ("Gruppbostäder", "Grundutbildning", ((40, 45), (42, 45), (44, 46))),
    ("Servicebostad", "Grundutbildning", ((17, 19), (18, 19), (18, 19))),
    ("Daglig verksamhet", "Grundutbildning", ((14, 15), (14, 15), (15, 15))),
    ("Gruppbostäder", "Läkemedelsdelegering", ((31, 45), (35, 45), (39, 46))),
]
# process, risk, sannolikhet and konsekvens, kontroll, and intervall, senast, resultat
CONTROLS = [
    (
        "Ekonomi",
        "Fel pris betalas till utförare",
        "3 4",
        "Stickprov på fakturor mot avtal",
        "manad 2024-12-12 anmarkning",
    ),
    ("Ekonomi", "Kontanter saknas", "2 3", "Kassaräkning i gruppbostäder", "kvartal 2024-11-20 utan_anmarkning"),
    ("Stöd", "Genomförandeplan saknas", "3 4", "Planer räknade mot beslut", "tertial 2024-12-05 anmarkning"),
    ("Stöd", "Läkemedel ges fel", "2 5", "Genomgång av avvikelser", "manad 2024-12-18 utan_anmarkning"),
    (
        "Personal",
        "Registerutdrag saknas vid anställning",
        "2 5",
        "Stickprov på nyanställda",
        "halvar 2024-05-15 utan_anmarkning",
    ),
    ("Personal", "Bisysslor är inte anmälda", "2 2", "Genomgång vid medarbetarsamtal", "ar 2023-10-30 utan_anmarkning"),
    ("Information", "Behörigheter ligger kvar", "4 3", "Behörigheter gås igenom", "kvartal 2024-06-19 utan_anmarkning"),
]


def targets(rng: np.random.Generator) -> list[Row]:
    """Targets of the synthetic units with their chain."""
    keys = (*TARGET_COLUMNS[:7], "arsmal_text")
    return [
        dict.fromkeys(TARGET_COLUMNS, "")
        | dict(zip(keys, map(str, row[:8]), strict=True))
        | dict(zip(CHAIN, row[8], strict=False))
        | {"agare": row[9], "kalla": SOURCE}
        for row in TARGETS
    ]


def outcomes(rng: np.random.Generator) -> list[Row]:
    """Outcomes of indicators that the unit's other tables don't give."""
    return [dict(zip(OUTCOME_COLUMNS, (*row, SOURCE), strict=True)) for row in OUTCOMES]


def activities(rng: np.random.Generator) -> list[Row]:
    """The year's activities under their goals."""
    found = []
    for goal, name, text in ACTIVITIES:
        row = {"enhet": UNIT, "ar": "2024", "agare": "enhet", "aktivitet": name, "kalla": SOURCE}
        row |= dict(zip(CHAIN[1:], goal, strict=False))
        row |= dict(zip(ACTIVITY_COLUMNS[7:-1], (part.strip("-") for part in text.split()), strict=False))
        found.append(dict.fromkeys(ACTIVITY_COLUMNS, "") | row)
    return found


def assessments(rng: np.random.Generator) -> list[Row]:
    """The manager's assessments at each report."""
    return [dict(zip(ASSESSMENT_COLUMNS, (UNIT, *row, "enhetschef"), strict=True)) for row in ASSESSMENTS]


def surveys(rng: np.random.Generator) -> list[Row]:
    """Three years of answers: each year's share is drawn up to three points above the one before."""
    found = []
    for fraga, indikator, share, answers, sent in SURVEYS:
        for ar, svarande in zip(YEARS, answers, strict=True):
            found.append([UNIT, ar, fraga, indikator, share, svarande, sent, SOURCE])
            share += int(rng.integers(1, 3, endpoint=True))
    return [dict(zip(SURVEY_COLUMNS, map(str, row), strict=True)) for row in found]


def training(rng: np.random.Generator) -> list[Row]:
    """Who has what the work requires, at each report."""
    periods = ("2024-T1", "2024-T2", "2024")
    return [
        dict(zip(TRAINING_COLUMNS, map(str, (UNIT, period, grupp, krav, *counts, SOURCE)), strict=True))
        for grupp, krav, every in TRAINING
        for period, counts in zip(periods, every, strict=True)
    ]


def controls(rng: np.random.Generator) -> list[Row]:
    """The plan of internal control, as it stands when the year is over."""
    return [
        dict(zip(CONTROL_COLUMNS, (UNIT, "2024", process, risk, *size.split(), name, *last.split()), strict=True))
        for process, risk, size, name, last in CONTROLS
    ]
