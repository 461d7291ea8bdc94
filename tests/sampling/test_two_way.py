import numpy as np
import pytest
from frames_for_sampling import WORDS
from hypothesis import given
from hypothesis import strategies as st

from fairlot.sampling import D
from fairlot.sampling.two_way import round_two_way


def quarters(table):
    """The entries of a table given in quarters of D: amounts, rows, columns."""
    row, column = np.nonzero(table)
    return np.array(table)[row, column] * (D // 4), row, column


def grid(points, words, entries):
    """(points^words, entries) words: one in each interval [k, k+1) / points, in every combination."""
    ends = np.array([-(-k * WORDS // points) for k in range(points)], dtype=np.uint64)
    axes = np.meshgrid(*[ends] * words, indexing="ij")
    used = np.stack([axis.ravel() for axis in axes], axis=1)
    return np.pad(used, ((0, 0), (0, entries - words)))


def rounded_copies(table, words):
    """(copies, entries) outcomes of one table for many rows of words, drawn as so many blocks."""
    amount, row, column = quarters(table)
    copy = np.repeat(np.arange(len(words)), amount.size)
    outcome = round_two_way(
        np.tile(amount, len(words)),
        copy * len(table) + np.tile(row, len(words)),
        copy * len(table[0]) + np.tile(column, len(words)),
        np.tile(np.arange(amount.size, dtype=np.uint64), len(words)),
        words.ravel(),
    )
    return outcome.reshape(len(words), amount.size)


TABLES = {
    "one row": ([[2, 1, 1]], 2),
    "a square of whole sums": ([[1, 3], [3, 1]], 1),
    "columns that are not whole": ([[1, 3], [2, 2]], 2),
    "three columns": ([[2, 1, 1], [1, 2, 1]], 4),
    "a ring": ([[2, 2, 0], [0, 1, 3], [2, 0, 2]], 3),
}


@pytest.mark.parametrize(("table", "rotations"), TABLES.values(), ids=TABLES)
class TestAllWords:
    """Every chance here is a multiple of 1/12, so one word in each twelfth tells the whole truth."""

    @pytest.fixture
    def outcome(self, table, rotations):
        entries = int(np.count_nonzero(table))
        return rounded_copies(table, grid(12, rotations, entries))

    def test_expectations_are_exact(self, table, outcome):
        amount, _, _ = quarters(table)
        assert (outcome.sum(axis=0) == amount * len(outcome)).all()

    def test_rows_keep_their_sums_and_columns_round(self, table, outcome):
        amount, row, column = quarters(table)
        for r in range(len(table)):
            assert set(outcome[:, row == r].sum(axis=1).tolist()) == {int(amount[row == r].sum())}
        for c in range(len(table[0])):
            sums = outcome[:, column == c].sum(axis=1)
            assert (np.abs(sums - amount[column == c].sum()) < D).all()

    def test_later_words_are_not_looked_at(self, table, rotations, outcome):
        entries = int(np.count_nonzero(table))
        words = grid(12, rotations, entries)
        words[:, rotations:] = WORDS - 1
        assert (rounded_copies(table, words) == outcome).all()


def test_nothing_left_to_round():
    none = np.array([], dtype=np.int64)
    words = np.array([], dtype=np.uint64)
    assert round_two_way(none, none, none, words, words).size == 0


@st.composite
def tables(draw):
    """Tables of amounts in (0, D) with whole rows, at the ends of the interval too."""
    entry = st.integers(1, D - 1) | st.sampled_from([1, D - 1, D // 2])
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    amount, row, column = [], [], []
    for r in range(rows):
        amounts = draw(st.lists(entry, min_size=1, max_size=columns - 1))
        if rest := -sum(amounts) % D:
            places = draw(st.permutations(range(columns)))[: len(amounts) + 1]
            amount += [*amounts, rest]
            row += [r] * len(places)
            column += places
    words = draw(st.lists(st.integers(0, WORDS - 1), min_size=2 * len(row), max_size=2 * len(row)))
    ints = [np.array(x, dtype=np.int64) for x in (amount, row, column)]
    return *ints, *np.array(words, dtype=np.uint64).reshape(2, -1)


@given(tables())
def test_sums_hold_whatever_the_words(table):
    amount, row, column, order, word = table
    outcome = round_two_way(amount, row, column, order, word)
    assert set(outcome.tolist()) <= {0, D}
    for r in set(row.tolist()):
        assert outcome[row == r].sum() == amount[row == r].sum()
    for c in set(column.tolist()):
        assert abs(int(outcome[column == c].sum() - amount[column == c].sum())) < D
