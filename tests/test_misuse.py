"""Ways to get a namelist wrong: one clear line each, with the right exit status, before anything runs.

The data's ways to be wrong are in test_misuse_data.py.
"""

import pytest

from misuse import GENERATED, freshet

# How the sound namelist is broken: what to replace, by what, line of the message (0: none), what it has to say.
NAMELIST = {
    "unknown group": ("&output", "&ouput", 12, ["&ouput", "unknown group", "did you mean 'output'?"]),
    "unknown key": ("threads = 1", "thread = 1", 6, ["&run thread", "did you mean 'threads'?"]),
    "key of another group": ("threads = 1", "frequency = 'day'", 6, ["unknown key", "belongs to &output"]),
    "wrong type": ("threads = 1", "threads = 'two'", 6, ["found 'two'", "expected a whole number"]),
    "fraction for a whole number": ("threads = 1", "threads = 1.5", 6, ["found 1.5", "whole number"]),
    "out of range": ("threads = 1", "threads = 0", 6, ["found 0", "expected 1 to 1024"]),
    "text for a logical": ("threads = 1", "gamma = 'yes'", 6, ["found 'yes'", "expected .true. or .false."]),
    "bad choice": ("'float32'", "'single'", 5, ["found 'single'", "expected one of: float32, float64"]),
    "choice in capitals": ("'float32'", "'FLOAT32'", 5, ["did you mean 'float32'?"]),
    "unknown model": ("model = 'hbv'", "model = 'hvb'", 2, ["unknown model 'hvb'", "did you mean 'hbv'?"]),
    "unknown version": ("'1.0'", "'1.2'", 3, ["unknown version '1.2'", "1.0, 1.1p, 2.0"]),
    "version without quotes": ("'1.0'", "1.0", 3, ["found 1.0 without quotes", "write version = '1.0'"]),
    "gamma where it always is": ("version = '1.0'", "version = '1.1p', gamma = .true.", 3, ["always has it", "leave"]),
    "duplicate key": ("threads = 1", "threads = 1\n threads = 2", 7, ["given twice (first on line 6)", "keep one"]),
    "duplicate group": ("&output", "&run\n/\n&output", 12, ["&run appears twice (first on line 1)", "join"]),
    "unquoted date": ("'1990-01-01'", "1990-01-01", 4, ["dates need quotes", "write start = '1990-01-01'"]),
    "date in another form": ("'1990-01-01'", "'1.1.1990'", 4, ["found '1.1.1990'", "'YYYY-MM-DD'"]),
    "day of no calendar": ("'1990-01-01'", "'1990-02-31'", 4, ["'1990-02-31'", "in no calendar"]),
    "end before start": ("threads = 1", "end = '1989-01-01'", 6, ["'1989-01-01' lies before start", "1990-01-01"]),
    "unit after a number": ("threads = 1", "block = 365d", 6, ["number with a unit", "write the number alone (365)"]),
    "empty value": ("threads = 1", "threads =", 6, ["has no value"]),
    "unclosed quote": ("'hbv'", "'hbv", 2, ["quote of 'hbv is not closed"]),
    "unquoted text": ("'hbv'", "hbv", 2, ["unquoted text 'hbv'", "write 'hbv' in quotes"]),
    "missing slash": ("/\n&data", "&data", 1, ["&run has no closing '/' before &data"]),
    "text outside groups": ("&data", "years = 3\n&data", 8, ["outside any group", "would be ignored"]),
    "missing group": ("&data\n  form = 'generated'\n/", "", 0, ["&data", "the group is missing"]),
    "path without a form": ("form = 'generated'", "path = 'x.nml'", 9, ["path: is given without a form"]),
    "form without a path": ("'generated'", "'netcdf'", 9, ["'netcdf' needs a path", "add path = "]),
    "missing data": ("'generated'", "'netcdf' path = 'none.nc'", 9, ["'none.nc' does not exist"]),
    "unset variable": ("'generated'", "'netcdf' path = '$NOT_SET/a.nc'", 9, ["variable NOT_SET is not set", "export"]),
    "unknown output": ("'streamflow'", "'streamflaw'", 13, ["no output 'streamflaw'", "did you mean 'streamflow'?"]),
    "output twice": ("'streamflow'", "'runoff', 'runoff'", 13, ["names runoff more than once"]),
    "parameter below its bound": ("! fc", "fc = 1.0 !", 17, ["fc: found 1.0", "expected 50 to 1000 mm"]),
    "decimal comma": ("! fc", "fc = 300,5 !", 17, ["found 2 values", "is the comma a decimal point?"]),
    "parameter not a number": ("! fc", "fc = nan !", 17, ["found nan", "expected a finite number"]),
    "parameter of another version": ("! fc", "rt = 1.0 !", 17, ["hbv-1.0 has no such parameter; hbv-2.0 has"]),
    "unknown parameter": ("! fc", "cfmx = 1.0 !", 17, ["no such parameter", "did you mean 'cfmax'?"]),
    "source without a path": ("! fc", "source = 'file' !", 17, ["'file' needs a path"]),
    "folder that is a file": (
        "'streamflow'",
        "'runoff' directory = 'x.nml'",
        13,
        ["is a file, expected a folder"],
    ),
}


