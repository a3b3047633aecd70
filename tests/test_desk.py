"""The desk's copies: answer first, the rest folded, a person's own cells kept, nothing written outside its folder."""

import errno
import json
import stat

import nbformat
import pytest
from lab_server import beside
from tornado.web import HTTPError

from planbok.base.errors import InputError
from planbok.base.workspace import NOTEBOOKS
from planbok.batch.plan.notebooks import read_notebooks
from planbok.cli import main
from planbok.commands.desk import copies, maker, server
from planbok.commands.desk.bar import Bar
from planbok.commands.desk.contents import DeskContents, without_widgets
from planbok.commands.desk.layout import BAR, copy_of
from planbok.commands.desk.offers import Offers
from planbok.commands.desk.place import Desk
from planbok.commands.desk.starting import start
from planbok.commands.init import init

NAME = "manadsprognos"
CHOSEN = {"enhet": "exempel_stod", "ar": 2024, "tom_manad": 8}


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    monkeypatch.chdir(init(tmp_path / "arbetsmapp"))
    found = Desk.here()
    found.lay_out()
    return found


def shipped(name: str = NAME):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def names_of(copy) -> list[str]:
    return [cell.id for cell in copy.cells]


def test_the_copy_has_the_answer_and_the_dials_first_and_the_rest_folded():
    copy = copy_of(NAME, shipped(), CHOSEN)
    first = ["titel", "parametrar", BAR, "sammanfattning", "oppna", "rakna", "prova", "prova-reglage"]
    assert names_of(copy)[: len(first)] == first
    headings = [c for c in copy.cells if c.source.startswith("## ")]
    folded = [c.source.splitlines()[0] for c in headings if c.metadata.get("jp-MarkdownHeadingCollapsed")]
    assert "## Tabeller och figurer" in folded and "## Prova själv" not in folded
    assert "nyckeltal" not in names_of(copy)  # the raw figures that are compared
    code = [cell for cell in copy.cells if cell.cell_type == "code"]
    assert all(cell.metadata.jupyter.source_hidden for cell in code)
    assert [cell.id for cell in copy.cells if cell.metadata.get("editable", True)] == ["parametrar"]
    assert 'enhet: str = "exempel_stod"  # enhetens id' in copy.cells[1].source


def test_a_persons_own_cells_stay_where_they_were():
    before = copy_of(NAME, shipped(), CHOSEN)
    own = nbformat.v4.new_markdown_cell("Min anteckning", id="min")
    before.cells.insert(5, own)
    copy = copy_of(NAME, shipped(), CHOSEN, before)
    assert names_of(copy)[4:6] == ["oppna", "min"] and len(copy.cells) == len(before.cells)


def test_a_copy_is_made_for_the_unit_last_chosen_and_is_made_once(desk, monkeypatch):
    desk.remember(notebook=NAME, **CHOSEN)
    notebook, ran = read_notebooks()[NAME], []
    assert copies.values_for(desk, notebook, None) | CHOSEN == copies.values_for(desk, notebook, None)
    monkeypatch.setattr(maker, "settle", lambda desk: None)
    monkeypatch.setattr(maker.os, "umask", lambda mask: 0)
    monkeypatch.setattr(maker.warm, "load", lambda: None)

    def run(copy) -> None:
        ran.append(1)
        for cell in copy.cells:
            if cell.cell_type == "code":
                cell.execution_count = 1

    monkeypatch.setattr(maker, "execute", run)
    assert maker.make(desk, NAME) == "" and maker.make(desk, NAME) == "" and len(ran) == 1
    desk.remember(enhet="exempelenheten")
    maker.make(desk, NAME)
    assert len(ran) == 2
    (desk.workspace / "params" / "scenarier" / "ny.yaml").write_text("titel: Ny\n", "utf-8")
    maker.make(desk, NAME)
    assert len(ran) == 3


def test_only_its_owner_can_open_the_desk_and_git_leaves_it_out(desk):
    assert stat.S_IMODE(desk.folder.stat().st_mode) == 0o700
    assert (desk.folder / ".gitignore").read_text("utf-8").endswith("*\n")
    assert "/lab/" in (desk.workspace / ".gitignore").read_text("utf-8")
    inside = [v for name, v in desk.environment().items() if name.startswith(("JUPYTER", "IPYTHON"))]
    assert len(inside) == 4 and all(value.startswith(str(desk.state)) for value in inside)


