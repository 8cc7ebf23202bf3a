"""Time of gridded weather: calendars, years 1 to 9999, lists of files, hours that become days."""

import numpy as np
import pytest
from freshet.driver.errors import InputError

from weather_files import everywhere, forcing, made_up, opened, write

# Days of two years, the first with a leap day where the calendar has one.
CALENDARS = {"standard": 731, "gregorian": 731, "proleptic_gregorian": 731, "julian": 731}
CALENDARS |= {"noleap": 730, "all_leap": 732, "360_day": 720}


@pytest.mark.parametrize("calendar", CALENDARS)
def test_two_years_with_their_29_and_30_february_are_read_day_by_day(tmp_path, calendar):
    days = CALENDARS[calendar]
    base = made_up(days, shape=(1, 1))
    file = write(tmp_path / "c.nc", base, "2004-01-01", calendar=calendar, latitude=[50.0], longitude=[7.0])
    weather = opened(file)
    assert weather.axis.count == days
    assert weather.axis.text(days - 1) == ("2005-12-30" if calendar == "360_day" else "2005-12-31")
    february = {"360_day": "2004-02-30", "noleap": "2004-02-28"}.get(calendar, "2004-02-29")
    place = weather.axis.index(february)
    assert weather.axis.text(place + 1) == "2004-03-01"
    block = everywhere(weather).forcing(place, place + 1)
    assert block[0, 1, 0] == pytest.approx(base["tas"][place, 0, 0] - 273.15, abs=1e-4)


@pytest.mark.parametrize("start", ["0001-01-01", "1582-10-01", "2262-04-01", "9999-12-01"])
def test_all_years_from_1_to_9999_are_read(tmp_path, start):
    file = write(tmp_path / "y.nc", made_up(30), start)
    weather = opened(file)
    assert weather.axis.text(0) == start
    assert forcing(weather).shape == (30, 3, 12)


def test_a_day_of_the_year_is_that_of_the_calendar(tmp_path):
    warm = {"pr": np.zeros((360, 1, 1), "f4"), "tas": np.full((360, 1, 1), 290.0, "f4")}
    at = {"latitude": [50.0], "longitude": [7.0]}
    year = forcing(opened(write(tmp_path / "a.nc", warm, calendar="360_day", **at)))[:, 2, 0]
    # The longest day of a year of 360 days comes earlier than that of 365.
    assert int(np.argmax(year)) == pytest.approx(172 * 360 / 365, abs=4)


def test_calendars_that_differ_between_files_are_refused(tmp_path):
    base = made_up(3)
    write(tmp_path / "pr.nc", {"pr": base["pr"]}, calendar="noleap")
    write(tmp_path / "tas.nc", {"tas": base["tas"]}, calendar="standard")
    with pytest.raises(InputError, match=r"tas.nc: time has the calendar standard, .*pr.nc has noleap"):
        opened(tmp_path / "pr.nc", tmp_path / "tas.nc")


def test_the_two_gregorian_calendars_are_one_in_our_days(tmp_path):
    base = made_up(3)
    write(tmp_path / "pr.nc", {"pr": base["pr"]}, calendar="proleptic_gregorian")
    write(tmp_path / "tas.nc", {"tas": base["tas"]}, calendar="standard")
    weather = opened(tmp_path / "*.nc")
    assert str(weather.axis) == "2001-01-01 to 2001-01-03 (calendar proleptic_gregorian)"
    np.testing.assert_allclose(forcing(weather)[:, 1], base["tas"].reshape(3, -1) - 273.15, atol=3e-5)


def test_files_by_year_are_one_series_in_order_of_time(tmp_path):
    base = made_up(31 + 31)
    for name in ("pr", "tas"):
        write(tmp_path / f"{name}_2002.nc", {name: base[name][31:]}, "2002-01-01")
        write(tmp_path / f"{name}_2001.nc", {name: base[name][:31]}, "2001-12-01")
    weather = opened(tmp_path / "pr_{year}.nc", tmp_path / "tas_{year}.nc")
    assert str(weather.axis).startswith("2001-12-01 to 2002-01-31")
    np.testing.assert_allclose(forcing(weather)[:, 1], base["tas"].reshape(62, -1) - 273.15, atol=3e-5)
    assert len(weather.files) == 4


def test_a_folder_stands_for_its_netcdf_files(tmp_path):
    write(tmp_path / "a.nc", made_up(3))
    (tmp_path / "readme.txt").write_text("no weather")
    assert opened(tmp_path).axis.count == 3


def test_series_that_do_not_cover_the_same_days_are_cut_to_the_common_ones(tmp_path):
    base = made_up(10)
    write(tmp_path / "pr.nc", {"pr": base["pr"]})
    write(tmp_path / "tas.nc", {"tas": base["tas"][:6]}, "2001-01-03")
    weather = opened(tmp_path / "*.nc")
    assert str(weather.axis).startswith("2001-01-03 to 2001-01-08")
    np.testing.assert_allclose(forcing(weather)[:, 0], base["pr"][2:8].reshape(6, -1) * 86400, rtol=1e-5)
    assert any("in common the days 2001-01-03" in note for note in weather.notes)


