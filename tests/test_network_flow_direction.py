"""Maps of flow directions: codings, orientation, recognition, and what may be wrong with them."""

import netCDF4
import numpy as np
import pytest
from freshet.kernels.network.accumulate import accumulate
from freshet.kernels.network.codings import CODINGS
from freshet.kernels.network.faults import faults
from freshet.kernels.network.flow_direction import NO_CELL, NOWHERE, OFF_GRID, decode
from freshet.kernels.network.nodes import as_ends, nodes, receiving
from freshet.kernels.network.orientation import orientation
from freshet.kernels.network.recognise import recognise
from freshet.kernels.network.upstream import outlet

from networks import translated, world

#                 east, southeast, south; west ...
STAR = {
    "d8": [[2, 4, 8], [1, 0, 16], [128, 64, 32]],
    "ldd": [[3, 2, 1], [6, 5, 4], [9, 8, 7]],
    "hd": [[3, 2, 1], [6, 0, 4], [9, 8, 7]],
    "trip": [[4, 5, 6], [3, 9, 7], [2, 1, 8]],
    "index": [[4, 4, 4], [4, 4, 4], [4, 4, 4]],
}


@pytest.mark.parametrize("coding", STAR)
def test_all_eight_directions_lead_to_the_middle(coding):
    assert np.all(decode(STAR[coding], coding) == 4)


@pytest.mark.parametrize("coding", CODINGS)
def test_maps_with_south_first_or_from_east_to_west_read_the_same(coding):
    codes = np.array(STAR[coding])
    assert np.all(decode(codes[::-1], coding, north_first=False) == 4)
    assert np.all(decode(codes[:, ::-1], coding, east_positive=False) == 4)


def test_ends_and_places_without_a_cell_are_told_apart():
    row = np.arange(6)
    assert decode([[0, 255, -1, 247, -9, 0]], "d8")[0].tolist() == [0, 1, 2, NO_CELL, NO_CELL, 5]
    assert decode([[5, -1, 0, 255, -99, 5]], "ldd")[0].tolist() == [0, 1, NO_CELL, NO_CELL, NO_CELL, 5]
    assert decode([[5, 0, -1, -9, 5, 5]], "hd")[0].tolist() == [0, 1, NO_CELL, NO_CELL, 4, 5]
    assert decode([[9, 10, 0, -1, 9, 9]], "trip")[0].tolist() == [0, 1, NO_CELL, NO_CELL, 4, 5]
    assert decode(np.ma.masked_equal([[5, 5, 3, 5, 5, 5]], 3), "ldd")[0, 2] == NO_CELL
    assert np.array_equal(decode(np.where(row == 2, np.nan, 5.0)[None], "ldd")[0] == NO_CELL, row == 2)
    assert decode([[5.0, 9.96921e36]], "ldd")[0].tolist() == [0, NO_CELL]


def test_northeast_in_a_signed_byte_is_still_northeast():
    assert decode(np.array([[0, 0], [128, 0]], np.uint8).view(np.int8), "d8")[1, 0] == 1


def test_links_across_the_date_line_are_followed_where_the_grid_goes_round():
    codes = [[4, 5, 6], [7, 5, 9]]
    assert decode(codes, "ldd", wraps=True).tolist() == [[2, 1, 0], [2, 4, 0]]
    assert decode(codes, "ldd").tolist() == [[OFF_GRID, 1, OFF_GRID], [OFF_GRID, 4, OFF_GRID]]


def test_downstream_ids_are_looked_up():
    ids = np.array([[10, 20, -99], [40, 50, 60]])
    codes = np.array([[20, 0, -99], [50, 50, 77]])
    assert decode(codes, "index", ids=ids).tolist() == [[1, 1, NO_CELL], [4, 4, NOWHERE]]


def test_orientation_is_told_from_latitudes_and_longitudes():
    south_up, north_up = np.arange(-89.75, 90, 0.5), np.arange(89.75, -90, -0.5)
    greenwich, date_line = np.arange(0.25, 360, 0.5), np.arange(-179.75, 180, 0.5)
    assert orientation(north_up, date_line) == (True, True, True)
    assert orientation(south_up, greenwich) == (False, True, True)
    assert orientation(north_up, (greenwich + 180) % 360 - 180) == (True, True, True)
    assert orientation(north_up, date_line[::-1]) == (True, False, True)
    assert orientation(north_up[:40], [179.25, 179.75, -179.75]) == (True, True, False)
    assert orientation([50.0], [3.0]) == (True, True, False)
    with pytest.raises(ValueError, match="latitude does not run evenly"):
        orientation([1.0, 2.0, 4.0], [0.0, 1.0])


@pytest.mark.parametrize("coding", CODINGS)
def test_the_world_is_recognised_in_every_coding_and_orientation(coding, shared):
    codes = translated(world(shared)["drainage_direction"].filled(-99), coding)
    assert recognise(codes, wraps=True) == coding
    assert recognise(codes[::-1], north_first=False, wraps=True) == coding
    assert recognise(codes[:, ::-1], east_positive=False, wraps=True) == coding
    assert recognise(np.roll(codes, 360, axis=1), wraps=True) == coding
    with pytest.raises(
        ValueError, match=f"'{coding}' with its rows turned over would fit, as where latitudes are wrong"
    ):
        recognise(codes[::-1], wraps=True)


@pytest.mark.parametrize("coding", ["d8", "ldd", "trip"])
def test_no_part_of_the_world_is_recognised_wrongly(coding, shared):
    codes = translated(world(shared)["drainage_direction"].filled(-99), coding)
    random, answers = np.random.default_rng(11), []
    for _ in range(150):
        size = random.integers(3, 30)
        y, x = random.integers(360 - size), random.integers(720 - size)
        answers.append(recognised(codes[y : y + size, x : x + size]))
    assert set(answers) <= {coding, "refused"}
    assert answers.count(coding) > 20


