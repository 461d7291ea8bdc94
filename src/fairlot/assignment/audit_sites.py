"""From how many officers each team is really drawn, and where they are too few."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from fairlot._base.arrays import Flags
from fairlot._base.errors import InvalidInput
from fairlot.assignment.chances import Chances
from fairlot.assignment.effective import Effective, effective_officers

__all__ = ["Sites", "sites_of"]

WORDS = {
    "en": "site {site} has the fewest effective officers, {effective} of {eligible} eligible;"
    " sites below the floor: {below}",
    "zh": "有效检查人员最少的是场所 {site}：合格 {eligible} 人，有效 {effective} 人；"
    "低于下限的场所 {below} 个",
}


@dataclass(frozen=True, eq=False)
class Sites:
    """Eligible and effective officers of every site.

    tasks      (tasks,) ids
    effective  see ``effective_officers``
    below      (tasks,) True where the effective officers are fewer than the floor; none without one
    """

    tasks: tuple[str, ...]
    effective: Effective
    below: Flags

    @property
    def fewest(self) -> int:
        """The task with the fewest effective officers, the first of equals."""
        return int(np.argmin(self.effective.hundredths))

    def text(self, lang: str = "en") -> str:
        """Return one sentence in ``lang`` ("en" or "zh")."""
        return WORDS[lang].format(
            site=self.tasks[self.fewest],
            effective=self.effective.written[self.fewest],
            eligible=self.effective.eligible[self.fewest],
            below=int(self.below.sum()),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per site: site_id, eligible, effective (decimal text), below."""
        return pd.DataFrame(
            {
                "site_id": np.array(self.tasks, dtype=object),
                "eligible": self.effective.eligible,
                "effective": np.array(self.effective.written, dtype=object),
                "below": self.below,
            }
        )


def sites_of(chances: Chances, floor: str | None) -> Sites:
    """Return eligible and effective officers; flag what is below ``floor``, a decimal text."""
    effective = effective_officers(chances)
    least = 100 * _decimal(floor) if floor is not None else Fraction(0)
    # Cut at the second digit; a floor with more digits asks for the next hundredth.
    below = effective.hundredths < -(-least.numerator // least.denominator)
    return Sites(chances.problem.tasks, effective, below)


def _decimal(floor: str) -> Fraction:
    try:
        return Fraction(floor)
    except ValueError:
        raise InvalidInput(
            "floor is {got!r}; want a decimal text such as '2.50'",
            zh="floor 为 {got!r}，应为十进制文本，如 '2.50'",
            got=floor,
        ) from None
