"""The teams that were drawn, and a check of them that trusts no solver."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput
from fairlot.assignment.problem import Problem

__all__ = ["Teams", "check_teams"]


@dataclass(frozen=True, eq=False)
class Teams:
    """Who takes each seat.

    officer   (seats,) position of the officer in ``problem.officers``
    borrowed  (seats,) True where the officer comes from a supporting bureau
    design    the algorithm and its version
    """

    problem: Problem
    officer: NDArray[np.int64]
    borrowed: NDArray[np.bool_]
    design: str

    @property
    def loads(self) -> NDArray[np.int64]:
        """The number of seats each officer takes."""
        return np.bincount(self.officer, minlength=len(self.problem.officers))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per seat: site_id, seat, officer_id, borrowed."""
        tasks, officers = self.problem.tasks, self.problem.officers
        return pd.DataFrame(
            {
                "site_id": pd.Series([tasks[t] for t in self.problem.seat_task], dtype=object),
                "seat": pd.Series(self.problem.seat_kind.tolist(), dtype=object),
                "officer_id": pd.Series([officers[o] for o in self.officer], dtype=object),
                "borrowed": self.borrowed,
            }
        )


def check_teams(problem: Problem, teams: Teams) -> None:
    """Check every rule of ``problem`` on ``teams`` without solving anything.

    Every seat is taken by an officer of its row, no officer sits twice in a team or above their
    cap, and no officer is borrowed while one of the bureau's own with room could have gone.

    Raises InvalidInput naming the first site or officer at fault.
    """
    _check_range(problem, teams)
    entry = _check_rows(problem, teams)
    _check_distinct(problem, teams)
    _check_caps(problem, teams)
    _check_borrowed(problem, teams, entry)


def _check_range(problem: Problem, teams: Teams) -> None:
    officer, seats = teams.officer, problem.seat_task.size
    known = (officer >= 0) & (officer < len(problem.officers))
    if officer.shape != (seats,) or teams.borrowed.shape != (seats,) or not known.all():
        raise InvalidInput(
            "teams fill {got} seats; want an officer of the problem on each of {seats}",
            zh="共填 {got} 个席位，应有 {seats} 个且均为名录内人员",
            got=int(known.sum()),
            seats=seats,
        )


def _check_rows(problem: Problem, teams: Teams) -> NDArray[np.int64]:
    """Return where in ``problem.idx`` each seat's officer stands."""
    chosen = np.repeat(teams.officer.astype(np.int32), np.diff(problem.ptr))
    entry = np.flatnonzero(problem.idx == chosen)
    seat = np.searchsorted(problem.ptr, entry, side="right") - 1
    stray = np.setdiff1d(np.arange(problem.seat_task.size), seat)
    if stray.size:
        raise _fault(
            "officer {officer} may not take seat {seat} of site {site}",
            "检查人员 {officer} 不得担任场所 {site} 的 {seat}",
            problem,
            teams,
            stray[0],
        )
    return entry


def _check_distinct(problem: Problem, teams: Teams) -> None:
    pair = problem.seat_task * len(problem.officers) + teams.officer
    _, once = np.unique(pair, return_index=True)
    twice = np.setdiff1d(np.arange(pair.size), once)
    if twice.size:
        raise _fault(
            "officer {officer} sits twice in the team of site {site}",
            "检查人员 {officer} 在场所 {site} 的检查组中重复",
            problem,
            teams,
            twice[0],
        )


def _check_caps(problem: Problem, teams: Teams) -> None:
    over = np.flatnonzero(teams.loads > problem.cap)
    if over.size:
        raise InvalidInput(
            "officer {officer} takes {load} seats; the cap is {cap}",
            zh="检查人员 {officer} 承担 {load} 个任务，上限为 {cap}",
            officer=problem.officers[over[0]],
            load=int(teams.loads[over[0]]),
            cap=int(problem.cap[over[0]]),
        )


def _check_borrowed(problem: Problem, teams: Teams, entry: NDArray[np.int64]) -> None:
    lent = problem.tier[entry] > 0
    if not np.array_equal(lent, teams.borrowed):
        raise _fault(
            "officer {officer} of site {site}: borrowed does not say where they come from",
            "检查人员 {officer}（场所 {site}）：借调标记与其所属机关不符",
            problem,
            teams,
            np.flatnonzero(lent != teams.borrowed)[0],
        )
    room = teams.loads < problem.cap
    for seat in np.flatnonzero(lent):
        task = problem.seat_task[seat]
        own = problem.row(seat)[problem.tier[problem.ptr[seat] : problem.ptr[seat + 1]] == 0]
        team = teams.officer[slice(*np.searchsorted(problem.seat_task, task + np.array([0, 1])))]
        if np.setdiff1d(own[room[own]], team).size:
            raise _fault(
                "officer {officer} is borrowed for site {site}, whose bureau has officers with room",
                "场所 {site} 借调检查人员 {officer}，而其机关尚有可用人员",
                problem,
                teams,
                seat,
            )


def _fault(en: str, zh: str, problem: Problem, teams: Teams, seat: np.integer[Any]) -> InvalidInput:
    return InvalidInput(
        en,
        zh=zh,
        site=problem.tasks[problem.seat_task[seat]],
        seat=str(problem.seat_kind[seat]),
        officer=problem.officers[teams.officer[seat]],
    )
