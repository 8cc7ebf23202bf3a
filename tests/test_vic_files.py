"""VIC's parameter files: the classic and the image driver's give the same, and become the rows of the kernels."""

from dataclasses import replace
from types import SimpleNamespace

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.vic.assemble import assemble
from freshet.driver.vic.baseflow import arno_parameters
from freshet.driver.vic.choices import VEGPARAM, Choices, choices
from freshet.driver.vic.classic import read_classic
from freshet.driver.vic.cover import shares
from freshet.driver.vic.image import read_image
from freshet.kernels.vic import parameters, states

from vic_files import ELEVATION, LAYERED, LIBRARY, soil_line, tile_lai, write_classic, write_image

CHOSEN = Choices(bands=2, vegparam_lai=True, lai=VEGPARAM)
SAMPLES = (
    ("Stehekin/parameters/params.Stehekin.L2015.nc", "Stehekin/parameters/domain.Stehekin.0.0625_deg.nc", 64, 5),
    ("Stehekin/parameters/Stehekin_test_params_20160327.nc", "Stehekin/parameters/domain.stehekin.20151028.nc", 16, 5),
    ("WalnutGulch/parameters/params.WalnutGulch.L2015.0.0625_deg.nc",
     "WalnutGulch/parameters/domain.WalnutGulch.0.0625_deg.nc", 15, 5),
    ("FindleyLake/parameters/params.FindleyLake.nc", "FindleyLake/parameters/domain.FindleyLake.nc", 1, 1),
)  # fmt: skip


def form(energy: bool = True, frozen: bool = False):
    """What assembling asks of a form, without its equations."""
    nodes = 6 if frozen else 3
    return SimpleNamespace(
        parameters=parameters.parameters(3, 3), geometry=parameters.GEOMETRY,
        states=states.states(3, nodes, frozen),
        options={"energy": energy, "frozen": frozen, "layers": 3, "nodes": nodes},
    )  # fmt: skip


def rows(found, model) -> dict[str, np.ndarray]:
    """Parameters by name, [component, place]."""
    shape = found.components.tile.shape
    return {v.name: row.reshape(shape) for v, row in zip(model.parameters, found.parameters, strict=True)}


def classic(folder, chosen=CHOSEN, **paths):
    paths = write_classic(folder) | paths
    return read_classic(paths["soil"], paths["vegetation"], paths["library"], paths["bands"], chosen)


def image(folder):
    paths = write_image(folder)
    return read_image(paths["parameters"], paths["domain"], Choices(layers=0, zones=0, bands=0))


def test_both_drivers_files_hold_the_same_parameters(tmp_path):
    ascii_files, (netcdf, grid) = classic(tmp_path), image(tmp_path)
    assert list(netcdf.cell) == list(ascii_files.cell) == [11, 12, 13]
    assert list(netcdf.at(np.array([2, 0])).cell) == [13, 11]
    np.testing.assert_array_equal(grid.row, [0, 0, 1])
    np.testing.assert_allclose(netcdf.bare, [0.1, 0.0, 1.0], atol=1e-15)
    np.testing.assert_array_equal(netcdf.tiles["veg_class"], ascii_files.tiles["veg_class"])
    for kind in ("soil", "layers", "bands", "tiles", "monthly", "roots"):
        one, other = getattr(netcdf, kind), getattr(ascii_files, kind)
        assert set(one) == set(other)
        used = netcdf.used if kind in ("tiles", "monthly", "roots") else True
        for name in one:
            np.testing.assert_allclose(np.where(used, one[name], 0), np.where(used, other[name], 0), rtol=1e-9)
    assert netcdf.classes == ascii_files.classes == max(LIBRARY) + 1


