"""The PyTorch version of HBV that we time ourselves against must itself be right (shared/reference/hbv)."""

import numpy as np
import pytest
import torch
import xarray as xr
from freshet.kernels.registry import model
from freshet.kernels.routing.declarations import VARIABLES

import torch_hbv
from hbv_reference import cases

pytestmark = pytest.mark.parity

FORCINGS = ("P", "T", "PET")
ALL = {variable.name: variable.symbol for variable in model("hbv", version="2.0").outputs + VARIABLES}


class Inputs:
    """One flux file as arguments of torch_hbv.simulate, every one of them asking for its gradient."""

    def __init__(self, data: xr.Dataset, dtype: torch.dtype = torch.float64):
        self.data, self.dtype = data, dtype
        names = [name for name in data.data_vars if name.startswith("par")]
        self.parameters = {name.removeprefix("par").lower(): self.leaf(name) for name in names}
        self.rows = [self.leaf(name) for name in FORCINGS]
        self.start = self.leaf("initial_state")
        self.routing = [self.leaf("route_a"), self.leaf("route_b")]
        self.weights = self.leaf("weights") if "weights" in data else None
        self.geometry = ()
        if "rt" in self.parameters:
            self.geometry = tuple(self.tensor(name) for name in ("upstream_area", "elevation"))

    def tensor(self, name: str) -> torch.Tensor:
        return torch.tensor(self.data[name].values, dtype=self.dtype)

    def leaf(self, name: str) -> torch.Tensor:
        return self.tensor(name).requires_grad_()

    def run(self, outputs: tuple[str, ...], through=torch_hbv.days):
        return torch_hbv.simulate(
            torch.stack(self.rows, 1),
            self.parameters,
            self.start.unbind(0),
            torch.stack(self.routing),
            geometry=self.geometry,
            weights=self.weights,
            outputs=outputs,
            through=through,
        )

    def leaves(self) -> dict[str, torch.Tensor]:
        """Everything with a reference gradient, by the name of that gradient."""
        found = {f"par{name.upper()}": values for name, values in self.parameters.items()}
        found |= dict(zip(FORCINGS, self.rows, strict=True))
        found |= {"route_a": self.routing[0], "route_b": self.routing[1], "initial_state": self.start}
        return found | ({} if self.weights is None else {"weights": self.weights})


def loss(inputs: Inputs, kind: str, through=torch_hbv.days) -> torch.Tensor:
    """The scalar of gradQ_* (flow) or gradM_* (flow, evaporation, snow, recharge and final state)."""
    weights = {"streamflow": "wQ"}
    if kind == "M":
        weights |= {"evaporation": "wE", "snowpack": "wS", "recharge": "wR"}
    outputs, state = inputs.run(tuple(weights), through)
    scalar = sum((outputs[:, k] * inputs.tensor(name)).sum() for k, name in enumerate(weights.values()))
    return scalar + (torch.stack(state) * inputs.tensor("w_final_state")).sum() if kind == "M" else scalar


def assert_gradients_agree(inputs: Inputs, kind: str, tolerance: float) -> None:
    for name, leaf in inputs.leaves().items():
        reference = inputs.data[f"grad{kind}_{name}"].values
        free = inputs.data["tie_day"].values == 0 if name == "P" else ...
        error = np.abs(leaf.grad.numpy() - reference)[free].max()
        assert error <= tolerance * np.abs(reference[free]).max(), name


@pytest.mark.parametrize("path", cases("flux"))
def test_torch_outputs_agree_to_1e_10(path):
    inputs = Inputs(xr.load_dataset(path))
    expected = {}
    for name, symbol in ALL.items():
        for key in (f"state_{symbol}", f"out_{symbol}"):
            if symbol and key in inputs.data:
                expected[name] = inputs.data[key].values
    assert {"streamflow", "streamflow_baseflow", "snow_release", "evaporation_factor"} <= set(expected)
    with torch.no_grad():
        outputs, state = inputs.run(tuple(expected))
    for k, (name, series) in enumerate(expected.items()):
        np.testing.assert_allclose(outputs[:, k].numpy(), series, rtol=0, atol=1e-10, err_msg=name)
    np.testing.assert_allclose(torch.stack(state).numpy(), inputs.data["final_state"].values, rtol=0, atol=1e-10)


@pytest.mark.parametrize("kind", ["Q", "M"])
@pytest.mark.parametrize("path", cases("flux"))
def test_torch_gradients_agree_to_1e_9(path, kind):
    inputs = Inputs(xr.load_dataset(path))
    loss(inputs, kind).backward()
    assert_gradients_agree(inputs, kind, 1e-9)


def test_ten_days_to_a_graph_are_the_same_model_as_all_days_at_once():
    """Traced as for torch.compile, but run by torch itself: translating to C++ would take a minute more."""
    data = synthetic(days=23)
    whole, cut = Inputs(data), Inputs(data)
    expected, found = loss(whole, "M"), loss(cut, "M", torch_hbv.compiled_days(backend="eager"))
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)
    expected.backward()
    found.backward()
    for name, leaf in whole.leaves().items():
        scale = leaf.grad.abs().max().item()
        torch.testing.assert_close(cut.leaves()[name].grad, leaf.grad, rtol=0, atol=1e-12 * scale)


def synthetic(days: int, places: int = 3, components: int = 2) -> xr.Dataset:
    """Random inputs of form 2.0, named as in the reference files, with a daily beta."""
    pick = np.random.default_rng(4).uniform
    cells, series = (places, components), (days, places)
    held = {f"par{v.symbol}": pick(v.low, v.high, cells) for v in model("hbv", version="2.0").parameters}
    held["parBETA"] = pick(1, 6, (days, *cells))
    held |= {"P": pick(0, 20, series), "T": pick(-9, 20, series), "PET": pick(0, 5, series)}
    held |= {"initial_state": pick(0, 50, (5, *cells)), "w_final_state": pick(-1, 1, (5, *cells))}
    held |= {name: pick(0.1, 2, places) for name in ("route_a", "route_b")}
    held |= {"upstream_area": pick(100, 4000, places), "elevation": pick(0, 4000, places)}
    held |= {name: pick(-1, 1, series) for name in ("wQ", "wE", "wS", "wR")}
    return xr.Dataset({name: ([f"{name}_{k}" for k in range(v.ndim)], v) for name, v in held.items()})
