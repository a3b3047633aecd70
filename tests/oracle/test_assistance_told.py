"""Whom hours of assistance tell of, what stands for others than the unit, and what decisions cost, worked out anew."""

from collections import defaultdict
from datetime import date
from functools import partial

import numpy as np
import pytest
from conftest import write_scenario
from oracle import raw
from oracle.assistance import CLAIMED, Oracle, rule, with_total
from oracle.assistance_rows import AR, ASSISTED, OTHER, UNIT, drawn
from oracle.raw import differing, same, total, whole

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.case.result import Limits
from planbok.disclosure.standing import standing
from planbok.topics.answer import answer
from planbok.topics.assistance.changes import Assistansbeslut
from planbok.topics.assistance.others import DONE_OF_GRANTED, effects, outcomes
from planbok.topics.assistance.table_check import table_faults

PARTS = ("begart_kr", "ej_begart_kr", "forlorat_kr")
FEW = 5
LIMITS = Limits(None, None, partial(standing, FEW), FEW, lambda people, part: people.antal[part].iloc[-1] < FEW, 5)
DRAWN = [(2, 7), (4, 12), (6, 10), (8, 1), (10, 12), (1, 3)]


def case_of(folder, tom: int = 12, changes=(), ar: int = AR):
    (folder / "params").mkdir(exist_ok=True)
    if changes:
        write_scenario(folder / "params", "prov", list(changes))
    sources = load_sources(Folders((folder / "params", PARAMS), folder / "data"))
    given = {"enhet": UNIT, "ar": ar, "tom_manad": tom, "scenario": "prov" if changes else "bas"}
    return open_case("assistans", spridning="arbetsmaterial", sources=sources, **given)


def heads(rows: list[dict]) -> dict[tuple, float]:
    """Persons by month and insats: of a group's rows of a month the largest number."""
    groups = defaultdict(float)
    for row in rows:
        key = row["manad"], row["insats"], row["grupp"]
        groups[key] = max(groups[key], row["antal_personer"])
    found = defaultdict(float)
    for (month, insats, _), number in groups.items():
        found[month, insats] += number
    return dict(found)


def cells(people) -> dict:
    """What is not 0 of some people, by occasion and part."""
    stacked = people.antal.stack()
    return {key: number for key, number in stacked.items() if number and number == number}


def staff_heads(oracle: Oracle) -> dict[tuple, float]:
    found = defaultdict(float)
    for row in oracle.staff():
        if row["anstallda"] or row["sjuk_h"]:
            number = int(row["manad"][:4]) * 12 + int(row["manad"][5:]) - 1
            found[number, row["grupp"]] += max(row["anstallda"], 1)
    return dict(found)


def told_of(oracle: Oracle, hours: str) -> set:
    """All, and each insats whose hours some month has while another insats has none."""
    kinds = {row["insats"] for row in oracle.rows}
    by_month = defaultdict(set)
    for row in oracle.rows:
        by_month[row["manad"]] |= {row["insats"]} if row[hours] else set()
    return {"", *(insats for there in by_month.values() if there != kinds for insats in there)}


@pytest.mark.parametrize(("seed", "tom"), DRAWN)
def test_whom_hours_tell_of(tmp_path, seed, tom):
    oracle = Oracle(drawn(tmp_path / "data", seed), tom)
    result = answer(case_of(tmp_path, tom)).result
    people, others = result.people, {row["insats"] for row in oracle.others}
    counted = None not in [row["antal_personer"] for row in oracle.rows]
    bought = [row for row in oracle.assisted if row["regi"] in ("entreprenad", "privat")]
    right = {"personer": heads(oracle.rows), "debiterade": heads(oracle.others)} if counted else {}
    contract = {(month, ""): number for (month, _), number in heads(bought).items()} if counted else {}
    right |= {"månader": {}, "på entreprenad": contract, "anstallda": staff_heads(oracle)}
    assert people.keys() == {"personer", "debiterade", "månader", "på entreprenad", "anstallda"}
    for name in people:
        assert cells(people[name]) == right.get(name, {})
        assert set(people[name].antal) >= {part for _, part in right.get(name, {})}
    assert people["månader"].detail != counted
    assert set(people["debiterade"].antal) == others
    if counted:
        assert people["personer"].sums == (frozenset(others),)
        assert {people[name].regel for name in ("personer", "debiterade")} == {"minsta_grupp"}
    for key, name in {
        "utforda_h": "raknade_h",
        "over_kr_per_manad": "schemalagda_h",
        "beviljade_h": "beviljade_h",
    }.items():
        tells = result.nyckeltal[key].tells
        assert len(tells) == len(set(tells)) and set(tells) == {("personer", part) for part in told_of(oracle, name)}


