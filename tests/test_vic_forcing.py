"""VIC's forcing: files of the image driver and of the classic driver, hours made into steps."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import InputError
from freshet.driver.vic.clock import calendar_rows, forcing_rows
from freshet.driver.vic.forcing_classic import ClassicForcing, Column, Stream
from freshet.driver.vic.forcing_image import ImageForcing, yearly_files
from freshet.kernels.vic import parameters

from vic_files import (
    FORCE_NAMES,
    PLACE,
    kernel_weather,
    weather,
    write_classic_forcing,
    write_image_forcing,
)  # fmt: skip

NORTH, EAST = np.array(list(PLACE.values())).T


def test_forcing_of_the_image_driver_goes_on_from_year_to_year(tmp_path):
    prefix = write_image_forcing(tmp_path)
    series = ImageForcing(yearly_files(str(prefix), 1999, 2000), FORCE_NAMES, NORTH, EAST)
    assert (str(series.span.start), series.span.interval, series.span.count) == ("1999-12-31T00:00:00", 3600, 48)
    found = series.read(20, 31)
    for name, values in kernel_weather(slice(20, 31)).items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12, err_msg=name)
    other = ImageForcing(yearly_files(str(prefix), 2000, 2000), FORCE_NAMES, NORTH[::-1], EAST[::-1])
    np.testing.assert_array_equal(other.read(0, 3)["wind"], found["wind"][4:7, ::-1])


def test_forcing_of_the_classic_driver_gives_the_same(tmp_path):
    prefix = write_classic_forcing(tmp_path)
    columns = [Column(name) for name in FORCE_NAMES]
    columns.insert(4, Column("SKIP"))
    series = ClassicForcing([Stream(str(prefix), columns, np.datetime64("1999-12-31"), 24)], NORTH, EAST)
    assert series.span.count == 48
    for name, values in kernel_weather(slice(20, 31)).items():
        np.testing.assert_allclose(series.read(20, 31)[name], values, rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("big", [True, False])
def test_binary_forcing_is_short_integers_with_factors(tmp_path, big):
    values = weather(48, 1)
    names, factors = list(FORCE_NAMES), [40.0, 100.0, 40.0, 40.0, 100.0, 1000.0, 100.0]
    columns = [Column(name, name == "AIR_TEMP", factor) for name, factor in zip(names, factors, strict=True)]
    numbers = np.stack([np.round(values[c.force_type][:, 0] * c.factor) for c in columns], 1)
    (tmp_path / "data_48.00_-121.00").write_bytes(numbers.astype(">i2" if big else "<i2").tobytes())
    stream = Stream(str(tmp_path / "data_"), columns, np.datetime64("1999-12-31"), 24, 2, True, big)
    found = ClassicForcing([stream], NORTH[:1], EAST[:1]).read(0, 48)
    np.testing.assert_allclose(found["air_temperature"][:, 0], values["AIR_TEMP"][:, 0], atol=0.006)
    np.testing.assert_allclose(found["longwave"][:, 0], values["LWDOWN"][:, 0], atol=0.013)


def test_hours_become_steps_with_precipitation_summed_and_the_rest_averaged():
    given = kernel_weather(slice(0, 48))
    steps = np.datetime64("1999-12-31T00:00:00") + np.arange(2) * np.timedelta64(86400, "s")
    rows = forcing_rows(steps, given, 8)
    names = [variable.name for variable in parameters.forcings(8)]
    assert rows.shape == (2, len(names), 3)
    np.testing.assert_array_equal(rows[:, :2, 0], [[12, 365], [1, 1]])
    rain, wind = given["precipitation"], given["wind"]
    np.testing.assert_allclose(rows[1, names.index("precipitation_3")], rain[30:33].sum(axis=0))
    np.testing.assert_allclose(rows[1, names.index("wind_8")], wind[45:48].mean(axis=0))
    with pytest.raises(ValueError, match="48 values do not make 2 steps of 7 parts"):
        forcing_rows(steps, given, 7)


def test_the_clock_knows_leap_years():
    times = np.array(["1900-03-01", "2000-02-29", "2000-12-31T21", "2001-12-31T23:00"], "datetime64[s]")
    np.testing.assert_array_equal(calendar_rows(times), [[3, 60], [2, 60], [12, 366], [12, 365]])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["tas"].__setitem__((5, 0, 1), 280.0), ("AIR_TEMP is 280", "2000-01-01T05", "place 2", "degC")),
        (lambda d: d["vp"].__setitem__((0, 1, 0), np.ma.masked), ("VP is missing", "place 3")),
        (lambda d: d["time"].__setitem__(7, 9), ("2000-01-01 07:00 is",)),
        (lambda d: d.renameVariable("pres", "ps"), ("no variable 'pres'",)),
    ],
)
def test_faults_of_forcing_are_told(tmp_path, change, words):
    prefix = write_image_forcing(tmp_path)
    with netCDF4.Dataset(f"{prefix}2000.nc", "a") as data:
        change(data)
    with pytest.raises(InputError) as error:
        ImageForcing(yearly_files(str(prefix), 1999, 2000), FORCE_NAMES, NORTH, EAST).read(0, 48)
    assert [word for word in (*words, "forcing.") if word not in str(error.value)] == []


def test_missing_forcing_is_told(tmp_path):
    prefix = write_image_forcing(tmp_path)
    with pytest.raises(InputError, match=r"forcing\.2001\.nc does not exist"):
        yearly_files(str(prefix), 1999, 2001)
    names = {name: own for name, own in FORCE_NAMES.items() if name != "VP"}
    with pytest.raises(InputError, match="no FORCE_TYPE VP"):
        ImageForcing(yearly_files(str(prefix), 1999, 2000), names, NORTH, EAST)
    columns = [Column(name) for name in FORCE_NAMES]
    with pytest.raises(InputError, match="8 columns, the global file has 7 FORCE_TYPE"):
        ClassicForcing(
            [Stream(str(write_classic_forcing(tmp_path)), columns, np.datetime64("1999-12-31"), 24)], NORTH, EAST
        )
