import itertools
from fractions import Fraction

import literal_nested_pivotal as literal
import numba
import numpy as np
import pytest
from every_way import every_way
from frames_for_sampling import WORDS, copies, frame, small_frame, weighted_frame
from scipy import stats
from test_two_way import TABLES, grid, quarters, rounded_copies

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import D, two_way_joint
from fairlot.sampling.nested_joint import nested_pivotal_joint, nested_pivotal_joint_over_orders

pytestmark = pytest.mark.once

QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)
FALSE_ALARM = 1e-6


def some_orders(problem, seed=1):
    return np.random.default_rng(seed).integers(0, WORDS, (2, len(problem)), dtype=np.uint64)


def everybody(problem):
    units = np.arange(len(problem))
    return units[:, None], units


def given_order(problem, orders, pairs=None, seed=1, **more):
    return nested_pivotal_joint(
        *problem.columns,
        order_1=orders[0],
        order_2=orders[1],
        pairs=pairs or everybody(problem),
        rng=np.random.default_rng(seed),
        **more,
    )


def by_ways(problem, orders):
    """Exact joint probabilities, from every way the text can go given the order."""
    columns = [column.tolist() for column in problem.columns]
    units = range(len(problem))
    order_1, order_2 = np.asarray(orders).tolist()

    def run(number):
        duel_1, duel_2, rounding = ([number((k, i)) for i in units] for k in "12r")
        return literal.draw(*columns, [order_1, duel_1, order_2, duel_2, rounding])

    table = np.zeros((len(problem), len(problem)))
    for chance, index, _ in every_way(run):
        table[np.ix_(index, index)] += float(chance)
    return table


@pytest.fixture
def tried(monkeypatch):
    """No block is small enough to follow its outcomes."""
    monkeypatch.setattr(two_way_joint, "ROTATIONS_MOST", 0)


class TestGivenTheOrder:
    @pytest.mark.parametrize("seed", range(60))
    def test_it_is_what_all_ways_add_up_to(self, seed):
        problem = small_frame(seed)
        orders = some_orders(problem, seed)
        got, want = given_order(problem, orders), by_ways(problem, orders)
        assert np.abs(got.values - want).max() < 1e-14
        assert ((got.values == 0) == (want == 0)).all()
        assert got.exact

    @pytest.mark.parametrize("seed", range(5))
    def test_rows_add_up_to_what_fixed_sizes_say(self, seed):
        """Each bureau has a fixed size, so a row over a bureau adds up to n_b pi_i."""
        problem = weighted_frame(sizes=(23, 17, 2), sectors=2, seed=seed)
        values = given_order(problem, some_orders(problem, seed)).values
        pi = problem.numerators / D
        for bureau in range(3):
            inside = problem.bureau == bureau
            assert values[:, inside].sum(axis=1) == pytest.approx(pi * pi[inside].sum(), abs=1e-12)

    def test_zeros_are_counted_once_a_pair(self):
        problem = frame([(QUARTER, "x", "s", "A")] * 4 + [(0, "x", "s", "A"), (1, "x", "w", "A")])
        joint = given_order(problem, some_orders(problem))
        assert joint.zeros == 6  # the pairs of four; pi = 0 is no surprise
        assert str(joint) == (
            "6 x 6 joint probabilities, nested_pivotal/1, exact; 6 pairs never come together"
        )
        assert joint.values[5].tolist() == [0.25] * 4 + [0, 1]

    def test_the_draw_agrees(self):
        """Draws with the order held: Bonferroni over the pairs, one false alarm in 10^6."""
        problem, times = weighted_frame(sizes=(9, 8), sectors=3), 20_000
        orders = some_orders(problem)
        rng = np.random.default_rng(5)
        words = rng.integers(0, WORDS, (5, times, len(problem)), dtype=np.uint64)
        words[[0, 2]] = orders[:, None]
        outcome = copies(problem, times, Given(words.ravel())).astype(float)
        joint = given_order(problem, orders)
        assert joint.exact
        i, j = np.triu_indices(len(problem), 1)
        count = np.round((outcome.T @ outcome)[i, j])
        want = joint.values[i, j]
        tails = stats.binom.cdf(count, times, want), stats.binom.sf(count - 1, times, want)
        assert 2 * i.size * np.min(tails) > FALSE_ALARM


@pytest.mark.parametrize(("table", "rotations"), TABLES.values(), ids=TABLES)
def test_entries_rounded_together(table, rotations):
    """The grids of words that tell the whole truth of single entries tell that of pairs too."""
    amount, row, column = quarters(table)
    outcome = rounded_copies(table, grid(12, rotations, amount.size)) / D
    joint = two_way_joint.rounded_together(
        amount, row, column, np.arange(amount.size, dtype=np.uint64), chance=None, trials=0
    )
    i, j = np.triu_indices(amount.size, 1)
    value, error = joint(i, j)
    assert value == pytest.approx((outcome.T @ outcome / len(outcome))[i, j], abs=1e-15)
    assert not error.any()


