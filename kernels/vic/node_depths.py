"""Depths of the thermal nodes: exponential, from the surface to the damping depth dp (VIC 5.1, EXP_TRANS; vic.md, 7).

B = ln(dp + 1)/(N - 1), z_k = exp(B k) - 1. With VIC's quirks (options.compat) the logarithm, B k and the exponential
are rounded to single precision, and B is not: its last digits show in the temperatures. Rounding has no slope.
"""

import numpy as np

from ..elementary import exp, log
from .options import options


def single(x):
    """x; in a form of double precision rounded to single."""
    return x


def single_float64(x):
    """x rounded to single precision."""
    return np.float64(np.float32(x))


def intervals():
    """Number of nodes less one, as a float: an integer would widen what it meets."""
    count = 0.0
    for _ in range(options.nodes - 1):
        count = count + 1.0
    return count


def node_spacing(damping_depth):
    """B: distance of the nodes on the logarithmic scale; damping_depth in m."""
    length = log(damping_depth + 1.0)
    return (single(length) if options.compat else length) / intervals()


def node_spacing_adjoint(damping_depth, d_spacing):
    """Reverse of node_spacing."""
    return d_spacing / (intervals() * (damping_depth + 1.0))


def node_depth(spacing, number):
    """Depth (m) of a node, its number (from 0) as a float."""
    return single(exp(single(spacing * number))) - 1.0 if options.compat else exp(spacing * number) - 1.0


def node_depth_adjoint(spacing, number, d_depth):
    """Reverse of node_depth: the gradient of the spacing."""
    return d_depth * number * exp(spacing * number)
