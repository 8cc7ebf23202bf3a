"""Parameters of cells: the original's derived fields from its parameter files, and what is put in where fields lack."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import InputError
from freshet.driver.geometry import geometry
from freshet.driver.parameters import declared, parameters
from freshet.driver.river_input import river_input
from freshet.driver.settings import parse
from freshet.kernels.registry import model

from grid_files import LATITUDE, VALLEY, source, write_grid
from hydropy_files import write_case

NAMELIST = """
&run
  model = '{name}'
/
&data
  form = 'planet'
/
&routing
  router = 'cascade'
/
&parameters
  {parameters}
/
"""


def settings(*lines: str, name: str = "hydropy", overrides: tuple[str, ...] = ()):
    return parse(NAMELIST.format(name=name, parameters="\n  ".join(lines)), "case.nml", overrides)


def rows(given, form) -> dict[str, np.ndarray]:
    """Values [place] by name."""
    own = dict(zip([variable.name for variable in form.parameters], given.values[:, 0], strict=True))
    return own | dict(zip([variable.name for variable in declared(form)[len(own) :]], given.routing, strict=True))


@pytest.fixture(scope="module", params=["hydropy-global5", "hydropy-island05"])
def case(request, shared, tmp_path_factory):
    """A reference case as its users have it: derived fields by node, and the source."""
    inputs = shared / "reference" / "hydropy" / f"{request.param.removeprefix('hydropy-')}_inputs.nc"
    para, _ = write_case(inputs, tmp_path_factory.mktemp("case"), forcing=False)
    cells = source(para, distance="hydropy")
    with netCDF4.Dataset(inputs) as data:
        data.set_auto_mask(False)
        cell = data["row"][:].astype(np.int64) * cells.grid.shape[1] + data["col"][:]
        number = {one: index for index, one in enumerate(cell.tolist())}
        order = np.array([number[one] for one in cells.river.cell.tolist()])
        return {name: data[name][:][order] for name in data.variables if name.startswith("der_")}, cells


@pytest.mark.parity
def test_derived_parameters_are_those_of_the_original(case):
    known, cells = case
    form = model("hydropy")
    found = rows(parameters(settings(), cells, form), form)
    land = np.flatnonzero(cells.river.place >= 0)
    for name, original in {
        "wcap": "wcap", "wmin": "wmin", "wmax": "wmax", "beta_oro": "b", "lag_land": "lag_land", "lag_base": "lag_base",
    }.items():  # fmt: skip
        np.testing.assert_allclose(found[name], known[f"der_{original}"][land], rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(found["wcap"] - found["wava"], known["der_wilt"][land], rtol=1e-12, atol=1e-10)


@pytest.mark.parity
def test_the_cascade_is_that_of_the_original(case):
    known, cells = case
    given = river_input(settings(), cells)
    np.testing.assert_allclose(given.parameters[0], known["der_lag_river"], rtol=1e-12)
    np.testing.assert_array_equal(given.geometry[0], known["der_ncasc_river"])


@pytest.fixture
def valley(tmp_path):
    """The source of the valley with some fields."""
    return lambda **fields: source(write_grid(tmp_path / "grid.nc", {"ldd": VALLEY, **fields}))


def test_what_the_grid_lacks_is_put_in_and_named(valley):
    given = parameters(settings(), valley(wcap=np.full(VALLEY.shape, 300.0)), model("hydropy"))
    found = rows(given, model("hydropy"))
    assert (found["wava"] == 200.0).all()
    assert (found["wmin"] == 15.0).all()
    assert found["wmax"] == pytest.approx(15 + 1.2 * 285)
    for name in ("wava 0.667 wcap", "beta = 0.2", "ddfac = 4", "perm = 0", "defaults for rm_crit"):
        assert name in given.origin
    assert "wcap = 300" not in given.origin


def test_lakes_and_wetlands_become_the_water_of_the_geometry(valley):
    lakes, wetlands = np.zeros(VALLEY.shape), np.zeros(VALLEY.shape)
    lakes[0, 0], wetlands[0, 0], wetlands[1, 1] = 0.2, 0.3, 0.1
    cells = valley(flake=lakes, fwetl=wetlands)
    found, notes = geometry(model("hydropy"), cells, "float64")
    water = dict(zip(cells.cell.tolist(), found[0], strict=True))
    assert notes == []
    assert (water[0], water[6], water[7]) == (0.3, 0.1, 1e-10)


def test_permafrost_and_factors_of_the_namelist_reach_the_parameters(valley):
    cells = valley(wcap=np.full(VALLEY.shape, 300.0), perm=np.full(VALLEY.shape, 0.5))
    form = model("hydropy")
    plain = rows(parameters(settings(), cells, form), form)
    assert plain["wcap"] == pytest.approx(0.5 * 50 + 0.5 * 300)
    off = rows(parameters(settings(overrides=("hydropy.permafrost=false", "hydropy.fak_gw=2")), cells, form), form)
    assert (off["wcap"] == 300.0).all()
    np.testing.assert_allclose(off["lag_base"], 2 * plain["lag_base"])
    one, other = (
        river_input(settings(overrides=(f"hydropy.fak_riv={factor}",)), cells).parameters[0] for factor in (1, 3)
    )
    np.testing.assert_allclose(other, 3 * one)


def test_lakes_slow_rivers_unless_they_are_told_not_to(valley):
    cells = valley(flake=np.full(VALLEY.shape, 0.9))
    slow, free, wide = (
        river_input(settings(overrides=text), cells).parameters[0].mean()
        for text in ((), ("hydropy.v_lake=0",), ("hydropy.cf_wela=1.0",))
    )
    assert free < wide < slow


def test_the_namelist_wins_over_the_grid(valley):
    form = model("hydropy")
    cells = valley(wcap=np.full(VALLEY.shape, 300.0))
    assert (rows(parameters(settings("wcap = 120.0"), cells, form), form)["wcap"] == 120.0).all()


def file_of(folder, variables, **options):
    return f"source = 'file'\n  path = '{write_grid(folder / 'more.nc', variables, **options)}'"


def test_a_file_on_the_grid_gives_raw_fields_and_parameters_by_name(valley, tmp_path):
    random = np.random.default_rng(3)
    capacity, exponent = random.uniform(100, 400, VALLEY.shape), random.uniform(1, 2, VALLEY.shape)
    cells, form = valley(wcap=np.full(VALLEY.shape, 300.0)), model("hydropy")
    lines = file_of(tmp_path, {"WCAP": capacity[::-1], "qsb_exp": exponent[::-1]}, latitude=LATITUDE[::-1])
    given = parameters(settings(lines), cells, form)
    found = rows(given, form)
    np.testing.assert_array_equal(found["wcap"], capacity.ravel()[cells.cell])
    np.testing.assert_allclose(found["wava"], capacity.ravel()[cells.cell] * 2 / 3)
    np.testing.assert_array_equal(found["qsb_exp"], exponent.ravel()[cells.cell])
    assert "file more.nc" in given.origin


def test_a_file_on_the_grid_serves_hbv_too(valley, tmp_path):
    fc = np.random.default_rng(3).uniform(100, 400, VALLEY.shape)
    cells, form = valley(), model("hbv", version="1.0")
    found = rows(parameters(settings(file_of(tmp_path, {"fc": fc}), name="hbv"), cells, form), form)
    np.testing.assert_array_equal(found["fc"], fc.ravel()[cells.cell])
    beta = {variable.name: variable.default for variable in form.parameters}["beta"]
    assert (found["beta"] == beta).all()


def test_a_file_with_an_unknown_name_or_without_a_cell_is_refused(valley, tmp_path):
    cells, form = valley(), model("hydropy")
    with pytest.raises(InputError, match=r"'qsb_epx' is no parameter and no static field; did you mean 'qsb_exp'"):
        parameters(settings(file_of(tmp_path, {"qsb_epx": np.ones(VALLEY.shape)})), cells, form)
    holes = np.ones(VALLEY.shape)
    holes[2, 3] = np.nan
    with pytest.raises(InputError, match=r"qsb_exp has no value in 1 of 20 cells, first at 10.75N 21.75E"):
        parameters(settings(file_of(tmp_path, {"qsb_exp": holes})), cells, form)
    with pytest.raises(InputError, match=r"no cell at latitude 11.75: .*half a cell aside"):
        parameters(
            settings(file_of(tmp_path, {"qsb_exp": np.ones(VALLEY.shape)}, latitude=LATITUDE + 0.25)), cells, form
        )
    with pytest.raises(InputError, match=r"parameter qsb_exp of basin 11.75N 20.25E is 99, expected 0.1 to 10"):
        parameters(settings(file_of(tmp_path, {"qsb_exp": np.full(VALLEY.shape, 99.0)})), cells, form)
