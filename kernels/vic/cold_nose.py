"""Temperatures of single nodes that run away from both neighbours are set to their mean (VIC 5.1; vic.md, 7).

Node by node downwards: a node that was colder than both neighbours and is so by more now gets the mean of their new
temperatures, and likewise one that was warmer.
"""

from .node_rows import FACTOR, OLD, SENSITIVITY, SPARE, TEMPERATURE, node
from .options import options
from .rows import node_row


def runs_away(old_lower, old, old_upper, lower, now, upper):
    """Whether a node differs from both neighbours on one side, and by more than before."""
    above, below = lower - now, upper - now
    old_above, old_below = old_lower - old, old_upper - old
    cold = old_above > 0.0 and old_below > 0.0 and above > old_above and below > old_below
    warm = old_above < 0.0 and old_below < 0.0 and above < old_above and below < old_below
    return cold or warm


def smooth_noses(flux, temperature, i, surface):
    """Write the nodes' temperatures to the states `temperature`, their slopes with the surface's to FACTOR.

    With VIC's quirks the old temperature of the surface counts as the new one. SPARE keeps which nodes were changed.
    """
    last = options.nodes - 1
    lower = surface
    lower_slope = 1.0
    old_lower = surface if options.compat else flux[node(OLD, 0), i]
    temperature[node_row(0), i] = surface
    flux[node(FACTOR, 0), i] = 1.0
    for j in range(1, last):
        now = flux[node(TEMPERATURE, j), i]
        slope = flux[node(SENSITIVITY, j), i]
        old = flux[node(OLD, j), i]
        bottom = j + 1 == last
        upper = flux[node(OLD, last), i] if bottom else flux[node(TEMPERATURE, j + 1), i]
        upper_slope = 0.0 if bottom else flux[node(SENSITIVITY, j + 1), i]
        changed = runs_away(old_lower, old, flux[node(OLD, j + 1), i], lower, now, upper)
        lower = 0.5 * (lower + upper) if changed else now
        lower_slope = 0.5 * (lower_slope + upper_slope) if changed else slope
        old_lower = old
        temperature[node_row(j), i] = lower
        flux[node(FACTOR, j), i] = lower_slope
        flux[node(SPARE, j), i] = 1.0 if changed else 0.0
    temperature[node_row(last), i] = flux[node(OLD, last), i]
    flux[node(FACTOR, last), i] = 0.0


def smooth_noses_adjoint(flux, d_flux, i):
    """Reverse of smooth_noses: returns the gradient of the surface temperature, adds to that of the bottom (OLD).

    Gradients in the block TEMPERATURE are those of the smoothed ones before, of the solution after.
    """
    last = options.nodes - 1
    for k in range(1, last):
        j = last - k
        if flux[node(SPARE, j), i] > 0.0:
            half = 0.5 * d_flux[node(TEMPERATURE, j), i]
            d_flux[node(TEMPERATURE, j), i] = 0.0
            d_flux[node(TEMPERATURE, j - 1), i] += half
            d_flux[node(TEMPERATURE, j + 1), i] += half
    d_flux[node(OLD, last), i] += d_flux[node(TEMPERATURE, last), i]
    return d_flux[node(TEMPERATURE, 0), i]
