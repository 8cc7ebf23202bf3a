"""The raw fields that HydroPy derives its parameters from: those of the grid, and rules for what it does not have."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .fields import FIELDS
from .soil import largest_local

# Plant-available share and lowest local capacity of a soil of which only the capacity is known.
AVAILABLE, LOWEST = 2.0 / 3.0, 0.05
WORDS = {
    "wava": f"{AVAILABLE:.3g} wcap",
    "wmin": f"{LOWEST:g} wcap",
    "wmax": "so that the mean of the distribution is wcap",
}
# Without months and without those that go to the geometry and the daily cover.
NEEDED = ("wcap", "wava", "wmin", "beta", "topo_std", "wmax", "perm", "ddfac", "slope_avg", "flake", "fwetl")


def raw_fields(fields: Mapping[str, np.ndarray], places: int) -> tuple[dict[str, np.ndarray], list[str]]:
    """Every field of NEEDED, float64 [place], and what was put in for those that the grid does not have, in words."""
    whole: dict[str, np.ndarray] = {}
    put_in = []
    for name in NEEDED:
        if name in fields:
            whole[name] = np.asarray(fields[name], np.float64)
            continue
        if name == "wava":
            value = AVAILABLE * whole["wcap"]
        elif name == "wmin":
            value = LOWEST * whole["wcap"]
        elif name == "wmax":
            value = largest_local(whole["wcap"], whole["wmin"], whole["beta"], whole["topo_std"])
        else:
            value = np.full(places, FIELDS[name].default)
        whole[name] = value
        put_in.append(f"{name} {WORDS[name]}" if name in WORDS else f"{name} = {FIELDS[name].default:g}")
    return whole, put_in
