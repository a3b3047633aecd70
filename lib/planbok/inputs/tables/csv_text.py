"""Csv files of any delimiter and encoding: as one frame of cells, or part by part where there are millions of rows."""

import csv
import io
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice

import numpy as np
import pandas as pd

from planbok.inputs.tables.encoding import PIECE, UnreadableFileError, check_size, encoding_of, pieces
from planbok.inputs.tables.headings import HEAD_ROWS, heading_text
from planbok.inputs.tables.xlsx import Sheet

PART = 100_000  # rows of a part
PART_CELLS = 2_000_000  # cells of a part at most: a wide file's rows take more memory each
_QUOTE = "ett citattecken öppnas men stängs inte på samma rad. Stäng det, eller spara om filen från Excel."
HEAD_CHARACTERS = 1_000_000  # more than any first rows are; the rest of a large file need not be copied


class CsvText:
    """The bytes of a csv file, read anew for each pass over its rows: what is kept is less than any form of cells."""

    def __init__(self, raw: bytes, headings: Collection[str]):
        self.encoding = encoding_of(raw)
        self.raw = "".join(pieces(raw, "utf-16")).encode() if self.encoding == "utf-16" else raw.rstrip(b"\x1a")
        self.encoding = "utf-8" if self.encoding == "utf-16" else self.encoding
        if not any(piece.strip() for piece in pieces(self.raw, self.encoding)):
            raise UnreadableFileError("filen är tom. Lägg dit en rubrikrad och minst en rad.")
        text = next(pieces(self.raw, self.encoding))[:HEAD_CHARACTERS]
        heads = {delimiter: _head(text, delimiter) for delimiter in ";\t,"}
        self.delimiter = max(heads, key=lambda mark: _delimiter_score(heads[mark], headings))
        self.widths = tuple(map(len, heads[self.delimiter]))
        self.lines, self.quotes = self.raw.count(b"\n"), b'"' in self.raw
        check_size(self.lines, max(self.widths))
        counts = self._counts()  # pandas would leave out cells beyond those of a part's first row
        self.width = max(1, *self.widths, int(counts.max(initial=0)))
        check_size(1, self.width)
        self.counts = counts if self.delimiter == "," else None

    @property
    def most_rows(self) -> int:
        """At least as many rows as there are: every end of a line, also within citation marks."""
        return 1 + self.lines + self.raw.count(b"\r") - self.raw.count(b"\r\n")

    def release(self) -> None:
        """Let the bytes go: nothing more is read."""
        self.raw = b""

    @property
    def part(self) -> int:
        """How many rows a part has."""
        return max(1, min(PART, PART_CELLS // self.width))

    def cells(self) -> pd.DataFrame:
        """Every cell."""
        (cells,) = self._read(None)
        return cells

    def parts(self) -> Iterator[pd.DataFrame]:
        """The cells, some rows at a time."""
        return self._read(self.part)

    def _read(self, rows: int | None) -> Iterator[pd.DataFrame]:
        try:
            with self._file() as file:  # closed, it lets the bytes go, though pandas' reader may live on
                read = pd.read_csv(
                    file,
                    sep=self.delimiter,
                    header=None,
                    names=range(self.width),
                    index_col=False,
                    dtype=object,
                    na_filter=False,
                    skip_blank_lines=False,
                    on_bad_lines="error",
                    low_memory=False,
                    chunksize=rows,
                )
                for cells in read if rows else (read,):
                    cells.index += 1
                    if self.quotes:
                        _check_quotes(cells, self.delimiter)
                    yield cells  # a cell that a short row lacks is "" too, without na_filter
        except pd.errors.ParserError as error:
            found = re.search(r"starting at row ([0-9]+)", str(error))
            raise UnreadableFileError(_QUOTE, int(found[1]) + 1 if found else 0) from None

    def _file(self) -> io.TextIOWrapper:
        file = io.BytesIO(self.raw)
        return io.TextIOWrapper(file, "utf-8-sig" if self.encoding == "utf-8" else self.encoding, newline="")

    def _sound_lines(self) -> int:
        """The lines before the row that cannot be read."""
        rows, line = csv.reader(self._file(), delimiter=self.delimiter), 0
        with suppress(csv.Error):
            for _ in rows:
                line = rows.line_num
        return line

    def _counts(self) -> np.ndarray:
        """How many cells each row has."""
        if self.quotes:
            try:
                return np.fromiter(map(len, csv.reader(self._file(), delimiter=self.delimiter)), np.int32)
            except csv.Error:  # a cell longer than the module reads
                raise UnreadableFileError(_QUOTE, self._sound_lines() + 1) from None
        found, start = [np.zeros(0, np.int32)], 0
        while start < len(self.raw):
            end = self.raw.find(b"\n", start + PIECE) + 1 or len(self.raw)
            text = np.frombuffer(self.raw, np.uint8, end - start, start)
            is_end = text == ord("\n")
            is_end[:-1] |= (text[:-1] == ord("\r")) & ~is_end[1:]
            is_end[-1] = True  # the last row may have no end of its own
            before = np.searchsorted(np.flatnonzero(text == ord(self.delimiter)), np.flatnonzero(is_end), "right")
            found.append(np.diff(before, prepend=0).astype(np.int32) + 1)
            start = end
        return np.concatenate(found)


def csv_sheet(raw: bytes, headings: Collection[str], whole: bool) -> Sheet:
    """A csv file as a sheet; a long one in parts, unless it is wanted whole."""
    text = CsvText(raw, headings)
    if whole or text.lines <= text.part:
        return Sheet("", text.cells(), text.widths, counts=text.counts)
    if text.quotes:
        for _ in text.parts():  # what stops the reading comes before all other faults
            pass
    return Sheet("", next(text.parts()).head(HEAD_ROWS), text.widths, counts=text.counts, in_parts=text)


def _check_quotes(cells: pd.DataFrame, delimiter: str) -> None:
    """Refuses a cell that has swallowed the rows after it, up to the next citation mark."""
    for position in cells:
        broken = cells[position][cells[position].str.contains("\n", regex=False)]
        swallows = broken.index[broken.str.contains(delimiter, regex=False)]
        if len(swallows):
            raise UnreadableFileError(_QUOTE, int(swallows[0]))


def _head(text: str, delimiter: str) -> list[list[str]]:
    """The first rows, up to one that cannot be read."""
    rows = []
    with suppress(csv.Error):
        for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEAD_ROWS):
            rows.append(row)
    return rows or [[]]


def _delimiter_score(rows: list[list[str]], headings: Collection[str]) -> tuple[int, int]:
    known = set(headings)
    return max((len({heading_text(cell) for cell in row} & known), len(row)) for row in rows)
