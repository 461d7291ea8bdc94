"""The assigned value x_pt of a round and the budget of its standard uncertainty.

Five ways to characterise it (ISO 13528:2022, 7.3 to 7.7), one budget (7.2):
``u_xpt = sqrt(u_char^2 + u_hom^2 + u_trans^2 + u_stab^2)``.

Numbers stand for one measurand, arrays for many; x_pt and all u are in the unit of the results.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.batch import per_measurand
from fairlot.proficiency.censored_normal import CensoredNormal
from fairlot.proficiency.decimals import Decimals, single
from fairlot.proficiency.estimate import Estimate
from fairlot.proficiency.experts import ExpertConsensus
from fairlot.proficiency.rows import Rows, not_negative, positive

__all__ = [
    "AssignedValue",
    "Budget",
    "by_experts",
    "by_likelihood",
    "by_one_laboratory",
    "by_participants",
    "certified",
    "formulated",
]


@dataclass(frozen=True)
class Budget:
    """What adds to the uncertainty of characterisation, each a standard uncertainty of 0 or more.

    u_hom    between items, s_s of the homogeneity check
    u_trans  by transport
    u_stab   by instability during the round
    """

    u_hom: Any = 0.0
    u_trans: Any = 0.0
    u_stab: Any = 0.0


NOTHING_ELSE = Budget()


@dataclass(frozen=True, eq=False)
class AssignedValue:
    """An assigned value: numbers for one measurand, arrays for many.

    x_pt    the value
    u_xpt   its standard uncertainty
    u_char  the part of it that comes from the characterisation
    budget  the other parts
    source  "formulation", "crm", "one_laboratory", "experts" or "participants"
    method  by which the characterisation was calculated, with its version; "" when it was stated
    """

    x_pt: Any
    u_xpt: Any
    u_char: Any
    budget: Budget
    source: str
    method: str = ""
    algorithm: str = "assigned_value/1"


def formulated(x_pt: Any, u_char: Any, *, budget: Budget = NOTHING_ELSE) -> AssignedValue:
    """Return a value known from the formulation of the item, such as weighing.

    u_char  its standard uncertainty by the GUM

    >>> formulated(10.0, 0.3, budget=Budget(u_hom=0.4)).u_xpt
    0.5

    ISO 13528:2022, 7.3.
    """
    return _assigned(x_pt, u_char, budget, "formulation")


# U and k are the names in every certificate.
def certified(x_pt: Any, U: Any, k: Any, *, budget: Budget = NOTHING_ELSE) -> AssignedValue:  # noqa: N803
    """Return the certified value of a reference material, or one stated by a reference laboratory.

    U, k  expanded uncertainty and its coverage factor, above 0; ``u_char = U / k``

    >>> certified(21.62, 0.52, 2).u_char
    0.26

    ISO 13528:2022, 7.4.
    """
    factor = positive("k", Rows.each("k", k).x).floats
    u = not_negative("U", Rows.each("U", U).x).floats / factor
    return _assigned(x_pt, u, budget, "crm")


def by_one_laboratory(
    differences: Any, x_crm: float, u_crm: float, *, budget: Budget = NOTHING_ELSE
) -> AssignedValue:
    """Return the value of an item compared with a reference material in one laboratory.

    differences  (n,) item minus reference material, one for each pair measured side by side, n >= 2
    x_crm        certified value, and ``u_crm`` its standard uncertainty

    ``x_pt = x_crm + mean``, ``u_char = sqrt(u_crm^2 + sd^2 / n)``.

    >>> found = by_one_laboratory([1.0, 2.0, 3.0, 2.0], 21.0, 0.3)
    >>> found.x_pt, round(found.u_char, 4)
    (23.0, 0.5066)

    ISO 13528:2022, 7.5.2.
    """
    pairs = Decimals.of("differences", differences).floats
    check.at_least("the number of differences", pairs.size, 2)
    crm = not_negative("u_crm", Rows.each("u_crm", u_crm).x).floats[0]
    x_pt = Decimals.of("x_crm", x_crm).floats[0] + pairs.mean()
    u_char = np.hypot(crm, pairs.std(ddof=1) / np.sqrt(pairs.size))
    return _assigned(x_pt, u_char, budget, "one_laboratory")


def by_experts(consensus: ExpertConsensus, *, budget: Budget = NOTHING_ELSE) -> AssignedValue:
    """Return the consensus of expert laboratories as assigned value.

    >>> from fairlot.proficiency.experts import expert_consensus
    >>> found = by_experts(expert_consensus([10.1, 10.5], [0.1, 0.1]))
    >>> round(found.x_pt, 6), found.method
    (10.3, 'mandel_paule/1')

    ISO 13528:2022, 7.6.
    """
    return _assigned(consensus.x_pt, consensus.u_char, budget, "experts", consensus.algorithm)


def by_participants(estimate: Estimate, *, budget: Budget = NOTHING_ELSE) -> AssignedValue:
    """Return the consensus of the participants as assigned value.

    estimate  of a robust method; ``u_char = 1.25 s_star / sqrt(p)``, formula (6), and
              ``s / sqrt(p)`` of the arithmetic mean

    Their results already spread by what differs between items, so that ``u_hom`` in the budget
    counts it twice.

    Raises InvalidInput where the estimate has no scale: nothing is then known of its uncertainty.

    >>> from fairlot.proficiency.algorithm_a import algorithm_a
    >>> found = by_participants(algorithm_a([9.8, 9.9, 10.0, 10.1, 10.2]))
    >>> round(found.x_pt, 6), found.method
    (10.0, 'algorithm_a/1')

    ISO 13528:2022, 7.7.
    """
    flat = np.flatnonzero(np.atleast_1d(estimate.no_scale))
    if flat.size:
        raise InvalidInput(
            "measurand {i}: too many results are equal for a scale; want an assigned value of"
            " another source",
            zh="第 {i} 个检测参数：相同的结果过多，没有稳健标准差，应采用其他来源的指定值",
            i=int(flat[0]),
        )
    return _assigned(estimate.x_star, estimate.u_xpt, budget, "participants", estimate.algorithm)


def by_likelihood(found: CensoredNormal, *, budget: Budget = NOTHING_ELSE) -> AssignedValue:
    """Return the consensus of results and limits "<L" together as assigned value.

    >>> from fairlot.proficiency.censored_normal import censored_normal
    >>> x, below = [9.0, 9.8, 10.0, 10.2, 9.9], [True, False, False, False, False]
    >>> round(by_likelihood(censored_normal(x, below)).x_pt, 2)
    9.73

    ISO 13528:2022, 5.5.3, which names the likelihood and gives no procedure.
    """
    return _assigned(found.mu, found.se_mu, budget, "participants", found.algorithm)


def _assigned(
    x_pt: Any, u_char: Any, budget: Budget, source: str, method: str = ""
) -> AssignedValue:
    rows = Rows.each("x_pt", x_pt)
    parts = {"u_char": u_char, **vars(budget)}
    columns = [
        not_negative(name, rows.per_measurand(name, part)).floats for name, part in parts.items()
    ]
    total: Floats = np.sqrt(sum(column**2 for column in columns))
    many = not single(x_pt)
    value, u_xpt, u = (
        per_measurand(column, many) for column in (rows.x.floats.copy(), total, columns[0])
    )
    return AssignedValue(value, u_xpt, u, budget, source, method)
