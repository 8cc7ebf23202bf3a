"""Static fields of grids: names and units recognised, land masks of every kind, and what cannot be refused by place."""

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.grid.assemble import land_area
from freshet.driver.grid.coordinates import regular_grid

from grid_files import LATITUDE, LONGITUDE, VALLEY, source, static, write_grid

SHAPE = VALLEY.shape
SPHERE = regular_grid(LATITUDE, LONGITUDE).area
RANDOM = np.random.default_rng(5)
FIELDS = {"wcap": RANDOM.uniform(100, 400, SHAPE), "flake": RANDOM.uniform(0, 0.5, SHAPE)}


@pytest.fixture
def file(tmp_path):
    """Writes variables to grid.nc."""
    return lambda variables, **options: write_grid(tmp_path / "grid.nc", variables, **options)


@pytest.mark.parametrize("names", [("lat", "lon"), ("latitude", "longitude"), ("Y", "X"), ("north", "east")])
def test_coordinates_are_recognised_by_name_or_unit(file, names):
    found = static(file({"ldd": VALLEY, **FIELDS}, names=names))
    np.testing.assert_array_equal(found.grid.latitude, LATITUDE)
    np.testing.assert_array_equal(found.grid.longitude, LONGITUDE)


def test_coordinates_may_be_given_by_their_bounds_alone(tmp_path):
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as data:
        data.createDimension("bnds", 2)
        for name, centres in (("lat", LATITUDE), ("lon", LONGITUDE)):
            data.createDimension(name, len(centres))
            data.createVariable(f"{name}_bnds", "f8", (name, "bnds"))[:] = centres[:, None] + [-0.25, 0.25]
        data.createVariable("ldd", "i4", ("lat", "lon"))[:] = VALLEY
    found = static(tmp_path / "a.nc")
    np.testing.assert_array_equal(found.grid.latitude, LATITUDE)
    np.testing.assert_array_equal(found.grid.longitude, LONGITUDE)


def test_coordinates_asked_for_by_a_wrong_name_are_answered_with_the_nearest(file):
    with pytest.raises(InputError, match=r"no variable 'lt'; did you mean 'lat'\?"):
        static(file({"ldd": VALLEY}), latitude="lt")


@pytest.mark.parametrize(("flip", "roll", "shift"), [(True, 0, 0), (False, 2, 0), (True, 3, 360), (False, 0, -360)])
def test_fields_come_to_the_same_places_whatever_the_order_of_the_second_file(tmp_path, flip, roll, shift):
    turned = {name: np.roll(values[::-1] if flip else values, roll, axis=1) for name, values in FIELDS.items()}
    one = write_grid(tmp_path / "one.nc", {"ldd": VALLEY})
    east = np.roll(LONGITUDE, roll) + shift
    # A rolled regional file is not regular: only a global one may be rolled.
    if roll:
        world = {name: np.full((len(LATITUDE), 720), np.nan) for name in FIELDS}
        for name, values in FIELDS.items():
            world[name][:, 40:45] = values[::-1] if flip else values
        turned, east = (
            {name: np.roll(values, 360, axis=1) for name, values in world.items()},
            -179.75 + 0.5 * np.arange(720),
        )
    other = write_grid(tmp_path / "other.nc", turned, latitude=LATITUDE[::-1] if flip else LATITUDE, longitude=east)
    plain = source(write_grid(tmp_path / "plain.nc", {"ldd": VALLEY, **FIELDS}))
    mixed = source(one, other)
    for name in FIELDS:
        np.testing.assert_array_equal(mixed.fields[name], plain.fields[name])
    assert mixed.ids == plain.ids


def test_a_field_that_no_file_has_is_answered_with_the_nearest_name(file):
    with pytest.raises(InputError, match=r"has 'wcapp', asked for wcap; did you mean 'wcap'"):
        static(file({"ldd": VALLEY, **FIELDS}), fields="wcap = wcapp")
    with pytest.raises(ConfigurationError, match=r"'wcpa' is no static field; did you mean 'wcap'"):
        static(file({"ldd": VALLEY, **FIELDS}), fields="wcpa = 3")
    with pytest.raises(InputError, match=r"has 'land_msk', asked for the land mask; did you mean 'land_mask'"):
        static(file({"land_mask": np.ones(SHAPE), **FIELDS}), land_mask="land_msk")