def test_tiles_and_bands_become_components(tmp_path):
    model = form()
    found = assemble(classic(tmp_path), model)
    parts, values = found.components, rows(found, form())
    assert parts.tile.T.tolist() == [[0, 0, 1, 1, -2, -2], [0, -1, -1, -1, -1, -1], [-2, -2, -1, -1, -1, -1]]
    assert parts.band.T[0].tolist() == [0, 1, 0, 1, 0, 1]
    np.testing.assert_allclose(found.weights.sum(axis=0), 1.0, rtol=1e-14)
    np.testing.assert_allclose(found.weights[:, 0], np.outer([0.6, 0.3, 0.1], [0.25, 0.75]).ravel(), rtol=1e-12)
    # 500.4 m agrees with the band's 500 m to a metre, and stays; the others are the bands' means.
    np.testing.assert_allclose(found.geometry[0], [1750.0, ELEVATION[12], 305.0])
    np.testing.assert_allclose(values["temperature_offset"][:2, 0], -0.0065 * np.array([-750.0, 250.0]))
    np.testing.assert_allclose(values["precipitation_factor"][:2, 0], [0.2 / 0.25, 0.8 / 0.75])
    np.testing.assert_allclose(found.geometry[2], [-0.0065 * 250, -0.0065 * (500 - 500.4), -0.0065 * 5])
    np.testing.assert_allclose([values[f"leaf_area_index_{m + 1}"][0, 1] for m in range(12)], tile_lai(7), rtol=1e-9)
    assert values["Ksat_2"][3, 0] == 900.0
    assert values["root_fract_3"][0, 1] == 0.3


def test_bare_soil_has_the_values_of_its_place(tmp_path):
    values = rows(assemble(classic(tmp_path), form()), form())
    bare = {name: row[0, 2] for name, row in values.items()}
    assert (bare["vegetated"], bare["leaf_area_index_6"], bare["root_depth_1"]) == (0, 0, 0)
    expected = {"albedo_6": 0.2, "roughness_6": 0.01, "displacement_6": 0.01 * 0.667 / 0.123, "wind_h": 10.0,
                "rmin": 0.0, "rarc": 100.0, "overstory": 0.0}  # fmt: skip
    np.testing.assert_allclose([bare[name] for name in expected], list(expected.values()))


@pytest.mark.parametrize(("energy", "frozen", "ground"), [(True, True, 5.0), (True, False, 5.0), (False, False, 0.0)])
def test_the_initial_state_is_vics(tmp_path, energy, frozen, ground):
    model = form(energy, frozen)
    found = assemble(classic(tmp_path), model)
    shape = found.components.tile.shape
    state = {v.name: row.reshape(shape) for v, row in zip(model.states, found.state, strict=True)}
    full = 1500.0 * (1 - 1600 / 2650)
    np.testing.assert_allclose([state[f"soil_moisture_{k}"][0, 0] for k in (1, 2, 3)], [20, 60, full])
    np.testing.assert_allclose(state["foliage_temperature"][:2, 0], ground - 0.0065 * np.array([-750.0, 250.0]))
    np.testing.assert_allclose(state["upward_longwave"][0, 0], 0.97 * 5.67e-8 * (ground + 273.15) ** 4, rtol=1e-14)
    others = [name for name in state if name.startswith(("snow", "canopy", "soil_ice"))]
    assert len(others) == 14 + 3 * frozen
    assert not any(state[name].any() for name in others)
    nodes = [state[f"soil_temperature_{n + 1}"] for n in range(6 if frozen else 3)]
    assert all((node == ground).all() for node in nodes)


def test_shares_are_divided_by_their_sum_as_vic_does_it():
    cover = np.array([[0.5, 0.6, 0.5, 0.0], [0.495, 0.6, 0.3, 0.0]])
    found, bare = shares(cover)
    np.testing.assert_allclose(found.sum(axis=0) + bare, 1.0)
    np.testing.assert_allclose(bare, [0, 0, 0.2, 1], atol=1e-15)
    # The image driver's files say how much is bare: what then adds up to 1 stays as it is.
    found, bare = shares(cover[:, :1], np.array([0.005]))
    np.testing.assert_array_equal(bare, [0.005])


