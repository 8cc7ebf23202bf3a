"""Rivers of grids: one network from every coding and orientation, its faults listed by place, gauges put on it."""

import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.grid.report import grid_tables
from freshet.driver.tables import render

from grid_files import LATITUDE, LONGITUDE, VALLEY, in_coding, source, static, write_grid
from misuse import freshet

ONES = {"mask": np.ones(VALLEY.shape, np.int8)}


@pytest.fixture
def file(tmp_path):
    """Writes variables to grid.nc."""
    return lambda variables, **options: write_grid(tmp_path / "grid.nc", variables, **options)


def links(cells) -> dict[str, str]:
    """Where every cell drains to, by the names of the places."""
    names = cells.grid.names(cells.river.cell)
    return {names[node]: names[target] for node, target in enumerate(cells.river.downstream)}


@pytest.fixture(scope="module")
def valley(tmp_path_factory):
    """The links of the valley as its keypad says."""
    return links(source(write_grid(tmp_path_factory.mktemp("valley") / "a.nc", {"ldd": VALLEY})))


@pytest.mark.parametrize("coding", ["d8", "trip", "index"])
@pytest.mark.parametrize("said", [True, False])
def test_every_coding_gives_the_same_river(file, valley, coding, said):
    cells = source(file({"flow_direction": in_coding(VALLEY, coding)}), coding=coding if said else "auto")
    assert links(cells) == valley


def test_ids_of_downstream_cells_give_the_same_river(file, valley):
    ids = 1000 + 7 * np.arange(VALLEY.size).reshape(VALLEY.shape)
    to = ids.ravel()[in_coding(VALLEY, "index")]
    cells = source(file({"down_id": to, "id": ids}), flow_direction="down_id", cell_ids="id")
    assert links(cells) == valley


def test_rows_and_columns_of_the_original_give_the_same_river(file, valley):
    row, column = np.divmod(in_coding(VALLEY, "index"), VALLEY.shape[1])
    pair = {"rout_lat": row.astype(float), "rout_lon": column.astype(float)}
    assert links(source(file(pair | ONES))) == valley


@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize("turn", [True, False])
def test_the_river_is_the_same_in_a_file_turned_over(file, valley, flip, turn):
    rows, columns = (slice(None, None, -1 if turned else 1) for turned in (flip, turn))
    found = file({"ldd": VALLEY[rows, columns]}, latitude=LATITUDE[rows], longitude=LONGITUDE[columns])
    assert links(source(found, coding="ldd")) == valley


def test_directions_of_a_flipped_file_come_to_the_grid_of_the_first(tmp_path, valley):
    one = write_grid(tmp_path / "one.nc", {"wcap": np.full(VALLEY.shape, 200.0)})
    other = write_grid(tmp_path / "other.nc", {"ldd": VALLEY[::-1]}, latitude=LATITUDE[::-1])
    assert links(source(one, other, coding="ldd")) == valley


def test_places_are_the_active_nodes_in_canonical_order(file):
    land = VALLEY != 5
    cells = source(file({"ldd": VALLEY, "mask": land.astype(np.int8)}))
    river = cells.river
    assert (river.downstream >= np.arange(len(river.downstream))).all()
    owned = river.place >= 0
    np.testing.assert_array_equal(river.place[owned], np.arange(len(cells.cell)))
    np.testing.assert_array_equal(river.cell[owned], cells.cell)
    assert river.cell[~owned].tolist() == [19]


def test_slabs_hold_the_places_of_the_whole(file):
    cells = source(file({"ldd": VALLEY, "wcap": np.arange(20.0).reshape(VALLEY.shape) + 100}))
    parts = [cells.slab(first, stop) for first, stop in ((0, 7), (7, 7), (7, 20))]
    assert [name for part in parts for name in part.ids] == cells.ids
    np.testing.assert_array_equal(np.concatenate([part.fields["wcap"] for part in parts]), cells.fields["wcap"])
    assert [part.forcing(0, 2).shape for part in parts] == [(2, 3, 7), (2, 3, 0), (2, 3, 13)]
    assert parts[2].slab(1, 3).first == 8


def test_upstream_area_is_the_sum_of_all_that_drains_there(file):
    cells = source(file({"ldd": VALLEY}))
    river = cells.river
    total = np.zeros(len(river.cell))
    for node in range(len(total)):
        seen = node
        while True:
            total[seen] += cells.grid.area.ravel()[river.cell[node]]
            if river.downstream[seen] == seen:
                break
            seen = river.downstream[seen]
    np.testing.assert_allclose(river.fields["upstream_area"], total, rtol=1e-14)