def stood(oracle: Oracle) -> tuple[dict, dict, dict]:
    """Each sum of claims as it stands, the month that it is counted to, and the year's sums to the month."""
    groups = sorted({row["grupp"] for row in oracle.every})
    reports = [[], *(oracle.claims(month) for month in range(1, oracle.tom + 1))]
    moved = []
    for month in range(1, oracle.tom + 1):
        before, now = (
            {row["grupp"] + row["manad"] + (row["period"] or ""): row for row in reports[m]} for m in (month - 1, month)
        )
        for key, row in now.items():
            for place, part in enumerate(PARTS):
                if (row[part] or 0) != (before.get(key, {}).get(part) or 0):
                    moved += [
                        (month, place, groups.index(row["grupp"]) * 1000 + n) for n in range(int(row["antal_personer"]))
                    ]
    at = standing(FEW, np.array(moved or [(0, 0, 0)]), np.zeros((oracle.tom + 1, 3), bool))[-1]
    at = dict(zip((*PARTS, "varde_kr"), at.tolist(), strict=True))
    sums = [{key: whole([row[key] for row in rows]) for key in CLAIMED} for rows in reports]
    return {key: None if not at[key] and sums[-1][key] != 0 else sums[at[key]][key] for key in CLAIMED}, at, sums[-1]


def to(oracle: Oracle, month: int) -> str:
    return "" if month in (0, oracle.tom) else f" till och med {raw.in_words(f'{AR}-{month:02d}')}"


@pytest.mark.parametrize(("seed", "tom"), [(0, 12), *DRAWN[:-1], (3, 9)])
def test_sums_of_claims_stand_until_enough_persons_have_moved(tmp_path, seed, tom):
    oracle = Oracle(drawn(tmp_path / "data", seed), tom)
    whole_result = answer(case_of(tmp_path, tom)).result
    result = whole_result.steady(LIMITS)
    if None in [row["antal_personer"] for row in oracle.rows]:
        assert result.nyckeltal == whole_result.nyckeltal and result.texter == whole_result.texter
        return
    if oracle.assisted:
        right, at, now = stood(oracle)
        for key in ("ej_begart_kr", "forlorat_kr"):
            figure, label = result.nyckeltal[key], whole_result.nyckeltal[key].etikett
            few = right[key] is None and now[key] is not None
            assert now[key] is None or same(figure.varde, right[key]), (key, figure.varde, right[key])
            assert now[key] is None or bool(figure.skyddas) == few
            assert figure.etikett == label + ("" if few or now[key] is None else to(oracle, at[key]))
        table = result.tabeller["begart"].coarse
        held = {key: right[key] for key in CLAIMED if oracle.begart()[-1][key] is not None}
        assert not [key for key, value in held.items() if not same(table.frame[key].iloc[0], value)]
        withheld = {(0, key) for key in held if not at[key] and now[key] != 0}
        assert {cell for cell, (why, _) in table.celler.items() if why == "skyddas"} == withheld
        late = [key for key in held if to(oracle, at[key])]
        assert result.texter["begart_raknat"].count("till och med") == len(late)
    _undebited(oracle, result)


