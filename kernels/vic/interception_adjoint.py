"""Reverse of a sub-step of a tall canopy: the temperature by the implicit function theorem."""

from .bundles import Air
from .canopy_water import canopy_water_adjoint
from .interception import Canopy, Load, foliage_of, load_canopy
from .interception_balance import Exchange, Foliage, foliage_exchange_adjoint, foliage_temperature, melting
from .interception_load import EMPTY, catch_rain, catch_rain_adjoint, catch_snow, catch_snow_adjoint, shed_adjoint
from .interception_prepare import (
    SNOWY,
    canopy_albedo,
    canopy_resistance_to_air,
    gain,
    snowy_foliage_adjoint,
    wet_foliage_adjoint,
)
from .interception_settle import settle_adjoint

FLATTEST = -0.01  # W m-2 K-1; the balance of a real canopy falls by 5 or more per K


def load_canopy_adjoint(canopy, rain, snowfall, wind, lai, capacity, d_load):
    """Reverse of load_canopy; the temperature, from which the search begins, has no part in its root.

    Gradients of snow, water and temperature of the canopy, rain, snowfall, wind, lai and capacity.
    """
    fall, drops, leaves = snowfall / 1000.0, rain / 1000.0, capacity / 1000.0
    caught, _ = catch_snow(canopy.snow, fall, canopy.temperature, wind, lai)
    kept, _ = catch_rain(canopy.water / 1000.0, drops, caught, leaves)
    d_caught, d_kept, d_lai = shed_adjoint(caught, kept, lai, d_load.snow, d_load.water, d_load.snowfall, d_load.rain)
    d_water, d_rain, d_more, d_capacity = catch_rain_adjoint(
        canopy.water / 1000.0, drops, caught, leaves, d_kept, d_load.rain
    )
    d_snow, d_fall, d_temperature, d_wind, d_leaves = catch_snow_adjoint(
        canopy.snow, fall, canopy.temperature, wind, lai, d_caught + d_more, d_load.snowfall
    )
    return (
        d_snow, d_water / 1000.0, d_temperature, d_rain / 1000.0, d_fall / 1000.0, d_wind, d_lai + d_leaves,
        d_capacity / 1000.0,
    )  # fmt: skip


def with_share(d_foliage, d_advection, d_refreeze, d_wetness):
    """The gradient of a foliage with more for its advection, heat of freezing and wetness."""
    return Foliage(
        d_foliage.radiation, d_foliage.advection + d_advection, d_foliage.temperature, d_foliage.vapour_pressure,
        d_foliage.deficit, d_foliage.exchange, d_foliage.snow, d_foliage.transfer, d_foliage.refreeze + d_refreeze,
        d_foliage.offset, d_foliage.factor, d_foliage.wetness + d_wetness, d_foliage.available, d_foliage.heat,
    )  # fmt: skip


def foliage_temperature_adjoint(foliage, temperature, failed, now, d_temperature, d_exchange, d_refreeze):
    """Reverse of foliage_temperature and of refreezing: gradients of foliage, of its heat of freezing, of the start.

    At a root B(T, x) = 0: dT/dx = -B_x/B_T. While snow melts T is 0 and the refreezing is -B; where the search failed
    T is its start.
    """
    melts = melting(foliage, temperature, now.value)
    d_value = d_exchange.value - (d_refreeze if melts else 0.0)
    d_first = Exchange(
        d_exchange.emitted, d_exchange.sensible, d_exchange.vapour, d_exchange.potential, d_exchange.latent, d_value,
        0.0,
    )  # fmt: skip
    _, d_more = foliage_exchange_adjoint(foliage, temperature, d_first)
    d_temperature = d_temperature + d_more
    multiplier = 0.0 if melts or failed > 0.0 else -d_temperature / min(now.slope, FLATTEST)
    d_all = Exchange(
        d_first.emitted, d_first.sensible, d_first.vapour, d_first.potential, d_first.latent, d_value + multiplier, 0.0
    )  # fmt: skip
    d_foliage, _ = foliage_exchange_adjoint(foliage, temperature, d_all)
    d_freezing = 0.0 if melts else d_refreeze + multiplier
    return d_foliage, d_freezing, d_temperature if failed > 0.0 and not melts else 0.0


