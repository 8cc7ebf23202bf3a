"""The command line: help for everybody, one line for every error, the right exit status, and quick."""

import json
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from freshet import __version__
from freshet.driver import cli, settings
from freshet.driver.errors import FreshetError
from freshet.driver.settings_table import GROUPS, SETTINGS
from freshet.kernels.registry import MODELS, forms

COMMANDS = ("run", "check", "describe", "train", "evaluate", "plot")


def freshet(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command, in this process."""
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def in_a_process(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "freshet", *arguments], capture_output=True, text=True, check=False)


def test_help_of_every_command_has_an_example(capsys):
    for command in COMMANDS:
        status, out, err = freshet(capsys, command, "--help")
        assert (status, err) == (0, "")
        assert f"freshet {command} " in out
        if command != "describe":
            assert "--set GROUP.KEY=VALUE" in out


def test_help_lists_every_command(capsys):
    status, out, _ = freshet(capsys, "--help")
    assert status == 0
    assert all(f"\n  {command} " in out for command in COMMANDS)


def test_version(capsys):
    assert freshet(capsys, "--version") == (0, f"freshet {__version__}\n", "")


def test_help_takes_less_than_a_third_of_a_second():
    def wall() -> float:
        start = time.perf_counter()
        assert in_a_process("--help").returncode == 0
        return time.perf_counter() - start

    assert min(wall() for _ in range(5)) < 0.33


def test_help_imports_nothing_heavy():
    script = (
        "import sys\ntry:\n    from freshet.driver.cli import main\n    main(['--help'])\nexcept SystemExit:\n"
        "    heavy = {'numpy', 'torch', 'numba', 'xarray', 'netCDF4', 'matplotlib', 'pandas', 'f90nml', 'rich'}\n"
        "    print(*heavy & set(sys.modules), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.stderr.strip() == ""
    assert ended.returncode == 0


def test_errors_of_a_real_process_are_one_line_without_traceback(tmp_path):
    ended = in_a_process("run", str(tmp_path / "none.nml"))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == f"freshet: error: namelist {tmp_path}/none.nml does not exist\n"


WRONG = {
    ("rnu", "x.nml"): "unknown command 'rnu'; did you mean 'run'?",
    ("fly",): "unknown command 'fly'; known: run, check, describe, train, evaluate, plot",
    ("run",): "Missing argument 'NAMELIST'",
    ("run", "x.nml", "y.nml"): "unexpected extra argument",
    ("run", "x.nml", "--sett", "a.b=1"): "No such option '--sett'",
    ("describe", "snowpak"): "unknown subject 'snowpak'; did you mean 'snowpack'?",
    ("describe", "hvb"): "unknown subject 'hvb'; did you mean 'hbv'?",
    ("describe", "xyzzy"): "known: models, settings, variables, data, namelist",
    ("describe", "settings", "rnu"): "unknown group 'rnu'; did you mean 'run'?",
    ("describe", "hbv", "models"): "expected one subject",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_a_wrong_command_line_is_answered_with_one_line_and_status_2(capsys, arguments):
    status, out, err = freshet(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("freshet: error: ")
    assert err.count("\n") == 1
    assert WRONG[arguments] in err


def _raise(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize("kind", FreshetError.__subclasses__(), ids=lambda kind: kind.__name__)
def test_each_class_of_error_has_its_exit_status(capsys, kind):
    assert cli._status(lambda: _raise(kind("what went wrong"))) == kind.status
    assert capsys.readouterr().err == "freshet: error: what went wrong\n"


def test_exit_statuses_are_those_of_the_contract():
    statuses = {kind.__name__: kind.status for kind in FreshetError.__subclasses__()}
    expected = {"ConfigurationError": 2, "InputError": 3, "NumericsError": 4, "WriteError": 5, "Interrupted": 75}
    assert statuses == expected


def test_an_internal_error_is_one_line_unless_asked_for(capsys, monkeypatch):
    monkeypatch.delenv("FRESHET_DEBUG", raising=False)
    assert cli._status(lambda: _raise(KeyError("two\nlines"))) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "internal error: KeyError" in err
    assert "FRESHET_DEBUG=1" in err
    monkeypatch.setenv("FRESHET_DEBUG", "1")
    with pytest.raises(KeyError):
        cli._status(lambda: _raise(KeyError("x")))


def test_an_interrupt_ends_with_130(capsys):
    assert cli._status(lambda: _raise(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "freshet: error: interrupted\n"


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m freshet describe namelist | head -1"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    assert ended.stdout.startswith("! A namelist")


def describe(*subject: str) -> str:
    ended = CliRunner().invoke(cli.commands, ["describe", *subject])
    assert ended.exit_code == 0
    return ended.output


def test_describe_shows_every_declared_quantity_with_unit_and_bounds():
    for name in MODELS:
        text = describe(name)
        for form in forms(name):
            assert form.label in text
            for variable in (*form.parameters, *form.states, *form.fluxes, *form.forcings, *form.geometry):
                assert f"\n  {variable.name} " in text
            for variable in form.parameters:
                line = next(line for line in text.splitlines() if line.startswith(f"  {variable.name} "))
                assert variable.unit in line
                assert f"{variable.low:g}" in line.split()
                assert f"{variable.high:g}" in line.split()


def test_describe_of_one_form_leaves_out_what_the_others_have():
    assert "capillary rise" in describe("hbv-1.1p")
    parameters = describe("hbv-1.0").split("Routing")[0]
    assert "BETAET" not in parameters


def test_describe_says_of_which_time_numbers_are():
    assert "each per day." in " ".join(describe("hbv").split())
    assert "each per step (of 3 h in these forms)." in " ".join(describe("vic").split())


def test_describe_shows_every_setting():
    text = describe("settings")
    for group in GROUPS:
        assert f"&{group}\n" in text
    for setting in SETTINGS:
        assert f"\n  {setting.key} " in text


@pytest.mark.parametrize("subject", [(), ("models",), ("hbv",), ("settings",), ("variables",), ("data",), ("fc",)])
def test_descriptions_fit_a_terminal_and_exist_in_json_and_markdown(subject):
    assert max(map(len, describe(*subject).splitlines())) <= 120
    tables = json.loads(describe(*subject, "--json"))
    assert tables[-1]["rows"]
    assert "| --- |" in describe(*subject, "--markdown")


def test_the_described_namelist_can_be_used_as_it_is():
    assert settings.parse(describe("namelist"), "x.nml") == settings.parse("&run\n/\n&data\n/", "x.nml")


def test_all_errors_of_a_namelist_are_printed_each_on_its_line(capsys, tmp_path):
    file = tmp_path / "x.nml"
    file.write_text("&run\nthraeds = 1\nstart = 1990-01-01\nblock = -1\n/\n")
    status, out, err = freshet(capsys, "run", str(file), "--set", "output.compression=12")
    lines = err.splitlines()
    assert (status, out) == (2, "")
    assert [line.split(":")[3] for line in lines[:3]] == ["2", "3", "4"]
    assert len(lines) == 5
    assert all(line.startswith("freshet: error: ") for line in lines)


def test_no_command_is_answered_with_the_help_itself(capsys):
    status, out, err = freshet(capsys)
    assert (status, out) == (2, "")
    assert err.startswith("Usage: freshet")
    assert "error:" not in err


def test_a_terminal_that_takes_nothing_is_status_5():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "freshet", "describe", "hbv"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 5
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
