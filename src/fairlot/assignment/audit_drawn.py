"""Do the frequencies of many lotteries agree with the published chances?"""

from dataclasses import dataclass

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput
from fairlot.assignment.audit_shares import pair_of
from fairlot.assignment.chances import Chances
from fairlot.assignment.frequencies import Frequencies

__all__ = ["Drawn", "drawn_of"]

WORDS = {
    "en": "in {lotteries} lotteries the frequency least in keeping is off by {deviation:+.5f}"
    " ({pair}); false-alarm rate {false_alarm:.2g}",
    "zh": "{lotteries} 次抽签中，偏差最显著的频率相差 {deviation:+.5f}（{pair}）；"
    "误报率 {false_alarm:.2g}",
}


@dataclass(frozen=True, eq=False)
class Drawn:
    """How often each eligible pair was drawn, beside its published chance.

    chances      the published ones
    lotteries    how many there were
    deviation    (edges,) frequency minus chance
    edge         the pair with the largest deviation in standard errors, the first of equals
    false_alarm  how likely a lottery that keeps the chances shows a frequency as unlikely as the
                 most unlikely one: at most this
    """

    chances: Chances
    lotteries: int
    deviation: Floats
    edge: int
    false_alarm: float

    def text(self, lang: str = "en") -> str:
        """Return one sentence in ``lang`` ("en" or "zh")."""
        return WORDS[lang].format(
            lotteries=self.lotteries,
            deviation=self.deviation[self.edge],
            pair=" – ".join(pair_of(self.chances.problem, self.edge)),
            false_alarm=self.false_alarm,
        )


def drawn_of(chances: Chances, frequencies: Frequencies) -> Drawn:
    """Compare frequencies with ``chances``; refuse those of lotteries with other ones."""
    if not np.array_equal(chances.numerator, frequencies.chances.numerator):
        raise InvalidInput(
            "frequencies are those of a lottery with other chances",
            zh="frequencies 来自另一组概率的抽签",
        )
    deviation = frequencies.count / frequencies.lotteries - chances.p
    variance = chances.p * (1 - chances.p)
    ratio = np.where(deviation == 0, 0.0, np.inf)  # a certain pair may not deviate at all
    np.divide(deviation**2, variance, out=ratio, where=variance > 0)
    return Drawn(
        chances=chances,
        lotteries=frequencies.lotteries,
        deviation=deviation,
        edge=int(ratio.argmax()),
        false_alarm=frequencies.p_value(),
    )
