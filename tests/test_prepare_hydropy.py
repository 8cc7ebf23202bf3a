"""Set-ups of HydroPy made into namelists: every option finds its setting, and what does not is said."""

import json

import pytest
from freshet.driver.settings import load

from grid_files import VALLEY, write_grid
from misuse import freshet

SETUP = {
    "expid": "test-run",
    "para": "hydropy_para.nc",
    "forcing": "forcing",
    "forcvars": {"T2": ["tsurf", "K"], "Precip": ["precip", "kg m-2 s-1"], "PET": ["potevap", "kg m-2 s-1"]},
    "daily": ["dis", "swe"],
    "monthly": ["evap", "qtot", "tws"],
    "meltscheme": "both",
    "with_leakage": True,
    "with_permafrost": False,
    "rivsubtime": 8,
    "rainf_lower": 272.05,
    "qsb_max": 2.77778e-5,
    "rm_crit": 0.8,
    "v_lake": None,
    "fak_riv": 2,
    "nccmpr": 4,
    "use_fortran": True,
    "restart": "dump.nc",
    "restdate": 19781231,
}


@pytest.fixture
def setup(tmp_path):
    """Writes a set-up and the parameter file that it names."""
    for name in ("hydropy_para.nc", "dump.nc"):
        write_grid(tmp_path / name, {"ldd": VALLEY})

    def write(text=SETUP):
        file = tmp_path / "setup.json"
        file.write_text(text if isinstance(text, str) else json.dumps(text))
        return file

    return write


def test_every_option_of_a_set_up_becomes_a_setting(setup, tmp_path, capsys):
    target = tmp_path / "run.nml"
    status, _, error = freshet(capsys, "prepare", "hydropy", str(setup()), "-o", str(target), "--years", "1979", "1981")
    assert (status, error) == (0, "")
    found = load(target)
    assert (found.run.model, found.run.title) == ("hydropy", "test-run")
    assert (found.run.start, found.run.end) == ("1979-01-01", "1981-12-31")
    assert found.grid.path == (str(tmp_path / "hydropy_para.nc"),)
    assert found.grid.distance == "hydropy"
    assert [path.rsplit("/", 1)[1] for path in found.weather.path] == [
        f"hydropy_forcing_{year}.nc" for year in (1979, 1980, 1981)
    ]
    assert found.weather.air_temperature == "T2"
    assert (found.hydropy.melt, found.hydropy.leakage, found.hydropy.permafrost) == ("both", True, False)
    assert (found.hydropy.v_lake, found.hydropy.fak_riv) == (0.0, 2.0)
    assert (found.routing.router, found.routing.substeps) == ("cascade", 8)
    assert found.parameters.overrides == pytest.approx({"rainf_lower": -1.1, "qsb_max": 2.40000192, "rm_crit": 0.8})
    assert found.output.daily == ("discharge", "snow_water_equivalent")
    assert found.output.monthly == ("evaporation", "land_runoff", "land_water_storage")
    assert found.grid.start_states == str(tmp_path / "dump.nc")
    assert found.run.warmup_days == 0
    assert "use_fortran" in target.read_text()


def test_an_empty_set_up_gives_the_defaults_of_the_original(setup, capsys):
    status, out, _ = freshet(capsys, "prepare", "hydropy", str(setup({})))
    assert status == 0
    assert "input/hydropy_para.nc'" in out
    assert "forcing/hydropy_forcing_{year}.nc'" in out
    assert "router = 'cascade'" in out


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ({"meltshceme": "both"}, 2, "HydroPy has no option 'meltshceme'; did you mean 'meltscheme'?"),
        ({"meltscheme": "warm"}, 2, "meltscheme is \"warm\", which cannot be (expected 'temporal', 'spatial' or"),
        ({"with_skin": 1}, 2, "with_skin is 1, which cannot be (expected true or false)"),
        ({"rm_crit": "a"}, 2, 'rm_crit is "a", which cannot be'),
        ("{", 3, "is no JSON"),
        ("[]", 3, "holds a list, expected a set-up of HydroPy"),
    ],
)
def test_a_set_up_that_cannot_be_is_refused_in_one_line(setup, capsys, text, status, message):
    found, out, error = freshet(capsys, "prepare", "hydropy", str(setup(text)))
    assert (found, out) == (status, "")
    assert message in error
    assert error.count("\n") == 1


def test_a_missing_set_up_and_an_existing_namelist_are_refused(setup, tmp_path, capsys):
    status, _, error = freshet(capsys, "prepare", "hydropy", str(tmp_path / "none.json"))
    assert status == 3
    assert "cannot be read" in error
    status, _, error = freshet(capsys, "prepare", "hydropy", str(setup()), "-o", str(tmp_path / "setup.json"))
    assert status == 2
    assert "exists: name another file" in error
