"""Which variance after which design, when nothing else is asked for.

srs, Poisson, Bernoulli   the unbiased one, in closed form
near the largest entropy  ``deville`` (conditional Poisson, Sampford, Brewer, Tillé, Midzuno, random
                          pivotal, random systematic): needs no joint probabilities; its expectation
                          over the variance was .88 to 1.11 among 12 and among 40 units of lognormal
                          sizes, for Midzuno up to 1.36
order sampling            ``hajek_rosen``, made for it: .91 to 1.07 there
with zero joints          ``hansen_hurwitz``, as no unbiased estimator exists. Its expectation is at
                          least the variance where a design is no worse than drawing with
                          replacement: proved for ordered pivotal (Chauvet, Ruiz-Gazen 2017,
                          Electronic Journal of Statistics 11), simulated for nested pivotal (1.0 to
                          2.1 times the variance: most where cells are alike inside), and not known
                          for systematic, after which nothing is safe from a period in the list
balanced or spread        asks for the x that it was drawn with
"""

from collections.abc import Callable

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.joint_probabilities import joint_probabilities
from fairlot.sampling.neighbour_variance import successive_differences
from fairlot.sampling.pair_variance import Variance, horvitz_thompson, sen_yates_grundy
from fairlot.sampling.sample import Sample
from fairlot.sampling.stratified_variance import Labels, in_strata
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

OF_VALUES: dict[str, Callable[[Floats, Floats], float]] = {
    "brewer": brewer,
    "conservative": conservative,
    "deville": deville,
    "hajek_rosen": hajek_rosen,
    "hansen_hurwitz": hansen_hurwitz,
    "overton": overton,
    "successive_differences": successive_differences,
}
OF_PAIRS = {"horvitz_thompson": horvitz_thompson, "sen_yates_grundy": sen_yates_grundy}
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
    "cube": "balanced(x)",
    "local_cube": "local_mean(x)",
    "local_pivotal": "local_mean(x)",
    "scps": "local_mean(x)",
    "stratified_cube": "balanced(x)",
}


def variance_for(
    sample: Sample, variance: str | Variance, strata: Labels | None
) -> tuple[str, Variance]:
    """Return the name of an estimator of the variance, and the estimator, lifted to ``strata``."""
    name = variance
    if name == BY_DESIGN:
        name = default_variance(sample, strata)
    if callable(name):
        # What local_mean(x) returns is called local_mean.<locals>.of_drawn.
        method, estimator = getattr(name, "__qualname__", "own").split(".")[0], name
    elif name in OF_VALUES:
        method, estimator = name, _of_values(OF_VALUES[name])
    elif name in OF_PAIRS:
        return name, OF_PAIRS[name](_joint(sample, strata))
    else:
        raise InvalidInput(
            "variance is {got!r}; want one of {known}, a function such as local_mean(x), or None",
            zh="variance 为 {got!r}，应为 {known} 之一、local_mean(x) 之类的函数或 None",
            got=name,
            known=", ".join(VARIANCES),
        )
    return method, estimator if strata is None else in_strata(estimator, strata, sample.pi.size)


def _of_values(estimate: Callable[[Floats, Floats], float]) -> Variance:
    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        # What is certain is no part of the draw: the rest is a design of fixed size by itself.
        chance = pi < 1
        return estimate(y[chance], pi[chance])

    return of_drawn


def _joint(sample: Sample, strata: Labels | None) -> Floats:
    # From one unit the double sum is 0, which is no estimate.
    two_units(int(np.count_nonzero(sample.pi[sample.index] < 1)))
    design, _ = design_of(sample)
    found = joint_probabilities(sample.pi, design=design, units=sample.index, strata=strata)
    return found.values


def design_of(sample: Sample) -> tuple[str, bool]:
    """Return the name of the design without its version, and whether it was drawn in strata."""
    inner = sample.design.removeprefix("stratified(")
    return inner.partition("/")[0], inner != sample.design


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
            "local_mean(x), or None",
            zh="没有已知适用于 {design} 的方差估计；请给出 {known} 之一、local_mean(x) 之类的函数或 None",
            design=sample.design,
            known=", ".join(VARIANCES),
        )
    return DEFAULTS[design]
