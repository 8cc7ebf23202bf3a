"""Ordinates of the unit hydrograph of a link: the inverse Gaussian distribution of travel times, in sub-steps.

The impulse response of the linearised Saint-Venant equation, x/(2 t sqrt(pi t D)) exp(-(C t - x)^2/(4 D t)), is the
density of an inverse Gaussian distribution with mean x/C and shape x^2/(2 D) (Lohmann et al., 1996). Water enters
evenly over a sub-step h and is counted by sub-steps as it leaves: ordinate j is (G((j+1) h) - 2 G(j h) + G((j-1) h))/h,
G the integral of the distribution function, and so the mean is x/C for every h. The counting adds about h^2/6 to the
variance of a link; the diffusivity is lowered by as much where LEAST of it remains. What would leave after the last
ordinate leaves with it: the ordinates sum to one.
"""

import math
from functools import cache
from typing import Any

import numpy as np

from ..bind import bind_loop
from ..variable import Variable, layout

PARAMETERS = (
    # Defaults of Lohmann et al.'s program; RVIC has 1 m s-1 and 2000 m2 s-1.
    Variable("velocity", "m s-1", "velocity of flood waves in the river of the cell", 0.1, 5, 1.5, symbol="C"),
    Variable("diffusivity", "m2 s-1", "diffusivity of flood waves in the river of the cell", 1, 20000, 800, symbol="D"),
)
GEOMETRY = (Variable("channel_length", "m", "length of the river in the cell; 0: water passes at once", 0, 1e6, 5e4),)
P = layout(PARAMETERS)

# With sub-steps of 3 h three days: 80 km at 0.5 m s-1 take 44 h, give or take 9.
LAGS = 24
COEFFICIENTS = tuple(f"ordinate_{j}" for j in range(LAGS))
LEAST = 0.1


def prepare(parameters, geometry, seconds):
    """Ordinates [lag, node] for velocity and diffusivity [row, node] and channel_length [1, node].

    What has left by each sub-step is rounded to multiples of the precision, and never falls: so no ordinate is
    negative, and their sum is one without any rounding.
    """
    table, _, _ = _tables(parameters, geometry, seconds)
    grain = np.finfo(parameters.dtype).eps
    left = np.maximum.accumulate(np.clip(np.diff(table, axis=0) / seconds, 0.0, 1.0), axis=0)
    left = np.round(left / grain) * grain
    ends = np.zeros_like(left[:1]), left, np.ones_like(left[:1])
    return np.diff(np.concatenate(ends), axis=0).astype(parameters.dtype)


def prepare_adjoint(parameters, geometry, seconds, d_coefficients):
    """Reverse of prepare."""
    _, by_mean, by_shape = _tables(parameters, geometry, seconds)
    velocity, diffusivity = parameters.astype(np.float64)
    length = np.where(geometry[0] > 0, geometry[0], 1.0)
    # the last ordinate is 1 - the sum of the others;  these are second differences of the table
    d_parts = d_coefficients.astype(np.float64)
    d_parts = np.concatenate((d_parts[:-1] - d_parts[-1:], np.zeros_like(d_parts[:2])))
    d_mean, d_shape = np.zeros((2, len(velocity)))
    # Lag by lag: numpy's own sums have other bits where there is one node only.
    for d_table, of_mean, of_shape in zip(
        np.diff(d_parts, 2, axis=0) / seconds, by_mean[1:], by_shape[1:], strict=True
    ):
        d_mean += d_table * of_mean
        d_shape += d_table * of_shape
    # mean = length/velocity;  shape = length^2/(2 used)
    used, added = _lowered(velocity, diffusivity, length, seconds)
    d_used = -d_shape * length**2 / (2.0 * used**2)
    free = diffusivity - added > LEAST * diffusivity
    d_velocity = -d_mean * length / velocity**2 - np.where(free, 3.0 * d_used * added / velocity, 0.0)
    return np.stack((d_velocity, np.where(free, d_used, LEAST * d_used))).astype(parameters.dtype)


def _lowered(velocity, diffusivity, length, seconds):
    """Diffusivity to be used, and what the counting by sub-steps adds: 2 D x/C^3 = h^2/6."""
    added = seconds * seconds * velocity * velocity * velocity / (12.0 * length)
    return np.maximum(diffusivity - added, LEAST * diffusivity), added


def _tables(parameters, geometry, seconds):
    """G at 0, h, 2 h, ... [lag, node] and its derivatives by mean and shape, in float64."""
    velocity, diffusivity = parameters.astype(np.float64)
    length = geometry[0].astype(np.float64)
    flows = length > 0
    length = np.where(flows, length, 1.0)
    used, _ = _lowered(velocity, diffusivity, length, seconds)
    tables = np.zeros((3, LAGS, len(length)))
    mean, shape = np.where(flows, length / velocity, 0.0), length**2 / (2.0 * used)
    _fill()(mean, shape, float(seconds), *tables)
    return tables


@cache
def _fill() -> Any:
    return bind_loop(fill, None, "float64")


def fill(mean, shape, seconds, table, by_mean, by_shape):
    """G and its derivatives at whole sub-steps; where the mean is 0 all water has left at once: G = t."""
    for i in range(len(mean)):
        for j in range(1, table.shape[0]):
            t = j * seconds
            if mean[i] > 0.0:
                table[j, i], by_mean[j, i], by_shape[j, i] = integral(t, mean[i], shape[i])
            else:
                table[j, i] = t


def integral(t, mean, shape):
    """G, the integral from 0 to t of the distribution function, and its derivatives by mean and shape.

    G = (t - mean) N(a) + (t + mean) R,  a = sqrt(shape/t) (t/mean - 1),  b = -sqrt(shape/t) (t/mean + 1),
    R = exp(2 shape/mean) N(b) = exp(-a^2/2) mills(-b/sqrt(2))/2. In the derivatives the normal densities in a and b,
    equal but for that factor, come together in `edge`.
    """
    root = math.sqrt(shape / t)
    a = root * (t / mean - 1.0)
    below = 0.5 * math.erfc(-0.7071067811865476 * a)
    bell = math.exp(-0.5 * a * a)
    image = 0.5 * bell * mills(0.7071067811865476 * root * (t / mean + 1.0))
    edge = 0.7978845608028654 * bell * root * t
    growth = 2.0 * (t + mean) * image / mean
    by_mean = image - below - growth * shape / mean + edge / mean
    return (t - mean) * below + (t + mean) * image, by_mean, growth - edge / shape


def mills(x):
    """exp(x^2) erfc(x) for x > 0: as it stands, and by the asymptotic series where that would overflow."""
    if x < 12.0:
        return math.exp(x * x) * math.erfc(x)
    z = 0.5 / (x * x)
    series = 1.0
    for n in range(19, 0, -2):
        series = 1.0 - n * z * series
    return 0.5641895835477563 * series / x
