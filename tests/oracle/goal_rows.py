"""Made-up goals of a unit with what stands beside them: dates on a report's day and beside it, outcomes at a target."""

from datetime import date, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
UNIT, OTHER, YEAR = "provenheten", "annan_enhet", 2024
DAYS = [
    date(2024, 4, 30),
    date(2024, 8, 31),
    date(2024, 12, 31),
    date(2024, 1, 31),
    date(2024, 1, 1),
    date(2023, 12, 31),
]
LONG = "Andelen arbetade timmar av timavlönad personal i förhållande till samtliga arbetade timmar inom stöd och "
LONG += "service till personer med funktionsnedsättning"
DUR = "Andel genomförda utredningar enligt DUR inom stöd och service för personer med funktionsnedsättning"
TRAINED = "Andel personal med grundutbildning inom stöd och service till personer med funktionsnedsättning"
HAPPY, ORGANIC = "Nöjda brukare LSS-boende, vuxna och barn", "Andel ekologiska livsmedel i stadens egna verksamheter"
FUEL = "Andel miljöbränslen i stadens etanol- och biogasfordon"
IDS = {  # an indicator's name in the plan and in the rules
    "Sjukfrånvaro": "sjukfranvaro",
    "Aktivt Medskapandeindex": "aktivt_medskapandeindex",
    "Andel elektroniska inköp.": "andel_elektroniska_inkop",
    "andel elektroniska inköp": "andel_elektroniska_inkop",
    FUEL: "andel_miljobranslen_i_stadens_etanol_och_biogasfordon",
    ORGANIC: "andel_ekologiska_livsmedel_i_stadens_egna_verksamheter",
    "Kostnad för taxi per månad": "kostnad_for_taxi_per_manad",
    TRAINED: "andel_personal_med_grundutbildning_inom_stod_och_service_till_personer_med_funktionsnedsattning",
    HAPPY: "nojda_brukare_lss_boende_vuxna_och_barn",
    "Antal klagomål": "antal_klagomal",
    "Antal tillhandahållna platser för feriejobb": "antal_tillhandahallna_platser_for_feriejobb",
    "Eget mått": "eget_matt",
    "Eget mått två": "eget_matt_tva",
    DUR: "andel_genomforda_utredningar_enligt_dur_inom_stod_och_service_for_personer_med_funktionsnedsattning",
    LONG: "timavlonade_timmar",
    "Utanför planen": "utanfor_planen",
}  # fmt: skip
PERIODS = {
    "Tertial": ("2024-T1", "2024-T2", "2024", "2023-T1", "2023-T2", "2023"),
    "Kvartal": ("2024-03", "2024-06", "2024-09", "2024-12", "2023-12", "2023-09"),
    "Månad": ("2024-01", "2024-04", "2024-08", "2024-12", "2024-03", "2024-07", "2024-11"),
    "Halvår": ("2024-06", "2024-12", "2023-06", "2023-12"),
    "År": ("2024", "2023", "2022"),
}
PLAN = (  # indicator, periodicity, possible targets, possible outcomes
    ("Sjukfrånvaro", "Tertial", ["7.5 %", "8 %", "7", "tas fram av nämnden", ""], []),
    ("Aktivt Medskapandeindex", "År", ["80", "79.5", "83"], ["80", "79", "84.5"]),
    ("Andel elektroniska inköp.", "Tertial", ["85 %", "90 %", ""], ["85 %", "84.5 %", "91", "saknas än", "62 st"]),
    (FUEL, "Halvår", ["45 %", "Fastställs 2024"], ["45 %", "44 %"]),
    (ORGANIC, "Tertial", ["45 %", "40 %", ""], []),
    ("Kostnad för taxi per månad", "Månad", ["1000 kr", "2000 kr"], []),
    (TRAINED, "Kvartal", ["95", "75 %", "80 %"], []),
    (HAPPY, "År", ["82.25 %", "82 %", "83 %"], []),
    ("Antal klagomål", "Kvartal", ["5 st", "0 st", ""], ["3 st", "12 st", "0 st"]),
    ("Antal tillhandahållna platser för feriejobb", "År", ["6 st", "10000 st"], ["6 st", "7 st"]),
    ("Eget mått", "År", ["12", ""], ["12", "13"]),
    ("Eget mått två", "Tertial", ["0", "12", "10"], ["12", "9.25"]),
    (DUR, "Tertial", ["85 %", "90 %", ""], ["17 av 20", "3 av 4", "9 av 10 tkr", "0 av 4"]),
    (LONG, "Tertial", ["19", "19 %"], ["19 %", "19.01 %", "18"]),
)  # fmt: skip
TEXTS = {
    "kf_mal_text": ["Trygg stad", "Trygg stad", "Grön stad", ""],
    "namndmal_text": ["Alla bemöts väl", "Nämndmål två", ""],
    "enhetsmal_text": ["Enhetsmål A", "Enhetsmål B", ""],
}


