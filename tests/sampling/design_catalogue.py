"""Every design of the catalogue in one shape, with what it promises."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fairlot import sampling
from fairlot.sampling import D, Sample


@dataclass(frozen=True)
class Promise:
    """A design as ``draw(pi, rng=)``, on any frame: what else it needs is made from ``pi``'s length.

    ``equal`` says that it takes equal probabilities only, ``fixed`` that the size is the sum of pi,
    ``rounds`` that a sum of pi that is not whole is rounded down or up instead of refused, ``exact``
    that each unit is drawn with its pi, or gives the function that says with which, ``joints`` that
    its joint probabilities are known from pi.
    """

    name: str
    draw: Callable[..., Sample]
    fixed: bool = True
    exact: bool | Callable = True
    equal: bool = False
    rounds: bool = False
    joints: bool = True

    def __str__(self) -> str:
        return self.name

    def expected(self, pi):
        return pi if self.exact is True else self.exact(pi)


def places(units, d=2):
    """Coordinates that no chance has touched: a low-discrepancy lattice."""
    steps = np.array([0.7548776662466927, 0.5698402909980532, 0.8191725133961645])[:d]
    return (np.arange(units)[:, None] * steps) % 1


def _nested(pi, *, rng):
    pi = np.asarray(pi, dtype=float)
    amounts = np.round(pi * D).astype(np.int64)
    short = round(pi.sum()) * D - int(amounts.sum())
    inside = np.flatnonzero((amounts > abs(short)) & (amounts < D - abs(short)))
    if short:
        amounts[inside[0]] += short
    units = np.arange(pi.size)
    return sampling.nested_pivotal(amounts, np.zeros(pi.size, int), units % 3, units % 2, rng=rng)


def _order(name):
    return lambda pi: sampling.order_inclusion_probabilities(pi, design=name)


def _placed(design):
    return lambda pi, *, rng: design(pi, places(np.size(pi)), rng=rng)


def _balanced(design, *columns):
    def draw(pi, *, rng):
        size = np.size(pi)
        extra = [column(size) for column in columns]
        return design(pi, places(size), *extra, rng=rng)

    return draw


CATALOGUE = [
    Promise("srs", sampling.srs, equal=True),
    Promise("bernoulli", sampling.bernoulli, fixed=False, equal=True),
    Promise("poisson", sampling.poisson, fixed=False),
    Promise("systematic", sampling.systematic),
    Promise("random_systematic", sampling.random_systematic, joints=False),
    Promise("pareto", sampling.pareto, exact=_order("pareto")),
    Promise("sequential_poisson", sampling.sequential_poisson, exact=_order("sequential_poisson")),
    Promise("successive", sampling.successive, exact=_order("successive")),
    Promise("conditional_poisson", sampling.conditional_poisson),
    Promise("sampford", sampling.sampford),
    Promise("brewer", sampling.brewer),
    Promise("tille", sampling.tille),
    Promise("midzuno", sampling.midzuno),
    Promise("pivotal", sampling.pivotal),
    Promise("random_pivotal", sampling.random_pivotal, joints=False),
    Promise("nested_pivotal", _nested, joints=False),
    Promise("local_pivotal", _placed(sampling.local_pivotal), joints=False),
    Promise("cube", _balanced(sampling.cube), rounds=True, joints=False),
    Promise("stratified_cube", _balanced(sampling.stratified_cube, lambda n: np.arange(n) % 3),
            rounds=True, joints=False),
    Promise("local_cube", _balanced(sampling.local_cube, places), rounds=True, joints=False),
]  # fmt: skip
