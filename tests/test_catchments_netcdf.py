"""The door to one netCDF file of dimensions basin and time."""

import hashlib
import tracemalloc

import netCDF4
import numpy as np
import pytest
from freshet.driver.catchments import record_source, window
from freshet.driver.catchments.source import Source
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.timeaxis import TimeAxis

from catchment_files import DAYS, IDS, opened, weather, write_netcdf


@pytest.fixture
def series():
    return weather()


def test_series_and_attributes_come_as_they_were_written(tmp_path, series):
    source = opened(write_netcdf(tmp_path / "data.nc", series), pet="given")
    assert isinstance(source, Source)
    assert source.ids == list(IDS)
    assert source.axis == TimeAxis.parse("1990-01-01", DAYS)
    forcing = source.forcing(0, DAYS)
    assert forcing.shape == (DAYS, 3, 3)
    assert forcing.dtype == np.float64
    for row, name in enumerate(("precipitation", "temperature_mean", "pet")):
        np.testing.assert_allclose(forcing[:, row], series[name], rtol=1e-6)
    np.testing.assert_allclose(source.discharge(0, DAYS), series["streamflow"], rtol=1e-6)
    assert source.attributes["latitude"].tolist() == [45, 46, 47]
    assert source.attributes["longitude"].tolist() == [-70, -69, -68]
    assert source.attributes["area"].tolist() == [500, 501, 502]
    assert source.attributes["elevation"].tolist() == [300, 301, 302]
    assert source.attributes["gauge_name"][1] == "River 01022500"


@pytest.mark.parametrize("order", [("basin", "time"), ("time", "basin")])
@pytest.mark.parametrize("packed", [(), ("precipitation", "temperature_mean", "streamflow")])
def test_dimensions_may_stand_either_way_and_numbers_may_be_packed(tmp_path, series, order, packed):
    source = opened(write_netcdf(tmp_path / "data.nc", series, order=order, packed=packed), pet="given")
    np.testing.assert_allclose(source.forcing(300, 411)[:, 0], series["precipitation"][300:411], atol=1e-5)
    np.testing.assert_allclose(source.forcing(300, 411)[:, 1], series["temperature_mean"][300:411], atol=1e-5)
    np.testing.assert_allclose(source.discharge(300, 411), series["streamflow"][300:411], atol=1e-5)


def test_blocks_together_are_the_whole(tmp_path, series, monkeypatch):
    # A window of 50 days: the record is read in pieces, forward and back.
    monkeypatch.setattr(window.Window.__init__, "__defaults__", (50 * 3 * 4,))
    source = opened(write_netcdf(tmp_path / "data.nc", series), pet="given")
    whole = source.forcing(0, DAYS)
    parts = np.concatenate([source.forcing(start, min(start + 37, DAYS)) for start in range(0, DAYS, 37)])
    np.testing.assert_array_equal(whole, parts)
    np.testing.assert_array_equal(source.forcing(11, 14), whole[11:14])


def test_memory_does_not_grow_with_the_record(tmp_path, monkeypatch):
    ids = tuple(str(number) for number in range(50))
    monkeypatch.setattr(window.Window.__init__, "__defaults__", (100 * len(ids) * 4,))
    monkeypatch.setattr(record_source, "BLOCK", 100)
    peaks = []
    for count in (1000, 1000, 8000):  # the first for what Python and netCDF keep of any first use
        series = weather(count, len(ids))
        kept = {name: series[name] for name in ("precipitation", "temperature_mean", "pet")}
        file = write_netcdf(tmp_path / "data.nc", kept, ids=ids)
        tracemalloc.start()
        source = opened(file, pet="given")
        for start in range(0, count, 100):
            source.forcing(start, start + 100)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Three series of 7000 days more, float32: 4.2 MB, of which nothing may stay but the interpreter's free lists.
    assert peaks[2] < peaks[1] + 1e6


