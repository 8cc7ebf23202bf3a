"""What freshet run writes: the numbers of the kernels, under CF's names, with their origin."""

import hashlib
import json

import numpy as np
import pytest
import xarray as xr
from freshet.driver.catchments.source import ArraySource
from freshet.driver.settings_cross import READS
from freshet.driver.timeaxis import TimeAxis
from freshet.kernels.registry import model
from freshet.kernels.routing import unit_hydrograph
from freshet.kernels.simulate import initial_state, simulate

from run_case import run, series, settings, weather

DAYS = 800


@pytest.fixture(scope="module")
def hbv():
    return model("hbv", version="1.0")


def kernels(hbv, source: ArraySource, precision: str, names: list[str]) -> dict[str, np.ndarray]:
    """The same simulation by the kernels alone."""
    places = len(source.ids)
    values = np.repeat(np.array([[p.default] for p in hbv.parameters], precision), places, axis=1)
    forcing = np.ascontiguousarray(source.forcing(0, source.axis.count), precision)
    result = simulate(hbv, forcing, values, initial_state(hbv, places, precision), outputs=names)
    weights = unit_hydrograph.ordinates(*(np.full(places, p.default, precision) for p in unit_hydrograph.PARAMETERS))
    flow = np.ascontiguousarray(result.outputs[:, [names.index("runoff")]])
    routed = unit_hydrograph.route(flow, weights)[0]
    return {"streamflow": routed[:, 0]} | {name: result.outputs[:, row] for row, name in enumerate(names)}


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_daily_output_is_what_the_kernels_give(tmp_path, hbv, precision):
    source = weather(DAYS)
    run(tmp_path, source, f"run.precision={precision}", "output.variables=streamflow,runoff,snowpack,evaporation")
    expected = kernels(hbv, source, precision, ["runoff", "snowpack", "evaporation"])
    found = series(tmp_path)
    for name, values in expected.items():
        assert found[name].dtype == precision
        assert np.array_equal(found[name], values), name


def test_monthly_output_is_the_mean_of_the_days(tmp_path, hbv):
    source = weather(DAYS, start="2000-01-15")
    run(tmp_path, source, "run.precision=float64", "output.frequency=month", "output.variables=streamflow,snowpack")
    daily = kernels(hbv, source, "float64", ["runoff", "snowpack"])
    found = series(tmp_path)
    bounds = found["time_bounds"]
    months = source.axis.months()
    assert [high - low for low, high in bounds] == np.unique(months, return_counts=True)[1].tolist()
    assert (found["time"] == bounds[:, 0]).all()
    for name in ("streamflow", "snowpack"):
        means = [daily[name][low:high].mean(axis=0) for low, high in bounds]
        np.testing.assert_allclose(found[name], means, rtol=1e-13)


def test_the_mean_of_the_run_is_one_record(tmp_path, hbv):
    run(tmp_path, weather(DAYS), "run.precision=float64", "output.frequency=run")
    found = series(tmp_path)
    assert found["time_bounds"].tolist() == [[0, DAYS]]
    daily = kernels(hbv, weather(DAYS), "float64", ["runoff"])["streamflow"]
    np.testing.assert_allclose(found["streamflow"][0], daily.mean(axis=0), rtol=1e-13)


def test_routed_parts_add_up_to_the_discharge(tmp_path):
    parts = ["streamflow_quick", "streamflow_interflow", "streamflow_baseflow"]
    run(tmp_path, weather(DAYS), "run.precision=float64", f"output.variables=streamflow,{','.join(parts)}")
    found = series(tmp_path)
    np.testing.assert_allclose(sum(found[part] for part in parts), found["streamflow"], rtol=1e-12)


def test_the_warm_up_before_the_start_is_not_written_but_felt(tmp_path, hbv):
    source = weather(DAYS)
    run(tmp_path, source, "run.start=2000-10-01", "run.warmup_days=300")
    first = source.axis.index("2000-10-01")
    longer = weather(DAYS)
    late = ArraySource(
        longer.ids, longer.axis.slice(first - 300, DAYS), longer.attributes, longer.forcing(first - 300, DAYS)
    )
    expected = kernels(hbv, late, "float32", ["runoff"])["streamflow"][300:]
    assert np.array_equal(series(tmp_path)["streamflow"], expected)


@pytest.mark.parametrize(("block", "warmup"), [(90, 500), (365, 500), (365, 365)])
def test_a_warm_up_that_the_data_do_not_have_repeats_their_first_year(tmp_path, hbv, block, warmup):
    source = weather(DAYS)
    run(tmp_path, source, "run.start=1999-12-10", f"run.warmup_days={warmup}", f"run.block={block}")
    start = source.axis.index("1999-12-10")
    days = np.arange(start - warmup, start)
    days = np.where(days < 0, days % 365, days)
    forcing = np.concatenate((source.forcing(0, DAYS)[days], source.forcing(start, DAYS)))
    longer = ArraySource(source.ids, TimeAxis.parse("2000-01-01", len(forcing)), source.attributes, forcing)
    expected = kernels(hbv, longer, "float32", ["runoff"])["streamflow"][warmup:]
    assert np.array_equal(series(tmp_path)["streamflow"], expected)


