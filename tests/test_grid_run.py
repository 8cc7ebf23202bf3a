"""Runs on grids from files: land, rivers, weather, gauges and start states, through the command line."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.catchments import open_source
from freshet.driver.settings import load
from freshet.driver.simulation import run as simulate

from grid_files import LATITUDE, LONGITUDE, VALLEY, write_grid
from misuse import freshet

NAMELIST = """
&run
  model = 'hydropy'
  precision = 'float64'
  warmup_days = 0
/
&data
  form = 'grid'
/
&grid
  path = '{folder}/static.nc'
  gauges = '{folder}/gauges.csv'
/
&weather
  path = '{folder}/weather.nc'
/
&routing
  router = 'cascade'
/
&output
  directory = '{folder}/out'
/
"""
DAYS = 30


@pytest.fixture
def folder(tmp_path):
    """Static fields, weather, gauges and a namelist of the valley."""
    random = np.random.default_rng(8)
    land = np.ones(VALLEY.shape)
    land[3, 4] = 0.0
    fields = {"wcap": random.uniform(100, 400, VALLEY.shape), "flake": random.uniform(0, 0.1, VALLEY.shape)}
    write_grid(tmp_path / "static.nc", {"lsm": land, "ldd": VALLEY, **fields})
    write_weather(tmp_path / "weather.nc", random)
    (tmp_path / "gauges.csv").write_text("id,name,latitude,longitude,area\na,Mouth,10.8,22.2,48000\n")
    (tmp_path / "case.nml").write_text(NAMELIST.format(folder=tmp_path))
    return tmp_path


def write_weather(file, random, latitude=LATITUDE, longitude=LONGITUDE):
    shape = (DAYS, *VALLEY.shape)
    series = {
        "Precip": (random.exponential(5e-5, shape), "kg m-2 s-1"),
        "TSurf": (random.normal(283, 3, shape), "K"),
        "PET": (random.uniform(1e-5, 3e-5, shape), "kg m-2 s-1"),
    }
    with netCDF4.Dataset(file, "w") as data:
        for name, centres, unit in (("lat", latitude, "degrees_north"), ("lon", longitude, "degrees_east")):
            data.createDimension(name, len(centres))
            data.createVariable(name, "f8", (name,))[:] = centres
            data[name].units = unit
        data.createDimension("time", DAYS)
        data.createVariable("time", "i4", ("time",))[:] = np.arange(DAYS)
        data["time"].setncatts({"units": "days since 2001-01-01", "calendar": "standard"})
        for name, (values, unit) in series.items():
            data.createVariable(name, "f4", ("time", "lat", "lon"))[:] = values
            data[name].units = unit


def discharge(folder) -> np.ndarray:
    with netCDF4.Dataset(next((folder / "out").glob("history*.nc"))) as data:
        return np.ma.filled(data["discharge"][:].astype(np.float64), np.nan)


def test_check_tells_of_the_network_and_the_gauges_before_a_run(folder, capsys):
    status, out, error = freshet(capsys, "check", str(folder / "case.nml"))
    assert (status, error) == (0, "")
    for text in (
        "nothing was found that would stop freshet run",
        "4 x 5 cells of 0.5 x 0.5",
        "Mouth",
        "Shared between",
    ):
        assert text in out
    assert "1 of them without land of their own" in out


def test_check_knows_the_rivers_as_the_run_does(folder, capsys):
    name = str(folder / "case.nml")
    wrong = ("--set", "routing.router=muskingum_cunge")
    fields = {"ldd": VALLEY, "channel_slope": np.full(VALLEY.shape, 2.0)}
    write_grid(folder / "steep.nc", fields)
    steep = ("--set", f"grid.path={folder / 'static.nc'},{folder / 'steep.nc'}")
    for command in ("check", "run"):
        status, _, error = freshet(capsys, command, name, *wrong, *steep)
        assert (status, error.count("\n")) == (3, 1)
        assert "channel_slope of router 'muskingum_cunge' at" in error
    assert freshet(capsys, "run", name)[0] == 0
    status, out, error = freshet(capsys, "check", name, "--set", "run.resume=true")
    assert (status, error) == (0, "")
    assert "goes on from restart_20010131.nc" in out
    other = ("--set", "run.resume=true", "--set", "routing.router=linear_reservoir")
    status, _, error = freshet(capsys, "check", name, *other)
    assert status == 3
    assert "router: cascade there, linear_reservoir here" in error


def test_a_run_routes_the_water_of_the_land_to_the_mouth(folder, capsys):
    status, _, error = freshet(capsys, "run", str(folder / "case.nml"))
    assert (status, error) == (0, "")
    flow = discharge(folder)
    assert flow.shape == (DAYS, *VALLEY.shape)
    assert np.isfinite(flow).all()
    mean = flow[5:].mean(axis=0)
    assert mean.argmax() == 19
    with netCDF4.Dataset(next((folder / "out").glob("gauges*.nc"))) as data:
        at = data["discharge"][:, 0]
    np.testing.assert_array_equal(np.asarray(at), flow[:, 2, 4])


def test_a_run_may_start_from_states_in_a_file(folder, capsys):
    simulate(load(folder / "case.nml"))
    dry = discharge(folder)
    write_grid(
        folder / "start.nc", {"groundwstor": np.full(VALLEY.shape, 500.0), "rootmoist": np.full(VALLEY.shape, 9e3)}
    )
    simulate(load(folder / "case.nml", (f"grid.start_states={folder / 'start.nc'}", "output.overwrite=true")))
    wet = discharge(folder)
    assert (wet[-1] > dry[-1] * 1.5).all()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"groundwater": -1.0}, "groundwater is -1 at 11.75N 20.25E, expected 0 or more"),
        ({"other": 1.0}, "has no state of hydropy, expected: swe, wliq, rootmoist"),
        ({"swe": np.nan}, "swe is nan at 11.75N 20.25E"),
    ],
)
def test_states_that_cannot_be_are_refused_before_the_run(folder, capsys, state, message):
    write_grid(folder / "start.nc", {name: np.full(VALLEY.shape, value) for name, value in state.items()})
    status, _, error = freshet(
        capsys, "run", str(folder / "case.nml"), "--set", f"grid.start_states={folder / 'start.nc'}"
    )
    assert status == 3
    assert message in error
    assert error.count("\n") == 1


def test_weather_of_a_shifted_grid_is_refused_before_the_run(folder, capsys):
    write_weather(folder / "weather.nc", np.random.default_rng(1), LATITUDE + 0.25)
    status, _, error = freshet(capsys, "run", str(folder / "case.nml"))
    assert status == 3
    assert error.count("\n") == 1
    assert "weather.nc" in error


def test_weather_upside_down_gives_the_same_river(folder, capsys):
    simulate(load(folder / "case.nml"))
    one = discharge(folder)
    with netCDF4.Dataset(folder / "weather.nc", "a") as data:
        for name in ("lat", "Precip", "TSurf", "PET"):
            axis = data[name].dimensions.index("lat")
            data[name][:] = np.flip(data[name][:], axis)
    simulate(load(folder / "case.nml", ("output.overwrite=true",)))
    np.testing.assert_array_equal(discharge(folder), one)


def test_land_without_weather_is_refused_or_left_out(folder, capsys):
    with netCDF4.Dataset(folder / "weather.nc", "a") as data:
        data["TSurf"][:, 0, 1] = np.nan
    status, _, error = freshet(capsys, "run", str(folder / "case.nml"))
    assert status == 3
    assert "11.75" in error
    cells = open_source(load(folder / "case.nml", ("grid.without_weather=leave",)))
    assert len(cells.ids) == 18
    assert "11.75N 20.75E" not in cells.ids
    assert any("1 cells of the land are left out" in note and "11.75N 20.75E" in note for note in cells.notes)


def test_basins_cannot_be_chosen_by_id_on_a_grid(folder, capsys):
    status, _, error = freshet(capsys, "run", str(folder / "case.nml"), "--set", "data.basins=1013500")
    assert status == 2
    assert "&data basins and subset are of catchments: take a region in &grid" in error
