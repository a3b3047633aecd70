"""KBH by rule family: no two municipalities share a rule, so the dated rule `kbh.familj` says which one is used.

A family is a function of the rents and of its own terms, per flat and month. Terms are numbers, or arrays by flat.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


def kbh_stockholm(hyra: np.ndarray, *, genomsnittshyra: np.ndarray | float, andel: float) -> np.ndarray:
    """KBH in Stockholm before the income test, kr per flat and month: a ceiling.

        kbh = andel * max(0, hyra - genomsnittshyra)

    Parameters
    ----------
    hyra : kr/månad by flat
    genomsnittshyra : kr/månad for the flat's household, rule `kbh.stockholm.genomsnittshyra.*`
    andel : 0–1, rule `kbh.stockholm.andel`

    Source: Stockholms stad, KBF 2020 and 2024. The decision also weighs income, wealth, size and family.

    >>> kbh_stockholm(np.array([11000.0, 12000.0, 7875.0]), genomsnittshyra=7875, andel=0.9).tolist()
    [2812.5, 3712.5, 0.0]
    """
    return andel * np.maximum(0.0, hyra - genomsnittshyra)


def kbh_tak(hyra: np.ndarray, *, hogsta_hyra: float) -> np.ndarray:
    """What the municipality stands for where the tenant pays at most a ceiling, kr per flat and month.

        kbh = max(0, hyra - hogsta_hyra)

    Source: Malmö stad, the highest rent in LSS homes, rule `kbh.tak.hogsta_hyra`.

    >>> kbh_tak(np.array([5194.0, 11000.0]), hogsta_hyra=5194).tolist()
    [0.0, 5806.0]
    """
    return np.maximum(0.0, hyra - hogsta_hyra)


def kbh_minimibelopp(
    hyra: np.ndarray,
    *,
    minimibelopp: np.ndarray,
    inkomst: np.ndarray,
    avdrag: np.ndarray,
    personer: np.ndarray,
    band: dict[int, Bands],
    minsta_utbetalning: float,
    kapitalgrans: float,
    kapital: np.ndarray | float = 0.0,
) -> np.ndarray:
    """What tops a resident up to the amount that must be left after rent, kr per flat and month.

        kvar = inkomst + bostadstillägg - hyra, per person in the household
        kbh  = max(0, minimibelopp - kvar) * personer; 0 below minsta_utbetalning, 0 above kapitalgrans

    Parameters
    ----------
    hyra, inkomst, avdrag : kr/månad per flat: the rent, the household's income, the deduction from bostadstillägg
    minimibelopp : kr/månad per person
    personer : adults in the household; `band` has the bands of bostadstillägg by that number
    kapital : kr, as far as it is known

    Source: Katrineholm and Kungsbacka, KBH for residents of LSS homes; the rule text itself was not seen.

    >>> terms = dict(minimibelopp=np.array([7768.0]), inkomst=np.array([13274.5]), avdrag=np.array([0.0]))
    >>> terms |= dict(personer=np.array([1]), band={1: [(5000, 0.96), (7500, 0.7)]})
    >>> kbh_minimibelopp(np.array([12500.0]), **terms, minsta_utbetalning=100, kapitalgrans=100_000).tolist()
    [443.5]
    """
    stod = bostadstillagg(hyra, personer, band, avdrag)
    gap = minimibelopp * personer - (inkomst + stod - hyra)
    paid = np.where(gap >= minsta_utbetalning, gap, 0.0)
    return np.where(np.isnan(gap), np.nan, np.where(kapital > kapitalgrans, 0.0, paid))


@dataclass(frozen=True)
class Family:
    """A rule family: its function, what people call it, and whether its amount follows the tenant's income."""

    kbh: Callable[..., np.ndarray]
    titel: str
    follows_income: bool = False


FAMILIES = {
    "stockholm": Family(kbh_stockholm, "Stockholm: andel av hyran över länets genomsnitt"),
    "tak": Family(kbh_tak, "Hyrestak: den boende betalar högst taket"),
    "minimibelopp": Family(kbh_minimibelopp, "Minimibelopp: fyller upp det som ska finnas kvar", follows_income=True),
}


@dataclass(frozen=True)
class Terms:
    """A family with what the rules say on a day; `saknas` is why they say nothing, and then KBH is unknown."""

    familj: str
    villkor: dict
    saknas: str = ""

    def kbh(self, hyra: np.ndarray) -> np.ndarray:
        """KBH by flat, kr/månad; NaN where the rules do not say."""
        if self.saknas:
            return np.full(np.shape(hyra), np.nan)
        return FAMILIES[self.familj].kbh(hyra, **self.villkor)
