"""The control of invoices against an independent recalculation of every line, table and key figure."""

from collections import defaultdict
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from conftest import write_scenario
from oracle import invoices as by_hand
from oracle.invoice_world import UNIT, WRONG, decisions, invoices, write

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.case.result import Limits
from planbok.disclosure.standing import standing
from planbok.topics.answer import answer
from planbok.topics.control import others, people, steady, tables, view
from planbok.topics.control import study as studies

MONTHS = ("januari", "februari", "mars", "april", "maj", "juni")
MONTHS += ("juli", "augusti", "september", "oktober", "november", "december")
DO = {
    "utan_beslut": "Fråga utförare och handläggare vilket beslut det gäller; annars bestrid",
    "dubbel": "Begär kreditfaktura",
    "period": "Begär kreditfaktura för dagarna utanför beslutet",
    "dagar": "Begär kreditfaktura för dygnen som inte finns",
    "niva": "Kontrollera nivån med handläggaren; begär rättad faktura",
    "pris": "Begär rättad faktura med rätt pris",
    "belopp": "Begär rättad faktura",
}
RULES = (("kontroll.prisskillnad_kr", 2), ("kontroll.avrundning_kr", 2))
LIMITS = Limits(None, None, partial(standing, 5), 5, None, 5)
NOT_HELD = {"row", "steg"}  # the place of a decision, and which count of the sum a line came with (held in `steady`)
WORLDS = [
    (1, 12, 8, 0.5, False),
    (2, 3, 14, 0.9, True),
    (3, 7, 25, 0.3, False),
    (4, 1, 6, 1.0, True),
    (5, 12, 9, 0, False),
]


class World:
    """A unit's invoices, what the report says of them and what is right."""

    def __init__(self, seed: int, tom: int, count: int, share: float, changed: bool):
        draw = Random(seed)
        self.tom, self.held = tom, decisions(draw, count)
        rows = invoices(draw, self.held, share)
        if share:  # each kind at least once
            rows += [row for change in WRONG for row in listed(change(dict(draw.choice(rows)), draw))]
        self.own = [row for row in self.held if row["enhet"] == UNIT]
        with TemporaryDirectory() as folder:
            write(Path(folder) / "data", beslut=self.held, fakturor=rows)
            changes = [{"typ": "regel", "regel": rule, "varde": kr, "fran": "2024-01-01"} for rule, kr in RULES]
            changes.append({"typ": "regel", "regel": RULES[0][0], "varde": 100, "fran": "2025-01-01"})
            write_scenario(Path(folder) / "params", "prov", changes)
            sources = load_sources(Folders((Path(folder) / "params", PARAMS), Path(folder) / "data"))
            given = {"enhet": UNIT, "ar": 2024, "tom_manad": tom, "scenario": "prov" if changed else "bas"}
            self.case = open_case("kostnadskontroll", spridning="arbetsmaterial", sources=sources, **given)
            self.study, self.result = answer(self.case)
            self.to_come = others.to_come(self.case, tom)
        self.all = by_hand.read([row for row in rows if row["enhet"] == UNIT], self.own)
        by_hand.judge(self.all, *((2, 2) if changed else (0.005, 1)))
        self.lines = [one for one in self.all if "2024-01" <= one.raw["manad"] <= f"2024-{tom:02d}"]
        self.wrong = [one for one in self.lines if one.slag]
        self.returned = [one for one in self.wrong if one.raw["status"] == "krediterad"]
        every = by_hand.missing(self.all, self.own, 2024, tom)
        self.missing = [row for row in every if row["kr"] is not None]
        self.unpriced = sorted({row["its"]["insats"] for row in every if row["kr"] is None})


def listed(made) -> list:
    return made if isinstance(made, list) else [made]


