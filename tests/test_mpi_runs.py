"""Runs on any number of ranks leave the same numbers, to the bit, and go on on any other number."""

import json
from pathlib import Path

import netCDF4
import numpy as np
import pytest
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


def test_only_one_process_speaks(folder):
    said = (folder / "rivers4" / "run.log").read_text()
    assert said.count("wrote restart") == said.count("wrote restart restart_2") == 3
    assert "4 processes of 1 thread(s)" in said
