"""Reverse of the heat solution by the implicit function theorem: at the solution, never through its iterations.

    node_properties, the search, which ends with a heat_turn at the surface temperature found       (forward)
    soil = heat_tangent(parameter, temperature, flux, i, surface, upper)    slopes with the surface's temperature
    seed = node_seed(flux, d_temperature, i)                                what the nodes pass to the surface
    (the surface's own reverse: gradient of its temperature, and so of G, dH and fusion)
    d_surface, d_upper = heat_adjoint(...)
    node_properties_adjoint(...)

The residual's transposed Jacobian at the solution gives the multipliers l with J^T l = -dT; other gradients are those
of l times the residual. Where properties were the old ones (LAGGED) it is the residual of that scheme, which the sweeps
of the explicit scheme leave by up to 0.01 K; where there was no solution (KEPT) the old temperatures were kept. That
VIC's Newton stops at 0.1 W m-3 has no slope.
"""

from .cold_nose import smooth_noses, smooth_noses_adjoint
from .derived import D
from .heat import LATENT, bottom_conductivity, linearise, node_heat, solve, solve_transposed
from .heat_flux import Upper, heat_flux, heat_flux_adjoint
from .node_rows import (
    CAPACITY,
    CONDUCTIVITY,
    DRY,
    FACTOR,
    FULL,
    ICE,
    KEPT,
    LOWER,
    MOISTURE,
    OLD,
    POINT,
    POROSITY,
    POWER,
    RIGHT,
    SENSITIVITY,
    SOLIDS,
    TEMPERATURE,
    UPPER,
    mode_row,
    node,
)
from .options import options
from .rows import derived_node_row, derived_row, node_row
from .thermal import conductivity_with_ice_adjoint, heat_capacity, heat_capacity_adjoint
from .unfrozen import ice_at, ice_at_adjoint

NOW = LOWER  # of the gradients' scratch: the nodes' conductivities at the solution


def heat_tangent(parameter, temperature, flux, i, surface, upper):
    """SoilHeat at the solution in the rows; its slopes hold the answer of the soil to the surface temperature."""
    mode = flux[mode_row(), i]
    linearise(parameter, flux, i, surface, parameter[derived_row(D.node_spacing), i], mode, upper.dt)
    for j in range(1, options.nodes - 1):
        flux[node(RIGHT, j), i] = -flux[node(LOWER, 1), i] if j == 1 else 0.0
    solve(flux, i, RIGHT, SENSITIVITY)
    if mode == KEPT:
        for j in range(1, options.nodes - 1):
            flux[node(SENSITIVITY, j), i] = 0.0
    smooth_noses(flux, temperature, i, surface)
    return heat_flux(parameter, temperature, flux, i, surface, upper, 0.0, 1.0 if mode != FULL else 0.0)


def node_seed(flux, d_temperature, i):
    """Gradient that the new temperatures of the nodes have through that of the surface, after heat_tangent."""
    seed = 0.0
    for n in range(options.nodes):
        seed += d_temperature[node_row(n), i] * flux[node(FACTOR, n), i]
    return seed


def heat_adjoint(
    parameter, temperature, flux, d_temperature, d_flux, d_parameter, i, surface, upper, d_ground, d_storage, d_fusion
):  # fmt: skip
    """Reverse of the solution at a surface temperature, after heat_tangent: gradients of the surface and of Upper.

    d_temperature: gradients of the nodes' new temperatures, which are read. Writes those of the old temperatures and
    properties to the rows of d_flux that node_properties_adjoint reads.
    """
    for n in range(options.nodes):
        for block in range(TEMPERATURE):
            d_flux[node(block, n), i] = 0.0
        d_flux[node(TEMPERATURE, n), i] = d_temperature[node_row(n), i]
    d_surface, d_first, d_second, d_capacity, d_factor = heat_flux_adjoint(
        parameter, temperature, flux, i, surface, upper, d_ground, d_storage, d_fusion, d_flux, d_parameter
    )
    d_surface += smooth_noses_adjoint(flux, d_flux, i)
    if flux[mode_row(), i] == KEPT:
        for j in range(1, options.nodes - 1):
            d_flux[node(OLD, j), i] += d_flux[node(TEMPERATURE, j), i]
    else:
        for j in range(1, options.nodes - 1):
            flux[node(RIGHT, j), i] = -d_flux[node(TEMPERATURE, j), i]
        solve_transposed(flux, i, RIGHT, RIGHT)
        d_surface += residual_adjoint(parameter, flux, d_flux, d_parameter, i, surface, upper.dt)
    return d_surface, Upper(d_first, d_second, d_capacity, d_factor, 0.0)


