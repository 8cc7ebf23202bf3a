"""Transpiration from the layers that have roots (Liang et al., 1994; VIC 5.1, Hamman et al., 2018), in two stages.

`transpiration_terms` works out once what radiation does not change: for layer k the line factor R + offset (mm) and the
limit (mm) of its transpiration, in three blocks of work rows. `transpiration` then evaluates

    E_k = min(dry max(factor_k R + offset_k, 0), limit_k)

for every trial of a root search. Where the upper layers or the deepest one are moist, the plants share: all layers have
the resistance of a canopy that lacks no water, a dry layer gives its part times its stress factor
g = (W - wilting)/(critical - wilting), and wet layers take over what is missing. Otherwise each layer has its own
resistance. Mended where options.compat is off: wet layers take over what all dry layers together miss; VIC keeps only
that of the deepest dry one, so where two of three layers are dry its plants transpire less.
"""

from collections import namedtuple

from .layer_stress import counted_of, limit_of, sharing, stress_adjoint, stress_of
from .options import options
from .penman import Evaporative

MOST = 5000.0  # s m-1
LEAST_ROOT = 1e-6
LEAST_STRESS = 1e-12

# What all layers have in common. A layer of stress factor g takes, in mm s-1 and for all roots,
# (slope R + supply) o/(base o + closed) with the opening o = max(g, least): Penman and Monteith with rc = unstressed/o.
Canopy = namedtuple("Canopy", "slope supply base closed least")


def canopy_of(air, deficit, ra, rarc, unstressed):
    """The Canopy for air (Evaporative), deficit (Pa), and resistances (s m-1)."""
    inverse = 1.0 / ra
    base = air.latent * (air.slope + air.psychrometric * (1.0 + rarc * inverse))
    closed = air.latent * air.psychrometric * inverse * unstressed
    return Canopy(air.slope, air.heat * deficit * inverse, base, closed, max(unstressed / MOST, LEAST_STRESS))


def canopy_adjoint(air, deficit, ra, rarc, unstressed, d_canopy):
    """Reverse of canopy_of: gradients of its five arguments, the first an Evaporative."""
    inverse = 1.0 / ra
    closing = 1.0 + rarc * inverse
    # base = latent (slope + psychrometric closing);  closing = 1 + rarc/ra
    d_total = d_canopy.base * air.latent
    d_closing = d_total * air.psychrometric
    # closed = latent psychrometric unstressed/ra
    conductance = air.psychrometric * inverse
    d_per_unstressed = d_canopy.closed * unstressed
    d_latent = d_canopy.base * (air.slope + air.psychrometric * closing) + d_per_unstressed * conductance
    d_psychrometric = d_total * closing + d_per_unstressed * air.latent * inverse
    d_unstressed = d_canopy.closed * air.latent * conductance
    # supply = heat deficit/ra;  least = unstressed/5000
    d_inverse = d_closing * rarc + d_per_unstressed * air.latent * air.psychrometric
    d_inverse = d_inverse + d_canopy.supply * air.heat * deficit
    d_unstressed = d_unstressed + (d_canopy.least / MOST if unstressed / MOST >= LEAST_STRESS else 0.0)
    d_air = Evaporative(
        d_canopy.slope + d_total, d_latent, d_psychrometric, d_canopy.supply * deficit * inverse
    )  # fmt: skip
    d_ra = -d_inverse * inverse * inverse
    return d_air, d_canopy.supply * air.heat * inverse, d_ra, d_closing * inverse, d_unstressed


