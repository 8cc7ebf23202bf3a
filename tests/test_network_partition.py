"""Networks shared out between up to 10,000 ranks, worked out without running them."""

import math

import numpy as np
import pytest
from freshet.kernels.network.cut import cut, cut_links, rank_of
from freshet.kernels.network.faults import faults
from freshet.kernels.network.nodes import nodes
from freshet.kernels.network.order import canonical_order, reordered
from freshet.kernels.network.peers import mainstem_on_root, round_robin, whole_basins
from freshet.kernels.network.report import partition_report
from freshet.kernels.network.schedule import Costs, schedule
from freshet.kernels.network.stages import stages

from networks import forest, pending, world
from synthetic_network import synthetic_network

RANKS = (2, 3, 16, 64, 256, 1024, 4096, 10_000)


@pytest.fixture(scope="module")
def million() -> np.ndarray:
    return nodes(synthetic_network(1_000_000))[1]


@pytest.fixture(scope="module")
def real(shared) -> np.ndarray:
    return nodes(world(shared)["decoded"])[1]


@pytest.mark.parametrize("ranks", RANKS)
@pytest.mark.parametrize("name", ["real", "million"])
def test_at_most_nine_links_lead_into_or_out_of_a_rank(name, ranks, request):
    network = request.getfixturevalue(name)
    report = partition_report(network, None, ranks, peers=False)
    assert 1 <= max(report.links_in, report.links_out) <= 9
    assert max(report.neighbours_in, report.neighbours_out) <= 9
    assert report.imbalance <= 1 + ranks / network.size
    assert report.bytes_per_step == 8 * report.links
    assert report.bytes_per_rank <= 18 * 8


@pytest.mark.parametrize("name", ["real", "million"])
def test_any_cut_goes_through_few_links(name, request):
    network = request.getfixturevalue(name)
    assert pending(network) <= 12 < 7 * math.log2(network.size) + 1


def test_the_synthetic_network_is_sound_and_the_same_each_time():
    downstream = synthetic_network(20_000, seed=3)
    found = faults(downstream)
    assert np.count_nonzero(downstream >= 0) == pytest.approx(20_000, rel=0.01)
    assert (found.off_grid.size, found.nowhere.size, found.loops) == (0, 0, [])
    assert np.array_equal(downstream, synthetic_network(20_000, seed=3))
    assert not np.array_equal(downstream, synthetic_network(20_000, seed=4))


def test_the_report_of_a_small_network_is_the_one_worked_out_by_hand():
    # ranks of two nodes: 0 1 | 2 3 | 4 5; 0 and 1 flow to 2, 2 to 4, 3 and 4 to 5. In a window of 10 steps a rank has
    # 20 s of land and 10 s for each node. Rank 1 sends from node 3 after 30 s, waits for nothing and does node 2 then.
    costs = Costs(land=1.0, river=1.0, message=0.25, byte=0.0)
    report = partition_report([2, 2, 4, 5, 5, 5], None, 3, steps=40, steps_per_window=10, costs=costs)
    assert (report.imbalance, report.links, report.links_in, report.links_out) == (1.0, 4, 2, 2)
    assert (report.neighbours_in, report.neighbours_out, report.stages) == (1, 1, 3)
    assert report.stage_zero == 3 / 6
    assert report.serial_seconds == 40 * 6 * 2
    # first window: rank 0 is ready after 40.125 s, rank 1 with node 3 after 30.125 and with node 2 after 40.25 + 10.25,
    # rank 2 after 50.625 + 20.25; then 111.25, 151.625, 192, for rank 1 no longer waits
    assert report.seconds_with_barriers == 4 * 70.875
    assert report.seconds == 192.0


def simulated(owner, stage, links, costs, ranks, steps, windows):
    """The same schedule as an explicit chain of events: who works on which stage of which window, and until when."""
    ends = zip(links.node, links.downstream, strict=True)
    pairs = sorted({(stage[i], owner[i], owner[j], stage[j]) for i, j in ends})
    work, land = np.zeros((stage.max() + 1, ranks)), steps * costs.land * np.bincount(owner, minlength=ranks)
    np.add.at(work, (stage, owner), steps * costs.river)
    for after, source, target, before in pairs:
        work[after, source] += costs.message / 2
        work[before, target] += costs.message / 2
    finish = np.zeros(ranks)
    for _ in range(windows):
        finish, done = finish + land, {}
        for k, r in np.argwhere(work > 0):
            waits = [done[a, s] + costs.message / 2 for a, s, t, b in pairs if (t, b) == (r, k)]
            done[k, r] = finish[r] = max([finish[r], *waits]) + work[k, r]
    return finish.max(), (work.sum(axis=0) + land).max()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("ranks", [2, 7, 30])
def test_the_estimated_time_is_that_of_a_chain_of_events(ranks, seed):
    given = forest(600, seed)
    network = reordered(given, canonical_order(given))
    costs, bounds = Costs(land=1.0, river=2.0, message=0.5, byte=0.0), cut(np.ones(600), ranks)
    parts = (rank_of(bounds, np.arange(600)), stages(network, bounds), cut_links(network, bounds))
    window = schedule(*parts, np.ones(600), costs, 5)
    for windows in (1, 2, 12):
        finish, busiest = simulated(*parts, costs, ranks, 5, windows)
        assert window.run(windows) == pytest.approx(finish, rel=1e-12)
    assert window.busiest() == pytest.approx(busiest, rel=1e-12)


def test_ranks_that_wait_in_the_first_windows_come_to_run_at_the_pace_of_the_busiest(million):
    bounds = cut(np.ones(million.size), 1024)
    owner = rank_of(bounds, np.arange(million.size))
    window = schedule(owner, stages(million, bounds), cut_links(million, bounds), np.ones(million.size), Costs(), 30)
    assert window.run(1) > 1.1 * window.busiest()
    assert window.run(500) - window.run(400) == pytest.approx(100 * window.busiest(), rel=1e-3)


def test_peers_pay_for_links_for_large_basins_or_for_a_busy_root(real):
    work, costs = np.full(real.size, 150e-9), Costs()
    report = partition_report(real, None, 1024)
    assert report.efficiency > 2 * max(report.peer_efficiency(peer) for peer in report.peers)
    assert round_robin(real, work, 64, costs).links > 300 * partition_report(real, None, 64, peers=False).links
    assert whole_basins(real, work, 16).imbalance == pytest.approx(1.0, abs=1e-3)
    assert whole_basins(real, work, 1024).imbalance > 25
    assert mainstem_on_root(real, work, 4, costs).imbalance == pytest.approx(1.0)
    assert mainstem_on_root(real, work, 1024, costs).imbalance > 25


def test_nodes_that_only_receive_water_count_as_river_only():
    costs = Costs(land=3.0, river=1.0, message=0.0, byte=0.0)
    report = partition_report(np.arange(8), [1, 1, 0, 0, 0, 0, 0, 0], 2, steps=1, costs=costs, peers=False)
    assert report.serial_seconds == 14.0
    assert report.imbalance == pytest.approx(8 / 7)


def test_an_empty_network_is_refused():
    with pytest.raises(ValueError, match="without nodes"):
        partition_report(np.zeros(0, np.int64), None, 2)
