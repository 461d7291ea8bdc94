"""Many lotteries of every feasible instance: the frequencies are those that were published.

In all the tests of a run together, a lottery that keeps its chances is called wrong once in 10^6 runs.
"""

import numpy as np
import pytest
from entries import entries

from fairlot.assignment import Problem, probabilities, simulate

pytestmark = pytest.mark.once

FALSE_ALARM = 1e-6
FEASIBLE = [e for e in entries("assignment") if e.group == "feasible" and e.want]
SOME, MANY = 4_000, 200_000


def frequencies_hold(entry, lotteries):
    chances = probabilities(Problem.from_instance(entry.given))
    found = simulate(chances, lotteries, rng=np.random.default_rng(20261123))
    least = FALSE_ALARM / (2 * len(FEASIBLE))
    assert found.p_value() >= least
    assert found.chi_square().p_value >= least


@pytest.mark.parametrize("entry", FEASIBLE, ids=lambda entry: entry.id)
def test_some_lotteries_of_an_instance(entry):
    frequencies_hold(entry, SOME)


@pytest.mark.slow
@pytest.mark.parametrize("entry", FEASIBLE, ids=lambda entry: entry.id)
def test_two_hundred_thousand_lotteries_of_an_instance(entry):
    frequencies_hold(entry, MANY)