@pytest.mark.parametrize("name", NAMELIST)
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_wrong_namelist_ends_with_one_line_and_status_2(tmp_path, monkeypatch, capsys, command, name):
    sound, broken, line, words = NAMELIST[name]
    assert GENERATED.count(sound) == 1
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.nml").write_text(GENERATED.replace(sound, broken))
    status, out, err = freshet(capsys, command, "x.nml")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith(f"freshet: error: x.nml:{line}: " if line else "freshet: error: x.nml: ")
    for word in words:
        assert word in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.nml"]


def test_every_error_has_its_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = GENERATED
    # Those whose change moves no line and that do not hide each other.
    for name in ("unknown key", "bad choice", "unquoted date", "unknown version", "unset variable", "unknown group"):
        sound, broken, _, _ = NAMELIST[name]
        text = text.replace(sound, broken)
    (tmp_path / "x.nml").write_text(text)
    status, _, err = freshet(capsys, "run", "x.nml", "--set", "run.block=0")
    assert status == 2
    numbers = [line.split(":")[3] for line in err.splitlines()[:-1]]
    assert numbers == ["3", "4", "5", "6", "9", "12"]
    assert "--set run.block=0: found 0" in err.splitlines()[-1]


TRAINING = {
    "no training group": ("&training", "&nothing", "the group is missing"),
    "no training period": ("start = '1990-01-01'\nend = '1994-12-31'", "", "training period"),
    "end alone": ("start = '1990-01-01'\nend", "end", "&training start: is missing: end is given alone"),
    "test overlaps": ("'1995-01-01'", "'1994-12-31'", "overlaps start to end ('1990-01-01' to '1994-12-31')"),
    "unknown loss": ("epochs = 1", "loss = 'mse'", "found 'mse', expected one of: "),
    "negative rate": ("epochs = 1", "learning_rate = -1.0", "learning_rate: found -1.0, expected 1e-12 to 100"),
}


@pytest.mark.parametrize("name", TRAINING)
def test_a_wrong_training_namelist_ends_with_status_2(tmp_path, monkeypatch, capsys, name):
    text = (
        GENERATED + "&training\nstart = '1990-01-01'\nend = '1994-12-31'\n"
        "test_start = '1995-01-01'\ntest_end = '1999-12-31'\nepochs = 1\n/\n"
    )
    sound, broken, words = TRAINING[name]
    assert text.count(sound) == 1
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.nml").write_text(text.replace(sound, broken))
    status, out, err = freshet(capsys, "train", "x.nml")
    assert (status, out) == (2, "")
    assert words in err
    assert all(line.startswith("freshet: error: x.nml:") for line in err.splitlines())


def test_inputs_of_evaluate_and_plot_have_to_exist(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.nml").write_text("&evaluation\nsimulation = 'out'\n/\n&plot\ninput = 'out'\n/\n&data\n/\n")
    for command, place in (("evaluate", "x.nml:2: &evaluation simulation"), ("plot", "x.nml:5: &plot input")):
        status, _, err = freshet(capsys, command, "x.nml")
        assert status == 2
        assert err.count("\n") == 1
        assert f"{place}: 'out' does not exist" in err
        assert "makes it" in err


@pytest.mark.parametrize(("key", "date"), [("start", "1980-01-01"), ("end", "1990-02-30")])
def test_a_period_outside_of_the_data_is_told_with_its_key(capsys, tmp_path, monkeypatch, key, date):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.nml").write_text(GENERATED)
    status, _, err = freshet(capsys, "run", "x.nml", "--set", f"run.{key}={date}")
    assert (status, err.count("\n")) == (2, 1)
    assert f"x.nml: &run {key}: " in err
    assert date in err