def _undebited(oracle: Oracle, result) -> None:
    """Hours that are not debited, by spans that end where enough persons' have come."""
    rows, groups = oracle.debited(), sorted({row["grupp"] for row in oracle.every})
    if not rows:
        return
    moved = [
        (int(row["manad"][5:]), 0, groups.index(row["grupp"]) * 1000 + n)
        for row in rows
        if row["ej_debiterade_h"] > 0
        for n in range(int(row["antal_personer"]))
    ]
    at = standing(FEW, np.array(moved or [(0, 0, 0)]), np.zeros((oracle.tom + 1, 1), bool))[:, 0].tolist()
    ends = sorted(set(at) - {0}) or [oracle.tom]
    spans, parts = {}, defaultdict(list)
    for first, last in zip([1, *(end + 1 for end in ends)], ends, strict=False):
        name = f"{AR}-{last:02d}" if first == last else f"{AR}-{first:02d}–{AR}-{last:02d}"
        spans |= dict.fromkeys(range(first, last + 1), name)
    for row in rows:
        if int(row["manad"][5:]) in spans:
            parts[spans[int(row["manad"][5:])], row["insats"]].append(row)
    names = ("utforda_h", "debiterade_h", "ej_debiterade_h", "ej_debiterat_kr")
    order = list(dict.fromkeys(spans.values()))
    table = [
        {"manad": span, "insats": insats, "insats_namn": oracle.name(insats)}
        | {name: whole([row[name] for row in parts[span, insats]]) for name in names}
        for span, insats in sorted(parts, key=lambda part: (order.index(part[0]), part[1]))
    ]
    assert not differing(result.tabeller["debitering"].frame, with_total(table, "manad", names))
    there = [row for rows in parts.values() for row in rows]
    for key in ("ej_debiterade_h", "ej_debiterat_kr"):
        figure = result.nyckeltal[key]
        assert same(figure.varde, whole([row[key] for row in there]))
        assert figure.etikett.endswith(to(oracle, at[-1])) and ("till och med" in figure.etikett) == bool(
            to(oracle, at[-1])
        )
        assert figure.tells == tuple(("ej debiterade", (span, "")) for span in order)
    late = [row | {"manad": spans[int(row["manad"][5:])]} for row in there if row["ej_debiterade_h"] > 0]
    people = result.people["ej debiterade"]
    assert cells(people) == heads(late) and list(people.antal.index) == order and people.parted


def test_what_is_not_debited_stands_from_the_first_month_with_enough_persons(tmp_path):
    """Six persons of a group have such hours in January and February; in March there are none. No price is known."""
    row = {"enhet": UNIT, "grupp": "A", "insats": "korttidstillsyn", "beviljade_h": 40, "antal_personer": 6}
    hours = [("2024-01", 10, 9.5), ("2024-02", 10, 8), ("2024-03", 10, 10)]
    rows = [row | {"manad": month, "utforda_h": done, "debiterade_h": paid} for month, done, paid in hours]
    raw.write(tmp_path / "data" / "assistanstimmar.csv", rows)
    result = answer(case_of(tmp_path, 3)).result.steady(LIMITS)
    assert result.tabeller["debitering"].frame["manad"].tolist() == ["2024-01", "2024-02", "Totalt"]
    assert result.nyckeltal["ej_debiterade_h"].varde == 2.5


def test_where_a_row_does_not_say_how_many_nobody_is_counted(tmp_path):
    row = {"enhet": UNIT, "grupp": "A", "manad": "2024-01", "beviljade_h": 40, "utforda_h": 40}
    rows = [
        row | {"insats": insats, "antal_personer": number}
        for insats, number in ((ASSISTED, 6), ("korttidstillsyn", None))
    ]
    raw.write(tmp_path / "data" / "assistanstimmar.csv", rows)
    people = answer(case_of(tmp_path, 1)).result.people
    told = {name: people[name].antal.to_dict("records") for name in ("personer", "debiterade", "månader")}
    assert told == {"personer": [{ASSISTED: 0, "korttidstillsyn": 0}], "debiterade": [{"korttidstillsyn": 0}],
                    "månader": [{"2024-01": 0}]}  # fmt: skip


