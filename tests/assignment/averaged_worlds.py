"""Problems with chances that are surely those of a lottery: weighted means of whole assignments."""

import numpy as np
from hypothesis import strategies as st

from fairlot.assignment.chances import Chances
from fairlot.assignment.network import WHOLE, network_of, pushed_up
from fairlot.assignment.problem import Problem
from fairlot.assignment.rules import Group


def by_hand(problem, numerator):
    """Chances made by hand."""
    return Chances(
        problem, np.asarray(numerator, np.int64), "by hand", np.ones(len(problem.officers))
    )


def problem_with(seats, officers, groups=()):
    """A problem of (task, quota, row) seats whose caps do not bind."""
    rows = [sorted(row) for _, _, row in seats]
    tasks = max((task for task, _, _ in seats), default=-1) + 1
    return Problem(
        tasks=tuple(f"S{k:04d}" for k in range(tasks)),
        officers=tuple(f"P{k:03d}" for k in range(officers)),
        seat_task=np.array([task for task, _, _ in seats], np.int64),
        seat_kind=["officer"] * len(seats),
        quota=[quota for _, quota, _ in seats],
        ptr=np.cumsum([0, *map(len, rows)]),
        idx=[o for row in rows for o in row],
        cap=[tasks] * officers,
        groups=tuple(groups),
    )


def even(seats, officers, groups=()):
    """The same chance for everybody on a seat, grains left over to the first."""
    problem = problem_with(seats, officers, groups)
    numerator = np.empty(problem.idx.size, np.int64)
    for s, quota in enumerate(problem.quota):
        row = slice(problem.ptr[s], problem.ptr[s + 1])
        each, left = divmod(int(quota) * WHOLE, len(problem.row(s)))
        numerator[row] = each
        numerator[row][:left] += 1
    return by_hand(problem, numerator)


def bounds(chances):
    """Every officer's and group's expected places, rounded down and up."""
    low, high = (_loads(chances.problem, side) for side in (chances.numerator, -chances.numerator))
    return low // WHOLE, -(high // WHOLE)


def loads(problem, used):
    """Every officer's and group's number of places."""
    return _loads(problem, used.astype(np.int64))


def _loads(problem, amount):
    load = np.zeros(len(problem.officers), np.int64)
    np.add.at(load, problem.idx, amount)
    return pushed_up(load, network_of(problem).parent)


@st.composite
def averaged(draw, most_tasks=4, most_officers=6, grains=WHOLE):
    """Chances that are multiples of ``WHOLE // grains``: random assignments, randomly weighted."""
    officers = draw(st.integers(2, most_officers))
    shape = draw(st.lists(st.lists(st.integers(1, 2), min_size=1, max_size=3), max_size=most_tasks))
    shape = [team if sum(team) <= officers else [1] for team in shape]
    drawn = [_teams(draw, shape, officers) for _ in range(draw(st.integers(1, 5)))]
    cuts = sorted(draw(st.integers(0, grains)) for _ in drawn[1:])
    weights = np.diff([0, *cuts, grains]) * (WHOLE // grains)
    seats, numerator = [], []
    for s, (task, quota) in enumerate((t, q) for t, team in enumerate(shape) for q in team):
        row = sorted(set().union(*(teams[s] for teams in drawn)))
        seats.append((task, quota, row))
        numerator += [sum(w for w, teams in zip(weights, drawn, strict=True) if o in teams[s])
                      for o in row]  # fmt: skip
    return by_hand(problem_with(seats, officers, draw(_groups(officers))), numerator)


def _teams(draw, shape, officers):
    """Who sits on each seat, nobody twice in a team."""
    seats = []
    for team in shape:
        order = iter(draw(st.permutations(range(officers))))
        seats += [{next(order) for _ in range(quota)} for quota in team]
    return seats


@st.composite
def _groups(draw, officers):
    """None, one, or one within another."""
    outer = draw(st.sets(st.integers(0, officers - 1)))
    inner = draw(st.sets(st.sampled_from(sorted(outer)))) if outer else set()
    names = {"inner": inner, "outer": outer}
    return [Group(name, tuple(sorted(group))) for name, group in names.items() if group]
