"""What the surface pass hands from one part to the next (vic.md, 3.1, 4.5, 4.9)."""

from collections import namedtuple

from .aerodynamics import Aerodynamics
from .bundles import Air

# What a tile is during a step. Winds and resistances are those of the step's mean wind; heights and logarithms belong
# to the stability factors of the surface and of bare soil.
Site = namedtuple(
    "Site",
    "aero wind_bare resistance_bare height logarithm bare_height bare_logarithm snow_logarithm leaf_area albedo green "
    "tall vegetated capacity",
)

# What a sub-step carries on: the snow, the canopy, the two upper thermal nodes (quick flux), longwave from below, how
# much shortwave passes the canopy, and advection and cold content of the last thin snow solved with the soil.
Tile = namedtuple(
    "Tile", "pack canopy surface interface longwave_up transmission joint_advection joint_cold joint_refreeze"
)

# surface, interface: temperatures of the upper two nodes of the quick flux; ground, storage, fusion: heat through and
# into the soil, W m-2; fallback: 1 where the soil took the explicit scheme
Solved = namedtuple("Solved", "surface failed interface ground storage fusion fallback balance")

# What the understorey's balance is made of at any surface temperature. factor, offset: potential evaporation of the wet
# canopy (mm in the sub-step) as a line over radiation; extra: heat of snow that vanished, W m-2.
Understorey = namedtuple(
    "Understorey",
    "air cover thin shortwave longwave extra conduction snow_temperature resistance wind height logarithm "
    "dry_ground green factor offset wetness water rain capacity evaporative share liquid residual "
    "snow_water snow_liquid snow_density snow_before advection",
)

# The understorey's balance at one surface temperature.
Balance = namedtuple(
    "Balance",
    "residual radiation longwave_net sensible latent sublimation_heat canopy_evaporation transpiration "
    "soil_evaporation water throughfall conductance snow_flux vapour cold_change refreeze",
)


def add_air(a, b):
    """Quantity by quantity."""
    return Air(
        a.temperature + b.temperature, a.pressure + b.pressure, a.vapour_pressure + b.vapour_pressure,
        a.deficit + b.deficit, a.density + b.density, a.wind + b.wind, a.shortwave + b.shortwave,
        a.longwave + b.longwave,
    )  # fmt: skip


def no_site(number):
    """A Site of zeros, of the kind of the number."""
    zero = 0.0 * number
    aero = Aerodynamics(zero, zero, zero, zero, zero, zero)
    return Site(aero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero)


def add_site(a, b):
    """Quantity by quantity."""
    p, q = a.aero, b.aero
    aero = Aerodynamics(
        p.wind_surface + q.wind_surface, p.wind_canopy + q.wind_canopy, p.wind_snow + q.wind_snow,
        p.resistance_surface + q.resistance_surface, p.resistance_canopy + q.resistance_canopy,
        p.resistance_snow + q.resistance_snow,
    )  # fmt: skip
    return Site(
        aero, a.wind_bare + b.wind_bare, a.resistance_bare + b.resistance_bare, a.height + b.height,
        a.logarithm + b.logarithm, a.bare_height + b.bare_height, a.bare_logarithm + b.bare_logarithm,
        a.snow_logarithm + b.snow_logarithm, a.leaf_area + b.leaf_area, a.albedo + b.albedo, a.green, a.tall,
        a.vegetated, a.capacity + b.capacity,
    )  # fmt: skip


def with_residual(d, seed):
    """The gradient of a Balance with that of its residual replaced."""
    return Balance(
        seed, d.radiation, d.longwave_net, d.sensible, d.latent, d.sublimation_heat, d.canopy_evaporation,
        d.transpiration, d.soil_evaporation, d.water, d.throughfall, d.conductance, d.snow_flux, d.vapour,
        d.cold_change, d.refreeze,
    )  # fmt: skip
