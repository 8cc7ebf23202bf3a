"""From plain functions to compiled ones: precision, options and callees are bound here, and nowhere else.

Physics is written as plain Python. Numba reads every float literal as float64, which would widen float32 arithmetic and
halve the vector width; so each function is rebuilt for one precision with its literals, its float globals, its
callees and its options exchanged, and then compiled. Rebuilt functions have names of their own: the cache's key.
"""

import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from .caching import cached_njit
from .model import Model

# No reordering and no approximate operations: the bits must not depend on how cells are cut into vectors.
FLAGS = {"contract", "nsz", "nnan", "ninf"}
# Without contract every operation is rounded by itself: vector code and its scalar remainder then give the same bits.
EXACT = FLAGS - {"contract"}
# What only other kernels call needs no wrappers for Python and C, which would be compiled as copies of it.
INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
PACKAGE = __name__.rpartition(".")[0]
VARIANTS = ("frozen",)  # options for which a function may have a variant of its own, named after it and the option


def bind(function: Callable, model: Any, precision: str, exact: bool = False) -> Callable:
    """The function compiled for one precision ('float32' or 'float64') and the model's options, inlined by callers.

    model: what has a label and options, or None. exact: no operation is fused with another, exp and log are libm's.
    """
    return _inlined(function, model if _has_options(function) else None, precision, exact)


def bind_sweep(function: Callable, model: Any, precision: str, exact: bool = False, **callees: Callable) -> Callable:
    """A loop over cells, with the promise that no two arrays overlap: what lets LLVM vectorise it."""
    return _promise_no_overlap(_compile(function, model, precision, callees, exact, **INNER))


@cache
def bind_block(function: Callable, precision: str, exact: bool = False) -> Callable:
    """A function on blocks of cells that knows no model, compiled once for all; its arrays do not overlap."""
    return _promise_no_overlap(_compile(function, None, precision, {}, exact, **INNER))


def _promise_no_overlap(dispatcher: Any) -> Any:
    compiler = dispatcher._compiler

    def customise(flags):
        flags.noalias = True
        return flags

    compiler._customize_flags = customise
    return dispatcher


def bind_loop(function: Callable, model: Any, precision: str, exact: bool = False, **callees: Callable) -> Callable:
    """A loop over time with its compiled callees put in place, cached on disk under a name of its precision."""
    rebuilt = rebuild(function, model, precision, lambda callee: bind_block(callee, precision, exact), callees, exact)
    fastmath = EXACT if exact else FLAGS
    return cached_njit(rebuilt, nogil=True, error_model="numpy", fastmath=fastmath, no_cfunc_wrapper=True)


def bind_step(function: Callable, model: Any, precision: str, exact: bool = False, **callees: Callable) -> Callable:
    """A function between a loop and its sweeps: its arrays may overlap."""
    return _compile(function, model, precision, callees, exact, **INNER)


@cache
def _inlined(function: Callable, model: Any, precision: str, exact: bool) -> Callable:
    return _compile(function, model, precision, {}, exact, forceinline=True, **INNER)


def _compile(
    function: Callable, model: Any, precision: str, callees: dict[str, Callable], exact: bool, **flags: Any
) -> Any:
    from numba import njit

    rebuilt = rebuild(function, model, precision, lambda callee: bind(callee, model, precision, exact), callees, exact)
    return njit(error_model="numpy", fastmath=EXACT if exact else FLAGS, **flags)(rebuilt)


@cache
def _has_options(function: Callable) -> bool:
    """Whether the function, or one that it calls, asks for the model's options or has a variant for one of them."""
    scope, names = function.__globals__, function.__code__.co_names
    if any(f"{function.__name__}_{option}" in scope for option in VARIANTS):
        return True
    callees = (scope[name] for name in names if _is_kernel(scope.get(name)) and scope[name] is not function)
    return "options" in names or any(map(_has_options, callees))


def _is_kernel(value: Any) -> bool:
    return isinstance(value, types.FunctionType) and value.__module__.startswith(PACKAGE)


def rebuild(
    function: Callable,
    model: Model | None,
    precision: str,
    compile_callee: Callable,
    given: dict[str, Callable],
    exact: bool = False,
) -> types.FunctionType:
    """The function with literals and float globals in one precision, its callees compiled by compile_callee."""
    cast = np.dtype(precision).type
    # Rivers are exact for the same bits at any cut, and have to be vector code, which calls no library.
    libm = exact and not function.__module__.startswith(f"{PACKAGE}.rivers")
    code = function.__code__
    code = code.replace(co_consts=tuple(cast(c) if type(c) is float else c for c in code.co_consts))
    scope = dict(function.__globals__)
    for name in code.co_names:
        if name in scope and name not in given:
            scope[name] = _bound(name, scope[name], model, precision, compile_callee, libm)
    scope.update(given)
    rebuilt = types.FunctionType(code, scope, function.__name__)
    label = f"{function.__qualname__}_{model.label}_{precision}" if model else f"{function.__qualname__}_{precision}"
    rebuilt.__qualname__ = label.replace("-", "_").replace(".", "_")
    rebuilt.__module__ = function.__module__
    return rebuilt


def _bound(name: str, value: Any, model: Model | None, precision: str, compile_callee: Callable, exact: bool) -> Any:
    if isinstance(value, float):
        return np.dtype(precision).type(value)
    if name == "options" and model is not None:
        return _chosen(value, model.options, precision)
    if _is_kernel(value):
        return compile_callee(variant(of_form(value, model), precision, exact))
    return value


def of_form(function: Callable, model: Any) -> Callable:
    """The variant of a function that is written for one of the form's options, where there is one: solve_frozen."""
    for option in VARIANTS:
        if model is not None and model.options.get(option, False):
            return function.__globals__.get(f"{function.__name__}_{option}", function)
    return function


def _chosen(options: Any, given: Mapping[str, Any], precision: str) -> Any:
    """The options of a form, numbers with a fraction in its precision; what it does not name is off, or the default."""
    defaults = {name: False if type(default) is bool else default for name, default in options._asdict().items()}
    cast = np.dtype(precision).type
    chosen = {name: given.get(name, default) for name, default in defaults.items()}
    return type(options)(**{name: cast(v) if type(v) is float else v for name, v in chosen.items()})


def variant(function: Callable, precision: str, exact: bool = False) -> Callable:
    """The variant of an elementary function that is written for one precision, or to be exact, where there is one."""
    own, scope = function.__name__, function.__globals__
    found: Callable = scope.get(f"{own}_{precision}", function)
    return scope.get(f"{own}_exact", found) if exact else found
