"""What a PDF says: its pages' texts, run by run, and every other text in it, read by pypdf."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject, TextStringObject

FILES = ("/EmbeddedFile", "/Metadata")  # streams that hold a text or a file of their own


def pdf_texts(data: bytes) -> Iterator[str | bytes]:
    """The texts of each page, run by run, then titles, alternatives in words and other properties; files as bytes.

    Raises
    ------
    ValueError
        If its pages can't be read, or nothing on them can: then nobody can say what it shows.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        pages = [_page(page) for page in reader.pages]
        if not pages or (not any(pages) and any("/Font" in page.get("/Resources", {}) for page in reader.pages)):
            raise ValueError("no text")
        objects = [reader.get_object(number) for generation in reader.xref.values() for number in generation if number]
        objects += [reader.get_object(number) for number in reader.xref_objStm]
        found = [*pages, *(text for item in objects for text in _texts(item)), *_texts(reader.trailer)]
    except (PyPdfError, AttributeError, KeyError, TypeError, IndexError, RecursionError) as problem:
        raise ValueError(str(problem)) from problem
    yield from found


def _page(page: Any) -> str:
    """A page's text, each run on a line of its own: a table's cell and a figure's label are a run each."""
    runs: list[str] = []
    page.extract_text(visitor_text=lambda text, *_: runs.append(text.strip("\n")))
    return "\n".join(filter(str.strip, runs))


def _texts(item: Any) -> Iterator[str | bytes]:
    """The texts of one object and of what it holds itself, not of what it refers to."""
    if isinstance(item, TextStringObject):
        yield str(item)
    elif isinstance(item, DictionaryObject):
        if isinstance(item, StreamObject) and item.get("/Type") in FILES:
            yield item.get_data()
        for value in item.values():
            yield from _texts(value)
    elif isinstance(item, ArrayObject):
        for value in item:
            yield from _texts(value)
