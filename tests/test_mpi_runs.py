"""Runs on any number of ranks leave the same numbers, to the bit, and go on on any other number."""

import dataclasses
import json
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import InputError
from freshet.driver.restart import read_restart

import grid_case
import mpi
import mpi_runs
import run_case


def contents(folder: Path) -> dict[str, bytes]:
    """Every number of every netCDF file of a run, restarts included."""
    found = {}
    for file in sorted(folder.rglob("*.nc")):
        name = str(file.relative_to(folder))
        if file.parent.name == "restarts":
            arrays, facts = read_restart(file)
            found |= {f"{name} {key}": values.tobytes() for key, values in arrays.items()}
            found[f"{name} day"] = str(facts["day"]).encode()
            continue
        with netCDF4.Dataset(file) as data:
            data.set_auto_maskandscale(False)
            for key, variable in data.variables.items():
                values = np.asarray(variable[:])
                found[f"{name} {key}"] = str(values.tolist()).encode() if values.dtype == object else values.tobytes()
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Runs by all numbers of ranks, and by one process without a launcher."""
    folder = tmp_path_factory.mktemp("ranks")
    # Compiled once, here, and not by seven ranks on two processors.
    run_case.run(folder / "basins1", run_case.weather(mpi_runs.DAYS, 5), *mpi_runs.BASINS)
    grid_case.run(folder / "rivers1", grid_case.country(mpi_runs.DAYS), *mpi_runs.RIVERS)
    double = ("run.precision=float64", "routing.router=linear_reservoir")
    grid_case.run(folder / "cascade64_alone", grid_case.country(mpi_runs.DAYS), *mpi_runs.RIVERS, *double)
    grid_case.run(folder / "tiny1", grid_case.country(60, 3, 2))
    status, out, error = mpi.finished(7, str(Path(mpi_runs.__file__)), str(folder))
    assert status == 0, out + error
    return folder


@pytest.mark.parametrize("ranks", [2, 3, 4, 7])
@pytest.mark.parametrize("kind", ["basins", "rivers"])
def test_any_number_of_ranks_leaves_the_files_of_one_process(folder, kind, ranks):
    alone, many = contents(folder / f"{kind}1"), contents(folder / f"{kind}{ranks}")
    assert many.keys() == alone.keys()
    assert [name for name in alone if alone[name] != many[name]] == []


def test_routers_in_double_precision_and_with_threads_do_not_depend_on_ranks(folder):
    assert contents(folder / "cascade64") == contents(folder / "cascade64_alone")


def test_a_restart_of_three_ranks_continues_on_four_and_then_on_one(folder):
    moved = folder / "moved"
    grid_case.run(moved, grid_case.country(mpi_runs.DAYS), *mpi_runs.RIVERS, "run.resume=true")
    alone, found = contents(folder / "rivers1"), contents(moved)
    for name in alone:
        assert found[name] == alone[name], name


def test_a_restart_of_basins_continues_on_another_number_of_ranks(folder):
    alone, found = contents(folder / "basins1"), contents(folder / "moved_basins")
    for name in alone:
        assert found[name] == alone[name], name


def test_the_rivers_lose_no_water(folder):
    for name, tolerance in (("rivers4", 1e-6), ("cascade64", 1e-14)):
        river = json.loads((folder / name / "manifest.json").read_text())["water_balance"]["river"]
        assert river["entered_m3"] > 1e7
        assert abs(river["residual_m3"]) < tolerance * river["entered_m3"]
        assert abs(river["largest_residual_m3"]) < tolerance * river["entered_m3"]


def test_ranks_without_a_cell_do_no_harm(folder):
    assert contents(folder / "tiny7") == contents(folder / "tiny1")


def test_only_one_process_speaks(folder):
    said = (folder / "rivers4" / "run.log").read_text()
    assert said.count("wrote restart") == said.count("wrote restart restart_2") == 3
    assert "4 processes of 1 thread(s)" in said


def test_a_run_of_other_rivers_is_not_continued(tmp_path):
    grid_case.run(tmp_path, grid_case.country(40), "run.end=1999-12-20")
    other = grid_case.country(40)
    river = other.river
    turned = river.downstream.copy()
    turned[0] = 0  # one more end of the water
    other.river = dataclasses.replace(river, downstream=turned)
    with pytest.raises(InputError, match=r"river network: .* there, .* here"):
        grid_case.run(tmp_path, other, "run.resume=true")
    with pytest.raises(InputError, match="router: cascade there, linear_reservoir here"):
        grid_case.run(tmp_path, grid_case.country(40), "run.resume=true", "routing.router=linear_reservoir")
    with pytest.raises(InputError, match="parameters of the router"):
        grid_case.run(tmp_path, grid_case.country(40), "run.resume=true", "routing.lag_river=0.7")


def test_parameters_of_a_router_come_from_the_file_that_a_run_leaves(tmp_path):
    grid_case.run(tmp_path / "one", grid_case.country(30), "routing.lag_river=0.7")
    file = tmp_path / "one" / "parameters_river.nc"
    grid_case.run(tmp_path / "two", grid_case.country(30), f"routing.path={file}")
    assert run_case.same(tmp_path / "one", tmp_path / "two")
