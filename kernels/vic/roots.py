"""Shares of the roots in the soil layers from root zones that know nothing of them (VIC 5.1; vic.md, section 2).

Roots are spread evenly inside a zone. The share above a depth x is F(x) = sum over the zones of root_fract times the
part of the zone above x; a layer has F(bottom) - F(top), the last one all that is below its top. Shares below SCARCE
count as none; the rest is scaled to a sum of 1. A zone is at least THINNEST thick.
"""

from .derived import DL
from .options import options
from .parameters import L, P, Z
from .rows import derived_layer_row, layer_row, zone_row

SCARCE = 1e-4
THINNEST = 1e-3  # m
FAR = 1e6  # m; below every root


def roots_above(parameter, x, i):
    """F(x): the roots above a depth x (m), before any scaling."""
    start = 0.0
    total = 0.0
    for z in range(options.zones):
        thickness = max(parameter[zone_row(Z.root_depth, z), i], THINNEST)
        total = total + parameter[zone_row(Z.root_fract, z), i] * min(max(0.0, (x - start) / thickness), 1.0)
        start = start + thickness
    return total


def root_shares(parameter, i):
    """Write the shares of cell i to its derived rows; none on bare soil or where no layer has any."""
    bottom = 0.0
    above = 0.0
    total = 0.0
    for k in range(options.layers):
        bottom = bottom + parameter[layer_row(L.depth, k), i]
        reached = roots_above(parameter, bottom if k < options.layers - 1 else FAR, i)
        share = reached - above
        kept = share if share >= SCARCE else 0.0
        parameter[derived_layer_row(DL.roots, k), i] = kept
        total = total + kept
        above = reached
    scale = parameter[P.vegetated, i] / max(total, SCARCE)
    for k in range(options.layers):
        parameter[derived_layer_row(DL.roots, k), i] = parameter[derived_layer_row(DL.roots, k), i] * scale


def root_shares_adjoint(parameter, d_parameter, i):
    """Reverse of root_shares, whose shares stand in parameter: takes the gradients of its rows and leaves them zero.

    Where a layer and a zone end at the same depth, the slope is that of a layer that ends inside the zone.
    """
    last = options.layers - 1
    bottom = 0.0
    above = 0.0
    total = 0.0
    mean = 0.0
    for k in range(options.layers):
        bottom = bottom + parameter[layer_row(L.depth, k), i]
        reached = roots_above(parameter, bottom if k < last else FAR, i)
        share = reached - above
        total = total + (share if share >= SCARCE else 0.0)
        mean = mean + parameter[derived_layer_row(DL.roots, k), i] * d_parameter[derived_layer_row(DL.roots, k), i]
        above = reached
    # roots = kept/total:  the rows now hold the gradients of the shares before the scaling
    scale = 1.0 / max(total, SCARCE)
    for k in range(options.layers):
        row = derived_layer_row(DL.roots, k)
        d_parameter[row, i] = (d_parameter[row, i] - mean) * scale if parameter[row, i] > 0.0 else 0.0
    # share of layer k = F(bottom of k) - F(bottom of k - 1);  each row then holds the gradient of its bottom
    bottom = 0.0
    for k in range(options.layers):
        row = derived_layer_row(DL.roots, k)
        bottom = bottom + parameter[layer_row(L.depth, k), i]
        d_reached = d_parameter[row, i] - (d_parameter[row + 1, i] if k < last else 0.0)
        d_parameter[row, i] = roots_above_adjoint(parameter, bottom if k < last else FAR, d_parameter, d_reached, i)
    d_depth = 0.0
    for n in range(options.layers):
        row = derived_layer_row(DL.roots, last - n)
        d_depth = d_depth + d_parameter[row, i]
        d_parameter[layer_row(L.depth, last - n), i] += d_depth
        d_parameter[row, i] = 0.0


def roots_above_adjoint(parameter, x, d_parameter, d_total, i):
    """Reverse of roots_above: adds to the zones' gradients and returns that of x."""
    start = 0.0
    d_x = 0.0
    for z in range(options.zones):
        thickness = max(parameter[zone_row(Z.root_depth, z), i], THINNEST)
        part = (x - start) / thickness
        inside = part > 0.0 and part <= 1.0
        d_x = d_x + (d_total * parameter[zone_row(Z.root_fract, z), i] / thickness if inside else 0.0)
        start = start + thickness
    start = 0.0
    for z in range(options.zones):
        depth = parameter[zone_row(Z.root_depth, z), i]
        thickness = max(depth, THINNEST)
        part = min(max(0.0, (x - start) / thickness), 1.0)
        d_parameter[zone_row(Z.root_fract, z), i] += d_total * part
        # A thicker zone has less of it above x, or moves the zones below it down.
        d_parameter[zone_row(Z.root_depth, z), i] -= d_x * part if depth >= THINNEST else 0.0
        start = start + thickness
    return d_x
