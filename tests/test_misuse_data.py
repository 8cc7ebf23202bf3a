"""Ways to get the data wrong: one clear line each, naming file, variable, basin and day, before anything is written."""

from pathlib import Path

import netCDF4
import numpy as np
import pytest

from misuse import freshet

DAYS, BASINS = 500, ("0101", "0102", "0103")
NAMELIST = """&run
  model = 'hbv'
  warmup_days = 0
  block = 100
/
&data
  form = 'netcdf'
  path = 'x.nc'
/
"""


def sound_file(path: Path) -> None:
    """Three basins, 500 days from 1990-01-01, in the netCDF form."""
    random = np.random.default_rng(1)
    season = np.sin(np.arange(DAYS) * 2 * np.pi / 365)
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("basin", len(BASINS))
        file.createDimension("time", DAYS)
        file.createVariable("basin", str, ("basin",))[:] = np.array(BASINS, object)
        time = file.createVariable("time", "i4", ("time",))
        time.units, time.calendar = "days since 1990-01-01", "standard"
        time[:] = np.arange(DAYS)
        for name, unit, values in (
            ("precipitation", "mm day-1", random.gamma(0.3, 8.0, (len(BASINS), DAYS))),
            ("temperature_mean", "degC", 8 + 12 * season + random.normal(0, 3, (len(BASINS), DAYS))),
            ("streamflow", "mm day-1", random.gamma(1.0, 1.5, (len(BASINS), DAYS))),
        ):
            variable = file.createVariable(name, "f8", ("basin", "time"), fill_value=np.nan)
            variable.units = unit
            variable[:] = values
        for name, unit, values in (
            ("gauge_lat", "degrees_north", (40.0, 45.0, 50.0)),
            ("gauge_lon", "degrees_east", (-90.0, -80.0, -70.0)),
            ("area", "km2", (100.0, 200.0, 300.0)),
            ("test_subset", "1", (1.0, 0.0, 1.0)),
        ):
            variable = file.createVariable(name, "f8", ("basin",), fill_value=np.nan)
            variable.units = unit
            variable[:] = values


def _set(name, index, value):
    def change(file):
        file[name][index] = value

    return change


def _attribute(name, key, value):
    def change(file):
        if value is None:
            file[name].delncattr(key)
        else:
            file[name].setncattr(key, value)

    return change


def _rename(name, new):
    return lambda file: file.renameVariable(name, new)


def _shift(first, by):
    """Move all days from `first` on."""

    def change(file):
        file["time"][first:] = file["time"][first:] + by

    return change


