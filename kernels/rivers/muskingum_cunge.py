"""Muskingum-Cunge: diffusive flood waves in wide rectangular channels, solved implicitly along the river.

Cunge (1969), J. Hydraul. Res. 7, 205-230. What is carried on is the storage S of a reach, which closes the water
balance whatever the coefficients do (Todini, 2007, Hydrol. Earth Syst. Sci. 11, 1645-1659). With means I, q, O of
inflow, lateral inflow and outflow over a sub-step, w the part of it that is implicit, and the storage S* about which
Manning's equation Q(S) = B sqrt(slope) / n (S/(B L))^(5/3) is made linear once in each sub-step:

    S' = S + h (I + q - O),      K (X I + (1 - X) O) = S - (1 - 1/beta) S* + w h (I + q - O)
    K = L/c,    c = beta v,    beta = 5/3,    X = (1 - Q/(B slope c L))/2

For constant coefficients and w = 1/2 this is Cunge's scheme, C = (h/2 -+ K X, K (1 - X) - h/2)/(K (1 - X) + h/2); a
steady flow is Manning's, and flood waves on it travel at 5/3 v. K and X are explicit in time: S* is the storage before
the sub-step, but where a short and nearly dry reach fills (see reference_storage), which else would overshoot.
"""

from ..elementary import exp, log
from ..variable import Variable, layout
from .muskingum_cunge_channel import COEFFICIENTS, GEOMETRY, PARAMETERS, C, prepare, prepare_adjoint
from .router import Router

STATES = (Variable("channel_storage", "m3", "water in the river of the cell", 0, default=0.0),)
S = layout(STATES)

EXCESS = 0.4  # 1 - 1/beta
SHALLOW = 1e-3  # m; below this depth a channel is a linear reservoir
TRICKLE = 1e-3  # m3 in a sub-step; less water makes no river rise
AHEAD = 0.5  # part of the water of a sub-step that the storage S* may count before it is there


def reference_storage(storage, inflow, lateral, content):
    """S* and the largest K X in sub-steps.

    S* is the storage before; where that is less than a part of the water that comes, and than a steady flow of it
    would store, content (inflow + lateral/2)^0.6, it is the lesser of these. Within the limit no outflow falls because
    inflow rises, nor below zero: K X <= w - EXCESS (S* - S)/water.
    """
    water = inflow + lateral
    passing = max(inflow + 0.5 * lateral, TRICKLE)
    steady = content * exp(0.6 * log(passing))
    reference = max(storage, min(AHEAD * water if water > TRICKLE else 0.0, steady))
    return reference, 0.5 - EXCESS * ((reference - storage) / max(water, TRICKLE))


def reference_storage_adjoint(storage, inflow, lateral, content, d_reference, d_limit):
    """Reverse of reference_storage; on a kink the gradient goes to what is written first there."""
    water = inflow + lateral
    given, passing = max(water, TRICKLE), max(inflow + 0.5 * lateral, TRICKLE)
    curve = exp(0.6 * log(passing))
    steady = content * curve
    ahead = AHEAD * water if water > TRICKLE else 0.0
    lead = max(min(ahead, steady) - storage, 0.0) / given
    # limit = 1/2 - EXCESS lead;  lead = (reference - storage)/given
    d_lead = -EXCESS * d_limit / given
    d_reference = d_reference + d_lead
    # reference = max(storage, min(ahead, steady));  steady = content passing^0.6
    d_least = d_reference if min(ahead, steady) > storage else 0.0
    d_ahead = d_least if ahead <= steady else 0.0
    d_steady = d_least - d_ahead
    d_passing = d_steady * 0.6 * steady / passing if inflow + 0.5 * lateral > TRICKLE else 0.0
    d_water = AHEAD * d_ahead - d_lead * lead if water > TRICKLE else 0.0
    return d_reference - d_least - d_lead, d_water + d_passing, d_water + 0.5 * d_passing, d_steady * curve


def travel(reference, limit, depth, time, spread):
    """K and K X in sub-steps: time y^(-2/3) of the depth y = depth S*, and half of it less the cell's diffusion."""
    y = max(reference * depth, SHALLOW)
    k = time * exp(-0.6666666666666666 * log(y))
    return k, min(0.5 * k * (1.0 - spread * y), limit)


def travel_adjoint(reference, limit, depth, time, spread, d_k, d_kx):
    """Reverse of travel; at the limit the gradient goes to what is limited, at SHALLOW it stops."""
    y = max(reference * depth, SHALLOW)
    curve = exp(-0.6666666666666666 * log(y))
    k = time * curve
    # kx = min(k (1 - spread y)/2, limit)
    half = 0.5 * (1.0 - spread * y)
    d_free = d_kx if k * half <= limit else 0.0
    d_k = d_k + d_free * half
    d_part = -0.5 * d_free * k
    # k = time y^(-2/3);  y = max(reference depth, SHALLOW)
    d_y = d_part * spread - 0.6666666666666666 * d_k * k / y
    d_deep = d_y if reference * depth > SHALLOW else 0.0
    return d_deep * depth, d_kx - d_free, d_deep * reference, d_k * curve, d_part * y


