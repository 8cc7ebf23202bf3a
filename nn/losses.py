"""Losses of simulated against observed flow over [time, place], in mm d-1.

A NaN in the observations is a gap: it counts for nothing and sends no gradient. Every gradient is finite, also for
places without observations, rivers without water and a perfect fit. A NaN in the simulation where there is an
observation is not hidden: the loss becomes NaN.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Loss = Callable[[Tensor, Tensor, Tensor | None], Tensor]

FLOW_OFFSET, LOG_OFFSET = 1e-6, 0.1  # of the logarithm in the two-part loss
STEADY = 1e-6  # mm d-1: a simulation that varies less than this correlates with nothing


def paired(simulated: Tensor, observed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Both flows with 0 in the gaps, and the mask of the observations that are there; ValueError on other shapes."""
    if simulated.shape != observed.shape or simulated.ndim != 2:
        raise ValueError(
            f"a loss needs two flows [time, place], got {tuple(simulated.shape)} and {tuple(observed.shape)}"
        )
    known = torch.isfinite(observed)
    return torch.where(known, simulated, 0.0), torch.where(known, observed, 0.0), known


def root(square: Tensor) -> Tensor:
    """Square root whose gradient at 0 is 0: a perfect fit has nothing to learn, and 0/0 would poison the rest."""
    nothing = square <= 0
    return torch.where(nothing, 0.0, torch.sqrt(torch.where(nothing, 1.0, square)))


def rmse(simulated: Tensor, observed: Tensor) -> Tensor:
    """Root mean square error over all pairs together, mm d-1."""
    simulated, observed, known = paired(simulated, observed)
    return root(((simulated - observed) ** 2).sum() / known.sum().clamp(min=1))


def mse(simulated: Tensor, observed: Tensor) -> Tensor:
    """Mean square error over all pairs together, in the square of their unit."""
    simulated, observed, known = paired(simulated, observed)
    return ((simulated - observed) ** 2).sum() / known.sum().clamp(min=1)


def log_flow(flow: Tensor) -> Tensor:
    """g(q) = log10(sqrt(q + 1e-6) + 0.1) of the two-part loss (Feng et al., 2022)."""
    return torch.log10(torch.sqrt(flow.clamp(min=0.0) + FLOW_OFFSET) + LOG_OFFSET)


def two_part_rmse(simulated: Tensor, observed: Tensor, alpha: float = 0.25) -> Tensor:
    """(1 - alpha) RMSE(q) + alpha RMSE(g(q)), each over all pairs of the batch together (Feng et al., 2022)."""
    simulated, observed, known = paired(simulated, observed)
    count = known.sum().clamp(min=1)
    plain = root(((simulated - observed) ** 2).sum() / count)
    low = root(((log_flow(simulated) - log_flow(observed)) ** 2).sum() / count)
    return (1.0 - alpha) * plain + alpha * low


def nse(simulated: Tensor, observed: Tensor, deviation: Tensor | None = None, offset: float = 0.1) -> Tensor:
    """Mean over places of the mean square error divided by (deviation + offset)^2.

    deviation [place] is the standard deviation of the observations in the whole training period, mm d-1; None takes
    the observations given. With offset 0 this is 1 - NSE; the offset 0.1 mm d-1 keeps nearly dry rivers from deciding
    everything (Kratzert et al., 2019). Places without observations, or with a divisor of 0, do not count.
    """
    simulated, observed, known = paired(simulated, observed)
    count = known.sum(0)
    if deviation is None:
        deviation = _moments(observed, known)[2]
    divisor = (deviation + offset) ** 2
    counted = (count > 0) & (divisor > 0)
    error = ((simulated - observed) ** 2).sum(0) / count.clamp(min=1)
    return _mean(error / torch.where(counted, divisor, 1.0), counted)


def kge(simulated: Tensor, observed: Tensor, smallest: float = 0.01) -> Tensor:
    """Mean over places of 1 - KGE = sqrt((r - 1)^2 + (alpha - 1)^2 + (beta - 1)^2) (Gupta et al., 2009).

    Places whose observations have a mean or a standard deviation below `smallest`, mm d-1, do not count: both stand
    below a fraction. A simulation that never changes has r = 0.
    """
    simulated, observed, known = paired(simulated, observed)
    mean_s, departure_s, spread_s = _moments(simulated, known)
    mean_o, departure_o, spread_o = _moments(observed, known)
    counted = (mean_o > smallest) & (spread_o > smallest)
    spread_o, mean_o = torch.where(counted, spread_o, 1.0), torch.where(counted, mean_o, 1.0)
    moving = spread_s > STEADY
    covariance = (departure_s * departure_o).sum(0) / known.sum(0).clamp(min=1)
    r = torch.where(moving, covariance / (torch.where(moving, spread_s, 1.0) * spread_o), 0.0)
    square = (r - 1.0) ** 2 + (spread_s / spread_o - 1.0) ** 2 + (mean_s / mean_o - 1.0) ** 2
    return _mean(root(square), counted)


def nse_by_place(simulated: Tensor, observed: Tensor) -> Tensor:
    """Nash-Sutcliffe efficiency [place] in float64; NaN where observations are missing or never change."""
    simulated, observed, known = paired(simulated.double(), observed.double())
    _, departure, spread = _moments(observed, known)
    value = 1.0 - ((simulated - observed) ** 2).sum(0) / (departure**2).sum(0)
    return torch.where(spread > 0, value, torch.nan)


def _moments(flow: Tensor, known: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean [place], departures from it [time, place] (0 in gaps) and standard deviation [place]."""
    count = known.sum(0).clamp(min=1)
    mean = flow.sum(0) / count
    departure = torch.where(known, flow - mean, 0.0)
    return mean, departure, root((departure**2).sum(0) / count)


def _mean(value: Tensor, counted: Tensor) -> Tensor:
    return torch.where(counted, value, 0.0).sum() / counted.sum().clamp(min=1)


LOSSES = ("rmse", "nse", "kge", "two_part_rmse", "mse")


def named(name: str, alpha: float = 0.25, offset: float = 0.1) -> Loss:
    """The loss of that name as a function of simulated, observed [time, place] and deviation [place].

    alpha is the weight of the logarithmic part of two_part_rmse, offset that of nse. ValueError on unknown names.
    """
    losses: dict[str, Loss] = {
        "rmse": lambda simulated, observed, deviation: rmse(simulated, observed),
        "mse": lambda simulated, observed, deviation: mse(simulated, observed),
        "nse": lambda simulated, observed, deviation: nse(simulated, observed, deviation, offset),
        "kge": lambda simulated, observed, deviation: kge(simulated, observed),
        "two_part_rmse": lambda simulated, observed, deviation: two_part_rmse(simulated, observed, alpha),
    }
    if name not in losses:
        raise ValueError(f"unknown loss '{name}', expected one of: {', '.join(LOSSES)}")
    return losses[name]