def _texts(draw: Random) -> Row:
    return {name: draw.choice(texts) for name, texts in TEXTS.items()}


def plan(draw: Random) -> list[Row]:
    """The plan's rows, one indicator of them twice, and another year's and another unit's beside."""
    found = []
    for name, often, targets, _ in PLAN:
        row = {"enhet": UNIT, "ar": YEAR, "indikator": name, "periodicitet": often, "kalla": f"sida {len(found)}"}
        levels = ("arsmal", "namndmal", "kf_arsmal")
        row |= {level: draw.choice([*targets, ""] if level != "arsmal" else targets) for level in levels}
        row |= {"arsmal_text": draw.choice(["", "", "45 %", "närmare 100 %", "12"]), "mattenhet": "", "riktning": ""}
        row |= {"mattenhet": "kr"} if name == "Eget mått" else {}
        row |= {"riktning": "hogre"} if name == "Eget mått två" else {}
        row |= _texts(draw) | {"kf_inriktning": draw.choice(["", "Inriktning 1"])}
        found.append(row | {"agare": draw.choice(["", "", "enhet", "namnd", "kf"])})
    again = found[2] | {"indikator": "andel elektroniska inköp", "arsmal": draw.choice(["87 %", ""]), "agare": ""}
    return [*found, again, found[0] | {"ar": 2023, "arsmal": "1 %"}, found[1] | {"enhet": OTHER, "arsmal": "1"}]


def reported(draw: Random) -> list[Row]:
    """Outcomes that somebody has stated, for some of the periods."""
    found = []
    for name, often, _, outcomes in PLAN:
        for period in PERIODS[often]:
            if outcomes and draw.random() < 0.7:
                row = {"enhet": UNIT, "period": period, "indikator": name, "utfall": draw.choice(outcomes)}
                found.append(row | {"prognos_helar": draw.choice(["", "86 %"]), "kalla": "Prov"})
    out = {"indikator": "Utanför planen", "utfall": "1", "prognos_helar": "", "kalla": "Prov"}
    found += [out | {"enhet": UNIT, "period": draw.choice(["2024-T1", "2023-T1"])}]
    return [*found, found[0] | {"enhet": OTHER, "utfall": "99"}]


def activities(draw: Random, count: int) -> list[Row]:
    """Activities that begin and end on a report's day, the day before and the day after."""
    found = []
    for number in range(count):
        ends = draw.choice(DAYS[:4]) + timedelta(draw.choice([-1, 0, 1, -40]))
        begins = draw.choice([day for day in (*DAYS, date(2024, 5, 1)) if day <= ends] or [date(2023, 5, 1)])
        status = draw.choice(["ej_paborjad", "pagar", "klar", "klar", "avbruten"])
        done = draw.choice(DAYS[:3]) + timedelta(draw.choice([-1, 0, 1])) if status == "klar" else ""
        row = {"enhet": UNIT, "ar": draw.choice([YEAR] * 5 + [2023]), "aktivitet": f"Aktivitet {number}"}
        row |= {"fran": begins, "till": ends, "status": status, "klar_datum": done} | _texts(draw)
        row |= {
            "agare": draw.choice(["", "namnd", "kf"]),
            "avvikelse": draw.choice(["", "tid", "resurs"]),
            "kalla": "P",
        }
        found.append(row)
    return [*found, found[0] | {"enhet": OTHER}] if found else []


def controls(draw: Random, count: int) -> list[Row]:
    """Controls last done on the first and last days of intervals, never, in vain, and after the report's day."""
    found = []
    days = ["2023-12-31", "2024-01-01", "2024-03-31", "2024-04-01", "2024-04-30", "2024-05-01", "2024-08-31"]
    days += ["2024-09-01", "2024-12-31", "2023-06-30", "2025-01-07"]
    for number in range(count):
        row = {"enhet": UNIT, "ar": draw.choice([YEAR] * 6 + [2023]), "process": "Ekonomi", "risk": f"risk {number}"}
        row |= {"sannolikhet": draw.choice([1, 3, 5]), "konsekvens": draw.choice([1, 4, 5]), "kontroll": f"K{number}"}
        row |= {"intervall": draw.choice(["manad", "kvartal", "tertial", "halvar", "ar"])}
        row |= {"senast": draw.choice([*days, ""]), "resultat": ""}
        if row["senast"]:
            row["resultat"] = draw.choice(["utan_anmarkning", "anmarkning", "ej_utford", ""])
        found.append(row)
    return [*found, found[0] | {"enhet": OTHER}] if found else []


