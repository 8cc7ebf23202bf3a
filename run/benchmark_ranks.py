"""One process against several under MPI: HydroPy and its rivers, forward and gradient, by the clock.

    python run/benchmark_ranks.py                        1 and 2 processes, cells of the globe at half a degree
    python run/benchmark_ranks.py --ranks 4 --case 500000x60

Every process steps and routes its interval of the network by kernels.simulate and kernels.rivers, in windows of a
month that exchange the water (backwards: the gradient) of the links that are cut; one thread each. The clock of the
slowest, the least of the repeats. No files. --json prints an object per line: case, what, ours_ns (per cell-day),
peer (one process), peer_ns, ratio (speed-up), peak_mb.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import numpy as np
from freshet.driver.parallel.exchange import exchange
from freshet.driver.parallel.launcher import launch_command
from freshet.driver.parallel.world import current_world
from freshet.kernels.network.cut import cut
from freshet.kernels.rivers.plan import plan
from freshet.kernels.rivers.route import initial_river, route, route_adjoint
from freshet.kernels.simulate import simulate, simulate_adjoint

from hydropy_case import DAY, parse

WINDOW = 30


def main() -> int:
    """Start the processes, or be one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--case", default="67420x90", help="cells x days")
    parser.add_argument("--repeats", type=int, default=4, help="the least counts")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return worker(options)
    found = {ranks: start(ranks, options) for ranks in (1, options.ranks)}
    for what in ("forward", "gradient"):
        one, many = found[1][what], found[options.ranks][what]
        line = {"case": options.case, "what": f"{what}, {options.ranks} processes", "ours_ns": many}
        line |= {"peer": "one process", "peer_ns": one, "ratio": one / many, "peak_mb": None}
        if options.json:
            print(json.dumps(line))
        else:
            print(f"{options.case} {line['what']}: {many:.1f} ns, one process {one:.1f} ns: {one / many:.2f} times")
    return 0


def start(ranks: int, options: argparse.Namespace) -> dict[str, float]:
    """Nanoseconds per cell-day, by the clock, of so many processes."""
    program = [sys.executable, __file__, "--worker", "--case", options.case, "--repeats", str(options.repeats)]
    command, environment = launch_command(ranks, program) if ranks > 1 else (program, dict(os.environ))
    environment |= {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{ranks} process(es) failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


class Part:
    """One rank's part of a case."""

    def __init__(self, case, world):
        bounds = cut(np.ones(case.cells), world.size)
        own = slice(int(bounds[world.rank]), int(bounds[world.rank + 1]))
        take = np.ascontiguousarray
        self.case, self.exchange = case, exchange(world)
        self.plan = plan(case.downstream, bounds, world.rank)
        self.forcing, self.weight = take(case.forcing[:, :, own]), take(case.weight[:, own])
        self.parameters, self.geometry = take(case.parameters[:, own]), take(case.geometry[:, own])
        self.state, self.lag = take(case.state[:, own]), take(case.lag[:, own])
        self.reservoirs, self.factor = take(case.reservoirs[:, own]), case.cast(case.area[own] * 1e-3 / DAY)
        self.river = initial_river(case.router, self.plan.count, case.precision)

    def forward(self) -> None:
        """All windows."""
        state, river = self.state, self.river
        for begin in range(0, self.case.days, WINDOW):
            land, _, done = self._window(begin, state, river, False)
            state, river = land.state, done.state

    def gradient(self) -> None:
        """All windows forward, then backward."""
        state, river, kept = self.state, self.river, []
        for begin in range(0, self.case.days, WINDOW):
            kept.append((begin, *self._window(begin, state, river, True)))
            state, river = kept[-1][1].state, kept[-1][3].state
        d_state, d_river = np.zeros_like(self.state), np.zeros_like(self.river)
        for begin, land, lateral, done in reversed(kept):
            days, case = slice(begin, begin + WINDOW), self.case
            back = route_adjoint(
                case.router, self.plan, done, lateral, self.lag, self.weight[days], d_river,
                geometry=self.reservoirs, exchange=self.exchange,
            )  # fmt: skip
            found = simulate_adjoint(
                case.model, land, self.forcing[days], self.parameters, (back.lateral * self.factor)[:, None], d_state,
                geometry=self.geometry,
            )  # fmt: skip
            d_state, d_river = found.state, back.state

    def _window(self, begin, state, river, keep):
        case = self.case
        land = simulate(
            case.model, self.forcing[begin : begin + WINDOW], self.parameters, state, geometry=self.geometry,
            checkpoints=keep,
        )  # fmt: skip
        lateral = land.outputs[:, 0] * self.factor
        done = route(
            case.router, self.plan, lateral, self.lag, river, geometry=self.reservoirs, exchange=self.exchange,
            checkpoints=keep,
        )  # fmt: skip
        return land, lateral, done


def worker(options: argparse.Namespace) -> int:
    """One process: the slowest process's clock of the best repeat."""
    world, case = current_world(), parse(options.case)
    part, found = Part(case, world), {}
    for what in ("forward", "gradient"):
        step, best = getattr(part, what), sys.maxsize
        step()
        for _ in range(options.repeats):
            world.barrier()
            begin = time.perf_counter()
            step()
            best = min(best, world.maximum(int((time.perf_counter() - begin) * 1e9)))
        found[what] = best / case.cell_days
    if world.root:
        print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
