"""VIC at a site as a function of a few of its parameters, and the gradient search for them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from freshet.driver.vic.assemble import assemble
from freshet.kernels.registry import model
from freshet.kernels.routing import unit_hydrograph as uh
from freshet.nn.physics import Physics

from vic_site_parameters import DEPTHS, parameters
from vic_site_records import STEPS, Record

FORM: dict[str, Any] = {"energy": True, "substeps": 1}
# Bounds of those that are not declared as trainable. FACTORS multiply their rows of all months or layers.
FACTORS = {"leaf_area_index": (0.3, 3.0), "albedo": (0.6, 1.6), "roughness": (0.1, 5.0), "expt": (0.5, 2.0)}
OTHER = {"rmin": (20.0, 300.0)}
DAILY_SUMS = ("runoff", "evaporation")
MILLIMETRES = {"snow_water_equivalent": 1000.0}
RATE = 0.2  # of the search, at its beginning
LEAST = 1e-3  # mm d-1, that square roots have slopes
TINY = 1e-12


@dataclass(frozen=True)
class Free:
    """One of the parameters that are searched: its rows (none: of the unit hydrograph), what it is uncalibrated,
    bounds, whether it multiplies what the rows have.
    """

    name: str
    rows: tuple[int, ...]
    begin: float
    low: float
    high: float
    factor: bool

    def value(self, z: torch.Tensor) -> torch.Tensor:
        """From any number; by its logarithm where the bounds lie more than a factor of ten apart."""
        share = torch.sigmoid(z)
        if self.by_logarithm:
            return self.low * (self.high / self.low) ** share
        return self.low + (self.high - self.low) * share

    def number(self) -> float:
        """The number of the uncalibrated value, a little inside the bounds."""
        if self.by_logarithm:
            share = np.log(self.begin / self.low) / np.log(self.high / self.low)
        else:
            share = (self.begin - self.low) / (self.high - self.low)
        share = min(max(share, 0.02), 0.98)
        return float(np.log(share / (1.0 - share)))

    @property
    def by_logarithm(self) -> bool:
        return self.low > 0.0 and self.high / self.low > 10.0


class Site:
    """VIC with the parameters of a record's description; daily outputs of any values of the free parameters."""

    def __init__(self, record: Record) -> None:
        self.record, self.model = record, model("vic", **FORM)
        made = assemble(parameters(record.about), self.model)
        components, places = made.weights.shape
        names = [variable.name for variable in self.model.parameters]
        self.given = torch.from_numpy(made.parameters.reshape(-1, components, places))
        self.state = torch.from_numpy(made.state.reshape(-1, components, places))
        self.geometry, self.weights = torch.from_numpy(made.geometry), torch.from_numpy(made.weights)
        self.states = [variable.name for variable in self.model.states]
        self.free = [self._free(name, names) for name in record.calibrated]
        self.depths = [names.index(f"depth_{k}") for k in (1, 2, 3)]
        self.outputs = tuple("runoff" if name == "streamflow" else name for name in record.observed)
        self.physics = Physics(self.model, components, self.outputs)
        forcing = torch.from_numpy(record.forcing)
        self.forcing = torch.cat([forcing[: record.spin_up * STEPS], forcing])

    def _free(self, name: str, names: list[str]) -> Free:
        bounds = {v.name: (v.low, v.high) for v in self.model.trainable} | OTHER
        if name in FACTORS:
            rows = tuple(k for k, own in enumerate(names) if own.rpartition("_")[0] == name)
            return Free(name, rows, 1.0, *FACTORS[name], True)
        routing = {v.name: v for v in uh.PARAMETERS}
        if name in routing:
            return Free(name, (), routing[name].default, routing[name].low, routing[name].high, False)
        row = names.index(name)
        return Free(name, (row,), float(self.given[row, 0, 0]), *bounds[name], False)

    def simulate(self, found: dict[str, torch.Tensor], days: int) -> dict[str, torch.Tensor]:
        """The first `days` of the record [day] by name of what was measured; found: values of the free parameters."""
        given, routing = list(self.given), {v.name: torch.tensor(v.default) for v in uh.PARAMETERS}
        for each in self.free:
            if each.name not in found:
                continue
            if not each.rows:
                routing[each.name] = found[each.name]
            for row in each.rows:
                given[row] = found[each.name] * given[row] if each.factor else found[each.name].expand_as(given[row])
        state = list(self.state)
        for k, row in enumerate(self.depths):
            moist = self.states.index(f"soil_moisture_{k + 1}")
            state[moist] = state[moist] * (given[row] / DEPTHS[k])
        steps = (self.record.spin_up + days) * STEPS
        outputs, _ = self.physics(
            self.forcing[:steps], torch.stack(given), state=torch.stack(state), geometry=self.geometry,
            weights=self.weights,
        )  # fmt: skip
        return self._daily(outputs[..., 0], torch.stack([routing["route_a"], routing["route_b"]]))

    def _daily(self, outputs: torch.Tensor, routing: torch.Tensor) -> dict[str, torch.Tensor]:
        by_day = outputs.reshape(-1, STEPS, outputs.shape[1])
        found = {}
        for k, (name, output) in enumerate(zip(self.record.observed, self.outputs, strict=True)):
            values = by_day[:, :, k].sum(1) if output in DAILY_SUMS else by_day[:, :, k].mean(1)
            if name == "streamflow":
                values = _Routed.apply(values, routing)
            found[name] = MILLIMETRES.get(name, 1.0) * values[self.record.spin_up :]
        return found

    def calibrate(self, days: int, iterations: int, say=None) -> dict[str, float]:
        """Values of the free parameters with the least loss in the first `days`, by Adam from the uncalibrated ones."""
        z = torch.tensor([each.number() for each in self.free], dtype=torch.float64, requires_grad=True)
        search = torch.optim.Adam([z], lr=RATE, betas=(0.8, 0.95))
        decline = torch.optim.lr_scheduler.CosineAnnealingLR(search, iterations + 1, 0.1 * RATE)
        best, least = {}, np.inf
        for k in range(iterations + 1):
            found = {each.name: each.value(part) for each, part in zip(self.free, z, strict=True)}
            lost = self._loss(self.simulate(found, days), days)
            value = lost.item()
            if value < least:
                least, best = value, _numbers(found)
            if say:
                say(k, value, _numbers(found))
            if k == iterations:
                break
            search.zero_grad()
            lost.backward()
            search.step()
            decline.step()
        return best

    def _loss(self, simulated: dict[str, torch.Tensor], days: int) -> torch.Tensor:
        measured = {name: torch.from_numpy(values[:days]) for name, values in self.record.observed.items()}
        parts = [loss(values, measured[name], name == "streamflow") for name, values in simulated.items()]
        return torch.stack(parts).mean()


