"""Which variance after which design, when nothing else is asked for.

srs, Poisson, Bernoulli   the unbiased one, in closed form
near the largest entropy  ``deville`` (conditional Poisson, Sampford, Brewer, Tillé, Midzuno, random
                          pivotal, random systematic): needs no joint probabilities; its expectation
                          was 0.88 to 1.10 times the variance, after Midzuno 0.90 to 1.30
order sampling            ``hajek_rosen``, made for it: 0.87 to 0.99
with zero joints          ``hansen_hurwitz``, as no unbiased estimator exists. Its expectation is at
                          least the variance where a design is no worse than drawing with
                          replacement. This is proved for pivotal in whatever order units duel, so
                          for random and local pivotal too (Chauvet, Ruiz-Gazen 2017); ordered
                          pivotal was at 1.06 to 2.16. Not proved for nested pivotal, whose last
                          step is no duel: 1.06 to 6.37, not below 1 in these worlds, and the higher
                          the more of y is told by bureaux, sectors and their counts. Not true of
                          systematic: 0.92 to 2.82, and 0.32 where the list has its period
balanced or spread        asks for the x that it was drawn with

The worlds, small frames and two rosters, and each figure: benchmarks/variance_bias.py.

Chauvet, Ruiz-Gazen (2017), A comparison of pivotal sampling and unequal probability sampling with
replacement, Statistics & Probability Letters 121, 1-5, arXiv:1609.02688.
"""

from collections.abc import Callable

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.balanced_variance import balanced_variance
from fairlot.sampling.codes import Labels
from fairlot.sampling.exclusive_pairs import refuse_exclusive_pairs
from fairlot.sampling.joint_designs import name_of
from fairlot.sampling.joint_probabilities import pair_probability
from fairlot.sampling.neighbour_variance import local_mean_variance, successive_differences
from fairlot.sampling.pair_variance import (
    Named,
    Variance,
    horvitz_thompson_variance,
    sen_yates_grundy_variance,
)
from fairlot.sampling.sample import Sample
from fairlot.sampling.stratified_variance import in_strata
from fairlot.sampling.variance import (
    brewer,
    conservative,
    deville,
    hajek_rosen,
    hansen_hurwitz,
    overton,
    two_units,
)

__all__ = [
    "BY_DESIGN",
    "VARIANCES",
    "WITH_X",
    "default_variance",
    "design_of",
    "refuse_missing_strata",
    "variance_for",
]

BY_DESIGN = "by design"
OWN = "own"

OF_VALUES: dict[str, Callable[[Floats, Floats], float]] = {
    "brewer": brewer,
    "conservative": conservative,
    "deville": deville,
    "hajek_rosen": hajek_rosen,
    "hansen_hurwitz": hansen_hurwitz,
    "overton": overton,
    "successive_differences": successive_differences,
}
OF_PAIRS = {
    "horvitz_thompson": horvitz_thompson_variance,
    "sen_yates_grundy": sen_yates_grundy_variance,
}
MAKERS: list[tuple[object, str]] = [
    (balanced_variance, "balanced_variance(x)"),
    (horvitz_thompson_variance, "'horvitz_thompson', or horvitz_thompson_variance(joint)"),
    (local_mean_variance, "local_mean_variance(x)"),
    (sen_yates_grundy_variance, "'sen_yates_grundy', or sen_yates_grundy_variance(joint)"),
]
VARIANCES = tuple(sorted([*OF_VALUES, *OF_PAIRS]))

DEFAULTS = {
    # Exact: these are the Horvitz-Thompson and the Sen-Yates-Grundy estimator in closed form.
    "bernoulli": "conservative",
    "poisson": "conservative",
    "srs": "deville",
    # Near the largest entropy, where Deville's needs no joint probabilities and errs by little.
    "brewer": "deville",
    "conditional_poisson": "deville",
    "midzuno": "deville",
    "random_pivotal": "deville",
    "random_systematic": "deville",
    "sampford": "deville",
    "tille": "deville",
    # Rosén's own.
    "pareto": "hajek_rosen",
    "sequential_poisson": "hajek_rosen",
    "successive": "hajek_rosen",
    # Some pairs never come together.
    "nested_pivotal": "hansen_hurwitz",
    "pivotal": "hansen_hurwitz",
    "systematic": "hansen_hurwitz",
}
WITH_X = {
    "cube": "balanced_variance(x)",
    "local_cube": "local_mean_variance(x)",
    "local_pivotal": "local_mean_variance(x)",
    "scps": "local_mean_variance(x)",
    "stratified_cube": "balanced_variance(x)",
}


