"""HBV against the outputs and gradients of the published programs (shared/reference/hbv)."""

import json

import numpy as np
import pytest
import torch
import xarray as xr
from freshet.kernels.routed import simulate_routed, simulate_routed_adjoint
from freshet.kernels.routing import unit_hydrograph as uh
from freshet.kernels.routing.declarations import VARIABLES
from freshet.nn.physics import Physics

from hbv_reference import Case, cases, cells, model_for

pytestmark = pytest.mark.parity


def run(case: Case, outputs: tuple[str, ...], **options):
    return simulate_routed(
        case.model, case.forcing, case.parameters, case.routing, case.state, outputs=outputs, **case.options, **options
    )


def expected_outputs(case: Case) -> dict[str, np.ndarray]:
    """Reference series [time, basin] by our name: fluxes and routed flows as out_, states as state_."""
    found = {}
    for variable in case.model.outputs + VARIABLES:
        for key in (f"out_{variable.symbol}", f"state_{variable.symbol}"):
            if variable.symbol and key in case.data:
                found[variable.name] = case.data[key].values
    if "out_SWE" in case.data:
        found["snowpack"] = case.data["out_SWE"].values
    return found


@pytest.mark.parametrize("path", cases("flux"))
def test_outputs_agree_to_1e_10_in_float64(path):
    case = Case(xr.load_dataset(path), np.float64)
    expected = expected_outputs(case)
    assert {"streamflow", "runoff", "evaporation", "snowpack", "recharge"} <= set(expected)
    done = run(case, tuple(expected))
    for k, (name, series) in enumerate(expected.items()):
        np.testing.assert_allclose(done.outputs[:, k], series, rtol=0, atol=1e-10, err_msg=name)
    np.testing.assert_allclose(done.state, cells(case.data["final_state"].values), rtol=0, atol=1e-10)
    flow = done.outputs[:, list(expected).index("streamflow")].sum(0)
    base = done.outputs[:, list(expected).index("streamflow_baseflow")].sum(0)
    np.testing.assert_allclose(100 * base / (flow + 1e-5), case.data["out_BFI"].values, rtol=0, atol=1e-8)


@pytest.mark.parametrize("path", cases("flux"))
def test_flow_agrees_to_3e_5_mm_per_day_in_float32(path):
    case = Case(xr.load_dataset(path), np.float32)
    done = run(case, ("streamflow",))
    assert done.outputs.dtype == np.float32
    np.testing.assert_allclose(done.outputs[:, 0], case.data["out_streamflow"].values, rtol=0, atol=3e-5)


def losses(case: Case, kind: str):
    """Names of the outputs in the loss and the weights of each, and of the final state."""
    data, weights = case.data, {"streamflow": "wQ"}
    if kind == "M":
        weights |= {"evaporation": "wE", "snowpack": "wS", "recharge": "wR"}
    d_outputs = case.array(np.stack([data[name].values for name in weights.values()], 1))
    d_state = np.zeros_like(case.state)
    if kind == "M":
        d_state = case.array(cells(data["w_final_state"].values))
    return tuple(weights), d_outputs, d_state


