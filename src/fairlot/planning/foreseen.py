"""Before announcing: can teams be found for *every* list of sites that could be drawn?

A list is drawn within bounds: so many sites of each bureau, at most the expectation rounded up of
each bureau x sector and of each bureau x sector x class. Where a standing sharing is found, all
those lists have teams, and nothing is left to try. Where none is found, lists are drawn and tried,
and the share of failures is published with its 95 % bound. A trial decides nothing in the draw.

Teams are drawn with chances, so a few lists are also given theirs: what cannot be balanced is met
here rather than after the announcement.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from fairlot._base.errors import within
from fairlot._base.progress import Progress, silent
from fairlot.assignment.narrowing import failing_alone
from fairlot.assignment.network import network_of
from fairlot.assignment.part import part
from fairlot.assignment.probabilities import Loads, probabilities
from fairlot.assignment.problem import Problem
from fairlot.assignment.staffable import staffable
from fairlot.planning.sharing import shared
from fairlot.sampling import nested_pivotal
from fairlot.sampling.nested_pivotal import Nest, nest

__all__ = ["Foreseen", "foreseen"]

TRIALS = 1000
FEWEST = 20
PAIRS_TRIED = 10**9
"""So many pairs are looked at over all trials, ``FEWEST`` apart: a minute or two at any size."""
BALANCED = 3
"""So many lists are given their chances; what keeps one from its balance keeps most from theirs."""
SEED = 20260
"""Trials are repeatable; they estimate, and decide nothing."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Foreseen:
    """Whether every list that could be drawn has teams.

    every     True when a standing sharing proves it; nothing was tried then
    trials, failures  lists drawn and lists without teams
    most      upper 95 % bound of the chance that the drawn list has no teams; 0 when proved
    hopeless  sites with a chance to be drawn that no team fits even alone, by id
    """

    every: bool
    trials: int
    failures: int
    most: float
    hopeless: tuple[str, ...]


def foreseen(
    problem: Problem,
    chances: pd.DataFrame,
    *,
    loads: Loads = "free",
    trials: int = TRIALS,
    progress: Progress = silent,
) -> Foreseen:
    """Say whether every list that ``nested_pivotal`` could draw has teams.

    problem  all sites that could be drawn as tasks, every tier open
    chances  their rows of ``Quotas.frame``, in the same order
    loads    as the chances of the draw will be asked for, see ``probabilities``

    ``every`` is a proof; that it is False proves nothing. Some problems whose lists all have teams
    have no standing sharing, or one so tight that it is not found; those with minimum loads, limits
    in common or pairs kept apart have none of this kind. About .3 s for a proof with 700,000 pairs.

    Raises what ``probabilities`` raises, NotConverged above all, for one of the first lists drawn
    that have teams, proof or not.
    """
    if not problem.tasks:
        staffed = staffable(problem)  # a minimum load may stand against even this
        return Foreseen(staffed, 0, 0, 1.0 - staffed, ())
    labels = (chances[name].tolist() for name in ("bureau_id", "sector", "credit_class"))
    sites = nest(chances["numerator"].to_numpy(), *labels)
    bare = replace(problem, barred=())  # what barred whom is for explanations, and slow to list
    _refuse_unbalanced(bare, sites, loads)
    hopeless = tuple(problem.tasks[task] for task in failing_alone(problem))
    provable = not hopeless and not problem.combinatorial
    if provable and shared(network_of(problem), problem.seat_task, sites):
        return Foreseen(True, 0, 0, 0.0, ())
    trials = min(trials, max(FEWEST, PAIRS_TRIED // max(problem.idx.size, 1)))
    failures = 0
    for trial in range(trials):
        progress("foreseen", trial, trials)
        failures += not staffable(_drawn(bare, sites, trial))
    progress("foreseen", trials, trials)
    return Foreseen(False, trials, failures, _upper(failures, trials), hopeless)


def _refuse_unbalanced(problem: Problem, sites: Nest, loads: Loads) -> None:
    """Refuse a problem whose first lists have teams and get no chances."""
    for trial in range(BALANCED):
        here = _drawn(problem, sites, trial)
        if staffable(here):
            with within("a list of sites that was tried", "试抽的一份名单"):
                probabilities(here, loads=loads)


def _drawn(problem: Problem, sites: Nest, trial: int) -> Problem:
    """Return the problem of a list drawn; who must have some visits must have them of any list."""
    rng = np.random.default_rng([SEED, trial])
    drawn = nested_pivotal(sites.amount, sites.bureau, sites.sector, sites.cell, rng=rng).index
    return replace(part(problem, drawn), least=problem.least, groups=problem.groups)


def _upper(failures: int, trials: int) -> float:
    """Return the upper confidence bound of Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404."""
    if failures == trials:
        return 1.0
    from scipy.stats import beta

    return float(beta.ppf(CONFIDENCE, failures + 1, trials - failures))
