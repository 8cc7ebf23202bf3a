"""Reads the reference files of VIC into the arrays of the kernels; sizes, names and options come from the files."""

import json
import re
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from freshet.driver.vic.assemble import Assembled, assemble
from freshet.driver.vic.clock import forcing_rows
from freshet.driver.vic.cover import shares
from freshet.driver.vic.options import model_options
from freshet.driver.vic.parameters import VicParameters, required
from freshet.kernels.model import Model

from conftest import shared_folder

FORCING = {
    "precipitation": ("PREC", 1.0), "air_temperature": ("AIR_TEMP", 1.0), "shortwave": ("SWDOWN", 1.0),
    "longwave": ("LWDOWN", 1.0), "pressure": ("PRESSURE", 1000.0), "vapour_pressure": ("VP", 1000.0),
    "wind": ("WIND", 1.0),
}  # fmt: skip
PLACE = ("infilt", "Ds", "Dsmax", "Ws", "c", "elev", "avg_T", "dp", "rough", "snow_rough")
LAYERED = ("expt", "Ksat", "init_moist", "depth", "bubble", "quartz", "bulk_density", "soil_density", "Wcr_FRACT",
           "Wpwp_FRACT", "resid_moist")  # fmt: skip
CLASS = ("overstory", "rarc", "rmin", "wind_h", "RGL", "rad_atten", "wind_atten", "trunk_ratio")
CLASS_MONTHLY = {"albedo": "albedo", "veg_rough": "rough", "displacement": "displ"}
BANDS = {"AreaFract": "AreaFract", "elevation": "band_elev", "Pfactor": "Pfactor_in"}
# States whose names or units are not those of the reference's state.
STATES = {
    "snow_water_equivalent": "swe_m", "snow_surface_liquid": "snow_surf_water_m", "snow_pack_liquid":
    "snow_pack_water_m", "snow_surface_temperature": "snow_surf_temp", "snow_pack_temperature": "snow_pack_temp",
    "snow_cold_content": "snow_coldcontent", "snow_density": "snow_density", "snow_age": "last_snow",
    "snow_melting": "melting", "canopy_snow": "snow_canopy_m", "canopy_water": "wdew",
    "foliage_temperature": "Tfoliage", "upward_longwave": "LongUnderOut", "soil_moisture": "moist", "soil_ice": "ice",
    "soil_temperature": "Tnode",
}  # fmt: skip


