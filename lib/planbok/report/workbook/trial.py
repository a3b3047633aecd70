"""The Excel file's own dials: input cells, and formulas that work out the key figures of what is put in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from planbok.base.numbers import format_number
from planbok.case.result import Result
from planbok.case.sliders import Floor, Points, Slider, value_at
from planbok.report.text import in_words, number_decimals
from planbok.report.workbook.pen import Pen, number_format, text_height

TRIAL = "Prova"
INTRO = (
    "Ändra de gula cellerna: talen under räknas om med formler, här i Excel. Det är ett prov och inte rapportens svar: "
    "rapportens tal ändras inte."
)
_WIDTHS = (58, 18, 18, 18, 16)
UNIT = (2, "Enhet")  # the one head over words
_WORDS = 8  # the column where words for positions stand, out of the way
_FIRST = 4  # the first row of dials


def in_cells(result: Result) -> tuple[Slider, ...]:
    """The dials that formulas can work out, with the key figures of which they say all.

    What several dials move together by a grid is turned in the page only: a figure of which the cells would say a part
    is not among those of the sheet, nor a dial that moves no other.
    """
    by_grid = {grid.nyckeltal for grid in result.rutor}
    kept = [
        replace(slider, verkar_pa={key: terms for key, terms in slider.verkar_pa.items() if key not in by_grid})
        for slider in result.skjutreglage
    ]
    return tuple(slider for slider in kept if slider.verkar_pa)


def write_trial(pen: Pen, sheet: Any, result: Result) -> None:
    """The dials of a result as input cells, and what each key figure becomes."""
    result = replace(result, skjutreglage=in_cells(result))
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.hide_gridlines(2)
    pen.text(sheet, 0, (0, 0), TRIAL, "title")
    pen.text(sheet, 1, (0, 4), INTRO, "quiet")
    sheet.set_row(1, 32)
    _headings(pen, sheet, _FIRST - 1, ("Det som kan ändras", "Prova med", "Enhet", "Lägst", "Högst"))
    cells = {
        slider.id: _input(pen, sheet, _FIRST + place, slider, place) for place, slider in enumerate(result.skjutreglage)
    }
    row = _FIRST + len(cells) + 1
    keys = list(dict.fromkeys(key for slider in result.skjutreglage for key in slider.verkar_pa))
    factors = _factors(pen, sheet, row + len(keys) + 3, result, cells)
    _headings(pen, sheet, row, ("Vad det blir", "I rapporten", "Med provet", "Ändring", "Enhet"))
    for place, key in enumerate(keys, start=row + 1):
        _outcome(pen, sheet, place, result, key, factors[key])
    sheet.print_area(0, 0, row + len(keys), len(_WIDTHS) - 1)  # how it is worked out stands below, for who checks it


def _headings(pen: Pen, sheet: Any, row: int, texts: Sequence[str]) -> None:
    for place, text in enumerate(texts):
        pen.text(sheet, row, (place, place), text, "heading", *(["right"] if place and (place, text) != UNIT else []))


def _input(pen: Pen, sheet: Any, row: int, slider: Slider, place: int) -> str:
    """A dial's row: its input cell, held within what it can be. Gives the position as a formula names it."""
    pen.text(sheet, row, (0, 0), slider.etikett, "text")
    pen.text(sheet, row, (2, 2), in_words(slider.mattenhet), "text")
    cell = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
    if not slider.namn:
        decimals = 0 if slider.steg >= 1 else 2
        look = pen.look("number", num_format=number_format(decimals))
        sheet.write_number(row, 1, slider.start, pen.look("number", "input", num_format="#,##0.######"))
        sheet.write_number(row, 3, slider.minst, look)
        sheet.write_number(row, 4, slider.mest, look)
        said = f"Från {format_number(slider.minst, decimals)} till {format_number(slider.mest, decimals)}"
        held = {"validate": "decimal", "criteria": "between", "minimum": slider.minst, "maximum": slider.mest}
        sheet.data_validation(
            row, 1, row, 1, held | {"error_title": "Utanför det som kan provas", "error_message": said}
        )
        return cell
    column = _WORDS + 2 * place
    for step, (position, name) in enumerate(slider.namn.items()):
        pen.text(sheet, step, (column, column), name, "quiet")
        sheet.write_number(step, column + 1, position, pen.look("quiet"))
    words, positions = (_fixed(0, column + n, len(slider.namn)) for n in (0, 1))
    sheet.set_column(column, column + 1, None, None, {"hidden": True})
    sheet.write_string(row, 1, slider.namn[int(slider.start)], pen.look("input", "right"))
    names = list(slider.namn.values())
    pen.text(sheet, row, (3, 3), names[0], "right")
    pen.text(sheet, row, (4, 4), names[-1], "right")
    sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": f"={words}"})
    return f"INDEX({positions},MATCH({cell},{words},0))"