@pytest.mark.parametrize(("stamps", "shift"), [("begin", 0.0), ("middle", 0.5), ("end", 1.0)])
@pytest.mark.parametrize("step", [1.0, 3.0, 6.0])
def test_stamps_may_mark_begin_middle_or_end_of_the_hours(tmp_path, stamps, shift, step):
    per_day = int(24 / step)
    base = made_up(3, per_day=per_day)
    times = (np.arange(3 * per_day) + shift) * step
    write(tmp_path / "pr.nc", {"pr": base["pr"]}, times=times)
    write(tmp_path / "tas.nc", {"tas": base["tas"]}, hours=step)
    expected = base["pr"].reshape(3, per_day, -1).mean(axis=1) * 86400
    for asked in ("auto", stamps):
        block = forcing(opened(tmp_path / "*.nc", stamps=asked))
        np.testing.assert_allclose(block[:, 0], expected, rtol=1e-5)


def test_bounds_of_time_tell_which_hours_a_value_stands_for(tmp_path):
    base = made_up(2, per_day=8)
    ends = (np.arange(16) + 1) * 3.0
    bounds = np.stack([ends - 3.0, ends], axis=1)
    write(tmp_path / "pr.nc", {"pr": base["pr"]}, times=ends, bounds=bounds)
    write(tmp_path / "tas.nc", {"tas": base["tas"]}, hours=3)
    block = forcing(opened(tmp_path / "*.nc"))
    np.testing.assert_allclose(block[:, 0], base["pr"].reshape(2, 8, -1).mean(axis=1) * 86400, rtol=1e-5)


def test_a_day_may_begin_at_another_hour(tmp_path):
    base = made_up(3, per_day=24)
    weather = opened(write(tmp_path / "h.nc", base, hours=1), day_start=6.0)
    assert str(weather.axis).startswith("2001-01-01 to 2001-01-02")
    expected = base["tas"][6:54].reshape(2, 24, -1).mean(axis=1) - 273.15
    np.testing.assert_allclose(forcing(weather)[:, 1], expected, atol=1e-4)


def test_sums_of_some_hours_are_added_and_means_averaged(tmp_path):
    base = made_up(2, per_day=4)
    amounts = {"pr": base["pr"] * np.float32(6 * 3600), "tas": base["tas"]}
    file = write(tmp_path / "m.nc", amounts, hours=6, units={"pr": "mm", "tas": "K"})
    expected = amounts["pr"].reshape(2, 4, -1).sum(axis=1)
    np.testing.assert_allclose(forcing(opened(file))[:, 0], expected, rtol=1e-5)
    rates = write(tmp_path / "r.nc", {**amounts, "pr": amounts["pr"] / 6}, hours=6, units={"pr": "mm/h", "tas": "K"})
    np.testing.assert_allclose(forcing(opened(rates))[:, 0], expected, rtol=1e-5)


def test_extremes_of_the_day_come_from_the_hours(tmp_path):
    base = made_up(2, per_day=8)
    base["pr"][:] = 0
    weather = opened(write(tmp_path / "x.nc", base, hours=3), pet="hargreaves")
    reader = everywhere(weather)
    low = reader.plausible.field("minimum_temperature", 0, 2)
    np.testing.assert_allclose(low, base["tas"].reshape(2, 8, -1).min(axis=1) - 273.15, atol=3e-5)
    assert reader.forcing(0, 2)[:, 2].min() > 0


def test_wind_of_hourly_components_is_the_mean_of_their_lengths(tmp_path):
    base = made_up(1, per_day=24)
    turn = np.arange(24) * np.pi / 12
    base["u10"] = (4 * np.cos(turn))[:, None, None] * np.ones((24, 3, 4), "f4")
    base["v10"] = (4 * np.sin(turn))[:, None, None] * np.ones((24, 3, 4), "f4")
    more = {"huss": base["tas"] * 0 + 0.005, "rsds": base["tas"] * 0 + 100, "rlds": base["tas"] * 0 + 300}
    units = {"u10": "m s**-1", "v10": "m s**-1", "huss": "kg kg**-1", "rsds": "W m-2", "rlds": "W m-2"}
    units |= {"pr": "kg m-2 s-1", "tas": "K"}
    weather = opened(write(tmp_path / "w.nc", base | more, hours=1, units=units), pet="penman_monteith")
    reader = everywhere(weather, elevation=np.zeros(12))
    np.testing.assert_allclose(reader.plausible.field("wind_speed", 0, 1), 4.0, rtol=1e-6)


def test_stamps_that_are_off_by_rounding_are_taken(tmp_path):
    times = np.arange(5) * 24.0 + np.array([0, 1e-4, -1e-4, 2e-4, 0])
    assert opened(write(tmp_path / "j.nc", made_up(5), times=times)).axis.count == 5


@pytest.mark.parametrize("kind", ["noon", "midnight"])
def test_daily_values_belong_to_the_day_of_their_stamp(tmp_path, kind):
    times = np.arange(4) * 24.0 + (12.0 if kind == "noon" else 0.0)
    weather = opened(write(tmp_path / "j.nc", made_up(4), times=times))
    assert str(weather.axis).startswith("2001-01-01 to 2001-01-04")
    shifted = opened(tmp_path / "j.nc", day_start=-6.0)  # daily values have no hours to shift
    assert shifted.axis == weather.axis
