"""Parameters of a run from defaults, files and the namelist; and what is wrong with them, by basin and name."""

from pathlib import Path

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import InputError
from freshet.driver.parameter_file import read_parameters, write_parameters
from freshet.driver.parameters import Parameters, default_parameters
from freshet.kernels.registry import model

from run_case import run, same, series, weather

IDS = ["a", "b", "c"]


@pytest.fixture(scope="module")
def hbv():
    return model("hbv", version="1.0")


def random_parameters(hbv, components: int, places: int = 3) -> Parameters:
    chance = np.random.default_rng(4)
    low, high = (np.array([[[getattr(p, side)]] for p in hbv.parameters]) for side in ("low", "high"))
    values = low + (high - low) * chance.random((len(hbv.parameters), components, places))
    return Parameters(values, chance.random((2, places)), "chance")


@pytest.mark.parametrize("components", [1, 4])
def test_a_parameter_file_gives_back_what_was_written(tmp_path, hbv, components):
    given = random_parameters(hbv, components)
    write_parameters(tmp_path / "p.nc", given, IDS, hbv)
    found = read_parameters(tmp_path / "p.nc", ["c", "a"], hbv)
    assert np.array_equal(found.values, given.values[:, :, [2, 0]])
    assert np.array_equal(found.routing, given.routing[:, [2, 0]])


def test_a_run_can_be_repeated_from_the_parameters_it_wrote(tmp_path):
    run(tmp_path / "one", weather(200), "parameters.fc=333", "parameters.route_b=2.5", "run.components=2")
    path = tmp_path / "one" / "parameters.nc"
    run(tmp_path / "two", weather(200), "parameters.source=file", f"parameters.path={path}")
    assert same(tmp_path / "one", tmp_path / "two")


def test_a_csv_table_is_read_by_basin_and_component(tmp_path, hbv):
    table = tmp_path / "p.csv"
    table.write_text("basin,component,fc,k0\nb,1,200,0.1\na,1,300,0.2\nb,2,250,0.3\na,2,350,0.4\n")
    found = read_parameters(table, ["a", "b"], hbv)
    names = [variable.name for variable in hbv.parameters]
    assert found.values[names.index("fc")].tolist() == [[300, 200], [350, 250]]
    assert found.values[names.index("k0")].tolist() == [[0.2, 0.1], [0.4, 0.3]]
    assert (found.values[names.index("beta")] == hbv.parameters[names.index("beta")].default).all()
    assert "defaults for beta" in found.origin


def test_one_component_in_the_file_stands_for_all(tmp_path, hbv):
    (tmp_path / "p.csv").write_text("basin,fc\na,200\n")
    found = read_parameters(tmp_path / "p.csv", ["a"], hbv, components=3)
    assert found.values.shape == (12, 3, 1)


def test_the_namelist_wins_over_the_file(tmp_path):
    (tmp_path / "p.csv").write_text("basin,fc\nbasin_0,200\nbasin_1,210\nbasin_2,220\n")
    source = ("parameters.source=file", f"parameters.path={tmp_path / 'p.csv'}")
    run(tmp_path / "one", weather(100), *source, "parameters.fc=300")
    run(tmp_path / "two", weather(100), "parameters.fc=300")
    run(tmp_path / "three", weather(100), *source)
    assert same(tmp_path / "one", tmp_path / "two")
    assert not same(tmp_path / "one", tmp_path / "three")


WRONG = {
    "basin,fc\na,200\nb,200\n": "no parameters for basin c",
    "basin,fc\na,200\nb,2000\nc,200\n": r"fc of basin b is 2000, expected 50 to 1000 mm",
    "basin,fc\na,200\nb,\nc,200\n": "fc of basin b is nan, expected 50 to 1000 mm",
    "basin,fc\na,200\nb,much\nc,200\n": "fc of basin b is 'much', expected a number",
    "basin,fcc\na,200\nb,200\nc,200\n": "no parameter 'fcc'; did you mean 'fc'",
    "id,fc\na,200\n": "no column 'basin'",
    "basin,fc\na,200\na,200\nb,200\nc,200\n": "a basin more than once",
    "basin,component,fc\na,1,200\na,2,200\nb,1,200\nc,1,200\nc,2,200\n": "no line for basin b, component 2",
    "": "no column 'basin'",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_table_is_refused_with_basin_and_parameter(tmp_path, text):
    (tmp_path / "p.csv").write_text(text)
    source = weather(50)
    source.ids = IDS
    with pytest.raises(InputError, match=WRONG[text]):
        run(tmp_path / "run", source, "parameters.source=file", f"parameters.path={tmp_path / 'p.csv'}")
    assert not list((tmp_path / "run").glob("history*"))


def test_a_file_that_is_no_netcdf_is_refused(tmp_path, hbv):
    (tmp_path / "p.nc").write_text("text")
    with pytest.raises(InputError, match="cannot read the parameters"):
        read_parameters(tmp_path / "p.nc", IDS, hbv)


def test_a_parameter_out_of_range_in_netcdf_is_told_by_its_value(tmp_path, hbv):
    write_parameters(tmp_path / "p.nc", default_parameters(hbv, 3), IDS, hbv)
    with netCDF4.Dataset(tmp_path / "p.nc", "a") as data:
        data["fc"][0, 1] = 2000.0
    source = weather(50)
    source.ids = IDS
    with pytest.raises(InputError, match=r"fc of basin b is 2000, expected 50 to 1000 mm"):
        run(tmp_path / "run", source, "parameters.source=file", f"parameters.path={tmp_path / 'p.nc'}")


def test_a_netcdf_of_other_dimensions_is_refused(tmp_path, hbv):
    write_parameters(tmp_path / "p.nc", default_parameters(hbv, 3), IDS, hbv)
    with netCDF4.Dataset(tmp_path / "p.nc", "a") as data:
        data.createDimension("day", 2)
        data.createVariable("c", "f8", ("day", "basin"))[:] = 0.5
    with pytest.raises(InputError, match=r"c has dimensions \(day, basin\)"):
        read_parameters(tmp_path / "p.nc", IDS, hbv)


def test_components_that_contradict_are_refused(tmp_path, hbv):
    write_parameters(tmp_path / "p.nc", random_parameters(hbv, 4), IDS, hbv)
    with pytest.raises(InputError, match="4 components, but &run components = 2"):
        read_parameters(tmp_path / "p.nc", IDS, hbv, components=2)


def test_geometry_that_is_not_known_is_told(tmp_path: Path, capsys):
    source = weather(50)
    source.attributes["elevation"][1] = np.nan
    run(tmp_path, source, "run.version=2.0")
    said = capsys.readouterr().out
    assert "elevation is not known for 1 of 3 basins (first: basin_1): 500 m taken" in said
    assert np.isfinite(series(tmp_path)["streamflow"]).all()
