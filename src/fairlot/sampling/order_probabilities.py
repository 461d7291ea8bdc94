"""What order sampling really does: exact probabilities of Pareto, sequential Poisson, successive.

A unit is drawn when fewer than n of the other ranks lie below its own. Given its rank t, the others
lie below independently, unit j with probability ``F_j(t)``, so their number is Poisson-binomial:

    pi_i   = integral of P(fewer than n     of the others below t)             dF_i(t)
    pi_ij  = integral of P(fewer than n - 1 of the others below t)  d(F_i F_j)(t)

The second because both are drawn when the larger of their ranks is. Integrated over ``log t`` by
Gauss-Legendre rules on panels, which no kink of an ``F_j`` crosses.

What is below t at one node: ``phi(a) = prod (1 - F_j + F_j e^ia)`` at M angles ``2 pi k / M`` gives
the probabilities of all counts modulo M, and to leave units out means to divide by their factors.
As in :mod:`~fairlot.sampling.poisson_binomial`, ``|phi| <= exp(-V (1 - cos a))``, V = sum F (1 - F),
leaves some 26 angles that matter however large N is. M covers all counts that are not farther from
the mean than Bernstein's inequality allows.

Aires (1999), Algorithms to find exact inclusion probabilities for conditional Poisson sampling and
Pareto pi-ps sampling designs, Methodology and Computing in Applied Probability 1(4), 457-469,
doi:10.1023/A:1010091628740, has recursions for the same integrals of Pareto.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.sample import inside

__all__ = [
    "order_inclusion_probabilities",
    "pareto_joint",
    "sequential_poisson_joint",
    "successive_joint",
]

NODES = 16  # of the longest panel
PANEL = 1.0  # greatest length of a panel over log t
SPREAD = 3.0  # nor is it longer than this many standard deviations of the n-th smallest rank
EXPONENT = 40.0  # exp(-40) = 4e-18 is left out: of ranks at either end, of angles, of counts
FARTHEST = 80.0  # no end lies beyond: e^-80 is below any probability times N
MOST = 10**9  # units times nodes
BLOCK = 1024  # units that stay near the processor while angles change
TINY = 1e-300


class _Ranks(NamedTuple):
    """A family of ranks: F, its derivative by ``log t``, and at which ``log t`` that jumps."""

    below: Callable[[float, Floats], Floats]
    density: Callable[[float, Floats], Floats]
    kinks: Callable[[Floats], Floats]


_RANKS = {
    "pareto": _Ranks(
        lambda t, pi: t * pi / (1 - pi + t * pi),
        lambda t, pi: t * pi * (1 - pi) / (1 - pi + t * pi) ** 2,
        lambda pi: np.empty(0),
    ),
    "sequential_poisson": _Ranks(
        lambda t, pi: np.minimum(t * pi, 1.0),
        lambda t, pi: np.where(t * pi < 1, t * pi, 0.0),
        lambda pi: -np.log(pi),
    ),
    "successive": _Ranks(
        lambda t, pi: -np.expm1(t * np.log1p(-pi)),
        lambda t, pi: -t * np.log1p(-pi) * np.exp(t * np.log1p(-pi)),
        lambda pi: np.empty(0),
    ),
}


class _Nodes(NamedTuple):
    """Where the integrals look; those drawn for sure when they rank below ``start`` come first."""

    start: float
    t: Floats  # (Q,)
    weight: Floats  # (Q,) over log t


class _Angles(NamedTuple):
    """How likely fewer than a given number happen: ``sum re / (factors)`` over angles a.

    fall, turn  (K,) 1 - cos a, sin a
    re, im      (K,) phi and the sum of ``e^-ias`` over all s below that number, and 1 / M
    """

    fall: Floats
    turn: Floats
    re: Floats
    im: Floats


def order_inclusion_probabilities(pi: ArrayLike, *, design: str = "pareto") -> Floats:
    """Return the exact probability with which each unit is drawn by an order design.

    pi      (N,) the target probabilities, adding up to a whole number
    design  "pareto", "sequential_poisson" or "successive"

    Within 1e-10 by quadrature (1e-14 where it was compared); units with ``pi`` 0 or 1 keep it.

    O(N) for each of 100 to 300 nodes, some 70 ns a unit and node: .01 s at N = 300, .1 s at 10^4,
    1.5 s at 10^5. Sequential Poisson needs 2 to 8 nodes more for each different ``pi`` near 1 that
    may be the last one drawn: .3 s and 6 s for lognormal sizes. Memory O(N).

    Raises Infeasible when units times nodes are above 10^9, more than a minute's work: ``pareto``
    stays below it up to 3 * 10^6 units.

    >>> order_inclusion_probabilities([0.5, 0.5, 1.0])
    array([0.5, 0.5, 1. ])
    """
    array = check.probabilities(pi)
    ranks = _ranks(design)
    exact, units = array.copy(), inside(array)
    n = check.fixed_size(array) - int(np.count_nonzero(array == 1))
    if 0 < n < units.size:
        exact[units] = _drawn(array[units], n, ranks)
    else:
        exact[units] = n > 0
    return exact


def pareto_joint(pi: Floats) -> PairProbability:
    """Return the exact joint probability of pairs under :func:`~fairlot.sampling.pareto`.

    Within 1e-10. O(N) a node to prepare, then 70 ns a node for a pair and O(N) a node for a block
    of pairs; nodes and refusals as for :func:`order_inclusion_probabilities`.
    """
    return _joint(pi, "pareto")


def sequential_poisson_joint(pi: Floats) -> PairProbability:
    """Return the exact joint probability of pairs under :func:`~fairlot.sampling.sequential_poisson`.

    Accuracy and cost as for :func:`pareto_joint`.
    """
    return _joint(pi, "sequential_poisson")


def successive_joint(pi: Floats) -> PairProbability:
    """Return the exact joint probability of pairs under :func:`~fairlot.sampling.successive`.

    Accuracy and cost as for :func:`pareto_joint`.
    """
    return _joint(pi, "successive")


def _ranks(design: str) -> _Ranks:
    if design not in _RANKS:
        raise InvalidInput(
            "design is {got!r}; want one of {want}",
            zh="design 为 {got!r}，应为 {want} 之一",
            got=design,
            want=", ".join(_RANKS),
        )
    return _RANKS[design]


def _drawn(pi: Floats, n: int, ranks: _Ranks) -> Floats:
    nodes = _nodes(pi, n, ranks)
    drawn, nobody = ranks.below(nodes.start, pi), np.zeros(pi.size)
    for t, weight in zip(nodes.t, nodes.weight, strict=True):
        below = ranks.below(t, pi)
        in_time = _fewer_without(below, nobody, _angles(below, n))
        drawn += weight * ranks.density(t, pi) * in_time
    return drawn


def _joint(pi: Floats, design: str) -> PairProbability:
    n, ranks = check.fixed_size(pi), _RANKS[design]
    if n < 2:
        return lambda i, j: np.zeros(i.shape)
    nodes = _nodes(pi, n, ranks)
    angles = [_angles(ranks.below(t, pi), n - 1) for t in nodes.t]

    def both_drawn(i: Ints, j: Ints) -> Floats:
        start = ranks.below(nodes.start, pi)
        both = start[i] * start[j]
        for t, weight, at in zip(nodes.t, nodes.weight, angles, strict=True):
            below, density = ranks.below(t, pi), weight * ranks.density(t, pi)
            larger = density[i] * below[j] + below[i] * density[j]
            both += larger * _fewer_without(below[i].ravel(), below[j].ravel(), at).reshape(i.shape)
        # Two places leave room for every pair; where it is all but impossible the rule may err to -.
        return np.maximum(both, TINY)

    return both_drawn


def _nodes(pi: Floats, n: int, ranks: _Ranks) -> _Nodes:
    """Return nodes that span all t at which it is open whether n ranks lie below."""
    first, last = _end(n + 1, pi, ranks, -FARTHEST), _end(n - 1, pi, ranks, FARTHEST)
    # Where hardly any unit is open, the n-th rank still varies by the distance between two ranks.
    units = max(float(pi.sum() - (pi * pi).sum()), 1.0) ** 0.5
    longest = min(PANEL, SPREAD * units / float(ranks.density(1.0, pi).sum()))
    edges = _edges(first, last, ranks.kinks(pi), longest)
    # The error falls like (length / (10^.5 longest))^(2 nodes).
    count = np.ceil(NODES / (1 + 2 * np.log10(longest / np.diff(edges)))).astype(np.int64)
    _affordable(int(count.sum()), pi.size)
    at, weight = _gauss(edges, count)
    return _Nodes(float(np.exp(first)), np.exp(at), weight)


def _end(k: int, pi: Floats, ranks: _Ranks, farthest: float) -> float:
    """Return the ``log t`` nearest to 0, to .1, from which on ``k`` below is beyond belief."""
    near, far = 0.0, farthest
    while abs(far - near) > 0.1:
        middle = (near + far) / 2
        rare = _rarity(k, ranks.below(float(np.exp(middle)), pi)) >= EXPONENT
        near, far = (near, middle) if rare else (middle, far)
    return far


def _rarity(k: int, below: Floats) -> float:
    """Return x such that ``k`` or a number farther from the mean has a probability up to exp(-x).

    The better of two bounds: Hoeffding's (1963, theorem 1, doi:10.1080/01621459.1963.10500830),
    which sees how many units there are, and Bernstein's, which sees how few are open.
    """
    mean, rest = float(below.sum()), float((1 - below).sum())
    far = abs(k - mean)
    bernstein = far**2 / (2 * float((below * (1 - below)).sum()) + 2 * far / 3)
    return max(bernstein, _log_ratio(k, mean) + _log_ratio(below.size - k, rest))


def _log_ratio(a: int, b: float) -> float:
    return float(a * np.log(a / max(b, TINY))) if a else 0.0


def _edges(first: float, last: float, kinks: Floats, longest: float) -> Floats:
    """Return where panels begin and end."""
    fixed = np.unique(np.r_[first, kinks[(first < kinks) & (kinks < last)], last])
    pieces = np.ceil(np.diff(fixed) / longest).astype(np.int64)
    inner = map(np.linspace, fixed[:-1], fixed[1:], pieces + 1)
    return np.unique(np.concatenate(list(inner)))


def _gauss(edges: Floats, count: Ints) -> tuple[Floats, Floats]:
    """Return the nodes and weights of Gauss-Legendre rules with ``count`` nodes a panel."""
    at, weights = [], []
    for size in np.unique(count):
        node, weight = np.polynomial.legendre.leggauss(int(size))
        panel = np.flatnonzero(count == size)
        half = np.diff(edges)[panel, None] / 2
        at.append((edges[panel, None] + half * (1 + node)).ravel())
        weights.append((half * weight).ravel())
    return np.concatenate(at), np.concatenate(weights)


def _affordable(nodes: int, units: int) -> None:
    if nodes * units > MOST:
        raise Infeasible(
            "{units} units at {nodes} nodes; want a product of at most {most}: take a design of exact"
            " pi, or pareto, which needs fewer nodes",
            zh="{units} 个单位、{nodes} 个积分节点，乘积应不超过 {most}；"
            "请改用 pi 精确的设计，或节点较少的 pareto",
            units=units,
            nodes=nodes,
            most=MOST,
        )


def _angles(below: Floats, number: int) -> _Angles:
    """Return the angles by which to tell how likely fewer than ``number`` events happen."""
    mean, variance = float(below.sum()), float((below * (1 - below)).sum())
    room = EXPONENT / 3 + ((EXPONENT / 3) ** 2 + 2 * EXPONENT * variance) ** 0.5
    least = max(0, int(mean - room) - 2)  # of two units less, and what it may be
    m = min(int(2 * room) + 5, below.size + 1) | 1  # odd: at angle pi a factor may vanish
    counts = min(max(number - least, 0), m)
    k = np.arange(m // 2 + 1)
    fall = 2 * np.sin(np.pi * k / m) ** 2
    k = k[variance * fall <= EXPONENT]
    turn = np.sin(2 * np.pi * k / m)
    re, im = _characteristic(below, fall[: k.size], turn)
    # e^-ias summed over consecutive s; multiples of a as whole numbers first, or digits are lost.
    total = np.sin(np.pi * (k * counts % (2 * m)) / m)
    total[1:] /= np.sin(np.pi * k[1:] / m) / 2  # doubled for the angle's conjugate
    total[0] = counts
    middle = -np.pi * (k * (2 * least + counts - 1) % (2 * m)) / m
    a = (re + 1j * im) * np.exp(1j * middle) * total / m
    return _Angles(fall[: k.size], turn, a.real.copy(), a.imag.copy())


@kernel
def _characteristic(below: Floats, fall: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Return ``prod (1 - p + p e^ia)``."""
    re, im = np.ones(fall.size), np.zeros(fall.size)
    for p in below:
        for k in range(fall.size):
            x, y = 1 - p * fall[k], p * turn[k]
            re[k], im[k] = re[k] * x - im[k] * y, re[k] * y + im[k] * x
    return re, im


@kernel
def _fewer_without(p: Floats, q: Floats, at: _Angles) -> Floats:
    """Return how likely fewer happen without two events of chances p and q (0: one that never is)."""
    total = np.zeros(p.size)
    for start in range(0, p.size, BLOCK):
        for k in range(at.fall.size):
            fall, turn, re, im = at.fall[k], at.turn[k], at.re[k], at.im[k]
            for i in range(start, min(start + BLOCK, p.size)):
                a, b, c, d = 1 - p[i] * fall, p[i] * turn, 1 - q[i] * fall, q[i] * turn
                x, y = a * c - b * d, a * d + b * c
                total[i] += (re * x + im * y) / (x * x + y * y)
    return total
