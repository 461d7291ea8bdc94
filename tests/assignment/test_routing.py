"""As much is routed as can be, and what cannot be is stuck behind the smallest minimum cut."""

import numpy as np
import pytest
from flow_worlds import plain
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from fairlot.assignment import routing as routes


@st.composite
def nets(draw):
    """Arcs (tail, head, capacity), one between two nodes, and the excess and room of the nodes."""
    nodes = draw(st.integers(1, 7))
    who = st.integers(0, nodes - 1)
    pairs = draw(st.lists(st.tuples(who, who), unique=True, max_size=14))
    pairs = [pair for pair in pairs if pair[0] != pair[1] and pair[::-1] not in pairs]
    arcs = [(*pair, draw(st.integers(0, 4))) for pair in pairs]
    amounts = st.lists(st.integers(0, 5), min_size=nodes, max_size=nodes)
    return arcs, draw(amounts), draw(amounts)


def routed(net):
    arcs, excess, room = net
    tail, head, most = np.array(arcs, np.int64).reshape(-1, 3).T.copy()
    ways, way = routes.ways_of(tail, head, len(excess))
    left = np.zeros(ways.to.size, np.int64)
    left[way] = most
    routing = routes.Routing(left, np.array(excess), np.array(room))
    return routes.route(ways, routing), routing, left[ways.twin[way]], ways, way


@given(nets())
@example(([], [1], [1]))  # where it is, there is room
@example(([(0, 1, 1), (0, 2, 1), (1, 3, 1), (2, 3, 1), (1, 2, 1)], [2, 0, 0, 0], [0, 0, 0, 2]))
def test_as_much_as_scipy_and_the_same_cut(net):
    arcs, excess, room = net
    reached, routing, _, _, _ = routed(net)
    most, near = by_scipy(arcs, excess, room)
    assert sum(excess) - routing.excess.sum() == most == sum(room) - routing.room.sum()
    assert reached.tolist() == near


def by_scipy(arcs, excess, room):
    nodes = len(excess)
    rows = [(1 + a, 1 + b, c) for a, b, c in arcs]
    rows += [(0, 1 + v, n) for v, n in enumerate(excess)]
    rows += [(1 + v, 1 + nodes, n) for v, n in enumerate(room)]
    start, end, most = np.array(rows, np.int32).T
    graph = csr_array((most, (start, end)), shape=(nodes + 2, nodes + 2))
    found = maximum_flow(graph, 0, nodes + 1)
    left = graph - found.flow
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    near = set(breadth_first_order(left, 0, return_predecessors=False).tolist())
    return found.flow_value, [1 + v in near for v in range(nodes)]


@given(nets())
def test_nothing_is_lost_on_the_way(net):
    arcs, excess, room = net
    _, routing, flow, ways, way = routed(net)
    balance = np.array(excess) - routing.excess
    for (a, b, most), amount in zip(arcs, flow, strict=True):
        assert 0 <= amount <= most
        balance[a] -= amount
        balance[b] += amount
    assert balance.tolist() == (np.array(room) - routing.room).tolist()
    np.testing.assert_array_equal(ways.twin[ways.twin], np.arange(ways.to.size))
    np.testing.assert_array_equal(ways.to[way], [b for _, b, _ in arcs])
    np.testing.assert_array_equal(ways.to[ways.twin[way]], [a for a, _, _ in arcs])


@given(nets())
def test_compiled_and_plain_are_alike(net):
    compiled = routed(net)
    with plain("fairlot.assignment.routing"):
        for one, other in zip(compiled, routed(net), strict=True):
            np.testing.assert_equal(one, other)


@pytest.mark.parametrize("length", [1, 2, 500])
def test_a_long_way(length):
    arcs = [(k, k + 1, 1) for k in range(length)]
    reached, routing, flow, _, _ = routed((arcs, [2] + [0] * length, [0] * length + [2]))
    assert flow.tolist() == [1] * length
    assert routing.excess.sum() == 1
    assert np.flatnonzero(reached).tolist() == [0]