class TestTried:
    """Where there are too many outcomes; on small frames, where the truth is known."""

    def test_values_are_within_their_standard_errors(self, tried):
        problem, trials = weighted_frame(sizes=(9, 8), sectors=3), 4_000
        orders = some_orders(problem)
        joint = given_order(problem, orders, trials=trials)
        two_way_joint.ROTATIONS_MOST = 8
        exact = given_order(problem, orders).values
        rough = joint.standard_error > 0
        assert not joint.exact
        assert (np.abs(joint.values - exact)[~rough] < 1e-14).all()
        z = (joint.values - exact)[rough] / joint.standard_error[rough]
        assert np.abs(z).max() < stats.norm.isf(FALSE_ALARM / 2 / rough.sum())
        assert np.abs(z).max() > 0.5  # the standard errors are no larger than they need be

    def test_what_is_exact_all_the_same(self, tried):
        problem = weighted_frame(sizes=(9, 8), sectors=3)
        error = given_order(problem, some_orders(problem), trials=10).standard_error
        pair = problem.bureau * 3 + problem.sector
        assert not error[pair[:, None] == pair].any()

    def test_a_pair_never_seen_is_not_called_impossible(self, tried):
        # Either both left-overs of food are drawn, or both of water; one trial sees one way.
        rows = [(HALF, bureau, sector, "A") for bureau in "xy" for sector in "sw"]
        joint = given_order(frame(rows), [range(4), range(4)], trials=1)
        assert not joint.exact
        assert (joint.standard_error[joint.values == 0] > 0).sum() >= 2
        assert joint.zeros == 0


class TestOverOrders:
    def test_it_is_the_mean_over_all_orders(self):
        rows = [
            (Fraction(a, 8), b, s, "A")
            for a, b, s in [(3, 0, 0), (4, 0, 0), (5, 0, 0), (4, 0, 1), (5, 1, 0), (3, 1, 1)]
        ]
        problem, orders = frame(rows), 400
        # Order 1 matters to the three units of one cell only, order 2 to the four speakers.
        pairs = everybody(problem)
        want = np.mean(
            [
                given_order(problem, [[*one, 3, 4, 5], [two[0], two[0], *two]], pairs).values
                for one in itertools.permutations(range(3))
                for two in itertools.permutations(range(4))
            ],
            axis=0,
        )
        i, j = np.triu_indices(6, 1)
        got = nested_pivotal_joint_over_orders(
            *problem.columns, pairs=(i, j), orders=orders, rng=np.random.default_rng(3)
        )
        gap, error = np.abs(got.values - want[i, j]), got.standard_error
        fixed = error < 1e-12  # the same in every order
        assert (gap[fixed] < 1e-12).all()
        assert (gap[~fixed] / error[~fixed]).max() < stats.norm.isf(FALSE_ALARM / 2 / i.size)

    def test_two_of_a_small_cell_never_come_together(self):
        problem = frame([(QUARTER, "x", "s", "A")] * 4 + [(HALF, "x", "w", "A")] * 4)
        joint = nested_pivotal_joint_over_orders(
            *problem.columns, pairs=everybody(problem), orders=30, rng=np.random.default_rng(1)
        )
        assert joint.zeros == 6
        assert not joint.exact

    @pytest.mark.skipif(numba.config.DISABLE_JIT, reason="two million duels")
    def test_draws_of_a_city_agree(self):
        """Its left-overs can be rounded in too many ways to follow."""
        problem, times = weighted_frame(sizes=(300, 200, 100, 50), sectors=9), 4_000
        i, j = np.random.default_rng(1).integers(0, len(problem), (2, 4_000))
        joint = nested_pivotal_joint_over_orders(
            *problem.columns, pairs=(i, j), orders=200, rng=np.random.default_rng(1)
        )
        outcome = copies(problem, times, np.random.default_rng(2))
        share = (outcome[:, i] & outcome[:, j]).mean(axis=0)
        error = np.hypot(joint.standard_error, np.sqrt(joint.values * (1 - joint.values) / times))
        often = (joint.values * times > 100) & (joint.values < 1)  # where counts are nearly normal
        z = ((share - joint.values)[often]) / error[often]
        assert np.abs(z).max() < stats.norm.isf(FALSE_ALARM / 2 / often.sum())
        assert 0.8 < z.std() < 1.2


class TestRefusals:
    problem = frame([(HALF, "x", "s", "A")] * 2)
    order = np.arange(2, dtype=np.uint64)

    def refusal(self, **changes):
        given = {
            "order_1": self.order,
            "order_2": self.order,
            "pairs": ([0], [1]),
            "rng": Given([]),
        }
        with pytest.raises(InvalidInput) as caught:
            nested_pivotal_joint(*self.problem.columns, **given | changes)
        return str(caught.value)

    def test_pairs_outside(self):
        assert self.refusal(pairs=([0], [2])) == "pairs[1][0] is 2; want a position below 2"
        assert self.refusal(pairs=([-1], [1])) == "pairs[0][0] is -1; want a position below 2"
        assert self.refusal(pairs=([0.5], [1])) == "pairs[0] holds float64; want whole numbers"

    def test_an_order_of_another_length(self):
        assert self.refusal(order_2=self.order[:1]) == "order_2 has 1 entries for 2 units"

    def test_an_order_that_is_no_words(self):
        got = self.refusal(order_1=[0.5, 0.2])
        assert got == "order_1 is float64 of shape (2,); want one word of 64 bits per unit"

    def test_no_trials(self):
        got = self.refusal(trials=0)
        assert got == "trials is 0; want a whole number of at least 1"

    def test_a_single_order_has_no_standard_error(self):
        with pytest.raises(InvalidInput, match="orders is 1; want a whole number of at least 2"):
            nested_pivotal_joint_over_orders(
                *self.problem.columns, pairs=([0], [1]), orders=1, rng=Given(range(9))
            )

    def test_no_pairs_no_answer(self):
        joint = nested_pivotal_joint(
            *self.problem.columns, order_1=self.order, order_2=self.order, pairs=([], []),
            rng=Given([]),
        )  # fmt: skip
        assert (joint.values.size, joint.zeros) == (0, 0)
