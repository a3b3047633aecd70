"""Headings as they are matched, wherever a table comes from."""

import unicodedata
from typing import Any

from planbok.base.numbers import visible

HEAD_ROWS = 20


def heading_text(cell: Any) -> str:
    """A heading as it is matched: stripped, lower case, without what can't be seen.

    >>> heading_text("  \u200bKostnad_mnkr ")
    'kostnad_mnkr'
    """
    return unicodedata.normalize("NFC", visible(str(cell)).strip().lower())
