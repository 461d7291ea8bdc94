"""Many z scores of one laboratory as one number, and their course over rounds.

ISO 13528:2022, 9.9, gives no formula and advises against combining: opposite errors cancel in one
sum, a single large one is lost in another. They describe; the verdict comes from the grades
(:mod:`~fairlot.proficiency.roll_up`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Ints, sealed
from fairlot._kernels import kernel
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.grading import Grading, grade

__all__ = ["CombinedScores", "combined_scores", "j_score"]


@dataclass(frozen=True, eq=False)
class CombinedScores:
    """Sums of z scores: numbers for one laboratory, arrays for a batch of them.

    rsz       sum z / sqrt(n), rescaled: N(0, 1) when all z are, interpreted like a z score
    ssz       sum z^2, chi-squared with n degrees of freedom when all z are N(0, 1)
    ssz_p     the chance of such an ssz or more
    rlp       sqrt(sum z^2 / n), relative laboratory performance: about 1; above 1.5 needs attention
    mean_abs  sum |z| / n
    n         number of scores
    """

    rsz: Any
    ssz: Any
    ssz_p: Any
    rlp: Any
    mean_abs: Any
    n: Any
    algorithm: str = "combined_scores/1"


def combined_scores(z: ArrayLike | Batch) -> CombinedScores:
    """Combine the z scores of a laboratory, or of each of a Batch of laboratories.

    >>> found = combined_scores([1.6, 1.7, 1.4, 1.9])
    >>> round(found.rsz, 2), round(found.ssz, 2), round(found.rlp, 2)
    (3.3, 11.02, 1.66)

    RSZ and SSZ: Thompson, Wood (1993), The international harmonized protocol for the proficiency
    testing of (chemical) analytical laboratories, Pure Appl. Chem. 65(9), 2123-2144,
    doi:10.1351/pac199365092123. RLP: Uhlig, Lischer (1998), as given by NIST Dataplot.
    """
    batch, many = sample_or_batch(z)
    from scipy.special import gammaincc

    n, first = batch.sizes, batch.starts[:-1]
    ssz = np.add.reduceat(batch.values**2, first)
    columns = (
        np.add.reduceat(batch.values, first) / np.sqrt(n),
        ssz,
        gammaincc(n / 2, ssz / 2),  # upper tail of chi-squared
        np.sqrt(ssz / n),
        np.add.reduceat(np.abs(batch.values), first) / n,
        n,
    )
    return CombinedScores(*(per_measurand(column, many) for column in columns))


ZONES = Grading(("1", "2", "3"), ("0", "2", "4", "8"), ("worse",) * 3)
WEIGHTS = np.array([0, 2, 4, 8])


def j_score(z: ArrayLike | Batch) -> Ints:
    """Return the J scores of a laboratory round by round: they find a drift as well as a jump.

    z  its scores in the order of the rounds, or a Batch of laboratories

    A round weighs 0, 2, 4 or 8 for |z| below 1, 2, 3 or from there on, with the sign of z. It adds
    to the score of the round before as long as that has the same sign; a round that weighs 0 or
    lies on the other side starts afresh. ``|J| >= 8`` calls for action.

    The zone charts in the literature differ in what a round of weight 0 does and whether an action
    starts the sum afresh; here the former does and the latter does not.

    >>> j_score([1.2, 1.4, 2.2, 0.3, -1.5, 3.4])
    array([ 2,  4,  8,  0, -2,  8])

    Jaehn (1991), The zone control chart, Quality Progress 24(7), 65-68; Thompson, Ellison, Wood
    (2006), Pure Appl. Chem. 78(1), 145-196, doi:10.1351/pac200678010145; NIST Dataplot, JSCORE.
    """
    batch, _ = sample_or_batch(z)
    weight = WEIGHTS[grade(batch.values, ZONES).code] * np.sign(batch.values).astype(np.int64)
    score = np.zeros_like(weight)
    in_parts(_carried, batch, weight, score)
    return sealed(score)


@kernel
def _carried(starts: Ints, first: int, last: int, weight: Ints, score: Ints) -> None:
    for i in range(first, last):
        before = 0
        for k in range(starts[i], starts[i + 1]):
            before = weight[k] + (before if before * weight[k] > 0 else 0)
            score[k] = before
