"""No sick leave of a small group is shown, nor can it be worked out of all that runs have written together."""

import html
import json
import re
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from conftest import replace_in
from hypothesis import given, settings
from hypothesis import strategies as st
from recalculation import numbers
from ruamel.yaml import YAML
from staffing_tables import ENHET, reported, staffing_case, turned, year

from planbok.base.workspace import PARAMS
from planbok.batch.make.execute import NOTEBOOK_FILE
from planbok.batch.make.report import REPORT_FILE
from planbok.case.case import open_case
from planbok.cli import main
from planbok.disclosure.protect import FEW
from planbok.disclosure.protect import SMALL as TOGETHER
from planbok.disclosure.suppress import hidden_parts
from planbok.report.figure import MIME
from planbok.report.handover import RESULT_FILE, WORKBOOK_FILE, as_json
from planbok.topics import answer, staffing
from planbok.topics.staffing import model
from planbok.topics.staffing.hours import HOURS, by_group_and_month, periods
from planbok.topics.staffing.people import headcounts
from planbok.topics.staffing.tables import UNIT
from planbok.topics.staffing.year import SICK_PAY, WAGE

LARGEST = 10
UNITS = ("exempelenheten", "exempel_assistans", "exempel_stod")
MONTHS = (8, 9)
SICK = ("sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h")
SICK_RATIOS = [name for name, parts in model.RATIOS.items() if parts[0] in SICK]
OF_MANY_HOURS = [name for name in SICK_RATIOS if model.RATIOS[name][1] not in SICK]  # few hours give common fractions
COSTS = ("sjuklon_1_14", "sjuklon_15_90", "avgifter", "timavlonad", "overtid", "inhyrd", "summa_kr", "lon")


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, list[Path]]:
    """The reports of each synthetic unit in three months, for the management and as working papers."""
    params, out = tmp_path_factory.mktemp("params"), tmp_path_factory.mktemp("ut")
    (params / "planer").mkdir()
    for spridning in ("ledning", "arbetsmaterial"):
        runs = {"parametrar": {"ar": 2024, "scenario": "lagre_sjukfranvaro_2024"}, "notebook": "bemanning_sjukfranvaro"}
        runs["for_varje"] = {"enhet": list(UNITS), "tom_manad": list(MONTHS)}
        with (params / "planer" / f"{spridning}.yaml").open("w", encoding="utf-8") as file:
            YAML().dump({"titel": "Prov", "spridning": spridning, "korningar": [runs]}, file)
        assert main(["run", spridning, "--params", str(params), "--out", str(out)]) == 0
    found = {}
    for spridning in ("ledning", "arbetsmaterial"):
        found[spridning] = sorted(path.parent for path in out.glob(f"{spridning}/2*/*/{RESULT_FILE}"))
        assert len(found[spridning]) == len(UNITS) * len(MONTHS)
    return found


@cache
def hours_of(enhet: str) -> pd.DataFrame:
    return by_group_and_month(open_case("bemanning_sjukfranvaro", enhet=enhet, ar=2024).unit_rows("bemanning"))


@cache
def small_groups(enhet: str) -> list[str]:
    employees = headcounts(hours_of(enhet))
    return [name for name in employees if (employees[name] <= LARGEST).any()]


def hidden_values(enhet: str, tom: int) -> set[float]:
    """Every exact ratio of sick leave of each small group, by month and by period.

    Left out are round ones, and the few that are the very ratio, of any kind, of a group that is shown or the unit.
    """
    frame, ratios = hours_of(enhet), {True: [], False: []}
    start = 2024 * 12
    spans = [(period.forsta, period.sista) for period in periods(2024, tom)]
    spans += [(month, month) for month in range(start, start + tom)]
    for first, last in spans:
        rows = frame[frame["nr"].between(first, last)]
        sums = rows.groupby("grupp")[HOURS].sum()
        sums.loc[UNIT] = sums.sum()
        found = model.ratios(sums)
        small = found.index.isin(small_groups(enhet))
        ratios[True] += found.loc[small, OF_MANY_HOURS].to_numpy().ravel().tolist()
        ratios[False] += found[~small].to_numpy().ravel().tolist()
    shown = np.array(ratios[False])
    found = {x for x in ratios[True] if abs(x - round(x, 2)) > 1e-6 and not np.isclose(shown, x, rtol=1e-9).any()}
    assert len(found) > len(ratios[True]) / 2
    return found


