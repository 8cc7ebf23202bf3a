"""freshet evaluate and freshet plot from a namelist to files, on a small data file of the test's own."""

import csv
import json
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray
from freshet.driver import metrics
from freshet.driver.cli import main
from freshet.driver.evaluation_files import read_csv
from freshet.driver.evaluation_simulation import read_simulation

DAYS, BASINS = 1096, 6


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, with three years of catchment data in the netCDF form (basin x time)."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(8)
    season = np.cos(2 * np.pi * (np.arange(DAYS) - 200) / 365.25)
    rain = random.gamma(0.4, 8.0, (BASINS, DAYS))
    flow = np.apply_along_axis(lambda series: np.convolve(series, np.exp(-np.arange(60) / 15) / 40)[:DAYS], 1, rain)
    flow[1, 400:500] = np.nan
    flow[4] = np.nan
    series = {
        "precipitation": ("mm day-1", rain),
        "temperature_mean": ("degC", 8 + 12 * season + random.standard_normal((BASINS, DAYS))),
        "streamflow": ("mm day-1", flow),
    }
    with netCDF4.Dataset("data.nc", "w") as data:
        data.createDimension("basin", BASINS)
        data.createDimension("time", DAYS)
        basin = data.createVariable("basin", str, ("basin",))
        basin[:] = np.array([f"0{place}" for place in range(BASINS)], object)
        time = data.createVariable("time", "i4", ("time",))
        time.units, time.calendar = "days since 1999-10-01", "standard"
        time[:] = np.arange(DAYS)
        for name, (unit, values) in series.items():
            data.createVariable(name, "f4", ("basin", "time"))[:] = values
            data[name].units = unit
        attributes = {"gauge_lat": np.linspace(40, 45, BASINS), "gauge_lon": np.linspace(-100, -90, BASINS)}
        attributes |= {"area": np.full(BASINS, 100.0), "elev_mean": np.full(BASINS, 300.0)}
        attributes |= {"test_subset": np.array([1, 1, 0, 0, 0, 1]), "qc_flag": np.array([0, 0, 0, 2, 0, 0])}
        for name, values in attributes.items():
            data.createVariable(name, values.dtype, ("basin",))[:] = values
    return tmp_path


NAMELIST = """
&run
  components = 1
  start = '2000-10-01'
  warmup_days = 366
  precision = 'float64'
/
&data
  form = 'netcdf'
  path = 'data.nc'
/
&output
  directory = 'run'
  variables = 'streamflow', 'snowpack', 'rainfall', 'snowfall'
/
&evaluation
  simulation = 'run'
  directory = 'skill'
  benchmarks = 'default', 'parameters.csv'
  labels = 'my run', 'default', 'other'
  worst = 3
/
&plot
  input = 'skill'
  directory = 'pictures'
  basins = '02'
  kinds = 'hydrograph'
/
"""
PARAMETERS = "basin,fc,k1\n" + "".join(f"0{place},120,0.3\n" for place in range(BASINS))


