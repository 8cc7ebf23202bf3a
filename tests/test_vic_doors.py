"""VIC's forcing, state and global parameter files: read, translated, written."""

from types import SimpleNamespace

import netCDF4
import numpy as np
import pytest
from freshet.driver.cli import main
from freshet.driver.errors import ConfigurationError, InputError, WriteError
from freshet.driver.vic.assemble import assemble
from freshet.driver.vic.choices import Choices
from freshet.driver.vic.clock import calendar_rows, forcing_rows
from freshet.driver.vic.forcing_classic import ClassicForcing, Column, Stream
from freshet.driver.vic.forcing_image import ImageForcing, yearly_files
from freshet.driver.vic.image import read_image
from freshet.driver.vic.options import model_options
from freshet.driver.vic.prepare_vic import namelist_of_global
from freshet.driver.vic.state_file import read_state
from freshet.driver.vic.write_state import node_depths, write_state
from freshet.kernels.vic import parameters, states

from vic_files import (
    FORCE_NAMES,
    PLACE,
    weather,
    write_classic,
    write_classic_forcing,
    write_image,
    write_image_forcing,
)  # fmt: skip

NORTH, EAST = np.array(list(PLACE.values())).T
GLOBAL = """
# VIC 5
MODEL_STEPS_PER_DAY   8
SNOW_STEPS_PER_DAY    8
RUNOFF_STEPS_PER_DAY  24
STARTYEAR 1999
STARTMONTH 12
STARTDAY 31
ENDYEAR 2000
ENDMONTH 1
ENDDAY 1
FULL_ENERGY TRUE   # energy balance
CLOSE_ENERGY FALSE
NODES 3
LOG_DIR logs
FORCING1 forcing.
{forcing}
{files}
OUTFILE fluxes
AGGFREQ NDAYS 1
OUTVAR OUT_RUNOFF
OUTVAR OUT_SOIL_MOIST
OUTVAR OUT_LAKE_DEPTH
OUTFILE months
AGGFREQ NMONTHS 1
OUTVAR OUT_SWE
"""
IMAGE = "PARAMETERS params.nc\nDOMAIN domain.nc\nDOMAIN_TYPE LAT lat\nSNOW_BAND TRUE\nLAI_SRC FROM_VEGPARAM"
TYPES = "\n".join(f"FORCE_TYPE {name} - {own}" for name, own in FORCE_NAMES.items())
CLASSIC = """
SOIL soil.txt
VEGPARAM vegetation.txt
VEGLIB library.txt
VEGPARAM_LAI TRUE
LAI_SRC FROM_VEGPARAM
SNOW_BAND 2 bands.txt
BASEFLOW NIJSSEN2001
NLAYER 3
ROOT_ZONES 3
GRID_DECIMAL 4
"""
COLUMNS = "FORCE_FORMAT ASCII\n" + "\n".join(f"FORCE_TYPE {name}" for name in FORCE_NAMES)
COLUMNS += "\nFORCE_STEPS_PER_DAY 24\nFORCEYEAR 1999\nFORCEMONTH 12\nFORCEDAY 31"


def form(frozen: bool = False):
    nodes = 6 if frozen else 3
    return SimpleNamespace(
        parameters=parameters.parameters(3, 3),
        geometry=parameters.GEOMETRY,
        states=states.states(3, nodes, frozen),
        options={"energy": True, "frozen": frozen, "layers": 3, "nodes": nodes},
    )


def expected(hours: slice, step: int = 1) -> dict[str, np.ndarray]:
    """The weather of the files in the units of the kernels."""
    values = {name: series[hours] for name, series in weather(48).items()}
    factor = {"PRESSURE": 1000.0, "VP": 1000.0}
    ours = {variable.symbol: variable.name for variable in parameters.WEATHER}
    return {ours[name]: series * factor.get(name, 1.0) for name, series in values.items()}


def test_forcing_of_the_image_driver_goes_on_from_year_to_year(tmp_path):
    prefix = write_image_forcing(tmp_path)
    series = ImageForcing(yearly_files(str(prefix), 1999, 2000), FORCE_NAMES, NORTH, EAST)
    assert (str(series.span.start), series.span.interval, series.span.count) == ("1999-12-31T00:00:00", 3600, 48)
    found = series.read(20, 31)
    for name, values in expected(slice(20, 31)).items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12, err_msg=name)
    other = ImageForcing(yearly_files(str(prefix), 2000, 2000), FORCE_NAMES, NORTH[::-1], EAST[::-1])
    np.testing.assert_array_equal(other.read(0, 3)["wind"], found["wind"][4:7, ::-1])


