"""The options of HydroPy v1.0's set-up file, and what becomes of each in a namelist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ZERO = 273.15  # degC in K
SECONDS = 86400.0

# Shares and factors of the model that keep their unit.
KEPT = ("frc_liquid", "skincap1", "rm_crit", "qsb_exp", "qsb_low", "qsb_hig", "sevap_low")
KELVIN = ("rainf_lower", "snowf_upper", "melt_crit", "t_refreeze")
A_SECOND = ("qsb_min", "qsb_max")
DERIVED = ("wcap_perma", "cf_wela", "fak_ovr", "fak_gw", "fak_riv")


def switch(value: Any) -> bool:
    """A JSON truth value; ValueError for anything else."""
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def melt(value: Any) -> str:
    """A melt scheme; ValueError where HydroPy has none of that name."""
    if value not in ("temporal", "spatial", "both"):
        raise ValueError("expected 'temporal', 'spatial' or 'both'")
    return str(value)


# Group and key of the namelist, and how the value changes.
OPTIONS: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "expid": ("run", "title", str),
    "output": ("output", "directory", str),
    "nccmpr": ("output", "compression", int),
    "meltscheme": ("hydropy", "melt", melt),
    "with_skin": ("hydropy", "skin", switch),
    "with_leakage": ("hydropy", "leakage", switch),
    "with_permafrost": ("hydropy", "permafrost", switch),
    "with_rivers": ("routing", "router", lambda value: "cascade" if switch(value) else "none"),
    "rivsubtime": ("routing", "substeps", int),
    "v_lake": ("hydropy", "v_lake", float),
    "v_wetl": ("hydropy", "v_wetl", float),
    **{name: ("parameters", name, lambda value: round(float(value) - ZERO, 10)) for name in KELVIN},
    **{name: ("parameters", name, lambda value: float(value) * SECONDS) for name in A_SECOND},
    **{name: ("parameters", name, float) for name in KEPT},
    **{name: ("hydropy", name, float) for name in DERIVED},
}
# Velocities that null turns off.
OFF = ("v_lake", "v_wetl")
# Read where they belong together.
ABOVE = ("forcing", "input", "para", "restart", "restdate", "forcvars", "daily", "monthly", "chunk", "year")
# Of no meaning here.
IDLE = ("contact", "institute", "use_fortran", "lsmcheckvar", "version")
# HydroPy's names of the forcing inside of the model, and the keys of &weather.
FORCING = {"tsurf": "air_temperature", "precip": "precipitation", "potevap": "potential_evaporation"}
# Output that the model declares without a symbol.
OUTPUT = {"tws": "land_water_storage"}
