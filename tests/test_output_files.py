"""What runs on grids leave: maps, the active cells alone, series at gauges; several streams at once."""

import h5py
import netCDF4
import numpy as np
import pytest
import xarray as xr
from freshet.driver.errors import ConfigurationError

from output_case import DAYS, country, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid")
    run(folder)
    return folder


@pytest.fixture(scope="module")
def source():
    return country()


def daily(folder, name: str) -> np.ndarray:
    """All days of a variable of the main stream, NaN where there is no value."""
    files = sorted(folder.glob("history_[0-9][0-9][0-9][0-9].nc"))
    return np.concatenate([xr.load_dataset(file)[name].values for file in files])


def test_a_grid_has_the_order_of_its_file_with_bounds_and_axes(folder, source):
    with xr.open_dataset(folder / "history_2000.nc") as data:
        assert np.array_equal(data.latitude, source.grid.latitude)
        assert np.array_equal(data.longitude, source.grid.longitude)
        assert (data.latitude.attrs["axis"], data.longitude.attrs["axis"], data.time.attrs["axis"]) == ("Y", "X", "T")
        assert data.latitude.attrs["units"] == "degrees_north"
        for name in ("latitude", "longitude", "time"):
            assert data[name].encoding.get("bounds", data[name].attrs.get("bounds")) == f"{name}_bounds"
        edges = data.latitude_bounds.values
        assert np.allclose(edges.mean(axis=1), source.grid.latitude)
        assert (edges[:-1, 1] == edges[1:, 0]).all()
        assert data.attrs["Conventions"] == "CF-1.11"
        assert data.runoff.attrs["cell_methods"] == "area: mean where land time: mean"
        assert data.discharge.attrs["standard_name"] == "water_volume_transport_in_river_channel"
        assert data.discharge.attrs["units"] == "m3 s-1"
        assert data.discharge.dims == ("time", "latitude", "longitude")
        assert np.array_equal(data.cell_area, source.grid.area)


def test_values_stand_where_there_are_places_and_nodes_and_nowhere_else(folder, source):
    runoff, flow = daily(folder, "runoff"), daily(folder, "discharge")
    assert len(runoff) == DAYS
    places, nodes = (np.zeros(source.grid.area.size, bool) for _ in range(2))
    places[source.cell], nodes[source.river.cell] = True, True
    assert nodes.sum() > places.sum()  # cells that only receive
    for values, there in ((runoff, places), (flow, nodes)):
        assert np.array_equal(np.isfinite(values).reshape(DAYS, -1), np.broadcast_to(there, (DAYS, there.size)))
    with netCDF4.Dataset(folder / "history_2000.nc") as data:
        assert data["runoff"]._FillValue == np.float32(1e20)


def test_active_cells_alone_have_the_same_values(folder, source, tmp_path):
    run(tmp_path, "output.maps=cells")
    with xr.open_dataset(tmp_path / "history_2000.nc") as data, xr.open_dataset(folder / "history_2000.nc") as maps:
        assert data["cell"].attrs["compress"] == "latitude longitude"
        assert (np.diff(data["cell"]) > 0).all()
        for name in ("runoff", "discharge"):
            whole = maps[name].values.reshape(len(maps.time), -1)
            np.testing.assert_array_equal(data[name].values, whole[:, data["cell"].values])
        np.testing.assert_array_equal(data.cell_latitude, source.grid.latitudes(data["cell"].values))


def test_streams_of_other_frequencies_are_the_means_of_the_days(folder):
    flow = daily(folder, "discharge").astype(np.float64)
    files = sorted(folder.glob("history_monthly*.nc"))
    assert [file.name for file in files] == ["history_monthly_1990-1999.nc", "history_monthly_2000-2009.nc"]
    months, bounds = [], []
    for file in files:
        with netCDF4.Dataset(file) as data:
            months.append(data["discharge"][:].filled(np.nan))
            bounds.append(data["time_bounds"][:])
            assert data["evaporation"].shape == data["discharge"].shape
    bounds = np.concatenate(bounds)
    assert bounds[0].tolist() == [0, 31]
    assert bounds[-1, 1] == DAYS
    means = [flow[low:high].mean(axis=0) for low, high in bounds]
    np.testing.assert_allclose(np.concatenate(months), means, rtol=1e-6)
    assert sorted(file.name for file in folder.glob("history_yearly*")) == [
        "history_yearly_1900-1999.nc",
        "history_yearly_2000-2099.nc",
    ]


