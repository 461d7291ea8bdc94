"""Before any draw: are there officers enough for the visits of each bureau?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pandas as pd

from fairlot.assignment.presence import Window, qualified
from fairlot.assignment.team_rules import TeamRules

__all__ = ["capacity"]


def capacity(
    visits: Mapping[str, int],
    officers: pd.DataFrame,
    absences: pd.DataFrame,
    *,
    window: Window,
    seats: Sequence[str],
) -> pd.DataFrame:
    """Compare, bureau by bureau, the officer-visits needed with those its own officers can give.

    ``visits`` counts the sites to visit by bureau; each needs as many officers as there are
    ``seats`` for them: experts are not the bureau's. An officer who is active, licensed and not
    away gives at most ``max_tasks`` visits, one to a site. A ``short`` of 0 is necessary for teams,
    not sufficient: conflicts, stations and skills come on top, and ``feasible`` weighs those once
    the sites are known.

    Returns one row per bureau of ``visits``, by id: bureau_id, visits, needed, officers,
    available, short.

    >>> officers = pd.DataFrame({
    ...     "officer_id": ["P1", "P2"], "bureau_id": "B", "active": True,
    ...     "license_expiry": "2030-12-31", "max_tasks": [2, 9],
    ... })
    >>> nobody = pd.DataFrame(columns=["officer_id", "absent_from", "absent_to"])
    >>> when = ("2024-08-01", "2024-11-30")
    >>> capacity({"B": 3}, officers, nobody, window=when, seats=("officer", "officer"))
      bureau_id  visits  needed  officers  available  short
    0         B       3       6         2          5      1
    """
    team = TeamRules(seats=tuple(seats)).officers
    able = officers[qualified(officers, absences, window)]
    caps: dict[str, list[int]] = defaultdict(list)
    for bureau, most in zip(able["bureau_id"].tolist(), able["max_tasks"].tolist(), strict=True):
        caps[bureau].append(most)
    rows = [_row(bureau, visits[bureau], team, caps[bureau]) for bureau in sorted(visits)]
    columns = ["bureau_id", "visits", "needed", "officers", "available", "short"]
    return pd.DataFrame(rows, columns=columns)


def _row(bureau: str, visits: int, team: int, caps: list[int]) -> tuple[str | int, ...]:
    needed, available = visits * team, sum(min(most, visits) for most in caps)
    return bureau, visits, needed, len(caps), available, max(0, needed - available)