def test_files_follow_the_conventions(tmp_path):
    run(tmp_path, weather(DAYS), "output.variables=all")
    for file in tmp_path.glob("history*.nc"):
        with xr.open_dataset(file, decode_times=False) as raw:
            assert raw.attrs["Conventions"].startswith("CF-1.")
            assert raw.time.attrs["standard_name"] == "time"
            assert raw.time.attrs["calendar"] == "standard"
            assert raw.time.attrs["bounds"] == "time_bounds"
            for name, variable in raw.data_vars.items():
                if variable.dims == ("time", "basin"):
                    assert variable.attrs["units"], name
                    assert variable.attrs["long_name"], name
                    assert variable.attrs["cell_methods"].startswith("time: "), name
    with xr.open_dataset(tmp_path / "history_2000.nc") as data:
        assert str(data.time.values[0])[:10] == "2000-01-01"
        assert data.sizes["time"] == 366
        assert data.basin.values.tolist() == ["basin_0", "basin_1", "basin_2"]
        assert data.streamflow.attrs["units"] == "mm d-1"
        assert data.streamflow.attrs["cell_methods"] == "time: mean"
        assert data.snowpack.attrs["cell_methods"].startswith("time: point")
        assert data.latitude.attrs["units"] == "degrees_north"
        assert data.area.values.tolist() == [100, 200, 300]


def test_all_files_open_as_one(tmp_path):
    run(tmp_path, weather(DAYS))
    files = sorted(tmp_path.glob("history*.nc"))
    assert [file.name for file in files] == ["history_1999.nc", "history_2000.nc", "history_2001.nc"]
    parts = [xr.load_dataset(file) for file in files]
    data = xr.concat(parts, "time", data_vars="minimal", coords="minimal", compat="override")
    assert data.sizes["time"] == DAYS
    assert (np.diff(data.time.values) == np.timedelta64(1, "D")).all()


def test_a_file_tells_where_it_comes_from(tmp_path):
    source = weather(60)
    source.files = [("weather.nc", hashlib.sha256(b"weather").hexdigest())]
    source.notes = ["precipitation: kg m-2 s-1 taken as mm d-1"]
    run(tmp_path, source, "run.title=A title", "parameters.fc=300")
    with xr.open_dataset(tmp_path / "history_1999.nc") as data:
        facts = data.attrs
    assert facts["title"] == "A title"
    assert facts["model"] == "hbv-1.0"
    assert facts["namelist"] == settings(tmp_path, "run.title=A title", "parameters.fc=300").text(READS["run"])
    assert "&training" not in facts["namelist"]
    assert facts["input_files"] == f"{hashlib.sha256(b'weather').hexdigest()}  weather.nc"
    assert "fc = 300" in facts["parameters"]
    assert "numba" in facts["versions"]
    assert facts["data_notes"] == source.notes[0]
    assert "freshet run case.nml" in facts["history"]
    assert "largest residual" in facts["water_balance"]


def test_two_equal_runs_leave_equal_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "946684800")
    contents = []
    for _ in range(2):
        run(tmp_path, weather(DAYS), "output.variables=all", "output.overwrite=true")
        contents.append(
            {file.name: file.read_bytes() for file in tmp_path.rglob("*") if file.name != "run.log" and file.is_file()}
        )
    assert len(contents[0]) >= 7
    assert contents[0] == contents[1]


def test_the_manifest_lists_every_file_with_days_and_checksum(tmp_path):
    run(tmp_path, weather(DAYS))
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["status"] == "finished"
    assert [entry["first_day"] for entry in manifest["history"][1:]] == [
        entry["end_day"] for entry in manifest["history"][:-1]
    ]
    for entry in manifest["history"]:
        content = (tmp_path / entry["file"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(("start", "days"), [("0001-01-01", 400), ("1582-09-01", 400), ("9998-12-01", 396)])
def test_years_from_1_to_9999_can_be_run(tmp_path, start, days):
    run(tmp_path, weather(days, start=start), "output.frequency=month")
    run(tmp_path / "daily", weather(days, start=start))
    assert series(tmp_path)["time_bounds"][-1, 1] == days
    assert len(series(tmp_path / "daily")["time"]) == days


def test_weights_of_basins_do_not_depend_on_their_number(tmp_path):
    run(tmp_path / "five", weather(200, 5))
    run(tmp_path / "two", weather(200, 5).select(["basin_1", "basin_4"]))
    assert np.array_equal(series(tmp_path / "five")["streamflow"][:, [1, 4]], series(tmp_path / "two")["streamflow"])
