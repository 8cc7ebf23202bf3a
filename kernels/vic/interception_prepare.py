"""What the energy balance of a tall canopy is made of, apart from its temperature (VIC 5.1; Andreadis et al., 2009)."""

from .bundles import Air
from .canopy_water import wetness, wetness_adjoint
from .interception_balance import Foliage
from .interception_load import SNOW_ALBEDO
from .options import options
from .penman import evaporative, evaporative_adjoint, penman_line, penman_line_adjoint
from .saturation import latent_heat, latent_heat_adjoint

SPECIFIC_HEAT = 1013.0  # of air, J kg-1 K-1
VAPOUR = 18.016 / 28.97  # molar mass of water over that of air
RAIN_HEAT = 4188.0 * 1000.0  # J m-3 K-1
FUSION = 3.337e5 * 1000.0  # J m-3
SNOWY = 10.0  # a canopy with snow resists ten times as much (VIC's option AR_406_FULL)
DAY = 86400.0  # s


def canopy_albedo(snow, snowfall, albedo):
    """Albedo of a canopy, that of snow where snow lies or falls."""
    return SNOW_ALBEDO if snow > 0.0 or snowfall > 0.0 else albedo


def canopy_resistance_to_air(snow, resistance):
    """Aerodynamic resistance of a canopy [s m-1], ten times as large with snow."""
    return SNOWY * resistance if snow > 0.0 else resistance


def gain(albedo, shortwave, longwave, longwave_up):
    """Radiation that the foliage gains, W m-2: net shortwave, longwave from above and from below."""
    return (1.0 - albedo) * shortwave + longwave + longwave_up


def upward():
    """Sign of the latent heat of evaporation in the balance: VIC 5.1 adds what evaporation takes, as if it warmed.

    Without options.compat evaporation cools the canopy: up to 5 K colder after rain than VIC has it.
    """
    return 1.0 if options.compat else -1.0


def snowy_foliage(snow, water, air, rain, radiation, resistance, dt):
    """Foliage with snow: vapour and heat exchange through the resistance, and water (mm) that can freeze in dt."""
    conductance = 1.0 / resistance
    return Foliage(
        radiation, RAIN_HEAT * air.temperature * (rain / 1000.0) / dt, air.temperature, air.vapour_pressure,
        air.deficit, air.density * SPECIFIC_HEAT * conductance, snow, air.density * VAPOUR / air.pressure * conductance,
        FUSION * (water / 1000.0) / dt, 0.0, 0.0, 0.0, 0.0, 0.0,
    )  # fmt: skip


def wet_foliage(water, air, rain, radiation, resistance, architecture, capacity, elevation, dt):
    """Foliage without snow: its water (mm) evaporates after Penman and Monteith, linearly in the net radiation."""
    factor, offset = penman_line(
        evaporative(air.temperature, elevation), air.deficit, resistance, 0.0, architecture
    )  # fmt: skip
    held = min(water, capacity)
    return Foliage(
        radiation, RAIN_HEAT * air.temperature * (rain / 1000.0) / dt, air.temperature, air.vapour_pressure,
        air.deficit, air.density * SPECIFIC_HEAT / resistance, 0.0, 0.0, 0.0, offset * dt / DAY, factor * dt / DAY,
        wetness(water, capacity), held + rain if dt == DAY else held, upward() * latent_heat(air.temperature) / dt,
    )  # fmt: skip


def snowy_foliage_adjoint(snow, water, air, rain, radiation, resistance, dt, d_foliage):
    """Reverse of snowy_foliage: gradients of water, air, rain, radiation and resistance."""
    conductance = 1.0 / resistance
    # transfer = density VAPOUR/pressure conductance;  exchange = density cp conductance
    specific = air.density * VAPOUR / air.pressure
    d_specific = d_foliage.transfer * conductance
    d_density = d_foliage.exchange * SPECIFIC_HEAT * conductance + d_specific * VAPOUR / air.pressure
    d_conductance = d_foliage.exchange * air.density * SPECIFIC_HEAT + d_foliage.transfer * specific
    d_advection = d_foliage.advection * RAIN_HEAT / (1000.0 * dt)
    d_air = Air(
        d_foliage.temperature + d_advection * rain, -d_specific * specific / air.pressure, d_foliage.vapour_pressure,
        0.0, d_density, 0.0, 0.0, 0.0,
    )  # fmt: skip
    return (
        d_foliage.refreeze * FUSION / (1000.0 * dt),
        d_air,
        d_advection * air.temperature,
        d_foliage.radiation,
        -d_conductance * conductance * conductance,
    )


def wet_foliage_adjoint(
    water, air, rain, radiation, resistance, architecture, capacity, elevation, dt, d_foliage
):  # fmt: skip
    """Reverse of wet_foliage: gradients of water, air, rain, radiation, resistance, architecture and capacity."""
    vapour = evaporative(air.temperature, elevation)
    # heat = sign Lv/dt;  offset and factor: penman's line in dt
    d_temperature = latent_heat_adjoint(air.temperature, d_foliage.heat * upward() / dt)
    d_vapour, d_deficit, d_resistance, _, d_architecture = penman_line_adjoint(
        vapour, air.deficit, resistance, 0.0, architecture, d_foliage.factor * dt / DAY, d_foliage.offset * dt / DAY
    )
    d_warm, _ = evaporative_adjoint(air.temperature, elevation, d_vapour)
    # wetness;  available = min(water, capacity), with the rain in a step of a day
    d_water, d_capacity = wetness_adjoint(water, capacity, d_foliage.wetness)
    d_water = d_water + (d_foliage.available if water <= capacity else 0.0)
    d_capacity = d_capacity + (0.0 if water <= capacity else d_foliage.available)
    # exchange = density cp/resistance;  advection = c Ta rain/dt
    exchange = air.density * SPECIFIC_HEAT / resistance
    d_resistance = d_resistance - d_foliage.exchange * exchange / resistance
    d_advection = d_foliage.advection * RAIN_HEAT / (1000.0 * dt)
    d_air = Air(
        d_foliage.temperature + d_temperature + d_warm + d_advection * rain, 0.0, 0.0, d_deficit,
        d_foliage.exchange * SPECIFIC_HEAT / resistance, 0.0, 0.0, 0.0,
    )  # fmt: skip
    d_rain = d_advection * air.temperature + (d_foliage.available if dt == DAY else 0.0)
    return d_water, d_air, d_rain, d_foliage.radiation, d_resistance, d_architecture, d_capacity
