"""Is a draw of officers in order, and is it fair? Every rule, load, chance and pair, re-read."""

import re
from dataclasses import dataclass

import pandas as pd

from fairlot._base.errors import InvalidInput
from fairlot.assignment.audit_drawn import Drawn, drawn_of
from fairlot.assignment.audit_loads import Loads, loads_of
from fairlot.assignment.audit_pairs import Pairs, pairs_of
from fairlot.assignment.audit_rules import Rules, rules_of
from fairlot.assignment.audit_shares import Shares, shares_of
from fairlot.assignment.audit_sites import Sites, sites_of
from fairlot.assignment.audit_travel import Travel, travel_of
from fairlot.assignment.chances import Chances
from fairlot.assignment.chances_check import check_chances
from fairlot.assignment.frequencies import Frequencies
from fairlot.assignment.problem import Problem
from fairlot.assignment.teams import Teams

__all__ = ["Audit", "audit"]

LANGUAGES = ("en", "zh")
FLOOR = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, eq=False)
class Audit:
    """What an audit found; a part is None where nothing was given to judge it by, or is no place.

    rules   each rule and whether it is kept
    loads   how the places fall on the officers
    shares  how equal the chances are
    sites   eligible and effective officers of every site
    drawn   frequencies of many lotteries beside the chances
    pairs   who served with whom in many lotteries
    travel  how far the officers have to go
    """

    rules: Rules
    loads: Loads
    shares: Shares | None = None
    sites: Sites | None = None
    drawn: Drawn | None = None
    pairs: Pairs | None = None
    travel: Travel | None = None

    def text(self, lang: str = "en") -> str:
        """Return what was found, a line each; refuse a ``lang`` but "en" and "zh"."""
        if lang not in LANGUAGES:
            raise InvalidInput(
                "lang is {got!r}; want one of {want}",
                zh="lang 为 {got!r}，应为 {want} 之一",
                got=lang,
                want=", ".join(LANGUAGES),
            )
        parts = (self.shares, self.sites, self.drawn, self.pairs, self.travel)
        found = [self.rules, self.loads, *(part for part in parts if part)]
        return "\n".join(part.text(lang) for part in found)

    def __str__(self) -> str:
        return self.text()

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name: rules, officers and, with chances, sites and chances."""
        frames = {"rules": self.rules.to_frame(), "officers": self.loads.to_frame()}
        if self.sites:
            frames["sites"] = self.sites.to_frame()
        if self.shares:
            frames["chances"] = self.shares.to_frame()
        return frames


def audit(
    problem: Problem,
    teams: Teams,
    *,
    chances: Chances | None = None,
    frequencies: Frequencies | None = None,
    distance: pd.DataFrame | None = None,
    floor: str | None = None,
    replaced: bool = False,
) -> Audit:
    """Re-check every rule on ``teams``, and say how even loads, chances and pairs are.

    Trusts nothing that drew the teams: rules are read off the problem again, and a broken one is
    listed rather than raised. For people to judge; it decides nothing.

    chances      the published ones: adds how equal they are, and how many each site depends on
    frequencies  of many lotteries with these chances: adds whether they keep them and, where pairs
                 were counted, who met whom
    distance     columns site_id, officer_id, km: adds the ways
    floor        decimal text: sites with fewer effective officers are flagged
    replaced     True for teams in which officers were replaced, as for ``check_teams``

    Raises InvalidInput for teams that do not fill the places at all, chances or frequencies of
    another problem, a pair without a distance, a floor that is no decimal text of 0 or more.

    >>> import numpy as np
    >>> trio = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[2],
    ...                seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2])
    >>> print(audit(trio, Teams(trio, np.array([0, 2]), np.zeros(2, bool), "by hand")))
    all 10 rules are kept by the 2 places
    loads run from 0 to 1 places (Gini 0.333)
    """
    _check_floor(floor)
    rules = rules_of(problem, teams, replaced)
    if chances is None and frequencies is not None:
        chances = frequencies.chances
    if chances is not None:
        check_chances(problem, chances)
    if not teams.officer.size:  # nothing has a worst, a mean or a furthest
        return Audit(rules, loads_of(problem, teams, chances))
    return Audit(
        rules=rules,
        loads=loads_of(problem, teams, chances),
        shares=shares_of(chances) if chances else None,
        sites=sites_of(chances, floor) if chances else None,
        drawn=drawn_of(chances, frequencies) if chances and frequencies else None,
        pairs=_pairs(frequencies),
        travel=None if distance is None else travel_of(teams, distance),
    )


def _check_floor(floor: str | None) -> None:
    if floor is not None and not FLOOR.fullmatch(str(floor)):
        raise InvalidInput(
            "floor is {got!r}; want a decimal text of 0 or more, such as '2.50'",
            zh="floor 为 {got!r}，应为不小于 0 的十进制文本，如 '2.50'",
            got=floor,
        )


def _pairs(frequencies: Frequencies | None) -> Pairs | None:
    if frequencies is None or frequencies.pair_count is None:
        return None
    return pairs_of(frequencies.chances, frequencies.pair_count, frequencies.lotteries)
