"""One day of one cell of HydroPy, in the order of the original program (Stacke & Hagemann, 2021).

The forms differ by `options`, constants that kernels/bind.py sets: temporal and spatial (what the melt rate follows),
skin (water on bare soil and leaves), leakage (of surface water to the groundwater), smooth (see switches.py).
The reverse is in column_adjoint.py.
"""

from collections import namedtuple

from .declarations import F, G, P, S, X
from .drainage import drainage
from .evaporation import soil_evaporation, transpiration
from .interception import interception
from .reservoirs import lake, leaking_lake, reservoir
from .runoff import surface_runoff
from .snow import melt_factor, melt_factor_of_both, snow
from .soil import soil
from .switches import FREEZING, frost, opening, runoff_size, smooth_frost, smooth_opening

Options = namedtuple("Options", "temporal spatial skin leakage smooth")
options = Options(True, False, True, False, False)


def column(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Step cell i, which lies in place j, by one day. Rows: declarations.S, F, G, P, X."""
    temperature = forcing[F.air_temperature, j]
    potential = max(forcing[F.potential_evaporation, j], 0.0)
    moisture = state[S.root_zone_moisture, i]
    wcap, wmax, beta_oro = parameter[P.wcap, i], parameter[P.wmax, i], parameter[P.beta_oro, i]
    wmin = min(parameter[P.wmin, i], wcap)
    wet = geometry[G.surface_water_fraction, j]
    green = min(max(forcing[F.vegetation_fraction, j], 0.0), 1.0 - wet)
    bare = 1.0 - wet - green
    pack, liquid, rain, fall, release = snow(
        state[S.snow_water_equivalent, i],
        state[S.snow_liquid_water, i],
        forcing[F.precipitation, j],
        temperature,
        melt_rate(forcing, parameter, i, j),
        freezing(temperature, parameter[P.t_refreeze, i]),
        parameter[P.rainf_lower, i],
        parameter[P.snowf_upper, i],
        parameter[P.melt_crit, i],
        parameter[P.frc_liquid, i],
    )
    water = rain + release
    capacity = parameter[P.skincap1, i]
    leaves = capacity * max(forcing[F.leaf_area_index, j], 0.0)
    skin, canopy = state[S.skin_storage, i], state[S.canopy_storage, i]
    if options.skin:
        skin, skin_taken, skin_spilled = interception(skin, water, potential, bare, capacity)
        canopy, canopy_taken, canopy_spilled = interception(canopy, water, potential, green, leaves)
    else:
        skin_taken, canopy_taken, skin_spilled, canopy_spilled = 0.0, 0.0, water * bare, water * green
    through = skin_spilled + canopy_spilled
    frozen = freezing(temperature, FREEZING)
    size = soil_size(wcap, wmin, wmax, beta_oro)
    runoff = surface_runoff(moisture, through, frozen, size, wcap, wmin, wmax, beta_oro)
    drained = drainage(
        moisture,
        (1.0 - frozen) * draining(moisture, wcap, parameter[P.qsb_low, i]),
        wcap,
        parameter[P.qsb_min, i],
        parameter[P.qsb_max, i],
        parameter[P.qsb_hig, i],
        parameter[P.qsb_exp, i],
    )
    transpired = transpiration(
        moisture, potential, canopy_taken, green, wcap, parameter[P.wava, i], parameter[P.rm_crit, i]
    )
    evaporated = soil_evaporation(moisture, potential, skin_taken, bare, wcap, parameter[P.sevap_low, i])
    new_moisture, runoff, transpired, evaporated, drained = soil(
        moisture, through, runoff, transpired, evaporated, drained, wcap
    )
    storage = state[S.surface_water, i]
    if options.leakage:
        storage, lake_taken, leaked = leaking_lake(storage, water, runoff, potential, 1.0 - frozen, wet, moisture, wcap)
    else:
        storage, lake_taken = lake(storage, water, runoff, potential, wet)
        leaked = 0.0
    storage, overland = reservoir(storage, parameter[P.lag_land, i])
    deep, base = reservoir(state[S.groundwater, i] + drained + leaked, parameter[P.lag_base, i])
    new_state[S.snow_water_equivalent, i] = pack
    new_state[S.snow_liquid_water, i] = liquid
    new_state[S.root_zone_moisture, i] = new_moisture
    new_state[S.skin_storage, i] = skin
    new_state[S.canopy_storage, i] = canopy
    new_state[S.surface_water, i] = storage
    new_state[S.groundwater, i] = deep
    flux[X.rainfall, i] = rain
    flux[X.snowfall, i] = fall
    flux[X.snowmelt, i] = release
    flux[X.rain_and_melt, i] = water
    flux[X.throughfall, i] = through
    flux[X.skin_evaporation, i] = skin_taken
    flux[X.canopy_evaporation, i] = canopy_taken
    flux[X.transpiration, i] = transpired
    flux[X.bare_soil_evaporation, i] = evaporated
    flux[X.lake_evaporation, i] = lake_taken
    flux[X.evaporation, i] = transpired + evaporated + lake_taken + skin_taken + canopy_taken
    flux[X.surface_runoff, i] = runoff
    flux[X.drainage, i] = drained
    flux[X.lake_leakage, i] = leaked
    flux[X.overland_flow, i] = overland
    flux[X.baseflow, i] = base
    flux[X.runoff, i] = overland + base
    flux[X.land_runoff, i] = runoff + drained
    flux[X.land_water_storage, i] = pack + liquid + new_moisture + skin + canopy + storage + deep


def melt_rate(forcing, parameter, i, j):
    """The degree-day factor by the form's melt scheme."""
    if options.temporal:
        if options.spatial:
            return melt_factor_of_both(forcing[F.day_length, j], parameter[P.ddfac, i])
        return melt_factor(forcing[F.day_length, j])
    return parameter[P.ddfac, i]


def freezing(temperature, limit):
    """Share that is frozen."""
    if options.smooth:
        return smooth_frost(temperature, limit)
    return frost(temperature, limit)


def draining(moisture, wcap, qsb_low):
    """Share of the soil that drains."""
    if options.smooth:
        return smooth_opening(moisture, wcap, qsb_low)
    return opening(moisture, wcap, qsb_low)


def soil_size(wcap, wmin, wmax, beta_oro):
    """What the soil holds above wmin."""
    if options.smooth:
        return wcap - wmin
    return runoff_size(wmin, wmax, beta_oro)
