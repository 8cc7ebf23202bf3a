"""Potential evaporation against the worked examples of FAO-56, its limits, and measured weather."""

import numpy as np
import pytest
from freshet.kernels import potential_evaporation as pe

MEGAJOULES = 0.0864  # MJ m-2 d-1 of 1 W m-2
UCCLE, LYON, BANGKOK = 50 + 48 / 60, 45 + 43 / 60, 13 + 44 / 60
SIXTH_OF_JULY, MID_JULY, MID_APRIL = 187, 196, 105
MID_MONTHS = np.array([15, 46, 74, 105, 135, 166, 196, 227, 258, 288, 319, 349])


def test_extraterrestrial_radiation_of_example_8():
    assert pe.extraterrestrial_radiation(-20.0, 246) * MEGAJOULES == pytest.approx(32.2, abs=0.05)


def test_daylight_hours_of_example_9():
    assert pe.daylight_hours(-20.0, 246) == pytest.approx(11.7, abs=0.05)


def test_radiation_at_the_equator_follows_table_2_6():
    table = [36.2, 37.5, 37.9, 36.8, 34.8, 33.4, 33.9, 35.7, 37.2, 37.4, 36.3, 35.6]
    assert pe.extraterrestrial_radiation(0.0, MID_MONTHS) * MEGAJOULES == pytest.approx(table, abs=0.1)


def test_pressure_and_psychrometric_constant_of_example_2():
    assert pe.psychrometric_constant(1800.0) == pytest.approx(0.054, abs=0.0005)


def test_saturation_of_example_3():
    assert pe.saturation_vapour_pressure([24.5, 15.0]) == pytest.approx([3.075, 1.705], abs=0.001)


def test_vapour_pressure_of_example_5():
    assert pe.vapour_pressure_from_relative_humidity(18.0, 25.0, 82.0, 54.0) == pytest.approx(1.70, abs=0.005)


def test_wind_of_example_14():
    assert pe.wind_at_two_metres(3.2, 10.0) == pytest.approx(2.4, abs=0.05)


def test_shortwave_from_temperature_of_example_15():
    assert pe.shortwave_from_temperature(14.8, 26.6, LYON, MID_JULY) * MEGAJOULES == pytest.approx(22.3, abs=0.05)


def test_penman_monteith_of_example_17_at_bangkok():
    shortwave = pe.shortwave_from_sunshine(8.5, BANGKOK, MID_APRIL)
    net = pe.net_radiation(shortwave, 25.6, 34.8, 2.85, 2.0, BANGKOK, MID_APRIL)
    assert net * MEGAJOULES == pytest.approx(14.33, abs=0.02)
    evaporation = pe.penman_monteith_fao56(net, 25.6, 34.8, 2.85, 2.0, 2.0, ground_heat=0.14 / MEGAJOULES)
    assert evaporation == pytest.approx(5.72, abs=0.01)


def test_penman_monteith_of_example_18_at_uccle():
    shortwave = pe.shortwave_from_sunshine(9.25, UCCLE, SIXTH_OF_JULY)
    vapour_pressure = pe.vapour_pressure_from_relative_humidity(12.3, 21.5, 84.0, 63.0)
    net = pe.net_radiation(shortwave, 12.3, 21.5, vapour_pressure, 100.0, UCCLE, SIXTH_OF_JULY)
    assert shortwave * MEGAJOULES == pytest.approx(22.07, abs=0.01)
    assert vapour_pressure == pytest.approx(1.409, abs=0.001)
    assert net * MEGAJOULES == pytest.approx(13.28, abs=0.01)
    wind = pe.wind_at_two_metres(10.0 / 3.6, 10.0)
    evaporation = pe.penman_monteith_fao56(net, 12.3, 21.5, vapour_pressure, wind, 100.0)
    assert evaporation == pytest.approx(3.88, abs=0.005)


def test_hargreaves_of_example_20_at_lyon():
    assert pe.hargreaves(14.8, 26.6, LYON, MID_JULY) == pytest.approx(5.0, abs=0.05)


def test_penman_monteith_from_temperature_alone_of_example_20():
    shortwave = pe.shortwave_from_temperature(14.8, 26.6, LYON, MID_JULY)
    dew = pe.actual_vapour_pressure(14.8)
    net = pe.net_radiation(shortwave, 14.8, 26.6, dew, 200.0, LYON, MID_JULY)
    assert pe.penman_monteith_fao56(net, 14.8, 26.6, dew, 2.0, 200.0) == pytest.approx(4.56, abs=0.01)


