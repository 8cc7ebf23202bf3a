"""Pictures: what they show, and that they are written whole."""

import json

import numpy as np
import pytest
from freshet.driver import plot_style
from freshet.driver.degrees import degrees, position
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.evaluation_flow import Flow
from freshet.driver.evaluation_series import write_series
from freshet.driver.plot_hydrograph import hydrograph, typical_days
from freshet.driver.plot_map import skill_map
from freshet.driver.plot_skill import distribution, training_curve
from freshet.driver.plotting import Choice, draw
from freshet.driver.timeaxis import TimeAxis
from matplotlib.text import Text


def texts(figure):
    """Everything written on a figure."""
    import matplotlib.text

    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


def dates(count, year=2001):
    """Days of a calendar with 30 days in each month."""
    return [f"{year + day // 360:04d}-{day // 30 % 12 + 1:02d}-{day % 30 + 1:02d}" for day in range(count)]


def test_a_picture_is_written_whole_and_in_the_format_of_its_name(tmp_path):
    starts = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}
    for ending, start in starts.items():
        figure = plot_style.new_figure(2.0)
        figure.add_subplot().plot([1, 2])
        path = plot_style.save(figure, tmp_path / f"picture.{ending}")
        assert path.read_bytes().startswith(start)
    assert len(list(tmp_path.iterdir())) == len(starts)


def test_style_leaves_nothing_behind():
    import matplotlib

    before = dict(matplotlib.rcParams)
    with plot_style.style():
        assert matplotlib.rcParams["axes.spines.top"] is False
    assert dict(matplotlib.rcParams) == before


def test_the_map_counts_the_basins_of_each_class_and_says_which_have_no_score():
    values = np.array([-3.0, -0.1, 0.1, 0.55, 0.58, 0.9, np.nan])
    place = np.arange(7.0)
    figure = skill_map(place - 100, place + 30, values, "NSE (1)", "network")
    written = texts(figure)
    assert {"< 0: 2", "NSE (1)"} <= set(written)
    assert "network: median 0.33, 6 basins, 1 without score (hollow)" in written
    bar = figure.axes[1]
    assert [text.get_text() for text in bar.texts] == ["< 0: 2", "1", "0", "0", "2", "0", "0", "1"]


def test_the_map_draws_the_worst_basins_last():
    values = np.array([0.2, -1.0, 0.9])
    figure = skill_map(np.arange(3.0), np.arange(3.0), values, "NSE", "network")
    drawn = figure.axes[0].collections[-1].get_offsets()[:, 0].tolist()
    assert drawn == [2.0, 0.0, 1.0]


@pytest.mark.parametrize("count", [0, 1])
def test_a_map_of_one_or_no_basin_can_be_drawn(tmp_path, count):
    place = np.full(count, 12.0)
    figure = skill_map(place, place, np.full(count, 0.5), "NSE", "network")
    assert plot_style.save(figure, tmp_path / "map.png").stat().st_size > 1000


def test_coordinates_are_labelled_by_hemisphere():
    assert [degrees(value, "E", "W") for value in (-95.0, 0.0, 10.0)] == ["95°W", "0°", "10°E"]
    assert position(-33.456, 151.2) == "33.46°S 151.20°E"


def test_the_distribution_shows_each_model_with_its_median():
    tables = {"network": {"nse": np.linspace(0, 1, 101)}, "default": {"nse": np.array([-2.0, 0.1, 0.3, np.nan])}}
    figure = distribution(tables, ["nse"], ["NSE (1)"])
    axes = figure.axes[0]
    assert axes.get_xlabel() == "NSE (1)"
    labels = axes.get_legend_handles_labels()[1]
    assert labels == ["network: median 0.50", "default: median 0.10, 1 below -0.5"]
    x, y = axes.lines[0].get_data()
    assert y[np.searchsorted(x, 0.25)] == pytest.approx(26 / 101)


def test_a_model_without_scores_does_not_stop_the_distribution(tmp_path):
    figure = distribution({"network": {"nse": np.full(3, np.nan)}}, ["nse"], ["NSE"])
    assert "network: no score" in texts(figure)


def test_the_hydrograph_has_units_and_its_panels():
    flow = np.linspace(0, 5, 400)
    figure = hydrograph(
        dates(400), flow, {"network": flow + 1}, 2 * flow, {"snowpack": flow, "soil_moisture": flow}, "one"
    )
    upper, middle, lower = figure.axes
    assert "mm d" in upper.get_ylabel()
    assert "mm d" in middle.get_ylabel()
    assert "(mm)" in lower.get_ylabel()
    assert upper.get_ylim()[0] > upper.get_ylim()[1] == 0  # precipitation hangs from the top
    assert {"observed", "network", "snowpack", "soil moisture", "one"} <= set(texts(figure))


