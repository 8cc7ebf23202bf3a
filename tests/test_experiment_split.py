"""How experiments divide basins, and by which scores and groups they are judged."""

import numpy as np
import pytest
from freshet.driver.catchments.source import ArraySource
from freshet.driver.errors import ConfigurationError
from freshet.driver.experiment_parts import groups, parts
from freshet.driver.experiment_split import HUC_REGIONS, folds, splits
from freshet.driver.settings import Settings
from freshet.driver.timeaxis import TimeAxis

from experiment_case import experiment

IDS = [f"g{number:02d}" for number in range(23)]


def source(**attributes: np.ndarray) -> ArraySource:
    import cftime

    axis = TimeAxis(cftime.datetime(2000, 1, 1, calendar="standard"), 1)
    return ArraySource(IDS, axis, attributes, np.zeros((1, 3, len(IDS))))


def regions(tmp_path, *overrides: str) -> Settings:
    return experiment(tmp_path, *overrides, kind="ungauged_regions")


def test_every_basin_is_held_out_once_and_folds_are_of_equal_size():
    found = folds(IDS, 5, 1)
    assert sorted(name for part in found for name in part) == IDS
    assert sorted(map(len, found)) == [4, 4, 5, 5, 5]


def test_folds_depend_on_the_seed_and_not_on_the_order_of_the_data():
    assert folds(IDS, 5, 1) == folds(IDS[::-1], 5, 1)
    assert folds(IDS, 5, 1) != folds(IDS, 5, 2)


def test_what_is_held_out_is_not_learned_from(tmp_path):
    found = splits(experiment(tmp_path, "experiment.folds=10"), source())
    assert [split.name for split in found][::9] == ["fold_01", "fold_10"]
    assert all(set(split.learned) | set(split.held) == set(IDS) for split in found)
    assert not any(set(split.learned) & set(split.held) for split in found)


def test_more_folds_than_basins_are_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="24 folds of 23 basins"):
        splits(experiment(tmp_path, "experiment.folds=24"), source())


def test_regions_of_camels_are_the_seven_groups_of_hydrologic_units(tmp_path):
    huc = np.array([f"{1 + number % 18:02d}" for number in range(23)])
    found = splits(regions(tmp_path), source(huc_02=huc))
    assert [split.meaning for split in found] == [f"huc_02 {', '.join(r.split('+'))}" for r in HUC_REGIONS]
    assert found[1].held == tuple(name for name, value in zip(IDS, huc, strict=True) if value in ("03", "06"))
    assert sorted(name for split in found for name in split.held) == IDS


def test_regions_may_be_named_and_the_rest_is_always_learned_from(tmp_path):
    country = np.array(["A", "B", "C"] * 7 + ["A", "B"])
    asked = ("experiment.attribute=country", "experiment.regions=A+C")
    (split,) = splits(regions(tmp_path, *asked), source(country=country))
    assert split.learned == tuple(name for name, value in zip(IDS, country, strict=True) if value == "B")
    with pytest.raises(ConfigurationError, match=r"no basin has country = D; there are A, B, C"):
        splits(regions(tmp_path, asked[0], "experiment.regions=A+D"), source(country=country))
    with pytest.raises(ConfigurationError, match="A is in more than one region"):
        splits(regions(tmp_path, asked[0], "experiment.regions=A+B,A"), source(country=country))


def test_a_quantity_is_cut_into_parts_of_equal_size(tmp_path):
    aridity = np.linspace(2.0, 0.1, 4 * len(IDS))[: len(IDS)]
    many = ArraySource(
        [f"m{number}" for number in range(40)], source().axis, {"aridity": np.linspace(2, 1, 40)}, np.zeros((1, 3, 40))
    )
    found = splits(regions(tmp_path, "experiment.attribute=aridity", "experiment.folds=4"), many)
    assert [len(split.held) for split in found] == [10] * 4
    assert found[0].held == tuple(f"m{number}" for number in range(30, 40))
    classes = splits(regions(tmp_path, "experiment.attribute=aridity"), source(aridity=aridity))
    assert len(classes) == len(IDS)


def test_an_attribute_that_tells_nothing_apart_or_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="nothing is left to learn from"):
        splits(regions(tmp_path, "experiment.attribute=zone"), source(zone=np.ones(23)))
    with pytest.raises(ConfigurationError, match="no attribute 'zone'"):
        splits(regions(tmp_path, "experiment.attribute=zone"), source())


def test_an_experiment_in_space_and_time_is_judged_by_four_quadrants():
    assert [(part.learned, part.period) for part in parts("spatiotemporal", True)] == [
        (False, "test"),
        (False, "training"),
        (True, "test"),
        (True, "training"),
    ]
    assert [part.name for part in parts("ungauged_basins", True)] == ["held_out_test"]
    assert [part.name for part in parts("temporal", False)] == ["test"]


def test_groups_are_values_of_classes_and_parts_of_quantities():
    attributes = {"flag": np.array([0, 1, 1, 0]), "aridity": np.array([0.2, 1.0, 3.0, np.nan]), "same": np.ones(4)}
    found = groups(attributes, ("flag", "aridity 1 2", "same"), 4, "x.nml")
    assert {name: mask.tolist() for name, mask in found.items()} == {
        "all": [True] * 4,
        "flag = 0": [True, False, False, True],
        "flag = 1": [False, True, True, False],
        "aridity < 1": [True, False, False, False],
        "1 <= aridity < 2": [False, True, False, False],
        "aridity >= 2": [False, False, True, False],
    }
    with pytest.raises(ConfigurationError, match="limits rise"):
        groups(attributes, ("aridity 2 1",), 4, "x.nml")
    with pytest.raises(ConfigurationError, match="no attribute 'humidity'"):
        groups(attributes, ("humidity",), 4, "x.nml")
