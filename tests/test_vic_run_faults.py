"""What is wrong with VIC's files or with the settings of a run of them is said in one line."""

import shutil
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from freshet.driver.catchments import open_source
from freshet.driver.checking import period
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.parameters import parameters
from freshet.driver.settings import load, parse
from freshet.driver.states_to_write import StatesToWrite

import vic_files
import vic_run_case as case


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    return case.write_all(tmp_path_factory.mktemp("vic") / "files")


@pytest.fixture
def files(sound, tmp_path) -> Path:
    """Files that a test may spoil."""
    return shutil.copytree(sound, tmp_path / "files")


def complaint(files: Path, *overrides: str) -> str:
    """The one line with which a run is refused before it begins."""
    with pytest.raises((ConfigurationError, InputError)) as error:
        begin(files, *overrides)
    assert "\n" not in str(error.value)
    return str(error.value)


def begin(files: Path, *overrides: str) -> None:
    """Everything short of running."""
    settings = case.settings(files, files / "run", *overrides)
    source = open_source(settings)
    period(settings, source)
    StatesToWrite(settings, source)
    parameters(settings, source, settings.model)
    source.forcing(0, source.axis.count)


def spoil(path: Path, name: str, change) -> None:
    """Change the values of a variable."""
    with netCDF4.Dataset(path, "r+") as data:
        data[name][:] = change(data[name][:])


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["vic.layers=2"], "params.nc has 3 soil layers, &vic layers is 2: write layers = 3"),
        (["vic.zones=4"], "has 3 root zones, &vic zones is 4"),
        (["vic.step=5"], "&vic.step=5: found 5, expected a whole part of a day".removeprefix("&")),
        (["vic.step=1"], "has a record every 3 h, which do not make the sub-steps of 1 h"),
        (["vic.frozen=true"], "needs the energy balance"),
        (["vic.forcing_names=PREC=prcp"], "no FORCE_TYPE AIR_TEMP"),
        (["vic.forcing_names="], "has no value"),
        (["vic.forcing={folder}/other.{{year}}.nc"], "no file"),
        (["run.end=2001-03-01"], "forcing.2001.nc does not exist: expected forcing of the years 1999 to 2001"),
        (["run.start=1999-12-01"], "&run start: 1999-12-01 lies outside of the data"),
        (["data.basins=99"], "no basin '99'"),
        (["data.form=generated"], "'generated' has no weather for model 'vic': write form = 'vic'"),
        (["vic.soil={folder}/params.nc"], "parameters: is given beside soil"),
        (["vic.state_date=2000-01-01"], "state_date=2000-01-01: is given without state_path"),
        (
            ["vic.state_path={folder}/state", "vic.state_date=2000-02-01"],
            "case.nml: &vic state_date: found 2000-02-01, expected 1999-12-27 to 2000-01-07, days before which the run "
            "has states: write one of them, or leave state_date out for the end of the run",
        ),
        (["vic.state_path={folder}/state", "vic.state_date=1999-12-26"], "found 1999-12-26, expected 1999-12-27 to"),
        (["vic.state_path={folder}/state", "vic.state_date=2000-02-30"], "state_date"),
        (["vic.file_options=SNOW_BAND = 3"], "AreaFract has 2 band, the options say 3"),
        (["vic.initial_state={folder}/params.nc"], "has no variable 'STATE_SOIL_MOISTURE'"),
        (["output.frequency=2 hours"], "the steps of the model have 3 h, expected a multiple"),
        (["output.steps=streamflow"], "streamflow is routed from day to day"),
        (["output.daily=OUT_SOIL_MOISTURE"], "did you mean 'OUT_SOIL_MOIST'"),
        (["parameters.infilt=20"], "found 20, expected 0.0001 to 10"),
        (["parameters.DSMAX=500"], "found 500, expected 0.001 to 200 mm d-1"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_by_name(files, overrides, words):
    assert words in complaint(files, *overrides)


def test_settings_of_vic_are_refused_with_another_model(files):
    with pytest.raises(ConfigurationError) as error:
        begin(files, "run.model=hbv")
    assert "'vic' is for model 'vic', and the model is 'hbv'" in str(error.value)
    assert "&vic forcing: is read by model 'vic' only" in str(error.value)


def test_a_misspelt_key_is_answered_with_the_nearest(files):
    assert "unknown key" in (said := complaint(files, "vic.runof_steps=3"))
    assert "runoff_steps" in said


def test_weather_in_other_units_is_refused_with_the_unit_that_is_expected(files):
    spoil(files / "forcing.2000.nc", "pres", lambda values: 1000.0 * values)
    assert "PRESSURE is 88000 at 2000-01-01T00:00:00, place 1; expected 30 to 115 kPa" in complaint(files)


def test_a_gap_is_told_with_its_time_and_place(files):
    def gap(values):
        values[5, 1, 0] = np.nan
        return values

    spoil(files / "forcing.1999.nc", "tas", gap)
    assert "AIR_TEMP is missing at 1999-12-26T15:00:00" in complaint(files)


def test_missing_months_are_told(files):
    spoil(files / "forcing.2000.nc", "time", lambda values: values + 31 * 24)
    assert "2000-02-01" in complaint(files)


def test_files_of_other_cells_are_told(files):
    spoil(files / "forcing.2000.nc", "lat", lambda values: values + 10.0)
    said = complaint(files)
    assert "forcing.2000.nc" in said
    shutil.copy(files / "forcing.1999.nc", files / "forcing.2000.nc")
    spoil(files / "domain.nc", "lon", lambda values: values + 1.0)
    assert "domain.nc" in complaint(files)


def test_a_parameter_that_cannot_be_names_cell_and_limits(files):
    spoil(files / "params.nc", "Ds", lambda values: 0.0 * values + 3.0)
    assert "Ds is 3 at cell 11 (latitude 48, longitude -121)" in complaint(files)


def test_settings_of_vic_written_out_are_read_again(files, tmp_path):
    read = case.settings(files, tmp_path / "run", "vic.step=24", "output.steps=OUT_SOIL_TNODE")
    assert (read.model.options["substeps"], read.model.options["runoff_steps"]) == (8, 24)
    assert parse(read.text()) == read
    (tmp_path / "x.nml").write_text(read.text())
    assert load(tmp_path / "x.nml").model is read.model
    assert read.output.steps == ("OUT_SOIL_TNODE_1", "OUT_SOIL_TNODE_2", "OUT_SOIL_TNODE_3")


@pytest.mark.parametrize("overrides", [(), ("vic.state_date=1999-12-27",), ("vic.state_date=2000-01-07",),
                                       ("run.warmup_days=2", "vic.state_date=1999-12-26")])  # fmt: skip
def test_states_of_any_day_behind_the_first_can_be_asked_for(files, overrides):
    begin(files, "vic.state_path={folder}/state", *overrides)


def test_two_tiles_of_one_class_are_told_before_states_are_to_be_written(files, monkeypatch):
    monkeypatch.setitem(vic_files.CELLS, 11, [(10, 0.6), (10, 0.3)])
    paths = vic_files.write_classic(files)
    text = case.settings(files, files / "run", f"vic.state_path={files}/state").text()
    kept = [line for line in text.splitlines() if line.split("=")[0].strip() not in ("parameters", "domain")]
    named = [f"vic.{key}={paths[key]}" for key in ("soil", "vegetation", "library")]
    asked = parse("\n".join(kept), "case.nml", [*named, "vic.file_options=VEGPARAM_LAI = TRUE,LAI_SRC = FROM_VEGPARAM"])
    with pytest.raises(ConfigurationError) as error:
        StatesToWrite(asked, open_source(asked))
    said = str(error.value)
    assert "case.nml: &vic state_path: found two tiles of one class at cell 11 (latitude 48, longitude -121)" in said
    assert said.endswith("merge them there, or leave state_path out")
