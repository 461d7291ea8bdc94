"""Places filled one after the other, never so that a later one has nobody left."""

from dataclasses import replace

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.flow import fill
from fairlot.assignment.forced import possible
from fairlot.assignment.network import network_of
from fairlot.assignment.problem import Problem

__all__ = ["first_choices", "rest"]


def first_choices(vacant: Problem) -> Ints:
    """Return the edges of the first place with which the others can still be filled.

    Only those of the lowest tier that has any, so that nobody is borrowed in vain: whoever of the
    bureau's own is left out here is needed at a later place, and has no room once it is filled.

    Raises Infeasible, as ``feasible`` does, when the places cannot be filled together.
    """
    network = network_of(vacant)
    flow = fill(network)
    if not flow.complete:
        feasible(vacant)
    edges = np.flatnonzero(possible(network, flow.used)[: vacant.ptr[1]])
    tier = vacant.tier[edges]
    nearest: Ints = edges[tier == tier.min()]
    return nearest


def rest(vacant: Problem, officer: int) -> Problem:
    """Return ``vacant`` once its first place is taken by ``officer``."""
    cap = vacant.cap.copy()
    cap[officer] -= 1
    edges = slice(vacant.ptr[1], None)
    return replace(
        vacant,
        tasks=vacant.tasks[1:],
        seat_task=vacant.seat_task[:-1],
        seat_kind=vacant.seat_kind[1:],
        seat_skill=vacant.seat_skill[1:],
        quota=vacant.quota[1:],
        bureau=vacant.bureau[1:],
        ptr=vacant.ptr[1:] - vacant.ptr[1],
        idx=vacant.idx[edges],
        tier=vacant.tier[edges],
        cap=cap,
        groups=tuple(
            replace(group, most=group.most - 1) if officer in group.officers else group
            for group in vacant.groups
        ),
    )
