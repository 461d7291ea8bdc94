"""A sample that a design of fixed size drew has the size that was promised.

Who leaves out the units that did not respond has no sample of the design: all that is said of its
weights and variances would be wrong, and without a sign.
"""

from contextlib import nullcontext
from math import ceil, floor

import numpy as np

from fairlot._base import check
from fairlot._base.errors import InvalidInput, within
from fairlot.sampling.codes import Labels
from fairlot.sampling.design_variance import design_of
from fairlot.sampling.sample import Sample

__all__ = ["refuse_other_size"]

FIXED = (
    "brewer",
    "conditional_poisson",
    "local_pivotal",
    "midzuno",
    "nested_pivotal",
    "pareto",
    "pivotal",
    "random_pivotal",
    "random_systematic",
    "sampford",
    "scps",
    "sequential_poisson",
    "srs",
    "successive",
    "systematic",
    "tille",
)
"""Their size is the sum of pi, or one of the two whole numbers about it."""


def refuse_other_size(sample: Sample, strata: Labels | None) -> None:
    """Refuse a sample that its design cannot have drawn, in each stratum when they are given."""
    design, in_strata = design_of(sample)
    if design not in FIXED:
        return
    # Strata of an estimate need not be those of a draw that had none.
    given = strata if strata is not None and in_strata else np.zeros(sample.pi.size, dtype=np.int64)
    labels, code = check.codes("strata", given, sample.pi.size)
    wanted = np.bincount(code, sample.pi)
    got = np.bincount(code[sample.index], minlength=len(labels))
    for k in np.flatnonzero(np.abs(got - wanted) > 1 - check.SUM_TOLERANCE)[:1]:
        place = within(f"stratum {labels[k]!r}", f"层 {labels[k]!r}")
        with place if in_strata and strata is not None else nullcontext():
            _refuse(int(got[k]), float(wanted[k]), sample.design)


def _refuse(got: int, wanted: float, design: str) -> None:
    low, high = ceil(wanted - check.SUM_TOLERANCE), floor(wanted + check.SUM_TOLERANCE)
    raise InvalidInput(
        "sample has {got} units, {design} draws {want}: a sample keeps its non-respondents; see "
        "prevalence",
        zh="样本有 {got} 个单位，而 {design} 抽取 {want} 个：样本应保留无回答的单位；见 prevalence",
        got=got,
        design=design,
        want=high if low <= high else f"{high} or {low}",
    )
