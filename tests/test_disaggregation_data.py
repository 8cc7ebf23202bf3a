"""Weather of hours from that of days beside what was measured, Daymet's, and what VIC's own tools made of the same."""

from typing import NamedTuple

import netCDF4
import numpy as np
import pytest
from freshet.driver.vic.daily_choices import DailyChoices
from freshet.driver.vic.daily_weather import daily_weather
from freshet.kernels.disaggregation import ALWAYS, NEVER, estimate, sun


class Skill(NamedTuple):
    bias: float
    rmse: float
    correlation: float


def skill(found, measured):
    a, b = np.ravel(found), np.ravel(measured)
    return Skill((a - b).mean(), np.sqrt(((a - b) ** 2).mean()), np.corrcoef(a, b)[0, 1])


def hold(found, measured, bias, rmse, correlation):
    """Bias within a range, root of the mean square and correlation at least so good."""
    own = skill(found, measured)
    assert bias[0] < own.bias < bias[1], own
    assert own.rmse < rmse, own
    assert own.correlation > correlation, own


@pytest.fixture(scope="module")
def mountain(shared):
    """Reynolds Mountain East, 2060 m: hours [day, hour] of mountain standard time, and the days.

    The file's times are ends of hours: only so is noon, by the sun's radiation, where the longitude has it.
    """
    with netCDF4.Dataset(shared / "data/reynolds_mountain_east/reynolds_mountain_east.nc") as data:
        names = ("SWRadAtm", "LWRadAtm", "airpres", "airtemp", "pptrate", "spechum", "windspd")
        hours = {name: np.asarray(data[name][1 : 1 + 365 * 24], float).reshape(365, 24) for name in names}
        place = float(data["latitude"][...]), float(data["longitude"][...]) - 360.0
    hours["celsius"] = hours["airtemp"] - 273.15
    hours["vapour"] = hours["spechum"] * hours["airpres"] / (0.622 + 0.378 * hours["spechum"])
    days = {
        "precipitation": 3600.0 * hours["pptrate"].sum(axis=1),
        "minimum": hours["celsius"].min(axis=1),
        "maximum": hours["celsius"].max(axis=1),
        "wind": hours["windspd"].mean(axis=1),
    }
    return hours, {name: values[:, None] for name, values in days.items()}, place


def derived(mountain, chosen=None, **measured):
    """Hours at the mountain, of its zone's clock, which is 47 minutes ahead of the sun."""
    _, days, (north, east) = mountain
    place = np.array([north]), np.array([east]), np.array([2060.0])
    dates = np.datetime64("2005-09-01") + np.arange(365)
    # Mountain standard time is UTC - 7: days of UTC, at a longitude that is 7 hours further east.
    chosen = chosen or DailyChoices(clock="utc", days="utc")
    place = place[0], place[1] + 105.0, place[2]
    found = daily_weather(dates, days | measured, *place, 24, chosen)
    return {name: values.reshape(365, 24) for name, values in found.items()}


def test_hours_at_reynolds_mountain_are_those_that_were_measured(mountain):
    hours, _, _ = mountain
    found = derived(mountain)
    # W m-2: of a mean of 180 and of 274; K; Pa of a mean of 532
    hold(found["shortwave"], hours["SWRadAtm"], (0.0, 12.0), 95.0, 0.94)
    hold(found["longwave"], hours["LWRadAtm"], (0.0, 10.0), 27.0, 0.83)
    hold(found["air_temperature"], hours["celsius"], (-0.5, 0.5), 2.9, 0.955)
    hold(found["vapour_pressure"], hours["vapour"], (80.0, 150.0), 280.0, 0.62)
    assert abs(found["pressure"].mean() - hours["airpres"].mean()) < 800.0


def test_days_at_reynolds_mountain_are_those_that_were_measured(mountain):
    hours, _, _ = mountain
    found = derived(mountain)
    hold(found["shortwave"].mean(axis=1), hours["SWRadAtm"].mean(axis=1), (0.0, 12.0), 38.0, 0.94)
    hold(found["longwave"].mean(axis=1), hours["LWRadAtm"].mean(axis=1), (0.0, 10.0), 23.0, 0.85)


def test_the_sun_rises_and_sets_when_it_does_at_reynolds_mountain(mountain):
    hours, _, _ = mountain
    right = skill(derived(mountain)["shortwave"], hours["SWRadAtm"]).correlation
    for shifted in (-1, 1):
        moved = np.roll(derived(mountain)["shortwave"].ravel(), shifted)
        assert skill(moved, hours["SWRadAtm"]).correlation < right - 0.01


def test_each_measured_quantity_improves_the_hours(mountain):
    hours, _, _ = mountain
    bare = derived(mountain)
    sun_known = derived(mountain, shortwave=hours["SWRadAtm"].mean(axis=1)[:, None])
    hold(sun_known["shortwave"], hours["SWRadAtm"], (-1e-6, 1e-6), 75.0, 0.968)
    vapour_known = derived(mountain, vapour_pressure=hours["vapour"].mean(axis=1)[:, None])
    hold(vapour_known["vapour_pressure"], hours["vapour"], (-20.0, 5.0), 90.0, 0.91)
    sky_known = derived(mountain, longwave=hours["LWRadAtm"].mean(axis=1)[:, None])
    hold(sky_known["longwave"], hours["LWRadAtm"], (-1e-6, 1e-6), 21.0, 0.90)
    worse = skill(bare["vapour_pressure"], hours["vapour"])
    assert worse.rmse > 2.0 * skill(vapour_known["vapour_pressure"], hours["vapour"]).rmse


