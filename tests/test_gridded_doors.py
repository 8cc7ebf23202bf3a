"""The doors of gridded weather: names, units, conventions of the products, and the shared files."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError
from freshet.driver.grid.coordinates import regular_grid
from freshet.kernels import potential_evaporation as formulas
from freshet.kernels.potential_evaporation.air import air_pressure

from weather_files import DAY, LATITUDE, LONGITUDE, everywhere, forcing, made_up, opened, write

HOURS = 24


def flat(values):
    return values.reshape(len(values), -1)


def test_wfde5_has_the_precipitation_and_temperature_that_its_description_states(shared):
    file = next((shared / "data" / "wfde5_british_isles").glob("*.nc"))
    weather = opened(file)
    with netCDF4.Dataset(file) as data:
        rows, columns = np.nonzero(np.isfinite(np.ma.filled(data["tas"][:], np.nan)).all(axis=0))
    block = weather.on(weather.latitude[rows], weather.longitude[columns]).forcing(0, weather.axis.count)
    assert str(weather.axis).startswith("2017-01-01 to 2017-01-31")
    assert block[:, 0].sum(axis=0).mean() == pytest.approx(85.0, abs=0.5)
    assert block[:, 1].mean() + 273.15 == pytest.approx(277.9, abs=0.05)


def test_evaporation_of_wfde5_is_that_of_the_formulas_on_the_means_and_extremes_of_its_hours(shared):
    file = next((shared / "data" / "wfde5_british_isles").glob("*.nc"))
    with netCDF4.Dataset(file) as data:
        row, column = (int(np.argmin(np.abs(data[k][:] - at))) for k, at in (("lat", 52.25), ("lon", -1.25)))
        series = ("tas", "huss", "rlds", "rsds", "sfcWind")
        hours = {name: data[name][:, row, column].filled().astype("f8").reshape(31, HOURS) for name in series}
    mean = {name: values.mean(axis=1) for name, values in hours.items()}
    warm, low, high = mean["tas"] - 273.15, hours["tas"].min(axis=1) - 273.15, hours["tas"].max(axis=1) - 273.15
    vapour = formulas.vapour_pressure_from_specific_humidity(mean["huss"], air_pressure(120.0))
    net = formulas.net_radiation_from_longwave(mean["rsds"], mean["rlds"], warm)
    wind = formulas.wind_at_two_metres(mean["sfcWind"], 10.0)
    days = np.arange(1, 32)
    expected = {
        "oudin": formulas.oudin(warm, 52.25, days),
        "hargreaves": formulas.hargreaves(low, high, 52.25, days, 365.0, warm),
        "priestley_taylor": formulas.priestley_taylor(net, warm, 120.0),
        "penman_monteith": formulas.penman_monteith_fao56(net, low, high, vapour, wind, 120.0, warm),
    }
    for pet, values in expected.items():
        block = opened(file, pet=pet).on([52.25], [-1.25], elevation=[120.0]).forcing(0, 31)
        np.testing.assert_allclose(block[:, 2, 0], values, rtol=1e-4, atol=1e-4, err_msg=pet)
        assert block[:, 2].mean() > 0.0


def test_rhine_and_meuse_have_the_climate_that_their_description_states(shared):
    file = shared / "data" / "rhine_meuse_30min" / "rhine_meuse_30min.nc"
    weather = opened(file)
    with netCDF4.Dataset(file) as data:
        rows, columns = np.nonzero(data["land_mask"][:])
    block = weather.on(weather.latitude[rows], weather.longitude[columns]).forcing(0, weather.axis.count)
    assert weather.axis.count == 3652
    assert block[:, 0].mean() * 365.25 == pytest.approx(1059, abs=1)
    assert block[:, 1].mean() == pytest.approx(8.8, abs=0.05)


def test_era5_of_cities_is_read_as_a_list_of_cells_with_its_packing_noise_allowed(shared):
    file = next((shared / "data" / "era5_daily_cities").glob("*.nc"))
    weather = opened(file, pet="penman_monteith", negative_precipitation=1e-4)
    reader = weather.on([45.5], [-73.4])
    block = reader.forcing(0, weather.axis.count)
    with netCDF4.Dataset(file) as data:
        rain = np.maximum(data["pr"][1].filled(), 0.0) * DAY
    np.testing.assert_allclose(block[:, 0, 0], rain, rtol=1e-6)
    assert weather.listed
    assert 600 < block[:, 2, 0].mean() * 365.25 < 900  # short grass at Montreal
    assert any("below 0" in note for note in reader.notes)


def test_hydropys_own_forcing_is_read_by_its_names_with_its_evaporation(tmp_path):
    base = made_up(5)
    rates = {"Precip": base["pr"], "TSurf": base["tas"], "PET": (base["pr"] * 0 + 3.0 / DAY).astype("f4")}
    for name, values in rates.items():
        write(tmp_path / f"{name}_2001.nc", {name: values}, units={"Precip": "kg m-2 s-1", "TSurf": "K"})
    weather = opened(tmp_path / "*_{year}.nc")
    block = forcing(weather)
    np.testing.assert_allclose(block[:, 0], flat(base["pr"]).astype("f8") * DAY, rtol=1e-6)
    np.testing.assert_allclose(block[:, 1], flat(base["tas"]).astype("f8") - 273.15, atol=3e-5)
    np.testing.assert_allclose(block[:, 2], 3.0, rtol=1e-6)
    assert weather.pet == "given"
    assert any("'hydropy'" in note for note in weather.notes)


def test_doubles_are_given_where_asked_for(tmp_path):
    base = made_up(3)
    weather = opened(write(tmp_path / "a.nc", base))
    assert forcing(weather).dtype == np.float32
    block = forcing(weather, dtype=np.float64)
    np.testing.assert_array_equal(forcing(opened(tmp_path / "a.nc", precision="float64")), block)
    assert block.dtype == np.float64
    np.testing.assert_array_equal(block[:, 1], flat(base["tas"]).astype("f8") - 273.15)


ERA5_NAMES = {
    "old": ("t2m", "tp", ("time", "latitude", "longitude")),
    "new": ("t2m", "tp", ("valid_time", "latitude", "longitude")),
    "long": ("2m_temperature", "total_precipitation", ("time", "latitude", "longitude")),
}


@pytest.mark.parametrize("kind", ERA5_NAMES)
def test_hourly_sums_of_era5_end_at_their_time(tmp_path, kind):
    warm, rain, names = ERA5_NAMES[kind]
    random = np.random.default_rng(2)
    amounts = random.random((4 * HOURS, 3, 4)).astype("f4") * 1e-3
    kelvin = 280 + random.random((4 * HOURS, 3, 4)).astype("f4")
    file = write(
        tmp_path / "era5.nc", {rain: amounts, warm: kelvin}, hours=1, names=names, units={rain: "m", warm: "K"}
    )
    weather = opened(file)
    block = forcing(weather)
    # The first hour is of the day before; the day behind the last midnight is not whole.
    assert str(weather.axis).startswith("2001-01-01 to 2001-01-03")
    expected = flat(amounts[1:73]).astype("f8").reshape(3, HOURS, -1).sum(axis=1) * 1e3
    np.testing.assert_allclose(block[:, 0], expected, rtol=1e-5)
    mean = flat(kelvin[:72]).astype("f8").reshape(3, HOURS, -1).mean(axis=1) - 273.15
    np.testing.assert_allclose(block[:, 1], mean, atol=1e-4)


def test_sums_since_midnight_of_era5_land_are_taken_at_the_end_of_the_day(tmp_path):
    random = np.random.default_rng(3)
    hourly = random.random((3, HOURS, 3, 4)) * 1e-3
    # The first midnight has the sum of the day before.
    running = np.concatenate([np.full((1, 3, 4), 0.02), np.cumsum(hourly, axis=1).reshape(-1, 3, 4)]).astype("f4")
    variables = {"tp": running, "t2m": 280 + 0 * running}
    file = write(tmp_path / "land.nc", variables, hours=1, units={"tp": "m", "t2m": "K"})
    block = forcing(opened(file, product="era5_land"))
    np.testing.assert_allclose(block[:, 0], hourly.sum(axis=1).reshape(3, -1) * 1e3, rtol=1e-5)


def test_daily_sums_of_era5_in_metres_become_millimetres(tmp_path):
    base = made_up(3)
    amounts = base["pr"] * np.float32(DAY * 1e-3)
    units = {"tp": "m of water equivalent", "t2m": "K"}
    block = forcing(opened(write(tmp_path / "d.nc", {"tp": amounts, "t2m": base["tas"]}, units=units)))
    np.testing.assert_allclose(block[:, 0], flat(amounts) * 1e3, rtol=1e-6)


def test_era5_and_its_preliminary_part_side_by_side_are_put_together(tmp_path):
    base = made_up(4)
    file = tmp_path / "e.nc"
    with netCDF4.Dataset(file, "w") as data:
        for name, size in (("time", 4), ("expver", 2), ("lat", 3), ("lon", 4)):
            data.createDimension(name, size)
        data.createVariable("time", "i4", ("time",))[:] = np.arange(4)
        data["time"].units = "days since 2001-01-01"
        for name, values, unit in (("lat", LATITUDE, "degrees_north"), ("lon", LONGITUDE, "degrees_east")):
            data.createVariable(name, "f4", (name,))[:] = values
            data[name].units = unit
        for name, source, unit in (("tp", base["pr"] * DAY / 1e3, "m"), ("t2m", base["tas"], "K")):
            values = np.full((4, 2, 3, 4), np.nan, "f4")
            values[:3, 0], values[3:, 1] = source[:3], source[3:]
            data.createVariable(name, "f4", ("time", "expver", "lat", "lon"), fill_value=np.nan)[:] = values
            data[name].units = unit
    np.testing.assert_allclose(forcing(opened(file))[:, 1], flat(base["tas"]) - 273.15, atol=3e-5)


def test_rain_and_snow_in_two_series_are_added(tmp_path):
    base = made_up(3)
    parts = {"Rainf": base["pr"], "Snowf": base["pr"] * np.float32(0.5), "Tair": base["tas"]}
    units = {"Rainf": "kg m-2 s-1", "Snowf": "kg m-2 s-1", "Tair": "K"}
    block = forcing(opened(write(tmp_path / "w.nc", parts, units=units)))
    np.testing.assert_allclose(block[:, 0], flat(base["pr"]) * 1.5 * DAY, rtol=1e-6)


def test_series_are_found_by_their_standard_names(tmp_path):
    base = made_up(3)
    told = {"a": {"standard_name": "precipitation_flux"}, "b": {"standard_name": "air_temperature"}}
    units = {"a": "mm day-1", "b": "degC"}
    file = write(tmp_path / "s.nc", {"a": base["pr"], "b": base["tas"] - 273}, units=units, attributes=told)
    np.testing.assert_allclose(forcing(opened(file))[:, 1], flat(base["tas"]) - 273, atol=3e-5)


def test_a_name_in_the_namelist_comes_before_what_would_be_recognised(tmp_path):
    base = made_up(3)
    corrected = {**base, "pr_corrected": base["pr"] * np.float32(2)}
    file = write(tmp_path / "n.nc", corrected, units={"pr": "mm d-1", "pr_corrected": "mm d-1", "tas": "K"})
    np.testing.assert_allclose(forcing(opened(file, precipitation="pr_corrected"))[:, 0], flat(base["pr"]) * 2)
    with pytest.raises(ConfigurationError, match=r"precipitation = 'pr_correct'.*did you mean 'pr_corrected'"):
        opened(file, precipitation="pr_correct")


def test_the_weather_has_the_cells_of_a_grid_of_the_other_room(tmp_path):
    weather = opened(write(tmp_path / "g.nc", made_up(3)))
    grid = regular_grid(weather.latitude, weather.longitude)
    cell = np.array([0, 5, 11])
    block = weather.on(grid.latitudes(cell), grid.longitudes(cell)).forcing(0, 3)
    np.testing.assert_array_equal(block, everywhere(weather).forcing(0, 3)[:, :, cell])


def test_the_forcing_of_hydropys_reference_comes_to_the_bit_in_doubles(shared):
    file = shared / "reference" / "hydropy" / "global5_inputs.nc"
    with netCDF4.Dataset(file) as data:
        active = np.flatnonzero(data["active"][:])
        latitude, longitude = data["lat"][:].filled()[active], data["lon"][:].filled()[active]
        raw = {name: data[name][:, active].filled().astype("f8") for name in ("Precip", "TSurf", "PET")}
    weather = opened(file)
    block = weather.on(latitude, longitude, dtype=np.float64).forcing(0, 365)
    assert weather.pet == "given"
    np.testing.assert_array_equal(block[:, 0], raw["Precip"] * DAY)
    np.testing.assert_array_equal(block[:, 1], raw["TSurf"] - 273.15)
    np.testing.assert_array_equal(block[:, 2], raw["PET"] * DAY)
