"""The routers by name. A new one is one file under kernels/rivers/ and one line here."""

from importlib import import_module
from typing import Any

from .router import Router

ROUTERS = {
    "cascade": ".cascade",
    "gridded_unit_hydrograph": ".gridded_unit_hydrograph",
    "linear_reservoir": ".linear_reservoir",
    "muskingum_cunge": ".muskingum_cunge",
}

_made: dict[tuple, Router] = {}


def router(name: str, **options: Any) -> Router:
    """The named router; ValueError where there is no such router or option."""
    if name not in ROUTERS:
        raise ValueError(f"unknown router '{name}', expected one of: {', '.join(ROUTERS)}")
    key = (name, *sorted(options.items()))
    if key not in _made:
        _made[key] = import_module(ROUTERS[name], __package__).build(**options)
    return _made[key]
