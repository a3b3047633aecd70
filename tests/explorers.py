"""The boards of every topic on the sample, and settings of their dials that tests try."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from shown import shown_budget, shown_month

from planbok.case.case import Case
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import protect
from planbok.explore.board import Board
from planbok.topics import (
    answer,
    assistance,
    budget,
    control,
    decisions,
    follow_up,
    group_home,
    home_care,
    insatser,
    lss_peng,
    staffing,
)
from planbok.topics.assistance import explore as assistance_dials
from planbok.topics.budget import explore as budget_dials
from planbok.topics.control import explore as control_dials
from planbok.topics.decisions import explore as decision_dials
from planbok.topics.follow_up import explore as prognosis_dials
from planbok.topics.group_home import explore as home_dials
from planbok.topics.home_care import explore as older_dials
from planbok.topics.insatser import explore as insatser_dials
from planbok.topics.lss_peng import explore as lss_dials
from planbok.topics.staffing import explore as staffing_dials

Setting = list[tuple[str, int, dict[str, Any]]]  # heading, number of the form below it, values by key


@dataclass(frozen=True)
class Explored:
    """A notebook whose dials are tried: on which unit, how its board is built, and what is compared."""

    notebook: str
    parameters: dict[str, Any]
    build: Callable[[Case], Board]
    study: Callable[[Case], Any]
    figures: Callable[[Any], dict[str, float]]  # of a study: key figures of resultat.json
    shown: Callable[[Board], dict[str, float]]  # of a board: the same
    settings: dict[str, Setting]
    dial: tuple[str, int, str]  # one that can be moved a step after the first setting: heading, number, key


def put(board: Board, setting: Setting) -> None:
    """Moves the dials."""
    for heading, number, values in setting:
        form = board.topic.groups[heading][number]
        for key, value in values.items():
            form.all_controls[key].value = value


def budget_study(case: Case) -> budget.study.Study:
    return budget.study.study(case, answer.others(case))


def budget_shown(board: Board) -> dict[str, float]:
    row = board.topic.answer(board.scenario).table.frame.iloc[-1]
    return {"nettokostnad_mnkr": row["prov"], "ram_mnkr": row["ram"], "helarseffekt_mnkr": row["helar"]}


def lss_shown(board: Board) -> dict[str, float]:
    rows = board.topic.answer(board.scenario).table.frame.set_index("nyckel")["prov"]
    return {name: rows[name] for name in ("slutlig_kr", "peng_dygn_kr", "skillnad_matning_dygn_kr")}


def prognosis_study(case: Case) -> follow_up.study.Study:
    return follow_up.study.study(case, answer.others(case))


def prognosis_shown(board: Board) -> dict[str, float]:
    row = board.topic.compare([board.scenario]).table.frame.iloc[-1]
    return {"prognos_mnkr": row["prognos"], "avvikelse_mnkr": row["avvikelse"], "atgarder_kvar_mnkr": row["atgarder"]}


HOME = ("hyra_helar_hog_kr", "kbh_helar_hog_kr", "peng_hogst_kr", "sjalvkostnad_kr_per_plats_och_dygn")


def home_shown(board: Board) -> dict[str, float]:
    rows = board.topic.answer(board.scenario).table.frame.set_index("nyckel")["prov"]
    return {name: None if rows[name] != rows[name] else rows[name] for name in HOME}


STAFFING = ("sjukfranvaro_procent", "prognos_ar_procent", "sjuklonekostnad_kr", "ersattarkostnad_kr")


def staffing_shown(board: Board) -> dict[str, float]:
    row = board.topic.compare([board.scenario]).table.frame.iloc[-1]
    return {name: None if row[name] != row[name] else row[name] for name in STAFFING}


def of_result(result, names) -> dict[str, float]:
    return {name: result.nyckeltal[name].varde for name in names}


BUDGET = Explored(
    "budgetscenarier",
    {"enhet": "ostermalm", "ar": 2016},
    lambda case: budget_dials.build(budget_study(case)),
    budget_study,
    lambda study: of_result(shown_budget(study), ("nettokostnad_mnkr", "ram_mnkr", "helarseffekt_mnkr")),
    budget_shown,
    {
        "uppraknad": [
            ("Kostnader", 1, {"procent": 1.0, "fran": date(2016, 7, 1)}),
            ("Kostnader", 0, {"procent": -2.3}),
        ],
        "belopp_och_ram": [
            ("Belopp", 0, {"kr_per_manad": 125_000.0, "fran": date(2016, 9, 1), "till": date(2016, 11, 30)}),
            ("Ram och balans", 0, {"kr_per_manad": 80_000.0, "fran": date(2016, 4, 1)}),
        ],
        "atgard": [
            ("Kostnader", 3, {"procent": 4.5}),
            ("Åtgärd", 0, {"kr_per_manad": -95_000.0, "fran": date(2016, 3, 1), "sannolikhet_andel": 0.6}),
        ],
    },
    ("Kostnader", 1, "procent"),
)
LSS_PENG = Explored(
    "lss_peng",
    {"enhet": "exempelenheten", "ar": 2024},
    lambda case: lss_dials.build(lss_peng.study.study(case)),
    lss_peng.study.study,
    lambda study: of_result(
        protect(lss_peng.view.result(study), policy(study.case)),
        ("slutlig_kr", "peng_dygn_kr", "skillnad_matning_dygn_kr"),
    ),
    lss_shown,
    {
        "nivabyte": [
            ("Nivåer", 0, {"insats": "gruppbostad", "regi": "kommunal", "fran_niva": 3, "till_niva": 4, "antal": 1.0})
        ],
        "in_i_oktober": [
            ("Personer in och ut", 0, {"insats": "gruppbostad", "regi": "kommunal", "niva": 4, "antal": 2.0}),
            ("Personer in och ut", 0, {"fran": date(2024, 10, 1)}),
        ],
        "lanad_lista": [
            ("Priser", 0, {"varde": 2023}),
            ("Priser", 1, {"procent": 3.1, "fran": date(2024, 5, 15)}),
            ("Mätregel", 0, {"varde": "halvar"}),
        ],
    },
    ("Nivåer", 0, "antal"),
)
PROGNOSIS = Explored(
    "manadsprognos",
    {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4},
    lambda case: prognosis_dials.build(prognosis_study(case)),
    prognosis_study,
    lambda study: of_result(shown_month(study), ("prognos_mnkr", "avvikelse_mnkr", "atgarder_kvar_mnkr")),
    prognosis_shown,
    {
        "annan_metod": [("Metod", 0, {"Administration": "profil", "Vårdkostnader": "rak"})],
        "atgard": [
            ("Åtgärd", 0, {"kr_per_manad": -120_000.0, "budgetrad": "Vårdkostnader", "fran": date(2024, 6, 1)}),
            ("Åtgärd", 0, {"sannolikhet_andel": 0.75, "status": "beslutad", "namn": "Färre inhyrda"}),
        ],
        "bedomning": [
            ("Bedömning", 0, {"kr": 425_000.0, "budgetrad": "Lokalkostnader", "fran": date(2024, 9, 1)}),
            ("Åtgärd", 0, {"kr_per_manad": -35_000.0, "fran": date(2024, 5, 1)}),
        ],
    },
    ("Åtgärd", 0, "kr_per_manad"),
)
GROUP_HOME = Explored(
    "gruppbostad_kbh",
    {"enhet": "exempelenheten", "ar": 2024, "boende": "nya_hemmet"},
    lambda case: home_dials.build(group_home.study.study(case)),
    group_home.study.study,
    lambda study: of_result(protect(group_home.view.result(study), policy(study.case)), HOME),
    home_shown,
    {
        "hyra_och_dag": [
            ("Boendet", 0, {"hyra_kr_per_manad": 12_300.0, "oppnar": date(2024, 8, 1), "arsarbetare": 9.5}),
        ],
        "en_i_taget": [
            ("Boendet", 0, {"manader_mellan_inflyttningar": 1.0, "hyra_kr_per_manad": 10_900.0, "4": 2.0, "5": 1.0}),
            ("Extern plats", 0, {"varde": 4_000.0}),
        ],
        "annan_andel": [("KBH", 1, {"varde": 0.8}), ("Boendet", 0, {"arsarbetare": 11.0})],
    },
    ("Boendet", 0, "hyra_kr_per_manad"),
)
STAFF = Explored(
    "bemanning_sjukfranvaro",
    {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 8},
    lambda case: staffing_dials.build(staffing.study.study(case)),
    staffing.study.study,
    lambda study: of_result(answer.answer(study.case).result, STAFFING),
    staffing_shown,
    {
        "alla": [("Sjukfrånvaro", 0, {"procentenheter": -0.5, "fran": date(2024, 3, 1)})],
        "en_grupp": [
            ("Ersättare", 1, {"varde": 45.0}),
            ("Sjukfrånvaro", 2, {"procentenheter": 1.2, "fran": date(2024, 6, 1)}),
        ],
        "utan_inhyrda": [
            ("Ersättare", 0, {"timavlonad": 1.0, "overtid": 0.0, "inhyrd": 0.0, "fran": date(2024, 4, 1)}),
            ("Ersättare", 1, {"varde": 45.0}),
        ],
    },
    ("Sjukfrånvaro", 0, "procentenheter"),
)
INSATSER = Explored(
    "insatser_manad",
    {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 12},
    lambda case: insatser_dials.build(insatser.study.study(case)),
    insatser.study.study,
    lambda study: of_result(answer.answer(study.case).result, ("insatser_flaggade_antal",)),
    lambda board: {
        "insatser_flaggade_antal": board.topic.compare([board.scenario]).table.frame["flaggade_antal"].iloc[-1]
    },
    {
        "fler": [
            ("Personer in och ut", 0, {"insats": "gruppbostad", "niva": 4, "antal": 6.0, "fran": date(2024, 11, 1)}),
        ],
        "annan_grans": [("När något flaggas", 0, {"varde": 30.0}), ("När något flaggas", 1, {"varde": 3.0})],
    },
    ("Personer in och ut", 0, "antal"),
)
CONTROL = Explored(
    "kostnadskontroll",
    {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 12},
    lambda case: control_dials.build(control.study.study(case)),
    control.study.study,
    lambda study: of_result(answer.answer(study.case).result, ("fel_antal", "fel_kr")),
    lambda board: board.topic.compare([board.scenario]).table.frame.iloc[-1][["fel_antal", "fel_kr"]].to_dict(),
    {"stora_fel": [("När något är ett fel", 0, {"varde": 100.0}), ("När något är ett fel", 1, {"varde": 900.0})]},
    ("När något är ett fel", 0, "varde"),
)
DECISIONS = Explored(
    "beslut_i_tid",
    {"enhet": "exempelenheten", "ar": 2024, "per_datum": "2024-08-31"},
    lambda case: decision_dials.build(decisions.study.study(case)),
    decisions.study.study,
    lambda study: of_result(answer.answer(study.case).result, ("ko_sist_antal",)),
    lambda board: {"ko_sist_antal": board.topic.compare([board.scenario]).table.frame["ko_antal"].iloc[-1]},
    {
        "fler_handlaggare": [
            ("Handläggare", 0, {"antal": 0.5, "fran": date(2024, 10, 1)}),
            ("Ärenden", 0, {"insats": "kontaktperson", "antal": 3.0, "fran": date(2024, 9, 1)}),
            ("Tid per ärende", 0, {"varde": 1020.0}),
        ],
    },
    ("Handläggare", 0, "antal"),
)
OLDER = ("prognos_mnkr", "skillnad_mnkr", "skillnad_helar_mnkr")
HOME_CARE = Explored(
    "aldreomsorg",
    {"enhet": "exempel_aldre", "ar": 2024, "tom_manad": 8},
    lambda case: older_dials.build(home_care.study.study(case)),
    home_care.study.study,
    lambda study: of_result(protect(home_care.view.year_in_kronor(study), policy(study.case)), OLDER),
    lambda board: board.topic.compare([board.scenario]).table.frame.iloc[-1][list(OLDER)].to_dict(),
    {
        "flytt": [("Ärenden och flyttar", 1, {"antal": 5.0, "till_slag": "demens", "fran": date(2024, 10, 1)})],
        "fler_och_dyrare": [
            ("Ärenden och flyttar", 0, {"antal": 20.0, "omrade": "Norra", "fran": date(2024, 9, 1)}),
            ("Priser", 0, {"varde": 500.0}),
            ("Timmar per ärende", 0, {"h_per_arende_procent": 2.0, "fran": date(2024, 9, 16)}),
        ],
    },
    ("Ärenden och flyttar", 1, "antal"),
)
ASSISTANCE = Explored(
    "assistans",
    {"enhet": "exempel_assistans", "ar": 2024, "tom_manad": 10},
    lambda case: assistance_dials.build(assistance.study.study(case)),
    assistance.study.study,
    lambda study: of_result(answer.answer(study.case).result, ("over_kr_per_manad",)),
    lambda board: {
        "over_kr_per_manad": board.topic.compare([board.scenario]).table.frame["over_kr_per_manad"].iloc[-1]
    },
    {"annan_kostnad": [("Schema och timkostnad", 1, {"varde": 300.0})]},
    ("Schema och timkostnad", 1, "varde"),
)
EVERY = (BUDGET, LSS_PENG, PROGNOSIS, GROUP_HOME, STAFF, INSATSER, CONTROL, DECISIONS, HOME_CARE, ASSISTANCE)
ALL = {explored.notebook: explored for explored in EVERY}
