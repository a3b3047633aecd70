"""The dials: the same numbers as the library and as a batch run of what is saved, the baseline always beside."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import plotly.graph_objects as go
import pytest
from conftest import write_scenario
from explorers import (
    ALL,
    ASSISTANCE,
    BUDGET,
    CONTROL,
    DECISIONS,
    GROUP_HOME,
    HOME_CARE,
    INSATSER,
    LSS_PENG,
    PROGNOSIS,
    Explored,
    put,
)

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.plan.job import NOTEBOOK_FILE
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import load_plan
from planbok.batch.run.runner import run_plan
from planbok.case.case import Case, load_sources, open_case
from planbok.disclosure.door import seen
from planbok.explore import kit, saving
from planbok.explore.board import WAIT, Board, OwnLine
from planbok.explore.desk import Desk
from planbok.explore.dial import Dial
from planbok.explore.figures import on_one_axis, picture
from planbok.explore.forms import NO_PERSONS, controls_of
from planbok.explore.state import load
from planbok.inputs.scenario.load import BAS, scenario_ids
from planbok.report.handover import RESULT_FILE
from planbok.topics import answer, assistance, decisions, insatser
from planbok.topics.control.view import faults

ORE = 0.005
OF_UNIT = {"mnkr": 1e6, "kr": 1.0}


@pytest.fixture
def open_on(tmp_path):
    """A case of a notebook on the sample, with a parameter folder of its own."""

    def opened(explored: Explored, scenario: str = "bas", data: Path = SAMPLE, **more) -> Case:
        params = tmp_path / "params"
        params.mkdir(exist_ok=True)
        sources = load_sources(Folders((params, PARAMS), data))
        return open_case(explored.notebook, scenario=scenario, sources=sources, **{**explored.parameters, **more})

    return opened


def board_of(explored: Explored, case: Case) -> Board:
    return explored.build(case)


def drafted(board: Board, scenario_id: str, **changed) -> saving.Draft:
    words = {"titel": "Prövat", "fraga": "Vad händer?", "underlag": "antagande", "motivering": "Ett prov"}
    state = board.state
    return saving.Draft(**{"id": scenario_id, **words, **changed}, changes=state.changes(), builds_on=state.builds_on)


def in_kr(name: str, value: float) -> float:
    return value * OF_UNIT.get(name.rpartition("_")[2], 1.0)


def same(one: dict[str, float], other: dict[str, float]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        if value is None or other[name] is None:  # withheld, in the one as in the other
            assert value == other[name], name
            continue
        assert in_kr(name, value) == pytest.approx(in_kr(name, other[name]), abs=ORE), name


WITHOUT_BRIDGE = ("insatser_manad", "kostnadskontroll", "beslut_i_tid", "assistans")  # none moves kronor
SETTINGS = [(notebook, setting) for notebook, explored in ALL.items() for setting in explored.settings]


@pytest.mark.parametrize("audience", ["arbetsmaterial", "ledning", "offentlig"])
@pytest.mark.parametrize(
    ("explored", "part"),
    [
        (INSATSER, insatser.view.running),
        (CONTROL, faults),
        (DECISIONS, decisions.view.queue),
        (ASSISTANCE, assistance.view.over_granted),
    ],
    ids=lambda given: getattr(given, "notebook", ""),
)
def test_what_the_dials_compute_is_a_part_of_the_whole_report(open_on, explored, part, audience):
    done = explored.study(open_on(explored, spridning=audience))
    shown, whole = seen(done.case, part(done)), answer.answer(done.case).result
    assert all(whole.nyckeltal[name] == figure for name, figure in shown.nyckeltal.items())
    assert all(whole.fakta[name] == figure for name, figure in shown.fakta.items())
    assert all(whole.tabeller[name].records() == table.records() for name, table in shown.tabeller.items())
    if "flaggade" in shown.texter:
        assert shown.texter["flaggade"] == ", ".join(whole.tabeller["varningar"].frame["insats_namn"]).lower()


@dataclass(frozen=True)
class Tried:
    """A board on which a setting has been put, and what it showed before and after."""

    board: Board
    before: dict[str, float]
    shown: dict[str, float]


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> Folders:
    """The sample, with a parameter folder in which every setting is saved under a name of its own."""
    params = tmp_path_factory.mktemp("tried") / "params"
    params.mkdir()
    return Folders((params, PARAMS), SAMPLE)


@pytest.fixture(scope="module")
def tried(folders) -> Callable[[str, str], Tried]:
    """Each setting on a board of its own, made once; all boards of a notebook show the same before it."""
    untouched: dict[str, dict[str, float]] = {}

    @cache
    def tried(notebook: str, setting: str) -> Tried:
        explored = ALL[notebook]
        board = board_of(explored, open_case(notebook, sources=load_sources(folders), **explored.parameters))
        if notebook not in untouched:
            untouched[notebook] = explored.shown(board)
        put(board, explored.settings[setting])
        return Tried(board, untouched[notebook], explored.shown(board))

    return tried


@pytest.mark.parametrize(("notebook", "setting"), SETTINGS)
def test_dials_give_what_the_saved_scenario_gives_in_the_library(folders, tried, notebook, setting):
    explored, done, name = ALL[notebook], tried(notebook, setting), f"{notebook}_{setting}"
    board, case = done.board, done.board.topic.case
    assert done.shown != done.before
    draft = drafted(board, name)
    saving.check(draft, case, board.topic.verify)
    saving.write(draft, folders)
    again = open_case(notebook, scenario=name, sources=load_sources(folders), **explored.parameters)
    same(done.shown, explored.figures(explored.study(again)))
    saved = load(case, name)
    compared = board.topic.compare([saved])
    assert saved.titel in compared.table.frame["titel"].tolist()
    without_bridge = notebook in WITHOUT_BRIDGE
    assert list(compared.bridges) == ([] if without_bridge else [saved.titel])
    assert isinstance(compared.figure, go.Figure)


@pytest.fixture(scope="module")
def batch(tmp_path_factory, folders, tried) -> dict[tuple[str, str], dict]:
    """Each setting saved and run: the key figures of its resultat.json."""
    root, runs = tmp_path_factory.mktemp("batch"), []
    for notebook, setting in SETTINGS:
        name = f"{notebook}_{setting}"
        if name not in scenario_ids(folders):
            saving.write(drafted(tried(notebook, setting).board, name), folders)
        runs.append({"notebook": notebook, "parametrar": {**ALL[notebook].parameters, "scenario": name}})
    plan_file = root / "plan.yaml"
    plan_file.write_text(json.dumps({"titel": "Prov", "korningar": runs}), "utf-8")
    plan = load_plan(plan_file, read_notebooks(), scenario_ids(folders))
    finished = run_plan(plan, folders, root / "ut", lambda text: None)
    assert not finished.problems
    run_folder = finished.index.parent / finished.manifest["run_id"]
    found = {}
    for (notebook, setting), entry in zip(SETTINGS, finished.manifest["runs"], strict=True):
        assert (run_folder / entry["folder"] / NOTEBOOK_FILE).is_file()
        result = json.loads((run_folder / entry["folder"] / RESULT_FILE).read_text("utf-8"))
        found[notebook, setting] = {name: key["varde"] for name, key in result["nyckeltal"].items()}
    return found


@pytest.mark.parametrize(("notebook", "setting"), SETTINGS)
def test_dials_give_what_a_batch_run_of_the_saved_scenario_gives(tried, batch, notebook, setting):
    shown, figures = tried(notebook, setting).shown, batch[notebook, setting]
    same(shown, {name: figures[name] for name in shown})


@pytest.mark.parametrize("notebook", ALL)
def test_the_figure_moves_in_its_place_and_undo_redo_and_reset_restore(open_on, notebook):
    explored = ALL[notebook]
    board = board_of(explored, open_on(explored))
    figure = board.figure

    def state():
        return figure.value, board.line.value, board.answer.value, board.table.value

    before = state()
    assert "<svg" in figure.value and board.steps.back.disabled and board.steps.forth.disabled
    put(board, next(iter(explored.settings.values())))
    moved = state()
    assert board.figure is figure and moved[0] != before[0]
    while not board.steps.back.disabled:
        board.steps.go(-1)
    assert state() == before
    while not board.steps.forth.disabled:
        board.steps.go(1)
    assert state() == moved
    board.reset()
    assert state() == before
    board.steps.go(-1)
    assert state() == moved


def test_the_figure_shows_what_the_dial_moves_of_each_row(open_on):
    """1 per cent of Vårdkostnader's 113.9 mnkr, and a line that ends there in December."""
    board = board_of(BUDGET, open_on(BUDGET))
    board.topic.groups["Kostnader"][1].controls["procent"].value = 1.0
    (bars,) = board.figure.figure.data
    assert [round(x, 6) for x in bars.x] == [0.0, 1.139, 0.0, 0.0]
    assert tuple(bars.text) == ("0,00", "+1,14", "0,00", "0,00")
    assert board.line.figure.data[0].y[-1] == pytest.approx(1.139)
    board.topic.groups["Kostnader"][0].controls["procent"].value = 0.5
    assert board.figure.figure.data[0].text[0] == "+0,05", "0.5 per cent of 9.0 mnkr is 0.045, also as 8.945 less 8.9"


