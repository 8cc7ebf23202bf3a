"""Scores of simulated against observed flow, per place over [time, place].

Every score drops the pairs in which either value is missing, works in float64, and is NaN (never a warning, never a
crash) where its own definition divides by nothing: no pairs, observations without variance, no observed water.
A simulation without variance correlates with nothing: inside KGE its correlation counts as 0 (Knoben et al., 2019),
so a dead simulation is punished and not left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

HIGH_SHARE = 0.02
LOW_SHARE = 0.3
LOW_OFFSET = 1e-4
SMALLEST_FLOW = 1e-6


def paired(simulated: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both series [time, place] in float64 with 0 where a pair is incomplete, and the mask of complete pairs.

    ValueError where the shapes differ or are not two-dimensional.
    """
    simulated, observed = np.asarray(simulated, np.float64), np.asarray(observed, np.float64)
    if simulated.shape != observed.shape or simulated.ndim != 2:
        raise ValueError(f"scores need two arrays [time, place], got {simulated.shape} and {observed.shape}")
    valid = np.isfinite(simulated) & np.isfinite(observed)
    return np.where(valid, simulated, 0.0), np.where(valid, observed, 0.0), valid


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above / below, NaN where below is 0 or NaN."""
    result = np.full(np.broadcast(above, below).shape, np.nan)
    return np.divide(above, below, out=result, where=(below != 0) & ~np.isnan(below))


def _moments(series: np.ndarray, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean [place], departures from it [time, place] and standard deviation [place] of the valid values.

    A constant series has a standard deviation of exactly 0, whatever the rounding of its mean.
    """
    mean = ratio(series.sum(axis=0), valid.sum(axis=0))
    largest = np.where(valid, series, -np.inf).max(axis=0, initial=-np.inf)
    constant = largest == np.where(valid, series, np.inf).min(axis=0, initial=np.inf)
    departure = np.where(valid & ~constant, series - np.where(np.isnan(mean), 0.0, mean), 0.0)
    return mean, departure, np.sqrt(ratio((departure**2).sum(axis=0), valid.sum(axis=0)))


