"""freshet parameters: maps that are whole, say where they come from, and give runs the same to the bit."""

import netCDF4
import numpy as np
import pytest
import torch
from freshet.driver.cli import main
from freshet.driver.errors import InputError
from freshet.driver.parameter_maps import map_parameters
from freshet.driver.parameters import declared, parameters
from freshet.driver.settings import parse
from freshet.driver.training_checkpoint import made_by
from freshet.kernels.registry import model
from freshet.nn import checkpoint, network, normalisation

import grid_case
import run_case

HBV = model("hbv", version="1.0")


def trained(path, source, names, components=3):
    """A checkpoint of a network with weights of some size, on attributes of the source."""
    lines = "&run version = '1.0' /\n&data form = 'generated', pet = 'oudin' /\n&network hidden = 8 /"
    asked = parse(lines, "train.nml", [f"run.components={components}"], "evaluate")
    fitted = normalisation.fit(source.attributes, names)
    made = network.build("attributes", HBV, components, inputs=fitted.size, hidden=(8,), seed=1)
    with torch.no_grad():
        made.layers[-1].weight.mul_(20.0)
    checkpoint.save(path, made_by(asked, source, fitted), made.state_dict())
    return path


@pytest.fixture
def basins():
    found = run_case.weather(120)
    found.attributes |= {"wet": np.array([1.0, 2.0, 4.0]), "high": np.array([3.0, -1.0, 0.5])}
    return found


def test_a_run_from_the_map_equals_the_run_from_the_checkpoint_to_the_bit(tmp_path, basins):
    path = trained(tmp_path / "best.pt", basins, ["wet", "high"])
    from_network = ["parameters.source=checkpoint", f"parameters.path={path}", "data.pet=oudin"]
    asked = run_case.settings(tmp_path / "a", *from_network)
    written = map_parameters(asked, tmp_path / "map.nc", basins)
    run_case.run(tmp_path / "a", basins, *from_network)
    run_case.run(tmp_path / "b", basins, "parameters.source=file", f"parameters.path={written}", "data.pet=oudin")
    run_case.run(tmp_path / "c", basins, "data.pet=oudin")
    assert run_case.same(tmp_path / "a", tmp_path / "b")
    assert not run_case.same(tmp_path / "a", tmp_path / "c")


def test_a_map_has_units_bounds_meanings_places_and_provenance(tmp_path, basins):
    path = trained(tmp_path / "best.pt", basins, ["wet", "high"])
    sets = ["parameters.source=checkpoint", f"parameters.path={path}", "data.pet=oudin"]
    map_parameters(run_case.settings(tmp_path / "out", *sets), None, basins)
    with netCDF4.Dataset(tmp_path / "out/parameter_map.nc") as data:
        for variable in declared(HBV):
            written = data[variable.name]
            assert (written.units, written.long_name) == (variable.unit, variable.meaning)
            assert written.valid_range.tolist() == [variable.low, variable.high]
            assert written.dtype == np.float64
        assert data["fc"].dimensions == ("component", "basin")
        assert data["route_a"].dimensions == ("basin",)
        assert data["fc"].coordinates == "latitude longitude"
        assert (data.checkpoint, len(data.checkpoint_sha256)) == ("best.pt", 64)
        assert data.checkpoint_model == data.model == "hbv-1.0"
        assert "&parameters" in data.namelist
        assert np.ptp(data["fc"][:], axis=0).min() > 0


@pytest.mark.parametrize("components", [1, 3])
def test_a_map_on_a_grid_is_read_as_it_was_written(tmp_path, components):
    """A network of basins, or rather of their attributes, serves all cells of a grid that has these."""
    country = grid_case.country(days=10)
    path = trained(tmp_path / "best.pt", country, ["latitude", "area"], components)
    common = ["routing.router=none", "run.version='1.0'", "data.pet=oudin"]
    asked = grid_case.settings(tmp_path, *common, "parameters.source=checkpoint", f"parameters.path={path}")
    written = map_parameters(asked, tmp_path / "map.nc", country)
    with netCDF4.Dataset(written) as data:
        assert data["fc"].dimensions == ("component", "latitude", "longitude")[components == 1 :]
        assert data["fc"].shape[-2:] == country.grid.shape
        assert np.isfinite(np.ma.filled(data["route_a"][:], np.nan)).sum() == len(country.ids)
    again = grid_case.settings(tmp_path, *common, "parameters.source=file", f"parameters.path={written}")
    one, two = (parameters(settings, country, HBV) for settings in (asked, again))
    assert one.checksum() == two.checksum()
    some = country.select(country.ids[5:9])
    np.testing.assert_array_equal(parameters(again, some, HBV).values, one.values[:, :, 5:9])


def test_fields_of_hydropy_come_back_from_the_map_as_they_are(tmp_path):
    """On other files of a grid wcap and its like are raw fields, which are turned into parameters; on a map not."""
    country = grid_case.country(days=10)
    asked = grid_case.settings(tmp_path, "run.model=hydropy")
    written = map_parameters(asked, tmp_path / "map.nc", country)
    again = grid_case.settings(tmp_path, "run.model=hydropy", "parameters.source=file", f"parameters.path={written}")
    one, two = (parameters(settings, country, asked.model) for settings in (asked, again))
    assert one.checksum() == two.checksum()
    with netCDF4.Dataset(written) as data:
        assert np.ptp(data["lag_land"][:].compressed()) > 0


def test_a_map_of_other_places_or_another_model_is_refused(tmp_path, basins):
    written = map_parameters(run_case.settings(tmp_path), tmp_path / "map.nc", basins.select(basins.ids[:2]))
    asked = run_case.settings(tmp_path, "parameters.source=file", f"parameters.path={written}")
    with pytest.raises(InputError, match=f"no parameters for basin {basins.ids[2]}: it holds 2 basins"):
        parameters(asked, basins, asked.model)
    with pytest.raises(InputError, match=r"hydropy.* has no parameter 'beta'"):
        parameters(asked, basins, model("hydropy"))


def test_the_command_writes_the_map_of_a_namelist(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.nml").write_text(
        "&run /\n&data form = 'generated' /\n&generator basins = 2, years = 1 /\n&parameters fc = 321.0 /\n"
    )
    with pytest.raises(SystemExit) as ended:
        main(["parameters", "run.nml", "-o", "some/map.nc"])
    assert ended.value.code == 0
    assert "run with them: &parameters source = 'file', path = 'some/map.nc'" in capsys.readouterr().out
    with netCDF4.Dataset(tmp_path / "some/map.nc") as data:
        assert data["fc"][:].tolist() == [321.0, 321.0]
        assert "fc = 321" in data.source
