"""Training through the rivers: all cells of a domain in one batch, discharge at gauges and any field compared."""

import math
import time
from typing import Any

import torch
from torch import Tensor, nn

from . import optimisers, randomness
from .grid_network import Correction
from .losses import Loss, nse_by_place
from .objective import RIVER_WATER, Objective, of_discharge, with_deviation
from .observation import Period
from .river_basins import Basins, Evaporation, Simulated
from .shift_network import Shifts
from .stopwatch import Stopwatch
from .trainer import Plan, Progress, Trainer


class RiverTrainer(Trainer):
    """As Trainer, one step of all cells and days per epoch.

    loss        of daily discharge at the gauges, or a whole Objective
    periods     first day and day behind the last by name: training, and where asked for validation
    correction  of the potential evaporation, with weights of its own
    """

    def __init__(
        self,
        network: Shifts,
        basins: Basins,
        loss: Loss | Objective,
        plan: Plan,
        periods: dict[str, Period],
        warmup: int,
        correction: Correction | None = None,
    ) -> None:
        self.basins, self.physics, self.correction = basins, basins.physics, correction
        self.network: nn.Module = network if correction is None else nn.ModuleList([network, correction])
        self.values, self.variables = network, network.variables
        if not isinstance(loss, Objective):
            loss = of_discharge(basins.domain.observed, loss)
        self.objective = Objective(tuple(with_deviation(term, periods["training"]) for term in loss.terms))
        self.plan, self.periods, self.warmup = plan, periods, warmup
        self.validation = periods.get("validation")
        self.optimiser = optimisers.optimiser(
            plan.optimiser, self.network.parameters(), plan.learning_rate, plan.weight_decay
        )
        self.steps = 1
        self.progress = Progress()
        self.clock = Stopwatch(basins.domain.forcing.device)
        self._busy = time.process_time()

    @property
    def _rivers(self) -> bool:
        return any(RIVER_WATER in term.parts for term in self.objective.terms)

    def _step(self) -> None:
        period = self.periods["training"]
        span = self.objective.span(period)
        with self.clock.stage("network"):
            made = [self.values(self.basins.domain.inputs)]
            made += [] if self.correction is None else [self.correction(*span)]
            leaves = [tensor.detach().requires_grad_() for tensor in made]
        with self.clock.stage("kernel"):
            known = self._known(span, leaves[1]) if len(leaves) > 1 else None
            simulated = self.basins.simulate(leaves[0], span, self.warmup, known, self._rivers)
        with self.clock.stage("loss"):
            loss = self.objective(self.basins.compared(self.objective, simulated, period))
        with self.clock.stage("kernel"):
            loss.backward()
        with self.clock.stage("network"):
            self.optimiser.zero_grad(set_to_none=True)
            for tensor, leaf in zip(made, leaves, strict=True):
                tensor.backward(leaf.grad)
            norm = nn.utils.clip_grad_norm_(self.network.parameters(), self.plan.clip or math.inf)
            self._require_number(float(loss.detach()), float(norm))
            self.optimiser.step()
        self.progress.step += 1

    def _known(self, span: Period, leaf: Tensor) -> Evaporation:
        """Potential evaporation that is there already in a span, and made elsewhere."""
        made = self.correction

        def evaporation(start: int, stop: int) -> Tensor:
            return leaf if made is None or (start, stop) == span else made(start, stop)

        return evaporation

    def _require_number(self, loss: float, norm: float) -> None:
        if not (math.isfinite(loss) and math.isfinite(norm)):
            what = "the loss" if not math.isfinite(loss) else "the gradient"
            raise ArithmeticError(
                f"{what} of epoch {self.progress.epoch + 1} is not a finite number: try a smaller learning_rate or clip"
            )
        self.progress.loss_sum += loss
        self.progress.norm_sum += norm

    @torch.no_grad()
    def simulate(self, period: Period, trained: bool = True, warmup: int | None = None) -> Simulated:
        """All that terms compare, with the network as it is; trained False: with the parameters to begin with."""
        values = self.values(self.basins.domain.inputs) if trained else None
        days = self.warmup if warmup is None else warmup
        return self.basins.simulate(values, period, days, self.correction if trained else None, self._rivers)

    @torch.no_grad()
    def validate(self) -> float | None:
        """Skill in the validation period, None where there is none: mean NSE over gauges, if only they are learned
        from, else what the objective leaves of the sum of its weights.
        """
        if self.validation is None:
            return None
        self.network.eval()
        pairs = self.basins.compared(
            self.objective, self.simulate(self.objective.span(self.validation)), self.validation
        )
        if len(pairs) > 1 or not self.objective.terms[0].at_gauges:
            return self.objective.worth - float(self.objective(pairs))
        found, learned = nse_by_place(*pairs[0]), self.objective.terms[0].learned
        return float(torch.nanmean(found if learned is None else found[learned]))

    def state(self) -> dict[str, Any]:
        """As Trainer.state."""
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": dict(vars(self.progress)),
            "randomness": randomness.states(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """As Trainer.restore."""
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.progress = Progress(**state["progress"])
        randomness.restore(state["randomness"])
