"""The embedded planet's weather, its gauges, and its settings."""

import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError
from freshet.driver.planet.names import river_names
from freshet.driver.planet.patterns import LAYERS, field, fields, seen
from freshet.driver.planet.rainfall import thresholds
from freshet.driver.planet.source import open_planet, planet
from freshet.driver.planet.world import world
from freshet.driver.settings import parse
from freshet.driver.timeaxis import TimeAxis
from freshet.kernels.potential_evaporation import oudin

SEED = 24
COARSE = 5.0  # degrees


def source(start: str = "2001-01-01", days: int = 730, calendar: str = "standard", resolution: float = COARSE):
    return planet(resolution, SEED, TimeAxis.parse(start, days, calendar))


@pytest.fixture(scope="module")
def decade() -> np.ndarray:
    return source(days=3653).forcing(0, 3653).astype(np.float64)


@pytest.mark.parametrize("cut", [(0, 1), (3, 200), (200, 207)])
def test_a_slab_has_the_weather_of_the_whole_to_the_bit(cut):
    whole = source(resolution=3.0)
    part = whole.slab(*cut).forcing(340, 400)
    np.testing.assert_array_equal(part, whole.forcing(340, 400)[:, :, slice(*cut)])


def test_a_slab_of_a_slab_is_a_slab():
    whole = source()
    np.testing.assert_array_equal(whole.slab(100, 300).slab(20, 50).forcing(0, 5), whole.forcing(0, 5)[:, :, 120:150])


def test_the_weather_does_not_depend_on_how_it_is_cut_into_blocks():
    whole = source()
    once = whole.forcing(0, 100)
    pieces = [whole.forcing(low, high) for low, high in ((0, 1), (1, 32), (32, 33), (33, 100))]
    np.testing.assert_array_equal(once, np.concatenate(pieces))


def test_the_weather_of_a_date_does_not_depend_on_the_first_day():
    early, late = source("1999-07-15", 900), source("2001-01-01", 10)
    first = early.axis.index("2001-01-01")
    np.testing.assert_array_equal(early.forcing(first, first + 10), late.forcing(0, 10))


