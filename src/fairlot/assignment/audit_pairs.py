"""Who served with whom in many lotteries: who never met, and how evenly the others did."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Flags, Ints
from fairlot._kernels import kernel
from fairlot.assignment.chances import Chances
from fairlot.assignment.problem import Problem

__all__ = ["Pairs", "pairs_of"]

WORDS = {
    "en": "in {lotteries} lotteries {met} of {possible} pairs of officers who could meet in a team"
    " have; entropy {bits:.3f} bits of {uniform:.3f}",
    "zh": "{lotteries} 次抽签中，可能同组的 {possible} 对检查人员有 {met} 对同组过；"
    "熵 {bits:.3f} 比特（上限 {uniform:.3f}）",
}

Numbers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Who served with whom.

    officers   (officers,) ids
    lotteries  how many there were
    count      (officers, officers) lotteries in which two served in one team, times teams; above
               the diagonal
    possible   (officers, officers) True above the diagonal where two could serve in one team:
               each has a chance of a place of it, and no rule keeps them apart there
    never      (pairs, 2) possible pairs that never occurred
    bits       entropy of the pair of officers met in a team drawn at random
    uniform    what it would be if all possible pairs occurred equally often
    """

    officers: tuple[str, ...]
    lotteries: int
    count: Ints
    possible: Flags
    never: Ints
    bits: float
    uniform: float

    def text(self, lang: str = "en") -> str:
        """Return one sentence in ``lang`` ("en" or "zh")."""
        possible = int(self.possible.sum())
        return WORDS[lang].format(
            lotteries=self.lotteries,
            possible=possible,
            met=possible - len(self.never),
            bits=self.bits,
            uniform=self.uniform,
        )


def pairs_of(chances: Chances, pair_count: Ints, lotteries: int) -> Pairs:
    """Return who served with whom, from how often two did; O(teams * eligible^2) for who could."""
    count = np.triu(pair_count, 1)
    possible = _possible(chances.problem, chances.numerator > 0)
    shares = count[count > 0] / count.sum()
    return Pairs(
        officers=chances.problem.officers,
        lotteries=lotteries,
        count=count,
        possible=possible,
        never=np.argwhere(possible & (count == 0)),
        bits=float(-(shares * np.log2(shares)).sum()) if shares.size else 0.0,
        uniform=float(np.log2(max(1, possible.sum()))),
    )


def _possible(problem: Problem, can: Flags) -> Flags:
    where, one, other = problem.apart.T
    low, high = np.minimum(one, other), np.maximum(one, other)
    apart = np.stack([where, low, high], axis=1)[np.argsort(where, kind="stable")]
    people = len(problem.officers)
    meet = _meet(problem.seat_task, problem.quota, problem.ptr, problem.idx, can, people, apart)
    meet[low[where < 0], high[where < 0]] = False
    return meet


@kernel
def _meet(
    seat_task: Ints, quota: Ints, ptr: Ints, idx: Numbers, can: Flags, people: int, apart: Ints
) -> Flags:
    """Mark who could sit on two places of one task; ``apart`` (task, low, high) rising by task."""
    meet = np.zeros((people, people), np.bool_)
    barred = np.full((people, people), np.int32(-1))  # the last task they are kept apart at
    at = 0
    for seat in range(quota.size):
        task = seat_task[seat]
        while at < apart.shape[0] and apart[at, 0] <= task:
            barred[apart[at, 1], apart[at, 2]] = apart[at, 0]
            at += 1
        for other in range(seat + (quota[seat] < 2), quota.size):
            if seat_task[other] != task:
                break
            for e in range(ptr[seat], ptr[seat + 1]):
                for f in range(ptr[other], ptr[other + 1]):
                    low, high = min(idx[e], idx[f]), max(idx[e], idx[f])
                    if can[e] and can[f] and low < high and barred[low, high] != task:
                        meet[low, high] = True
    return meet
