"""Declared conflicts that are too many, or too new, to be taken without a look.

Whoever may declare conflicts can steer a lottery without touching it: declare all officers but a
friend, and the friend must go. So the number of conflicts of every institution and every officer is
held against the rate of the whole register.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

__all__ = ["declared"]

RECENT_DAYS = 90
ALARM = 0.01
"""Chance that an honest register, conflicts falling anywhere alike, has any line at all here."""

Unit = tuple[str, str]
"""A bureau, and one of its institutions or officers."""


class _Line(NamedTuple):
    what: str
    id: str
    conflicts: int
    of: int
    expected: float
    new: bool
    chance: float


def declared(
    conflicts: pd.DataFrame, sites: pd.DataFrame, officers: pd.DataFrame, *, as_of: str
) -> pd.DataFrame:
    """Return the sites and officers with more conflicts, or more new ones, than chance explains.

    A site may be visited by the officers of its bureau, an officer may visit the bureau's sites;
    conflicts are counted among those pairs, once each, while they hold on the day ``as_of`` or
    later. Sites of one 统一社会信用代码 in a bureau are one, told by the first id: a conflict with a
    company of twelve sites is one, not twelve. New is what began in the 90 days before.

    If each pair were in conflict with the same probability, the counts would be binomial; a line
    appears where the tail probability, times the number of all counts looked at, is below .01
    (Bonferroni), so a register without a pattern shows any line in one year of a hundred. A line is
    a reason to look, not a proof.

    Returns one row per finding, the least likely first: what ("site" or "officer"), id, conflicts,
    of (pairs), expected, new (bool: only new ones are counted), chance (the tail probability).

    >>> people = [f"P{k:02d}" for k in range(60)]
    >>> officers = pd.DataFrame({"officer_id": people, "bureau_id": "B"})
    >>> places = [f"S{k:02d}" for k in range(60)]
    >>> sites = pd.DataFrame({"site_id": places, "uscc": "", "bureau_id": "B"})
    >>> conflicts = pd.DataFrame({"person_id": people[:12], "target": "S07",
    ...                           "valid_from": "2020-01-01", "valid_to": ""})
    >>> declared(conflicts, sites, officers, as_of="2024-07-01")[["what", "id", "conflicts", "of"]]
       what   id  conflicts  of
    0  site  S07         12  60
    """
    since = (date.fromisoformat(as_of) - timedelta(days=RECENT_DAYS)).isoformat()
    current = conflicts[(conflicts["valid_to"] == "") | (conflicts["valid_to"] >= as_of)]
    started = current[(current["valid_from"] >= since) & (current["valid_from"] <= as_of)]
    institutions = _institutions(sites)
    home = dict(zip(officers["officer_id"], officers["bureau_id"], strict=True))
    lines = [
        line
        for new, table in ((False, current), (True, started))
        for line in _findings(_pairs(table, institutions, home), institutions, home, new=new)
    ]
    found = pd.DataFrame(lines, columns=_Line._fields)
    return found.sort_values(["chance", "what", "id"], kind="stable", ignore_index=True)


def _institutions(sites: pd.DataFrame) -> dict[str, set[Unit]]:
    """Return the institutions that each name stands for: one for a site, many for a company."""
    rows = [*zip(sites["bureau_id"], sites["uscc"], sites["site_id"], strict=True)]
    first: dict[Unit, str] = {}
    for bureau, uscc, site in rows:
        first[bureau, uscc or site] = min(site, first.get((bureau, uscc or site), site))
    named: dict[str, set[Unit]] = defaultdict(set)
    for bureau, uscc, site in rows:
        for name in filter(None, (uscc, site)):
            named[name].add((bureau, first[bureau, uscc or site]))
    return named


def _pairs(
    conflicts: pd.DataFrame, institutions: Mapping[str, set[Unit]], home: Mapping[str, str]
) -> set[tuple[Unit, Unit]]:
    """Return the pairs of an institution and an officer of one bureau that are in conflict."""
    return {
        (unit, (unit[0], person))
        for person, target in zip(conflicts["person_id"], conflicts["target"], strict=True)
        for unit in institutions.get(target, ())
        if home.get(person) == unit[0]
    }


def _findings(
    pairs: set[tuple[Unit, Unit]],
    institutions: Mapping[str, set[Unit]],
    home: Mapping[str, str],
    *,
    new: bool,
) -> Iterator[_Line]:
    from scipy.stats import binom

    units = {unit for found in institutions.values() for unit in found}
    size = Counter(bureau for bureau, _ in units), Counter(home.values())
    every = sum(size[0][bureau] * size[1][bureau] for bureau in size[0])
    rate, looks = len(pairs) / max(every, 1), 2 * (len(units) + len(home))
    for side, what in enumerate(("site", "officer")):
        count = Counter(pair[side] for pair in pairs)
        of = [size[1 - side][bureau] for bureau, _ in count]
        chances = np.asarray(binom.sf(np.array([*count.values()]) - 1, of, rate))
        for ((_, one), k), n, chance in zip(count.items(), of, chances, strict=True):
            if chance * looks < ALARM:
                yield _Line(what, one, k, n, n * rate, new, float(chance))
