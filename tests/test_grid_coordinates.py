"""Coordinates of grids: every orientation and convention of longitudes is one grid; what is not regular is refused."""

import numpy as np
import pytest
from freshet.driver.errors import InputError
from freshet.driver.grid.coordinates import matched, regular_grid
from freshet.driver.grid.distances import great_circle
from freshet.driver.grid.grid import EARTH_RADIUS

SPHERE = 4 * np.pi * EARTH_RADIUS**2


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (89.75 - 0.5 * np.arange(360), -179.75 + 0.5 * np.arange(720)),
        (-89.75 + 0.5 * np.arange(360), 0.25 + 0.5 * np.arange(720)),
        (np.float32(90 - np.arange(2160) / 12 - 1 / 24), np.float32(np.arange(4320) / 12 + 1 / 24)),
        (90.0 - np.arange(721) * 0.25, np.arange(1440) * 0.25),
        (87.5 - 5.0 * np.arange(36), 177.5 - 5.0 * np.arange(72)),
    ],
)
def test_the_cells_of_a_global_grid_cover_the_sphere(latitude, longitude):
    grid = regular_grid(latitude, longitude)
    assert grid.wraps
    assert grid.area.sum() == pytest.approx(SPHERE, rel=1e-12)


def test_rounding_to_single_precision_is_taken_out():
    exact = (89 + 23 / 24) - np.arange(2160) / 12
    grid = regular_grid(np.float32(exact), np.array([0.0, 1 / 12]))
    np.testing.assert_allclose(grid.latitude, exact, rtol=0, atol=1e-12)


def test_a_regional_grid_may_cross_the_date_line():
    grid = regular_grid(np.array([10.25, 10.75]), np.array([179.25, 179.75, -179.75, -179.25]))
    assert not grid.wraps
    assert grid.names(np.arange(4)) == ["10.25N 179.25E", "10.25N 179.75E", "10.25N 179.75W", "10.25N 179.25W"]


def test_names_tell_neighbours_of_a_fine_grid_apart():
    grid = regular_grid(10 + np.arange(200) / 120, 20 + np.arange(200) / 120)
    names = grid.names(np.arange(grid.area.size))
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("latitude", "longitude", "message"),
    [
        ([10.0, 10.5, 11.2], [20.0, 20.5], r"latitude is not regular: 10.5 and 11.2 differ by 0.7.*Gaussian"),
        ([10.0, 10.5], [20.0, 20.5, 21.5], "longitude is not regular"),
        ([100.0, 101.0], [20.0, 21.0], "latitude 101 is beyond the pole: are latitude and longitude swapped"),
        ([10.0, 11.0], np.arange(361.0), "361 longitudes 1 degrees apart go around more than once"),
        ([10.0], [20.0, 20.5], "latitude has one value only: its cell size is not known, give bounds"),
        ([10.0, np.nan], [20.0, 20.5], "latitude is no list of numbers without gaps"),
        ([10.0, 10.0], [20.0, 20.5], "latitude is not regular"),
    ],
)
def test_coordinates_that_make_no_regular_grid_are_refused(latitude, longitude, message):
    with pytest.raises(InputError, match=message):
        regular_grid(np.array(latitude), np.array(longitude), where="a.nc")


def test_the_cells_of_a_flipped_and_rolled_file_are_found_by_their_coordinates():
    grid = regular_grid(np.array([11.0, 10.0, 9.0]), np.array([-2.0, -1.0, 0.0, 1.0]))
    rows, columns = matched(grid, np.arange(0.0, 20.0), np.arange(0.0, 360.0), "b.nc")
    assert rows.tolist() == [11, 10, 9]
    assert columns.tolist() == [358, 359, 0, 1]


def test_a_file_shifted_by_half_a_cell_is_refused_with_that_suspicion():
    grid = regular_grid(np.array([11.0, 10.0, 9.0]), np.array([-2.0, -1.0, 0.0, 1.0]))
    with pytest.raises(InputError, match=r"b.nc has no cell at latitude 11: .*0.5 degrees away.*half a cell aside"):
        matched(grid, np.arange(0.5, 20.0), np.arange(0.0, 360.0), "b.nc")
    with pytest.raises(InputError, match="half a cell aside"):
        matched(grid, np.arange(0.0, 20.0), np.arange(0.5, 360.0), "b.nc")


def test_a_file_of_another_resolution_is_refused():
    grid = regular_grid(np.array([11.25, 10.75]), np.array([20.25, 20.75]))
    with pytest.raises(InputError, match=r"no cell at latitude 11.25.*put it on the grid of the first file"):
        matched(grid, np.arange(0.0, 20.0), np.arange(0.0, 360.0), "b.nc")


def test_distances_do_not_mind_the_date_line_or_the_pole():
    quarter = np.pi * EARTH_RADIUS / 2
    assert great_circle(0.0, 179.75, 0.0, -179.75) == pytest.approx(np.radians(0.5) * EARTH_RADIUS, rel=1e-9)
    assert great_circle(89.75, 0.0, 89.75, 180.0) == pytest.approx(np.radians(0.5) * EARTH_RADIUS, rel=1e-9)
    assert great_circle(0.0, 0.0, 90.0, 33.0) == pytest.approx(quarter, rel=1e-12)
