"""The GPU's kernels of a model, compiled for one precision and one choice of rows; cached on disk as the CPU's are."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numba import cuda

from ..bind import rebuild
from ..caching import cache_folder, cache_is_off
from ..model import Model
from . import cuda as loops


@cache
def forward(model: Model, precision: str, rows: tuple[int, ...], dynamic: tuple[int, ...]) -> Any:
    """loops.cuda.forward for a model; rows are those of the outputs, dynamic those of the parameters that vary."""
    return compile_kernel(loops.forward, model, precision, constants(model, precision, rows, dynamic))


@cache
def adjoint(model: Model, precision: str, rows: tuple[int, ...], dynamic: tuple[int, ...]) -> Any:
    """loops.cuda.adjoint for a model."""
    given = constants(model, precision, rows, dynamic)
    for part in (loops.replay, loops.reverse):
        part_of_model = rebuild(part, model, precision, lambda callee: bind_device(callee, model, precision), given)
        given[part.__name__] = device(part_of_model)
    return compile_kernel(loops.adjoint, model, precision, given)


@cache
def plain(template: Callable, precision: str) -> Any:
    """A kernel that knows no model."""
    return compile_kernel(template, None, precision, {})


def constants(model: Model, precision: str, rows: tuple[int, ...], dynamic: tuple[int, ...]) -> dict[str, Any]:
    """What stands in the loops' place holders."""
    states, fluxes, parameters = len(model.states), len(model.fluxes), len(model.parameters)
    return {
        "STATES": states,
        "FLUXES": fluxes,
        "PARAMETERS": parameters,
        "FORCINGS": len(model.forcings),
        "STATE": (states, 1),
        "FLUX": (fluxes, 1),
        "PARAMETER": (parameters, 1),
        "FORCING": (len(model.forcings), 1),
        "REAL": np.dtype(precision).type,
        "OUTPUTS": len(rows),
        "ROWS": rows or (0,),
        "DAILY": len(dynamic),
        "DYNAMIC": dynamic or (0,),
        "column": bind_device(model.column, model, precision),
        "column_adjoint": bind_device(model.column_adjoint, model, precision),
    }


@cache
def bind_device(function: Callable, model: Model | None, precision: str) -> Callable:
    """A function and its callees as device functions."""
    return device(rebuild(function, model, precision, lambda callee: bind_device(callee, model, precision), {}))


def device(function: Callable) -> Callable:
    """A device function; under Numba's simulator, which takes nothing compiled, the function as it is."""
    flags: dict[str, Any] = {"device": True, "forceinline": True}
    return function if simulated() else cuda.jit(**flags)(function)


def compile_kernel(template: Callable, model: Model | None, precision: str, given: dict[str, Any]) -> Any:
    """The kernel, cached under a name that tells its rows."""
    rebuilt = rebuild(template, model, precision, lambda callee: bind_device(callee, model, precision), given)
    chosen = "".join(f"_{row}" for row in (*given.get("ROWS", ()), -1, *given.get("DYNAMIC", ())))
    rebuilt.__qualname__ += f"_{given.get('OUTPUTS', 0)}_{given.get('DAILY', 0)}{chosen}".replace("-", "m")
    if simulated() or cache_is_off():
        return cuda.jit(rebuilt)
    config = configuration()
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())
    try:
        return cuda.jit(cache=True)(rebuilt)
    finally:
        config.CACHE_DIR = before


def configuration() -> Any:
    """The settings that Numba's GPU part reads: of its own, where it is a package of its own."""
    try:
        return import_module("numba.cuda.core.config")
    except ImportError:
        return import_module("numba").config


def simulated() -> bool:
    """Whether Numba's simulator of a GPU is on (NUMBA_ENABLE_CUDASIM=1)."""
    return bool(configuration().ENABLE_CUDASIM)