def intercept_adjoint(
    canopy, air, rain, snowfall, shortwave, albedo, longwave_up, resistance, architecture, wind, lai, capacity,
    elevation, dt, d_canopy, d_fluxes,
):  # fmt: skip
    """Reverse of intercept: gradients of canopy, air, rain, ... capacity; none of elevation and dt."""
    load = load_canopy(canopy, air.temperature, rain, snowfall, wind, lai, capacity)
    reflected = canopy_albedo(load.snow, snowfall, albedo)
    drag = canopy_resistance_to_air(load.snow, resistance)
    radiation = gain(reflected, shortwave, air.longwave, longwave_up)
    foliage = foliage_of(load, canopy, air, rain, radiation, drag, architecture, capacity, elevation, dt)
    temperature, failed, now = foliage_temperature(foliage, load.temperature, load.snow + snowfall)
    refreeze = -now.value if melting(foliage, temperature, now.value) else foliage.refreeze
    d_emitted = d_fluxes.longwave_down - d_fluxes.longwave_net
    if load.snow > 0.0:
        d_kept, d_melt, d_wet, d_past, d_passed, _, _, d_refreeze, d_vapour, d_leaves, _ = settle_adjoint(
            load.snow, canopy.melt, load.water, load.rain, load.snowfall, canopy.snow, temperature, refreeze,
            now.vapour, capacity / 1000.0, dt,
            d_canopy.snow, d_canopy.melt, d_canopy.water * 1000.0, d_fluxes.rain_to_ground * 1000.0,
            d_fluxes.snow_to_ground * 1000.0, -d_fluxes.sublimation,
        )  # fmt: skip
        d_load = Load(d_kept, d_wet, d_past, d_passed, 0.0)
        d_capacity = d_leaves / 1000.0
        d_refreeze = d_refreeze + d_fluxes.refreeze
        d_exchange = Exchange(
            d_emitted, d_fluxes.sensible, d_vapour, 0.0, d_fluxes.latent_sublimation, 0.0, 0.0
        )  # fmt: skip
        d_water = 0.0
        d_rain = 0.0
        d_wetness = 0.0
    else:
        d_water, d_rain, d_capacity, d_wetness, d_potential = canopy_water_adjoint(
            canopy.water, rain, capacity, foliage.wetness, now.potential, dt,
            d_canopy.water, d_fluxes.evaporation, d_fluxes.rain_to_ground, 0.0,
        )  # fmt: skip
        d_load = Load(d_canopy.snow, 0.0, 0.0, d_fluxes.snow_to_ground * 1000.0, 0.0)
        d_melt = d_canopy.melt if temperature == 0.0 else 0.0
        d_refreeze = d_fluxes.refreeze
        d_exchange = Exchange(d_emitted, d_fluxes.sensible, 0.0, d_potential, d_fluxes.latent, 0.0, 0.0)
    d_foliage, d_freezing, d_start = foliage_temperature_adjoint(
        foliage, temperature, failed, now, d_canopy.temperature, d_exchange, d_refreeze
    )
    d_foliage = with_share(d_foliage, d_fluxes.advection, d_freezing, d_wetness)
    if load.snow > 0.0:
        d_more_water, d_warm, d_more_rain, d_radiation, d_drag = snowy_foliage_adjoint(
            load.snow, canopy.water, air, rain, radiation, drag, dt, d_foliage
        )
        d_resistance = SNOWY * (d_drag + d_fluxes.resistance)
        d_architecture = 0.0
        d_more_capacity = 0.0
    else:
        d_more_water, d_warm, d_more_rain, d_radiation, d_drag, d_architecture, d_more_capacity = wet_foliage_adjoint(
            canopy.water, air, rain, radiation, drag, architecture, capacity, elevation, dt, d_foliage
        )
        d_resistance = d_drag + d_fluxes.resistance
    # radiation = (1 - albedo) shortwave + longwave + longwave_up
    d_net = d_radiation + d_fluxes.shortwave_net
    d_reflected = d_fluxes.albedo - shortwave * d_net
    d_snow, d_kept_water, d_foliage_start, d_drops, d_snowfall, d_wind, d_lai, d_leaves = load_canopy_adjoint(
        canopy, rain, snowfall, wind, lai, capacity, d_load
    )
    empty = load.water + load.snow < EMPTY
    d_air = Air(
        d_warm.temperature + (d_start if empty else 0.0), d_warm.pressure, d_warm.vapour_pressure, d_warm.deficit,
        d_warm.density, 0.0, 0.0, d_radiation + d_fluxes.longwave_net,
    )  # fmt: skip
    d_before = Canopy(
        d_snow, d_melt, d_water + d_more_water + d_kept_water, d_foliage_start + (0.0 if empty else d_start)
    )  # fmt: skip
    return (
        d_before, d_air, d_rain + d_more_rain + d_drops, d_snowfall, (1.0 - reflected) * d_net,
        0.0 if load.snow > 0.0 or snowfall > 0.0 else d_reflected, d_radiation, d_resistance, d_architecture, d_wind,
        d_lai, d_capacity + d_more_capacity + d_leaves,
    )  # fmt: skip
