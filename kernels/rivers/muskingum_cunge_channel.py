"""The channel of Muskingum-Cunge: its parameters and geometry, and what a reach needs to know of them.

Width B = width_coefficient A^width_exponent of the upstream area A in km2; velocity by Manning's equation for a channel
so wide that its hydraulic radius is its depth, v = sqrt(slope)/n y^(2/3).
"""

import numpy as np

from ..variable import Variable, layout

PARAMETERS = (
    # Chow (1959), Open-Channel Hydraulics: 0.025 (clean natural streams) to 0.16 (floodplains with trees).
    Variable("manning_roughness", "s m-1/3", "Manning's roughness of the river bed", 0.01, 0.25, 0.035, symbol="n"),
    # Blackburn-Lynch et al. (2017), J. Am. Water Resour. Assoc. 53, 903-928.
    Variable("width_coefficient", "m", "width of a river of 1 km2 upstream", 0.2, 30, 2.44),
    Variable("width_exponent", "1", "exponent of upstream area in km2 in the width of the river", 0.1, 0.8, 0.34),
)
GEOMETRY = (
    Variable("channel_length", "m", "length of the river in the cell; 0: water passes at once", 0, 1e6, 5e4),
    Variable("channel_slope", "1", "slope of the river bed", 0, 1, 1e-3),
    Variable("upstream_area", "km2", "area that drains to the cell, itself included", 0, 2e8, 5e3),
)
P, G = layout(PARAMETERS), layout(GEOMETRY)

# depth of each m3, travel time of a flood wave at 1 m depth in sub-steps, its diffusion at 1 m, steady storage of 1 m3.
COEFFICIENTS = ("depth", "time", "spread", "content")
C = layout(Variable(name, "1", "") for name in COEFFICIENTS)

FLAT = 1e-5  # slope below which a river is taken to be no flatter
SMALL = 1e-3  # km2
BETA = 5.0 / 3.0  # celerity of a flood wave over velocity of its water


def prepare(parameters, geometry, seconds):
    """Coefficients [row, node]: 1/(B L), L n/(beta sqrt(slope) h), 1/(beta slope L), L (n B^(2/3)/(sqrt(slope) h))^0.6.

    A reach without length has no storage, and its waves no travel time. What is not a number counts as nothing.
    """
    length, slope, area = _geometry(geometry)
    roughness = parameters[P.manning_roughness]
    width = parameters[P.width_coefficient] * area ** parameters[P.width_exponent]
    drag = roughness / (np.sqrt(slope) * seconds)
    flows = length > 0
    full = np.where(flows, length, 1)
    rows = 1 / (width * full), full * drag / BETA, 1 / (BETA * slope * full), full * (drag * width ** (2 / 3)) ** 0.6
    return np.where(flows, np.stack(rows), 0).astype(parameters.dtype)


def prepare_adjoint(parameters, geometry, seconds, d_coefficients):
    """Reverse of prepare."""
    _, _, area = _geometry(geometry)
    # d_of: gradients of logarithms;  depth ~ 1/B, time ~ n, content ~ n^0.6 B^0.4
    d_of = d_coefficients * prepare(parameters, geometry, seconds)
    d_width = 0.4 * d_of[C.content] - d_of[C.depth]
    d_roughness = (d_of[C.time] + 0.6 * d_of[C.content]) / parameters[P.manning_roughness]
    rows = d_roughness, d_width / parameters[P.width_coefficient], d_width * np.log(area)
    return np.stack(rows).astype(parameters.dtype)


def _geometry(geometry):
    """Length, slope and upstream area without what no equation could take."""
    length, slope, area = np.nan_to_num(geometry)
    return length, np.maximum(slope, FLAT).astype(slope.dtype), np.maximum(area, SMALL).astype(area.dtype)