def freshet(*arguments):
    """Exit status of the command line."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code


@pytest.fixture
def namelist(folder):
    """The namelist, and the run that it asks for, done."""
    (folder / "all.nml").write_text(NAMELIST)
    (folder / "parameters.csv").write_text(PARAMETERS)
    assert freshet("run", "all.nml") == 0
    return "all.nml"


def test_evaluate_writes_the_scores_of_run_and_benchmarks(folder, namelist, capsys):
    assert freshet("evaluate", namelist) == 0
    written = {path.name for path in (folder / "skill").iterdir()}
    tables = {f"basins_{label}.csv" for label in ("my_run", "default", "other")}
    assert tables | {"summary.csv", "evaluation.json", "summary.txt", "worst_basins.csv", "series.nc"} <= written
    assert {"map_nse.png", "map_kge_2009.png", "distribution.png"} <= written
    assert sum(name.startswith("hydrograph_") for name in written) == 5
    printed = capsys.readouterr().out
    assert "my run: 2000-10-01 to 2002-09-30, 730 days, 6 basins" in printed
    assert "1 of 6 basins have fewer than 100 observed days: not scored" in printed
    assert (folder / "skill" / "summary.txt").read_text() in printed

    run = read_simulation(folder / "run")
    with netCDF4.Dataset("data.nc") as data:
        observed = np.ma.filled(data["streamflow"][:, 366:], np.nan).T
    expected = metrics.score(run.fields["streamflow"], observed)
    table = read_csv(folder / "skill" / "basins_my_run.csv")
    for name, values in expected.items():
        np.testing.assert_allclose(table[name], values, rtol=1e-8, err_msg=name)
    # the run had default parameters: evaluated again in memory they give the same flow
    for name in expected:
        np.testing.assert_allclose(read_csv(folder / "skill" / "basins_default.csv")[name], table[name], rtol=1e-8)
    assert not np.allclose(read_csv(folder / "skill" / "basins_other.csv")["nse"][:4], table["nse"][:4])


def test_summaries_in_csv_and_json_agree(folder, namelist):
    assert freshet("evaluate", namelist, "--set", "evaluation.plots=false") == 0
    content = json.loads((folder / "skill" / "evaluation.json").read_text())
    assert content["groups"] == {"all": 6, "test_subset": 3, "qc_flag = 0": 5}
    table = read_csv(folder / "skill" / "basins_other.csv")
    inside = [0, 1, 5]
    assert content["summary"]["other"]["test_subset"]["nse"]["median"] == pytest.approx(np.median(table["nse"][inside]))
    assert content["summary"]["other"]["all"]["nse"]["undefined"] == 1
    with (folder / "skill" / "summary.csv").open() as file:
        for row in csv.DictReader(file):
            one = content["summary"][row["model"]][row["group"]][row["score"]]
            for name in ("mean", "median", "p05", "p95", "median_of_size"):
                assert (one[name] is None) == (row[name] == "")
                assert one[name] is None or float(row[name]) == pytest.approx(one[name], rel=1e-8)
    assert [row["basin"] for row in content["worst"]] == [
        f"0{place}" for place in np.argsort(read_csv(folder / "skill" / "basins_my_run.csv")["nse"])[:3]
    ]


def test_a_run_is_evaluated_and_drawn_without_a_word_in_its_namelist(folder, capsys):
    (folder / "run.nml").write_text(NAMELIST.split("&evaluation", maxsplit=1)[0].replace("directory = 'run'", ""))
    assert freshet("plot", "run.nml") == 2
    assert "nothing to draw in output/run" in capsys.readouterr().err
    assert freshet("run", "run.nml") == 0
    for _ in range(2):  # the second time its own files lie in the same folder
        assert freshet("evaluate", "run.nml", "--set", "evaluation.plots=false") == 0
    assert (folder / "output" / "run" / "summary.txt").exists()
    capsys.readouterr()
    assert freshet("plot", "run.nml", "--set", "plot.kinds=distribution") == 0
    assert capsys.readouterr().out.split() == ["output/run/distribution.png"]


def test_plot_draws_the_basins_asked_for(folder, namelist, capsys):
    assert freshet("evaluate", namelist, "--set", "evaluation.plots=false") == 0
    capsys.readouterr()
    assert freshet("plot", namelist) == 0
    assert capsys.readouterr().out.split() == ["pictures/hydrograph_02.png"]
    assert freshet("plot", namelist, "--set", "plot.input=run", "--set", "plot.format=svg") == 0
    drawn = (folder / "pictures" / "hydrograph_02.svg").read_text()
    assert "precipitation" in drawn  # from the run's rain and snow
    assert "snowpack" in drawn


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ("evaluation.start=1999-10-01", 3, "holds 2000-10-01 to 2002-09-30, not the whole period 1999-10-01"),
        ("evaluation.end=2003-01-01", 2, "2003-01-01 lies outside"),
        ("evaluation.benchmarks=default,nowhere", 2, "'nowhere' does not exist"),
        ("evaluation.labels=one", 2, "labels: 1 names for 3 models"),
        ("evaluation.labels=one,one,two", 2, "names one more than once"),
        ("evaluation.benchmarks=default,run evaluation.labels=''", 2, "two models would be called 'run'"),
        ("evaluation.labels=one,a-b,a_b", 2, "two models would be called 'a-b' and 'a_b' and have the same files"),
        ("evaluation.subsets=test_subst", 2, "no attribute 'test_subst'; did you mean 'test_subset'?"),
        ("data.basins=04", 3, "no observed discharge between 2000-10-01 and 2002-09-30"),
        ("evaluation.metric=mae", 2, "mae"),
    ],
)
def test_what_cannot_be_compared_is_told_in_one_line(namelist, capsys, change, status, message):
    capsys.readouterr()
    assert freshet("evaluate", namelist, *(f"--set={one}" for one in change.split())) == status
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_nothing_to_evaluate_says_what_to_do(folder, capsys):
    (folder / "all.nml").write_text(NAMELIST.replace("simulation = 'run'", ""))
    (folder / "parameters.csv").write_text(PARAMETERS)
    assert freshet("evaluate", "all.nml") == 2
    assert "start freshet run first" in capsys.readouterr().err.replace("\n", " ")


TRAINING = """
&run
  components = 2
