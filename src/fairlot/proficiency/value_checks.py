"""Is an assigned value good enough: its uncertainty negligible, and a reference near it?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.errors import InvalidInput
from fairlot.proficiency.batch import per_measurand
from fairlot.proficiency.decimals import single
from fairlot.proficiency.grading import Grading, grade
from fairlot.proficiency.rows import Rows, not_negative, positive
from fairlot.proficiency.score import scored

__all__ = ["AgainstReference", "against_reference", "negligible"]

SHARES = {"sigma_pt": "0.3", "delta_e": "0.1"}
"""Of what is tolerated, the share that the assigned value's uncertainty may have."""
AGREES = Grading(("2",), ("agrees", "investigate"), ("better",))


def negligible(
    u_xpt: Any, *, sigma_pt: Any = None, delta_e: Any = None, strict: bool = True
) -> Any:
    """Return whether the uncertainty of the assigned value can be left out of the scores.

    u_xpt     standard uncertainties, 0 or more: one number, or one a measurand
    sigma_pt  or ``delta_e``: of these one, above 0; the limit is 0.3 sigma_pt or 0.1 delta_e
    strict    True for "less than" the limit, as ISO 13528:2022, 9.2.1, formula (10), is read; False
              for "at most", as many protocols and older texts say

    At the limit it is decided in decimals. Where it is not negligible: :func:`z_prime`, or
    :func:`zeta`, or the report says that scores are affected.

    >>> negligible("0.09", sigma_pt="0.3"), negligible("0.09", sigma_pt="0.3", strict=False)
    (False, True)
    """
    ((name, tolerated),) = _one_of({"sigma_pt": sigma_pt, "delta_e": delta_e}).items()
    rows = Rows.each("u_xpt", u_xpt)
    below = positive(name, rows.per_measurand(name, tolerated))
    share = scored("share", (not_negative("u_xpt", rows.x),), (below,))
    limit = Grading((SHARES[name],), ("yes", "no"), ("worse" if strict else "better",))
    return per_measurand(grade(share, limit).code == 0, not single(u_xpt))


def _one_of(given: dict[str, Any]) -> dict[str, Any]:
    there = {name: value for name, value in given.items() if value is not None}
    if len(there) != 1:
        raise InvalidInput(
            "{got} given; want one of {want}",
            zh="给出了 {got}，应在 {want} 中给出一个",
            got=" and ".join(there) or "neither",
            want=" and ".join(given),
        )
    return there


@dataclass(frozen=True, eq=False)
class AgainstReference:
    """An assigned value beside a reference: numbers for one measurand, arrays for many.

    x_diff  x_ref - x_pt
    u_diff  its standard uncertainty
    agrees  whether |x_diff| <= 2 u_diff; else the reason must be looked for
    """

    x_diff: Any
    u_diff: Any
    agrees: Any
    algorithm: str = "against_reference/1"


def against_reference(x_pt: Any, u_xpt: Any, x_ref: Any, u_ref: Any) -> AgainstReference:
    """Compare an assigned value with a reference value, usually a consensus with a certified one.

    All four are one number, or one a measurand; u_ref is above 0.

    >>> found = against_reference(10.0, 0.03, 10.1, 0.04)
    >>> round(found.x_diff, 12), round(found.u_diff, 12), found.agrees
    (0.1, 0.05, True)

    ISO 13528:2022, 7.8.
    """
    rows, many = Rows.each("x_ref", x_ref), not single(x_ref)
    ours = rows.per_measurand("x_pt", x_pt)
    u = not_negative("u_xpt", rows.per_measurand("u_xpt", u_xpt))
    theirs = positive("u_ref", rows.per_measurand("u_ref", u_ref))
    score = scored("against_reference", (rows.x, ours), (theirs, u))
    u_diff = np.hypot(theirs.floats, u.floats)
    x_diff = scored("d", (rows.x, ours), (rows.ones(),)).value.copy()
    agrees = grade(score, AGREES).code == 0
    return AgainstReference(*(per_measurand(each, many) for each in (x_diff, u_diff, agrees)))
