"""What must be true for balance: the change of one row that closes a gap, from a month on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Closing:
    """The change that closes a gap: kronor in the year, kronor a month, and per cent of the row's remaining part."""

    kr: float
    kr_per_manad: float
    procent: float | None


def closing_change(ram_kr: float, prognos_kr: float, manader: float, rad_kvar_kr: float) -> Closing:
    """The change of a row's net cost that makes the forecast equal the frame.

        kr = ram - prognos
        kr_per_manad = kr / manader
        procent = 100 * kr / what the row costs in those months

    Parameters
    ----------
    ram_kr, prognos_kr : the frame and the forecast net cost of the year, kr
    manader : months left to act in, 12 for the whole year
    rad_kvar_kr : the row's net cost in those months, kr

    Returns
    -------
    Closing; `procent` is None for a row that costs nothing in those months.

    Raises
    ------
    ValueError
        If no month is left.

    >>> closing = closing_change(144.8e6, 150.0e6, 12, 112.5e6)
    >>> round(closing.kr), round(closing.procent, 1)
    (-5200000, -4.6)
    >>> closing_change(144.8e6, 150.0e6, 6, 56.25e6).kr_per_manad
    -866666.6666666666
    """
    if not 0 < manader <= 12:
        raise ValueError(f"months left must be above 0 and at most 12, not {manader}")
    kr = ram_kr - prognos_kr
    return Closing(kr, kr / manader, 100 * kr / rad_kvar_kr if rad_kvar_kr else None)
