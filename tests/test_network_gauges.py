"""Gauges on the network: by place and by upstream area."""

import netCDF4
import numpy as np
import pytest
from freshet.kernels.network.accumulate import accumulate
from freshet.kernels.network.flow_direction import decode
from freshet.kernels.network.gauges import distance, snap
from freshet.kernels.network.nodes import nodes

from networks import world

LATITUDE, LONGITUDE = np.array([50.25, 50.25, 50.25, 49.75]), np.array([7.25, 7.75, 8.25, 7.75])
AREA = np.array([100.0, 90_000.0, 2000.0, 95_000.0])


def snapped(latitude, longitude, area, radius=80.0, **options):
    return snap(LATITUDE, LONGITUDE, AREA, [latitude], [longitude], [area], radius=radius, **options)


def test_a_gauge_whose_area_fits_stays_on_the_nearest_node():
    result = snapped(50.2, 7.3, 110.0)
    assert result.node.tolist() == result.nearest.tolist() == [0]
    assert not result.moved[0]
    assert result.ratio[0] == pytest.approx(100 / 110)
    assert result.distance[0] == pytest.approx(float(distance(50.2, 7.3, 50.25, 7.25)))


def test_a_gauge_beside_its_river_is_moved_to_the_node_whose_area_fits():
    result = snapped(50.2, 7.3, 91_000.0)
    assert result.node.tolist() == [1]
    assert result.nearest.tolist() == [0]
    assert result.moved[0]
    assert result.ratio[0] == pytest.approx(90 / 91)


def test_of_nodes_that_fit_alike_the_nearer_one_is_taken():
    assert snapped(50.2, 7.75, 92_500.0).node.tolist() == [1]
    assert snapped(49.8, 7.75, 92_500.0).node.tolist() == [3]


def test_a_gauge_of_unknown_area_goes_to_the_nearest_node():
    assert snapped(49.8, 7.7, np.nan).node.tolist() == [3]
    assert snapped(49.8, 7.7, 0.0).node.tolist() == [3]


def test_a_gauge_that_nothing_fits_has_no_node_and_tells_the_best_ratio():
    result = snapped(50.2, 7.3, 10_000.0)
    assert result.node.tolist() == [-1]
    assert not result.moved[0]
    assert result.ratio[0] == pytest.approx(0.2)
    far = snapped(10.0, 7.3, 100.0)
    assert far.node.tolist() == far.nearest.tolist() == [-1]
    assert np.isnan(far.distance[0])


def test_places_on_both_sides_of_the_date_line_are_near():
    result = snap([0.25, 0.25], [179.75, 90.0], [5.0, 5.0], [0.25, 0.25], [-179.9, 450.0], [5.0, 5.0], radius=50.0)
    assert result.node.tolist() == [0, 1]
    assert result.distance.tolist() == pytest.approx([0.35 * np.pi / 180 * 6371, 0.0], abs=1e-3)


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="area of gauges have shapes"):
        snap([1.0], [1.0], [1.0], [1.0, 2.0], [1.0], [1.0], radius=10.0)
    with pytest.raises(ValueError, match="must be positive"):
        snapped(50.0, 7.0, 1.0, radius=0.0)


def test_gauges_a_cell_beside_the_rivers_of_the_world_find_back(shared):
    """Gauges at 300 cells of large rivers, put half a cell to a cell away from them."""
    fields = world(shared)
    cell, downstream = nodes(fields["decoded"])
    area = accumulate(downstream, fields["continental_area"].filled(0).ravel()[cell])
    latitude, longitude = 89.75 - 0.5 * (cell // 720), -179.75 + 0.5 * (cell % 720)
    random = np.random.default_rng(12)
    chosen = random.choice(np.flatnonzero((area > 50_000) & (np.abs(latitude) < 60)), 300, replace=False)
    shift = random.uniform(-0.6, 0.6, (2, 300))
    place = (latitude[chosen] + shift[0], longitude[chosen] + shift[1])
    result = snap(latitude, longitude, area, *place, area[chosen], radius=120.0)
    assert np.all(result.node >= 0)
    assert result.moved.sum() > 100
    assert np.median(np.abs(np.log(result.ratio))) < 0.01
    assert np.mean(result.node == chosen) > 0.7


def test_the_gauges_of_the_rhine_are_put_on_the_cells_chosen_by_hand(shared):
    folder = shared / "data/rhine_meuse_30min"
    with (
        netCDF4.Dataset(folder / "rhine_meuse_30min.nc") as grid,
        netCDF4.Dataset(folder / "discharge_rhine.nc") as flow,
    ):
        cell, downstream = nodes(decode(grid["drainage_direction"][:], "ldd"))
        area = accumulate(downstream, grid["cell_area"][:].ravel()[cell] / 1e6)
        y, x = np.divmod(cell, grid["lon"].size)
        places = [np.asarray(flow[name][:], float) for name in ("lat", "lon", "area")]
        result = snap(grid["lat"][:][y], grid["lon"][:][x], area, *places, radius=80.0)
        assert y[result.node].tolist() == flow["grid_row"][:].tolist()
        assert x[result.node].tolist() == flow["grid_col"][:].tolist()
        np.testing.assert_allclose(area[result.node], flow["grid_upstream_area"][:], rtol=1e-5)
