from fractions import Fraction
from importlib import import_module

import literal_pivotal as literal
import numpy as np
import pytest
from every_way import every_way
from hypothesis import assume, given
from hypothesis import strategies as st

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput

# By its full name: the room hands out the function under the module's name.
MODULE = import_module("fairlot.sampling.pivotal")
CHANCES = import_module("fairlot.sampling.duel_chances")
pivotal, random_pivotal, joint = MODULE.pivotal, MODULE.random_pivotal, MODULE.joint

TOP = (1 << 64) - 1
FRAMES = {
    "one": [1],
    "one of two": ["1/2", "1/2"],
    "a block of thirds": ["1/4", "1/4", "1/2", "3/4", "1/4"],
    "units across blocks": ["3/8", "7/8", "5/8", "3/4", "3/8"],
    "none left at whole sums": ["1/2", "1/2", "5/8", "3/8", "1/2", "1/2"],
    "certain and impossible between": ["1/8", 1, "3/4", 0, "5/8", 1, 0, "1/2"],
    "certain and impossible at the ends": [0, 1, "1/2", "1/2", 1, 0],
    "large": ["7/8"] * 8,
    "small": ["1/8"] * 8,
}
frames = pytest.mark.parametrize("pi", [[*map(Fraction, f)] for f in FRAMES.values()], ids=FRAMES)


def floats(pi):
    return np.array([float(p) for p in pi])


def drawn(pi, numbers):
    """The drawn positions when number i is given, as a Fraction."""
    words = [int(u * 2**64) for u in numbers]
    return pivotal(floats(pi), rng=Given(words)).index.tolist()


def ways(pi):
    units = range(len(pi))
    yield from every_way(lambda number: literal.draw(pi, [number(i) for i in units]))


def joint_by_ways(pi):
    """Exact joint probabilities, inclusion probabilities on the diagonal."""
    table = np.zeros((len(pi), len(pi)))
    for chance, index, _ in ways(pi):
        table[np.ix_(index, index)] += float(chance)
    return table


def joint_table(pi):
    i, j = np.triu_indices(pi.size, 1)
    table = np.zeros((pi.size, pi.size))
    table[i, j] = joint(pi)(i, j)
    return table + table.T + np.diag(pi)


@st.composite
def eighths(draw, least=1, most=12):
    """Probabilities in eighths with a whole sum."""
    pi = draw(st.lists(st.integers(0, 8), min_size=least, max_size=most))
    pi.append(-sum(pi) % 8)
    assume(any(pi))
    return [Fraction(p, 8) for p in pi]


@given(eighths(), st.data())
def test_it_is_the_duels_of_the_paper(pi, data):
    # Eighths times numbers of 16 bits are exact in doubles, so no rounding stands between.
    number = st.integers(0, 2**16 - 1).map(lambda k: Fraction(k, 2**16))
    numbers = data.draw(st.lists(number, min_size=len(pi), max_size=len(pi)))
    assert drawn(pi, numbers) == literal.draw(pi, numbers)


@frames
def test_probabilities_are_exact_over_all_ways_the_draw_can_go(pi):
    total = [Fraction(0)] * len(pi)
    for chance, index, numbers in ways(pi):
        assert drawn(pi, [numbers.get(i, Fraction(0)) for i in range(len(pi))]) == index
        for i in index:
            total[i] += chance
    assert total == pi


