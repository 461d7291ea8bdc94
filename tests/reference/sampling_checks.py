"""How an answer of ours is compared with the one in sampling.json: ``check(function, entry)``."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from entries import Entry

from fairlot._base.errors import InvalidInput
from fairlot.sampling import (
    Sample,
    allocate,
    inclusion_probabilities,
    joint_probabilities,
    sequential_poisson,
)
from fairlot.sampling.pair_variance import horvitz_thompson_variance, sen_yates_grundy_variance
from fairlot.sampling.variance import brewer, hansen_hurwitz, overton

# The names of the file, where ours are others.
OURS = {
    "cps": "conditional_poisson",
    "pivotal_ordered": "pivotal",
    "systematic_fixed_order": "systematic",
    "tille_elimination": "tille",
}
BY_QUADRATURE = ("pareto", "sequential_poisson", "successive")
CALIBRATION_BOUNDS = (0.2, 3.0)  # those of the file, found from its logit weights
R_STOPS = 1e-6  # R's calib stops when the totals are met to this share


# Probabilities


def probabilities(function: Any, entry: Entry) -> None:
    """The file has exact fractions as doubles, ours are correctly rounded: one unit apart at most."""
    got = function(_sizes(entry.given), entry.given["n"])
    np.testing.assert_array_max_ulp(got, np.array(entry.want, float), maxulp=1)


def probabilities_of_r(function: Any, entry: Entry) -> None:
    """R adds doubles: a sum of N terms errs by less than N * 2^-53."""
    got = function(_sizes(entry.given), entry.given["n"])
    np.testing.assert_allclose(got, entry.want, rtol=0, atol=len(got) * 2**-53)


def take_all(function: Any, entry: Entry) -> None:
    got = function(_sizes(entry.given), entry.given["n"])
    assert (np.flatnonzero(got == 1) + 1).tolist() == entry.want


def becomes_take_all(function: Any, entry: Entry) -> None:
    """Each unit is certain at the sample size given, and was not one below it."""
    sizes = _sizes(entry.given)
    certain = cache(lambda n: function(sizes, n) == 1)
    for unit, n in enumerate(entry.want):
        if n is None:
            assert float(sizes[unit]) == 0
        else:
            assert certain(int(n))[unit]
            assert not certain(int(n) - 1)[unit]


def _sizes(given: Any) -> list[str]:
    """Sizes stand in the file as decimals, and are meant as such."""
    return [repr(x) for x in given["x"]]


def _pi(given: Any) -> Any:
    if "pik" in given:
        return np.array(given["pik"])
    return inclusion_probabilities(_sizes(given), given["n"])


def probabilities_with_alpha(function: Any, entry: Entry) -> None:
    """R adds doubles, and widens alpha by 2^-26; no unit of the file is that close to it."""
    alpha = entry.group.rpartition("alpha")[2]
    got = function(_sizes(entry.given), entry.given["n"], alpha=alpha)
    np.testing.assert_allclose(got, entry.want, rtol=0, atol=len(got) * 2**-53)


def probabilities_with_cutoff(function: Any, entry: Entry) -> None:
    """The cutoff stands in the same case, a double; R refuses when more than n units reach it."""
    given = (_sizes(entry.given), entry.given["n"])
    cutoff = entry.given["R"]["cutoff"]
    if isinstance(entry.want, dict):
        with pytest.raises(InvalidInput):
            function(*given, cutoff=cutoff)
        return
    got = function(*given, cutoff=cutoff)
    np.testing.assert_allclose(got, entry.want, rtol=0, atol=len(got) * 2**-53)


def cutoff(function: Any, entry: Entry) -> None:
    """Units from the cutoff on are certain, or are too many for n."""
    reach = np.array(entry.given["x"]) >= entry.want
    given = (_sizes(entry.given), entry.given["n"])
    if reach.sum() > entry.given["n"]:
        with pytest.raises(InvalidInput) as refusal:
            function(*given, cutoff=entry.want)
        assert refusal.value.count == reach.sum()
    else:
        assert (function(*given, cutoff=entry.want)[reach] == 1).all()


# Joint probabilities


def joint(function: Any, entry: Entry) -> None:
    """Within 1e-12, quadrature 1e-10; a zero of the file is a zero of ours, and no other is."""
    probe, want = entry.group.startswith("joint_probe"), entry.want
    design = "cps" if probe else entry.group.split()[-1]
    design = OURS.get(design, design)
    atol = 1e-10 if design in BY_QUADRATURE else 1e-12
    pi = _pi(entry.given)
    units = np.array(entry.given["joint_probe"]["units"], int) - 1 if probe else np.arange(pi.size)
    if isinstance(want, dict):
        whole = function(pi, design=design)
        assert np.linalg.norm(whole) == pytest.approx(want["frobenius"], rel=1e-12)
        units, want = np.array(want["block_units_1based"]) - 1, want["block"]
    got = np.asarray(function(pi, design=design, units=units))
    np.testing.assert_allclose(got, want, rtol=0, atol=atol)
    np.testing.assert_array_equal(got == 0, np.array(want) == 0)


def conditional_poisson_odds(function: Any, entry: Entry) -> None:
    """The file scales the odds of the units that chance decides to add up to 1."""
    pi = _pi(entry.given)
    odds = function(pi)[(pi > 0) & (pi < 1)]
    np.testing.assert_allclose(odds / odds.sum(), entry.want, rtol=1e-12)


# Draws and allocations


class Uniforms:
    """The permanent numbers of the file, one for each unit."""

    def __init__(self, u: Any) -> None:
        self._u = np.asarray(u)

    def random(self, n: int) -> Any:
        assert n == self._u.size
        return self._u

    def words(self, n: int) -> Any:
        return (self.random(n) * 2.0**64).astype(np.uint64)


def draw(function: Any, entry: Entry) -> None:
    """A design on given numbers; ``shift035`` turns them by .35, ``flip`` takes 1 - u."""
    u = np.array(entry.given["prn"])
    u = {"shift035": (u - 0.35) % 1, "flip": 1 - u}.get(entry.group.rpartition("_")[2], u)
    sample = function(_pi(entry.given), rng=Uniforms(u))
    assert (sample.index + 1).tolist() == _list(entry.want)


def _list(value: Any) -> list[Any]:
    """R writes a vector of one as a number."""
    return value if isinstance(value, list) else [value]


def allocation(function: Any, entry: Entry) -> None:
    """Proportional to size, at most the units that have one, ``init1`` from one a stratum if n allows."""
    x, stratum = np.array(entry.given["x"]), np.array(entry.given["stratum"])
    labels = np.unique(stratum)
    sizes = [x[stratum == label].sum() for label in labels]
    most = [int((x[stratum == label] > 0).sum()) for label in labels]
    n, method = entry.given["n"], entry.group.split("_")[2]
    least = int(entry.group.endswith("init1") and n >= len(labels))
    assert list(function(sizes, n, method=method, lower=least, upper=most)) == entry.want


def _strata(given: Any) -> tuple[Any, list[Any]]:
    """The strata of a case, and the units of each."""
    stratum = np.array(given["stratum"])
    return stratum, [np.flatnonzero(stratum == label) for label in np.unique(stratum)]


def _stratified_pi(given: Any) -> Any:
    """Sizes shared among strata by D'Hondt, and inside a stratum in proportion; alpha 0.001 as R."""
    sizes = np.array(_sizes(given), dtype=object)
    _, groups = _strata(given)
    x = np.array(given["x"])
    n = allocate([x[units].sum() for units in groups], given["n"], method="dhondt",
                 lower=0, upper=[int((x[units] > 0).sum()) for units in groups])  # fmt: skip
    pi = np.zeros(len(sizes))
    for units, quota in zip(groups, n.tolist(), strict=True):
        if quota:
            pi[units] = inclusion_probabilities(sizes[units].tolist(), quota, alpha="0.001")
    return pi


