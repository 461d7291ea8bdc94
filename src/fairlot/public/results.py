"""The result of every site of the roster, drawn or not, under one root: what a door proof opens."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot.assignment import Teams
from fairlot.planning import Quotas
from fairlot.public import merkle, rows
from fairlot.public.committed import Commitment
from fairlot.public.stream import DOMAIN
from fairlot.public.suite import Suite

__all__ = ["RESULTS", "commit_results", "results", "results_key"]

RESULTS: Mapping[str, type] = {
    "site": str, "outcome": str, "rule": str, "numerator": int, "week": int, "team": str,
}  # fmt: skip
"""The columns of a result: ``week`` is 0 and ``team`` empty where nobody goes."""


def results(
    decided: Quotas, drawn: Ints, dates: pd.DataFrame, teams: Teams
) -> dict[str, list[str | int]]:
    """Return the results of all sites, in the order of the roster.

    outcome  "drawn"; "excluded", no chance by the plan's rules; or "not drawn"
    team     the pseudonyms of the team, sorted, joined by ";"
    """
    frame = decided.frame
    chances = frame["numerator"].tolist()
    outcome = np.where(np.asarray(chances) > 0, "not drawn", "excluded").astype(object)
    outcome[drawn] = "drawn"
    team: dict[str, list[str]] = defaultdict(list)
    problem = teams.problem
    sites_of = problem.seat_task[problem.place_seat].tolist()
    for site, person in zip(sites_of, teams.officer.tolist(), strict=True):
        team[problem.tasks[site]].append(problem.officers[person])
    told = {site: ";".join(sorted(persons)) for site, persons in team.items()}
    week = dict(zip(dates["site_id"].to_numpy(object), dates["week"].tolist(), strict=True))
    sites = frame["site_id"].tolist()
    return {
        "site": sites,
        "outcome": outcome.tolist(),
        "rule": frame["rule"].tolist(),
        "numerator": chances,
        "week": [week.get(site, 0) for site in sites],
        "team": [told.get(site, "") for site in sites],
    }


def results_key(standings_key: bytes, suite: Suite) -> bytes:
    """Return the key that salts the results: whoever may see the standings has it."""
    return suite.expand(standings_key, DOMAIN + b" results", 32)


def commit_results(
    columns: Mapping[str, list[str | int]], standings_key: bytes, suite: Suite
) -> Commitment:
    """Return the leaves and the root of the results."""
    digests = rows.field_digests(columns, results_key(standings_key, suite), suite)
    leaves = rows.leaves(digests, None, suite)
    return Commitment(leaves, merkle.root(leaves, suite))
