"""HydroPy's vertical water balance against the outputs of the original and its gradients (shared/reference/hydropy)."""

import numpy as np
import pytest
import xarray as xr
from freshet.kernels.hydropy import derive
from freshet.kernels.simulate import simulate, simulate_adjoint

from hydropy_reference import SECONDS, OneStep, Run, cases

pytestmark = pytest.mark.parity


def run(case: OneStep | Run, outputs: tuple[str, ...], **options):
    arrays = case.arrays
    return simulate(
        case.model, arrays["forcing"], arrays["parameters"], arrays["state"],
        geometry=arrays["geometry"], outputs=outputs, **options,
    )  # fmt: skip


def require_close(found: np.ndarray, expected: np.ndarray, tolerance: float, name: str) -> None:
    """Within a share of the largest value, of each variable."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * np.abs(expected).max(), err_msg=name)


def require_near(found: np.ndarray, expected: np.ndarray, dtype: type, name: str) -> None:
    """To 1e-10 of the largest value in float64. Float32 rounds the water that passes a store: tell by its amount."""
    if dtype is np.float64:
        require_close(found, expected, 1e-10, name)
    else:
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=2e-3, err_msg=name)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("path", cases("onestep_*[!d].nc"))
def test_one_day_of_many_cells_agrees(path, dtype):
    case = OneStep(path, dtype)
    expected = case.expected()
    assert len(expected) >= 7 + 15
    done = run(case, tuple(expected))
    for k, (name, values) in enumerate(expected.items()):
        require_near(done.outputs[0, k], values, dtype, name)


def series(case: Run, kind: str) -> dict[str, np.ndarray]:
    """The original's series [time, cell] of all cells or some, by our names, in mm and mm d-1."""
    found = {}
    for variable in case.model.outputs:
        key = f"{kind}_{variable.symbol}"
        if variable.symbol and key in case.outputs:
            scale = SECONDS if variable.unit == "mm d-1" else 1.0
            found[variable.name] = case.outputs[key].values * scale
    return found


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("path", cases("*_inputs.nc"))
def test_every_day_of_a_run_on_a_grid_agrees(path, dtype):
    case = Run(path, dtype)
    place = np.cumsum(case.active) - 1
    chosen = case.outputs["cell_index"].values
    land = case.active[chosen]
    expected = series(case, "day")
    assert len(expected) >= 7 + 15
    done = run(case, tuple(expected))
    for k, (name, values) in enumerate(expected.items()):
        found = done.outputs[:, k][:, place[chosen[land]]]
        require_near(found, values[:, land], dtype, name)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("path", cases("*_inputs.nc"))
def test_every_cell_of_a_run_on_a_grid_agrees(path, dtype):
    case = Run(path, dtype)
    expected, days = series(case, "snap"), case.outputs["snap"].values
    assert len(expected) >= 7 + 12
    done = run(case, tuple(expected))
    for k, (name, values) in enumerate(expected.items()):
        require_near(done.outputs[days, k], values[:, case.active], dtype, name)


@pytest.mark.parametrize("path", cases("*_inputs.nc"))
def test_parameters_derived_from_the_fields_agree(path):
    case = Run(path)
    fields = {name[4:]: case[name] for name in case.data.data_vars if name.startswith("par_")}
    rows, found = derive.soil_parameters(fields), case.lags(fields)
    rows |= {"lag_land": found.lag_land, "lag_base": found.lag_base, "lag_river": found.lag_river}
    rows |= {"ncasc_river": found.river_reservoirs, "b": rows["beta_oro"], "wilt": rows["wcap"] - rows["wava"]}
    rows |= {"boro": derive.orography(fields["topo_std"]), "crit": 0.75 * rows["wcap"], "wlow": 0.05 * rows["wcap"]}
    names = [name[4:] for name in case.data.data_vars if name.startswith("der_")]
    assert len(names) == 12
    for name in names:
        soil = name in ("wcap", "wmin", "wmax", "wilt", "crit", "wlow")
        cells = case.active if soil else slice(None)
        require_close(rows[name][cells], case["der_" + name][cells], 1e-13, name)


