"""VIC's reference runs repeated: every output, cell and step, and the state, within the lines of vic.md, section 9.

    python run/parity_vic.py

prints each error beside its bar.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from freshet.driver.errors import ConfigurationError

from parity_vic import shown
from vic_bars import Bar, Line, lines, measured
from vic_parity import LEFT_OUT, repeat
from vic_reference import Case, outputs

RUNS = outputs()


def failures(path: Path, newton: bool) -> list[str]:
    return [shown(line) for line in lines(repeat(Case(path), brent=not newton), newton) if not line.passes]


@pytest.mark.parity
@pytest.mark.parametrize("path", RUNS)
def test_a_run_is_vics_in_every_output_and_state(path):
    assert failures(path, newton=False) == []


@pytest.mark.parity
@pytest.mark.parametrize("path", RUNS)
def test_a_run_by_newtons_method_is_vics_but_for_single_steps(path):
    found = failures(path, newton=True)
    if found and "snowy" in path.name:
        pytest.xfail(f"known: switches of snow at round-off under another root search; first of them {found[0]}")
    assert found == []


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
    expected = np.zeros((4, 1))
    assert np.isnan(measured(Bar("max", 1.0), np.full((4, 1), np.nan), expected, single=False))
