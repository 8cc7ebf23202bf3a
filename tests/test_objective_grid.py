"""Objectives on a grid by namelist: observations found, put on blocks, regions and cells, in the unit of the model."""

import csv
import json

import netCDF4
import numpy as np
import pytest
import torch
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.parallel.world import World
from freshet.driver.settings import parse
from freshet.driver.training_grid.domain import prepare
from freshet.driver.training_grid.objectives import steps_of
from freshet.driver.training_grid.train import train_grid
from freshet.nn import checkpoint

from training_rivers import NAMELIST, country, discharge, settings

STORAGE = (
    "objective_2.variable=terrestrial_water_storage",
    "objective_2.observed=tws",
    "objective_2.time=month",
    "objective_2.anomaly=true",
    "objective_2.weight=0.5",
)
DISCHARGE = ("objective_1.variable=discharge", "objective_1.weight=0.5")


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    """Discharge of other parameters."""
    return discharge(tmp_path_factory.mktemp("seen"), "parameters.qsb_max=6.0", "run.end=2001-12-31")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Monthly storage of blocks in cm, soil moisture of every cell each day, storage of two regions, and their mask."""
    folder, source = tmp_path_factory.mktemp("observations"), country()
    rng, grid = np.random.default_rng(1), source.grid
    with netCDF4.Dataset(folder / "blocks.nc", "w") as data:
        # The grid of 1 degree is flipped, and wider than the country.
        latitude, longitude = np.arange(44.5, 54.5), np.arange(2.5, 14.5)
        _coordinates(data, latitude, longitude)
        _months(data)
        tws = data.createVariable("tws", "f4", ("time", "lat", "lon"), fill_value=-999.0)
        tws.units = "cm"
        values = rng.normal(size=(30, len(latitude), len(longitude))) * 5.0
        values[7] = -999.0
        tws[:] = values
    with netCDF4.Dataset(folder / "cells.nc", "w") as data:
        _coordinates(data, grid.latitude, grid.longitude)
        data.createDimension("time", 400)
        time = data.createVariable("time", "f8", ("time",))
        time.units, time.calendar = "days since 2000-01-01", "standard"
        time[:] = np.arange(400)
        soil = data.createVariable("soil", "f4", ("time", "lat", "lon"))
        soil.units = "mm"
        soil[:] = rng.uniform(50, 150, (400, *grid.shape))
    with netCDF4.Dataset(folder / "regions.nc", "w") as data:
        data.createDimension("basin", 2)
        _months(data)
        names = data.createVariable("basin", str, ("basin",))
        names[0], names[1] = "NORTH", "SOUTH"
        data.createVariable("mask_value", "i4", ("basin",))[:] = [7, 3]
        tws = data.createVariable("tws", "f8", ("basin", "time"))
        tws.units = "mm"
        tws[:] = rng.normal(size=(2, 30)) * 50.0
    with netCDF4.Dataset(folder / "mask.nc", "w") as data:
        _coordinates(data, grid.latitude, grid.longitude)
        mask = data.createVariable("mask", "i4", ("lat", "lon"))
        mask[:] = np.where(grid.latitude > 48.0, 7, 3)[:, None]
    return folder


def _coordinates(data, latitude, longitude):
    for name, values, unit in (("lat", latitude, "degrees_north"), ("lon", longitude, "degrees_east")):
        data.createDimension(name, len(values))
        written = data.createVariable(name, "f8", (name,))
        written.units = unit
        written[:] = values


def _months(data):
    data.createDimension("time", 30)
    time = data.createVariable("time", "f8", ("time",))
    time.units, time.calendar = "days since 1999-11-01", "standard"
    time[:] = (np.arange("1999-11", "2002-05", dtype="M8[M]").astype("M8[D]") - np.datetime64("1999-11-01")).astype(int)


def blocks(files, *more):
    where = ("objective_2.space=block", "objective_2.block=1", "objective_2.minimum_share=0.2")
    return (*DISCHARGE, *STORAGE, *where, f"objective_2.path={files}/blocks.nc", *more)


def regions(files, *more):
    given = (f"objective_2.path={files}/regions.nc", f"objective_2.regions={files}/mask.nc")
    return (*DISCHARGE, *STORAGE, "objective_2.space=region", *given, *more)


def prepared(folder, observed, *overrides):
    told = []
    asked = settings(folder, f"data.discharge={observed}", *overrides)
    return prepare(asked, country(), World(), told.append), told


def test_blocks_hold_the_area_weighted_means_of_their_cells_and_months(tmp_path, observed, files):
    lesson, told = prepared(tmp_path, observed, *blocks(files))
    source, term = country(), lesson.compared.objective.terms[1]
    names = lesson.compared.targets[1]
    assert any("0.5 x terrestrial_water_storage" in line for line in told)
    field = torch.from_numpy(
        np.random.default_rng(0).normal(size=(len(lesson.basins.domain.observed), len(source.cell)))
    )
    steps = slice(0, len(term.steps.first))
    seen = term.regions.means(term.steps.means(field, 0, steps))
    north, east = source.grid.latitudes(source.cell), source.grid.longitudes(source.cell)
    lead = len(lesson.days.lead)
    march = int(np.flatnonzero(term.steps.first.numpy() == lead + 22 + 31 + 29)[0])  # the run begins on 10 December
    with netCDF4.Dataset(files / "blocks.nc") as data:
        for target, name in enumerate(names):
            lat, lon = (float(word[:-1]) for word in name.split())
            here = (np.abs(north - lat) < 0.5) & (np.abs(east - lon) < 0.5)
            assert here.any()
            begin = int(term.steps.first[march])
            expected = np.average(field[begin : begin + 31][:, here].mean(0), weights=source.land_area[here])
            assert float(seen[march, target]) == pytest.approx(expected, rel=1e-10)
            tws = data["tws"][4, int(lat - 44.5), int(lon - 2.5)]
            assert float(term.observed[march, target]) == pytest.approx(10.0 * float(tws), rel=1e-6)
    assert torch.isnan(term.observed[march + 3]).all()


def test_regions_are_those_of_the_mask(tmp_path, observed, files):
    lesson, _ = prepared(tmp_path, observed, *regions(files, "objective_2.held_out=SOUTH"))
    source, term = country(), lesson.compared.objective.terms[1]
    assert lesson.compared.targets[1] == ["NORTH", "SOUTH"]
    assert term.learned.tolist() == [True, False]
    for target, north in enumerate((True, False)):
        place = term.regions.place[term.regions.target == target]
        assert place.tolist() == np.flatnonzero((source.grid.latitudes(source.cell) > 48.0) == north).tolist()


def test_cells_and_days_are_compared_one_by_one(tmp_path, observed, files):
    more = ("objective_2.variable=root_zone_moisture", "objective_2.observed=soil", "objective_2.space=cell",
            f"objective_2.path={files}/cells.nc", "objective_2.measure=mse", "objective_2.weight=1e-4")  # fmt: skip
    lesson, _ = prepared(tmp_path, observed, *DISCHARGE, *more)
    source, term = country(), lesson.compared.objective.terms[1]
    day = 22 + 5  # steps begin with the run, on 10 December; the file on 1 January
    with netCDF4.Dataset(files / "cells.nc") as data:
        expected = data["soil"][5].ravel()[source.cell]
    np.testing.assert_allclose(term.observed[day], expected, rtol=1e-6)
    assert lesson.compared.outputs == ("runoff", "root_zone_moisture")


def test_only_whole_months_and_years_count():
    source = country()
    from freshet.driver.training_grid.forcing import Days

    steps, first, _ = steps_of(source.axis, Days(np.arange(7), 9, 400), "month")
    assert source.axis.text(int(steps.first[0]) - 7 + 9) == "2000-01-01"
    assert source.axis.text(int(steps.stop[-1]) - 7 + 9) == "2001-01-01"
    assert int(first[0]) - source.axis.first == 31
    years, _, _ = steps_of(source.axis, Days(np.arange(0), 0, 762), "year")
    assert len(years.first) == 2


def test_a_hybrid_training_learns_from_both_and_writes_their_scores(tmp_path, observed, files):
    more = ("pet_network.kind=convolution", "pet_network.hidden=4", "network.kind=attributes", "training.epochs=4")
    asked = settings(tmp_path, f"data.discharge={observed}", *blocks(files), *more)
    summary = train_grid(asked, country())
    with (tmp_path / "objectives.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["variable"] for row in rows} == {"discharge", "terrestrial_water_storage"}
    assert {row["period"] for row in rows} == {"training", "validation", "test"}
    assert len(rows) == len(summary["objectives"])
    assert [file.name for file in tmp_path.glob("objective_*.png")] == ["objective_2.png"]
    losses = [json.loads(line)["loss"] for line in (tmp_path / "log.jsonl").open()]
    assert losses[-1] < losses[0]
    with netCDF4.Dataset(tmp_path / "potential_evaporation.nc") as data:
        assert data["PET"][:].min() >= 0.0
        assert float(np.abs(data["PET_correction"][:]).max()) > 0.0
        assert data["PET"].shape[0] == 762 - 9
    again = parse((tmp_path / "namelist.nml").read_text(), "again.nml", command="train")
    assert [term.variable for term in again.objectives] == ["discharge", "terrestrial_water_storage"]


def test_a_hybrid_training_goes_on_as_if_it_had_never_stopped(tmp_path, observed, files):
    more = (f"data.discharge={observed}", *regions(files), "pet_network.kind=convolution", "pet_network.hidden=3")

    def weights(name, *overrides):
        train_grid(settings(tmp_path / name, *more, *overrides), country())
        return checkpoint.load(tmp_path / name / "last.pt")["network"]

    whole = weights("whole", "training.epochs=3")
    weights("cut", "training.epochs=2")
    gone_on = weights("cut", "training.epochs=3", "training.resume=true")
    assert all(torch.equal(whole[name], gone_on[name]) for name in whole)
    for other in ("pet_network.limit=1.0", "objective_2.weight=0.6"):
        changed = [text for text in more if text.split("=")[0] != other.split("=")[0]]
        with pytest.raises(ConfigurationError, match="another training"):
            train_grid(settings(tmp_path / "cut", *changed, other, "training.resume=true"), country())


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["objective_2.variable=root_moisture"], "has no 'root_moisture'; did you mean 'root_zone_moisture'"),
        (["objective_2.anomaly=false"], "add anomaly = .true."),
        (["objective_2.variable=runoff+land_water_storage"], "adds up mm and mm d-1"),
        (["objective_2.observed=twx"], "no variable 'twx'"),
        (["objective_2.variable=runoff"], "unit 'mm' cannot become mm d-1|cannot become"),
        (["objective_2.held_out=EAST"], "there is no 'EAST'"),
        (["objective_2.held_out=NORTH,SOUTH"], "nothing is left"),
        (["objective_2.names=EAST"], "no region 'EAST'"),
        (["objective_2.minimum_share=1", "objective_2.number=nothing"], "no region of"),
        (["objective_2.baseline_start=1950-01-01", "objective_2.baseline_end=1951-01-01"], "outside of the data"),
    ],
)
def test_terms_that_cannot_be_are_told_in_one_line(tmp_path, observed, files, overrides, message):
    if overrides == ["objective_2.variable=runoff"]:
        overrides.append(f"objective_2.path={files}/regions.nc")
    given = [text for text in regions(files) if text.split("=")[0] not in {one.split("=")[0] for one in overrides}]
    with pytest.raises((ConfigurationError, InputError), match=message) as told:
        prepared(tmp_path, observed, *given, *overrides)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("&objective_1\n  weight = 2\n/", "variable: is missing"),
        ("&objective_1\n  variable = 'runoff'\n/", "'gauge' is for the variable 'discharge'"),
        ("&objective_1\n  variable = 'runoff'\n  space = 'cell'\n/", "needs a file of observations"),
        ("&objective_1\n  variable = 'discharge'\n  baseline_start = '2000-01-01'\n/", "belong together"),
        (
            "&objective_2\n variable = 'runoff'\n space = 'cell'\n path = '.'\n observed = 'x'\n anomaly = .true.\n"
            " measure = 'kge'\n/",
            "says nothing of anomalies",
        ),
        ("&objective_7\n  weight = 2\n/", "unknown group"),
    ],
)
def test_settings_of_terms_are_checked_before_anything_is_read(tmp_path, text, message):
    with pytest.raises(ConfigurationError, match=message):
        parse(NAMELIST + text, "country.nml", [f"training.directory={tmp_path}"], "train")
