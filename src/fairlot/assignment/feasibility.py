"""Can every place be filled? If not: which sites stand in the way, proved by a count."""

from collections.abc import Iterator
from itertools import islice

from fairlot._base.errors import Infeasible
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.certificate import certificate
from fairlot.assignment.combination import in_combination
from fairlot.assignment.cure import Cure
from fairlot.assignment.cures import cures
from fairlot.assignment.flow import Flow, fill
from fairlot.assignment.minima import too_many
from fairlot.assignment.narrowing import narrow
from fairlot.assignment.network import network_of
from fairlot.assignment.problem import Problem
from fairlot.assignment.wording import places, places_zh

__all__ = ["feasible"]

NAMED = 5
"""So many blocking sets are explained."""
TOLD = 4
"""So many cures of each are told; the facts hold them all."""


def feasible(problem: Problem) -> None:
    """Return when teams exist for every site of ``problem``; otherwise say what is in the way.

    Raises Infeasible. Its facts hold ``blocking``, up to five blocking sets with every id;
    ``because`` and ``because_zh``, a sentence for each; ``cures``, for each what would cure it,
    tried out but never applied; ``empty``, how many places nobody can take; ``left``, how many of
    them would stay empty if the first cure of each set were made.

    A blocking set cannot be staffed even if nothing else had to be, every supporting bureau counted
    in, and its count can be made by hand. Where up to 40 sites compete for officers it is one of
    the fewest sites, found by an integer programme that explains and decides nothing; the same for
    any number of sites where one place is empty or one site fails by itself. Beyond, none of its
    sites can be left out. The sentence says which.

    A problem that is combinatorial is decided by an integer programme too, for private use.

    >>> lone = Problem(
    ...     tasks=("S1", "S2"), officers=("P1", "P2"), cap=[1, 1], quota=[2, 2],
    ...     seat_task=[0, 1], seat_kind=["officer"] * 2, ptr=[0, 2, 2], idx=[0, 1],
    ... )
    >>> feasible(lone)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    fairlot._base.errors.Infeasible: no valid teams (places nobody can take: 2): site S2 needs 2 officers; ...
    """
    flow = fill(network_of(problem))
    blocking = sorted(islice(_blocking(problem, flow), NAMED), key=lambda block: len(block.sites))
    if blocking:
        raise _refusal(problem, int(flow.missing.sum()), tuple(blocking))


def _blocking(problem: Problem, flow: Flow) -> Iterator[Blocking]:
    if problem.combinatorial:
        yield from in_combination(problem)
    elif flow.missing.any():
        yield from map(certificate, narrow(problem))
    elif flow.lacking.any():
        yield too_many(problem)


def _refusal(problem: Problem, empty: int, blocking: tuple[Blocking, ...]) -> Infeasible:
    found = tuple(cures(problem, block) for block in blocking)
    because = tuple(block.text("en") for block in blocking)
    because_zh = tuple(block.text("zh") for block in blocking)
    left = _left(problem, found)
    return Infeasible(
        "no valid teams{places}: {said}",
        zh="无法组成检查组{places_zh}：{said_zh}",
        empty=empty,
        places=f" (places nobody can take: {empty})" if empty else "",
        places_zh=f"（空缺 {places_zh(empty)}）" if empty else "",
        said="; ".join(map(_with_cures, because, found)) + _then(left, "en"),
        said_zh="；".join(map(_with_cures_zh, because_zh, found)) + _then(left, "zh"),
        because=because,
        because_zh=because_zh,
        blocking=blocking,
        cures=found,
        left=left,
    )


def _with_cures(sentence: str, found: tuple[Cure, ...]) -> str:
    told = "; or ".join(cure.text("en") for cure in _told(found))
    return f"{sentence} [ways out: {told}]" if told else sentence


def _with_cures_zh(sentence: str, found: tuple[Cure, ...]) -> str:
    told = "；或".join(cure.text("zh") for cure in _told(found))
    return f"{sentence}【可行办法：{told}】" if told else sentence


def _told(found: tuple[Cure, ...]) -> list[Cure]:
    """Return the first cure of each sort; what stands between officer and site is a sort too."""
    sorts = {(type(cure), getattr(cure, "reason", "")): cure for cure in reversed(found)}
    return list(sorts.values())[::-1][:TOLD]


def _left(problem: Problem, found: tuple[tuple[Cure, ...], ...]) -> int:
    """Count the places that stay empty when the first cure of each set is made."""
    for cure, *_ in filter(None, found):
        problem = cure.made(problem)
    return int(fill(network_of(problem)).missing.sum())


def _then(left: int, lang: str) -> str:
    if not left:
        return ""
    if lang == "zh":
        return f"；各取第一种办法后，仍空缺 {places_zh(left)}"
    return f"; the first way out of each leaves {places(left)} empty"