def numbers_in(value) -> set[float]:
    """Every number in a JSON-like value, however deep."""
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, int | float):
        return {float(value)}
    if isinstance(value, dict):
        return set().union(*map(numbers_in, value.values())) if value else set()
    return set().union(*map(numbers_in, value)) if isinstance(value, list | tuple) and value else set()


def numbers_of(folder: Path) -> set[float]:
    """Every number that a run wrote: result, workbook, the figures of notebook and page."""
    found = numbers_in(json.loads((folder / RESULT_FILE).read_text("utf-8")))
    found |= numbers(folder / WORKBOOK_FILE)
    for cell in nbformat.read(folder / NOTEBOOK_FILE, as_version=4).cells:
        for output in cell.get("outputs", []):
            found |= numbers_in(json.loads(json.dumps(output.get("data", {}).get(MIME, {}))))
    page = html.unescape((folder / REPORT_FILE).read_text("utf-8"))
    found |= {float(text) for text in re.findall(r"-?\d+\.\d{3,}", page)}
    assert len(found) > 200
    return found


def leaked(folder: Path, hidden: set[float]) -> list[float]:
    shown = np.array(sorted(numbers_of(folder)))
    return [
        x
        for x in hidden
        if np.isclose(shown, x, rtol=1e-9, atol=0).any() or np.isclose(shown, x / 100, rtol=1e-9).any()
    ]


def place(folder: Path) -> tuple[str, int]:
    given = json.loads((folder / RESULT_FILE).read_text("utf-8"))["parametrar"]
    return given["enhet"], given["tom_manad"]


def test_no_file_holds_a_small_groups_sick_leave(folders):
    for folder in folders["ledning"]:
        assert leaked(folder, hidden_values(*place(folder))) == []


def test_the_search_finds_it_in_working_papers(folders):
    for folder in folders["arbetsmaterial"]:
        assert leaked(folder, hidden_values(*place(folder)))


def functionals(folder: Path, groups: list[str], first: int, last: int) -> list[np.ndarray]:
    """What each row that a report shows tells: which groups' sick hours of which months it sums."""
    result = json.loads((folder / RESULT_FILE).read_text("utf-8"))
    _, tom = place(folder)
    named = [row["grupp"] for row in result["tabeller"]["indikatorer"]]
    shown = [name for name in groups if name in named]
    members = {UNIT: groups, TOGETHER: [name for name in groups if name not in shown], **{n: [n] for n in shown}}
    months = {period.namn.replace(" ", "\u00a0"): (period.forsta, period.sista) for period in periods(2024, tom)}
    start = 2024 * 12
    spans = []
    for name in ("indikatorer", "per_manad", "per_manad_grupp", "kostnad"):
        for row in result["tabeller"][name]:
            if not any(row.get(key) is not None for key in (*SICK, *SICK_RATIOS, *COSTS)):
                continue
            if name == "indikatorer":
                span = months[row["period"]]
            elif name == "kostnad":
                span = (start, start + tom - 1)
            else:
                number = start + int(row["manad"][5:]) - 1
                span = (number, number)
                spans.append((row["grupp"], (number - 11, number)))  # rolling twelve months
            spans.append((row["grupp"], span))
    found = []
    for grupp, (begin, end) in spans:
        row = np.zeros((len(groups), last - first + 1))
        inside = slice(max(begin, first) - first, end - first + 1)
        for member in members[grupp]:
            row[groups.index(member), inside] = 1.0
        found.append(row.ravel())
    assert len(found) > 10
    return found


