"""Pairs of site and officer that are not in the problem and could come into it."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.abilities import Label, abilities, fitting, labels
from fairlot.assignment.cure import Barring, Lending, Opening
from fairlot.assignment.problem import Problem

__all__ = ["barred", "lent"]

PAIRS = 20_000
"""So many pairs of site and officer are looked at for one bureau asked to lend."""
OWN = {"officer", "specialist", "lead"}
"""Where all seats are of these kinds, whoever is barred from one would fit an officer's."""


def barred(problem: Problem, sites: Ints) -> Iterator[Barring]:
    """Return the pairs at ``sites`` (tasks, ascending) that one rule alone keeps apart."""
    able, seats = abilities(problem), _seats(problem)
    own = set(problem.seat_kind.tolist()) <= OWN
    unknown = {("officer", "")} if own else set()  # of one kept from every site
    wanted = set(sites.tolist())
    for pair in problem.barred:
        if pair.task not in wanted:
            continue
        fits = fitting(able.get(pair.officer, unknown), seats[pair.task])
        if fits:
            site, officer = problem.tasks[pair.task], problem.officers[pair.officer]
            yield Barring(Opening(site, officer, fits), pair.reason)


def lent(problem: Problem, sites: Ints) -> Iterator[Lending]:
    """Return what bureaux could lend that are no supporting ones: officers who fit seats at ``sites``.

    Those come first that support another bureau.
    Not where more than ``PAIRS`` pairs would have to be looked at.
    """
    asked = [*_asked(problem, sites)]
    if not asked:
        return
    able, seats = abilities(problem), _seats(problem)
    known = {(pair.task, pair.officer) for pair in problem.barred} | _listed(problem, sites)
    for borrower, lender, tasks, staff in asked:
        openings = tuple(
            Opening(problem.tasks[task], problem.officers[officer], fits)
            for task, officer in product(tasks, staff)
            if (task, officer) not in known
            and (fits := fitting(able.get(officer, ()), seats[task]))
        )
        if openings:
            yield Lending(lender, borrower, openings)


def _asked(problem: Problem, sites: Ints) -> Iterator[tuple[str, str, list[int], list[int]]]:
    """Yield each borrower with each other bureau, the borrower's tasks and the other's officers."""
    lending = set(problem.home[problem.idx[problem.tier > 0]].tolist())
    bureaux = sorted(
        set(problem.home.tolist()) - {""}, key=lambda name: (name not in lending, name)
    )
    borrowers = sorted(set(problem.bureau[sites].tolist()) - {""})
    for borrower, lender in product(borrowers, bureaux):
        tasks = sites[problem.bureau[sites] == borrower].tolist()
        staff = np.flatnonzero(problem.home == lender).tolist()
        if lender != borrower and len(tasks) * len(staff) <= PAIRS:
            yield borrower, lender, tasks, staff


def _listed(problem: Problem, sites: Ints) -> set[tuple[int, int]]:
    """Return the pairs of ``sites`` that are in the problem, in whatever tier."""
    inside = np.repeat(np.isin(problem.seat_task, sites), np.diff(problem.ptr))
    task = np.repeat(problem.seat_task, np.diff(problem.ptr))[inside]
    return set(zip(task.tolist(), problem.idx[inside].tolist(), strict=True))


def _seats(problem: Problem) -> dict[int, list[Label]]:
    found: dict[int, list[Label]] = defaultdict(list)
    for task, label in zip(problem.seat_task.tolist(), labels(problem), strict=True):
        found[task].append(label)
    return found
