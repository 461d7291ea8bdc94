"""The seats of every team: the usual ones, and those of the departments of a joint visit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot.assignment.people import People
from fairlot.assignment.pools import Pooling, Pools
from fairlot.assignment.team_rules import DEPARTMENT, TeamRules

__all__ = ["Joint", "Seats", "guests", "seats_of"]

Joint = Mapping[str, Sequence[str]]
"""By site, the departments that take part in its visit."""

_Seat = tuple[str, str, int, int]


class Seats(NamedTuple):
    """Per seat: its site, what it is called, the skills it asks for, its places and its pool."""

    site: Ints
    kind: list[str]
    skill: list[str]
    quota: Ints
    pool: Ints
    pools: Pools


def seats_of(sites: pd.DataFrame, people: People, team: TeamRules, joint: Joint) -> Seats:
    """Lay out the teams of ``sites`` in their order, the seats of a team side by side."""
    every = {name for names in joint.values() for name in guests(names, team)}
    pooling = Pooling(people, team, frozenset(every))
    rows = [*_seats(sites, team, joint, pooling)]
    site, kind, skill, quota, pool = map(list, zip(*rows, strict=True)) if rows else ([],) * 5
    return Seats(_ints(site), kind, skill, _ints(quota), _ints(pool), pooling.table())


def guests(departments: Sequence[str], team: TeamRules) -> list[str]:
    """Return the departments other than the one that draws, each once.

    >>> guests(("公安", "市场监管", "公安"), TeamRules(("officer", "officer")))
    ['公安']
    """
    return [name for name in dict.fromkeys(departments) if name != team.department]


def _seats(
    sites: pd.DataFrame, team: TeamRules, joint: Joint, pooling: Pooling
) -> Iterator[tuple[int, str, str, int, int]]:
    columns = (sites[name].tolist() for name in ("site_id", "bureau_id", "sector", "sector2"))
    usual = team.quotas
    laid: dict[tuple[str, ...], list[_Seat]] = {}  # sites of one bureau and sector are laid alike
    for at, (site, bureau, *sectors) in enumerate(zip(*columns, strict=True)):
        coming = guests(joint[site], team) if site in joint else []
        alike = (bureau, *sectors, *coming)
        if alike not in laid:
            others = {DEPARTMENT + name: team.per_department for name in coming}
            skills = tuple(filter(None, sectors))
            laid[alike] = [*_laid(usual | others, bureau, skills, pooling)]
        for seat in laid[alike]:
            yield at, *seat


def _laid(
    quotas: Mapping[str, int], bureau: str, skills: tuple[str, ...], pooling: Pooling
) -> Iterator[_Seat]:
    for kind, quota in quotas.items():
        asked = pooling.asked(kind, bureau, skills)
        yield kind, ";".join(asked.skills), quota, pooling.number(asked)


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)
