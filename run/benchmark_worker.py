"""One program on one case in a process of its own, so that memory and start are its own: reads a JSON object with
the keys case, program, threads, repeats and started (time.time() of the parent), prints one.

Peak memory is the highest resident memory during a call (VmHWM of /proc, reset before) above what was resident before
it, with the inputs in place and freed memory given back to the system: results and everything temporary count.
"""

import ctypes
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

# Imported only where asked for, so that our own start does not wait for torch.
PROGRAMS = {
    "kernels": ("benchmark_kernels", "Kernels"),
    "Physics": ("benchmark_torch", "Layer"),
    "torch eager": ("benchmark_torch", "Eager"),
    "torch compiled": ("benchmark_torch", "Compiled"),
}


def main(order: dict) -> dict:
    """First step (compiling where there is no cache), then the best of the repeats of each thing to be timed."""
    import numpy as np

    from benchmark_case import parse

    module, name = PROGRAMS[order["program"]]
    case = parse(order["case"])
    program = getattr(import_module(module), name)(case, order["threads"])
    imported = time.time()
    flow, gradients = program.gradient()
    done = {"imports_s": imported - order["started"], "start_s": time.time() - order["started"]}
    done["flow_sum"] = float(np.abs(flow, dtype=np.float64).sum())
    done["gradient_norm"] = float(sum(np.square(g, dtype=np.float64).sum() for g in gradients) ** 0.5)
    del flow, gradients
    program.forward()
    done["first_s"] = time.time() - imported
    if order["repeats"]:
        programs = {"threads": program}
        if order["threads"] > 1:
            programs["one"] = type(program)(case, 1)
        for what in ("forward", "gradient"):
            steps = {name: getattr(each, what) for name, each in programs.items()}
            done[what] = measure(steps, order["repeats"], case.component_days)
    return done


def measure(steps: dict[str, Callable], repeats: int, component_days: int) -> dict:
    """Nanoseconds per component-day on the processor and on the clock, the least of all repeats, and peak memory.

    Steps take turns, so that a machine that is busy for a while is so for all of them.
    """
    peaks = {name: peak_memory(step) for name, step in steps.items()}
    busy: dict[str, list[float]] = {name: [] for name in steps}
    wall: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(repeats):
        for name, step in steps.items():
            begin, clock = time.process_time(), time.perf_counter()
            step()
            busy[name].append(time.process_time() - begin)
            wall[name].append(time.perf_counter() - clock)
    scale = 1e9 / component_days
    return {
        name: {"ns": min(busy[name]) * scale, "wall_ns": min(wall[name]) * scale, "peak_mb": peaks[name]}
        for name in steps
    }


def peak_memory(step: Callable) -> float | None:
    """MB (1e6 bytes) above what was there before; None where the system does not tell."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    except (OSError, AttributeError):
        return None
    before = resident("VmRSS")
    step()
    return max(0.0, resident("VmHWM") - before)


def resident(key: str) -> float:
    """A line of /proc/self/status, MB."""
    text = Path("/proc/self/status").read_text()
    return int(text.split(f"{key}:")[1].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    answer = json.dumps(main(json.loads(sys.argv[1])))
    sys.stdout.write(answer + "\n")
    sys.stdout.flush()
    os._exit(0)  # the compiler's worker processes would keep us waiting
