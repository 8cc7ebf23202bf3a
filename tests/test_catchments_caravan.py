"""The door to the Caravan distribution: csv and netCDF, both generations of potential evaporation."""

import hashlib

import numpy as np
import pytest
from freshet.driver.catchments import caravan_netcdf, record_source
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.timeaxis import TimeAxis

from catchment_files import (
    DAYS,
    IDS,
    caravan_columns,
    opened,
    weather,
    write_caravan,
    write_caravan_attributes,
    write_caravan_basin,
)

FORMS = ["csv", "netcdf"]
NAMES = [f"camels_{name}" for name in IDS]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("generation", ["old", "new"])
def test_a_tree_of_either_form_and_generation_is_read(tmp_path, form, generation):
    series = write_caravan(tmp_path, form, generation)
    source = opened(tmp_path, "caravan", pet="given")
    assert source.ids == NAMES
    assert source.axis == TimeAxis.parse("1990-01-01", DAYS, source.axis.calendar)
    forcing = source.forcing(0, DAYS)
    np.testing.assert_allclose(forcing[:, 0], series["precipitation"], rtol=1e-6)
    np.testing.assert_allclose(forcing[:, 1], series["temperature_mean"], rtol=1e-6)
    # FAO's Penman-Monteith is preferred where it is there; ERA5-Land's own comes with a warning.
    factor = 1 if generation == "new" else 5
    np.testing.assert_allclose(forcing[:, 2], factor * series["pet"], rtol=1e-6)
    assert any("2 to 7 times too high" in note for note in source.notes) == (generation == "old")
    np.testing.assert_allclose(source.discharge(0, DAYS), series["streamflow"], rtol=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_attributes_of_all_tables_are_read(tmp_path, form):
    write_caravan(tmp_path, form)
    attributes = opened(tmp_path, "caravan").attributes
    assert attributes["latitude"].tolist() == [45, 46, 47]
    assert attributes["longitude"].tolist() == [-70.5] * 3
    assert attributes["area"].tolist() == [500, 501, 502]
    assert attributes["elevation"].tolist() == [300, 301, 302]
    assert attributes["p_mean"].tolist() == [3.0, 3.1, 3.2]
    assert attributes["country"].tolist() == ["USA"] * 3


@pytest.mark.parametrize("form", FORMS)
def test_oudin_and_hargreaves_are_computed_from_caravans_temperatures(tmp_path, form):
    write_caravan(tmp_path, form)
    for pet in ("oudin", "hargreaves"):
        yearly = opened(tmp_path, "caravan", pet=pet).forcing(0, DAYS)[:, 2].mean(axis=0) * 365.25
        assert ((yearly > 300) & (yearly < 1500)).all()


@pytest.mark.parametrize("form", FORMS)
def test_basins_of_several_datasets_and_periods_share_their_common_days(tmp_path, form):
    series = write_caravan(tmp_path, form, starts={NAMES[1]: "1990-01-11"})
    write_caravan_basin(tmp_path, form, "lamah_7", caravan_columns(series, 0), "1989-12-30")
    write_caravan_attributes(tmp_path, ["lamah_7"])
    source = opened(tmp_path, "caravan", pet="given")
    assert source.ids == [*NAMES, "lamah_7"]
    assert str(source.axis).startswith("1990-01-11 to 1992-03-08")
    forcing = source.forcing(0, 20)
    np.testing.assert_allclose(forcing[:, 0, 1], series["precipitation"][:20, 1], rtol=1e-6)
    np.testing.assert_allclose(forcing[:, 0, 0], series["precipitation"][10:30, 0], rtol=1e-6)
    np.testing.assert_allclose(forcing[:, 0, 3], series["precipitation"][12:32, 0], rtol=1e-6)
    np.testing.assert_allclose(source.discharge(0, 20)[:, 3], series["streamflow"][12:32, 0], rtol=1e-6)
    assert any("camels_01022500 begins last, lamah_7 ends first" in note for note in source.notes)


@pytest.mark.parametrize("form", FORMS)
def test_basins_without_a_common_day_are_refused_by_name(tmp_path, form):
    write_caravan(tmp_path, form, starts={NAMES[1]: "2010-01-01"})
    with pytest.raises(InputError, match=r"no day is common.*camels_01022500.*2010-01-01.*ends on 1992-03-10"):
        opened(tmp_path, "caravan")


@pytest.mark.parametrize("form", FORMS)
def test_only_the_files_of_the_chosen_basins_are_read_and_summed(tmp_path, form):
    write_caravan(tmp_path, form)
    source = opened(tmp_path, "caravan", basins=NAMES[1])
    names = [file.rsplit("/", 1)[1] for file, _ in source.files]
    ending = "csv" if form == "csv" else "nc"
    assert names == [f"{NAMES[1]}.{ending}"] + [
        f"attributes_{table}_camels.csv" for table in ("caravan", "hydroatlas", "other")
    ]
    file = tmp_path / "timeseries" / form / "camels" / names[0]
    assert source.files[0] == (str(file), hashlib.sha256(file.read_bytes()).hexdigest())


def test_netcdf_is_preferred_where_both_forms_are_there(tmp_path):
    write_caravan(tmp_path, "csv")
    write_caravan(tmp_path, "netcdf")
    assert opened(tmp_path, "caravan").files[0][0].endswith(".nc")


def test_the_folder_above_the_tree_will_do(tmp_path):
    write_caravan(tmp_path / "Caravan-csv", "csv")
    assert opened(tmp_path, "caravan").ids == NAMES


def test_netcdf_files_are_read_by_stretches(tmp_path, monkeypatch):
    series = write_caravan(tmp_path, "netcdf")
    monkeypatch.setattr(caravan_netcdf, "BUDGET", 3 * 4 * 4 * 60)
    monkeypatch.setattr(record_source, "BLOCK", 50)
    source = opened(tmp_path, "caravan", pet="given")
    parts = np.concatenate([source.forcing(start, min(start + 45, DAYS)) for start in range(0, DAYS, 45)])
    np.testing.assert_allclose(parts[:, 0], series["precipitation"], rtol=1e-6)
    assert len(source.record.window.kept) <= 60


@pytest.mark.parametrize(("calendar", "end"), [("noleap", "1992-03-11"), ("360_day", "1992-03-20")])
def test_netcdf_files_of_other_calendars_are_read(tmp_path, calendar, end):
    series = weather()
    for place, name in enumerate(NAMES):
        write_caravan_basin(tmp_path, "netcdf", name, caravan_columns(series, place), "1990-01-01", calendar)
    write_caravan_attributes(tmp_path, NAMES)
    source = opened(tmp_path, "caravan")
    assert str(source.axis) == f"1990-01-01 to {end} (calendar {calendar})"


def test_mixed_calendars_are_refused_by_file(tmp_path):
    write_caravan(tmp_path, "netcdf")
    write_caravan_basin(tmp_path, "netcdf", NAMES[2], caravan_columns(weather(), 2), "1990-01-01", "noleap")
    with pytest.raises(InputError, match=r"calendars are mixed: .*camels_01030500.nc has noleap.*standard"):
        opened(tmp_path, "caravan")


def _damage_csv(tmp_path, change):
    write_caravan(tmp_path, "csv")
    file = tmp_path / "timeseries/csv/camels" / f"{NAMES[1]}.csv"
    lines = file.read_text().splitlines()
    file.write_text("\n".join(change(lines)) + "\n")
    return file


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:40] + lines[41:], "date: 1990-02-09 is missing"),
        (lambda lines: lines[:41] + lines[40:], "date: 1990-02-09 comes twice"),
        (lambda lines: [lines[0], *lines[:0:-1]], "date: 1992-03-09 follows 1992-03-10"),
        (lambda lines: [*lines[:-1], "1992-0"], "date holds what is no date"),
        (lambda lines: [*lines[:-1], lines[-1][:12]], r"\w+ of basin camels_01022500 is missing on 1992-03-10"),
        (lambda lines: [lines[0], *(line.replace(",", ",x", 1) for line in lines[1:])], "no number"),
        (lambda lines: [lines[0].replace("2m_mean", "2m"), *lines[1:]], "has no column temperature_2m_mean"),
        (lambda lines: [], "is empty|cannot be read|no column"),
        (lambda lines: lines[:1], "date holds no day"),
    ],
)
def test_a_broken_csv_is_refused_by_name_and_day(tmp_path, change, said):
    _damage_csv(tmp_path, change)
    with pytest.raises(InputError, match=f"camels_01022500.csv.*({said})") as error:
        opened(tmp_path, "caravan")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("size", [10, 2000])