/
&data
  form = 'generated'
/
&generator
  basins = 4
  years = 4
/
&network
  hidden = 4
/
&training
  start = '1990-07-20'
  end = '1992-06-30'
  test_start = '1993-01-01'
  test_end = '1993-12-31'
  epochs = 1
  window_days = 100
  warmup_days = 200
  directory = 'one'
/
"""


def evaluated(*changes):
    """Tables of &evaluation in the folder `skill`, and the flow, of the training namelist with these changes."""
    changes = ("evaluation.plots=false", "evaluation.directory=skill", *changes)
    assert freshet("evaluate", "train.nml", *(f"--set={change}" for change in changes)) == 0
    return read_simulation(Path("skill") / "series.nc").fields["streamflow"]


def test_checkpoints_are_scored_on_the_test_period_alone_and_as_an_ensemble(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.nml").write_text(TRAINING)
    for seed in ("one", "two"):
        change = (f"--set=training.directory={seed}", f"--set=training.seed={ord(seed[0])}")
        assert freshet("train", "train.nml", *change) == 0
    one = evaluated("evaluation.checkpoint=one/best.pt")
    assert "one/best: 1993-01-01 to 1993-12-31, 365 days, 4 basins" in capsys.readouterr().out
    # freshet train has scored the same days by its own way through network and physics
    ours, theirs = read_csv(tmp_path / "skill" / "basins_one_best.csv"), read_csv(tmp_path / "one" / "basins_test.csv")
    for name in ("nse", "kge_2009", "fhv", "rmse"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=2e-4, err_msg=name)
    two = evaluated("evaluation.checkpoint=two/best.pt")
    both = evaluated("evaluation.checkpoint=one/best.pt,two/best.pt")
    assert abs(one - two).max() > 0.01
    np.testing.assert_allclose(both, (one + two) / 2, rtol=1e-5, atol=1e-6)
    assert "mean of 2 trained networks" in capsys.readouterr().out


def test_a_checkpoint_of_another_model_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.nml").write_text(TRAINING)
    assert freshet("train", "train.nml") == 0
    capsys.readouterr()
    change = ("evaluation.checkpoint=one/best.pt", "run.version=1.1p")
    assert freshet("evaluate", "train.nml", *(f"--set={one}" for one in change)) == 3
    assert "one/best.pt" in capsys.readouterr().err


REAL = """
&run
  start = '1999-10-01'
  end = '2001-09-30'
/
&data
  form = 'netcdf'
  path = '{shared}/data/caravan_camels_us/caravan_camels_us.nc'
  limit = 20