def test_a_pull_through_many_values_is_one_step_back(open_on):
    board = board_of(BUDGET, open_on(BUDGET))
    dial = board.topic.groups["Kostnader"][1].controls["procent"]
    for tenths in range(1, 11):
        dial.value = tenths / 10
    assert len(board.steps.past) == 2
    board.steps.go(-1)
    assert dial.value == 0.0
    board.steps.go(1)
    assert dial.value == 1.0
    (change,) = board.state.changes()
    assert "motivering" not in change, "its reason is asked for when it is saved, as if nothing had been undone"


def test_bridges_beside_each_other_have_one_axis(open_on):
    board = board_of(BUDGET, open_on(BUDGET))
    names = ("vardkostnader_1_procent_1_juli", "loneoversyn_1_april")
    compared = board.topic.compare([load(board.topic.case, name) for name in names])
    bridges = list(compared.bridges.values())
    on_one_axis(bridges)
    one, other = (marks(picture(figure)) for figure in bridges)
    assert one == other and len(one) > 2, "the same numbers in the same places under both"


def marks(drawn: str) -> list[tuple[str, str]]:
    """The numbers below the axis of a figure's wide picture, each with its place."""
    wide = drawn.partition("</svg>")[0]
    return re.findall(r'<text x="([^"]*)"[^>]*text-anchor="middle"[^>]*>([^<]*)<', wide)


