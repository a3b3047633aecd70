"""Swedish numbers: what people and systems write is read, what is written can be read back."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planbok.base.numbers import MINUS, NO_BREAK, format_number, format_unit, parse, parse_column, parse_range_column

NUMBERS = [
    ("144,8", 144.8, "", 1),
    ("10 000 st", 10000, "st", 0),
    ("10\u00a0000 st", 10000, "st", 0),
    ("10\u202f000", 10000, "", 0),
    ("10000 st", 10000, "st", 0),
    ("41, 8", 41.8, "", 1),
    ("41 ,8", 41.8, "", 1),
    ("88%", 88, "%", 0),
    ("88 %", 88, "%", 0),
    ("7,5 %", 7.5, "%", 1),
    ("\u22120,3", -0.3, "", 1),
    ("-0,3", -0.3, "", 1),
    ("\u20130,3", -0.3, "", 1),
    ("0,3-", -0.3, "", 1),
    ("0,3\u2212", -0.3, "", 1),
    ("- 5", -5, "", 0),
    ("+3,3", 3.3, "", 1),
    ("3.5", 3.5, "", 1),
    ("1.945", 1.945, "", 3),
    ("1.945,5", 1945.5, "", 1),
    ("1.945.000", 1945000, "", 0),
    ("1,945.5", 1945.5, "", 1),
    ("1 234 567,89 kr", 1234567.89, "kr", 2),
    ("1.8 kg CO2 per kg livsmedel", 1.8, "kg CO2 per kg livsmedel", 1),
    ("1945 GWh", 1945, "GWh", 0),
    (",5", 0.5, "", 1),
    (72, 72, "", 0),
    (np.float64(2.5), 2.5, "", 1),
]
TEXTS = [
    *("tas fram av nämnden", "Fastställs 2016", "öka", "", "-", "\u2013", "#SAKNAS!", "144 8", "1.94.5", "24.10.2016"),
    *("2016-10-01", "2016-10", "1e5", "1,2E+05", "-5-", "5,", "12:30", "nan", "inf", "12000-11000", "1" * 400),
]


@pytest.mark.parametrize(("text", "value", "unit", "decimals"), NUMBERS)
def test_a_number_is_read_as_people_write_it(text, value, unit, decimals):
    found = parse(text)
    assert (found.varde, found.enhet, found.decimaler) == (value, unit, decimals)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_is_no_number_is_none(text):
    found = parse(text)
    assert (found.varde, found.enhet, found.decimaler) == (None, "", 0)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, "  "])
def test_nothing_is_read_as_nothing(missing):
    assert parse(missing) == parse("")


@pytest.mark.parametrize("dash", ["-", "\u2013", "\u2212", " \u2013 "])
def test_a_range_has_ends_and_no_value(dash):
    frame, bad, decimals = parse_range_column(pd.Series([f"11\u00a0000{dash}12000,5 kr"]), ["kr"])
    assert (frame["lag"].item(), frame["hog"].item(), decimals) == (11000, 12000.5, 1)
    assert frame["varde"].isna().all() and not bad.any()
    assert parse(f"11\u00a0000{dash}12000,5 kr").varde is None


def test_a_range_may_be_below_zero():
    frame, bad, _ = parse_range_column(pd.Series(["-5--3"]))
    assert (frame["lag"].item(), frame["hog"].item(), bad.any()) == (-5, -3, False)


def half_away(number: float, decimals: int) -> float:
    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


@settings(deadline=None)
@given(st.floats(-1e12, 1e12), st.integers(0, 4), st.booleans())
def test_what_is_written_is_read_back(number, decimals, signed):
    text = format_number(number, decimals, signed)
    assert parse(text).varde == half_away(number, decimals)
    assert parse(text).decimaler == decimals
    assert text.lstrip(MINUS + "+0,") or not text.startswith((MINUS, "+"))


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.sampled_from(["mnkr", "kr", "procent", "st", "dygn", "h", "kr/manad", "arsarbetare"]))
def test_a_number_with_a_unit_is_read_back(number, unit):
    assert parse(format_unit(number, unit)).varde is not None
    assert parse(format_unit(number, unit)).enhet


@settings(deadline=None)
@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), min_size=1))
def test_a_column_reads_as_its_cells(numbers):
    written = pd.Series([format_number(number, 2) for number in numbers], index=range(5, 5 + len(numbers)))
    values, bad, decimals = parse_column(written)
    assert values.tolist() == [parse(text).varde for text in written]
    assert values.index.equals(written.index)
    assert (bad.any(), decimals) == (False, 2)
    assert parse_column(pd.Series(numbers))[0].tolist() == [number + 0.0 for number in numbers]


@pytest.mark.parametrize(("text", "value", "unit", "decimals"), NUMBERS)
def test_a_cell_of_a_column_reads_as_the_number_alone(text, value, unit, decimals):
    values, bad, stated = parse_column(pd.Series([text], dtype=object), [unit.lower()])
    if text == "1.945":  # alone in a column nothing shows whether the point separates thousands
        assert bad.tolist() == [True]
        return
    assert (values.tolist(), bad.tolist(), stated) == ([value], [False], decimals)


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
def test_a_cell_that_is_no_number_is_bad_in_a_column(text):
    values, bad, _ = parse_column(pd.Series([text, "1"]))
    assert (bad.tolist(), values.isna().tolist()) == ([True, False], [True, False])


def test_an_empty_cell_is_unknown_and_not_bad():
    values, bad, decimals = parse_column(pd.Series(["", None, float("nan"), "\u00a0"], dtype=object))
    assert (values.isna().all(), bad.any(), decimals) == (True, False, 0)
    assert len(parse_column(pd.Series([], dtype=object))[0]) == 0


def test_a_unit_other_than_the_columns_own_is_bad():
    assert parse_column(pd.Series(["5 kr", "5 tkr", "5 SEK"]), ["kr", "sek"])[1].tolist() == [False, True, False]


def test_a_point_that_separates_thousands_elsewhere_in_the_column_is_refused():
    assert parse_column(pd.Series(["1.945", "12,5"]))[1].tolist() == [True, False]
    assert parse_column(pd.Series(["1,945", "1,945,000"]))[1].tolist() == [True, False]
    assert parse_column(pd.Series(["1.945", "0.5", "112.25"]))[1].any() == np.False_
    assert parse_column(pd.Series([1.945, "12,5"], dtype=object))[1].any() == np.False_


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9))
def test_thousands_become_millions_exactly(tkr):
    assert parse_column(pd.Series([str(tkr)]), exponent=-3)[0].tolist() == [float(f"{tkr}e-3")]


def test_decimals_of_number_cells_leave_out_the_noise_of_the_machine():
    assert parse_column(pd.Series([0.1 + 0.2, 9.0]))[2] == 1
    assert parse_column(pd.Series([1 / 3]))[2] == 6


def test_a_column_of_numbers_and_ranges():
    frame, bad, decimals = parse_range_column(pd.Series(["11000–12000 kr", "8 200,5", "12000-11000", "", "x"]), ["kr"])
    assert frame.loc[0, ["lag", "hog"]].tolist() == [11000, 12000]
    assert frame.loc[1].tolist() == [8200.5] * 3
    assert (bad.tolist(), decimals) == ([False, False, True, False, True], 1)


@pytest.mark.parametrize(
    ("number", "decimals", "signed", "text"),
    [
        (-0.3, 1, False, "−0,3"),
        (0.25, 1, False, "0,3"),
        (-0.25, 1, False, "−0,3"),
        (2.675, 2, False, "2,68"),
        (-0.04, 1, True, "0,0"),
        (3.3, 1, True, "+3,3"),
        (11000, 0, False, "11 000"),
        (1234567.5, 0, False, "1 234 568"),
        (1e22, 0, False, "10 000 000 000 000 000 000 000"),
        (np.int64(5), 1, False, "5,0"),
    ],
)
def test_numbers_are_written_the_swedish_way(number, decimals, signed, text):
    assert format_number(number, decimals, signed) == text.replace(" ", NO_BREAK)


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (144.8, "mnkr", "144,8 mnkr"),
        (11000, "kr", "11 000 kr"),
        (2.3, "procent", "2,3 %"),
        (2.3, "%", "2,3 %"),
        (24, "st", "24 st"),
        (2562, "dygn", "2 562 dygn"),
        (160.4, "h", "160 h"),
        (3402, "kr/dygn", "3 402 kr/dygn"),
        (33, "arsarbetare", "33,0 årsarbetare"),
        (5, "", "5,0"),
    ],
)
def test_a_unit_brings_its_usual_decimals(number, unit, text):
    assert format_unit(number, unit) == text.replace(" ", NO_BREAK)


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf"), pd.NA])
def test_what_is_missing_is_said(missing):
    assert format_number(missing) == format_unit(missing, "kr") == "underlag saknas"
