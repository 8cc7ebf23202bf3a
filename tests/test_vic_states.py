"""VIC's state files: written, read, refused where they do not fit."""

from types import SimpleNamespace

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import InputError, WriteError
from freshet.driver.vic.assemble import assemble
from freshet.driver.vic.choices import Choices
from freshet.driver.vic.image import read_image
from freshet.driver.vic.state_file import read_state
from freshet.driver.vic.write_state import node_depths, write_state
from freshet.kernels.vic import parameters, states

from vic_files import write_image


def form(frozen: bool = False):
    nodes = 6 if frozen else 3
    return SimpleNamespace(
        parameters=parameters.parameters(3, 3),
        geometry=parameters.GEOMETRY,
        states=states.states(3, nodes, frozen),
        options={"energy": True, "frozen": frozen, "layers": 3, "nodes": nodes},
    )


def assembled(tmp_path, model):
    paths = write_image(tmp_path)
    given, grid = read_image(paths["parameters"], paths["domain"], Choices(bands=0))
    return given, grid, assemble(given, model)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_state_written_is_the_state_read(tmp_path, frozen):
    model = form(frozen)
    given, grid, found = assembled(tmp_path, model)
    state = np.random.default_rng(1).uniform(0.1, 1.0, found.state.shape)
    path = tmp_path / "state.nc"
    write_state(path, model, state, given, found, grid, np.datetime64("2000-01-01"))
    back = read_state(path, model, given, found, grid)
    used = found.components.used.ravel()
    np.testing.assert_array_equal(back[:, used], state[:, used])
    np.testing.assert_array_equal(back[:, ~used], found.state[:, ~used])
    with netCDF4.Dataset(path) as data:
        assert data["STATE_SOIL_ICE"].dimensions == ("veg_class", "snow_band", "nlayer", "frost_area", "lat", "lon")
        # Class 10 is the second tile of the first cell, bare soil the last class.
        row = [v.name for v in model.states].index("canopy_snow")
        places = found.components.tile.shape[1]
        assert data["STATE_SNOW_CANOPY"][9, 1, 0, 0] == state[row, 3 * places]
        assert data["STATE_SNOW_CANOPY"][10, 0, 1, 0] == state[row, 2]
        assert data["STATE_SNOW_CANOPY"][2].mask.all()


def test_a_state_of_vic_itself_lacks_what_follows_from_the_rest(tmp_path):
    model = form()
    given, grid, found = assembled(tmp_path, model)
    names = [v.name for v in model.states]
    state = found.state.copy()
    state[names.index("snow_water_equivalent")], state[names.index("snow_density")] = 0.1, 200.0
    path = tmp_path / "state.nc"
    write_state(path, model, state, given, found, grid, np.datetime64("2000-01-01"))
    with netCDF4.Dataset(path, "a") as data:
        for name in ("FRESHET_SNOW_DEPTH", "FRESHET_SNOW_ALBEDO", "FRESHET_CANOPY_MELT"):
            data.renameVariable(name, name.lower())
    back = read_state(path, model, given, found, grid)
    used = found.components.used.ravel()
    np.testing.assert_allclose(back[names.index("snow_depth")][used], 0.5)
    np.testing.assert_allclose(back[names.index("snow_albedo")][used], 0.85)


def test_states_that_do_not_fit_are_refused(tmp_path):
    model = form()
    given, grid, found = assembled(tmp_path, model)
    path = tmp_path / "state.nc"
    write_state(path, model, found.state, given, found, grid, np.datetime64("2000-01-01"))
    with pytest.raises(InputError, match="STATE_SOIL_NODE_TEMP has 3 soil_node, expected 6"):
        read_state(path, form(frozen=True), given, found, grid)
    with netCDF4.Dataset(path, "a") as data:
        data["STATE_SNOW_AGE"][9, 1, 0, 0] = np.ma.masked
    with pytest.raises(InputError, match=r"STATE_SNOW_AGE has no value at cell 11 .*class 10, band 2"):
        read_state(path, model, given, found, grid)
    given.tiles["veg_class"][:2, 0] = 1
    with pytest.raises(WriteError, match="two tiles of one class"):
        write_state(path, model, found.state, given, found, grid, np.datetime64("2000-01-01"))


@pytest.mark.parity
def test_depths_of_nodes_are_those_of_vics_states():
    from vic_reference import Case, outputs

    cases = [case.values[0] for case in outputs("output_*_fs3h.nc")]
    if cases == [None]:
        pytest.skip("needs reference files of VIC")
    for path in cases:
        case = Case(path)
        found = node_depths(case.given, case.options["nodes"], case.options["frozen"])
        np.testing.assert_allclose(found, case.data["state_node_depth"].values.T, rtol=0, atol=1e-15, err_msg=str(path))
