"""How the visits fall on the officers: loads drawn, expected and possible."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlot._base.arrays import Floats, Ints
from fairlot.assignment.chances import Chances
from fairlot.assignment.gini import gini
from fairlot.assignment.problem import Problem
from fairlot.assignment.teams import Teams

__all__ = ["Loads", "loads_of"]

WORDS = {
    "en": "loads run from {least} to {most} places (Gini {gini:.3f})",
    "zh": "任务量最少 {least}、最多 {most} 个名额（基尼系数 {gini:.3f}）",
}


@dataclass(frozen=True, eq=False)
class Loads:
    """The places of every officer.

    officers      (officers,) ids
    load          (officers,) places drawn
    least, cap    (officers,) fewest and most places allowed
    possible      (officers,) most places there are for them: their cap, or all tasks they may take
    expected      (officers,) expected places of the published chances; None without chances
    discount      (officers,) the factor that explains the chances; None without chances
    gini          of ``load``, among officers who may go at all
    """

    officers: tuple[str, ...]
    load: Ints
    least: Ints
    cap: Ints
    possible: Ints
    expected: Floats | None
    discount: Floats | None
    gini: float

    @property
    def range(self) -> tuple[int, int]:
        """The smallest and the largest load, among officers who may go at all."""
        able = self.load[self.possible > 0]
        return int(able.min(initial=self.load.max(initial=0))), int(able.max(initial=0))

    @property
    def relative(self) -> Floats | None:
        """Expected over possible places, (officers,); nan for whoever may go nowhere."""
        if self.expected is None:
            return None
        share = np.full(self.possible.size, np.nan)
        np.divide(self.expected, self.possible, out=share, where=self.possible > 0)
        return share

    def text(self, lang: str = "en") -> str:
        """Return one sentence in ``lang`` ("en" or "zh")."""
        least, most = self.range
        return WORDS[lang].format(least=least, most=most, gini=self.gini)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per officer."""
        columns = {
            "officer_id": np.array(self.officers, dtype=object),
            "load": self.load,
            "least": self.least,
            "cap": self.cap,
            "possible": self.possible,
            "expected": self.expected,
            "relative": self.relative,
            "discount": self.discount,
        }
        return pd.DataFrame({name: one for name, one in columns.items() if one is not None})


def loads_of(problem: Problem, teams: Teams, chances: Chances | None) -> Loads:
    """Return the loads of ``teams`` beside what was expected and what is possible."""
    load, possible = teams.loads, np.minimum(problem.cap, _tasks(problem))
    able = load[possible > 0]
    return Loads(
        officers=problem.officers,
        load=load,
        least=problem.least,
        cap=problem.cap,
        possible=possible,
        expected=None if chances is None else chances.load,
        discount=None if chances is None else chances.discount,
        gini=gini(able) if able.size else 0.0,
    )


def _tasks(problem: Problem) -> Ints:
    """Return how many tasks each officer may take a seat of."""
    people = len(problem.officers)
    task = np.repeat(problem.seat_task, np.diff(problem.ptr))
    pair = np.sort(task * people + problem.idx)
    once = pair[np.diff(pair, prepend=-1) > 0]
    return np.bincount(once % people, minlength=people).astype(np.int64)
