"""Numbers in a sentence as a listener adds them up: which of them nearly meet but do not."""

import re
from itertools import combinations

NUMBER = r"(?<![\d,–-])[−+]?\d+(?: \d{3})*,\d+(?![\d–]| %)"


def near_misses(sentence: str, least: float = 5.0) -> list[tuple[str, ...]]:
    """Three numbers of as many decimals of which two sum to the third but for one in the last decimal.

    Only where the largest is at least `least` and the middle one at least half of it: small numbers meet by chance. Per
    cent are no part of a sum.
    """
    found = []
    numbers = [m.group() for m in re.finditer(NUMBER, sentence.replace("\u00a0", " "))]
    for three in combinations(numbers, 3):
        places = {len(number.partition(",")[2]) for number in three}
        sizes = sorted(abs(float(n.replace("−", "-").replace(" ", "").replace(",", "."))) for n in three)
        scale = 10 ** max(places)
        off = round((sizes[2] - sizes[1] - sizes[0]) * scale)
        if len(places) == 1 and abs(off) == 1 and sizes[2] >= least and sizes[1] >= sizes[2] / 2:
            found.append(three)
    return found