def test_distances_go_around_the_date_line(tmp_path):
    codes = np.full((360, 720), 5)
    codes[180, 719] = 6
    file = write_grid(
        tmp_path / "a.nc", {"ldd": codes, "mask": np.ones(codes.shape, np.int8)},
        89.75 - 0.5 * np.arange(360), -179.75 + 0.5 * np.arange(720),
    )  # fmt: skip
    lengths = {}
    for distance in ("sphere", "hydropy"):
        river = source(file, distance=distance, coding="ldd").river
        node = int(np.flatnonzero(river.cell == 180 * 720 + 719)[0])
        assert river.cell[river.downstream[node]] == 180 * 720
        lengths[distance] = river.fields["length"][node]
    assert lengths["sphere"] == pytest.approx(55597, rel=1e-3)
    # The original's own formula does not wrap: 719 columns back.
    assert lengths["hydropy"] == pytest.approx(719 * 55597, rel=1e-3)


LOOP = VALLEY.copy()
LOOP[1, 1], LOOP[2, 1], LOOP[2, 2], LOOP[1, 2] = 2, 6, 8, 4
PAIR = VALLEY.copy()
PAIR[0, 0], PAIR[1, 0] = 2, 8
OFF = VALLEY.copy()
OFF[0, 4], OFF[3, 0] = 9, 1


def test_a_loop_in_the_network_is_listed_by_place(file):
    with pytest.raises(
        ConfigurationError, match=r"has a loop of 4 cells: 11.25N 20.75E, 10.75N 20.75E, 10.75N 21.25E, 11.25N 21.25E"
    ):
        static(file({"ldd": LOOP}), coding="ldd")


def test_two_cells_that_drain_into_each_other_are_a_loop(file):
    with pytest.raises(ConfigurationError, match=r"has a loop of 2 cells: 11.75N 20.25E, 11.25N 20.25E"):
        static(file({"ldd": PAIR}), coding="ldd", lost_links="end")


def test_links_that_leave_the_grid_are_listed_by_place(file):
    with pytest.raises(ConfigurationError, match=r"2 cells drain off the grid: 11.75N 22.25E, 10.25N 20.25E: correct"):
        static(file({"ldd": OFF}), coding="ldd")


def test_links_into_the_sea_are_listed_by_place(file):
    codes = VALLEY.astype(float)
    codes[3, 4] = np.nan
    with pytest.raises(
        ConfigurationError, match=r"2 cells drain into cells that have no flow direction: 10.75N 22.25E, 10.25N 21.75E"
    ):
        static(file({"ldd": codes}), coding="ldd")


def test_land_without_a_flow_direction_is_listed_by_place(file):
    codes = VALLEY.astype(float)
    codes[0, 1] = np.nan
    with pytest.raises(ConfigurationError, match=r"1 cells of the land mask have no flow direction: 11.75N 20.75E"):
        static(file({"ldd": codes} | ONES))


def test_all_faults_are_told_at_once(file):
    codes = LOOP.copy()
    codes[0, 4] = 9
    with pytest.raises(ConfigurationError) as told:
        static(file({"ldd": codes}), coding="ldd")
    assert "has a loop of 4 cells" in str(told.value)
    assert "1 cells drain off the grid: 11.75N 22.25E" in str(told.value)


def test_lost_links_may_be_ends_and_a_note_says_where(file):
    cells = source(file({"ldd": OFF}), coding="ldd", lost_links="end")
    ends = cells.grid.names(cells.river.cell[cells.river.downstream == np.arange(20)])
    assert sorted(ends) == ["10.25N 20.25E", "10.25N 22.25E", "11.75N 22.25E"]
    assert any("2 cells drain off the grid" in note and "their water ends there" in note for note in cells.notes)


def test_a_code_that_is_no_direction_is_refused_by_place(file):
    codes = VALLEY.copy()
    codes[1, 1] = 77
    with pytest.raises(ConfigurationError, match=r"grid.nc: ldd: 77 at row 1, column 1 is no flow direction of 'ldd'"):
        static(file({"ldd": codes}), coding="ldd")


def test_a_loop_ends_the_run_before_it_starts_with_status_2(file, tmp_path, capsys):
    name = tmp_path / "case.nml"
    name.write_text(
        f"&run\n/\n&data\n  form = 'grid'\n/\n&grid\n  path = '{file({'ldd': PAIR})}'\n  coding = 'ldd'\n/\n"
    )
    status, out, error = freshet(capsys, "run", str(name), "--set", f"output.directory={tmp_path / 'out'}")
    assert (status, out) == (2, "")
    assert error.count("\n") == 1
    assert "has a loop of 2 cells: 11.75N 20.25E, 11.25N 20.25E" in error
    assert not (tmp_path / "out").exists()


def test_a_grid_without_a_file_is_refused(tmp_path, capsys):
    name = tmp_path / "case.nml"
    name.write_text("&run\n/\n&data\n  form = 'grid'\n/\n")
    status, _, error = freshet(capsys, "run", str(name))
    assert status == 2
    assert "&grid path: is missing" in error


def gauges(folder, text):
    table = folder / "gauges.csv"
    table.write_text(text)
    return str(table)


