"""Cells of gridded weather: orientation, longitudes, the date line, cut files, and blocks equal to the bit."""

import numpy as np
import pytest
from freshet.driver.errors import InputError

from weather_files import LATITUDE, LONGITUDE, everywhere, forcing, made_up, opened, write

GLOBE = (np.arange(75.0, -90, -30), np.arange(-165.0, 180, 30))


def globe(days=3):
    return made_up(days, shape=(6, 12))


def test_a_grid_with_south_first_gives_the_same_cells(tmp_path):
    base = made_up(3)
    north = opened(write(tmp_path / "n.nc", base))
    turned = {name: values[:, ::-1] for name, values in base.items()}
    south = opened(write(tmp_path / "s.nc", turned, latitude=LATITUDE[::-1]))
    places = np.array([51.75, 50.75, 51.25]), np.array([5.25, 6.75, 6.25])
    np.testing.assert_array_equal(north.on(*places).forcing(0, 3), south.on(*places).forcing(0, 3))


def test_longitudes_from_0_to_360_give_the_same_cells(tmp_path):
    latitude, longitude = GLOBE
    base = globe()
    west = opened(write(tmp_path / "w.nc", base, latitude=latitude, longitude=longitude))
    rolled = {name: np.roll(values, 6, axis=2) for name, values in base.items()}
    east = opened(write(tmp_path / "e.nc", rolled, latitude=latitude, longitude=np.roll(longitude, 6) % 360.0))
    places = np.array([75.0, -45.0, 15.0]), np.array([-165.0, 165.0, 15.0])
    np.testing.assert_array_equal(west.on(*places).forcing(0, 3), east.on(*places).forcing(0, 3))


def test_series_on_turned_grids_in_different_files_meet_in_one_cell(tmp_path):
    base = made_up(3)
    write(tmp_path / "pr.nc", {"pr": base["pr"]})
    write(tmp_path / "tas.nc", {"tas": base["tas"][:, ::-1]}, latitude=LATITUDE[::-1])
    block = forcing(opened(tmp_path / "*.nc"))
    np.testing.assert_allclose(block[:, 1], base["tas"].reshape(3, -1) - 273.15, atol=3e-5)


def test_places_on_both_sides_of_the_date_line_are_read_without_what_lies_between(tmp_path):
    latitude, longitude = GLOBE
    base = globe()
    weather = opened(write(tmp_path / "d.nc", base, latitude=latitude, longitude=longitude))
    reader = weather.on(np.array([15.0, 15.0, -15.0]), np.array([165.0, -165.0, 135.0]))
    cells = reader.readers["precipitation"].cells
    assert cells.width == 3
    assert sorted((box[1].start, box[1].stop) for box in cells.boxes) == [(0, 1), (10, 12)]
    expected = np.stack([base["tas"][:, 2, 11], base["tas"][:, 2, 0], base["tas"][:, 3, 10]], axis=1)
    np.testing.assert_allclose(reader.forcing(0, 3)[:, 1], expected - 273.15, atol=3e-5)


def test_a_grid_over_the_date_line_with_a_turn_in_its_longitudes_is_read(tmp_path):
    longitude = np.array([178.75, 179.25, 179.75, -179.75])
    base = made_up(3)
    weather = opened(write(tmp_path / "f.nc", base, longitude=longitude))
    block = weather.on([51.25], [180.25]).forcing(0, 3)
    np.testing.assert_allclose(block[:, 1, 0], base["tas"][:, 1, 3] - 273.15, atol=3e-5)


def test_a_shift_by_half_a_cell_is_refused_and_by_rounding_is_not(tmp_path):
    weather = opened(write(tmp_path / "g.nc", made_up(3)))
    weather.on(LATITUDE[:1] + 9e-5, LONGITUDE[:1] - 9e-5)
    with pytest.raises(InputError, match=r"51.50°N 5.50°E .1 of 1 cells.; the nearest, .* is 0.25 degrees away"):
        weather.on([51.5], [5.5])
    with pytest.raises(InputError, match="half a cell"):
        weather.on(LATITUDE[:1], LONGITUDE[:1] + 2e-4)


def test_latitudes_beyond_the_pole_are_refused_as_when_swapped_with_longitudes(tmp_path):
    file = write(tmp_path / "x.nc", made_up(3), latitude=np.array([120.25, 120.75, 121.25]))
    with pytest.raises(InputError, match=r"lat is 120.25, expected -90 to 90 degrees"):
        opened(file)