def test_oudin_is_radiation_over_latent_heat_times_temperature_above_minus_five():
    # 41.09 MJ m-2 d-1 at Uccle on 6 July, 15 degC: 41.09/2.45 mm d-1 x 20/100
    assert pe.oudin(15.0, UCCLE, SIXTH_OF_JULY) == pytest.approx(41.09 / 2.45 * 0.2, rel=1e-3)
    assert pe.oudin([-5.0, -30.0], UCCLE, SIXTH_OF_JULY) == pytest.approx([0.0, 0.0], abs=0)


def test_priestley_taylor_is_1_26_of_the_equilibrium_rate():
    # slope 0.1447 kPa K-1 at 20 degC, gamma 0.0674 kPa K-1 at sea level (FAO-56, tables 2.2 and 2.4)
    expected = 1.26 * 0.1447 / (0.1447 + 0.0674) * 100.0 * MEGAJOULES / 2.45
    assert pe.priestley_taylor(100.0, 20.0, 0.0) == pytest.approx(expected, rel=1e-3)
    assert pe.priestley_taylor(-40.0, 20.0, 0.0) == 0.0


def test_polar_day_and_polar_night_are_finite():
    latitude, day = np.array([-90.0, -70.0, 70.0, 90.0]), np.array([[172], [355]])
    hours = pe.daylight_hours(latitude, day)
    assert np.array_equal(hours, [[0.0, 0.0, 24.0, 24.0], [24.0, 24.0, 0.0, 0.0]])
    radiation = pe.extraterrestrial_radiation(latitude, day)
    assert np.array_equal(radiation == 0.0, hours == 0.0)
    assert radiation.max() < 600.0


def test_every_formula_is_finite_and_never_negative_on_any_plausible_weather():
    random = np.random.default_rng(1)
    shape = (4000, 5)
    day = random.integers(1, 367, (shape[0], 1))
    latitude, elevation = random.uniform(-90, 90, shape[1]), random.uniform(-400, 6000, shape[1])
    low = random.uniform(-80, 40, shape)
    high = low + random.uniform(-2, 25, shape)
    vapour = pe.saturation_vapour_pressure(low) * random.uniform(0, 1.2, shape)
    sun = random.uniform(-5, 400, shape)
    net = pe.net_radiation(sun, low, high, vapour, elevation, latitude, day, 366)
    wind = random.uniform(0, 30, shape)
    for evaporation in (
        pe.oudin(low, latitude, day, 366),
        pe.hargreaves(low, high, latitude, day, 366),
        pe.priestley_taylor(net, low, elevation),
        pe.penman_monteith_fao56(net, low, high, vapour, wind, elevation),
    ):
        assert evaporation.shape == shape
        assert np.isfinite(evaporation).all()
        assert evaporation.min() >= 0.0
    assert np.isfinite(net).all()


def test_a_gap_stays_a_gap():
    tas = np.array([[10.0, np.nan]])
    assert np.array_equal(np.isnan(pe.oudin(tas, [45.0, 45.0], [[180]])), [[False, True]])
    assert np.isnan(pe.hargreaves(np.nan, 20.0, 45.0, 180))


def test_unknown_elevation_is_refused():
    with pytest.raises(ValueError, match="elevation is not known at 1 of 2 places"):
        pe.priestley_taylor([100.0, 100.0], 20.0, [100.0, np.nan])
    with pytest.raises(ValueError, match="elevation is not known"):
        pe.net_radiation(100.0, 5.0, 15.0, 1.0, np.nan, 45.0, 180)


def test_a_latitude_beyond_the_pole_is_refused():
    with pytest.raises(ValueError, match="latitude 95"):
        pe.oudin(10.0, 95.0, 180)


def test_days_along_the_axis_of_places_are_refused():
    with pytest.raises(ValueError, match="day_of_year"):
        pe.oudin(np.full((365, 365), 10.0), np.full(365, 45.0), np.arange(1, 366))


def test_a_year_of_any_calendar_receives_the_same_radiation():
    means = [pe.extraterrestrial_radiation(48.0, np.arange(1, n + 1), n).mean() for n in (360, 365, 366)]
    assert means == pytest.approx([means[0]] * 3, rel=1e-5)


