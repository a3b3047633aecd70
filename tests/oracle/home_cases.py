"""Made-up homes at the edges: first and last days, exactly at a limit, nothing known, other units' rows beside."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENHET = "provenheten"
HOME_HEAD = "boende;enhet;insats;regi;platser;oppnar;tilltrade;personal_fran;startkostnad_kr;bemanning_arsarbetare;"
HOME_HEAD += "kostnad_kr_per_arsarbetare;lokalhyra_kr_per_manad"
FLAT_HEAD = "boende;lagenhet;hyra_kr_per_manad;inflyttning;niva;hushall;inkomst_kr_per_ar"
DECISION_HEAD = "beslut;person;enhet;insats;regi;niva;boende;fran;till"
OTHERS = (
    "annat;provenheten;gruppbostad;kommunal;3;2024-02-15;;;90000;3;500000;20000",
    "deras;grannen;gruppbostad;kommunal;2;2024-05-01;2024-04-01;;1000;2;600000;0",
)
OTHER_FLATS = (
    "annat;1;9000;2024-02-15;;1_vuxen;",
    "annat;2;9500–9700;2024-03-31;5;1_vuxen;",
    "deras;1;7000;2024-05-01;7;1_vuxen;",
)
# unit, insats, management, level, home, from, to; the last measurement is 27 August
DECISIONS = (
    "provenheten;gruppbostad;kommunal;3;;2019-01-01;",
    "provenheten;gruppbostad;kommunal;3;;2024-08-27;2024-08-27",
    "provenheten;gruppbostad;kommunal;4;hemmet;2021-05-01;2024-12-31",
    "provenheten;gruppbostad;kommunal;6;;2020-02-29;2025-01-01",
    "provenheten;gruppbostad;kommunal;1;;2024-08-28;",
    "provenheten;gruppbostad;kommunal;2;hemmet;2020-01-01;2024-08-26",
    "provenheten;gruppbostad;privat;7;;2020-01-01;",
    "provenheten;servicebostad;kommunal;5;;2020-01-01;",
    "grannen;gruppbostad;kommunal;7;;2020-01-01;",
)


@dataclass(frozen=True)
class Given:
    """A home's row from `insats` on, its flats from the rent on, the decisions and the changes of a scenario."""

    namn: str
    ar: int
    hem: str
    flats: tuple[str, ...]
    beslut: tuple[str, ...] = DECISIONS
    changes: tuple[dict[str, Any], ...] = ()


