"""Gaps in gridded weather, filled as on_missing asks: the same whatever the blocks and slabs."""

import numpy as np
import pytest
from freshet.driver.errors import InputError

from weather_files import everywhere, made_up, opened, write

DAYS = 150
PLACE = (1, 2)  # place 6 of 12


@pytest.fixture
def gappy(tmp_path):
    """A file with a gap of one day, one of 20 days, one at either end, each at one cell of temperature."""
    base = made_up(DAYS)
    whole = base["tas"][(slice(None), *PLACE)].astype("f8") - 273.15
    gaps = [0, 1, 7, *range(40, 60), 148, 149]
    base["tas"][(gaps, *PLACE)] = np.nan
    return write(tmp_path / "w.nc", base, storage={"chunksizes": (10, 3, 4)}), whole, np.array(gaps)


def filled(file, method):
    reader = everywhere(opened(file, on_missing=method))
    return reader, reader.forcing(0, reader.axis.count)


def known(whole, gaps):
    days = np.setdiff1d(np.arange(DAYS), gaps)
    return days, whole[days]


def test_persisting_takes_the_day_before_and_at_the_start_the_first_day(gappy):
    file, whole, gaps = gappy
    reader, block = filled(file, "persist")
    expected = [whole[2], whole[2], whole[6], *[whole[39]] * 20, whole[147], whole[147]]
    np.testing.assert_allclose(block[gaps, 1, 6], expected, atol=3e-5)
    note = next(note for note in reader.notes if "missing" in note)
    assert note.startswith("air temperature: 25 daily values (such as of 2001-01-01 at 51.25°N 6.25°E) missing")
    assert "'persist'" in note


def test_interpolating_is_linear_between_the_days_around(gappy):
    file, whole, gaps = gappy
    _, block = filled(file, "interpolate")
    np.testing.assert_allclose(block[gaps, 1, 6], np.interp(gaps, *known(whole, gaps)), atol=1e-4)


def test_the_climatology_is_the_mean_of_that_time_of_the_year(gappy):
    file, whole, gaps = gappy
    _, block = filled(file, "climatology")
    days, values = known(whole, gaps)
    around = np.abs(days - 7) <= 7
    assert block[7, 1, 6] == pytest.approx(values[around].mean(), abs=1e-3)
    assert np.isfinite(block).all()


@pytest.mark.parametrize("method", ["persist", "interpolate", "climatology"])
def test_fillings_do_not_depend_on_blocks_and_slabs(gappy, method):
    file, _, _ = gappy
    _, whole = filled(file, method)
    reader = everywhere(opened(file, on_missing=method)).subset(6, 7)
    for size in (1, 7, 50):
        parts = [reader.forcing(first, min(first + size, DAYS)) for first in range(0, DAYS, size)]
        np.testing.assert_array_equal(np.concatenate(parts), whole[:, :, 6:7])


def test_a_gap_longer_than_a_year_is_filled_from_its_far_ends(tmp_path):
    base = made_up(1000, shape=(1, 1))
    base["tas"][100:900] = np.nan
    at = {"latitude": [50.0], "longitude": [7.0]}
    reader = everywhere(opened(write(tmp_path / "w.nc", base, **at), on_missing="interpolate"))
    ends = base["tas"][[99, 900], 0, 0] - 273.15
    assert reader.forcing(500, 501)[0, 1, 0] == pytest.approx(np.interp(500, [99, 900], ends), abs=1e-4)


def test_a_cell_without_any_value_is_refused_even_so(tmp_path):
    base = made_up(20)
    base["pr"][:, 0, 3] = np.nan
    for method in ("persist", "interpolate", "climatology"):
        with pytest.raises(InputError, match=r"no value on any day at 51.75°N 6.75°E \(1 cells\)"):
            filled(write(tmp_path / f"{method}.nc", base), method)[1]