def surveys(draw: Random) -> list[Row]:
    """Questions asked in some of the years 2020 to 2025: all have answered, none is sent out, nobody knows."""
    found = []
    for number, name in enumerate([HAPPY, "", ""]):
        for ar in range(2020, 2026):
            sent = draw.choice([0, 60, 40, ""])
            answers = draw.choice([1, 30, 40]) if sent != 0 else 0
            row = {"enhet": UNIT, "ar": ar, "fraga": f"Fråga {3 - number}", "indikator": name, "utskickade": sent}
            row |= {"andel_procent": draw.choice([0, 100, 82.25, 50, 82]), "svarande": answers, "kalla": "Prov"}
            found += [row] if draw.random() < 0.8 else []
    return found


def training(draw: Random) -> list[Row]:
    """Two requirements of two groups in periods up to the year after; in one nobody is to have it."""
    found = []
    for period in ("2024-T2", "2024-03", "2023", "2024", "2025-T1", "2024-06"):
        for group in ("Dag", "Natt"):
            for krav in ("Grundutbildning", "Första hjälpen"):
                whole = draw.choice([0, 4, 10, 20])
                row = {"enhet": UNIT, "period": period, "grupp": group, "krav": krav, "av": whole, "kalla": ""}
                found += [row | {"har": draw.choice([0, whole, whole // 2])}] if draw.random() < 0.7 else []
    return found


def ledger(draw: Random) -> list[Row]:
    """Kinds of cost from 2023 on, some months without."""
    found = []
    for number in range(24):
        month = f"{2023 + number // 12}-{number % 12 + 1:02d}"
        for kind, kr in (("Livsmedel ekologiska", 450), ("Livsmedel övriga", 550), ("Taxi", 1000), ("Annat", 7)):
            row = {"enhet": UNIT, "manad": month, "budgetrad": "Mat", "kostnad_kr": kr * draw.choice([1, 2, 100])}
            row |= {"intakt_kr": 0, "kostnadsslag": kind}
            found += [row] if draw.random() < 0.95 else []
    return found


def world(seed: int) -> dict[str, list[Row]]:
    """All tables that the report on goals reads."""
    draw = Random(seed)
    count = draw.choice([0, 5, 30]) if seed else 0
    goals = ("", *TEXTS["kf_mal_text"], *TEXTS["namndmal_text"], "trygg STAD")
    judged = [
        (goal, period) for goal in dict.fromkeys(goals) if goal for period in ("2024-T1", "2024-T2", "2024", "2023")
    ]
    bedomning = {"enhet": UNIT, "av_roll": "chef"}
    said = [
        bedomning | {"period": period, "mal_text": goal, "bedomning": draw.choice(["helt", "delvis", "inte"])}
        for goal, period in judged
        if draw.random() < 0.5 and goal != "trygg STAD"
    ]
    made = {"mal": plan(draw), "indikatorutfall": reported(draw), "aktiviteter": activities(draw, count)}
    made |= {"kontroller": controls(draw, count), "malbedomning": said, "enkat": surveys(draw)}
    made |= {"kompetens": training(draw), "utfall": ledger(draw)}
    if seed % 2:
        hours = {"enhet": UNIT, "grupp": "A", "manad": "2024-01", "insats": "personlig_assistans", "beviljade_h": 100}
        made["assistanstimmar"] = [hours | {"antal_personer": 9}]
    return {name: rows for name, rows in made.items() if rows}


def known(seed: int) -> dict[tuple[str, int, int], Row]:
    """What other topics know: sick leave by tertial, a share with its parts, counted to an earlier day."""
    draw, found = Random(seed), {}
    for ar, month in ((2024, 4), (2024, 8), (2024, 12), (2023, 12), (2023, 8), (2023, 4)):
        part = draw.choice([None, (75.0, 1000.0, "h"), (80.5, 1000.0, "h")])
        value = part[0] / 10 if part else draw.choice([7.5, 8.0, 7.04, 7.501, 8.96])
        row = {"varde": value, "kalla": "bemanningen", "antal": draw.choice([None, 0, 4, 12]), "delar": part}
        row |= {"regel": "sjukfranvaro.storsta_dolda_grupp", "counted": draw.choice(["", "", "till och med mars"])}
        if draw.random() < 0.8:
            found["sjukfranvaro", ar, month] = row
    return found
