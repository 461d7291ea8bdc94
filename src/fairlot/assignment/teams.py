"""The teams that were drawn: who takes every place."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlot._base.arrays import Flags, Ints
from fairlot.assignment.problem import Problem

__all__ = ["Teams", "colleagues", "entries"]


@dataclass(frozen=True, eq=False)
class Teams:
    """Who takes each place.

    officer   (places,) position of the officer in ``problem.officers``; the places are those of
              ``problem.place_seat``, the officers of one seat ascending
    borrowed  (places,) True where the officer comes from a supporting bureau
    design    the algorithm and its version
    """

    problem: Problem
    officer: Ints
    borrowed: Flags
    design: str

    @property
    def loads(self) -> Ints:
        """The number of places each officer takes, (officers,)."""
        return np.bincount(self.officer, minlength=len(self.problem.officers)).astype(np.int64)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per place: site_id, seat, officer_id, borrowed."""
        problem, seat = self.problem, self.problem.place_seat
        return pd.DataFrame(
            {
                "site_id": np.array(problem.tasks, dtype=object)[problem.seat_task[seat]],
                "seat": problem.seat_kind[seat].astype(object),
                "officer_id": np.array(problem.officers, dtype=object)[self.officer],
                "borrowed": self.borrowed,
            }
        )


def entries(problem: Problem, officer: Ints) -> Ints:
    """Return where in ``problem.idx`` the officer of each place stands, or would have to stand.

    All rows are searched at once by bisection: O(places * log(longest row)).
    """
    seat = problem.place_seat
    low, high = problem.ptr[seat], problem.ptr[seat + 1]
    while (low < high).any():
        middle = (low + high) >> 1
        at = np.minimum(middle, problem.idx.size - 1)  # a closed interval may stand at the end
        before = (low < high) & (problem.idx[at] < officer)
        low, high = np.where(before, middle + 1, low), np.where(before, high, middle)
    return low


def colleagues(problem: Problem, officer: Ints) -> tuple[Ints, Ints, Ints]:
    """Return (task, one, other) for every two officers of one team, ``one`` the smaller.

    >>> trio = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[3],
    ...                seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2])
    >>> [found.tolist() for found in colleagues(trio, np.array([0, 1, 2]))]
    [[0, 0, 0], [0, 1, 0], [1, 2, 2]]
    """
    task = problem.seat_task[problem.place_seat]
    largest = int(np.bincount(task).max(initial=0))
    firsts, seconds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for apart in range(1, largest):  # the places of a team stand side by side
        first = np.flatnonzero(task[:-apart] == task[apart:])
        firsts.append(first)
        seconds.append(first + apart)
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    one, other = officer[first], officer[second]
    return task[first], np.minimum(one, other), np.maximum(one, other)
