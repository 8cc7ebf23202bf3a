"""Tables, summaries, hints and files of an evaluation."""

import json

import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError, WriteError
from freshet.driver.evaluation_files import read_csv, write_csv, write_json
from freshet.driver.evaluation_hints import basin_facts, lost_parts, reasons, worst_basins
from freshet.driver.evaluation_report import medians, number, plain, spread
from freshet.driver.evaluation_table import (
    basin_rows,
    groups,
    require_subsets,
    score_basins,
    summaries,
    summarise,
    summary_rows,
)
from freshet.driver.files import make_folder
from freshet.driver.metrics import SCORES


@pytest.fixture
def flows():
    """Simulated and observed flow of 40 basins over 400 days; the last has 50 days, the one before none."""
    random = np.random.default_rng(3)
    observed = random.gamma(1.0, 2.0, (400, 40))
    simulated = observed * random.lognormal(0.0, 0.3, observed.shape)
    observed[50:, -1] = np.nan
    observed[:, -2] = np.nan
    return simulated, observed


def test_basins_with_few_days_keep_their_count_and_get_no_score(flows):
    table = score_basins(*flows, minimum_days=100)
    assert table["days"].tolist() == [400] * 38 + [0, 50]
    for entry in SCORES:
        assert np.isnan(table[entry.name][-2:]).all()
        assert np.isfinite(table[entry.name][:-2]).all()


def test_summary_leaves_out_undefined_scores_and_counts_them():
    one = summarise(np.array([1.0, np.nan, -3.0, 2.0, 0.5]), signed=True)
    assert (one.count, one.undefined) == (4, 1)
    assert one.mean == pytest.approx(0.125)
    assert one.median == pytest.approx(0.75)
    assert one.median_of_size == pytest.approx(1.5)
    assert one.quantiles[25] == pytest.approx(np.quantile([1.0, -3.0, 2.0, 0.5], 0.25))


def test_summary_of_nothing_is_undefined_and_not_an_error():
    one = summarise(np.full(3, np.nan))
    assert (one.count, one.undefined) == (0, 3)
    assert np.isnan([one.mean, one.median, one.quantiles[5]]).all()


def test_groups_come_from_attributes_that_split_the_basins():
    attributes = {"test_subset": np.array([1, 0, 1]), "qc_flag": np.array([0, 3, 0]), "all_of_them": np.ones(3)}
    masks = groups(attributes, 3, ("test_subset", "all_of_them", "not there"))
    assert {name: mask.tolist() for name, mask in masks.items()} == {
        "all": [True, True, True],
        "test_subset": [True, False, True],
        "qc_flag = 0": [True, False, True],
    }


def test_summary_table_has_one_row_for_each_model_group_and_score(flows):
    tables = {"ours": score_basins(*flows), "default": score_basins(flows[0] * 2, flows[1])}
    masks = groups({"qc_flag": np.arange(40) % 2}, 40)
    header, rows = summary_rows(summaries(tables, masks))
    assert len(rows) == 2 * 2 * len(SCORES)
    assert all(len(row) == len(header) for row in rows)
    row = dict(
        zip(header, next(row for row in rows if row[:3] == ["default", "qc_flag = 0", "percent_bias"]), strict=True)
    )
    assert row["unit"] == "%"
    assert row["count"] == 19
    assert row["median"] == pytest.approx(np.nanmedian(tables["default"]["percent_bias"][::2]))


def test_tables_read_back_as_they_were_written(tmp_path, flows):
    ids = [f"{place:08d}" for place in range(40)]
    attributes = {"latitude": np.linspace(30, 50, 40), "longitude": np.linspace(-120, -70, 40)}
    table = score_basins(*flows)
    make_folder(tmp_path / "deep", "evaluation")
    write_csv(tmp_path / "deep" / "basins.csv", *basin_rows(ids, attributes, table))
    found = read_csv(tmp_path / "deep" / "basins.csv")
    assert found["basin"].tolist() == ids  # leading zeros kept
    for name, column in {**attributes, **table}.items():
        np.testing.assert_allclose(found[name], column, rtol=1e-8, err_msg=name)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["basins.csv"]


def test_subsets_are_known_numbers():
    attributes = {"country": np.array(["FR", "CH"]), "flat": np.array([0.0, 1.0])}
    require_subsets(attributes, ["test_subset", "flat"], "x.nml")  # the default of the table need not be there
    with pytest.raises(ConfigurationError, match="attribute 'country' is text such as 'FR', expected 0 or 1"):
        require_subsets(attributes, ["country"], "x.nml")
    with pytest.raises(ConfigurationError, match="no attribute 'flatt'; did you mean 'flat'"):
        require_subsets(attributes, ["flatt"], "x.nml")


