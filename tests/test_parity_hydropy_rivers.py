"""HydroPy through its rivers: discharge, stores, directional derivatives of the original (shared/reference/hydropy)."""

import numpy as np
import pytest
import xarray as xr
from freshet.kernels.network.order import canonical_order, reordered
from freshet.kernels.rivers.plan import plan
from freshet.kernels.rivers.registry import router
from freshet.kernels.rivers.route import route, route_adjoint
from freshet.kernels.simulate import simulate, simulate_adjoint

from hydropy_reference import SECONDS, Run, cases

pytestmark = pytest.mark.parity

CASCADE = router("cascade")
SUBSTEPS = 4


class Routed(Run):
    """A run on a grid with its rivers: all cells are nodes, in canonical order; active ones are places."""

    def __init__(self, path):
        super().__init__(path)
        down = self.data["down"].values.astype(np.int64)
        self.order = canonical_order(down)
        self.down = reordered(down, self.order)
        self.sink = self.down == np.arange(len(self.down))
        found = self.lags({name[4:]: self[name] for name in self.data.data_vars if name.startswith("par_")})
        self.lag = self.nodes(found.lag_river)[None]
        self.geometry = self.nodes(found.river_reservoirs.astype(float))[None]
        water = np.concatenate((self["ini_riverstor"], self["ini_infl_subtime"][None] / SUBSTEPS))
        self.water = self.nodes(water)
        # mm over the land of a cell -> m3 s-1
        self.factor = (self["landarea"] * 1e-3 / SECONDS)[self.active]

    def nodes(self, values):
        """Values of cells in the order of the nodes."""
        return np.ascontiguousarray(values[..., self.order])

    def cells(self, values):
        """The reverse of nodes."""
        whole = np.empty_like(values)
        whole[..., self.order] = values
        return whole

    def vertical(self, days, **options):
        arrays = self.arrays
        return simulate(
            self.model, arrays["forcing"][:days], arrays["parameters"], arrays["state"],
            geometry=arrays["geometry"], outputs=("runoff",), **options,
        )  # fmt: skip

    def lateral(self, runoff):
        """Runoff [time, active cell] as inflow [time, node]."""
        flow = np.zeros((len(runoff), len(self.order)))
        flow[:, self.active] = runoff * self.factor
        return self.nodes(flow)

    def alone(self):
        """Network without links: what a cell gives by itself."""
        return plan(np.arange(len(self.down)))

    def through(self, network, lateral, water, **options):
        return route(CASCADE, network, lateral, self.lag, water, geometry=self.geometry, **options)


def require_close(found, expected, name):
    """To 1e-10 of the largest value; the original has none of what is under way to cells that only receive."""
    known = np.isfinite(expected)
    assert known.mean() > 0.5
    np.testing.assert_allclose(found[known], expected[known], rtol=0, atol=1e-10 * expected[known].max(), err_msg=name)


def run_by_day(case):
    """Series [time, node] by the original's names, and states [time, row, node], stepped day by day."""
    lateral = case.lateral(case.vertical(None).outputs[:, 0])
    network, alone = plan(case.down), case.alone()
    water, own, states, flow, given = case.water, case.water, [], [], []
    for day in lateral:
        done, apart = case.through(network, day[None], water), case.through(alone, day[None], own)
        # Nothing arrives at a cell by itself but what was under way at the start.
        water, own = done.state, np.where(case.sink, apart.state, own)
        states.append(water)
        flow.append(done.discharge[0])
        given.append(np.where(case.sink, apart.discharge[0], done.discharge[0]))
    flow, given, states = np.array(flow), np.array(given), np.array(states)
    # The original adds what arrives at a sink to its discharge, where the sink's own water is already.
    fresh = np.where(case.sink, flow, 0.0)
    return {
        "freshwater": fresh,
        "dis": given + fresh,
        "riverstor": states[:, :5],
        "infl_subtime": states[:, 5] * SUBSTEPS,
    }


@pytest.mark.parametrize("path", cases("*_inputs.nc"))
def test_rivers_of_a_run_on_a_grid_agree(path):
    case = Routed(path)
    found = {name: case.cells(values) for name, values in run_by_day(case).items()}
    outputs, chosen, days = case.outputs, case.outputs["cell_index"].values, case.outputs["snap"].values
    for name, values in found.items():
        series = values.sum(1) if values.ndim == 3 else values
        require_close(values[days], outputs[f"snap_{name}"].values, name)
        require_close(series[:, chosen], outputs[f"day_{name}"].values, name)
    require_close(found["freshwater"].sum(1), outputs["sum_dis_all"].values, "sum of freshwater")
    assert (found["freshwater"].max(0) > 0).sum() > 10


