"""What people calibrate in VIC, with the bounds of the training (e.g. Troy et al., 2008; Mizukami et al., 2017)."""

from dataclasses import replace

from ..variable import Variable

BOUNDS = {
    "infilt": (0.001, 0.8),
    "Ds": (0.0001, 1.0),
    "Dsmax": (0.1, 50.0),
    "Ws": (0.1, 0.999),
    "snow_rough": (0.0001, 0.02),
}
LAYERED_BOUNDS = {"depth": (0.05, 3.0), "expt": (3.5, 30.0)}


def trainable(parameters: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """The parameters that a network or a calibration may choose."""
    bounds = {v.name: BOUNDS[v.name] for v in parameters if v.name in BOUNDS}
    for v in parameters:
        stem, _, number = v.name.rpartition("_")
        if stem in LAYERED_BOUNDS and number.isdigit():
            bounds[v.name] = LAYERED_BOUNDS[stem]
    return tuple(replace(v, low=bounds[v.name][0], high=bounds[v.name][1]) for v in parameters if v.name in bounds)
