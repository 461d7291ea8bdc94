"""Tasks that cannot be staffed, of which none can be left out, however many they are.

One flow is kept throughout. A task is left out by emptying its places; if the others can then be
filled it is needed and comes back, and the places that stay empty are now its own. So each of some
thousand tasks costs a few short searches, not a flow.
"""

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.flow import fill, take_places
from fairlot.assignment.network import Network
from fairlot.assignment.paths import Search, augment, search_of
from fairlot.assignment.seating import NONE, OPEN, Seating, give_up, seated

__all__ = ["irreducible"]


def irreducible(network: Network, seat_task: Ints) -> Ints:
    """Return tasks, ascending, whose places cannot all be filled, but those of all but one can.

    ``network`` cannot be filled. Its minima are not looked at. Tasks with many eligible officers
    are left out first, so that small sets stay.
    """
    choice = np.bincount(seat_task, weights=np.diff(network.ptr))
    tasks = _fewer(network, seat_task, np.argsort(-choice, kind="stable"))
    team = np.split(
        np.arange(seat_task.size), np.searchsorted(seat_task, np.arange(1, choice.size))
    )
    quota = np.where(np.isin(seat_task, tasks), network.quota, 0)
    network = network._replace(quota=quota.copy())
    seating, search = seated(network), search_of(network)
    take_places(network, seating, search)
    needed = np.zeros(choice.size, np.bool_)
    for task in tasks.tolist():
        if needed[task] or not network.quota[team[task]].any():
            continue
        _leave_out(network, seating, team[task])
        reached = _filled(network, seating, search)
        if (seating.filled < network.quota).any():
            _leave_out(network, seating, np.flatnonzero(~reached))
        else:
            network.quota[team[task]] = quota[team[task]]
            needed |= _surely_needed(network, seating, seat_task, needed.size)
    return np.unique(seat_task[network.quota > 0])


def _fewer(network: Network, seat_task: Ints, tasks: Ints) -> Ints:
    """Leave out as many tasks at a time as have fewer places than stay empty, then the unreached."""
    team = np.bincount(seat_task, weights=network.quota).astype(np.int64)
    while True:
        inside = np.isin(seat_task, tasks)
        flow = fill(network._replace(quota=np.where(inside, network.quota, 0)))
        tasks = tasks[np.isin(tasks, seat_task[flow.seat_reached])]
        spare = int(np.searchsorted(np.cumsum(team[tasks]), flow.missing.sum()))
        if spare == 0:
            return tasks
        tasks = tasks[spare:]


def _filled(network: Network, seating: Seating, search: Search) -> Flags:
    """Fill the places that can be filled; return the seats that those left empty reach."""
    search.want[-1] = seating.seat.size
    augment(network, seating, search, np.flatnonzero(seating.filled < network.quota))
    search.want[-1] = 0
    return search.level[: network.quota.size] >= 0


def _surely_needed(network: Network, seating: Seating, seat_task: Ints, tasks: int) -> Flags:
    """Say of which tasks one look shows that the empty places could be filled without them.

    All empty places are of one seat. An officer whom a task gives up can go to another seat, whose
    officer then comes to an empty place. As many such officers, each with as many ways as there
    are empty places, can be matched with ways that all differ, and none leads back to the task.
    """
    empty = network.quota - seating.filled
    if np.count_nonzero(empty) != 1:
        return np.zeros(tasks, np.bool_)
    taken = np.flatnonzero(seating.edge != NONE)
    ways = _exchanges(network, seating, int(empty.argmax()))[network.idx[seating.edge[taken]]]
    free = seat_task[seating.seat[taken[ways >= empty.max()]]]
    surely: Flags = np.bincount(free, minlength=tasks) >= empty.max()
    return surely


@kernel
def _exchanges(network: Network, seating: Seating, empty: int) -> Ints:
    """Count for each officer whose seats they could take, if those came to the ``empty`` seat."""
    count = np.zeros(network.most.size, np.int64)
    last = np.full(network.most.size, NONE)
    for e in range(network.ptr[empty], network.ptr[empty + 1]):
        if not _could(network, seating, e):
            continue
        place = seating.head[network.idx[e]]
        while place != NONE:
            seat = seating.seat[place]
            for f in range(network.ptr[seat], network.ptr[seat + 1]):
                o = network.idx[f]
                if last[o] != e and _could(network, seating, f):
                    last[o] = e
                    count[o] += 1
            place = seating.after[place]
    return count


@piece
def _could(network: Network, seating: Seating, e: int) -> bool:
    """Say whether the officer of an edge is not in that team."""
    bundle = network.bundle[e]
    return bool(seating.mark[e] == OPEN and (bundle < 0 or seating.taken[bundle] == NONE))


@kernel
def _leave_out(network: Network, seating: Seating, seats: Ints) -> None:
    """Empty all places of ``seats`` and fill them no more."""
    for seat in seats:
        first = seating.first[seat]
        for place in range(first, first + seating.filled[seat]):
            node = np.int64(network.idx[seating.edge[place]])
            give_up(network, seating, place)
            while node != NONE:
                seating.load[node] -= 1
                node = np.int64(seating.above[node])
        seating.filled[seat] = 0
        network.quota[seat] = 0
