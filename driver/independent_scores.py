"""How well monthly series fit independent data, per basin over [month, basin]."""

from __future__ import annotations

import numpy as np

from .metrics import correlation, paired, ratio, rmse, variability_ratio

# Name of each score, its unit ('' = that of the data) and meaning, in the order of tables.
SCORES = {
    "correlation": ("1", "Pearson correlation r of months"),
    "anomaly_correlation": ("1", "r of departures from the mean of each calendar month"),
    "rmse": ("", "root mean square error"),
    "bias": ("", "mean difference, run less data"),
    "percent_bias": ("%", "bias as a share of the mean of the data (amounts only)"),
    "residual_variation": ("1", "standard deviation of the residuals over the mean of the data (amounts only)"),
    "residual_share": ("1", "standard deviation of the residuals over that of the data"),
    "variability_ratio": ("1", "standard deviation, run over data"),
}


def scores(simulated: np.ndarray, data: np.ndarray, months: np.ndarray, amounts: bool) -> dict[str, np.ndarray]:
    """Every score [basin] of series [month, basin]; months are their numbers; NaN where one is not defined.

    amounts: the mean of the data means something; of anomalies it is 0 by their making.
    """
    own, other, valid = paired(simulated, data)
    count = valid.sum(0)
    residual = np.where(valid, own - other, np.nan)
    bias = ratio(np.where(valid, residual, 0.0).sum(0), count)
    spread = _deviation(residual)
    mean = ratio(other.sum(0), count)
    undefined = np.full(len(count), np.nan)
    return {
        "correlation": correlation(simulated, data),
        "anomaly_correlation": correlation(*(departures(np.where(valid, x, np.nan), months) for x in (own, other))),
        "rmse": rmse(simulated, data),
        "bias": bias,
        "percent_bias": 100.0 * ratio(bias, np.abs(mean)) if amounts else undefined,
        "residual_variation": ratio(spread, np.abs(mean)) if amounts else undefined,
        "residual_share": ratio(spread, _deviation(np.where(valid, other, np.nan))),
        "variability_ratio": variability_ratio(simulated, data),
    }


def departures(values: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Values [month, basin] less the mean of their calendar month; NaN stays, and where a month comes only once."""
    found = np.full_like(values, np.nan)
    for calendar in range(12):
        rows = months % 12 == calendar
        known = np.isfinite(values[rows])
        count = known.sum(0)
        mean = ratio(np.where(known, values[rows], 0.0).sum(0), np.where(count > 1, count, 0))
        found[rows] = values[rows] - mean
    return found


def anomalies(values: np.ndarray, common: np.ndarray) -> np.ndarray:
    """Values [month, basin] less their mean over the months [month, basin] that count."""
    counted = common & np.isfinite(values)
    mean = ratio(np.where(counted, values, 0.0).sum(0), counted.sum(0))
    return values - mean


def _deviation(values: np.ndarray) -> np.ndarray:
    """Standard deviation [basin] of values [month, basin] that are there."""
    known = np.isfinite(values)
    mean = ratio(np.where(known, values, 0.0).sum(0), known.sum(0))
    squares = np.where(known, values - mean, 0.0) ** 2
    return np.sqrt(ratio(squares.sum(0), known.sum(0)))
