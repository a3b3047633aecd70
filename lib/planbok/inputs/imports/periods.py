"""The forms in which systems write a month: 202501, 2025-01, jan 2025, a date, Excel's serial day."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from planbok.base.numbers import cell_text, clean
from planbok.base.periods import MONTH_NAMES, why_no_day

CLOSING, OPENING = 13, 0  # a ledger's period after December, and before January
EXCEL_EPOCH = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1990, 2100
SHORT = {name[:3]: number for number, name in enumerate(MONTH_NAMES, 1)} | {"sept": 9, "juni": 6, "juli": 7}
NAMES = SHORT | {name: number for number, name in enumerate(MONTH_NAMES, 1)}
Found = tuple[int, int] | None  # year and period, 0–13


def _shaped(shape: str, text: str) -> Found:
    found = re.fullmatch(shape, text)
    return (int(found[1]), int(found[2])) if found else None


def _named(text: str) -> Found:
    found = re.fullmatch(r"([a-zåäö]+)\.?[ -]*'?([0-9]{4}|[0-9]{2})", text.casefold())
    if not found or found[1] not in NAMES:
        return None
    year = int(found[2])
    return (year if year > 99 else 2000 + year, NAMES[found[1]])


def _dated(text: str) -> Found:
    day = read_day(text)
    return (day.year, day.month) if day else None


def _serial(text: str) -> Found:
    return _dated(text) if re.fullmatch(r"[0-9]{5}", text) else None


FORMS: dict[str, Callable[[str], Found]] = {
    "ÅÅÅÅMM": partial(_shaped, r"([0-9]{4})([0-9]{2})"),
    "ÅÅÅÅ-MM": partial(_shaped, r"([0-9]{4})(?:[-/ ]|\.(?=[0-9]{2}))([0-9]{1,2})"),  # 2024.1 may be October
    "mmm ÅÅÅÅ": _named,
    "datum": _dated,
    "serienummer": _serial,
}


NO_DAY = "cellen är inget datum som ÅÅÅÅ-MM-DD eller ÅÅÅÅMMDD. Rätta den, eller ta ut exporten med sådana datum."


def no_month(form: str) -> str:
    """What to say of a cell that is no month in the form of a profile.

    >>> no_month("ÅÅÅÅMM")
    'cellen är ingen månad i den form som profilen säger (ÅÅÅÅMM). Rätta den, eller profilens period.'
    """
    forms = "202501, 2025-01, jan 2025 eller ett datum" if form == "auto" else form
    return f"cellen är ingen månad i den form som profilen säger ({forms}). Rätta den, eller profilens period."


def read_period(cell: object, form: str = "auto") -> Found:
    """Year and period of a cell; None where it is no month, or not in the form that the profile says.

    >>> read_period("202501"), read_period("jan 2025"), read_period("2025-01-31"), read_period(45658)
    ((2025, 1), (2025, 1), (2025, 1), (2025, 1))
    >>> read_period("202513"), read_period("2025")
    ((2025, 13), None)
    >>> [read_period(cell) for cell in ("202500", "202514", "199001", "198912", "210001")]
    [(2025, 0), None, (1990, 1), None, None]
    >>> read_period("dec 24"), read_period("2024-1"), read_period("2024-01", "ÅÅÅÅMM")
    ((2024, 12), (2024, 1), None)
    """
    text = clean(cell_text(cell))
    readers = FORMS.values() if form == "auto" else (FORMS[form],)
    found = next((found for reader in readers if (found := reader(text))), None)
    sound = found and FIRST_YEAR <= found[0] < LAST_YEAR and OPENING <= found[1] <= CLOSING
    return found if sound else None


def form_of(cells: list[object]) -> str:
    """The one form that every cell has; "" where there is none.

    >>> form_of(["202501", 202502]), form_of(["202501", "jan 2025"])
    ('ÅÅÅÅMM', '')
    """
    return next((form for form in FORMS if cells and all(read_period(cell, form) for cell in cells)), "")


def read_day(text: str) -> date | None:
    """A date written 2025-01-31, 20250131 or 2025-01-31 00:00:00, or Excel's serial day.

    >>> read_day("20250131"), read_day("2025-02-30"), read_day("45658")
    (datetime.date(2025, 1, 31), None, datetime.date(2025, 1, 1))
    """
    text = clean(text)
    if re.fullmatch(r"[0-9]{5}", text):
        return EXCEL_EPOCH + timedelta(days=int(text))
    found = re.fullmatch(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[ T][0-9:.]+)?", text)
    if not found or found[1] == "0000":
        return None
    iso = "-".join(found.groups())
    return None if why_no_day(iso) else date.fromisoformat(iso)
