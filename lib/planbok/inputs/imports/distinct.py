"""Columns of few values that differ: each is looked at once, however many the rows."""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.numbers import cell_text
from planbok.inputs.imports.profile import starts_with


def any_of(masks: list[pd.Series], index: pd.Index) -> pd.Series:
    found = pd.Series(False, index=index)
    for mask in masks:
        found |= mask
    return found


class Distinct:
    """A column's cells, each that differs looked at once."""

    def __init__(self, cells: pd.Series):
        self.index = cells.index
        self.codes, self.cells = pd.factorize(cells, use_na_sentinel=False)
        self.texts = [cell_text(cell) for cell in self.cells]

    def empty(self) -> pd.Series:
        """The cells without anything at all."""
        holds = np.fromiter((isinstance(cell, str) and cell == "" for cell in self.cells), bool, len(self.cells))
        return pd.Series(holds[self.codes], index=self.index)

    def lowered(self) -> list[str]:
        """Each text that differs, without case."""
        return [text.casefold() for text in self.texts]

    def among(self, words: Iterable[str]) -> pd.Series:
        """The cells whose text is one of some words, whatever its case."""
        return self.where({word.casefold() for word in words}.__contains__, self.lowered())

    def where(self, holds: Callable[[str], bool], texts: list[str] | None = None) -> pd.Series:
        """The cells whose text (or another of each that differs) something holds for."""
        answers = np.fromiter((bool(holds(text)) for text in texts or self.texts), bool, len(self.texts))
        return pd.Series(answers[self.codes], index=self.index)


def begins(cells: Distinct, words: tuple[str, ...], whole_word: bool = False) -> pd.Series:
    """Which cells begin with one of the words; a whole word is one that no letter follows."""
    return cells.where(partial(starts_with, words=words, whole_word=whole_word))
