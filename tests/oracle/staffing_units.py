"""Made-up units with what is easily counted wrong: groups that come and go, unknown hours, dated wages, changes."""

from pathlib import Path
from random import Random
from typing import Any

from conftest import write_scenario
from oracle import staffing_rows as raw
from oracle.staffing_report import Report
from ruamel.yaml import YAML
from staffing_tables import DEFAULTS, ENHET, target, write_table

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, load_sources, open_case

FILES = ("loner_och_ersattare", "sjuklon", "po_palagg", "sjuksignaler", "bemanning")
Dated = list[tuple[str, str, Any]]
SHARES = {"timavlonad": 0.7, "overtid": 0.1, "inhyrd": 0.15}
WAGES: dict[str, Dated] = {
    "lon.manadslon.alla": [("2000-01-01", "2023-03-31", 30000), ("2023-04-01", "2099-12-31", 31200)],
    "lon.veckoarbetstid_h": [("2000-01-01", "2099-12-31", 38.25)],
    "lon.arbetsdagar_per_vecka": [("2000-01-01", "2099-12-31", 5)],
    "ersattare.kr_per_timme.timavlonad": [
        *(("2000-01-01", "2023-07-31", 235), ("2023-08-01", "2023-08-31", 238), ("2023-09-01", "2099-12-31", 241)),
    ],
    "ersattare.kr_per_timme.overtid": [("2000-01-01", "2023-05-01", 390), ("2023-05-02", "2099-12-31", 402)],
    "ersattare.kr_per_timme.inhyrd": [("2000-01-01", "2099-12-31", 460)],
    "ersattare.fordelning": [("2000-01-01", "2099-12-31", SHARES)],
}
OWN_WAGE = {"lon.manadslon.grupp_b": [("2000-01-01", "2099-12-31", 34500)]}
FEES = {"po_palagg": [("2017-01-01", "2018-12-31", 38.1), ("2019-01-01", "2023-12-31", 44.5)]}


def write_rules(folder: Path, name: str, of: dict[str, Dated]) -> None:
    (folder / "regler").mkdir(parents=True, exist_ok=True)
    told = {"underlag": "antagande", "kalla": "Prov"}
    with (folder / "regler" / f"{name}.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({
            key: {"titel": key, "mattenhet": "tal",
                  "varden": [{"fran": first, "till": last, "varde": value, **told} for first, last, value in values]}
            for key, values in of.items()
        }, file)  # fmt: skip


def months(first: str, last: str) -> list[str]:
    start, end = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(start, end + 1)]