def test_nijssens_baseflow_becomes_arnos():
    layers = {"depth": np.full((3, 1), 0.5), "bulk_density": np.full((3, 1), 1325.0)}
    layers["soil_density"] = np.full((3, 1), 2650.0)
    first, second, third, fourth, full = 0.002, 0.0004, 150.0, 2.0, 250.0
    given = {"Ds": first, "Dsmax": second, "Ws": third, "c": fourth}
    arno = arno_parameters({name: np.array([value]) for name, value in given.items()}, layers)
    arno = {name: float(value[0]) for name, value in arno.items()}
    for moisture in (40.0, 149.0, 200.0, 250.0):
        w = moisture / full
        beyond = max(w - arno["Ws"], 0.0) / (1 - arno["Ws"])
        linear = arno["Dsmax"] * arno["Ds"] / arno["Ws"]
        found = linear * w + arno["Dsmax"] * (1 - arno["Ds"] / arno["Ws"]) * beyond ** arno["c"]
        assert found == pytest.approx(first * moisture + second * max(moisture - third, 0.0) ** fourth, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("soil", lambda t: t.replace("-121 ", "", 1), ("soil.txt, line 2", "52 columns", "53")),
        ("soil", lambda t: t.replace("0.2", "wet", 1), ("line 2", "column 5 is 'wet'", "infilt")),
        ("soil", lambda t: t.replace(soil_line(12), soil_line(12, Ws=0.0)), ("Ws is 0", "cell 12")),
        ("soil", lambda t: t.replace(soil_line(13), soil_line(13, bulk_density=(2700.0,) * 3)), ("cell 13", "bulk_d")),
        ("vegetation", lambda t: t.replace("  10 0.3", "  10 x", 1), ("line 4", "'x'", "Cv")),
        ("vegetation", lambda t: t.replace("  10 0.3", "  4 0.3", 1), ("line 4", "class 4 is not in the library")),
        ("vegetation", lambda t: t.replace("11 2", "11 3", 1), ("columns", "ROOT_ZONES 3")),
        ("vegetation", lambda t: t[: t.index("13 0")], ("no cell 13",)),
        ("library", lambda t: t.replace("\n7 0 40.0", "\n7 0"), ("line 3", "a", "trunk_ratio")),
        ("library", lambda t: t.replace("\n7 0 40.0", "\n1 0 40.0"), ("line 3", "class 1 comes twice")),
        ("bands", lambda t: t.replace("0.25 0.75", "0.25 0.25"), ("AreaFract does not add up to 1", "cell 11")),
        ("bands", lambda t: t.replace("12 1 0 500 0", "12 1 0 500"), ("bands.txt, line 2", "6 columns, expected 7")),
    ],
)
def test_faults_of_the_classic_files_are_told_with_their_line(tmp_path, name, change, words):
    path = write_classic(tmp_path)[name]
    text = path.read_text()
    other = tmp_path / "changed" / path.name
    other.parent.mkdir()
    other.write_text(change(text))
    assert other.read_text() != text
    with pytest.raises(InputError) as error:
        classic(tmp_path, **{name: other})
    assert "\n" not in str(error.value)
    assert [word for word in words if word not in str(error.value)] == []


