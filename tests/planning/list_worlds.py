"""Small rosters with officers, and every list of sites that keeps the nested bounds."""

from itertools import accumulate, chain, compress, product
from math import ceil, floor

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from fairlot.assignment.problem import Problem
from fairlot.sampling import D

QUARTER = D // 4


def roster(sites):
    """A frame of chances from rows (bureau, sector, class, quarters of a numerator)."""
    frame = pd.DataFrame(sites, columns=["bureau_id", "sector", "credit_class", "quarters"])
    return frame.assign(
        site_id=[f"S{k:02d}" for k in range(len(sites))],
        numerator=frame["quarters"].to_numpy(np.uint64) * np.uint64(QUARTER),
    )


def staffed(sites, teams, cap, **more):
    """A roster and the problem of all its sites; ``teams`` hold seats (quota, officers)."""
    seats = [seat for team in teams for seat in team]
    problem = Problem(
        tasks=tuple(f"S{k:02d}" for k in range(len(sites))),
        officers=tuple(f"P{k}" for k in range(len(cap))),
        seat_task=np.repeat(np.arange(len(teams)), [len(team) for team in teams]),
        seat_kind=[f"kind{k}" for team in teams for k in range(len(team))],
        quota=[quota for quota, _ in seats],
        ptr=[*accumulate((len(row) for _, row in seats), initial=0)],
        idx=[*chain.from_iterable(row for _, row in seats)],
        cap=cap,
        **more,
    )
    return problem, roster(sites)


@st.composite
def worlds(draw):
    """One or two bureaux, whose numerators add up to whole sites, with typed seats and caps."""
    sites = draw(of_bureau("A")) + draw(st.one_of(st.just([]), of_bureau("B")))
    people = draw(st.integers(2, 5))
    some = st.lists(st.integers(0, people - 1), unique=True, max_size=people).map(sorted)
    seat = st.tuples(st.integers(0, 2), st.one_of(st.just([*range(people)]), some))
    teams = [draw(st.lists(seat, min_size=1, max_size=2)) for _ in sites]
    cap = [draw(st.integers(0, 5)) for _ in range(people)]
    return staffed(sites, teams, cap)


@st.composite
def of_bureau(draw, bureau):
    quarters = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    if rest := -sum(quarters) % 4:
        quarters.append(rest)
    labels = st.tuples(st.sampled_from("xy"), st.sampled_from("CD"))
    return [(bureau, *draw(labels), q) for q in quarters]


def lists(chances):
    """Every list that keeps the bounds: bureaux exactly, sectors and cells to the next whole."""
    bureaux = [group for _, group in chances.groupby("bureau_id")]
    choices = product(*([*map(list, _parts(sites))] for sites in bureaux))
    return [np.array(sorted(chain.from_iterable(parts)), dtype=np.int64) for parts in choices]


def _parts(sites):
    labels = [*zip(sites["sector"], sites["credit_class"], strict=True)]
    quarters = sites["quarters"].tolist()
    groups = [(), *{(sector,) for sector, _ in labels}, *set(labels)]
    members = [[label[: len(group)] == group for label in labels] for group in groups]
    expected = [sum(compress(quarters, inside)) / 4 for inside in members]
    for drawn in product(*([0, 1] if q < 4 else [1] for q in quarters)):
        counts = [sum(compress(drawn, inside)) for inside in members]
        if all(floor(e) <= n <= ceil(e) for n, e in zip(counts, expected, strict=True)):
            yield compress(sites.index, drawn)
