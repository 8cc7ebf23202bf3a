"""freshet run with VIC's files: what is written of days and of the steps within them, restarts, ranks, rivers."""

from pathlib import Path

import netCDF4
import numpy as np
import pytest
from freshet.driver.cli import main
from freshet.driver.restart import read_restart
from freshet.driver.vic.clock import forcing_rows
from freshet.driver.vic.open import open_forcing, open_parameters
from freshet.driver.vic.source import open_vic
from freshet.kernels.simulate import simulate

import mpi
import vic_run_case as case

NAMES = "OUT_EVAP,OUT_SWE,OUT_RAD_TEMP,OUT_SOIL_MOIST,OUT_SWE_BAND,evaporation,snow_water_equivalent"
OUTPUT = (f"output.steps={NAMES}", f"output.daily={NAMES}", f"output.monthly={NAMES}")
CUT = "1999-12-29"


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    return case.write_all(tmp_path_factory.mktemp("vic") / "files")


@pytest.fixture(scope="module")
def whole(files) -> Path:
    """A run of all days, with rivers and all kinds of output."""
    folder = files.parent / "whole"
    case.run(files, folder, *case.ROUTED, *OUTPUT, "output.variables=discharge,runoff", "output.restart_every=5")
    return folder


def by_day(values: np.ndarray) -> np.ndarray:
    """[day, step, cell] of values [step, cell]."""
    return values.reshape(-1, case.PER_DAY, values.shape[-1])


def test_days_are_the_sums_means_and_ends_of_their_steps(whole):
    steps, days = case.series(whole, "history_steps*"), case.series(whole, "history_daily*")
    assert steps["OUT_EVAP"].shape == (case.DAYS * case.PER_DAY, 3)
    for name in ("OUT_EVAP", "evaporation"):
        np.testing.assert_allclose(days[name], by_day(steps[name]).sum(1), rtol=1e-6)
    np.testing.assert_allclose(days["OUT_RAD_TEMP"], by_day(steps["OUT_RAD_TEMP"]).mean(1), rtol=1e-6)
    for name in ("OUT_SWE", "snow_water_equivalent", "OUT_SOIL_MOIST_3"):
        np.testing.assert_array_equal(days[name], by_day(steps[name])[:, -1])


def test_months_have_sums_of_water_and_of_states_what_their_name_says(whole):
    days, months = case.series(whole, "history_daily*"), case.series(whole, "history_monthly*")
    parts = slice(0, 6), slice(6, 12)  # of December and January
    np.testing.assert_allclose(months["OUT_EVAP"], [days["OUT_EVAP"][part].sum(0) for part in parts], rtol=1e-6)
    np.testing.assert_array_equal(months["OUT_SWE"], [days["OUT_SWE"][part][-1] for part in parts])
    means = [days["snow_water_equivalent"][part].mean(0) for part in parts]
    np.testing.assert_allclose(months["snow_water_equivalent"], means, rtol=1e-6)


def test_files_say_what_their_numbers_are(whole):
    with netCDF4.Dataset(whole / "history_steps_1999.nc") as data:
        assert data["time"].units == "hours since 1999-12-26 00:00:00"
        assert list(data["time"][:3]) == [0, 3, 6]
        assert list(data["time_bounds"][-1]) == [141, 144]
        assert (data["OUT_SWE"].units, data["OUT_EVAP"].units) == ("mm", "mm")
        assert "time: sum" in data["OUT_EVAP"].cell_methods
        assert "time: point" in data["OUT_SWE"].cell_methods
    with netCDF4.Dataset(whole / "history_monthly_1990-1999.nc") as data:
        assert data["snow_water_equivalent"].units == "m"
        assert "time: mean" in data["snow_water_equivalent"].cell_methods
        assert "time: point" in data["OUT_SWE"].cell_methods


