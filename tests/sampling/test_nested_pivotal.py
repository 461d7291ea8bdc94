import itertools
from collections import Counter
from fractions import Fraction
from importlib import import_module

import literal_nested_pivotal as literal
import numba
import numpy as np
import pytest
from every_way import every_way
from frames_for_sampling import (
    WORDS,
    Frame,
    copies,
    drawn,
    frame,
    frames,
    small_frame,
    weighted_frame,
    words_for,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fairlot._base.chance import Given
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.sampling import D, nested_pivotal

QUARTER, HALF, THREE = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)
FALSE_ALARM = 1e-6
# By its full name: the room hands out the function under the module's name.
DESIGN = import_module("fairlot.sampling.nested_pivotal")
MODULES = [DESIGN, *(import_module(f"fairlot.sampling.{name}") for name in ("two_way", "shuffle"))]


def some_words(units, seed=1):
    return np.random.default_rng(seed).integers(0, WORDS, (5, units), dtype=np.uint64)


def group_sums(labels, values):
    sums = Counter()
    for label, value in zip(labels, values, strict=True):
        sums[label] += int(value)
    return sums


def assert_counts(frame, index):
    """The whole promise of one draw."""
    got = np.zeros(len(frame), dtype=np.int64)
    got[index] = 1
    a, bureau, sector, credit = (column.tolist() for column in frame.columns)
    assert group_sums(bureau, got * D) == group_sums(bureau, a)
    for labels in (
        sector,
        list(zip(bureau, sector, strict=True)),
        list(zip(bureau, sector, credit, strict=True)),
    ):
        want = group_sums(labels, a)
        for label, count in group_sums(labels, got).items():
            assert want[label] // D <= count <= -(-want[label] // D)
    assert all(x > 0 for x, g in zip(a, got, strict=True) if g)
    assert all(x < D for x, g in zip(a, got, strict=True) if not g)


@given(st.data())
def test_it_is_what_the_text_says(data):
    problem = data.draw(frames())
    words = data.draw(words_for(len(problem)))
    columns = [column.tolist() for column in problem.columns]
    assert drawn(problem, words) == literal.draw(*columns, words)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_what_the_text_says_on_a_small_city(seed):
    problem = weighted_frame(sizes=(31, 40, 22, 9, 3), sectors=6, seed=seed)
    words = some_words(len(problem), seed)
    columns = [column.tolist() for column in problem.columns]
    assert drawn(problem, words) == literal.draw(*columns, words.tolist())


@pytest.fixture
def plain(monkeypatch):
    """Every kernel of the design in plain Python, also where one calls another."""
    for module in MODULES:
        for name, value in vars(module).copy().items():
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)


@pytest.mark.parametrize("seed", range(20))
def test_compiled_is_plain(seed, request):
    problem = weighted_frame(seed=seed)
    words = some_words(len(problem), seed)
    compiled = drawn(problem, words)
    request.getfixturevalue("plain")
    assert drawn(problem, words) == compiled


