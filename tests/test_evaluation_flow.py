"""The flows that are scored: simulated from parameters, or read back from files of a run."""

import cftime
import netCDF4
import numpy as np
import pytest
from freshet.driver.catchments.source import ArraySource
from freshet.driver.errors import InputError, NumericsError
from freshet.driver.evaluation_flow import Flow, simulate_period
from freshet.driver.evaluation_series import write_series
from freshet.driver.evaluation_simulation import read_simulation
from freshet.driver.parameters import Parameters, default_parameters
from freshet.driver.timeaxis import TimeAxis
from freshet.kernels.registry import model
from freshet.kernels.routed import simulate_routed
from freshet.kernels.simulate import initial_state

HBV = model("hbv", version="1.0")


@pytest.fixture
def source():
    """Two years of random weather over five basins."""
    random = np.random.default_rng(5)
    forcing = np.stack(
        [random.gamma(0.3, 10, (730, 5)), 10 * random.standard_normal((730, 5)), random.gamma(2, 1, (730, 5))], axis=1
    )
    attributes = {"latitude": np.linspace(40, 50, 5), "longitude": np.linspace(-10, 10, 5)}
    axis = TimeAxis.parse("2001-01-01", 730, "noleap")
    return ArraySource([f"basin {place}" for place in range(5)], axis, attributes, forcing)


def random_parameters(places, components):
    """Parameters inside their bounds, different everywhere."""
    random = np.random.default_rng(6)
    low, high = (np.array([getattr(variable, end) for variable in HBV.parameters]) for end in ("low", "high"))
    share = random.random((len(low), components, places))
    values = low[:, None, None] + share * (high - low)[:, None, None]
    return Parameters(values, random.random((2, places)) * np.array([[2.9], [6.5]]))


def test_the_scored_flow_is_that_of_one_uncut_simulation(source):
    parameters = random_parameters(5, 3)
    flow, stores = simulate_period(
        source, HBV, parameters, 400, 730, warmup=400, stores=("snowpack",), precision="float64"
    )
    whole = simulate_routed(
        HBV,
        source.forcing(0, 730),
        parameters.cells("float64"),
        parameters.routing,
        initial_state(HBV, 15, "float64"),
        outputs=("streamflow", "snowpack"),
    )
    np.testing.assert_array_equal(flow, whole.outputs[400:, 0])
    np.testing.assert_array_equal(stores["snowpack"], whole.outputs[400:, 1].astype(np.float32))


def test_a_basin_is_scored_the_same_in_any_company(source):
    parameters = random_parameters(5, 2)
    alone = Parameters(parameters.values[:, :, [3, 1]], parameters.routing[:, [3, 1]])
    together = simulate_period(source, HBV, parameters, 100, 730)[0]
    some = simulate_period(source.select(["basin 3", "basin 1"]), HBV, alone, 100, 730)[0]
    np.testing.assert_array_equal(some, together[:, [3, 1]])


def test_warmup_before_the_data_repeats_their_first_year(source):
    parameters = random_parameters(5, 1)
    weather = source.forcing(0, 730)
    longer = ArraySource(
        source.ids,
        TimeAxis.parse("2000-01-01", 1095, "noleap"),
        source.attributes,
        np.concatenate((weather[:365], weather)),
    )
    padded = simulate_period(source, HBV, parameters, 0, 730, warmup=365)[0]
    real = simulate_period(longer, HBV, parameters, 365, 1095, warmup=365)[0]
    np.testing.assert_array_equal(padded, real)


def test_a_flow_that_is_no_number_stops_with_basin_and_day(source):
    weather = source.forcing(0, 730)
    weather[500, 0, 2] = np.nan
    broken = ArraySource(source.ids, source.axis, source.attributes, weather)
    with pytest.raises(NumericsError, match="basin 2 is not a number from 2002-05-16"):
        simulate_period(broken, HBV, default_parameters(HBV, 5), 400, 730, warmup=100)


def write_run(path, source, flow, start=0):
    """A history file with streamflow [time, place] from day `start` of the source on."""
    axis = source.axis.slice(start, start + len(flow))
    one = Flow("run", "", flow, {"snowpack": flow + 1})
    write_series(path, source.ids, axis, source.attributes, flow + 2, flow + 3, [one, Flow("other one", "", flow + 4)])


def test_series_read_back_as_they_were_written(tmp_path, source):
    flow = np.random.default_rng(0).random((730, 5)).astype(np.float32)
    flow[7, 2] = np.nan
    write_run(tmp_path / "series.nc", source, flow)
    found = read_simulation(tmp_path / "series.nc")
    assert found.ids == source.ids
    assert found.axis == source.axis
    assert found.units["snowpack"] == "mm"
    assert found.units["streamflow"] == "mm d-1"
    np.testing.assert_array_equal(found.latitude, source.attributes["latitude"])
    for name, more in {
        "streamflow": 0, "snowpack": 1, "streamflow_observed": 2, "precipitation": 3, "streamflow_other_one": 4,
    }.items():  # fmt: skip
        np.testing.assert_array_equal(found.fields[name], (flow + np.float32(more)).astype(float), err_msg=name)


def test_only_the_variables_asked_for_are_read(tmp_path, source):
    write_run(tmp_path / "series.nc", source, np.ones((730, 5)))
    assert set(read_simulation(tmp_path / "series.nc", ["snowpack", "not there"]).fields) == {"streamflow", "snowpack"}


def test_the_files_of_a_folder_are_put_together_in_order_of_time(tmp_path, source):
    flow = np.random.default_rng(0).random((730, 5)).astype(np.float32)
    for name, start, stop in (("b", 0, 300), ("a", 300, 310), ("c", 310, 730)):
        write_run(tmp_path / f"{name}.nc", source, flow[start:stop], start)
    with netCDF4.Dataset(tmp_path / "restart.nc", "w") as data:
        data.createDimension("cell", 3)
    found = read_simulation(tmp_path)
    assert found.axis == source.axis
    np.testing.assert_array_equal(found.fields["streamflow"], flow.astype(float))


def test_a_hole_between_files_is_refused(tmp_path, source):
    write_run(tmp_path / "a.nc", source, np.ones((300, 5)))
    write_run(tmp_path / "b.nc", source, np.ones((100, 5)), 301)
    with pytest.raises(InputError, match="do not follow each other: 2001-10-29 comes behind 2001-10-27"):
        read_simulation(tmp_path)


def test_a_folder_without_output_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected output of freshet run"):
        read_simulation(tmp_path)


def test_a_file_that_is_no_netcdf_is_refused(tmp_path):
    (tmp_path / "x.nc").write_text("hello")
    with pytest.raises(InputError, match=r"cannot read '.*x\.nc'"):
        read_simulation(tmp_path / "x.nc")


def test_monthly_output_is_refused(tmp_path, source):
    path = tmp_path / "month.nc"
    write_run(path, source, np.ones((12, 5)))
    with netCDF4.Dataset(path, "a") as data:
        dates = [cftime.datetime(2001, month, 15, calendar="noleap") for month in range(1, 13)]
        data["time"][:] = cftime.date2num(dates, data["time"].units, "noleap")
    with pytest.raises(InputError, match="2001-01-16 is missing"):
        read_simulation(path)
