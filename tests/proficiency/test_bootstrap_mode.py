import numba
import numpy as np
import pytest
from samples_of_results import sample

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, bootstrap_mode, kde_modes


class Columns:
    """Chance written by hand: one row for each request."""

    def __init__(self, rows):
        self.rows = iter(rows)

    def random(self, n):
        return np.asarray(next(self.rows), dtype=float)

    def words(self, n):
        raise AssertionError("no words are asked for")


def test_it_is_the_spread_of_the_modes_of_the_samples_drawn():
    x, h = np.array([3.0, 1.0, 2.0, 9.0]), 0.7
    rows = [[0.0, 0.3, 0.5, 0.99], [0.9, 0.9, 0.1, 0.8], [0.3, 0.3, 0.3, 0.3]]
    drawn = [np.sort(x)[(4 * np.array(row)).astype(int)] for row in rows]
    modes = [kde_modes(part, h=h).mode for part in drawn]
    got = bootstrap_mode(x, h=h, reps=3, rng=Columns(rows))
    assert got.u_xpt == pytest.approx(np.std(modes, ddof=1), rel=1e-12)
    assert got.x_star == kde_modes(x, h=h).mode
    assert (got.reps, got.p, got.h, got.algorithm) == (3, 4, h, "bootstrap_mode/1")


def test_equal_results_have_no_error():
    assert bootstrap_mode([5.0] * 6, h=1.0, reps=20, rng=np.random.default_rng(1)).u_xpt == 0.0


def test_the_order_of_rows_does_not_matter():
    x = sample("outliers", 30, 0)
    one, other = (
        bootstrap_mode(rows, h=0.5, reps=50, rng=np.random.default_rng(1)) for rows in (x, x[::-1])
    )
    assert (one.x_star, one.u_xpt) == (other.x_star, other.u_xpt)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes; plain == compiled elsewhere")
def test_it_is_close_to_the_spread_over_true_samples():
    """The mode of 60 normal results with h = 0.5: 400 new samples say how far it scatters.

    Each side errs by some 5 to 10 percent; a bootstrap of another size or centre would be far off.
    """
    rng = np.random.default_rng(3)
    true = np.std(kde_modes(Batch.of(rng.normal(0, 1, (400, 60))), h=0.5).mode)
    samples = Batch.of(rng.normal(0, 1, (40, 60)))
    told = bootstrap_mode(samples, h=0.5, reps=200, rng=rng).u_xpt
    assert np.median(told) == pytest.approx(true, rel=0.3)


def test_a_batch_reads_the_numbers_of_its_measurands_side_by_side():
    parts, numbers = (
        [sample("tenths", p, 1) for p in (5, 8)],
        np.random.default_rng(1).random((9, 13)),
    )
    both = bootstrap_mode(Batch.of(parts), h=0.4, reps=9, rng=Columns(numbers))
    first = bootstrap_mode(parts[0], h=0.4, reps=9, rng=Columns(numbers[:, :5]))
    second = bootstrap_mode(parts[1], h=0.4, reps=9, rng=Columns(numbers[:, 5:]))
    assert both.u_xpt == pytest.approx([first.u_xpt, second.u_xpt], rel=1e-14)


def test_refusals():
    with pytest.raises(InvalidInput, match="x has 1 results; bootstrap_mode wants at least 2"):
        bootstrap_mode([1.0], h=1.0, rng=np.random.default_rng(1))
    with pytest.raises(InvalidInput, match="reps is 1; want a whole number of at least 2"):
        bootstrap_mode([1.0, 2.0], h=1.0, reps=1, rng=np.random.default_rng(1))
    with pytest.raises(InvalidInput, match="rng is int"):
        bootstrap_mode([1.0, 2.0], h=1.0, rng=7)