@pytest.mark.parametrize(("day", "can_be"), [(27, False), (28, True)])
def test_what_can_be_claimed_on_the_reports_own_day_is_not_lost(tmp_path, day, can_be):
    """January's 40 hours can be claimed to a day of February, and the report looks on its last; six persons' hours."""
    row = {"enhet": UNIT, "grupp": "A", "manad": "2023-01", "insats": ASSISTED, "beviljade_h": 40, "utforda_h": 40}
    raw.write(tmp_path / "data" / "assistanstimmar.csv", [row | {"antal_personer": 6}])
    rules = [{"typ": "regel", "regel": f"assistans.krav_{name}", "varde": value, "fran": "2023-01-01"}
             for name, value in (("manader", 1), ("dag", day))]  # fmt: skip
    exact = answer(case_of(tmp_path, 2, rules, 2023)).result
    for result in (exact, exact.steady(LIMITS)):
        found = [result.nyckeltal[key].varde for key in ("ej_begart_kr", "forlorat_kr")]
        assert found == pytest.approx([40 * 324.5, 0] if can_be else [0, 40 * 324.5])


DECISIONS = [
    {"antal": 2, "h_per_vecka": 25, "grundlaggande_h_per_vecka": 20, "fran": "2023-03-01"},
    {"antal": 1, "h_per_vecka": 25, "grundlaggande_h_per_vecka": 20.5, "fran": "2024-02-29", "till": "2024-12-31"},
    {"antal": -1, "h_per_vecka": 80.5, "grundlaggande_h_per_vecka": 30, "fran": "2024-01-01", "till": "2024-12-30"},
    {"antal": 3, "h_per_vecka": 12, "grundlaggande_h_per_vecka": 12, "fran": "2024-12-31"},
    {
        "antal": 3,
        "h_per_vecka": 40,
        "grundlaggande_h_per_vecka": 30,
        "fran": "2024-06-30",
        "till": "2024-07-01",
        "enhet": UNIT,
    },
    {"antal": 1, "h_per_vecka": 40, "grundlaggande_h_per_vecka": 30, "fran": "2025-01-01"},
    {"antal": 1, "h_per_vecka": 40, "grundlaggande_h_per_vecka": 30, "fran": "2024-01-01", "enhet": OTHER},
    {"antal": 1, "h_per_vecka": 40, "grundlaggande_h_per_vecka": 30, "fran": "2022-01-01", "till": "2023-12-31"},
]


CHANGED = [  # rule, value, first and last day: the limit of half of 2023 and January, the amount after 15 November
    ("assistans.grans_h_per_vecka", 15, "2023-06-02", "2024-01-01"),
    ("assistans.kr_per_timme", 350, "2024-11-16", "2025-03-01"),
]


def in_force(name: str, day: date):
    later = [value for rule, value, first, last in CHANGED if rule.endswith(name) and first <= str(day) <= last]
    return later[0] if later else rule(name, day)


def kronor(change: dict, ar: int) -> dict[str, float]:
    """A decision's cost to the municipality by month: a twelfth of a year's weeks, day by day, and a whole year."""

    def year(day: date) -> float:
        limit, hours = in_force("grans_h_per_vecka", day), change["h_per_vecka"]
        hours = min(hours, limit) if change["grundlaggande_h_per_vecka"] > limit else hours
        return change["antal"] * hours * 52 * in_force("kr_per_timme", day)

    first, last = (date.fromisoformat(change.get(name, "2099-12-31")) for name in ("fran", "till"))
    found = defaultdict(float)
    for day in raw.days(date(ar, 1, 1), date(ar, 12, 31)):
        if first <= day <= last:
            month = f"{day:%Y-%m}"
            found[month] += year(day.replace(day=1)) / 12 / raw.length(month)
    return found | ({"helar": year(day)} if first <= date(ar, 12, 31) <= last else {})


