"""Evaporation after Penman and Monteith, linear in the radiation (Liang et al., 1994; VIC 5.1, Hamman et al., 2018)."""

from collections import namedtuple

from ..elementary import exp
from .saturation import (
    KELVIN,
    latent_heat,
    latent_heat_adjoint,
    saturation_slope,
    saturation_slope_adjoint,
)

# What depends on air temperature and elevation alone. slope: of the saturation pressure, Pa K-1; latent: heat of
# vaporisation, J kg-1; psychrometric: Pa K-1; heat: density times specific heat of air, J m-3 K-1.
Evaporative = namedtuple("Evaporative", "slope latent psychrometric heat")

DAY = 86400.0  # s
GAS = 6.02214e26 * 1.38065e-23 / 28.966  # of dry air, J kg-1 K-1
PER_KELVIN = GAS / 9.80616  # scale height of the atmosphere, m K-1
HALF_LAPSE = 0.5 * -0.0065  # K m-1
SEA_LEVEL, SPECIFIC_HEAT = 101325.0, 1013.0  # Pa, J kg-1 K-1


def evaporative(temperature, elevation):
    """What the air (degC, the band's) at an elevation (m, the cell's mean) brings to evaporation.

    p = p0 exp(-z/h), h = Rd/g (T + 273.15 + z lapse/2);  psychrometric = 1628.6 p/latent
    density = 0.003486 p/(275 + T): a standard atmosphere, whatever pressure the weather has
    """
    pressure = SEA_LEVEL * exp(-elevation / (PER_KELVIN * (temperature + KELVIN + HALF_LAPSE * elevation)))
    latent = latent_heat(temperature)
    heat = 0.003486 * pressure / (275.0 + temperature) * SPECIFIC_HEAT
    return Evaporative(saturation_slope(temperature), latent, 1628.6 * pressure / latent, heat)


def evaporative_adjoint(temperature, elevation, d_evaporative):
    """Reverse of evaporative: gradients of temperature and elevation."""
    height = PER_KELVIN * (temperature + KELVIN + HALF_LAPSE * elevation)
    ratio = elevation / height
    pressure = SEA_LEVEL * exp(-ratio)
    latent = latent_heat(temperature)
    warm = 275.0 + temperature
    # heat = 0.003486 pressure/(275 + T) cp
    d_per_pressure = d_evaporative.heat * (0.003486 * SPECIFIC_HEAT) / warm
    d_temperature = -d_per_pressure * pressure / warm
    # psychrometric = 1628.6 pressure/latent
    d_share = d_evaporative.psychrometric * 1628.6 / latent
    d_latent = d_evaporative.latent - d_share * pressure / latent
    # pressure = p0 exp(-ratio);  ratio = elevation/height
    d_ratio = -(d_per_pressure + d_share) * pressure
    d_height = -d_ratio * ratio / height * PER_KELVIN
    d_temperature = d_temperature + d_height + latent_heat_adjoint(temperature, d_latent)
    d_temperature = d_temperature + saturation_slope_adjoint(temperature, d_evaporative.slope)
    return d_temperature, d_ratio / height + d_height * HALF_LAPSE


def penman_line(air, deficit, ra, rc, rarc):
    """Evaporation before its clip as a line: factor (mm d-1 per W m-2) times radiation, plus offset (mm d-1).

    air: Evaporative; deficit: of the vapour pressure, Pa; ra, rc, rarc: resistances of the air, of the canopy and of
    its architecture, s m-1.
    E = 86400 (slope R + heat deficit/ra)/{latent [slope + psychrometric (1 + (rc + rarc)/ra)]}
    """
    inverse = 1.0 / ra
    total = air.slope + air.psychrometric * (1.0 + (rc + rarc) * inverse)
    scale = DAY / (air.latent * total)
    return scale * air.slope, scale * (air.heat * deficit * inverse)


def penman_line_adjoint(air, deficit, ra, rc, rarc, d_factor, d_offset):
    """Reverse of penman_line: gradients of its five arguments, the first an Evaporative."""
    inverse = 1.0 / ra
    resistance = rc + rarc
    total = air.slope + air.psychrometric * (1.0 + resistance * inverse)
    scale = DAY / (air.latent * total)
    supply = air.heat * deficit * inverse
    # factor = scale slope;  offset = scale supply;  supply = heat deficit/ra
    d_scale = d_factor * air.slope + d_offset * supply
    d_supply = d_offset * scale
    # scale = 86400/(latent total);  total = slope + psychrometric (1 + resistance/ra)
    d_relative = d_scale * scale
    d_total = -d_relative / total
    d_resistance = d_total * air.psychrometric * inverse
    d_inverse = d_total * air.psychrometric * resistance + d_supply * air.heat * deficit
    d_air = Evaporative(
        d_factor * scale + d_total,
        -d_relative / air.latent,
        d_total * (1.0 + resistance * inverse),
        d_supply * deficit * inverse,
    )
    return d_air, d_supply * air.heat * inverse, -d_inverse * inverse * inverse, d_resistance, d_resistance


def clipped(rate, deficit):
    """Evaporation without condensation from air that is not over-saturated."""
    return max(rate, 0.0) if deficit >= 0.0 else rate


def penman(air, radiation, deficit, ra, rc, rarc):
    """Evaporation, mm d-1, from radiation in W m-2; the other arguments are those of penman_line."""
    factor, offset = penman_line(air, deficit, ra, rc, rarc)
    return clipped(factor * radiation + offset, deficit)


def penman_adjoint(air, radiation, deficit, ra, rc, rarc, d_rate):
    """Reverse of penman; at an evaporation of 0 the gradient passes. With d_rate = 1 its slopes."""
    factor, offset = penman_line(air, deficit, ra, rc, rarc)
    rate = factor * radiation + offset
    d_line = d_rate if (rate >= 0.0) | (deficit < 0.0) else 0.0
    # rate = factor radiation + offset
    d_air, d_deficit, d_ra, d_rc, d_rarc = penman_line_adjoint(air, deficit, ra, rc, rarc, d_line * radiation, d_line)
    return d_air, d_line * factor, d_deficit, d_ra, d_rc, d_rarc


def penman_slopes(air, radiation, deficit, ra, rc, rarc):
    """penman, and its slopes with respect to the radiation and to ra, for a root search."""
    inverse = 1.0 / ra
    resistance = rc + rarc
    total = air.slope + air.psychrometric * (1.0 + resistance * inverse)
    scale = DAY / (air.latent * total)
    rate = scale * (air.slope * radiation + air.heat * deficit * inverse)
    flows = (rate >= 0.0) | (deficit < 0.0)
    falls = (rate * air.psychrometric * resistance / total - scale * air.heat * deficit) * inverse * inverse
    return clipped(rate, deficit), scale * air.slope if flows else 0.0, falls if flows else 0.0