def same(frame, expected: dict[str, list], unordered: bool = False) -> None:
    """Each column of a frame is what was worked out, and no column is unknown."""
    left = set(frame.columns) - NOT_HELD
    assert left == expected.keys(), left ^ expected.keys()
    names = sorted(left)
    found = list(zip(*(frame[name].tolist() for name in names), strict=True))
    right = list(zip(*(expected[name] for name in names), strict=True))
    assert len(found) == len(right)
    key = partial(map, lambda cell: f"{cell:.2f}" if isinstance(cell, float) else str(cell))
    if unordered:
        found, right = sorted(found, key=lambda row: [*key(row)]), sorted(right, key=lambda row: [*key(row)])
    for one, other in zip(found, right, strict=True):
        for name, cell, wanted in zip(names, one, other, strict=True):
            alike = by_hand.near(cell, wanted) if isinstance(wanted, float) else cell == wanted
            assert alike, (name, cell, wanted, one, other)


def falling(values) -> bool:
    values = [round(value, 4) for value in values]
    return values == sorted(values, reverse=True)


def each_line_has_its_kind_of_fault_and_its_right_amount(made: World) -> None:
    frame = made.study.rows
    raw = {name: [one.raw[name] for one in made.lines] for name in ("faktura", "utforare", "typ", "mattenhet", "manad")}
    assert frame[list(raw)].to_dict("list") == raw
    found = frame[["slag", "ratt_kr", "fel_kr", "provad", "person", "kredit", "avraknad"]]
    same(
        found,
        {
            "slag": [one.slag for one in made.lines],
            "ratt_kr": [one.right for one in made.lines],
            "fel_kr": [one.wrong for one in made.lines],
            "provad": [one.known for one in made.lines],
            "person": [one.person for one in made.lines],
            "kredit": [one.credit for one in made.lines],
            "avraknad": [one.settled for one in made.lines],
        },
    )


def faults_by_kind(made: World) -> None:
    sums, shown = by_hand.sums(made.wrong, lambda one: one.slag), made.result.tabeller["fel_per_slag"]
    kinds = [kind for kind in by_hand.KINDS if kind in sums]
    rows = [sums[kind] for kind in kinds] + ([by_hand.sums(made.wrong, lambda _: "")[""]] if kinds else [])
    total = ["Totalt"] if kinds else []
    count, kr, back = zip(*rows, strict=True) if rows else ([], [], [])
    same(
        shown.frame,
        {
            "slag": kinds + total,
            "slag_namn": [by_hand.KINDS[kind] for kind in kinds] + total,
            "fel_antal": [*count],
            "fel_kr": [*map(float, kr)],
            "atervunnet_kr": [*map(float, back)],
        },
    )
    last = MONTHS[made.tom - 1]
    assert shown.titel == f"Fel i fakturorna, {'januari–' if made.tom > 1 else ''}{last} 2024"
    assert shown.total_row == bool(kinds)


def faults_by_provider(made: World) -> None:
    frame = made.result.tabeller["fel_per_utforare"].frame
    sums = by_hand.sums(made.wrong, lambda one: one.raw["utforare"])
    same(
        frame,
        {
            "namn": [*sums],
            "utforare": [*sums],
            "fel_antal": [row[0] for row in sums.values()],
            "fel_kr": [row[1] for row in sums.values()],
        },
        unordered=True,
    )
    assert falling(frame["fel_kr"].abs())


def what_has_not_come_by_month(made: World) -> None:
    months = sorted({row["manad"] for row in made.missing})
    of = {month: [row for row in made.missing if row["manad"] == month] for month in months}
    same(
        made.result.tabeller["saknade_fakturor"].frame,
        {
            "manad": months,
            "manad_namn": [f"{MONTHS[int(month[5:]) - 1]} 2024" for month in months],
            "kr": [float(sum(row["kr"] for row in its)) for its in of.values()],
            "beslut_antal": [len(its) for its in of.values()],
            "dygn": [sum(row["dygn"] for row in its) for its in of.values()],
            "budgetrad": ["Vårdkostnader"] * len(months),
        },
    )
    assert made.study.unpriced == made.unpriced
    rows = made.to_come.rows
    assert rows["manad"].tolist() == months and set(rows["effekt"]) <= {"ersattning"}
    assert rows["kr"].tolist() == pytest.approx([sum(row["kr"] for row in its) for its in of.values()])