def test_forcing_of_the_classic_driver_gives_the_same(tmp_path):
    prefix = write_classic_forcing(tmp_path)
    columns = [Column(name) for name in FORCE_NAMES]
    columns.insert(4, Column("SKIP"))
    series = ClassicForcing([Stream(str(prefix), columns, np.datetime64("1999-12-31"), 24)], NORTH, EAST)
    assert series.span.count == 48
    for name, values in expected(slice(20, 31)).items():
        np.testing.assert_allclose(series.read(20, 31)[name], values, rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("big", [True, False])
def test_binary_forcing_is_short_integers_with_factors(tmp_path, big):
    values = weather(48, 1)
    names, factors = list(FORCE_NAMES), [40.0, 100.0, 40.0, 40.0, 100.0, 1000.0, 100.0]
    columns = [Column(name, name == "AIR_TEMP", factor) for name, factor in zip(names, factors, strict=True)]
    numbers = np.stack([np.round(values[c.force_type][:, 0] * c.factor) for c in columns], 1)
    (tmp_path / "data_48.00_-121.00").write_bytes(numbers.astype(">i2" if big else "<i2").tobytes())
    stream = Stream(str(tmp_path / "data_"), columns, np.datetime64("1999-12-31"), 24, 2, True, big)
    found = ClassicForcing([stream], NORTH[:1], EAST[:1]).read(0, 48)
    np.testing.assert_allclose(found["air_temperature"][:, 0], values["AIR_TEMP"][:, 0], atol=0.006)
    np.testing.assert_allclose(found["longwave"][:, 0], values["LWDOWN"][:, 0], atol=0.013)


def test_hours_become_steps_with_precipitation_summed_and_the_rest_averaged():
    given = expected(slice(0, 48))
    steps = np.datetime64("1999-12-31T00:00:00") + np.arange(2) * np.timedelta64(86400, "s")
    rows = forcing_rows(steps, given, 8)
    names = [variable.name for variable in parameters.forcings(8)]
    assert rows.shape == (2, len(names), 3)
    np.testing.assert_array_equal(rows[:, :2, 0], [[12, 365], [1, 1]])
    rain, wind = given["precipitation"], given["wind"]
    np.testing.assert_allclose(rows[1, names.index("precipitation_3")], rain[30:33].sum(axis=0))
    np.testing.assert_allclose(rows[1, names.index("wind_8")], wind[45:48].mean(axis=0))
    with pytest.raises(ValueError, match="48 values do not make 2 steps of 7 parts"):
        forcing_rows(steps, given, 7)


def test_the_clock_knows_leap_years():
    times = np.array(["1900-03-01", "2000-02-29", "2000-12-31T21", "2001-12-31T23:00"], "datetime64[s]")
    np.testing.assert_array_equal(calendar_rows(times), [[3, 60], [2, 60], [12, 366], [12, 365]])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["tas"].__setitem__((5, 0, 1), 280.0), ("AIR_TEMP is 280", "2000-01-01T05", "place 2", "degC")),
        (lambda d: d["vp"].__setitem__((0, 1, 0), np.ma.masked), ("VP is missing", "place 3")),
        (lambda d: d["time"].__setitem__(7, 9), ("2000-01-01 07:00 is",)),
        (lambda d: d.renameVariable("pres", "ps"), ("no variable 'pres'",)),
    ],
)
def test_faults_of_forcing_are_told(tmp_path, change, words):
    prefix = write_image_forcing(tmp_path)
    with netCDF4.Dataset(f"{prefix}2000.nc", "a") as data:
        change(data)
    with pytest.raises(InputError) as error:
        ImageForcing(yearly_files(str(prefix), 1999, 2000), FORCE_NAMES, NORTH, EAST).read(0, 48)
    assert [word for word in (*words, "forcing.") if word not in str(error.value)] == []


def test_missing_forcing_is_told(tmp_path):
    prefix = write_image_forcing(tmp_path)
    with pytest.raises(InputError, match=r"forcing\.2001\.nc does not exist"):
        yearly_files(str(prefix), 1999, 2001)
    names = {name: own for name, own in FORCE_NAMES.items() if name != "VP"}
    with pytest.raises(InputError, match="no FORCE_TYPE VP"):
        ImageForcing(yearly_files(str(prefix), 1999, 2000), names, NORTH, EAST)
    columns = [Column(name) for name in FORCE_NAMES]
    with pytest.raises(InputError, match="8 columns, the global file has 7 FORCE_TYPE"):
        ClassicForcing(
            [Stream(str(write_classic_forcing(tmp_path)), columns, np.datetime64("1999-12-31"), 24)], NORTH, EAST
        )


def prepared(tmp_path, text: str, name: str = "global.txt"):
    (tmp_path / name).write_text(text)
    return namelist_of_global(tmp_path / name)


