from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot.sampling.shuffle import shuffled

MODULE = import_module("fairlot.sampling.shuffle")
KINDS = {
    "uniform": lambda rng, n: rng.integers(0, 1 << 64, n, dtype=np.uint64),
    "a few": lambda rng, n: rng.integers(0, 3, n).astype(np.uint64) << np.uint64(62),
    "all alike": lambda rng, n: np.full(n, 7, dtype=np.uint64),
    "falling": lambda rng, n: np.arange(n, 0, -1).astype(np.uint64),
    "at the ends": lambda rng, n: rng.choice(np.array([0, (1 << 64) - 1], dtype=np.uint64), n),
    "apart in low bits only": lambda rng, n: rng.integers(0, 1 << 30, n).astype(np.uint64),
}


def sorted_slowly(group, word):
    return sorted(range(len(group)), key=lambda i: (group[i], word[i], i))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("units", [1, 2, 30, 500])
def test_it_is_the_order_by_group_word_and_position(kind, units):
    rng = np.random.default_rng(units)
    for groups in (1, 3, 40):
        group, word = rng.integers(0, groups, units), kind(rng, units)
        order, first = shuffled(group, groups, word)
        assert order.tolist() == sorted_slowly(group.tolist(), word.tolist())
        assert first.tolist() == [int((group < g).sum()) for g in range(groups + 1)]


def test_uniform_words_need_no_sort(monkeypatch):
    monkeypatch.setattr(np, "lexsort", None)
    rng = np.random.default_rng(1)
    word = rng.integers(0, 1 << 64, 20_000, dtype=np.uint64)
    order, _ = shuffled(np.zeros(word.size, dtype=np.int64), 1, word)
    assert (order == np.argsort(word)).all()


def test_nobody_to_shuffle():
    order, first = shuffled(np.array([], dtype=np.int64), 2, np.array([], dtype=np.uint64))
    assert (order.tolist(), first.tolist()) == ([], [0, 0, 0])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, (1 << 64) - 1)), min_size=1))
def test_compiled_is_plain(rows):
    group, word = (np.array(column, dtype) for column, dtype in
                   zip(zip(*rows, strict=True), (np.int64, np.uint64), strict=True))  # fmt: skip
    compiled = shuffled(group, 4, word)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in vars(MODULE).copy().items():
            patch.setattr(MODULE, name, getattr(value, "py_func", value))
        plain = shuffled(group, 4, word)
    assert all((a == b).all() for a, b in zip(compiled, plain, strict=True))