def transpiration_terms(
    state, moisture_row, ice_row, parameter, root_row, critical_row, wilting_row, work, work_row, i,
    air, deficit, ra, rarc, unstressed, dt,
):  # fmt: skip
    """Writes factor (mm m2 W-1), offset (mm) and limit (mm) of each layer of cell i, in blocks from work_row on.

    Rows of state: moisture (liquid and ice) and ice of layer 1, mm (ice is read where options.frozen). Rows of
    parameter: share of roots, critical and wilting moisture, mm, of layer 1. air: Evaporative; deficit: of the vapour
    pressure, Pa; ra, rarc: resistances of air and architecture, s m-1; unstressed: canopy resistance at g = 1, s m-1,
    with or without its cap of 5000; dt: s.
    """
    canopy = canopy_of(air, deficit, ra, rarc, unstressed)
    shared, missing, wet_roots = sharing(
        state, moisture_row, ice_row, parameter, root_row, critical_row, wilting_row, i
    )  # fmt: skip
    extra = missing / max(wet_roots, LEAST_ROOT)
    for k in range(options.layers):
        root, critical, wilting = (
            parameter[root_row + k, i], parameter[critical_row + k, i], parameter[wilting_row + k, i]
        )  # fmt: skip
        water = counted_of(state, moisture_row, ice_row, root, k, i)
        stress = stress_of(water, critical, wilting)
        opening = max(1.0 if shared else stress, canopy.least)
        part = root * taking_of(shared, water >= critical, extra, stress)
        share = dt * part * (opening / (canopy.base * opening + canopy.closed))
        work[work_row + k, i] = share * canopy.slope
        work[work_row + options.layers + k, i] = share * canopy.supply
        work[work_row + 2 * options.layers + k, i] = max(limit_of(state, moisture_row, ice_row, k, i, wilting), 0.0)


def taking_of(shared, wet, extra, stress):
    """What a layer takes over what its roots would take of a moist soil, apart from its own resistance."""
    return (1.0 + extra if wet else stress) if shared else (1.0 if stress > 0.0 else 0.0)


def transpiration_terms_adjoint(
    state, moisture_row, ice_row, parameter, root_row, critical_row, wilting_row, d_work, work_row, i,
    air, deficit, ra, rarc, unstressed, dt, d_state, d_parameter,
):  # fmt: skip
    """Reverse of transpiration_terms: reads its rows of d_work, adds to the layers' rows of d_state and d_parameter.

    Returns gradients of air (Evaporative), deficit, ra, rarc and unstressed. Which layers are wet and whether they
    share has none; at the ends of a stress factor, at a limit of 0 and at a resistance of 5000 the gradient passes.
    """
    canopy = canopy_of(air, deficit, ra, rarc, unstressed)
    shared, missing, wet_roots = sharing(
        state, moisture_row, ice_row, parameter, root_row, critical_row, wilting_row, i
    )  # fmt: skip
    per_root = 1.0 / max(wet_roots, LEAST_ROOT)
    extra = missing * per_root
    # extra = missing/wet_roots, in what all wet layers take of the same ratio
    d_extra = 0.0
    for k in range(options.layers):
        root = parameter[root_row + k, i]
        wet = counted_of(state, moisture_row, ice_row, root, k, i) >= parameter[critical_row + k, i]
        d_share = d_work[work_row + k, i] * canopy.slope + d_work[work_row + options.layers + k, i] * canopy.supply
        d_extra = d_extra + (d_share * root if wet else 0.0)
    widest = max(1.0, canopy.least)
    d_extra = d_extra * dt * (widest / (canopy.base * widest + canopy.closed)) if shared else 0.0
    d_missing = d_extra * per_root
    d_wet_roots = -d_missing * extra if wet_roots >= LEAST_ROOT else 0.0
    d_slope = 0.0
    d_supply = 0.0
    d_base = 0.0
    d_closed = 0.0
    d_least = 0.0
    for back in range(options.layers):
        k = options.layers - 1 - back
        root, critical, wilting = (
            parameter[root_row + k, i], parameter[critical_row + k, i], parameter[wilting_row + k, i]
        )  # fmt: skip
        water = counted_of(state, moisture_row, ice_row, root, k, i)
        stress = stress_of(water, critical, wilting)
        wet = water >= critical
        free = 1.0 if shared else stress
        opening = max(free, canopy.least)
        below = 1.0 / (canopy.base * opening + canopy.closed)
        ratio = opening * below
        taking = taking_of(shared, wet, extra, stress)
        d_factor, d_offset = d_work[work_row + k, i] * dt, d_work[work_row + options.layers + k, i] * dt
        # factor = dt root taking ratio slope;  offset = dt root taking ratio supply
        share = root * taking * ratio
        d_slope, d_supply = d_slope + d_factor * share, d_supply + d_offset * share
        d_share = d_factor * canopy.slope + d_offset * canopy.supply
        d_taking = d_share * ratio * root if shared else 0.0
        # ratio = opening/(base opening + closed);  opening = max(1 or stress, least)
        d_ratio = d_share * root * taking
        d_base, d_closed = d_base - d_ratio * ratio * ratio, d_closed - d_ratio * ratio * below
        d_opening = d_ratio * (canopy.closed * below) * below
        d_stress = d_opening if (free >= canopy.least) & (not shared) else 0.0
        d_least = d_least + (0.0 if free >= canopy.least else d_opening)
        # taking = 1 + extra, or stress;  missing = root (1 - stress), of the deepest dry layer or of all
        d_lost = 0.0 if wet else d_missing
        d_stress = d_stress + (0.0 if wet else d_taking) - d_lost * root
        d_root = d_share * ratio * taking + (d_wet_roots if wet else d_lost * (1.0 - stress))
        d_missing = d_missing if wet | (not options.compat) else 0.0
        d_water, d_critical, d_wilting = stress_adjoint(water, critical, wilting, d_stress)
        d_water = d_water if (k == options.layers - 1) | (root > 0.0) else 0.0
        passes = limit_of(state, moisture_row, ice_row, k, i, wilting) >= 0.0
        d_limit = d_work[work_row + 2 * options.layers + k, i] if passes else 0.0
        d_wilting = d_wilting + add_soil(state, moisture_row, ice_row, wilting, d_water, d_limit, k, i, d_state)
        d_parameter[root_row + k, i] += d_root
        d_parameter[critical_row + k, i] += d_critical
        d_parameter[wilting_row + k, i] += d_wilting
    d_canopy = Canopy(d_slope, d_supply, d_base, d_closed, d_least)
    return canopy_adjoint(air, deficit, ra, rarc, unstressed, d_canopy)


