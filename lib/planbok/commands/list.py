"""`planbok list`: what there is to run, with what, for whom."""

import argparse

from planbok.base.workspace import Folders
from planbok.batch.plan.notebooks import NotebookFile, read_notebooks
from planbok.batch.plan.plan import plan_paths
from planbok.inputs.documents import Document, read_document
from planbok.inputs.scenario.load import BAS, BASELINE, read_scenario, scenario_paths
from planbok.inputs.tables.collection import Collection
from planbok.topics import notebooks, topic_of

KINDS = {str: "text", int: "heltal", float: "tal", bool: "True eller False"}  # as a notebook's parameter is written


def show(arguments: argparse.Namespace, folders: Folders) -> int:
    """Says what there is, under headings."""
    for heading, lines in listing(folders).items():
        print(heading, *(f"  {line}" for line in lines or ["–"]), "", sep="\n")
    return 0


def listing(folders: Folders) -> dict[str, list[str]]:
    """Lines to show under each heading.

    Faulty notebooks, scenarios and plans are listed by their id all the same; `planbok check` says what is wrong.
    """
    listed = [line for notebook in read_notebooks().values() for line in _notebook_lines(notebook)]
    scenarios = {name: read_scenario(path, []) for name, path in scenario_paths(folders).items()}
    lines = [f"{BASELINE} · {BAS.titel}", *(f"{name} · {_title(found)}" for name, found in scenarios.items())]
    plans = [f"{name} · {_title(read_document(path, 'plan'))}" for name, path in plan_paths(folders).items()]
    units = _units(Collection(folders.data))
    return {"Anteckningsböcker": listed, "Scenarier": lines, "Planer": plans, "Enheter": units}


def _notebook_lines(notebook: NotebookFile) -> list[str]:
    head = f"{notebook.id} · {notebook.titel}"
    if notebook.faults:
        return [head, "    går inte att köra; planbok check säger varför"]
    known = notebooks()[notebook.id].parameters if notebook.id in notebooks() else {}
    said = ((p, p.comment or known.get(p.name, "")) for p in notebook.parameters.values())
    lines = [f"    {p.name}: {KINDS[p.type]} = {p.default!r}  {words}".rstrip() for p, words in said]
    return [head, *lines, *_table_line(notebook.id)]


def _table_line(notebook: str) -> list[str]:
    """What tables a notebook needs, and which it reads where they are there; nothing for somebody's own."""
    topic = topic_of(notebook)
    if topic is None:
        return []
    more = f"; läser också, om de finns: {', '.join(topic.uses)}" if topic.uses else ""
    return [f"    behöver tabellerna {', '.join(topic.needs)}{more}"]


def _title(document: Document) -> str:
    value = document.value or {}
    return str(value.get("titel") or "titel saknas")


def _units(collection: Collection) -> list[str]:
    """A line for every unit that a table names."""
    return [
        f"{enhet} · {name or 'namn saknas'} ({', '.join(tables) or 'inga tabeller'})"
        for enhet, (name, tables) in unit_tables(collection).items()
    ]


def unit_tables(collection: Collection) -> dict[str, tuple[str, list[str]]]:
    """Every unit that a table names: its name ("" where there is none) and the tables it is in."""
    found: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for table in collection.names():
        frame = collection.read(table).frame
        if table == "enheter":
            names = dict(zip(frame["enhet"], frame["namn"], strict=True))
        elif "enhet" in frame:
            for enhet in frame["enhet"].unique():
                found.setdefault(enhet, []).append(table)
    listed = sorted({**dict.fromkeys(names, []), **found}.items())
    return {enhet: (names.get(enhet, ""), tables) for enhet, tables in listed}
