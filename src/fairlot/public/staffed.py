"""Who goes where, in a public draw: the chances that are committed to, and the teams drawn with them."""

from hashlib import sha256

import numpy as np

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Chances, Problem, Teams, draw_teams, probabilities
from fairlot.planning import choice, problem_of
from fairlot.public.announcement import Announced
from fairlot.public.lists import csv_bytes
from fairlot.public.stream import DOMAIN, Stream, framed, subkey
from fairlot.sampling import Sample

__all__ = ["assign", "commitment", "staff", "staff_chances", "visits_csv"]


def staff(announced: Announced, sample: Sample) -> Problem:
    """Return who may take which seat at the drawn sites."""
    tables = announced.tables
    return problem_of(announced.plan, tables, tables.sites.iloc[sample.index])


def staff_chances(announced: Announced, problem: Problem) -> Chances:
    """Return the chance of everybody who may take a seat; nothing is drawn.

    Raises InvalidInput where pairs are kept apart or teams have needs: an integer programme, which
    does not come out alike everywhere, would decide.
    """
    if problem.combinatorial:
        raise InvalidInput(
            "pairs kept apart and needs are for private use; want a problem without them",
            zh="互斥人员与检查组所需条件仅供内部使用，公开抽取不得含有",
        )
    return probabilities(problem, loads=announced.plan.team.loads)


def assign(problem: Problem, chances: Chances, root: bytes) -> Teams:
    """Draw the teams with exactly these chances."""
    return draw_teams(problem, chances=chances, rng=Stream(subkey(root, "assign")))


def visits_csv(announced: Announced, chances: Chances) -> bytes:
    """Return how much was left to chance at every drawn site."""
    return csv_bytes(choice(announced.plan, chances))


def commitment(chances: Chances) -> str:
    """Return the SHA-256 of all chances, as hex digits; docs/record.md tells the bytes.

    >>> pool = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1] * 3, quota=[2],
    ...                seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2])
    >>> commitment(probabilities(pool))[:16]
    '04d658f4edd97a2a'
    """
    problem = chances.problem
    rows = zip(problem.seat_task, problem.seat_kind, problem.quota, strict=True)
    seats = [f"{problem.tasks[task]} {kind} {quota}" for task, kind, quota in rows]
    pairs = np.column_stack([problem.edge_seat, problem.idx, chances.numerator])
    return sha256(
        framed(
            DOMAIN + b" chances",
            _lines(problem.tasks),
            _lines(seats),
            _lines(problem.officers),
            pairs.astype(">u4").tobytes(),
        )
    ).hexdigest()


def _lines(texts: tuple[str, ...] | list[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()
