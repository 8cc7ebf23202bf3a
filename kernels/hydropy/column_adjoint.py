"""The reverse of a day of a cell of HydroPy: recompute it, then go back through its lines."""

from .column import draining, freezing, melt_rate, options, soil_size
from .declarations import F, G, P, S, X
from .drainage import drainage, drainage_adjoint
from .evaporation import soil_evaporation, soil_evaporation_adjoint, transpiration, transpiration_adjoint
from .interception import interception, interception_adjoint
from .reservoirs import lake, lake_adjoint, leaking_lake, leaking_lake_adjoint, reservoir_adjoint
from .runoff import surface_runoff, surface_runoff_adjoint
from .snow import melt_factor_adjoint, melt_factor_of_both_adjoint, snow, snow_adjoint
from .soil import soil, soil_adjoint
from .switches import FREEZING, runoff_size_adjoint, smooth_frost_adjoint, smooth_opening_adjoint


def column_adjoint(
    state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of column: sets d_state and d_forcing of cell i, adds to its d_parameter.

    Potential evaporation of 0, precipitation of 0 and a vegetation that fills the land pass their gradients.
    """
    # The day again, as far as the reversed lines need it.
    temperature = forcing[F.air_temperature, j]
    precipitation = forcing[F.precipitation, j]
    demand = forcing[F.potential_evaporation, j]
    potential = max(demand, 0.0)
    vegetation = forcing[F.vegetation_fraction, j]
    leaf_area = forcing[F.leaf_area_index, j]
    wet = geometry[G.surface_water_fraction, j]
    green = min(max(vegetation, 0.0), 1.0 - wet)
    bare = 1.0 - wet - green
    moisture = state[S.root_zone_moisture, i]
    old_pack, old_liquid = state[S.snow_water_equivalent, i], state[S.snow_liquid_water, i]
    old_skin, old_canopy = state[S.skin_storage, i], state[S.canopy_storage, i]
    old_storage = state[S.surface_water, i]
    wcap, wmax, beta_oro = parameter[P.wcap, i], parameter[P.wmax, i], parameter[P.beta_oro, i]
    wmin = min(parameter[P.wmin, i], wcap)
    wava, rm_crit, sevap_low = parameter[P.wava, i], parameter[P.rm_crit, i], parameter[P.sevap_low, i]
    qsb_min, qsb_max, qsb_low = parameter[P.qsb_min, i], parameter[P.qsb_max, i], parameter[P.qsb_low, i]
    qsb_hig, qsb_exp = parameter[P.qsb_hig, i], parameter[P.qsb_exp, i]
    t_refreeze, melt_crit = parameter[P.t_refreeze, i], parameter[P.melt_crit, i]
    rainf_lower, snowf_upper = parameter[P.rainf_lower, i], parameter[P.snowf_upper, i]
    frc_liquid, capacity = parameter[P.frc_liquid, i], parameter[P.skincap1, i]
    leaves = capacity * max(leaf_area, 0.0)
    factor = melt_rate(forcing, parameter, i, j)
    refrozen = freezing(temperature, t_refreeze)
    _, _, rain, _, release = snow(
        old_pack, old_liquid, precipitation, temperature, factor, refrozen,
        rainf_lower, snowf_upper, melt_crit, frc_liquid,
    )  # fmt: skip
    water = rain + release
    if options.skin:
        _, skin_taken, skin_spilled = interception(old_skin, water, potential, bare, capacity)
        _, canopy_taken, canopy_spilled = interception(old_canopy, water, potential, green, leaves)
    else:
        skin_taken, canopy_taken, skin_spilled, canopy_spilled = 0.0, 0.0, water * bare, water * green
    through = skin_spilled + canopy_spilled
    frozen = freezing(temperature, FREEZING)
    size = soil_size(wcap, wmin, wmax, beta_oro)
    runoff = surface_runoff(moisture, through, frozen, size, wcap, wmin, wmax, beta_oro)
    open_share = draining(moisture, wcap, qsb_low)
    passing = (1.0 - frozen) * open_share
    drained = drainage(moisture, passing, wcap, qsb_min, qsb_max, qsb_hig, qsb_exp)
    transpired = transpiration(moisture, potential, canopy_taken, green, wcap, wava, rm_crit)
    evaporated = soil_evaporation(moisture, potential, skin_taken, bare, wcap, sevap_low)
    _, all_runoff, _, _, all_drained = soil(moisture, through, runoff, transpired, evaporated, drained, wcap)
    if options.leakage:
        storage, _, leaked = leaking_lake(
            old_storage, water, all_runoff, potential, 1.0 - frozen, wet, moisture, wcap
        )  # fmt: skip
    else:
        storage, _ = lake(old_storage, water, all_runoff, potential, wet)
        leaked = 0.0
    deep = state[S.groundwater, i] + all_drained + leaked
    # land_water_storage, runoff and evaporation are sums of what the day returns
    d_sum = d_flux[X.land_water_storage, i]
    d_runoff = d_flux[X.runoff, i]
    d_loss = d_flux[X.evaporation, i]
    d_land = d_flux[X.land_runoff, i]
    # deep, base = reservoir(deep + drained + leaked);  storage, overland = reservoir(storage)
    d_deep, d_lag = reservoir_adjoint(
        deep, parameter[P.lag_base, i], d_new_state[S.groundwater, i] + d_sum, d_flux[X.baseflow, i] + d_runoff
    )
    d_parameter[P.lag_base, i] += d_lag
    d_storage, d_lag = reservoir_adjoint(
        storage,
        parameter[P.lag_land, i],
        d_new_state[S.surface_water, i] + d_sum,
        d_flux[X.overland_flow, i] + d_runoff,
    )
    d_parameter[P.lag_land, i] += d_lag
    # surface water
    d_lake_taken = d_flux[X.lake_evaporation, i] + d_loss
    if options.leakage:
        d_storage, d_water, d_runoff, d_potential, d_thawed, _, d_moisture_lake, d_wcap_lake = leaking_lake_adjoint(
            old_storage, water, all_runoff, potential, 1.0 - frozen, wet, moisture, wcap,
            d_storage, d_lake_taken, d_flux[X.lake_leakage, i] + d_deep,
        )  # fmt: skip
    else:
        d_storage, d_water, d_runoff, d_potential, _ = lake_adjoint(
            old_storage, water, all_runoff, potential, wet, d_storage, d_lake_taken
        )
        # one by one: floats inside of a tuple of constants would stay in double precision
        d_thawed = 0.0
        d_moisture_lake = 0.0
        d_wcap_lake = 0.0
    # soil
    d_moisture, d_through, d_runoff, d_transpired, d_evaporated, d_drained, d_wcap = soil_adjoint(
        moisture, through, runoff, transpired, evaporated, drained, wcap,
        d_new_state[S.root_zone_moisture, i] + d_sum,
        d_runoff + d_flux[X.surface_runoff, i] + d_land,
        d_flux[X.transpiration, i] + d_loss,
        d_flux[X.bare_soil_evaporation, i] + d_loss,
        d_flux[X.drainage, i] + d_land + d_deep,
    )  # fmt: skip
    d_moisture, d_wcap = d_moisture + d_moisture_lake, d_wcap + d_wcap_lake
    # evaporation of bare soil, transpiration
    d_more, d_demand, d_skin_taken, d_bare, d_more_wcap, d_low = soil_evaporation_adjoint(
        moisture, potential, skin_taken, bare, wcap, sevap_low, d_evaporated
    )
    d_moisture, d_wcap, d_potential = d_moisture + d_more, d_wcap + d_more_wcap, d_potential + d_demand
    d_parameter[P.sevap_low, i] += d_low
    d_more, d_demand, d_canopy_taken, d_green, d_more_wcap, d_wava, d_crit = transpiration_adjoint(
        moisture, potential, canopy_taken, green, wcap, wava, rm_crit, d_transpired
    )
    d_moisture, d_wcap, d_potential = d_moisture + d_more, d_wcap + d_more_wcap, d_potential + d_demand
    d_parameter[P.wava, i] += d_wava
    d_parameter[P.rm_crit, i] += d_crit
    # drainage, where it is neither frozen nor too dry
    d_more, d_passing, d_more_wcap, d_qsb_min, d_qsb_max, d_qsb_hig, d_qsb_exp = drainage_adjoint(
        moisture, passing, wcap, qsb_min, qsb_max, qsb_hig, qsb_exp, d_drained
    )
    d_moisture, d_wcap = d_moisture + d_more, d_wcap + d_more_wcap
    d_parameter[P.qsb_min, i] += d_qsb_min
    d_parameter[P.qsb_max, i] += d_qsb_max
    d_parameter[P.qsb_hig, i] += d_qsb_hig
    d_parameter[P.qsb_exp, i] += d_qsb_exp
    # surface runoff
    d_more, d_water_soil, d_frozen, d_size, d_more_wcap, d_wmin, d_wmax, d_beta = surface_runoff_adjoint(
        moisture, through, frozen, size, wcap, wmin, wmax, beta_oro, d_runoff
    )
    d_moisture, d_wcap = d_moisture + d_more, d_wcap + d_more_wcap
    d_through = d_through + d_water_soil + d_flux[X.throughfall, i]
    d_temperature = 0.0 * d_through
    if options.smooth:
        d_wcap, d_wmin = d_wcap + d_size, d_wmin - d_size
        d_more, d_more_wcap, d_low = smooth_opening_adjoint(moisture, wcap, qsb_low, d_passing * (1.0 - frozen))
        d_moisture, d_wcap = d_moisture + d_more, d_wcap + d_more_wcap
        d_parameter[P.qsb_low, i] += d_low
        d_temperature, _ = smooth_frost_adjoint(
            temperature, FREEZING, d_frozen - d_passing * open_share - d_thawed
        )  # fmt: skip
    else:
        d_size_wmin, d_size_wmax, d_size_beta = runoff_size_adjoint(wmin, wmax, beta_oro, d_size)
        d_wmin, d_wmax, d_beta = d_wmin + d_size_wmin, d_wmax + d_size_wmax, d_beta + d_size_beta
    # wmin = min(wmin, wcap)
    d_fitting = d_wmin if parameter[P.wmin, i] <= wcap else 0.0
    d_parameter[P.wcap, i] += d_wcap + (d_wmin - d_fitting)
    d_parameter[P.wmin, i] += d_fitting
    d_parameter[P.wmax, i] += d_wmax
    d_parameter[P.beta_oro, i] += d_beta
    # water on leaves and bare soil
    d_skin, d_canopy = d_new_state[S.skin_storage, i] + d_sum, d_new_state[S.canopy_storage, i] + d_sum
    if options.skin:
        d_canopy, d_water_canopy, d_demand, d_green_canopy, d_leaves = interception_adjoint(
            old_canopy, water, potential, green, leaves,
            d_canopy, d_canopy_taken + d_flux[X.canopy_evaporation, i] + d_loss, d_through,
        )  # fmt: skip
        d_potential, d_green = d_potential + d_demand, d_green + d_green_canopy
        d_skin, d_water_skin, d_demand, d_bare_skin, d_capacity = interception_adjoint(
            old_skin, water, potential, bare, capacity,
            d_skin, d_skin_taken + d_flux[X.skin_evaporation, i] + d_loss, d_through,
        )  # fmt: skip
        d_potential, d_bare = d_potential + d_demand, d_bare + d_bare_skin
        d_water = d_water + d_water_canopy + d_water_skin
        d_parameter[P.skincap1, i] += d_capacity + d_leaves * max(leaf_area, 0.0)
        d_leaf_area = d_leaves * capacity if leaf_area >= 0.0 else 0.0
    else:
        d_green, d_bare = d_green + d_through * water, d_bare + d_through * water
        d_water = d_water + d_through * (bare + green)
        d_leaf_area = 0.0
    # snow
    d_water = d_water + d_flux[X.rain_and_melt, i]
    d_pack, d_liquid, d_rain, d_warmth, d_factor, d_refrozen, d_lower, d_upper, d_melt, d_frc = snow_adjoint(
        old_pack, old_liquid, precipitation, temperature, factor, refrozen,
        rainf_lower, snowf_upper, melt_crit, frc_liquid,
        d_new_state[S.snow_water_equivalent, i] + d_sum,
        d_new_state[S.snow_liquid_water, i] + d_sum,
        d_flux[X.rainfall, i] + d_water,
        d_flux[X.snowfall, i],
        d_flux[X.snowmelt, i] + d_water,
    )  # fmt: skip
    d_temperature = d_temperature + d_warmth
    d_parameter[P.rainf_lower, i] += d_lower
    d_parameter[P.snowf_upper, i] += d_upper
    d_parameter[P.melt_crit, i] += d_melt
    d_parameter[P.frc_liquid, i] += d_frc
    if options.smooth:
        d_warmth, d_limit = smooth_frost_adjoint(temperature, t_refreeze, d_refrozen)
        d_temperature = d_temperature + d_warmth
        d_parameter[P.t_refreeze, i] += d_limit
    # melt rate
    d_day_length = 0.0
    if options.temporal:
        day_length = forcing[F.day_length, j]
        if options.spatial:
            d_day_length, d_ddfac = melt_factor_of_both_adjoint(day_length, parameter[P.ddfac, i], d_factor)
            d_parameter[P.ddfac, i] += d_ddfac
        else:
            d_day_length = melt_factor_adjoint(day_length, d_factor)
    else:
        d_parameter[P.ddfac, i] += d_factor
    # bare = 1 - wet - green;  green = min(max(vegetation, 0), 1 - wet)
    d_vegetation = d_green - d_bare if vegetation >= 0.0 and vegetation <= 1.0 - wet else 0.0
    d_state[S.snow_water_equivalent, i] = d_pack
    d_state[S.snow_liquid_water, i] = d_liquid
    d_state[S.root_zone_moisture, i] = d_moisture
    d_state[S.skin_storage, i] = d_skin
    d_state[S.canopy_storage, i] = d_canopy
    d_state[S.surface_water, i] = d_storage
    d_state[S.groundwater, i] = d_deep
    d_forcing[F.precipitation, i] = d_rain
    d_forcing[F.air_temperature, i] = d_temperature
    d_forcing[F.potential_evaporation, i] = d_potential if demand >= 0.0 else 0.0
    d_forcing[F.day_length, i] = d_day_length
    d_forcing[F.vegetation_fraction, i] = d_vegetation
    d_forcing[F.leaf_area_index, i] = d_leaf_area
