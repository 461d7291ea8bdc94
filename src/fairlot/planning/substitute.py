"""Who stands in for a site that turns out closed: one of its own cell that had a chance, by lot."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil
from typing import Literal

import numpy as np
import pandas as pd

from fairlot._base.errors import Infeasible
from fairlot.sampling import D

__all__ = ["SUBSTITUTE", "Candidates", "allowed", "candidates", "substitute"]

SUBSTITUTE = "substitute/1"
LEVELS: dict[Literal["cell", "bureau"], list[str]] = {
    "cell": ["bureau_id", "sector", "credit_class"],
    "bureau": ["bureau_id"],
}


@dataclass(frozen=True)
class Candidates:
    """Who may stand in for a site, in canonical order.

    level       "cell": those of its own bureau, sector and class; "bureau": of its bureau
    index       positions in the roster
    sites       ids
    numerators  their chances in the draw, in units of 2^-40
    """

    level: Literal["cell", "bureau"]
    index: tuple[int, ...]
    sites: tuple[str, ...]
    numerators: tuple[int, ...]

    @property
    def chances(self) -> tuple[Fraction, ...]:
        """The chance of each to be taken, in proportion to its chance in the draw."""
        return tuple(Fraction(a, sum(self.numerators)) for a in self.numerators)


def allowed(share: str, drawn: int) -> int:
    """Return how many drawn sites of a bureau may be stood in for: a share of them, rounded up.

    >>> allowed("0.1", 4), allowed("0.1", 21), allowed("0", 4)
    (1, 3, 0)
    """
    return ceil(Fraction(share) * drawn)


def candidates(frame: pd.DataFrame, out: Collection[int], closed: int) -> Candidates:
    """Return who may stand in for the site at ``closed``; draws nothing.

    frame   of ``Quotas``, in canonical order
    out     positions of the sites that cannot be taken: all that were drawn, and every one that
            stands in for one of them already
    closed  position of the site that is closed

    Candidates had a chance and were left to it, ``0 < numerator < 2^40``. Those of the site's own
    bureau, sector and class, as the view shows them; where there are none, those of its bureau.
    Raises Infeasible where there are none either.
    """
    numerator = frame["numerator"].to_numpy()
    able = (numerator > 0) & (numerator < D)
    able[[*out, closed]] = False
    for level, columns in LEVELS.items():
        alike = (frame[columns] == frame[columns].iloc[closed]).all(axis="columns")
        index = np.flatnonzero(able & alike.to_numpy())
        if index.size:
            sites = frame["site_id"].iloc[index]
            return Candidates(
                level, *map(tuple, (index.tolist(), sites, numerator[index].tolist()))
            )
    site, bureau = frame[["site_id", "bureau_id"]].iloc[closed]
    raise Infeasible(
        "nobody is left in bureau {bureau} to stand in for {site}",
        zh="监管机关 {bureau} 已无可替补 {site} 的机构", bureau=bureau, site=site, because=(site,),
    )  # fmt: skip


def substitute(among: Candidates, word: int) -> int:
    """Return the position of the one who stands in: the first whose running sum exceeds x.

    With the numerators' sum S and a random ``word`` of 64 bits, x is ``word * S >> 64``; so each
    is taken with its chance, up to 2^-64.

    >>> pair = Candidates("cell", (3, 8), ("S3", "S8"), (1 << 38, 3 << 38))
    >>> [str(chance) for chance in pair.chances]
    ['1/4', '3/4']
    >>> substitute(pair, (1 << 62) - 1), substitute(pair, 1 << 62)
    (3, 8)
    """
    x = word * sum(among.numerators) >> 64
    sums = accumulate(among.numerators)
    return next(at for at, upto in zip(among.index, sums, strict=True) if x < upto)
