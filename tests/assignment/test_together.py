"""Pairs kept apart and needs, read one by one from every team."""

from itertools import combinations

import numpy as np
from every_assignment import every_assignment
from hypothesis import assume, given
from hypothesis import strategies as st
from ruled_worlds import rosters, ruled_problems

from fairlot.assignment.repaired import relaxed
from fairlot.assignment.together import kept_apart, unmet


@given(ruled_problems(), st.data())
def test_as_read_one_by_one(problem, data):
    loose = every_assignment(relaxed(problem))
    assume(len(loose))
    drawn = problem.idx[data.draw(st.sampled_from(list(loose)))].astype(np.int64)
    teams = [set(team) for team in rosters(problem, drawn.tolist())]
    rows = {(where, frozenset(pair)) for where, *pair in problem.apart.tolist()}
    met = {
        (task, *pair)
        for task, team in enumerate(teams)
        for pair in combinations(sorted(team), 2)
        if rows & {(-1, frozenset(pair)), (task, frozenset(pair))}
    }
    assert set(zip(*(part.tolist() for part in kept_apart(problem, drawn)), strict=True)) == met
    got = [(need, len(teams[need.task] & set(need.officers))) for need in problem.needs]
    assert unmet(problem, drawn) == [(need, n) for need, n in got if n < need.least]