def test_the_panel_says_where_the_numbers_on_the_dials_come_from(open_on):
    desk = Desk(board_of(BUDGET, open_on(BUDGET)))
    desk.board.topic.groups["Kostnader"][1].controls["procent"].value = 1.0
    desk.came.show()
    said = desk.came.result.value.replace("\u00a0", " ")
    assert "Så räknas det: kostnader minus intäkter." in said and "budget.csv: 4 rader" in said
    assert "Förändring 1: Vårdkostnader +1,0 % från 1 januari 2016: +1 139 000 kr för sig" in said
    desk.board.topic.groups["Kostnader"][1].controls["procent"].value = 2.0
    assert desk.came.result.value == ""


def test_a_number_in_the_table_opens_the_panel_at_its_own_figure(open_on):
    """With the dials, without them, and one that no report has by itself; a dial's rule says what is in force."""
    desk = Desk(board_of(BUDGET, open_on(BUDGET)))
    desk.widget()
    desk.board.topic.groups["Kostnader"][1].controls["procent"].value = 1.0
    last = desk.board.table.value.rpartition("<tr")[2]
    net, full = "nettokostnad_mnkr", "helarseffekt_mnkr"
    asked = re.findall(r'data-from="([^"]*)"', last)
    assert asked == [f"utan {net}", f"med {net}", f"med-utan {net}", f"med {full}"]
    desk.board.table._handle_custom_msg({"from": "utan nettokostnad_mnkr"}, [])
    assert desk.panels.chosen.value == "Varifrån?" and desk.came.result.opened == "varifran-nettokostnad_mnkr"
    assert "144,8" in desk.came.result.value and "145,9" not in desk.came.result.value
    desk.board.table._handle_custom_msg({"from": "med nettokostnad_mnkr"}, [])
    assert "145,9" in desk.came.result.value and desk.came.result.turn == 2
    desk.board.table._handle_custom_msg({"from": "med-utan nettokostnad_mnkr"}, [])
    difference = desk.came.note.value.replace("\u00a0", " ")
    assert "Skillnaden är 145,9 mnkr (med reglagen) minus 144,8 mnkr (utan reglagen)." in difference
    desk.where_from("overst tabell:" + answer.answer(desk.board.topic.case).result.tabeller["budget"].titel)
    assert desk.came.result.opened == "varifran-tabell-budget" and desk.came.result.turn == 4
    desk.board.table._handle_custom_msg({"from": "med pahittat_kr"}, [])
    assert "står inte för sig" in desk.came.note.value and desk.came.result.turn == 4


