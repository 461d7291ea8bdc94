"""Blunders: another unit, a shifted decimal point, a lost sign, two results exchanged.

A result is proposed for setting aside when it lies far out as reported and would lie among the
others if the blunder were undone. Nothing is corrected: the laboratory is scored for what it
reported, and only the summary statistics do without the result.
"""

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints, sealed
from fairlot._base.coding import coded
from fairlot.proficiency.batch import Batch
from fairlot.proficiency.criterion import exactly
from fairlot.proficiency.mad_e import mad_e

__all__ = ["Blunder", "Blunders", "blunders"]

FEWEST = 5
"""Results below which the middle of a measurand is not known well enough."""
FAR = 3.0
"""Robust standard deviations from the median beyond which a result is out, and would be in else."""
CLEAR = 5.0
"""The same for 0 where a result is to be called too small or of the wrong sign: results near 0 are
never further out, and honest ones come as near as 3."""
SHARE = 0.2
"""Of the powers of ten undone, the part by which the proposed value may still miss the median."""

REASONS = {
    "unit": ("as if in another unit", "疑似单位错误"),
    "decimal point": ("as if the decimal point were shifted", "疑似小数点错位"),
    "sign": ("as if the sign were lost", "疑似符号错误"),
    "exchanged": ("as if exchanged for {other}", "疑似与 {other} 的结果互换"),
}
FACTORS: tuple[tuple[Fraction, str], ...] = (
    *((Fraction(10) ** k, "unit") for k in (3, -3, 6, -6)),
    *((Fraction(10) ** k, "decimal point") for k in (1, -1, 2, -2)),
    (Fraction(-1), "sign"),
)


@dataclass(frozen=True)
class Blunder:
    """A result that would fit if a blunder were undone.

    row         its row in what was given
    value       as reported, and z beside the others
    proposed    what it would be, and z_proposed
    reason      "unit", "decimal point", "sign" or "exchanged"
    other       the measurand it was exchanged for, None else
    """

    row: int
    laboratory: Any
    measurand: Any
    value: float
    z: float
    proposed: float
    z_proposed: float
    reason: str
    other: Any = None

    def text(self, lang: str = "en") -> str:
        """Return why, in ``lang`` ("en" or "zh").

        >>> Blunder(0, "A", "Pb", 5100.0, 99.0, 5.1, 0.2, "unit").text()
        '5100 is z = 99 away; as if in another unit: 5.1 would be z = 0.2'
        """
        why = REASONS[self.reason][lang == "zh"].format(other=self.other)
        template = (
            "{0:.12g} 的 z = {1:.3g}；{2}：{3:.12g} 的 z = {4:.2g}"
            if lang == "zh"
            else "{0:.12g} is z = {1:.3g} away; {2}: {3:.12g} would be z = {4:.2g}"
        )
        return template.format(self.value, self.z, why, self.proposed, self.z_proposed)


@dataclass(frozen=True, eq=False)
class Blunders:
    """The record, row by row.

    found         the blunders proposed, by row
    set_aside     (rows,) True for a row that the summary statistics should do without
    not_examined  measurands of fewer than 5 results
    too_wide      measurands whose median is within 3 MADe of 0: a tenth of any value lies among
                  the others there, and only exchanged results are looked for
    """

    found: tuple[Blunder, ...]
    set_aside: Flags
    not_examined: tuple[Any, ...]
    too_wide: tuple[Any, ...]
    algorithm: str = "blunders/1"


def blunders(
    values: ArrayLike, laboratories: Iterable[Hashable], measurands: Iterable[Hashable]
) -> Blunders:
    """Look for results that are far out and would fit in after undoing a blunder.

    values        (rows,) results, as reported
    laboratories  (rows,) who reported each
    measurands    (rows,) of what, levels counting as measurands of their own

    Far out is more than 3 MADe from the median of the measurand; what fits in is not. Factors tried
    are 1000 and 10^6 (unit), 10 and 100 (decimal point), up and down, and the sign; of several that
    fit, the one that fits best. A factor of 10^k must bring the result within 10^(k / 5) of the
    median, so that an honest outlier, which some factor brings somewhere among the others, is none;
    and nothing is called too small or of the wrong sign where the median is within 5 MADe of 0.
    Two results of one laboratory were exchanged if both are far out and each fits in the place of
    the other. Where more than half of the results are equal, only an equal one fits in.

    ISO 13528:2022 6.3 has obvious blunders removed before any statistics.

    >>> values = [5.0, 5.1, 4.9, 5.2, 4.8, 5100]
    >>> record = blunders(values, "ABCDEF", ["Pb"] * 6)
    >>> record.found[0].laboratory, record.found[0].proposed
    ('F', 5.1)
    """
    table = _Table.of(values, laboratories, measurands)
    far = np.abs(table.z(table.values, table.place)) > FAR
    rows = np.flatnonzero(far & ~table.short[table.place])
    swaps = {one.row: one for one in _exchanged(table, rows)}
    wide = np.abs(table.median) <= FAR * table.spread
    found = [
        swaps.get(row) or (None if wide[table.place[row]] else _scaled(table, row))
        for row in rows.tolist()
    ]
    kept = tuple(one for one in found if one)
    flags = np.zeros(table.values.size, dtype=np.bool_)
    flags[[one.row for one in kept]] = True
    few, reaching = (tuple(compress(table.names, at)) for at in (table.short, wide & ~table.short))
    return Blunders(kept, sealed(flags), few, reaching)