def _series(dataset, name):
    return dataset[name].transpose("time", "basin").values


def test_oudin_is_comparable_to_priestley_taylor_of_camels(shared):
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(shared / "data/caravan_camels_us/caravan_camels_us.nc") as data:
        tas = _series(data, "temperature_mean")
        day, length = data.time.dt.dayofyear.values[:, None], np.where(data.time.dt.is_leap_year, 366, 365)[:, None]
        ours = pe.oudin(tas, data.gauge_lat.values, day, length).mean(axis=0) * 365.25
        camels, given = data.pet_mean.values * 365.25, _series(data, "pet").mean(axis=0) * 365.25
    assert 0.75 < np.median(ours) / np.median(camels) < 1.1
    assert np.corrcoef(ours, camels)[0, 1] > 0.6
    assert np.median(given) > 4 * np.median(ours)  # Caravan's own, which nobody should use


def test_four_formulas_agree_on_daymet_with_the_means_of_camels(shared):
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(shared / "data/camels_us_daymet/camels_us_daymet_long.nc") as data:
        names = ("temperature_min", "temperature_max", "vapor_pressure", "shortwave", "day_length")
        low, high, vapour, sun, light = (_series(data, name) for name in names)
        day, latitude, elevation = data.time.dt.dayofyear.values[:, None], data.gauge_lat.values, data.elev_mean.values
        camels = data.pet_mean.values
    assert np.nanmax(np.abs(pe.daylight_hours(latitude, day) - light / 3600)) < 0.1
    net = pe.net_radiation(sun * light / 86400, low, high, vapour / 1000, elevation, latitude, day)
    priestley = pe.priestley_taylor(net, 0.5 * (low + high), elevation)
    penman = pe.penman_monteith_fao56(net, low, high, vapour / 1000, 2.0, elevation)
    assert np.nanmean(priestley, axis=0) == pytest.approx(camels, rel=0.08)
    assert np.nanmean(penman, axis=0) == pytest.approx(camels, rel=0.12)
    assert np.nanmean(pe.hargreaves(low, high, latitude, day), axis=0) == pytest.approx(camels, rel=0.15)
    assert np.nanmean(pe.oudin(0.5 * (low + high), latitude, day), axis=0) == pytest.approx(camels, rel=0.3)


def test_net_radiation_follows_era5_where_snow_is_short(shared):
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(shared / "data/era5_daily_cities/era5_daily_cities_1990-1993.nc") as data:
        city = data.sel(location="Montréal")
        low, high, dew = (city[name].values - 273.15 for name in ("tasmin", "tasmax", "tdps"))
        day, latitude, era5 = city.time.dt.dayofyear.values, float(city.lat), (city.rss + city.rls).values
        sun, moist, pressure = city.rsds.values, city.huss.values, city.ps.values / 1000
    vapour = pe.actual_vapour_pressure(dew)
    of_humidity = pe.vapour_pressure_from_specific_humidity(moist, pressure)
    assert of_humidity.mean() == pytest.approx(vapour.mean(), rel=0.02)
    ours = pe.net_radiation(sun, low, high, vapour, 30.0, latitude, day)
    summer = (day > 120) & (day < 300)
    assert ours[summer].mean() == pytest.approx(era5[summer].mean(), abs=15.0)
    assert np.corrcoef(ours, era5)[0, 1] > 0.95


def test_semi_arid_grassland_evaporates_far_less_than_penman_monteith(shared):
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(shared / "data/ameriflux_walnutgulch/us_wkg_daily.nc") as data:
        names = ("temperature_min", "temperature_max", "relative_humidity", "shortwave", "wind", "et")
        low, high, humidity, sun, wind, measured = (data[name].values for name in names)
        day = data.time.dt.dayofyear.values
    vapour = pe.vapour_pressure_from_relative_humidity(low, high, humidity)
    net = pe.net_radiation(sun, low, high, vapour, 1531.0, 31.74, day)
    penman = pe.penman_monteith_fao56(net, low, high, vapour, pe.wind_at_two_metres(wind, 6.4), 1531.0)
    assert 1500 < np.nanmean(penman) * 365.25 < 2100
    assert np.nanmean(measured) < 0.2 * np.nanmean(penman)
