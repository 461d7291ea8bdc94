"""Performance scores: how far a result lies from the assigned value, in one unit or another.

Each is ``factor * (x - x_pt) / sqrt(a^2 + b^2)`` with one or two numbers below the line, so that
squares tell, without a root, whether it passes a limit: :mod:`~fairlot.proficiency.grading`.

In all of them x is a sample (floats, whole numbers, decimals, fractions, or text such as "0.90") or
a Batch; ``x_pt``, ``sigma_pt``, ``u_xpt``, ``U_xpt`` and ``delta_e`` are one number, or one a
measurand; ``u_x`` and ``U_x`` are one a result (or a Batch like x). All are in the unit of x, but
for a batch each measurand may have its own.

ISO 13528:2022, 9.3 to 9.7; E_z of ISO 13528:2005 only.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

from fairlot._base import check
from fairlot.proficiency.rows import Rows, not_negative, not_zero, positive
from fairlot.proficiency.score import Score, scored

__all__ = ["EzScores", "ceiling", "d", "d_percent", "e_n", "e_z", "pa", "z", "z_prime", "zeta"]


def d(x: Any, x_pt: Any) -> Score:
    """Return the differences D = x - x_pt, in the unit of x.

    >>> d(["10.3", "9.9"], "10.0").value
    array([ 0.3, -0.1])

    ISO 13528:2022, 9.3. Against a maximum permitted error: :func:`pa`.
    """
    rows = Rows.of(x)
    return scored("d", (rows.x, rows.per_measurand("x_pt", x_pt)), (rows.ones(),))


def d_percent(x: Any, x_pt: Any) -> Score:
    """Return the differences in percent of the assigned value, D% = 100 (x - x_pt) / x_pt.

    Raises InvalidInput for an x_pt of 0, of which there is no share.

    >>> d_percent([10.3, 9.9], 10.0).value
    array([ 3., -1.])

    ISO 13528:2022, 9.3.
    """
    rows = Rows.of(x)
    assigned = rows.per_measurand("x_pt", x_pt)
    return scored("d_percent", (rows.x, assigned), (not_zero("x_pt", assigned),), 100)


def pa(x: Any, x_pt: Any, delta_e: Any) -> Score:
    """Return the differences in percent of what is permitted, P_A = 100 (x - x_pt) / delta_e.

    delta_e  maximum permitted error, above 0

    A result is acceptable while -100 < P_A < 100, as graded by ``PA_GRADING``.

    >>> pa(["10.3", "9.9"], 10, "0.3").value
    array([100.        , -33.33333333])

    ISO 13528:2022, 9.3.
    """
    rows = Rows.of(x)
    permitted = positive("delta_e", rows.per_measurand("delta_e", delta_e))
    return scored("pa", (rows.x, rows.per_measurand("x_pt", x_pt)), (permitted,), 100)


def z(x: Any, x_pt: Any, sigma_pt: Any) -> Score:
    """Return the z scores, z = (x - x_pt) / sigma_pt.

    sigma_pt  standard deviation for proficiency assessment, above 0

    >>> z(["0.9", "0.3"], "0.3", "0.3").value
    array([2., 0.])

    ISO 13528:2022, 9.4.
    """
    rows = Rows.of(x)
    sigma = positive("sigma_pt", rows.per_measurand("sigma_pt", sigma_pt))
    return scored("z", (rows.x, rows.per_measurand("x_pt", x_pt)), (sigma,))


def z_prime(x: Any, x_pt: Any, sigma_pt: Any, u_xpt: Any) -> Score:
    """Return the z' scores, z' = (x - x_pt) / sqrt(sigma_pt^2 + u_xpt^2).

    u_xpt  standard uncertainty of the assigned value, 0 or more

    For an assigned value whose uncertainty is not negligible, see :func:`negligible`.

    >>> z_prime([2.5], 0, 0.4, 0.3).value
    array([5.])

    ISO 13528:2022, 9.5.
    """
    rows = Rows.of(x)
    sigma = positive("sigma_pt", rows.per_measurand("sigma_pt", sigma_pt))
    u = not_negative("u_xpt", rows.per_measurand("u_xpt", u_xpt))
    return scored("z_prime", (rows.x, rows.per_measurand("x_pt", x_pt)), (sigma, u))


def zeta(x: Any, x_pt: Any, u_x: Any, u_xpt: Any) -> Score:
    """Return the zeta scores, zeta = (x - x_pt) / sqrt(u_x^2 + u_xpt^2).

    u_x    standard uncertainties that the laboratories state, above 0; U / k of an expanded one
    u_xpt  standard uncertainty of the assigned value, 0 or more

    Together with z it finds the laboratory that is biased, or claims too little uncertainty.

    >>> zeta([0.25], 0, [0.04], 0.03).value
    array([5.])

    ISO 13528:2022, 9.6.
    """
    rows = Rows.of(x)
    own_u = positive("u_x", rows.per_result("u_x", u_x))
    u = not_negative("u_xpt", rows.per_measurand("u_xpt", u_xpt))
    return scored("zeta", (rows.x, rows.per_measurand("x_pt", x_pt)), (own_u, u))


def e_n(x: Any, x_pt: Any, U_x: Any, U_xpt: Any) -> Score:  # noqa: N803
    """Return the E_n scores, E_n = (x - x_pt) / sqrt(U_x^2 + U_xpt^2).

    U_x    expanded uncertainties that the laboratories state, above 0, all with the same coverage
    U_xpt  expanded uncertainty of the assigned value with that coverage, 0 or more

    >>> e_n(["0.05"], 0, ["0.04"], "0.03").value
    array([1.])

    ISO 13528:2022, 9.7.
    """
    rows = Rows.of(x)
    own_u = positive("U_x", rows.per_result("U_x", U_x))
    u = not_negative("U_xpt", rows.per_measurand("U_xpt", U_xpt))
    return scored("e_n", (rows.x, rows.per_measurand("x_pt", x_pt)), (own_u, u))


@dataclass(frozen=True, eq=False)
class EzScores:
    """E_z of every result: against the lower and the upper end of the assigned value's interval."""

    minus: Score
    plus: Score


