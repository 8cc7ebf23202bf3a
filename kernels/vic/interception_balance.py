"""Energy balance of a tall canopy with or without snow, and the temperature at which it is zero.

Andreadis et al. (2009); VIC 5.1 (Hamman et al., 2018).
"""

from collections import namedtuple

from .options import options
from .root import FAR, MOST, root_begin, root_next
from .saturation import (
    emitted,
    emitted_adjoint,
    latent_heat_of_sublimation,
    latent_heat_of_sublimation_adjoint,
    saturation_pressure,
    saturation_pressure_adjoint,
)

WIDTH = 5.0  # K on both sides of the bracket

# What the balance at a temperature T is made of. radiation W m-2: net shortwave and incoming longwave; advection W m-2:
# heat of rain; temperature degC, vapour_pressure Pa, deficit Pa: of the air; exchange W m-2 K-1; snow: > 0 where there
# is any. With snow: transfer kg m-2 s-1 Pa-1, refreeze W m-2: heat if all water freezes. Without: potential evaporation
# offset + factor (net radiation) mm, wetness: the share of it, available mm, heat W m-2 per mm evaporated.
Foliage = namedtuple(
    "Foliage",
    "radiation advection temperature vapour_pressure deficit exchange snow transfer refreeze offset factor wetness "
    "available heat",
)
# At a temperature: W m-2, vapour that condenses kg m-2 s-1, potential evaporation mm; value: the balance; slope: its.
Exchange = namedtuple("Exchange", "emitted sensible vapour potential latent value slope")


def foliage_exchange(foliage, temperature):
    """Fluxes of the foliage at a temperature [degC], their sum without refreezing, and its slope [W m-2 K-1].

    B = radiation - 2 emitted + sensible + latent + advection; the slope is below 0.
    """
    out = emitted(temperature)
    out_slope = emitted_adjoint(temperature, 1.0)
    sensible = foliage.exchange * (foliage.temperature - temperature)
    slope = -2.0 * out_slope - foliage.exchange
    vapour = 0.0
    potential = 0.0
    if foliage.snow > 0.0:
        pressure = saturation_pressure(temperature)
        vapour = foliage.transfer * (foliage.vapour_pressure - pressure)
        sublimates = foliage.deficit > 0.0 or vapour >= 0.0
        vapour = vapour if sublimates else 0.0
        heat = latent_heat_of_sublimation(temperature)
        latent = heat * vapour
        if sublimates:
            slope = slope - saturation_pressure_adjoint(temperature, heat * foliage.transfer)
            slope = slope + latent_heat_of_sublimation_adjoint(temperature, vapour)
    else:
        potential = max(foliage.offset + foliage.factor * (foliage.radiation - 2.0 * out), 0.0)
        latent = foliage.heat * min(foliage.wetness * potential, foliage.available)
        if potential > 0.0 and foliage.wetness * potential <= foliage.available:
            slope = slope - 2.0 * foliage.heat * foliage.wetness * foliage.factor * out_slope
    value = foliage.radiation - 2.0 * out + sensible + latent + foliage.advection
    return Exchange(out, sensible, vapour, potential, latent, value, slope)


def foliage_exchange_adjoint(foliage, temperature, d_exchange):
    """Reverse of foliage_exchange, its slope excepted: gradient of foliage and of the temperature."""
    now = foliage_exchange(foliage, temperature)
    d_value = d_exchange.value
    # value = radiation - 2 emitted + sensible + latent + advection
    d_out = d_exchange.emitted - 2.0 * d_value
    d_sensible = d_exchange.sensible + d_value
    d_latent = d_exchange.latent + d_value
    d_radiation = d_value
    d_transfer = 0.0
    d_air_vapour = 0.0
    d_offset = 0.0
    d_factor = 0.0
    d_wetness = 0.0
    d_available = 0.0
    d_heat = 0.0
    # sensible = exchange (Ta - T)
    d_temperature = -foliage.exchange * d_sensible
    if foliage.snow > 0.0:
        pressure = saturation_pressure(temperature)
        difference = foliage.vapour_pressure - pressure
        # latent = Ls vapour;  vapour = transfer (e - es), not below 0 in saturated air
        if foliage.deficit > 0.0 or difference >= 0.0:
            d_vapour = d_exchange.vapour + latent_heat_of_sublimation(temperature) * d_latent
            d_transfer = d_vapour * difference
            d_air_vapour = d_vapour * foliage.transfer
            d_temperature = d_temperature + latent_heat_of_sublimation_adjoint(temperature, now.vapour * d_latent)
            d_temperature = d_temperature - saturation_pressure_adjoint(temperature, d_air_vapour)
    else:
        # latent = heat min(wetness potential, available);  potential = max(offset + factor net, 0)
        demand = foliage.wetness * now.potential
        d_heat = d_latent * min(demand, foliage.available)
        d_evaporation = foliage.heat * d_latent
        # dry leaves: the first drop evaporates, though the slope of the wetness there has no limit
        dry = foliage.available <= 0.0 and now.potential > 0.0
        d_available = d_evaporation if demand > foliage.available or dry else 0.0
        d_demand = d_evaporation - d_available
        d_wetness = d_demand * now.potential
        d_offset = d_exchange.potential + d_demand * foliage.wetness if now.potential > 0.0 else 0.0
        d_factor = d_offset * (foliage.radiation - 2.0 * now.emitted)
        d_radiation = d_radiation + d_offset * foliage.factor
        d_out = d_out - 2.0 * d_offset * foliage.factor
    d_temperature = d_temperature + emitted_adjoint(temperature, d_out)
    return Foliage(
        d_radiation, d_value, foliage.exchange * d_sensible, d_air_vapour, 0.0,
        d_sensible * (foliage.temperature - temperature), 0.0, d_transfer, 0.0, d_offset, d_factor, d_wetness,
        d_available, d_heat,
    ), d_temperature  # fmt: skip


def melting(foliage, temperature, value):
    """Whether snow melts: at 0 degC, where the balance is above minus the heat of freezing all water."""
    return foliage.snow > 0.0 and temperature == 0.0 and value > -foliage.refreeze


def foliage_temperature(foliage, start, cold):
    """Temperature [degC] of the foliage, 1 where the search failed and kept its start, and the fluxes there.

    cold: > 0 where snow lies or falls: the search begins at 0 degC, which is the answer where snow melts, and goes on
    below. Otherwise it begins at start, the temperature of the last sub-step.
    """
    lower = min(start, 0.0) - WIDTH if cold > 0.0 else start - WIDTH
    upper = 0.0 if cold > 0.0 else start + WIDTH
    root = root_begin(lower, upper, 0.0 if cold > 0.0 else start, 0.0 if foliage.snow > 0.0 else FAR)
    test = cold
    for _ in range(MOST):
        temperature = 0.0 if test > 0.0 else (start if root.failed > 0.0 else root.x)
        now = foliage_exchange(foliage, temperature)
        if root.done > 0.0:
            break
        value = 0.0 if melting(foliage, temperature, now.value) else now.value + foliage.refreeze
        if test > 0.0 and value == 0.0:
            break
        if test == 0.0 or not options.brent:
            root = root_next(root, value, now.slope)
        test = 0.0
    return temperature, root.failed, now