class TestPromise:
    @given(eighths(most=40), st.integers(0, 2**32))
    def test_every_beginning_of_the_frame_gets_its_share(self, pi, seed):
        chosen = np.zeros(len(pi))
        chosen[pivotal(floats(pi), rng=np.random.default_rng(seed)).index] = 1
        assert (np.abs(np.cumsum(chosen) - np.cumsum(floats(pi))) < 1).all()

    @pytest.mark.parametrize("draw", [pivotal, random_pivotal])
    @pytest.mark.parametrize("word", [0, 1, 1 << 63, TOP])
    def test_numbers_at_the_ends(self, draw, word):
        pi = np.array([0.3, 1.0, 0.0, 0.9, 0.8, 0.0, 1.0, 0.55, 0.45])
        index = draw(pi, rng=Given([word] * 2 * pi.size)).index.tolist()
        assert len(index) == 5
        assert {1, 6} < set(index) < {0, 1, 3, 4, 6, 7, 8}

    @pytest.mark.parametrize("draw", [pivotal, random_pivotal])
    @pytest.mark.parametrize("off", [9e-7, -9e-7])
    @pytest.mark.parametrize("word", [0, TOP])
    def test_the_size_holds_where_the_sum_is_off_as_far_as_it_may(self, draw, off, word):
        pi = np.array([0.2, 0.4, 0.4, 0.5, 0.5 + off, 0.0])
        assert len(draw(pi, rng=Given([word] * 2 * pi.size))) == 2

    @pytest.mark.parametrize("share", [0.1, 0.3, 0.7, 1 - 1e-12, 1e-5])
    def test_the_size_holds_after_many_roundings(self, share):
        units = 100_000
        pi = np.full(units, share)
        pi[: units // 2] = np.random.default_rng(1).random(units // 2) * share
        pi[-1] = 0
        pi[-1] = np.ceil(pi.sum()) - pi.sum()
        assert len(pivotal(pi, rng=np.random.default_rng(2))) == round(pi.sum())

    def test_certain_and_impossible_units_are_no_part_of_the_chain(self):
        pi, u = np.array([0.3, 0.9, 0.8, 0.25, 0.75]), np.random.default_rng(1).random((100, 5))
        many = np.array([1, 0.3, 0.9, 0, 0.8, 1, 0.25, 0.75, 0])
        at = np.flatnonzero((many > 0) & (many < 1))
        for numbers in u:
            spread = np.full(many.size, 0.5)
            spread[at] = numbers
            own = at[MODULE._duels(pi, numbers, None)]
            assert np.flatnonzero(MODULE._duels(many, spread, None)).tolist() == sorted(
                [0, 5, *own]
            )

    @given(eighths(most=40), st.integers(0, 2**32))
    def test_compiled_is_plain(self, pi, seed):
        pi, u = floats(pi), np.random.default_rng(seed).random(len(pi))
        plain = getattr(MODULE._duels, "py_func", MODULE._duels)
        for order in (None, np.argsort(u)):
            assert (MODULE._duels(pi, u, order) == plain(pi, u, order)).all()


class TestRandomOrder:
    @given(eighths(most=40), st.integers(0, 2**32))
    def test_it_is_the_duels_in_the_order_of_the_words(self, pi, seed):
        words = np.random.default_rng(seed).integers(0, 1 << 64, 2 * len(pi), dtype=np.uint64)
        order = np.argsort(words[: len(pi)], kind="stable")
        numbers = words[len(pi) :][order]
        want = order[pivotal(floats(pi)[order], rng=Given(numbers)).index]
        assert random_pivotal(floats(pi), rng=Given(words)).index.tolist() == sorted(want.tolist())

    def test_it_takes_two_numbers_a_unit(self):
        rng = Given(np.arange(11))
        random_pivotal([0.5] * 4, rng=rng)
        with pytest.raises(InvalidInput, match="asked for 4 words, 3 are left"):
            rng.words(4)

    def test_no_pair_of_neighbours_is_impossible(self):
        pi = np.full(4, 0.5)
        seen = {tuple(random_pivotal(pi, rng=np.random.default_rng(k)).index) for k in range(200)}
        assert len(seen) == 6
        assert joint(pi)(np.array([0]), np.array([1])) == 0


class TestJoint:
    @frames
    def test_it_is_what_all_ways_add_up_to(self, pi):
        want = joint_by_ways(pi)
        got = joint_table(floats(pi))
        assert np.abs(got - want).max() < 1e-15
        assert ((got == 0) == (want == 0)).all()

    @given(eighths(most=7))
    def test_it_is_what_all_ways_add_up_to_on_any_frame(self, pi):
        want = joint_by_ways(pi)
        got = joint_table(floats(pi))
        assert np.abs(got - want).max() < 1e-15
        assert ((got == 0) == (want == 0)).all()

    def test_neighbours_up_to_a_whole_sum_never_meet_again(self):
        # Tenths are no binary fractions: their partial sums are whole only nearly.
        table = joint_table(np.full(20, 0.1))
        assert (table[:10, :10] == np.diag(np.full(10, 0.1))).all()
        assert table[10:, :10] == pytest.approx(0.01, rel=1e-13)

    @pytest.mark.parametrize("seed", range(3))
    def test_rows_add_up_to_what_a_fixed_size_says(self, seed):
        units = 300
        pi = np.random.default_rng(seed).uniform(0.01, 0.99, units)
        pi[-1] = 0
        pi[-1] = np.ceil(pi.sum()) - pi.sum()
        table = joint_table(pi)
        n = round(pi.sum())
        assert table.sum(axis=1) == pytest.approx(n * pi, abs=1e-12 * units)
        i, j = np.triu_indices(units, 1)
        assert (table[i, j] <= pi[i] * pi[j] + 1e-15).all()
        assert (table[i, j] >= 0).all()

    def test_whole_sums_part_the_frame(self):
        units = 100_000
        # 3/8 comes to a whole sum every 8 units, so all is as in the first 16.
        table, i = joint(np.full(units, 0.375)), np.arange(16)
        a, b = np.triu_indices(16, 1)
        assert (table(units - 16 + i[a], units - 16 + i[b]) == table(i[a], i[b])).all()
        assert (table(i, units - 1 - i) == 0.375**2).all()

    def test_a_chain_far_too_long_for_one_product(self):
        """The product of all stay chances is some 10^-20000; its ratios are right all the same."""
        units = 100_000
        p = (5**0.5 - 1) / 2  # whose multiples are never whole
        chain = CHANCES.duel_chances(np.full(units, p), np.array([0, units]))
        assert (chain.era == 1).all()
        assert chain.power[-1] < -60_000
        first = units - 50
        holds = chain.takes[first]
        for k in range(first + 1, units):
            held = chain.after[k - 1]
            holds *= (1 - held) / (2 - held - p) if held + p >= 1 else held / (held + p)
            got = CHANCES.holds_at(chain, np.array([first]), np.array([k]))
            assert got == pytest.approx(holds, rel=1e-13, abs=0)

    @given(eighths(most=20))
    def test_compiled_is_plain(self, pi):
        first = np.array([0, len(pi) // 2, len(pi)])
        walk = CHANCES._walk
        compiled = CHANCES.duel_chances(floats(pi), first)
        plain = CHANCES.Chain(floats(pi), *(np.empty_like(column) for column in compiled[1:]))
        getattr(walk, "py_func", walk)(*plain, first, 0.0)
        assert all((a == b).all() for a, b in zip(plain, compiled, strict=True))


@pytest.mark.parametrize("draw", [pivotal, random_pivotal])
def test_a_sum_that_is_not_whole_is_refused(draw):
    with pytest.raises(InvalidInput, match=r"pi adds up to 1\.5; a fixed size needs a whole"):
        draw([0.5, 0.5, 0.5], rng=np.random.default_rng(1))
