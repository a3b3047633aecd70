"""Parts that are counted each at its own time, and their sum: what a reader of every report can solve."""

import numpy as np
import pytest

from planbok.disclosure.settled import settled

SMALLEST, OCCASIONS, PARTS = 5, 12, 5


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """When each part was counted last on each occasion, and how many there were."""
    rng = np.random.default_rng(seed)
    anew = rng.random((OCCASIONS, PARTS)) < rng.choice([0.1, 0.3, 0.6])
    anew[0] = True
    at = np.maximum.accumulate(np.where(anew, np.arange(OCCASIONS)[:, None], 0), axis=0)
    most = rng.choice([4, 9, 30], PARTS)
    return at, rng.integers(0, most + 1, (1, OCCASIONS, PARTS))


def read(at: np.ndarray, counts: np.ndarray) -> tuple[list, list, set, set]:
    """What the report of each occasion says, as equations in what each part was when it was counted."""
    rows, sums, known, hidden = [], [], set(), set()
    for now in range(len(at)):
        found = settled(at[: now + 1], counts[:, : now + 1], SMALLEST)
        for part, when in enumerate(at[now].tolist()):
            (hidden if found.hidden[0, part] else known).add((when, part))
        if found.whole is not None:
            rows.append([(int(when), part) for part, when in enumerate(at[found.whole])])
            sums.append(found.whole)
    return rows, sums, known, hidden


def solved(rows: list, known: set, hidden: set) -> set:
    """What is hidden and has one solution: the reader takes away what is shown from each sum."""
    names = sorted(hidden - known)
    left = np.array([[name in set(row) for name in names] for row in rows], float).reshape(len(rows), len(names))
    units = np.eye(len(names))
    far = np.abs(units - left.T @ np.linalg.lstsq(left.T, units, rcond=None)[0]).max(axis=0) if len(rows) else []
    return {name for name, distance in zip(names, far, strict=False) if distance < 1e-9}


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_no_part_of_few_is_solved_from_all_reports(first):
    told = sums = 0
    for seed in range(first, first + 100):
        at, counts = drawn(seed)
        rows, whole, known, hidden = read(at, counts)
        assert not known & hidden, "what was withheld when it was counted was shown later, or the other way"
        assert all(counts[0][name] == 0 or counts[0][name] >= SMALLEST for name in known)
        assert {name for name in solved(rows, known, hidden) if counts[0][name] < SMALLEST} == set(), seed
        told += len(known)
        sums += len(set(whole))
    assert told > 100 and sums > 100, "most is shown, and the sums are counted anew"


def test_a_sum_of_what_stands_tells_what_was_counted_anew():
    """Without standing by itself it does: of 7, 8 and 3 beside an old 9 the first becomes 4."""
    at = np.array([[0, 0, 0, 0], [1, 0, 0, 0]])
    counts = np.array([[[7, 9, 3, 4], [4, 9, 3, 4]]])
    rows = [[(int(when), part) for part, when in enumerate(now)] for now in at]
    assert solved(rows, {(0, 0), (0, 1)}, {(1, 0), (0, 2), (0, 3)}) == {(1, 0)}
    assert settled(at, counts, SMALLEST).whole == 0
