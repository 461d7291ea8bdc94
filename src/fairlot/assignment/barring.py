"""Pairs that one rule alone keeps apart: what a refusal may name as a cure, and never applies."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, overload

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.exclusions import Excluded
from fairlot.assignment.people import People
from fairlot.assignment.rules import Barred
from fairlot.assignment.seats import Seats

__all__ = ["ABSENCE", "INACTIVE", "LICENCE", "OWN_STATION", "BarredPairs", "Stations"]

OWN_STATION, LICENCE, ABSENCE = "own station", "licence", "absence"
INACTIVE = "inactive"  # who has left is no cure, and so is never named

MOST = 500_000
"""Where more pairs than these could meet, only pairs that are listed one by one are looked at."""


class Stations(NamedTuple):
    """Codes of the station of every site and person, equal only where they may not meet."""

    site: Ints
    person: Ints


class BarredPairs(Sequence[Barred]):
    """Sites ascending, then people; gathered when first looked at, as only a refusal looks."""

    def __init__(
        self, seats: Seats, people: People, excluded: Excluded, stations: Stations
    ) -> None:
        self._seats, self._people = seats, people
        self._excluded, self._stations = excluded, stations

    @overload
    def __getitem__(self, at: int) -> Barred: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Barred]: ...
    def __getitem__(self, at: int | slice) -> Barred | Sequence[Barred]:
        return self._pairs[at]

    def __len__(self) -> int:
        return len(self._pairs)

    @cached_property
    def _pairs(self) -> tuple[Barred, ...]:
        seats = self._seats
        everyone = int(np.diff(seats.pools.ptr)[seats.pool].sum()) <= MOST
        sites = range(self._stations.site.size) if everyone else sorted(self._listed)
        return tuple(pair for site in sites for pair in self._of_site(site, everyone))

    def reasons(self, site: int, person: int) -> set[str]:
        """Return every rule that keeps ``person`` from ``site``, whatever the seats there ask."""
        reasons = {*self._listed[site].get(person, ()), *self._alone[person]}
        own = self._stations.site[site] == self._stations.person[person]
        return reasons | {OWN_STATION} if own else reasons

    @cached_property
    def _listed(self) -> "defaultdict[int, dict[int, set[str]]]":
        """Return by site, by person, the rules that keep just these two apart."""
        listed: defaultdict[int, dict[int, set[str]]] = defaultdict(dict)
        table = self._excluded
        rows = zip(table.site.tolist(), table.person.tolist(), table.reason.tolist(), strict=True)
        for site, person, reason in rows:
            listed[site].setdefault(person, set()).add(table.reasons[reason])
        return listed

    def _of_site(self, site: int, everyone: bool) -> Iterator[Barred]:
        candidates = self._candidates(site)
        for person in sorted(candidates if everyone else candidates & set(self._listed[site])):
            reasons = self.reasons(site, person)
            if len(reasons) == 1 and INACTIVE not in reasons:
                yield Barred(site, person, reasons.pop())

    def _candidates(self, site: int) -> set[int]:
        """Return who is in a pool of the site's seats, at home or not."""
        first, last = np.searchsorted(self._seats.site, [site, site + 1])
        return set().union(*(self._pools[pool] for pool in self._seats.pool[first:last]))

    @cached_property
    def _pools(self) -> list[frozenset[int]]:
        ptr, person, _ = self._seats.pools
        return [frozenset(row.tolist()) for row in np.split(person, ptr[1:-1])]

    @cached_property
    def _alone(self) -> list[set[str]]:
        """Return what keeps each person from every site."""
        active, licensed, present = self._people.there
        return [
            {
                reason
                for reason, fine in zip((INACTIVE, LICENCE, ABSENCE), flags, strict=True)
                if not fine
            }
            for flags in zip(active, licensed, present, strict=True)
        ]
