"""Our HBV beside plain PyTorch, eager and compiled: time, memory, compile time, time to the first step.

    python run/benchmark_hbv.py                                  the cases of benchmark_case.DEFAULT
    python run/benchmark_hbv.py --cases 'static 256x16x730'      basins x components x days
    python run/benchmark_hbv.py --threads 2                      our loops on two threads against one, by the clock

float32. One thread: processor time of the process (time.process_time), the least of the repeats, as ns per component
and day; `gradient` is the forward run and the gradients of all parameters and of the routing. Each program has
processes of its own: a first one without any cache (its first step is the compile time), a second one with it (time to
the first step from the start of Python, then the repeats and the memory, see benchmark_worker.py). ratio: peer / ours.

--json prints an object per line: case, what, ours_ns, peer, peer_ns, ratio, peak_mb (ours), peer_peak_mb. Lines whose
`what` is `compile` or `second start` hold whole times by the clock in ns, no ns per component-day.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmark_case import DEFAULT, parse
from benchmark_worker import PROGRAMS

OURS, COMPILED = "kernels", "torch compiled"
COMPILE, SECOND = "compile", "second start"
TOLERANCE = 1e-3  # relative; float32 sums of programs that compute the same thing agree far better
COLUMNS = "{:<20} {:<12} {:<14} {:>9} {:>8} {:>8}"


def main() -> int:
    """Run what was asked for and print it as it comes."""
    options = arguments()
    peers = [name for name in PROGRAMS if name != OURS and not (name == COMPILED and not compiler(options))]
    if not options.json:
        print(COLUMNS.format("case", "what", "program", "ns", "ratio", "peak MB"))
    for name in options.cases:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            caches = None if options.warm else Path(folder)
            lines = scaling(name, options, caches) if options.threads > 1 else comparison(name, peers, options, caches)
            before = None
            for found in lines:
                print(json.dumps(found) if options.json else rows(found, before), flush=True)
                before = found
    return 0


def arguments() -> argparse.Namespace:
    """The command line; an unknown case ends here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", default=list(DEFAULT), help="as in 'static 256x16x730'")
    parser.add_argument("--repeats", type=int, default=7, help="timed calls of each; the least counts")
    parser.add_argument("--threads", type=int, default=1, help="more than 1: our loops against themselves on 1")
    parser.add_argument("--no-compile", action="store_true", help="leave torch.compile out, which takes minutes")
    parser.add_argument("--warm", action="store_true", help="use the caches that are there; no compile times then")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    options = parser.parse_args()
    try:
        options.cases = [parse(name).name for name in options.cases]
    except ValueError as problem:
        parser.error(str(problem))
    return options


def compiler(options: argparse.Namespace) -> bool:
    """Whether torch.compile can be timed; says why not."""
    if options.threads > 1:
        return False
    if options.no_compile:
        reason = "--no-compile was given"
    elif not any(map(shutil.which, (os.environ.get("CXX", "g++"), "clang++"))):
        reason = "torch.compile needs a C++ compiler, and neither g++ nor clang++ is there"
    else:
        return True
    print(f"torch compiled is left out: {reason}", file=sys.stderr)
    return False


def comparison(name: str, peers: list[str], options: argparse.Namespace, folder: Path | None) -> Iterator[dict]:
    """Ours beside each peer: forward and gradient, compile time, second start."""
    first = {} if options.warm else {OURS: start(name, OURS, 1, 0, folder)}
    second = {OURS: start(name, OURS, 1, options.repeats, folder)}
    for peer in peers:
        if peer == COMPILED and not options.warm:
            first[peer] = start(name, peer, 1, 0, folder)
        second[peer] = start(name, peer, 1, options.repeats, folder)
        check(name, second[OURS], peer, second[peer])
    for what in ("forward", "gradient"):
        for peer in peers:
            ours, theirs = (second[program][what]["threads"] for program in (OURS, peer))
            memory = {"peak_mb": ours["peak_mb"], "peer_peak_mb": theirs["peak_mb"]}
            yield line(name, what, ours["ns"], peer, theirs["ns"]) | memory
    if first:
        peer_ns = first[COMPILED]["first_s"] * 1e9 if COMPILED in first else None
        yield line(name, COMPILE, first[OURS]["first_s"] * 1e9, COMPILED, peer_ns)
    for peer in peers:
        yield line(name, SECOND, second[OURS]["start_s"] * 1e9, peer, second[peer]["start_s"] * 1e9)


def scaling(name: str, options: argparse.Namespace, folder: Path | None) -> Iterator[dict]:
    """Our loops on the threads asked for, and as the peer those on one thread."""
    if folder:
        start(name, OURS, 1, 0, folder)
    found = start(name, OURS, options.threads, options.repeats, folder)
    for what in ("forward", "gradient"):
        many, one = found[what]["threads"], found[what]["one"]
        memory = {"peak_mb": many["peak_mb"], "peer_peak_mb": one["peak_mb"]}
        yield line(name, f"{what} x{options.threads}", many["wall_ns"], "one thread", one["wall_ns"]) | memory


def start(name: str, program: str, threads: int, repeats: int, folder: Path | None) -> dict:
    """One program on one case in a process of its own, with its caches in the folder (None: the user's)."""
    names = {"FRESHET_CACHE": "numba", "TORCHINDUCTOR_CACHE_DIR": "inductor"}
    caches = {name: str(folder / sub) for name, sub in names.items()} if folder else {}
    one = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    order = {"case": name, "program": program, "threads": threads, "repeats": repeats, "started": time.time()}
    worker = [sys.executable, str(Path(__file__).with_name("benchmark_worker.py")), json.dumps(order)]
    done = subprocess.run(worker, env={**os.environ, **caches, **one}, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{program} failed on '{name}':\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def check(name: str, ours: dict, peer: str, theirs: dict) -> None:
    """Two programs that do not compute the same thing are not compared."""
    for key in ("flow_sum", "gradient_norm"):
        if not abs(ours[key] - theirs[key]) <= TOLERANCE * abs(theirs[key]):
            sys.exit(f"'{name}': {key} is {ours[key]:.6g} in ours and {theirs[key]:.6g} in {peer}: not the same model")


def line(case: str, what: str, ours_ns: float, peer: str, peer_ns: float | None) -> dict:
    """One comparison; peer_ns is None where the peer was left out."""
    values = {"case": case, "what": what, "ours_ns": ours_ns, "peer": peer, "peer_ns": peer_ns}
    return values | {"ratio": peer_ns / ours_ns if peer_ns else None, "peak_mb": None, "peer_peak_mb": None}


def rows(values: dict, before: dict | None) -> str:
    """One comparison as rows of the table; ours only where it was not printed before."""
    case, what, seconds = values["case"], values["what"], values["what"] in (COMPILE, SECOND)

    def shown(program: str, ns: float | None, ratio: float | None, peak: float | None) -> str:
        time_text = "left out" if ns is None else f"{ns / 1e9:.1f} s" if seconds else f"{ns:.2f}"
        texts = ["" if v is None else f"{v:.{digits}f}" for v, digits in ((ratio, 2), (peak, 0))]
        return COLUMNS.format(case, what, program, time_text, *texts)

    text = [] if before and (before["case"], before["what"]) == (case, what) else [
        shown("ours", values["ours_ns"], None, values["peak_mb"])
    ]  # fmt: skip
    return "\n".join([*text, shown(values["peer"], values["peer_ns"], values["ratio"], values["peer_peak_mb"])])


if __name__ == "__main__":
    sys.exit(main())
