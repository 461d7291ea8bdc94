"""The assigned value and sigma_pt of one level, as its terms say, in numbers that can be graded.

What is stated is used as written; what is computed is the shortest decimal of its double, rounded
first where the scheme says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import hypot
from typing import Any

import numpy as np

from fairlot.proficiency.algorithm_a import algorithm_a
from fairlot.proficiency.censored_normal import censored_normal
from fairlot.proficiency.choice import Unassigned
from fairlot.proficiency.classical import mean_sd
from fairlot.proficiency.decimals import decimal
from fairlot.proficiency.estimate import Estimate
from fairlot.proficiency.experts import expert_consensus
from fairlot.proficiency.hampel import hampel
from fairlot.proficiency.mad_e import mad_e
from fairlot.proficiency.sigma import horwitz_thompson, sigma_from_precision
from fairlot.proficiency.submitted import Submitted
from fairlot.proficiency.terms import Measurand, Sigma

__all__ = ["Assigned", "assigned", "sigma_of"]

CONSENSUS: dict[str, Callable[..., Estimate]] = {
    "mean": mean_sd,
    "median": mad_e,
    "algorithm_a": algorithm_a,
    "hampel": hampel,
}


@dataclass(frozen=True)
class Assigned:
    """The assigned value of a level.

    x_pt     as it is graded with
    u_xpt    its standard uncertainty; None where it was not stated, or a consensus has no scale
    method   of the scheme's terms, with the version of the algorithm where there is one
    s_star   robust standard deviation of the participants; None without a consensus
    """

    x_pt: Fraction
    u_xpt: Fraction | None
    method: str
    s_star: float | None = None


def assigned(terms: Measurand, used: Sequence[Submitted]) -> Assigned:
    """Return the assigned value of a level.

    used  its first results, without blunders: those that a consensus is formed of

    Raises Unassigned, with the reason, where there can be none.
    """
    value = terms.value
    if value.x_pt is not None:
        stated = Fraction(value.u) if value.u else _standard(value.U, value.k)
        return _rounded(terms, Fraction(value.x_pt), stated, value.method)
    if value.labs:
        return _by_experts(terms, [row for row in used if row.lab in value.labs])
    if value.method == "likelihood":
        return _by_likelihood(terms, used)
    numbers = _numbers(used)
    if len(numbers) < terms.least:
        raise Unassigned("too_few", got=len(numbers), want=terms.least)
    edition = {"edition": value.edition} if value.method == "algorithm_a" else {}
    found = CONSENSUS[value.method](np.array(numbers, dtype=float), **edition)
    if not found.no_scale:
        return _rounded(terms, found.x_star, found.u_xpt, found.algorithm, found.s_star)
    if terms.score not in ("auto", "z", "pa") or (terms.sigma and terms.sigma.method == "round"):
        raise Unassigned("no_scale", got=len(numbers))
    return _rounded(
        terms, found.x_star, None, found.algorithm
    )  # what all report, held to a sigma_pt


def _standard(expanded: str | None, k: str | None) -> Fraction | None:
    return Fraction(expanded) / Fraction(k) if expanded and k else None


def _numbers(rows: Sequence[Submitted]) -> list[Fraction]:
    return [row.x for row in rows if row.form == "number" and row.x is not None]


def _by_experts(terms: Measurand, rows: Sequence[Submitted]) -> Assigned:
    # Sorted, so that the order of the rows cannot move the last digit of a sum.
    whole = sorted(
        (row.x, row.u) for row in rows if row.form == "number" and row.x is not None and row.u
    )
    if len(whole) < 2:
        raise Unassigned("experts", got=len(whole), want=", ".join(terms.value.labs))
    x, u = (np.array(column, dtype=float) for column in zip(*whole, strict=True))
    found = expert_consensus(x, u, method=terms.value.combine)
    return _rounded(terms, found.x_pt, found.u_char, found.algorithm)


def _by_likelihood(terms: Measurand, rows: Sequence[Submitted]) -> Assigned:
    told = [row for row in rows if row.form in ("number", "below")]
    seen = sum(row.form == "number" for row in told)
    if seen < terms.least:
        raise Unassigned("too_few", got=seen, want=terms.least)
    x = np.array([row.x for row in told], dtype=float)
    found = censored_normal(x, np.array([row.form == "below" for row in told]))
    if found.no_scale or not found.converged:
        raise Unassigned("no_scale", got=seen)
    return _rounded(terms, found.mu, found.se_mu, found.algorithm, found.sigma)


def _rounded(
    terms: Measurand, x_pt: Any, u_char: Any, method: str, s_star: float | None = None
) -> Assigned:
    """Return the value with its whole budget, rounded as it is printed."""
    value, places = _exact(x_pt), terms.round_x_pt
    parts = (terms.u_hom, terms.u_stab, terms.u_trans)
    u = None if u_char is None else _exact(u_char)
    if u is not None and any(map(float, parts)):
        u = _exact(hypot(u, *map(float, parts)))
    return Assigned(value if places is None else round(value, places), u, method, s_star)


def _exact(value: Any) -> Fraction:
    found = decimal(value)
    assert found is not None  # every estimate is finite, as all its results are
    return found


def sigma_of(terms: Measurand, found: Assigned) -> Fraction | None:
    """Return sigma_pt of a level, None where its score needs none.

    Raises Unassigned where it would not be above 0.
    """
    if terms.sigma is None:
        return None
    sigma, places = _SIGMA[terms.sigma.method](terms.sigma, found), terms.round_sigma_pt
    sigma = sigma if places is None else round(sigma, places)
    if sigma <= 0:
        raise Unassigned("sigma", got=float(sigma))
    return sigma


def _stated(text: str | None) -> Fraction:
    return Fraction(text or 0)


def _horwitz(sigma: Sigma, found: Assigned) -> Fraction:
    if found.x_pt <= 0:
        raise Unassigned("horwitz", got=float(found.x_pt))
    return _exact(horwitz_thompson(float(found.x_pt), per_unit=sigma.per_unit).sigma_pt)


def _of_precision(sigma: Sigma, found: Assigned) -> Fraction:
    study = sigma_from_precision(sigma.sigma_R, sigma.sigma_r, sigma.replicates or 1)
    return _exact(study.sigma_pt)


def _of_round(sigma: Sigma, found: Assigned) -> Fraction:
    if found.s_star is None:
        raise Unassigned("round", got=found.method)
    return min(max(_exact(found.s_star), _stated(sigma.lower)), _stated(sigma.upper))


_SIGMA: dict[str, Callable[[Sigma, Assigned], Fraction]] = {
    "fixed": lambda sigma, found: _stated(sigma.sigma_pt),
    "percent": lambda sigma, found: abs(found.x_pt) * _stated(sigma.percent) / 100,
    "delta_e": lambda sigma, found: _stated(sigma.delta_e) / 3,
    "horwitz": _horwitz,
    "precision": _of_precision,
    "earlier": lambda s, found: _stated(s.intercept) + _stated(s.slope) * found.x_pt,
    "round": _of_round,
}