def test_a_line_of_ones_own_in_the_prognosis_is_part_of_its_row(open_on):
    """10 000 kr a month from May is 80 000 kr by December: a line of its own, and where the year's line ends."""
    board = board_of(PROGNOSIS, open_on(PROGNOSIS))
    own = OwnLine(board, board.topic.own)
    own.name.value = "Flytt"
    own.form.controls["kr_per_manad"].value = 10_000.0
    own.add()
    rows = board.topic.answer(board.scenario).table.frame.set_index("budgetrad")["skillnad"]
    assert rows["varav Flytt"] == pytest.approx(0.08) and rows.iloc[-1] == pytest.approx(0.08)
    line = board.topic.answer(board.scenario).line.data[0].y
    assert line[3] == pytest.approx(0) and line[-1] == pytest.approx(0.08)


def test_a_dial_of_a_rule_starts_at_the_value_in_force_and_is_no_change_there(open_on):
    board = board_of(CONTROL, open_on(CONTROL))
    form = board.topic.groups["När något är ett fel"][0]
    rules = board.topic.case.sources.rules
    dial = form.controls["varde"]
    assert dial.value == rules.value(form.fixed["regel"], date(2024, 1, 1)).varde and form.change() is None
    dial.value += 1
    assert form.change()["varde"] == dial.value


@pytest.mark.parametrize("notebook", ALL)
def test_every_control_has_a_label_and_every_dial_its_unit(tried, notebook):
    board = tried(notebook, next(iter(ALL[notebook].settings))).board
    for control in controls_of(board.topic.forms):
        if isinstance(control, Dial):
            assert control.label and control.unit
        else:
            assert control.control.description


@pytest.mark.parametrize("notebook", ALL)
def test_a_scenario_opened_on_the_dials_gives_the_same_and_saves_as_it_was(open_on, notebook):
    explored = ALL[notebook]
    case = open_on(explored)
    board = board_of(explored, case)
    for setting, dials in explored.settings.items():
        board.open(BAS)
        put(board, dials)
        saving.write(drafted(board, setting), case.sources.folders)
        shown, scenario = explored.shown(board), load(case, setting)
        board.open(BAS)
        board.open(scenario)
        same(explored.shown(board), shown)
        assert not board.state.kept
        saved = (case.sources.folders.params[0] / "scenarier" / f"{setting}.yaml").read_text("utf-8")
        assert saving.scenario_text(drafted(board, setting)) == saved


def test_what_dials_cannot_show_is_kept_listed_and_saved(open_on, tmp_path):
    changes = [
        {"typ": "upprakning", "budgetrad": "Administration", "sida": "kostnad", "procent": 2.0, "fran": "2016-03-15"},
        {"typ": "belopp", "budgetrad": "Administration", "sida": "kostnad", "kr_per_manad": 9e6, "fran": "2016-02-01"},
        {"typ": "upprakning", "budgetrad": "Vårdkostnader", "sida": "kostnad", "procent": 1.5, "fran": "2016-02-01"},
    ]
    write_scenario(tmp_path / "params", "blandat", changes)
    case = open_on(BUDGET, "blandat")
    board = board_of(BUDGET, case)
    assert len(board.state.kept) == 2
    listed = " ".join(line.children[0].value for line in board.kept.children[1:])
    assert "Vårdkostnader +1,5\u00a0% från 1 februari 2016" in listed, "the rows share the day that one dial shows"
    same(BUDGET.shown(board), BUDGET.figures(BUDGET.study(case)))
    saving.write(drafted(board, "kopia"), case.sources.folders)
    assert [n.change for n in load(case, "kopia")] == [n.change for n in load(case, "blandat")]
    board.drop(board.state.kept[0])
    assert len(board.state.changes()) == 2


