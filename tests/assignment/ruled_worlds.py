"""Small problems with every rule there is, and what a team must hold, read off with sets."""

from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from fairlot.assignment import Problem
from fairlot.assignment.rules import Group, Need


@st.composite
def ruled_problems(draw):
    """A problem of at most three seats and five officers."""
    people = draw(st.integers(2, 5))
    who = st.integers(0, people - 1)
    rows = draw(st.lists(st.lists(who, unique=True, min_size=1), min_size=1, max_size=3))
    joined = draw(st.booleans())  # whether the first two seats are of one task
    task = [max(0, s - 1) if joined else s for s in range(len(rows))]
    pair = st.tuples(st.integers(-1, task[-1]), who, who).filter(lambda row: row[1] != row[2])
    need = st.builds(Need, st.integers(0, task[-1]), st.just("food"), st.tuples(who), st.just(1))
    members = draw(st.sets(who, min_size=1))
    outer = members | draw(st.sets(who))
    return Problem(
        tasks=tuple(f"S{t}" for t in range(task[-1] + 1)),
        officers=tuple(f"P{o}" for o in range(people)),
        seat_task=task,
        seat_kind=["officer"] * len(rows),
        quota=draw(st.lists(st.integers(1, 2), min_size=len(rows), max_size=len(rows))),
        ptr=np.cumsum([0, *map(len, rows)]),
        idx=[o for row in rows for o in sorted(row)],
        cap=draw(st.lists(st.integers(1, 3), min_size=people, max_size=people)),
        least=draw(st.lists(st.sampled_from([0, 0, 0, 1]), min_size=people, max_size=people)),
        tier=[draw(st.sampled_from([0, 0, 1, 2])) for row in rows for _ in row],
        groups=(
            Group("A", tuple(members), draw(st.integers(0, 1)), draw(st.integers(1, 6))),
            Group("B", tuple(outer), 0, draw(st.integers(2, 6))),
        ),
        apart=draw(st.lists(pair, max_size=1)),
        needs=tuple(draw(st.lists(need, max_size=1))),
    )


@st.composite
def worlds(draw):
    """A problem, officers for its places who may break any rule, and whether each is borrowed."""
    problem = draw(ruled_problems())
    officers = [o for options in teams_of(problem) for o in draw(st.sampled_from(options))]
    tier = tiers(problem)
    lent = [tier[seat, o] > 0 for seat, o in zip(seats(problem), officers, strict=True)]
    return problem, officers, lent


def teams_of(problem):
    """Of each seat, every set of officers of its row; one officer twice where there are too few."""
    rows = [problem.row(seat).tolist() for seat in range(problem.seat_task.size)]
    return [
        list(combinations(row, quota)) or [(row[0],) * quota]
        for row, quota in zip(rows, problem.quota.tolist(), strict=True)
    ]


def all_valid(problem):
    """Every assignment that keeps every rule, as lists of officers."""
    tried = (sum(picked, ()) for picked in product(*teams_of(problem)))
    return [list(officers) for officers in tried if valid(problem, list(officers))]


def seats(problem):
    return problem.place_seat.tolist()


def tiers(problem):
    """{(seat, officer): tier} of every pair."""
    seat = np.repeat(np.arange(problem.seat_task.size), np.diff(problem.ptr))
    pairs = zip(seat.tolist(), problem.idx.tolist(), strict=True)
    return dict(zip(pairs, problem.tier.tolist(), strict=True))


def valid(problem, officers):
    """Whether the teams keep every rule."""
    tier, load = tiers(problem), loads(problem, officers)
    pairs = list(zip(seats(problem), officers, strict=True))
    return (
        all(pair in tier for pair in pairs)
        and pairs == sorted(pairs)
        and all(least_met(problem, load))
        and all(room_kept(problem, load))
        and all(len(set(team)) == len(team) for team in rosters(problem, officers))
        and all(holds(problem, t, set(team)) for t, team in enumerate(rosters(problem, officers)))
        and not any(
            tier[pair] and needless(problem, tier, load, officers, place)
            for place, pair in enumerate(pairs)
        )
    )


def loads(problem, officers):
    return [officers.count(o) for o in range(len(problem.officers))]


def rosters(problem, officers):
    """The team of every task."""
    task = problem.seat_task[problem.place_seat].tolist()
    return [
        [o for o, at in zip(officers, task, strict=True) if at == t]
        for t in range(len(problem.tasks))
    ]


def least_met(problem, load):
    yield from (load[o] >= problem.least[o] for o in range(len(load)))
    yield from (sum(load[o] for o in group.officers) >= group.least for group in problem.groups)


def room_kept(problem, load):
    yield from (load[o] <= problem.cap[o] for o in range(len(load)))
    yield from (sum(load[o] for o in group.officers) <= group.most for group in problem.groups)


def holds(problem, task, team):
    """Whether nobody of the team is kept apart from another, and all it needs is there."""
    barred = [{a, b} for t, a, b in problem.apart.tolist() if t in (-1, task)]
    asked = [need for need in problem.needs if need.task == task]
    return not any(pair <= team for pair in barred) and all(
        len(team & set(need.officers)) >= need.least for need in asked
    )


def needless(problem, tier, load, officers, place):
    """Whether an officer of the bureau's own could sit where this one was borrowed."""
    seat = seats(problem)[place]
    task = problem.seat_task[seat]
    rest = set(rosters(problem, officers)[task]) - {officers[place]}
    for (s, own), k in tier.items():
        changed = list(load)
        changed[own] += 1
        changed[officers[place]] -= 1
        limits = all(least_met(problem, changed)) and all(room_kept(problem, changed))
        fits = limits and holds(problem, task, rest | {own})
        if s == seat and not k and own not in rest and fits:
            return True
    return False
