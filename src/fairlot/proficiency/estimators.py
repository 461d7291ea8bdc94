"""The estimators that a scheme may name: of location with scale, and of scale alone."""

from typing import Any

from fairlot._base.arrays import Floats
from fairlot.proficiency.algorithm_a import algorithm_a
from fairlot.proficiency.classical import mean_sd
from fairlot.proficiency.estimate import Estimate
from fairlot.proficiency.hampel import hampel
from fairlot.proficiency.huber import huber
from fairlot.proficiency.mad_e import mad_e
from fairlot.proficiency.n_iqr import n_iqr
from fairlot.proficiency.q_method import q_method
from fairlot.proficiency.qn import qn
from fairlot.proficiency.terms_of_value import Sigma, Value

__all__ = ["consensus", "spread"]


def consensus(value: Value, x: Floats) -> Estimate:
    """Return the consensus of results x, and its scale, as the terms of the value name it."""
    if value.method == "algorithm_a":
        return algorithm_a(x, edition=value.edition)
    if value.quartiles:
        return n_iqr(x, quartiles=value.quartiles)
    plain = {"mean": mean_sd, "median": mad_e, "huber": huber, "hampel": hampel}
    return plain[value.method](x)


def spread(sigma: Sigma, x: Floats) -> Any:
    """Return the scale of results x by the estimator that the terms of sigma_pt name."""
    if sigma.quartiles:
        return n_iqr(x, quartiles=sigma.quartiles)
    plain: dict[str | None, Any] = {
        "algorithm_a": algorithm_a, "mad_e": mad_e, "qn": qn, "q_method": q_method,
    }  # fmt: skip
    return plain[sigma.estimator](x)
