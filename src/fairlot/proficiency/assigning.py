"""The assigned value and sigma_pt of one level, as its terms say, in numbers that can be graded.

What is stated is used as written; what is computed is the shortest decimal of its double, rounded
first where the scheme says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from fairlot.proficiency.censored_normal import censored_normal
from fairlot.proficiency.choice import Unassigned
from fairlot.proficiency.decimals import decimal
from fairlot.proficiency.estimators import consensus, spread
from fairlot.proficiency.experts import expert_consensus
from fairlot.proficiency.sigma import horwitz_thompson, sigma_from_precision, sigma_from_round
from fairlot.proficiency.submitted import Submitted
from fairlot.proficiency.terms import Measurand
from fairlot.proficiency.terms_of_value import Sigma
from fairlot.proficiency.value import (
    AssignedValue,
    Budget,
    by_experts,
    by_likelihood,
    by_participants,
    certified,
    formulated,
)

__all__ = ["Assigned", "assigned", "sigma_of"]


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
        return _stated(terms, value.x_pt)
    if value.labs:
        return _by_experts(terms, [row for row in used if row.lab in value.labs])
    if value.method == "likelihood":
        return _by_likelihood(terms, used)
    x = _numbers(terms, used)
    found = consensus(value, x)
    if not found.no_scale:
        return _computed(terms, by_participants(found, budget=_budget(terms)), found.s_star)
    if terms.score not in ("auto", "z", "pa") or (terms.sigma and terms.sigma.method == "round"):
        raise Unassigned("no_scale", got=x.size)
    # What all report can be held to a sigma_pt, though its uncertainty is unknown.
    return Assigned(_value(terms, _exact(found.x_star)), None, found.algorithm)


def _numbers(terms: Measurand, rows: Sequence[Submitted]) -> Any:
    x = [row.x for row in rows if row.form == "number" and row.x is not None]
    if len(x) < terms.least:
        raise Unassigned("too_few", got=len(x), want=terms.least)
    return np.array(x, dtype=float)


def _budget(terms: Measurand) -> Budget:
    return Budget(u_hom=terms.u_hom, u_trans=terms.u_trans, u_stab=terms.u_stab)


def _stated(terms: Measurand, x_pt: str) -> Assigned:
    value, found = terms.value, _value(terms, Fraction(x_pt))
    if not value.u and not value.U:
        return Assigned(found, None, value.method)
    if value.u:
        whole, alone = formulated(x_pt, value.u, budget=_budget(terms)), Fraction(value.u)
    else:
        whole = certified(x_pt, value.U, value.k, budget=_budget(terms))
        alone = Fraction(value.U or 0) / Fraction(value.k or 1)
    u = _exact(whole.u_xpt) if terms.has_budget else alone
    return Assigned(found, u, value.method)


def _by_experts(terms: Measurand, rows: Sequence[Submitted]) -> Assigned:
    # Sorted, so that the order of the rows cannot move the last digit of a sum.
    whole = sorted(
        (row.x, row.u) for row in rows if row.form == "number" and row.x is not None and row.u
    )
    if len(whole) < 2:
        raise Unassigned("experts", got=len(whole), labs=", ".join(terms.value.labs))
    x, u = (np.array(column, dtype=float) for column in zip(*whole, strict=True))
    found = expert_consensus(x, u, method=terms.value.combine)
    return _computed(terms, by_experts(found, budget=_budget(terms)))


def _by_likelihood(terms: Measurand, rows: Sequence[Submitted]) -> Assigned:
    seen = _numbers(terms, rows).size
    x = np.array([row.x for row in rows], dtype=float)
    found = censored_normal(x, np.array([row.form == "below" for row in rows]))
    if found.no_scale or not found.converged:
        raise Unassigned("no_scale", got=seen)
    return _computed(terms, by_likelihood(found, budget=_budget(terms)), found.sigma)


def _computed(terms: Measurand, found: AssignedValue, s_star: float | None = None) -> Assigned:
    x_pt = _value(terms, _exact(found.x_pt))
    return Assigned(x_pt, _exact(found.u_xpt), found.method, s_star)


def _value(terms: Measurand, x_pt: Fraction) -> Fraction:
    """Return x_pt as it is printed."""
    return x_pt if terms.round_x_pt is None else round(x_pt, terms.round_x_pt)


def _exact(value: Any) -> Fraction:
    found = decimal(value)
    assert found is not None  # every estimate is finite, as all its results are
    return found


def sigma_of(terms: Measurand, found: Assigned, used: Sequence[Submitted] = ()) -> Fraction | None:
    """Return sigma_pt of a level, None where its score needs none.

    used  the results of which a scale of the round is made

    Raises Unassigned where it would not be above 0.
    """
    if terms.sigma is None:
        return None
    if terms.sigma.method == "round":
        sigma = _of_round(terms, terms.sigma, found, used)
    else:
        sigma = _SIGMA[terms.sigma.method](terms.sigma, found)
    places = terms.round_sigma_pt
    sigma = sigma if places is None else round(sigma, places)
    if sigma <= 0:
        raise Unassigned("sigma", got=float(sigma))
    return sigma


def _written(text: str | None) -> Fraction:
    return Fraction(text or 0)


def _horwitz(sigma: Sigma, found: Assigned) -> Fraction:
    if found.x_pt <= 0:
        raise Unassigned("horwitz", got=float(found.x_pt))
    return _exact(horwitz_thompson(float(found.x_pt), per_unit=sigma.per_unit).sigma_pt)


def _of_precision(sigma: Sigma, found: Assigned) -> Fraction:
    study = sigma_from_precision(sigma.sigma_R, sigma.sigma_r, sigma.replicates or 1)
    return _exact(study.sigma_pt)


def _of_round(
    terms: Measurand, sigma: Sigma, found: Assigned, used: Sequence[Submitted]
) -> Fraction:
    scale = spread(sigma, _numbers(terms, used)) if sigma.estimator else found
    if not scale.s_star:
        raise Unassigned("no_scale", got=len(used))
    return _exact(sigma_from_round(scale, lower=sigma.lower, upper=sigma.upper).sigma_pt)


_SIGMA: dict[str, Callable[[Sigma, Assigned], Fraction]] = {
    "fixed": lambda sigma, found: _written(sigma.sigma_pt),
    "percent": lambda sigma, found: abs(found.x_pt) * _written(sigma.percent) / 100,
    "delta_e": lambda sigma, found: _written(sigma.delta_e) / 3,
    "horwitz": _horwitz,
    "precision": _of_precision,
    "earlier": lambda s, found: _written(s.intercept) + _written(s.slope) * found.x_pt,
}
"""Rules of exact figures are worked out in fractions; the others are functions of :mod:`sigma`."""