class _Table(NamedTuple):
    """The rows, with the middle and the spread of each measurand."""

    values: Floats
    owners: Sequence[Any]
    owner: Ints
    names: Sequence[Any]
    place: Ints
    median: Floats
    spread: Floats
    short: Flags

    @classmethod
    def of(cls, values: ArrayLike, laboratories: Any, measurands: Any) -> "_Table":
        column = check.numbers("values", values)
        owners, owner = coded(laboratories)
        names, place = coded(measurands)
        for name, codes in (("laboratories", owner), ("measurands", place)):
            check.same_length(name, codes.size, column.size, ("rows", "行"))
        batch = Batch.by(column, place.tolist())
        middle = mad_e(batch)
        return cls(
            column, owners, owner, names, place, middle.x_star, middle.s_star, batch.sizes < FEWEST
        )

    def z(self, values: Floats, place: Ints) -> Floats:
        """Return how far values would lie out as results of the measurands at ``place``."""
        away, spread = values - self.median[place], self.spread[place]
        out = np.where(away == 0, 0.0, np.copysign(np.inf, away))
        return np.divide(away, spread, out=out, where=spread > 0)

    def z_of(self, value: float, row: int) -> float:
        return float(self.z(np.array([value]), self.place[row : row + 1])[0])

    def blunder(self, row: int, proposed: float, reason: str, other: Any = None) -> Blunder:
        value = float(self.values[row])
        return Blunder(
            row,
            self.owners[self.owner[row]],
            self.names[self.place[row]],
            value,
            self.z_of(value, row),
            proposed,
            self.z_of(proposed, row),
            reason,
            other,
        )


def _scaled(table: _Table, row: int) -> Blunder | None:
    """Return the factor that fits best, the earlier of two."""
    value = exactly("value", float(table.values[row]))
    median, spread = (float(of[table.place[row]]) for of in (table.median, table.spread))
    clear = abs(median) > CLEAR * spread
    tried = [
        table.blunder(row, float(value * factor), reason)
        for factor, reason in FACTORS
        if _near(float(value * factor) / median, float(abs(factor))) and (0 < factor < 1 or clear)
    ]
    best = min(tried, key=lambda one: abs(one.z_proposed), default=None)
    return best if best and abs(best.z_proposed) <= FAR else None


def _near(ratio: float, factor: float) -> bool:
    """Say whether a value of this ratio to the median is near it beside a factor of powers of ten.

    >>> _near(1.5, 10), _near(1.5, 0.1), _near(0.6, 10), _near(0.6, 1000), _near(-1, 10)
    (True, True, False, True, False)
    """
    powers = abs(math.log10(factor))
    return ratio > 0 and (not powers or abs(math.log10(ratio)) <= SHARE * powers)


def _exchanged(table: _Table, rows: Ints) -> Iterator[Blunder]:
    """Yield both blunders of every pair of rows that fit in crosswise."""
    by_owner: dict[int, list[int]] = {}
    for row in rows.tolist():
        by_owner.setdefault(int(table.owner[row]), []).append(row)
    for own in by_owner.values():
        for a, b in combinations(own, 2):
            crosswise = table.values[[b, a]], table.place[[a, b]]
            if table.place[a] != table.place[b] and np.all(np.abs(table.z(*crosswise)) <= FAR):
                for row, source in ((a, b), (b, a)):
                    other = table.names[table.place[source]]
                    yield table.blunder(row, float(table.values[source]), "exchanged", other)
