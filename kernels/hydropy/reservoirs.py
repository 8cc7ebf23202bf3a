"""Surface water and groundwater of HydroPy: linear reservoirs, solved implicitly (Stacke & Hagemann, 2021)."""

TINY = 1e-12


def reservoir(storage, lag):
    """Outflow of a linear reservoir after an implicit step of one day: storage/(lag + 1)."""
    flow = storage / (lag + 1.0)
    return storage - flow, flow


def reservoir_adjoint(storage, lag, d_storage, d_flow):
    """Reverse of reservoir."""
    rate = 1.0 / (lag + 1.0)
    d_flow = (d_flow - d_storage) * rate
    return d_storage + d_flow, -d_flow * (storage * rate)


def lake(storage, water, runoff, potential, fraction):
    """Surface water gets its share of rain and all runoff, and evaporates: min(potential fraction, storage)."""
    evaporated = min(potential * fraction, storage)
    return storage + water * fraction + runoff - evaporated, evaporated


def lake_adjoint(storage, water, runoff, potential, fraction, d_storage, d_evaporated):
    """Reverse of lake; at a tie the demand gets the gradient."""
    d_evaporated = d_evaporated - d_storage
    d_demand = d_evaporated if potential * fraction <= storage else 0.0
    return (
        d_storage + (d_evaporated - d_demand),
        d_storage * fraction,
        d_storage,
        d_demand * fraction,
        d_storage * water + d_demand * potential,
    )


def leaking_lake(storage, water, runoff, potential, thawed, fraction, moisture, wcap):
    """As lake, and it leaks to the groundwater: min((wcap - w)+, storage) fraction^2, where not frozen.

    Evaporation and leakage shrink together where there is not enough for both. Returns storage', evaporated, leaked.
    """
    evaporated = min(potential * fraction, storage)
    leaked = min(max(wcap - moisture, 0.0), storage) * (fraction * fraction) * thawed
    available = storage + water * fraction + runoff
    wanted = evaporated + leaked
    scale = available / max(wanted, TINY) if available < wanted else 1.0
    return max(available - wanted, 0.0), evaporated * scale, leaked * scale


def leaking_lake_adjoint(
    storage, water, runoff, potential, thawed, fraction, moisture, wcap, d_storage, d_evaporated, d_leaked
):  # fmt: skip
    """Reverse of leaking_lake; a storage equal to the deficit of the soil limits the leakage no more.

    Under a full soil the leakage has the slope of one that has room.
    """
    deficit = max(wcap - moisture, 0.0)
    evaporated = min(potential * fraction, storage)
    depth = min(deficit, storage)
    leaked = depth * (fraction * fraction) * thawed
    available = storage + water * fraction + runoff
    wanted = evaporated + leaked
    short = available < wanted
    inverse = 1.0 / max(wanted, TINY)
    scale = available * inverse if short else 1.0
    # storage' = (available - wanted)+;  evaporated' = evaporated scale;  leaked' = leaked scale
    d_rest = 0.0 if short else d_storage
    d_ratio = (d_evaporated * evaporated + d_leaked * leaked) * inverse if short else 0.0
    d_available = d_rest + d_ratio
    d_wanted = -d_rest - (d_ratio * scale if wanted >= TINY else 0.0)
    d_evaporated = d_evaporated * scale + d_wanted
    d_leaked = d_leaked * scale + d_wanted
    # leaked = min((wcap - w)+, storage) fraction^2 thawed;  evaporated = min(potential fraction, storage)
    d_depth = d_leaked * (fraction * fraction) * thawed
    d_deficit = (d_depth if wcap >= moisture else 0.0) if deficit <= storage else 0.0
    d_demand = d_evaporated if potential * fraction <= storage else 0.0
    return (
        d_available + (d_depth if deficit > storage else 0.0) + (d_evaporated - d_demand),
        d_available * fraction,
        d_available,
        d_demand * fraction,
        d_leaked * depth * (fraction * fraction),
        d_available * water + d_demand * potential + d_leaked * depth * thawed * (2.0 * fraction),
        -d_deficit,
        d_deficit,
    )
