"""Records of the sites that VIC is run at: weather of steps of three hours, what was measured, what may be calibrated.

Folders below $FRESHET_SHARED/data. Cannonsville has no measured discharge: its target is what the makers of the data
had from VIC by the same weather, routed by RAPID, so that its scores say how near two VICs are, not how good one is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import netCDF4
import numpy as np
from freshet.driver.vic.clock import forcing_rows
from freshet.driver.vic.daily_weather import daily_weather

from vic_site_parameters import Description

STEPS = 8  # a day
STEP = 10800  # s
EPOCH = np.datetime64("1900-01-01")
WIND = 3.0  # m s-1, where none was measured
BASIN = ("infilt", "Ds", "Dsmax", "depth_2", "depth_3", "snow_rough", "route_a", "route_b")
MEGAGALLON = 3785.411784  # m3
CANNONSVILLE = 1.1667e9  # m2: at which the makers' runoff and discharge are the same water


@dataclass(frozen=True)
class Record:
    """A site: description, first day, forcing [step, row, place], observed [day] by output of VIC or 'streamflow'.

    calibrated: parameters; spin_up: days from the start of the record that are run once before it.
    """

    name: str
    about: Description
    start: np.datetime64
    forcing: np.ndarray
    observed: dict[str, np.ndarray]
    calibrated: tuple[str, ...]
    spin_up: int

    @property
    def days(self) -> int:
        return len(self.forcing) // STEPS

    @property
    def dates(self) -> np.ndarray:
        return self.start + np.arange(self.days)

    def first(self, years: int) -> "Record":
        """The first so many years of it."""
        days = min(self.days, round(365.25 * years))
        observed = {name: values[:days] for name, values in self.observed.items()}
        return Record(
            self.name, self.about, self.start, self.forcing[: days * STEPS], observed, self.calibrated,
            min(self.spin_up, days),
        )  # fmt: skip


def mountain(data: Path) -> Record:
    """Reynolds Mountain East, measured hours: a clearing in aspens; the water year of 2006."""
    with netCDF4.Dataset(data / "reynolds_mountain_east/reynolds_mountain_east.nc") as file:
        # Times are ends of hours; the first is the midnight that the record begins at.
        hour = {name: _numbers(file[name])[1 : 1 + 365 * 24] for name in file.variables if file[name].ndim}
    vapour = hour["spechum"] * hour["airpres"] / (0.622 + 0.378 * hour["spechum"])
    weather = {
        "precipitation": 3600.0 * hour["pptrate"], "air_temperature": hour["airtemp"] - 273.15,
        "shortwave": hour["SWRadAtm"], "longwave": hour["LWRadAtm"], "pressure": hour["airpres"],
        "vapour_pressure": vapour, "wind": hour["windspd"],
    }  # fmt: skip
    about = Description(
        43.19, -116.78, 2060.0, 5.3, 0.3, 0.2, {"grass": 1.0}, {"grass": (0.2, 1.5)}, wind_height=3.0
    )  # fmt: skip
    start = np.datetime64("2005-09-01")
    observed = {"snow_water_equivalent": hour["obs_SWE"].reshape(-1, 24).mean(axis=1)}
    # The only one of VIC's trainable parameters that the snow knows; the gauge's catch would make any snow.
    calibrated = ("snow_rough",)
    return Record("Reynolds Mountain East", about, start, _rows(start, 365, weather), observed, calibrated, 365)


def gulch(data: Path) -> Record:
    """Walnut Gulch, Kendall grassland (AmeriFlux US-Wkg): measured days; gaps of the weather are filled."""
    with netCDF4.Dataset(data / "ameriflux_walnutgulch/us_wkg_daily.nc") as file:
        day = {name: _numbers(file[name]) for name in file.variables if file[name].ndim}
    start = EPOCH + day["time"][0].astype("timedelta64[D]")
    low, high = np.minimum(day["temperature_min"], day["temperature_max"]), day["temperature_max"]
    low, high = _filled(low), _filled(high)
    mean = 0.5 * (low + high)
    humid = 0.01 * _filled(day["relative_humidity"]) * _saturated(_filled(day["temperature"]))
    sun = np.where(day["shortwave"] > 450.0, np.nan, day["shortwave"])  # some days are above what the sky lets through
    values = {
        "precipitation": np.nan_to_num(day["precipitation"]), "minimum": low, "maximum": np.maximum(high, low),
        "wind": np.maximum(_filled(day["wind"]), 0.3), "shortwave": np.maximum(_filled(sun), 0.0),
        "longwave": _filled(day["longwave"]), "vapour_pressure": np.minimum(humid, _saturated(mean)),
    }  # fmt: skip
    about = Description(
        31.7365, -109.9419, 1531.0, 17.4, 0.6, 0.15, {"grass": 0.6}, {"grass": (0.2, 1.2)}, moisture=0.3,
        wind_height=6.4,
    )  # fmt: skip
    observed = {"evaporation": day["et"], "sensible_heat": day["sensible_heat"]}
    calibrated = ("infilt", "depth_1", "depth_2", "expt", "rmin", "leaf_area_index", "albedo", "roughness")
    return _daily("Walnut Gulch", about, start, values, observed, calibrated, 730)


def cannonsville(data: Path) -> Record:
    """West Branch Delaware above Cannonsville, basin means of Daymet, 1980 to 2019; the target is a model's."""
    with netCDF4.Dataset(data / "cmip6_cannonsville/cannonsville_daymet.nc") as file:
        day = {name: _numbers(file[name]) for name in file.variables if file[name].ndim}
    known = int(np.isfinite(day["shortwave"]).nonzero()[0][-1]) + 1
    day = {name: values[:known] for name, values in day.items()}
    humid = day["specific_humidity"]
    weight = 101325.0 * (1.0 - 2.25577e-5 * 560.0) ** 5.2559
    values = {
        "precipitation": day["precipitation"], "minimum": day["temperature_min"], "maximum": day["temperature_max"],
        "wind": day["wind"], "shortwave": _filled(day["shortwave"]), "longwave": _filled(day["longwave"]),
        "vapour_pressure": _filled(humid * weight / (0.622 + 0.378 * humid)),
    }  # fmt: skip
    cover = {"deciduous": 0.75, "grass": 0.25}
    about = Description(
        42.3, -75.0, 560.0, 6.7, 0.35, 0.15, cover, {"deciduous": (0.5, 5.0), "grass": (0.2, 2.5)}
    )  # fmt: skip
    flow = 1000.0 * MEGAGALLON * day["streamflow_vic_rapid"] / CANNONSVILLE
    start = EPOCH + day["time"][0].astype("timedelta64[D]")
    return _daily("Cannonsville", about, start, values, {"streamflow": flow}, BASIN, 730)


