"""Table of how river networks are shared out between 2 and 10,000 ranks, worked out without running them.

Cut, in/out, neighb.: links between ranks in total, the most of one rank, and the ranks at their other ends. Eff. is the
estimated speed-up by the number of ranks, barriers the same where all ranks wait for all after every window. Computing
and messages are counted, reading and writing are not.
"""

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from freshet.kernels.network.accumulate import accumulate
from freshet.kernels.network.flow_direction import decode
from freshet.kernels.network.nodes import nodes
from freshet.kernels.network.recognise import recognise
from freshet.kernels.network.report import PartitionReport, partition_report
from freshet.kernels.network.schedule import Costs
from freshet.kernels.network.upstream import levels

from synthetic_network import synthetic_network

RANKS = "2,4,16,64,256,1024,4096,10000"
HEADS = ("ranks", "imbalance", "cut", "in/out", "neighb.", "stages", "stage 0", "B/step", "eff.", "barriers")


def main() -> None:
    """Print the table of every network asked for."""
    arguments = _arguments()
    costs = Costs(land=arguments.land_ns * 1e-9, river=arguments.river_ns * 1e-9)
    for name, downstream in _networks(arguments):
        start = time.perf_counter()
        _, network = nodes(downstream)
        ordered = time.perf_counter() - start
        _describe(name, network, ordered)
        for ranks in map(int, arguments.ranks.split(",")):
            if ranks <= network.size:
                steps = {"steps": arguments.steps, "steps_per_window": arguments.window}
                print(_row(partition_report(network, None, ranks, costs=costs, **steps)), flush=True)
        print(f"took {time.perf_counter() - start:.1f} s\n")


def _arguments() -> argparse.Namespace:
    shared = Path(os.environ.get("FRESHET_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, default=shared / "data/global_static_05deg/global_static_05deg.nc")
    parser.add_argument("--variable", default="drainage_direction", help="flow directions of the file")
    parser.add_argument("--cells", type=int, default=10_000_000, help="size of the synthetic network, 0 for none")
    parser.add_argument("--ranks", default=RANKS)
    parser.add_argument("--steps", type=int, default=3600, help="of the run whose time is estimated")
    parser.add_argument("--window", type=int, default=30, help="steps between exchanges")
    parser.add_argument("--land-ns", type=float, default=Costs().land * 1e9, help="land, ns per cell and step")
    parser.add_argument("--river-ns", type=float, default=Costs().river * 1e9, help="river, ns per node and step")
    return parser.parse_args()


def _networks(arguments: argparse.Namespace) -> Iterator[tuple[str, np.ndarray]]:
    if arguments.file.is_file():
        import netCDF4

        with netCDF4.Dataset(arguments.file) as data:
            codes = data[arguments.variable][:]
        coding = recognise(codes, wraps=True)
        yield f"{arguments.file.name} ({coding})", decode(codes, coding, wraps=True)
    if arguments.cells:
        yield "synthetic network", synthetic_network(arguments.cells)


def _describe(name: str, network: np.ndarray, seconds: float) -> None:
    size = accumulate(network, np.ones(network.size))
    outlets = int(np.count_nonzero(network == np.arange(network.size)))
    print(
        f"{name}: {network.size:,} nodes, {outlets:,} basins, the largest has {size.max() / network.size:.1%},", end=" "
    )
    print(f"{levels(network).max() + 1:,} levels; ordered in {seconds:.1f} s")
    print("".join(f"{head:>10}" for head in HEADS), "  speed-up | peers: imbalance (efficiency)")


def _row(report: PartitionReport) -> str:
    cells = (
        f"{report.ranks:,}",
        f"{report.imbalance:.4f}",
        f"{report.links:,}",
        f"{report.links_in}/{report.links_out}",
        f"{report.neighbours_in}/{report.neighbours_out}",
        f"{report.stages}",
        f"{report.stage_zero:.2%}",
        f"{report.bytes_per_step:,}",
        f"{report.efficiency:.3f}",
        f"{report.efficiency_with_barriers:.3f}",
    )
    speed = f"{report.serial_seconds / report.seconds:,.1f}"
    peers = ", ".join(f"{p.name} {p.imbalance:.4g} ({report.peer_efficiency(p):.2g})" for p in report.peers)
    return "".join(f"{cell:>10}" for cell in cells) + f"{speed:>11} | {peers}"


if __name__ == "__main__":
    main()