def gradients(case: Case, kind: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Ours and the reference's gradient by the reference's name; P only on days without a tie."""
    outputs, d_outputs, d_state = losses(case, kind)
    done = run(case, outputs, checkpoints=True)
    found = simulate_routed_adjoint(
        case.model, done, case.forcing, case.parameters, case.routing, d_outputs, d_state,
        outputs=outputs, want_forcing=True, want_weights=case.weights is not None, **case.options,
    )  # fmt: skip
    ours = {"initial_state": found.model.state, "route_a": found.routing[0], "route_b": found.routing[1]}
    for row, variable in enumerate(case.model.parameters):
        ours[f"par{variable.symbol}"] = found.model.parameters[row]
    for row, name in enumerate(case.dynamic_names):
        ours[f"par{name.upper()}"] = found.model.dynamic[:, row]
    for row, variable in enumerate(case.model.forcings):
        ours[variable.symbol] = found.model.forcing[:, row]
    if case.weights is not None:
        ours["weights"] = found.model.weights.T
    pairs = {}
    for name, mine in ours.items():
        reference = case.data[f"grad{kind}_{name}"].values
        if name.startswith("par") or name == "initial_state":
            reference = cells(reference)
        free = case.data["tie_day"].values == 0 if name == "P" else ...
        pairs[name] = (mine[free], reference[free])
    listed = {key.split("_", 1)[1] for key in case.data.data_vars if key.startswith(f"grad{kind}_")}
    assert listed == set(pairs)
    return pairs


@pytest.mark.parametrize("kind", ["Q", "M"])
@pytest.mark.parametrize("path", cases("flux"))
def test_gradients_agree_to_1e_9_in_float64(path, kind):
    for name, (ours, reference) in gradients(Case(xr.load_dataset(path), np.float64), kind).items():
        assert np.abs(ours - reference).max() <= 1e-9 * np.abs(reference).max(), name


@pytest.mark.parametrize("kind", ["Q", "M"])
@pytest.mark.parametrize("path", cases("flux"))
def test_gradients_agree_to_1e_5_in_float32(path, kind):
    data = xr.load_dataset(path)
    assert json.loads(data.attrs["float32_check"])["f32_grad_relL2"]
    for name, (ours, reference) in gradients(Case(data, np.float32), kind).items():
        assert np.linalg.norm(ours - reference) <= 1e-5 * np.linalg.norm(reference), name


@pytest.mark.parametrize("path", cases("unit_hydrograph"))
def test_unit_hydrograph_and_its_derivatives_agree_to_1e_12(path):
    data = xr.load_dataset(path)
    a, b = data["route_a"].values, data["route_b"].values
    lags = data.sizes["lag"]
    order = (..., "lag", "n")
    np.testing.assert_allclose(uh.ordinates(a, b, lags), data["weight"].transpose(*order).values, rtol=0, atol=1e-12)
    for k in range(lags):
        unit = np.zeros((lags, a.size))
        unit[k] = 1.0
        d_a, d_b = uh.ordinates_adjoint(a, b, unit)
        scale = max(1.0, float(np.abs(data["dweight_da"]).max()))
        np.testing.assert_allclose(d_a, data["dweight_da"].transpose(*order).values[k], rtol=0, atol=1e-12 * scale)
        np.testing.assert_allclose(d_b, data["dweight_db"].transpose(*order).values[k], rtol=0, atol=1e-12 * scale)


def physical(raw: torch.Tensor, names: list[str], components: int):
    """Parameters [row, time, component, place] and routing [2, place] of the last day, from raw network outputs."""
    model = model_for(names)
    share = torch.sigmoid(raw).permute(2, 0, 1)
    rows = share[:-2].reshape(len(names), components, *share.shape[1:]).transpose(1, 2)
    low = torch.tensor([v.low for v in model.parameters], dtype=raw.dtype).view(-1, 1, 1, 1)
    high = torch.tensor([v.high for v in model.parameters], dtype=raw.dtype).view(-1, 1, 1, 1)
    ends = torch.tensor([v.high for v in uh.PARAMETERS], dtype=raw.dtype).view(2, 1)
    return model, low + rows * (high - low), share[-2:, -1] * ends


@pytest.mark.parametrize("path", cases("raw"))
def test_whole_module_from_raw_network_outputs_with_warm_up(path):
    data = xr.load_dataset(path)
    components, warm_up = int(data.attrs["components"]), int(data.attrs["warm_up"])
    names = [name.removeprefix("par").lower() for name in data.attrs["parameter_order"].split()[:-2]]
    raw = torch.tensor(data["raw"].values, requires_grad=True)
    model, daily, routing = physical(raw, names, components)
    forcing = torch.tensor(np.stack([data[v.symbol].values for v in model.forcings], 1))
    varying = [n.removeprefix("par").lower() for n in data.attrs["dynamic_parameters"].split() if n != "none"]
    physics = Physics(model, components)
    spin = Physics(model, components)
    with torch.no_grad():
        zero = torch.zeros(2, forcing.shape[2], dtype=forcing.dtype)
        start = spin(forcing[:warm_up], daily[:, warm_up - 1].contiguous(), zero)[1]
    expected = data["state_after_warmup"].values
    np.testing.assert_allclose(start.permute(0, 2, 1).numpy(), expected, rtol=0, atol=1e-10)
    flow, final = physics(
        forcing[warm_up:],
        daily[:, -1],
        routing,
        dynamic={name: daily[names.index(name), warm_up:] for name in varying},
        state=start,
    )
    np.testing.assert_allclose(flow[:, 0].detach().numpy(), data["streamflow"].values, rtol=0, atol=1e-10)
    np.testing.assert_allclose(final.detach().permute(0, 2, 1).numpy(), data["final_state"].values, rtol=0, atol=1e-10)
    (flow[:, 0] * torch.tensor(data["w"].values)).sum().backward()
    reference = data["grad_raw"].values
    assert np.abs(raw.grad.numpy() - reference).max() <= 1e-9 * np.abs(reference).max()
