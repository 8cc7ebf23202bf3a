"""The sun's way over places and days, and how much of it a clear or cloudy sky lets through."""

import numpy as np
import pytest
from freshet.kernels.disaggregation import course, daylight, potential, sun
from freshet.kernels.disaggregation.running import running_mean
from freshet.kernels.disaggregation.sun import share_until
from freshet.kernels.disaggregation.transmittance import air_mass, cloud_transmittance, dry_transmittance

YEAR = sun(np.arange(1, 366), np.full(365, 365))
NORTH = np.array([-90.0, -66.0, -35.0, 0.0, 35.0, 66.0, 80.0, 90.0])


def test_declination_and_distance_are_those_of_the_almanac():
    # Astronomical Almanac, 2001: solstices 23.44 degrees, equinoxes 20 March and 22 September, perihelion 4 January.
    declination = np.rad2deg(YEAR.declination)
    assert declination.max() == pytest.approx(23.44, abs=0.1)
    assert declination.min() == pytest.approx(-23.44, abs=0.1)
    assert 79 <= np.argmax(declination > 0) + 1 <= 81
    assert 264 <= 200 + np.argmax(declination[200:] < 0) <= 267
    assert np.argmax(YEAR.nearness) + 1 < 10
    assert YEAR.nearness.max() == pytest.approx(1 / 0.9833**2, rel=1e-3)


def test_clock_and_sun_differ_as_in_the_almanac():
    minutes = 60.0 * YEAR.equation
    assert minutes.min() == pytest.approx(-14.2, abs=0.5)
    assert 40 < np.argmin(minutes) + 1 < 46
    assert minutes.max() == pytest.approx(16.4, abs=0.5)
    assert 303 < np.argmax(minutes) + 1 < 311


def test_days_are_half_a_day_at_the_equator_and_none_or_all_at_the_poles():
    hours = daylight(course(NORTH, YEAR.declination))
    assert np.allclose(hours[:, 3], 12.0)
    assert set(np.unique(hours[:, 7])) == {0.0, 24.0}
    assert np.allclose(hours[:, 2] + hours[:, 4], 24.0)


def test_potential_radiation_is_the_sum_of_its_moments():
    way = course(NORTH, YEAR.declination)
    angle = (np.arange(2000) + 0.5) / 2000 * 2 * np.pi - np.pi
    height = way.level[:, :, None] + way.swing[:, :, None] * np.cos(angle)
    mean = 1367.0 * YEAR.nearness[:, None] * np.maximum(height, 0.0).mean(axis=-1)
    assert np.allclose(potential(way, YEAR.nearness), mean, atol=0.01)


def test_shares_of_the_day_begin_at_0_end_at_1_and_are_half_at_noon():
    way = course(NORTH, YEAR.declination)
    hours = [share_until(way, np.full(way.level.shape, hour)) for hour in (0.0, 6.0, 12.0, 18.0, 24.0 - 1e-9)]
    assert np.allclose(hours[0], 0.0)
    assert np.allclose(hours[2], 0.5)
    assert np.allclose(hours[4], 1.0, atol=1e-8)
    assert (np.diff(hours, axis=0) >= 0.0).all()


def test_a_latitude_beyond_the_poles_is_refused():
    with pytest.raises(ValueError, match="latitude 91 is not between"):
        course(np.array([91.0]), YEAR.declination)


def test_clear_sky_is_near_its_nadir_value_in_the_tropics_and_lower_where_the_sun_is_low():
    way = course(np.array([0.0, 60.0]), YEAR.declination)
    clear = dry_transmittance(way, np.ones(2))
    assert 0.80 < clear[80, 0] < 0.87
    assert clear[355, 1] < 0.6 < clear[171, 1]
    high = dry_transmittance(way, np.full(2, 0.7))
    assert (high > clear).all()


def test_clear_sky_is_integrated_to_five_digits():
    way = course(NORTH, YEAR.declination)
    fine = (np.arange(4000) + 0.5) / 4000
    for day in (0, 80, 171, 300):
        height = np.maximum(way.level[day] + way.swing[day] * np.cos(fine[:, None] * way.dusk[day]), 0.0) + 1e-12
        through = (height * 0.87 ** air_mass(height)).sum(axis=0) / height.sum(axis=0)
        lit = way.dusk[day] > 0.0
        assert np.allclose(dry_transmittance(way, np.ones(NORTH.size))[day, lit], through[lit], atol=1e-5)


def test_air_mass_is_1_above_and_near_6_at_10_degrees():
    # Kasten and Young (1989): 5.59 where the sun is seen at 10 degrees, a tenth of a degree above where it is.
    assert air_mass(np.array(1.0)) == pytest.approx(1.0, abs=1e-3)
    assert air_mass(np.sin(np.deg2rad(10.0))) == pytest.approx(5.59, abs=0.06)


def test_a_wide_range_of_temperature_means_sun_and_rain_takes_a_quarter():
    through = cloud_transmittance(np.array([0.0, 5.0, 20.0]), np.full(3, 10.0), np.zeros(3, bool))
    assert through[0] == pytest.approx(0.1)
    assert through[0] < through[1] < through[2] < 1.0
    wet = cloud_transmittance(np.array([0.0, 5.0, 20.0]), np.full(3, 10.0), np.ones(3, bool))
    assert np.allclose(wet, 0.75 * through)


def test_running_means_look_back_and_never_around():
    values = np.arange(40.0)[:, None]
    mean = running_mean(values, 30)
    assert np.allclose(mean[:30], values[:30].mean())
    assert mean[35, 0] == pytest.approx(values[6:36].mean())
    changed = values.copy()
    changed[-1] = 1e6
    assert np.array_equal(running_mean(changed, 30)[:-1], mean[:-1])