def gradients(case: OneStep, weights: xr.Dataset) -> dict[str, np.ndarray]:
    """Gradient of the file's J with respect to the original's raw variables, by its names."""
    model, arrays = case.model, case.arrays
    outputs = tuple(v.name for v in model.fluxes if f"w_out_{v.symbol}" in weights)
    d_state = np.stack([weights[f"w_s1_{v.symbol}"].values for v in model.states])
    symbols = {v.name: v.symbol for v in model.fluxes}
    d_outputs = np.stack([weights[f"w_out_{symbols[name]}"].values for name in outputs])[None]
    assert len(outputs) == 11
    done = run(case, outputs, checkpoints=True)
    found = simulate_adjoint(
        model, done, arrays["forcing"], arrays["parameters"], d_outputs, d_state,
        geometry=arrays["geometry"], outputs=outputs, want_forcing=True,
    )  # fmt: skip
    p = {v.name: arrays["parameters"][k] for k, v in enumerate(model.parameters)}
    d = {v.name: found.parameters[k] for k, v in enumerate(model.parameters)}
    f = {v.name: found.forcing[0, k] for k, v in enumerate(model.forcings)}
    # Wilting point, critical and lowest moisture are variables of their own there, and follow wcap here.
    crit, low = d["rm_crit"] / p["wcap"], d["sevap_low"] / p["wcap"]
    return {v.symbol: found.state[k] for k, v in enumerate(model.states)} | {
        "tsurf": f["air_temperature"], "precip": f["precipitation"], "pet": f["potential_evaporation"],
        "lai": f["leaf_area_index"], "meltfac": f["day_length"] / 8.3,
        "wcap": d["wcap"] + d["wava"] - crit * p["rm_crit"] - low * p["sevap_low"],
        "wilt": -d["wava"], "crit": crit, "wlow": low, "wmin": d["wmin"], "wmax": d["wmax"], "b": d["beta_oro"],
        "lag_land": d["lag_land"], "lag_base": d["lag_base"], "skincap1": d["skincap1"], "f_liq": d["frc_liquid"],
        "T_melt": d["melt_crit"], "d_min": d["qsb_min"] * SECONDS, "d_max": d["qsb_max"] * SECONDS,
        "d_low": d["qsb_low"], "d_hig": d["qsb_hig"], "d_exp": d["qsb_exp"],
    }  # fmt: skip


@pytest.mark.parametrize("path", cases("onestep_*_grad.nc"))
def test_gradients_agree_to_1e_6_where_the_original_has_one(path):
    weights = xr.load_dataset(path)
    case = OneStep(path.with_name(path.name.replace("_grad", "")))
    names = [name[3:] for name in weights.data_vars if name.startswith("dJ_")]
    found = gradients(case, weights)
    assert sorted(found) == sorted(names)
    wmin = case["der_wmin"]
    # Where moisture is wmin exactly, the slopes of both sides differ by little, and the file has their mean; where
    # wmin is 0, its central differences are good to 1e-5 only (larger steps agree with ours).
    kinks = {"rootmoist": case["s0_rootmoist"] == wmin, "wmin": (case["s0_rootmoist"] == wmin) | (wmin == 0.0)}
    for name in names:
        usable, expected = weights[f"ok_{name}"].values == 1, weights[f"dJ_{name}"].values
        usable &= ~kinks.get(name, np.zeros(usable.size, bool))
        assert usable.sum() > 0.5 * usable.size, name
        scale = np.maximum(np.abs(expected), 1e-2 * np.abs(expected[usable]).max())
        wrong = ~(np.abs(found[name] - expected)[usable] <= 1e-6 * scale[usable])
        assert not wrong.any(), (name, np.flatnonzero(usable)[wrong])


@pytest.mark.parametrize("path", cases("*_inputs.nc"))
def test_gradients_of_a_whole_run_in_float32_stay_near_those_in_float64(path):
    found = {}
    for dtype in (np.float64, np.float32):
        case = Run(path, dtype)
        arrays = case.arrays
        done = run(case, ("runoff",), checkpoints=True)
        found[dtype] = simulate_adjoint(
            case.model, done, arrays["forcing"], arrays["parameters"],
            np.ones_like(done.outputs), np.zeros_like(done.state), geometry=arrays["geometry"],
        ).parameters  # fmt: skip
    unused = set()
    for k, variable in enumerate(case.model.parameters):
        exact, near = found[np.float64][k], found[np.float32][k]
        if not exact.any():
            unused.add(variable.name)
        np.testing.assert_allclose(near, exact, rtol=0, atol=1e-4 * np.abs(exact).max(), err_msg=variable.name)
    assert {"qsb_low", "t_refreeze"} <= unused <= {"qsb_low", "t_refreeze", "ddfac"}
