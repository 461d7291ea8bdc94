"""How equal the published chances are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlot._base.arrays import Floats, Ints
from fairlot.assignment.chances import Chances
from fairlot.assignment.gini import gini
from fairlot.assignment.problem import Problem

__all__ = ["Shares", "pair_of", "shares_of"]

WORDS = {
    "en": "of an equal chance the worst-off pair has {worst:.3f} ({worst_pair}), the best-off"
    " {best:.3f} ({best_pair}); Gini {gini:.3f}; eligible pairs without a chance: {impossible}, of"
    " them too small to be published: {vanished}",
    "zh": "与均等机会之比最低 {worst:.3f}（{worst_pair}），最高 {best:.3f}（{best_pair}）；"
    "基尼系数 {gini:.3f}；合格而无机会的组合 {impossible} 个，其中因过小未予公布 {vanished} 个",
}


@dataclass(frozen=True, eq=False)
class Shares:
    """Every chance over an equal one: 1 where all who can take a seat have the same chance of it.

    share       (edges,) chance * officers who can take the seat / its places; nan where the
                chance is 0
    worst       the edge with the smallest share, the first of equals; best likewise
    gini        of the shares
    impossible  pairs that may serve but have no chance: no assignment has them, or it vanished
    vanished    chances above 0 that are too small to be published
    """

    chances: Chances
    share: Floats
    worst: int
    best: int
    gini: float
    impossible: int
    vanished: int

    def text(self, lang: str = "en") -> str:
        """Return one sentence in ``lang`` ("en" or "zh")."""
        return WORDS[lang].format(
            worst=self.share[self.worst],
            best=self.share[self.best],
            worst_pair=" – ".join(pair_of(self.chances.problem, self.worst)),
            best_pair=" – ".join(pair_of(self.chances.problem, self.best)),
            gini=self.gini,
            impossible=self.impossible,
            vanished=self.vanished,
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per eligible pair: site_id, seat, officer_id, numerator, p, share."""
        return self.chances.to_frame().assign(share=self.share)


def shares_of(chances: Chances) -> Shares:
    """Return the shares of all pairs; O(pairs log pairs)."""
    problem, can = chances.problem, chances.numerator > 0
    seat = np.repeat(np.arange(problem.seat_task.size), np.diff(problem.ptr))
    equal = _counted(seat[can], problem.seat_task.size) / problem.quota
    share = np.where(can, chances.p * equal[seat], np.nan)
    return Shares(
        chances=chances,
        share=share,
        worst=int(np.nanargmin(share)),
        best=int(np.nanargmax(share)),
        gini=gini(share[can]),
        impossible=int((~can).sum()),
        vanished=chances.vanished,
    )


def pair_of(problem: Problem, edge: int) -> tuple[str, str]:
    """Return the ids of the site and the officer of an edge."""
    seat = int(np.searchsorted(problem.ptr, edge, side="right")) - 1
    return problem.tasks[problem.seat_task[seat]], problem.officers[problem.idx[edge]]


def _counted(seat: Ints, seats: int) -> Ints:
    return np.bincount(seat, minlength=seats).astype(np.int64)
