"""Snow on the ground in one sub-step: albedo, mass and energy, density, cover (VIC 5.1; vic.md, 4.6)."""

from collections import namedtuple

from .snow_albedo import ENOUGH, FRESH, snow_albedo
from .snow_density import new_snow_density, snow_density
from .snow_pack import Pack, snow_pack_result, snow_pack_trace

# melt (outflow) mm; vapour m, towards the snow; energies W m-2: advection, cold_content_change (less what the ground
# gives), latent (of evaporation), latent_sublimation, longwave_net, shortwave_net, refreeze, sensible; resistance s m-1
# (of stable or unstable air); melt_energy: what a pack that has vanished hands to the ground; coverage, and what of it
# was lost; thin: 1 where the surface is to be solved together with the soil; failed: 1 where the search was given up
PackFluxes = namedtuple(
    "PackFluxes",
    "melt vapour advection cold_content_change latent latent_sublimation longwave_net shortwave_net refreeze sensible "
    "resistance melt_energy coverage coverage_lost thin density_before depth_before failed",
)
FIRST_NORTH, LAST_NORTH = 61.0, 272.0  # days of the year in which snow without cold content starts its melting season
LAST_SOUTH, FIRST_SOUTH = 60.0, 273.0


def ground_snow(
    pack, air, rain, snowfall, sky_snowfall, shortwave_in, longwave_in, ground_temperature, resistance, wind,
    snow_rough, dt, day_of_year, latitude,
):  # fmt: skip
    """(Pack, PackFluxes) after a sub-step of dt s; to be called where snow lies or falls.

    rain, snowfall: what reaches the ground, sky_snowfall: what falls from the sky (which makes snow young), mm;
    shortwave_in, longwave_in: at the snow, W m-2; ground_temperature degC; resistance (s m-1) in neutral air and wind
    (m s-1) at the snow; snow_rough m; latitude degrees north. Where the pack is thin its temperature is the old one.
    The albedo of snow that has vanished is kept, as the ground's shortwave balance asks for it once more.
    """
    age, albedo = age_and_albedo(pack, snowfall, sky_snowfall, dt)
    shortwave_net = (1.0 - albedo) * shortwave_in
    trace = snow_pack_trace(
        pack, air, rain, snowfall, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt
    )
    step = snow_pack_result(pack, trace, longwave_in, resistance)
    lies = step.water > 0.0
    density = density_of(pack, air, step, age, snowfall, dt)
    melting = melting_season(pack.melting, step.cold_content, snowfall, day_of_year, latitude)
    left = step.advection - step.cold_content_change + step.latent + step.latent_sublimation
    new = Pack(
        step.water if lies else 0.0, step.surface_liquid if lies else 0.0, step.pack_liquid if lies else 0.0,
        step.surface_temperature, step.pack_temperature, step.cold_content if lies else 0.0,
        density if lies else 0.0, 1000.0 * step.water / density if lies else 0.0, albedo, age if lies else 0.0,
        melting if lies else 0.0,
    )  # fmt: skip
    fluxes = PackFluxes(
        1000.0 * step.melt, step.vapour, step.advection, step.cold_content_change, step.latent,
        step.latent_sublimation, step.longwave_net, shortwave_net, step.refreeze, step.sensible, step.resistance,
        0.0 if lies else left + step.sensible + step.refreeze, 1.0 if lies else 0.0, 0.0 if lies else 1.0, step.thin,
        pack.density, pack.depth, step.failed,
    )  # fmt: skip
    return new, fluxes


def age_and_albedo(pack, snowfall, sky_snowfall, dt):
    """Age in sub-steps and albedo: of new snow where snow falls from the sky or none lay."""
    aged = pack.water > 0.0 and sky_snowfall <= 0.0
    age = pack.age + 1.0 if aged else 0.0
    albedo = snow_albedo(snowfall, pack.cold_content, pack.melting, max(age, 1.0), dt)
    return age, albedo if aged else FRESH


def density_of(pack, air, step, age, snowfall, dt):
    """Density: settled, or kept where the pack is thin and not new."""
    if step.thin == 0.0 and step.surface_temperature <= 0.0:
        return snow_density(snowfall, pack.water, pack.depth, step.surface_temperature, air.temperature, dt)
    return new_snow_density(air.temperature) if age == 0.0 or pack.density <= 0.0 else pack.density


def melting_season(melting, cold_content, snowfall, day_of_year, latitude):
    """1 from snow without cold content in spring or summer until it gets new snow (quirk 5: by the calendar)."""
    north = day_of_year >= FIRST_NORTH and day_of_year <= LAST_NORTH
    south = day_of_year < LAST_SOUTH or day_of_year > FIRST_SOUTH
    season = north if latitude >= 0.0 else south
    if cold_content >= 0.0 and season:
        return 1.0
    return 0.0 if snowfall > ENOUGH else melting