def group(draw: Random, name: str, first: str, last: str, size: int, **more: Any) -> list[dict[str, Any]]:
    """A group's months, their hours drawn."""
    rows = []
    for place, manad in enumerate(months(first, last)):
        agreed = size * draw.randint(120, 160)
        sick = round(agreed * (0.05 + 0.03 * draw.random() + 0.002 * (place // 12)))
        short = draw.randint(sick // 3, sick // 2)
        hours = {"ordinarie_tid_h": agreed - min(agreed, draw.randint(0, 40)), "avtalad_tid_h": agreed, "sjuk_h": sick}
        hours |= {"sjuk_dag_1_14_h": short, "sjuk_60_dagar_h": draw.randint(0, sick - short)}
        hours |= {"arbetad_tid_h": agreed, "timavlonad_h": draw.randint(0, agreed // 5)}
        hours |= {"overtid_h": draw.randint(0, agreed // 20), "inhyrd_h": draw.randint(0, 30)}
        rows.append({**DEFAULTS, "grupp": name, "manad": manad, "anstallda": size + place % 2, **hours, **more})
    return rows


def points(grupp: str, number: float, fran: str, **more: Any) -> dict[str, Any]:
    return {"typ": "sjukfranvaro", "grupp": grupp, "procentenheter": number, "fran": fran, **more}


def rule(regel: str, varde: Any, fran: str, **more: Any) -> dict[str, Any]:
    return {"typ": "regel", "regel": regel, "varde": varde, "fran": fran, **more}


def made(
    folder: Path,
    rows: list[dict[str, Any]],
    ar: int,
    tom: int,
    *,
    changes: tuple[dict[str, Any], ...] = (),
    versus: tuple[dict[str, Any], ...] = (),
    rules: dict[str, dict[str, Dated]] | None = None,
    **tables: list[dict[str, Any]],
) -> tuple[Case, Report]:
    """A case on the rows, for working papers, and what is counted anew of the same files."""
    data, own = folder / "data", folder / "params"
    own.mkdir(parents=True, exist_ok=True)
    beside = {**DEFAULTS, "enhet": "grannen", "sjuk_h": 500, "manad": f"{ar}-01"}
    for name, its in {"bemanning": [*rows, beside], **tables}.items():
        write_table(data, name, its)
    for name, values in (rules or {"loner_och_ersattare": WAGES, "po_palagg": FEES}).items():
        write_rules(own, name, values)
    given = {}
    for parameter, its in (("scenario", changes), ("jamfor_med", versus)):
        if its:
            write_scenario(own, f"s_{parameter}", list(its))
            given[parameter] = f"s_{parameter}"
    sources = load_sources(Folders((own, PARAMS), data))
    case = open_case("bemanning_sjukfranvaro", enhet=ENHET, ar=ar, tom_manad=tom, spridning="arbetsmaterial",
                     sources=sources, **given)  # fmt: skip
    numbered = [tuple({**change, "nr": nr, "i": name} for nr, change in enumerate(its, 1))
                for name, its in (("s", changes), ("j", versus))]  # fmt: skip
    return case, Report(data, raw.rules(FILES, own, PARAMS), ENHET, ar, tom, *numbered)


def several(folder: Path) -> tuple[Case, Report]:
    """Four groups, one that comes and one that goes, own wages, months after the last one, changes of each type."""
    draw = Random(1)
    rows = group(draw, "Grupp A", "2020-03", "2023-10", 12, verksamhet="Ett")
    rows += group(draw, "Grupp A", "2021-01", "2023-10", 3, verksamhet="Två")
    rows += group(draw, "Grupp B", "2020-03", "2023-10", 40) + group(draw, "Ny", "2023-03", "2023-10", 6)
    rows += group(draw, "Slut", "2020-03", "2023-02", 20)
    changes = (
        points("alla", 0.7, "2023-02-10", till="2023-11-20"),
        rule("ersattare.fordelning", {"timavlonad": 0.5, "inhyrd": 0.5}, "2023-07-15", till="2023-12-30"),
        points("grupp b", -0.4, "2023-08-31"),
        rule("sjuklon.andel", 0.75, "2023-12-31"),
        rule("lon.manadslon.alla", 33000, "2023-06-01", till="2023-06-12"),
    )
    versus = (points("Ny", 1.5, "2023-04-01", till="2023-04-30"), rule("po_palagg", 40, "2023-05-01"))
    rules = {"loner_och_ersattare": WAGES | OWN_WAGE, "po_palagg": FEES}
    return made(folder, rows, 2023, 8, changes=changes, versus=versus, rules=rules,
                mal=[target(2023, arsmal="6.5 %", namndmal="7", kf_arsmal="tas fram")])  # fmt: skip


def whole_year(folder: Path) -> tuple[Case, Report]:
    """A year that is over, of one group, in which another day without pay held: 2018; and a longer history."""
    rows = group(Random(2), "Enda", "2015-11", "2018-12", 25)
    return made(folder, rows, 2018, 12, mal=[target(2018, arsmal="9 %")], changes=(points("Enda", 0.2, "2018-12-31"),))


def first_month(folder: Path) -> tuple[Case, Report]:
    """January, after which the contributions are not known, and a hole in the history where the unit had no group."""
    draw = Random(3)
    rows = group(draw, "Grupp A", "2017-01", "2019-06", 30) + group(draw, "Grupp C", "2020-01", "2024-01", 18)
    rows += group(draw, "Grupp D", "2023-01", "2023-12", 18)
    return made(folder, rows, 2024, 1, changes=(points("Grupp C", -0.5, "2024-01-01", till="2024-02-29"),),
                mal=[target(2024, arsmal="1 %")])  # fmt: skip


def young(folder: Path) -> tuple[Case, Report]:
    """No year before: months ahead as so far; what is unknown in a month stays so."""
    draw = Random(4)
    rows = group(draw, "Grupp A", "2023-01", "2023-05", 9) + group(draw, "Grupp B", "2023-04", "2023-05", 9)
    rows[1] |= {"sjuk_60_dagar_h": "", "inhyrd_h": "", "ordinarie_tid_h": ""}
    return made(folder, rows, 2023, 4, mal=[target(2023, arsmal="7 %")], changes=(points("alla", 1, "2023-05-01"),))


def unknown_before(folder: Path) -> tuple[Case, Report]:
    """A part of the sick hours unknown in one month of last year, and nothing that a scenario adds."""
    draw = Random(5)
    rows = group(draw, "Grupp A", "2021-01", "2023-12", 9) + group(draw, "Grupp B", "2021-01", "2023-12", 11)
    rows[23] |= {"sjuk_dag_1_14_h": ""}
    return made(folder, rows, 2023, 3)


def ill(number: int, *spells: str) -> list[dict[str, Any]]:
    """A person's rows of sjukfall, "from to" each."""
    days = [(*spell.split(), "")[:2] for spell in spells]
    own = {"enhet": ENHET, "grupp": "Grupp A", "omfattning_procent": 100, "person": f"pers{number:04d}a"}
    return [{**own, "fran": first, "till": last} for first, last in days]


SPELLS = [
    *ill(1, *(f"{day} {day}" for day in ("2023-01-10", "2023-02-20", "2023-04-10", "2023-07-09"))),
    *ill(2, *(f"{day} {day}" for day in ("2023-01-10", "2023-02-20", "2023-04-10", "2023-07-10"))),
    *ill(3, *(f"{day} {day}" for day in ("2023-03-31", "2023-05-20", "2023-07-10", "2023-08-01", "2023-08-20"))),
    *ill(4, "2023-01-01 2023-01-03", "2023-01-08 2023-01-08", "2023-01-14 2023-01-14"),  # 5 days, then 6
    *ill(5, "2023-03-01 2023-03-14"), *ill(6, "2023-03-01 2023-03-15"), *ill(7, "2022-12-18 2023-01-02"),
    *ill(8, "2022-12-17 2022-12-31"), *ill(9, "2023-07-17 2023-07-31"), *ill(10, "2023-07-18 2023-08-01"),
    *ill(11, "2023-08-10"), *ill(12, "2023-09-01 2023-09-30"), *ill(13, "2023-08-28 2023-09-10"),
    *ill(14, "2023-05-01 2023-05-10", "2023-05-05 2023-05-06", "2023-05-12 2023-05-17"),
    {**ill(15, "2023-02-01 2023-03-31")[0], "enhet": "grannen"},
]  # fmt: skip


def works(name: str, brukare: str, medarbetare: str, arsarbetare: str, chefer: str) -> dict[str, Any]:
    return {"enhet": ENHET, "verksamhet": name, "brukare": brukare, "medarbetare": medarbetare,
            "arsarbetare": arsarbetare, "chefer": chefer}  # fmt: skip


def shift(grupp: str, slag: str, days: Any, times: str, antal: float = 1) -> list[dict[str, Any]]:
    first, last = times.split("-")
    row = {"enhet": ENHET, "grupp": grupp, "slag": slag, "fran_kl": first, "till_kl": last, "antal": antal}
    return [{**row, "veckodag": day} for day in days]


SHIFTS = [
    *shift("Gruppbostad väst", "aktiv", range(1, 6), "07:00-09:30", 2),
    *shift("Gruppbostad väst", "aktiv", range(1, 6), "09:00-16:00"),
    *shift("Gruppbostad väst", "sovande_jour", range(1, 8), "22:15-06:45"),
    *shift("Gruppbostad väst", "aktiv", (6, 7), "00:00-00:00", 3),
    *shift("Myndighet", "aktiv", (1, 2, 4), "08:00-17:00", 6), *shift("Myndighet", "jour", (3,), "08:01-16:59", 4),
    *shift("Träfflokal", "vaken_natt", range(1, 8), "00:00-00:00"),
]  # fmt: skip


def with_tables(folder: Path) -> tuple[Case, Report]:
    """Spells at each limit, rosters over midnight, operations of which the unit's total states a part."""
    work = [works("Ett", "18–24", "7.5", "6–7", "1"), works("Två", "10", "12", "", "2"), works("Tre", "", "0", "0", "")]
    rows = group(Random(6), "Grupp A", "2021-04", "2023-08", 15)
    for place, row in enumerate(rows):
        row["sjuk_h"] += 12 * place
        row["inhyrd_h"] = 0 if "2022-01" <= row["manad"] <= "2022-08" else row["inhyrd_h"]
    return made(folder, rows, 2023, 8, sjukfall=SPELLS, schema=SHIFTS,
                verksamheter=[*work, works("Totalt", "", "20", "", "3")])  # fmt: skip


def without_totals(folder: Path) -> tuple[Case, Report]:
    """A group without hours, operations without a total row, and a year before that has only a part of its months."""
    work = [
        works("Ett", "18–24", "7.5", "6", ""),
        works("Två", "", "12–13", "5", ""),
        works("Tre", "3", "0–1", "1", "1"),
    ]
    rows = group(Random(7), "Grupp A", "2022-05", "2023-06", 15) + group(Random(8), "Tom", "2022-05", "2023-06", 0)
    rows += group(Random(9), "Grupp B", "2022-05", "2023-05", 8)
    return made(folder, rows, 2023, 6, verksamheter=work, changes=(points("Grupp A", 0.3, "2023-07-01"),))


def ahead(folder: Path) -> tuple[Case, Report]:
    """A year of which the table has no month yet: by last year's, for the budget alone."""
    rows = group(Random(10), "Grupp A", "2022-01", "2023-12", 15) + group(Random(11), "Slut", "2022-01", "2023-10", 5)
    changes = (points("alla", -0.7, "2023-06-01", till="2024-03-15"), points("grupp a", 0.5, "2024-12-31"))
    changes += (points("alla", 2, "2024-01-01", enhet="grannen"),)
    return made(folder, rows, 2024, 12, changes=changes, rules={"loner_och_ersattare": WAGES, "po_palagg": {
        "po_palagg": [("2000-01-01", "2099-12-31", 40)]}})  # fmt: skip


MADE = (several, whole_year, first_month, young, unknown_before, with_tables, without_totals)
UNITS = {made.__name__: made for made in MADE}
