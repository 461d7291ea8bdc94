import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fairlot.sampling.whole_numbers import below

WORDS = st.integers(0, 2**64 - 1) | st.sampled_from([0, 2**32 - 1, 2**32, 2**64 - 1])


@given(WORDS, st.integers(1, 2**63 - 1), st.data())
def test_it_is_the_comparison_of_whole_numbers(word, bottom, data):
    top = data.draw(st.integers(1, bottom))
    assert below(np.uint64(word), top, bottom) == (word * bottom < top * 2**64)


@given(st.integers(1, 2**63 - 1), st.data())
def test_it_turns_at_the_exact_word(bottom, data):
    top = data.draw(st.integers(1, bottom - 1) if bottom > 1 else st.just(1))
    turn = -(-top * 2**64 // bottom)  # the number of words below the fraction
    assert below(np.uint64(turn - 1), top, bottom)
    assert turn == 2**64 or not below(np.uint64(turn), top, bottom)
