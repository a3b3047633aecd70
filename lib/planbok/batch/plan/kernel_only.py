"""What in a notebook's code only an ordinary kernel can do, so that it gets one without asking."""

import re

# Widgets have a front end to talk to, a running event loop outlives its cell, and the history is the kernel's own file.
SIGNS = re.compile(
    r"\b(?:asyncio|anyio|trio|nest_asyncio|ipywidgets|anywidget|ipykernel|ipyparallel|FigureWidget|create_comm)\b"
    r"|\btqdm\.(?:auto|notebook|autonotebook)\b"
    r"|\b(?:from|import)\s+comm\b"
    r"|\bawait\b|\basync\s+(?:def|for|with)\b"
    r"|\.kernel\b"
    r"|^\s*%(?:hist|history|recall|rep|rerun|save|macro|edit|ed|pastebin|notebook|gui)\b"
    r"|^\s*(?:exit|quit)\s*(?:\(\s*\))?\s*$",
    re.MULTILINE,
)


def needs_kernel(source: str) -> bool:
    """Whether a cell's code has something that only a kernel does; a word in a comment counts, and costs two seconds.

    >>> [needs_kernel(code) for code in ("import ipywidgets as w", "await svar", "%history -l 1", "exit")]
    [True, True, True, True]
    >>> [needs_kernel(code) for code in ("awaited = 1", "display('x', display_id=True)", "import commune")]
    [False, False, False]
    """
    return SIGNS.search(source) is not None
