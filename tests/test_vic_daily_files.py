"""Daily forcing files of VIC 4's kind: steps are derived from them, and their faults are told."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import InputError
from freshet.driver.vic.clock import forcing_rows
from freshet.driver.vic.daily_choices import DailyChoices
from freshet.driver.vic.daily_weather import daily_weather
from freshet.driver.vic.open import open_forcing, open_parameters

from vic_files import PLACE, write_classic

NORTH, EAST = np.array(list(PLACE.values())).T
NAMES = ("PREC", "TMAX", "TMIN", "WIND")
COUNT = 20
DATES = np.datetime64("1999-12-22") + np.arange(COUNT)


def days():
    """Values as they stand in the files [day, place]."""
    random = np.random.default_rng(2)
    low = random.normal(-2.0, 5.0, (COUNT, NORTH.size))
    rain = random.gamma(0.5, 8.0, low.shape)
    return {"PREC": rain, "TMAX": low + 9.0, "TMIN": low, "WIND": random.uniform(1.0, 6.0, low.shape)}


def by_columns(folder, values):
    for place, (north, east) in enumerate(PLACE.values()):
        table = np.stack([values[name][:, place] for name in NAMES], 1)
        np.savetxt(folder / f"days_{north:.2f}_{east:.2f}", table, fmt="%.17g")
    return {
        "forcing": str(folder / "days_"),
        "forcing_columns": NAMES,
        "forcing_start": "1999-12-22",
        "forcing_steps_per_day": 1,
        "forcing_decimals": 2,
    }


def by_years(folder, values):
    """Two netCDF files, of a grid of 2 x 2 cells."""
    for year in (1999, 2000):
        own = np.flatnonzero(DATES.astype("datetime64[Y]").astype(int) + 1970 == year)
        with netCDF4.Dataset(folder / f"days.{year}.nc", "w") as data:
            for name, size in (("time", None), ("lat", 2), ("lon", 2)):
                data.createDimension(name, size)
            data.createVariable("lat", "f8", ("lat",))[:] = [48.0, 48.5]
            data.createVariable("lon", "f8", ("lon",))[:] = [-121.0, -120.5]
            time = data.createVariable("time", "i4", ("time",))
            time.units = "days since 1999-12-22"
            time[:] = own
            for name, found in values.items():
                variable = data.createVariable(name.lower(), "f8", ("time", "lat", "lon"), fill_value=-9999.0)
                full = np.ma.masked_all((own.size, 2, 2))
                for place, (y, x) in enumerate(((0, 0), (0, 1), (1, 0))):
                    full[:, y, x] = found[own, place]
                variable[:] = full
    names = tuple(f"{name} = {name.lower()}" for name in values)
    return {"forcing": str(folder / "days.{year}.nc"), "forcing_names": names}


def opened(folder, write=by_columns, values=None, years=(1999, 2000), **settings):
    paths = write_classic(folder)
    files = {key: str(paths[key]) for key in ("soil", "vegetation", "library", "bands")}
    options = {"file_options": ("SNOW_BAND = 2", "VEGPARAM_LAI = TRUE", "LAI_SRC = FROM_VEGPARAM")}
    given, _ = open_parameters(files | options)
    return open_forcing(write(folder, values or days()) | {"step": 3} | settings, given, *years), given


@pytest.mark.parametrize("write", [by_columns, by_years])
def test_files_with_tmin_and_tmax_give_the_weather_of_steps(tmp_path, write):
    series, given = opened(tmp_path, write)
    assert (str(series.span.start), series.span.interval, series.span.count) == ("1999-12-22T00:00:00", 10800, 160)
    values = days()
    names = {"PREC": "precipitation", "TMAX": "maximum", "TMIN": "minimum", "WIND": "wind"}
    expected = daily_weather(DATES, {own: values[name] for name, own in names.items()}, NORTH, EAST,
                             given.soil["elev"], 8)  # fmt: skip
    found = series.read(0, 160)
    for name, weather in expected.items():
        np.testing.assert_allclose(found[name], weather, rtol=1e-9, err_msg=name)
    assert np.isfinite(forcing_rows(DATES, found, 8)).all()


def test_a_run_of_one_year_looks_into_the_files_of_its_neighbours(tmp_path):
    both = opened(tmp_path, by_years)[0].read(0, 160)
    for year in (1999, 2000):
        series, _ = opened(tmp_path, by_years, years=(year, year))
        assert str(series.span.start) == "1999-12-22T00:00:00"
        for name, values in series.read(0, 160).items():
            np.testing.assert_array_equal(values, both[name], err_msg=name)


def test_steps_of_a_day_have_the_weather_of_the_sub_steps_of_snow(tmp_path):
    assert opened(tmp_path, step=24)[0].span.interval == 10800
    assert opened(tmp_path, step=24, substeps=24)[0].span.interval == 3600
    assert opened(tmp_path, step=1)[0].span.interval == 3600


def test_settings_of_the_namelist_reach_the_derived_weather(tmp_path):
    plain = opened(tmp_path)[0].read(0, 160)
    dark = opened(tmp_path, daily_wet_above=1000.0)[0].read(0, 160)["shortwave"]
    assert dark.sum() > 1.01 * plain["shortwave"].sum()
    sky = opened(tmp_path, daily_longwave="idso", daily_clouds="bras")[0].read(0, 160)["longwave"]
    assert np.abs(sky - plain["longwave"]).mean() > 1.0
    utc = opened(tmp_path, daily_clock="utc")[0].read(0, 160)["shortwave"].reshape(20, 8, 3).sum(axis=(0, 2))
    assert np.argmax(utc) == 6  # 8 hours after 12
    humid = opened(tmp_path, daily_humidity="never")[0].read(0, 160)["vapour_pressure"]
    assert (humid >= plain["vapour_pressure"] - 1e-9).all()


def test_measured_shortwave_and_vapour_are_taken_from_the_files(tmp_path):
    more = {"SWDOWN": np.full((COUNT, 3), 90.0), "VP": np.full((COUNT, 3), 0.11)}
    found = opened(tmp_path, by_years, days() | more)[0].read(0, 160)
    np.testing.assert_allclose(found["shortwave"].reshape(20, 8, 3).mean(axis=1), 90.0)
    np.testing.assert_allclose(found["vapour_pressure"].max(), 110.0)


def faulty(name, day, place, value):
    values = days()
    values[name][day, place] = value
    return values


def without(name):
    return {kept: values for kept, values in days().items() if kept != name}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (faulty("TMAX", 4, 1, 278.0), ("TMAX is 278", "1999-12-26", "place 2", "kelvin", "degC")),
        (faulty("TMIN", 4, 1, 40.0), ("TMIN 40 is above TMAX", "1999-12-26", "place 2", "exchanged")),
        (faulty("PREC", 0, 2, -0.1), ("PREC is -0.1", "1999-12-22", "place 3")),
        (faulty("PREC", 0, 2, np.nan), ("PREC is missing", "1999-12-22", "place 3")),
        (without("WIND"), ("no FORCE_TYPE WIND", "daily weather needs all of PREC, TMIN, TMAX, WIND")),
        (without("TMIN"), ("no FORCE_TYPE TMIN",)),
        (days() | {"AIR_TEMP": days()["TMIN"]}, ("FORCE_TYPE AIR_TEMP is unknown beside daily TMIN and TMAX",)),
    ],
)
def test_faults_of_daily_files_are_told_in_one_line(tmp_path, values, words):
    with pytest.raises(InputError) as error:
        opened(tmp_path, by_years, values)[0].read(0, 160)
    message = str(error.value)
    assert [word for word in (*words, "days.") if word not in message] == []
    assert "\n" not in message


def test_hours_of_extremes_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"intervals of 3600 s .* TMIN and TMAX need days"):
        opened(tmp_path, lambda folder, values: by_columns(folder, values) | {"forcing_steps_per_day": 24})


def test_arrays_are_checked_as_files_are():
    values = {"precipitation": 1.0, "minimum": 1.0, "maximum": 9.0, "wind": 2.0}
    given = {name: np.full((COUNT, 3), value) for name, value in values.items()}
    place = NORTH, EAST, np.zeros(3)
    with pytest.raises(InputError, match="TMIN 1 is above TMAX 0"):
        daily_weather(DATES, given | {"maximum": np.zeros((COUNT, 3))}, *place, 8)
    with pytest.raises(InputError, match="no FORCE_TYPE WIND"):
        daily_weather(DATES, {name: given[name] for name in list(given)[:3]}, *place, 8)
    with pytest.raises(InputError, match="not successive days"):
        daily_weather(DATES[::2], {name: found[::2] for name, found in given.items()}, *place, 8)
    with pytest.raises(ValueError, match="7 steps of a day"):
        daily_weather(DATES, given, *place, 7)


def test_clocks_and_days_lie_to_each_other_as_longitudes_say():
    east = np.array([120.0, -90.0, 350.0])
    ahead = np.array([8.0, -6.0, -10.0 / 15.0])
    for clock, days_of, begin, solar in (
        ("local", "local", 0.0 * ahead, 0.0 * ahead),
        ("utc", "local", -ahead, ahead),
        ("local", "utc", ahead, 0.0 * ahead),
        ("utc", "utc", 0.0 * ahead, ahead),
    ):
        found = DailyChoices(clock=clock, days=days_of).on(east)
        np.testing.assert_allclose(found.begin, begin)
        np.testing.assert_allclose(found.solar, solar)