def test_a_global_file_of_the_image_driver_becomes_a_namelist(tmp_path, capsys):
    write_image(tmp_path)
    write_image_forcing(tmp_path)
    text, found = prepared(tmp_path, GLOBAL.format(files=IMAGE, forcing=TYPES))
    values = {f"{group}.{key}": value for (group, key), value in found.values.items()}
    wanted = {"run.start": "1999-12-31", "run.end": "2000-01-01", "vic.energy": True, "vic.frozen": False,
              "vic.step": 3, "vic.substeps": 1, "vic.runoff_steps": 3, "vic.layers": 3,
              "vic.forcing": str(tmp_path / "forcing.") + "{year}.nc", "vic.parameters": str(tmp_path / "params.nc"),
              "output.daily": ("OUT_RUNOFF", "OUT_SOIL_MOIST"), "output.monthly": ("OUT_SWE",)}  # fmt: skip
    assert {key: values[key] for key in wanted} == wanted
    assert "AIR_TEMP = tas" in values["vic.forcing_names"]
    assert any(line.startswith("LOG_DIR") for line in found.left)
    assert any("OUT_LAKE_DEPTH" in line for line in found.left)
    assert "energy = .true." in text
    with pytest.raises(SystemExit) as ended:
        main(["prepare", "vic", str(tmp_path / "global.txt"), "-o", str(tmp_path / "vic.nml")])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert (tmp_path / "vic.nml").read_text() == text
    assert "took: FULL_ENERGY TRUE -> &vic" in told
    assert "left: LOG_DIR logs" in told


def test_a_global_file_of_the_classic_driver_becomes_a_namelist(tmp_path):
    write_classic(tmp_path)
    write_classic_forcing(tmp_path)
    _, found = prepared(tmp_path, GLOBAL.format(files=CLASSIC, forcing=COLUMNS).replace("forcing.", "data_"))
    values = {key: value for (group, key), value in found.values.items() if group == "vic"}
    assert values["soil"] == str(tmp_path / "soil.txt")
    assert values["bands"] == str(tmp_path / "bands.txt")
    assert {"BASEFLOW = NIJSSEN2001", "SNOW_BAND = 2", "VEGPARAM_LAI = TRUE"} <= set(values["file_options"])
    assert values["forcing_columns"] == tuple(FORCE_NAMES)
    assert (values["forcing_start"], values["forcing_steps_per_day"]) == ("1999-12-31", 24)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("CARBON TRUE", "CARBON TRUE is not built"), ("LAKES lakes.txt", "LAKES lakes.txt is not built"),
        ("BLOWING TRUE", "BLOWING TRUE"), ("SPATIAL_FROST TRUE 10", "SPATIAL_FROST TRUE 10"),
        ("SNOW_DENSITY DENS_SNTHRM", "SNOW_DENSITY"), ("CONSTANTS c.txt", "CONSTANTS c.txt"),
        ("WIND_H 2", "WIND_H 2"), ("QUICK_FLUX FALSE", "QUICK_FLUX FALSE with FROZEN_SOIL FALSE"),
        ("CALENDAR NOLEAP", "CALENDAR NOLEAP"), ("STARTDAY 32", "STARTYEAR 1999"), ("TIME_STEP 3", "of VIC 4"),
        ("RUNOFF_STEPS_PER_DAY 12", "no multiple"), ("COMPUTE_TREELINE 10", "COMPUTE_TREELINE 10"),
        ("FULL_ENERGY yes", "expected TRUE or FALSE"), ("FORCE_TYPE", "FORCE_TYPE without a name"),
    ],
)  # fmt: skip
def test_what_is_not_built_is_refused_by_name(tmp_path, line, words):
    write_image(tmp_path)
    with pytest.raises(ConfigurationError) as error:
        prepared(tmp_path, GLOBAL.format(files=IMAGE, forcing=TYPES + "\n" + line))
    assert words in str(error.value)
    assert "global.txt" in str(error.value)


def test_options_of_a_run_follow_from_vics():
    given = {"FULL_ENERGY": "TRUE", "FROZEN_SOIL": "TRUE", "NODES": 12, "MODEL_STEPS_PER_DAY": 24,
             "SNOW_STEPS_PER_DAY": 24, "RUNOFF_STEPS_PER_DAY": 48, "NLAYER": 2, "ROOT_ZONES": 4}  # fmt: skip
    assert model_options(given, "here") == {
        "energy": True, "frozen": True, "layers": 2, "nodes": 12, "zones": 4, "step": 3600, "substeps": 1,
        "runoff_steps": 2,
    }  # fmt: skip
    daily = model_options({"MODEL_STEPS_PER_DAY": "1", "SNOW_STEPS_PER_DAY": "8"}, "here")
    assert (daily["step"], daily["substeps"], daily["runoff_steps"], daily["nodes"]) == (86400, 8, 24, 3)


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

    cases = [case.values[0] for case in outputs()]
    if cases == [None]:
        pytest.skip("needs reference files of VIC")
    for path in cases:
        case = Case(path)
        found = node_depths(case.given, case.options["nodes"], case.options["frozen"])
        np.testing.assert_allclose(found, case.data["state_node_depth"].values.T, rtol=0, atol=1e-15, err_msg=str(path))
