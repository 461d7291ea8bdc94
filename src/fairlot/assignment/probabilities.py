"""``entropy_balanced/1``: the chance of every officer on every seat, as equal as the rules permit."""

from typing import Final, Literal, get_args

import numpy as np

from fairlot._base.arrays import Ints
from fairlot._base.errors import InvalidInput
from fairlot._base.progress import Progress, silent
from fairlot.assignment.balance import Balanced, balance
from fairlot.assignment.chances import Chances
from fairlot.assignment.columns import PAIRS, columns_of
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.flow import Flow, fill
from fairlot.assignment.forced import Free, free_edges
from fairlot.assignment.loads import leximin
from fairlot.assignment.network import WHOLE, Network
from fairlot.assignment.opening import open_tiers
from fairlot.assignment.problem import Problem
from fairlot.assignment.quantise import quantise
from fairlot.assignment.repaired import relaxed, repaired

__all__ = ["Loads", "probabilities"]

DESIGN: Final = "entropy_balanced/1"

Loads = Literal["free", "leximin"]


def probabilities(
    problem: Problem, *, loads: Loads = "free", progress: Progress = silent
) -> Chances:
    """Return the published chance of every eligible pair: the fairest in the sense of entropy.

    Where nothing binds, everyone who may take a seat has the same chance of it: quota / eligible.
    Where caps, minimum loads and limits bind, the chances are the closest to that in relative
    entropy: each is ``min(1, u * v)``, the same factor ``v`` (the *discount*) for an officer on
    every seat, so whoever is wanted by many is discounted on all alike, and nobody is favoured.

    Promises that the chances are those of a lottery: each seat's add up to its quota, each
    officer's to a load within their limits, exactly, in whole numbers over 2^30; that pairs of
    every assignment have chance 1 and pairs of none 0; and the same numbers on every machine.

    loads  "leximin" first makes the expected loads as even as possible, then balances the chances
           under those loads; "free" balances the chances alone (equal chances on a seat and equal
           loads cannot both be had)

    The pairs kept are those open to the visits: pairs of a later tier go where nobody is borrowed,
    so ``Chances.problem`` may list fewer than ``problem``. A combinatorial problem is for private
    use: up to 500 pairs its lottery is over whole assignments (``columns_of``); beyond, teams that
    break a rule are repaired, and ``Chances.bias`` says what that did to the chances when measured.

    Raises InvalidInput for other ``loads``, and for "leximin" beside limits of groups, Infeasible,
    as ``feasible`` does, when there is no assignment, and NotConverged, with the residual, rather
    than publish numbers that are not balanced. Some .2 s for 2 million pairs.

    Csiszár (1975), I-divergence geometry of probability distributions and minimization problems,
    Ann. Probab. 3(1), doi:10.1214/aop/1176996454.

    >>> pool = Problem(  # P1 has time for one visit only
    ...     tasks=("S1", "S2"), officers=("P1", "P2", "P3"), cap=[1, 2, 2], quota=[2, 2],
    ...     seat_task=[0, 1], seat_kind=["officer"] * 2, ptr=[0, 3, 6], idx=[0, 1, 2, 0, 1, 2],
    ... )
    >>> probabilities(pool).p.reshape(2, 3)
    array([[0.5 , 0.75, 0.75],
           [0.5 , 0.75, 0.75]])
    """
    _refuse_unknown(loads)
    if problem.combinatorial:
        return _combinatorial(problem, loads, progress)
    progress("flow", 0, 3)
    opened, network = open_tiers(problem)
    flow = fill(network)
    if not flow.complete:
        feasible(problem)
    progress("loads", 1, 3)
    free = free_edges(network, *_bounded(network, flow, loads))
    progress("balance", 2, 3)
    balanced = balance(free.network, free.low, free.high)
    numerator, vanished = _whole(free, balanced)
    progress("balance", 3, 3)
    return Chances(
        problem=opened,
        numerator=numerator,
        design=DESIGN,
        discount=balanced.v[: len(opened.officers)],
        residual=balanced.residual,
        rounds=balanced.rounds,
        vanished=vanished,
    )


def _refuse_unknown(loads: str) -> None:
    if loads not in get_args(Loads):
        raise InvalidInput(
            "loads is {got!r}; want {known}",
            zh="loads 为 {got!r}，应为 {known_zh}",
            got=loads,
            known=" or ".join(map(repr, get_args(Loads))),
            known_zh=" 或 ".join(map(repr, get_args(Loads))),
        )


def _combinatorial(problem: Problem, loads: Loads, progress: Progress) -> Chances:
    if problem.idx.size <= PAIRS:
        return columns_of(problem, loads=loads)
    flow = probabilities(relaxed(problem), loads=loads)
    return repaired(problem, flow, progress)


def _bounded(network: Network, flow: Flow, loads: Loads) -> tuple[Ints, Ints, Ints]:
    """Return a feasible value of the edges and the bounds of the nodes, in grains."""
    if loads == "leximin":
        value, load = leximin(network)
        return value, load, load
    return flow.used * np.int64(WHOLE), network.least * WHOLE, network.most * WHOLE


def _whole(free: Free, balanced: Balanced) -> tuple[Ints, int]:
    """Return the numerators of all edges, and how many free ones came out as 0."""
    whole, vanished = quantise(free.network, balanced.x, free.low, free.high)
    numerator = free.fixed.copy()
    numerator[free.edge] = whole
    return numerator, vanished
