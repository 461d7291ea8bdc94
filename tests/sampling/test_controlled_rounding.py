import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import controlled_rounding
from fairlot.sampling.controlled_rounding import controlled_allocation
from fairlot.sampling.two_way import graph, settle
from fairlot.sampling.whole_numbers import D

pytestmark = pytest.mark.once

STEPS = 12


def numbers(u):
    return Given((np.asarray(u) * 2.0**64).astype(np.uint64))


def grid(cells, rotations):
    """Numbers in the middle of every STEPS-th, in all combinations, for the first rotations."""
    middle = (np.arange(STEPS) + 0.5) / STEPS
    axes = np.stack([a.ravel() for a in np.meshgrid(*[middle] * rotations)], axis=1)
    return np.pad(axes, ((0, 0), (0, cells - rotations)))


def refusal(*args, **kwargs):
    with pytest.raises(InvalidInput) as caught:
        controlled_allocation(*args, rng=np.random.default_rng(1), **kwargs)
    assert caught.value.text("zh") != str(caught.value)
    return str(caught.value)


quarters = st.integers(0, 12).map(lambda k: k / 4)
cells = st.one_of(
    quarters, st.floats(0, 3, allow_subnormal=False), st.sampled_from([0.1, 0.2, 0.7])
)


class TestTwoMargins:
    @given(
        arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=cells), st.data()
    )
    def test_everything_is_rounded_down_or_up(self, table, data):
        u = data.draw(arrays(float, table.size, elements=st.sampled_from([0, 0.25, 0.6, 0.999])))
        drawn = controlled_allocation(table, rng=numbers(u))
        assert drawn.dtype == np.int64
        for axis, near in ((0, 0.9e-6), (1, 0.9e-6), ((0, 1), 0.9e-6), ((), 0.9e-9)):
            sums, want = drawn.sum(axis=axis), table.sum(axis=axis)
            assert (np.floor(want + near) <= sums).all()
            assert (sums <= np.ceil(want - near)).all()

    # Whole numbers of rotations were read off the walk; each chance is a multiple of 1/12.
    @pytest.mark.parametrize(
        ("table", "rotations"),
        [
            ([[0.5, 0.5], [0.5, 0.5]], 1),
            ([[0.25, 0.75], [0.75, 0.25]], 1),
            ([[0.5, 0.25, 0.25], [0.5, 0.75, 0.75]], 2),
            ([[1.5, 0.5], [0.25, 2.0]], 3),
            ([[0.5], [0.25], [0.25]], 2),
        ],
    )
    def test_right_on_average(self, table, rotations):
        table = np.array(table)
        outcomes = [
            controlled_allocation(table, rng=numbers(u)) for u in grid(table.size, rotations)
        ]
        np.testing.assert_allclose(np.mean(outcomes, axis=0), table, rtol=0, atol=1e-12)
        later = grid(table.size, rotations)[::7]
        later[:, rotations:] = 0.99
        again = [controlled_allocation(table, rng=numbers(u)) for u in later]
        np.testing.assert_array_equal(again, outcomes[::7])

    def test_a_table_of_labels(self):
        margins = [["a", "a", "b", "b"], [1, 2, 1, 2]]
        flat = controlled_allocation([0.5] * 4, margins=margins, rng=numbers([0.1] * 4))
        table = controlled_allocation([[0.5, 0.5], [0.5, 0.5]], rng=numbers([0.1] * 4))
        np.testing.assert_array_equal(flat.reshape(2, 2), table)

    def test_several_cells_of_one_row_and_column(self):
        margins = [["a", "a", "b"], ["x", "x", "x"]]
        for u in (0.1, 0.4, 0.9):
            drawn = controlled_allocation([0.4, 0.6, 1.0], margins=margins, rng=numbers([u] * 3))
            assert drawn[:2].sum() == 1
            assert drawn[2] == 1


