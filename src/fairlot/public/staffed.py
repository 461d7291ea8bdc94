"""Who goes where, in a public draw: the chances that are committed to, and the teams drawn with them."""

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot._base.errors import InvalidInput
from fairlot.assignment import Chances, Problem, Teams, draw_teams, probabilities
from fairlot.planning import problem_of
from fairlot.planning.schedule import schedule
from fairlot.planning.visited import named_sites
from fairlot.public.announced import Announced
from fairlot.public.stream import DOMAIN, Stream, Tickets, framed, subkey
from fairlot.public.suite import SHA256, Suite

__all__ = ["assign", "commitment", "dates", "staff", "staff_chances"]


def staff(announced: Announced, drawn: Ints) -> Problem:
    """Return who may take which seat at the drawn sites, by their rows."""
    assert announced.tables is not None
    return problem_of(announced.plan, announced.tables, drawn)


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


def assign(problem: Problem, chances: Chances, root: bytes, suite: Suite = SHA256) -> Teams:
    """Draw the teams with exactly these chances."""
    return draw_teams(problem, chances=chances, rng=Stream(subkey(root, "assign", suite), suite))


def dates(announced: Announced, drawn: Ints, teams: Teams, root: bytes) -> pd.DataFrame:
    """Draw the week and the place of every visit (see ``planning.schedule``)."""
    assert announced.tables is not None
    assert announced.leaves is not None
    suite, leaves = announced.suite, announced.leaves["sites"][drawn]
    tickets = Tickets(subkey(root, "schedule", suite), leaves, suite)
    words = tickets.words(len(drawn)), tickets.words(len(drawn))
    visits, tables = announced.plan.visits, announced.tables
    return schedule(
        named_sites(tables, drawn),
        *words,
        teams=teams.to_frame(),
        absences=tables.absences,
        window=(visits.first, visits.last),
    )


def commitment(chances: Chances, suite: Suite = SHA256) -> str:
    """Return the digest of all chances, as hex digits; docs/public-draw-v1.md tells the bytes.

    >>> pool = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1] * 3, quota=[2],
    ...                seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2])
    >>> commitment(probabilities(pool))[:16]
    'a85280e7bbb83243'
    """
    problem = chances.problem
    columns = (each.tolist() for each in (problem.seat_task, problem.seat_kind, problem.quota))
    rows = zip(*columns, strict=True)
    seats = [f"{problem.tasks[task]} {kind} {quota}" for task, kind, quota in rows]
    # Which pairs without a chance are listed at all can follow from the order of a search.
    some = chances.numerator > 0
    pairs = np.column_stack([problem.edge_seat, problem.idx, chances.numerator])[some]
    parts = (_lines(problem.tasks), _lines(seats), _lines(problem.officers))
    message = framed(DOMAIN + b" chances", *parts, pairs.astype(">u4").tobytes())
    return suite.digest(message).hex()


def _lines(texts: tuple[str, ...] | list[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()
