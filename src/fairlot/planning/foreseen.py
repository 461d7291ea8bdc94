"""Before announcing: can teams be found for *every* list of sites that could be drawn?

A list is drawn within bounds: so many sites of each bureau, at most the expectation rounded up of
each bureau x sector and of each bureau x sector x class. Where a standing sharing is found, all
those lists have teams, and nothing is left to try. Where none is found, lists are drawn and tried,
and the share of failures is published with its 95 % bound. A trial decides nothing in the draw.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from fairlot._base.progress import Progress, silent
from fairlot.assignment.flow import fill
from fairlot.assignment.network import Network, network_of
from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem
from fairlot.assignment.staffable import staffable
from fairlot.planning.standing import shared
from fairlot.sampling import nested_pivotal
from fairlot.sampling.nested_pivotal import Nest, nest

__all__ = ["Foreseen", "foreseen"]

TRIALS = 1000
FEWEST = 20
PAIRS_TRIED = 10**9
"""So many pairs are looked at over all trials, ``FEWEST`` apart: a minute or two at any size."""
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
    problem: Problem, chances: pd.DataFrame, *, trials: int = TRIALS, progress: Progress = silent
) -> Foreseen:
    """Say whether every list that ``nested_pivotal`` could draw has teams.

    problem  all sites that could be drawn as tasks, every tier open
    chances  their rows of ``Quotas.frame``, in the same order

    ``every`` is a proof; that it is False proves nothing. Some problems whose lists all have teams
    have no standing sharing, or one so tight that it is not found; those with minimum loads, limits
    in common or pairs kept apart have none of this kind. About .3 s for a proof with 700,000 pairs.
    """
    if not problem.tasks:
        staffed = staffable(problem)  # a minimum load may stand against even this
        return Foreseen(staffed, 0, 0, 1.0 - staffed, ())
    labels = (chances[name].tolist() for name in ("bureau_id", "sector", "credit_class"))
    sites = nest(chances["numerator"].to_numpy(), *labels)
    network = network_of(problem)
    hopeless = _hopeless(problem, network)
    provable = not hopeless and not problem.combinatorial
    if provable and shared(network, problem.seat_task, sites):
        return Foreseen(True, 0, 0, 0.0, ())
    trials = min(trials, max(FEWEST, PAIRS_TRIED // max(problem.idx.size, 1)))
    bare = replace(problem, barred=())  # what barred whom is for explanations, and slow to list
    failures = 0
    for trial in range(trials):
        progress("foreseen", trial, trials)
        failures += _fails(bare, sites, trial)
    progress("foreseen", trials, trials)
    return Foreseen(False, trials, failures, _upper(failures, trials), hopeless)


def _hopeless(problem: Problem, network: Network) -> tuple[str, ...]:
    """Return the sites whose own seats cannot be filled from their own rows."""
    most = np.where(network.most > 0, problem.quota.sum(), 0)
    alone = network._replace(least=np.zeros_like(network.least), most=most)
    return tuple(
        problem.tasks[task] for task in np.unique(problem.seat_task[fill(alone).missing > 0])
    )


def _fails(problem: Problem, sites: Nest, trial: int) -> bool:
    rng = np.random.default_rng([SEED, trial])
    drawn = nested_pivotal(sites.amount, sites.bureau, sites.sector, sites.cell, rng=rng).index
    here = replace(part(problem, drawn), least=problem.least, groups=problem.groups)
    return not staffable(here)


def _upper(failures: int, trials: int) -> float:
    """Return the upper confidence bound of Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404."""
    if failures == trials:
        return 1.0
    from scipy.stats import beta

    return float(beta.ppf(CONFIDENCE, failures + 1, trials - failures))
