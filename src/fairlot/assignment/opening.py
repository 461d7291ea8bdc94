"""Open to the visits the officers of supporting bureaux, where they cannot be staffed without.

A place taken by a pair of tier k costs k: nothing for an officer of the site's own bureau, and more
the later the bureau stands that lends one. What is opened is what serves in the *cheapest*
assignments. So nobody is borrowed where one of the bureau's own could have gone, by whatever chain
of others changing sites; and no bureau of a later choice lends where an earlier one could have.

They are found with prices. A seat and a node have a price each, whole and at first 0, and a pair is
open when its tier is the price of the seat less the price of the officer. Places are filled with
open pairs alone; when some stay empty, everything their searches reach becomes dearer by 1, which
opens the next tier to the seats in the way. When all are filled, then for every assignment

    sum of tiers  =  a constant
                     + sum over the pairs taken of (tier - price of seat + price of officer)
                     + sum over the nodes of load * (price of the group around - price of the node)

and the assignment found makes every term as small as it can be. Of the seats of a team an officer
takes none with a term above 0, or above that of another seat, and certainly one if a term is below
0; a node dearer than the group around it has its full load, a cheaper one its least. So it is among
the cheapest, and the cheapest are those that do the same (complementary slackness), which is a fact
of the problem and not of the search (Fulkerson 1961, An out-of-kilter method for minimal-cost flow
problems, J. SIAM 9(1), doi:10.1137/0109002).
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Flags, Ints
from fairlot._kernels import kernel
from fairlot.assignment.flow import fill, groups_lacking, raise_in, take_places
from fairlot.assignment.network import Network, network_of
from fairlot.assignment.paths import search_of
from fairlot.assignment.problem import Problem
from fairlot.assignment.seating import BARRED, KEPT, OPEN, USED, Seating, seated

__all__ = ["Opened", "open_tiers"]


class Opened(NamedTuple):
    """The pairs that are open, and their network: with what the prices make certain.

    problem  the pairs that are open, with their tiers; a load that the prices make certain has its
             minimum raised to its cap, or its cap lowered to its minimum
    network  the network of ``problem``, in which the edges of an officer who is certainly in a team
             are a full bundle: something a problem cannot say
    """

    problem: Problem
    network: Network


def open_tiers(problem: Problem) -> Opened:
    """Return ``problem`` with those pairs alone that serve in the assignments that borrow least.

    What an assignment borrows is the sum of the tiers over its places. Every assignment of the
    network returned borrows as little as any assignment of ``problem`` does, and every one that
    borrows as little is among them. When there is no assignment at all, everything is open.

    Costs nothing without tiers, and about as much as ``fill`` for every tier that is opened.

    >>> lent = Problem(  # P1 is of the bureau, P2 and P3 are of its first and second support
    ...     tasks=("S1", "S2"), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[1, 1],
    ...     seat_task=[0, 1], seat_kind=["officer"] * 2, ptr=[0, 3, 6], idx=[0, 1, 2, 0, 1, 2],
    ...     tier=[0, 1, 2, 0, 1, 2],
    ... )
    >>> opened = open_tiers(lent).problem
    >>> opened.row(0), opened.row(1)
    (array([0, 1], dtype=int32), array([0, 1], dtype=int32))
    """
    network = network_of(problem)
    if not (problem.tier.any() and fill(network).complete):
        return Opened(problem, network)
    price, seating = _staffed(network, problem.tier)
    certain = _mark(network, seating, problem.tier, price)
    edge = np.flatnonzero(seating.mark != BARRED)
    opened = _open(problem, network, edge, _dearer(network, seating, price))
    return Opened(opened, _with_certain(network_of(opened), certain[edge]))


def _staffed(network: Network, tier: NDArray[np.int8]) -> tuple[Ints, Seating]:
    """Return prices at which open pairs fill every place and meet every minimum, and how."""
    seating, search = seated(network), search_of(network)
    price = np.zeros(search.level.size, np.int64)
    _set(network, seating, tier, price)
    reached = take_places(network, seating, search)
    while (seating.filled < network.quota).any():
        _set(network, seating, tier, _raised(price, reached))
        reached = take_places(network, seating, search)
    for around in groups_lacking(network, seating):
        reached = raise_in(around, network, seating, search)
        while around in groups_lacking(network, seating):
            _set(network, seating, tier, _raised(price, reached))
            reached = raise_in(around, network, seating, search)
    return price, seating


def _raised(price: Ints, reached: Flags) -> Ints:
    """Make dearer, in place, what was reached."""
    price += reached
    return price


def _set(network: Network, seating: Seating, tier: NDArray[np.int8], price: Ints) -> None:
    """Let seats take and give up, and loads rise and fall, as the prices allow."""
    _mark(network, seating, tier, price)
    dearer = _dearer(network, seating, price)
    seating.floor[:-1] = np.where(dearer > 0, network.most, network.least)
    seating.ceiling[:-1] = np.where(dearer < 0, network.least, network.most)


def _dearer(network: Network, seating: Seating, price: Ints) -> Ints:
    """Return by how much each node (nodes,) is dearer than the group around it, or the top."""
    own = price[network.quota.size :]
    return own[:-1] - own[seating.above[:-1]]


@kernel
def _mark(network: Network, seating: Seating, tier: NDArray[np.int8], price: Ints) -> Flags:
    """Mark every edge; return those that are open and whose officer is certainly in the team.

    A seat offers its price less the tier. Whoever offers most for an officer can have the officer,
    and if that is more than the officer's price, one of those who do certainly has.
    """
    seats = network.quota.size
    certain = np.zeros(tier.size, np.bool_)
    highest = _bundle_prices(network, tier, price)
    for seat in range(seats):
        for e in range(network.ptr[seat], network.ptr[seat + 1]):
            own, offer = price[seats + network.idx[e]], price[seat] - tier[e]
            best = highest[network.bundle[e]] if network.bundle[e] >= 0 else max(own, offer)
            certain[e] = offer == best and best > own
            if seating.mark[e] >= USED:
                seating.mark[e] = KEPT if certain[e] else USED
            else:
                seating.mark[e] = OPEN if offer == best else BARRED
    return certain


@kernel
def _bundle_prices(network: Network, tier: NDArray[np.int8], price: Ints) -> Ints:
    """Return the price of each bundle: its officer's, or the most that one of its seats offers."""
    seats = network.quota.size
    highest = np.zeros(network.full.size, np.int64)  # no price is below 0
    for seat in range(seats):
        for e in range(network.ptr[seat], network.ptr[seat + 1]):
            bundle = network.bundle[e]
            if bundle >= 0:
                own, offer = price[seats + network.idx[e]], price[seat] - tier[e]
                highest[bundle] = max(highest[bundle], own, offer)
    return highest


