"""The canonical order of river networks, cuts, stages, sums, loops and tributaries."""

import math
from itertools import pairwise

import numpy as np
import pytest
from freshet.kernels.network.accumulate import accumulate, accumulate_adjoint
from freshet.kernels.network.cut import cut, cut_links, rank_of
from freshet.kernels.network.loops import loops
from freshet.kernels.network.order import canonical_order, reordered
from freshet.kernels.network.stages import stages
from freshet.kernels.network.upstream import levels, outlet, upstream

from networks import forest, pending

SEEDS = (1, 2, 3)
SMALL = np.array([1, 1, 1, 2, 2, 5, 2, 2])  # 1 is the mouth of 0 and 2, and 2 receives 3, 4, 6 and 7; 5 is alone


def network(seed: int, nodes: int = 2000) -> np.ndarray:
    given = forest(nodes, seed)
    return reordered(given, canonical_order(given))


def by_recursion(downstream, weight):
    """Heavy-first post-order as the definition says it."""
    nodes = range(len(downstream))
    children = {i: [j for j in nodes if downstream[j] == i != j] for i in nodes}

    def size(i):
        return weight[i] + sum(map(size, children[i]))

    def visit(i):
        return [k for j in sorted(children[i], key=lambda j: (-size(j), j)) for k in visit(j)] + [i]

    return [k for i in nodes if downstream[i] == i for k in visit(i)]


def test_the_order_of_a_small_network_is_the_one_worked_out_by_hand():
    assert canonical_order(SMALL).tolist() == [3, 4, 6, 7, 2, 0, 1, 5]
    assert reordered(SMALL, canonical_order(SMALL)).tolist() == [4, 4, 4, 4, 6, 6, 6, 7]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_is_heavy_first_post_order_as_by_recursion(seed):
    downstream, weight = forest(60, seed, ends=0.1), np.random.default_rng(seed).integers(0, 5, 60)
    assert canonical_order(downstream).tolist() == by_recursion(downstream, [1] * 60)
    assert canonical_order(downstream, weight).tolist() == by_recursion(downstream, weight)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_node_lies_before_its_downstream_node_and_every_subtree_is_an_interval(seed):
    downstream = network(seed)
    assert np.all(downstream >= np.arange(downstream.size))
    first = np.arange(downstream.size)
    for i, j in enumerate(downstream):
        first[j] = min(first[j], first[i])
    assert np.array_equal(accumulate(downstream, np.ones(downstream.size)), np.arange(downstream.size) - first + 1)


def test_a_network_in_canonical_order_stays_as_it_is():
    downstream = network(4)
    assert np.array_equal(canonical_order(downstream), np.arange(downstream.size))


@pytest.mark.parametrize("seed", SEEDS)
def test_few_links_are_pending_at_any_cut(seed):
    assert 0 < pending(network(seed, 20_000)) <= 7 * math.log2(20_000) + 1


def test_a_chain_of_a_million_nodes_needs_no_stack():
    chain = np.maximum(np.arange(1_000_000) - 1, 0)
    assert np.array_equal(canonical_order(chain), np.arange(1_000_000)[::-1])


def test_networks_of_no_node_and_of_one_node_are_networks():
    assert canonical_order(np.zeros(0, np.int64)).size == 0
    assert canonical_order([0]).tolist() == [0]
    assert upstream([0])[1].size == levels(np.zeros(0, np.int64)).size == 0
    assert cut(np.zeros(0), 3).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("ranks", [1, 2, 3, 7, 64])
def test_intervals_have_equal_weight_to_within_one_node(ranks):
    weight = np.random.default_rng(5).random(1000)
    bounds = cut(weight, ranks)
    loads = [weight[a:b].sum() for a, b in pairwise(bounds)]
    assert bounds[0] == 0
    assert bounds[-1] == 1000
    assert np.abs(np.array(loads) - weight.sum() / ranks).max() <= weight.max()


def test_more_ranks_than_nodes_leave_ranks_empty_and_lose_no_node():
    bounds = cut(np.ones(3), 7)
    assert np.diff(bounds).sum() == 3
    assert np.diff(bounds).max() == 1
    assert rank_of(bounds, np.arange(3)).tolist() == [r for r in range(7) for _ in range(bounds[r], bounds[r + 1])]


def test_nodes_without_weight_are_cut_by_number():
    assert cut(np.zeros(8), 4).tolist() == [0, 2, 4, 6, 8]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ranks", [1, 2, 5, 40])