def test_gauges_are_moved_to_the_river_of_their_size_and_a_note_says_so(file, tmp_path):
    # 10.8N 22.3E lies on a river of 16 cells; that of 15 cells is its neighbour to the west.
    table = gauges(tmp_path, "id,name,latitude,longitude,area\na,At home,10.3,22.2,60000\nb,Moved,10.8,22.3,45000\n")
    cells = source(file({"ldd": VALLEY}), gauges=table)
    found = {gauge.id: gauge for gauge in cells.river.gauges}
    assert cells.grid.name(int(cells.river.cell[found["a"].node])) == "10.25N 22.25E"
    assert (found["a"].moved_cells, found["b"].moved_cells) == (0, 1)
    assert 0.9 < found["b"].upstream_area / found["b"].area < 1.1
    assert next(note for note in cells.notes if note.startswith("gauge")).startswith("gauge b at 10.80°N 22.30°E")


def test_gauges_that_share_a_name_are_told_apart_by_their_id(file, tmp_path):
    text = "id,river,latitude,longitude\nhere,Long,10.3,22.2\nthere,Long,10.8,22.3\nelse,Short,11.2,20.3\n"
    sites = static(file({"ldd": VALLEY}), gauges=gauges(tmp_path, text)).sites
    assert [site.name for site in sites] == ["Long, here", "Long, there", "Short"]


def test_a_gauge_that_fits_no_river_is_left_out_and_a_note_says_so(file, tmp_path):
    table = gauges(tmp_path, "id,latitude,longitude,area\nfar,40,22,100\nhuge,10.3,22.2,6000000\nok,10.3,22.2,60000\n")
    cells = source(file({"ldd": VALLEY}), gauges=table)
    assert [gauge.id for gauge in cells.river.gauges] == ["ok"]
    told = [note for note in cells.notes if "left out" in note]
    assert "gauge far" in told[0]
    assert "no river within" in told[0]
    assert "gauge huge" in told[1]


def test_gauges_without_ids_or_places_are_refused(file, tmp_path):
    with pytest.raises(InputError, match="has no column of gauge ids, expected one of: id, gauge_id"):
        static(file({"ldd": VALLEY}), gauges=gauges(tmp_path, "latitude,longitude\n10,20\n"))
    with pytest.raises(InputError, match="gauge a has latitude 100, longitude 20, expected degrees"):
        static(file({"ldd": VALLEY}), gauges=gauges(tmp_path, "id,latitude,longitude\na,100,20\n"))
    with pytest.raises(InputError, match="gauge b has latitude nan, longitude nan, expected degrees"):
        static(file({"ldd": VALLEY}), gauges=gauges(tmp_path, "id,latitude,longitude\na,10.3,20\nb\n"))
    with pytest.raises(InputError, match="gauge a has an area of -5 km2, expected more than 0, or none at all"):
        static(file({"ldd": VALLEY}), gauges=gauges(tmp_path, "id,latitude,longitude,area\na,10.3,20,-5\n"))
    with pytest.raises(InputError, match="has no gauges below its line of names"):
        static(file({"ldd": VALLEY}), gauges=gauges(tmp_path, "id,latitude,longitude\n"))
    with pytest.raises(InputError, match="gauge ids of column 'id' are empty or come twice"):
        static(file({"ldd": VALLEY}), gauges=gauges(tmp_path, "id,latitude,longitude\na,1,20\na,1,20\n"))
    with pytest.raises(ConfigurationError, match="gauges needs a river"):
        static(file(ONES), gauges=gauges(tmp_path, "id,latitude,longitude\na,1,20\n"))


def test_only_the_cells_that_drain_to_the_gauges_may_be_taken(file, tmp_path):
    table = gauges(tmp_path, "id,latitude,longitude,area\na,10.75,21.75,45000\n")
    whole = source(file({"ldd": VALLEY}), gauges=table, gauge_reach=0.1)
    part = source(file({"ldd": VALLEY}), gauges=table, gauge_reach=0.1, gauge_basins=True)
    gauge = part.river.gauges[0]
    assert part.river.downstream[gauge.node] == gauge.node
    assert len(part.cell) < len(whole.cell)
    assert part.land_area.sum() == pytest.approx(whole.river.gauges[0].upstream_area)
    with pytest.raises(ConfigurationError, match="gauge_basins needs gauges"):
        source(file({"ldd": VALLEY}), gauge_basins=True)


def test_the_report_tells_of_cells_rivers_gauges_and_shares(file, tmp_path):
    table = gauges(tmp_path, "id,name,latitude,longitude,area\na,At home,10.3,22.2,60000\n")
    text = render(grid_tables(source(file({"ldd": VALLEY}), gauges=table)), "text")
    assert "4 x 5 cells of 0.5 x 0.5 degrees" in text
    assert "1, as many outlets and inland sinks" in text
    assert "outlet 10.25N 22.25E" in text
    assert "At home" in text
    assert "Shared between processes" in text


def test_an_unclear_coding_is_told_with_one_piece_of_advice(file):
    with pytest.raises(ConfigurationError) as error:
        source(file({"flow_direction": np.full(VALLEY.shape, 99999)}))
    said = str(error.value)
    assert "are in no known coding" in said
    advice = "correct the file, or say in &grid what it holds (coding, cell_ids)"
    assert said.endswith(f"; ids of downstream cells need the ids of the cells too: {advice}")
