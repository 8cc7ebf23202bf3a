"""Weather of steps from that of days: what is kept, whatever the step, the clock, the latitude and the record."""

import numpy as np
import pytest
from freshet.driver.vic.clock import forcing_rows
from freshet.driver.vic.daily_choices import DailyChoices
from freshet.driver.vic.daily_weather import DailyForcing, daily_weather
from freshet.driver.vic.weather import Span
from freshet.kernels.disaggregation.aridity import dry_dewpoint
from freshet.kernels.disaggregation.longwave import CLEAR, longwave
from freshet.kernels.vic.parameters import WEATHER

NORTH = np.array([-75.0, -30.0, 0.0, 46.8, 66.0, 71.0, 89.9])
EAST = np.array([0.0, 120.0, -60.0, 7.5, -150.0, 25.0, 179.9])
HIGH = np.array([3000.0, 50.0, 100.0, 1600.0, 300.0, -10.0, 0.0])
HOURS = (1, 2, 3, 4, 6, 8, 12, 24)
LOCAL, UTC = DailyChoices(), DailyChoices(clock="utc")


def days(count=400, start="1999-11-20"):
    """Dates and weather of days at the places."""
    random = np.random.default_rng(5)
    dates = np.datetime64(start) + np.arange(count)
    shape = (count, NORTH.size)
    season = -np.cos(np.arange(count)[:, None] / 365.25 * 2 * np.pi) * np.sign(NORTH)
    low = 5.0 + 10.0 * season + random.normal(0.0, 4.0, shape)
    rain = np.maximum(random.gamma(0.4, 10.0, shape) - 4.0, 0.0)
    wind = random.gamma(4.0, 1.0, shape)
    values = {"precipitation": rain, "minimum": low, "maximum": low + random.gamma(5.0, 2.0, shape), "wind": wind}
    return dates, values


