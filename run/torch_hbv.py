"""HBV in plain PyTorch, from the published equations: the peer that run/benchmark_hbv.py times our loops against.

All cells [place, component] together, one Python loop over the days, gradients by autograd. It shares nothing with
freshet but names, so that agreement of the two means something. Equations: Seibert & Vis (2012); Feng et al. (2022,
2023, 2024); Song et al. (2024, 2025). Which form is run follows from the parameters that are there: `betaet` bends the
evaporation curve (1.0 with gamma, 1.1p, 2.0), `c` adds capillary rise (1.1p, 2.0), `rt` and `ac` regional flow (2.0).
"""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor
from torch._functorch import config as functorch_settings
from torch.nn.functional import conv1d, pad

STATES = ("snowpack", "meltwater", "soil_moisture", "upper_zone", "lower_zone")
ROUTED = {
    "streamflow": "runoff",
    "streamflow_quick": "quick_flow",
    "streamflow_interflow": "interflow",
    "streamflow_baseflow": "baseflow",
}
WEIGHTED = ("runoff", "streamflow")  # sums with the given component weights; everything else is a plain mean
FLOOR = 1e-5  # mm, lower limit of the soil, and of the lower zone where there is capillary rise
LAGS = 15  # days of the unit hydrograph
UNROLLED = 10  # days in one compiled graph

State = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]
Rows = dict[str, Tensor]


def smaller(potential: Tensor, store: Tensor) -> Tensor:
    """min(potential, store); at a tie the potential, which then is zero and carries no gradient.

    torch.minimum would give half of it to the store, which on snow-free days feeds rounding noise into a growing loop.
    """
    return torch.where(potential <= store, potential, store)


def snow(pack: Tensor, liquid: Tensor, rain: Tensor, fall: Tensor, warmth: Tensor, p: Rows) -> tuple[Tensor, ...]:
    """Lines 2 to 4: melt, refreezing and release; warmth = temperature less threshold."""
    pack = pack + fall
    melt = smaller((p["cfmax"] * warmth).clamp(min=0), pack)
    pack, liquid = pack - melt, liquid + melt
    freeze = smaller((-p["cfr"] * p["cfmax"] * warmth).clamp(min=0), liquid)
    pack, liquid = pack + freeze, liquid - freeze
    release = torch.relu(liquid - p["cwh"] * pack)
    return pack, liquid - release, rain + release, melt, freeze, release


def soil_column(soil: Tensor, water: Tensor, potential: Tensor, p: Rows) -> tuple[Tensor, ...]:
    """Lines 5 to 7: recharge, excess, evaporation."""
    recharge = water * (soil / p["fc"]).pow(p["beta"]).clamp(0, 1)
    soil = soil + water - recharge
    excess = (soil - p["fc"]).clamp(min=0)
    soil = soil - excess
    factor = soil / (p["lp"] * p["fc"])
    if "betaet" in p:
        factor = factor.pow(p["betaet"])
    factor = factor.clamp(0, 1)
    evaporation = smaller(potential * factor, soil)
    return (soil - evaporation).clamp(min=FLOOR), recharge, excess, evaporation, factor


def capillary(soil: Tensor, lower: Tensor, p: Rows) -> tuple[Tensor, Tensor, Tensor]:
    """Line 8: rise from the lower zone into a dry soil."""
    rise = smaller(p["c"] * lower * (1 - (soil / p["fc"]).clamp(max=1)), lower)
    return (soil + rise).clamp(min=FLOOR), (lower - rise).clamp(min=FLOOR), rise


def upper_zone(upper: Tensor, p: Rows) -> tuple[Tensor, ...]:
    """Line 9: percolation, quick flow and interflow, one after the other."""
    percolation = torch.where(upper <= p["perc"], upper, p["perc"])
    upper = upper - percolation
    quick = p["k0"] * (upper - p["uzl"]).clamp(min=0)
    upper = upper - quick
    slow = p["k1"] * upper
    return upper - slow, percolation, quick, slow


def regional_flow(area: Tensor, p: Rows) -> Tensor:
    """Line 10: flow between basins, by the upstream area in km2."""
    small = ((area - p["ac"]) / 1000).clamp(-1, 1)
    large = (-(area - 2500) / 50).clamp(-10, 0).exp()
    return torch.where(area < 2500, small, large) * p["rt"]