def test_numbers_are_those_of_the_kernels(files, whole):
    settings = case.settings(files, whole)
    vic, model = dict(settings.vic), settings.model
    given, _ = open_parameters(vic)
    weather = open_forcing(vic, given, 1999, 2000).read(0, case.DAYS * case.PER_DAY)
    times = case.START.astype("datetime64[s]") + np.arange(case.DAYS * case.PER_DAY) * np.timedelta64(10800, "s")
    inputs = open_vic(settings).inputs
    made = inputs.assembled
    order = [int(np.argmax(given.cell == cell)) for cell in inputs.given.cell]
    arrays = (forcing_rows(times, weather, 1)[:, :, order], made.parameters, made.state)
    arrays = (np.ascontiguousarray(array, "f4") for array in arrays)
    shape, weights = (np.ascontiguousarray(array, "f4") for array in (made.geometry, made.weights))
    names = ("evaporation", "snow_water_equivalent")
    found = simulate(model, *arrays, geometry=shape, weights=weights, outputs=names).outputs
    steps = case.series(whole, "history_steps*")
    back = np.argsort(order)
    np.testing.assert_array_equal(steps["evaporation"], found[:, 0][:, back])
    np.testing.assert_array_equal(steps["OUT_SWE"], np.float32(1000) * found[:, 1][:, back])


def test_bands_are_shares_of_their_own(whole):
    steps = case.series(whole, "history_steps*")
    # Cell 11 has bands of a quarter and of three quarters of its area, cell 12 only the first.
    swe, lower, upper = (steps[name] for name in ("OUT_SWE", "OUT_SWE_BAND_1", "OUT_SWE_BAND_2"))
    np.testing.assert_allclose(swe[:, 0], 0.25 * lower[:, 0] + 0.75 * upper[:, 0], rtol=1e-5)
    np.testing.assert_allclose(swe[:, 1], lower[:, 1], rtol=1e-5)
    assert upper[-1, 0] > lower[-1, 0]


def test_runoff_of_the_day_becomes_discharge(whole):
    found, daily = case.series(whole, "history_[12]*"), case.series(whole, "history_daily*")
    area = np.array([1e9, 1e9, 1e9])
    entered = (found["runoff"] * area * 1e-3 / 86400).sum(1)
    outlet = found["discharge"][:, 0]
    assert 0.5 * entered.sum() < outlet.sum() <= entered.sum()
    assert len(daily["OUT_EVAP"]) == len(outlet)


def test_a_run_that_goes_on_from_a_restart_leaves_the_same_bits(files, whole):
    folder = files.parent / "twice"
    more = (*case.ROUTED, *OUTPUT, "output.variables=discharge,runoff", "output.restart_every=5")
    case.run(files, folder, *more, f"run.end={CUT}")
    case.run(files, folder, *more, "run.resume=true")
    require_same(whole, folder)


def test_three_ranks_leave_the_same_bits(files, whole):
    folder = files.parent / "ranks"
    more = (*case.ROUTED, *OUTPUT, "output.variables=discharge,runoff", "output.restart_every=5")
    status, out, error = mpi.finished(3, str(Path(case.__file__)), str(files), str(folder), *more)
    assert status == 0, out + error
    require_same(whole, folder)


def require_same(one: Path, other: Path) -> None:
    """The same numbers in all files of output and in the last restart."""
    for pattern in ("history_[12]*", "history_steps*", "history_daily*", "history_monthly*"):
        mine, theirs = case.series(one, pattern), case.series(other, pattern)
        assert mine.keys() == theirs.keys()
        for name, values in mine.items():
            np.testing.assert_array_equal(theirs[name], values, err_msg=name)
    (arrays, _), (others, _) = (read_restart(sorted((f / "restarts").glob("*.nc"))[-1]) for f in (one, other))
    assert arrays.keys() == others.keys()
    assert [name for name, array in arrays.items() if array.tobytes() != others[name].tobytes()] == []


