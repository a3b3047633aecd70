"""Volumes some months ahead: each series with its own season, its own trend and the level of its latest months."""

import numpy as np

YEAR = 12


def ahead(series: np.ndarray, count: int, level: int, season: int) -> np.ndarray:
    """The next `count` months of some series, never below 0.

        x = a + b * t + season of the calendar month, by least squares, moved to the mean of the `level` last residuals

    With fewer than `season` months the season can't be told from the trend: the same month a year before, times how the
    months since then stand to those a year before them. Without a year behind them: the mean of the `level` last.

    Parameters
    ----------
    series : (month, series), the months in order and without gaps
    season : from how many months on a season and a trend are told apart, at least 24

    Returns
    -------
    (count, series)

    >>> ahead(np.array([[4.0], [6.0], [8.0], [10.0]]), 2, 3, 24).ravel().tolist()
    [8.0, 8.0]
    >>> path = np.arange(1.0, 13.0).tolist() + [2.0, 4.0]  # twice last year's January and February
    >>> ahead(np.array(path)[:, None], 2, 3, 24).ravel().tolist()
    [6.0, 8.0]
    """
    months = len(series)
    if not months or not count:
        return np.zeros((count, series.shape[1]))
    if months >= season:
        said = _fitted(series, count, level)
    elif months > YEAR and count <= YEAR:
        since = months - YEAR
        before, now = series[:since].sum(axis=0), series[YEAR:].sum(axis=0)
        said = series[since : since + count] * np.divide(now, before, out=np.ones_like(now), where=before > 0)
    else:
        said = np.tile(series[-level:].mean(axis=0), (count, 1))
    return np.clip(said, 0.0, None)


def _fitted(series: np.ndarray, count: int, level: int) -> np.ndarray:
    months = len(series)
    t = np.arange(months + count)
    design = np.column_stack([np.ones_like(t), t, *(t % YEAR == month for month in range(1, YEAR))]).astype(float)
    fit, *_ = np.linalg.lstsq(design[:months], series, rcond=None)
    level_off = (series - design[:months] @ fit)[-level:].mean(axis=0)
    return design[months:] @ fit + level_off