def test_a_field_may_be_a_number_or_another_variable(file):
    found = static(file({"ldd": VALLEY, "capacity": FIELDS["wcap"]}), fields=("wcap = capacity", "perm = 0.25"))
    np.testing.assert_array_equal(found.fields["wcap"], FIELDS["wcap"])
    assert (found.fields["perm"] == 0.25).all()


@pytest.mark.parametrize(
    ("unit", "factor"), [("%", 100.0), ("1", 1.0), ("percent", 100.0), ("", 1.0), ("fraction", 1.0)]
)
def test_units_of_fields_are_converted(file, unit, factor):
    found = static(file({"ldd": VALLEY, "flake": FIELDS["flake"] * factor}, units={"flake": unit} if unit else None))
    np.testing.assert_allclose(found.fields["flake"], FIELDS["flake"], rtol=1e-14)


def test_an_unknown_unit_is_refused(file):
    with pytest.raises(InputError, match=r"grid.nc: wcap: unit 'hPa' is unknown, expected one of: mm"):
        static(file({"ldd": VALLEY, **FIELDS}, units={"wcap": "hPa"}))


def test_a_fraction_in_per_cent_without_a_unit_is_refused_by_place(file):
    with pytest.raises(InputError, match=r"flake is \d+\.?\d* at 1\d\.\d+N 2\d\.\d+E, expected 0 to 1 1 .*is the unit"):
        static(file({"ldd": VALLEY, "flake": FIELDS["flake"] * 100}))


@pytest.mark.parametrize(("unit", "factor"), [("m2", 1.0), ("km2", 1e-6), ("m^2", 1.0), ("", 1.0), ("", 1e-6)])
def test_areas_are_taken_in_their_unit_and_without_one_as_the_earth_says(file, unit, factor):
    found = static(
        file({"ldd": VALLEY, "cell_area": SPHERE * factor * 0.9}, units={"cell_area": unit} if unit else None)
    )
    np.testing.assert_allclose(found.grid.area, SPHERE * 0.9, rtol=1e-12)


def test_areas_in_another_unit_than_they_say_are_refused(file):
    with pytest.raises(
        InputError, match=r"cell_area: the cells have 1e-06 times the area that they have on the sphere"
    ):
        static(file({"ldd": VALLEY, "cell_area": SPHERE * 1e-6}, units={"cell_area": "m2"}))


@pytest.mark.parametrize(("value", "said"), [(np.nan, "missing or 0"), (0.0, "missing or 0"), (-3e9, "-3e[+]09 m2")])
def test_land_without_an_area_is_refused_by_place(file, value, said):
    area = SPHERE.copy()
    area[1, 2] = value
    with pytest.raises(
        InputError, match=rf"the area of cell 11.25N 21.25E is {said}, but there is land \(1 such cells"
    ):
        static(file({"ldd": VALLEY, "cell_area": area}, units={"cell_area": "m2"}))
    static(file({"ldd": VALLEY, "cell_area": area}, units={"cell_area": "m2"}), area="sphere")


def test_without_areas_they_are_computed_on_the_sphere(file):
    found = static(file({"ldd": VALLEY}))
    np.testing.assert_array_equal(found.grid.area, SPHERE)
    assert "area of the cells computed on the sphere" in found.notes


def test_land_masks_of_every_kind_give_the_same_land(file):
    land = np.ones(SHAPE, bool)
    land[0, :2] = False
    fraction, filled = np.where(land, 0.5, 0.0), np.where(land, 321.0, np.nan)
    for values in (land.astype(np.int8), fraction, fraction * 100, filled):
        per_cent = {"mask": "%"} if np.nanmax(values) == 50 else None
        found = static(file({"mask": values, **FIELDS}, units=per_cent), land_mask="mask", lost_links="end")
        np.testing.assert_array_equal(found.grid.land, land)


def test_a_mask_with_other_numbers_and_none_missing_is_refused(file):
    with pytest.raises(InputError, match=r"mask goes from 0 to 50, expected 0 to 1, '%' as its unit, or missing"):
        static(file({"mask": np.where(VALLEY == 2, 50.0, 0.0), **FIELDS}))


def test_a_mask_without_land_is_refused(file):
    with pytest.raises(InputError, match="no cell of the land mask is land"):
        static(file({"mask": np.zeros(SHAPE), **FIELDS}))


def test_without_a_mask_cells_with_flow_directions_or_fields_are_land(file):
    some = np.where(VALLEY == 2, np.nan, FIELDS["wcap"])
    np.testing.assert_array_equal(static(file({"wcap": some})).grid.land, VALLEY != 2)
    partly = VALLEY.astype(float)
    partly[0, 0] = np.nan
    np.testing.assert_array_equal(static(file({"ldd": partly})).grid.land, np.isfinite(partly))