def stratified_probabilities(function: Any, entry: Entry) -> None:
    """Each stratum's probabilities add up to its allocation."""
    got = _stratified_pi(entry.given)
    np.testing.assert_allclose(got, entry.want, rtol=0, atol=len(got) * 2**-53)


def stratified_draw(function: Any, entry: Entry) -> None:
    """Sequential Poisson in every stratum on the numbers of its own units."""
    stratum, _ = _strata(entry.given)
    design = function(sequential_poisson, stratum)
    sample = design(_stratified_pi(entry.given), rng=Uniforms(entry.given["prn"]))
    assert (sample.index + 1).tolist() == _list(entry.want)


# Estimates


def _drawn(given: Any) -> Sample:
    units = np.array(_list(given["estimates_R"]["sample"]), int) - 1
    return Sample(units, _pi(given), "unknown/0")


def _together(entry: Entry, design: str) -> Any:
    """The file's joint probabilities where they are whole, ours where it has a block of them."""
    units = _drawn(entry.given).index
    both = entry.given["joint"]["exact"][design]
    if isinstance(both, dict):
        return joint_probabilities(_pi(entry.given), design=OURS.get(design, design), units=units)
    return np.array(both)[np.ix_(units, units)]


def _of_drawn(given: Any, name: str) -> Any:
    return np.array(given[name], float)[_drawn(given).index]