def variance_for(
    sample: Sample, variance: str | Variance, strata: Labels | None
) -> tuple[str, Variance]:
    """Return the name of an estimator of the variance, and the estimator, lifted to ``strata``."""
    name = variance
    if name == BY_DESIGN:
        name = default_variance(sample, strata)
    for maker, call in MAKERS:
        if name is maker:
            _refuse_maker(call)
    if callable(name):
        method, estimator = name.name if isinstance(name, Named) else OWN, name
    elif name in OF_VALUES:
        method, estimator = name, _of_values(OF_VALUES[name])
    elif name in OF_PAIRS:
        together = pair_probability(sample.pi, design=sample.design, strata=strata)
        refuse_exclusive_pairs(sample, design_of(sample)[0], strata, together)
        method, estimator = name, _of_pairs(OF_PAIRS[name](together))
    else:
        raise InvalidInput(
            "variance is {got!r}; want one of {known}, a function such as local_mean_variance(x), or None",
            zh="variance 为 {got!r}，应为 {known} 之一、local_mean_variance(x) 之类的函数或 None",
            got=name,
            known=", ".join(VARIANCES),
        )
    return method, estimator if strata is None else in_strata(estimator, strata, sample.pi.size)


def _refuse_maker(call: str) -> None:
    raise InvalidInput(
        "variance is a function that makes one; want {call}",
        zh="variance 是生成估计函数的函数，应写作 {call}",
        call=call,
    )


def _of_values(estimate: Callable[[Floats, Floats], float]) -> Variance:
    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        # What is certain is no part of the draw: the rest is a design of fixed size by itself.
        chance = pi < 1
        return estimate(y[chance], pi[chance])

    return of_drawn


def _of_pairs(estimate: Variance) -> Variance:
    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        chance = pi < 1
        # From one unit the sum over pairs is 0, which is no estimate.
        two_units(int(np.count_nonzero(chance)))
        return estimate(y[chance], pi[chance], units[chance])

    return of_drawn


def design_of(sample: Sample) -> tuple[str, bool]:
    """Return the name of the design without its version, and whether it was drawn in strata."""
    versioned, in_strata = name_of(sample.design)
    return versioned.partition("/")[0], in_strata


def refuse_missing_strata(sample: Sample, strata: Labels | None) -> None:
    """Refuse to estimate a variance across the strata of the draw when they are not given."""
    if strata is None and design_of(sample)[1]:
        raise InvalidInput(
            "the sample was drawn by {design} and strata are not given; give strata= with a label "
            "for each of the {units} units, or variance=None for the value alone",
            zh="样本由 {design} 抽取而未给出层；请以 strata= 给出 {units} 个单位各自的标签，"
            "或用 variance=None 只求估计值",
            design=sample.design,
            units=sample.pi.size,
        )


def default_variance(sample: Sample, strata: Labels | None) -> str:
    """Return the name of the estimator that suits the design."""
    refuse_missing_strata(sample, strata)
    design, _ = design_of(sample)
    if design in WITH_X:
        raise InvalidInput(
            "after {design} the variance depends on the x it was drawn with; "
            "give variance={want}, x with one row for each of the {units} units, or "
            "variance='hansen_hurwitz', which does not count what x gains",
            zh="{design} 的方差取决于抽样所用的 x；请给出 variance={want}，x 为 {units} 个单位各一行；"
            "或用 variance='hansen_hurwitz'，它不计入 x 带来的精度",
            design=sample.design,
            want=WITH_X[design],
            units=sample.pi.size,
        )
    if design not in DEFAULTS:
        raise InvalidInput(
            "no variance is known to suit {design}; give one of {known}, a function such as "
            "local_mean_variance(x), or None",
            zh="没有已知适用于 {design} 的方差估计；请给出 {known} 之一、local_mean_variance(x) 之类的函数或 None",
            design=sample.design,
            known=", ".join(VARIANCES),
        )
    return DEFAULTS[design]