@pytest.mark.parametrize(("length", "basin", "bias"), [("long", 0, 0.04), ("long", 1, 0.14), ("short", 0, 0.13),
                                                       ("short", 1, 0.17)])  # fmt: skip
def test_days_at_camels_basins_are_near_daymet(shared, length, basin, bias):
    # Daymet counts days as wet from some millimetres on and has a tenth less sun in summer: it is a model itself.
    with netCDF4.Dataset(shared / f"data/camels_us_daymet/camels_us_daymet_{length}.nc") as data:
        names = ("precipitation", "temperature_min", "temperature_max", "shortwave", "vapor_pressure", "day_length")
        rain, low, high, sunlit, vapour, seconds = (
            np.ma.filled(data[name][basin].astype(float), np.nan)[:, None] for name in names
        )
        dates = np.datetime64("1900-01-01") + np.asarray(data["time"][:]).astype("timedelta64[D]")
        north, height = np.array([data["gauge_lat"][basin]]), np.array([data["elevation_forcing"][basin]])
    years = dates.astype("datetime64[Y]")
    day = (dates - years.astype("datetime64[D]")).astype(int) + 1
    leap = ((years + 1).astype("datetime64[D]") - years.astype("datetime64[D]")).astype(int)
    shortwave = sunlit * seconds / 86400.0
    found = estimate(rain, low, high, north, height, sun(day, leap), aridity=NEVER)
    mean = shortwave.mean()
    hold(found.shortwave, shortwave, (0.0, bias * mean + 3.0), 31.0, 0.95)
    hold(found.vapour_pressure, vapour, (-15.0, 15.0), 50.0, 0.997)
    dry = estimate(rain, low, high, north, height, sun(day, leap), aridity=ALWAYS)
    hold(dry.vapour_pressure, vapour, (-70.0, -10.0), 95.0, 0.997)


def sample(shared, pattern, per_day):
    """What VIC's tools made of days, [day, step, place], one after another."""
    found: dict[str, list[np.ndarray]] = {}
    for path in sorted((shared / "data/vic_sample").glob(pattern)):
        with netCDF4.Dataset(path) as data:
            mask = np.asarray(data["mask"][:]) == 1 if "mask" in data.variables else np.ones((1, 1), bool)
            for name in ("temp", "shortwave", "longwave", "vapor_pressure", "rel_humid", "prec", "wind"):
                values = np.asarray(data[name][:])[:, mask]
                found.setdefault(name, []).append(values.reshape(-1, per_day, values.shape[-1]))
            north = np.broadcast_to(np.asarray(data["lat"][:])[:, None], mask.shape)[mask]
            east = np.broadcast_to(np.asarray(data["lon"][:]), mask.shape)[mask]
    return {name: np.concatenate(parts) for name, parts in found.items()}, north, east


def again(given, temperature, start, *place):
    """The same steps, from the days that these values have."""
    days = {
        "precipitation": given["prec"].sum(axis=1),
        "minimum": temperature.min(axis=1),
        "maximum": temperature.max(axis=1),
        "wind": given["wind"].mean(axis=1),
    }
    dates = np.datetime64(start) + np.arange(len(temperature))
    found = daily_weather(dates, days, *place, temperature.shape[1])
    return {name: values.reshape(temperature.shape) for name, values in found.items()}


def test_hours_at_findley_lake_are_those_that_vic_was_given(shared):
    given, north, east = sample(shared, "FindleyLake/forcings/*.nc", 24)
    # Its temperature was lowered by 1.63 K for the lake's elevation after all else had been derived: the relative
    # humidity tells from which one.
    ratio = np.log(1000.0 * given["vapor_pressure"] / (0.01 * given["rel_humid"]) / 610.78)
    temperature = 237.3 * ratio / (17.269 - ratio)
    found = again(given, temperature, "1970-01-01", north, east, np.array([1240.0]))
    hold(found["air_temperature"], temperature, (-0.1, 0.1), 0.4, 0.998)
    hold(found["shortwave"], given["shortwave"], (3.0, 6.0), 9.0, 0.9995)
    hold(found["longwave"], given["longwave"], (-2.5, 0.0), 3.5, 0.996)
    hold(found["vapour_pressure"], 1000.0 * given["vapor_pressure"], (-15.0, 0.0), 22.0, 0.997)
    assert np.allclose(found["precipitation"], given["prec"], atol=1e-9)


def test_days_of_an_arid_year_are_those_that_vic_was_given(shared):
    given, north, east = sample(shared, "WalnutGulch/forcings/*.nc", 8)
    with netCDF4.Dataset(shared / "data/vic_sample/WalnutGulch/parameters/domain.WalnutGulch.0.0625_deg.nc") as data:
        high = np.asarray(data["elev"][:])[np.asarray(data["mask"][:]) == 1]
    found = again(given, given["temp"], "2008-01-01", north, east, high)
    # Its file has the dew of the rain before the record began: the first quarter of a year differs.
    later = slice(90, None)
    sun_of_days = found["shortwave"].mean(axis=1)
    hold(sun_of_days, given["shortwave"].mean(axis=1), (1.0, 5.0), 4.6, 0.999)
    vapour = 1000.0 * given["vapor_pressure"].mean(axis=1)
    hold(found["vapour_pressure"].mean(axis=1)[later], vapour[later], (-15.0, 15.0), 45.0, 0.996)
    sky = given["longwave"].mean(axis=1)
    hold(found["longwave"].mean(axis=1)[later], sky[later], (-5.0, 5.0), 6.0, 0.993)