def recognised(codes):
    try:
        return recognise(codes)
    except ValueError:
        return "refused"


def test_a_map_with_a_loop_is_still_recognised(shared):
    codes = translated(world(shared)["drainage_direction"].filled(-99), "trip")
    y, x = np.argwhere((codes[:, :-1] == 3) & (codes[:, 1:] > 0))[1000]
    codes[y, x + 1] = 7
    assert recognise(codes, wraps=True) == "trip"
    assert [sorted(loop) for loop in faults(decode(codes, "trip", wraps=True)).loops] == [
        [y * 720 + x, y * 720 + x + 1]
    ]


def test_flat_indices_are_recognised_and_ids_asked_for(shared):
    fields = world(shared)
    assert recognise(fields["decoded"]) == "index"
    with pytest.raises(ValueError, match="ids of downstream cells need the ids of the cells too"):
        recognise(fields["downstream_cell_id"])


def test_a_map_too_small_to_tell_is_refused_with_the_candidates():
    with pytest.raises(ValueError, match=r"several fit: 'd8' .* 'ldd' .* 'trip' .* astray\)$"):
        recognise([[2, 2], [1, 4]])
    with pytest.raises(ValueError, match="no values"):
        recognise([[np.nan, np.nan]])


@pytest.mark.parametrize(
    ("codes", "coding", "message"),
    [
        ([[5, 12]], "ldd", "12 at row 0, column 1 is no flow direction of 'ldd'"),
        ([[1, 3]], "d8", "3 at row 0, column 1"),
        ([[1, 99999]], "d8", "99999 at row 0, column 1"),
        ([[1.5, 2.0]], "d8", "whole numbers, found 1.5"),
        ([1, 2], "d8", r"expected numbers \[y, x\]"),
        ([[1]], "keypad", "unknown coding 'keypad', expected one of: d8, ldd, hd, trip, index"),
    ],
)
def test_numbers_that_are_no_directions_are_refused_with_their_place(codes, coding, message):
    with pytest.raises(ValueError, match=message):
        decode(codes, coding)


#   0  1  2  3      row 0: a two-cell loop, a link off the grid, a link into the ocean
#   4  5  6  7      row 1: a loop of four cells with the row below, an isolated cell
#   8  9 10 11
FAULTY = [[6, 4, 8, 6], [6, 2, -99, 5], [8, 4, 8, -99]]


def test_every_fault_of_a_map_is_listed_by_its_cells():
    found = faults(decode(FAULTY, "ldd"))
    assert found.off_grid.tolist() == [2, 3]
    assert found.nowhere.tolist() == [10]
    assert [loop.tolist() for loop in found.loops] == [[0, 1], [4, 5, 9, 8]]
    assert found.isolated.tolist() == [7]


def test_a_sound_map_has_no_faults_and_a_faulty_one_no_nodes():
    found = faults(decode(STAR["ldd"], "ldd"))
    assert (found.off_grid.size, found.nowhere.size, found.loops, found.isolated.size) == (0, 0, [], 0)
    with pytest.raises(ValueError, match="3 links leave the grid or lead to no cell, the first at flat index 2"):
        nodes(decode(FAULTY, "ldd"))


def test_unknown_ids_are_links_to_nowhere():
    assert faults(decode([[2, 9]], "index", ids=[[1, 2]])).nowhere.tolist() == [1]


def test_rivers_may_end_in_ocean_cells_and_at_the_edge_of_a_cut_out():
    downstream = decode([[6, 6, -99], [-99, 6, 6]], "ldd")
    assert faults(downstream).nowhere.tolist() == [1]
    assert faults(downstream).off_grid.tolist() == [5]
    cell, network = nodes(as_ends(receiving(downstream), [5]))
    assert cell.tolist() == [0, 1, 2, 4, 5]
    assert network.tolist() == [1, 2, 2, 4, 4]


def test_the_upstream_area_of_the_world_equals_the_stored_one(shared):
    fields = world(shared)
    cell, downstream = nodes(fields["decoded"])
    area = accumulate(downstream, fields["continental_area"].filled(0).ravel()[cell])
    np.testing.assert_allclose(area, fields["upstream_area"].ravel()[cell], rtol=1e-6)


def test_the_downstream_ids_and_basins_of_the_world_equal_the_stored_ones(shared):
    fields = world(shared)
    ids = fields["cell_id"].filled(-99)
    assert np.array_equal(decode(fields["downstream_cell_id"].filled(-99), "index", ids=ids), fields["decoded"])
    cell, downstream = nodes(fields["decoded"])
    assert cell.size == 67_420
    assert np.array_equal(ids.ravel()[cell][outlet(downstream)], fields["basin_id"].ravel()[cell])
    assert np.unique(outlet(downstream)).size == np.unique(fields["basin_id"].ravel()[cell]).size


def test_the_flow_accumulation_of_the_moselle_equals_the_stored_one(shared):
    with netCDF4.Dataset(shared / "data/moselle_mhm/moselle_mhm.nc") as data:
        codes, stored = data["flow_direction"][:], data["flow_accumulation"][:]
    downstream = decode(codes, recognise(codes), wraps=False)
    mouth = faults(downstream).nowhere
    cell, network = nodes(as_ends(downstream, mouth))
    assert mouth.size == 1
    counted = accumulate(network, np.ones(cell.size))
    offset = stored.ravel()[cell][counted == 1].min()  # some programs do not count the cell itself
    assert np.array_equal(counted - 1 + offset, stored.ravel()[cell])
