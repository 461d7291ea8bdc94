"""``repaired/1``: for problems too great for whole assignments, a lottery whose bias is measured.

Pairs kept apart and needs are left out of the chances, teams are drawn as ever, and those that
break such a rule are changed as little as can be. The changes move the chances; nobody knows by how
much without trying, so a stated number of lotteries is held and the mean change is published.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from fairlot._base import check
from fairlot._base.chance import as_chance
from fairlot._base.progress import Progress, silent
from fairlot.assignment.chances import Bias, Chances
from fairlot.assignment.drawing import drawn
from fairlot.assignment.mending import mended
from fairlot.assignment.problem import Problem
from fairlot.assignment.programme import refuse_great
from fairlot.assignment.teams import entries

__all__ = ["bias_of", "relaxed", "repaired"]

DESIGN: Final = "repaired/1"

LOTTERIES = 200
"""So many lotteries measure the bias: a change of one in a hundred places is seen."""

SEED = 20260

PAIRS = 20_000
"""Problems with more eligible pairs are not measured: a repair of many teams takes seconds."""


def repaired(problem: Problem, flow: Chances, progress: Progress = silent) -> Chances:
    """Return ``flow``, the chances of ``relaxed(problem)``, with the bias that repairs bring."""
    bias = bias_of(problem, flow, progress=progress)
    return replace(flow, problem=problem, design=DESIGN, bias=bias)


def relaxed(problem: Problem) -> Problem:
    """Return ``problem`` without pairs kept apart and needs, every tier open: a flow."""
    tier = np.zeros_like(problem.tier)
    return replace(problem, apart=problem.apart[:0], needs=(), tier=tier)


def bias_of(
    problem: Problem, chances: Chances, *, lotteries: int = LOTTERIES, progress: Progress = silent
) -> Bias:
    """Hold lotteries of ``chances``, those of ``relaxed(problem)``, repair each, and compare.

    Raises InvalidInput for fewer than two lotteries or more than 20,000 eligible pairs, Infeasible
    when ``problem`` has no assignment, NotConverged when a repair is not found in time. A lottery
    takes its own time and some milliseconds a broken team.
    """
    refuse_great(problem, PAIRS, "repair is measured for", "修复偏差测算")
    lotteries = check.at_least("lotteries", lotteries, 2)
    rng = np.random.default_rng(SEED)
    chance = as_chance(rng)
    total, squares, moved = np.zeros(problem.idx.size), np.zeros(problem.idx.size), 0
    for done in range(lotteries):
        progress("repair", done, lotteries)
        before = drawn(chances, chance)
        change = np.zeros(problem.idx.size)
        change[entries(problem, mended(problem, before, rng=rng))] += 1
        change[entries(problem, before)] -= 1
        total += change
        squares += change**2
        moved += int((change > 0).sum())
    progress("repair", lotteries, lotteries)
    mean = total / lotteries
    variance = np.maximum(squares / lotteries - mean**2, 0)
    error = np.sqrt(variance / (lotteries - 1))
    return Bias(mean, error, moved / (lotteries * int(problem.quota.sum())), lotteries)
