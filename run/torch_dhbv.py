"""δHBV in plain PyTorch, as its authors train it: the peer that run/benchmark_training.py times our training against.

The same weights give the same flow as freshet's DailyNetwork. Attributes are repeated for every day beside the weather,
the LSTM is torch's, dynamic parameters come from warm-up and window in one go, and HBV is a loop over days in torch
operations (run/torch_hbv.py) with gradients by autograd; the warm-up of HBV runs without (Feng et al., 2022).
"""

from collections.abc import Callable

import torch
from freshet.nn.losses import Loss
from freshet.nn.network_lstm import DailyNetwork
from freshet.nn.trainer import Trainer
from torch import Tensor, nn

import torch_hbv

NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


class PlainNetwork(nn.Module):
    """Linear, ReLU, LSTM with dropout of weights, linear; weights taken from one of freshet's."""

    def __init__(self, ours: DailyNetwork):
        super().__init__()
        first, last = ours.layers.first, ours.last
        self.weather, self.ranges, self.names = ours.layers.weather, ours.ranges, ours.names
        self.variables, self.components, self.window = list(ours.number), ours.components, ours.window
        self.first, self.last = (nn.Linear(layer.in_features, layer.out_features) for layer in (first, last))
        self.lstm = nn.LSTM(first.out_features, last.in_features)
        self.dropout = ours.layers.lstm.dropout
        for mine, theirs in ((self.first, first), (self.lstm, ours.layers.lstm), (self.last, last)):
            mine.load_state_dict(theirs.state_dict())

    def forward(self, forcing: Tensor, attributes: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Parameters by name, [place, component] or [time, place, component], and the routing [2, place]."""
        days = forcing if self.names else forcing[-self.window :]
        inputs = torch.cat([self.weather(days), attributes.expand(len(days), -1, -1)], -1)
        drop = self.dropout if self.training else 0.0
        weights = {name: getattr(self.lstm, name) for name in NAMES}
        weights |= {name: nn.functional.dropout(weights[name], drop) for name in NAMES[:2]}
        hidden = torch.func.functional_call(self.lstm, weights, (torch.relu(self.first(inputs)),))[0]
        raw = self.last(hidden if self.names else hidden[-1:])  # of every day, as the authors do
        values = self.ranges.low[:, 0] + self.ranges.width[:, 0] * torch.sigmoid(raw)
        split = len(self.variables) * self.components
        rows = values[..., :split].unflatten(-1, (len(self.variables), self.components)).unbind(2)
        found = {
            name: row if name in self.names else row[-1] for name, row in zip(self.variables, rows, strict=True)
        }  # fmt: skip
        return found, values[-1, :, split:].T


class PlainTraining:
    """The same step as freshet's Trainer takes, in plain torch: draws from its sampler, an optimiser of its own."""

    def __init__(self, trainer: Trainer, network: Callable, through: Callable = torch_hbv.days):
        self.trainer, self.network, self.through = trainer, network, through
        rule = type(trainer.optimiser)
        self.optimiser = rule(network.parameters(), **trainer.optimiser.defaults)
        self.clock = trainer.clock

    def flow(self, forcing: Tensor, parameters: dict[str, Tensor], routing: Tensor, warmup: int) -> Tensor:
        """Flow [time, place] of the days behind the warm-up; flow of its last days reaches into them."""
        places, components = forcing.shape[2], self.network.components
        state = tuple(torch.full((places, components), 0.001) for _ in torch_hbv.STATES)
        ahead = min(warmup, torch_hbv.LAGS - 1)
        first = warmup - ahead
        with torch.no_grad():  # with every dynamic parameter as on the last day
            still = {name: row[first - 1] if row.ndim == 3 else row for name, row in parameters.items()}
            _, state = torch_hbv.simulate(forcing[:first], still, state, routing, through=self.through)
        scored = {name: row[first:] if row.ndim == 3 else row for name, row in parameters.items()}
        found, _ = torch_hbv.simulate(forcing[first:], scored, state, routing, through=self.through)
        return found[ahead:, 0]

    def step(self) -> None:
        """One minibatch; stages are told apart as freshet does, by cutting the graph at the parameters."""
        trainer, loss_of = self.trainer, self.trainer.loss
        with self.clock.stage("loading"):
            batch = trainer.sampler.draw()
        with self.clock.stage("network"):
            parameters, routing = self.network(batch.forcing, batch.attributes)
        values = [*parameters.values(), routing]
        leaves = [value.detach().requires_grad_() for value in values]
        with self.clock.stage("kernel"):
            named = dict(zip(parameters, leaves, strict=False))
            simulated = self.flow(batch.forcing, named, leaves[-1], trainer.sampler.warmup)
            self._loss(loss_of, simulated, batch).backward()
        with self.clock.stage("network"):
            self.optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward(values, [leaf.grad for leaf in leaves])
            nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimiser.step()

    def _loss(self, loss: Loss, simulated: Tensor, batch) -> Tensor:
        return loss(simulated, batch.observed, self.trainer.deviation[batch.place])
