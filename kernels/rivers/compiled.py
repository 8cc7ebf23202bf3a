"""The compiled loops of a router: made once per process, read from the cache where they are there."""

from collections.abc import Callable
from functools import cache

from ..bind import bind, bind_loop, bind_step, bind_sweep
from . import loops, reverse, sweeps
from .router import Router


@cache
def forward(router: Router, precision: str) -> Callable:
    """loops.forward_delayed or loops.forward_ordered for one router and precision."""
    if router.delayed:
        return bind_loop(loops.forward_delayed, router, precision, True, step_delayed=step(router, precision))
    return bind_loop(loops.forward_ordered, router, precision, True, step_ordered=step(router, precision))


@cache
def adjoint(router: Router, precision: str) -> Callable:
    """reverse.adjoint_delayed or reverse.adjoint_ordered for one router and precision."""
    reach_adjoint = bind(router.reach_adjoint, router, precision, True)
    backward = bind_sweep(sweeps.sweep_adjoint, router, precision, True, reach_adjoint=reach_adjoint)
    if router.delayed:
        callees = {"step_delayed": step(router, precision), "sweep_adjoint": backward}
        return bind_loop(reverse.adjoint_delayed, router, precision, True, **callees)
    callees = {"step_ordered": step(router, precision), "sweep_adjoint": backward}
    return bind_loop(reverse.adjoint_ordered, router, precision, True, **callees)


@cache
def step(router: Router, precision: str) -> Callable:
    """One sub-step of a piece."""
    reach = bind(router.reach, router, precision, True)
    onward = bind_sweep(sweeps.sweep, router, precision, True, reach=reach)
    return bind_step(
        loops.step_delayed if router.delayed else loops.step_ordered, router, precision, True, sweep=onward
    )
