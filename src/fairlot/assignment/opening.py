"""Open to the visits the officers of supporting bureaux, where they cannot be staffed without.

What is opened is what serves in the *cheapest* assignments, and what a place costs is such (see
``borrowing``) that as few places as can be are borrowed, over all visits, and of the assignments
that borrow so few, those serve whose tiers have the smallest sum.

They are found with prices. A seat and a node have a price each, whole and at first 0, and a pair is
open when its cost is the price of the seat less the price of the officer. Places are filled with
open pairs alone; when some stay empty, everything their searches reach becomes dearer until that
opens another step. When all are filled, then for every assignment

    sum of costs  =  a constant
                     + sum over the pairs taken of (cost - price of seat + price of officer)
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

from fairlot._base.arrays import Flags, Ints
from fairlot.assignment.borrowing import borrowing_costs
from fairlot.assignment.flow import fill, groups_lacking, raise_in, take_places
from fairlot.assignment.network import Network, network_of
from fairlot.assignment.paths import search_of
from fairlot.assignment.problem import Problem
from fairlot.assignment.seating import BARRED, KEPT, OPEN, USED, Seating, seated

__all__ = ["Opened", "open_tiers"]

NOWHERE = -(2**61)
"""A price below all others, even when a cost is taken off."""


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

    Borrowed is every place of a tier above 0. No assignment of ``problem`` borrows fewer places than
    those of the network returned, or as few with a smaller sum of tiers; and every one that borrows
    as few with as small a sum is among them. When there is none at all, everything is open.

    Costs nothing without tiers, and about as much as ``fill`` for every rise of the prices.

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
    cost = borrowing_costs(problem)
    price, seating = _staffed(network, cost)
    certain = _mark(network, seating, cost, price)
    edge = np.flatnonzero(seating.mark != BARRED)
    opened = _open(problem, network, edge, _dearer(network, seating, price))
    return Opened(opened, _with_certain(network_of(opened), certain[edge]))


def _staffed(network: Network, cost: Ints) -> tuple[Ints, Seating]:
    """Return prices at which open pairs fill every place and meet every minimum, and how."""
    seating, search = seated(network), search_of(network)
    price = np.zeros(search.level.size, np.int64)
    _set(network, seating, cost, price)
    reached = take_places(network, seating, search)
    while (seating.filled < network.quota).any():
        price += reached * _rise(network, seating, cost, price, reached)
        _set(network, seating, cost, price)
        reached = take_places(network, seating, search)
    for around in groups_lacking(network, seating):
        reached = raise_in(around, network, seating, search)
        while around in groups_lacking(network, seating):
            price += reached * _rise(network, seating, cost, price, reached)
            _set(network, seating, cost, price)
            reached = raise_in(around, network, seating, search)
    return price, seating


def _rise(network: Network, seating: Seating, cost: Ints, price: Ints, reached: Flags) -> int:
    """Return by how much what is reached must rise to draw level with something that is not."""
    there, away = np.where(reached, price, NOWHERE), np.where(reached, NOWHERE, price)
    nodes = slice(network.quota.size, None)
    behind = np.concatenate(
        [
            _highest(network, cost, away) - _highest(network, cost, there),
            _higher(seating, away[nodes]) - _higher(seating, there[nodes]),
        ]
    )
    return int(behind[(behind > 0) & (behind < -NOWHERE // 2)].min())


def _higher(seating: Seating, price: Ints) -> Ints:
    """Return the higher price of each node (nodes,) and the group around it, or the top."""
    higher: Ints = np.maximum(price[:-1], price[seating.above[:-1]])
    return higher


def _set(network: Network, seating: Seating, cost: Ints, price: Ints) -> None:
    """Let seats take and give up, and loads rise and fall, as the prices allow."""
    _mark(network, seating, cost, price)
    dearer = _dearer(network, seating, price)
    seating.floor[:-1] = np.where(dearer > 0, network.most, network.least)
    seating.ceiling[:-1] = np.where(dearer < 0, network.least, network.most)


def _dearer(network: Network, seating: Seating, price: Ints) -> Ints:
    """Return by how much each node (nodes,) is dearer than the group around it, or the top."""
    own = price[network.quota.size :]
    return own[:-1] - own[seating.above[:-1]]


def _mark(network: Network, seating: Seating, cost: Ints, price: Ints) -> Flags:
    """Mark every edge; return those that are open and whose officer is certainly in the team.

    A seat offers its price less the cost. Whoever offers most for an officer can have the officer,
    and if that is more than the officer's price, one of those who do certainly has.
    """
    own, offer = _offers(network, cost, price)
    best = _highest(network, cost, price)
    certain: Flags = (offer == best) & (best > own)
    seating.mark[:] = np.where(
        seating.mark >= USED,
        np.where(certain, KEPT, USED),
        np.where(offer == best, OPEN, BARRED),
    )
    return certain


def _highest(network: Network, cost: Ints, price: Ints) -> Ints:
    """Return per edge (edges,) the officer's price, or the most that a seat of the team offers."""
    highest: Ints = np.maximum(*_offers(network, cost, price))
    together = np.maximum.reduceat(highest[network.bundle_edge], network.bundle_ptr[:-1])
    highest[network.bundle_edge] = np.repeat(together, np.diff(network.bundle_ptr))
    return highest


def _offers(network: Network, cost: Ints, price: Ints) -> tuple[Ints, Ints]:
    """Return per edge (edges,) the officer's price and the seat's offer."""
    seats = network.quota.size
    return price[seats + network.idx], np.repeat(price[:seats], np.diff(network.ptr)) - cost


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