@pytest.mark.parametrize(
    ("calendar", "last"), [("noleap", "1992-03-10"), ("360_day", "1992-03-20"), ("julian", "1992-03-10")]
)
def test_other_calendars_are_kept(tmp_path, series, calendar, last):
    file = write_netcdf(tmp_path / "data.nc", series, calendar=calendar)
    axis = opened(file).axis
    assert axis.calendar == calendar
    assert axis == TimeAxis.parse("1990-01-01", DAYS, calendar)
    assert axis.text(DAYS - 1) == {"noleap": "1992-03-11", "360_day": "1992-03-20", "julian": "1992-03-10"}[calendar]


@pytest.mark.parametrize(
    ("name", "unit", "factor", "offset"),
    [
        ("precipitation", "kg m-2 s-1", 1 / 86400, 0.0),
        ("precipitation", "m/day", 1e-3, 0.0),
        ("precipitation", "inch/day", 1 / 25.4, 0.0),
        ("temperature_mean", "K", 1.0, 273.15),
        ("temperature_mean", "degF", 1.8, 32.0),
    ],
)
def test_other_units_are_converted_once_and_told(tmp_path, series, name, unit, factor, offset):
    changed = {**series, name: series[name] * factor + offset}
    source = opened(write_netcdf(tmp_path / "data.nc", changed, units={name: unit}), pet="given")
    row = ["precipitation", "temperature_mean"].index(name)
    np.testing.assert_allclose(source.forcing(0, DAYS)[:, row], series[name], rtol=1e-5, atol=1e-4)
    assert any(f"{name}: converted from '{unit}'" in note for note in source.notes)


def test_discharge_as_a_volume_is_divided_by_the_area(tmp_path, series):
    volume = series["streamflow"] * np.array([500.0, 501.0, 502.0]) / 86.4
    file = write_netcdf(tmp_path / "data.nc", {**series, "streamflow": volume}, units={"streamflow": "m3 s-1"})
    np.testing.assert_allclose(opened(file).discharge(0, DAYS), series["streamflow"], rtol=1e-5)


def test_gaps_in_discharge_stay_gaps(tmp_path, series):
    flow = series["streamflow"].copy()
    flow[10:20, 1], flow[30, 2], flow[40, 0] = np.nan, -999.0, -5.0
    source = opened(write_netcdf(tmp_path / "data.nc", {**series, "streamflow": flow}))
    read = source.discharge(0, DAYS)
    assert np.isnan(read[10:20, 1]).all()
    assert np.isnan(read[30, 2])
    assert np.isnan(read[40, 0])
    assert np.isnan(read).sum() == 12
    assert [
        note
        for note in source.notes
        if "1 value below 0 is taken as no value, such as on 1990-02-10 of basin 01013500; the lowest is -5" in note
    ]


def test_data_without_discharge_have_none(tmp_path, series):
    del series["streamflow"]
    assert opened(write_netcdf(tmp_path / "data.nc", series)).discharge(0, 10) is None


def test_mean_temperature_may_be_that_of_the_extremes(tmp_path, series):
    del series["temperature_mean"]
    source = opened(write_netcdf(tmp_path / "data.nc", series))
    mean = 0.5 * (series["temperature_min"] + series["temperature_max"])
    np.testing.assert_allclose(source.forcing(0, DAYS)[:, 1], mean, atol=1e-5)
    assert any("mean of minimum and maximum" in note for note in source.notes)


def test_checksums_are_those_of_the_file(tmp_path, series):
    file = write_netcdf(tmp_path / "data.nc", series)
    assert opened(file).files == [(str(file), hashlib.sha256(file.read_bytes()).hexdigest())]


@pytest.mark.parametrize(("stamp", "known"), [(0.0, True), (0.5, True), (1.0, True), (0.5, False)])
def test_days_begin_where_the_bounds_of_time_say_so(tmp_path, series, stamp, known):
    file = write_netcdf(tmp_path / "data.nc", series, days=np.arange(DAYS) + stamp)
    with netCDF4.Dataset(file, "a") as data:
        data.createDimension("two", 2)
        data["time"].bounds = "time_bounds"
        bounds = np.stack([np.arange(DAYS), np.arange(DAYS) + 1], 1) if known else np.zeros((DAYS, 2))
        data.createVariable("time_bounds", "f8", ("time", "two"))[:] = bounds
    source = opened(file, pet="given")
    assert source.axis.text(0) == "1990-01-01"
    np.testing.assert_allclose(source.forcing(3, 4)[0, 0], series["precipitation"][3], rtol=1e-6)