def test_columns_follow_the_options_of_the_global_file(tmp_path):
    paths = write_classic(tmp_path)
    line = soil_line(12)
    head, tail = line.rsplit(" -8 ", 1)
    organic = f"{head} 0 0 0 1300 1300 1300 1300 1300 1300 -8 {tail} 18.5"
    paths["soil"].write_text(organic + "\n")
    # A library with the canopy's fraction, and photosynthesis behind; tiles with leaves, fraction and albedo.
    twelve = " ".join(["1"] * 12)
    lines = [one.split(" ") for one in paths["library"].read_text().splitlines()[1:]]
    text = "\n".join(" ".join([*one[:16], twelve, *one[16:57], "0 1e-5 1e-5 0.2 1 1 1"]) for one in lines)
    paths["library"].write_text(text)
    dark = " ".join(["0.07"] * 12)
    lines = [f"{one}\n{twelve}\n{dark}" if one.startswith("    ") else one
             for one in paths["vegetation"].read_text().splitlines()]  # fmt: skip
    paths["vegetation"].write_text("\n".join(lines))
    settings = dict.fromkeys(("ORGANIC_FRACT", "JULY_TAVG_SUPPLIED", "VEGLIB_PHOTO", "VEGLIB_FCAN", "VEGPARAM_LAI",
                              "VEGPARAM_FCAN", "VEGPARAM_ALB"), "TRUE")  # fmt: skip
    settings |= {"ALB_SRC": "FROM_VEGPARAM", "FCAN_SRC": "FROM_VEGPARAM", "SNOW_BAND": "2 bands.txt"}
    found = read_classic(*paths.values(), chosen=choices(settings, "global.txt"))
    assert list(found.cell) == [12]
    np.testing.assert_array_equal(found.monthly["albedo"][:, 0, 0], 0.07)
    np.testing.assert_array_equal(found.monthly["LAI"][:, 0, 0], LIBRARY[7][3])
    assert found.layers["resid_moist"][2, 0] == LAYERED["resid_moist"][2]
    paths["soil"].write_text(organic.replace(" 0 0 0 1300", " 0 0.1 0 1300") + "\n")
    with pytest.raises(InputError, match="organic soil is not built"):
        read_classic(*paths.values(), chosen=choices(settings, "global.txt"))


def test_what_is_not_built_is_refused(tmp_path):
    given = classic(tmp_path)
    unfrozen = replace(given, soil=given.soil | {"fs_active": np.array([1.0, 0.0, 1.0])})
    with pytest.raises(InputError, match=r"fs_active is 0 at cell 12"):
        assemble(unfrozen, form(frozen=True))
    with pytest.raises(ConfigurationError, match="LAI_SRC FROM_VEGHIST is not built"):
        choices({"LAI_SRC": "FROM_VEGHIST"}, "global.txt")


@pytest.mark.parametrize(
    ("name", "index", "value", "words"),
    [
        ("infilt", (0, 1), np.ma.masked, ("infilt is missing", "cell 12")),
        ("Nveg", (0, 0), 1, ("Nveg is 1", "3 classes", "latitude 48")),
        ("depth", (1, 0, 0), -0.3, ("depth is -0.3", "cell 11", "layer 2")),
        ("wind_h", (0, 0, 0), 5.0, ("wind_h of a class with overstory is not above its displacement", "cell 11")),
        ("run_cell", (slice(None), slice(None)), 0, ("no cell to run",)),
    ],
)
def test_faults_of_the_image_drivers_files_are_told_with_their_cell(tmp_path, name, index, value, words):
    paths = write_image(tmp_path)
    with netCDF4.Dataset(paths["parameters"], "a") as data:
        data[name][index] = value
    with pytest.raises(InputError) as error:
        read_image(paths["parameters"], paths["domain"], Choices(bands=0))
    assert [word for word in words if word not in str(error.value)] == []
    assert str(paths["parameters"]) in str(error.value)


def test_a_domain_of_other_cells_is_refused(tmp_path):
    paths = write_image(tmp_path)
    with netCDF4.Dataset(paths["domain"], "a") as data:
        data["lon"][:] = [-121.0, -120.0]
    with pytest.raises(InputError, match="have different cells: lon has 2 values"):
        read_image(paths["parameters"], paths["domain"])


@pytest.mark.parametrize(("path", "domain", "cells", "bands"), SAMPLES, ids=lambda value: str(value)[-20:])
def test_the_sample_data_become_rows_within_their_bounds(shared, path, domain, cells, bands):
    folder = shared / "data" / "vic_sample"
    given, grid = read_image(folder / path, folder / domain, Choices(layers=0, zones=0, bands=0 if bands > 1 else 1))
    assert (given.cell.size, given.bands["AreaFract"].shape[0]) == (cells, bands)
    assert (grid.area > 1e6).all()
    model = form()
    found = assemble(given, model)
    np.testing.assert_allclose(found.weights.sum(axis=0), 1.0, rtol=1e-9)
    used = found.components.used
    for variable, row in rows(found, model).items():
        declared = next(v for v in model.parameters if v.name == variable)
        assert ((row >= declared.low) & (row <= declared.high))[used].all(), variable