def test_without_a_workspace_or_with_an_unknown_notebook_it_says_so(desk, monkeypatch):
    monkeypatch.setattr("planbok.commands.desk.starting.settle", lambda desk: None)
    with pytest.raises(InputError, match="Menade du 'manadsprognos'"):
        start(desk, "manadsprognis", 0, False)
    monkeypatch.setattr("planbok.commands.desk.place.workspace", lambda: None)
    with pytest.raises(InputError, match="planbok init MAPP"):
        Desk.here()


def test_units_years_and_months_are_offered_by_name_and_only_where_the_tables_have_them(desk):
    offers = Offers.of(NAME)
    units = dict(offers.units())
    assert units["exempel_stod"] == "Exempelenheten för stöd och aktivitet"
    assert "ostermalm" not in units  # has a budget and no outturn
    assert offers.years("exempel_stod") == [2022, 2023, 2024] and offers.months("exempel_stod", 2024) == [*range(1, 13)]
    assert offers.scenarios()[0] == ("bas", "Budgeten som den är beslutad")


def test_the_bar_takes_a_choice_and_says_an_unknown_unit(desk):
    notebook = read_notebooks()[NAME]
    values = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4, "scenario": "bas", "jamfor_med": "bas"}
    namespace = {**values, "kontrollsumma_kr": 0.0}
    bar = Bar(notebook, namespace)
    bar.choose({"enhet": "exempel_stod", "tom_manad": 6, "kontrollsumma_kr": "1200.5", "annat": 1})
    assert namespace == {**values, "enhet": "exempel_stod", "tom_manad": 6, "kontrollsumma_kr": 1200.5}
    assert bar.turn == 1 and 'enhet: str = "exempel_stod"  #' in bar.source and "tom_manad: int = 6  #" in bar.source
    assert desk.chosen() == {"notebook": NAME, "enhet": "exempel_stod", "ar": 2024, "tom_manad": 6}
    strange = Bar(notebook, {**namespace, "enhet": "hittepå"})
    unit = next(field for field in strange.fields if field["name"] == "enhet")
    assert unit["options"][0] == ["hittepå", "hittepå (finns inte)"]


def test_a_table_that_cannot_be_read_is_said_in_the_bar(desk):
    own = desk.workspace / "data" / "min"
    own.mkdir()
    (own / "budget.csv").write_text("enhet,ar,belop\nx,2024,1\n", "utf-8")
    (own / "utfall.csv").write_text("enhet,manad\nx,2024-01\n", "utf-8")
    bar = Bar(read_notebooks()[NAME], {})
    assert "FEL I TABELLEN" in bar.problem and bar.fields


def test_what_planbok_ships_with_is_not_written_to_and_a_full_disk_is_said(desk, monkeypatch):
    contents = DeskContents(root_dir=str(NOTEBOOKS.parent))
    with pytest.raises(HTTPError, match="hör till planbok"):
        beside(contents.save({"type": "notebook", "content": {}}, f"notebooks/{NAME}.ipynb"))
    contents = DeskContents(root_dir=str(desk.workspace))

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", str(desk.folder / f"{NAME}.ipynb"))

    monkeypatch.setattr(contents, "_save_notebook", full)
    copy = copy_of(NAME, shipped(), CHOSEN)
    with pytest.raises(HTTPError, match="Inget är sparat.*Är disken full"):
        beside(contents.save({"type": "notebook", "content": copy}, f"lab/{NAME}.ipynb"))


def test_what_needs_a_kernel_is_not_kept_in_a_copy():
    copy = copy_of(NAME, shipped(), CHOSEN)
    bar = next(cell for cell in copy.cells if cell.id == BAR)
    bar.outputs = [
        nbformat.v4.new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}})
    ]
    without_widgets(copy)
    assert [*bar.outputs[0].data] == ["text/plain", "text/markdown"]


def test_the_file_list_is_closed_from_the_start_so_that_the_notebook_has_the_width():
    """JupyterLab opens a side that has a current panel, whatever else is said of it."""
    left = json.loads((server.HERE / "workspace.json").read_text("utf-8"))["data"]["layout-restorer:data"]["left"]
    assert left["collapsed"] and left["visible"] and not left["current"]


def test_the_command_is_listed_in_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["lab", "--help"])
    assert "ANTECKNINGSBOK" in capsys.readouterr().out