class TestPromiseOfEveryDraw:
    @given(st.data())
    def test_counts(self, data):
        problem = data.draw(frames())
        words = data.draw(words_for(len(problem)))
        assert_counts(problem, drawn(problem, words))

    @pytest.mark.parametrize("word", [0, 1, WORDS // 2, WORDS - 1])
    def test_counts_for_words_all_alike(self, word):
        problem = weighted_frame()
        assert_counts(problem, drawn(problem, np.full((5, len(problem)), word, dtype=np.uint64)))

    def test_the_sample_carries_the_published_probabilities(self):
        problem = weighted_frame()
        sample = nested_pivotal(*problem.columns, rng=Given(some_words(len(problem)).ravel()))
        assert (sample.pi == problem.numerators / D).all()
        assert sample.design == "nested_pivotal/1"
        assert len(sample) == sum(problem.numerators.tolist()) // D

    def test_it_takes_five_words_a_unit_and_the_same_words_give_the_same_sample(self):
        problem = weighted_frame()
        words = some_words(len(problem)).ravel()
        rng = Given(words)
        first = nested_pivotal(*problem.columns, rng=rng)
        with pytest.raises(InvalidInput, match="asked for 1 words, 0 are left"):
            rng.words(1)
        again = nested_pivotal(*problem.columns, rng=Given(words))
        assert first.index.tolist() == again.index.tolist()

    def test_all_certain_or_impossible(self):
        problem = frame([(1, "x", "s", "A"), (0, "x", "s", "A"), (0, "y", "s", "A")])
        assert drawn(problem, some_words(3)) == [0]


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="millions of units")
class TestMillionsOfUnits:
    def test_sums_beyond_64_bits(self):
        """Ten million certain units of one bureau add up to 10^7 * 2^40 > 2^63."""
        amount = np.full(10_000_002, D, dtype=np.int64)
        amount[[0, 7]] = D // 2, D // 2 + 1
        whole, rest = DESIGN._bureau_sums(amount, np.zeros(amount.size, dtype=np.int64), 1)
        assert (whole.tolist(), rest.tolist()) == ([10_000_001], [1])

    @pytest.mark.slow
    def test_counts_of_ten_million_units(self):
        rng = np.random.default_rng(1)
        bureau, sector, credit = (rng.integers(0, most, 10_000_000) for most in (300, 20, 4))
        a = rng.integers(0, D // 3, bureau.size)
        last = np.unique(bureau, return_index=True)[1]
        rest = -self.sums(bureau, a) % D
        # What is missing to whole sums goes to one unit of each bureau, which had less than D/3.
        a[last] = (a[last] + rest) % D
        index = nested_pivotal(a, bureau, sector, credit, rng=rng).index
        got = np.zeros(a.size, dtype=np.int64)
        got[index] = D
        assert (self.sums(bureau, got) == self.sums(bureau, a)).all()
        pair = bureau * 20 + sector
        for group in (sector, pair, pair * 4 + credit):
            assert (abs(self.sums(group, got) - self.sums(group, a)) < D).all()

    @staticmethod
    def sums(group, values):
        total = np.zeros(group.max() + 1, dtype=np.int64)
        np.add.at(total, group, values)
        return total


class TestInvariance:
    problem = weighted_frame()
    words = some_words(len(problem))

    @pytest.mark.parametrize("seed", range(10))
    def test_rows_may_stand_in_any_order_with_their_words(self, seed):
        rows = np.random.default_rng(seed).permutation(len(self.problem))
        moved = drawn(self.problem.take(rows), self.words[:, rows])
        assert sorted(rows[moved].tolist()) == drawn(self.problem, self.words)

    def test_labels_may_have_any_names(self):
        renamed = Frame(
            self.problem.numerators,
            np.array(["浦东", "a", "Z", ""], dtype=object)[self.problem.bureau],
            np.array([(1, 2), "s", 3.5, "水质"], dtype=object)[self.problem.sector],
            -self.problem.credit,
        )
        assert drawn(renamed, self.words) == drawn(self.problem, self.words)


class TestAnotherBureau:
    """What happens elsewhere when a bureau joins: nothing, unless left-overs share a block."""

    problem = weighted_frame()
    words = some_words(len(problem))

    def old_units_drawn(self, *rows, seed=3):
        """Which old units are drawn when the new bureau's rows stand scattered among them."""
        new = frame(rows)
        both = Frame(
            *(
                np.concatenate([old.astype(object), extra.astype(object)])
                for old, extra in zip(self.problem.columns, new.columns, strict=True)
            )
        )
        both = Frame(both.numerators.astype(np.uint64), both.bureau, both.sector, both.credit)
        words = np.concatenate([self.words, some_words(len(new), seed)], axis=1)
        # The new rows come in between, but the old ones keep their order.
        place = np.random.default_rng(seed).permutation(len(both))
        place[np.isin(place, np.arange(len(self.problem)))] = np.arange(len(self.problem))
        index = place[drawn(both.take(place), words[:, place])]
        return sorted(i for i in index.tolist() if i < len(self.problem))

    def test_without_left_overs_it_changes_nothing(self):
        rows = [
            (HALF, "new", 0, 1),
            (HALF, "new", 0, 2),
            (QUARTER, "new", 1, 1),
            (THREE, "new", 1, 1),
        ]
        assert self.old_units_drawn(*rows) == drawn(self.problem, self.words)

    @pytest.mark.parametrize("seed", range(5))
    def test_in_sectors_of_its_own_it_changes_nothing(self, seed):
        rows = [
            (HALF, "new", "new 1", 1),
            (QUARTER, "new", "new 2", 1),
            (QUARTER, "new", "new 3", 1),
        ]
        assert self.old_units_drawn(*rows, seed=seed) == drawn(self.problem, self.words)

    def test_in_shared_sectors_it_moves_left_overs_only(self):
        rows = [(HALF, "new", 0, 1), (QUARTER, "new", 1, 1), (QUARTER, "new", 2, 1)]
        alone = set(drawn(self.problem, self.words))
        changed = Counter()
        for seed in range(30):
            for i in alone ^ set(self.old_units_drawn(*rows, seed=seed)):
                changed[int(self.problem.bureau[i]), int(self.problem.sector[i]), i] += 1
        assert changed
        assert max(Counter((b, s) for b, s, _ in changed).values()) == 1


class TestExactProbabilities:
    """Chances that are multiples of 1/12: one word in each twelfth tells the whole truth."""

    TWELFTHS = np.array([-(-k * WORDS // 12) for k in range(12)], dtype=np.uint64)

    def share_drawn(self, problem, free, order=None):
        """Exact probabilities, the listed (column, unit) words running through all twelfths."""
        runs = np.array(list(itertools.product(self.TWELFTHS, repeat=len(free))), dtype=np.uint64)
        words = np.zeros((5, len(runs), len(problem)), dtype=np.uint64)
        if order is not None:
            words[[0, 2]] = np.array(order, dtype=np.uint64)
        for k, (column, units) in enumerate(free):
            words[column][:, units] = runs[:, [k]]
        outcome = copies(problem, len(runs), Given(words.ravel()))
        return [Fraction(int(count), len(runs)) for count in outcome.sum(axis=0)]

    @pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
    @pytest.mark.parametrize("pi", [(HALF, QUARTER, QUARTER), (THREE, HALF, THREE)])
    def test_duels_of_a_cell(self, pi, order):
        problem = frame([(p, "x", "s", "A") for p in pi])
        free = [(1, [0]), (1, [1]), (1, [2])]
        assert self.share_drawn(problem, free, order) == list(pi)

    @pytest.mark.parametrize("order", [range(4), [3, 2, 1, 0], [2, 0, 3, 1]])
    def test_duels_of_two_classes(self, order):
        pi = [HALF, QUARTER, HALF, THREE]
        problem = frame([(p, "x", "s", c) for p, c in zip(pi, "AABB", strict=True)])
        free = [(1, [0, 1]), (1, [2, 3]), (3, [0, 1, 2, 3])]
        assert self.share_drawn(problem, free, order) == pi

    def test_left_overs_of_two_sectors(self):
        pi = [HALF, QUARTER, THREE, HALF]
        problem = frame([(p, "x", s, "A") for p, s in zip(pi, "ssww", strict=True)])
        free = [(1, [0, 1]), (1, [2, 3]), (4, [0, 1, 2, 3])]
        assert self.share_drawn(problem, free) == pi

    @pytest.mark.parametrize(
        ("order", "rotations"), [(range(5), ([0, 1], [2])), ([4, 3, 2, 1, 0], ([4], [3]))]
    )
    def test_left_overs_of_two_bureaux(self, order, rotations):
        # The two first edges give the words of the two rotations that two bureaux may need.
        pi = [QUARTER, HALF, QUARTER, THREE, QUARTER]
        labels = ["xs", "xs", "xw", "ys", "yw"]
        problem = frame([(p, b, s, "A") for p, (b, s) in zip(pi, labels, strict=True)])
        free = [(1, [0, 1]), *((4, units) for units in rotations)]
        assert self.share_drawn(problem, free, order) == pi


@pytest.mark.parametrize("seed", range(40))
def test_probabilities_are_exact_over_all_ways_the_draw_can_go(seed):
    """Given any order, every way to decide is gone, by the text and by the draw."""
    problem = small_frame(seed)
    columns = [column.tolist() for column in problem.columns]
    orders = np.random.default_rng(seed).integers(0, WORDS, (2, len(problem)), dtype=np.uint64)
    orders = orders.tolist()

    def run(number):
        duel_1, duel_2, rounding = ([number((k, i)) for i in range(len(problem))] for k in "12r")
        return literal.draw(*columns, [orders[0], duel_1, orders[1], duel_2, rounding])

    total = [Fraction(0)] * len(problem)
    for chance, index, numbers in every_way(run):
        duel_1, duel_2, rounding = (
            [int(numbers.get((k, i), 0) * WORDS) for i in range(len(problem))] for k in "12r"
        )
        assert drawn(problem, [orders[0], duel_1, orders[1], duel_2, rounding]) == index
        for i in index:
            total[i] += chance
    assert total == [Fraction(a, D) for a in columns[0]]


def binomial_alarm(outcome, pi):
    """The smallest tail of any unit's count, times 2 N (Bonferroni: holds for dependent units)."""
    times, units = outcome.shape
    count = outcome.sum(axis=0)
    tails = [stats.binom.cdf(count, times, pi), stats.binom.sf(count - 1, times, pi)]
    return 2 * units * np.min(tails)


def chi_square_alarm(outcome, pi):
    """Hotelling's test: the chi-square of dependent counts, as an F tail."""
    times = len(outcome)
    gap = outcome.mean(axis=0) - pi
    spread, axes = np.linalg.eigh(np.cov(outcome.T.astype(float)))
    free = spread > 1e-9  # fixed sizes make the others 0
    assert np.abs(axes[:, ~free].T @ gap).max() < 1e-9
    rank = int(free.sum())
    t2 = times * np.sum((axes[:, free].T @ gap) ** 2 / spread[free])
    return stats.f.sf(t2 * (times - rank) / (rank * (times - 1)), rank, times - rank)


@pytest.fixture(scope="module")
def outcome():
    return copies(weighted_frame(), 20_000, np.random.default_rng(2026))


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="a million duels; plain == compiled is above")
class TestFrequencies:
    """Each test raises a false alarm with probability 1e-6."""

    problem = weighted_frame()

    def test_every_unit(self, outcome):
        assert binomial_alarm(outcome, self.problem.numerators / D) > FALSE_ALARM

    def test_all_units_together(self, outcome):
        assert chi_square_alarm(outcome, self.problem.numerators / D) > FALSE_ALARM

    def test_the_alarms_can_ring(self, outcome):
        pi = self.problem.numerators / D
        a, b = np.flatnonzero((pi > 0.1) & (pi < 0.9) & (self.problem.bureau == 0))[:2]
        pi[a], pi[b] = pi[a] + 0.03, pi[b] - 0.03
        assert binomial_alarm(outcome, pi) < FALSE_ALARM
        assert chi_square_alarm(outcome, pi) < FALSE_ALARM

    def test_counts_in_every_draw(self, outcome):
        for index in map(np.flatnonzero, outcome[:500]):
            assert_counts(self.problem, index)

    @pytest.mark.slow
    def test_a_million_draws(self):
        rng = np.random.default_rng(11)
        outcome = np.concatenate([copies(self.problem, 20_000, rng) for _ in range(50)])
        assert binomial_alarm(outcome, self.problem.numerators / D) > FALSE_ALARM
        assert chi_square_alarm(outcome, self.problem.numerators / D) > FALSE_ALARM


class TestRefusals:
    HALVES = (np.full(2, D // 2, dtype=np.uint64), ["x", "x"], ["s", "s"], ["A", "B"])

    def refusal(self, **changes):
        names = ("numerators", "bureau", "sector", "credit")
        given = dict(zip(names, self.HALVES, strict=True)) | changes
        with pytest.raises(InvalidInput) as caught:
            nested_pivotal(**given, rng=np.random.default_rng(1))
        return str(caught.value)

    def test_a_bureau_without_a_whole_number_of_units(self):
        got = self.refusal(
            numerators=[D, D // 2, 1, D - 1],
            **dict.fromkeys(("sector", "credit"), "abcd"),
            bureau=["x", "浦东", "y", "y"],
        )
        assert got == (
            "bureau '浦东' has numerators adding up to 549755813888 = 0 * 2^40 + 549755813888;"
            " want a multiple of 2^40"
        )

    def test_a_numerator_outside(self):
        got = self.refusal(numerators=np.array([1, D + 1], dtype=np.uint64))
        assert got == "numerators[1] is 1099511627777; want 0 to 2^40 = 1099511627776"
        assert (
            self.refusal(numerators=[-1, 1])
            == "numerators[0] is -1; want 0 to 2^40 = 1099511627776"
        )

    def test_numerators_that_are_not_whole_numbers(self):
        want = "want a list of whole numbers, one per unit"
        assert self.refusal(numerators=[0.5, 0.5]) == f"numerators is float64 of shape (2,); {want}"
        assert self.refusal(numerators=[]) == f"numerators is float64 of shape (0,); {want}"
        assert self.refusal(numerators=[[1, 1]]) == f"numerators is int64 of shape (1, 2); {want}"

    def test_too_many_units(self):
        nothing = np.broadcast_to(np.uint8(0), (1 << 27) + 1)  # takes no memory
        assert self.refusal(numerators=nothing) == "134217729 units; want at most 134217728"

    @pytest.mark.parametrize("name", ["bureau", "sector", "credit"])
    def test_labels_of_another_length(self, name):
        assert self.refusal(**{name: ["x"]}) == f"{name} has 1 entries for 2 units"

    @pytest.mark.parametrize("label", [None, float("nan")])
    def test_labels_that_are_missing(self, label):
        assert self.refusal(sector=["s", label]) == f"sector[1] is {label}; want a label"

    def test_chance_must_be_given(self):
        with pytest.raises(InvalidInput, match="rng is int; want"):
            nested_pivotal(*self.HALVES, rng=7)

    def test_a_broken_promise_is_never_returned(self, monkeypatch):
        monkeypatch.setattr(DESIGN, "_nested", lambda units, chance: np.zeros(2, dtype=bool))
        with pytest.raises(FairlotError) as caught:
            nested_pivotal(*self.HALVES, rng=np.random.default_rng(1))
        assert str(caught.value) == "nested_pivotal/1 drew 0 units of bureau 'x', promised 1"
