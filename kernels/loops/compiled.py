"""The compiled loops of a model: made once per process, read from the cache where they are there."""

from collections.abc import Callable
from functools import cache

from ..bind import bind, bind_loop, bind_sweep
from ..model import Model
from . import cpu


@cache
def forward(model: Model, precision: str) -> Callable:
    """cpu.forward for one model and precision."""
    return bind_loop(cpu.forward, model, precision, sweep=sweep(model, precision))


@cache
def adjoint(model: Model, precision: str) -> Callable:
    """cpu.adjoint for one model and precision."""
    reverse = sweep_adjoint(model, precision)
    return bind_loop(cpu.adjoint, model, precision, sweep=sweep(model, precision), sweep_adjoint=reverse)


@cache
def sweep(model: Model, precision: str) -> Callable:
    """One day of a block: what must be vector code."""
    return bind_sweep(cpu.sweep, model, precision, column=bind(model.column, model, precision))


@cache
def sweep_adjoint(model: Model, precision: str) -> Callable:
    """One day of a block, reversed: what must be vector code."""
    column_adjoint = bind(model.column_adjoint, model, precision)
    return bind_sweep(cpu.sweep_adjoint, model, precision, column_adjoint=column_adjoint)
