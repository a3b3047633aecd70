"""Numbers in a sentence as a listener adds them up: which of them nearly meet but do not, and which are too long."""

import re
from collections.abc import Iterable
from itertools import combinations

NUMBER = r"(?<![\d,–-])[−+]?\d+(?: \d{3})*,\d+(?![\d–]| %)"
LONG = r"\d{1,3}(?: \d{3}){2,}(?:,\d+)? ?(?:kr|kronor)\b"
PER_CENT_STEP = r"[−+]\d+(?:,\d+)? (?:%|procent)(?!enhet)"
POINTS = r"från [\d,]+ % till [\d,]+ % \([−+][\d,]+ %\)"


def _plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def _value(number: str) -> float:
    return float(number.replace("−", "-").replace(" ", "").replace(",", "."))


def _places(number: str) -> int:
    return len(number.partition(",")[2])


def near_misses(sentence: str, least: float = 5.0) -> list[tuple[str, ...]]:
    """Three numbers of as many decimals of which two sum to the third but for one in the last decimal.

    Only where the largest is at least `least` and the middle one at least half of it: small numbers meet by chance. Per
    cent are no part of a sum, and a sentence or clause whose numbers after the first sum to it exactly is a list.
    """
    return [three for clause in re.split(r"[.] ", _plain(sentence)) for three in _near(clause, least)]


def _near(clause: str, least: float) -> list[tuple[str, ...]]:
    found = []
    numbers = [m.group() for m in re.finditer(NUMBER, clause)]
    if len(numbers) > 3 and round(abs(sum(map(_value, numbers[1:]))) - abs(_value(numbers[0])), 6) == 0:
        return []
    for three in combinations(numbers, 3):
        sizes = sorted(abs(_value(n)) for n in three)
        off = round((sizes[2] - sizes[1] - sizes[0]) * 10 ** _places(three[0]))
        alike = len({_places(number) for number in three}) == 1
        one_sign = sum(number[0] in "−+" for number in three) < 2
        if alike and one_sign and abs(off) == 1 and sizes[2] >= least and sizes[1] >= sizes[2] / 2:
            found.append(three)
    return found


def uneven_lists(sentence: str) -> list[tuple[str, ...]]:
    """A total in mnkr and the signed parts listed after it, in one clause, that sum to it but for a last decimal or so.

    As many last decimals may be lacking as there are parts, which is what rounding each by itself can cost.
    """
    found = []
    for clause in re.split(r"[.;] ", _plain(sentence)):
        numbers = [
            m.group() for m in re.finditer(NUMBER, re.sub(r"\([^()]*\)|mellan [−+\d,]+ och [−+\d,]+", "", clause))
        ]
        signed = [number for number in numbers if number[0] in "−+"]
        totals = [number for number in numbers if number[0] not in "−+"]
        if len(signed) < 2 or len({_places(number) for number in signed}) > 1:
            continue
        whole = abs(sum(map(_value, signed)))
        for total in totals[:1]:
            off = round(abs(whole - _value(total)) * 10 ** _places(signed[0]))
            if _places(total) == _places(signed[0]) and 0 < off <= len(signed):
                found.append((total, *signed))
    return found


def long_kronor(sentence: str) -> list[str]:
    """Kronor of seven digits or more."""
    return re.findall(LONG, _plain(sentence))


def changed_per_cent(sentence: str) -> list[str]:
    """A change between two shares that is called per cent, not percentage points."""
    return re.findall(POINTS, _plain(sentence))


def heard(sentences: Iterable[str], kronor: bool = True) -> list[tuple[str, list]]:
    """The sentences that do not hold when read aloud, with what is wrong in them.

    Parameters
    ----------
    kronor : whether long kronor are wrong; on the staff's page they stay
    """
    found = []
    for said in sentences:
        wrong = [
            *near_misses(said),
            *uneven_lists(said),
            *changed_per_cent(said),
            *(long_kronor(said) if kronor else []),
        ]
        found += [(said, wrong)] if wrong else []
    return found
