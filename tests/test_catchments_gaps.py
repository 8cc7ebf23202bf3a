"""Gaps and impossible values in the weather: refused by basin and day, or filled where asked for."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.catchments import open_source
from freshet.driver.catchments.source import ArraySource
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.settings import parse
from freshet.driver.timeaxis import TimeAxis

from catchment_files import DAYS, IDS, opened, weather, write_netcdf


@pytest.fixture
def series():
    return weather()


def _gappy(tmp_path, series, name="temperature_mean", fill=np.nan, **changes):
    values = series[name].copy()
    values[100:103, 1] = fill
    return write_netcdf(tmp_path / "data.nc", {**series, name: values}, **changes)


@pytest.mark.parametrize("fill", [np.nan, -999.0, -9999.0, 9.96921e36, 1e20])
@pytest.mark.parametrize("name", ["precipitation", "temperature_mean", "pet"])
def test_a_gap_is_refused_by_basin_first_day_and_count(tmp_path, series, name, fill):
    with pytest.raises(InputError, match=f"{name} of basin 01022500 is missing on 1990-04-11") as error:
        opened(_gappy(tmp_path, series, name, fill), pet="given")
    assert "3 days of 1 basin missing" in str(error.value)
    assert "on_missing" in str(error.value)


def test_a_gap_in_packed_numbers_is_a_gap(tmp_path, series):
    values = series["precipitation"].copy()
    values[7, 2] = np.nan
    masked = {**series, "precipitation": np.ma.array(np.nan_to_num(values), mask=np.isnan(values))}
    with pytest.raises(InputError, match="precipitation of basin 01030500 is missing on 1990-01-08"):
        opened(write_netcdf(tmp_path / "data.nc", masked, packed=("precipitation",)))


def test_a_gap_in_a_series_that_is_not_used_does_not_matter(tmp_path, series):
    file = _gappy(tmp_path, series, "temperature_min")
    assert np.isfinite(opened(file, pet="oudin").forcing(0, DAYS)).all()
    with pytest.raises(InputError, match="temperature_min"):
        opened(file, pet="hargreaves")


def test_a_gap_outside_of_the_run_does_not_matter(tmp_path, series):
    file = _gappy(tmp_path, series)
    source = opened(file, start="1990-06-01", end="1991-05-31")
    assert np.isfinite(source.forcing(151, 516)).all()
    with pytest.raises(InputError, match="missing on 1990-04-11"):
        source.forcing(0, 516)
    # The warm-up before the run counts.
    with pytest.raises(InputError, match="missing on 1990-04-11"):
        opened(file, start="1990-06-01", end="1991-05-31", warmup=100)


def test_a_command_looks_through_the_days_that_it_reads_and_no_others(tmp_path, series):
    file = _gappy(tmp_path, series)  # in April 1990
    text = f"""&run
      warmup_days = 0
      {{run}}
    /
    &data
      form = 'netcdf'
      path = '{file}'
    /
    &training
      warmup_days = 0
      {{training}}
    /"""
    before, after = "start = '1990-01-01'\n end = '1990-06-30'", "start = '1991-01-01'\n end = '1991-06-30'"
    open_source(parse(text.format(run=after, training=before)))
    open_source(parse(text.format(run=before, training=after)), "train")
    for settings, command in (
        (text.format(run=before, training=after), "run"),
        (text.format(run="", training=after), "run"),  # a run without dates reads everything
        (text.format(run=after, training=before), "train"),
    ):
        with pytest.raises(InputError, match="missing on 1990-04-11"):
            open_source(parse(settings), command)


def test_a_note_that_comes_up_later_comes_last(tmp_path, series):
    values = series["precipitation"].copy()
    values[600, 2] = -1e-9
    file = _gappy(tmp_path, {**series, "precipitation": values}, "temperature_mean")
    source = opened(file, on_missing="persist", start="1990-01-01", end="1990-12-31")
    source.forcing(0, 300)
    before = source.notes
    assert "temperature_mean" in before[-1]
    source.forcing(300, DAYS)
    assert source.notes[:-1] == before
    assert "1 value below 0 is set to 0" in source.notes[-1]


@pytest.mark.filterwarnings("ignore:WARNING. missing_value")
def test_a_missing_value_in_double_precision_is_known_in_single_precision(tmp_path, series):
    values = series["temperature_mean"].copy()
    values[10, 0] = -9.99
    file = write_netcdf(tmp_path / "data.nc", {**series, "temperature_mean": values})
    with netCDF4.Dataset(file, "a") as data:
        data["temperature_mean"].missing_value = np.float64(-9.99)
    with pytest.raises(InputError, match="missing on 1990-01-11"):
        opened(file)


def test_a_gap_of_a_basin_that_is_left_out_does_not_matter(tmp_path, series):
    file = _gappy(tmp_path, series)
    assert np.isfinite(opened(file, basins=IDS[0]).forcing(0, DAYS)).all()
    filled = opened(file, on_missing="persist")
    assert np.isfinite(filled.select([IDS[0]]).forcing(0, DAYS)).all()


def test_interpolation_is_linear_between_the_days_around(tmp_path, series):
    source = opened(_gappy(tmp_path, series), on_missing="interpolate")
    before, after = series["temperature_mean"][[99, 103], 1]
    expected = before + (after - before) * np.array([0.25, 0.5, 0.75])
    np.testing.assert_allclose(source.forcing(100, 103)[:, 1, 1], expected, rtol=1e-5)
    note = next(note for note in source.notes if "filled" in note)
    assert "temperature_mean: 3 missing days of 1 basin filled linearly in time" in note
    assert "the first 1990-04-11 of basin 01022500, the longest gap 3 days" in note


def test_persistence_repeats_the_day_before(tmp_path, series):
    source = opened(_gappy(tmp_path, series), on_missing="persist")
    assert source.forcing(100, 103)[:, 1, 1].tolist() == pytest.approx([series["temperature_mean"][99, 1]] * 3)


def test_climatology_is_the_mean_of_the_time_of_the_year(tmp_path, series):
    source = opened(_gappy(tmp_path, series), on_missing="climatology")
    values = series["temperature_mean"][:, 1].copy()
    values[100:103] = np.nan
    days = source.axis.day_of_year()
    for gap in range(100, 103):
        distance = np.abs((days - days[gap] + 183) % 366 - 183)
        assert source.forcing(gap, gap + 1)[0, 1, 1] == pytest.approx(np.nanmean(values[distance <= 7]), rel=1e-5)


@pytest.mark.parametrize("method", ["interpolate", "persist", "climatology"])
def test_only_the_gaps_are_filled_in_any_blocks(tmp_path, series, method):
    source = opened(_gappy(tmp_path, series), on_missing=method)
    whole = source.forcing(0, DAYS)
    known = np.ones((DAYS, 3), bool)
    known[100:103, 1] = False
    np.testing.assert_allclose(whole[:, 1][known], series["temperature_mean"][known], rtol=1e-6)
    parts = np.concatenate([source.forcing(start, min(start + 101, DAYS)) for start in range(0, DAYS, 101)])
    np.testing.assert_array_equal(whole, parts)


@pytest.mark.parametrize(("method", "day"), [("interpolate", 3), ("persist", 3)])
def test_a_gap_at_the_beginning_takes_the_first_value(tmp_path, series, method, day):
    values = series["precipitation"].copy()
    values[:3, 0] = np.nan
    source = opened(write_netcdf(tmp_path / "data.nc", {**series, "precipitation": values}), on_missing=method)
    assert source.forcing(0, 3)[:, 0, 0].tolist() == pytest.approx([values[day, 0]] * 3)


@pytest.mark.parametrize("method", ["interpolate", "persist", "climatology"])
def test_a_basin_without_any_value_cannot_be_filled(tmp_path, series, method):
    values = series["precipitation"].copy()
    values[:, 2] = np.nan
    file = write_netcdf(tmp_path / "data.nc", {**series, "precipitation": values})
    with pytest.raises(InputError, match="basin 01030500 has no value on any day"):
        opened(file, on_missing=method)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("precipitation", -5.0, "0 to 2000"),
        ("precipitation", 2500.0, "0 to 2000"),
        ("temperature_mean", 80.0, "-90 to 65"),
        ("temperature_mean", -95.0, "-90 to 65"),
        ("pet", 150.0, "0 to 100"),
        ("pet", -6.0, "0 to 100"),
    ],
)
def test_values_that_cannot_be_are_refused_by_basin_and_day(tmp_path, series, name, value, expected):
    values = series[name].copy()
    values[40, 2] = value
    with pytest.raises(InputError) as error:
        opened(write_netcdf(tmp_path / "data.nc", {**series, name: values}), pet="given")
    assert f"{name} of basin 01030500 on 1990-02-10 is {value:g}" in str(error.value)
    assert f"expected {expected}" in str(error.value)


def test_precipitation_a_hair_below_zero_is_clipped_and_counted_once(tmp_path, series):
    values = series["precipitation"].copy()
    values[40:42, 2] = -1e-9
    source = opened(write_netcdf(tmp_path / "data.nc", {**series, "precipitation": values}))
    assert (source.forcing(40, 42)[:, 0, 2] == 0).all()
    source.forcing(0, 100)
    assert [
        note
        for note in source.notes
        if "precipitation: 2 values below 0 are set to 0, such as on 1990-02-10 of basin 01030500" in note
    ]


def test_discharge_that_cannot_be_is_refused(tmp_path, series):
    flow = series["streamflow"].copy()
    flow[5, 0] = 20000.0
    source = opened(write_netcdf(tmp_path / "data.nc", {**series, "streamflow": flow}))
    with pytest.raises(InputError, match="streamflow of basin 01013500 on 1990-01-06 is 20000 mm d-1"):
        source.discharge(0, 10)


def test_a_source_in_memory_gives_what_it_was_given():
    random = np.random.default_rng(1)
    axis = TimeAxis.parse("2000-01-01", 10, "noleap")
    forcing, flow = random.uniform(size=(10, 3, 2)), random.uniform(size=(10, 2))
    source = ArraySource(["a", "b"], axis, {"area": np.array([1.0, 2.0])}, forcing, flow)
    np.testing.assert_array_equal(source.select(["b"]).forcing(2, 5), forcing[2:5, :, 1:])
    np.testing.assert_array_equal(source.select(["b"]).discharge(2, 5), flow[2:5, 1:])
    assert source.select(["b"]).attributes["area"].tolist() == [2.0]
    assert np.isnan(source.attributes["latitude"]).all()
    with pytest.raises(ConfigurationError, match="no basin 'c'"):
        source.select(["c"])
    with pytest.raises(ValueError, match="forcing is"):
        ArraySource(["a"], axis, {}, forcing)


def test_generated_basins_are_chosen_like_others():
    text = "&run\n/\n&data\n  form = 'generated'\n  limit = 2\n/\n&generator\n  basins = 5\n  years = 2\n/\n"
    source = open_source(parse(text))
    assert len(source.ids) == 2
    assert source.forcing(0, 10).shape == (10, 3, 2)
