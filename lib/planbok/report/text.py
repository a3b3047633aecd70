"""How codes, values, dates and times are said to people: the wording that every kind of report shares."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from numbers import Integral, Real
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from planbok.base.numbers import as_shown, format_number
from planbok.base.periods import MONTH_NAMES, long_date
from planbok.base.words import large

FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"  # also as wide characters, which Excel may read as the narrow ones
MIME = "application/vnd.plotly.v1+json"  # a figure in a notebook
ABSENT = "planbok-absent"  # the class of a sentence that stands where there is no table or figure
SHEET = "planbok-sheet"  # the class of the text that begins a page of its own
STOCKHOLM = ZoneInfo("Europe/Stockholm")
_DECIMALS = 6  # a rule's value is shown in full; more than this is only binary noise
LONGEST = 120
_LEFT = re.compile(r"(<caption>.*?</caption>|<script>(?s:.*?)</script>)")  # without unbroken dates
_YEARLY_DAY = re.compile(r"(0[1-9]|1[0-2])-([0-3][0-9])")
_DATE = re.compile(rf"(\d(?<!\w\d)\d?) ((?:{'|'.join(name[:3] for name in MONTH_NAMES)})[a-z]*)(?: (\d{{4}})\b)?")
EXACT = 9  # decimals of a difference; more is binary noise

_WORDS = {
    "anstallda": "anställda",
    "ar": "år",
    "arsarbetare": "årsarbetare",
    "atgard": "åtgärd",
    "beraknad": "beräknad",
    "bedomning": "bedömning",
    "forslag": "förslag",
    "h": "timmar",
    "hushall": "hushåll",
    "lagenhet": "lägenhet",
    "lagenheter": "lägenheter",
    "manad": "månad",
    "manader": "månader",
    "niva": "nivå",
    "nivabyte": "nivåbyte",
    "procent": "%",
    "sjukfranvaro": "sjukfrånvaro",
    "upprakning": "uppräkning",
}

# words in the values of rules, where they stand alone
_VALUES = {
    "alder": "ålder",
    "arenden": "ärenden",
    "farre": "färre",
    "forsta": "första",
    "fran": "från",
    "helmanader": "helmånader",
    "hemtjanst": "hemtjänst",
    "hog": "högst",
    "hogre": "högre",
    "hogst": "högst",
    "lag": "lägst",
    "lagre": "lägre",
    "lagst": "lägst",
    "manadsbudget": "månadsbudget",
    "mattenhet": "enhet",
    "matning": "mätning",
    "oppen": "öppen",
    "over": "över",
    "overtid": "övertid",
    "profil": "radens säsongsmönster",
    "natter": "nätter",
    "raknas": "räknas i",
    "rak": "hittillsvarande takt",
    "senaste": "den senaste",
    "timavlonad": "timavlönad",
    "utford": "utförd",
}

_PARAMETERS = {
    "ar": "År",
    "boende": "Boende",
    "enhet": "Enhet",
    "fler_scenarier": "Fler scenarier",
    "jamfor_med": "Jämförs med",
    "kontrollsumma_kr": "Utfallet enligt redovisningen, kr",
    "per": "Rapport",
    "per_datum": "Per datum",
    "scenario": "Scenario",
    "till_ar": "Till och med år",
    "tom_manad": "Till och med månad",
    "verksamhet": "Verksamhet",
    "version": "Budgetversion",
}

_AUDIENCES = {
    "arbetsmaterial": "Arbetsmaterial: för controller och enhetens chef, sprids inte vidare",
    "ledning": "Ledning: uppgifter om små grupper skyddas",
    "offentlig": "Offentlig: uppgifter om små grupper skyddas",
}


def neutral(text: str) -> str:
    """A text for a cell of Excel or csv that no program can take for a formula, whoever opens or saves it next.

    >>> neutral("=HYPERLINK(A1)"), neutral("\\t@x"), neutral("-"), neutral("Vård + LASS"), neutral("−0,3")
    ("'=HYPERLINK(A1)", "'\\t@x", '-', 'Vård + LASS', '−0,3')
    """
    stripped = text.lstrip()
    starts = len(stripped) > 1 and stripped[0] in FORMULA_STARTS
    return f"'{text}" if starts or text[:1] in ("\t", "\r") else text


def in_words(code: str) -> str:
    """A code or unit of the files as a person writes it.

    >>> in_words("kr/manad"), in_words("kr_per_dygn"), in_words("procent"), in_words("nytt_boende")
    ('kr/månad', 'kr per dygn', '%', 'nytt boende')
    """
    text = str(code).replace("_", " ")
    return re.sub(r"\w+", lambda word: _WORDS.get(word.group(), word.group()), text)


def parameter_name(name: str) -> str:
    """What a parameter is called in a report.

    >>> parameter_name("jamfor_med"), parameter_name("okand_faktor")
    ('Jämförs med', 'Okand faktor')
    """
    text = in_words(name)
    return _PARAMETERS.get(name, large(text))


def audience(spridning: str) -> str:
    """Whom a report is for, in words.

    >>> audience("ledning")
    'Ledning: uppgifter om små grupper skyddas'
    """
    return _AUDIENCES.get(spridning, large(spridning))


def meeting(first: float, second: float) -> tuple[int, float]:
    """How two numbers and their difference are shown in one sentence so that they meet when read aloud.

    With one decimal, or two where the rounded ones don't meet; where they still don't, the difference of the shown.

    Returns
    -------
    The decimals of all three, and the difference first - second to show.

    >>> meeting(10.0, 4.0), meeting(157.84, 157.16)
    ((1, 6.0), (2, 0.68))
    """
    if not (math.isfinite(first) and math.isfinite(second)):
        return 1, math.nan
    for places in (1, 2):
        shown = as_shown(first, places) - as_shown(second, places)
        if shown == as_shown(round(first - second, EXACT), places):
            break
    return places, float(shown)


def moved(year: float, full: float, shown: Callable[[float], str]) -> str:
    """How an amount moves in the year and over a full year, in words for signs; the verb is said once where it is one.

    >>> say = lambda kr: f"{kr:.0f} kr"
    >>> moved(-2.0, -6.0, say), moved(0.0, 5.0, say)
    ('minskar med 2 kr i år och 6 kr på helår', 'ändras inte i år och ökar med 5 kr på helår')
    """
    first, second = ("ändras inte" if not round(kr) else "ökar" if kr > 0 else "minskar" for kr in (year, full))
    if first == second == "ändras inte":
        return f"{first}, varken i år eller på helår"
    this, whole = (f"{shown(abs(kr))} " if round(kr) else "" for kr in (year, full))
    with_this, with_whole = (f"med {size}" if size else "" for size in (this, whole))
    return f"{first} {with_this}i år och {whole if first == second else f'{second} {with_whole}'}på helår"


def summing(
    total: float, parts: Sequence[float], decimals: int = 1, finest: int | None = None
) -> tuple[int, float, list[float]]:
    """How a total and all of its parts are shown in one sentence so that they meet when read aloud.

    With one more decimal where the rounded ones don't meet; where they still don't, the largest part takes the rest.
    `finest` is the most decimals, for amounts that are rounded on purpose.

    Returns
    -------
    The decimals of all, the total and the parts to show.

    >>> summing(4.8, [3.8, 1.0]), summing(1.0, [0.56, 0.26, 0.18])
    ((1, 4.8, [3.8, 1.0]), (2, 1.0, [0.56, 0.26, 0.18]))
    >>> summing(1.0, [1 / 3, 1 / 3, 1 / 3]), summing(1.0, [0.56, 0.26, 0.18], finest=1)
    ((2, 1.0, [0.34, 0.33, 0.33]), (1, 1.0, [0.5, 0.3, 0.2]))
    """
    if not all(map(math.isfinite, (total, *parts))):
        return decimals, total, list(parts)
    for places in range(decimals, (decimals + 1 if finest is None else finest) + 1):
        whole, shown = as_shown(total, places), [as_shown(part, places) for part in parts]
        rest = whole - sum(shown)
        if not rest:
            break
    if rest:
        largest = max(range(len(parts)), key=lambda place: abs(shown[place]))
        shown[largest] += rest
    return places, float(whole), [float(part) for part in shown]


def date_text(value: Any) -> str:
    """A date as ÅÅÅÅ-MM-DD, whatever kind of date it is; nothing for a missing one.

    >>> date_text(pd.Timestamp("2024-04-01")), date_text("2024-04"), date_text(None)
    ('2024-04-01', '2024-04', '')
    """
    if value is None or value is pd.NaT:
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)[:10]


def unbroken_dates(page: str) -> str:
    """A page whose dates never break over two lines.

    Captions stay as they are, since tables are known by them, and so does its script, which only runs as it was hashed.

    >>> unbroken_dates("<caption>1 maj</caption><p>den 1 juni 2024 och 3 stycken").replace("\u00a0", "_")
    '<caption>1 maj</caption><p>den 1_juni_2024 och 3 stycken'
    >>> unbroken_dates("<script>// till\\n// 3 maj</script>2 maj").replace("\u00a0", "_")
    '<script>// till\\n// 3 maj</script>2_maj'
    """
    parts = _LEFT.split(page)
    parts[::2] = [_DATE.sub(lambda found: "\u00a0".join(filter(None, found.groups())), part) for part in parts[::2]]
    return "".join(parts)


def value_text(value: Any) -> str:
    """A parameter's or rule's value, whatever it is, in Swedish and unrounded.

    >>> value_text(0.9), value_text(-0.5), value_text(True), value_text({"a": 1.5})
    ('0,9', '−0,5', 'ja', 'a: 1,5')
    >>> value_text([{"till": 500, "andel": 0.96}, {"andel": 0.5}])
    'till 500, andel 0,96; andel 0,5'
    >>> value_text({"a": {"per": "dygn", "raknas": "natter"}, "b": {"per": "dygn", "raknas": "natter"}})
    'a, b: per dygn, räknas i nätter'
    >>> value_text({"matning_1": "03-31"})
    'mätning 1: 31 mars'
    """
    if value is None or value is pd.NaT:
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, Real):
        return format_number(float(value), number_decimals(value))
    if isinstance(value, dict):
        if not all(isinstance(part, dict) for part in value.values()):
            return "; ".join(f"{_code(str(key))}: {value_text(part)}" for key, part in value.items())
        alike: dict[str, list[str]] = {}
        for key, part in value.items():
            alike.setdefault(_band_text(part), []).append(_code(str(key)))
        return "; ".join(f"{', '.join(names)}: {text}" for text, names in alike.items())
    if isinstance(value, (list, tuple)):
        bands = all(isinstance(part, dict) for part in value)
        return ("; " if bands else ", ").join(_band_text(p) if bands else value_text(p) for p in value)
    if found := _YEARLY_DAY.fullmatch(str(value)):
        return f"{int(found[2])} {MONTH_NAMES[int(found[1]) - 1]}"
    return _code(str(value))


def _code(text: str) -> str:
    """A value's own word as a person writes it; a text that is no code stays as it is.

    >>> _code("barnboende_over_12"), _code("Vårdkostnader"), _code("prislista 2024")
    ('barnboende över 12', 'Vårdkostnader', 'prislista 2024')
    """
    if not re.fullmatch(r"[a-z0-9_]+", text):
        return text
    return " ".join(_VALUES.get(word) or _WORDS.get(word, word) for word in text.split("_"))


def shortened(text: str, longest: int = LONGEST) -> str:
    """A long text cut at a word, with an ellipsis.

    >>> shortened("Stockholms stad, KBF 2024", 20)
    'Stockholms stad …'
    """
    if len(text) <= longest:
        return text
    head = text[: longest - 2]
    return f"{(head.rsplit(' ', 1)[0] if ' ' in head else head).rstrip(' ,;:')} …"


def local_time(moment: datetime) -> str:
    """A moment as people in Stockholm say it.

    >>> from datetime import UTC
    >>> local_time(datetime(2024, 9, 30, 6, 0, tzinfo=UTC)), local_time(datetime(2024, 1, 2, 23, 30, tzinfo=UTC))
    ('30 september 2024 kl. 08.00', '3 januari 2024 kl. 00.30')

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} lacks a time zone")
    local = moment.astimezone(STOCKHOLM)
    return f"{long_date(local)} kl. {local:%H.%M}"


def number(value: Any) -> float | int | None:
    """The number in a cell of a frame: None for a missing value, a text, a truth value or something infinite.

    >>> number(1.5), number(float("nan")), number("11000–12000"), number(True)
    (1.5, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    if isinstance(value, Integral):
        return int(value)
    return float(value) if math.isfinite(value) else None


def number_decimals(value: Real | float) -> int:
    """How many decimals it takes to show a number in full.

    >>> number_decimals(3402), number_decimals(0.25)
    (0, 2)
    """
    return 0 if isinstance(value, Integral) else len(f"{value:.{_DECIMALS}f}".rstrip("0").partition(".")[2])


def _band_text(band: dict[str, Any]) -> str:
    return ", ".join(f"{_code(key)} {value_text(part)}" for key, part in band.items())
