"""HydroPy's equations on whole arrays, day by day: the peer of run/benchmark_hydropy.py, in numpy and in PyTorch.

Written as one would write it for either library: a few lines per process, every line a pass over all cells. In numpy it
is what the original does (Stacke & Hagemann, 2021), without its bookkeeping; in PyTorch it is what a hybrid model
differentiates (Wang et al., 2024). Amounts mm d-1, temperatures degC; default options.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np


def library(name: str) -> SimpleNamespace:
    """The few functions that are needed, of numpy or torch."""
    if name == "numpy":
        return SimpleNamespace(
            where=np.where, low=np.minimum, high=np.maximum, stack=np.stack, zeros=np.zeros_like, add=_add_numpy
        )
    import torch

    def pair(function):
        def call(a: Any, b: Any) -> Any:
            a, b = (x if torch.is_tensor(x) else torch.as_tensor(x, dtype=_dtype(a, b)) for x in (a, b))
            return function(a, b)

        return call

    def _dtype(a, b):
        return a.dtype if torch.is_tensor(a) else b.dtype

    return SimpleNamespace(
        where=torch.where,
        low=pair(torch.minimum),
        high=pair(torch.maximum),
        stack=torch.stack,
        zeros=torch.zeros_like,
        add=lambda water, down: torch.zeros_like(water).index_add(0, down, water),
    )


def _add_numpy(water: np.ndarray, down: np.ndarray) -> np.ndarray:
    return np.bincount(down, water, len(water)).astype(water.dtype)


def day(x: SimpleNamespace, state: list, forcing: Any, p: dict, water: Any) -> tuple[list, Any]:
    """States after one day, and runoff [cell], mm d-1. forcing [row, cell]; water: surface water fraction [cell]."""
    swe, liquid, w, skin, canopy, lake, ground = state
    rainfall, tas, pet, length, cover, leaf = forcing
    bare, green = 1 - water - x.low(cover, 1 - water), x.low(cover, 1 - water)
    # snow
    fall = rainfall * x.low(x.high((p["snowf_upper"] - tas) / (p["snowf_upper"] - p["rainf_lower"]), 0.0), 1.0)
    rain = rainfall - fall
    cold = tas < p["t_refreeze"]
    pack = swe + x.where(cold, liquid, x.zeros(liquid)) + fall
    held = x.where(cold, x.zeros(liquid), liquid)
    melt = x.low(x.high((8.3 * length + 0.7) * (tas - p["melt_crit"]), 0.0), pack)
    swe, held = pack - melt, held + melt
    capacity = p["frc_liquid"] * swe
    drip = rain + x.high(held - capacity, 0.0)
    liquid = x.low(held, capacity)
    # skin and canopy
    skin, e_skin, through = interception(x, skin, bare, p["skincap1"], drip, pet)
    canopy, e_canopy, more = interception(x, canopy, green, p["skincap1"] * leaf, drip, pet)
    through = through + more
    # soil
    frozen = tas < p["melt_crit"]
    surface = surface_runoff(x, w, through, frozen, p)
    drainage = slow_drainage(x, w, frozen, p)
    wilt, dry = p["wcap"] - p["wava"], p["sevap_low"] * p["wcap"]
    thirst = x.high(pet - e_canopy / x.high(green, 1e-12), 0.0)
    share = x.low(x.high((w - wilt) / (p["rm_crit"] * p["wcap"] - wilt), 0.0), 1.0)
    transpired = x.low(thirst * share, x.high(w - wilt, 0.0)) * green
    sun = x.high(pet - e_skin / x.high(bare, 1e-12), 0.0)
    dried = x.high(x.low(sun * (w - dry) / (p["wcap"] - dry), w - dry), 0.0) * bare
    w = w + through - surface - transpired - dried - drainage
    over = x.high(w - p["wcap"], 0.0)
    surface, w = surface + over, x.high(w - over, 0.0)
    # surface water and groundwater
    lake = lake + drip * water + surface - x.low(pet * water, lake)
    quick = lake / (p["lag_land"] + 1)
    ground = ground + drainage
    slow = ground / (p["lag_base"] + 1)
    return [swe, liquid, w, skin, canopy, lake - quick, ground - slow], quick + slow


def interception(x: SimpleNamespace, storage: Any, share: Any, capacity: Any, drip: Any, pet: Any) -> tuple:
    """Storage, evaporation and throughfall of bare soil or leaves that cover a share of the land."""
    share_ = x.high(share, 1e-12)
    depth = storage / share_ + drip
    wet = x.low(depth / x.high(capacity, 1e-12), 1.0)
    taken = pet * wet * x.low(depth / x.high(wet * pet, 1e-12), 1.0) * share
    storage = storage + drip * share - taken
    taken, storage = taken + x.low(storage, 0.0), x.high(storage, 0.0)
    through = x.high(storage - capacity * share, 0.0)
    return storage - through, taken, through


def surface_runoff(x: SimpleNamespace, w: Any, water: Any, frozen: Any, p: dict) -> Any:
    """Improved ARNO scheme."""
    w0, w1, cap, b1 = p["wmin"], p["wmax"], p["wcap"], 1 + p["beta_oro"]
    span = x.high(w1 - w0, 1e-6)
    rest = x.low(x.high(1 - (w - w0) / (cap - w0), 1e-12), 1.0)
    level = x.where(w > w0, w1 - span * rest ** (1 / b1), w)
    before = x.low(x.high((w1 - level) / span, 1e-12) ** b1, 1.0)
    after = x.high((w1 - level - water) / span, 1e-12) ** b1
    some = x.high(water - x.high(w0 - w, 0.0) - span / b1 * (before - after), 0.0)
    some = x.where(level + water >= w1, x.high(water + w - cap, 0.0), some)
    some = x.where(level + water <= w0, x.zeros(w), some)
    return x.where(frozen, water, some)


def slow_drainage(x: SimpleNamespace, w: Any, frozen: Any, p: dict) -> Any:
    """Drainage of the root zone: slow, and fast near saturation."""
    full = w / p["wcap"]
    fast = x.high((full - p["qsb_hig"]) / (1 - p["qsb_hig"]), 1e-12) ** p["qsb_exp"]
    rate = p["qsb_min"] * full + x.where(full >= p["qsb_hig"], (p["qsb_max"] - p["qsb_min"]) * fast, x.zeros(w))
    rate = x.where((full <= p["qsb_low"]) | frozen, x.zeros(w), rate)
    return x.low(rate, w)


def river_day(x: SimpleNamespace, river: list, runoff: Any, factor: Any, share: Any, down: Any, ends: Any) -> tuple:
    """Cascade of five reservoirs, four sub-steps: (states, discharge m3 s-1); factor turns mm d-1 to m3 a sub-step."""
    *stores, arriving = river
    local, total = runoff * factor, 0.0
    for _ in range(4):
        flow = arriving
        for j in range(len(stores)):
            filled = stores[j] + flow
            flow = filled * share
            stores[j] = filled - flow
        out = flow + local
        arrived = x.add(x.where(ends, x.zeros(out), out), down)
        total = total + out + x.where(ends, arrived, x.zeros(out))
        arriving = x.where(ends, x.zeros(out), arrived)
    return [*stores, arriving], total / 86400.0


def simulate(x: SimpleNamespace, case: Any) -> Any:
    """Discharge [time, cell] of a case: forcing, parameters (dict), water, state, river, factor, share, down, ends."""
    state, river, flows = list(case.state), list(case.river), []
    for forcing in case.forcing:
        state, runoff = day(x, state, forcing, case.parameters, case.water)
        river, flow = river_day(x, river, runoff, case.factor, case.share, case.down, case.ends)
        flows.append(flow)
    return x.stack(flows)