# The change of the sound file, and what the message has to say besides the file's name.
BROKEN = {
    "missing variable": (_rename("temperature_mean", "warmth"), ["air_temperature"]),
    "time that is no time": (_attribute("time", "units", "m"), ["time", "'m'"]),
    "no units": (_attribute("precipitation", "units", None), ["precipitation", "units"]),
    "unknown units": (_attribute("precipitation", "units", "furlongs"), ["precipitation", "furlongs"]),
    "units of something else": (_attribute("precipitation", "units", "degC"), ["precipitation", "degC"]),
    "kelvin called degC": (
        lambda file: _set("temperature_mean", slice(None), file["temperature_mean"][:] + 273.15)(file),
        ["temperature_mean", "0101", "1990-01-01", "292.3", "-90 to 65", "is the unit right?"],
    ),
    "missing day": (_shift(59, 1), ["1990-03-01"]),
    "duplicate day": (_shift(59, -1), ["1990-02-28"]),
    "days out of order": (_set("time", slice(None, None), np.r_[1, 0, np.arange(2, DAYS)]), ["1990-01-0"]),
    "hours instead of days": (_attribute("time", "units", "hours since 1990-01-01"), ["1990-01-01"]),
    "unknown calendar": (_attribute("time", "calendar", "martian"), ["martian"]),
    "time without units": (_attribute("time", "units", None), ["time", "units"]),
    "NaN in precipitation": (_set("precipitation", (1, 123), np.nan), ["precipitation", "0102", "1990-05-04"]),
    "NaN in temperature": (
        _set("temperature_mean", (2, 499), np.nan),
        ["temperature_mean", "0103", "1991-05-15", "on_missing"],
    ),
    "infinite precipitation": (_set("precipitation", (0, 3), np.inf), ["precipitation", "0101", "1990-01-04"]),
    "a day without weather": (_set("precipitation", (slice(None), 31), np.nan), ["precipitation", "1990-02-01"]),
    "negative precipitation": (_set("precipitation", (2, 10), -5.0), ["precipitation", "0103", "1990-01-11", "-5"]),
    "impossible precipitation": (_set("precipitation", (0, 0), 9e9), ["precipitation", "0101", "1990-01-01"]),
    "impossible temperature": (_set("temperature_mean", (0, 0), 99.0), ["temperature_mean", "0101", "99", "-90 to 65"]),
    "id twice": (_set("basin", 1, "0101"), ["0101"]),
    "no latitude for oudin": (_rename("gauge_lat", "north"), ["latitude"]),
    "NaN in latitude": (_set("gauge_lat", 1, np.nan), ["latitude", "0102"]),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the sound file and its namelist, entered."""
    sound_file(tmp_path / "x.nc")
    (tmp_path / "x.nml").write_text(NAMELIST)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files() -> list[Path]:
    return sorted(path for path in Path().rglob("*") if path.is_file())


def refused(capsys, status: int, words: list[str], *arguments: str) -> None:
    """The command ends with the status and one line that has all the words, and writes no file."""
    before = files()
    ended, out, err = freshet(capsys, *arguments)
    assert (ended, out) == (status, ""), err
    assert err.count("\n") == 1
    assert err.startswith("freshet: error: ")
    for word in words:
        assert word in err
    assert files() == before


def test_the_sound_file_is_accepted(folder, capsys):
    status, out, err = freshet(capsys, "check", "x.nml")
    assert (status, err) == (0, "")
    assert "1990-01-01 to 1991-05-15, 500 days" in out
    assert "3: 0101, 0102, 0103" in out


@pytest.mark.parametrize("name", BROKEN)
def test_wrong_data_end_with_one_line_and_status_3(folder, capsys, name):
    change, words = BROKEN[name]
    with netCDF4.Dataset("x.nc", "a") as file:
        change(file)
    refused(capsys, 3, ["x.nc", *words], "check", "x.nml")


@pytest.mark.parametrize("kept", [0.95, 0.5, 0.1, 0.001])
def test_a_truncated_file_is_refused(folder, capsys, kept):
    whole = Path("x.nc").read_bytes()
    Path("x.nc").write_bytes(whole[: int(len(whole) * kept)])
    refused(capsys, 3, ["x.nc"], "check", "x.nml")


def test_a_file_of_another_kind_is_refused(folder, capsys):
    Path("x.nc").write_text("date,precipitation\n1990-01-01,1.0\n")
    refused(capsys, 3, ["x.nc"], "check", "x.nml")


# --set, exit status and words: what is asked for does not fit the data.
UNFIT = {
    "unknown basin": (["data.basins=0101,0120"], 2, ["0120", "did you mean"]),
    "no such period": (["run.start=1989-12-31"], 2, ["1989-12-31", "1990-01-01"]),
    "end after the data": (["run.end=1991-05-16"], 2, ["1991-05-16", "1991-05-15"]),
    "day of another calendar": (["run.start=1990-02-30"], 2, ["1990-02-30"]),
    "unknown subset": (["data.subset=tset_subset"], 2, ["tset_subset", "test_subset"]),
    "potential evaporation not there": (["data.pet=given"], 2, ["potential_evaporation", "x.nc"]),
    "no extremes for hargreaves": (["data.pet=hargreaves"], 2, ["hargreaves", "x.nc"]),
    "no radiation for penman_monteith": (["data.pet=penman_monteith"], 2, ["penman_monteith", "x.nc"]),
    "not a caravan folder": (["data.form=caravan", "data.path=."], 3, ["timeseries"]),
    "not a camels folder": (["data.form=camels_us", "data.path=."], 3, ["basin_mean_forcing"]),
}


@pytest.mark.parametrize("name", UNFIT)
def test_asking_for_what_the_data_do_not_have_is_refused(folder, capsys, name):
    asked, status, words = UNFIT[name]
    arguments = [word for text in asked for word in ("--set", text)]
    refused(capsys, status, words, "check", "x.nml", *arguments)


def test_precipitation_just_below_zero_is_clipped_and_told(folder, capsys):
    with netCDF4.Dataset("x.nc", "a") as file:
        file["precipitation"][2, 10] = -1e-9
    status, out, err = freshet(capsys, "check", "x.nml")
    assert (status, err) == (0, "")
    assert "precipitation: 1 value below 0" in out


@pytest.mark.parametrize("how", ["interpolate", "persist", "climatology"])
def test_gaps_are_filled_when_asked_for_and_told(folder, capsys, how):
    with netCDF4.Dataset("x.nc", "a") as file:
        file["temperature_mean"][1, 400] = np.nan
    status, out, err = freshet(capsys, "check", "x.nml", "--set", f"data.on_missing={how}")
    assert (status, err) == (0, "")
    assert "temperature_mean: 1 missing day of 1 basin filled" in out


def test_gaps_in_discharge_are_no_error(folder, capsys):
    with netCDF4.Dataset("x.nc", "a") as file:
        file["streamflow"][:, 100:350] = np.nan
    status, out, err = freshet(capsys, "check", "x.nml")
    assert (status, err) == (0, "")
    assert "50" in next(line for line in out.splitlines() if "days with discharge" in line).split()


def test_check_writes_nothing_and_knows_an_earlier_run(folder, capsys):
    before = files()
    assert freshet(capsys, "check", "x.nml")[0] == 0
    assert files() == before
    assert freshet(capsys, "run", "x.nml")[0] == 0
    assert len(files()) > len(before)
    before = files()
    status, out, err = freshet(capsys, "check", "x.nml")  # all is told, and then why the run would not start
    assert (status, err.count("\n")) == (2, 1)
    assert all(word in err for word in ("freshet: error: ", "output/x", "--resume", "overwrite"))
    assert "freshet run would keep an earlier run" in out
    assert "potential_evaporation" in out
    assert files() == before
    assert "goes on from restart_" in freshet(capsys, "check", "x.nml", "--set", "run.resume=true")[1]
    other = ("--set", "run.resume=true", "--set", "run.precision=float64")
    refused(capsys, 3, ["output/x", "precision: float32 there, float64 here"], "check", "x.nml", *other)


def test_a_run_refuses_wrong_data_before_it_writes(folder, capsys):
    with netCDF4.Dataset("x.nc", "a") as file:
        file["precipitation"][1, 123] = np.nan
    refused(capsys, 3, ["precipitation", "0102", "1990-05-04"], "run", "x.nml")