def test_a_folder_with_one_file_stands_for_it(tmp_path, series):
    write_netcdf(tmp_path / "data.nc", series)
    assert opened(tmp_path).ids == list(IDS)


def test_series_of_other_names_are_known_by_their_standard_names(tmp_path, series):
    file = write_netcdf(tmp_path / "data.nc", {"rain": series["precipitation"], "warmth": series["temperature_mean"]},
                        units={"rain": "mm d-1", "warmth": "degC"})  # fmt: skip
    with netCDF4.Dataset(file, "a") as data:
        data["rain"].standard_name, data["warmth"].standard_name = "lwe_precipitation_rate", "air_temperature"
    source = opened(file)
    np.testing.assert_allclose(source.forcing(0, DAYS)[:, 0], series["precipitation"], rtol=1e-6)
    np.testing.assert_allclose(source.forcing(0, DAYS)[:, 1], series["temperature_mean"], rtol=1e-6)


def test_a_climate_model_in_si_units_and_its_calendar_is_read(tmp_path, series):
    si = {"pr": series["precipitation"] / 86400, "tas": series["temperature_mean"] + 273.15}
    units = {"pr": "kg m-2 s-1", "tas": "K"}
    file = write_netcdf(tmp_path / "data.nc", si, units=units, calendar="360_day", start="2101-01-30")
    source = opened(file, start="2101-02-30", end="2102-02-30")
    assert str(source.axis) == "2101-01-30 to 2103-04-19 (calendar 360_day)"
    np.testing.assert_allclose(source.forcing(0, DAYS)[:, 0], series["precipitation"], rtol=1e-6)
    np.testing.assert_allclose(source.forcing(0, DAYS)[:, 1], series["temperature_mean"], atol=1e-4)


# Choice of basins -----------------------------------------------------------------------------------------------------


def test_basins_are_taken_in_the_order_of_the_list(tmp_path, series):
    file = write_netcdf(tmp_path / "data.nc", series)
    source = opened(file, pet="given", basins=IDS[2])
    assert source.ids == [IDS[2]]
    np.testing.assert_allclose(source.forcing(5, 9)[:, 0, 0], series["precipitation"][5:9, 2], rtol=1e-6)
    assert source.attributes["area"].tolist() == [502]


def test_subset_and_limit_take_part_of_the_basins(tmp_path, series):
    file = write_netcdf(tmp_path / "data.nc", series)
    assert opened(file, subset="chosen").ids == [IDS[1]]
    assert opened(file, limit="2").ids == list(IDS[:2])


def test_a_selection_gives_the_same_values(tmp_path, series):
    source = opened(write_netcdf(tmp_path / "data.nc", series))
    part = source.select([IDS[2], IDS[0]])
    np.testing.assert_array_equal(part.forcing(3, 90), source.forcing(3, 90)[:, :, [2, 0]])
    np.testing.assert_array_equal(part.discharge(3, 90), source.discharge(3, 90)[:, [2, 0]])
    assert part.attributes["latitude"].tolist() == [47, 45]
    assert part.select([IDS[0]]).forcing(0, 5).tolist() == source.forcing(0, 5)[:, :, [0]].tolist()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"basins": "1013500"}, "has no basin '1013500'; did you mean '01013500'"),
        ({"basins": "gauge"}, "has no basin 'gauge'; known: 01013500"),
        ({"subset": "chozen"}, "no attribute 'chozen' for subset; did you mean 'chosen'"),
        ({"subset": "area"}, "'area' of subset has values 500.0, 501.0, 502.0, ..., expected 0 and 1"),
        ({"start": "1980-01-01"}, "1980-01-01 lies outside of the data, which has 1990-01-01 to 1992-03-10"),
        ({"end": "2020-01-01"}, "2020-01-01 lies outside of the data, which has 1990-01-01 to 1992-03-10"),
        ({"pet": "penman_monteith"}, "possible are: given, oudin, hargreaves"),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(tmp_path, series, data, said):
    with pytest.raises(ConfigurationError, match=said):
        opened(write_netcdf(tmp_path / "data.nc", series), **data)


