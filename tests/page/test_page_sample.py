"""The page draws the list that the library draws, for the same words."""

from fractions import Fraction

import numpy as np
import pytest

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import D, clip_probabilities, nested_pivotal, numerators

WORDS = 1 << 64
ODD = (0, 1, D // 3, D // 2, D - 1, D)
TIED = (0, WORDS - 1, WORDS // 3, WORDS // 2, WORDS // 2 + 1)


def world(seed):
    """Columns of up to sixty sites, shuffled: amounts at the ends of [0, D], or weights."""
    rng = np.random.default_rng(seed)
    rows = []
    for bureau in range(rng.integers(1, 7)):
        amounts = [
            *rng.choice(ODD, rng.integers(0, 5)),
            *rng.integers(0, D + 1, rng.integers(1, 5)),
        ]
        for amount in [*map(int, amounts), -sum(map(int, amounts)) % D]:
            sector, credit = rng.integers(0, 1 + seed % 6), rng.integers(0, 2)
            rows.append((amount, f"B{bureau}", f"sector {sector}", "ABC"[credit]))
    rng.shuffle(rows)
    return [[*column] for column in zip(*((int(a), *rest) for a, *rest in rows), strict=True)]


def words(units, seed):
    """Five columns of words; of every third seed so few different ones that orders tie."""
    rng = np.random.default_rng(seed)
    if seed % 3 == 0:
        return [[TIED[k] for k in rng.integers(0, len(TIED), units)] for _ in range(5)]
    return rng.integers(0, WORDS, (5, units), dtype=np.uint64).tolist()


def drawn(columns, five):
    rng = Given(np.array(five, dtype=np.uint64).ravel())
    return nested_pivotal(np.array(columns[0]), *columns[1:], rng=rng).index.tolist()


@pytest.mark.parametrize("seed", range(200))
def test_the_same_words_draw_the_same_list(js, seed):
    columns = world(seed)
    five = words(len(columns[0]), seed)
    columns[0] = [int(a) for a in columns[0]]
    assert js("sample/nested_pivotal.js", "nestedPivotal", *columns, five) == drawn(columns, five)


def weighted(bureaux, sectors, most, seed):
    """A city of bureaux of up to ``most`` sites, a fifth of each to be drawn by weights."""
    rng = np.random.default_rng(seed)
    columns = [[], [], [], []]
    for bureau in range(bureaux):
        size = int(rng.integers(5, most))
        credit = rng.integers(0, 4, size)
        pi = clip_probabilities([(1, 2, 4, 0)[c] for c in credit], size // 5, floor="0.02")
        columns[0] += numerators(pi, size // 5).tolist()
        columns[1] += [f"B{bureau}"] * size
        columns[2] += [f"sector {k}" for k in rng.integers(0, sectors, size)]
        columns[3] += ["ABCD"[c] for c in credit]
    return columns


@pytest.mark.parametrize("seed", range(10))
def test_a_city(js, seed):
    columns = weighted(bureaux=16, sectors=9, most=160, seed=seed)
    five = words(len(columns[0]), seed)
    assert js("sample/nested_pivotal.js", "nestedPivotal", *columns, five) == drawn(columns, five)


BROKEN = {
    "a half too much": [D, D // 2],
    "above one": [D + 1, D - 1],
    "below zero": [-1, 1],
    "not whole": [0.5, D - 0.5],
}


@pytest.mark.parametrize("amounts", BROKEN.values(), ids=BROKEN.keys())
def test_amounts_that_promise_nothing_are_refused(js, amounts):
    labels = [["P", "P"]] * 3
    with pytest.raises(InvalidInput, match="bureau P: want whole numerators"):
        js("sample/nested_pivotal.js", "nestedPivotal", amounts, *labels, [[1, 2]] * 5)


CORNERS = [0, 1, 2, D - 1, D, D + 1, 2 * D]


@pytest.mark.parametrize("word", [0, 1, WORDS // 3, WORDS // 2, WORDS - 1])
def test_a_word_against_a_fraction(js, word):
    for bottom in CORNERS:
        for top in (t for t in CORNERS if t <= bottom):
            want = bottom > 0 and Fraction(word, WORDS) < Fraction(top, bottom)
            assert js("tests/words.js", "below", word, top, bottom) == want
