"""Density of the snow on the ground: new snow, its weight, and age (Bras, 1990; VIC 5.1, Hamman et al., 2018)."""

from ..elementary import exp, power

INCHES = 1000.0 / 25.4  # in a metre
LARGEST = 0.9  # of the depth that may be lost at once
WEIGHT = 0.5 * 9.80616 * 1000.0 / 3.6e6  # N m-3 / (N s m-2)


def new_snow_density(temperature):
    """Density (kg m-3) of snow that falls at an air temperature in degC: 50 + 1000 (F/100)^2, F degrees Fahrenheit."""
    warmth = max(0.018 * temperature + 0.32, 0.0)
    return min(50.0 + 1000.0 * warmth * warmth, 400.0)


def new_snow_density_adjoint(temperature, d_density):
    """Reverse of new_snow_density."""
    warmth = max(0.018 * temperature + 0.32, 0.0)
    return 36.0 * warmth * d_density if 50.0 + 1000.0 * warmth * warmth < 400.0 else 0.0


def snow_density(snowfall, water, depth, surface_temperature, temperature, dt):
    """Density (kg m-3) of the snow after a sub-step of dt s.

    snowfall in mm; water (all of it, m) and depth (m) before it; temperatures of snow surface and air in degC. New snow
    presses what lies there together by the share (N/W) (d/10)^0.35, in inches, of its depth; then all of it settles by
    0.5 g rho_w W dt / (3.6e6 exp(-0.08 T + 0.021 density)) of it; neither may take more than 0.9 of the depth.
    """
    density = snow_density_fallen(snowfall, water, depth, temperature)
    settled = settling(water + 0.001 * snowfall, density, surface_temperature, dt)
    return density / (1.0 - min(settled, LARGEST))


def snow_density_fallen(snowfall, water, depth, temperature):
    """Density after the new snow has come, before it settles."""
    fresh = new_snow_density(temperature)
    if depth <= 0.0 or water <= 0.0:
        return fresh
    if snowfall <= 0.0:
        return 1000.0 * water / depth
    left = depth * (1.0 - min(pressed(snowfall, water, depth), LARGEST)) + snowfall / fresh
    return 1000.0 * (water + 0.001 * snowfall) / left


def pressed(snowfall, water, depth):
    """Share of the depth lost to the weight of new snow."""
    return 0.001 * snowfall / water * power(0.1 * INCHES * depth, 0.35)


def settling(water, density, surface_temperature, dt):
    """Share of the depth lost to settling."""
    return WEIGHT * water * dt * exp(0.08 * surface_temperature - 0.021 * density)


def snow_density_adjoint(snowfall, water, depth, surface_temperature, temperature, dt, d_density):
    """Reverse of snow_density: slopes of snowfall, water, depth and both temperatures; dt has none.

    At the limit of 0.9 the loss has no slope.
    """
    density = snow_density_fallen(snowfall, water, depth, temperature)
    total = water + 0.001 * snowfall
    settled = settling(total, density, surface_temperature, dt)
    kept = 1.0 / (1.0 - min(settled, LARGEST))
    # density' = density / (1 - min(settled, 0.9))
    d_settled = d_density * density * kept * kept * settled if settled < LARGEST else 0.0
    d_surface = 0.08 * d_settled
    d_total = d_settled / total if d_settled != 0.0 else 0.0
    d_fallen = d_density * kept - 0.021 * d_settled
    d_snowfall, d_water, d_depth, d_temperature = snow_density_fallen_adjoint(
        snowfall, water, depth, temperature, d_fallen
    )
    return d_snowfall + 0.001 * d_total, d_water + d_total, d_depth, d_surface, d_temperature


def snow_density_fallen_adjoint(snowfall, water, depth, temperature, d_density):
    """Reverse of snow_density_fallen."""
    if depth <= 0.0 or water <= 0.0:
        return 0.0, 0.0, 0.0, new_snow_density_adjoint(temperature, d_density)
    if snowfall <= 0.0:
        return 0.0, 1000.0 * d_density / depth, -1000.0 * water / depth * d_density / depth, 0.0
    fresh = new_snow_density(temperature)
    share = pressed(snowfall, water, depth)
    left = depth * (1.0 - min(share, LARGEST)) + snowfall / fresh
    # density = (1000 W + N) / left
    d_sum = d_density / left
    d_left = -(1000.0 * water + snowfall) / left * d_sum
    # left = d (1 - share) + N / fresh
    d_fresh = -d_left * snowfall / (fresh * fresh)
    d_share = -d_left * depth * share if share < LARGEST else 0.0
    d_depth = d_left * (1.0 - min(share, LARGEST)) + 0.35 * d_share / depth
    d_snowfall = d_sum + d_left / fresh + d_share / snowfall
    return d_snowfall, 1000.0 * d_sum - d_share / water, d_depth, new_snow_density_adjoint(temperature, d_fresh)
