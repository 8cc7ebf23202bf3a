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
from . import cuda_passes as passes


@cache
def forward(
    model: Model, precision: str, rows: tuple[int, ...], dynamic: tuple[int, ...], is_sorted: bool = False
) -> Any:
    """loops.cuda.forward for a model; rows are those of the outputs, dynamic those of the parameters that vary.

    is_sorted: threads take the cells in a given order.
    """
    given = constants(model, precision, rows, dynamic, is_sorted) | {"column": step(model, precision)}
    return compile_kernel(loops.forward, model, precision, given)


@cache
def adjoint(
    model: Model, precision: str, rows: tuple[int, ...], dynamic: tuple[int, ...], is_sorted: bool = False
) -> Any:
    """The adjoint of forward: loops.cuda.adjoint, or loops.cuda_passes.adjoint where a model has passes."""
    given = constants(model, precision, rows, dynamic, is_sorted)
    template: Callable
    parts: tuple[Callable, ...]
    if model.later or model.derive is not None:
        template, parts = passes.adjoint, (passes.fold_weights, passes.spread_outputs, passes.reverse)
        given |= {"step": step(model, precision), "step_adjoint": step_adjoint(model, precision)}
    else:
        template, parts = loops.adjoint, (loops.replay, loops.reverse)
        given |= {
            "column": bind_device(model.column, model, precision),
            "column_adjoint": bind_device(model.column_adjoint, model, precision),
        }
    for part in parts:
        given[part.__name__] = device(rebuild_device(part, model, precision, given))
    return compile_kernel(template, model, precision, given)


@cache
def plain(template: Callable, precision: str) -> Any:
    """A kernel that knows no model."""
    return compile_kernel(template, None, precision, {})


def constants(
    model: Model, precision: str, rows: tuple[int, ...], dynamic: tuple[int, ...], is_sorted: bool
) -> dict[str, Any]:
    """What stands in the loops' place holders, but for the step."""
    states, fluxes, parameters = len(model.states), len(model.fluxes), len(model.parameters)
    given: dict[str, Any] = {
        "STATES": states,
        "FLUXES": fluxes,
        "PARAMETERS": parameters,
        "FORCINGS": len(model.forcings),
        "ALL_FLUXES": fluxes + model.work,
        "ALL_PARAMETERS": parameters + len(model.derived),
        "STATE": (states, 1),
        "FLUX": (fluxes + model.work, 1),
        "PARAMETER": (parameters + len(model.derived), 1),
        "FORCING": (len(model.forcings), 1),
        "REAL": np.dtype(precision).type,
        "OUTPUTS": len(rows),
        "ROWS": rows or (0,),
        "DAILY": len(dynamic),
        "DYNAMIC": dynamic or (0,),
        "DERIVES": model.derive is not None,
    }
    if is_sorted:
        given["cell_of"] = bind_device(loops.sorted_cell, None, precision)
    for name in ("derive", "derive_adjoint"):
        if getattr(model, name) is not None:
            given[name] = bind_device(getattr(model, name), model, precision)
    return given


@cache
def step(model: Model, precision: str) -> Callable:
    """All passes of a step of one cell."""
    whole = bind_device(model.column, model, precision)
    for column, _ in model.later:
        given = {"head": whole, "tail": bind_device(column, model, precision)}
        whole = device(rebuild_device(passes.both, model, precision, given))
    return whole


@cache
def step_adjoint(model: Model, precision: str) -> Callable:
    """All passes of a step of one cell, reversed; adds to all gradients."""
    whole = bind_device(model.column_adjoint, model, precision)
    if not model.later:
        return device(rebuild_device(passes.lone_adjoint, model, precision, {"column_adjoint": whole}))
    for _, column_adjoint in model.later:
        given = {"head_adjoint": whole, "tail_adjoint": bind_device(column_adjoint, model, precision)}
        whole = device(rebuild_device(passes.both_adjoint, model, precision, given))
    return whole


def rebuild_device(function: Callable, model: Model | None, precision: str, given: dict[str, Any]) -> Callable:
    """The function with its callees as device functions."""
    return rebuild(function, model, precision, lambda callee: bind_device(callee, model, precision), given)


@cache
def bind_device(function: Callable, model: Model | None, precision: str) -> Callable:
    """A function and its callees as device functions."""
    return device(rebuild_device(function, model, precision, {}))


def device(function: Callable) -> Callable:
    """A device function; under Numba's simulator, which takes nothing compiled, the function as it is."""
    flags: dict[str, Any] = {"device": True, "forceinline": True}
    return function if simulated() else cuda.jit(**flags)(function)


def compile_kernel(template: Callable, model: Model | None, precision: str, given: dict[str, Any]) -> Any:
    """The kernel, cached under a name that tells its rows."""
    rebuilt = rebuild_device(template, model, precision, given)
    chosen = "".join(f"_{row}" for row in (*given.get("ROWS", ()), -1, *given.get("DYNAMIC", ())))
    rebuilt.__qualname__ += f"_{given.get('OUTPUTS', 0)}_{given.get('DAILY', 0)}{chosen}".replace("-", "m")
    rebuilt.__qualname__ += "_sorted" if "cell_of" in given else ""
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
