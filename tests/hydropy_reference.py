"""Reads the reference files of HydroPy into the arrays of the kernels; sizes, names and options come from the files."""

import ast
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from freshet.kernels.hydropy import cover, derive, lags
from freshet.kernels.model import Model
from freshet.kernels.registry import model

from conftest import shared_folder

SECONDS = 86400.0
FREEZING = 273.15


def cases(pattern: str) -> list:
    """Every reference file of HydroPy of that pattern, as pytest parameters named after the file."""
    folder = shared_folder() / "reference" / "hydropy"
    if not (found := sorted(folder.glob(pattern))):
        reason = f"needs reference files of HydroPy, no {pattern} below {folder} (set FRESHET_SHARED)"
        return [pytest.param(None, id=f"hydropy-{pattern}", marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(path, id=f"hydropy-{path.stem}") for path in found]


def open_case(path: Path) -> tuple[xr.Dataset, dict]:
    """The data and the options that are not the original's defaults."""
    data = xr.load_dataset(path, decode_times=False)
    return data, ast.literal_eval(data.attrs["options"])


def form(options: dict) -> Model:
    """The form of HydroPy with these options."""
    return model(
        "hydropy",
        melt=options.get("meltscheme", "temporal"),
        skin=options.get("with_skin", True),
        leakage=options.get("with_leakage", False),
    )


def parameters(hydropy: Model, options: dict, rows: dict[str, np.ndarray], cells: int) -> np.ndarray:
    """Parameters [row, cell]: the given rows, what the options say (K and seconds there), and the defaults."""
    values = np.repeat([[v.default] for v in hydropy.parameters], cells, 1)
    for k, variable in enumerate(hydropy.parameters):
        if variable.name in options:
            value = options[variable.name]
            scale = SECONDS if variable.unit == "mm d-1" else 1.0
            values[k] = value - FREEZING if variable.unit == "degC" else value * scale
        if variable.name in rows:
            values[k] = rows[variable.name]
    return values


class OneStep:
    """A file of independent cells and one day."""

    def __init__(self, path: Path, dtype: type = np.float64):
        self.data, options = open_case(path)
        self.model = form(options)
        rows = {name: self["der_" + name] for name in ("wcap", "wava", "wmin", "wmax")}
        rows |= {name: self["par_" + name] for name in ("ddfac", "lag_land", "lag_base")} | {
            "beta_oro": self["der_bmod"]
        }
        cells = rows["wcap"].size
        forcing = {
            "precipitation": self["in_precip"],
            "air_temperature": self["in_tsurf"] - FREEZING,
            "potential_evaporation": self["in_potevap"],
            "day_length": cover.day_length(self["lat"], np.array([166]), np.array([365]))[0],
            "vegetation_fraction": self["par_fveg"],
            "leaf_area_index": self["par_lai"],
        }
        arrays = {
            "forcing": np.stack([forcing[v.name] for v in self.model.forcings])[None],
            "parameters": parameters(self.model, options, rows, cells),
            "state": np.stack([self["s0_" + v.symbol] for v in self.model.states]),
            "geometry": self["par_flake"][None],
        }
        self.arrays = {name: np.ascontiguousarray(values, dtype) for name, values in arrays.items()}

    def __getitem__(self, name: str) -> np.ndarray:
        return self.data[name].values.astype(np.float64)

    def expected(self) -> dict[str, np.ndarray]:
        """The original's states and fluxes after the day, by our names."""
        found = {v.name: self["s1_" + v.symbol] for v in self.model.states}
        fluxes = {v.name: "out_" + v.symbol for v in self.model.fluxes if v.symbol}
        return found | {name: self[key] for name, key in fluxes.items() if key in self.data}


class Run:
    """A run on a grid: its active cells, with parameters derived from the original's fields."""

    def __init__(self, path: Path, dtype: type = np.float64):
        self.data, options = open_case(path)
        self.outputs = xr.load_dataset(path.with_name(path.name.replace("inputs", "outputs")), decode_times=False)
        self.model = form(options)
        self.active = self.data["active"].values == 1
        fields = {name[4:]: self[name] for name in self.data.data_vars if name.startswith("par_")}
        rows = derive.soil_parameters(fields) | {"ddfac": fields["ddfac"]}
        found = self.lags(fields)
        rows |= {"lag_land": found.lag_land, "lag_base": found.lag_base}
        wet = cover.surface_water_fraction(fields["flake"], fields["fwetl"])
        state = np.stack([self["ini_" + v.symbol] for v in self.model.states])
        state[2] = np.minimum(state[2], rows["wcap"])
        arrays = {
            "forcing": self.forcing(fields),
            "parameters": parameters(self.model, options, rows, self.active.size),
            "state": state,
            "geometry": wet[None],
        }
        self.arrays = {name: np.ascontiguousarray(a[..., self.active], dtype) for name, a in arrays.items()}

    def __getitem__(self, name: str) -> np.ndarray:
        return self.data[name].values.astype(np.float64)

    def lags(self, fields: dict[str, np.ndarray]) -> lags.Lags:
        """Lags of all cells, from the shape of the land as the original has it."""
        row, column, down = (self.data[name].values for name in ("row", "col", "down"))
        rows = int(self.data.attrs["grid"].split()[0])
        length = lags.original_length(row, column, rows, down, fields["area"])
        slope = lags.slope(fields["srftopo"], length, down)
        names = ("area", "slope_avg", "topo_std", "flake", "fwetl")
        return lags.lags(length, slope, *(fields[name] for name in names))

    def forcing(self, fields: dict[str, np.ndarray]) -> np.ndarray:
        first = np.datetime64(self.data["time"].attrs["units"].split()[2])
        days = first + self.data["time"].values.astype("timedelta64[D]")
        day_of_year = (days - days.astype("datetime64[Y]")).astype(int) + 1
        length = np.full(days.size, 365)
        rows = {
            "precipitation": self["Precip"] * SECONDS,
            "air_temperature": self["TSurf"] - FREEZING,
            "potential_evaporation": self["PET"] * SECONDS,
            "day_length": cover.day_length(self["lat"], day_of_year, length),
            "vegetation_fraction": cover.daily_values(fields["fveg"], day_of_year, length),
            "leaf_area_index": cover.daily_values(fields["lai"], day_of_year, length),
        }
        return np.stack([rows[v.name] for v in self.model.forcings], 1)