def test_gauges_have_series_of_everything_that_is_written(folder, source):
    with xr.open_dataset(folder / "gauges_2000.nc") as data, xr.open_dataset(folder / "history_2000.nc") as maps:
        assert data.gauge.values.tolist() == [gauge.id for gauge in source.river.gauges]
        assert (data.attrs["featureType"], data.gauge.attrs["cf_role"]) == ("timeSeries", "timeseries_id")
        assert data.gauge_name.values.tolist() == [gauge.name for gauge in source.river.gauges]
        np.testing.assert_array_equal(data.upstream_area, [gauge.upstream_area for gauge in source.river.gauges])
        assert {"discharge", "runoff", "evaporation", "snowpack"} <= set(data.data_vars)
        for place, gauge in enumerate(source.river.gauges):
            at = np.unravel_index(source.river.cell[gauge.node], source.grid.shape)
            for name in ("discharge", "runoff"):
                np.testing.assert_array_equal(data[name][:, place], maps[name][:, at[0], at[1]])


def test_gauges_alone_need_no_maps(tmp_path, folder):
    run(tmp_path, "output.maps=none", "output.gauges=discharge")
    assert not list(tmp_path.glob("history*"))
    with xr.open_dataset(tmp_path / "gauges_2000.nc") as data, xr.open_dataset(folder / "gauges_2000.nc") as all_of_it:
        np.testing.assert_array_equal(data.discharge, all_of_it.discharge)
        assert "runoff" not in data


def test_nothing_to_write_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="nothing would be written"):
        run(tmp_path / "x", "output.maps=none", "output.gauges=none")
    assert not (tmp_path / "x").exists()


def time_bounds(file):
    # Closed at once: netCDF is not made for threads, and a forgotten file is closed by whoever collects garbage.
    with netCDF4.Dataset(file) as data:
        return data["time_bounds"][:]


@pytest.mark.parametrize(
    ("frequency", "lengths"),
    [("5 days", {1, 5, 3}), ("3 months", {31, 91, 92, 33}), ("10 days", {6, 10, 5, 3}), ("run", {DAYS})],
)
def test_frequencies_are_any_multiple(tmp_path, frequency, lengths):
    run(tmp_path, f"output.frequency={frequency}", "output.gauges=none", streams=("output.variables=discharge",))
    bounds = np.concatenate([time_bounds(file) for file in sorted(tmp_path.glob("history*.nc"))])
    assert bounds[0, 0] == 0
    assert bounds[-1, 1] == DAYS
    assert (bounds[1:, 0] == bounds[:-1, 1]).all()
    assert set(np.diff(bounds)[:, 0].tolist()) == lengths


def test_numbers_do_not_depend_on_windows(tmp_path, folder):
    run(tmp_path, "output.window=7")
    for file in folder.glob("*.nc"):
        if file.name.startswith(("history", "gauges")):
            with xr.open_dataset(file) as one, xr.open_dataset(tmp_path / file.name) as other:
                assert one.drop_attrs().identical(other.drop_attrs()), file.name


def test_significant_digits_make_files_smaller_and_are_kept(tmp_path, folder):
    run(tmp_path, "output.significant_digits=3", "output.gauges=none")
    one, other = daily(folder, "discharge"), daily(tmp_path, "discharge")
    there = np.isfinite(one)
    assert np.array_equal(there, np.isfinite(other))
    assert (np.abs(other[there] - one[there]) <= 5e-4 * np.abs(one[there])).all()
    assert (other[there] != one[there]).any()
    with h5py.File(folder / "history_2000.nc") as exact, h5py.File(tmp_path / "history_2000.nc") as rounded:
        assert rounded["discharge"].id.get_storage_size() < 0.8 * exact["discharge"].id.get_storage_size()
        assert "BitRound" in rounded["discharge"].attrs["quantization"].decode()


def test_chunks_are_good_for_maps_and_for_series(folder):
    with netCDF4.Dataset(folder / "history_2000.nc") as data:
        depth, *box = data["discharge"].chunking()
        assert 10 <= depth <= 64
        assert box == list(data["discharge"].shape[1:])  # the grid is small: one chunk
        filters = data["discharge"].filters()
        assert (filters["zlib"], filters["shuffle"], filters["complevel"]) == (True, True, 1)


def test_two_equal_runs_leave_equal_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "946684800")
    contents = []
    for _ in range(2):
        run(tmp_path, "output.overwrite=true")
        contents.append({file.name: file.read_bytes() for file in tmp_path.glob("*.nc")})
    assert len(contents[0]) > 8
    assert contents[0] == contents[1]


def test_years_of_daily_files_follow_each_other(folder):
    parts = [xr.load_dataset(file) for file in sorted(folder.glob("history_[0-9][0-9][0-9][0-9].nc"))]
    data = xr.concat(parts, "time", data_vars="minimal", coords="minimal", compat="override")
    assert (np.diff(data.time.values) == np.timedelta64(1, "D")).all()
    assert len(data.time) == DAYS
