"""Personal identity numbers are found in any spelling; amounts, dates and ids pass."""

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planbok.base.privacy import find_personal_number, looks_like_personal_number, personal_number_mask


def check_digit(nine: str) -> str:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return str(-sum(product // 10 + product % 10 for product in doubled) % 10)


def made_up(year: int, month: int, day: int, serial: int, coordination: bool = False) -> tuple[str, str]:
    """Century and ten digits with the right check digit, of someone born in a year yet to come."""
    nine = f"{year % 100:02}{month:02}{day + 60 * coordination:02}{serial:03}"
    return str(year // 100), nine + check_digit(nine)


@st.composite
def personal_numbers(draw):
    parts = (st.integers(2080, 2099), st.integers(1, 12), st.integers(1, 28), st.integers(0, 999), st.booleans())
    return made_up(*(draw(part) for part in parts))


DASHES = [
    "-",
    "+",
    "",
    " ",
    " - ",
    "\u2010",
    "\u2011",
    "\u2013",
    "\u2014",
    "\u2212",
    "\uff0d",
    "\u00a0",
    "\u202f",
    "\u00ad",
]
SCRIPTS = ["0", "\u0660", "\u06f0", "\u0966", "\uff10", "\U0001d7ce"]


@settings(deadline=None)
@given(
    personal_numbers(),
    st.booleans(),
    st.sampled_from(["", "-", " ", ".", "\u2013"]),
    st.sampled_from(DASHES),
    st.sampled_from(SCRIPTS),
    st.sampled_from(["{}", "p{}x", "Anna {}, ring", "id 7: {}.", "\ufeff{}", "\t{}\n", "{}-01"]),
)
def test_every_spelling_is_found(number, with_century, inner, dash, zero, around):
    century, ten = number
    start = century * with_century + ten[:2]
    text = around.format(start + inner + ten[2:4] + inner + ten[4:6] + dash + ten[6:])
    text = "".join(chr(ord(zero) + int(c)) if c.isascii() and c.isdigit() else c for c in text)
    assert find_personal_number(text)
    assert looks_like_personal_number(text)


@settings(deadline=None)
@given(personal_numbers(), st.booleans())
def test_a_number_cell_is_found(number, with_century):
    century, ten = number
    whole = int(century * with_century + ten)
    assume(len(str(whole)) >= 10)
    assert find_personal_number(whole)
    assert find_personal_number(float(whole))
    assert find_personal_number(f"{whole},00")


@settings(deadline=None)
@given(personal_numbers(), st.sampled_from(["1{}", "{}1", "113,{}", "{},5", "0.{} kr"]))
def test_part_of_a_longer_number_passes(number, around):
    assert not find_personal_number(around.format(number[1]))


@settings(deadline=None)
@given(personal_numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_passes_but_is_not_echoed(number, change):
    wrong = number[1][:9] + str((int(number[1][9]) + change) % 10)
    assert not find_personal_number(wrong)
    assert looks_like_personal_number(wrong)


@pytest.mark.parametrize(("month", "day"), [(13, 1), (0, 1), (2, 30), (4, 31), (1, 0), (1, 32), (2, 29)])
def test_a_date_that_does_not_exist_passes(month, day):
    century, ten = made_up(2099, month, day, 1)
    assert not find_personal_number(century + ten)
    assert not find_personal_number(ten)


def test_a_leap_day_is_a_date():
    century, ten = made_up(2096, 2, 29, 1)
    assert find_personal_number(century + ten)
    assert find_personal_number(f"{ten[:6]}-{ten[6:]}")


@settings(deadline=None)
@given(st.integers(0, 999_999_999), st.integers(0, 99))
def test_amounts_pass(kronor, ore):
    grouped = f"{kronor:,}".replace(",", " ")
    for text in (str(kronor), grouped, f"{grouped},{ore:02} kr", f"{kronor}.{ore:02}", kronor, kronor + ore / 100):
        assert not find_personal_number(text)


@settings(deadline=None)
@given(st.integers(1_000_000_000, 999_999_999_999))
def test_large_amounts_in_groups_of_three_pass(kronor):
    for blank in (" ", "\u00a0", "\u202f"):
        assert not find_personal_number(f"{kronor:,}".replace(",", blank))


@settings(deadline=None)
@given(st.dates(), st.dates())
def test_dates_and_intervals_pass(first, second):
    assert not find_personal_number(first.isoformat())
    assert not find_personal_number(f"{first.isoformat()} 12:34")
    if 1900 <= second.year < 2100:
        assert not find_personal_number(f"{first.isoformat()} – {second.isoformat()}")


@pytest.mark.parametrize(
    "text", ["", None, float("nan"), "gruppbostad", "p0000001x", "000:2544-2563", "1945 GWh", "08-508 00 000", "§ 9.9"]
)
def test_ordinary_cells_pass(text):
    assert not find_personal_number(text)


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1))
def test_a_column_is_marked_cell_by_cell(pattern):
    hit = made_up(2085, 6, 3, 239)[1]
    series = pd.Series([hit if one else "20" for one in pattern], index=range(3, 3 + len(pattern)))
    mask = personal_number_mask(series)
    assert mask.tolist() == pattern
    assert mask.index.equals(series.index)
    assert personal_number_mask(pd.Series([f"{hit[:6]}-", hit[6:]])).tolist() == [False, False]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("född 850" + "314, de fyra sista är 1239", False),  # said in words: found in free text, has no number's shape
        ("85031" + "41230", False),  # wrong check digit and no word beside it: has the shape, is not found
        ("850314" + "-1239", False),
        ("konto 4010", True),
    ],
)
def test_a_text_that_is_either_found_or_looks_like_a_number_is_not_echoed(text, shown):
    from planbok.inputs.tables.values import shortened

    assert (text in shortened(text)) is shown