def test_untouched_dials_keep_basis_reason_and_stated_ends(open_on):
    case = open_on(BUDGET, "loneoversyn_1_april")
    board = board_of(BUDGET, case)
    # Both rows start on the same day, so that one month dial can show them.
    assert not board.state.kept
    assert [c["procent_hog"] for c in board.state.changes()] == [2.8, 2.8]
    dial = board.topic.groups["Kostnader"][1].controls["procent"]
    dial.value = 2.1
    moved = next(c for c in board.state.changes() if c["budgetrad"] == "Vårdkostnader")
    assert "procent_hog" not in moved and "underlag" not in moved
    dial.value = 2.0
    assert all("motivering" in c for c in board.state.changes())


def test_a_scenario_beneath_stays_beneath(open_on):
    case = open_on(BUDGET, "atgarder_2024", enhet="exempelenheten", ar=2024)
    board = board_of(BUDGET, case)
    assert board.state.builds_on == ("dyrare_var_2024",)
    assert len(board.state.beneath) == 2
    same(BUDGET.shown(board), BUDGET.figures(BUDGET.study(case)))
    assert "bygger_pa" in saving.scenario_text(drafted(board, "ny"))


def test_laid_aside_another_can_be_tried_and_the_order_stays(open_on):
    board = board_of(BUDGET, open_on(BUDGET))
    form = board.topic.groups["Belopp"][0]
    form.controls["kr_per_manad"].value = 50_000.0
    board.lay_aside(form)
    assert form.change() is None
    form.controls["kr_per_manad"].value = 30_000.0
    assert [c["kr_per_manad"] for c in board.state.changes()] == [50_000, 30_000]
    assert len(board.kept.children) == 2


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("två", "”två” är inget tal i %. Skriv till exempel 0,0."),
        ("25", "Vårdkostnader ska ligga mellan −10,0 och 10,0 %, men är 25,0."),
        ("", "”” är inget tal i %"),
        ("2 mnkr", "är inget tal i %"),
    ],
)
def test_a_bad_value_is_said_below_the_dial_and_changes_nothing(open_on, typed, problem):
    board = board_of(BUDGET, open_on(BUDGET))
    dial = board.topic.groups["Kostnader"][1].controls["procent"]
    dial.value = 1.0
    shown, answer = BUDGET.shown(board), board.answer.value
    dial.type(typed)
    assert problem in dial.problem
    assert (dial.value, BUDGET.shown(board), board.answer.value) == (1.0, shown, answer)
    dial.type(" 1,5 % ")
    assert (dial.value, dial.problem) == (1.5, "")


def test_too_few_persons_are_said_below_the_dial_and_the_rest_waits(open_on):
    board = board_of(LSS_PENG, open_on(LSS_PENG))
    form = board.topic.groups["Nivåer"][0]
    put(board, LSS_PENG.settings["nivabyte"])
    table = board.table.value
    form.controls["antal"].value = 10.0
    assert "behöver 10 personer i gruppbostad" in form.controls["antal"].problem
    assert WAIT in board.answer.value and board.table.value == table
    form.controls["antal"].value = 1.0
    assert form.controls["antal"].problem == "" and WAIT not in board.answer.value


def test_a_day_that_is_missing_or_ends_before_it_starts_is_said(open_on):
    board = board_of(LSS_PENG, open_on(LSS_PENG))
    form = board.topic.groups["Personer in och ut"][0]
    form.controls["antal"].value = 1.0
    form.controls["fran"].value = None
    assert form.controls["fran"].problem.startswith("Välj ett datum")
    form.controls["fran"].value = date(2024, 5, 1)
    form.controls["till"].value = date(2024, 4, 1)
    assert "ligger före fran" in form.controls["antal"].problem


def test_a_change_that_moves_nothing_is_said_as_a_run_would(open_on):
    board = board_of(LSS_PENG, open_on(LSS_PENG))
    form = board.topic.groups["Personer in och ut"][0]
    form.controls["fran"].value = date(2025, 3, 1)
    form.controls["antal"].value = 1.0
    assert "flyttar inget för exempelenheten 2024" in form.controls["antal"].problem


def test_a_name_cannot_smuggle_markup_or_a_person_into_the_page(open_on):
    assert "<script>" not in kit.status("<script>x</script>") + kit.alert("<script>") + kit.line("<script>").value
    board = board_of(BUDGET, open_on(BUDGET))
    form = board.topic.groups["Åtgärd"][0]
    form.controls["kr_per_manad"].value = -5000.0
    form.controls["namn"].value = "850101-0007 flyttar"
    assert form.controls["namn"].problem == NO_PERSONS


