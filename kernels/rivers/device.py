"""Route water on a GPU, and reverse it: as kernels/rivers/route.py for the whole network, with arrays on the device.

All work is queued on the stream. Only parameters and their gradients come to the host, once in a call: coefficients are
made there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..device_call import Array, Empty, as_device, empty_array
from .device_work import DevicePlan, Reverse, Work, device_plan, wait
from .route import DAY, RiverGradient
from .router import Router

__all__ = ["DevicePlan", "DeviceRun", "device_plan", "route", "route_adjoint"]


@dataclass(frozen=True)
class DeviceRun:
    """discharge [time, node] m3 s-1, state [row, node] after the last step; the rest is for the adjoint."""

    discharge: Array
    state: Array
    coefficients: Any
    saved: Any
    saved_water: Any
    segment: int


def route(
    router: Router,
    plan: DevicePlan,
    lateral: Array,
    parameters: Array,
    state: Array,
    *,
    geometry: Array | None = None,
    step_seconds: float = DAY,
    substeps: int = 0,
    checkpoints: bool = False,
    empty: Empty = empty_array,
    stream: Any = 0,
) -> DeviceRun:
    """As kernels.rivers.route.route; discharge and state are arrays that `empty` made."""
    work = Work(router, plan, lateral, parameters, geometry, step_seconds, substeps, empty, stream)
    start = work.require(as_device(state), "state", (len(router.states), plan.count))
    stores = work.stores(start)
    kept = -(-work.steps // work.segment) if checkpoints else 0
    saved, saved_water = work.room(max(kept, 1), router.reach_states)
    discharge = empty((work.steps, plan.count), work.precision)
    for t in range(work.steps):
        work.run("scale", plan.count, work.lateral, t, plan.nodes, plan.places, work.seconds, work.local)
        for m in range(work.substeps):
            number = t // work.segment if checkpoints and m == 0 and t % work.segment == 0 else -1
            work.step(stores, work.arrived, saved, saved_water, number)
        work.run("give", plan.count, work.total, plan.nodes, plan.places, work.per_second, as_device(discharge), t)
    final = work.collected(stores, work.arrived)
    return DeviceRun(discharge, final, work.coefficients, saved, saved_water, work.segment if checkpoints else 0)


def route_adjoint(
    router: Router,
    plan: DevicePlan,
    run: DeviceRun,
    lateral: Array,
    parameters: Array,
    d_discharge: Array,
    d_state: Array,
    *,
    geometry: Array | None = None,
    step_seconds: float = DAY,
    substeps: int = 0,
    empty: Empty = empty_array,
    stream: Any = 0,
) -> RiverGradient:
    """Reverse of route called with checkpoints=True and the same arguments."""
    if run.segment == 0:
        raise ValueError("the run kept no states to reverse from: call route with checkpoints=True")
    work = Work(router, plan, lateral, parameters, geometry, step_seconds, substeps, empty, stream, run.coefficients)
    given = work.require(as_device(d_discharge), "d_discharge", tuple(work.lateral.shape))
    d_stores = work.stores(work.require(as_device(d_state), "d_state", (len(router.states), plan.count)))
    d_coefficient = work.zeros(tuple(work.coefficients.shape))
    back = Reverse(work, d_stores, d_coefficient, given, as_device(empty(tuple(work.lateral.shape), work.precision)))
    for number in reversed(range(-(-work.steps // run.segment))):
        back.segment(run, number)
    made = empty((len(router.coefficients), plan.count), work.precision)
    work.run("collect", plan.count, d_coefficient, plan.nodes, plan.places, as_device(made))
    d_made = as_device(made).copy_to_host(stream=stream)
    wait(stream)
    d_parameters = router.prepare_adjoint(*work.host, work.seconds, d_made)
    target = empty(d_parameters.shape, work.precision)
    as_device(target).copy_to_device(np.ascontiguousarray(d_parameters), stream=stream)
    return RiverGradient(back.d_lateral, target, work.collected(d_stores, work.arrived))