def steps(hours=3, chosen=LOCAL, count=400, **measured):
    dates, values = days(count)
    return daily_weather(dates, values | measured, NORTH, EAST, HIGH, 24 // hours, chosen)


def by_day(series, hours):
    return series.reshape(-1, 24 // hours, NORTH.size)


@pytest.mark.parametrize("hours", HOURS)
def test_precipitation_and_wind_of_the_steps_are_those_of_the_day(hours):
    _, values = days()
    found = steps(hours)
    assert np.allclose(by_day(found["precipitation"], hours).sum(axis=1), values["precipitation"], rtol=1e-12)
    assert np.allclose(by_day(found["wind"], hours).mean(axis=1), values["wind"], rtol=1e-12)


@pytest.mark.parametrize("hours", HOURS)
def test_shortwave_of_the_day_does_not_depend_on_the_step(hours):
    one = steps(24)["shortwave"]
    assert np.allclose(by_day(steps(hours)["shortwave"], hours).mean(axis=1), one, rtol=1e-10, atol=1e-10)


def test_temperature_reaches_both_extremes_and_goes_no_further_by_day():
    _, values = days()
    fine = daily_weather(*days(), NORTH, EAST, HIGH, 288, LOCAL)["air_temperature"].reshape(400, 288, -1)
    inner = fine[1:-1]
    low, high = values["minimum"][1:-1], values["maximum"][1:-1]
    daytime = inner[:, 9 * 12 : 13 * 12]
    assert (daytime >= low[:, None] - 1e-9).all()
    assert (daytime <= high[:, None] + 1e-9).all()
    assert (inner.min(axis=1) <= low + 0.01).all()
    assert (inner.max(axis=1) >= high - 0.01).all()


def test_means_of_temperature_do_not_depend_on_the_step():
    day = steps(24)["air_temperature"]
    for hours in HOURS[:-1]:
        assert np.allclose(by_day(steps(hours)["air_temperature"], hours).mean(axis=1), day, atol=1e-9)


@pytest.mark.parametrize("chosen", [LOCAL, UTC, DailyChoices(days="utc"), DailyChoices(clock="utc", days="utc")])
@pytest.mark.parametrize("hours", [1, 3, 24])
def test_every_value_is_one_that_vic_takes(hours, chosen):
    found = steps(hours, chosen)
    for variable in WEATHER:
        values = found[variable.name]
        assert np.isfinite(values).all(), variable.name
        assert (values >= variable.low).all(), variable.name
        assert (values <= variable.high).all(), variable.name


def test_the_rows_of_a_form_take_what_comes_out():
    dates, _ = days()
    rows = forcing_rows(dates, steps(3), 8)
    assert rows.shape == (400, 2 + 7 * 8, NORTH.size)
    assert np.isfinite(rows).all()


def test_the_polar_night_is_dark_and_the_midnight_sun_shines_all_day():
    dates, _ = days()
    sun = by_day(steps(1)["shortwave"], 1)
    december, june = dates == np.datetime64("1999-12-21"), dates == np.datetime64("2000-06-21")
    assert (sun[december][:, :, 5:] == 0.0).all()
    assert (sun[june][:, :, 5:] > 0.0).all()
    assert (sun[december][:, :, 0] > 0.0).all()


def test_shortwave_measured_in_the_polar_night_is_kept():
    twilight = steps(1, shortwave=np.full((400, NORTH.size), 3.0))["shortwave"]
    assert np.allclose(by_day(twilight, 1).mean(axis=1), 3.0)


@pytest.mark.parametrize("hours", [1, 3, 24])
def test_what_was_measured_is_taken(hours):
    random = np.random.default_rng(6)
    sun, sky = random.uniform(20.0, 200.0, (2, 400, NORTH.size))
    found = steps(hours, shortwave=sun, longwave=150.0 + sky, vapour_pressure=np.full((400, NORTH.size), 100.0))
    assert np.allclose(by_day(found["shortwave"], hours).mean(axis=1), sun)
    assert np.allclose(by_day(found["longwave"], hours).mean(axis=1), 150.0 + sky)
    warm = found["air_temperature"] > -15.0
    assert np.allclose(found["vapour_pressure"][warm], 100.0)


def test_vapour_is_never_above_saturation():
    found = steps(1, vapour_pressure=np.full((400, NORTH.size), 5000.0))
    temperature = found["air_temperature"]
    saturation = 610.78 * np.exp(17.269 * temperature / (237.3 + temperature))
    assert (found["vapour_pressure"] <= saturation * (1 + 1e-12)).all()


@pytest.mark.parametrize("east", [-120.0, 45.0])
def test_local_days_in_utc_are_those_of_local_time_some_hours_later(east):
    dates, values = days()
    place = np.full(NORTH.size, east)
    later = -round(east / 15)
    local = daily_weather(dates, values, NORTH, place, HIGH, 24, LOCAL)
    utc = daily_weather(dates, values, NORTH, place, HIGH, 24, UTC)
    inner = slice(24, -24)
    for name in ("precipitation", "wind"):
        assert np.allclose(np.roll(local[name], later, axis=0)[inner], utc[name][inner], atol=1e-12)
    # The sun itself is up to 16 minutes off the clock there.
    one, other = np.roll(local["air_temperature"], later, axis=0)[inner], utc["air_temperature"][inner]
    assert np.sqrt(np.mean((one - other) ** 2)) < 0.5
    centred = [np.average(np.arange(24), weights=s.reshape(-1, 24, 7)[1:-1, :, 2].mean(0)) for s in (
        np.roll(local["shortwave"], later, axis=0), utc["shortwave"])]  # fmt: skip
    if east == 45.0:
        assert centred[0] == pytest.approx(centred[1], abs=0.1)


@pytest.mark.parametrize("east", [-120.0, 45.0, 179.0])
def test_days_of_utc_keep_their_precipitation_and_sun_and_noon_stays_where_it_is(east):
    dates, values = days()
    place = np.full(NORTH.size, east)
    chosen = DailyChoices(clock="utc", days="utc")
    found = daily_weather(dates, values, NORTH, place, HIGH, 24, chosen)
    mean = by_day(found["shortwave"], 1).mean(axis=1)
    whole = daily_weather(dates, values, NORTH, place, HIGH, 1, chosen)["shortwave"]
    assert np.allclose(mean, whole)
    assert np.allclose(by_day(found["precipitation"], 1).sum(axis=1), values["precipitation"])
    tropics = by_day(found["shortwave"], 1)[:, :, 2].mean(axis=0)
    angle = (np.arange(24) + 0.5) / 24 * 2 * np.pi
    noon = np.angle((tropics * np.exp(1j * angle)).sum()) / (2 * np.pi) * 24 % 24
    assert noon == pytest.approx((12 - east / 15) % 24, abs=0.1)
    # With the season sunrise moves up to 4 hours out of a day that begins near it.
    hours = np.lib.stride_tricks.sliding_window_view(found["air_temperature"], 32, axis=0)[20:-10:24]
    apart = values["maximum"] - values["minimum"]
    assert (hours.max(axis=-1) >= (values["maximum"] - 0.1 * apart)[1:-1]).all()
    assert (hours.min(axis=-1) <= (values["minimum"] + 0.1 * apart)[1:-1]).all()


class Days:
    """A series of days as files have it."""

    def __init__(self, first=0, stop=700, places=slice(None)):
        dates, values = days(700)
        self.dates = dates[first:stop]
        self.values = {name: found[first:stop, places] for name, found in values.items()}
        self.span = Span(self.dates[0].astype("datetime64[s]"), 86400, len(self.dates))

    def read(self, first, stop):
        assert 0 <= first < stop <= self.span.count
        return {name: values[first:stop] for name, values in self.values.items()}


@pytest.mark.parametrize("chosen", [LOCAL, UTC, DailyChoices(humidity="arid")])
def test_the_numbers_do_not_depend_on_what_is_read_together(chosen):
    whole = DailyForcing(Days(), NORTH, EAST, HIGH, 8, chosen).read(0, 700 * 8)
    piecewise = DailyForcing(Days(), NORTH, EAST, HIGH, 8, chosen)
    for first, stop in ((0, 5), (5, 40), (180 * 8 + 3, 190 * 8), (540 * 8, 700 * 8)):
        part = piecewise.read(first, stop)
        for name, values in whole.items():
            assert np.array_equal(part[name], values[first:stop]), name


@pytest.mark.parametrize("chosen", [LOCAL, UTC])
def test_a_record_that_begins_or_ends_elsewhere_gives_the_same_bits(chosen):
    whole = DailyForcing(Days(), NORTH, EAST, HIGH, 8, chosen).read(0, 700 * 8)
    later = DailyForcing(Days(150), NORTH, EAST, HIGH, 8, chosen).read(0, 550 * 8)
    shorter = DailyForcing(Days(0, 500), NORTH, EAST, HIGH, 8, chosen).read(0, 500 * 8)
    # 93 days before the block of 180 days in which a day lies.
    known = (150 + 93 + 180) * 8
    for name, values in whole.items():
        assert np.array_equal(later[name][known - 150 * 8 :], values[known:]), name
        assert np.array_equal(shorter[name][: 497 * 8], values[: 497 * 8]), name


@pytest.mark.parametrize("chosen", [LOCAL, UTC])
def test_a_place_alone_has_the_same_bits_as_among_others(chosen):
    whole = DailyForcing(Days(), NORTH, EAST, HIGH, 8, chosen).read(900, 1100)
    for own in (slice(2, 3), slice(1, 6)):
        series = DailyForcing(Days(places=own), NORTH[own], EAST[own], HIGH[own], 8, chosen)
        for name, values in series.read(900, 1100).items():
            assert np.array_equal(values, whole[name][:, own]), name


def test_estimates_of_a_long_record_are_those_of_one_piece():
    series = Days()
    found = DailyForcing(series, NORTH, EAST, HIGH, 1).read(0, 700)
    from freshet.kernels.disaggregation import estimate, sun

    day = (series.dates - series.dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) + 1
    length = np.where(series.dates.astype("datetime64[Y]").astype(int) % 4 == 2, 366, 365)
    values = series.values
    daily = estimate(values["precipitation"], values["minimum"], values["maximum"], NORTH, HIGH, sun(day, length))
    assert np.allclose(found["shortwave"], daily.shortwave, rtol=1e-9, atol=1e-9)


def test_the_ends_of_the_record_do_not_see_each_other():
    dates, values = days()
    before = daily_weather(dates, values, NORTH, EAST, HIGH, 8, UTC)
    changed = {name: found.copy() for name, found in values.items()}
    for name in ("minimum", "maximum"):
        changed[name][-1] += 15.0
    changed["precipitation"][-1] += 50.0
    after = daily_weather(dates, changed, NORTH, EAST, HIGH, 8, UTC)
    for name, found in before.items():
        assert np.array_equal(found[: -8 * 3], after[name][: -8 * 3]), name


def test_a_leap_year_ends_as_it_began():
    dates = np.datetime64("2000-01-01") + np.arange(732)
    constant = {"precipitation": 0.0, "minimum": 5.0, "maximum": 15.0, "wind": 2.0}
    values = {name: np.full((732, NORTH.size), value) for name, value in constant.items()}
    sun = daily_weather(dates, values, NORTH, EAST, HIGH, 1)["shortwave"]
    assert len(sun) == 732
    # 31 December of the leap year beside 1 January after it, and 30 and 31 December a year later.
    assert np.allclose(sun[365] - sun[366], sun[729] - sun[730], atol=0.6)
    assert np.abs(np.diff(sun, axis=0)).max() < 6.0


def test_dry_places_have_dry_air_and_wet_places_have_not():
    low, high = np.full(3, 15.0), np.full(3, 32.0)
    dew = dry_dewpoint(low, high, np.array([7.0, 7.0, 3.0]), np.array([100.0, 400.0, 2000.0]))
    assert dew[0] < dew[1] < dew[2] <= 15.0
    assert 15.0 - dew[2] < 2.0
    assert 5.0 < 15.0 - dew[0] < 20.0


@pytest.mark.parametrize("formula", sorted(CLEAR))
def test_each_formula_of_the_sky_is_plausible_and_clouds_add(formula):
    # 15 degC and 10 hPa: clear skies of 285 +- 25 W m-2 (Bohn et al., 2013, their range of formulas).
    clear = longwave(np.array(15.0), np.array(1000.0), np.array(1.0), formula)
    assert clear == pytest.approx(310.0, abs=30.0)
    for clouds in ("deardorff", "bras"):
        covered = longwave(np.array(15.0), np.array(1000.0), np.array(0.3), formula, clouds)
        assert clear < covered <= 5.670374e-8 * 288.15**4 + 1e-9
