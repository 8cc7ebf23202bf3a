"""Reads the reference files of HBV into the arrays of the kernels; sizes, names and options come from the files."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from freshet.kernels.model import Model
from freshet.kernels.registry import model

from conftest import shared_folder


def cases(kind: str) -> list:
    """Every file of one kind below the reference folder of HBV, as pytest parameters named after the file."""
    folder = shared_folder() / "reference" / "hbv"
    found = [path for path in sorted(folder.glob("*.nc")) if kind_of(path) == kind] if folder.is_dir() else []
    if not found:
        reason = f"needs reference files of HBV, none of kind '{kind}' below {folder} (set FRESHET_SHARED)"
        return [pytest.param(None, id=f"hbv-{kind}", marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(path, id=f"hbv-{path.stem}") for path in found]


def kind_of(path: Path) -> str:
    """'flux', 'raw', 'unit_hydrograph' or 'loss', by what the file holds."""
    with xr.open_dataset(path) as data:
        names = set(data.data_vars)
    if "raw" in names:
        return "raw"
    if "out_streamflow" in names:
        return "flux"
    return "unit_hydrograph" if "dweight_da" in names else "loss" if "dloss_dsim" in names else "unknown"


def model_for(names: list[str]) -> Model:
    """The form of HBV with exactly these parameters."""
    if "rt" in names:
        return model("hbv", version="2.0")
    if "c" in names:
        return model("hbv", version="1.1p")
    return model("hbv", version="1.0", gamma="betaet" in names)


def cells(values: np.ndarray) -> np.ndarray:
    """[..., basin, component] to [..., cell], components outermost."""
    return np.ascontiguousarray(np.swapaxes(values, -1, -2)).reshape(*values.shape[:-2], -1)


@dataclass
class Case:
    """One flux file as arguments of simulate_routed, float32 or float64."""

    data: xr.Dataset
    dtype: type

    def __post_init__(self):
        data = self.data
        names = [name.removeprefix("par").lower() for name in data.data_vars if name.startswith("par")]
        self.model = model_for(names)
        assert [variable.name for variable in self.model.parameters] == names
        listed = data.attrs["dynamic_parameters"].split()
        self.dynamic_names = tuple(name.removeprefix("par").lower() for name in listed if name != "none")
        self.forcing = self.array(np.stack([data[v.symbol].values for v in self.model.forcings], 1))
        rows = [data[f"par{v.symbol}"].values for v in self.model.parameters]
        self.parameters = self.array(np.stack([cells(row if row.ndim == 2 else row[0]) for row in rows]))
        self.dynamic = None
        if self.dynamic_names:
            daily = [data[f"par{name.upper()}"].values for name in self.dynamic_names]
            self.dynamic = self.array(np.stack([cells(row) for row in daily], 1))
        self.state = self.array(cells(data["initial_state"].values))
        self.routing = self.array(np.stack([data["route_a"].values, data["route_b"].values]))
        self.geometry = None
        if self.model.geometry:
            self.geometry = self.array(np.stack([data[v.name].values for v in self.model.geometry]))
        self.weights = self.array(data["weights"].values.T) if "weights" in data else None

    def array(self, values: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(values, dtype=self.dtype)

    @property
    def options(self) -> dict:
        return {
            "dynamic": self.dynamic,
            "dynamic_names": self.dynamic_names,
            "geometry": self.geometry,
            "weights": self.weights,
            "weighted": ("streamflow", "runoff"),
        }
