"""Water on bare soil and on leaves: one store of a given capacity, for skin and canopy (Stacke & Hagemann, 2021)."""

TINY = 1e-20  # mm; what holds less stays dry, as in the original where there are no leaves


def interception(storage, water, potential, fraction, capacity):
    """A store evaporates from its wet part, then spills what it cannot hold.

    storage (mm over the cell) lies on `fraction` of it and holds capacity mm there. With S = storage + water fraction:
    taken = min(potential fraction min(S/(capacity fraction), 1), S), nothing where the capacity is 0.
    Returns storage', taken, spilled.
    """
    hold = capacity * fraction
    total = storage + water * fraction
    wet = min(total * (1.0 / max(hold, TINY)), 1.0)
    demand = potential * fraction
    taken = min(demand * wet if demand <= max(total, hold) else total, total) if hold >= TINY else 0.0
    rest = total - taken
    kept = rest if rest < hold else hold
    return kept, taken, rest - kept


def interception_adjoint(storage, water, potential, fraction, capacity, d_kept, d_taken, d_spilled):
    """Reverse of interception; a full store spills what it would get, an empty one evaporates at its dry slope."""
    hold = capacity * fraction
    inverse = 1.0 / max(hold, TINY)
    total = storage + water * fraction
    wetness = total * inverse
    wet = min(wetness, 1.0)
    demand = potential * fraction
    holds = hold >= TINY
    limited = demand <= max(total, hold)
    rest = total - (min(demand * wet if limited else total, total) if holds else 0.0)
    # spilled = rest - kept;  kept = min(rest, hold)
    d_kept = d_kept - d_spilled
    d_held = d_kept if rest < hold else 0.0
    d_hold = d_kept - d_held
    d_rest = d_spilled + d_held
    # rest = total - taken;  taken = demand wet, or total
    d_taken = d_taken - d_rest if holds else 0.0
    d_limited = d_taken if limited else 0.0
    d_total = d_rest + (d_taken - d_limited)
    d_demand = d_limited * wet
    # wet = min(total/hold, 1)
    d_wetness = d_limited * demand * inverse if wetness <= 1.0 else 0.0
    d_total = d_total + d_wetness
    d_hold = d_hold - d_wetness * wetness
    return (
        d_total,
        d_total * fraction,
        d_demand * fraction,
        d_total * water + d_demand * potential + d_hold * capacity,
        d_hold * fraction,
    )
