"""One day of one cell of HBV, in the order of the published programs, and its reverse.

The forms differ by `options`, constants that kernels/bind.py sets: gamma (shape of the evaporation curve), capillary
(rise from the lower zone), regional (flow between basins, and the elevation rule for the snow threshold).
"""

from collections import namedtuple

from .declarations import F, G, P, S, X
from .groundwater import (
    capillary,
    capillary_adjoint,
    lower_zone,
    lower_zone_adjoint,
    regional,
    regional_adjoint,
    upper_zone,
    upper_zone_adjoint,
)
from .snow import snow, snow_adjoint
from .soil import (
    evaporation,
    evaporation_adjoint,
    evaporation_linear,
    evaporation_linear_adjoint,
    recharge,
    recharge_adjoint,
)

Options = namedtuple("Options", "gamma capillary regional")
options = Options(False, False, False)

HIGH = 2000.0  # m; from this height on the snow threshold is HIGH_THRESHOLD (form 2.0)
HIGH_THRESHOLD = 4.0  # degC


def column(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Step cell i, which lies in place j, by one day. Rows: declarations.S, F, G, P, X."""
    fc = parameter[P.fc, i]
    pet = forcing[F.potential_evaporation, j]
    threshold = parameter[P.tt, i]
    if options.regional:
        threshold = HIGH_THRESHOLD if geometry[G.elevation, j] >= HIGH else threshold
    pack, liquid, rain, fall, melt, freeze, release = snow(
        state[S.snowpack, i],
        state[S.meltwater, i],
        forcing[F.precipitation, j],
        forcing[F.air_temperature, j],
        threshold,
        parameter[P.cfmax, i],
        parameter[P.cfr, i],
        parameter[P.cwh, i],
    )
    soil, passed, excess = recharge(state[S.soil_moisture, i], rain + release, fc, parameter[P.beta, i])
    if options.gamma:
        soil, taken, factor, gain = evaporation(soil, pet, fc, parameter[P.lp, i], parameter[P.betaet, i])
    else:
        soil, taken, factor, gain = evaporation_linear(soil, pet, fc, parameter[P.lp, i])
    lower = state[S.lower_zone, i]
    if options.capillary:
        soil, lower, rise, more = capillary(soil, lower, fc, parameter[P.c, i])
        gain = gain + more
        flux[X.capillary_rise, i] = rise
    else:
        flux[X.capillary_rise, i] = 0.0
    upper, percolation, quick, slow = upper_zone(
        state[S.upper_zone, i],
        passed + excess,
        parameter[P.perc, i],
        parameter[P.k0, i],
        parameter[P.uzl, i],
        parameter[P.k1, i],
    )
    lower = lower + percolation
    if options.regional:
        lower, exchange = regional(lower, geometry[G.upstream_area, j], parameter[P.rt, i], parameter[P.ac, i])
        flux[X.regional_flow, i] = exchange
    else:
        flux[X.regional_flow, i] = 0.0
    lower, base = lower_zone(lower, parameter[P.k2, i])
    new_state[S.snowpack, i] = pack
    new_state[S.meltwater, i] = liquid
    new_state[S.soil_moisture, i] = soil
    new_state[S.upper_zone, i] = upper
    new_state[S.lower_zone, i] = lower
    flux[X.rainfall, i] = rain
    flux[X.snowfall, i] = fall
    flux[X.snowmelt, i] = melt
    flux[X.refreezing, i] = freeze
    flux[X.snow_release, i] = release
    flux[X.recharge, i] = passed
    flux[X.excess, i] = excess
    flux[X.evaporation, i] = taken
    flux[X.evaporation_factor, i] = factor
    flux[X.percolation, i] = percolation
    flux[X.quick_flow, i] = quick
    flux[X.interflow, i] = slow
    flux[X.baseflow, i] = base
    flux[X.runoff, i] = quick + slow + base
    flux[X.floor_gain, i] = gain


def column_adjoint(
    state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of column: sets d_state and d_forcing of cell i, adds to its d_parameter."""
    # The day again, as far as the reversed lines need it.
    fc = parameter[P.fc, i]
    lp = parameter[P.lp, i]
    pet = forcing[F.potential_evaporation, j]
    precipitation = forcing[F.precipitation, j]
    temperature = forcing[F.air_temperature, j]
    threshold = parameter[P.tt, i]
    if options.regional:
        threshold = HIGH_THRESHOLD if geometry[G.elevation, j] >= HIGH else threshold
    old_pack = state[S.snowpack, i]
    old_liquid = state[S.meltwater, i]
    old_soil = state[S.soil_moisture, i]
    old_upper = state[S.upper_zone, i]
    old_lower = state[S.lower_zone, i]
    cfmax = parameter[P.cfmax, i]
    cfr = parameter[P.cfr, i]
    cwh = parameter[P.cwh, i]
    beta = parameter[P.beta, i]
    perc = parameter[P.perc, i]
    _, _, rain, _, _, _, release = snow(
        old_pack, old_liquid, precipitation, temperature, threshold, cfmax, cfr, cwh
    )  # fmt: skip
    water = rain + release
    soil, passed, excess = recharge(old_soil, water, fc, beta)
    dry = soil
    lower = old_lower
    if options.capillary:
        dry, _, _, _ = evaporation(soil, pet, fc, lp, parameter[P.betaet, i])
        _, lower, _, _ = capillary(dry, old_lower, fc, parameter[P.c, i])
    inflow = passed + excess
    filled = lower + min(old_upper + inflow, perc)
    store = filled
    if options.regional:
        store, _ = regional(filled, geometry[G.upstream_area, j], parameter[P.rt, i], parameter[P.ac, i])
    # runoff = quick + slow + base;  lower zone
    d_runoff = d_flux[X.runoff, i]
    d_lower, d_k2 = lower_zone_adjoint(
        store, parameter[P.k2, i], d_new_state[S.lower_zone, i], d_flux[X.baseflow, i] + d_runoff
    )
    d_parameter[P.k2, i] += d_k2
    if options.regional:
        d_lower, _, d_rt, d_ac = regional_adjoint(
            filled,
            geometry[G.upstream_area, j],
            parameter[P.rt, i],
            parameter[P.ac, i],
            d_lower,
            d_flux[X.regional_flow, i],
        )
        d_parameter[P.rt, i] += d_rt
        d_parameter[P.ac, i] += d_ac
    # lower += percolation;  upper zone
    d_upper, d_inflow, d_perc, d_k0, d_uzl, d_k1 = upper_zone_adjoint(
        old_upper,
        inflow,
        perc,
        parameter[P.k0, i],
        parameter[P.uzl, i],
        parameter[P.k1, i],
        d_new_state[S.upper_zone, i],
        d_flux[X.percolation, i] + d_lower,
        d_flux[X.quick_flow, i] + d_runoff,
        d_flux[X.interflow, i] + d_runoff,
    )
    d_parameter[P.perc, i] += d_perc
    d_parameter[P.k0, i] += d_k0
    d_parameter[P.uzl, i] += d_uzl
    d_parameter[P.k1, i] += d_k1
    # capillary rise and evaporation
    d_gain = d_flux[X.floor_gain, i]
    d_soil = d_new_state[S.soil_moisture, i]
    d_fc = d_soil * 0.0
    if options.capillary:
        d_soil, d_lower, d_fc, d_c = capillary_adjoint(
            dry, old_lower, fc, parameter[P.c, i], d_soil, d_lower, d_flux[X.capillary_rise, i], d_gain
        )
        d_parameter[P.c, i] += d_c
    d_taken = d_flux[X.evaporation, i]
    d_factor = d_flux[X.evaporation_factor, i]
    if options.gamma:
        d_soil, d_pet, d_fc_evaporation, d_lp, d_betaet = evaporation_adjoint(
            soil, pet, fc, lp, parameter[P.betaet, i], d_soil, d_taken, d_factor, d_gain
        )
        d_parameter[P.betaet, i] += d_betaet
    else:
        d_soil, d_pet, d_fc_evaporation, d_lp = evaporation_linear_adjoint(
            soil, pet, fc, lp, d_soil, d_taken, d_factor, d_gain
        )
    d_parameter[P.lp, i] += d_lp
    # recharge
    d_soil, d_water, d_fc_recharge, d_beta = recharge_adjoint(
        old_soil, water, fc, beta, d_soil, d_flux[X.recharge, i] + d_inflow, d_flux[X.excess, i] + d_inflow
    )
    d_parameter[P.beta, i] += d_beta
    d_parameter[P.fc, i] += d_fc + d_fc_evaporation + d_fc_recharge
    # snow
    d_pack, d_liquid, d_precipitation, d_temperature, d_threshold, d_cfmax, d_cfr, d_cwh = snow_adjoint(
        old_pack,
        old_liquid,
        precipitation,
        temperature,
        threshold,
        cfmax,
        cfr,
        cwh,
        d_new_state[S.snowpack, i],
        d_new_state[S.meltwater, i],
        d_flux[X.rainfall, i] + d_water,
        d_flux[X.snowfall, i],
        d_flux[X.snowmelt, i],
        d_flux[X.refreezing, i],
        d_flux[X.snow_release, i] + d_water,
    )
    if options.regional:
        d_threshold = 0.0 if geometry[G.elevation, j] >= HIGH else d_threshold
    d_parameter[P.tt, i] += d_threshold
    d_parameter[P.cfmax, i] += d_cfmax
    d_parameter[P.cfr, i] += d_cfr
    d_parameter[P.cwh, i] += d_cwh
    d_state[S.snowpack, i] = d_pack
    d_state[S.meltwater, i] = d_liquid
    d_state[S.soil_moisture, i] = d_soil
    d_state[S.upper_zone, i] = d_upper
    d_state[S.lower_zone, i] = d_lower
    d_forcing[F.precipitation, i] = d_precipitation
    d_forcing[F.air_temperature, i] = d_temperature
    d_forcing[F.potential_evaporation, i] = d_pet
