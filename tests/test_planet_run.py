"""freshet run namelists/planet.nml from end to end, small: output, processes, resumption, figures."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from freshet.driver.cli import main
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.network_file import NETWORK, read_network
from freshet.driver.planet.koeppen import ZONES
from freshet.driver.planet.weather import PlanetReader
from freshet.driver.plot_grid_data import read_fields, read_series
from freshet.driver.plot_projection import Frame, frame_of
from freshet.driver.plotting import Choice, draw
from freshet.kernels.network.loops import loops

NAMELIST = Path(__file__).resolve().parent.parent / "namelists" / "planet.nml"
SMALL = ["planet.resolution=6", "run.start=2001-03-01", "run.end=2001-05-31", "run.warmup_days=59", "planet.gauges=5"]


def arguments(command: str, directory: Path, *options: str) -> list[str]:
    sets = [word for text in (*SMALL, f"output.directory={directory}") for word in ("--set", text)]
    return [command, str(NAMELIST), *sets, *options]


def freshet(command: str, directory: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments(command, directory, *options))
    return ended.value.code


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("planet") / "one"
    assert freshet("run", directory) == 0
    return directory


def test_rivers_larger_than_those_of_the_earth_may_be_routed_too(tmp_path, capsys):
    # The largest basin of six degrees has thirteen million km2, twice the Amazon's.
    assert freshet("check", tmp_path / "out", "--set", "routing.router=muskingum_cunge") == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if "largest basin" in line)
    assert float(row.split("basin")[1].split()[0]) > 1e7


def contents(directory: Path) -> dict[tuple[str, str], np.ndarray]:
    found = {}
    for file in sorted([*directory.glob("history*.nc"), *directory.glob("gauges*.nc")]):
        with netCDF4.Dataset(file) as data:
            data.set_auto_mask(False)
            found |= {(file.name, name): variable[:] for name, variable in data.variables.items()}
    return found


def assert_same(one: Path, other: Path) -> None:
    first, second = contents(one), contents(other)
    assert first.keys() == second.keys()
    for key, values in first.items():
        np.testing.assert_array_equal(values, second[key], err_msg=str(key))


def test_the_namelist_says_where_a_planet_comes_from_and_runs(done):
    fields, series = read_fields(done), read_series(done)
    assert {"rainfall", "snowfall", "evaporation", "runoff", "snow_water_equivalent", "discharge"} <= fields.keys()
    assert len(series.ids) == 5
    assert series.dates[0] == "2001-03-01"
    assert series.dates[-1] == "2001-05-31"
    assert (series.values > 0).all()
    assert json.loads((done / "manifest.json").read_text())["status"] == "finished"


def test_the_summary_states_the_water_of_the_land_and_the_next_command(done):
    log = (done / "run.log").read_text()
    said = re.search(r": (\d+) mm of precipitation in a year, (\d+) mm of runoff", log)
    fields, area = read_fields(done), read_network(done / NETWORK).land_area

    def of_year(name: str) -> float:
        return float(np.nansum(fields[name].mean * area) / area.sum()) * 365.25

    assert float(said[1]) == pytest.approx(of_year("rainfall") + of_year("snowfall"), abs=0.6)
    assert float(said[2]) == pytest.approx(of_year("runoff"), abs=0.6)
    assert f"freshet plot {NAMELIST} --set output.directory={done}" in log
    assert "largest residual of a day" in log


def test_monthly_maps_and_daily_gauges_tell_of_the_same_water(done):
    fields, series = read_fields(done), read_series(done)
    network = read_network(done / NETWORK)
    for gauge in range(5):
        y = int(np.argmin(np.abs(network.latitude - series.latitude[gauge])))
        x = int(np.argmin(np.abs(network.longitude - series.longitude[gauge])))
        assert fields["discharge"].mean[y, x] == pytest.approx(series.values[:, gauge].mean(), rel=1e-5)
        assert network.downstream[y, x] == y * len(network.longitude) + x


def test_the_network_of_the_run_is_in_its_folder(done):
    network = read_network(done / NETWORK)
    nodes = np.flatnonzero(network.downstream.ravel() >= 0)
    assert loops(np.searchsorted(nodes, network.downstream.ravel()[nodes])) == []
    zones = network.fields["climate_zone"].ravel()[nodes]
    assert zones.min() >= 0
    assert zones.max() < len(ZONES)
    assert np.nansum(network.land_area) == pytest.approx(0.29 * 5.1e14, rel=0.15)


def test_two_processes_give_the_same_planet_to_the_bit(done, tmp_path):
    command = arguments("run", tmp_path / "two", "--ranks", "2")
    subprocess.run([sys.executable, "-m", "freshet", *command], check=True, capture_output=True)
    assert_same(done, tmp_path / "two")


def test_a_planet_stopped_on_its_way_goes_on_to_the_same_end(done, tmp_path, monkeypatch):
    directory, forcing = tmp_path / "stopped", PlanetReader.forcing

    def stopping(reader, start, stop):
        if start > 90:
            os.kill(os.getpid(), signal.SIGTERM)
        return forcing(reader, start, stop)

    with monkeypatch.context() as patched:
        patched.setattr(PlanetReader, "forcing", stopping)
        assert freshet("run", directory, "--set", "run.block=20") == 75
    assert json.loads((directory / "manifest.json").read_text())["status"] == "interrupted"
    assert freshet("run", directory, "--resume", "--set", "run.block=20") == 0
    assert_same(done, directory)


def test_all_figures_are_drawn(done, tmp_path):
    paths = draw(done, tmp_path)
    assert [path.name for path in paths] == ["map_rivers.png", "map_water.png", "map_climates.png", "hydrographs.png"]
    assert all(path.stat().st_size > 10_000 for path in paths)


def test_maps_of_cells_only_are_read_as_those_on_the_grid(done, tmp_path):
    directory = tmp_path / "cells"
    options = ["--set", "output.maps=cells", "--set", "output.variables=runoff,discharge"]
    assert freshet("run", directory, *options) == 0
    grid, cells = read_fields(done), read_fields(directory)
    for name in ("runoff", "discharge"):
        np.testing.assert_array_equal(cells[name].mean, grid[name].mean)
        np.testing.assert_array_equal(cells[name].highest, grid[name].highest)


def test_gauges_and_dates_that_are_not_there_are_refused(done, tmp_path):
    with pytest.raises(ConfigurationError, match="no gauge 'nile'"):
        draw(done, tmp_path, Choice(("hydrograph",), ("nile",)))
    with pytest.raises(ConfigurationError, match="2001-03-01 to 2001-05-31"):
        draw(done, tmp_path, Choice(("hydrograph",), start="2010-01-01"))


def test_a_torn_network_file_is_named(tmp_path):
    (tmp_path / NETWORK).write_bytes(b"torn")
    with pytest.raises(InputError, match="run again"):
        draw(tmp_path, tmp_path)


def test_the_projection_comes_back_to_where_it_went():
    frame = Frame(-180.0, 180.0, -90.0, 90.0, True)
    east, north = np.meshgrid(np.linspace(-179, 179, 37), np.linspace(-89, 89, 19))
    back = frame.inverse(*frame.forward(east, north))
    np.testing.assert_allclose(back[0], east, atol=1e-6)
    np.testing.assert_allclose(back[1], north, atol=1e-6)


def test_equal_areas_stay_equal_on_the_map():
    latitude, longitude = 90 - 2.0 * (np.arange(90) + 0.5), -180 + 2.0 * (np.arange(180) + 0.5)
    frame = frame_of(latitude, longitude, np.ones((90, 180), bool))
    picture = frame.picture(latitude, longitude, 1600)
    dots = np.bincount(picture[picture >= 0] // 180, minlength=90)
    share = np.cos(np.radians(latitude))
    bands = dots.reshape(30, 3).sum(axis=1), share.reshape(30, 3).sum(axis=1)
    np.testing.assert_allclose(bands[0] / dots.sum(), bands[1] / share.sum(), rtol=0.12)


@pytest.mark.parametrize("turned", [False, True])
def test_a_cell_is_drawn_where_it_lies_whatever_the_order_of_the_grid(turned):
    latitude, longitude = np.array([51.0, 50.0, 49.0]), np.array([5.0, 6.0, 7.0, 8.0])
    latitude = latitude[::-1] if turned else latitude
    longitude = longitude + 360.0 if turned else longitude
    frame = frame_of(latitude, longitude, np.ones((3, 4), bool))
    picture = frame.picture(latitude, longitude, 400)
    x, y = frame.forward(longitude[1], latitude[0])
    left, right, bottom, top = frame.limits()
    row = int((top - y) / (top - bottom) * picture.shape[0])
    column = int((x - left) / (right - left) * picture.shape[1])
    assert picture[row, column] == 1
