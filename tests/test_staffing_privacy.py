"""No sick leave of a small group is shown, nor can it be worked out of all that runs have written together."""

import html
import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from conftest import replace_in
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from ruamel.yaml import YAML
from staffing_tables import ENHET, staffing_case, year

from planbok.batch.execute import NOTEBOOK_FILE
from planbok.batch.make import REPORT_FILE
from planbok.case import open_case
from planbok.cli import main
from planbok.paths import PARAMS
from planbok.report.figure import MIME
from planbok.report.handover import RESULT_FILE, WORKBOOK_FILE, as_json
from planbok.topics import staffing
from planbok.topics.staffing import model
from planbok.topics.staffing.hours import HOURS, by_group_and_month, periods
from planbok.topics.staffing.protect import headcounts, hidden_groups, is_small_unit
from planbok.topics.staffing.tables import TOGETHER, UNIT

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


def hours_of(enhet: str) -> pd.DataFrame:
    return by_group_and_month(open_case("bemanning_sjukfranvaro", enhet=enhet, ar=2024).unit_rows("bemanning"))


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
    for sheet in load_workbook(folder / WORKBOOK_FILE, data_only=True):
        found |= {
            float(cell) for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, int | float)
        }
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
    solution = np.linalg.lstsq(rows.T, wanted, rcond=None)[0]
    return bool(np.allclose(rows.T @ solution, wanted, atol=1e-8))


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
    for name in small_groups(enhet):
        spans = [(2024 * 12, 2024 * 12 + tom - 1) for tom in MONTHS]
        spans += [] if expected else [(month, month) for month in range(2024 * 12, last + 1)]
        for span in spans:
            wanted = np.zeros((len(groups), last - first + 1))
            wanted[groups.index(name), span[0] - first : span[1] - first + 1] = 1.0
            assert determined(known, wanted.ravel()) is expected, (name, span)


def test_figures_show_no_small_group_by_name(folders):
    for folder in folders["ledning"]:
        enhet, _ = place(folder)
        cells = nbformat.read(folder / NOTEBOOK_FILE, as_version=4).cells
        figures = [o["data"][MIME] for c in cells for o in c.get("outputs", []) if MIME in o.get("data", {})]
        assert figures
        drawn = json.dumps(figures, ensure_ascii=False)
        assert not [name for name in small_groups(enhet) if json.dumps(name, ensure_ascii=False)[1:-1] in drawn]


counts = st.one_of(st.none(), st.integers(0, 30))


@given(st.lists(st.lists(counts, min_size=5, max_size=5), min_size=1, max_size=6))
def test_hidden_groups_only_grow_and_their_sums_are_never_of_one_or_of_few(history):
    names = list("ABCDE")
    rows = pd.DataFrame(history, columns=names, dtype=float)
    before: frozenset[str] = frozenset()
    for month in range(1, len(rows) + 1):
        hidden = hidden_groups(rows.iloc[:month], LARGEST)
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
        if is_small_unit(rows.iloc[:report], LARGEST):
            continue
        hidden = hidden_groups(rows.iloc[:report], LARGEST)
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
    study = staffing.study(case)
    result = staffing.result(study)
    written = as_json(case, result)
    for name in ("sjukfranvaro_procent", "prognos_ar_procent", "sjuklonekostnad_kr", "ersattarkostnad_kr"):
        assert written["nyckeltal"][name]["varde"] is None
        assert "visas inte" in written["nyckeltal"][name]["saknas"]
    sick = {7.7, 77.0, 77.0 * 8, 77.0 * 12, 100 * 77 / 900}
    shown = {round(x, 9) for x in numbers_in(json.loads(json.dumps(written, default=str)))}
    assert not shown & {round(x, 9) for x in sick}
    assert "7,7" not in json.dumps(written, ensure_ascii=False, default=str)
    for figure in (staffing.month_figure, staffing.group_figure, staffing.bridge_figure):
        assert isinstance(figure(study, result), str)
    answer = staffing.tried(study, procentenheter=-0.5, fran_manad=9)
    assert answer.per_manad["provat_procent"].isna().all()
    assert answer.kravs is None


def test_hidden_groups_are_listed_without_numbers_where_the_rule_says_so(tmp_path):
    hours = {"Stor": (40, 80), "Mellan": (30, 60), "Liten": (4, 31), "Nästa": (12, 50)}
    rows = [row for name, (n, h) in hours.items() for row in year(2024, grupp=name, anstallda=n, sjuk_h=h)]
    rules = tmp_path / "params" / "regler"
    rules.mkdir(parents=True)
    (rules / "sma_tal.yaml").write_text((PARAMS / "regler" / "sma_tal.yaml").read_text("utf-8"), "utf-8")
    replace_in(rules / "sma_tal.yaml", "varde: sammanslagna", "varde: visas_inte")
    result = staffing.result(staffing.study(staffing_case(tmp_path, rows, 2024, 8)))
    table = result.tabeller["indikatorer"]
    listed = table.frame.set_index("grupp")
    for name in ("Liten", "Nästa"):
        assert listed.loc[[name], ["sjuk_h", "sjukfranvaro_procent"]].isna().all().all()
    assert TOGETHER not in listed.index
    assert "visas inte" in table.note
    assert "Liten" not in set(result.tabeller["kostnad"].frame["grupp"])


def test_a_single_small_group_takes_another_with_it(tmp_path):
    groups = {"Stor": 40, "Mellan": 30, "Liten": 4}
    rows = [row for name, number in groups.items() for row in year(2024, grupp=name, anstallda=number)]
    study = staffing.study(staffing_case(tmp_path, rows, 2024, 8))
    assert study.hidden == {"Liten", "Mellan"}


def test_spells_are_read_in_working_papers_only(tmp_path):
    spell = {"person": "someone0001", "enhet": ENHET, "grupp": "Grupp A", "fran": "2024-02-01", "till": "2024-02-03"}
    spells = [{**spell, "omfattning_procent": 100}]
    for spridning, read in (("ledning", False), ("offentlig", False), ("arbetsmaterial", True)):
        case = staffing_case(tmp_path / spridning, year(2024), 2024, 8, spridning=spridning, sjukfall=spells)
        result = staffing.result(staffing.study(case))
        assert ("sjukfall" in case.journal.tables) is read
        assert ("signaler" in result.tabeller) is read
        assert "someone0001" not in json.dumps(as_json(case, result), default=str)


def test_months_of_a_group_that_was_once_small_stay_hidden(tmp_path):
    grown = [
        {**row, "anstallda": 8 if number < 3 else 14} for number, row in enumerate(year(2024, grupp="Växer", sjuk_h=40))
    ]
    rows = [*year(2024, grupp="Stor", anstallda=40), *year(2024, grupp="Mellan", anstallda=30), *grown]
    study = staffing.study(staffing_case(tmp_path, rows, 2024, 12))
    assert "Växer" in study.hidden
    shown = {name for table in staffing.result(study).tabeller.values() for name in table.frame.get("grupp", [])}
    assert "Växer" not in shown
    assert {"Stor", TOGETHER} <= shown