def outputs(pattern: str = "output_*.nc") -> list:
    """Every reference run of that pattern, as pytest parameters named after the file, 'vic' among them."""
    folder = shared_folder() / "reference" / "vic"
    if not (found := sorted(folder.glob(pattern))):
        reason = f"needs reference files of VIC, no {pattern} below {folder} (set FRESHET_SHARED)"
        return [pytest.param(None, id=f"vic-{pattern}", marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(path, id=f"vic-{path.stem.removeprefix('output_')}") for path in found]


def read_parameters(data: xr.Dataset) -> VicParameters:
    """The parameters of an input file."""

    def values(name: str) -> np.ndarray:
        return np.moveaxis(data[name].values.astype(np.float64), 0, -1)

    cells = data.sizes["cell"]
    tile = np.arange(data.sizes["tile"])[:, None]
    classes = np.where(tile < data["ntile"].values, data["tile_class"].values.T, -1)
    row = np.searchsorted(data["veglib_class"].values, np.maximum(classes, 1))
    assert (data["veglib_class"].values[row] == classes)[classes > 0].all()
    cover, bare = shares(np.where(classes > 0, values("Cv"), 0.0))
    return required(VicParameters(
        source=str(data.attrs.get("source", "")),
        cell=data["gridcel"].values,
        latitude=values("lat"),
        longitude=values("lon"),
        soil={name: values(name) for name in PLACE} | {"fs_active": np.ones(cells)},
        layers={name: values(name) for name in LAYERED},
        bands={name: values(own) for name, own in BANDS.items()},
        tiles={"veg_class": classes, "Cv": cover} | {n: data[f"veglib_{n}"].values[row] for n in CLASS},
        monthly={"LAI": np.moveaxis(data["LAI"].values, (0, 1), (-1, -2))}
        | {n: np.moveaxis(data[f"veglib_{own}"].values[row], -1, 0) for n, own in CLASS_MONTHLY.items()},
        roots={n: np.moveaxis(data[n].values, (0, 1), (-1, -2)) for n in ("root_depth", "root_fract")},
        bare=bare,
        classes=data.sizes["vegclass"] + 1,
    ))  # fmt: skip


class Case:
    """A reference run.

    settings   VIC's options of the run, by VIC's names;  options: those of model("vic", ...) but for compat and brent
    places     number of cells;  times: start of each step
    """

    def __init__(self, path: Path, places: list[int] | None = None):
        self.path = path
        self.data = xr.load_dataset(path, decode_times=False)
        self.input = xr.load_dataset(path.with_name(self.data.attrs["inputs"]), decode_times=False)
        if places is not None:
            self.data, self.input = (
                data.isel(cell=places) if "cell" in data.dims else data for data in (self.data, self.input)
            )
        self.settings = json.loads(self.data.attrs["run_configuration"])
        own = {name: value for name, value in self.settings.items() if name not in ("start", "end")}
        self.options = model_options(own, str(path))
        self.labels = json.loads(self.input.attrs.get("cell_labels", "[]"))
        self.places = self.input.sizes["cell"]
        self.times = times(self.data)
        self.given = read_parameters(self.input)

    def assembled(self, model: Model) -> Assembled:
        """Parameters, geometry, initial state and weights of the form."""
        return assemble(self.given, model)

    @cached_property
    def forcing(self) -> np.ndarray:
        """[time, row, place], float64."""
        weather = {}
        stamps = times(self.input)
        inside = (stamps >= self.times[0]) & (stamps < self.times[-1] + np.timedelta64(self.options["step"], "s"))
        for name, (own, scale) in FORCING.items():
            values = self.input[f"forcing_{own}"].values[inside].astype(np.float64) * scale
            weather[name] = np.broadcast_to(values.reshape(len(values), -1), (len(values), self.places))
        return np.ascontiguousarray(forcing_rows(self.times, weather, self.options["substeps"]))

    def expected(self, name: str) -> np.ndarray:
        """An output by VIC's name, [time, cell] or [time, cell, layer, node or band], float64."""
        return self.data[name].values.astype(np.float64)

    @cached_property
    def state_step(self) -> int:
        """Number of steps after which VIC's state was written."""
        when = re.search(r"at (\d{4}-\d\d-\d\d) (\d\d:\d\d)", self.data["state_moist"].attrs["long_name"])
        date = np.datetime64(f"{when[1]}T{when[2]}")
        return int((date - self.times[0].astype("datetime64[m]")) / np.timedelta64(self.options["step"], "s"))

    def expected_state(self, assembled: Assembled) -> dict[str, np.ndarray]:
        """VIC's state at state_step by our names, [component, place] or [layer or node, component, place].

        NaN where a component is not used. What VIC's file has not (canopy_melt, snow_albedo) is not there.
        """
        found = {}
        for name, own in STATES.items():
            values = np.moveaxis(self.data[f"state_{own}"].values.astype(np.float64), 0, -1)
            if values.ndim == 4:
                values = np.moveaxis(values, 2, 0)
            parts = assembled.components
            slots, places = parts.slots(values.shape[-3] - 1), np.arange(parts.tile.shape[1])
            found[name] = np.where(parts.used, values[..., slots, parts.band, places], np.nan)
        return found


def times(data: xr.Dataset) -> np.ndarray:
    """Start of each step."""
    first = np.datetime64(data["time"].attrs["units"].removeprefix("hours since ").strip().replace(" ", "T"), "s")
    return first + (data["time"].values * 3600).astype("timedelta64[s]")


def mean(values: np.ndarray, assembled: Assembled) -> np.ndarray:
    """Cell means [..., place] of values [..., component, place]: sums by weight."""
    return (values * assembled.weights).sum(axis=-2)


def by_band(values: np.ndarray, assembled: Assembled, bands: int) -> np.ndarray:
    """[..., place, band] of values [..., component, place]: sums over the tiles of Cv times the value (not divided)."""
    parts = assembled.components
    area = np.take_along_axis(assembled.bands.area, parts.band, axis=0)
    cover = np.where(parts.used, assembled.weights / np.where(area > 0, area, 1.0), 0.0)
    found = [(values * np.where(parts.band == band, cover, 0.0)).sum(axis=-2) for band in range(bands)]
    return np.stack(found, -1)