@pytest.mark.parametrize("ar", [2023, 2024])
def test_decisions_cost_what_their_days_do(tmp_path, ar):
    drawn(tmp_path / "data", 0)
    rules = [{"typ": "regel", "regel": n, "varde": v, "fran": first, "till": last} for n, v, first, last in CHANGED]
    case = case_of(tmp_path, 12, [*({"typ": "assistansbeslut"} | change for change in DECISIONS), *rules], ar=ar)
    found = effects(case, case.scenario)
    mine = [
        n for n, change in enumerate(DECISIONS, 1) if change.get("enhet") != OTHER and change["fran"] <= f"{ar}-12-31"
    ]
    rows = {(row.forandring, row.manad): row.kr for row in found.rows.itertuples()}
    right = {(f"prov:{n}", m): kr for n in mine for m, kr in kronor(DECISIONS[n - 1], ar).items()}
    assert rows == pytest.approx(right, abs=0.01 * 3) and set(found.rows["effekt"]) == {"assistans"}
    read = [n for n, (*_, first, _) in enumerate(CHANGED, len(DECISIONS) + 1) if first <= f"{ar}-12-31"]
    assert found.moved == {f"prov:{n}" for n in [*mine, *read]} and not found.unknown


@pytest.mark.parametrize(
    ("first", "last", "hours", "decides", "read"),
    [
        ("2024-07-15", "2024-08-01", True, False, True),
        ("2024-07-02", "2024-07-31", True, True, False),  # no month begins in it
        ("2024-12-02", None, True, False, False),
        ("2024-12-02", None, False, True, True),  # what a whole year costs is by 31 December
        ("2024-12-02", "2024-12-30", False, True, False),
        ("2024-01-01", None, False, False, False),  # nothing of the unit is counted by the rule
        ("2020-01-01", "2023-12-31", True, True, False),
    ],
)
def test_a_rule_that_no_month_begins_with_moves_nothing(tmp_path, first, last, hours, decides, read):
    changed = {"typ": "regel", "regel": "assistans.kr_per_timme", "varde": 400, "fran": first} | (
        {"till": last} if last else {}
    )
    drawn(tmp_path / "data", 1)
    if not hours:
        rows = raw.read(tmp_path / "data" / "assistanstimmar.csv")
        raw.write(tmp_path / "data" / "assistanstimmar.csv", [row for row in rows if row["enhet"] != UNIT])
    case = case_of(tmp_path, 12, [*([{"typ": "assistansbeslut"} | DECISIONS[3]] if decides else []), changed])
    assert (f"prov:{1 + decides}" in effects(case, case.scenario).moved) == read


def test_decisions_of_a_year_without_an_amount_are_said_to_be_unknown(tmp_path):
    drawn(tmp_path / "data", 0)
    case = case_of(tmp_path, 12, [{"typ": "assistansbeslut"} | DECISIONS[0]], ar=2027)
    found = effects(case, case.scenario)
    assert found.rows.empty and found.moved == {"prov:1"}
    assert found.unknown == ("assistans 2027: timbeloppet är inte känt",)


@pytest.mark.parametrize(("seed", "tom"), [(seed, tom) for seed in (0, 5) for tom in (1, 2, 5)])
def test_performed_hours_of_the_granted_ones(tmp_path, seed, tom):
    """Only where every month is there with its hours; the sample's own hours are whole."""
    folder = drawn(tmp_path / "data", seed)
    if seed == 0:
        _filled(folder)
    oracle = Oracle(folder, tom)
    done, granted = (whole([row[name] for row in oracle.assisted]) for name in ("raknade_h", "beviljade_h"))
    found = outcomes(case_of(tmp_path), AR, tom)
    if done is None or len({row["manad"] for row in oracle.assisted}) < tom or not granted:
        assert not found
        return
    outcome = found[DONE_OF_GRANTED]
    assert outcome.varde == pytest.approx(100 * done / granted)
    assert outcome.delar == (round(done), round(granted), "h")
    few = heads(oracle.assisted)[oracle.month, ASSISTED] < FEW
    assert (outcome.steady(LIMITS).antal == 1) == few