def test_latitudes_that_rise_and_fall_are_refused(tmp_path):
    file = write(tmp_path / "x.nc", made_up(3), latitude=np.array([51.75, 50.75, 51.25]))
    with pytest.raises(InputError, match=r"lat goes from 50.75 to 51.25, expected values that only rise or only fall"):
        opened(file)


def test_files_of_one_series_on_different_grids_are_refused(tmp_path):
    base = made_up(3)
    write(tmp_path / "a.nc", base)
    write(tmp_path / "b.nc", base, start="2001-01-04", latitude=LATITUDE + 0.25)
    with pytest.raises(InputError, match=r"b.nc: tas has other cells than in .*a.nc"):
        opened(tmp_path / "*.nc")


@pytest.mark.parametrize("storage", [{"chunksizes": (7, 2, 3)}, {"chunksizes": (1, 3, 4), "zlib": True}, {}])
@pytest.mark.parametrize("pet", ["oudin", "penman_monteith"])
def test_blocks_and_slabs_are_equal_to_the_bit_however_they_are_cut(tmp_path, storage, pet):
    base = made_up(20)
    warm = base["tas"]
    more = {"tasmin": warm - 4, "tasmax": warm + 5, "huss": warm * 0 + np.float32(0.006), "sfcWind": warm / 90}
    more |= {"rsds": warm * 0.6}
    units = {"tasmin": "K", "tasmax": "K", "tas": "K", "pr": "kg m-2 s-1"}
    units |= {"huss": "1", "sfcWind": "m s-1", "rsds": "W m-2"}
    weather = opened(write(tmp_path / "b.nc", base | more, units=units, storage=storage), pet=pet)
    reader = everywhere(weather, elevation=np.linspace(0, 1000, 12))
    whole = reader.forcing(0, 20)
    np.testing.assert_array_equal(np.concatenate([reader.forcing(a, a + 1) for a in range(20)]), whole)
    np.testing.assert_array_equal(np.concatenate([reader.forcing(0, 9), reader.forcing(9, 20)]), whole)
    single = np.concatenate([reader.subset(place, place + 1).forcing(0, 20) for place in range(12)], axis=2)
    np.testing.assert_array_equal(single, whole)
    np.testing.assert_array_equal(reader.subset(3, 10).subset(2, 5).forcing(4, 8), whole[4:8, :, 5:8])


def test_a_slab_without_places_has_an_empty_block(tmp_path):
    reader = everywhere(opened(write(tmp_path / "b.nc", made_up(5))))
    assert reader.subset(4, 4).forcing(1, 4).shape == (3, 3, 0)


def test_long_pieces_of_a_file_are_read_in_bands_of_rows(tmp_path):
    base = made_up(30)
    weather = opened(write(tmp_path / "b.nc", base, storage={"chunksizes": (30, 1, 2), "zlib": True}))
    expected = forcing(weather)
    reader = everywhere(weather)
    for one in reader.readers.values():
        one.band = 30 * 4 * 4  # one row of all days
    assert len(reader.readers["precipitation"]._bands(1, 30 * 4)) == 3
    np.testing.assert_array_equal(reader.forcing(0, 30), expected)
    np.testing.assert_array_equal(reader.subset(3, 11).forcing(2, 9), expected[2:9, :, 3:11])


def test_classic_files_are_read_too(tmp_path):
    base = made_up(4)
    for form in ("NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF4_CLASSIC"):
        block = forcing(opened(write(tmp_path / f"{form}.nc", base, format=form)))
        np.testing.assert_allclose(block[:, 1], base["tas"].reshape(4, -1) - 273.15, atol=3e-5)


def test_cells_beyond_the_mask_take_the_nearest_weather_only_where_that_is_asked_for(tmp_path):
    base = made_up(3)
    for values in base.values():
        values[:, 0, 0] = np.nan
    file = write(tmp_path / "m.nc", base)
    with pytest.raises(InputError, match=r"no value at 51.75°N 5.25°E on 2001-01-01 \(3 missing at 1 cells"):
        forcing(opened(file))
    with pytest.raises(InputError, match=r"all that have no weather: without_weather = 'leave' in &grid"):
        forcing(opened(file))
    weather = opened(file, beyond_mask="nearest")
    reader = everywhere(weather)
    block = reader.forcing(0, 3)
    np.testing.assert_array_equal(block[:, :2, 0], block[:, :2, 1])  # 0.5 degrees east is nearer than south
    assert any("1 cells without weather" in note and "51.75°N 5.25°E" in note for note in reader.notes)
    with pytest.raises(InputError, match=r"nearest cell that has is 0.31 degrees away"):
        everywhere(opened(file, beyond_mask="nearest", beyond_degrees=0.2))