/
&evaluation
  plots = .false.
  directory = 'skill'
/
"""


def test_real_basins_are_compared_on_the_right_days(tmp_path, monkeypatch, shared, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real.nml").write_text(REAL.format(shared=shared))
    assert freshet("run", "real.nml") == 0
    assert freshet("evaluate", "real.nml") == 0
    table, found = (
        read_csv(tmp_path / "skill" / "basins_output_real.csv"),
        read_simulation(tmp_path / "skill" / "series.nc"),
    )
    with xarray.open_dataset(shared / "data" / "caravan_camels_us" / "caravan_camels_us.nc") as data:
        part = data.sel(time=slice("1999-10-01", "2001-09-30")).isel(basin=slice(20))
        assert found.ids == part.basin.values.tolist()
        observed = part.streamflow.values.T
        np.testing.assert_allclose(found.fields["streamflow_observed"], observed, atol=1e-5)
        np.testing.assert_allclose(found.fields["precipitation"], part.precipitation.values.T, atol=1e-5)
        np.testing.assert_allclose(table["longitude"], part.gauge_lon.values, atol=1e-4)
    run = read_simulation(tmp_path / "output" / "real")
    np.testing.assert_allclose(table["nse"], metrics.nse(run.fields["streamflow"], observed), rtol=1e-6)
    # weather and discharge belong together: even default parameters explain something
    assert np.median(table["correlation"]) > 0.4
    assert "Medians over all 20 basins" in capsys.readouterr().out


@pytest.mark.parametrize("place", [0, -1], ids=["first", "last"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_file_at_an_end_of_the_run_does_not_shorten_the_period(folder, namelist, capsys, place, damage):
    files = sorted((folder / "run").glob("history_*.nc"))
    assert len(files) > 1
    if damage == "cut":
        files[place].write_bytes(files[place].read_bytes()[:5000])
    else:
        files[place].unlink()
    assert freshet("evaluate", namelist) == 3
    assert files[place].name in capsys.readouterr().err
    assert not (folder / "skill").exists()


def test_a_file_that_cannot_be_read_is_told_where_there_is_no_manifest(folder, namelist, capsys):
    (folder / "run" / "manifest.json").unlink()
    first = min((folder / "run").glob("history_*.nc"))
    first.write_bytes(first.read_bytes()[:5000])
    assert freshet("evaluate", namelist) == 3
    assert f"cannot read 'run/{first.name}'" in capsys.readouterr().err


@pytest.mark.parametrize("frequency", ["month", "run"])
def test_means_of_longer_periods_are_not_taken_for_days(folder, namelist, capsys, frequency):
    sets = ("--set", f"output.frequency={frequency}", "--set", "output.directory=means")
    assert freshet("run", namelist, *sets) == 0
    assert freshet("evaluate", namelist, *sets, "--set", "evaluation.simulation=means") == 3
    assert "expected daily values: run with frequency = 'day'" in capsys.readouterr().err


def test_a_run_that_is_not_finished_and_had_other_evaporation_is_told(folder, namelist, capsys):
    manifest = folder / "run" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"finished"', '"interrupted"').replace('"oudin"', '"given"'))
    assert freshet("evaluate", namelist, "--set", "evaluation.plots=false") == 0
    printed = capsys.readouterr().out
    assert "my run: the run is not finished: it has come to 2002-09-30" in printed
    assert "my run: the run had pet = 'given', &data has pet = 'oudin'" in printed


def test_generated_catchments_of_another_seed_are_not_compared(folder, capsys):
    (folder / "x.nml").write_text(
        "&run warmup_days = 0 /\n&data form = 'generated' /\n&generator basins = 2, years = 1 /"
    )
    assert freshet("run", "x.nml") == 0
    assert freshet("evaluate", "x.nml", "--set", "generator.seed=2") == 3
    assert "seed = 1 there, 2 here" in capsys.readouterr().err
    assert freshet("evaluate", "x.nml", "--set", "generator.years=2") == 0
