"""How equal the published chances are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlot._base.arrays import Floats, Ints
from fairlot.assignment.chances import Chances
from fairlot.assignment.gini import gini
from fairlot.assignment.network import WHOLE
from fairlot.assignment.problem import Problem
from fairlot.assignment.shares import per_chance

__all__ = ["Shares", "pair_of", "shares_of"]

WORDS = {
    "en": "of an equal chance the worst-off pair has {worst:.3f} ({worst_pair}), the best-off"
    " {best:.3f} ({best_pair}); Gini {gini:.3f}; eligible pairs without a chance: {impossible};"
    " chances too small to be published: {vanished}",
    "zh": "与均等机会之比最低 {worst:.3f}（{worst_pair}），最高 {best:.3f}（{best_pair}）；"
    "基尼系数 {gini:.3f}；合格而无机会的组合 {impossible} 个；因过小未予公布的概率 {vanished} 个",
}


@dataclass(frozen=True, eq=False)
class Shares:
    """Of an equal chance to be in a site's team, how much each officer has; ``shares`` has the best.

    share       (pairs,) of each site and officer: the chance that the officer is in the team, in
                whatever seat, * the officers who have one / places of the team; nan without chance
    pair        (edges,) the pair of each edge; pairs by site, then officer
    worst       the edge, the first of equals, whose pair has the smallest share; best likewise
    gini        of the shares
    impossible  pairs that may serve but have no chance: no assignment has them, or it vanished
    vanished    chances above 0, of an officer on a seat, that are too small to be published
    """

    chances: Chances
    share: Floats
    pair: Ints
    worst: int
    best: int
    gini: float
    impossible: int
    vanished: int

    def text(self, lang: str = "en") -> str:
        """Return one sentence in ``lang`` ("en" or "zh")."""
        return WORDS[lang].format(
            worst=self.share[self.pair[self.worst]],
            best=self.share[self.pair[self.best]],
            worst_pair=" – ".join(pair_of(self.chances.problem, self.worst)),
            best_pair=" – ".join(pair_of(self.chances.problem, self.best)),
            gini=self.gini,
            impossible=self.impossible,
            vanished=self.vanished,
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per seat and officer: site_id, seat, officer_id, numerator, p, share.

        The share is that of the site and the officer, the same in every seat of the team.
        """
        return self.chances.to_frame().assign(share=self.share[self.pair])


def shares_of(chances: Chances) -> Shares:
    """Return the shares of all pairs; O(edges log edges)."""
    problem = chances.problem
    task = problem.seat_task[problem.edge_seat]
    key, pair = np.unique(task * len(problem.officers) + problem.idx, return_inverse=True)
    whole = np.zeros(key.size, np.int64)
    np.add.at(whole, pair, chances.numerator)
    can = whole > 0
    share = np.full(key.size, np.nan)
    share[can] = whole[can] / WHOLE * per_chance(problem, key[can] // len(problem.officers))
    return Shares(
        chances=chances,
        share=share,
        pair=pair,
        worst=int(np.nanargmin(share[pair])),
        best=int(np.nanargmax(share[pair])),
        gini=gini(share[can]),
        impossible=int((~can).sum()),
        vanished=chances.vanished,
    )


def pair_of(problem: Problem, edge: int) -> tuple[str, str]:
    """Return the ids of the site and the officer of an edge."""
    seat = int(np.searchsorted(problem.ptr, edge, side="right")) - 1
    return problem.tasks[problem.seat_task[seat]], problem.officers[problem.idx[edge]]
