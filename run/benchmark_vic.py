"""VIC: time of a tile-band and step on one core, beside a plain scalar program of the same equations.

    python run/benchmark_vic.py                                            the cases of vic_case.KINDS
    python run/benchmark_vic.py --cases wb3h wb3h-snowfree wb3h-float64    also eb3h, fs3h, wb24h with these endings
    python run/benchmark_vic.py --size 256x365                             places (of five tile-bands each) x days

Roots by Newton's method of bounded length; float32, where the case does not say float64. wb24h has daily steps of eight
sub-steps of the snow, the others steps of 3 hours. Processor time of the process, the least of the repeats, as ns per
tile-band and step; `gradient` is the forward run and the gradients of parameters, forcing and initial state. The peer
`scalar float64 Brent` takes one cell after the other and searches roots as VIC does. `published` is what VIC 5.1 itself
took, compiled with -O2, on another machine. snow: share of the tile-band-steps with snow. ratio: peer / ours.

--json prints an object per line: case, what, ours_ns, peer, peer_ns, ratio, peak_mb, snow, published_ns.
"""

import argparse
import json
import sys
import time

import numpy as np
from freshet.kernels.simulate import Run, simulate, simulate_adjoint

from benchmark_worker import peak_memory
from vic_case import KINDS, SIZE, Case, parse
from vic_scalar import Scalar

PEER = "scalar float64 Brent"
PUBLISHED = {"wb24h": 68e3, "wb3h": 9.7e3, "eb3h": 13.3e3, "fs3h": 449e3}  # ns, the lower end of each range
OUTPUTS = ("runoff", "evaporation", "snow_water_equivalent")
PEER_CELL_STEPS = 100_000  # the peer takes a part of the places of a case that is bigger
COLUMNS = "{:<24} {:<9} {:<21} {:>9} {:>7} {:>8} {:>6} {:>10}"


def main() -> int:
    """Run what was asked for and print it as it comes."""
    options = arguments()
    if not options.json:
        print(COLUMNS.format("case", "what", "program", "ns", "ratio", "peak MB", "snow", "published"))
    for case in options.cases:
        for found in comparison(case, options):
            print(json.dumps(found) if options.json else rows(found), flush=True)
    return 0


def arguments() -> argparse.Namespace:
    """The command line; an unknown case ends here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", default=list(KINDS), help="as in wb3h or wb3h-snowfree-float64")
    parser.add_argument("--size", default=SIZE, help="places x days")
    parser.add_argument("--repeats", type=int, default=3, help="timed calls of each; the least counts")
    parser.add_argument("--no-gradient", action="store_true", help="forward only")
    parser.add_argument("--no-peer", action="store_true", help="ours only")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    options = parser.parse_args()
    try:
        options.cases = [parse(name, options.size) for name in options.cases]
    except ValueError as problem:
        parser.error(str(problem))
    return options


def comparison(case: Case, options: argparse.Namespace):
    """Ours, and the peer where one is asked for."""
    ours = Kernels(case)
    found = {"forward": timed(ours.forward, case, options.repeats)}
    if not options.no_gradient:
        found["gradient"] = timed(ours.gradient, case, options.repeats)
    peer_ns = None
    if not options.no_peer:
        part = parse(
            case.name, f"{max(1, min(case.places, PEER_CELL_STEPS * case.places // case.cell_steps))}x{case.days}"
        )
        peer = Scalar(part)
        require_same(peer.forward(), Kernels(part).forward().outputs[:, 0])
        peer_ns = timed(peer.forward, part, max(1, options.repeats - 1))[0]
    for what, (ns, peak) in found.items():
        theirs = peer_ns if what == "forward" else None
        yield {
            "case": case.name, "what": what, "ours_ns": ns, "peer": PEER if theirs else "none", "peer_ns": theirs,
            "ratio": theirs / ns if theirs else None, "peak_mb": peak, "snow": ours.snow,
            "published_ns": None if case.snowfree or what != "forward" else PUBLISHED[case.kind],
        }  # fmt: skip


class Kernels:
    """Our loops on a case, one thread."""

    def __init__(self, case: Case) -> None:
        self.arrays = (case.forcing, case.parameters)
        self.case, self.state = case, case.state
        self.given = {"geometry": case.geometry, "weights": case.weights}
        self.snow = float(self._run(("snow_cover",)).outputs.mean() / case.weights.sum(0).mean())

    def _run(self, outputs: tuple[str, ...], checkpoints: bool = False) -> Run:
        kept = {"outputs": outputs, "checkpoints": checkpoints}
        return simulate(self.case.model, *self.arrays, self.state, **self.given, **kept)

    def forward(self) -> Run:
        return self._run(OUTPUTS)

    def gradient(self) -> None:
        run = self._run(OUTPUTS, True)
        d_outputs, d_state = np.ones_like(run.outputs), np.zeros_like(run.state)
        simulate_adjoint(
            self.case.model, run, *self.arrays, d_outputs, d_state, **self.given, outputs=OUTPUTS, want_forcing=True
        )


def timed(step, case: Case, repeats: int) -> tuple[float, float | None]:
    """Nanoseconds of processor time per tile-band and step, the least, and peak extra memory, MB."""
    step()
    peak, best = peak_memory(step), float("inf")
    for _ in range(repeats):
        begin = time.process_time()
        step()
        best = min(best, time.process_time() - begin)
    return best / case.cell_steps * 1e9, peak


def require_same(theirs: np.ndarray, ours: np.ndarray) -> None:
    """Two programs that do not compute the same thing are not compared."""
    total, apart = theirs.sum(), abs(ours.sum(dtype=np.float64) - theirs.sum())
    if not apart < 5e-3 * total + 1e-3 * theirs.size:
        sys.exit(f"runoff is {ours.sum():.6g} mm in ours and {total:.6g} mm in the plain program: not the same model")


def rows(found: dict) -> str:
    """One comparison as rows of the table."""
    case, what, published = found["case"], found["what"], found["published_ns"]

    def shown(program: str, ns: float, ratio: float | None, peak: float | None) -> str:
        texts = [f"{v:.{digits}f}" if v else "" for v, digits in ((ns, 0), (ratio, 1), (peak, 0))]
        return COLUMNS.format(
            case, what, program, *texts, f"{found['snow']:.2f}", f"{published:.0f}" if published else ""
        )

    text = [shown("ours", found["ours_ns"], None, found["peak_mb"])]
    if found["peer_ns"]:
        text.append(shown(found["peer"], found["peer_ns"], found["ratio"], None))
    return "\n".join(text)


if __name__ == "__main__":
    sys.exit(main())
