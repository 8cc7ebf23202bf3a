"""VIC's names of outputs that the model has, by what they are called in its declarations."""

from __future__ import annotations

from ...kernels.vic import fluxes, states

# Computed from several quantities: aggregated in another way than by area.
COMBINED = ("OUT_RAD_TEMP", "OUT_AERO_RESIST", "OUT_AERO_RESIST1", "OUT_AERO_RESIST2", "OUT_BARESOILT", "OUT_VEGT",
            "OUT_SALBEDO", "OUT_R_NET")  # fmt: skip


def output_names() -> set[str]:
    """All of them; layers and nodes under one name."""
    declared = (*fluxes.SINGLE, *fluxes.LAYERED, *states.states(1, 1, True))
    single = {variable.symbol for variable in declared if variable.symbol}
    return {name.removesuffix("_1") if name not in COMBINED else name for name in single} | set(COMBINED)
