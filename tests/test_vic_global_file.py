"""VIC's global parameter files: translated, refused, and opened through what they became."""

import numpy as np
import pytest
from freshet.driver.cli import main
from freshet.driver.errors import ConfigurationError
from freshet.driver.vic.open import open_forcing, open_parameters
from freshet.driver.vic.options import model_options
from freshet.driver.vic.prepare_vic import namelist_of_global

from vic_files import (
    FORCE_NAMES,
    PLACE,
    kernel_weather,
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
OUTFILE hours
AGGFREQ NHOURS 3
OUTVAR OUT_SURF_TEMP
OUTFILE quarters
AGGFREQ NHOURS 6
OUTVAR OUT_SWE_BAND
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
              "output.daily": ("OUT_RUNOFF", "OUT_SOIL_MOIST", "OUT_SWE_BAND"),
              "output.monthly": ("OUT_SWE",), "output.steps": ("OUT_SURF_TEMP",), "data.form": "vic"}  # fmt: skip
    assert {key: values[key] for key in wanted} == wanted
    assert "AIR_TEMP = tas" in values["vic.forcing_names"]
    assert any(line.startswith("LOG_DIR") for line in found.left)
    assert any("OUT_LAKE_DEPTH" in line for line in found.left)
    assert any(line.startswith("AGGFREQ NHOURS 6 of quarters: values of each day") for line in found.left)
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


@pytest.mark.parametrize(("files", "forcing"), [(IMAGE, TYPES), (CLASSIC, COLUMNS)], ids=["image", "classic"])
def test_a_namelist_opens_the_files_that_it_names(tmp_path, files, forcing):
    write_image(tmp_path)
    write_classic(tmp_path)
    write_image_forcing(tmp_path)
    write_classic_forcing(tmp_path)
    text = GLOBAL.format(files=files.replace("BASEFLOW NIJSSEN2001", ""), forcing=forcing)
    if files == CLASSIC:
        text = text.replace("forcing.", "data_").replace("FORCE_TYPE PRESSURE", "FORCE_TYPE SKIP\nFORCE_TYPE PRESSURE")
    _, found = prepared(tmp_path, text)
    vic = {key: value for (group, key), value in found.values.items() if group == "vic"}
    given, grid = open_parameters(vic)
    assert list(given.cell) == [11, 12, 13]
    np.testing.assert_array_equal(grid.latitude[grid.row], given.latitude)
    series = open_forcing(vic, given, 1999, 2000)
    for name, values in kernel_weather(slice(20, 31)).items():
        np.testing.assert_allclose(series.read(20, 31)[name], values, rtol=1e-9, err_msg=name)
    assert vic["step"] == 3


@pytest.mark.parametrize(
    ("vic", "words"),
    [
        ({}, "no soil"),
        ({"parameters": "p.nc", "file_options": ("LAI_SRC",)}, "'LAI_SRC', expected NAME = value"),
        ({"soil": "s", "vegetation": "v", "library": "l", "file_options": ("SNOW_BAND = many",)}, "SNOW_BAND is MANY"),
        ({"parameters": "p.nc", "file_options": ("SNOW_BANDS = 5",)}, "did you mean 'SNOW_BAND'?"),
        ({"parameters": "p.nc", "file_options": ("baseflow = NIJSSEN",)}, "BASEFLOW NIJSSEN is not built"),
    ],
)
def test_settings_that_open_nothing_are_refused(vic, words):
    with pytest.raises(ConfigurationError) as error:
        open_parameters(vic)
    assert words in str(error.value)
