"""The door to the text files of CAMELS-US."""

import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.timeaxis import TimeAxis

from catchment_files import DAYS, IDS, opened, write_camels

FORCING = "basin_mean_forcing/daymet"
NAME = IDS[1]


@pytest.mark.parametrize("huc", ["", "01"])
def test_a_tree_is_read_with_or_without_folders_of_regions(tmp_path, huc):
    series = write_camels(tmp_path, huc=huc)
    source = opened(tmp_path, "camels_us")
    assert source.ids == list(IDS)
    assert source.axis == TimeAxis.parse("1990-01-01", DAYS)
    forcing = source.forcing(0, DAYS)
    np.testing.assert_allclose(forcing[:, 0], series["precipitation"], rtol=1e-6)
    mean = 0.5 * (series["temperature_min"] + series["temperature_max"])
    np.testing.assert_allclose(forcing[:, 1], mean, atol=0.006)


def test_discharge_in_cubic_feet_becomes_depth_over_the_area_of_the_forcing_file(tmp_path):
    series = write_camels(tmp_path)
    depth = series["streamflow"] * 0.028316846592 * 86.4 / np.array([500.0, 501.0, 502.0])
    np.testing.assert_allclose(opened(tmp_path, "camels_us").discharge(0, DAYS), depth, rtol=1e-5)


def test_attributes_are_of_the_tables_and_the_headers(tmp_path):
    write_camels(tmp_path)
    attributes = opened(tmp_path, "camels_us").attributes
    assert attributes["latitude"].tolist() == [45, 46, 47]
    assert attributes["elevation"].tolist() == [310, 311, 312]
    assert attributes["area"].tolist() == [500, 501, 502]
    assert attributes["slope_mean"].tolist() == [12, 12, 12]
    assert np.isnan(attributes["area_gages2"]).all()


def test_without_tables_the_headers_say_where_a_basin_lies(tmp_path):
    write_camels(tmp_path)
    (tmp_path / "camels_attributes_v2.0/camels_topo.txt").unlink()
    source = opened(tmp_path, "camels_us", limit="2")
    assert source.attributes["latitude"].tolist() == [45, 46]
    assert source.attributes["elevation"].tolist() == [300, 300]


def test_shortwave_over_the_daylight_becomes_that_of_the_day(tmp_path):
    write_camels(tmp_path)
    source = opened(tmp_path, "camels_us", pet="priestley_taylor")
    # 300 W m-2 over 12 hours are 150 over the day: far less than 300 would evaporate.
    yearly = source.forcing(0, 730)[:, 2].mean() * 365
    assert 300 < yearly < 1100
    assert any("mean over the daylight" in note for note in source.notes)


def test_discharge_of_other_days_is_put_where_it_belongs(tmp_path):
    series = write_camels(tmp_path)
    file = tmp_path / "usgs_streamflow" / f"{NAME}_streamflow_qc.txt"
    lines = file.read_text().splitlines()
    lines[20] = lines[20].replace(lines[20].split()[4], "-999.00").rsplit(" ", 1)[0] + " M"
    file.write_text("\n".join(lines[10:50] + lines[60:]) + "\n")
    flow = opened(tmp_path, "camels_us").discharge(0, DAYS)
    expected = series["streamflow"][:, 1] * 0.028316846592 * 86.4 / 501
    gap = np.zeros(DAYS, bool)
    gap[:10] = gap[20] = gap[50:60] = True
    np.testing.assert_array_equal(np.isnan(flow[:, 1]), gap)
    np.testing.assert_allclose(flow[~gap, 1], expected[~gap], rtol=1e-5)


def test_a_tree_below_the_folder_is_found(tmp_path):
    write_camels(tmp_path / "basin_timeseries_v1p2_metForcing_obsFlow/basin_dataset_public_v1p2")
    assert opened(tmp_path, "camels_us").ids == list(IDS)


def test_data_without_gauges_have_no_discharge(tmp_path):
    write_camels(tmp_path)
    (tmp_path / "usgs_streamflow").rename(tmp_path / "elsewhere")
    assert opened(tmp_path, "camels_us").discharge(0, 10) is None


def test_a_missing_gauge_file_is_refused_by_name(tmp_path):
    write_camels(tmp_path)
    (tmp_path / "usgs_streamflow" / f"{NAME}_streamflow_qc.txt").unlink()
    with pytest.raises(InputError, match=f"{NAME} has no file {NAME}_streamflow_qc.txt"):
        opened(tmp_path, "camels_us")


