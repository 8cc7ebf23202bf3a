"""Soil heat by VIC's quick flux: linear in the surface temperature (Liang et al., 1999, eqs. 2-8; vic.md, 4.4).

Nodes at the surface (Ts), at the bottom D1 of the first layer (T1) and at the damping depth dp (T2 = avg_T). Below D1
the profile is exponential; damped = 1 - exp(-D1/dp) is a derived parameter. With A = 2 D1 dp damped Cs2/dt and
B = damped k2 the original's equation for T1 is a weighted mean:

    T1 = (k1 Ts + A T1old + B T2)/(k1 + A + B)
    G = factor/(2 D1) (k1 (T1 - Ts) + B (T2 - T1))        dH = Cs1 D1/(2 dt) ((Ts + T1)old - (Ts + T1))

factor = cov + (1 - cov) surf_atten. Temperatures degC, fluxes W m-2, conductivities W m-1 K-1, capacities J m-3 K-1.
"""

from collections import namedtuple

from ..elementary import exp, expm1

# Value at Ts = 0 degC and slope of: T1 (interface), G (flux), dH (storage).
QuickFlux = namedtuple("QuickFlux", "interface interface_slope flux flux_slope storage storage_slope")

AT_DAMPING_DEPTH = 0.36787944117144233  # exp(-1)


def quick_flux_line(
    old_surface, old_interface, deep, conductivity_1, conductivity_2, capacity_1, capacity_2, depth, damping_depth,
    damped, factor, seconds,
):  # fmt: skip
    """T1, G and dH as lines over the surface temperature, so that trial temperatures cost nothing."""
    inertia = 2.0 * depth * damping_depth * damped * capacity_2 / seconds
    below = damped * conductivity_2
    inverse = 1.0 / (conductivity_1 + inertia + below)
    interface = (inertia * old_interface + below * deep) * inverse
    interface_slope = conductivity_1 * inverse
    share = factor / (2.0 * depth)
    rate = capacity_1 * depth / (2.0 * seconds)
    return QuickFlux(
        interface,
        interface_slope,
        share * (conductivity_1 * interface + below * (deep - interface)),
        share * (conductivity_1 * (interface_slope - 1.0) - below * interface_slope),
        rate * (old_surface + old_interface - interface),
        -rate * (1.0 + interface_slope),
    )


def quick_flux(line, surface):
    """T1, G and dH at a surface temperature."""
    return (
        line.interface + line.interface_slope * surface,
        line.flux + line.flux_slope * surface,
        line.storage + line.storage_slope * surface,
    )


def quick_flux_adjoint(
    old_surface, old_interface, deep, conductivity_1, conductivity_2, capacity_1, capacity_2, depth, damping_depth,
    damped, factor, seconds, surface, d_interface, d_flux, d_storage,
):  # fmt: skip
    """Reverse of quick_flux of the quick_flux_line of the first twelve arguments.

    Gradients of these but of seconds, which has none, then of the surface temperature.
    """
    inertia = 2.0 * depth * damping_depth * damped * capacity_2 / seconds
    below = damped * conductivity_2
    inverse = 1.0 / (conductivity_1 + inertia + below)
    interface = (conductivity_1 * surface + inertia * old_interface + below * deep) * inverse
    share = factor / (2.0 * depth)
    rate = capacity_1 * depth / (2.0 * seconds)
    flow = conductivity_1 * (interface - surface) + below * (deep - interface)
    change = old_surface + old_interface - surface - interface
    # storage = rate change
    d_change = d_storage * rate
    # flux = share flow
    d_flow = d_flux * share
    # interface = (k1 Ts + inertia T1old + below T2) inverse
    d_mean = (d_interface - d_change + d_flow * (conductivity_1 - below)) * inverse
    d_inertia = d_mean * (old_interface - interface)
    d_below = d_mean * (deep - interface) + d_flow * (deep - interface)
    d_inertia_rate = d_inertia * 2.0 / seconds
    return (
        d_change,
        d_change + d_mean * inertia,
        (d_mean + d_flow) * below,
        d_mean * (surface - interface) + d_flow * (interface - surface),
        d_below * damped,
        d_storage * change * depth / (2.0 * seconds),
        d_inertia_rate * depth * damping_depth * damped,
        d_inertia_rate * damping_depth * damped * capacity_2
        + d_storage * change * capacity_1 / (2.0 * seconds)
        - d_flow * flow / depth,
        d_inertia_rate * depth * damped * capacity_2,
        d_inertia_rate * depth * damping_depth * capacity_2 + d_below * conductivity_2,
        d_flux * flow / (2.0 * depth),
        d_mean * conductivity_1 - d_change - d_flow * conductivity_1,
    )


def damping(depth, damping_depth):
    """1 - exp(-depth/dp)."""
    return -expm1(-depth / damping_depth)


def damping_adjoint(depth, damping_depth, d_damped):
    """Reverse of damping."""
    ratio = depth / damping_depth
    d_ratio = d_damped * exp(-ratio)
    return d_ratio / damping_depth, -d_ratio * ratio / damping_depth


def deep_node(interface, deep, damped):
    """Temperature of the third node: T2 + (T1 - T2) exp(-(dp - D1)/dp); that of T1 where D1 lies below dp."""
    return deep + (interface - deep) * (AT_DAMPING_DEPTH / max(1.0 - damped, AT_DAMPING_DEPTH))


def deep_node_adjoint(interface, deep, damped, d_node):
    """Reverse of deep_node."""
    left = 1.0 - damped
    share = AT_DAMPING_DEPTH / max(left, AT_DAMPING_DEPTH)
    d_damped = d_node * (interface - deep) * share / left if left >= AT_DAMPING_DEPTH else 0.0
    return d_node * share, d_node * (1.0 - share), d_damped


def layer_share(top, depth, first_depth, damping_depth):
    """Share of T1 - T2 in a lower layer's mean temperature: dp/depth (exp(-(top-D1)/dp) - exp(-(bottom-D1)/dp))."""
    passed = -expm1(-depth / damping_depth) * exp(-(top - first_depth) / damping_depth)
    return damping_depth / depth * passed


def layer_share_adjoint(top, depth, first_depth, damping_depth, d_share):
    """Reverse of layer_share."""
    thick, far = depth / damping_depth, (top - first_depth) / damping_depth
    taken, reached = -expm1(-thick), exp(-far)
    share = taken * reached / thick
    d_thick = d_share * ((1.0 - taken) * reached - share) / thick
    d_far = -d_share * share
    return (
        d_far / damping_depth,
        d_thick / damping_depth,
        -d_far / damping_depth,
        -(d_thick * thick + d_far * far) / damping_depth,
    )


def layer_temperature(interface, deep, share):
    """Mean temperature of a layer below the first: T2 + (T1 - T2) share."""
    return deep + (interface - deep) * share


def layer_temperature_adjoint(interface, deep, share, d_temperature):
    """Reverse of layer_temperature."""
    return d_temperature * share, d_temperature * (1.0 - share), d_temperature * (interface - deep)