def outflow(storage, inflow, lateral, reference, k, kx):
    """O of the equations above, m3; w is such that no more leaves than is there, and never below 1/2.

    Lateral inflow makes no wedge, but where X < 0 (a flat river: its wedge is one of backwater).
    """
    water = inflow + lateral
    prism = k - kx
    whole, implicit = max(prism + 0.5, 1.0), max(0.5, 1.0 - prism)
    held = kx * (inflow if kx > 0.0 else water)
    wanted = (storage - EXCESS * reference + implicit * water - held) / whole
    return min(max(wanted, 0.0), storage + water)  # rounding alone brings it below 0


def outflow_adjoint(storage, inflow, lateral, reference, k, kx, d_outflow):
    """Reverse of outflow; where all that is there leaves, the gradient goes to what wants to."""
    water = inflow + lateral
    prism = k - kx
    whole, implicit = max(prism + 0.5, 1.0), max(0.5, 1.0 - prism)
    wedge = inflow if kx > 0.0 else water
    wanted = (storage - EXCESS * reference + implicit * water - kx * wedge) / whole
    # outflow = min(wanted, storage + water)
    d_sum = d_outflow / whole if wanted <= storage + water else 0.0
    d_all = d_outflow if wanted > storage + water else 0.0
    # wanted whole = storage - EXCESS reference + implicit water - kx wedge;  implicit = whole - prism
    d_whole = d_sum * (water - wanted)
    d_wedge = -d_sum * kx
    # whole = max(prism + 1/2, 1);  prism = k - kx
    d_prism = (d_whole if prism >= 0.5 else 0.0) - d_sum * water
    d_water = d_sum * implicit + d_all + (0.0 if kx > 0.0 else d_wedge)
    d_inflow = d_water + (d_wedge if kx > 0.0 else 0.0)
    return d_sum + d_all, d_inflow, d_water, -EXCESS * d_sum, d_prism, -d_prism - d_sum * wedge


def reach(state, inflow, lateral, coefficient, out, b, i):
    """One sub-step of the channel of a cell."""
    storage, above, beside = state[b, S.channel_storage, i], inflow[b, i], lateral[b, i]
    content, depth = coefficient[b, C.content, i], coefficient[b, C.depth, i]
    reference, limit = reference_storage(storage, above, beside, content)
    k, kx = travel(reference, limit, depth, coefficient[b, C.time, i], coefficient[b, C.spread, i])
    leaving = outflow(storage, above, beside, reference, k, kx)
    state[b, S.channel_storage, i] = (storage + (above + beside)) - leaving
    out[b, i] = leaving


def reach_adjoint(state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, b, i):
    """Reverse of reach."""
    storage, above, beside = state[b, S.channel_storage, i], inflow[b, i], lateral[b, i]
    content, depth = coefficient[b, C.content, i], coefficient[b, C.depth, i]
    time, spread = coefficient[b, C.time, i], coefficient[b, C.spread, i]
    reference, limit = reference_storage(storage, above, beside, content)
    k, kx = travel(reference, limit, depth, time, spread)
    # storage' = storage + water - outflow
    d_kept = d_state[b, S.channel_storage, i]
    d_old, d_above, d_beside, d_reference, d_k, d_kx = outflow_adjoint(
        storage, above, beside, reference, k, kx, d_out[b, i] - d_kept
    )
    d_more, d_limit, d_depth, d_time, d_spread = travel_adjoint(reference, limit, depth, time, spread, d_k, d_kx)
    d_storage, d_inside, d_along, d_content = reference_storage_adjoint(
        storage, above, beside, content, d_reference + d_more, d_limit
    )
    d_state[b, S.channel_storage, i] = d_kept + d_old + d_storage
    d_inflow[b, i] = d_kept + d_above + d_inside
    d_lateral[b, i] += d_kept + d_beside + d_along
    d_coefficient[b, C.depth, i] += d_depth
    d_coefficient[b, C.time, i] += d_time
    d_coefficient[b, C.spread, i] += d_spread
    d_coefficient[b, C.content, i] += d_content


def build() -> Router:
    """Muskingum-Cunge with sub-steps of two hours, which suit reaches of 1 to 100 km."""
    return Router(
        name="muskingum_cunge",
        label="muskingum_cunge",
        options={},
        states=STATES,
        parameters=PARAMETERS,
        geometry=GEOMETRY,
        coefficients=COEFFICIENTS,
        delayed=False,
        substeps=12,
        prepare=prepare,
        prepare_adjoint=prepare_adjoint,
        reach=reach,
        reach_adjoint=reach_adjoint,
        reference="Cunge (1969); Todini (2007); Bindas et al. (2024)",
    )
