"""Formulas of the derived weather, reckoned by hand from the papers."""

import numpy as np
import pytest
from freshet.kernels.disaggregation.air import pressure, saturation, standard_pressure
from freshet.kernels.disaggregation.aridity import daytime_temperature, dry_dewpoint, potential_evaporation
from freshet.kernels.disaggregation.longwave import CLEAR, longwave
from freshet.kernels.disaggregation.transmittance import clear_transmittance, cloud_transmittance

ONE = np.ones(1)


@pytest.mark.parametrize(
    ("formula", "emissivity"),
    [
        ("tva", 0.789),
        ("anderson", 0.68 + 0.036 * 10**0.5),
        ("brutsaert", 0.7671),  # 1.24 (10/288.15)^(1/7)
        ("satterlund", 0.8108),  # 1.08 (1 - exp(-10^0.14293))
        ("idso", 0.8085),  # 0.7 + 5.95e-5 * 10 * 182.3
        ("prata", 0.77623),  # w = 1.6137
    ],
)
def test_emissivity_of_clear_air_at_15_degrees_and_10_hectopascal(formula, emissivity):
    assert CLEAR[formula](288.15 * ONE, 10.0 * ONE)[0] == pytest.approx(emissivity, abs=2e-4)


def test_clouds_are_black_after_deardorff_and_add_a_sixth_after_bras():
    black = 5.670374e-8 * 288.15**4
    half = longwave(15.0 * ONE, 1000.0 * ONE, 0.5 * ONE, "tva", "deardorff")
    assert half[0] == pytest.approx(black * (0.5 + 0.5 * 0.789))
    full = longwave(15.0 * ONE, 1000.0 * ONE, 0.35 * ONE, "tva", "bras")
    assert full[0] == pytest.approx(black * 0.789 * 1.17)
    with pytest.raises(KeyError):
        longwave(15.0 * ONE, 1000.0 * ONE, ONE, "tva", "none")


def test_dew_point_of_kimball():
    # EF = 6/300: 283.15 (-0.127 + 1.121 * 0.97878 + 0.009) = 277.265 K
    dew = dry_dewpoint(10.0 * ONE, 25.0 * ONE, 6.0 * ONE, 300.0 * ONE)
    assert dew[0] == pytest.approx(277.265 - 273.15, abs=2e-3)
    assert dry_dewpoint(10.0 * ONE, 25.0 * ONE, 0.0 * ONE, 300.0 * ONE)[0] == 10.0
    assert dry_dewpoint(10.0 * ONE, 25.0 * ONE, 6.0 * ONE, 0.0 * ONE)[0] == pytest.approx(
        dry_dewpoint(10.0 * ONE, 25.0 * ONE, 6.0 * ONE, 80.0 * ONE)[0]
    )


def test_evaporation_of_priestley_and_taylor():
    # 20 degC: slope 144.7 Pa/K, psychrometric 66.5 Pa/K, latent heat 2.454 MJ/kg; 1.26 * 0.685 * 144 W m-2
    found = potential_evaporation(200.0 * ONE, 20.0 * ONE, 101325.0 * ONE)
    assert found[0] == pytest.approx(1.26 * 144.7 / (144.7 + 66.65) * 144.0 * 86400.0 / 2.4538e6, rel=2e-3)
    assert daytime_temperature(np.array(10.0), np.array(20.0)) == pytest.approx(17.25)


def test_sky_of_thornton_and_running():
    assert clear_transmittance(0.75 * ONE, 1000.0 * ONE)[0] == pytest.approx(0.689)
    # B = 0.031 + 0.201 exp(-1.85) = 0.06261; exp(-0.06261 * 10^1.5) = 0.13807
    assert cloud_transmittance(10.0 * ONE, 10.0 * ONE, np.zeros(1, bool))[0] == pytest.approx(0.87574, abs=1e-4)


def test_pressure_of_standard_air_is_that_of_the_standard_atmosphere():
    height = np.array([-50.0, 0.0, 1300.0, 3000.0])
    temperature = 15.0 - 0.0065 * height
    assert np.allclose(pressure(height, temperature), standard_pressure(height), rtol=3e-4)
    # ICAO (1993): 70108 Pa at 3000 m
    assert standard_pressure(3000.0 * ONE)[0] == pytest.approx(70108.0, rel=1e-4)


def test_saturation_at_20_degrees():
    assert saturation(20.0 * ONE)[0] == pytest.approx(2338.0, rel=1e-3)
