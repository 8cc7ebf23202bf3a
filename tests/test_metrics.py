"""Scores against plain formulas, hand-computed numbers, scipy, invariances and degenerate series."""

import math
import warnings

import numpy as np
import pytest
from freshet.driver import metrics
from freshet.driver.metrics import SCORES, score
from scipy import stats


@pytest.fixture
def flows():
    """Simulated and observed flow [time, place] with gaps in both, different in each place."""
    random = np.random.default_rng(4)
    observed = random.gamma(0.8, 2.0, (1000, 6))
    simulated = 0.8 * observed * random.lognormal(0.0, 0.4, observed.shape) + 0.1
    observed[random.random(observed.shape) < 0.1] = np.nan
    simulated[:17, 2] = np.nan
    observed[500:, 3] = np.nan
    return simulated, observed


def column(values):
    return np.array(values, float)[:, None]


def pairs(simulated, observed, place):
    """The complete pairs of one place as plain lists."""
    both = zip(simulated[:, place].tolist(), observed[:, place].tolist(), strict=True)
    kept = [(s, o) for s, o in both if not (math.isnan(s) or math.isnan(o))]
    return [s for s, _ in kept], [o for _, o in kept]


def plain_scores(s, o):
    """The published formulas once more, in plain Python over one place."""
    n = len(o)
    mean_s, mean_o = math.fsum(s) / n, math.fsum(o) / n
    var_s = math.fsum((x - mean_s) ** 2 for x in s) / n
    var_o = math.fsum((x - mean_o) ** 2 for x in o) / n
    error = math.fsum((a - b) ** 2 for a, b in zip(s, o, strict=True))
    r = stats.pearsonr(s, o).statistic
    alpha, beta = math.sqrt(var_s / var_o), mean_s / mean_o
    gamma = (math.sqrt(var_s) / mean_s) / (math.sqrt(var_o) / mean_o)
    low, high = round(0.3 * n), round(0.98 * n)
    s, o = sorted(s), sorted(o)
    log_s, log_o = ([math.log(max(x, 1e-6)) for x in flow[:low]] for flow in (s, o))
    spread_s, spread_o = (math.fsum(x - log[0] for x in log) for log in (log_s, log_o))
    return {
        "nse": 1 - error / (n * var_o),
        "kge_2009": 1 - math.sqrt((r - 1) ** 2 + (alpha - 1) ** 2 + (beta - 1) ** 2),
        "kge_2012": 1 - math.sqrt((r - 1) ** 2 + (gamma - 1) ** 2 + (beta - 1) ** 2),
        "percent_bias": 100 * (math.fsum(s) - math.fsum(o)) / math.fsum(o),
        "fhv": 100 * (math.fsum(s[high:]) - math.fsum(o[high:])) / math.fsum(o[high:]),
        "flv": 100 * (math.fsum(s[:low]) - math.fsum(o[:low])) / (math.fsum(o[:low]) + 1e-4),
        "flv_log": -100 * (spread_s - spread_o) / spread_o,
        "rmse": math.sqrt(error / n),
        "correlation": r,
        "variability_ratio": alpha,
        "variation_ratio": gamma,
        "bias_ratio": beta,
    }


def test_every_score_agrees_with_its_plain_formula(flows):
    simulated, observed = flows
    found = score(simulated, observed)
    for place in range(observed.shape[1]):
        expected = plain_scores(*pairs(simulated, observed, place))
        for name, value in expected.items():
            assert found[name][place] == pytest.approx(value, rel=1e-11, abs=1e-11), name