def test_a_hydrograph_of_simulated_flow_alone_can_be_drawn(tmp_path):
    figure = hydrograph(dates(30), None, {"simulated": np.zeros(30)}, None, {}, "dry", logarithmic=True)
    assert len(figure.axes) == 1
    assert plot_style.save(figure, tmp_path / "one.png").exists()


def test_the_typical_year_is_the_one_of_median_flow():
    years = np.repeat([3.0, 1.0, 2.0, 9.0, 0.5], 365)
    assert typical_days(years) == slice(730, 1095)
    years[800:900] = np.nan  # a year with gaps does not count
    assert typical_days(years) == slice(365, 730)
    assert typical_days(np.full(100, np.nan)) == slice(0, 100)


def test_date_ticks_are_few_and_at_month_starts_in_any_calendar():
    for count in (40, 360, 3600, 36000):
        ticks, labels = plot_style.date_ticks(dates(count))
        assert 2 <= len(ticks) <= 9
        assert all(tick % 30 == 0 for tick in ticks)
        assert len(labels) == len(ticks)
    assert plot_style.date_ticks(dates(3600))[1][0] == "2002"
    assert plot_style.date_ticks(dates(10)[5:])[1] == ["2001-01-06", "2001-01-08", "2001-01-10"]


def test_the_training_curve_marks_the_best_epochs():
    figure = training_curve(
        [1, 2, 3], {"validation_loss": [3.0, 1.0, 2.0]}, {"validation_nse": [0.1, 0.5, np.nan], "kge": [np.nan] * 3}
    )
    assert "validation loss (best 1.000, epoch 2)" in texts(figure)
    assert "validation nse (best 0.500, epoch 2)" in texts(figure)


def write_run(folder, days=800):
    """Output as freshet run writes it: two basins, streamflow and stores."""
    flow = np.random.default_rng(0).gamma(1.0, 1.0, (days, 2))
    axis = TimeAxis.parse("1999-01-01", days)
    place = {"latitude": np.array([47.0, 48.0]), "longitude": np.array([9.0, -10.0])}
    write_series(
        folder / "run.nc", ["one", "two"], axis, place, flow, flow, [Flow("run", "", flow, {"snowpack": flow})]
    )


def test_hydrographs_of_a_run_are_drawn_for_the_basins_asked_for(tmp_path):
    write_run(tmp_path)
    paths = draw(tmp_path, tmp_path / "pictures", Choice(basins=["two"], start="2000-01-05", end="2000-03-01"))
    assert [path.name for path in paths] == ["hydrograph_two.png"]
    assert all(path.is_file() for path in paths)


@pytest.mark.parametrize(
    ("choice", "error", "message"),
    [
        (Choice(basins=["three"]), ConfigurationError, "'three' is not in the input, which has 2 basins"),
        (Choice(start="2020-01-01"), ConfigurationError, "2020-01-01 lies outside"),
        (Choice(start="2000-03-01", end="2000-02-01"), ConfigurationError, "has no day"),
        (Choice(kinds=["map"]), InputError, "has nothing for map"),
    ],
)
def test_a_picture_that_cannot_be_is_told_in_one_line(tmp_path, choice, error, message):
    write_run(tmp_path)
    with pytest.raises(error, match=message) as caught:
        draw(tmp_path, tmp_path, choice)
    assert "\n" not in str(caught.value)


def test_a_training_log_is_drawn_and_a_repeated_epoch_counts_once(tmp_path):
    lines = [{"event": "start"}, {"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 3.0}, {"epoch": 2, "loss": 1.0}]
    (tmp_path / "log.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    assert [path.name for path in draw(tmp_path, tmp_path)] == ["training.png"]


def test_a_broken_training_log_is_an_input_error(tmp_path):
    (tmp_path / "log.jsonl").write_text('{"epoch": 1')
    with pytest.raises(InputError, match="is not a log of freshet train"):
        draw(tmp_path, tmp_path)
    (tmp_path / "log.jsonl").write_text("")
    with pytest.raises(InputError, match="has no finished epoch yet"):
        draw(tmp_path, tmp_path)


@pytest.mark.parametrize("spread", [1.0, 0.05], ids=["a world", "a parallel"])
def test_a_wide_map_shows_its_title_and_fills_its_page(spread):
    longitude = np.linspace(-122.0, 171.0, 12)
    latitude = 40.0 + spread * np.linspace(-80.0, 26.0, 12)
    with plot_style.style():
        figure = skill_map(longitude, latitude, np.linspace(-1, 1, 12), "NSE (1)", "network")
        figure.canvas.draw()
        title = next(text for text in figure.findobj(Text) if text.get_text().startswith("network")).get_window_extent()
    height = figure.bbox.height
    assert 0.85 * height < title.y0
    assert title.y1 <= height
