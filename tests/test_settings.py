"""Settings: the table agrees with itself, wrong values are refused with a remedy, the resolved namelist is whole."""

import pickle
from pathlib import Path
from random import Random

import pytest
from freshet.driver import settings
from freshet.driver.errors import ConfigurationError
from freshet.driver.setting import TYPES
from freshet.driver.setting_value import convert
from freshet.driver.settings_model import settings_of
from freshet.driver.settings_table import GROUPS, SETTINGS
from freshet.kernels.registry import MODELS, forms

BARE = "&run\n/\n&data\n/\n"
NAMELISTS = sorted((Path(__file__).resolve().parent.parent / "namelists").glob("*.nml"))


def problems_of(text: str, overrides=(), command="run") -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        settings.parse(text, "x.nml", overrides, command)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: f"{setting.group}.{setting.key}")
def test_every_default_passes_its_own_check(setting):
    assert setting.group in GROUPS
    assert setting.type in TYPES
    assert setting.meaning
    raw = list(setting.default) if setting.is_list and setting.default else setting.default or ""
    raw = setting.default if setting.type in ("integer", "real", "logical") else raw
    assert convert(setting, raw) == setting.default


def test_no_key_is_declared_twice():
    keys = [(setting.group, setting.key) for setting in SETTINGS]
    assert len(keys) == len(set(keys))


def test_an_empty_namelist_group_has_all_defaults():
    read = settings.parse(BARE, "x.nml")
    assert (read.run.model, read.run.version, read.run.threads) == ("hbv", "1.0", 1)
    assert read.output.variables == ("streamflow",)
    assert read.output.directory == "output/x"
    assert read.parameters.overrides == {}
    assert read.model.label == "hbv-1.0"


def test_settings_cannot_be_changed_nor_misspelt():
    read = settings.parse(BARE)
    with pytest.raises(AttributeError, match="frozen"):
        read.run.threads = 2
    with pytest.raises(AttributeError, match="frozen"):
        read.run = None
    with pytest.raises(AttributeError, match="&run has no setting 'thraeds'"):
        _ = read.run.thraeds


def test_settings_survive_pickling():
    read = settings.parse(BARE)
    assert pickle.loads(pickle.dumps(read)) == read


FULL = """
&run model = 'hbv', version = '1.1p', start = '0001-01-01', end = '9999-12-31', precision = 'float64',
     title = 'it''s 5 o''clock! & / "so"' /
&data form = 'generated', basins = '01', '02', limit = 3 /
&parameters fc = 320, c = 0.1, route_a = 1e-3 /
&output variables = 'all', restart_every = 7 /
&network hidden = 7 /
&training learning_rate = 3.3333333333333331e-05 /
"""


@pytest.mark.parametrize("text", [BARE, FULL], ids=["bare", "full"])
def test_the_resolved_namelist_loads_to_the_same_settings(text):
    read = settings.parse(text, "x.nml")
    again = settings.parse(read.text(), "other.nml")
    assert again == read
    assert again.text() == read.text()


def test_settings_that_differ_are_not_equal():
    assert settings.parse(BARE, "x.nml") != settings.parse(BARE, "x.nml", ["run.threads=2"])


def test_long_lists_are_resolved_on_several_lines():
    ids = [f"{number:08d}" for number in range(400)]
    read = settings.parse(BARE, "x.nml", ["data.basins=" + ",".join(ids)])
    assert max(map(len, read.text().splitlines())) < 130
    assert settings.parse(read.text(), "y.nml").data.basins == tuple(ids)


