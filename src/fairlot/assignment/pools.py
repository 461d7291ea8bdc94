"""Pools of people: who could take a seat, as far as bureau, department, rank and skill say."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Flags, Ints
from fairlot.assignment.people import People
from fairlot.assignment.team_rules import DEPARTMENT, TeamRules

__all__ = ["Asked", "Pooling", "Pools"]

NOBODY = np.int8(-1)


class Asked(NamedTuple):
    """What a seat asks for: its kind, the bureau that staffs it or "", one of these skills."""

    kind: str
    bureau: str = ""
    skills: tuple[str, ...] = ()


class Pools(NamedTuple):
    """Row ``person[ptr[p]:ptr[p + 1]]`` lists pool p, ascending, with the tier of each person."""

    ptr: Ints
    person: NDArray[np.int32]
    tier: NDArray[np.int8]


class Pooling:
    """Gathers pools, each once: the sites of one bureau and sector share theirs.

    ``guests`` are the departments that come to joint visits; their officers fill their own seats
    and no others.
    """

    def __init__(self, people: People, team: TeamRules, guests: frozenset[str]) -> None:
        self._people, self._team = people, team
        guest = np.isin(people.frame["department"].to_numpy(dtype=np.str_), sorted(guests))
        self._own = ~people.expert & ~guest
        self._senior = people.whole("seniority") >= team.lead_seniority
        self._skills = [frozenset(skills.split(";")) for skills in people.frame["skills"]]
        self._staff = _by_bureau(people)
        self._able_in: dict[str, Flags] = {}
        self._rank: dict[str, NDArray[np.int8]] = {"": np.zeros(len(people.ids), np.int8)}
        self._number: dict[Asked, int] = {}

    def asked(self, kind: str, bureau: str, skills: tuple[str, ...]) -> Asked:
        """Return what a seat of ``kind`` asks for at a site of ``bureau`` and its sectors."""
        if kind == "specialist":
            return Asked(kind, bureau, skills)
        if kind == "expert":
            return Asked(kind, skills=skills)
        far = kind.startswith(DEPARTMENT) and self._team.partners == "anywhere"
        return Asked(kind, "" if far else bureau)

    def number(self, asked: Asked) -> int:
        """Return the number of the pool for ``asked``."""
        return self._number.setdefault(asked, len(self._number))

    def table(self) -> Pools:
        """Return every pool asked for so far."""
        found = [self._members(asked) for asked in self._number]
        ptr = np.cumsum([0, *(person.size for person, _ in found)], dtype=np.int64)
        person = [person for person, _ in found] or [np.zeros(0, np.int32)]
        tier = [tier for _, tier in found] or [np.zeros(0, np.int8)]
        return Pools(ptr, np.concatenate(person), np.concatenate(tier))

    def _members(self, asked: Asked) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
        rank = self._ranked(asked.bureau)
        person = np.flatnonzero(self._fitting(asked) & (rank != NOBODY))
        return person.astype(np.int32), rank[person]

    def _fitting(self, asked: Asked) -> Flags:
        if asked.kind == "specialist":
            return self._own & self._skilled(asked.skills)
        if asked.kind == "expert":
            return self._people.expert & self._skilled(asked.skills)
        if asked.kind == "lead":
            return self._own & self._senior
        if asked.kind == "officer":
            return self._own
        name = asked.kind.removeprefix(DEPARTMENT)
        return ~self._people.expert & self._people.where("department", name)

    def _skilled(self, skills: tuple[str, ...]) -> Flags:
        flags = np.zeros(len(self._skills), np.bool_)
        for skill in skills:
            if skill not in self._able_in:
                self._able_in[skill] = np.array([skill in has for has in self._skills], np.bool_)
            flags |= self._able_in[skill]
        return flags

    def _ranked(self, bureau: str) -> NDArray[np.int8]:
        """Return 0 for the officers of ``bureau``, k for those of its k-th supporting bureau."""
        if bureau not in self._rank:
            rank = np.full(len(self._people.ids), NOBODY)
            for tier, lender in enumerate((bureau, *self._team.support.get(bureau, ()))):
                rank[self._staff[lender]] = tier
            self._rank[bureau] = rank
        return self._rank[bureau]


def _by_bureau(people: People) -> defaultdict[str, list[int]]:
    staff: defaultdict[str, list[int]] = defaultdict(list)
    for number, bureau in enumerate(people.frame["bureau_id"]):
        staff[bureau].append(number)
    return staff
