"""What would cure sites that cannot be staffed: every cure is tried out, none is applied."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.abilities import Label, labels
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.certificate import visits
from fairlot.assignment.cure import (
    Caps,
    Cure,
    Hands,
    Limit,
    Minimum,
    Together,
)
from fairlot.assignment.deletion import minimal
from fairlot.assignment.effective import EXPERT
from fairlot.assignment.elsewhere import Elsewhere
from fairlot.assignment.flow import fill
from fairlot.assignment.network import network_of
from fairlot.assignment.openings import barred, lent
from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem
from fairlot.assignment.staffable import staffable

__all__ = ["cures"]

TRIED = 100
"""So many candidates of each sort are tried, and at most ``HELD`` that cure are kept."""
HELD = 10
HANDS = 1000
"""More officers than this are no cure that anyone could follow."""


class _Case(NamedTuple):
    """``here`` holds the ``sites`` in the way, all where minima are; cures make it staffable."""

    problem: Problem
    here: Problem
    sites: Ints
    blocking: Blocking
    elsewhere: Elsewhere


def cures(problem: Problem, blocking: Blocking) -> tuple[Cure, ...]:
    """Return what would let the sites of ``blocking`` be staffed, the mildest first.

    Caps and limits raised, minimum loads lowered, officers lent by another bureau, a pair that one
    rule alone keeps apart, more hands; several caps together only where no single one is enough.
    Each was tried on these sites, or where minimum loads are in the way on all, and takes nobody
    whom other sites need: what else is in the way stays, and becomes no more. A recusal is named only where nothing else stands between officer and site,
    and falls away by law or not at all.
    """
    named = set(blocking.sites)
    sites = np.flatnonzero([site in named for site in problem.tasks])
    here = part(problem, sites)
    if not named or staffable(here):  # minimum loads are in the way, and a part has none
        here, sites = problem, np.arange(len(problem.tasks))
    short = int(fill(network_of(here)).missing.sum())
    case = _Case(problem, here, sites, blocking, Elsewhere(problem, sites, short))
    sorts = _OF_MINIMA if blocking.kind == "least" else _OF_SITES
    return tuple(cure for sort in sorts for cure in islice(sort(case), HELD))


def _tried(case: _Case, candidates: Iterable[Cure]) -> Iterator[Cure]:
    return (
        cure
        for cure in islice(candidates, TRIED)
        if staffable(cure.made(case.here)) and case.elsewhere.unharmed(cure)
    )


def _caps(case: _Case) -> Iterator[Cure]:
    """Raise one cap, those who have the least to do first; only where none is enough, several."""
    here, short = case.here, case.blocking.short
    able = visits(network_of(here), np.ones(here.quota.size, np.bool_))[: here.cap.size]
    room = np.maximum(able - here.cap, 0)
    room[_experts_alike(case.problem)] = 0
    by_cap = np.argsort(here.cap, kind="stable")
    alone = (Caps((_raised(here, o, short),)) for o in by_cap if room[o] >= short)
    found = list(islice(_tried(case, alone), HELD))
    return iter(found or _several_caps(case, room))


def _experts_alike(problem: Problem) -> Ints:
    """Return the experts if their caps are equal: one limit of the plan, which no single one has."""
    experts = np.unique(problem.idx[problem.seat_kind[problem.edge_seat] == EXPERT])
    return experts if np.unique(problem.cap[experts]).size == 1 else experts[:0]


def _several_caps(case: _Case, room: Ints) -> list[Cure]:
    """Return the caps that cure when raised together, of which none can be left out."""
    here = case.here

    def raised(officers: Ints, by: Ints) -> Caps:
        return Caps(tuple(_raised(here, o, n) for o, n in sorted(zip(officers, by, strict=True))))

    full = np.flatnonzero(room)
    if not staffable(raised(full, room[full]).made(here)):
        return []
    least_room_first = full[np.argsort(room[full], kind="stable")]
    few = minimal(least_room_first, lambda some: staffable(raised(some, room[some]).made(here)))
    before = np.cumsum(room[few]) - room[few]
    enough = np.minimum(room[few], case.blocking.short - before)
    return list(islice(_tried(case, (raised(few, by) for by in (enough, room[few]))), 1))


def _raised(problem: Problem, officer: int, by: int) -> tuple[str, int, int]:
    cap = int(problem.cap[officer])
    return problem.officers[officer], cap, cap + int(by)


def _limits(case: _Case) -> Iterator[Cure]:
    named = {name for name, _ in case.blocking.counts}
    short = case.blocking.short
    binding = (group for group in case.here.groups if group.name in named)
    return _tried(case, (Limit(g.name, g.most, g.most + short) for g in binding))


def _minima(case: _Case) -> Iterator[Cure]:
    short = case.blocking.short
    limits = ((who, n) for who, n in case.blocking.limits if n >= short)
    return _tried(case, (Minimum(who, n, n - short) for who, n in limits))


def _lent(case: _Case) -> Iterator[Cure]:
    return _tried(case, lent(case.problem, case.sites))


def _barred(case: _Case) -> Iterator[Cure]:
    return _tried(case, barred(case.problem, case.sites))


def _together(case: _Case) -> Iterator[Cure]:
    return _tried(case, (Together(one, other) for one, other in case.blocking.apart))


def _hands(case: _Case) -> Iterator[Cure]:
    """Find for each kind of seat or need how many more officers would do; else some of each kind.

    They are taken to have as much time as whoever has most of those who take such seats.
    """
    here = case.here
    most = dict.fromkeys(sorted(set(labels(here))), case.blocking.short)
    for need in here.needs:
        most[need.kind, ""] = most.get((need.kind, ""), 0) + need.least
    alone = [
        found
        for label, count in most.items()
        if (
            found := _enough(
                [_more(case, (n, *label)) for n in range(1, min(count, HANDS) + 1)], here
            )
        )
    ]
    yield from alone or _tried(case, [_more(case, *_missing(here))])


def _more(case: _Case, *more: tuple[int, str, str]) -> Hands:
    problem, sites = case.problem, case.blocking.sites
    caps = [_time(problem, kind) for _, kind, _ in more]
    return Hands(more, min([*caps, len(sites)]), sites)


def _time(problem: Problem, kind: str) -> int:
    """Return the greatest cap of those who take a seat of ``kind``, of everybody if nobody does."""
    takers = problem.idx[problem.seat_kind[problem.edge_seat] == kind]
    return int(problem.cap[takers if takers.size else problem.idx].max(initial=1))


def _enough(hands: list[Hands], here: Problem) -> Hands | None:
    """Return the first of ``hands``, ever more, with which ``here`` can be staffed."""
    at = bisect_left(hands, True, key=lambda more: staffable(more.made(here)))
    return hands[at] if at < len(hands) else None


def _missing(here: Problem) -> tuple[tuple[int, str, str], ...]:
    """Count the places that stay empty by what their seats are called."""
    missing: Counter[Label] = Counter()
    for label, n in zip(labels(here), fill(network_of(here)).missing.tolist(), strict=True):
        missing[label] += n
    return tuple((n, *label) for label, n in sorted(missing.items()) if n)


_OF_SITES = (_caps, _limits, _minima, _lent, _barred, _together, _hands)
_OF_MINIMA = (_minima, _barred)
