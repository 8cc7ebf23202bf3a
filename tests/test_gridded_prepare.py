"""freshet prepare pet, and reading that stays small over a century."""

import gc
import os
import resource

import netCDF4
import numpy as np
import pytest
from click.testing import CliRunner
from freshet.driver.cli import commands
from freshet.driver.errors import ConfigurationError, InputError

from weather_files import everywhere, made_up, opened, write


@pytest.fixture
def namelist(tmp_path):
    base = made_up(400)
    for values in base.values():
        values[:, 0, 0] = np.nan  # sea
    for name, values in base.items():
        write(tmp_path / f"{name}.nc", {name: values}, "2000-12-15")
    file = tmp_path / "pet.nml"
    file.write_text(f"&weather\n path = '{tmp_path}/pr.nc', '{tmp_path}/tas.nc'\n pet = 'oudin'\n/\n")
    return file


def prepare(*arguments):
    result = CliRunner().invoke(commands, ["prepare", "pet", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_evaporation_written_by_year_is_the_one_that_a_run_would_compute(namelist, tmp_path):
    told = prepare(namelist, "-o", tmp_path / "pet")
    files = sorted(file.name for file in (tmp_path / "pet").iterdir())
    assert files == ["pet_oudin_2000.nc", "pet_oudin_2001.nc", "pet_oudin_2002.nc"]
    assert "pet_oudin_2001.nc: 2001-01-01 to 2001-12-31" in told
    computed = opened(tmp_path / "pr.nc", tmp_path / "tas.nc", pet="oudin")
    given = opened(tmp_path / "pr.nc", tmp_path / "tas.nc", tmp_path / "pet" / "pet_oudin_{year}.nc")
    assert given.pet == "given"
    latitude, longitude = given.layout.coordinates()
    blocks = [one.on(latitude[1:], longitude[1:]).forcing(0, 400) for one in (computed, given)]
    np.testing.assert_allclose(blocks[1][:, 2], blocks[0][:, 2], rtol=3e-7)
    with netCDF4.Dataset(tmp_path / "pet" / "pet_oudin_2001.nc") as data:
        assert data["PET"].units == "kg m-2 s-1"
        assert data["PET"].standard_name == "water_potential_evaporation_flux"
        assert np.ma.getmaskarray(data["PET"][:])[:, 0, 0].all()
        assert np.ma.count_masked(data["PET"][:]) == 365


def test_files_of_evaporation_are_replaced_only_where_asked_for(namelist, tmp_path):
    prepare(namelist, "-o", tmp_path / "pet", "--years", 2001, 2001)
    with pytest.raises(ConfigurationError, match=r"pet_oudin_2001.nc' exists \(1 such\)"):
        prepare(namelist, "-o", tmp_path / "pet")
    prepare(namelist, "-o", tmp_path / "pet", "--overwrite")


def test_years_that_the_weather_does_not_have_are_refused(namelist, tmp_path):
    with pytest.raises(ConfigurationError, match=r"no year from \(1990, 1995\) lies in the weather"):
        prepare(namelist, "-o", tmp_path / "pet", "--years", 1990, 1995)


def test_a_gap_in_the_weather_leaves_no_half_written_file(namelist, tmp_path):
    with netCDF4.Dataset(tmp_path / "tas.nc", "a") as data:
        data["tas"][200, 1, 1] = np.nan
    with pytest.raises(InputError, match=r"no value at 51.25°N 5.75°E on 2001-07-03"):
        prepare(namelist, "-o", tmp_path / "pet")
    assert [file.name for file in (tmp_path / "pet").iterdir()] == ["pet_oudin_2000.nc"]
    prepare(namelist, "-o", tmp_path / "pet", "--overwrite", "--set", "data.on_missing=interpolate")


def test_reading_a_century_leaves_no_file_open_and_needs_no_more_memory(tmp_path):
    for year in range(1901, 2001):
        write(tmp_path / f"w_{year}.nc", made_up(365, year, shape=(4, 5)), f"{year}-01-01", calendar="noleap",
              latitude=np.arange(4.0), longitude=np.arange(5.0))  # fmt: skip
    weather = opened(tmp_path / "w_{year}.nc")
    assert weather.axis.count == 36500
    reader = everywhere(weather)
    for first in range(0, 3650, 365):
        reader.forcing(first, first + 365)
    gc.collect()
    files, memory = len(os.listdir("/proc/self/fd")), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for first in range(3650, 36500, 365):
        reader.forcing(first, first + 365)
    assert len(os.listdir("/proc/self/fd")) == files
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 10_000  # kB