def _fixed(value: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The value where it is known, NaN elsewhere."""
    return np.where(known, value, np.nan)


def days(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Number of complete pairs [place]."""
    return paired(simulated, observed)[2].sum(axis=0)


def nse(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Nash-Sutcliffe efficiency, 1 - sum (s - o)^2 / sum (o - mean o)^2 (Nash & Sutcliffe, 1970)."""
    simulated, observed, valid = paired(simulated, observed)
    departure = _moments(observed, valid)[1]
    return 1.0 - ratio(((simulated - observed) ** 2).sum(axis=0), (departure**2).sum(axis=0))


def log_nse(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """NSE of log(flow + mean observed flow / 100), which looks at low flow (Pushpalatha et al., 2012)."""
    simulated, observed, valid = paired(simulated, observed)
    offset = ratio(observed.sum(axis=0), 100.0 * valid.sum(axis=0))
    wet = valid & (offset > 0)
    offset = np.where(offset > 0, offset, 1.0)
    logs = [np.where(wet, np.log(np.maximum(flow, 0.0) + offset), np.nan) for flow in (simulated, observed)]
    return nse(logs[0], logs[1])


def correlation(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Pearson's linear correlation r; NaN where either series is constant."""
    simulated, observed, valid = paired(simulated, observed)
    one, two = _moments(simulated, valid)[1], _moments(observed, valid)[1]
    # the roots are taken apart, so that tiny flows do not underflow in the product
    size = np.sqrt((one**2).sum(axis=0)) * np.sqrt((two**2).sum(axis=0))
    return np.clip(ratio((one * two).sum(axis=0), size), -1.0, 1.0)


def variability_ratio(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """alpha of KGE 2009: standard deviation of the simulated over that of the observed flow (Gupta et al., 2009)."""
    simulated, observed, valid = paired(simulated, observed)
    return ratio(_moments(simulated, valid)[2], _moments(observed, valid)[2])


def bias_ratio(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """beta of KGE: mean simulated over mean observed flow (Gupta et al., 2009)."""
    simulated, observed, _ = paired(simulated, observed)
    return ratio(simulated.sum(axis=0), observed.sum(axis=0))


def variation_ratio(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """gamma of KGE 2012: ratio of the coefficients of variation, alpha / beta (Kling et al., 2012).

    A constant simulation has no variation, even where its mean is 0.
    """
    alpha = variability_ratio(simulated, observed)
    gamma = ratio(alpha, bias_ratio(simulated, observed))
    return np.where(alpha == 0, 0.0, gamma)


def variation(flow: np.ndarray) -> np.ndarray:
    """Coefficient of variation [place] of one series [time, place]: standard deviation over mean of its valid days."""
    flow, _, valid = paired(flow, flow)
    mean, _, deviation = _moments(flow, valid)
    return ratio(deviation, mean)


def _distance(simulated: np.ndarray, observed: np.ndarray, variability: np.ndarray) -> np.ndarray:
    """1 - distance of (r, variability, beta) from (1, 1, 1), with r = 0 for a constant simulation."""
    dead = variability_ratio(simulated, observed) == 0
    r = np.where(dead, 0.0, correlation(simulated, observed))
    beta = bias_ratio(simulated, observed)
    return 1.0 - np.sqrt((r - 1.0) ** 2 + (variability - 1.0) ** 2 + (beta - 1.0) ** 2)


def kge_2009(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Kling-Gupta efficiency, 1 - sqrt((r - 1)^2 + (alpha - 1)^2 + (beta - 1)^2) (Gupta et al., 2009)."""
    return _distance(simulated, observed, variability_ratio(simulated, observed))


def kge_2012(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """KGE with the ratio of coefficients of variation in the place of alpha (Kling et al., 2012)."""
    return _distance(simulated, observed, variation_ratio(simulated, observed))


def percent_bias(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Percent bias, 100 sum (s - o) / sum o: positive where the simulation has too much water."""
    return 100.0 * (bias_ratio(simulated, observed) - 1.0)


def rmse(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Root mean square error, in the unit of the flow."""
    simulated, observed, valid = paired(simulated, observed)
    return np.sqrt(ratio(((simulated - observed) ** 2).sum(axis=0), valid.sum(axis=0)))


def _sorted(flow: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Flow duration curve from the lowest flow up, the incomplete pairs behind it as infinity."""
    return np.sort(np.where(valid, flow, np.inf), axis=0)


def _segment(
    simulated: np.ndarray, observed: np.ndarray, low: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Both flow duration curves, the mask of their low or high end [time, place], and its length [place].

    With n pairs the low end is the first round(0.3 n) flows, the high end those behind the first round(0.98 n), as in
    the δHBV program (Feng et al., 2022).
    """
    simulated, observed, valid = paired(simulated, observed)
    count = valid.sum(axis=0)
    rank = np.arange(len(valid))[:, None]
    first = np.zeros_like(count) if low else np.round((1.0 - HIGH_SHARE) * count).astype(int)
    behind = np.round(LOW_SHARE * count).astype(int) if low else count
    inside = (rank >= first) & (rank < behind)
    return _sorted(simulated, valid), _sorted(observed, valid), inside, behind - first


def high_flow_bias(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """FHV: percent bias of the highest 2 % of the flow duration curve (Yilmaz et al., 2008)."""
    simulated, observed, inside, _ = _segment(simulated, observed, low=False)
    water = np.where(inside, observed, 0.0).sum(axis=0)
    return 100.0 * ratio(np.where(inside, simulated, 0.0).sum(axis=0) - water, water)


def low_flow_bias(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """FLV, linear form: 100 sum (s - o) / (sum o + 1e-4) over the lowest 30 % of the flow duration curve.

    As the δHBV program scores it (Feng et al., 2022). The offset keeps rivers that fall dry finite, but their values
    are huge: read the median, not the mean.
    """
    simulated, observed, inside, count = _segment(simulated, observed, low=True)
    water = np.where(inside, observed, 0.0).sum(axis=0)
    bias = 100.0 * ratio(np.where(inside, simulated, 0.0).sum(axis=0) - water, water + LOW_OFFSET)
    return _fixed(bias, count > 0)


def low_flow_log_bias(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """FLV, log form: -100 (S - O) / O, with S, O = sum of log(flow) - log(lowest flow) over the lowest 30 %.

    Yilmaz et al. (2008), positive where the simulation recedes too little; flows below 1e-6 count as 1e-6, as
    in neuralhydrology (Kratzert et al., 2022). NaN where the observed low flow is constant.
    """
    simulated, observed, inside, count = _segment(simulated, observed, low=True)
    sums = []
    for flow in (simulated, observed):
        # behind the segment stands infinity: a constant keeps the logarithm finite, the mask keeps it out
        log = np.log(np.where(inside, np.maximum(flow, SMALLEST_FLOW), 1.0))
        lowest = log[0] if len(log) else np.zeros(flow.shape[1])
        sums.append(np.where(inside, log - lowest, 0.0).sum(axis=0))
    return _fixed(-100.0 * ratio(sums[0] - sums[1], sums[1]), count > 0)


@dataclass(frozen=True)
class Score:
    """A score, declared once: table column, unit, meaning and the value of a perfect simulation."""

    name: str
    unit: str
    meaning: str
    perfect: float
    function: Callable[[np.ndarray, np.ndarray], np.ndarray]

    @property
    def signed(self) -> bool:
        """Whether the error has a sign, so that its size is worth a summary of its own."""
        return self.unit == "%"


SCORES = (
    Score("nse", "1", "Nash-Sutcliffe efficiency", 1.0, nse),
    Score("kge_2009", "1", "Kling-Gupta efficiency (2009)", 1.0, kge_2009),
    Score("kge_2012", "1", "Kling-Gupta efficiency (2012)", 1.0, kge_2012),
    Score("percent_bias", "%", "bias of the mean flow", 0.0, percent_bias),
    Score("fhv", "%", "bias of the highest 2 % of flows", 0.0, high_flow_bias),
    Score("flv", "%", "bias of the lowest 30 % of flows, linear", 0.0, low_flow_bias),
    Score("flv_log", "%", "bias of the lowest 30 % of flows, logarithmic (Yilmaz 2008)", 0.0, low_flow_log_bias),
    Score("rmse", "mm d-1", "root mean square error", 0.0, rmse),
    Score("correlation", "1", "Pearson correlation r", 1.0, correlation),
    Score("variability_ratio", "1", "standard deviation, simulated over observed (alpha)", 1.0, variability_ratio),
    Score("variation_ratio", "1", "coefficient of variation, simulated over observed (gamma)", 1.0, variation_ratio),
    Score("bias_ratio", "1", "mean, simulated over observed (beta)", 1.0, bias_ratio),
    Score("log_nse", "1", "NSE of the logarithm of flow", 1.0, log_nse),
)


def score(simulated: np.ndarray, observed: np.ndarray) -> dict[str, np.ndarray]:
    """Every score of SCORES, by name [place], of flows [time, place] in mm d-1."""
    return {entry.name: entry.function(simulated, observed) for entry in SCORES}
