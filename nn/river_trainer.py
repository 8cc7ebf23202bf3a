"""Training through the rivers: all cells of a domain in one batch, discharge compared at gauges."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from . import optimisers, randomness
from .losses import Loss, nse_by_place
from .physics import Physics
from .river import River
from .shift_network import Shifts
from .slabs import Slabs
from .stopwatch import Stopwatch
from .trainer import Plan, Progress, Trainer

Period = tuple[int, int]
LAND, RIVER, WEATHER = "land", "river", "weather"


@dataclass(frozen=True)
class Learned:
    """What one row of the network's values means.

    rows    that it sets: several rows have the same value, or are multiplied alike
    factor  it multiplies what is there instead of taking its place
    of      whose rows these are: LAND (parameters of the model), RIVER (those of the router), or WEATHER (factors of
            the forcing)
    """

    rows: tuple[int, ...]
    factor: bool = False
    of: str = LAND


@dataclass(frozen=True)
class Domain:
    """What is simulated, and what is compared; the own slab of places and nodes, everything else whole.

    forcing     [time, row, own place]
    geometry    [row, own place]
    base        [parameter, place] and river_base [parameter, node]: values of what is not learned
    learned     what the rows of the network's values are, in its order
    node_place  [node] place whose value a node takes, -1: it keeps that of river_base
    inputs      [place, input] of the network
    gauges      [gauge] nodes in ascending order, and area [gauge], m2 upstream
    observed    [time, gauge] mm d-1 over that area, NaN = gap
    places, nodes, at_gauges   the cut of all three between ranks
    """

    forcing: Tensor
    geometry: Tensor
    base: Tensor
    river_base: Tensor
    learned: tuple[Learned, ...]
    node_place: Tensor
    inputs: Tensor
    gauges: Tensor
    area: Tensor
    observed: Tensor
    places: Slabs
    nodes: Slabs
    at_gauges: Slabs


class Basins(nn.Module):
    """Physics and rivers of a domain as one function of the network's values."""

    def __init__(self, physics: Physics, river: River, domain: Domain) -> None:
        super().__init__()
        self.physics, self.river, self.domain = physics, river, domain

    def parameters_of(self, values: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Parameters [parameter, place] and [parameter, node], and factors of the forcing [row, place].

        Of all places, from the learned values [row, place]; None: those to begin with.
        """
        domain = self.domain
        rows = {
            LAND: list(domain.base),
            RIVER: list(domain.river_base),
            WEATHER: list(domain.base.new_ones((domain.forcing.shape[1], domain.base.shape[1]))),
        }
        known, place = domain.node_place >= 0, domain.node_place.clamp(min=0)
        for what, value in zip(domain.learned, () if values is None else values, strict=values is not None):
            target = rows[what.of]
            here = value[place] if what.of == RIVER else value
            for row in what.rows:
                new = target[row] * here if what.factor else here
                target[row] = torch.where(known, new, target[row]) if what.of == RIVER else new
        land, river, weather = (torch.stack(rows[name]) for name in (LAND, RIVER, WEATHER))
        return land, river, weather

    def forward(self, values: Tensor | None, period: Period, warmup: int) -> Tensor:
        """Discharge at the gauges [time, gauge], mm d-1 over their areas, of the days of the period.

        The `warmup` days before it (fewer where the data begin later) run without gradient.
        """
        domain, (start, stop) = self.domain, period
        land, river, weather = self.parameters_of(values)
        land, weather = domain.places.share(land)[:, None], domain.places.share(weather)
        river = domain.nodes.share(river)
        first = max(0, start - warmup)
        stores = water = None
        if first < start:
            with torch.no_grad():
                stores, water = self._warm_up(self._forcing(first, start, weather), land, river)
        forcing = self._forcing(start, stop, weather)
        runoff, _ = self.physics(forcing, land, state=stores, geometry=self._geometry())
        flow, _ = self.river(runoff[:, 0], river, water)
        own = domain.gauges[domain.at_gauges.low : domain.at_gauges.high] - domain.nodes.low
        return domain.at_gauges.collect(flow[:, own]) * (86400e3 / domain.area)

    def _forcing(self, start: int, stop: int, factors: Tensor) -> Tensor:
        """Forcing of some days, multiplied where factors of it are learned."""
        forcing = self.domain.forcing[start:stop]
        if not any(what.of == WEATHER for what in self.domain.learned):
            return forcing
        return forcing * factors

    def _warm_up(self, forcing: Tensor, land: Tensor, river: Tensor) -> tuple[Tensor, Tensor]:
        runoff, stores = self.physics(forcing, land, geometry=self._geometry())
        return stores, self.river(runoff[:, 0], river)[1]

    def _geometry(self) -> Tensor | None:
        return self.domain.geometry if self.domain.geometry.shape[0] else None


class RiverTrainer(Trainer):
    """As Trainer, one step of all cells and days per epoch.

    periods   first day and day behind the last by name: training, and where asked for validation
    """

    def __init__(
        self,
        network: Shifts,
        basins: Basins,
        loss: Loss,
        plan: Plan,
        periods: dict[str, Period],
        warmup: int,
    ) -> None:
        self.network, self.basins, self.physics = network, basins, basins.physics
        self.variables = network.variables
        self.loss, self.plan, self.periods, self.warmup = loss, plan, periods, warmup
        self.validation = periods.get("validation")
        self.optimiser = optimisers.optimiser(
            plan.optimiser, network.parameters(), plan.learning_rate, plan.weight_decay
        )
        self.steps = 1
        self.deviation = _deviation(self._observed("training"))
        self.progress = Progress()
        self.clock = Stopwatch(basins.domain.forcing.device)

    def _observed(self, name: str) -> Tensor:
        return self.basins.domain.observed[slice(*self.periods[name])]

    def _step(self) -> None:
        with self.clock.stage("network"):
            values = self.network(self.basins.domain.inputs)
            leaf = values.detach().requires_grad_()
        with self.clock.stage("kernel"):
            simulated = self.basins(leaf, self.periods["training"], self.warmup)
        with self.clock.stage("loss"):
            loss = self.loss(simulated, self._observed("training"), self.deviation)
        with self.clock.stage("kernel"):
            loss.backward()
        with self.clock.stage("network"):
            self.optimiser.zero_grad(set_to_none=True)
            values.backward(leaf.grad)
            norm = nn.utils.clip_grad_norm_(self.network.parameters(), self.plan.clip or math.inf)
            self._require_number(float(loss.detach()), float(norm))
            self.optimiser.step()
        self.progress.step += 1

    def _require_number(self, loss: float, norm: float) -> None:
        if not (math.isfinite(loss) and math.isfinite(norm)):
            what = "the loss" if not math.isfinite(loss) else "the gradient"
            raise ArithmeticError(
                f"{what} of epoch {self.progress.epoch + 1} is not a finite number: try a smaller learning_rate or clip"
            )
        self.progress.loss_sum += loss
        self.progress.norm_sum += norm

    @torch.no_grad()
    def simulate(self, period: Period) -> Tensor:
        """Discharge at the gauges [time, gauge], mm d-1, with the network as it is."""
        return self.basins(self.network(self.basins.domain.inputs), period, self.warmup)

    def validate(self) -> float | None:
        """Mean NSE over the gauges with observations in the validation period; None where there is none."""
        if self.validation is None:
            return None
        self.network.eval()
        return float(torch.nanmean(nse_by_place(self.simulate(self.validation), self._observed("validation"))))

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


def _deviation(observed: Tensor) -> Tensor:
    """Standard deviation [gauge] of what was observed."""
    known = torch.isfinite(observed)
    count = known.sum(0).clamp(min=1)
    mean = torch.where(known, observed, 0.0).sum(0) / count
    return torch.sqrt(torch.where(known, (observed - mean) ** 2, 0.0).sum(0) / count)
