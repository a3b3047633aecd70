"""What a case's audience may see, asked by topics' dials and explorers: they never ask who that is."""

from typing import Any

from planbok.case.case import Case
from planbok.case.result import People, Result, Table
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import open_parts, protect
from planbok.disclosure.words import as_read, table_in_words


def seen(case: Case, result: Result) -> Result:
    """A whole result as the case's audience may see it."""
    return protect(result, policy(case))


def seen_parts(case: Case, people: People) -> list[Any]:
    """The parts of some people that the case's audience may see one by one."""
    return open_parts(people, policy(case))


def as_said(case: Case, value: Any) -> Any:
    """A text, or a table with its texts, as the case's audience reads it."""
    public = policy(case).public
    return table_in_words(value, public) if isinstance(value, Table) else as_read(value, public)