def test_hand_computed_numbers():
    # observed mean 3, squares about it 10; errors 1, 0, 1, 0, 1
    simulated, observed = column([2, 2, 4, 4, 6]), column([1, 2, 3, 4, 5])
    found = {name: value[0] for name, value in score(simulated, observed).items()}
    assert found["nse"] == pytest.approx(1 - 3 / 10)
    assert found["rmse"] == pytest.approx(math.sqrt(3 / 5))
    assert found["percent_bias"] == pytest.approx(100 * 3 / 15)
    assert found["bias_ratio"] == pytest.approx(1.2)
    # departures -1.6 -1.6 .4 .4 2.4 against -2 -1 0 1 2: products 10, squares 11.2
    assert found["correlation"] == pytest.approx(10 / math.sqrt(11.2 * 10))
    assert found["variability_ratio"] == pytest.approx(math.sqrt(1.12))
    kge = 1 - math.sqrt((10 / math.sqrt(112) - 1) ** 2 + (math.sqrt(1.12) - 1) ** 2 + 0.2**2)
    assert found["kge_2009"] == pytest.approx(kge)
    assert found["variation_ratio"] == pytest.approx(math.sqrt(1.12) / 1.2)


def test_ends_of_the_flow_duration_curve_by_hand():
    # 100 days: the low end is 30 flows of 1, the high end 2 flows; order in time does not matter
    observed = np.array([1.0] * 30 + [5.0] * 68 + [10.0, 30.0])
    simulated = np.array([2.0] * 30 + [5.0] * 68 + [10.0, 20.0])[::-1]
    found = score(simulated[:, None].copy(), observed[:, None])
    assert found["fhv"][0] == pytest.approx(100 * (30 - 40) / 40)
    assert found["flv"][0] == pytest.approx(100 * 30 / (30 + 1e-4))
    assert np.isnan(found["flv_log"][0])  # the observed low flow is constant


def test_log_low_flow_bias_by_hand():
    # 10 days, low end of 3: observed 1, e, e^2 -> 0 + 1 + 2; simulated 1, 1, e -> 0 + 0 + 1
    rest = [50.0] * 7
    observed, simulated = column([1, math.e, math.e**2, *rest]), column([1, 1, math.e, *rest])
    assert metrics.low_flow_log_bias(simulated, observed)[0] == pytest.approx(-100 * (1 - 3) / 3)


def test_log_nse_is_the_nse_of_shifted_logarithms(flows):
    simulated, observed = flows
    s, o = map(np.array, pairs(simulated, observed, 2))
    offset = o.mean() / 100
    s, o = np.log(s + offset), np.log(o + offset)
    expected = 1 - ((s - o) ** 2).sum() / ((o - o.mean()) ** 2).sum()
    assert metrics.log_nse(simulated, observed)[2] == pytest.approx(expected, rel=1e-12)


def test_a_perfect_simulation_scores_perfectly(flows):
    observed = flows[1]
    found = score(observed, observed)
    for entry in SCORES:
        assert found[entry.name] == pytest.approx(entry.perfect, abs=1e-12), entry.name


def test_the_observed_mean_has_no_skill(flows):
    observed = flows[1]
    constant = np.broadcast_to(np.nanmean(observed, axis=0), observed.shape)
    found = score(constant, observed)
    assert found["nse"] == pytest.approx(0.0, abs=1e-12)
    # Knoben et al. (2019): the mean flow benchmark has a KGE of 1 - sqrt(2)
    assert found["kge_2009"] == pytest.approx(1 - math.sqrt(2))
    assert found["kge_2012"] == pytest.approx(1 - math.sqrt(2))
    assert np.isnan(found["correlation"]).all()


def test_doubled_flow_is_a_bias_of_a_hundred_percent(flows):
    observed = flows[1]
    found = score(2 * observed, observed)
    for name in ("percent_bias", "fhv"):
        assert found[name] == pytest.approx(100.0), name
    assert found["variation_ratio"] == pytest.approx(1.0)
    assert found["variability_ratio"] == pytest.approx(2.0)
    assert found["kge_2009"] == pytest.approx(1 - math.sqrt(2))
    assert found["kge_2012"] == pytest.approx(0.0, abs=1e-12)
    assert found["flv_log"] == pytest.approx(0.0, abs=1e-9)