def _filled(folder) -> None:
    rows = raw.read(folder / "assistanstimmar.csv")
    raw.write(folder / "assistanstimmar.csv", [row | {"utforda_h": row["utforda_h"] or 30} for row in rows])


def test_nothing_is_said_where_no_hours_are_granted_or_the_month_is_not_there(tmp_path):
    row = {"enhet": UNIT, "grupp": "A", "insats": ASSISTED, "utforda_h": 3}
    rows = [row | {"manad": f"2024-0{month}", "beviljade_h": hours} for month, hours in ((1, 0), (2, 1), (4, 1))]
    raw.write(tmp_path / "data" / "assistanstimmar.csv", rows)
    found = [outcomes(case_of(tmp_path), AR, tom) for tom in (1, 2, 3, 4)]
    assert [bool(said) for said in found] == [False, True, False, False]
    assert found[1][DONE_OF_GRANTED].varde == 600


FAULTS = [
    ({"ersattning_kr": 1000, "begart_kr": 1001}, None),
    ({"ersattning_kr": 1000, "begart_kr": 1001.01}, "begart_kr"),
    ({"begard": "2024-02-01"}, None),
    ({"begard": "2024-01-31"}, "begard"),
    ({"period": "2024-01/2024-01"}, None),
    ({"period": "2024-01/2024-06"}, None),
    ({"period": "2023-08/2024-01"}, None),
    ({"period": "2024-01/2024-07"}, "period"),
    ({"period": "2024-02/2024-06"}, "manad"),
    ({"period": "2023-07/2023-12"}, "manad"),
    ({"fk_h": 10.5, "lss_9_2_h": 30}, None),
    ({"fk_h": 10.6, "lss_9_2_h": 30}, "lss_9_2_h"),
    ({"fk_h": 40.6}, "lss_9_2_h"),
    ({"lss_9_2_h": 40.6}, "lss_9_2_h"),
]


def test_each_limit_of_what_can_be_in_a_row(tmp_path):
    row = {"enhet": UNIT, "manad": "2024-01", "insats": ASSISTED, "beviljade_h": 40}
    blank = dict.fromkeys(("period", "fk_h", "lss_9_2_h", "begard", "begart_kr", "ersattning_kr"))
    rows = [{"grupp": f"G{number}"} | row | blank | given for number, (given, _) in enumerate(FAULTS)]
    rows += [{"grupp": "Två"} | row | blank | {"period": period} for period in (None, "2024-01/2024-03")]
    raw.write(tmp_path / "data" / "assistanstimmar.csv", rows)
    found = table_faults(load_sources(Folders((PARAMS,), tmp_path / "data")).collection, None)
    right = {(line, column) for line, (_, column) in enumerate(FAULTS, 2) if column}
    right |= {(len(FAULTS) + 2, "period"), (len(FAULTS) + 3, "period")}
    assert {(fault.line, fault.place) for fault in found} == right and len(found) == len(right)


@pytest.mark.parametrize(("basic", "wrong"), [(25, False), (25.1, True), (0, False)])
def test_basic_needs_are_no_more_than_the_hours(basic, wrong):
    given = {"antal": 1, "h_per_vecka": 25, "grundlaggande_h_per_vecka": basic}
    said = [text for place, text in Assistansbeslut.problems(given) if place == "grundlaggande_h_per_vecka"]
    assert said == (["grundläggande behov är 25,1 h av 25,0 h i veckan."] if wrong else [])
    assert total([None]) is None