def test_a_truncated_netcdf_file_is_refused_by_name(tmp_path, size):
    write_caravan(tmp_path, "netcdf")
    file = tmp_path / "timeseries/netcdf/camels" / f"{NAMES[2]}.nc"
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(InputError, match=r"camels_01030500.nc .*cannot be read as netCDF"):
        opened(tmp_path, "caravan")


def test_mixed_generations_are_refused_by_file(tmp_path):
    series = write_caravan(tmp_path, "csv", "new")
    write_caravan_basin(tmp_path, "csv", NAMES[2], caravan_columns(series, 2, "old"), "1990-01-01")
    with pytest.raises(InputError, match=r"camels_01030500.csv has no column potential_evaporation_sum_FAO"):
        opened(tmp_path, "caravan", pet="given")
    assert opened(tmp_path, "caravan", pet="oudin").ids == NAMES


def test_basins_without_a_row_of_attributes_are_refused_only_where_latitude_is_needed(tmp_path):
    write_caravan(tmp_path, "csv")
    write_caravan_attributes(tmp_path, NAMES[:2])
    with pytest.raises(InputError, match=r"latitude of each basin, which is not known for camels_01030500"):
        opened(tmp_path, "caravan")
    assert opened(tmp_path, "caravan", pet="given").ids == NAMES


def test_an_unknown_basin_is_told_the_nearest(tmp_path):
    write_caravan(tmp_path, "csv")
    with pytest.raises(ConfigurationError, match=r"no basin 'camels_1022500'; did you mean 'camels_01022500'"):
        opened(tmp_path, "caravan", basins="camels_1022500")


@pytest.mark.parametrize("made", ["", "timeseries", "timeseries/csv/camels"])
def test_a_folder_that_is_no_tree_is_refused(tmp_path, made):
    (tmp_path / made).mkdir(parents=True, exist_ok=True)
    with pytest.raises(InputError, match=r"expected a Caravan tree|has no series, expected"):
        opened(tmp_path, "caravan")
