"""The problem as the kernels read it: seats, edges, bundles, and a forest of officers and groups.

Every place of a seat is a unit that flows along one edge to an officer, and from the officer on
through the groups the officer is in. Edges of one officer in several seats of one task form a
*bundle*, of which at most one is used: an officer takes at most one place in a team.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Flags, Ints
from fairlot._kernels import kernel
from fairlot.assignment.listing import listed
from fairlot.assignment.problem import Problem

__all__ = ["BITS", "WHOLE", "Network", "network_of", "pushed_up"]

BITS = 30
WHOLE = 1 << BITS
"""A probability is a whole number of grains, ``WHOLE`` of them to 1."""

NONE = np.int32(-1)

Numbers = NDArray[np.int32]


class Network(NamedTuple):
    """Seats to officers to groups; nodes are the officers, then the groups, inner before outer.

    ptr, idx         edges of seat s: ``idx[ptr[s]:ptr[s + 1]]`` are the officers they lead to
    quota            (seats,) places to fill
    bundle           (edges,) the bundle an edge belongs to, -1 if none
    bundle_ptr, bundle_edge  the edges of bundle b: ``bundle_edge[bundle_ptr[b]:bundle_ptr[b + 1]]``
    full             (bundles,) True where exactly one edge is used in every assignment
    least, most      (nodes,) fewest and most places of an officer or a group
    parent           (nodes,) the group around a node, -1 if none; always above the node itself
    """

    ptr: Ints
    idx: Numbers
    quota: Ints
    bundle: Numbers
    bundle_ptr: Ints
    bundle_edge: Ints
    full: Flags
    least: Ints
    most: Ints
    parent: Numbers


def network_of(problem: Problem) -> Network:
    """Return the network of ``problem``, every tier open."""
    people, places = len(problem.officers), problem.quota.sum()
    least = np.append(problem.least, _of_groups([group.least for group in problem.groups]))
    most = np.append(problem.cap, _of_groups([group.most for group in problem.groups]))
    bundle = _bundles(problem.seat_task, problem.ptr, problem.idx, people)
    count = int(bundle.max(initial=-1)) + 1
    held = np.flatnonzero(bundle >= 0)
    bundle_ptr, bundle_edge = listed(bundle[held], held, count)
    return Network(
        ptr=problem.ptr,
        idx=problem.idx,
        quota=problem.quota,
        bundle=bundle,
        bundle_ptr=bundle_ptr,
        bundle_edge=bundle_edge,
        full=np.zeros(count, np.bool_),
        least=least,
        most=np.maximum(np.minimum(most, places), least),  # nobody takes more than there is
        parent=_parents(problem, people),
    )


def pushed_up(amount: Ints, parent: Numbers) -> Ints:
    """Return the sum at every node, from the amounts (officers,) at the officers.

    >>> pushed_up(np.array([1, 2, 4]), np.array([3, 3, 4, 4, -1], np.int32)).tolist()
    [1, 2, 4, 3, 7]
    """
    total = np.concatenate([amount, np.zeros(parent.size - amount.size, amount.dtype)])
    for node in range(parent.size):
        if parent[node] >= 0:
            total[parent[node]] += total[node]
    return total


def _of_groups(bounds: list[int]) -> Ints:
    return np.array(bounds, dtype=np.int64)


def _parents(problem: Problem, people: int) -> Numbers:
    parent = np.full(people + len(problem.groups), NONE)
    inside = [set(group.officers) for group in problem.groups]
    around = np.full(people, NONE)
    for at in reversed(range(len(inside))):  # outer first, so that the innermost stays
        members = sorted(inside[at])
        parent[people + at] = around[members[0]]
        around[members] = people + at
    parent[:people] = around
    return parent


@kernel
def _bundles(task: Ints, ptr: Ints, idx: Numbers, people: int) -> Numbers:
    """Number the officers who stand in more than one row of a task, by task and first edge."""
    bundle = np.full(idx.size, NONE)
    first = np.full(people, -1)  # the edge on which the officer was last seen
    seen = np.full(people, -1)  # and in which task
    count = 0
    for seat in range(task.size):
        alone = (seat == 0 or task[seat - 1] != task[seat]) and (
            seat == task.size - 1 or task[seat + 1] != task[seat]
        )
        if alone:
            continue
        for e in range(ptr[seat], ptr[seat + 1]):
            o = idx[e]
            if seen[o] != task[seat]:
                seen[o], first[o] = task[seat], e
                continue
            if bundle[first[o]] < 0:
                bundle[first[o]] = count
                count += 1
            bundle[e] = bundle[first[o]]
    return bundle
