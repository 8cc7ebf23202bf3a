"""The compiled loops of a model: made once per process, read from the cache where they are there."""

from collections.abc import Callable
from functools import cache
from typing import Any

from ..bind import bind, bind_block, bind_loop, bind_step, bind_sweep
from ..model import Model
from . import block, cpu, passes, substeps


@cache
def forward(model: Model, precision: str) -> Callable:
    """cpu.forward for one model and precision."""
    return bind_loop(
        cpu.forward, model, precision, model.exact, sweep=sweep(model, precision), **_own(model, precision)
    )


@cache
def adjoint(model: Model, precision: str) -> Callable:
    """cpu.adjoint for one model and precision."""
    reverse = sweep_adjoint(model, precision)
    own = _own(model, precision)
    if model.derive_adjoint is not None:
        given = {"derive_adjoint": bind(model.derive_adjoint, model, precision, model.exact)}
        own["sweep_derive_adjoint"] = bind_sweep(passes.sweep_derive_adjoint, model, precision, model.exact, **given)
    return bind_loop(
        cpu.adjoint, model, precision, model.exact, sweep=sweep(model, precision), sweep_adjoint=reverse, **own
    )


def _own(model: Model, precision: str) -> dict[str, Any]:
    """What stands in the loops' place holders."""
    own: dict[str, Any] = {"FLUXES": len(model.fluxes), "DERIVES": model.derive is not None}
    own |= {"HANDED": model.handed or (0,), "HANDS": bool(model.handed)}
    if model.derive is not None:
        given = {"derive": bind(model.derive, model, precision, model.exact)}
        own["sweep_derive"] = bind_sweep(passes.sweep_derive, model, precision, model.exact, **given)
    return own


@cache
def sweep(model: Model, precision: str) -> Callable:
    """One day of a block: what must be vector code."""
    step = sweep_of(model, precision, model.column)
    for column, _ in model.later:
        tail = sweep_of(model, precision, column)
        step = bind_step(passes.both, model, precision, model.exact, head=step, tail=tail)
    return step


def _later(model: Model, precision: str) -> Callable:
    """The passes of a day after the first."""
    step, *rest = (sweep_of(model, precision, column) for column, _ in model.later)
    for tail in rest:
        step = bind_step(passes.both, model, precision, model.exact, head=step, tail=tail)
    return step


def sweep_of(model: Model, precision: str, column: Callable) -> Callable:
    """One pass over a block."""
    if column in model.substeps:
        parts = model.substeps[column]
        given = {name: sweep_of(model, precision, getattr(parts, name)) for name in ("begin", "step", "end")}
        return _substepped(substeps.substepped, model, precision, parts.number, parts.keep, given)
    return bind_sweep(cpu.sweep, model, precision, model.exact, column=bind(column, model, precision, model.exact))


def _substepped(
    template: Callable, model: Model, precision: str, count: int, kept: Callable, given: dict[str, Any]
) -> Callable:
    """A pass with sub-steps over a block; kept: what keeps or recalls a sub-step of one cell."""
    cell = bind(kept, model, precision, model.exact)
    given["keep"] = bind_sweep(substeps.sweep_kept, model, precision, model.exact, cell=cell)
    given["STEPS"] = count
    return bind_step(template, model, precision, model.exact, **given)


@cache
def sweep_adjoint(model: Model, precision: str) -> Callable:
    """One day of a block, reversed: what must be vector code."""
    if model.later:
        return _passes_adjoint(model, precision)
    column_adjoint = bind(model.column_adjoint, model, precision, model.exact)
    return bind_sweep(cpu.sweep_adjoint, model, precision, model.exact, column_adjoint=column_adjoint)


def _passes_adjoint(model: Model, precision: str) -> Callable:
    step = reverse_of(model, precision, model.column, model.column_adjoint)
    for each in model.later:
        given = {"head_adjoint": step, "tail_adjoint": reverse_of(model, precision, *each)}
        step = bind_step(passes.both_adjoint, model, precision, model.exact, **given)
    clear = bind_block(block.clear, precision, model.exact)
    again = _later(model, precision) if model.handed else sweep(model, precision)
    given = {"both": again, "both_adjoint": step, "clear": clear}
    return bind_step(passes.step_adjoint, model, precision, model.exact, **given)


def reverse_of(model: Model, precision: str, column: Callable, column_adjoint: Callable) -> Callable:
    """One of several passes over a block, reversed."""

    def reverse(part: Callable) -> Callable:
        bound = bind(part, model, precision, model.exact)
        return bind_sweep(passes.pass_adjoint, model, precision, model.exact, column_adjoint=bound)

    if column not in model.substeps:
        return reverse(column_adjoint)
    parts = model.substeps[column]
    given = {name: reverse(getattr(parts, name)) for name in ("begin_adjoint", "step_adjoint", "end_adjoint")}
    return _substepped(substeps.substepped_adjoint, model, precision, parts.number, parts.recall, given)
