import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of_results import KINDS, hundredths, sample

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, kde_modes
from fairlot.proficiency.density import turns


def density(x, at, h):
    at = np.atleast_1d(at)[:, None]
    return np.exp(-0.5 * ((np.asarray(x) - at) / h) ** 2).mean(1) / (h * np.sqrt(2 * np.pi))


def slope(x, at, h):
    u = (np.asarray(x) - np.atleast_1d(at)[:, None]) / h
    return (u * np.exp(-0.5 * u**2)).sum(1)


def literal_modes(x, h, steps=400):
    """Where the slope falls through 0 on a fine grid, each halved down to rounding."""
    near = np.arange(-1, 1, 1 / steps) * h
    grid = np.unique((np.sort(x)[:, None] + near).ravel())
    signs = slope(x, grid, h) > 0
    left, right = grid[:-1][signs[:-1] & ~signs[1:]], grid[1:][signs[:-1] & ~signs[1:]]
    for _ in range(60):
        middle = (left + right) / 2
        up = slope(x, middle, h) > 0
        left, right = np.where(up, middle, left), np.where(up, right, middle)
    return left


def test_one_result():
    got = kde_modes([7.0], h=0.5)
    assert (got.mode, got.n_modes, got.modes.tolist()) == (7.0, 1, [7.0])
    assert got.densities[0] == pytest.approx(1 / (0.5 * np.sqrt(2 * np.pi)), rel=1e-15)
    assert (got.shares.tolist(), got.p, got.h, got.algorithm) == ([1.0], 1, 0.5, "kde_modes/1")


def test_two_results_part_at_two_bandwidths():
    """Two equal normal densities have one mode up to a distance of 2 h."""
    assert kde_modes([0.0, 1.99], h=1.0).n_modes == 1
    assert kde_modes([0.0, 2.01], h=1.0).n_modes == 2
    assert kde_modes([0.0, 1.99], h=1.0).mode == pytest.approx(0.995, abs=1e-9)


def test_of_mirrored_modes_the_lower_is_taken():
    for centre in (0.0, 1e6, -3.3):
        got = kde_modes(np.array([-3.0, -2.9, 2.9, 3.0]) + centre, h=0.5)
        assert got.n_modes == 2
        assert got.mode == got.modes[0]


def test_results_far_apart():
    got = kde_modes([0.0, 0.1, 1e12, 1e300], h=1.0)
    assert got.modes == pytest.approx([0.05, 1e12, 1e300], rel=1e-12)
    assert got.shares.tolist() == [0.5, 0.25, 0.25]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [0.05, 0.3, 1.0])
def test_every_mode_is_found(kind, width):
    x = sample(kind, 31, 0)
    h = width * (1e-9 if kind == "tiny" else 1.0)
    got, want = kde_modes(x, h=h), literal_modes(x, h)
    assert got.n_modes == len(want)
    np.testing.assert_allclose(got.modes, want, rtol=1e-15, atol=1e-9 * h)
    np.testing.assert_allclose(got.densities, density(x, want, h), rtol=1e-9)
    assert got.mode == got.modes[np.argmax(got.densities)]


def test_shares_are_counted_from_antimode_to_antimode():
    x = np.r_[np.linspace(0, 1, 7), np.linspace(4, 5, 3), 20.0]
    got = kde_modes(x, h=0.5)
    assert got.shares.tolist() == [7 / 11, 3 / 11, 1 / 11]


def test_two_turns_within_a_step_are_seen():
    """A shoulder, just before and just after it becomes a mode of its own: .01 h wide."""
    weight, found = np.array([1.0, 0.2]), np.empty(4)
    parts = np.linspace(2.0, 4.0, 4001)[1:]
    counts = [turns(np.array([0.0, part]), weight, 1.0, found) for part in parts]
    change = counts.index(2)
    assert counts == [1] * change + [2] * (parts.size - change)
    turns(np.array([0.0, parts[change]]), weight, 1.0, found)
    assert found[2] - found[1] < 0.125
    assert _exact_modes(parts[change - 1]) == 1
    assert _exact_modes(parts[change]) == 2


def _exact_modes(distance):
    at = np.linspace(-1, distance + 1, 2_000_001)
    up = -at * np.exp(-0.5 * at**2) + 0.2 * (distance - at) * np.exp(-0.5 * (distance - at) ** 2)
    return int(np.sum((up[:-1] > 0) & (up[1:] <= 0)))


@given(hundredths(1), st.randoms(), st.sampled_from([2.0**-30, 1.0, 2.0**30]))
def test_rows_origin_and_unit_do_not_matter(x, random, unit):
    whole = np.round(100 * np.array(x))
    before = kde_modes(whole, h=16.0)
    random.shuffle(shuffled := whole.tolist())
    after = kde_modes((np.array(shuffled) + 2.0**20) * unit, h=16.0 * unit)
    assert after.n_modes == before.n_modes
    np.testing.assert_allclose(after.modes / unit - 2.0**20, before.modes, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(after.shares, before.shares)
    assert sum(before.shares) == pytest.approx(1, rel=1e-15)


def test_a_batch_is_its_samples():
    samples, h = [sample("groups", p, 1) for p in (1, 9, 40)], [0.2, 0.5, 1.0]
    got = kde_modes(Batch.of(samples), h=h)
    alone = [kde_modes(x, h=width) for x, width in zip(samples, h, strict=True)]
    assert got.n_modes.tolist() == [one.n_modes for one in alone]
    for ours, one in zip(got.modes, alone, strict=True):
        np.testing.assert_array_equal(ours, one.modes)
    assert kde_modes(Batch.of(samples), h=0.5).modes[1].tolist() == alone[1].modes.tolist()


def test_refusals():
    with pytest.raises(InvalidInput, match=r"h of Cd is 0.0; want a bandwidth above 0") as refusal:
        kde_modes(Batch.of({"Pb": [1.0], "Cd": [2.0]}), h=[1.0, 0.0])
    assert refusal.value.text("zh") == "Cd 的 h 为 0.0，带宽应大于 0"
    with pytest.raises(InvalidInput, match="h has 2 entries for 1 measurands"):
        kde_modes([1.0, 2.0], h=[1.0, 2.0])
    with pytest.raises(InvalidInput, match="finite"):
        kde_modes([1.0, 2.0], h=np.nan)