def e_z(x: Any, x_pt: Any, U_x: Any, U_xpt: Any) -> EzScores:  # noqa: N803
    """Return E_z- = (x - (x_pt - U_xpt)) / U_x and E_z+ = (x - (x_pt + U_xpt)) / U_x.

    U_x and U_xpt as in :func:`e_n`. Of ISO 13528:2005; the editions of 2015 and 2022 have it no
    more.

    >>> both = e_z(["10.4"], 10, ["0.5"], "0.2")
    >>> both.minus.value, both.plus.value
    (array([1.2]), array([0.4]))
    """
    rows = Rows.of(x)
    own_u = positive("U_x", rows.per_result("U_x", U_x))
    half = not_negative("U_xpt", rows.per_measurand("U_xpt", U_xpt))
    assigned = rows.per_measurand("x_pt", x_pt)
    minus = scored("e_z_minus", (rows.x, assigned, half.negated()), (own_u,))
    return EzScores(minus, scored("e_z_plus", (rows.x, assigned, half), (own_u,)))


def ceiling(p: int) -> float:
    """Return what |z| cannot exceed when x_pt and sigma_pt are mean and SD of the same p results.

    It is (p - 1) / sqrt(p): below 3 up to p = 10, so that nobody could ever be unsatisfactory.

    >>> round(ceiling(5), 3), round(ceiling(11), 3)
    (1.789, 3.015)

    Shiffler (1988), Maximum z scores and outliers, The American Statistician 42(1), 79-80.
    """
    p = check.at_least("p", p, 2)
    return (p - 1) / sqrt(p)
