"""Grids on the shared data: rivers and land of the reference cases, of the world at half a degree, of the Rhine."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.grid.report import grid_tables
from freshet.driver.tables import render

from grid_files import source
from hydropy_files import write_case


@pytest.mark.parity
@pytest.mark.parametrize("case", ["hydropy-global5", "hydropy-island05"])
def test_land_and_rivers_of_a_parameter_file_are_those_of_the_original(case, shared, tmp_path):
    inputs = shared / "reference" / "hydropy" / f"{case.removeprefix('hydropy-')}_inputs.nc"
    para, _ = write_case(inputs, tmp_path)
    cells = source(para, distance="hydropy")
    with netCDF4.Dataset(inputs) as data:
        data.set_auto_mask(False)
        cell = data["row"][:].astype(np.int64) * cells.grid.shape[1] + data["col"][:]
        place = {number: index for index, number in enumerate(cell.tolist())}
        node = np.array([place[number] for number in cells.river.cell.tolist()])
        land = np.array([place[number] for number in cells.cell.tolist()])
        np.testing.assert_array_equal(np.sort(node), np.arange(len(cell)))
        np.testing.assert_array_equal(np.sort(land), np.flatnonzero(data["active"][:]))
        np.testing.assert_array_equal(cells.land_area, data["landarea"][:][land])
        np.testing.assert_array_equal(data["down"][:][node], node[cells.river.downstream])
        np.testing.assert_array_equal(cells.fields["wcap"], data["par_wcap"][:][land])
        np.testing.assert_array_equal(cells.fields["lai"], data["par_lai"][:][:, land])
        np.testing.assert_array_equal(cells.river.fields["flake"], data["par_flake"][:][node])


@pytest.fixture(scope="module")
def world(shared):
    """The world at half a degree."""
    return source(shared / "data" / "global_static_05deg" / "global_static_05deg.nc")


def test_upstream_area_of_the_world_is_the_stored_one(world, shared):
    with netCDF4.Dataset(shared / "data" / "global_static_05deg" / "global_static_05deg.nc") as data:
        stored = data["upstream_area"][:].astype(np.float64).filled(np.nan).ravel()[world.river.cell]
        land = data["land_mask"][:]
    assert len(world.cell) == int((land == 1).sum()) == 67420
    # The stored one is in single precision.
    np.testing.assert_allclose(world.river.fields["upstream_area"] * 1e-6, stored, rtol=2e-7)
    assert (world.river.downstream >= np.arange(len(world.river.cell))).all()


def test_rivers_of_the_world_by_code_and_by_id_are_the_same(world, shared):
    by_id = source(
        shared / "data" / "global_static_05deg" / "global_static_05deg.nc",
        flow_direction="downstream_cell_id",
        cell_ids="cell_id",
    )
    np.testing.assert_array_equal(by_id.river.cell, world.river.cell)
    np.testing.assert_array_equal(by_id.river.downstream, world.river.downstream)


def test_fields_of_watergap_become_those_of_hydropy_everywhere(world):
    fields = world.fields
    assert all(
        np.isfinite(fields[name]).all() for name in ("wcap", "wava", "wmin", "wmax", "beta", "ddfac", "lai", "fveg")
    )
    assert (fields["wmin"] <= fields["wcap"]).all()
    assert (fields["wcap"] <= fields["wmax"]).all()
    assert (fields["wava"] <= fields["wcap"]).all()
    assert any("wava = smax" in note for note in world.notes)


def test_the_report_of_the_world_names_amazon_and_nile(world):
    text = render(grid_tables(world), "text")
    assert "67420" in text
    assert "5.92196e+06 km2, outlet 0.25N 50.25W" in text
    assert "6216 km, from 2.25S 29.75E to 31.75N 31.25E" in text


def test_the_gauges_of_the_rhine_come_to_the_cells_that_are_known_to_be_right(shared):
    folder = shared / "data" / "rhine_meuse_30min"
    cells = source(folder / "rhine_meuse_30min.nc", gauges=str(folder / "discharge_rhine.nc"))
    with netCDF4.Dataset(folder / "discharge_rhine.nc") as data:
        right = dict(zip(data["station"][:], zip(data["grid_row"][:], data["grid_col"][:], strict=True), strict=True))
    found = {gauge.id: divmod(int(cells.river.cell[gauge.node]), 17) for gauge in cells.river.gauges}
    assert found == {name: (int(row), int(column)) for name, (row, column) in right.items()}
    assert all(0.95 < gauge.upstream_area / gauge.area < 1.05 for gauge in cells.river.gauges)
    fields = cells.fields
    assert fields["lai"].shape == fields["fveg"].shape == (12, 103)
    assert (fields["wmin"] < fields["wcap"]).all()
    assert (fields["wava"] <= fields["wcap"]).all()
    assert any("soilWaterStorageCap" in note for note in cells.notes)