def test_a_budget_without_a_net_says_so(open_on):
    board = board_of(BUDGET, open_on(BUDGET, enhet="bestallare_aldre", ar=2021))
    assert "kan inte räknas fram" in board.answer.value


def test_a_year_without_prices_says_so_and_takes_anothers(open_on):
    board = board_of(LSS_PENG, open_on(LSS_PENG, ar=2025))
    assert "Prislistan har inget pris 2025" in board.answer.value
    board.topic.groups["Priser"][0].controls["varde"].value = 2024
    assert "Slutlig budget blir" in board.answer.value


def test_the_row_that_gives_way_closes_the_gap(open_on):
    board = board_of(BUDGET, open_on(BUDGET))
    put(board, BUDGET.settings["uppraknad"])
    text = board.answer.value.replace("\u00a0", " ")
    assert "För balans behöver Vårdkostnader sänkas med" in text
    frame = board.topic.groups["Ram och balans"][0].controls["kr_per_manad"]
    frame.value = 100_000.0
    assert "i överskott" in board.answer.value


def test_a_borrowed_list_that_does_not_exist_is_a_fault(open_on, tmp_path):
    change = {"typ": "regel", "regel": "lss_peng.prislista_ar", "varde": 2019, "fran": "2024-01-01"}
    write_scenario(tmp_path / "params", "fel", [change])
    with pytest.raises(InputError, match="som inte har någon prislista. Det finns: 2021, 2022, 2023, 2024"):
        LSS_PENG.study(open_on(LSS_PENG, "fel"))


def test_a_table_replaced_while_open_is_said(open_on, sample_copy):
    case = open_on(BUDGET, data=sample_copy)
    desk = Desk(board_of(BUDGET, case))
    dial = desk.board.topic.groups["Kostnader"][0].controls["procent"]
    dial.value = 1.0
    assert desk.stale.value == ""
    path = sample_copy / "budget.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    dial.value = 2.0
    assert "budget.csv har ändrats" in desk.stale.value
    path.unlink()
    dial.value = 3.0
    assert "budget.csv har ändrats" in desk.stale.value


def test_the_dials_answer_with_what_the_home_costs_beyond_what_it_gets(open_on):
    """Two more employees are 2 × 50 000 kr in each of three and a half months of 2024: 350 000 kr on 2 057 500 kr."""
    board = board_of(GROUP_HOME, open_on(GROUP_HOME))
    said = board.answer.value.replace("\u00a0", " ")
    assert "Boendet kostar 2 057 500 kr mer i år och cirka 100 000 kr mer på helår än det får, utan KBH." in said
    board.topic.groups["Boendet"][0].controls["arsarbetare"].value = 12.0
    assert "Boendet kostar 2 407 500 kr mer i år" in board.answer.value.replace("\u00a0", " ")


def test_the_dials_say_the_year_beside_the_full_year(open_on):
    """The year's prognosis and its own change meet when read: 765,8 mnkr without the dials."""
    board = board_of(HOME_CARE, open_on(HOME_CARE))
    put(board, HOME_CARE.settings["flytt"])
    said = board.answer.value.replace("\u00a0", " ")
    found = re.search(r"Prognosen blir ([\d,]+) mnkr: den ökar med ([\d,]+) mnkr i år och ([\d,]+) mnkr på helår", said)
    now, change, full = (float(text.replace(",", ".")) for text in found.groups())
    assert now - change == pytest.approx(765.8, abs=0.11) and full > change


def test_a_difference_under_the_dials_is_none_of_the_rounding(open_on):
    """One person from level 4 to 5 on 27 August moves nothing that was measured before that day.

    The amounts are then told to 0,1 mnkr, those without the dials to the krona: 3 883 − 3 402 kr in 366 days is 0,18.
    """
    board = board_of(LSS_PENG, open_on(LSS_PENG))
    home = {"insats": "gruppbostad", "regi": "kommunal", "fran_niva": 4, "till_niva": 5}
    put(board, [("Nivåer", 0, home | {"antal": 1.0, "fran": date(2024, 8, 27)})])
    rows = board.topic.answer(board.scenario).table.frame.set_index("nyckel")["skillnad"]
    assert rows["preliminar_kr"] == rows["efter_matning_1_kr"] == 0
    assert rows["slutlig_kr"] == 200_000
