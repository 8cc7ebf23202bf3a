"""freshet evaluate-independent: months, units, places and climates brought together, and scored as by hand."""

import csv
import re

import cftime
import netCDF4
import numpy as np
import pytest
from freshet.driver.cli import main
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.independent import compare, evaluate_independent
from freshet.driver.independent_match import match
from freshet.driver.independent_months import converted, kind_of, lengths, numbers
from freshet.driver.independent_reference import Mask, nearest
from freshet.driver.independent_run import Groups, Places, read_run
from freshet.driver.independent_scores import scores
from freshet.driver.settings import parse
from freshet.kernels.registry import model

MONTHS = 60
FIRST = (2001, 1)
SERIES = np.cos(np.arange(MONTHS)[:, None] * 2 * np.pi / 12 + np.array([0.0, 0.5, 1.0])) + 2.0
SERIES += 0.3 * np.random.default_rng(1).normal(size=SERIES.shape)


def starts(calendar, count=MONTHS):
    dates = [cftime.datetime(2001 + k // 12, k % 12 + 1, 1, calendar=calendar) for k in range(count + 1)]
    return cftime.date2num(dates, "days since 2001-01-01", calendar=calendar)


def times(data, calendar, count=MONTHS, bounds=True):
    days = starts(calendar, count)
    data.createDimension("time", count)
    time = data.createVariable("time", "i4", ("time",))
    time.setncatts({"units": "days since 2001-01-01", "calendar": calendar})
    time[:] = days[:-1]
    if bounds:
        time.bounds = "time_bounds"
        data.createDimension("bound", 2)
        data.createVariable("time_bounds", "i4", ("time", "bound"))[:] = np.stack([days[:-1], days[1:]], 1)


def write_run(folder, ids, fields, calendar="standard", **places):
    """Monthly output of basins; fields: unit and values [month, basin] by name."""
    folder.mkdir(exist_ok=True)
    with netCDF4.Dataset(folder / "history_monthly_2000-2009.nc", "w") as data:
        times(data, calendar)
        data.createDimension("basin", len(ids))
        data.createVariable("basin", str, ("basin",))[:] = np.array(ids, object)
        for name, values in places.items():
            data.createVariable(name, "f8", ("basin",))[:] = values
        for name, (unit, values) in fields.items():
            data.createVariable(name, "f8", ("time", "basin"))[:] = values
            data[name].units = unit


def write_reference(path, ids, fields, **columns):
    """Independent data [basin, month] in a standard calendar."""
    with netCDF4.Dataset(path, "w") as data:
        times(data, "standard", bounds=False)
        data.createDimension("basin", len(ids))
        data.createVariable("basin", str, ("basin",))[:] = np.array(ids, object)
        for name, values in columns.items():
            kind = str if name == "main_climate" else "f8"
            data.createVariable(name, kind, ("basin",))[:] = np.array(values, object if kind is str else float)
        for name, (unit, values) in fields.items():
            data.createVariable(name, "f8", ("basin", "time"), fill_value=np.nan)[:] = values.T
            data[name].units = unit
    return path


def write_mask(path, number, classes=None):
    """Numbers of basins on cells of one degree from 3 N 0 E on."""
    with netCDF4.Dataset(path, "w") as data:
        for name, size, first, step in (("lat", number.shape[0], 3.5, -1.0), ("lon", number.shape[1], 0.5, 1.0)):
            data.createDimension(name, size)
            data.createVariable(name, "f4", (name,))[:] = first + step * np.arange(size)
        data.createVariable("basin_mask", "i2", ("lat", "lon"))[:] = number
        if classes is not None:
            data.createVariable("koeppen_geiger", "i2", ("lat", "lon"))[:] = classes
            data["koeppen_geiger"].long_name = "class; 1=Af 2=BSk 3=ET"
    return path


def asking(tmp_path, *sets):
    lines = f"&run version = '1.0' /\n&independent simulation = '{tmp_path / 'run'}', plots = .false., "
    lines += f"reference = '{tmp_path / 'data.nc'}', directory = '{tmp_path / 'out'}' /\n"
    return parse(lines, "judge.nml", sets, "evaluate-independent")


def test_months_of_another_calendar_and_unit_are_the_same_months(tmp_path):
    """A year of 365 days, and sums of months of the real calendar: rates agree to the last digit."""
    write_run(tmp_path / "run", ["a", "b", "c"], {"evaporation": ("mm d-1", SERIES)}, "noleap")
    days = np.diff(starts("standard"))[:, None]
    write_reference(tmp_path / "data.nc", ["C", "x", "A"], {"et_one": ("mm/month", SERIES[:, [2, 1, 0]] * days)})
    found = compare(asking(tmp_path))
    assert (found.ids, found.match.how) == (["C", "A"], "id")
    (one,) = found.compared
    np.testing.assert_allclose(one.scores["rmse"], 0, atol=1e-12)
    np.testing.assert_allclose(one.scores["correlation"], 1)
    np.testing.assert_allclose(one.simulated, SERIES[:, [2, 0]])


def test_days_become_months_of_which_no_day_is_missing(tmp_path):
    (tmp_path / "run").mkdir()
    with netCDF4.Dataset(tmp_path / "run/history_2001.nc", "w") as data:
        data.createDimension("time", 50)
        time = data.createVariable("time", "i4", ("time",))
        time.setncatts({"units": "days since 2001-01-20", "calendar": "standard"})
        time[:] = np.arange(50)
        data.createDimension("basin", 2)
        data.createVariable("basin", str, ("basin",))[:] = np.array(["a", "b"], object)
        values = np.arange(100.0).reshape(50, 2)
        data.createVariable("evaporation", "f8", ("time", "basin"))[:] = values
        data["evaporation"].units = "kg m-2 s-1"
    run = read_run(tmp_path / "run")
    groups = Groups(np.array([0, 1]), np.array([0, 0]), np.array([3.0, 1.0]), 1)
    months, means = run.months("evaporation", groups)
    assert months.tolist() == [12 * 2001 + 1]
    expected = (0.75 * values[12:40, 0] + 0.25 * values[12:40, 1]).mean() * 86400
    np.testing.assert_allclose(means, [[expected]])


def test_cells_of_a_grid_are_averaged_by_their_land(tmp_path):
    (tmp_path / "run").mkdir()
    with netCDF4.Dataset(tmp_path / "run/history_monthly_2000-2009.nc", "w") as data:
        times(data, "standard")
        data.createDimension("latitude", 2)
        data.createDimension("longitude", 3)
        data.createVariable("latitude", "f8", ("latitude",))[:] = [2.5, 3.5]
        data.createVariable("longitude", "f8", ("longitude",))[:] = [0.5, 1.5, 2.5]
        land = np.array([[1.0, 2.0, 0.0], [4.0, 5.0, 6.0]]) * 1e9
        data.createVariable("land_area", "f8", ("latitude", "longitude"))[:] = land
        cells = np.arange(6.0).reshape(2, 3) + np.arange(MONTHS)[:, None, None]
        data.createVariable("evaporation", "f4", ("time", "latitude", "longitude"), fill_value=1e20)[:] = np.where(
            land > 0, cells, 1e20
        )
        data["evaporation"].units = "mm d-1"
    number = np.array([[7, 7, 8, 8], [7, 7, 7, 8]])
    mask, classes = write_mask(tmp_path / "mask.nc", number), np.array([[1, 2, 3, 3], [2, 1, 2, 3]])
    write_mask(tmp_path / "climate.nc", number, classes)
    series = {"et_one": ("mm d-1", np.ones((MONTHS, 3)))}
    areas = [12.5e3, 20e3, 1.0]
    write_reference(tmp_path / "data.nc", ["one", "two", "none"], series, mask_value=[7, 8, 0], area_grid=areas)
    sets = [f"independent.mask={mask}", f"independent.climate={tmp_path / 'climate.nc'}"]
    found = compare(asking(tmp_path, *sets, "independent.minimum_coverage=0.0"))
    assert (found.ids, found.match.how) == (["one", "two"], "place")
    np.testing.assert_allclose(found.match.coverage, [12 / 12.5, 6 / 20])
    expected = (1 * 0 + 2 * 1 + 4 * 3 + 5 * 4) / 12
    np.testing.assert_allclose(found.compared[0].simulated[:, 0], expected + np.arange(MONTHS), rtol=1e-6)
    np.testing.assert_allclose(found.compared[0].simulated[:, 1], 5 + np.arange(MONTHS))
    assert found.climate == ["BSk", "ET"]
    assert list(found.groups()) == ["all", "B arid", "E polar"]
    kept = compare(asking(tmp_path, *sets))
    assert kept.ids == ["one"]
    assert kept.notes == ["left out, because too little of them is covered: two (30 %)"]
    with pytest.raises(InputError, match=r"covers less than minimum_coverage = 1 of every basin .*two \(30 %\)"):
        compare(asking(tmp_path, *sets, "independent.minimum_coverage=1.0", "independent.start=2001-02-01"))


def test_data_of_days_become_months_of_which_no_day_is_missing(tmp_path):
    write_run(tmp_path / "run", ["a", "b", "c"], {"snowpack": ("mm", SERIES), "meltwater": ("mm", 0 * SERIES)})
    days = starts("standard", 30)
    with netCDF4.Dataset(tmp_path / "data.nc", "w") as data:
        data.createDimension("time", None)
        data.createDimension("basin", 3)
        data.createVariable("basin", str, ("basin",))[:] = np.array(["a", "b", "c"], object)
        time = data.createVariable("time", "f8", ("time",))
        time.units = "days since 2001-01-01"
        time[:] = np.arange(5, days[-1] - 3) + 0.5
        month = np.searchsorted(days, np.arange(5, days[-1] - 3), side="right") - 1
        data.createVariable("swe_one", "f8", ("time", "basin"), fill_value=-9.0)[:] = SERIES[month] + 1.0
        data["swe_one"][40, 1] = -9.0
        data["swe_one"].units = "kg m-2"
    (one,) = compare(asking(tmp_path)).compared
    np.testing.assert_allclose(one.scores["bias"], -1.0)
    assert one.months_compared.tolist() == [28, 27, 28]


def test_storage_is_the_sum_of_the_stores_and_compared_as_departures(tmp_path):
    names = [state.name for state in model("hbv", version="1.0").states]
    parts = {name: ("mm", SERIES * (k + 1)) for k, name in enumerate(names)}
    write_run(tmp_path / "run", ["a", "b", "c"], parts)
    total = SERIES * sum(range(1, len(names) + 1))
    series = {"tws_one": ("cm", total / 10 + 77.0), "tws_one_uncertainty": ("cm", total)}
    write_reference(tmp_path / "data.nc", ["a", "b", "c"], series)
    found = compare(asking(tmp_path, "independent.baseline_start=2002-01-01", "independent.baseline_end=2003-12-31"))
    (one,) = found.compared
    np.testing.assert_allclose(one.scores["rmse"], 0, atol=1e-9)
    np.testing.assert_allclose(one.simulated[12:36].mean(0), 0, atol=1e-9)
    assert abs(one.simulated.mean()) > 0.1
    assert np.isnan(one.scores["residual_variation"]).all()


def test_scores_are_those_of_a_calculation_by_hand():
    data, months = SERIES, 12 * 2001 + np.arange(MONTHS)
    own = 1.5 * data + 0.2 * np.random.default_rng(2).normal(size=data.shape)
    own[5, 0] = np.nan
    found = scores(own, data, months, True)
    there = np.isfinite(own[:, 0])
    residual = (own - data)[there, 0]
    assert found["bias"][0] == pytest.approx(residual.mean())
    assert found["rmse"][0] == pytest.approx(np.sqrt((residual**2).mean()))
    assert found["residual_variation"][0] == pytest.approx(residual.std() / data[there, 0].mean())
    assert found["residual_share"][0] == pytest.approx(residual.std() / data[there, 0].std())
    assert found["correlation"][1] == pytest.approx(np.corrcoef(own[:, 1], data[:, 1])[0, 1])
    pair = [x[:, 1].reshape(5, 12) - x[:, 1].reshape(5, 12).mean(0) for x in (own, data)]
    assert found["anomaly_correlation"][1] == pytest.approx(np.corrcoef(pair[0].ravel(), pair[1].ravel())[0, 1])
    assert found["percent_bias"][1] == pytest.approx(100 * ((own - data)[:, 1].mean() / data[:, 1].mean()))


def test_other_products_of_the_same_thing_are_scored_beside_the_run(tmp_path):
    write_run(tmp_path / "run", ["a", "b", "c"], {"evaporation": ("mm d-1", SERIES + 3.0)})
    series = {"et_one": ("mm d-1", SERIES), "et_two": ("mm d-1", SERIES + 1.0), "et_three": ("mm d-1", SERIES - 2.0)}
    write_reference(tmp_path / "data.nc", ["a", "b", "c"], series)
    one = compare(asking(tmp_path)).compared[0]
    np.testing.assert_allclose(one.scores["bias"], 3.0)
    np.testing.assert_allclose(one.among["rmse"], 1.5)


def test_without_a_mask_climate_is_that_of_the_place_of_a_basin(tmp_path):
    write_run(tmp_path / "run", ["a", "b", "c"], {"evaporation": ("mm d-1", SERIES)})
    series = {"et_one": ("mm d-1", SERIES)}
    write_reference(tmp_path / "data.nc", ["a", "b", "c"], series, gauge_lat=[3.4, 2.4, 9.0], lon=[0.4, 1.6, 0.4])
    write_mask(tmp_path / "climate.nc", np.zeros((2, 2)), np.array([[1, 2], [2, 3]]))
    assert compare(asking(tmp_path, f"independent.climate={tmp_path / 'climate.nc'}")).climate == ["Af", "ET", ""]


def test_the_longitudes_of_any_convention_find_their_cell():
    there = np.arange(-179.5, 180.0)
    assert nearest(np.array([-179.9, 180.2, 359.4, 0.6, np.nan]), there).tolist() == [0, 0, 179, 180, -1]
    assert nearest(np.array([89.9, 45.2, -10.0]), np.arange(89.5, 0.0, -1.0)).tolist() == [0, 44, -1]


def test_units_of_rates_and_stores_are_told_apart():
    assert [kind_of(unit, "x") for unit in ("mm month-1", "kg m-2 s-1", "mm", "kg m-2", "cm")] == [
        "mm d-1", "mm d-1", "mm", "mm", "mm",
    ]  # fmt: skip
    np.testing.assert_allclose(converted(np.array([[31.0]]), "mm/month", np.array([31.0])), [[1.0]])
    with pytest.raises(InputError, match="unit 'furlong' is unknown, expected one of: mm"):
        kind_of("furlong", "x")
    leap = numbers(np.array([730851]), "standard")
    assert lengths(np.array([24037]), "standard").tolist() == [28.0]
    assert lengths(leap, "360_day").tolist() == [30.0]


def test_places_without_an_area_count_alike():
    places = Places(["p", "q"], np.array([3.2, 3.4]), np.array([0.1, 0.9]), np.full(2, np.nan))
    mask = Mask(np.array([[4, 0], [0, 0]]), np.array([3.5, 2.5]), np.array([0.5, 1.5]), np.ones(2))

    class Reference:
        ids, number, area, path = ["x", "big"], np.array([1, 4]), np.array([np.nan, 10.0]), "data.nc"

    found = match("place", places, Reference(), mask)
    assert (found.basin.tolist(), found.places.tolist()) == ([1], [2])
    np.testing.assert_allclose(found.groups.mean(np.array([[1.0, 3.0], [np.nan, 5.0]])), [[2.0], [5.0]])
    assert np.isnan(found.coverage).all()


@pytest.mark.parametrize(
    ("sets", "error", "told"),
    [
        (["independent.pairs=et_won = evaporation"], ConfigurationError, "no 'et_won'; did you mean 'et_one'"),
        (["independent.pairs=et_one = evaporaton"], ConfigurationError, "run has not written 'evaporaton'; did"),
        (["independent.pairs=et_one"], ConfigurationError, r"expected 'series = quantity \+ ...', or with ~"),
        (["independent.pairs=tws = evaporation"], InputError, "one is stored, the other flows"),
        (["independent.start=2031-01-01"], InputError, "have no month of et_one in common"),
        (["independent.match=place"], InputError, "no mask says where its basins lie: give mask"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_one_line(tmp_path, sets, error, told):
    write_run(tmp_path / "run", ["a", "b", "c"], {"evaporation": ("mm d-1", SERIES)})
    series = {"et_one": ("mm d-1", SERIES), "tws": ("mm", SERIES)}
    write_reference(tmp_path / "data.nc", ["a", "b", "c"], series)
    with pytest.raises(error, match=told) as caught:
        evaluate_independent(asking(tmp_path, *sets))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_data_out_of_order_are_refused(tmp_path):
    write_run(tmp_path / "run", ["a", "b", "c"], {"evaporation": ("mm d-1", SERIES)})
    path = write_reference(tmp_path / "data.nc", ["a", "b", "c"], {"et_one": ("mm d-1", SERIES)})
    with netCDF4.Dataset(path, "a") as data:
        data["time"][7] = data["time"][6]
    with pytest.raises(InputError, match="time has neither one record a month in order, nor one every day"):
        compare(asking(tmp_path))


def test_the_command_writes_tables_series_and_pictures(tmp_path, capsys):
    write_run(tmp_path / "run", ["a", "b", "c"], {"evaporation": ("mm d-1", SERIES + 0.5)})
    write_reference(
        tmp_path / "data.nc", ["a", "b", "c"], {"et_one": ("mm d-1", SERIES)}, main_climate=["Cfb", "Dfc", "Dfb"]
    )
    (tmp_path / "judge.nml").write_text(
        f"&run /\n&independent simulation = '{tmp_path / 'run'}', reference = '{tmp_path / 'data.nc'}', "
        f"directory = '{tmp_path / 'out'}' /\n"
    )
    with pytest.raises(SystemExit) as ended:
        main(["evaluate-independent", str(tmp_path / "judge.nml")])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "3 basins, matched by their ids" in told
    assert "evaporation of the run (mm d-1): medians over basins" in told
    assert re.search(r"D cold +2 +60 ", told)
    with (tmp_path / "out/independent_summary.csv").open() as file:
        rows = {(row["group"], row["score"]): row for row in csv.DictReader(file)}
    assert float(rows["D cold", "bias"]["median"]) == pytest.approx(0.5)
    assert rows["D cold", "rmse"]["basins"] == "2"
    with netCDF4.Dataset(tmp_path / "out/independent_series.nc") as data:
        np.testing.assert_allclose(data["et_one_run"][:] - data["et_one"][:], 0.5, rtol=1e-5)
        assert data["et_one"].units == "mm d-1"
        assert data["time"].shape == (MONTHS,)
    assert (tmp_path / "out/independent_et_one.png").stat().st_size > 10000


def test_months_of_all_land_water_are_means_of_it():
    """As of every store: a sum over the days of a month would be no storage."""
    (variable,) = (v for v in model("hydropy").fluxes if v.name == "land_water_storage")
    assert variable.aggregated == "mean"
