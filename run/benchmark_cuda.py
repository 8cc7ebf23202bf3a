"""HBV on a GPU: cell-steps per second, forward and gradient, against what the card's memory allows.

    python run/benchmark_cuda.py                         262144 cells, two years, and others
    python run/benchmark_cuda.py --cases 'static 4096x16x365' 'hbv-2.0 4096x16x365'

The limit: bytes that a cell-step cannot avoid to move (counted in `bytes_per_step`) at the speed of a copy of 0.5 GB
on the same card. Forcing is counted once per component of a place, although caches may serve most of them: the limit
can then be passed. --json prints an object per line.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable

import numpy as np
from freshet.kernels import device_routed
from freshet.kernels.loops.cuda_compiled import simulated
from numba import cuda

from benchmark_case import Case, parse

DEFAULT = ("static 16384x16x730", "static 256x16x730", "dynamic 4096x16x730", "hbv-2.0 16384x16x730")
COPY = 2**27  # numbers of the copy that measures the memory


def main() -> int:
    """Time each case and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", default=list(DEFAULT), help="as in benchmark_hbv.py")
    parser.add_argument("--repeats", type=int, default=5, help="timed calls of each; the least counts")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    options = parser.parse_args()
    if not (cuda.is_available() or simulated()):
        print("needs a GPU, and none is available", file=sys.stderr)
        return 2
    count = 1000 if simulated() else COPY
    speed = 2 * 4 * count / best(copying(count), options.repeats)
    for name in options.cases:
        case = parse(name)
        steps = case.cells * case.days
        for what, step, moved in measures(case):
            rate, limit = steps / best(step, options.repeats), speed / moved
            values = {"case": case.name, "what": what, "steps_per_s": rate, "limit": limit, "share": rate / limit}
            shown = f"{case.name:<24} {what:<9} {rate:.3g} cell-steps/s, memory allows {limit:.3g}: {rate / limit:.0%}"
            print(json.dumps(values) if options.json else shown, flush=True)
    return 0


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
