"""The training loop: minibatches through network and physics, validation, early stopping, exact resume."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from . import optimisers, randomness
from .batches import Batch, Sampler, Series
from .correction import corrected
from .losses import Loss, nse_by_place
from .memory import peak_memory
from .network import Parameters
from .prediction import predict, spill
from .stopwatch import Stopwatch
from .weather import asked

FINISHED, CONVERGED, STOPPED = "finished", "converged", "stopped"


@dataclass(frozen=True)
class Plan:
    """How to train. steps 0: one look at every day; patience 0: never stop early; clip 0: gradients as they are."""

    epochs: int
    steps: int = 0
    learning_rate: float = 1e-3
    optimiser: str = "adam"
    schedule: str = "constant"
    weight_decay: float = 0.0
    clip: float = 1.0
    patience: int = 0


@dataclass
class Progress:
    """How far a training has come: `step` minibatches of `epoch` (both from 0) are done."""

    epoch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    norm_sum: float = 0.0
    best: float = -math.inf
    best_epoch: int = -1
    best_weights: dict[str, Tensor] = field(default_factory=dict)


class Trainer:
    """Fits a network to the discharge of a series.

    physics      from forcing, parameters and routing to flow [time, 1, place]: see nn/physics.py
    loss         of simulated, observed [time, place] and deviation [place]
    deviation    standard deviation of the observed flow of each place in the training period, mm d-1
    validation   first day of the validation period and the day behind its last, or None
    """

    def __init__(
        self,
        network: nn.Module,
        physics: nn.Module,
        sampler: Sampler,
        loss: Loss,
        plan: Plan,
        *,
        deviation: Tensor,
        validation: tuple[int, int] | None = None,
    ) -> None:
        self.network, self.physics, self.sampler = network, physics, sampler
        self.loss, self.plan, self.deviation, self.validation = loss, plan, deviation, validation
        self.optimiser = optimisers.optimiser(
            plan.optimiser, network.parameters(), plan.learning_rate, plan.weight_decay
        )
        self.steps = plan.steps or sampler.steps()
        if validation:
            _require_scores(sampler.series.observed[slice(*validation)])
        self.progress = Progress()
        self.clock = Stopwatch(sampler.series.forcing.device)
        self._busy = time.process_time()

    @property
    def series(self) -> Series:
        """What is learned from."""
        return self.sampler.series

    def run(
        self,
        record: Callable[[dict[str, Any]], None],
        save: Callable[[dict[str, Any]], None],
        stop: Callable[[], bool] = lambda: False,
    ) -> str:
        """Train to the end; says why it ended: finished, converged (patience) or stopped.

        record takes what each epoch found; save takes the state after each epoch, and once more when stop() asks to
        end, which is looked at after every minibatch. ArithmeticError where loss or gradient is not a number.
        """
        while self.progress.epoch < self.plan.epochs:
            if self._converged():
                return CONVERGED
            if not self._epoch(stop):
                save(self.state())
                return STOPPED
            found = self._close_epoch()
            record(found)
            save(self.state())
            if stop() and not self._converged() and self.progress.epoch < self.plan.epochs:
                return STOPPED
        return CONVERGED if self._converged() else FINISHED

    def _converged(self) -> bool:
        waited = self.progress.epoch - 1 - self.progress.best_epoch
        return bool(self.validation and self.plan.patience and waited >= self.plan.patience)

    def _epoch(self, stop: Callable[[], bool]) -> bool:
        """The minibatches that are left of this epoch; whether it was completed."""
        self.network.train()
        rate = self.plan.learning_rate * optimisers.factor(self.plan.schedule, self.progress.epoch / self.plan.epochs)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        while self.progress.step < self.steps:
            self._step()
            if stop() and self.progress.step < self.steps:
                return False
        return True

    def _step(self) -> None:
        with self.clock.stage("loading"):
            batch = self.sampler.draw()
        with self.clock.stage("network"):
            ahead = self.sampler.warmup - spill(self.sampler.warmup)
            parameters = asked(self.network, batch.attributes, batch.place, batch.forcing, ahead)
        # The physics is reversed on its own, down to the parameters: its time can be told from the network's.
        leaves = _leaves(parameters)
        with self.clock.stage("kernel"):
            simulated = self._simulate(batch, leaves)
        with self.clock.stage("loss"):
            loss = self.loss(simulated, batch.observed, self.deviation[batch.place])
        with self.clock.stage("kernel"):
            loss.backward()
        with self.clock.stage("network"):
            self.optimiser.zero_grad(set_to_none=True)
            pairs = zip(_tensors(parameters), _tensors(leaves), strict=True)
            given = [(value, leaf.grad) for value, leaf in pairs if leaf.grad is not None and value.requires_grad]
            torch.autograd.backward([value for value, _ in given], [gradient for _, gradient in given])
            norm = nn.utils.clip_grad_norm_(self.network.parameters(), self.plan.clip or math.inf)
            self._require_finite(float(loss.detach()), float(norm), batch)
            self.optimiser.step()
        self.progress.step += 1

    def _simulate(self, batch: Batch, parameters: Parameters) -> Tensor:
        """Flow of the window's days [time, place], routed from the days before it too."""
        ahead = spill(self.sampler.warmup)
        flow, _ = self.physics(
            corrected(batch.forcing, parameters.correction, batch.phase),
            parameters.static,
            parameters.routing,
            dynamic=parameters.dynamic or None,
            geometry=batch.geometry if batch.geometry.shape[0] else None,
            warmup=self.sampler.warmup - ahead,
        )
        return flow[ahead:, 0]

    def _require_finite(self, loss: float, norm: float, batch: Batch) -> None:
        if math.isfinite(loss) and math.isfinite(norm):
            self.progress.loss_sum += loss
            self.progress.norm_sum += norm
            return
        what = "the loss" if not math.isfinite(loss) else "the gradient"
        raise ArithmeticError(
            f"{what} of epoch {self.progress.epoch + 1}, minibatch {self.progress.step + 1} is not a finite number "
            f"(places {', '.join(str(p) for p in batch.place[:5].tolist())}, ...): try a smaller learning_rate or clip"
        )

    def _close_epoch(self) -> dict[str, Any]:
        """Validate, keep the best, go to the next epoch; what is to be logged."""
        progress = self.progress
        with self.clock.stage("validation"):
            value = self.validate()
        if value is None or value > progress.best:
            progress.best = progress.best if value is None else value
            progress.best_epoch = progress.epoch
            progress.best_weights = {k: v.detach().cpu().clone() for k, v in self.network.state_dict().items()}
        found = {
            "epoch": progress.epoch + 1,
            "loss": progress.loss_sum / self.steps,
            "gradient_norm": progress.norm_sum / self.steps,
            "learning_rate": self.optimiser.param_groups[0]["lr"],
            "validation_nse": value,
            "best": progress.best_epoch == progress.epoch,
            "seconds": self.clock.reset(),
            "processor_seconds": time.process_time() - self._busy,
            "memory": peak_memory(),
        }
        self._busy = time.process_time()
        progress.epoch, progress.step, progress.loss_sum, progress.norm_sum = progress.epoch + 1, 0, 0.0, 0.0
        return found

    def validate(self) -> float | None:
        """Median NSE over the places with observations in the validation period; None where there is none."""
        if self.validation is None:
            return None
        start, stop = self.validation
        simulated = predict(self.network, self.physics, self.series, start, stop, warmup=self.sampler.warmup)
        if not torch.isfinite(simulated).all():
            raise ArithmeticError(
                f"the flow simulated in the validation period is not finite after epoch {self.progress.epoch + 1}: "
                "try a smaller learning_rate"
            )
        return float(torch.nanquantile(nse_by_place(simulated, self.series.observed[start:stop]), 0.5))

    def state(self) -> dict[str, Any]:
        """Everything that going on needs, to the bit: tensors and plain values."""
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": dict(vars(self.progress)),
            "sampler": self.sampler.generator.get_state(),
            "randomness": randomness.states(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state; the trainer must have been made with the same settings."""
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.progress = Progress(**state["progress"])
        self.sampler.generator.set_state(state["sampler"])
        randomness.restore(state["randomness"])


def _require_scores(observed: Tensor) -> None:
    """ValueError where the validation would give no score: without one no epoch is ever the best."""
    if not torch.isfinite(observed).any():
        raise ValueError("no basin has observed discharge in the validation period: leave it out or change it")
    if nse_by_place(torch.zeros_like(observed), observed).isnan().all():
        raise ValueError("no observed discharge varies in the validation period: leave it out or make it longer")


def _tensors(parameters: Parameters) -> list[Tensor]:
    more = [] if parameters.correction is None else [parameters.correction]
    return [parameters.static, parameters.routing, *more, *parameters.dynamic.values()]


def _leaves(parameters: Parameters) -> Parameters:
    """The same values, cut off from the network."""
    static, routing, *rest = (tensor.detach().requires_grad_() for tensor in _tensors(parameters))
    correction = None if parameters.correction is None else rest.pop(0)
    return Parameters(static, routing, dict(zip(parameters.dynamic, rest, strict=True)), correction)