@pytest.mark.parametrize("calendar", ["standard", "noleap", "360_day", "julian"])
def test_every_calendar_has_its_days_and_oudins_evaporation(calendar):
    made = source("2003-12-25", 400, calendar)
    found = made.forcing(0, 400)
    assert np.isfinite(found).all()
    assert (found[:, 0] >= 0).all()
    day, length = made.axis.day_of_year()[:, None], made.axis.year_length()[:, None]
    expected = oudin(found[:, 1], made.attributes["latitude"], day, length)
    np.testing.assert_allclose(found[:, 2], expected, rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize("start", ["0001-01-01", "9999-01-01"])
def test_the_first_and_the_last_year_have_weather(start):
    found = source(start, 365).forcing(300, 365)
    assert np.isfinite(found).all()


def test_the_mean_of_ten_years_is_the_climate(decade):
    of = world(COARSE, SEED)
    places = np.searchsorted(of.cell, source().cell)
    expected = of.conditions.precipitation.mean(axis=0)[places]
    assert decade[:, 0].mean() == pytest.approx(expected.mean(), rel=0.04)
    # Deserts wait longer than ten years for their mean.
    ratio = (decade[:, 0].mean(axis=0) / expected)[expected > 0.7]
    assert np.percentile(ratio, 5) > 0.8
    assert np.percentile(ratio, 95) < 1.25
    warmer = decade[:, 1].mean(axis=0) - of.conditions.temperature[places]
    assert np.abs(warmer).max() < 1.5


def test_rain_comes_in_spells_and_years_differ(decade):
    wet = (decade[:, 0] > 0.5).astype(float)
    usual = (wet.mean(axis=0) > 0.1) & (wet.mean(axis=0) < 0.9)
    today, tomorrow = wet[:-1, usual], wet[1:, usual]
    after_wet = (today * tomorrow).sum(axis=0) / today.sum(axis=0)
    assert np.median(after_wet / wet[:, usual].mean(axis=0)) > 1.2
    years = decade[:3650, 0].reshape(10, 365, -1).mean(axis=1)[:, usual]
    assert 0.1 < np.median(years.std(axis=0) / years.mean(axis=0)) < 0.35


def test_neighbours_have_like_weather_and_antipodes_have_not(decade):
    made = source()
    east = (made.attributes["longitude"] + COARSE + 180) % 360 - 180
    at = {
        (y, x): n
        for n, (y, x) in enumerate(zip(made.attributes["latitude"], made.attributes["longitude"], strict=True))
    }
    pairs = [
        (n, at[y, x]) for n, (y, x) in enumerate(zip(made.attributes["latitude"], east, strict=True)) if (y, x) in at
    ]
    odd = decade[:, 1] - decade[:, 1].mean(axis=0)
    year = np.arange(len(odd)) % 365
    season = np.stack([odd[year == day].mean(axis=0) for day in range(365)])
    odd -= season[year]
    near = np.mean([np.corrcoef(odd[:, a], odd[:, b])[0, 1] for a, b in pairs[::9]])
    far = np.mean([np.corrcoef(odd[:, a], odd[:, (a + len(at) // 2) % len(at)])[0, 1] for a, _ in pairs[::9]])
    assert near > 0.6
    assert abs(far) < 0.15


def test_patterns_are_standard_normal_everywhere_and_have_no_seam():
    layer = LAYERS["storms"]
    found = np.stack([field(layer, SEED, number) for number in range(400)])
    assert abs(found.mean()) < 0.02
    assert found.var() == pytest.approx(1.0, abs=0.03)
    spread = found.var(axis=0)
    assert spread.min() > 0.6
    assert spread.max() < 1.5
    across = np.abs(found[:, :, 0] - found[:, :, -1]).mean()
    opposite = found.shape[2] // 2  # the lattice is the same there, mirrored
    assert across == pytest.approx(np.abs(found[:, :, opposite] - found[:, :, opposite - 1]).mean(), rel=0.05)


def test_storms_drift_east_in_the_middle_latitudes():
    layer = LAYERS["storms"]
    given = fields(layer, SEED, 1000, 1202)
    east = np.linspace(-170.0, 170.0, 137)
    found = seen(given, np.arange(1000.0, 1200.0), np.full(137, 45.0), east)
    step = round(layer.wind / (east[1] - east[0]))
    moved = np.corrcoef(found[:-1, :-step].ravel(), found[1:, step:].ravel())[0, 1]
    still = np.corrcoef(found[:-1].ravel(), found[1:].ravel())[0, 1]
    against = np.corrcoef(found[:-1, step:].ravel(), found[1:, :-step].ravel())[0, 1]
    assert moved > still > against


def test_the_mean_of_rain_from_a_normal_number_is_that_of_the_month():
    g = np.random.default_rng(1).standard_normal(1_000_000)
    for mean, tas in ((0.1, 25.0), (2.0, -15.0), (9.0, 26.0)):
        threshold, scale = thresholds(np.array([mean]), np.array([tas]))
        assert (scale * np.maximum(g - threshold, 0.0) ** 1.5).mean() == pytest.approx(mean, rel=0.03)


def test_gauges_lie_at_the_mouths_of_the_largest_rivers_and_have_names():
    river = source(resolution=2.0).river
    assert len(river.gauges) == 12
    for gauge in river.gauges:
        assert gauge.moved_cells == 0
        assert river.downstream[gauge.node] == gauge.node
        assert gauge.upstream_area == pytest.approx(gauge.area, rel=1e-9)
    names = [gauge.name for gauge in river.gauges]
    assert len(set(names)) == 12
    assert all(name.isalpha() and name[0].isupper() for name in names)


def test_no_two_rivers_of_one_region_have_the_same_name():
    names = river_names(SEED, np.full(50, 12.0), np.full(50, 34.0))
    assert len(set(names)) == 50


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("planet.resolution=0.7", ["&planet resolution", "257.1 cells", "0.70"]),
        ("planet.start=9998-01-01", ["&planet", "years = 3", "9999"]),
    ],
)
def test_a_planet_that_cannot_be_is_refused_in_one_line(override, words):
    settings = parse("&run\n/\n&data\n  form = 'planet'\n/\n", "planet.nml", [override])
    with pytest.raises(ConfigurationError) as caught:
        open_planet(settings)
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)