# What is wrong with a file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 100, 5000, -1000])
def test_a_truncated_file_is_refused_by_name(tmp_path, series, size):
    file = write_netcdf(tmp_path / "data.nc", series)
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    with pytest.raises(InputError, match=r"data.nc .*cannot be read as netCDF|data.nc breaks off"):
        opened(file)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"units": {"precipitation": None}}, r"precipitation: the unit is missing .*expected a unit of precipitation"),
        ({"units": {"temperature_mean": "mm"}}, r"temperature_mean: unit 'mm' is unknown.*degC, K, degF"),
        ({"units": {"temperature_mean": "K"}}, r"temperature_mean of basin 01013500 on 1990-01-01 is -2.*-90 to 65"),
        ({"units": {"precipitation": "m d-1"}}, r"precipitation of basin .* mm d-1, expected 0 to 2000"),
        ({"calendar": "maya"}, r"time: calendar 'maya' is unknown"),
        ({"ids": (IDS[0], IDS[0], IDS[2])}, r"basin '01013500' comes twice"),
        ({"ids": (IDS[0], " ", IDS[2])}, r"basin 2 of 3 has an empty id"),
        ({"days": np.r_[0:20, 21 : DAYS + 1]}, r"time: 1990-01-21 is missing"),
        ({"days": np.r_[0:20, 19 : DAYS - 1]}, r"time: 1990-01-20 comes twice"),
        ({"days": np.arange(DAYS)[::-1]}, r"time: 1992-03-09 follows 1992-03-10"),
        ({"days": np.arange(DAYS) * 30}, r"time: 1990-01-02 is missing.*monthly"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_one_line(tmp_path, series, changes, said):
    with pytest.raises(InputError, match=said) as error:
        opened(write_netcdf(tmp_path / "data.nc", series, **changes))
    assert "data.nc" in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.status == 3


def test_a_file_without_precipitation_is_refused_with_the_names_that_are_known(tmp_path, series):
    series["regen"] = series.pop("precipitation")
    with pytest.raises(InputError, match=r"has no precipitation, expected .*total_precipitation_sum"):
        opened(write_netcdf(tmp_path / "data.nc", series, units={"regen": "mm d-1"}))


def test_a_file_without_time_or_basins_is_refused(tmp_path):
    with netCDF4.Dataset(tmp_path / "data.nc", "w") as data:
        data.createDimension("x", 4)
        data.createVariable("y", "f4", ("x",))
    with pytest.raises(InputError, match=r"no time coordinate.*has: y"):
        opened(tmp_path / "data.nc")


def test_series_by_more_than_basin_and_time_are_refused(tmp_path, series):
    file = write_netcdf(tmp_path / "data.nc", series)
    with netCDF4.Dataset(file, "a") as data:
        data.renameVariable("precipitation", "other")
        data.createDimension("band", 5)
        data.createVariable("precipitation", "f4", ("basin", "band", "time")).units = "mm d-1"
    with pytest.raises(InputError, match=r"dimensions \(basin, band, time\), expected \(basin, time\)"):
        opened(file)


def test_oudin_without_latitudes_says_so(tmp_path, series):
    file = write_netcdf(tmp_path / "data.nc", series)
    with netCDF4.Dataset(file, "a") as data:
        data["gauge_lat"][1] = np.nan
    with pytest.raises(InputError, match=r"needs the latitude of each basin, which is not known for 01022500"):
        opened(file)
    assert opened(file, basins=IDS[0]).ids == [IDS[0]]


# Real data ------------------------------------------------------------------------------------------------------------


def test_caravan_camels_us_opens_within_seconds_and_looks_as_its_readme_says(shared):
    file = shared / "data/caravan_camels_us/caravan_camels_us.nc"
    source = opened(file)
    assert len(source.ids) == 338
    assert str(source.axis) == "1981-01-01 to 2014-12-31 (calendar standard)"
    forcing = source.forcing(0, source.axis.count)
    yearly = forcing[:, 0].mean(axis=0) * 365.25
    assert 200 < yearly.min() < yearly.max() < 3000
    # Oudin's, where the file's own is 2 to 7 times too high.
    assert 300 < np.median(forcing[:, 2].mean(axis=0) * 365.25) < 1500
    with netCDF4.Dataset(file) as data:
        np.testing.assert_allclose(forcing[:400, 1, :5], data["temperature_mean"][:5, :400].T, atol=1e-9)
    flow = source.discharge(0, source.axis.count)
    assert (np.isfinite(flow).sum(axis=0) > 25 * 365).all()
    assert len(opened(file, subset="test_subset").ids) == 77


def test_the_evaporation_of_caravan_comes_with_a_warning(shared):
    source = opened(shared / "data/caravan_camels_us/caravan_camels_us.nc", pet="given", limit="3")
    assert any("warning" in note and "2 to 7 times too high" in note for note in source.notes)


def test_spans_of_chosen_basins_are_those_basins(shared):
    file = shared / "data/caravan_camels_us/caravan_camels_us.nc"
    source = opened(file)
    chosen = [source.ids[place] for place in (300, 3, 4, 5, 120, 7)]
    part = source.select(chosen).forcing(1000, 1100)
    door_part = opened(file, subset="test_subset")
    np.testing.assert_array_equal(part, source.forcing(1000, 1100)[:, :, [300, 3, 4, 5, 120, 7]])
    places = [source.ids.index(name) for name in door_part.ids]
    np.testing.assert_array_equal(door_part.forcing(1000, 1100), source.forcing(1000, 1100)[:, :, places])


@pytest.mark.parametrize("file", ["camels_us_daymet_long.nc", "camels_us_daymet_short.nc"])
@pytest.mark.parametrize(
    ("pet", "low", "high"), [("oudin", 450, 950), ("hargreaves", 700, 1300), ("priestley_taylor", 600, 1100)]
)
def test_formulas_agree_on_the_daymet_basins(shared, file, pet, low, high):
    source = opened(shared / "data/camels_us_daymet" / file, pet=pet)
    yearly = source.forcing(0, source.axis.count)[:, 2].mean(axis=0) * 365.25
    assert ((yearly > low) & (yearly < high)).all()


def test_penman_monteith_of_era5_land_is_far_below_its_own_evaporation(shared):
    where = shared / "data/caravan_europe/caravan_europe.nc"
    basin = "camelsch_4001"
    ours = opened(where, pet="penman_monteith", basins=basin).forcing(0, 14000)[:, 2].mean() * 365.25
    given = opened(where, pet="given", basins=basin).forcing(0, 14000)[:, 2].mean() * 365.25
    assert 400 < ours < 900
    assert given > 1.5 * ours
    notes = " ".join(opened(where, pet="penman_monteith", basins=basin).notes)
    assert "is taken as measured 10 m above ground" in notes


def test_basins_that_start_later_are_told_and_a_later_start_helps(shared):
    where = shared / "data/caravan_europe/caravan_europe.nc"
    with pytest.raises(InputError, match=r"precipitation of basin camelses_1414 is missing on 1981-01-01"):
        opened(where)
    source = opened(where, start="2005-01-01", end="2009-12-31")
    first = source.axis.index("2005-01-01")
    assert np.isfinite(source.forcing(first, first + 1826)).all()


def test_data_with_their_own_evaporation_need_no_latitude(shared):
    source = opened(shared / "data/catchments_alps/durance_embrun.nc", pet="given")
    assert source.forcing(0, source.axis.count)[:, 2].mean() * 365.25 == pytest.approx(422, abs=5)
    assert not any("warning" in note for note in source.notes)
    with pytest.raises(InputError, match="latitude"):
        opened(shared / "data/catchments_alps/durance_embrun.nc")


def test_zones_of_elevation_are_refused(shared):
    with pytest.raises(InputError, match=r"\(basin, zone, time\)"):
        opened(shared / "data/catchments_alps/vils_laende.nc", pet="given")
