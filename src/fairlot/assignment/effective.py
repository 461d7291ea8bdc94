"""How many officers a team is really drawn from, in whole numbers: what a record says of a site."""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot.assignment.chances import Chances
from fairlot.assignment.network import BITS, WHOLE

__all__ = ["EXPERT", "Effective", "effective_officers"]

EXPERT = "expert"
"""The kind of seat that does not count: an expert accompanies the officers, never replaces one."""

HALF = BITS // 2
LOW = (1 << HALF) - 1


class Effective(NamedTuple):
    """Of each task: how many officers have a chance of an officer's seat, and what that amounts to.

    eligible    (tasks,) officers with a chance above 0; those of supporting bureaux have one only
                where somebody must be borrowed
    hundredths  (tasks,) 100 / sum (p / q)^2, cut: p an officer's chance to be in the team on an
                officer's seat, q how many places such seats have; 100 times the number of officers if all
                go equally often, 100 q if the team is certain, 0 if nobody goes
    """

    eligible: Ints
    hundredths: Ints

    @property
    def written(self) -> list[str]:
        """The effective number of each task with its two decimals, as a record has it."""
        return [f"{whole // 100}.{whole % 100:02d}" for whole in self.hundredths.tolist()]


def effective_officers(chances: Chances) -> Effective:
    """Return of each task the number of eligible and of *effective* officers.

    The inverse Simpson (or Herfindahl) index of the chances: a site to which one officer almost
    surely goes has few effective officers, however long its list. Whole numbers throughout, so
    that everyone cuts at the same digit. O(edges).

    >>> from fairlot.assignment import Problem
    >>> trio = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[2],
    ...                seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2])
    >>> whole, half = 1 << 30, 1 << 29
    >>> one_sure = Chances(trio, np.array([whole, half, half]), "by hand", np.ones(3))
    >>> eligible, hundredths = effective_officers(one_sure)
    >>> eligible, hundredths, effective_officers(one_sure).written
    (array([3]), array([266]), ['2.66'])
    """
    problem = chances.problem
    counted = problem.seat_kind != EXPERT
    places = np.zeros(len(problem.tasks), np.int64)
    np.add.at(places, problem.seat_task[counted], problem.quota[counted])
    task, chance = _chances(chances, counted)
    squares = _sum_of_squares(task, chance, places.size)
    hundredths = [
        100 * (q * WHOLE) ** 2 // total if total else 0
        for q, total in zip(places.tolist(), squares, strict=True)
    ]
    eligible = np.bincount(task[chance > 0], minlength=places.size).astype(np.int64)
    return Effective(eligible, np.array(hundredths, dtype=np.int64))


def _chances(chances: Chances, counted: Flags) -> tuple[Ints, Ints]:
    """Return (task, chance in grains) of everyone who may be in a team on a counted seat."""
    problem = chances.problem
    seat = problem.edge_seat
    edge = np.flatnonzero(counted[seat])
    member = problem.seat_task[seat[edge]] * len(problem.officers) + problem.idx[edge]
    order = np.argsort(member, kind="stable")
    first = np.flatnonzero(np.diff(member[order], prepend=-1))
    if not first.size:
        return first, first
    together = np.add.reduceat(chances.numerator[edge[order]], first)
    return member[order][first] // len(problem.officers), together


def _sum_of_squares(task: Ints, chance: Ints, tasks: int) -> list[int]:
    """Return the sum of ``chance``^2 of each task, by halves of 15 bits that fit in a word."""
    high, low = chance >> HALF, chance & LOW
    sums = np.zeros((3, tasks), np.int64)
    for row, product in zip(sums, (high * high, high * low, low * low), strict=True):
        np.add.at(row, task, product)
    return [
        (hh << 2 * HALF) + (hl << HALF + 1) + ll for hh, hl, ll in zip(*sums.tolist(), strict=True)
    ]
