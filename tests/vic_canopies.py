"""Tall canopies of VIC compiled over columns of arguments, and random ones, for their tests."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from freshet.kernels.bind import bind
from freshet.kernels.vic.bundles import Air
from freshet.kernels.vic.interception import Canopy, CanopyFluxes, intercept
from freshet.kernels.vic.interception_adjoint import intercept_adjoint
from freshet.kernels.vic.options import options as defaults
from numba import njit


@dataclass(frozen=True, eq=False)
class Form:
    """A form of VIC as kernels/bind.py sees it."""

    label: str
    options: dict[str, Any]


def form(**options):
    words = "_".join(f"{name}{value}" for name, value in sorted(options.items()))
    return Form(f"vic_{words}", defaults._asdict() | options)


PARITY, COMPAT, MENDED = form(brent=True), form(), form(compat=False)
# Arguments of intercept, in the order of its rows here, as the function tables name them; the last has no gradient.
NAMES = ("snow_canopy", "tmp", "W", "Tfoliage", "Ta", "pressure", "vp", "vpd", "density_air", "LW", "rain", "snow",
         "SW_canopy", "albedo", "LWup", "ra1", "rarc", "U1", "lai", "capacity", "elev")  # fmt: skip
RESULTS = Canopy._fields + CanopyFluxes._fields


def split(x):
    """Arguments of intercept from one column of inputs."""
    zero = x[4] * 0
    air = Air(x[4], x[5], x[6], x[7], x[8], zero, zero, x[9])
    return (
        Canopy(x[0], x[1], x[2], x[3]),
        air,
        x[10],
        x[11],
        x[12],
        x[13],
        x[14],
        x[15],
        x[16],
        x[17],
        x[18],
        x[19],
        x[20],
    )


@cache
def forward(model, dtype):
    function, split_one = bind(intercept, model, np.dtype(dtype).name, exact=model is PARITY), njit(split)

    def sweep(inputs, dt, out):
        for i in range(inputs.shape[1]):
            after, fluxes = function(*split_one(inputs[:, i]), dt)
            for k in range(4):
                out[k, i] = after[k]
            for k in range(15):
                out[4 + k, i] = fluxes[k]

    return njit(sweep, error_model="numpy")


@cache
def backward(model, dtype):
    function, split_one = bind(intercept_adjoint, model, np.dtype(dtype).name), njit(split)

    def sweep(inputs, dt, d_out, d_inputs):
        for i in range(inputs.shape[1]):
            d = d_out[:, i]
            d_after = Canopy(d[0], d[1], d[2], d[3])
            d_fluxes = CanopyFluxes(
                d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13], d[14], d[15], d[16], d[17], d[18]
            )
            found = function(*split_one(inputs[:, i]), dt, d_after, d_fluxes)
            before, air = found[0], found[1]
            for k in range(4):
                d_inputs[k, i] = before[k]
            for k in range(5):
                d_inputs[4 + k, i] = air[k]
            d_inputs[9, i] = air[7]
            d = found[2:]
            for k in range(10):
                d_inputs[10 + k, i] = d[k]

    return njit(sweep, error_model="numpy")


def canopies(model, inputs, dt=10800.0, dtype=np.float64):
    """Results by name; in the form for parity no operation is fused with another."""
    out = np.zeros((len(RESULTS), inputs.shape[1]), dtype)
    forward(model, dtype)(inputs.astype(dtype), dtype(dt), out)
    return dict(zip(RESULTS, out, strict=True))


def reverse(model, inputs, d_out, dt=10800.0, dtype=np.float64):
    """Gradients of the inputs."""
    d_inputs = np.zeros_like(inputs, dtype)
    backward(model, dtype)(inputs.astype(dtype), dtype(dt), d_out.astype(dtype), d_inputs)
    return d_inputs


def random_canopies(count, rng, ties=0.01):
    """Canopies in all seasons: with and without snow, rain, snowfall, wind and leaves, and a share of ties."""

    def sometimes(share, low, high):
        return np.where(rng.random(count) < share, rng.uniform(low, high, count), 0.0)

    lai = sometimes(0.95, 0.05, 8.0)
    warm = rng.uniform(-30.0, 12.0, count) * (rng.random(count) < 0.98)
    pressure, full = rng.uniform(5e4, 1.05e5, count), 610.78 * np.exp(17.269 * warm / (237.3 + warm))
    deficit = full * sometimes(0.9, 0.0, 0.9)
    # ties: canopies exactly full of snow, or with the 5 mm that never slide
    snow = rng.choice([0.0, 1.0, 1.0], count) * rng.uniform(0, 1, count) ** 2 * 0.0025 * lai
    snow = np.select([rng.random(count) < ties, rng.random(count) < ties], [0.002 * lai, 0.005 + 0 * lai], snow)
    water = sometimes(0.6, 0.0, 1.2) * 0.1 * lai
    melt = sometimes(0.3, 0.0, 1.0) * snow
    return np.stack([
        snow, melt, water, warm + rng.normal(0, 3, count), warm, pressure, full - deficit, deficit,
        pressure / (287.0 * (warm + 273.15)), rng.uniform(130, 400, count), sometimes(0.4, 0.0, 10.0) * (warm > -0.5),
        sometimes(0.5, 1e-5, 20.0) * (warm < 0.5), sometimes(0.6, 0.0, 900.0), rng.uniform(0.05, 0.3, count),
        rng.uniform(150, 450, count), np.where(rng.random(count) < 0.02, 1e20, rng.uniform(2, 200, count)),
        rng.uniform(0, 150, count), sometimes(0.95, 0.0, 12.0), lai, 0.1 * lai, rng.uniform(0, 4000, count),
    ])  # fmt: skip
