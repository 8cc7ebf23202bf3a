"""HBV and VIC on a GPU: cell-steps per second, forward and gradient, against what the card's memory allows.

    python run/benchmark_cuda.py                         262144 cells, two years, and others
    python run/benchmark_cuda.py --cases 'static 4096x16x365' 'wb3h 20000x60' 'eb3h-snowfree 20000x60'

Cases of HBV are those of benchmark_hbv.py, without rivers of a network; cases of VIC those of benchmark_vic.py, with
places (of five tile-bands each) x days. VIC is timed twice: as cells lie, and `sorted` by whether they have snow.

The limit: bytes that a cell-step cannot avoid to move (counted in `bytes_per_step`) at the speed of a copy of 0.5 GB
on the same card. Forcing is counted once per component of a place, although caches may serve most of them: the limit
can then be passed. --json prints an object per line.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from freshet.kernels import device, device_routed
from freshet.kernels.loops.cuda_compiled import simulated
from numba import cuda

import vic_case
from benchmark_case import Case, parse

DEFAULT = (
    "static 16384x16x730", "static 256x16x730", "dynamic 4096x16x730", "hbv-2.0 16384x16x730",
    "wb3h 20000x60", "wb3h-snowfree 20000x60", "eb3h 20000x60", "eb3h-snowfree 20000x60", "wb24h 20000x60",
)  # fmt: skip
SORT_EVERY = 8  # steps of VIC after which cells are sorted anew
OUTPUTS = ("runoff", "evaporation", "snow_water_equivalent")  # of VIC
COPY = 2**27  # numbers of the copy that measures the memory


def main() -> int:
    """Time each case and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", default=list(DEFAULT), help="kind and size")
    parser.add_argument("--repeats", type=int, default=5, help="timed calls of each; the least counts")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    options = parser.parse_args()
    if not (cuda.is_available() or simulated()):
        print("needs a GPU, and none is available", file=sys.stderr)
        return 2
    count = 1000 if simulated() else COPY
    speed = 2 * 4 * count / best(copying(count), options.repeats)
    for name in options.cases:
        steps, measured = measures_of(name)
        for what, step, moved in measured:
            rate, limit = steps / best(step, options.repeats), speed / moved
            values = {"case": name, "what": what, "steps_per_s": rate, "limit": limit, "share": rate / limit}
            shown = f"{name:<24} {what:<15} {rate:.3g} cell-steps/s, memory allows {limit:.3g}: {rate / limit:.0%}"
            print(json.dumps(values) if options.json else shown, flush=True)
    return 0


def measures_of(name: str) -> tuple[int, list[tuple[str, Callable, float]]]:
    """Cell-steps of the named case, and what is timed of it. ValueError where there is no such case."""
    kind, _, size = name.partition(" ")
    if vic_case.PATTERN.fullmatch(kind):
        case = vic_case.parse(kind, size) if size else vic_case.parse(kind)
        return case.cell_steps, vic_measures(case)
    basins = parse(name)
    return basins.cells * basins.days, measures(basins)


def vic_measures(case: vic_case.Case) -> list[tuple[str, Callable, float]]:
    """As measures, of VIC, with cells as they lie and sorted by snow."""
    inputs = [cuda.to_device(getattr(case, name)) for name in ("forcing", "parameters", "state")]
    options = {"geometry": cuda.to_device(case.geometry), "weights": cuda.to_device(case.weights), "outputs": OUTPUTS}
    d_outputs = cuda.to_device(np.ones((case.steps, len(OUTPUTS), case.places), case.precision))
    d_state = cuda.to_device(np.zeros_like(case.state))

    def forward(sort_every, **more):
        return device.simulate(case.model, *inputs, **options, sort_every=sort_every, **more)

    def gradient(sort_every):
        run = forward(sort_every, checkpoints=True)
        device.simulate_adjoint(case.model, run, *inputs[:2], d_outputs, d_state, **options, sort_every=sort_every)

    size, outputs, states = np.dtype(case.precision).itemsize, 2 * len(OUTPUTS), len(case.model.states)
    once = size * (len(case.model.forcings) + outputs)
    twice = once + size * (2 * len(case.model.forcings) + 2 * states)
    return [
        (what + words, partial(step, every), moved)
        for what, step, moved in (("forward", forward, once), ("gradient", gradient, twice))
        for words, every in (("", 0), (" sorted", SORT_EVERY))
    ]


def measures(case: Case) -> list[tuple[str, Callable, float]]:
    """What is timed of a case, and the bytes that each cell-step of it moves."""
    arrays = {
        name: cuda.to_device(values) if isinstance(values := getattr(case, name), np.ndarray) else None
        for name in ("forcing", "parameters", "routing", "state", "dynamic", "geometry", "d_flow")
    }
    inputs = [arrays[name] for name in ("forcing", "parameters", "routing")]
    options = {"dynamic": arrays["dynamic"], "dynamic_names": case.dynamic_names, "geometry": arrays["geometry"]}
    d_state = cuda.to_device(np.zeros_like(case.state))

    def forward(**more):
        return device_routed.simulate_routed(case.model, *inputs, arrays["state"], **options, **more)

    def gradient():
        done = forward(checkpoints=True)
        device_routed.simulate_routed_adjoint(case.model, done, *inputs, arrays["d_flow"], d_state, **options)

    return [("forward", forward, bytes_per_step(case, False)), ("gradient", gradient, bytes_per_step(case, True))]


def bytes_per_step(case: Case, gradient: bool) -> float:
    """Forward: forcing, daily parameters, and the flow written and read. Gradient: forcing and daily parameters twice
    more, their gradients, and the states of the replay written and read."""
    inputs, flow = len(case.model.forcings) + len(case.dynamic_names), 2
    more = 2 * inputs + len(case.dynamic_names) + 2 * len(case.model.states) if gradient else 0
    return 4.0 * (inputs + flow + more)


def copying(count: int) -> Callable:
    """A copy within the memory of the card."""
    source, target = cuda.to_device(np.zeros(count, np.float32)), cuda.device_array(count, np.float32)
    return lambda: target.copy_to_device(source)


def best(step: Callable, repeats: int) -> float:
    """Seconds, the least of the repeats after one that is not counted."""
    times = []
    for _ in range(repeats + 1):
        cuda.synchronize()
        begin = time.perf_counter()
        step()
        cuda.synchronize()
        times.append(time.perf_counter() - begin)
    return min(times[1:])


if __name__ == "__main__":
    sys.exit(main())
