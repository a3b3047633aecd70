"""The pages that are printed from the code, and what the docs say of the tree."""

import re

import pytest
from make_docs import DOCS, PAGES

from planbok.base.workspace import NOTEBOOKS, ROOT
from planbok.commands.register import register


@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_as_the_code_has_it(name):
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "make docs skriver sidan på nytt"


def test_every_notebook_stands_in_the_register():
    notebooks = {path.stem for path in NOTEBOOKS.glob("*.ipynb")} - {"start"}
    assert {entry.id for entry in register()} == notebooks | {"gemensamt"}
    assert all(entry.modellerar and entry.verifierat and entry.utelamnat for entry in register())


def test_the_rooms_of_the_architecture_are_those_of_the_tree():
    text = (DOCS / "architecture.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `([a-z_/]+)/` \|", text, re.MULTILINE))
    library = ROOT / "lib" / "planbok"
    rooms = {path.parent for path in library.rglob("*.py")} - {library}
    assert listed == {room.relative_to(library).as_posix() for room in rooms}
    assert len([room for room in rooms if room.parent == library]) <= 12
    assert {path.name for path in library.glob("*.py")} == {"__init__.py", "__main__.py", "cli.py"}
    for path in re.findall(r"`((?:lib|tests|params|docs|notebooks|data)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_links_between_the_docs_lead_somewhere():
    for page in (*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