def test_fields_of_another_land_mask_are_refused(file):
    few = np.where(VALLEY == 2, np.nan, FIELDS["wcap"])
    with pytest.raises(InputError, match=r"wcap has no value in 6 of 20 cells of the land, first at 11.75N 20.25E"):
        static(file({"ldd": VALLEY, "mask": np.ones(SHAPE), "wcap": few}))


def test_a_stray_cell_without_a_value_takes_the_default_and_a_note_says_so(tmp_path):
    wcap = np.full((20, 20), 250.0)
    wcap[3, 4] = np.nan
    north, east = 30.25 - 0.5 * np.arange(20), 0.25 + 0.5 * np.arange(20)
    found = static(write_grid(tmp_path / "a.nc", {"wcap": wcap, "mask": np.ones((20, 20))}, north, east))
    assert found.fields["wcap"][3, 4] == 300.0
    assert any("wcap has no value in 1 of 400 cells (first: 28.75N 2.25E): 300 taken" in note for note in found.notes)


def test_glaciers_take_land_away_and_cells_of_ice_are_not_active(file):
    lsm, glacier = np.full(SHAPE, 0.8), np.zeros(SHAPE)
    glacier[0, 0], glacier[1, 1] = 1.0, 0.25
    cells = source(file({"ldd": VALLEY, "lsm": lsm, "glacier": glacier}))
    assert 0 not in cells.cell
    area = dict(zip(cells.cell.tolist(), cells.land_area, strict=True))
    assert area[6] == SPHERE[1, 1] * (0.8 - 0.8 * 0.25)
    assert area[7] == SPHERE[1, 2] * 0.8
    # The basin keeps its ice.
    assert cells.river.fields["upstream_area"].max() == pytest.approx(0.8 * SPHERE.sum(), rel=1e-12)


def test_land_area_of_a_file_takes_the_place_of_area_times_mask():
    fields = {"area": np.array([4.0, 4.0]), "lsm": np.array([0.5, 1.0]), "landarea": np.array([3.0, 1.0])}
    np.testing.assert_array_equal(land_area(fields), [3.0, 1.0])


def test_days_of_a_year_become_months(file):
    days = np.arange(365.0)[:, None, None] * np.ones(SHAPE) / 1000
    found = static(file({"ldd": VALLEY, "fveg": days}, leading="day"))
    assert found.fields["fveg"].shape == (12, *SHAPE)
    assert found.fields["fveg"][1, 0, 0] == pytest.approx(np.arange(31, 59).mean() / 1000)


def test_a_field_with_another_dimension_is_refused(file):
    with pytest.raises(InputError, match=r"wcap has dimensions \(level, lat, lon\) of \(3, 4, 5\), expected"):
        static(file({"ldd": VALLEY, "wcap": np.ones((3, *SHAPE))}, leading="level"))


def test_a_region_is_cut_out_and_rivers_end_at_its_border(file):
    found = static(file({"ldd": VALLEY, **FIELDS}), region=(10.0, 11.5, 20.0, 21.5))
    assert found.grid.shape == (3, 3)
    np.testing.assert_array_equal(found.fields["wcap"], FIELDS["wcap"][1:, :3])
    assert any("drain off the grid" in note and "their water ends there" in note for note in found.notes)


def test_a_region_across_the_date_line_has_neighbouring_columns(tmp_path):
    values = RANDOM.uniform(100, 400, (360, 720))
    file = write_grid(tmp_path / "a.nc", {"wcap": values}, 89.75 - 0.5 * np.arange(360), -179.75 + 0.5 * np.arange(720))
    found = static(file, region=(0.0, 2.0, 179.0, -179.0))
    assert found.grid.longitude.tolist() == [179.25, 179.75, 180.25, 180.75]
    np.testing.assert_array_equal(found.fields["wcap"], values[176:180][:, [718, 719, 0, 1]])


def test_a_region_without_cells_is_refused(file):
    with pytest.raises(ConfigurationError, match="holds no cell of the grid"):
        static(file({"ldd": VALLEY}), region=(50.0, 51.0, 0.0, 1.0))
    with pytest.raises(ConfigurationError, match="expected south, north, west, east"):
        static(file({"ldd": VALLEY}), region=(51.0, 50.0, 0.0, 1.0))