def test_json_has_null_where_a_score_is_undefined(tmp_path):
    write_json(tmp_path / "x.json", {"score": np.float32(np.nan), "days": np.int64(3), "list": np.array([1.0, np.inf])})
    assert json.loads((tmp_path / "x.json").read_text()) == {"score": None, "days": 3, "list": [1.0, None]}


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(ValueError):
        write_csv(path, ["a"], ([int(text)] for text in ("1", "2", "not a number")))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_a_write_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"cannot make the directory '.*file/deep': .* choose another in &evaluation"):
        make_folder(tmp_path / "file" / "deep", "evaluation")
    with pytest.raises(WriteError, match=r"cannot write '.*table\.csv'"):
        write_csv(tmp_path / "file" / "table.csv", ["a"], [[1]])


def test_a_broken_table_is_an_input_error(tmp_path):
    (tmp_path / "table.csv").write_text("basin,nse\n1,0.5,7\n")
    with pytest.raises(InputError, match="different length"):
        read_csv(tmp_path / "table.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(InputError, match="cannot read"):
        read_csv(tmp_path / "empty.csv")


def test_facts_of_a_basin_by_hand():
    forcing = np.array([[[10.0], [-1.0], [2.0]], [[0.0], [5.0], [4.0]], [[30.0], [5.0], [0.0]], [[0.0], [1.0], [2.0]]])
    observed = np.array([[1.0], [0.0], [np.nan], [4.0]])
    facts = {name: values[0] for name, values in basin_facts(forcing, observed).items()}
    assert facts["precipitation"] == pytest.approx(365.25 * 10)
    assert facts["aridity"] == pytest.approx(8 / 40)
    assert facts["snow_fraction"] == pytest.approx(10 / 40)
    assert facts["runoff_ratio"] == pytest.approx(5 / 10)  # without the 30 mm of the unobserved day
    assert facts["dry_fraction"] == pytest.approx(1 / 3)
    assert facts["flow_variation"] == pytest.approx(np.std([1, 0, 4]) / np.mean([1, 0, 4]))


BASIN = {
    "nse": 0.1, "kge_2009": 1 - np.sqrt(0.09 + 0.25 + 0.01), "correlation": 0.7, "variability_ratio": 0.5,
    "bias_ratio": 1.1, "percent_bias": 10.0, "days": 3653, "runoff_ratio": 0.4, "aridity": 0.9, "snow_fraction": 0.1,
    "dry_fraction": 0.0, "flow_variation": 1.5,
}  # fmt: skip


def test_lost_parts_of_kge_add_up_and_start_with_the_largest():
    parts = lost_parts(BASIN)
    assert sum(share for share, _ in parts) == pytest.approx(1)
    assert [text.split()[0] for _, text in parts] == ["variability", "timing", "volume"]
    assert parts[0][0] == pytest.approx(0.25 / 0.35)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"runoff_ratio": 1.3}, "more water leaves than falls"),
        ({"runoff_ratio": 0.05, "aridity": 0.6}, "more water is lost than can evaporate"),
        ({"aridity": 2.5}, "arid"),
        ({"snow_fraction": 0.7}, "snow-fed (70 %"),
        ({"dry_fraction": 0.3}, "falls dry (30 %"),
        ({"qc_flag": 3}, "runoff ratio of the data is above 1"),
        ({"qc_flag": 3}, "polygon differs"),
        ({"flow_variation": 0.2}, "steady flow (coefficient of variation 0.20)"),
        ({"days": 200}, "few observations (200 days)"),
        ({"nse": np.nan, "days": 0}, "not scored"),
    ],
)
def test_reasons_name_what_is_wrong_with_a_basin(change, expected):
    assert not any(expected in reason for reason in reasons(BASIN))
    assert any(expected in reason for reason in reasons({**BASIN, **change}))


def test_worst_basins_come_worst_first_and_with_reasons(flows):
    columns = score_basins(*flows, minimum_days=100)
    forcing = np.random.default_rng(0).gamma(1.0, 3.0, (400, 3, 40))
    rows = worst_basins([str(place) for place in range(40)], {**columns, **basin_facts(forcing, flows[1])}, "nse", 5)
    values = [row["nse"] for row in rows]
    assert values == sorted(columns["nse"][:38])[:5]
    assert all(row["reasons"] for row in rows)


def test_report_shows_every_score_of_every_model_aligned(flows):
    tables = {"ours": score_basins(*flows), "default": score_basins(flows[0] * 2, flows[1])}
    found = summaries(tables, groups({}, 40))
    text = plain([medians(found, "all", 40), spread("ours", found["ours"]["all"])])
    head, *lines = text.split("\n\n")[0].splitlines()
    assert head == "Medians over all 40 basins"
    row = next(line.split() for line in lines if line.split()[0] == "nse")
    assert row[2:] == [number(found[label]["all"]["nse"].median) for label in ("ours", "default")]
    assert len({len(line) for line in lines if len(line.split()) == 4}) == 1
    assert all(any(line.split()[0] == entry.name for line in lines) for entry in SCORES)


def test_numbers_are_written_for_people():
    assert [number(value) for value in (np.nan, 0.12345, -12.345, 3.2e7)] == ["-", "0.123", "-12.3", "3.20e+07"]
