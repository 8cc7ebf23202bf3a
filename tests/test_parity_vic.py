"""VIC's reference runs repeated: every output, cell and step, and the state, within the lines of vic.md, section 9.

    python run/parity_vic.py

prints each error beside its bar.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from freshet.driver.errors import ConfigurationError

from parity_vic import shown
from vic_bars import OWN, STATED, Bar, Line, bars, lines, measured
from vic_known import KNOWN, WORSE, key
from vic_parity import LEFT_OUT, repeat
from vic_reference import Case, outputs

RUNS = outputs()


@cache
def table(path: Path, newton: bool) -> dict[tuple[str, str, str], Line]:
    """All lines of a run."""
    return {key(line): line for line in lines(repeat(Case(path), brent=not newton), newton)}


def known(path: Path) -> dict[tuple[str, str, str], tuple[float, str]]:
    """Lines that Newton's method is known to miss in a run, how far, and why."""
    return KNOWN.get(path.stem.removeprefix("output_"), {})


def every_known_line() -> list:
    """Each of them as a parameter."""
    found = []
    for run in [run for run in RUNS if run.values[0] is not None]:
        for name, group, measure in known(run.values[0]):
            label = f"{run.id}-{name}-{group}-{measure}".replace(" ", "_")
            found.append(pytest.param(run.values[0], (name, group, measure), id=label))
    return found or [pytest.param(None, None, id="vic", marks=pytest.mark.skip(reason="needs reference files of VIC"))]


@pytest.mark.parity
@pytest.mark.parametrize("path", RUNS)
def test_a_run_is_vics_in_every_output_and_state(path):
    assert [shown(line) for line in table(path, newton=False).values() if not line.passes] == []


@pytest.mark.parity
@pytest.mark.parametrize("path", RUNS)
def test_a_run_by_newtons_method_is_vics_but_for_single_steps(path):
    found = table(path, newton=True)
    assert [shown(line) for name, line in found.items() if not line.passes and name not in known(path)] == []


@pytest.mark.parity
@pytest.mark.parametrize(("path", "name"), every_known_line())
def test_a_line_that_newtons_method_misses_is_told_and_stays_as_near(path, name):
    line = table(path, newton=True)[name]
    measured_once, why = known(path)[name]
    assert max(line.found.values()) <= WORSE * measured_once, f"{shown(line)} ({why})"


@pytest.mark.parity
@pytest.mark.parametrize(
    ("option", "value"),
    [("LAKES", "TRUE"), ("CLOSE_ENERGY", "TRUE"), ("RC_MODE", "RC_PHOTO"), ("NOFLUX", "TRUE"), ("EXP_TRANS", "FALSE"),
     ("SNOW_DENSITY", "DENS_SNTHRM"), ("QUICK_FLUX", "FALSE")],
)  # fmt: skip
def test_a_run_with_an_option_that_is_not_built_is_refused_by_name(tmp_path, option, value):
    path = outputs("output_*eb*.nc")[0].values[0]
    if path is None:
        pytest.skip("needs a reference run of VIC's energy balance")
    with xr.open_dataset(path, decode_times=False) as data:
        settings = json.loads(data.attrs["run_configuration"])
        small = data.isel(time=slice(0, 1)).load()
        (tmp_path / data.attrs["inputs"]).symlink_to(path.with_name(data.attrs["inputs"]))
    small.attrs["run_configuration"] = json.dumps(settings | {option: value})
    small.to_netcdf(tmp_path / path.name)
    with pytest.raises(ConfigurationError, match=f"{option} {value}.*not built"):
        Case(tmp_path / path.name)


def test_what_is_not_compared_is_what_the_text_does_not_describe():
    assert set(LEFT_OUT) == {"OUT_ZWT", "OUT_ZWT_LUMPED", "OUT_WATER_ERROR"}


def test_an_error_counts_beyond_half_a_digit_of_the_file():
    expected = np.float32([[1.0], [3.0]]).astype(np.float64)
    half = 0.5 * np.spacing(np.float32(3.0)).astype(np.float64)
    found = expected + [[0.0], [half + 1e-9]]
    assert measured(Bar("max", 1.0), found, expected, single=True) == pytest.approx(1e-9, rel=1e-6)
    assert measured(Bar("max", 1.0), found, expected, single=False) == pytest.approx(half + 1e-9)
    assert measured(Bar("total", 1.0), found, expected, single=True) == pytest.approx((half + 1e-9) / 4.0)


def test_what_is_not_a_number_does_not_pass():
    assert not Line("OUT_SWE", "one band", Bar("max", 1.0), {0: float("nan")}).passes
    expected = np.array([[0.0], [np.nan], [1.0]])
    for measure in ("max", "p99", "rms", "total"):
        for wrong in ([[np.nan], [np.nan], [1.0]], [[0.0], [0.0], [1.0]], [[0.0], [np.nan], [np.inf]]):
            assert np.isnan(measured(Bar(measure, 1.0), np.array(wrong), expected, single=False))
        assert measured(Bar(measure, 1.0), expected, expected, single=False) == 0.0


def test_a_bar_is_of_section_9_only_where_that_names_it():
    named = {"OUT_SOIL_MOIST": "mm", "OUT_EVAP": "mm", "OUT_SWE": "mm"}
    for name, unit in named.items():
        assert {bar.source for bar in bars(name, unit, False, "one band", "wb", False)} == {STATED}
        assert {bar.source for bar in bars(name, unit, False, "several bands", "wb", False)} == {STATED}
    assert {bar.source for bar in bars("OUT_ROOTMOIST", "mm", True, "several bands", "wb", False)} == {OWN}
    assert {bar.source for bar in bars("OUT_SOIL_MOIST", "mm", False, "several bands", "eb", False)} == {OWN}
    assert {bar.source for bar in bars("OUT_SURF_TEMP", "degC", True, "one band", "eb", False)} == {STATED}
    assert {bar.source for bar in bars("OUT_VEGT", "degC", True, "one band", "eb", False)} == {OWN}
    assert {bar.source for bar in bars("OUT_SOIL_ICE", "mm", True, "several bands", "fs", False)} == {STATED}