def _fixed(row: int, column: int, count: int) -> str:
    ends = (xl_rowcol_to_cell(at, column, row_abs=True, col_abs=True) for at in (row, row + count - 1))
    return ":".join(ends)


def _factors(
    pen: Pen, sheet: Any, row: int, result: Result, cells: Mapping[str, str]
) -> dict[str, list[list[tuple[str, str]]]]:
    """How each dial's position becomes a factor of a term: now, and in the report. Gives each figure's terms."""
    pen.text(
        sheet, row, (0, 0), "Så räknas provet: vad varje reglage gör med varje nyckeltal (skrivs inte ut)", "section"
    )
    _headings(pen, sheet, row + 1, ("Nyckeltal och reglage", "Faktor nu", "I rapporten"))
    row += 2
    terms: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for slider in result.skjutreglage:
        for key, of_key in slider.verkar_pa.items():
            for term, points in of_key.items():
                label = f"{result.nyckeltal[key].etikett}: {slider.etikett}"
                pen.text(sheet, row, (0, 0), label, "quiet")
                sheet.set_row(row, text_height(label, _WIDTHS[0]))
                start = value_at(points, slider.start)
                look = pen.look("number", num_format="#,##0.######;−#,##0.######")
                sheet.write_formula(row, 1, f"={line_formula(points, cells[slider.id])}", look, start)
                sheet.write_number(row, 2, start, look)
                pair = (xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 2))
                terms.setdefault(key, {}).setdefault(term, []).append(pair)
                row += 1
    return {key: list(of_key.values()) for key, of_key in terms.items()}


def line_formula(points: Points, cell: str) -> str:
    """The straight lines through points as a formula of a cell, as they are before the first and after the last.

    >>> line_formula([(0, 0), (10, 100), (20, 200), (30, 100)], "B5")
    '0+10*(MEDIAN(0,B5,20)-0)-10*(MEDIAN(20,B5,30)-20)'
    """
    (x0, y0), *rest = points
    begin, parts, last = x0, f"{y0:.17g}", x0
    slope: float | None = None
    at = y0
    for x, y in rest:
        rises = (y - at) / (x - last)
        if slope is not None and abs(rises - slope) > 1e-12 * max(1.0, abs(rises), abs(slope)):
            parts += _piece(slope, begin, last, cell)
            begin = last
            slope = rises
        slope = rises if slope is None else slope
        at, last = y, x
    return parts + (_piece(slope, begin, last, cell) if slope is not None else "")


def _piece(slope: float, begin: float, end: float, cell: str) -> str:
    sign = "-" if slope < 0 else "+"
    return f"{sign}{abs(slope):.17g}*(MEDIAN({begin:.17g},{cell},{end:.17g})-{begin:.17g})" if slope else ""


def _outcome(pen: Pen, sheet: Any, row: int, result: Result, key: str, terms: list[list[tuple[str, str]]]) -> None:
    """A key figure: in the report, with the trial, and the change."""
    figure = result.nyckeltal[key]
    pen.text(sheet, row, (0, 0), figure.etikett, "text")
    now, before = ("+".join("*".join(pair[n] for pair in term) for term in terms) for n in (0, 1))
    change = _floored(f"{now}-({before})", result.golv.get(key))
    decimals = 2 if figure.mattenhet == "mnkr" else min(number_decimals(figure.varde or 0.0), 1)
    look, signed = (pen.look("number", num_format=number_format(decimals, sign)) for sign in (False, True))
    sheet.write_formula(row, 3, f"={change}", signed, 0.0)
    pen.text(sheet, row, (4, 4), in_words(figure.mattenhet), "text", "right")
    if figure.varde is None:
        pen.text(sheet, row, (1, 2), figure.why, "text")
        return
    sheet.write_number(row, 1, figure.varde, look)
    there, moved = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 3)
    sheet.write_formula(row, 2, f"={there}+{moved}", look, figure.varde)


def _floored(change: str, floor: Floor | None) -> str:
    if floor is None:
        return change
    base, least = f"{floor.utan:.17g}", f"{floor.minst:.17g}"
    return f"MAX({base}+{change},{least})-MAX({base},{least})"
