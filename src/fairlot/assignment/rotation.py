"""Not the same again: who went last, and pairs that may not go together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot.assignment.exclusions import LastTeams
from fairlot.assignment.people import People

__all__ = ["ANYWHERE", "apart_rows", "last_teams"]

ANYWHERE = -1
"""The task of a pair who may serve together in no team."""


def last_teams(history: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return who made the last visit to each site that the register of history tells.

    Of several visits on one day the teams count together. Leave visits out of ``history`` that are
    later than the day as of which a draw is made.

    >>> past = pd.DataFrame({"site_id": ["S1", "S1"], "visited": ["2023-05-04", "2021-10-12"],
    ...                      "officers": ["P3;P1", "P2"]})
    >>> last_teams(past)
    {'S1': ('P1', 'P3')}
    """
    day: dict[str, str] = {}
    team: dict[str, set[str]] = {}
    columns = (history[name] for name in ("visited", "site_id", "officers"))
    for visited, site, officers in sorted(zip(*columns, strict=True)):
        if visited != day.get(site):
            day[site], team[site] = visited, set()
        team[site].update(filter(None, officers.split(";")))
    return {site: tuple(sorted(names)) for site, names in sorted(team.items()) if names}


def apart_rows(
    people: People,
    pairs: Iterable[Sequence[str]],
    again: LastTeams,
    fields: Mapping[str, Any],
) -> Ints:
    """Return the ``apart`` rows of the Problem made of ``fields``.

    pairs  people who may not serve together anywhere
    again  by site, people of whom no two may go there together again
    """
    rows = [(ANYWHERE, *sorted(people.number[name] for name in pair)) for pair in pairs]
    rows += _again(people, again, fields) if again else ()
    return np.array(sorted(set(rows)), dtype=np.int64).reshape(-1, 3)


def _again(
    people: People, again: LastTeams, fields: Mapping[str, Any]
) -> Iterator[tuple[int, int, int]]:
    """Yield the pairs of which both may go: others need no row."""
    first = np.searchsorted(fields["seat_task"], np.arange(len(fields["tasks"]) + 1))
    for task, site in enumerate(fields["tasks"]):
        back = {people.number[name] for name in again.get(site, ()) if name in people.number}
        edges = slice(*fields["ptr"][first[task : task + 2]])
        for one, other in combinations(sorted(back.intersection(fields["idx"][edges].tolist())), 2):
            yield task, one, other