def add_soil(state, moisture_row, ice_row, wilting, d_water, d_limit, k, i, d_state):
    """Reverse of a layer's liquid water and limit: adds to its rows of d_state, returns d_wilting."""
    d_state[moisture_row + k, i] += d_water + d_limit
    if options.frozen:
        ice = state[ice_row + k, i]
        held = (ice > 0.0) & (ice >= wilting)
        d_state[ice_row + k, i] -= d_water + (d_limit if held else 0.0)
        return 0.0 if held else -d_limit
    return -d_limit


def transpiration(work, work_row, radiation, dry, out, out_row, i):
    """Transpiration of all layers at this radiation (W m-2) and dry share of the canopy, mm, and its slope.

    Reads the terms of cell i, writes each layer's transpiration (mm) from out_row on. The slope is with respect to the
    radiation at the same dry share (`transpiration_by_dry` has the other).
    """
    total = 0.0
    slope = 0.0
    for k in range(options.layers):
        factor, limit = work[work_row + k, i], work[work_row + 2 * options.layers + k, i]
        potential = factor * radiation + work[work_row + options.layers + k, i]
        demand = dry * max(potential, 0.0)
        amount = min(demand, limit)
        out[out_row + k, i] = amount
        total = total + amount
        slope = slope + (dry * factor if (potential >= 0.0) & (demand <= limit) else 0.0)
    return total, slope


def transpiration_by_dry(work, work_row, radiation, dry, i):
    """Slope of the transpiration with respect to the dry share of the canopy, mm."""
    slope = 0.0
    for k in range(options.layers):
        potential = max(work[work_row + k, i] * radiation + work[work_row + options.layers + k, i], 0.0)
        slope = slope + (potential if dry * potential <= work[work_row + 2 * options.layers + k, i] else 0.0)
    return slope


def transpiration_adjoint(work, work_row, radiation, dry, d_out, out_row, i, d_total, d_work):
    """Reverse of transpiration without its slope: reads d_out, sets the terms' rows of d_work.

    Returns gradients of radiation and dry; at a demand of 0 and at the limit the gradient passes to the demand.
    """
    d_radiation = 0.0
    d_dry = 0.0
    for k in range(options.layers):
        factor, limit = work[work_row + k, i], work[work_row + 2 * options.layers + k, i]
        potential = factor * radiation + work[work_row + options.layers + k, i]
        demand = dry * max(potential, 0.0)
        d_amount = d_out[out_row + k, i] + d_total
        # amount = min(dry potential+, limit)
        d_demand = d_amount if demand <= limit else 0.0
        d_dry = d_dry + d_demand * max(potential, 0.0)
        d_potential = d_demand * dry if potential >= 0.0 else 0.0
        # potential = factor radiation + offset
        d_radiation = d_radiation + d_potential * factor
        d_work[work_row + k, i] = d_potential * radiation
        d_work[work_row + options.layers + k, i] = d_potential
        d_work[work_row + 2 * options.layers + k, i] = d_amount - d_demand
    return d_radiation, d_dry
