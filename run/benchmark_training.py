"""What one training step of δHBV costs: ours beside plain PyTorch, static and dynamic, split into its parts.

    python run/benchmark_training.py                        100 basins x 16 components x (365 + 365) days, 256 units
    python run/benchmark_training.py --basins 20 --days 90 --hidden 32 --cases static

A step draws a minibatch, gives it parameters, simulates warm-up and window, takes the two-part loss, reverses all of it
and moves the weights. Random weather and flow; seconds of processor time of one process on one thread
(time.process_time), the least of the repeats of each part. `step` is all parts of one step together. Peers, in the same
process and with the same weights and minibatches:

    torch            all in torch operations, torch.nn.LSTM, gradient through the network's warm-up (run/torch_dhbv.py)
    free kernel      our own step as if HBV and its adjoint took no time: what is left for a faster kernel to win

ours is told for products in float32 and in bfloat16, see &network products. The peer takes --peer-steps steps, one
after a first that is not counted. --json prints an object per line: case, what, ours_ns, peer, peer_ns, ratio, peak_mb
(ours), peer_peak_mb.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from freshet.kernels.registry import model
from freshet.nn import losses, randomness
from freshet.nn.batches import Sampler, Series
from freshet.nn.lstm import SPARE
from freshet.nn.network_lstm import DailyNetwork
from freshet.nn.physics import Physics
from freshet.nn.stopwatch import Stopwatch
from freshet.nn.trainer import Plan, Trainer

from benchmark_worker import peak_memory
from torch_dhbv import PlainNetwork, PlainTraining

CASES = {"static": ({}, ()), "dynamic": ({"gamma": True}, ("beta", "betaet"))}
PARTS = ("network", "kernel", "loading", "loss")
ATTRIBUTES = 35
TOLERANCE = 1e-3
COLUMNS = "{:<34} {:<8} {:>9}  {:<12} {:>9} {:>7} {:>9} {:>9}"
HEAD = COLUMNS.format("case", "what", "ours, s", "peer", "peer, s", "ratio", "MB", "peer MB")


class Busy(Stopwatch):
    """Seconds of processor time by stage."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - begin


def main() -> int:
    """Time every case; 0, or a message where ours and torch do not compute the same."""
    asked = options()
    torch.set_num_threads(1)
    if not asked.json:
        print(HEAD)
    for case in asked.cases:
        for found in comparison(case, asked):
            print(json.dumps(found) if asked.json else shown(found), flush=True)
    return 0


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--basins", type=int, default=100, help="basins of a minibatch")
    parser.add_argument("--components", type=int, default=16)
    parser.add_argument("--days", type=int, default=365, help="days of the window; the warm-up is as long")
    parser.add_argument("--hidden", type=int, default=256, help="width of the linear layer, and units of the LSTM")
    parser.add_argument("--repeats", type=int, default=3, help="timed steps of ours; the least counts")
    parser.add_argument("--peer-steps", type=int, default=2, help="timed steps of the peer; 0 leaves it out")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    return parser.parse_args()


def comparison(case: str, asked: argparse.Namespace) -> Iterator[dict]:
    """Ours in both precisions of products, beside torch and beside a kernel that takes no time."""
    ours = {products: trainer(case, asked, products) for products in ("float32", "bfloat16")}
    first = ours["float32"]
    peer = PlainTraining(first, PlainNetwork(first.network))
    peer.clock = Busy()
    require_same(first, peer)
    theirs, peer_peak = timed(peer.step, peer.clock, asked.peer_steps) if asked.peer_steps else ({}, None)
    sizes = f"{asked.basins}x{asked.components}x{asked.days} h{asked.hidden}"
    for products, each in ours.items():
        found, peak = timed(each._step, each.clock, asked.repeats)
        name = f"{case} {sizes} {products}"
        for what in ("step", *PARTS):
            yield line(name, what, found[what], "torch", theirs.get(what), peak, peer_peak)
        yield line(name, "step", found["step"], "free kernel", found["step"] - found["kernel"], peak, None)


