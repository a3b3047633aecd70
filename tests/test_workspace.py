"""A workspace of one's own: where it begins, what lies in it, and what wins over what planbok ships with."""

import stat
from pathlib import Path

import pytest

from planbok.base import workspace
from planbok.base.errors import InputError
from planbok.base.workspace import (
    MARK,
    PARAMS,
    ROOT,
    SAMPLE,
    Folders,
    collection,
    default_out,
    notebook_files,
    remember_typed,
    shown,
)
from planbok.case.case import open_case
from planbok.cli import main
from planbok.commands.check import check
from planbok.commands.init import init


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    """A workspace, with the current folder two levels down in it."""
    for name in (workspace.ENV_WORKSPACE, workspace.ENV_PARAMS, workspace.ENV_DATA):
        monkeypatch.delenv(name, raising=False)
    folder = init(tmp_path / "egen")
    monkeypatch.chdir(folder / "params" / "planer")
    return folder


@pytest.fixture
def installed(monkeypatch, tmp_path) -> Path:
    """As an installed planbok finds it, in a folder that is no workspace."""
    monkeypatch.setattr(workspace, "INSTALLED", True)
    monkeypatch.delenv(workspace.ENV_WORKSPACE, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_workspace_has_its_folders_and_nothing_of_planboks_own(own):
    assert {path.name for path in own.iterdir()} == {
        "notebooks", "params", "data", "out", "README.md", ".gitignore", MARK,
    }  # fmt: skip
    assert [path for path in own.rglob("*") if path.suffix in (".yaml", ".csv", ".ipynb")] == []
    assert len((own / "README.md").read_text("utf-8").strip().splitlines()) <= 12
    for name in ("data", "out"):
        assert stat.S_IMODE((own / name).stat().st_mode) == 0o700


def test_the_workspace_is_found_from_any_subfolder(own):
    assert workspace.workspace() == own
    assert Folders.chosen().params == (own / "params", PARAMS)
    assert default_out() == own / "out"
    assert shown(own / "params" / "scenarier" / "x.yaml") == "params/scenarier/x.yaml"
    assert shown(SAMPLE / "budget.csv") == "data/sample/budget.csv"


def test_given_parameters_win_over_the_workspace_and_that_over_planbok(own, tmp_path):
    given = tmp_path / "andra"
    for base, titles in ((given, "a"), (own / "params", "ab")):
        (base / "scenarier").mkdir(parents=True, exist_ok=True)
        for name in titles:
            (base / "scenarier" / f"{name}.yaml").write_text(f"titel: {base.name}\n", "utf-8")
    found = Folders.chosen(params=given).param_files("scenarier", ".yaml")
    assert found["a.yaml"].is_relative_to(given)
    assert found["b.yaml"].is_relative_to(own)
    assert found["nivaskifte.yaml"].is_relative_to(PARAMS)


def test_a_collection_is_the_workspaces_own_before_planboks(own):
    assert collection("sample") == Folders.chosen().data == SAMPLE
    (own / "data" / "sample").mkdir()
    assert collection("sample") == Folders.chosen().data == own / "data" / "sample"


def budget_of(own: Path, name: str, enhet: str) -> Path:
    folder = own / "data" / name
    folder.mkdir()
    (folder / "budget.csv").write_text(f"enhet;ar;version;budgetrad;kostnad_kr;intakt_kr\n{enhet};2025;vp;Lön;5;1\n")
    return folder


def test_the_only_collection_of_ones_own_is_the_one_looked_at(own, capsys):
    (own / "data" / "tom").mkdir()  # no table in it: no collection
    assert Folders.in_use().data == SAMPLE
    folder = budget_of(own, "norr", "312100")
    assert Folders.in_use().data == folder and Folders.chosen().data == SAMPLE  # a plan without data: runs the example
    assert Folders.in_use(data=SAMPLE).data == SAMPLE
    assert main(["list"]) == 0
    assert "312100" in capsys.readouterr().out.partition("Enheter")[2]
    assert open_case("budgetscenarier", enhet="312100", ar=2025).sources.folders.data == folder
    assert open_case("budgetscenarier", enhet="exempelenheten", ar=2024).sources.folders.data == SAMPLE
    assert open_case("budgetscenarier", enhet="finnsinte", ar=2025).sources.folders.data == folder


def test_of_several_collections_check_says_which_it_looked_at(own):
    for name in ("norr", "soder"):
        budget_of(own, name, name)
    assert Folders.in_use().data == SAMPLE
    said = [note for note in check(Folders.in_use()).notes if "Arbetsmappens egna: data/norr, data/soder." in note]
    assert len(said) == 1 and "planbok check --data data/norr" in said[0]
    assert not any("Arbetsmappens egna" in note for note in check(Folders.in_use(data=own / "data" / "norr")).notes)


def test_rows_of_the_example_are_never_removed(own, capsys):
    assert main(["gallra", "--fore", "2030-01"]) == 2
    assert "Exemplet gallras inte" in capsys.readouterr().err


def test_an_own_notebook_wins_over_its_namesake(own):
    (own / "notebooks" / "lss_peng.ipynb").write_text("{}", "utf-8")
    (own / "notebooks" / "min_egen.ipynb").write_text("{}", "utf-8")
    found = notebook_files()
    assert found["lss_peng"].is_relative_to(own) and found["min_egen"].is_relative_to(own)
    assert found["budgetscenarier"].is_relative_to(ROOT)


def test_a_process_is_told_which_workspace_it_works_for(own, monkeypatch):
    told = Folders.chosen().environment()
    monkeypatch.chdir(ROOT)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert workspace.workspace() == own and Folders.chosen().params == (own / "params", PARAMS)


def test_a_checkout_is_the_workspace_of_those_who_stand_in_it_or_nowhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert workspace.workspace() == ROOT and default_out() == tmp_path / "out"
    monkeypatch.chdir(ROOT / "docs")
    assert default_out() == ROOT / "out"


def test_what_is_installed_is_never_written_to(installed, capsys):
    assert workspace.workspace() is None and default_out() == installed / "out"
    folders = Folders.chosen()
    assert folders.params == (PARAMS,)
    with pytest.raises(InputError) as refused:
        _ = folders.own_params
    assert refused.value.faults[0].code == "no_workspace"
    assert main(["scenario", "ny", "eget"]) == 2
    assert "planbok init MAPP" in capsys.readouterr().err


def test_what_stands_there_is_named_and_left(tmp_path, capsys):
    (tmp_path / "x" / "params").mkdir(parents=True)
    (tmp_path / "x" / "README.md").write_text("min", "utf-8")
    assert main(["init", str(tmp_path / "x")]) == 2
    said = capsys.readouterr().err
    assert "README.md, params" in said and str(tmp_path) not in said
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["README.md", "params"]
    (tmp_path / "fil").write_text("")
    assert main(["init", str(tmp_path / "fil")]) == 2


def test_a_folder_without_a_name_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["init", ""]) == 2
    assert "mappen har inget namn" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_a_folder_that_exists_becomes_a_workspace_beside_what_is_in_it(tmp_path):
    (tmp_path / "export.csv").write_text("x", "utf-8")
    init(tmp_path)
    assert (tmp_path / MARK).is_file() and (tmp_path / "export.csv").read_text("utf-8") == "x"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".planbok-")] == []