def test_a_product_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    write_camels(tmp_path)
    with pytest.raises(ConfigurationError, match=r"no forcing_product 'nldas', expected one of: daymet"):
        opened(tmp_path, "camels_us", forcing_product="nldas")


def test_a_folder_that_is_no_tree_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected a CAMELS-US tree"):
        opened(tmp_path, "camels_us")


def _replace(line, old, new):
    """A change of one line of a file."""
    return lambda lines: [*lines[:line], lines[line].replace(old, new), *lines[line + 1 :]]


# Line 4 holds the names of the columns, line 5 is 1990-01-01, line 10 is 1990-01-06.
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:40] + lines[41:], "dates: 1990-02-06 is missing"),
        (lambda lines: lines[:41] + lines[40:], "dates: 1990-02-06 comes twice"),
        (lambda lines: [*lines[:-1], lines[-1][:8]], "the last line breaks off"),
        (lambda lines: [*lines[:-1], lines[-1][:20]], "of basin 01022500 is missing on 1992-03-10"),
        (lambda lines: lines[:3], "is empty"),
        (lambda lines: lines[:2], "expected latitude, elevation and area"),
        (_replace(0, "46.00", "x"), "expected latitude, elevation and area"),
        (_replace(2, "501000000", "0"), "area in the third line is 0 m2"),
        (_replace(3, "mm/day", "furlong"), "prcp: unit 'furlong' is unknown"),
        (_replace(9, "01 06 12", "02 30 12"), r"dates: 1990-2-30 \(row 6\) is no date"),
        (_replace(9, "43200.00\t", "43200.00\t-9"), "prcp of basin 01022500 on 1990-01-06 is -9"),
        (_replace(9, "43200.00\t", "43200.00\t1.00\t"), "cannot be read as a table.*line 10"),
        (_replace(9, "43200.00\t", "43200.00\tx"), "prcp.* holds what is no number"),
    ],
)
def test_a_broken_forcing_file_is_refused_by_name_and_day(tmp_path, change, said):
    write_camels(tmp_path)
    file = tmp_path / FORCING / f"{NAME}_lump_cida_forcing_leap.txt"
    file.write_text("\n".join(change(file.read_text().splitlines())) + "\n")
    with pytest.raises(InputError, match=f"forcing_leap.txt.*{said}") as error:
        opened(tmp_path, "camels_us")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("column", "used"), [(2, True), (3, False)])
def test_the_number_for_no_value_is_a_gap_where_the_series_is_used(tmp_path, column, used):
    write_camels(tmp_path)
    file = tmp_path / FORCING / f"{NAME}_lump_cida_forcing_leap.txt"
    lines = file.read_text().splitlines()
    cells = lines[9].split("\t")
    cells[column] = "-999.00"
    lines[9] = "\t".join(cells)
    file.write_text("\n".join(lines) + "\n")
    if used:
        with pytest.raises(InputError, match="prcp of basin 01022500 is missing on 1990-01-06"):
            opened(tmp_path, "camels_us")
    else:
        assert opened(tmp_path, "camels_us").ids == list(IDS)


def test_the_text_files_of_camels_and_their_netcdf_copy_are_one(shared):
    text = opened(shared / "data/camels_us_text_format", "camels_us", pet="hargreaves")
    file = shared / "data/camels_us_daymet/camels_us_daymet_short.nc"
    copy = opened(file, pet="hargreaves", basins="01547700")
    assert text.ids == ["01547700"]
    assert text.axis == copy.axis
    np.testing.assert_allclose(text.forcing(0, 1096), copy.forcing(0, 1096), atol=0.01)
    np.testing.assert_allclose(text.discharge(0, 1096), copy.discharge(0, 1096), rtol=1e-5)
    assert text.attributes["area"] == pytest.approx(114.17, abs=0.01)
    assert text.attributes["latitude"] == pytest.approx(41.06, abs=0.01)


def test_a_mean_given_as_both_extremes_is_no_range_for_hargreaves(shared):
    tree = shared / "data/camels_us_text_format"
    with pytest.raises(InputError, match=r"equals the minimum on most days.*choose pet = 'oudin'"):
        opened(tree, "camels_us", forcing_product="nldas", pet="hargreaves")
    assert opened(tree, "camels_us", forcing_product="nldas").forcing(0, 100).shape == (100, 3, 1)


def test_the_extended_maurer_weather_is_read(shared):
    source = opened(shared / "data/camels_us_text_format", "camels_us", forcing_product="maurer_extended")
    assert source.forcing(0, 1096)[:, 0].mean() * 365.25 == pytest.approx(969, abs=1)
