"""Whether a column's points and commas are decimal marks: its cells show it together, a single one may not."""

import pandas as pd


class Marks:
    """What the numbers of a column show of points and commas, gathered from one part of it after the other.

    A cell of the form 1.945 (or 1,945) is ambiguous where no cell shows that this mark is a decimal one. It is where
    some cell has it before another number of digits than three, or after none, a leading 0 or more than three digits in
    a row, or where the other mark separates thousands.
    """

    def __init__(self) -> None:
        self.judged = False  # whether every part has been seen
        self._shaped, self._separates, self._decides = set[str](), set[str](), set[str]()

    @property
    def ambiguous(self) -> set[str]:
        """The marks that can be read in two ways."""
        return {own for own in self._shaped if own in self._separates or own not in self._decides}

    def see(self, parts: pd.DataFrame) -> None:
        """Take in the parts of a column's distinct texts."""
        whole, mark = parts["whole"].fillna("0"), parts["mark"]
        grouped = whole[~whole.str.isdigit()]
        ungrouped = whole.str.len().sub(3).gt(0)
        ungrouped[grouped.index] = False
        for own, other in ((".", ","), (",", ".")):
            has, shaped = mark.eq(own), shape(parts, own)
            if shaped.any():
                self._shaped.add(own)
            if mark.eq(other).any() or grouped.str.contains(own, regex=False).any():
                self._separates.add(own)
            if (has & ~shaped).any() or ungrouped.any() or grouped.str.contains(f"[ {other}]").any():
                self._decides.add(own)

    def see_plain(self, texts: list[str]) -> None:
        """Takes in texts of digits that may have one mark, which does not stand before exactly three digits."""
        for own, other in ((".", ","), (",", ".")):
            if any(own in text for text in texts):
                self._decides.add(own)
                self._separates.add(other)
        if any(len(text.lstrip("-").replace(",", ".").partition(".")[0]) > 3 for text in texts):
            self._decides |= {".", ","}


def shape(parts: pd.DataFrame, own: str) -> pd.Series:
    """Which numbers are one to three digits, a mark, and three digits."""
    found = parts["mark"].eq(own) & parts["part"].str.len().eq(3)
    if found.any():
        found &= parts["whole"].fillna("0").str.fullmatch("[1-9][0-9]{0,2}")
    return found


def ambiguous(parts: pd.DataFrame, marks: Marks | None) -> pd.Series:
    """Which cells can be read in two ways.

    `marks` are those of the whole column, where `parts` is a part of it: until they are judged, no cell is ambiguous.
    """
    of_column = marks or Marks()
    if not of_column.judged:
        of_column.see(parts)
    doubtful = pd.Series(False, index=parts.index)
    for own in of_column.ambiguous if marks is None or marks.judged else ():
        doubtful |= shape(parts, own)
    return doubtful
