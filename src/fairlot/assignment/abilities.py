"""Which seats an officer would fit, judged by the seats the officer may take elsewhere."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from fairlot.assignment.problem import Problem

__all__ = ["Label", "abilities", "fitting", "labels"]

Label = tuple[str, str]
"""The kind of a seat and the field it asks for, fields joined by ";"."""


def labels(problem: Problem) -> list[Label]:
    """Return the label of every seat."""
    return list(zip(problem.seat_kind.tolist(), problem.seat_skill.tolist(), strict=True))


def abilities(problem: Problem) -> dict[int, set[Label]]:
    """Return by officer the labels of the seats the officer may take."""
    known, code = np.unique(labels(problem), axis=0, return_inverse=True)
    takes = np.zeros((len(problem.officers), len(known)), np.bool_)
    takes[problem.idx, np.repeat(code.ravel(), np.diff(problem.ptr))] = True
    found: dict[int, set[Label]] = defaultdict(set)
    for officer, label in np.argwhere(takes).tolist():
        kind, skill = known[label].tolist()
        found[officer].add((kind, skill))
    return found


def fitting(able: Iterable[Label], seats: Iterable[Label]) -> tuple[Label, ...]:
    """Return which of ``seats`` someone fits who is ``able`` to take others.

    Who may take a seat that asks for one of some fields fits every seat that asks for one of these
    and more.

    >>> fitting([("specialist", "水质")], [("officer", ""), ("specialist", "水质;计量")])
    (('specialist', '水质;计量'),)
    """
    fields = [(kind, set(skill.split(";"))) for kind, skill in able]
    return tuple(
        (kind, skill)
        for kind, skill in sorted(set(seats))
        if any(kind == other and known <= set(skill.split(";")) for other, known in fields)
    )