def test_a_run_begins_with_the_states_that_another_left_for_vic(files, whole):
    first, second = files.parent / "first", files.parent / "second"
    state = files.parent / "state"
    case.run(files, first, f"vic.state_path={state}", f"vic.state_date={CUT}", "output.steps=OUT_EVAP,OUT_SWE")
    written = Path(f"{state}.19991229_00000.nc")
    more = (f"run.start={CUT}", f"vic.initial_state={written}", "output.steps=OUT_EVAP,OUT_SWE")
    case.run(files, second, *more)
    after, before = case.series(second, "history_steps*"), case.series(whole, "history_steps*")
    for name, values in after.items():
        np.testing.assert_array_equal(values, before[name][3 * case.PER_DAY :], err_msg=name)


def test_the_summary_tells_residuals_and_fallbacks(files, tmp_path, capsys):
    case.run(files, tmp_path / "run", "run.end=1999-12-26", "data.basins=12")
    told = capsys.readouterr().out
    assert "fallbacks (sub-steps of all components): snow fallback 0, canopy fallback 0" in told
    assert "water balance: largest residual of a day" in told
    assert "1 basins, 1 component(s)" in told


@pytest.mark.parametrize("overrides", [("vic.step=24",), ("output.frequency=6 hours", "output.variables=OUT_SNOWF")])
def test_checks_and_estimates_know_the_steps(files, tmp_path, overrides, capsys):
    settings = case.settings(files, tmp_path / "run", *overrides)
    (tmp_path / "case.nml").write_text(settings.text())
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path / "case.nml")])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    rain = 1000.0 * case.weather()["PREC"].mean() * 8 * 365.25 / 1000.0
    line = next(line for line in told.splitlines() if line.strip().startswith("precipitation"))
    assert float(line.split()[1]) < rain < float(line.split()[3])
    assert ("each 6 hours" if len(overrides) > 1 else "each day") in told


def test_a_namelist_of_prepare_vic_runs_as_it_is(shared, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    sample = shared / "data" / "vic_sample" / "WalnutGulch"
    names = {"AIR_TEMP": "temp", "PREC": "prec", "PRESSURE": "air_pressure", "SWDOWN": "shortwave",
             "LWDOWN": "longwave", "VP": "vapor_pressure", "WIND": "wind"}  # fmt: skip
    (tmp_path / "global.txt").write_text("\n".join([
        "MODEL_STEPS_PER_DAY 8", "SNOW_STEPS_PER_DAY 8", "RUNOFF_STEPS_PER_DAY 24", "STARTYEAR 2008", "STARTMONTH 7",
        "STARTDAY 1", "ENDYEAR 2008", "ENDMONTH 7", "ENDDAY 20", "SNOW_BAND TRUE", "LAI_SRC FROM_VEGPARAM",
        f"PARAMETERS {sample}/parameters/params.WalnutGulch.L2015.0.0625_deg.nc",
        f"DOMAIN {sample}/parameters/domain.WalnutGulch.0.0625_deg.nc",
        f"FORCING1 {sample}/forcings/livneh_NAmerExt_15Oct2014.WalnutGulch.",
        *(f"FORCE_TYPE {force_type} {own}" for force_type, own in names.items()),
        "OUTFILE fluxes", "AGGFREQ NDAYS 1", "OUTVAR OUT_RUNOFF", "OUTVAR OUT_SOIL_MOIST", "OUTVAR OUT_SNOW_SURF_TEMP",
    ]))  # fmt: skip
    for arguments in (
        ["prepare", "vic", "global.txt", "-o", "vic.nml"],
        ["run", "vic.nml", "--set", "run.precision=float32"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0, capsys.readouterr()
    with netCDF4.Dataset(tmp_path / "output" / "vic" / "history_daily_2008.nc") as data:
        assert data["OUT_SOIL_MOIST_3"].shape == (20, 3, 5)
        assert float(data["OUT_SOIL_MOIST_1"][:].max()) > 10.0