def test_stages_count_the_crossings_of_ranks_and_never_fall_downstream(seed, ranks):
    downstream = network(seed)
    bounds = cut(np.ones(downstream.size), ranks)
    stage, owner = stages(downstream, bounds), rank_of(bounds, np.arange(downstream.size))
    expected = np.zeros(downstream.size, int)
    for i, j in enumerate(downstream):
        expected[j] = max(expected[j], expected[i] + (owner[i] != owner[j]))
    assert np.array_equal(stage, expected)
    assert np.all(stage[downstream] >= stage + (owner[downstream] != owner))
    assert stage.max() == 0 if ranks == 1 else stage.max() > 0


def test_cut_links_are_those_between_ranks_and_lead_to_higher_ranks():
    downstream = network(6)
    bounds = cut(np.ones(downstream.size), 9)
    links, owner = cut_links(downstream, bounds), rank_of(bounds, np.arange(downstream.size))
    assert links.node.tolist() == [i for i, j in enumerate(downstream) if owner[i] != owner[j]]
    assert np.array_equal(links.downstream, downstream[links.node])
    assert np.all(links.target > links.source)


def test_sums_along_the_rivers_take_tributaries_by_ascending_index():
    downstream, values = network(7), np.random.default_rng(7).random((2, 2000))
    expected = values.copy()
    for i, j in enumerate(downstream):
        if i != j:
            expected[:, j] += expected[:, i]
    assert np.array_equal(accumulate(downstream, values), expected)
    assert np.array_equal(accumulate(downstream, values[0]), expected[0])


def test_the_adjoint_of_sums_along_the_rivers_passes_the_dot_product_test():
    random = np.random.default_rng(8)
    downstream, values, seen = network(8), random.random(2000), random.random(2000)
    forward, backward = accumulate(downstream, values) @ seen, values @ accumulate_adjoint(downstream, seen)
    assert forward == pytest.approx(backward, rel=1e-13)


def test_tributaries_are_listed_by_ascending_index():
    start, nodes = upstream(SMALL)
    assert [nodes[a:b].tolist() for a, b in pairwise(start)] == [
        [], [0, 2], [3, 4, 6, 7], [], [], [], [], []
    ]  # fmt: skip


def test_levels_are_longest_ways_and_outlets_ends():
    downstream = network(9)
    level, end = np.zeros(2000, int), np.arange(2000)
    for i, j in enumerate(downstream):
        if i != j:
            level[j] = max(level[j], level[i] + 1)
    for i in reversed(range(2000)):
        end[i] = end[downstream[i]]
    assert np.array_equal(levels(downstream), level)
    assert np.array_equal(outlet(downstream), end)


def test_loops_are_listed_from_their_lowest_node_in_the_direction_of_flow():
    #                      0  1  2  3  4  5  6  7  8   9
    downstream = np.array([1, 0, 5, 3, 2, 8, 5, -2, 4, 7])
    assert [loop.tolist() for loop in loops(downstream)] == [[0, 1], [2, 5, 8, 4]]


def test_a_network_without_loops_has_none_and_a_long_loop_is_found_whole():
    downstream = forest(5000, 10)
    assert loops(downstream) == []
    ring = np.roll(np.arange(100_000), -1)
    assert len(loops(ring)) == 1
    assert np.array_equal(loops(ring)[0], np.arange(100_000))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: canonical_order([1, 0, 2]), "2 nodes lie on loops"),
        (lambda: canonical_order([0, 3]), "node 1 flows to 3"),
        (lambda: canonical_order([0.0, 1.0]), "expected integers"),
        (lambda: canonical_order([0, 1], [1.0, np.nan]), "weight of node 1 is nan"),
        (lambda: canonical_order([0, 1], [1.0]), "for each of 2 nodes"),
        (lambda: accumulate([0, 0], [1.0, 1.0]), "node 1 flows back to 0"),
        (lambda: accumulate([1, 1], [1.0, 1.0, 1.0]), "2 nodes"),
        (lambda: stages([1, 1], [0, 1]), "rise from 0 to 2"),
        (lambda: cut([1.0], 0), "at least 1"),
        (lambda: cut([1.0, -1.0], 2), "weight of node 1 is -1"),
        (lambda: loops([5]), "below 1"),
    ],
)
def test_what_is_no_network_is_refused_with_the_node(call, message):
    with pytest.raises(ValueError, match=message):
        call()