def the_lists_to_work_through(made: World) -> None:
    found = made.result.arbetslista()
    left = [one for one in made.wrong if one.raw["status"] not in ("krediterad", "bestridd")]
    frame = found["Fel i fakturor"].frame
    shown = [column.key for column in found["Fel i fakturor"].columns]
    raw = ("faktura", "beslut", "utforare", "fran", "till")
    same(
        frame[shown].fillna({"beslut": ""}),
        {
            **{name: [one.raw[name] for one in left] for name in raw},
            "slag_namn": [by_hand.KINDS[one.slag] for one in left],
            "gor": [DO[one.slag] for one in left],
            "belopp_kr": [one.kr for one in left],
            "ratt_kr": [float(one.right) for one in left],
            "fel_kr": [float(one.wrong) for one in left],
        },
        unordered=True,
    )
    late = found["Saknade fakturor"].frame
    same(
        late,
        {
            **{name: [row["its"][name] for row in made.missing] for name in ("beslut", "utforare", "person")},
            "manad": [row["manad"] for row in made.missing],
            "dygn": [row["dygn"] for row in made.missing],
            "kr": [float(row["kr"]) for row in made.missing],
        },
        unordered=True,
    )
    assert falling(frame["fel_kr"]) and falling(late["kr"])


def key_figures_facts_and_checks(made: World) -> None:
    kr = {
        "fel_antal": len(made.wrong),
        "fel_kr": sum(one.wrong for one in made.wrong),
        "saknade_fakturor_kr": sum(row["kr"] for row in made.missing),
        "atervunnet_kr": sum(one.wrong for one in made.returned),
    }
    facts = {
        "rader_antal": sum(not one.credit for one in made.lines),
        "utan_pris_antal": sum(not one.credit and not one.known and not one.slag for one in made.lines),
        "kvar_kr": kr["fel_kr"] - kr["atervunnet_kr"],
    }
    for figures, right in ((made.result.nyckeltal, kr), (made.result.fakta, facts)):
        assert {key: figure.varde for key, figure in figures.items()} == pytest.approx(right, abs=1e-4)
    assert view.faults(made.study).nyckeltal == made.result.nyckeltal
    loose = [one for one in made.lines if one.credit and not one.settled]
    checks = {check.namn: check.ok for check in made.result.kontroller}
    assert checks.pop("Alla kreditfakturor tar bort en rad") == (not loose)
    assert checks.pop("Alla rader har ett pris att hålla mot") == (not facts["utan_pris_antal"])
    assert False not in checks.values() and len(checks) == 3


def counted(lines: list, part) -> list[dict]:
    """Persons by part: of each count of the sum, and of all."""
    found, parts = [], sorted({part(one) for one in lines})
    for step in [*sorted({one.steg for one in lines}), None]:
        its = [one for one in lines if step in (None, one.steg)]
        found.append({name: len({one.person for one in its if part(one) == name}) for name in parts})
    return found if lines else [{"": 0}]


def held(frame) -> list[dict]:
    return [dict(sorted(row.items())) for row in frame.to_dict("records")]


def whom(made: World, study, wrong: list, missing: list) -> None:
    """The people of a study are those behind the lines, by kind, provider and month."""
    returned, found = [one for one in wrong if one in made.returned], people.people(study)
    late = defaultdict(set)
    for row in missing:
        late[row.manad] |= {row.person} if not row.hel else set()
    kinds = {one.slag for one in wrong}
    everybody = [{"": 1}] if wrong and len(kinds) == len(wrong) else counted(wrong, lambda _: "")
    assert held(found[people.ALL].antal) == held(found[people.AMOUNT].antal) == everybody
    assert held(found[people.KIND].antal) == counted(wrong, lambda one: one.slag)
    assert held(found[people.BACK].antal) == counted(returned, lambda one: one.slag)
    assert held(found[people.RETURNED].antal) == counted(returned, lambda _: "")
    assert held(found[people.MISSING].antal) == counted(missing, lambda row: row.manad)
    assert held(found[people.LATE].antal) == counted(missing, lambda _: "")
    few = {row.manad: len(late[row.manad]) for row in missing}
    assert held(found[people.PART].antal) == [few or {"": 0}]
    names = by_hand.shown_as(wrong, 5, 85)
    shown = tables.shown_as(study)
    assert shown.tolist() == [names[one.raw["utforare"]] for one in wrong]
    sums = by_hand.sums(wrong, lambda one: names[one.raw["utforare"]])
    rows = tables.providers_table(study, shown).frame.set_index("namn")
    assert rows["fel_antal"].to_dict() == {name: row[0] for name, row in sums.items()}
    assert rows["fel_kr"].to_dict() == pytest.approx({name: row[1] for name, row in sums.items()})
    assert held(tables.providers_people(study, shown).antal) == counted(wrong, lambda o: names[o.raw["utforare"]])


