"""Faults of the weather in whole runs on a grid: status 3, one line, nothing half written."""

import netCDF4
import numpy as np
import pytest

from grid_files import LATITUDE, LONGITUDE, VALLEY, write_grid
from misuse import freshet
from weather_files import made_up, write


@pytest.fixture
def case(tmp_path):
    """A namelist of a run over 2001 and 2002, and the folder of its weather by year."""
    grid = write_grid(tmp_path / "grid.nc", {"ldd": VALLEY})
    base = made_up(730, shape=(4, 5))
    for place, year in enumerate((2001, 2002)):
        days = slice(365 * place, 365 * (place + 1))
        for name, values in base.items():
            write(tmp_path / f"{name}_{year}.nc", {name: values[days]}, f"{year}-01-01", latitude=LATITUDE,
                  longitude=LONGITUDE)  # fmt: skip
    namelist = tmp_path / "case.nml"
    namelist.write_text(
        f"&run\n warmup_days = 0\n block = 100\n/\n&data\n form = 'grid'\n/\n&grid\n path = '{grid}'\n/\n"
        f"&weather\n path = '{tmp_path}/pr_{{year}}.nc', '{tmp_path}/tas_{{year}}.nc'\n/\n"
        f"&output\n directory = '{tmp_path / 'out'}'\n/\n"
    )
    return namelist, tmp_path


def test_a_run_over_files_by_year_writes_both_years(case, capsys):
    namelist, folder = case
    status, _, error = freshet(capsys, "run", str(namelist))
    assert (status, error) == (0, "")
    assert {"history_2001.nc", "history_2002.nc"} <= {file.name for file in (folder / "out").iterdir()}


def test_a_missing_file_or_day_ends_the_run_before_it_starts_with_status_3(case, capsys):
    namelist, folder = case
    with netCDF4.Dataset(folder / "tas_2002.nc", "a") as data:
        data["time"][100:] += 24.0
    status, out, error = freshet(capsys, "run", str(namelist))
    assert (status, out) == (3, "")
    assert error.count("\n") == 1
    assert "tas_2002.nc: tas: 2002-04-11 is missing: 2002-04-10 is followed by 2002-04-12" in error
    assert not (folder / "out").exists()


def test_a_gap_in_the_second_year_ends_the_run_with_status_3_and_whole_files(case, capsys):
    namelist, folder = case
    with netCDF4.Dataset(folder / "pr_2002.nc", "a") as data:
        data["pr"][150, 2, 3] = np.nan
    status, _, error = freshet(capsys, "run", str(namelist))
    assert status == 3
    assert "pr_2002.nc: pr: no value at 10.75°N 21.75°E on 2002-05-31 (1 missing" in error
    assert not [file for file in (folder / "out").iterdir() if ".tmp." in file.name]
    assert not (folder / "out" / "history_2002.nc").exists()
    with netCDF4.Dataset(folder / "out" / "history_2001.nc") as data:
        assert len(data.dimensions["time"]) == 365


def test_a_gap_that_may_be_filled_is_told_among_the_notes(case, capsys):
    namelist, folder = case
    with netCDF4.Dataset(folder / "pr_2002.nc", "a") as data:
        data["pr"][150, 2, 3] = np.nan
    status, out, _ = freshet(capsys, "run", str(namelist), "--set", "data.on_missing=persist")
    assert status == 0
    told = "precipitation: 1 daily value (such as of 2002-05-31 at 10.75°N 21.75°E) missing, filled"
    assert told in " ".join(out.split())
