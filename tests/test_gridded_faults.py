"""Faults of gridded weather (promises 14 to 20): each one clear line, nothing computed from wrong numbers."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.settings import parse

from weather_files import DAY, everywhere, forcing, made_up, opened, write


def one_line(error):
    text = str(error.value)
    assert "\n" not in text
    assert len(text) < 600
    return text


def rates(days=3, **changed):
    """Precipitation in mm d-1 and temperature in degC, so that numbers stand in the file as they are meant."""
    base = {"pr": np.full((days, 3, 4), 2.0, "f4"), "tas": np.full((days, 3, 4), 10.0, "f4")}
    return base | changed


PLAIN = {"pr": "mm d-1", "tas": "degC"}


# 14: files


def test_a_file_that_does_not_exist_is_named_with_the_nearest(tmp_path):
    write(tmp_path / "pr_2001.nc", made_up(3))
    with pytest.raises(InputError) as error:
        opened(tmp_path / "pr_2002.nc")
    assert f"pr_2002.nc does not exist; did you mean '{tmp_path / 'pr_2001.nc'}'?" in one_line(error)


def test_a_pattern_that_fits_no_file_is_named(tmp_path):
    with pytest.raises(InputError) as error:
        opened(tmp_path / "pr_{year}.nc")
    assert f"no file fits '{tmp_path / 'pr_{year}.nc'}'" in one_line(error)


def test_a_missing_year_in_a_list_of_files_is_found_before_the_run(tmp_path):
    base = made_up(31)
    for year in (2001, 2003):
        write(tmp_path / f"w_{year}.nc", base, f"{year}-12-01")
    with pytest.raises(InputError) as error:
        opened(tmp_path / "w_{year}.nc")
    text = one_line(error)
    assert "2002-01-01 is missing" in text
    assert "w_2001.nc: tas ends with 2001-12-31" in text
    assert "w_2003.nc: tas begins with 2003-12-01" in text


@pytest.mark.parametrize("form", ["NETCDF4", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET"])
def test_a_file_that_was_cut_short_is_found_before_the_run(tmp_path, form):
    file = write(tmp_path / "w.nc", made_up(400), format=form)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(InputError) as error:
        opened(file)
    assert "w.nc" in one_line(error)
    assert "cut short" in one_line(error)


def test_a_file_that_breaks_while_it_is_read_ends_in_one_line(tmp_path):
    file = write(tmp_path / "w.nc", made_up(50), storage={"chunksizes": (10, 3, 4), "zlib": True, "shuffle": True})
    reader = everywhere(opened(file))
    content = bytearray(file.read_bytes())
    half = len(content) // 2
    content[half : half + 4000] = bytes(4000)
    file.write_bytes(bytes(content))
    with pytest.raises(InputError) as error:
        reader.forcing(0, 50)
    assert "w.nc" in one_line(error)


def test_a_file_that_goes_away_during_the_run_ends_in_one_line(tmp_path):
    file = write(tmp_path / "w.nc", made_up(5))
    reader = everywhere(opened(file))
    file.unlink()
    with pytest.raises(InputError) as error:
        reader.forcing(0, 5)
    assert "w.nc does not exist" in one_line(error)


def test_text_under_the_name_of_a_netcdf_file_is_refused(tmp_path):
    (tmp_path / "w.nc").write_text("no weather")
    with pytest.raises(InputError) as error:
        opened(tmp_path / "w.nc")
    assert "cannot be read as netCDF" in one_line(error)


# 15: days


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ([0, 1, 3, 4], "2001-01-03 is missing: 2001-01-02 is followed by 2001-01-04"),
        ([0, 1, 1, 2], "2001-01-02 comes twice"),
        ([0, 2, 1, 3, 4, 5], "2001-01-02 is out of order: 2001-01-01 is followed by 2001-01-03"),
        ([3, 2, 1, 0], "2001-01-03 follows 2001-01-04"),
    ],
)
def test_missing_double_and_unsorted_days_are_named_by_the_first_date(tmp_path, days, message):
    file = write(tmp_path / "w.nc", rates(len(days)), times=np.array(days) * 24.0, units=PLAIN)
    with pytest.raises(InputError) as error:
        opened(file)
    assert message in one_line(error)


def test_a_missing_hour_is_named_with_its_time(tmp_path):
    times = np.delete(np.arange(48.0), 30)
    base = {name: np.delete(values, 30, axis=0) for name, values in made_up(2, per_day=24).items()}
    with pytest.raises(InputError) as error:
        opened(write(tmp_path / "w.nc", base, times=times))
    assert "2001-01-02 06:00 is missing" in one_line(error)


def test_files_that_overlap_are_named(tmp_path):
    write(tmp_path / "a.nc", made_up(5))
    write(tmp_path / "b.nc", made_up(5), "2001-01-05")
    with pytest.raises(InputError) as error:
        opened(tmp_path / "*.nc")
    assert "2001-01-05 comes twice" in one_line(error)
    assert "a.nc" in one_line(error)
    assert "b.nc" in one_line(error)


def test_monthly_weather_is_refused_with_advice(tmp_path):
    write(tmp_path / "w.nc", made_up(28 * 3))
    months = np.array([15.5, 45.0, 74.5]) * 24.0
    write(tmp_path / "pet.nc", {"PET": np.full((3, 3, 4), 2 / DAY, "f4")}, times=months)
    with pytest.raises(InputError) as error:
        opened(tmp_path / "*.nc")
    assert "PET: the series is monthly, expected daily or finer" in one_line(error)
    assert "pet = 'oudin'" in one_line(error)
    assert opened(tmp_path / "*.nc", pet="oudin").axis.count == 84


def test_monthly_temperature_of_a_climate_model_is_refused(shared):
    file = next((shared / "data" / "cmip6_ipsl_tas").glob("*ssp126*.nc"))
    with pytest.raises(InputError) as error:
        opened(file)
    assert "monthly" in one_line(error)


# 16: gaps


def test_a_gap_on_one_cell_and_day_is_refused_with_count_and_place(tmp_path):
    base = rates(10)
    base["pr"][4, 1, 2] = np.nan
    base["pr"][6:8, 1, 2] = np.nan
    with pytest.raises(InputError) as error:
        forcing(opened(write(tmp_path / "w.nc", base, units=PLAIN)))
    text = one_line(error)
    assert "no value at 51.25°N 6.25°E on 2001-01-05 (3 missing at 1 cells up to 2001-01-10)" in text
    assert "'interpolate', 'persist', 'climatology'" in text


def test_a_whole_day_of_fill_values_is_refused(tmp_path):
    base = rates(5)
    base["tas"][3] = 1e20
    fill = {"tas": {"_FillValue": np.float32(1e20)}}
    with pytest.raises(InputError) as error:
        forcing(opened(write(tmp_path / "w.nc", base, units=PLAIN, attributes=fill)))
    assert "on 2001-01-04 (12 missing at 12 cells" in one_line(error)


@pytest.mark.parametrize("mark", [{"missing_value": np.float32(-1.0)}, {}])
def test_what_stands_for_no_value_is_no_value(tmp_path, mark):
    base = rates(3)
    base["pr"][1, 0, 0] = -1.0 if mark else -9999.0
    with pytest.raises(InputError, match=r"no value at 51.75°N 5.25°E on 2001-01-02"):
        forcing(opened(write(tmp_path / "w.nc", base, units=PLAIN, attributes={"pr": mark})))


@pytest.mark.filterwarnings("error")  # a warning would be a second line
@pytest.mark.parametrize("value", [1e36, np.inf])
def test_numbers_without_end_are_no_value(tmp_path, value):
    base = rates(3)
    base["pr"][1, 0, 0] = value
    with pytest.raises(InputError, match=r"no value at 51.75°N 5.25°E on 2001-01-02"):
        forcing(opened(write(tmp_path / "w.nc", base, units=PLAIN)))


def test_one_missing_hour_of_a_value_makes_the_day_missing(tmp_path):
    base = made_up(2, per_day=24)
    base["pr"][30, 0, 1] = np.nan
    with pytest.raises(InputError, match=r"no value at 51.75°N 5.75°E on 2001-01-02"):
        forcing(opened(write(tmp_path / "w.nc", base, hours=1)))


def test_gaps_in_the_sea_do_not_matter(tmp_path):
    base = rates(3)
    base["pr"][:, 0] = np.nan
    reader = opened(write(tmp_path / "w.nc", base, units=PLAIN)).on([51.25, 50.75], [5.25, 6.75])
    assert np.isfinite(reader.forcing(0, 3)).all()


# 17: units


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("mm d-1", 1.0),
        ("mm/day", 1.0),
        ("mm", 1.0),
        ("kg m-2 d-1", 1.0),
        ("kg m-2 s-1", 1 / DAY),
        ("kg m**-2 s**-1", 1 / DAY),
        ("m s-1", 1e-3 / DAY),
        ("m/day", 1e-3),
        ("mm/h", 1 / 24),
        ("cm/day", 0.1),
    ],
)
def test_precipitation_is_converted_by_its_unit(tmp_path, unit, factor):
    base = rates(2, pr=np.full((2, 3, 4), 2.0 * factor, "f4"))
    block = forcing(opened(write(tmp_path / "w.nc", base, units=PLAIN | {"pr": unit})))
    np.testing.assert_allclose(block[:, 0], 2.0, rtol=1e-6)


@pytest.mark.parametrize(("unit", "value"), [("degC", 10.0), ("K", 283.15), ("degF", 50.0), ("celsius", 10.0)])
def test_temperature_is_converted_by_its_unit(tmp_path, unit, value):
    base = rates(2, tas=np.full((2, 3, 4), value, "f4"))
    block = forcing(opened(write(tmp_path / "w.nc", base, units=PLAIN | {"tas": unit})))
    np.testing.assert_allclose(block[:, 1], 10.0, atol=2e-5)


@pytest.mark.parametrize("unit", ["", "furlong", "mm month-1", "W m-2"])
def test_an_unknown_or_absent_unit_is_refused_with_what_is_known(tmp_path, unit):
    with pytest.raises(InputError) as error:
        opened(write(tmp_path / "w.nc", rates(2), units=PLAIN | {"pr": unit}))
    text = one_line(error)
    assert "w.nc: pr: " in text
    assert ("the unit is missing" if not unit else f"unit '{unit}' is unknown") in text
    assert "mm d-1" in text


@pytest.mark.parametrize(
    ("name", "value", "units", "message"),
    [
        ("tas", 283.0, {}, "is 283 degC at 51.75°N 5.25°E on 2001-01-01, expected -90 to 65"),
        ("pr", 1000.0 / DAY * DAY * 2.5, {}, "is 2500 mm d-1 at 51.75°N 5.25°E on 2001-01-01, expected 0 to 2000"),
    ],
)
def test_values_that_cannot_be_are_refused_with_place_and_date(tmp_path, name, value, units, message):
    base = rates(2, **{name: np.full((2, 3, 4), value, "f4")})
    with pytest.raises(InputError) as error:
        forcing(opened(write(tmp_path / "w.nc", base, units=PLAIN | units)))
    assert message in one_line(error)


def test_relative_humidity_must_say_whether_it_is_a_fraction(tmp_path):
    base = rates(2)
    base |= {"hurs": base["pr"] * 0 + 0.7, "rsds": base["pr"] * 50, "sfcWind": base["pr"]}
    base |= {"tasmin": base["tas"] - 5, "tasmax": base["tas"] + 5}
    units = PLAIN | {"rsds": "W m-2", "sfcWind": "m s-1", "tasmin": "degC", "tasmax": "degC"}
    blocks = {}
    for unit, factor in (("1", 1), ("%", 100)):
        varied = base | {"hurs": base["hurs"] * np.float32(factor)}
        file = write(tmp_path / "w.nc", varied, units=units | {"hurs": unit})
        blocks[unit] = forcing(opened(file, pet="penman_monteith"), elevation=np.zeros(12))
    np.testing.assert_allclose(blocks["1"], blocks["%"], rtol=1e-6)
    with pytest.raises(InputError, match="expected one of: %, 1, fraction"):
        opened(write(tmp_path / "w.nc", base, units=units | {"hurs": ""}), pet="penman_monteith")


def test_packed_numbers_are_unpacked_with_the_scale_of_each_file(tmp_path):
    for day, scale in enumerate((0.01, 0.02)):
        packed = {"pr": np.full((1, 3, 4), 200 // (day + 1), "i2"), "tas": np.full((1, 3, 4), 10.0, "f4")}
        packing = {"pr": {"scale_factor": scale, "add_offset": 1.0, "_FillValue": np.int16(-32767)}}
        write(tmp_path / f"{day}.nc", packed, f"2001-01-0{day + 1}", units=PLAIN, attributes=packing)
    block = forcing(opened(tmp_path / "*.nc"))
    np.testing.assert_allclose(block[:, 0], 3.0, rtol=1e-6)


def test_the_fill_of_packed_numbers_is_no_value(tmp_path):
    packed = rates(2, pr=np.full((2, 3, 4), 200, "i2"))
    packed["pr"][1, 2, 3] = -32767
    packing = {"pr": {"scale_factor": 0.01, "add_offset": 0.0, "_FillValue": np.int16(-32767)}}
    with pytest.raises(InputError, match=r"no value at 50.75°N 6.75°E on 2001-01-02"):
        forcing(opened(write(tmp_path / "w.nc", packed, units=PLAIN, attributes=packing)))


# 18: negative precipitation


def test_precipitation_a_little_below_0_is_set_to_0_and_counted(tmp_path):
    base = rates(5)
    base["pr"][2, 1, 1] = -1e-9
    base["pr"][3:, 0, 0] = -1e-6
    reader = everywhere(opened(write(tmp_path / "w.nc", base, units=PLAIN)))
    block = reader.forcing(0, 5)
    assert block[2, 0, 5] == 0.0
    assert (block[3:, 0, 0] == 0.0).all()
    reader.forcing(0, 5)  # read again, as in a warm-up: counted once
    note = next(note for note in reader.notes if "below 0" in note)
    assert note.startswith("precipitation: 3 daily values (such as of 2001-01-03 at 51.25°N 5.75°E)")


@pytest.mark.parametrize("value", [-5.0, -2e-6])
def test_negative_precipitation_is_refused_with_place_and_date(tmp_path, value):
    base = rates(5)
    base["pr"][2, 1, 1] = value
    with pytest.raises(InputError) as error:
        forcing(opened(write(tmp_path / "w.nc", base, units=PLAIN)))
    assert f"is {value:g} mm d-1 at 51.25°N 5.75°E on 2001-01-03 (1 such values" in one_line(error)


def test_a_negative_hour_is_refused_though_its_day_is_wet(tmp_path):
    base = made_up(2, per_day=24)
    base["pr"][:] = 1 / DAY
    base["pr"][30, 0, 0] = -1 / DAY
    with pytest.raises(InputError, match=r"is -1 mm d-1 at 51.75°N 5.25°E on 2001-01-02"):
        forcing(opened(write(tmp_path / "w.nc", base, hours=1)))


# What the files are


def test_sums_since_midnight_taken_for_hourly_ones_are_told_by_the_data(tmp_path):
    hourly = np.random.default_rng(1).random((3, 24, 3, 4)) * 1e-3
    running = np.concatenate([np.zeros((1, 3, 4)), np.cumsum(hourly, axis=1).reshape(-1, 3, 4)]).astype("f4")
    file = write(tmp_path / "w.nc", {"tp": running, "t2m": 280 + 0 * running}, hours=1, units={"tp": "m", "t2m": "K"})
    with pytest.raises(InputError) as error:
        forcing(opened(file, product="era5"))
    assert "sums since midnight" in one_line(error)
    assert "product = 'era5_land'" in one_line(error)


def test_evaporation_that_the_files_cannot_give_names_what_is_missing(tmp_path):
    file = write(tmp_path / "w.nc", rates(2), units=PLAIN)
    with pytest.raises(ConfigurationError) as error:
        opened(file, pet="hargreaves")
    assert "minimum_temperature and maximum_temperature" in one_line(error)
    assert "possible are: oudin" in one_line(error)


def test_extremes_of_temperature_that_are_the_mean_are_refused_for_hargreaves(tmp_path):
    base = rates(5) | {"tasmin": rates(5)["tas"], "tasmax": rates(5)["tas"]}
    file = write(tmp_path / "w.nc", base, units=PLAIN | {"tasmin": "degC", "tasmax": "degC"})
    weather = opened(file, pet="hargreaves")
    with pytest.raises(InputError, match="tasmax equals the minimum at most cells from 2001-01-01 to 2001-01-05"):
        forcing(weather)


def test_evaporation_without_a_known_elevation_is_refused(tmp_path):
    base = rates(2) | {"rsds": np.full((2, 3, 4), 100.0, "f4"), "rlds": np.full((2, 3, 4), 300.0, "f4")}
    weather = opened(
        write(tmp_path / "w.nc", base, units=PLAIN | {"rsds": "W m-2", "rlds": "W m-2"}), pet="priestley_taylor"
    )
    with pytest.raises(InputError) as error:
        everywhere(weather)
    assert "needs the elevation, which is not known at 51.75°N 5.25°E (12 of 12 cells)" in one_line(error)
    with netCDF4.Dataset(tmp_path / "z.nc", "w") as data:
        for name, values in (("lat", [50.75, 51.25, 51.75]), ("lon", [5.25, 5.75, 6.25, 6.75])):
            data.createDimension(name, len(values))
            data.createVariable(name, "f8", (name,))[:] = values
        data.createVariable("orog", "f4", ("lat", "lon"))[:] = np.arange(12).reshape(3, 4) * 10.0
    weather.options.elevation = str(tmp_path / "z.nc")
    np.testing.assert_array_equal(everywhere(weather).elevation[:4], [80.0, 90.0, 100.0, 110.0])


def test_files_without_precipitation_say_what_was_recognised(tmp_path):
    file = write(tmp_path / "w.nc", {"tas": rates(2)["tas"], "foo": rates(2)["pr"]}, units=PLAIN | {"foo": "mm"})
    with pytest.raises(InputError) as error:
        opened(file)
    assert "no precipitation, expected a variable named one of: pr, Precip, tp" in one_line(error)
    assert "recognised: tas" in one_line(error)


def test_a_curved_grid_is_refused_with_advice(tmp_path):
    with netCDF4.Dataset(tmp_path / "c.nc", "w") as data:
        for name, size in (("time", 2), ("y", 3), ("x", 4)):
            data.createDimension(name, size)
        data.createVariable("time", "f8", ("time",))[:] = [0, 1]
        data["time"].units = "days since 2001-01-01"
        for name in ("lat", "lon"):
            data.createVariable(name, "f8", ("y", "x"))[:] = 50.0
        data.createVariable("pr", "f4", ("time", "y", "x"))[:] = 0.0
    with pytest.raises(InputError) as error:
        opened(tmp_path / "c.nc")
    assert "rotated or curved" in one_line(error)


def test_several_levels_are_refused(tmp_path):
    with netCDF4.Dataset(tmp_path / "l.nc", "w") as data:
        for name, values in (("time", [0.0, 1.0]), ("lev", [1.0, 2.0]), ("lat", [50.0, 51.0]), ("lon", [5.0, 6.0])):
            data.createDimension(name, 2)
            data.createVariable(name, "f8", (name,))[:] = values
        data["time"].units = "days since 2001-01-01"
        for name, unit in PLAIN.items():
            data.createVariable(name, "f4", ("time", "lev", "lat", "lon"))[:] = 1.0
            data[name].units = unit
    with pytest.raises(InputError, match=r"pr has dimensions \(time, lev, lat, lon\).*average over lev first"):
        forcing(opened(tmp_path / "l.nc"))


# The namelist


def test_weather_that_nobody_reads_and_pet_in_the_wrong_group_are_noted():
    run = "&run\n/\n&data\n form = "
    weather = "&weather\n path = 'pr.nc'\n/\n"
    with pytest.raises(ConfigurationError, match=r"n.nml:7: &weather path: is read only with form = 'grid' in &data"):
        parse(f"{run}'generated'\n/\n{weather}", "n.nml")
    with pytest.raises(ConfigurationError, match=r"n.nml:5: &data pet: .* it is pet in &weather"):
        parse(f"{run}'grid'\n pet = 'hargreaves'\n/\n{weather}", "n.nml")
