"""Frames to draw from: a small one with every kind of unit, random ones, and many copies of one."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from fairlot._base.chance import Given
from fairlot.sampling import D, clip_probabilities, nested_pivotal, numerators

WORDS = 1 << 64


@dataclass(frozen=True)
class Frame:
    numerators: np.ndarray
    bureau: np.ndarray
    sector: np.ndarray
    credit: np.ndarray

    def __len__(self):
        return self.numerators.size

    @property
    def columns(self):
        return self.numerators, self.bureau, self.sector, self.credit

    def take(self, rows):
        return Frame(*(column[rows] for column in self.columns))


def frame(rows):
    """A frame from (probability, bureau, sector, credit) rows; probabilities are Fractions of D."""
    pi, *labels = zip(*rows, strict=True)
    a = np.array([int(Fraction(p) * D) for p in pi], dtype=np.uint64)
    return Frame(a, *(np.array(column) for column in labels))


def weighted_frame(sizes=(23, 17, 12, 8), sectors=4, seed=5, share=Fraction(3, 10)):
    """Bureaux of the given sizes, weights by credit with zeros, certain units by weight."""
    rng = np.random.default_rng(seed)
    bureau = np.repeat(np.arange(len(sizes)), sizes)
    sector = rng.integers(0, sectors, bureau.size)
    credit = rng.integers(0, 5, bureau.size)
    weight = np.array([1, 2, 4, 40, 0])[credit]
    a = np.zeros(bureau.size, dtype=np.uint64)
    for b, size in enumerate(sizes):
        n = int(share * size)
        a[bureau == b] = numerators(clip_probabilities(weight[bureau == b], n), n)
    return Frame(a, bureau, sector, credit)


def small_frame(seed):
    """Up to three bureaux, sectors and five units each: quarters, or any amounts."""
    rng = np.random.default_rng(seed)
    rows = []
    for bureau in range(rng.integers(1, 4)):
        size = rng.integers(1, 4)
        amounts = rng.integers(0, D + 1, size) if seed % 2 else rng.integers(0, 5, size) * (D // 4)
        for a in [*amounts.tolist(), -int(amounts.sum()) % D]:
            rows.append((Fraction(a, D), bureau, rng.integers(0, 3), rng.integers(0, 2)))
    return frame(rows)


@st.composite
def frames(draw):
    """Up to five bureaux with amounts at and next to the ends of [0, D]."""
    odd = st.sampled_from([0, 1, D // 3, D // 2, D - 1, D])
    sectors = draw(st.integers(1, 5))
    rows = []
    for bureau in range(draw(st.integers(1, 5))):
        amounts = draw(st.lists(odd | st.integers(0, D), min_size=1, max_size=9))
        for a in [*amounts, -sum(amounts) % D]:
            labels = draw(st.tuples(st.integers(0, sectors - 1), st.integers(0, 1)))
            rows.append((Fraction(a, D), bureau, *labels))
    return frame(draw(st.permutations(rows)))


def words_for(units):
    """Five columns of words: free, at the ends, or so few that orders tie."""
    word = (
        st.integers(0, WORDS - 1)
        | st.sampled_from([0, WORDS - 1])
        | st.sampled_from([WORDS // 3, WORDS // 2, WORDS // 2 + 1])
    )
    column = st.lists(word, min_size=units, max_size=units)
    return st.lists(column, min_size=5, max_size=5)


def drawn(frame, words):
    """The drawn positions for five columns of words."""
    rng = Given(np.array(words, dtype=np.uint64).ravel())
    return nested_pivotal(*frame.columns, rng=rng).index.tolist()


def copies(frame, times, rng):
    """(times, N) outcomes of independent draws: copies with labels of their own, drawn at once."""
    copy = np.repeat(np.arange(times), len(frame))
    own = [np.unique(column, return_inverse=True)[1] for column in (frame.bureau, frame.sector)]
    bureau, sector = (copy * len(frame) + np.tile(column, times) for column in own)
    a, credit = np.tile(frame.numerators, times), np.tile(frame.credit, times)
    outcome = np.zeros(a.size, dtype=bool)
    outcome[nested_pivotal(a, bureau, sector, credit, rng=rng).index] = True
    return outcome.reshape(times, len(frame))
