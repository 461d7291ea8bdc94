"""One door for chance, and its division among groups of units."""

import numpy as np
import pytest

from fairlot._base.chance import Given, as_chance, parts
from fairlot._base.errors import InvalidInput

WORDS = [k << 60 for k in range(1, 7)]
GROUPS = [np.array([0, 2]), np.array([1])]


def test_words_and_floats_of_a_generator_are_the_same_bits():
    words = as_chance(np.random.default_rng(3)).words(4)
    floats = as_chance(np.random.default_rng(3)).random(4)
    assert ((words >> np.uint64(11)) * 2.0**-53).tolist() == floats.tolist()


def test_groups_read_the_numbers_of_their_own_units_in_any_order():
    forward = [[part.words(len(units)).tolist() for _ in range(2)]
               for part, units in zip(parts(Given(WORDS), GROUPS), GROUPS, strict=True)]  # fmt: skip
    first, second = parts(Given(WORDS), GROUPS)
    backward = [second.words(1).tolist(), second.words(1).tolist(), first.words(2).tolist()]
    assert forward == [[[WORDS[0], WORDS[2]], [WORDS[3], WORDS[5]]], [[WORDS[1]], [WORDS[4]]]]
    assert backward == [[WORDS[1]], [WORDS[4]], [WORDS[0], WORDS[2]]]


def test_a_group_cannot_ask_for_more_numbers_than_it_has_units():
    with pytest.raises(InvalidInput, match="asked for 2 numbers at once, the group has 1 units"):
        parts(Given(WORDS), GROUPS)[1].random(2)


def test_a_generator_has_a_child_for_each_group():
    once, again = (
        [part.permutation(9).tolist() for part in parts(np.random.default_rng(5), GROUPS)]
        for _ in range(2)
    )
    assert once == again
    assert once[0] != once[1]


def test_an_object_with_a_fresh_reader_starts_from_its_first_number():
    class Kept:
        def chance(self):
            return Given(WORDS)

    kept = Kept()
    assert as_chance(kept).words(1) == as_chance(kept).words(1) == WORDS[0]


def test_what_is_no_chance_is_refused():
    with pytest.raises(InvalidInput, match="rng is int; want numpy.random.Generator"):
        as_chance(7)


class Source:
    def __init__(self, u, words=0):
        self.u, self.w = u, words

    def random(self, n):
        return np.resize(np.asarray(self.u), n if np.ndim(self.u) == 0 else np.size(self.u))

    def words(self, n):
        return np.full(n, self.w)


@pytest.mark.parametrize(
    ("u", "message"),
    [
        (np.nan, r"rng.random\(4\)\[0\] is nan; want 0 <= u < 1"),
        (-1.0, r"rng.random\(4\)\[0\] is -1.0; want 0 <= u < 1"),
        (1.0, r"rng.random\(4\)\[0\] is 1.0; want 0 <= u < 1"),
        ([0.5], r"rng.random\(4\) gave float64 of shape \(1,\); want 4 floats"),
        ([1, 0, 0, 1], r"rng.random\(4\) gave int64 of shape \(4,\); want 4 floats"),
    ],
)
def test_numbers_of_other_sources_are_looked_at(u, message):
    with pytest.raises(InvalidInput, match=message):
        as_chance(Source(u)).random(4)


def test_words_of_other_sources_are_looked_at():
    with pytest.raises(InvalidInput, match="want 4 uint64"):
        as_chance(Source(0.5, words=-1)).words(4)
    assert as_chance(Source(0.5, words=np.uint64(7))).words(2).tolist() == [7, 7]
    assert as_chance(Source(0.5)).random(2).tolist() == [0.5, 0.5]
