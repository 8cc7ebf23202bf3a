"""Writers of small gridded weather as netCDF files, and the door through which it is read."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cftime
import netCDF4
import numpy as np
from freshet.driver.gridded import Weather, open_weather
from freshet.driver.settings_weather import WEATHER

LATITUDE = np.array([51.75, 51.25, 50.75])
LONGITUDE = np.array([5.25, 5.75, 6.25, 6.75])
UNITS = {"pr": "kg m-2 s-1", "tas": "K", "tasmin": "K", "tasmax": "K", "PET": "kg m-2 s-1"}
DAY = 86400.0


def settings(*paths: Path | str, on_missing: str = "refuse", precision: str = "float32", **weather: Any) -> Any:
    """Settings of &weather with their defaults, on_missing of &data and precision of &run."""
    values = {setting.key: setting.default for setting in WEATHER}
    values |= {"path": tuple(map(str, paths)), **weather}
    data, run = SimpleNamespace(on_missing=on_missing), SimpleNamespace(precision=precision)
    return SimpleNamespace(weather=SimpleNamespace(**values), data=data, run=run)


def opened(*paths: Path | str, **options: Any) -> Weather:
    """The weather of some files."""
    return open_weather(settings(*paths, **options))


def everywhere(weather: Weather, **options: Any) -> Any:
    """A reader of all cells, row by row."""
    latitude, longitude = weather.layout.coordinates()
    return weather.on(latitude, longitude, **options)


def forcing(weather: Weather, **options: Any) -> np.ndarray:
    """All days and cells [time, row, place]."""
    return np.asarray(everywhere(weather, **options).forcing(0, weather.axis.count))


def write(
    file: Path,
    variables: dict[str, np.ndarray],
    start: str = "2001-01-01",
    *,
    calendar: str = "standard",
    hours: float = 24.0,
    times: np.ndarray | None = None,
    latitude: np.ndarray = LATITUDE,
    longitude: np.ndarray = LONGITUDE,
    names: tuple[str, str, str] = ("time", "lat", "lon"),
    units: dict[str, str] | None = None,
    attributes: dict[str, dict[str, Any]] | None = None,
    storage: dict[str, Any] | None = None,
    bounds: np.ndarray | None = None,
    format: str = "NETCDF4",
) -> Path:
    """Variables [time, y, x]; times: hours since the start, by default every `hours`."""
    count = len(next(iter(variables.values())))
    with netCDF4.Dataset(file, "w", format=format) as data:
        time, north, east = names
        data.createDimension(time, None if format != "NETCDF4" else count)
        stamps = data.createVariable(time, "f8", (time,))
        stamps.units, stamps.calendar = f"hours since {start}", calendar
        stamps[:] = np.arange(count) * hours if times is None else times
        if bounds is not None:
            data.createDimension("bnds", 2)
            stamps.bounds = "time_bnds"
            data.createVariable("time_bnds", "f8", (time, "bnds"))[:] = bounds
        for name, values, unit in ((north, latitude, "degrees_north"), (east, longitude, "degrees_east")):
            data.createDimension(name, len(values))
            data.createVariable(name, "f8", (name,))[:] = values
            data[name].units = unit
        for name, values in variables.items():
            extra = (attributes or {}).get(name, {})
            packed = {key: extra[key] for key in ("_FillValue",) if key in extra}
            kind = "i2" if "scale_factor" in extra else values.dtype.str[1:]
            options = {"fill_value": packed.get("_FillValue")} | (storage or {})
            written = data.createVariable(name, kind, names, **options)
            written.units = (units or {}).get(name, UNITS.get(name, ""))
            written.setncatts({key: value for key, value in extra.items() if key != "_FillValue"})
            written.set_auto_maskandscale(False)
            written[:] = values
    return file


def made_up(days: int, seed: int = 1, per_day: int = 1, shape: tuple[int, int] = (3, 4)) -> dict[str, np.ndarray]:
    """pr (kg m-2 s-1) and tas (K), float32 [time, y, x]."""
    random = np.random.default_rng(seed)
    rain = np.maximum(random.gamma(0.5, 8.0, (days * per_day, *shape)) - 1.0, 0.0)
    season = 283.0 + 8.0 * np.sin(np.arange(days * per_day) / per_day * 2 * np.pi / 365.0 - 2.0)
    warm = season[:, None, None] + random.normal(0.0, 3.0, (days * per_day, *shape))
    return {"pr": (rain / DAY).astype("f4"), "tas": warm.astype("f4")}


def date(text: str, calendar: str = "standard") -> cftime.datetime:
    """A day of a calendar."""
    return cftime.datetime(*map(int, text.split("-")), calendar=calendar)
