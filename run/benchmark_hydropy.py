"""HydroPy with its rivers beside the same equations in plain numpy and PyTorch: time and memory, on one thread.

    python run/benchmark_hydropy.py                          a month of the cells of the globe at half a degree
    python run/benchmark_hydropy.py --cases 10000x30 100000x30 1000000x10      time per cell-day at growing size
    python run/benchmark_hydropy.py --hybrid             full gradient, 1951 cells x 12 years, Q and storage in the loss
    python run/benchmark_hydropy.py --threads 2              our kernels on two threads against one, by the clock

float32. Processor time of the process, the least of the repeats, as ns per cell and day; `gradient` is the forward run
and the gradients of parameters, river and states. Vertical physics and routing together. ratio: peer / ours.

--json prints an object per line: case, what, ours_ns, peer, peer_ns, ratio, peak_mb (ours), peer_peak_mb.
For whole runs with files see run/benchmark_globe.py.
"""

import argparse
import json
import sys
import time

import numpy as np

from benchmark_worker import peak_memory
from hydropy_case import Case, parse
from hydropy_programs import Arrays, Kernels

DEFAULT = ("67420x30",)
COLUMNS = "{:<16} {:<12} {:<14} {:>9} {:>8} {:>8}"
PEER_CELL_DAYS = 3_000_000  # peers take a part of the days of a case that is bigger
HYBRID = (1951, 4383)


def main() -> int:
    """Run what was asked for and print it as it comes."""
    options = arguments()
    if not options.json:
        print(COLUMNS.format("case", "what", "program", "ns", "ratio", "peak MB"))
    if options.hybrid:
        from benchmark_hybrid import hybrid

        show(hybrid(*HYBRID, options.repeats, options.threads), options)
        return 0
    for case in options.cases:
        for found in scaling(case, options) if options.threads > 1 else comparison(case, options):
            show(found, options)
    return 0


def arguments() -> argparse.Namespace:
    """The command line; an unknown case ends here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", default=list(DEFAULT), help="cells x days, as in 67420x30")
    parser.add_argument("--repeats", type=int, default=3, help="timed calls of each; the least counts")
    parser.add_argument("--threads", type=int, default=1, help="more than 1: our kernels against themselves on 1")
    parser.add_argument("--no-peers", action="store_true", help="ours only")
    parser.add_argument("--hybrid", action="store_true", help="the gradient of a hybrid model's training")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    options = parser.parse_args()
    try:
        options.cases = [parse(name) for name in options.cases]
    except ValueError as problem:
        parser.error(str(problem))
    return options


def comparison(case: Case, options: argparse.Namespace):
    """Ours, then numpy (forward) and PyTorch (forward, gradient) where the machine has it."""
    ours = Kernels(case)
    times = {what: timed(getattr(ours, what), case, options.repeats) for what in ("forward", "gradient")}
    if options.no_peers:
        for what, (ns, peak) in times.items():
            yield line(case, what, ns, "none", None, peak, None)
        return
    short = Case(case.cells, max(1, min(case.days, PEER_CELL_DAYS // case.cells)))
    for name in ("numpy", "torch"):
        peer, same = Arrays(short, name), Kernels(short)
        require_same(name, peer.forward(), same.forward())
        for what in ("forward",) if name == "numpy" else ("forward", "gradient"):
            ns, peak = timed(getattr(peer, what), short, max(1, options.repeats - 1))
            yield line(
                case, what, times[what][0], f"{name} eager" if name == "torch" else name, ns, times[what][1], peak
            )


def scaling(case: Case, options: argparse.Namespace):
    """Our kernels on the threads asked for, and as the peer those on one thread, by the clock."""
    many, one = Kernels(case, options.threads), Kernels(case)
    for what in ("forward", "gradient"):
        clock = {id(each): [] for each in (many, one)}
        for _ in range(options.repeats + 1):
            for each in (many, one):
                begin = time.perf_counter()
                getattr(each, what)()
                clock[id(each)].append(time.perf_counter() - begin)
        ns = [min(clock[id(each)]) / case.cell_days * 1e9 for each in (many, one)]
        yield line(case, f"{what} x{options.threads}", ns[0], "one thread", ns[1], None, None)


def timed(step, case: Case, repeats: int) -> tuple[float, float | None]:
    """Nanoseconds of processor time per cell-day, the least, and peak extra memory, MB."""
    step()
    peak, best = peak_memory(step), float("inf")
    for _ in range(repeats):
        begin = time.process_time()
        step()
        best = min(best, time.process_time() - begin)
    return best / case.cell_days * 1e9, peak


def require_same(name: str, theirs: np.ndarray, ours: np.ndarray) -> None:
    """Two programs that do not compute the same thing are not compared."""
    apart = np.abs(theirs - ours).max() / np.abs(ours).max()
    if not apart < 1e-3:
        sys.exit(f"discharge of {name} and of ours differ by {apart:.2g} of the largest: not the same model")


def line(case, what, ours, peer, theirs, peak, peer_peak) -> dict:
    """One comparison; None where the peer was left out."""
    values = {"case": case.name, "what": what, "ours_ns": ours, "peer": peer, "peer_ns": theirs}
    values |= {"ratio": theirs / ours if theirs else None}
    return values | {"peak_mb": peak, "peer_peak_mb": peer_peak}


def show(values: dict, options: argparse.Namespace) -> None:
    """Print one comparison."""
    if options.json:
        print(json.dumps(values), flush=True)
        return

    def shown(name: str, program: str, number, ratio, peak) -> str:
        texts = [f"{number:.1f}" if number else "", f"{ratio:.1f}" if ratio else "", f"{peak:.0f}" if peak else ""]
        return COLUMNS.format(name, values["what"], program, *texts)

    print(shown(values["case"], "ours", values["ours_ns"], None, values["peak_mb"]))
    if values["peer_ns"]:
        peak = values["peer_peak_mb"]
        print(shown(values["case"], values["peer"], values["peer_ns"], values["ratio"], peak), flush=True)


if __name__ == "__main__":
    sys.exit(main())