def test_ratios_do_not_change_with_the_unit_of_flow(flows):
    simulated, observed = flows
    one, other = score(simulated, observed), score(86.4 * simulated, 86.4 * observed)
    for entry in SCORES:
        if entry.name in ("rmse", "flv", "flv_log"):  # rmse has a unit, the low flows an offset or a floor
            continue
        assert other[entry.name] == pytest.approx(one[entry.name], rel=1e-9, abs=1e-9), entry.name
    assert other["rmse"] == pytest.approx(86.4 * one["rmse"])


def test_scores_do_not_change_with_the_order_of_days(flows):
    simulated, observed = flows
    order = np.random.default_rng(1).permutation(len(observed))
    one, other = score(simulated, observed), score(simulated[order], observed[order])
    for name, value in one.items():
        assert other[name] == pytest.approx(value, rel=1e-10, abs=1e-10), name


def test_a_missing_pair_counts_as_if_it_were_not_there(flows):
    simulated, observed = flows
    place = 2
    s, o = pairs(simulated, observed, place)
    alone = score(column(s), column(o))
    together = score(simulated, observed)
    for name, value in together.items():
        assert value[place] == pytest.approx(alone[name][0], rel=1e-12, abs=1e-12), name
    assert metrics.days(simulated, observed)[place] == len(o)


DEGENERATE = {
    "no observations": ([1, 2, 3, 4], [np.nan] * 4, {entry.name for entry in SCORES}),
    "no days at all": ([], [], {entry.name for entry in SCORES}),
    "one day": (
        [1.0],
        [2.0],
        {entry.name for entry in SCORES} - {"percent_bias", "rmse", "bias_ratio"},
    ),
    "constant observations": (
        [1, 2, 3, 4, 5],
        [0.1] * 5,
        {entry.name for entry in SCORES} - {"percent_bias", "flv", "rmse", "bias_ratio"},
    ),
    "no observed water": ([1, 2, 3, 4, 5], [0.0] * 5, {entry.name for entry in SCORES} - {"flv", "rmse"}),
    "no simulated water": ([0.0] * 60, list(range(60)), {"correlation"}),
}


@pytest.mark.parametrize("case", DEGENERATE)
def test_degenerate_series_give_nan_and_no_warning(case):
    simulated, observed, undefined = DEGENERATE[case]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = score(column(simulated), column(observed))
    assert {name for name, value in found.items() if np.isnan(value[0])} == undefined
    assert not any(np.isinf(value[0]) for value in found.values())


def test_a_dead_simulation_is_punished_and_not_left_out():
    observed = np.random.default_rng(0).gamma(1.0, 1.0, (200, 1))
    found = score(np.zeros_like(observed), observed)
    assert found["kge_2009"][0] == pytest.approx(1 - math.sqrt(3))
    assert found["kge_2012"][0] == pytest.approx(1 - math.sqrt(3))
    assert found["percent_bias"][0] == pytest.approx(-100)


def test_rounding_does_not_make_constant_observations_vary():
    # 0.1 summed a thousand times is not 100: the departures from the mean are 1e-15, not 0
    observed = np.full((1000, 1), 0.1)
    assert np.isnan(metrics.nse(observed + 1.0, observed)[0])


def test_tiny_flows_do_not_underflow():
    random = np.random.default_rng(2)
    observed = random.gamma(1.0, 1.0, (300, 1))
    simulated = observed + random.random((300, 1))
    scaled = metrics.correlation(simulated * 1e-120, observed * 1e-120)
    assert scaled[0] == pytest.approx(metrics.correlation(simulated, observed)[0], rel=1e-9)


def test_series_of_different_shape_are_refused():
    with pytest.raises(ValueError, match=r"\[time, place\]"):
        score(np.zeros((3, 2)), np.zeros((3, 1)))