class Late:
    """A row of what has not come, as the people are counted of it."""

    def __init__(self, row: dict):
        self.manad, self.person, self.hel, self.steg = row["manad"], row["its"]["person"], row["hel"], 0


def stood(rows: list, moving: list, month, tom: int) -> tuple[list, int | None]:
    """The rows to the last month in which a sum stands, with the count of each."""
    counted = by_hand.stands([(int(month(one)[5:]), one.person) for one in moving], tom, 5)
    if not counted:
        return rows, None
    for one in rows:
        one.steg = sum(when < int(month(one)[5:]) for when in counted)
    return [one for one in rows if int(month(one)[5:]) <= counted[-1]], counted[-1]


def whom_the_figures_tell_of_and_to_when_others_see_them(made: World) -> None:
    missing = [Late(row) for row in made.missing]
    whom(made, made.study, made.wrong, missing)
    rows, wrong_to = stood(made.lines, made.wrong, lambda one: one.raw["manad"], made.tom)
    late, missing_to = stood(missing, missing, lambda row: row.manad, made.tom)
    study = steady.steady(made.study, LIMITS)
    assert (study.wrong_to, study.missing_to) == (wrong_to, missing_to)
    assert study.rows["steg"].tolist() == [one.steg for one in rows]
    whom(made, study, [one for one in rows if one.slag], late)
    shown = made.to_come.steady(LIMITS)
    assert shown.counted == (f"2024-{missing_to:02d}" if missing_to not in (None, made.tom) else "")
    kr = defaultdict(float)
    for row, its in zip(made.missing, missing, strict=True):
        kr[row["manad"]] += row["kr"] if its in late else 0
    assert shown.rows.groupby("manad")["kr"].sum().to_dict() == pytest.approx({k: v for k, v in kr.items() if v})
    for one in made.lines:
        one.steg = 0


def which_changes_touch_the_control(made: World) -> None:
    found = others.effects(made.case, made.case.scenario)
    assert found.rows.empty
    assert len(found.moved) == sum(number.change.starts.year == 2024 for number in made.case.scenario)


CHECKS = (
    each_line_has_its_kind_of_fault_and_its_right_amount,
    faults_by_kind,
    faults_by_provider,
    what_has_not_come_by_month,
    the_lists_to_work_through,
    key_figures_facts_and_checks,
    whom_the_figures_tell_of_and_to_when_others_see_them,
    which_changes_touch_the_control,
)


@pytest.mark.parametrize("given", WORLDS, ids=str)
def test_all_that_is_said(given):
    made = World(*given)
    for check in CHECKS:
        check(made)


@pytest.mark.parametrize(("tom", "said"), [(3, "januari–mars 2022"), (1, "provet januari 2022")])
def test_a_year_without_invoices_is_said(tmp_path, tom, said):
    held = decisions(Random(1), 3)
    write(tmp_path, beslut=held, fakturor=invoices(Random(1), held, 0))
    case = open_case(
        "kostnadskontroll", enhet=UNIT, ar=2022, tom_manad=tom, sources=load_sources(Folders((PARAMS,), tmp_path))
    )
    with pytest.raises(InputError, match=said):
        studies.study(case)