def gradients(case, weight):
    """Gradient of J = sum of weight [day, cell] times discharge, by the original's raw variables."""
    days = len(weight)
    done = case.vertical(days, checkpoints=True)
    lateral = case.lateral(done.outputs[:, 0])
    d_flow, zero = case.nodes(weight), np.zeros_like(case.water)
    parts = []
    for network, wanted in ((plan(case.down), d_flow), (case.alone(), np.where(case.sink, d_flow, 0.0))):
        there = case.through(network, lateral, case.water, checkpoints=True)
        parts.append(
            route_adjoint(
                CASCADE, network, there, lateral, case.lag, np.ascontiguousarray(wanted), zero, geometry=case.geometry
            )
        )
    d_lateral, d_lag, d_water = (
        case.cells(sum(getattr(part, name) for part in parts)) for name in ("lateral", "parameters", "state")
    )
    d_runoff = np.ascontiguousarray(d_lateral[:, case.active] * case.factor)[:, None]
    arrays, model = case.arrays, case.model
    found = simulate_adjoint(
        model, done, arrays["forcing"][:days], arrays["parameters"], d_runoff, np.zeros_like(arrays["state"]),
        geometry=arrays["geometry"], outputs=("runoff",), want_forcing=True,
    )  # fmt: skip
    p = {v.name: arrays["parameters"][k] for k, v in enumerate(model.parameters)}
    d = {v.name: found.parameters[k] for k, v in enumerate(model.parameters)}
    # dJ of a factor of the weather of a cell.
    scaled = (found.forcing * arrays["forcing"][:days]).sum(0)
    crit, low = d["rm_crit"] / p["wcap"], d["sevap_low"] / p["wcap"]
    return {v.symbol: found.state[k] for k, v in enumerate(model.states)} | {
        "riverstor": d_water[:5], "lag_river": d_lag[0], "fprecip": scaled[0], "fpet": scaled[2],
        # Wilting point, critical and lowest moisture are variables of their own there, and follow wcap here.
        "wcap": d["wcap"] + d["wava"] - crit * p["rm_crit"] - low * p["sevap_low"],
        "wilt": -d["wava"], "crit": crit, "wlow": low, "wmin": d["wmin"], "wmax": d["wmax"], "b": d["beta_oro"],
        "lag_land": d["lag_land"], "lag_base": d["lag_base"], "d_min": d["qsb_min"] * SECONDS,
        "d_max": d["qsb_max"] * SECONDS, "d_low": d["qsb_low"], "d_hig": d["qsb_hig"],
    }  # fmt: skip


def both_sides(case, weight):
    """The mean gradient of both sides of the kink on which full soils stand: what central differences give."""
    moisture = case.arrays["state"][2].copy()
    full = case["ini_rootmoist"][case.active] >= case.arrays["parameters"][0]
    sides = []
    for aside in (-1e-11, 1e-11):
        case.arrays["state"][2] = np.where(full, moisture * (1.0 + aside), moisture)
        sides.append(gradients(case, weight))
    return {name: 0.5 * (sides[0][name] + sides[1][name]) for name in sides[0]}


@pytest.mark.parametrize("path", cases("*_jvp.nc"))
def test_directional_derivatives_through_model_and_rivers_agree(path):
    reference = xr.load_dataset(path)
    case = Routed(path.with_name(path.name.replace("_jvp", "_inputs")))
    found = both_sides(case, reference["w"].values)
    names = [name[4:] for name in reference.data_vars if name.startswith("jvp_")]
    assert sorted(found) == sorted(names)
    for name in names:
        direction = reference[f"v_{name}"].values
        whole = direction.shape[-1] == found[name].shape[-1]
        slope = float((found[name] * (direction if whole else direction[..., case.active])).sum())
        expected = reference[f"jvp_{name}"]
        tolerance = max(1e-5, float(expected.attrs.get("rel_disagreement", 0.0)))
        assert slope == pytest.approx(float(expected), rel=tolerance, abs=1e-12), name