def camels(basin: int, leaves: str) -> Callable[[Path], Record]:
    """Reader of a CAMELS basin of the long file by its number there; Daymet has no wind: a constant."""

    def read(data: Path) -> Record:
        with netCDF4.Dataset(data / "camels_us_daymet/camels_us_daymet_long.nc") as file:
            days = {n: _numbers(v[basin]) for n, v in file.variables.items() if v.dimensions == ("basin", "time")}
            one = {n: float(v[basin]) for n, v in file.variables.items() if v.dimensions == ("basin",) and _plain(v)}
            start = EPOCH + np.asarray(file["time"][0]).astype("timedelta64[D]")
            number = file["basin"][basin]
        low, high = days["temperature_min"], days["temperature_max"]
        values = {
            "precipitation": days["precipitation"], "minimum": np.minimum(low, high), "maximum": np.maximum(low, high),
            "wind": np.full(len(low), WIND), "shortwave": days["shortwave"] * days["day_length"] / 86400.0,
            "vapour_pressure": days["vapor_pressure"],
        }  # fmt: skip
        forest, most = one["frac_forest"], one["lai_max"]
        earth = one["sand_frac"] + one["silt_frac"] + one["clay_frac"]
        about = Description(
            one["gauge_lat"], one["gauge_lon"], one["elevation_forcing"], float(days["temperature_mean"].mean()),
            one["sand_frac"] / earth, one["clay_frac"] / earth, {leaves: forest, "grass": 1.0 - forest},
            {leaves: (most - one["lai_diff"], most), "grass": (0.2, 2.5)}, slope=0.001 * one["slope_mean"],
        )  # fmt: skip
        return _daily(f"CAMELS {number}", about, start, values, {"streamflow": days["streamflow"]}, BASIN, 730)

    return read


SITES = {
    "mountain": mountain,
    "gulch": gulch,
    "cannonsville": cannonsville,
    "piscataquis": camels(0, "mixed"),
    "north": camels(1, "deciduous"),
}


def _daily(
    name: str,
    about: Description,
    start: np.datetime64,
    values: dict[str, np.ndarray],
    observed: dict[str, np.ndarray],
    calibrated: tuple[str, ...],
    spin_up: int,
) -> Record:
    count = len(values["precipitation"])
    place = (np.array([part]) for part in (about.latitude, about.longitude, about.elevation))
    dates = start + np.arange(count)
    weather = daily_weather(dates, {name: v[:, None] for name, v in values.items()}, *place, STEPS)
    flat = {name: v[:, 0] for name, v in weather.items()}
    return Record(name, about, start, _rows(start, count, flat), observed, calibrated, spin_up)


def _rows(start: np.datetime64, days: int, weather: dict[str, np.ndarray]) -> np.ndarray:
    times = start.astype("datetime64[s]") + np.arange(days * STEPS) * np.timedelta64(STEP, "s")
    return forcing_rows(times, {name: values[:, None] for name, values in weather.items()}, 1)


def _numbers(values) -> np.ndarray:
    return np.ma.filled(np.ma.asarray(values[...]).astype(float), np.nan)


def _plain(variable: netCDF4.Variable) -> bool:
    return variable.dtype is not str and variable.dtype.kind in "fiu"


def _filled(values: np.ndarray) -> np.ndarray:
    """Gaps on a straight line between their edges."""
    known = np.isfinite(values)
    number = np.arange(len(values))
    return np.interp(number, number[known], values[known])


def _saturated(celsius: np.ndarray) -> np.ndarray:
    """Vapour pressure at saturation, Pa (Tetens, 1930)."""
    return 610.78 * np.exp(17.269 * celsius / (237.3 + celsius))