def test_paths_know_variables_and_home(monkeypatch, tmp_path):
    monkeypatch.setenv("SOMEWHERE", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.nc").write_bytes(b"")
    text = "&run\n/\n&data\nform = 'netcdf'\npath = '$SOMEWHERE/a.nc'\n/\n&output\ndirectory = '~/out'\n/"
    read = settings.parse(text)
    assert read.data.path == f"{tmp_path}/a.nc"
    assert read.output.directory == f"{tmp_path}/out"
    monkeypatch.delenv("SOMEWHERE")
    assert "environment variable SOMEWHERE is not set" in problems_of(text)[0]


def test_basins_may_stand_in_a_file(tmp_path):
    file = tmp_path / "basins.txt"
    file.write_text("01013500\n\n# a comment\n01022500  # and one here\n")
    assert settings.parse(BARE, overrides=[f"data.basins={file}"]).data.basins == ("01013500", "01022500")
    file.write_text("01013500\n01013500\n")
    assert "names 01013500 more than once" in problems_of(BARE, [f"data.basins={file}"])[0]
    file.write_text("\n")
    assert "is empty" in problems_of(BARE, [f"data.basins={file}"])[0]
    assert "cannot be read" in problems_of(BARE, [f"data.basins={tmp_path}/none.txt"])[0]


def test_words_for_groups_of_variables_are_replaced_by_their_names():
    model = settings.parse(BARE).model
    states = tuple(state.name for state in model.states)
    read = settings.parse(BARE, overrides=["output.variables=streamflow,states,snowpack"])
    assert read.output.variables == ("streamflow", *states)


OVERRIDES = {
    "run.threads=2": ("run", "threads", 2),
    " run.threads = 2 ": ("run", "threads", 2),
    "RUN.Threads=2": ("run", "threads", 2),
    "run.gamma=true": ("run", "gamma", True),
    "run.gamma=.T.": ("run", "gamma", True),
    "run.title=two words, a=b": ("run", "title", "two words, a=b"),
    "run.version='2.0'": ("run", "version", "2.0"),
    "run.version=2.0": ("run", "version", "2.0"),
    "run.start=1990-01-01": ("run", "start", "1990-01-01"),
    "network.hidden=64,32": ("network", "hidden", (64, 32)),
    "data.basins=01013500": ("data", "basins", ("01013500",)),
    "training.learning_rate=1d-3": ("training", "learning_rate", 1e-3),
}


@pytest.mark.parametrize("text", OVERRIDES)
def test_set_replaces_a_setting(text):
    group, key, value = OVERRIDES[text]
    assert getattr(getattr(settings.parse(BARE, overrides=[text]), group), key) == value


def test_set_wins_over_a_wrong_value_in_the_file():
    assert settings.parse("&run\nthreads = -1\n/\n&data\n/", overrides=["run.threads=2"]).run.threads == 2


WRONG_OVERRIDES = {
    "run.thread=2": "unknown key; did you mean 'threads'?",
    "rnu.threads=2": "unknown group 'rnu'; did you mean 'run'?",
    "run.threads=two": "found two, expected a whole number",
    "run.threads=2.5": "found 2.5, expected a whole number",
    "run.threads=0": "found 0, expected 1 to 1024",
    "run.threads=": "has no value",
    "run.threads": "expected group.key=value",
    "threads=2": "expected group.key=value",
    "run.gamma=maybe": "expected .true. or .false.",
    "run.start=1990": "expected a date 'YYYY-MM-DD'",
    "parameters.fc=wet": "found 'wet', expected a number",
    "parameters.fc=1": "found 1, expected 50 to 1000 mm",
    "network.hidden=1,,2": "found '', expected a whole number",
}


@pytest.mark.parametrize("text", WRONG_OVERRIDES)
def test_a_wrong_set_names_itself(text):
    found = problems_of(BARE, [text])
    assert len(found) == 1
    assert found[0].startswith(f"--set {text}: ")
    assert WRONG_OVERRIDES[text] in found[0]


def test_set_twice_is_refused():
    assert "run.threads is set twice" in problems_of(BARE, ["run.threads=2", "run.threads=3"])[0]


# What a model cannot be asked for without.
FILES = {"vic": ["data.form=vic", "vic.parameters=.", "vic.forcing=forcing"]}


def test_each_parameter_is_held_to_the_bounds_of_its_declaration():
    for form in (form for name in MODELS for form in forms(name)):
        how = [f"{group}.{key}={value}" for (group, key), value in settings_of(form).items()]
        how += FILES.get(form.name, [])
        for variable in form.parameters:
            inside = settings.parse(BARE, overrides=[*how, f"parameters.{variable.name}={variable.high!r}"])
            assert inside.parameters.overrides == {variable.name: variable.high}
            for value in (variable.low - 1e-3, variable.high + 1e-3):
                [message] = problems_of(BARE, [*how, f"parameters.{variable.name}={value!r}"])
                assert f"expected {variable.low:g} to {variable.high:g}" in message


def test_the_form_of_hydropy_comes_from_its_own_group():
    overrides = ["run.model=hydropy", "hydropy.melt=both", "hydropy.leakage=true", "hydropy.smooth=true"]
    assert settings.parse(BARE, overrides=overrides).model.label == "hydropy-both-leakage-smooth"
    assert settings.parse(BARE, overrides=["run.model=hydropy"]).model.label == "hydropy"


@pytest.mark.parametrize(
    ("own", "other"), [("run.version=2.0", "hydropy"), ("run.gamma=true", "hydropy"), ("hydropy.skin=false", "hbv")]
)
def test_settings_of_another_model_are_refused(own, other):
    [message] = problems_of(BARE, [f"run.model={other}", own])
    assert message.startswith(f"--set {own}: is read by model '")
    assert f"the model is '{other}'" in message


@pytest.mark.parametrize("calendar_day", ["1990-02-31", "1990-13-01", "1990-00-10", "0000-01-01", "1990-04-31"])
def test_days_of_no_calendar_are_refused(calendar_day):
    assert "in no calendar" in problems_of(BARE, [f"run.start={calendar_day}"])[0]


def test_the_thirtieth_of_february_waits_for_the_calendar_of_the_data():
    assert settings.parse(BARE, overrides=["run.start=1990-02-30"]).run.start == "1990-02-30"


@pytest.mark.parametrize("file", NAMELISTS, ids=lambda file: file.name)
def test_every_namelist_of_the_project_is_sound(file, tmp_path, monkeypatch):
    rhine = [f"rhine_meuse_30min/{name}.nc" for name in ("rhine_meuse_30min", "discharge_rhine")]
    walnut, stehekin = "WalnutGulch/parameters", "Stehekin/parameters"
    vic = [f"FindleyLake/parameters/{name}.FindleyLake" for name in ("params", "domain")]
    vic += [f"{walnut}/{name}.0.0625_deg" for name in ("params.WalnutGulch.L2015", "domain.WalnutGulch")]
    vic += [f"{stehekin}/{name}" for name in ("Stehekin_test_params_20160327", "domain.stehekin.20151028")]
    rhine += [f"basin_water_balance_monthly/basin_{name}.nc" for name in ("water_balance_monthly", "mask_05deg")]
    rhine.append("global_static_05deg/global_static_05deg.nc")
    more = (*rhine, *(f"vic_sample/{name}.nc" for name in vic))
    for name in ("caravan_camels_us/caravan_camels_us.nc", "camels_us_text_format/x", *more):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).touch()
    runs = ("hbv_caravan", "evaluate_caravan", "rhine_trained", "hydropy_rhine")
    for made in ("output/train_caravan/best.pt", *(f"output/{name}/x" for name in runs)):
        (tmp_path / made).parent.mkdir(parents=True)
        (tmp_path / made).touch()
    monkeypatch.setenv("FRESHET_SHARED", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    known = {"calibrate": "train", "independent": "evaluate-independent"}
    known |= {name: name for name in ("train", "evaluate", "experiment", "explain")}
    command = known.get(file.name.split("_")[0], "run")
    read = settings.load(file, command=command)
    assert settings.parse(read.text(), command=command) == read
    assert read.run.title


def test_all_namelists_were_found():
    assert len(NAMELISTS) >= 6


def test_no_mutilation_of_a_namelist_escapes_the_checks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    random = Random(1)
    letters = "&/='\"!,.*$%()[]{}0123456789aeE+- \t\n\r\\\u201c\xe9\0#@;:<>~"
    refused = []
    for _ in range(3000):
        text = list(FULL)
        for _ in range(random.randint(1, 4)):
            place = random.randrange(len(text))
            text[place : place + random.randint(0, 3)] = random.choices(letters, k=random.randint(0, 3))
        try:
            read = settings.parse("".join(text), "x.nml")
        except ConfigurationError as error:
            refused.append(str(error))
        else:
            assert settings.parse(read.text(), "x.nml") == read
    assert 1000 < len(refused) < 3000
    assert all(line.startswith("x.nml") for message in refused for line in message.split("\n"))


def test_the_command_that_goes_on_repeats_what_was_set(tmp_path):
    file = tmp_path / "my list.nml"
    file.write_text("&run\n/\n&data\n/\n")
    loaded = settings.load(file, ("output.directory=a b", "run.threads=2", "run.resume=true"))
    assert loaded.command("run") == f"freshet run '{file}' --set 'output.directory=a b' --set run.threads=2 --resume"
    assert settings.load(file).command("train") == f"freshet train '{file}' --resume"


def test_evaluations_pictures_and_trainings_lie_with_the_run():
    found = settings.parse("&run\n/\n&data\n/\n", "x.nml", ("output.directory=there",))
    assert found.evaluation.directory == found.plot.directory == "there"
    assert found.training.directory == "there/training"
    found = settings.parse("&run\n/\n&data\n/\n", "x.nml", ("evaluation.directory=skill",))
    assert (found.output.directory, found.plot.directory) == ("output/x", "skill")


def test_a_fraction_is_not_rounded_for_the_user():
    assert "write 2" in problems_of("&run components = 2.0 /\n&data /\n")[0]
    assert "write" not in problems_of("&run components = 1.5 /\n&data /\n")[0]