def _numbers(found: dict[str, torch.Tensor]) -> dict[str, float]:
    return {name: value.item() for name, value in found.items()}


def loss(simulated: torch.Tensor, observed: torch.Tensor, of_roots: bool = False) -> torch.Tensor:
    """1 - (NSE + KGE)/2 over the days that were measured; of_roots: of square roots, but for the ratio of the means.

    Five days of floods, larger than the rain of their gauges, may have half of the variance of 17 years of discharge.
    """
    known = torch.isfinite(observed)
    s, o = simulated[known], observed[known]
    ratio = s.mean() / o.mean()
    if of_roots:
        s, o = torch.sqrt(s.clamp(min=0.0) + LEAST), torch.sqrt(o + LEAST)
    own, other = s - s.mean(), o - o.mean()
    missed = ((s - o) ** 2).sum() / (other**2).sum()
    spread, wanted = torch.sqrt((own**2).mean() + TINY), torch.sqrt((other**2).mean())
    correlation = (own * other).mean() / (spread * wanted)
    apart = (correlation - 1.0) ** 2 + (spread / wanted - 1.0) ** 2 + (ratio - 1.0) ** 2
    return 0.5 * (missed + torch.sqrt(apart + TINY))


class _Routed(torch.autograd.Function):
    """Daily runoff [day] through the gamma unit hydrograph of routing (route_a, route_b)."""

    @staticmethod
    def forward(ctx: Any, flow: torch.Tensor, routing: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(flow, routing)
        shape = routing.detach().numpy().astype(np.float64)[:, None]
        series = np.ascontiguousarray(flow.detach().numpy()[:, None, None])
        return torch.from_numpy(uh.route(series, uh.ordinates(*shape))[0][:, 0, 0].copy())

    @staticmethod
    def backward(ctx: Any, d_routed: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        flow, routing = (part.detach().numpy() for part in ctx.saved_tensors)
        shape = routing.astype(np.float64)[:, None]
        series = np.ascontiguousarray(flow[:, None, None])
        given = np.ascontiguousarray(d_routed.numpy()[:, None, None])
        d_flow, d_ordinates, _ = uh.route_adjoint(series, uh.ordinates(*shape), given)
        d_shape = np.concatenate(uh.ordinates_adjoint(*shape, d_ordinates))
        return torch.from_numpy(d_flow[:, 0, 0].copy()), torch.from_numpy(d_shape)
