"""environment.yml and pyproject.toml say the same, and the lock files hold what they say."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import make_supply_chain
import pytest
import yaml_files
from packaging.requirements import Requirement
from packaging.version import Version

from planbok.base.workspace import ROOT

OTHER_NAME = {"playwright-python": "playwright", "python-tzdata": "tzdata"}  # conda-forge's name to PyPI's
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONDA_ONLY = {"python", "pip"}
TESTS = ROOT / "tests"
OWN = {
    "planbok",
    *(
        path.stem
        for folder in (TESTS, ROOT / "data", ROOT / "docs")
        for path in folder.rglob("*")
        if path.suffix in ("", ".py")
    ),
}
IN_BOTH = {"nbclient", "packaging"}  # the library's own packages need them too
NEVER_IMPORTED = {
    "anywidget": "plotly's FigureWidget needs it",
    "ipykernel": "the kernel that notebooks run in",
    "jupyterlab": "make lab",
    "psycopg": "SQLAlchemy's way to PostgreSQL",
    "tzdata": "zoneinfo's time zones where the system has none",
}


def bounds(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def pypi() -> dict[str, frozenset[str]]:
    listed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    return {(r := Requirement(text)).name.lower(): bounds(str(r.specifier)) for text in listed}


def conda() -> dict[str, frozenset[str]]:
    listed = yaml_files.read(ROOT / "environment.yml")["dependencies"]
    found, from_pypi = {}, [name for group in listed if isinstance(group, dict) for name in group["pip"]]
    for spec in [spec for spec in [*listed, *from_pypi] if isinstance(spec, str) and not spec.startswith("-e")]:
        name, _, version = spec.partition(" ")
        found[OTHER_NAME.get(name, name)] = bounds(version)
    return found


def locked(name: str) -> dict[str, set[Version]]:
    """Versions by package; a package may be pinned twice for different Pythons."""
    found: dict[str, set[Version]] = {}
    for pin in re.finditer(r"^([\w.\-\[\]]+)==([^\s;\\]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE):
        found.setdefault(plain(pin[1]), set()).add(Version(pin[2]))
    return found


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.lower())


def declared(*texts: str) -> set[str]:
    return {plain(Requirement(text).name) for text in texts}


def imported(folder: Path) -> dict[str, str]:
    """The distributions that the modules of a folder import, each with one module that does."""

    distributions = packages_distributions()
    found = {}
    for path in sorted(folder.rglob("*.py")):
        for name in tops(path):
            if name not in sys.stdlib_module_names and name not in OWN:
                found |= {plain(distribution): path.name for distribution in distributions.get(name, [name])}
    return found


def tops(path: Path) -> Iterator[str]:
    """The top names of what a module imports, wherever in it."""
    for node in statements(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
        yield from (name.partition(".")[0] for name in names)


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module, those in others too; what they are made of holds no import."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        for one in getattr(node, part, ()):
            yield one
            yield from statements(one)


def test_every_package_that_the_library_imports_is_declared_and_none_besides():
    found = imported(ROOT / "lib" / "planbok")
    assert len(found) > 10
    extra = [text for name in ("cluster", "dashboard", "sql") for text in PROJECT["optional-dependencies"][name]]
    undeclared = {n: module for n, module in found.items() if n not in declared(*PROJECT["dependencies"], *extra)}
    assert not undeclared
    assert declared(*PROJECT["dependencies"], *extra) == set(found) | set(NEVER_IMPORTED)


def test_every_package_that_the_tests_import_is_declared():
    found = imported(TESTS)
    assert {"pytest", "hypothesis", "packaging"} <= set(found)
    listed = declared(*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"])
    assert not {name: module for name, module in found.items() if name not in listed}


def test_environment_and_project_name_the_same_packages_within_the_same_bounds():
    ours = {name: spec for name, spec in conda().items() if name not in CONDA_ONLY}
    assert len(ours) > 20
    assert ours == pypi()


def test_environment_asks_for_the_same_python():
    assert conda()["python"] == bounds(PROJECT["requires-python"])


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", []), ("requirements-test.lock", ["test"])])
def test_lock_file_pins_every_dependency_within_its_bounds(lock, extras):
    pins = locked(lock)
    wanted = [*PROJECT["dependencies"], *(r for extra in extras for r in PROJECT["optional-dependencies"][extra])]
    assert wanted
    for text in wanted:
        requirement = Requirement(text)
        name = plain(requirement.name)
        assert name in pins, f"{lock} does not pin {name}"
        assert all(version in requirement.specifier for version in pins[name])


def test_lock_files_agree_and_carry_hashes():
    base, test = locked("requirements.lock"), locked("requirements-test.lock")
    assert len(base) > 80
    assert {name: test[name] for name in base} == base
    for lock in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert text.count("--hash=sha256:") >= len(locked(lock))
        assert "://" not in text


def test_base_set_up_stays_without_the_test_tools():
    base = locked("requirements.lock")
    extras = PROJECT["optional-dependencies"]
    only_test = declared(*extras["test"], *extras["cluster"]) - IN_BOTH
    assert not only_test & set(base)


def test_the_bill_of_materials_and_the_licences_are_those_of_the_lock():
    locked = make_supply_chain.pins((ROOT / "requirements.lock").read_text("utf-8"))
    bill = json.loads(make_supply_chain.SBOM.read_text("utf-8"))
    assert [(part["name"], part["version"]) for part in bill["components"]] == locked
    told = make_supply_chain.LICENCES.read_text("utf-8")
    assert all(f"| {name} | {version} | " in told for name, version in locked)
    assert make_supply_chain.UNSAID not in told