def trainer(case: str, asked: argparse.Namespace, products: str) -> Trainer:
    """A training on random weather and flow, with the published network."""
    form, dynamic = CASES[case]
    randomness.seed_all(1)
    random, days, places = np.random.default_rng(1), 3 * asked.days, asked.basins
    season = np.sin(2 * np.pi * np.arange(days) / 365.25)[:, None] + np.zeros(places)
    rain = random.gamma(0.4, 8.0, (days, places))
    forcing = np.stack([rain, 6 + 10 * season + random.normal(0, 3, season.shape), np.maximum(2 + 2 * season, 0)], 1)
    series = Series(
        torch.from_numpy(forcing).float(),
        torch.from_numpy(random.gamma(0.8, 2.0, (days, places))).float(),
        torch.from_numpy(random.normal(size=(places, ATTRIBUTES))).float(),
        torch.empty(0, places),
        known=days,
    )
    hbv = model("hbv", version="1.0", **form)
    network = DailyNetwork(
        hbv.parameters, asked.components, ATTRIBUTES, hidden=(asked.hidden, asked.hidden), dropout=0.5,
        dynamic=dynamic, window=asked.days, lower=products == "bfloat16", seed=1,
    )  # fmt: skip
    network.layers.weather.fit(series.forcing)
    sampler = Sampler(series, asked.days, days, window=asked.days, warmup=asked.days, batch=places, seed=1)
    found = Trainer(
        network, Physics(hbv, asked.components), sampler, losses.named("two_part_rmse"),
        Plan(1, learning_rate=1.0, optimiser="adadelta"), deviation=torch.ones(places),
    )  # fmt: skip
    found.clock = Busy()
    return found


@torch.no_grad()
def require_same(ours: Trainer, peer: PlainTraining) -> None:
    """Two programs that do not compute the same thing are not compared."""
    state = ours.sampler.generator.get_state()
    batch = ours.sampler.draw()
    ours.sampler.generator.set_state(state)
    ours.network.eval(), peer.network.eval()
    found = ours.network(batch.attributes, batch.place, batch.forcing, ours.sampler.warmup - 14)
    mine = ours._simulate(batch, found)
    theirs = peer.flow(batch.forcing, *peer.network(batch.forcing, batch.attributes), ours.sampler.warmup)
    ours.network.train(), peer.network.train()
    apart = float((mine - theirs).abs().max() / mine.abs().max())
    if not apart < TOLERANCE:
        sys.exit(f"flow of torch and of ours differ by {apart:.2g} of the largest: not the same model")


def timed(step: Callable, clock: Stopwatch, repeats: int) -> tuple[dict[str, float], float | None]:
    """Seconds by part, the least of the repeats after a first, and peak memory above what was there, MB."""
    step()
    SPARE.clear()  # what is kept for the next step counts
    peak = peak_memory(step)
    clock.reset()
    rounds = []
    for _ in range(repeats):
        step()
        rounds.append({part: 0.0 for part in PARTS} | clock.reset())
    whole = min(sum(each.values()) for each in rounds)
    return {part: min(each[part] for each in rounds) for part in PARTS} | {"step": whole}, peak


def line(case, what, ours, peer, theirs, peak, peer_peak) -> dict:
    """One comparison; None where the peer was left out."""
    values = {"case": case, "what": what, "ours_ns": ours * 1e9, "peer": peer}
    values |= {"peer_ns": None if theirs is None else theirs * 1e9}
    values |= {"ratio": theirs / ours if theirs is not None and ours else None}
    return values | {"peak_mb": peak, "peer_peak_mb": peer_peak}


def shown(found: dict) -> str:
    def text(value: float | None, digits: int) -> str:
        return "" if value is None else f"{value:.{digits}f}"

    theirs = None if found["peer_ns"] is None else found["peer_ns"] / 1e9
    whole = found["what"] == "step"
    return COLUMNS.format(
        found["case"], found["what"], text(found["ours_ns"] / 1e9, 4), found["peer"], text(theirs, 4),
        text(found["ratio"], 2), text(found["peak_mb"] if whole else None, 0),
        text(found["peer_peak_mb"] if whole else None, 0),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