def write_files(folder: Path, given: Given) -> None:
    """The tables of a case: the home between another of the unit and one of a neighbour."""
    folder.mkdir(parents=True)
    homes = [OTHERS[0], f"hemmet;{ENHET};{given.hem}", OTHERS[1]]
    flats = [f"hemmet;{number};{text}" for number, text in enumerate(given.flats, 1)]
    decisions = [f"b{n:03d};person{n:04d};{text}" for n, text in enumerate(given.beslut)]
    budget = [f"{ENHET};{given.ar};vp;{row};20.0;1.0" for row in ("Vårdkostnader", "Lokalkostnader")]
    tables = {"boenden": (HOME_HEAD, homes), "lagenheter": (FLAT_HEAD, [OTHER_FLATS[0], *flats, *OTHER_FLATS[1:]])}
    tables |= {"budget": ("enhet;ar;version;budgetrad;kostnad_mnkr;intakt_mnkr", budget)}
    tables |= {"beslut": (DECISION_HEAD, decisions)} if decisions else {}
    for name, (head, rows) in tables.items():
        lines = [text.replace(";", ",") for text in (head, *rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")


FLATS = (
    "7875;2024-03-31;4;1_vuxen;",
    "11000–12000;2024-04-01;;2_vuxna_1_barn;",
    "16500;2024-08-27;;1_vuxen_4_barn;",
    "9100–9300;2024-08-28;6;1_vuxen;200000",
    "12126;2024-12-31;;2_vuxna_2_barn;",
)
ALONE = (
    "5000;2024-02-29;1;1_vuxen;159294",
    "7500–7501;2024-02-29;;1_vuxen;216594",
    "12500;2024-03-01;;2_vuxna;",
    "7600;2024-09-30;7;1_vuxen;240000",
    "8000–9000;2025-03-31;;2_vuxna;500000",
)
PAIR = {"typ": "regel", "regel": "minimibelopp.under_65.par", "varde": 6500, "fran": "2024-02-10"}
INCOME = {"typ": "regel", "regel": "kbh.familj", "varde": "minimibelopp", "fran": "2024-03-16"}
OPENS = {"typ": "nytt_boende", "boende": "hemmet", "oppnar": "2024-03-31"}

CASES = (
    Given("kanter", 2024, "gruppbostad;kommunal;7;2024-03-31;2024-01-31;2024-02-29;100001;7.25;612345;0", FLATS),
    Given(
        "scenario", 2024, "gruppbostad;kommunal;5;2024-01-31;2023-12-31;2024-01-01;250000;5;600000;57500",
        tuple(text.replace(text.split(";")[1], "2024-01-31", 1) for text in FLATS),
        changes=(
            {"typ": "upprakning", "prislista": "lss_peng", "niva": "4", "procent": 10.0, "fran": "2024-08-15"},
            {"typ": "regel", "regel": "lss_peng.matregel", "varde": "vikter", "fran": "2024-01-01"},
            {"typ": "regel", "regel": "lss_peng.matvikter", "varde": {"matning_1": 0.25, "matning_2": 0.75},
             "fran": "2024-01-01"},
            {"typ": "regel", "regel": "kbh.stockholm.andel", "varde": 0.8, "fran": "2024-10-16", "till": "2024-11-10"},
            OPENS | {"kanda_nivaer": {"2": 1, "7": 1}, "manader_mellan_inflyttningar": 2, "arsarbetare": 6.5},
            {"typ": "regel", "regel": "extern_placering.institutionsvard.ovriga_landet", "varde": 4321,
             "fran": "2024-12-31"},
            {"typ": "regel", "regel": "lss_peng.ersattning.gruppbostad.kommunal.8", "varde": 6000,
             "fran": "2024-12-31"},
            {"typ": "regel", "regel": "gruppbostad.forsening_manader", "varde": {"lag": -1, "hog": 4},
             "fran": "2024-12-01"},
        ),
    ),
    Given(
        "inkomst", 2024, "gruppbostad;kommunal;6;2024-02-29;;2024-02-15;;4;500000;", ALONE,
        changes=(PAIR, INCOME),
    ),
    Given(
        "okant", 2023, "gruppbostad;kommunal;3;2023-12-31;;;5000;;;",
        (";2023-12-31;;1_vuxen;", "9000;2024-01-01;;1_vuxen;"),
        beslut=(),
    ),
    Given("nasta_ar", 2024, "gruppbostad;kommunal;2;2025-02-01;2024-12-31;2025-01-01;7;1;400000;1",
          ("8000;2025-02-01;3;1_vuxen;", "8000;2025-03-31;5;1_vuxen;")),
    Given("fore", 2022, "servicebostad;kommunal;2;2021-03-31;2021-03-01;;9;1.5;450000;9000",
          ("5600–7000;2021-03-31;;1_vuxen;", "5194;2022-01-01;;1_vuxen;170000"),
          beslut=("provenheten;servicebostad;kommunal;3;;2022-01-01;",
                  "provenheten;servicebostad;kommunal;2;;2022-08-27;"),
          changes=({"typ": "regel", "regel": "lss_peng.matregel", "varde": "halvar", "fran": "2022-01-01"},
                   INCOME | {"fran": "2022-01-01"})),
    Given("utan_pris", 2020, "gruppbostad;kommunal;1;2020-01-01;;;0;1;1;0", ("6701;2020-02-29;;1_vuxen_1_barn;",)),
)  # fmt: skip

PRICES_UP = {"typ": "upprakning", "prislista": "lss_peng", "procent": 10.0, "fran": "2024-08-15"}
SHARE = {"typ": "regel", "regel": "kbh.stockholm.andel", "varde": 0.8, "fran": "2024-10-16", "till": "2024-11-10"}
BUDGETS = (
    Given(
        "tva_hem", 2024, "gruppbostad;kommunal;5;2024-03-31;2024-01-01;2024-02-29;100001;7.25;612345;0", FLATS,
        changes=(
            SHARE, OPENS | {"oppnar": "2024-01-31", "manader_mellan_inflyttningar": 3},
            {"typ": "nytt_boende", "boende": "annat", "oppnar": "2024-03-16", "hyra_kr_per_manad": 9100},
            PRICES_UP,
        ),
    ),
    Given(
        "okanda", 2024, "gruppbostad;kommunal;1;2024-12-31;;;;3;;", (FLATS[0].replace("2024-03-31", "2024-12-31"),),
        beslut=("provenheten;gruppbostad;kommunal;4;hemmet;2024-12-31;", *DECISIONS[:4]),
        changes=(PRICES_UP, OPENS | {"oppnar": "2024-12-31", "enhet": ENHET}),
    ),
    Given(
        "efter_aret", 2024, "gruppbostad;kommunal;2;2024-01-01;2023-12-31;2023-12-31;5;2;600000;7000", FLATS[3:],
        changes=(OPENS | {"oppnar": "2025-01-01"}, SHARE | {"till": "2025-06-30"}),
    ),
)  # fmt: skip