@pytest.mark.parametrize("existed", [True, False])
def test_a_workspace_that_cant_be_laid_out_leaves_nothing(tmp_path, monkeypatch, existed):
    target = tmp_path / "x"
    if existed:
        target.mkdir()
    rename, tops = Path.rename, []

    def full(path, to):
        if path.parent.name.startswith(".planbok-"):
            tops.append(path.name)
            if len(tops) == 4:
                raise OSError(28, "No space left on device", str(to))
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", full)
    assert main(["init", str(target)]) == 1
    assert sorted(tmp_path.rglob("*")) == ([target] if existed else [])


def test_a_workspace_in_version_control_keeps_tables_and_reports_out(own):
    ignored = (own / ".gitignore").read_text("utf-8").splitlines()
    assert {"/data/", "/out/"} <= set(ignored)


def test_a_path_is_said_as_it_was_written_and_only_by_the_command_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a" / "b" / "c" / "d").mkdir(parents=True)
    monkeypatch.chdir("a/b/c/d")
    try:
        remember_typed(["check", "--data", "../../../b", "plan", f"--params={tmp_path}"])
        assert shown(tmp_path / "a" / "b" / "mal.csv") == "../../../b/mal.csv"
        assert shown(tmp_path / "x.csv") == f"{tmp_path}/x.csv"
        assert shown(Path("mal.csv")) == "mal.csv"
        monkeypatch.setattr("os.getpid", lambda: -1)  # a process that makes reports
        assert shown(tmp_path / "a" / "b" / "mal.csv") == "a/b/mal.csv"
        assert str(tmp_path) not in shown(tmp_path / "x.csv")
    finally:
        remember_typed([])


def test_a_workspace_within_another_is_refused(own, capsys):
    assert main(["init", "params/ny"]) == 2
    assert "i arbetsmappen" in capsys.readouterr().err and not Path("params/ny").exists()
