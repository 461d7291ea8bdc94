"""The standard deviation for proficiency assessment, sigma_pt: what a round holds results to.

Numbers stand for one measurand, arrays for many. ISO 13528:2022, clause 8.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.batch import per_measurand
from fairlot.proficiency.decimals import single
from fairlot.proficiency.rows import Rows, not_negative, positive

__all__ = [
    "SigmaPt",
    "horwitz_thompson",
    "sigma_by_perception",
    "sigma_from_delta_e",
    "sigma_from_precision",
    "sigma_from_round",
    "widened",
]

LOW, HIGH = 1.2e-7, 0.138
"""Mass fractions between which Horwitz's power holds."""


class Scaled(Protocol):
    """An estimate with a robust standard deviation."""

    @property
    def s_star(self) -> Any:
        """The standard deviation, in the unit of the results."""


@dataclass(frozen=True, eq=False)
class SigmaPt:
    """A standard deviation for proficiency assessment, and where it comes from.

    sigma_pt   number for one measurand, array for many; above 0
    source     "perception", "delta_e", "earlier_rounds", "horwitz_thompson", "precision" or "round"
    algorithm  name and version
    """

    sigma_pt: Any
    source: str
    algorithm: str = "sigma_pt/1"


def sigma_by_perception(sigma_pt: Any) -> SigmaPt:
    """Return a sigma_pt prescribed by experts or a regulation, as fit for the purpose.

    >>> sigma_by_perception(0.5).sigma_pt
    0.5

    ISO 13528:2022, 8.2.
    """
    return _wrapped(positive("sigma_pt", Rows.each("sigma_pt", sigma_pt).x).floats.copy(),
                    sigma_pt, "perception")  # fmt: skip


def sigma_from_delta_e(delta_e: Any) -> SigmaPt:
    """Return delta_e / 3: a result off by the maximum permitted error has then |z| = 3.

    A grade by this sigma_pt can differ from one by delta_e at the limit itself, where delta_e / 3
    is no double: :func:`pa` grades by delta_e.

    >>> sigma_from_delta_e(1.5).sigma_pt
    0.5
    """
    permitted = positive("delta_e", Rows.each("delta_e", delta_e).x).floats
    return _wrapped(permitted / 3, delta_e, "delta_e")


def horwitz_thompson(x_pt: Any, *, per_unit: Any = 1) -> SigmaPt:
    """Return Thompson's form of the Horwitz curve for an assigned value, in the unit of x_pt.

    x_pt      assigned values, above 0
    per_unit  mass fraction that is one unit of x_pt: 1e-6 for mg/kg, 1e-9 for ug/kg

    Of the mass fraction c: 0.22 c below 1.2e-7, 0.02 c^0.8495 up to 0.138, 0.01 c^0.5 above.

    >>> round(horwitz_thompson(1.195, per_unit="1e-6").sigma_pt, 3)
    0.186

    Thompson (2000), Recent trends in inter-laboratory precision at ppb and sub-ppb concentrations
    in relation to fitness for purpose criteria in proficiency testing, Analyst 125, 385-386,
    doi:10.1039/b000282h. ISO 13528:2022, 8.4.
    """
    rows = Rows.each("x_pt", x_pt)
    unit = positive("per_unit", rows.per_measurand("per_unit", per_unit))
    level = positive("x_pt", rows.x)
    # Rounded once, so that 120 ug/kg is not below 1.2e-7.
    c = np.array([float(level.exact(i) * unit.exact(i)) for i in range(level.floats.size)])
    if c.max() > 1:
        raise InvalidInput(
            "x_pt[{i}] is a mass fraction of {got}; want at most 1, see per_unit",
            zh="x_pt[{i}] 的质量分数为 {got}，应不大于 1，见 per_unit",
            i=int(np.argmax(c)),
            got=float(c.max()),
        )
    share = np.where(c > HIGH, 0.01 * np.sqrt(c), 0.02 * c**0.8495)
    sigma = np.where(c < LOW, 0.22 * c, share) / unit.floats
    return _wrapped(sigma, x_pt, "horwitz_thompson")


def sigma_from_precision(sigma_R: Any, sigma_r: Any, m: int) -> SigmaPt:  # noqa: N803
    """Return sigma_pt from a precision study: ``sqrt(sigma_R^2 - sigma_r^2 (1 - 1 / m))``.

    sigma_R  reproducibility standard deviation
    sigma_r  repeatability standard deviation, 0 or more and not above sigma_R
    m        replicates that a participant averages

    >>> round(sigma_from_precision(23.2, 14.3, 2).sigma_pt, 1)
    20.9

    ISO 13528:2022, 8.5.
    """
    rows = Rows.each("sigma_R", sigma_R)
    total = positive("sigma_R", rows.x).floats
    within = not_negative("sigma_r", rows.per_measurand("sigma_r", sigma_r)).floats
    m = check.at_least("m", m, 1)
    if np.any(within > total):
        i = int(np.argmax(within > total))
        raise InvalidInput(
            "sigma_r[{i}] is {got}; want at most sigma_R, {most}",
            zh="sigma_r[{i}] 为 {got}，应不大于 sigma_R（{most}）",
            i=i, got=float(within[i]), most=float(total[i]),
        )  # fmt: skip
    return _wrapped(np.sqrt(total**2 - within**2 * (1 - 1 / m)), sigma_R, "precision")


def sigma_from_round(estimate: Scaled, *, lower: Any, upper: Any) -> SigmaPt:
    """Return the robust standard deviation of the round itself, kept within limits.

    estimate      of location or of scale: anything with an ``s_star``
    lower, upper  limits set before the round, above 0: below the one, laboratories would fail for
                  being good, and above the other anything would pass

    >>> from fairlot.proficiency.algorithm_a import algorithm_a
    >>> sigma_from_round(algorithm_a([9.8, 9.9, 10.0, 10.1, 10.2]), lower=0.3, upper=0.6).sigma_pt
    0.3

    ISO 13528:2022, 8.6.
    """
    rows = Rows.each("s_star", estimate.s_star)
    least = positive("lower", rows.per_measurand("lower", lower)).floats
    most = positive("upper", rows.per_measurand("upper", upper)).floats
    if np.any(least > most):
        i = int(np.argmax(least > most))
        raise InvalidInput(
            "lower is {lower}; want at most upper, {upper}",
            zh="lower 为 {lower}，应不大于 upper（{upper}）",
            lower=float(least[i]), upper=float(most[i]),
        )  # fmt: skip
    return _wrapped(np.clip(rows.x.floats, least, most), estimate.s_star, "round")


def widened(sigma_pt: Any, s_s: Any) -> Any:
    """Return ``sqrt(sigma_pt^2 + s_s^2)``, for items that differ by s_s more than they should.

    The scores are then exact as ``z_prime(x, x_pt, sigma_pt, s_s)``.

    >>> widened(0.4, 0.3)
    0.5

    ISO 13528:2022, B.3.
    """
    rows = Rows.each("sigma_pt", sigma_pt)
    between = not_negative("s_s", rows.per_measurand("s_s", s_s)).floats
    wide = np.hypot(positive("sigma_pt", rows.x).floats, between)
    return per_measurand(wide, not single(sigma_pt))


def _wrapped(sigma: Floats, like: Any, source: str) -> SigmaPt:
    return SigmaPt(per_measurand(sigma, not single(like)), source)