def estimate_of_total(function: Any, entry: Entry) -> None:
    sample, y = _drawn(entry.given), _of_drawn(entry.given, "y")
    asked = np.ones(len(sample)) if entry.group.endswith("N_hat") else y
    assert function(asked, sample, variance=None).value == pytest.approx(entry.want, rel=1e-13)


def estimate_of_mean(function: Any, entry: Entry) -> None:
    found = function(_of_drawn(entry.given, "y"), _drawn(entry.given), variance=None)
    if entry.group.endswith("total"):
        found = found.times(len(entry.given["y"]))
    assert found.value == pytest.approx(entry.want, rel=1e-13)


def estimate_of_ratio(function: Any, entry: Entry) -> None:
    y, z = _of_drawn(entry.given, "y"), _of_drawn(entry.given, "z")
    found = function(y, z, _drawn(entry.given), variance=None).times(sum(entry.given["z"]))
    assert found.value == pytest.approx(entry.want, rel=1e-13)


def variance_of_total(function: Any, entry: Entry) -> None:
    """Where the file has null, units of the sample never come together: that is said."""
    kind, _, design = entry.group.split()[-1].partition("_")
    if kind == "varest":
        sample, how = _drawn(entry.given), "deville"
    else:
        sample = _drawn(entry.given)
        how = {"varHT": horvitz_thompson_variance, "SYG": sen_yates_grundy_variance}[kind](
            _together(entry, design)
        )
    y = _of_drawn(entry.given, "y")
    if entry.want is None:
        with pytest.raises(InvalidInput):
            function(y, sample, variance=how)
        return
    terms = float(np.sum((y / sample.pi[sample.index]) ** 2))
    found = function(y, sample, variance=how).variance
    assert found == pytest.approx(entry.want, rel=1e-11, abs=1e-13 * terms)


def calibration(function: Any, entry: Entry) -> None:
    method = entry.group.split("_")[-2]
    found = function(*_known(entry.given), method=method)
    np.testing.assert_allclose(found.g, entry.want, rtol=1e-10)


def calibration_of_r(function: Any, entry: Entry) -> None:
    """Where R's weights meet the totals they are ours; where they do not, R had no answer."""
    sample, x, totals = _known(entry.given)
    theirs = np.array(_list(entry.want), float)
    found = function(
        sample, x, totals, method=entry.group.split("_")[-1], bounds=CALIBRATION_BOUNDS
    )
    np.testing.assert_allclose(found.weights @ x, totals, rtol=1e-11)
    assert found.g.min() >= CALIBRATION_BOUNDS[0]
    assert found.g.max() <= CALIBRATION_BOUNDS[1]
    if theirs.size and np.allclose((theirs * sample.weights) @ x, totals, rtol=R_STOPS, atol=0):
        np.testing.assert_allclose(found.g, theirs, rtol=100 * R_STOPS)


def _known(given: Any) -> tuple[Sample, Any, Any]:
    sample, z = _drawn(given), np.array(given["z"], float)
    x = np.column_stack([np.ones(z.size), z])
    return sample, x[sample.index], x.sum(axis=0)


def survey(function: Any, entry: Entry) -> None:
    """R counts certain units like all others, and has no standard error of a negative variance."""
    kind = entry.group.split()[-1].split("_")[1]
    formula = {"wr": hansen_hurwitz, "brewer": brewer, "overton": overton}[kind]
    y, sample = _of_drawn(entry.given, "y"), _drawn(entry.given)
    found = function(y, sample, variance=lambda y, pi, units: formula(y, pi))
    got = found.se if entry.group.endswith("se") else found.value
    if entry.want is None:
        assert np.isnan(got)
        assert found.variance < 0
    else:
        assert got == pytest.approx(entry.want, rel=1e-12)
