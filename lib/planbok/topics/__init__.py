"""The list of topics: one line for each, by the name of its folder.

Each folder's `__init__` holds its `TOPIC`; nothing of a topic is imported before it is asked for.
"""

from importlib import import_module

from planbok.case.topic import Notebook, Topic
from planbok.inputs.tables.specs import TABLES

FOLDERS = (
    "budget",
    "lss_peng",
    "group_home",
    "staffing",
    "follow_up",
    "insatser",
    "home_care",
    "goals",
    "control",
    "decisions",
    "assistance",
)
TOPICS: tuple[Topic, ...] = tuple(import_module(f"{__name__}.{folder}").TOPIC for folder in FOLDERS)
TABLES.update({spec.name: spec for topic in TOPICS for spec in topic.tables})
BUDGET = next(topic for topic in TOPICS if topic.id == "budget")  # holds every change that lands on the unit's money


def topic_of(notebook: str) -> Topic | None:
    """The topic that a notebook shows; None for one of somebody's own."""
    return next((topic for topic in TOPICS if topic.notebook(notebook)), None)


def notebooks() -> dict[str, Notebook]:
    """What the topics say of their notebooks, by id."""
    return {notebook.id: notebook for topic in TOPICS for notebook in topic.notebooks}


def period_tables() -> dict[str, str]:
    """The table that says how far the figures of each notebook reach."""
    return {notebook.id: topic.reach for topic in TOPICS if topic.reach for notebook in topic.notebooks}