def determined(rows: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether a sum can be worked out from known sums."""
    return each_determined(rows, [wanted]) == [True]


def each_determined(rows: np.ndarray, wanted: list[np.ndarray]) -> list[bool]:
    """Of several sums, which can be worked out from known sums."""
    sums = np.array(wanted).T
    found = rows.T @ np.linalg.lstsq(rows.T, sums, rcond=None)[0]
    return [bool(np.allclose(one, its, atol=1e-8)) for one, its in zip(found.T, sums.T, strict=True)]


@pytest.mark.parametrize("enhet", UNITS)
@pytest.mark.parametrize(("spridning", "expected"), [("ledning", False), ("arbetsmaterial", True)])
def test_small_groups_cannot_be_worked_out_of_all_reports_together(folders, enhet, spridning, expected):
    """Unit less groups, year less months, tertials, rolling months, costs, and three reports held together."""
    frame = hours_of(enhet)
    groups, first, last = list(dict.fromkeys(frame["grupp"])), 2023 * 12, 2024 * 12 + max(MONTHS) - 1
    rows = [
        row
        for folder in folders[spridning]
        if place(folder)[0] == enhet
        for row in functionals(folder, groups, first, last)
    ]
    known = np.unique(np.array(rows), axis=0)
    asked = {}
    for name in small_groups(enhet):
        spans = [(2024 * 12, 2024 * 12 + tom - 1) for tom in MONTHS]
        spans += [] if expected else [(month, month) for month in range(2024 * 12, last + 1)]
        for span in spans:
            wanted = np.zeros((len(groups), last - first + 1))
            wanted[groups.index(name), span[0] - first : span[1] - first + 1] = 1.0
            asked[name, span] = wanted.ravel()
    told = each_determined(known, list(asked.values()))
    assert [spot for spot, found in zip(asked, told, strict=True) if found is not expected] == []


def test_figures_show_no_small_group_by_name(folders):
    for folder in folders["ledning"]:
        enhet, _ = place(folder)
        cells = nbformat.read(folder / NOTEBOOK_FILE, as_version=4).cells
        figures = [o["data"][MIME] for c in cells for o in c.get("outputs", []) if MIME in o.get("data", {})]
        assert figures
        drawn = json.dumps(figures, ensure_ascii=False)
        assert not [name for name in small_groups(enhet) if json.dumps(name, ensure_ascii=False)[1:-1] in drawn]


counts = st.one_of(st.none(), st.integers(1, 30))


@given(st.lists(st.lists(counts, min_size=5, max_size=5), min_size=1, max_size=6))
def test_hidden_groups_only_grow_and_their_sums_are_never_of_one_or_of_few(history):
    names = list("ABCDE")
    rows = pd.DataFrame(history, columns=names, dtype=float)
    before: frozenset[str] = frozenset()
    for month in range(1, len(rows) + 1):
        hidden, _ = hidden_parts(rows.iloc[:month], LARGEST + 1)
        assert hidden >= before
        before = hidden
        now = rows.iloc[month - 1].dropna()
        assert {name for name in now.index if now[name] <= LARGEST} <= hidden
        inside = now[now.index.isin(hidden)]
        if len(inside) and len(inside) < len(now):
            assert len(inside) >= 2
            assert inside.sum() > LARGEST


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(1, 30), min_size=4, max_size=4), min_size=2, max_size=4))
def test_no_month_of_a_small_group_follows_from_any_sequence_of_reports(history):
    """Each report shows, of every month so far, the unit, the groups not hidden and the sum of the hidden."""
    names, rows = list("ABCD"), pd.DataFrame(history, columns=list("ABCD"), dtype=float)
    months = len(rows)
    known = []
    for report in range(1, months + 1):
        hidden, whole = hidden_parts(rows.iloc[:report], LARGEST + 1)
        if whole:
            continue
        sets = [set(names), set(hidden), *({name} for name in names if name not in hidden)]
        for month in range(report):
            for group in filter(None, sets):
                row = np.zeros((4, months))
                row[[names.index(name) for name in group], month] = 1.0
                known.append(row.ravel())
    for place_, month in np.argwhere((rows.to_numpy() <= LARGEST).T):
        wanted = np.zeros((4, months))
        wanted[place_, month] = 1.0
        assert not known or not determined(np.array(known), wanted.ravel())


def test_a_unit_of_at_most_ten_shows_nothing_of_its_sick_leave(tmp_path):
    rows = [*year(2023, anstallda=9, sjuk_h=77), *year(2024, anstallda=9, sjuk_h=77)]
    case = staffing_case(tmp_path, rows, 2024, 8)
    study = staffing.study.study(case)
    result = reported(study)
    written = as_json(case, result)
    for name in ("sjukfranvaro_procent", "prognos_ar_procent", "sjuklonekostnad_kr", "ersattarkostnad_kr"):
        assert written["nyckeltal"][name]["varde"] is None
        lacks_a_rule = name == "sjuklonekostnad_kr"  # no published contributions in 2024
        assert written["nyckeltal"][name]["saknas" if lacks_a_rule else "skyddas"]
    assert written["nyckeltal"]["sjukfranvaro_procent"]["skyddas"] == FEW
    sick = {7.7, 77.0, 77.0 * 8, 77.0 * 12, 100 * 77 / 900}
    shown = {round(x, 9) for x in numbers_in(json.loads(json.dumps(written, default=str)))}
    assert not shown & {round(x, 9) for x in sick}
    assert "7,7" not in json.dumps(written, ensure_ascii=False, default=str)
    for figure in (staffing.figures.month_figure, staffing.figures.group_figure, staffing.figures.bridge_figure):
        assert isinstance(figure(study, result), str)
    answer = turned(study, procentenheter=-0.5, fran_manad=9)
    assert answer.per_manad["provat_procent"].isna().all()
    assert answer.kravs is None


def test_hidden_groups_are_listed_without_numbers_where_the_rule_says_so(tmp_path):
    hours = {"Stor": (40, 80), "Mellan": (30, 60), "Liten": (4, 31), "Nästa": (12, 50)}
    rows = [row for name, (n, h) in hours.items() for row in year(2024, grupp=name, anstallda=n, sjuk_h=h)]
    rules = tmp_path / "params" / "regler"
    rules.mkdir(parents=True)
    (rules / "sma_tal.yaml").write_text((PARAMS / "regler" / "sma_tal.yaml").read_text("utf-8"), "utf-8")
    replace_in(rules / "sma_tal.yaml", "varde: sammanslagna", "varde: visas_inte")
    result = reported(staffing.study.study(staffing_case(tmp_path, rows, 2024, 8)))
    table = result.tabeller["indikatorer"]
    listed = table.frame.set_index("grupp")
    for name in ("Liten", "Nästa"):
        assert listed.loc[[name], ["sjuk_h", "sjukfranvaro_procent"]].isna().all().all()
    assert TOGETHER not in listed.index
    withheld = {table.frame["grupp"].iloc[row] for row, key in table.celler if key == "sjuk_h"}
    assert withheld == {"Liten", "Nästa"}
    assert "skyddas" in table.note
    costs = result.tabeller["kostnad"].frame.set_index("grupp")
    assert costs.loc[["Liten", "Nästa"]].isna().all().all()


def test_a_single_small_group_takes_another_with_it(tmp_path):
    groups = {"Stor": 40, "Mellan": 30, "Liten": 4}
    rows = [row for name, number in groups.items() for row in year(2024, grupp=name, anstallda=number)]
    result = reported(staffing.study.study(staffing_case(tmp_path, rows, 2024, 8)))
    assert set(result.tabeller["indikatorer"].frame["grupp"]) == {UNIT, "Stor", TOGETHER}


def test_spells_are_read_in_working_papers_only(tmp_path):
    spell = {"person": "someone0001", "enhet": ENHET, "grupp": "Grupp A", "fran": "2024-02-01", "till": "2024-02-03"}
    spells = [{**spell, "omfattning_procent": 100}]
    for spridning, read in (("ledning", False), ("offentlig", False), ("arbetsmaterial", True)):
        case = staffing_case(tmp_path / spridning, year(2024), 2024, 8, spridning=spridning, sjukfall=spells)
        result = reported(staffing.study.study(case))
        assert ("sjukfall" in case.journal.tables) is read
        assert ("signaler" in result.tabeller) is read
        assert "someone0001" not in json.dumps(as_json(case, result), default=str)


def test_months_of_a_group_that_was_once_small_stay_hidden(tmp_path):
    grown = [
        {**row, "anstallda": 8 if number < 3 else 14} for number, row in enumerate(year(2024, grupp="Växer", sjuk_h=40))
    ]
    rows = [*year(2024, grupp="Stor", anstallda=40), *year(2024, grupp="Mellan", anstallda=30), *grown]
    study = staffing.study.study(staffing_case(tmp_path, rows, 2024, 12))
    shown = {name for table in reported(study).tabeller.values() for name in table.frame.get("grupp", [])}
    assert "Växer" not in shown
    assert {"Stor", TOGETHER} <= shown


PROBED = {"Stor": (40, 80.0), "Mellan": (30, 60.0), "Nästa": (12, 50.0), "Liten": (4, 31.0)}
SMALL, AR = ("Nästa", "Liten"), 2023  # the last year with published contributions
COMMON_WAGE, OWN_WAGE = 31000, 45000
RULE = {"typ": "regel", "fran": f"{AR}-01-01"}
CONTRIBUTIONS = {**RULE, "regel": "po_palagg", "varde": 50}
IN_TURN = [  # a step each: the small group's own wage last, since it hides what comes after it
    {"typ": "sjukfranvaro", "grupp": "Liten", "procentenheter": -1.5, "fran": f"{AR}-01-10"},
    CONTRIBUTIONS,
    {**RULE, "regel": "sjuklon.avtal_dag_15_90_andel", "varde": 0.2},
    {**RULE, "regel": "ersattare.fordelning", "varde": {"timavlonad": 0.8, "inhyrd": 0.2}},
    {**RULE, "regel": "lon.manadslon.alla", "varde": 33000},
    {**RULE, "regel": "lon.manadslon.liten", "varde": 52000},
]


def probed_case(folder: Path, moved: tuple[int, str], *, wage: int, changes: list, spridning: str):
    """A unit where two groups are hidden, one with a wage of its own; an hour more in one row's column."""
    rows = []
    for number, (name, (staff, sick)) in enumerate(PROBED.items()):
        hours = {"avtalad_tid_h": 1000 + 100 * number, "arbetad_tid_h": 2000, "sjuk_h": sick}
        hours |= {"sjuk_dag_1_14_h": 0.4 * sick + number, "sjuk_60_dagar_h": 0.3 * sick - number}
        rows += year(AR - 1, grupp=name, anstallda=staff, **hours)
        rows += year(AR, [1], grupp=name, anstallda=staff, **hours)
    place_, column = moved
    if column:
        now = [row for row in rows if row["manad"].startswith(str(AR))]
        now[place_][column] += 1.0
    rules = folder / "params" / "regler"
    rules.mkdir(parents=True, exist_ok=True)
    own = {"titel": "Egen lön", "mattenhet": "kr/manad"}
    own["varden"] = [{"varde": wage, "underlag": "antagande", "kalla": "Prov"}]
    with (rules / "egen.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({"lon.manadslon.liten": own}, file)
    return staffing_case(folder, rows, AR, 1, changes=changes, spridning=spridning)


def outputs(case) -> np.ndarray:
    """Every number of the result and of what the scenario does to the budget; NaN where there is none."""
    result = reported(staffing.study.study(case))
    frames = [table.frame.apply(pd.to_numeric, errors="coerce") for table in result.tabeller.values()]
    tables = [frame.to_numpy(float).ravel() for frame in frames]
    figures = [np.nan if figure.varde is None else figure.varde for figure in result.nyckeltal.values()]
    moved = answer.others(case).effects(case.scenario).rows
    kr = moved.groupby(["forandring", "sida", "manad"])["kr"].sum().to_numpy() if len(moved) else np.zeros(0)
    return np.concatenate([*tables, figures, kr])


def learned(folder: Path, **given) -> np.ndarray:
    """How each number that is shown moves with each hour of each group: what a reader can solve."""
    before = outputs(probed_case(folder, (0, ""), **given))
    places = [(row, column) for column in SICK for row in range(len(PROBED))]
    moved = [outputs(probed_case(folder, spot, **given)) - before for spot in places]
    found = np.nan_to_num(np.array(moved).T)
    size = np.linalg.norm(found, axis=1)
    return found[size > 1e-9] / size[size > 1e-9, None]


def secrets() -> dict[tuple[str, str], np.ndarray]:
    """Sick hours of each small group by length, and the long absence of every group."""
    places = [(column, name) for column in SICK for name in PROBED]
    rows = dict(zip(places, np.eye(len(places)), strict=True))
    return {spot: row for spot, row in rows.items() if spot[1] in SMALL or spot[0] == "sjuk_60_dagar_h"}


@pytest.mark.parametrize("wage", [COMMON_WAGE, OWN_WAGE])
@pytest.mark.parametrize("changes", [[], IN_TURN], ids=["as it is", "change by change"])
def test_no_number_of_a_report_or_its_budget_tells_how_a_groups_absence_lies(tmp_path, changes, wage):
    """Kronor with their known wages and shares, unit less groups, bridges: all of them as equations at once."""
    known = learned(tmp_path, wage=wage, changes=changes, spridning="ledning")
    assert len(known) > 50
    assert [where for where, wanted in secrets().items() if solved(known, wanted)] == []


def solved(known: np.ndarray, wanted: np.ndarray) -> bool:
    solution = np.linalg.lstsq(known.T, wanted, rcond=1e-9)[0]
    return bool(np.linalg.norm(known.T @ solution - wanted) < 1e-4)


def test_the_equations_find_it_in_working_papers(tmp_path):
    known = learned(tmp_path, wage=OWN_WAGE, changes=[], spridning="arbetsmaterial")
    assert all(solved(known, wanted) for wanted in secrets().values())


@pytest.mark.parametrize("spridning", ["ledning", "offentlig", "arbetsmaterial"])
def test_a_wage_of_a_small_groups_own_does_not_split_the_small_groups(tmp_path, spridning):
    """Two groups' kronor and hours with different wages would be two equations with two unknowns."""
    case = probed_case(tmp_path, (0, ""), wage=OWN_WAGE, changes=[CONTRIBUTIONS], spridning=spridning)
    result = reported(staffing.study.study(case))
    is_open = spridning == "arbetsmaterial"
    costs = result.tabeller["kostnad"]
    assert costs.frame[[*SICK_PAY, "summa_kr", WAGE]].notna().all().all() == is_open
    assert costs.frame[[*SICK_PAY, "summa_kr", WAGE]].isna().all().all() != is_open
    assert costs.frame[["sjuk_h", *model.KINDS]].notna().all().all()
    assert (result.nyckeltal["sjuklonekostnad_kr"].varde is not None) == is_open
    assert result.nyckeltal["ersattarkostnad_kr"].varde > 0
    assert ((1, "lon") in costs.celler) != is_open
    moved = answer.others(case).effects(case.scenario)
    assert (moved.rows["kr"] != 0).any() == is_open
    assert any(FEW in text for text in moved.unknown) != is_open


def test_days_15_to_59_are_in_kronor_for_the_unit_only(tmp_path):
    """With days 1-14 and all hours they would give the long absence of each group."""
    case = probed_case(tmp_path, (0, ""), wage=COMMON_WAGE, changes=[], spridning="ledning")
    rows = reported(staffing.study.study(case)).tabeller["kostnad"].frame.set_index("grupp")
    hides = ["sjuklon_15_90", "avgifter", "summa_kr"]
    assert rows.drop(index=UNIT)[hides].isna().all().all()
    assert rows.loc[UNIT, hides].notna().all()
    assert rows[["sjuklon_1_14", WAGE, *model.KINDS]].notna().all().all()


def test_a_marked_month_says_no_hours_and_no_small_group(tmp_path):
    rows = [
        row
        for name, number in {"Stor": 40, "Mellan": 30, "Liten": 4}.items()
        for row in year(AR, grupp=name, anstallda=number, sjuk_h=1777.5 if name != "Stor" else 60)
    ]
    rules = tmp_path / "params" / "regler"
    rules.mkdir(parents=True)
    (rules / "bemanning.yaml").write_text((PARAMS / "regler" / "bemanning.yaml").read_text("utf-8"), "utf-8")
    replace_in(rules / "bemanning.yaml", "sjuk_over_avtalad: stopp", "sjuk_over_avtalad: markera")
    for spridning, said in (("ledning", False), ("arbetsmaterial", True)):
        result = reported(staffing.study.study(staffing_case(tmp_path, rows, AR, 8, spridning=spridning)))
        (check,) = [check for check in result.kontroller if check.namn == "Månaderna i bemanning kan stämma"]
        assert not check.ok
        assert ("Liten" in check.forklaring) is said
        assert ("1\u00a0777,5" in check.forklaring) is said
