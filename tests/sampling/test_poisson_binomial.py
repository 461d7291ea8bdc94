from importlib import import_module

import literal_conditional_poisson as literal
import numpy as np
import pytest

from fairlot.sampling import poisson_binomial
from fairlot.sampling.poisson_binomial import angles, lift, moments, tilt

conditional_poisson, sampford, solving = (
    import_module(f"fairlot.sampling.{name}")
    for name in ("conditional_poisson", "sampford", "conditional_poisson_odds")
)


def odds_of(units, seed=1, spread=2.0):
    return np.exp(spread * np.random.default_rng(seed).normal(size=units))


def tilted(odds, n):
    scaled = odds.copy()
    tilt(scaled, n)
    return scaled


def lifted(odds, at):
    return np.array([lift(w / (1 + w), at) for w in odds])


@pytest.mark.parametrize(("units", "n"), [(2, 1), (7, 1), (7, 6), (500, 90)])
@pytest.mark.parametrize("spread", [0.0, 2.0, 20.0])
def test_tilted_odds_have_the_mean(units, n, spread):
    odds = odds_of(units, spread=spread)
    got = tilted(odds, n)
    assert (got / (1 + got)).sum() == pytest.approx(n, abs=1e-12)
    np.testing.assert_allclose(got / odds, got[0] / odds[0], rtol=1e-13)


def test_tilted_odds_stay():
    odds = tilted(odds_of(50), 9)
    assert tilted(odds, 9).tolist() == odds.tolist()


@pytest.mark.parametrize(("units", "n"), [(3, 1), (40, 11), (600, 90)])
def test_lift_is_what_conditioning_on_the_size_does(units, n):
    odds = tilted(odds_of(units), n)
    p = odds / (1 + odds)
    c = lifted(odds, angles(odds, n))
    whole = literal.sizes_from(p, n)[0, n]
    for i in (0, units - 1):
        into = literal.sizes_from(np.delete(p, i), n)[0]
        assert p[i] * (1 + (1 - p[i]) * c[i]) == pytest.approx(
            p[i] * into[n - 1] / whole, rel=1e-12
        )
        assert 1 - p[i] * c[i] == pytest.approx(into[n] / whole, rel=1e-12)


def test_weights_survive_a_factor_that_nearly_vanishes():
    # p = 1/2 makes 1 - p + p e^it small near t = pi, once for every unit.
    odds = np.ones(40)
    c = lifted(odds, angles(odds, 20))
    np.testing.assert_allclose(c, 0, atol=1e-14)


@pytest.mark.slow
def test_the_mean_of_millions_of_equal_units_is_not_eaten_by_roundings():
    odds = np.full(10**7, 0.15 / 0.85)
    assert moments(odds, 1.0)[0] == pytest.approx(1_500_000, abs=4e-8)


def test_angles_do_not_grow_with_the_frame():
    few = [
        angles(tilted(odds_of(units), units // 5), units // 5).fall.size
        for units in (2000, 20_000, 200_000)
    ]
    assert few == [19, 17, 17]


def test_what_is_left_out_does_not_show():
    # Fewer units than the bound asks for angles: all of them, against 40 times as many.
    odds = tilted(odds_of(400), 80)
    at = angles(odds, 80)
    assert at.fall.size < 60
    p = odds / (1 + odds)
    got = p * (1 + (1 - p) * lifted(odds, at))
    want = literal.inclusion_by_many_angles(odds, 80, 201, 2 * np.pi / 401)
    np.testing.assert_allclose(got, want, rtol=1e-12)


def test_compiled_is_plain_python_bit_for_bit(monkeypatch):
    odds = tilted(odds_of(130), 40)
    before = _everything(odds, 40)
    for module in (poisson_binomial, solving, conditional_poisson, sampford):
        for name, value in vars(module).copy().items():
            monkeypatch.setattr(module, name, getattr(value, "py_func", value))
    assert _everything(odds, 40) == before


def _everything(odds, n):
    pi = odds / (1 + odds)
    i, j = np.arange(20), np.arange(1, 21)
    return (
        moments(odds, 1.5),
        [part.tolist() for part in poisson_binomial.angles(odds, n)[:4]],
        solving.odds_inside(pi, n).tolist(),
        solving.conditional_poisson_probabilities(3 * odds, n).tolist(),
        conditional_poisson.conditional_poisson(pi, rng=np.random.default_rng(1)).index.tolist(),
        sampford.sampford(pi, rng=np.random.default_rng(1)).index.tolist(),
        conditional_poisson.joint(pi)(i, j).tolist(),
        sampford.joint(pi)(i, j).tolist(),
    )
