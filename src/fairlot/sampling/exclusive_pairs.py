"""Pairs of the frame that never come together: where they are, pairs tell no variance.

What such a pair would add to the Sen-Yates-Grundy or the Horvitz-Thompson estimator is never seen,
so the estimate is too small or too large, on average too, and the drawn pairs cannot show it: none
of them is of this kind.
"""

from collections.abc import Iterator

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.codes import Labels
from fairlot.sampling.joint import PairProbability, count_pairs
from fairlot.sampling.joint_designs import NEVER_TOGETHER
from fairlot.sampling.sample import Sample, inside
from fairlot.sampling.stratified_variance import drawn_by_stratum

__all__ = ["refuse_exclusive_pairs"]

BLOCK = 1 << 16
"""Pairs looked at together."""
WHOLE = 3000
"""Units up to which all pairs are looked at, one second at most; above, those of drawn units."""

BY_SIZE = ("midzuno", "tille")
"""Where the two smallest units exclude each other if any do. Tillé's: at each step the larger of two
is the likelier to stay. Midzuno's, the elimination of who is not drawn: all can leave at the last
step, so that two exclude each other when both are safe until then, and the safe are the smallest."""

INSTEAD = ("variance='hansen_hurwitz' needs no pairs", "variance='hansen_hurwitz' 不需要联合概率")
LISTED = (
    INSTEAD[0] + ", though after systematic it is not safe either, see joint_probabilities",
    INSTEAD[1] + "，但对 systematic 也不保险，见 joint_probabilities",
)


def refuse_exclusive_pairs(
    sample: Sample, design: str, strata: Labels | None, together: PairProbability
) -> None:
    """Refuse when two units of the frame cannot be drawn together.

    Other designs with two places or more left to chance have no such pair, and with one place left
    nothing can be estimated anyway. O(N log N) when there is none by size; else O(N^2) up to
    :data:`WHOLE` uncertain units, then O(n N), which stops at the first block with such a pair.
    """
    units = inside(sample.pi)
    small = _smallest(units, sample.pi, strata)
    if design not in NEVER_TOGETHER or (design in BY_SIZE and np.all(together(*small) > 0)):
        return
    whole = units.size <= WHOLE
    decided = sample.index[sample.pi[sample.index] < 1]
    rows = units if whole else np.union1d(decided, small)
    count, example = 0, (0, 0)
    for i, j in _blocks(rows, units):
        never = (together(i, j) <= 0) & (i != j)
        if np.any(never):
            k = int(np.argmax(never))
            example = int(i[k]), int(j[k])
            if not whole:
                _refuse(sample.design, f"{count_pairs(i, j, never)} or more", example)
            count += int(np.count_nonzero(never))
    if count:
        _refuse(sample.design, str(count // 2), example)


def _smallest(units: Ints, pi: Floats, strata: Labels | None) -> tuple[Ints, Ints]:
    """Return the two units of the smallest pi in each stratum that has two."""
    rising = units[np.argsort(pi[units], kind="stable")]
    parts = [part for _, part in drawn_by_stratum(rising, strata, pi.size) if part.size > 1]
    pairs = np.array([rising[part[:2]] for part in parts], dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _blocks(rows: Ints, units: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield every row with every unit; small frames so meet each pair twice."""
    step = max(1, BLOCK // max(units.size, 1))
    for start in range(0, rows.size, step):
        some = rows[start : start + step]
        yield np.repeat(some, units.size), np.tile(units, some.size)


def _refuse(design: str, count: str, example: tuple[int, int]) -> None:
    hint, hint_zh = LISTED if "systematic" in design else INSTEAD
    raise InvalidInput(
        "pairs that never come together under {design}: {count}, such as units {i} and {j}; what "
        "they add to the variance is never seen: {hint}",
        zh="{design} 下不会同时抽中的单位对：{count}，如单位 {i} 与 {j}；其对方差的贡献无从得知：{hint_zh}",
        count=count,
        design=design,
        i=example[0],
        j=example[1],
        example=example,
        hint=hint,
        hint_zh=hint_zh,
    )