def _open(problem: Problem, network: Network, edge: Ints, dearer: Ints) -> Problem:
    """Return the problem of some edges; a dearer node has its full load, a cheaper one its least."""
    least = np.where(dearer > 0, network.most, network.least)
    most = np.where(dearer < 0, network.least, network.most)
    people = len(problem.officers)
    limits = zip(problem.groups, least[people:].tolist(), most[people:].tolist(), strict=True)
    return replace(
        problem,
        ptr=np.searchsorted(edge, problem.ptr),
        idx=problem.idx[edge],
        tier=problem.tier[edge],
        least=least[:people],
        cap=most[:people],
        groups=tuple(replace(group, least=low, most=high) for group, low, high in limits),
    )


def _with_certain(network: Network, certain: Flags) -> Network:
    """Return the network with the bundles of certain edges full; a lone one is a bundle by itself."""
    full = network.full.copy()
    full[network.bundle[certain & (network.bundle >= 0)]] = True
    alone = np.flatnonzero(certain & (network.bundle < 0))
    bundle = network.bundle.copy()
    bundle[alone] = full.size + np.arange(alone.size)
    return network._replace(
        bundle=bundle,
        bundle_ptr=np.append(
            network.bundle_ptr, network.bundle_edge.size + 1 + np.arange(alone.size)
        ),
        bundle_edge=np.append(network.bundle_edge, alone),
        full=np.append(full, np.ones(alone.size, np.bool_)),
    )
