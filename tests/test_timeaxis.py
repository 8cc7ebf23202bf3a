"""Daily time axes in every CF calendar."""

import cftime
import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.timeaxis import TimeAxis

CALENDARS = ["standard", "proleptic_gregorian", "julian", "noleap", "360_day"]


@pytest.mark.parametrize("calendar", CALENDARS)
def test_days_months_and_years_are_those_of_cftime(calendar):
    axis = TimeAxis.parse("1895-12-29", 1600, calendar)
    dates = cftime.num2date(np.arange(1600), "days since 1895-12-29", calendar=calendar)
    assert [axis.text(day) for day in range(1600)] == [date.strftime("%Y-%m-%d") for date in dates]
    assert axis.day_of_year().tolist() == [date.dayofyr for date in dates]
    assert axis.years().tolist() == [date.year for date in dates]
    assert axis.months().tolist() == [date.year * 12 + date.month - 1 for date in dates]
    assert [axis.index(axis.text(day)) for day in range(0, 1600, 37)] == list(range(0, 1600, 37))


@pytest.mark.parametrize(
    ("calendar", "lengths"),
    [("standard", [365, 366]), ("julian", [365, 366]), ("noleap", [365]), ("360_day", [360]), ("all_leap", [366])],
)
def test_years_have_the_length_of_their_calendar(calendar, lengths):
    axis = TimeAxis.parse("1999-01-01", 1200, calendar)
    assert np.unique(axis.year_length()).tolist() == lengths
    assert (axis.day_of_year() <= axis.year_length()).all()


@pytest.mark.parametrize("year", [1, 1582, 2262, 9999])
def test_years_from_1_to_9999_are_days_like_others(year):
    axis = TimeAxis.parse(f"{year:04d}-12-30", 2)
    assert axis.text(1) == f"{year:04d}-12-31"
    assert axis.index(f"{year:04d}-12-31") == 1
    assert axis.days_since(f"{year:04d}-12-01").tolist() == [29, 30]


def test_the_year_of_the_gregorian_reform_lacks_ten_days():
    axis = TimeAxis.parse("1582-01-01", 400)
    assert axis.text(276) == "1582-10-04"
    assert axis.text(277) == "1582-10-15"
    assert axis.year_length()[0] == 355


def test_ten_thousand_years_are_refused_before_they_overflow():
    with pytest.raises(ConfigurationError, match="9999"):
        TimeAxis.parse("9999-12-31", 2)


@pytest.mark.parametrize(
    ("units", "stamps"),
    [
        ("days since 1990-01-01", [0, 1, 2]),
        ("days since 1989-12-31 12:00:00", [0.5, 1.5, 2.5]),
        ("hours since 1990-01-01T00:00:00Z", [0, 24, 48]),
        ("hours since 1990-01-01 12:00", [0, 24, 48]),
        ("minutes since 1990-1-1", [0, 1440, 2880]),
        ("seconds since 1970-01-01", [631152000, 631238400, 631324800]),
        ("Days Since 1990-01-01 00:00:00.0", [0, 1, 2]),
    ],
)
def test_time_stamps_of_any_unit_become_days(units, stamps):
    axis = TimeAxis.decode(np.array(stamps), units, "gregorian", "file: time")
    assert axis == TimeAxis.parse("1990-01-01", 3)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_the_end_of_february_comes_as_its_calendar_has_it(calendar):
    axis = TimeAxis.decode(np.arange(4), "days since 1999-02-27", calendar, "file")
    expected = {"360_day": "1999-02-30", "noleap": "1999-03-02"}.get(calendar, "1999-03-02")
    assert axis.text(3) == expected
    assert axis.slice(1, 3) == TimeAxis.parse("1999-02-28", 2, calendar)


def test_axis_survives_its_own_encoding():
    axis = TimeAxis.parse("1850-02-27", 900, "noleap")
    assert TimeAxis.decode(axis.days_since("1800-01-01"), "days since 1800-01-01", "noleap", "file") == axis
    assert TimeAxis.decode(86400 * axis.days_since("1800-01-01"), "seconds since 1800-01-01", "365_day", "file") == axis


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        ([0, 1, 3, 5], "1990-01-03 is missing: 1990-01-02 is followed by 1990-01-04"),
        ([0, 1, 1, 3], "1990-01-02 comes twice"),
        ([0, 2, 1, 3], "1990-01-02 is out of order: 1990-01-01 is followed by 1990-01-03"),
        ([1, 0, 2, 3], "1990-01-01 follows 1990-01-02"),
        ([0, 31, 59, 90], "monthly"),
        ([], "holds no day"),
        ([0, np.nan, 2, 3], "time stamp 2 is missing"),
    ],
)
def test_days_out_of_order_are_told_by_the_first_date(stamps, said):
    with pytest.raises(InputError, match=said) as error:
        TimeAxis.decode(np.array(stamps, float), "days since 1990-01-01", "standard", "file.nc: time")
    assert str(error.value).startswith("file.nc: time")


@pytest.mark.parametrize("units", ["", "days", "days since yesterday", "fortnights since 1990-01-01"])
def test_unknown_units_of_time_are_refused(units):
    with pytest.raises(InputError, match=r"file.nc.*expected"):
        TimeAxis.decode(np.arange(3), units, "standard", "file.nc")


def test_an_unknown_calendar_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match=r"'mayan' is unknown.*360_day"):
        TimeAxis.decode(np.arange(3), "days since 1990-01-01", "mayan", "file.nc")


@pytest.mark.parametrize("date", ["1989-12-31", "1990-01-11", "2500-01-01"])
def test_a_day_outside_is_refused_with_the_period_there_is(date):
    with pytest.raises(ConfigurationError, match=f"{date}.*1990-01-01 to 1990-01-10"):
        TimeAxis.parse("1990-01-01", 10).index(date)


@pytest.mark.parametrize(("calendar", "date"), [("standard", "1990-02-30"), ("noleap", "1992-02-29")])
def test_a_day_that_the_calendar_does_not_have_is_refused(calendar, date):
    with pytest.raises(ConfigurationError, match=f"no day {date}"):
        TimeAxis.parse("1990-01-01", 5000, calendar).index(date)


def test_axes_are_equal_when_their_days_are():
    axis = TimeAxis.parse("1990-01-01", 10, "365_day")
    assert axis == TimeAxis.parse("1990-01-01", 10, "noleap")
    assert hash(axis) == hash(TimeAxis.parse("1990-01-01", 10, "noleap"))
    assert axis != TimeAxis.parse("1990-01-01", 10)
    assert axis != TimeAxis.parse("1990-01-01", 11, "noleap")


def test_a_slice_beyond_the_axis_is_refused():
    with pytest.raises(ConfigurationError, match="outside"):
        TimeAxis.parse("1990-01-01", 10).slice(5, 11)


@pytest.mark.parametrize("date", ["1980-01-01", "1990-02-30"])
def test_a_date_that_cannot_be_is_told_with_the_key_that_asks_for_it(date):
    with pytest.raises(ConfigurationError, match=f"^x.nml: &run start: .*{date}"):
        TimeAxis.parse("1990-01-01", 100).index(date, "x.nml: &run start")