def day(state: State, weather: Sequence[Tensor], p: Rows, geometry: Sequence[Tensor]) -> tuple[State, Rows]:
    """One day of every cell: new states and fluxes, mm.

    weather: precipitation, air temperature, potential evaporation, each [place, 1]; geometry: upstream area and
    elevation, each [place, 1], or nothing; p and state [place, component].
    """
    pack, liquid, soil, upper, lower = state
    rainy, temperature, potential = weather
    threshold = p["tt"]
    if geometry:
        threshold = torch.where(geometry[1] >= 2000, torch.full_like(threshold, 4.0), threshold)
    fall = torch.where(temperature < threshold, rainy, torch.zeros_like(rainy))
    pack, liquid, water, melt, freeze, release = snow(
        pack, liquid, rainy - fall, fall, temperature - threshold, p
    )  # fmt: skip
    soil, recharge, excess, evaporation, factor = soil_column(soil, water, potential, p)
    flux = {"snowfall": fall, "snowmelt": melt, "refreezing": freeze, "snow_release": release, "recharge": recharge}
    flux |= {"excess": excess, "evaporation": evaporation, "evaporation_factor": factor}
    if "c" in p:
        soil, lower, flux["capillary_rise"] = capillary(soil, lower, p)
    upper, percolation, quick, slow = upper_zone(upper + recharge + excess, p)
    lower = lower + percolation
    if geometry:
        flux["regional_flow"] = regional_flow(geometry[0], p)
        lower = (lower + flux["regional_flow"]).clamp(min=0)
    base = p["k2"] * lower
    new = (pack, liquid, soil, upper, lower - base)
    flux |= {"percolation": percolation, "quick_flow": quick, "interflow": slow, "baseflow": base}
    flux |= {"runoff": quick + slow + base, **dict(zip(STATES, new, strict=True))}
    return new, flux


def days(
    forcing: Tensor,
    static: Rows,
    daily: Rows,
    state: State,
    geometry: Sequence[Tensor],
    weights: Tensor | None,
    outputs: Sequence[str],
) -> tuple[State, Tensor]:
    """Some days in a row: final states, and [time, output, place] summed over components."""
    rows = []
    series = {name: values.unbind(0) for name, values in daily.items()}
    for t, today in enumerate(forcing.unbind(0)):
        p = static | {name: values[t] for name, values in series.items()}
        state, flux = day(state, today.unsqueeze(-1).unbind(0), p, geometry)
        rows += [over_components(flux[name], weights if name in WEIGHTED else None) for name in outputs]
    return state, torch.stack(rows).unflatten(0, (forcing.shape[0], len(outputs)))


def over_components(values: Tensor, weights: Tensor | None) -> Tensor:
    """Mean or weighted sum over components, [place]."""
    return values.mean(-1) if weights is None else (values * weights).sum(-1)


def compiled_days(**options) -> Callable:
    """`days` through torch.compile, UNROLLED days to a graph; the days that are left over are run as they are.

    The gradient recomputes the days of a graph instead of keeping what lies between (a memory budget of nothing):
    half the time and a small part of the memory of torch's default, and the fastest that was found.
    """
    graph = torch.compile(days, dynamic=False, **options)

    def run(forcing, static, daily, state, geometry, weights, outputs):
        pieces = []
        pairs = {name: values.split(UNROLLED) for name, values in daily.items()}
        for k, piece in enumerate(forcing.split(UNROLLED)):
            step = graph if piece.shape[0] == UNROLLED else days
            part = {name: values[k] for name, values in pairs.items()}
            with functorch_settings.patch(activation_memory_budget=0.0):
                state, found = step(piece, static, part, state, geometry, weights, outputs)
            pieces.append(found)
        return state, torch.cat(pieces)

    return run


def ordinates(route_a: Tensor, route_b: Tensor, lags: int = LAGS) -> Tensor:
    """The gamma unit hydrograph [lag, place]: (k + 1/2)^(a - 1) exp(-(k + 1/2)/b), made to sum to 1."""
    middle = torch.arange(lags, dtype=route_a.dtype, device=route_a.device)[:, None] + 0.5
    a, b = route_a.clamp(min=0) + 0.1, route_b.clamp(min=0) + 0.5
    return torch.softmax((a - 1) * middle.log() - middle / b, 0)


def route(flow: Tensor, weights: Tensor) -> Tensor:
    """Flow [time, series, place] through ordinates [lag, place], with no flow before the first day."""
    lags, places = weights.shape
    signal = pad(flow.permute(1, 2, 0), (lags - 1, 0))
    return conv1d(signal, weights.flip(0).T[:, None], groups=places).permute(2, 0, 1)


def simulate(
    forcing: Tensor,
    parameters: Mapping[str, Tensor],
    state: State,
    routing: Tensor,
    *,
    geometry: Sequence[Tensor] = (),
    weights: Tensor | None = None,
    outputs: Sequence[str] = ("streamflow",),
    through: Callable = days,
) -> tuple[Tensor, State]:
    """Outputs [time, output, place] and the final states.

    forcing [time, row, place] (precipitation mm/d, temperature degC, potential evaporation mm/d), parameters by name
    [place, component] or, where they vary, [time, place, component], state [place, component] each, routing [2, place],
    geometry: upstream area km2 and elevation m, [place] each; weights [place, component]. through: `days`, or what
    compiled_days returns.
    """
    static = {name: values for name, values in parameters.items() if values.ndim == 2}
    daily = {name: values for name, values in parameters.items() if values.ndim == 3}
    unrouted = [ROUTED.get(name, name) for name in outputs]
    columns = tuple(values[:, None] for values in geometry)
    state, found = through(forcing, static, daily, state, columns, weights, unrouted)
    hydrograph = ordinates(routing[0], routing[1], min(LAGS, forcing.shape[0]))
    series = [k for k, name in enumerate(outputs) if name in ROUTED]
    if not series:
        return found, state
    routed = route(found[:, series], hydrograph).unbind(1)
    by_row = dict(zip(series, routed, strict=True))
    return torch.stack([by_row.get(k, values) for k, values in enumerate(found.unbind(1))], 1), state
