"""Snow and rain in a tall canopy: one sub-step of its water, snow and temperature (Andreadis et al., 2009; VIC 5.1).

Catch (interception_load), solve the energy balance (interception_prepare, interception_balance), then let melt, freeze
and fall (interception_settle), or evaporate where there is no snow (canopy_water). Hamman et al. (2018).
"""

from collections import namedtuple

from .canopy_water import canopy_water
from .interception_balance import foliage_temperature, melting
from .interception_load import EMPTY, catch_rain, catch_snow, shed
from .interception_prepare import canopy_albedo, canopy_resistance_to_air, gain, snowy_foliage, wet_foliage
from .interception_settle import settle

# snow m; melt: stored melt water that will make snow slide, m; water mm; temperature of the foliage degC
Canopy = namedtuple("Canopy", "snow melt water temperature")
# rain_to_ground, snow_to_ground, evaporation mm; sublimation m, a loss where positive. Energy in W m-2: latent,
# latent_sublimation and sensible towards the canopy; longwave_net: of the canopy against the sky; longwave_down: what
# the foliage emits; refreeze: positive where water froze; advection: by rain. resistance s m-1: to the air as used.
# failed: 1 where no temperature was found and the old one stays.
CanopyFluxes = namedtuple(
    "CanopyFluxes",
    "rain_to_ground snow_to_ground evaporation sublimation latent latent_sublimation sensible longwave_net "
    "shortwave_net longwave_down refreeze advection albedo resistance failed",
)
# After catching: snow and water on the canopy, rain and snow that passed it, m; temperature from which to search, degC
Load = namedtuple("Load", "snow water rain snowfall temperature")


def load_canopy(canopy, air_temperature, rain, snowfall, wind, lai, capacity):
    """The canopy after it has caught rain and snowfall (mm); an empty one begins at the temperature of the air."""
    snow, through = catch_snow(canopy.snow, snowfall / 1000.0, canopy.temperature, wind, lai)
    water, passed = catch_rain(canopy.water / 1000.0, rain / 1000.0, snow, capacity / 1000.0)
    snow, water, shed_snow, shed_water = shed(snow, water, lai)
    empty = water + snow < EMPTY
    return Load(
        snow, water, passed + shed_water, through + shed_snow, air_temperature if empty else canopy.temperature
    )  # fmt: skip


def through_metres(water):
    """Water [mm] as VIC has it after it was in m: to the last bit, as some of its decisions hang on that."""
    return water / 1000.0 * 1000.0


def foliage_of(load, canopy, air, rain, radiation, resistance, architecture, capacity, elevation, dt):
    """The terms of the energy balance, with or without snow."""
    if load.snow > 0.0:
        return snowy_foliage(load.snow, canopy.water, air, rain, radiation, resistance, dt)
    return wet_foliage(
        through_metres(canopy.water), air, through_metres(rain), radiation, resistance, architecture, capacity,
        elevation, dt,
    )  # fmt: skip


def intercept(
    canopy, air, rain, snowfall, shortwave, albedo, longwave_up, resistance, architecture, wind, lai, capacity,
    elevation, dt,
):  # fmt: skip
    """Canopy and its fluxes after dt seconds, from rain and snowfall (mm) and the weather.

    shortwave: what the canopy gets, W m-2; albedo: without snow; longwave_up: from the understorey, W m-2; resistance:
    of the air above the canopy, architecture: of the canopy, s m-1; wind: at the canopy, m s-1; lai: leaf area index;
    capacity: water that leaves hold, mm; elevation: of the cell, m.
    """
    load = load_canopy(canopy, air.temperature, rain, snowfall, wind, lai, capacity)
    albedo = canopy_albedo(load.snow, snowfall, albedo)
    resistance = canopy_resistance_to_air(load.snow, resistance)
    radiation = gain(albedo, shortwave, air.longwave, longwave_up)
    foliage = foliage_of(load, canopy, air, rain, radiation, resistance, architecture, capacity, elevation, dt)
    temperature, failed, now = foliage_temperature(foliage, load.temperature, load.snow + snowfall)
    refreeze = -now.value if melting(foliage, temperature, now.value) else foliage.refreeze
    if load.snow > 0.0:
        snow, melt, water, fall, snow_fall, exchanged = settle(
            load.snow, canopy.melt, load.water, load.rain, load.snowfall, canopy.snow, temperature, refreeze,
            now.vapour, capacity / 1000.0, dt,
        )  # fmt: skip
        water = water * 1000.0
        fall = fall * 1000.0
        snow_fall = snow_fall * 1000.0
        evaporation = 0.0
        latent = 0.0
        sublimation_heat = now.latent
    else:
        water, evaporation, fall, _ = canopy_water(
            through_metres(canopy.water), through_metres(rain), capacity, foliage.wetness, now.potential, dt
        )
        water = through_metres(water)
        fall = through_metres(fall)
        snow = load.snow
        melt = canopy.melt if temperature == 0.0 else 0.0
        snow_fall = load.snowfall * 1000.0
        exchanged = 0.0
        latent = now.latent
        sublimation_heat = 0.0
    return Canopy(snow, melt, water, temperature), CanopyFluxes(
        fall, snow_fall, evaporation, -exchanged, latent, sublimation_heat, now.sensible, air.longwave - now.emitted,
        (1.0 - albedo) * shortwave, now.emitted, refreeze, foliage.advection, albedo, resistance, failed,
    )  # fmt: skip