def residual_adjoint(parameter, flux, d_flux, d_parameter, i, surface, dt):
    """Gradients of the multipliers (RIGHT) times the residuals; returns that of the surface temperature."""
    last = options.nodes - 1
    lagged = flux[mode_row(), i]
    spacing = parameter[derived_row(D.node_spacing), i]
    d_spacing = 0.0
    d_here = 0.0  # of a node's conductivity, through its own residual and that of the node above
    d_next = 0.0
    for n in range(options.nodes):
        conductivity = flux[node(CONDUCTIVITY, 0), i]
        if n == last:
            conductivity = bottom_conductivity(flux, i, lagged)
        elif n > 0:
            conductivity = node_heat(flux, n, i, flux[node(TEMPERATURE, n), i], lagged).conductivity
        d_flux[node(NOW, n), i] = conductivity
    for j in range(1, last):
        multiplier = flux[node(RIGHT, j), i]
        lower = surface if j == 1 else flux[node(TEMPERATURE, j - 1), i]
        now = flux[node(TEMPERATURE, j), i]
        upper = flux[node(OLD, last), i] if j + 1 == last else flux[node(TEMPERATURE, j + 1), i]
        stretch = parameter[derived_node_row(j), i] + 1.0
        scale = spacing * stretch
        scale = scale * scale
        step = upper - lower
        bend = step / (2.0 * spacing * stretch * stretch)
        curvature = (upper - 2.0 * now + lower) / scale - bend
        by_gradient = 0.25 * step / scale
        # the conductivity of the node above is in no further residual
        if j == 1:
            d_flux[node(CONDUCTIVITY, 0), i] -= multiplier * by_gradient
        else:
            node_heat_adjoint(flux, d_flux, j - 1, i, d_here - multiplier * by_gradient, dt)
        d_here = multiplier * curvature + d_next
        d_next = multiplier * by_gradient
        # residual = (k+ - k-) by_gradient + k curvature + ...
        here = d_flux[node(NOW, j), i]
        conducted = (d_flux[node(NOW, j + 1), i] - d_flux[node(NOW, j - 1), i]) * by_gradient + here * curvature
        d_spacing -= multiplier * (2.0 * conducted + here * bend) / spacing
        d_parameter[derived_node_row(j), i] -= multiplier * 2.0 * conducted / stretch
    node_heat_adjoint(flux, d_flux, last - 1, i, d_here, dt)
    if not options.compat or lagged > 0.0:
        d_flux[node(CONDUCTIVITY, last), i] += d_next
    d_flux[node(OLD, last), i] += flux[node(RIGHT, last - 1), i] * flux[node(UPPER, last - 1), i]
    d_parameter[derived_row(D.node_spacing), i] += d_spacing
    return flux[node(RIGHT, 1), i] * flux[node(LOWER, 1), i]


def node_heat_adjoint(flux, d_flux, n, i, d_conductivity, dt):
    """Gradients of node n's properties through its conductivity and the terms of its own residual."""
    multiplier = flux[node(RIGHT, n), i]
    lagged = flux[mode_row(), i]
    now, old = flux[node(TEMPERATURE, n), i], flux[node(OLD, n), i]
    old_ice = flux[node(ICE, n), i]
    moisture, porosity = flux[node(MOISTURE, n), i], flux[node(POROSITY, n), i]
    point, power = flux[node(POINT, n), i], flux[node(POWER, n), i]
    ice = ice_at(now, moisture, point, power)
    liquid = moisture - ice
    capacity = flux[node(CAPACITY, n), i]
    changed = lagged == 0.0 and (ice > 0.0 or old_ice > 0.0)
    if changed:
        capacity = heat_capacity(liquid, ice, porosity)
    # residual = rho_i Lf (ice - ice_o)/dt - C (T - T_o)/dt - T (C - C_o)/dt
    d_ice = multiplier * LATENT / dt
    d_capacity = -multiplier * (now - old + now) / dt
    d_flux[node(ICE, n), i] -= d_ice
    d_flux[node(OLD, n), i] += multiplier * capacity / dt
    d_flux[node(CAPACITY, n), i] += multiplier * now / dt
    d_liquid = 0.0
    if changed:
        saturation = moisture / porosity
        dry, solids = flux[node(DRY, n), i], flux[node(SOLIDS, n), i]
        by_k = conductivity_with_ice_adjoint(saturation, liquid, ice, porosity, dry, solids, d_conductivity)
        by_c = heat_capacity_adjoint(d_capacity)
        d_liquid = by_k[1] + by_c[0]
        d_ice += by_k[2] + by_c[1] - d_liquid
        d_flux[node(MOISTURE, n), i] += by_k[0] / porosity + d_liquid
        d_flux[node(POROSITY, n), i] += by_k[3] + by_c[2] - by_k[0] * saturation / porosity
        d_flux[node(DRY, n), i] += by_k[4]
        d_flux[node(SOLIDS, n), i] += by_k[5]
    else:
        d_flux[node(CONDUCTIVITY, n), i] += d_conductivity
        d_flux[node(CAPACITY, n), i] += d_capacity
    by_ice = ice_at_adjoint(now, moisture, point, power, d_ice)
    d_flux[node(MOISTURE, n), i] += by_ice[1]
    d_flux[node(POINT, n), i] += by_ice[2]
    d_flux[node(POWER, n), i] += by_ice[3]
