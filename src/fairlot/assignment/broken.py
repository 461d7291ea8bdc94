"""The rules that no choice of teams can keep all at once, when no count of officers shows it."""

from dataclasses import replace

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.deletion import minimal
from fairlot.assignment.network import network_of
from fairlot.assignment.problem import Problem
from fairlot.assignment.staffable import staffable

__all__ = ["broken"]


def broken(problem: Problem, *, smallest: bool) -> Blocking:
    """Return all sites of ``problem``, and rules that fail together, of which none can be left out.

    Tried out are pairs kept apart, needs and minimum loads; all the rest stays.
    """
    met, network = _met(problem), network_of(problem)
    sizes = met.size, len(problem.needs), problem.least.size, len(problem.groups)
    apart, needs, least, groups = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    minima = np.concatenate([least, groups])[network.least > 0]

    def keeping(some: Ints) -> Problem:
        kept = np.isin(np.arange(sum(sizes)), some)
        pairs = zip(problem.groups, kept[groups], strict=True)
        return replace(
            problem,
            apart=problem.apart[kept[apart]],
            needs=tuple(need for need, on in zip(problem.needs, kept[needs], strict=True) if on),
            least=np.where(kept[least], problem.least, 0),
            groups=tuple(group if on else replace(group, least=0) for group, on in pairs),
        )

    rules = np.concatenate([apart[met], needs, minima])
    few = keeping(minimal(rules, lambda some: not staffable(keeping(some))))
    names = [*few.officers, *(group.name for group in few.groups)]
    places = int(problem.quota.sum())
    return Blocking(
        sites=problem.tasks,
        officers=tuple(problem.officers[o] for o in np.unique(problem.idx)),
        need=places,
        available=places,
        kind="combinatorial",
        smallest=smallest,
        limits=tuple(
            (name, int(n)) for name, n in zip(names, network_of(few).least, strict=True) if n
        ),
        apart=_pairs(few),
        needs=tuple((few.tasks[need.task], need.kind, need.least) for need in few.needs),
    )


def _met(problem: Problem) -> Flags:
    """Say which pairs kept apart could meet at all."""
    may_go = np.isin(np.arange(len(problem.officers)), problem.idx)
    return may_go[problem.apart[:, 1]] & may_go[problem.apart[:, 2]]


def _pairs(problem: Problem) -> tuple[tuple[str, str], ...]:
    pairs = {(min(one, other), max(one, other)) for _, one, other in problem.apart.tolist()}
    return tuple((problem.officers[one], problem.officers[other]) for one, other in sorted(pairs))
