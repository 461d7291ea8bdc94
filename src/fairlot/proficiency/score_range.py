"""Scores of results below the limit of detection or quantification."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fairlot._base.arrays import own
from fairlot.proficiency.batch import Batch
from fairlot.proficiency.rows import Rows, positive
from fairlot.proficiency.score import Score

__all__ = ["ScoreRange", "score_range"]


@dataclass(frozen=True, eq=False)
class ScoreRange:
    """The scores that results reported as "less than L" may have: from that of 0 to that of L."""

    low: Score
    high: Score


def score_range(score: Callable[..., Score], limits: Any, *rest: Any) -> ScoreRange:
    """Return the range of a score for results reported as "less than L".

    score   :func:`z`, :func:`z_prime` or another, called with ``rest`` after x
    limits  L of every such result, a sample or a Batch, above 0

    >>> from fairlot.proficiency.scores import z
    >>> span = score_range(z, ["0.5"], "1.0", "0.25")
    >>> span.low.value, span.high.value
    (array([-4.]), array([-2.]))
    """
    positive("x", Rows.of(limits).x)
    nothing = np.zeros(Rows.of(limits).x.floats.size)
    none = replace(limits, values=own(nothing)) if isinstance(limits, Batch) else nothing
    return ScoreRange(score(none, *rest), score(limits, *rest))
