"""The embedded planet as a world: its ground, climate, rivers and cover."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest
from freshet.driver.planet.climate import climate
from freshet.driver.planet.drainage import drainage
from freshet.driver.planet.flood import bottoms, flood, ponds, steepest
from freshet.driver.planet.ground import ground, on_sphere
from freshet.driver.planet.koeppen import ZONES, zones
from freshet.driver.planet.plates import plates
from freshet.driver.planet.relief import heights
from freshet.driver.planet.winds import carried
from freshet.driver.planet.world import world
from freshet.kernels.network.loops import loops

SEED = 24
COARSE = 3.0  # degrees


def checksum(seed: int) -> str:
    made = world(COARSE, seed)
    arrays = [made.ground.height, made.drainage.downstream, made.conditions.precipitation, *made.fields.values()]
    return hashlib.sha256(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()


def links_of(made) -> np.ndarray:
    """Downstream land cell of each land cell, as places in `cell`."""
    return np.searchsorted(made.cell, made.drainage.downstream.ravel()[made.cell])


def latitude_of(made) -> np.ndarray:
    return made.ground.latitude[made.cell // made.land.shape[1]]


def test_another_process_builds_the_same_world_to_the_bit():
    code = f"import sys; sys.path.insert(0, {str(__file__).rpartition('/')[0]!r}); import test_planet as t; "
    found = subprocess.run(
        [sys.executable, "-c", code + f"print(t.checksum({SEED}))"], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == checksum(SEED)


def test_another_seed_is_another_world():
    assert not np.array_equal(world(COARSE, SEED).land, world(COARSE, 25).land)


@pytest.mark.parametrize("resolution", [10.0, 4.5, 2.0])
def test_no_river_runs_in_a_loop_and_all_land_drains_to_sea_or_closed_basin(resolution):
    made = world(resolution, SEED)
    links = links_of(made)
    assert (made.cell[links] == made.drainage.downstream.ravel()[made.cell]).all()
    assert loops(links) == []
    ends = made.cell[links == np.arange(len(links))]
    rows, columns = made.land.shape
    for end in ends:
        y, x = divmod(int(end), columns)
        around = made.land[max(y - 1, 0) : y + 2][:, [(x - 1) % columns, x, (x + 1) % columns]]
        assert made.drainage.closed.flat[end] or not around.all() or y in (0, rows - 1)


def test_water_never_runs_from_a_cell_to_one_that_is_no_neighbour():
    made = world(COARSE, SEED)
    columns = made.land.shape[1]
    y, x = np.divmod(made.cell, columns)
    j, i = np.divmod(made.drainage.downstream.ravel()[made.cell], columns)
    assert np.abs(j - y).max() == 1
    assert np.minimum((i - x) % columns, (x - i) % columns).max() == 1


def test_closed_basins_lie_in_dry_land_and_there_are_a_few():
    made = world(1.0, SEED)
    closed = made.drainage.closed.ravel()[made.cell]
    assert 1 <= closed.sum() <= 40
    assert (made.conditions.humidity[closed] < 0.5).all()


def test_the_largest_basin_is_as_large_as_those_of_the_earth():
    area = world(1.0, SEED).upstream_area().max()
    assert 3e12 < area < 1.2e13  # the Amazon has 6e12 m2


def test_a_flood_fills_a_pit_to_its_outlet_and_crosses_the_date_line():
    height = np.array([[9.0, 9.0, 9.0, 9.0], [3.0, 1.0, 9.0, 2.0], [9.0, 9.0, 9.0, 9.0]])
    ends = np.zeros((3, 4), bool)
    ends[1, 3] = True  # the way out of the pit at column 1 leads over column 0 to the last column
    filled, rank = flood(height, ends, np.ones((3, 4), bool))
    assert filled[1, 1] == 3.0
    assert filled[1, 0] == 3.0
    down = steepest(filled, rank, np.ones(3), 1.0, np.full(3, 2**0.5))
    assert down[1, 1] == 4
    assert down[1, 0] == 7
    assert down[1, 3] == 7


def test_the_bottom_of_a_wide_pool_is_found_and_a_small_one_is_not():
    height = np.full((3, 8), 100.0)
    height[1, 1:4] = 20.0, 10.0, 30.0
    height[1, 6] = 5.0
    filled = np.full((3, 8), 100.0)
    found = bottoms(height, filled, filled - height > 50.0, np.ones((3, 8)), 2.0)
    assert list(np.flatnonzero(found)) == [10]


def test_a_world_without_sea_keeps_its_water():
    height = np.random.default_rng(1).uniform(0.0, 1000.0, (6, 12))
    everywhere = np.ones((6, 12), bool)
    found = drainage(height, 0 * height, everywhere, 0 * height, np.full((6, 12), 1e12), np.linspace(75, -75, 6))
    assert (found.downstream >= 0).all()
    assert loops(found.downstream.ravel()) == []


def test_the_ground_has_no_seam_at_the_date_line_nor_at_the_poles():
    made = plates(SEED)
    latitude = np.linspace(-89.0, 89.0, 179)
    west, east = (heights(on_sphere(latitude, np.array([at])), np.uint64(SEED), 7, *made) for at in (-180.0, 180.0))
    np.testing.assert_allclose(west, east, atol=1e-6)
    pole = heights(on_sphere(np.array([90.0, -90.0]), np.linspace(-180, 180, 7)), np.uint64(SEED), 7, *made)
    assert np.ptp(pole[0].reshape(2, -1), axis=1).max() < 1e-6


def test_the_climate_has_no_seam_at_the_date_line():
    found = climate(SEED)
    for field in (found.precipitation.mean(axis=0), found.temperature, found.amplitude, found.continental):
        steps = np.abs(np.diff(np.concatenate([field, field[:, :1]], axis=1), axis=1))
        assert steps[:, -1].max() <= steps[:, :-1].max()
        assert steps[:, -1].mean() < 3.0 * steps.mean() + 1e-12


def test_the_same_continents_are_found_at_any_resolution():
    coarse, fine = ground(4.0, SEED), ground(2.0, SEED)
    merged = fine.share.reshape(45, 2, 90, 2).mean(axis=(1, 3))
    assert np.corrcoef(merged.ravel(), coarse.share.ravel())[0, 1] > 0.98
    weight = np.cos(np.radians(fine.latitude))[:, None]
    assert 0.26 < (fine.share * weight).sum() / weight.sum() / fine.share.shape[1] < 0.32


def test_means_over_land_are_those_of_the_earth():
    made = world(1.0, SEED)
    free = made.fields["glacier"] < 1.0
    area = made.area.ravel()[made.cell] * free

    def mean(values):
        return float((values * area).sum() / area.sum())

    assert 700.0 < mean(made.conditions.precipitation.mean(axis=0)) * 365 < 800.0
    assert 850.0 < mean(made.conditions.potential_evaporation.mean(axis=0)) * 365 < 1250.0
    assert 8.0 < mean(made.conditions.temperature) < 17.0
    assert 400.0 < mean(made.fields["srftopo"]) < 1000.0
    assert 3500.0 < made.fields["srftopo"].max() < 8000.0
    assert 2e4 < made.expected_flow().max() < 3e5  # m3 s-1: Congo 4e4, Amazon 2e5


def test_every_family_of_climates_is_there():
    made = world(1.0, SEED)
    found = zones(made.conditions.tas, made.conditions.precipitation, latitude_of(made) > 0)
    families = {list(ZONES)[zone][0] for zone in np.unique(found)}
    assert families == set("ABCDE")


def test_known_climates_get_their_zones():
    months = np.arange(12)
    amazon = (np.full(12, 26.0), np.full(12, 8.0))
    sahara = (25 - 8 * np.cos(2 * np.pi * months / 12), np.full(12, 0.05))
    moscow = (6 - 15 * np.cos(2 * np.pi * months / 12), np.full(12, 1.8))
    tas, rain = (np.stack([case[k] for case in (amazon, sahara, moscow)], axis=1) for k in (0, 1))
    assert [list(ZONES)[zone] for zone in zones(tas, rain, np.array([False, True, True]))] == ["Af", "BWh", "Df"]


def test_july_is_warm_in_the_north_and_cold_in_the_south():
    made = world(COARSE, SEED)
    north = latitude_of(made)
    difference = made.conditions.tas[6] - made.conditions.tas[0]
    assert (difference[north > 15] > 0).all()
    assert (difference[north < -15] < 0).all()


def test_rain_follows_the_sun_in_the_tropics_and_the_subtropics_are_dry():
    found = climate(SEED)
    zonal = found.precipitation.mean(axis=2)
    rainiest = found.latitude[np.argmax(zonal, axis=1)]
    assert rainiest[7] > 5.0 > -1.0 > rainiest[1]  # August and February
    year = dict(zip(found.latitude, zonal.mean(axis=0), strict=True))
    assert year[25.5] < 0.6 * min(year[4.5], year[45.5])
    assert year[-22.5] < 0.6 * min(year[4.5], year[-45.5])


def test_the_lee_of_a_mountain_is_drier_than_its_windward_side():
    latitude = np.array([46.5, 45.5, 44.5])
    land = np.zeros((3, 360), bool)
    land[:, 100:140] = True
    height = np.zeros((3, 360))
    height[:, 115:118] = 3000.0
    moist, lifted = carried(np.full((12, 3, 360), 3.0), land, height, latitude, np.ones((3, 1)))
    assert moist[0, 1, 119] < 0.6 * moist[0, 1, 112]
    assert lifted[0, 1, 115] > 1.0
    assert lifted[0, 1, 125] == 0.0


def test_fields_are_such_that_hydropy_can_use_them():
    made = world(COARSE, SEED)
    fields, cells = made.fields, len(made.cell)
    for name, values in fields.items():
        assert values.shape in ((cells,), (12, cells)), name
        assert np.isfinite(values).all(), name
    for name in ("lsm", "glacier", "perm", "flake", "fwetl", "fveg"):
        assert fields[name].min() >= 0.0, name
        assert fields[name].max() <= 1.0, name
    assert (fields["wmin"] < fields["wcap"]).all()
    assert (fields["wcap"] < fields["wmax"]).all()
    assert (fields["wava"] < fields["wcap"]).all()
    held = fields["wmin"] + (fields["wmax"] - fields["wmin"]) / (1.0 + fields["beta"])
    np.testing.assert_allclose(held, fields["wcap"], rtol=1e-12)
    assert 0.2 < fields["fveg"].mean() < 0.8
    assert fields["lai"].max() <= 6.5


def test_snow_that_outlasts_the_summer_lies_on_ice():
    made = world(1.0, SEED)
    more = made.conditions.snow.mean(axis=0) > made.conditions.melt.mean(axis=0)
    assert (made.fields["glacier"][more] == 1.0).all()
    assert 0.005 < (made.fields["glacier"] >= 1.0).mean() < 0.12


def test_a_pond_is_a_lake_of_the_land_and_a_sea_is_not():
    water = np.zeros((4, 8), bool)
    water[1, 0] = water[2, 7] = True  # one pond, across the date line
    water[0, 2:6] = True
    found = ponds(water, np.ones((4, 8)), 3.0)
    assert list(np.flatnonzero(found)) == [8, 23]


def test_no_water_of_the_world_is_smaller_than_a_sea():
    made = world(1.0, SEED)
    assert not ponds(~made.land, made.area, 1.4e11).any()
    assert (made.fields["flake"] >= 0.9).any()