class TestOneMarginAndNone:
    def test_only_the_total(self):
        outcomes = [controlled_allocation([0.25, 1.5, 0.75], rng=numbers(u)) for u in grid(3, 3)]
        np.testing.assert_allclose(np.mean(outcomes, axis=0), [0.25, 1.5, 0.75], atol=1e-12)
        assert {int(a.sum()) for a in outcomes} == {2, 3}

    def test_groups(self):
        for u in grid(4, 2)[::5]:
            drawn = controlled_allocation(
                [0.5, 0.5, 0.3, 0.7], margins=[list("aabb")], rng=numbers(u)
            )
            assert drawn[:2].sum() == drawn[2:].sum() == 1

    def test_whole_numbers_stay(self):
        table = [[3.0, 0.0], [2.0, 1.0]]
        assert controlled_allocation(table, rng=numbers([0.0] * 4)).tolist() == table
        assert controlled_allocation([2.0], rng=numbers([0.9])).tolist() == [2]

    def test_sums_of_decimals_count_as_whole(self):
        table = np.array([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.6, 0.5, 0.9 - 1e-12]])
        for seed in range(50):
            drawn = controlled_allocation(table, rng=np.random.default_rng(seed))
            assert drawn.sum(axis=1).tolist() == [1, 1, 2]
            assert drawn.sum(axis=0).tolist() == [1, 1, 2]


class TestThreeMargins:
    @given(
        arrays(float, array_shapes(min_dims=3, max_dims=3, max_side=3), elements=cells), st.data()
    )
    def test_cells_and_total_are_rounded_and_margins_close(self, table, data):
        u = data.draw(arrays(float, table.size, elements=st.sampled_from([0, 0.25, 0.6, 0.999])))
        drawn = controlled_allocation(table, rng=numbers(u))
        assert (np.abs(drawn - table) < 1).all()
        assert abs(drawn.sum() - table.sum()) < 1
        for axes in ((0, 1), (0, 2), (1, 2)):
            assert (np.abs((drawn - table).sum(axis=axes)) < 3).all()

    def test_right_on_average(self):
        """40 cells at 5.6 standard deviations: a false alarm once in 10^6 times."""
        rng = np.random.default_rng(12)
        table = rng.random((2, 4, 5))
        mean = np.mean([controlled_allocation(table, rng=rng) for _ in range(500)], axis=0)
        assert (np.abs(mean - table) < 5.6 * np.sqrt(table * (1 - table) / 500)).all()


class TestRefuses:
    def test_what_is_no_expectation(self):
        want = "want a finite number >= 0"
        assert refusal([1.0, -0.5]) == f"expected[1] is -0.5; {want}"
        assert refusal([[1.0, 2.0], [0.5, -1.0]]) == f"expected[1, 1] is -1.0; {want}"
        assert refusal([1.0, np.nan]) == f"expected[1] is nan; {want}"
        assert refusal([[1.0, np.nan]]) == f"expected[0, 1] is nan; {want}"
        assert refusal([[1.0, np.inf]]) == f"expected[0, 1] is inf; {want}"
        assert refusal([[1], [2, 3]]).startswith("expected has rows of different lengths")
        assert refusal([["a", "b"]]) == "expected is list; want numbers"
        assert refusal(0.5).startswith("expected has shape ()")
        assert refusal([]).startswith("expected has shape (0,)")

    def test_margins_of_another_length(self):
        assert refusal([0.5, 0.5], margins=[["a"]]) == "margins[0] has 1 entries for 2 units"

    def test_margins_beside_a_table(self):
        want = "expected has shape (1, 2); with margins, want one number per cell"
        assert refusal([[0.5, 0.5]], margins=[["a"]]) == want


def test_compiled_is_plain():
    rng = np.random.default_rng(4)
    amount = rng.integers(0, D, 35)
    row, column = np.indices((7, 5)).reshape(2, -1)
    value, tail, head = controlled_rounding._with_slack(amount, row, column)
    value[:5] += [1, -1, 3, 0, -2]  # sums that only count as whole
    edges = graph(tail, head, int(head.max()) + 1)
    other, words = value.copy(), rng.integers(0, 1 << 64, 35, dtype=np.uint64)
    settle(value, *edges, np.zeros_like(row), words)
    getattr(settle, "py_func", settle)(other, *edges, np.zeros_like(row), words)
    np.testing.assert_array_equal(value, other)
    assert set(value[:35].tolist()) == {0, D}
