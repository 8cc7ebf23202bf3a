"""The compiled loops of a model: made once per process, read from the cache where they are there."""

from collections.abc import Callable
from functools import cache

from ..bind import bind, bind_loop, bind_sweep
from ..model import Model
from . import cpu


@cache
def forward(model: Model, precision: str) -> Callable:
    """cpu.forward for one model and precision."""
    column = bind(model.column, model, precision)
    return bind_loop(cpu.forward, model, precision, sweep=bind_sweep(cpu.sweep, model, precision, column=column))


@cache
def adjoint(model: Model, precision: str) -> Callable:
    """cpu.adjoint for one model and precision."""
    column = bind(model.column, model, precision)
    column_adjoint = bind(model.column_adjoint, model, precision)
    return bind_loop(
        cpu.adjoint,
        model,
        precision,
        sweep=bind_sweep(cpu.sweep, model, precision, column=column),
        sweep_adjoint=bind_sweep(cpu.sweep_adjoint, model, precision, column_adjoint=column_adjoint),
    )
