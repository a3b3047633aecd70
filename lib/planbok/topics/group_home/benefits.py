"""The resident's side: bostadstillägg, garantinivå, what is left after rent; before tax, which no rule holds."""

from collections.abc import Sequence

import numpy as np

Bands = Sequence[tuple[float, float]]  # (upper end of the band, kr/månad; share of the cost inside it)


def bostadstillagg(
    hyra: np.ndarray, personer: np.ndarray, band: dict[int, Bands], avdrag: np.ndarray | float = 0.0
) -> np.ndarray:
    """State bostadstillägg by flat, kr/månad, for people with sjukersättning or aktivitetsersättning.

        per person: sum over bands of share * (the part of the person's housing cost inside the band)
        per household: that * personer - avdrag, never below 0

    Parameters
    ----------
    hyra : the household's housing cost, kr/månad; two adults have half each
    personer : 1 (ogift) or 2 (gift, sambo)
    band : by number of adults, rules `bostadstillagg.band.ogift` and `.gift` on a day
    avdrag : the household's deduction for income, kr/månad, `inkomstavdrag`

    Source: 102 kap. 22 § socialförsäkringsbalken; Försäkringskassan for earlier years.

    >>> bostadstillagg(np.array([5000.0, 5600.0, 9000.0]), np.ones(3), {1: [(5000, 0.96), (5600, 0.70)]}).tolist()
    [4800.0, 5220.0, 5220.0]
    """
    hyra, personer = np.asarray(hyra, float), np.asarray(personer)
    found = np.full(hyra.shape, np.nan)
    for number, bands in band.items():
        each, below = hyra / number, 0.0
        share = np.zeros(hyra.shape)
        for upper, andel in bands:
            share = share + andel * (np.minimum(each, upper) - np.minimum(each, below))
            below = upper
        found = np.where(personer == number, share * number, found)
    return np.maximum(0.0, found - avdrag)


def inkomstavdrag(
    inkomst: np.ndarray, garantiniva: np.ndarray | float, prisbasbelopp: float, band: Bands
) -> np.ndarray:
    """What bostadstillägg is lowered by for income, kr/månad.

        reduceringsinkomst = max(0, inkomst - garantinivå), kr/år
        avdrag = sum over bands of share * (the part of it inside the band) / 12

    Parameters
    ----------
    inkomst, garantiniva : kr/år per household; the income is taken in full, as sjukersättning is
    band : (upper end in prisbasbelopp, share), rule `bostadstillagg.inkomstavdrag`

    Source: 102 kap. 16, 18 and 25 §§ socialförsäkringsbalken.

    >>> inkomstavdrag(np.array([159294.0, 171294.0]), 159294.0, 57300, [(1, 0.62), (np.inf, 0.5)]).tolist()
    [0.0, 620.0]
    """
    over, below = np.maximum(0.0, inkomst - garantiniva), 0.0
    total = np.zeros_like(over)
    for upper, andel in band:
        total = total + andel * (np.minimum(over, upper * prisbasbelopp) - np.minimum(over, below * prisbasbelopp))
        below = upper
    return total / 12


def garantiniva(alder: int, niva: Sequence[tuple[int, float]], prisbasbelopp: float) -> float:
    """Garantinivå for full sjukersättning or aktivitetsersättning at an age, kr/år before tax; NaN where not known.

        prisbasbelopp * the share of the highest age step that the person has reached

    Parameters
    ----------
    niva : (age from which the step holds, prisbasbelopp a year), rule `garantiniva.hel_ersattning` on a day

    Source: 35 kap. 18 and 19 §§ socialförsäkringsbalken.

    >>> garantiniva(30, [(0, 2.48), (21, 2.53), (30, 2.78)], 48300) / 12
    11189.5
    >>> garantiniva(22, [(30, 2.53)], 47600)
    nan
    """
    reached = [share for start, share in sorted(niva) if alder >= start]
    return reached[-1] * prisbasbelopp if reached else float("nan")
