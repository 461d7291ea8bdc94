from fractions import Fraction
from hashlib import sha256
from itertools import combinations, permutations

import numpy as np
import pytest
from averaged_worlds import averaged, bounds, even, loads
from hypothesis import given, settings
from hypothesis import strategies as st
from literal_rounding import literal_edges

from fairlot._base.chance import Given
from fairlot.assignment import arcs, drawing, rounding
from fairlot.assignment.lottery import draw_teams
from fairlot.assignment.network import BITS, WHOLE, network_of
from fairlot.assignment.rules import Group
from fairlot.assignment.teams import entries

seeds = st.integers(0, 2**32 - 1)
LOOPS = {
    name: loop
    for module in (arcs, rounding)
    for name, loop in vars(module).items()
    if hasattr(loop, "py_func")
}


def words_of(seed, size=2000):
    return np.random.default_rng(seed).integers(0, 2**64, size, dtype=np.uint64)


def edges(chances, rng):
    problem = chances.problem
    return entries(problem, draw_teams(problem, rng=rng, chances=chances).officer)


def outcomes(chances, task_order, officer_order):
    """Every outcome of one order of tickets with its exact probability: all coins are tried."""
    problem = chances.problem
    order = (arcs.places(np.array(words, np.uint64)) for words in (task_order, officer_order))
    open_ = arcs.arcs_of(network_of(problem), problem.seat_task, chances.numerator, *order)
    level, found = rounding.room(open_), {}
    fixed = np.equal(chances.numerator, WHOLE)

    def onward(bit, weight):
        if bit == BITS:
            fixed[open_.edge] = open_.value == WHOLE
            key = tuple(np.flatnonzero(fixed).tolist())
            found[key] = found.get(key, 0) + weight
            return
        value = open_.value.copy()
        _, cycles = rounding.split(open_, level, bit)
        for coins in range(2**cycles):
            open_.value[:] = value
            odd, _ = rounding.split(open_, level, bit)
            rounding.turn(open_, level, odd, bit, np.array([coins], np.uint64))
            onward(bit + 1, weight / 2**cycles)

    onward(0, Fraction(1))
    return found


@given(averaged(), seeds)
def test_the_lottery_is_the_text(chances, seed):
    words = words_of(seed)
    literal = literal_edges(chances.problem, chances.numerator.tolist(), iter(words.tolist()))
    assert edges(chances, Given(words)).tolist() == literal


@given(averaged(most_tasks=6, most_officers=9), seeds)
def test_every_sum_holds(chances, seed):
    problem = chances.problem
    used = np.zeros(problem.idx.size, np.bool_)
    used[edges(chances, Given(words_of(seed)))] = True
    assert not used[chances.impossible].any()
    assert used[chances.forced].all()
    assert np.add.reduceat([*used, 0], problem.ptr[:-1]).tolist() == problem.quota.tolist()
    task = np.repeat(problem.seat_task, np.diff(problem.ptr))[used]
    assert np.unique([task, problem.idx[used]], axis=1).shape[1] == used.sum()
    low, high = bounds(chances)
    load = loads(problem, used)
    assert (low <= load).all()
    assert (load <= high).all()


@settings(max_examples=30)
@given(averaged(most_tasks=3, most_officers=4, grains=8), st.data())
def test_over_all_coins_every_edge_is_used_with_its_chance_exactly(chances, data):
    problem = chances.problem
    orders = [data.draw(st.permutations(range(len(x)))) for x in (problem.tasks, problem.officers)]
    chance = [Fraction(0)] * problem.idx.size
    for used, probability in outcomes(chances, *orders).items():
        for e in used:
            chance[e] += probability
    assert chance == [Fraction(int(grains), WHOLE) for grains in chances.numerator]


@settings(max_examples=30)
@given(averaged(most_tasks=2, most_officers=5, grains=8), st.data())
def test_over_all_coins_no_two_officers_of_a_seat_are_positively_correlated(chances, data):
    problem = chances.problem
    orders = [data.draw(st.permutations(range(len(x)))) for x in (problem.tasks, problem.officers)]
    found = outcomes(chances, *orders)
    for row in np.split(np.arange(problem.idx.size), problem.ptr[1:-1]):
        for one, other in combinations(row.tolist(), 2):
            both = sum(weight for used, weight in found.items() if {one, other} <= set(used))
            grains = int(chances.numerator[one]) * int(chances.numerator[other])
            assert both <= Fraction(grains, WHOLE**2)


ALL = range(4)
ALIKE = {
    "a team of two": even([(0, 2, ALL)], 4),
    "a team of three": even([(0, 3, ALL)], 4),
    "two teams, all go once": even([(0, 2, ALL), (1, 2, ALL)], 4),
    "two seats of one task": even([(0, 1, ALL), (0, 1, ALL)], 4),
    "a seat of two and another": even([(0, 2, ALL), (0, 1, ALL), (1, 1, ALL)], 4),
    "within a limit": even([(0, 2, ALL), (1, 2, ALL)], 4, [Group("all", tuple(ALL))]),
}


@pytest.mark.parametrize("name", ALIKE)
def test_over_all_orders_and_coins_interchangeable_officers_meet_equally_often(name):
    chances = ALIKE[name]
    problem = chances.problem
    task = np.repeat(problem.seat_task, np.diff(problem.ptr))
    meet = dict.fromkeys(combinations(ALL, 2), 0)
    for tasks in permutations(range(len(problem.tasks))):
        for officers in permutations(ALL):
            for used, weight in outcomes(chances, tasks, officers).items():
                for one, other in combinations(used, 2):
                    if task[one] == task[other]:
                        meet[tuple(sorted((problem.idx[one], problem.idx[other])))] += weight
    assert len(set(meet.values())) == 1
    assert min(meet.values()) > 0


@settings(max_examples=20)
@given(averaged(), seeds)
def test_the_compiled_loops_equal_their_plain_text(chances, seed):
    compiled = edges(chances, Given(words_of(seed)))
    with pytest.MonkeyPatch.context() as patch:
        for name, loop in LOOPS.items():
            for module in (arcs, rounding, drawing):
                if hasattr(module, name):
                    patch.setattr(module, name, loop.py_func)
        assert edges(chances, Given(words_of(seed))).tolist() == compiled.tolist()


def hundreds(tasks=400, officers=90):
    """Uneven rows, teams of two and a third seat in every other task, districts in departments."""
    near = [[o for o in range(officers) if (7 * t + 3 * o * o) % 11 < 4] for t in range(tasks)]
    seats = [(t, 2, near[t]) for t in range(tasks)]
    seats += [(t, 1, near[t][t % 5 :: 2]) for t in range(0, tasks, 2)]
    thirds = [Group(f"D{k}", tuple(range(30 * k, 30 * k + 30))) for k in range(3)]
    return even(sorted(seats, key=lambda seat: seat[0]), officers, thirds)


class Counted:
    """Words of a fixed seed, and how many were asked for each time."""

    def __init__(self, seed):
        self._rng, self.asked = np.random.default_rng(seed), []

    def words(self, n):
        self.asked.append(n)
        return self._rng.integers(0, 2**64, n, dtype=np.uint64)

    def random(self, n):
        raise AssertionError("coins are whole words")


def test_a_word_for_each_task_and_officer_and_sixty_four_coins_a_word():
    rng = Counted(1)
    edges(hundreds(), rng)
    tasks, officers, *levels = rng.asked
    assert (tasks, officers, len(levels)) == (400, 90, BITS)
    assert max(levels) > 1
    rng = Counted(1)
    edges(even([(0, 2, ALL)], 4), rng)  # two cycles of arcs with value 1/2
    assert rng.asked == [1, 4, *[0] * (BITS - 1), 1]


def test_larger_rows_read_in_blocks_are_the_text_as_well():
    chances, words = hundreds(70), words_of(2)
    literal = literal_edges(chances.problem, chances.numerator.tolist(), iter(words.tolist()))
    assert edges(chances, Given(words)).tolist() == literal


def test_four_hundred_teams_end_in_one_known_hash():
    # dyadic/1 never changes: whoever breaks this breaks the replay of every published draw.
    blocks = b"".join(sha256(k.to_bytes(8, "big")).digest() for k in range(500))
    words, chances = np.frombuffer(blocks, ">u8"), hundreds()
    officer = draw_teams(chances.problem, rng=Given(words), chances=chances).officer
    assert sha256(officer.astype("<i8").tobytes()).hexdigest() == FOUR_HUNDRED


FOUR_HUNDRED = "aea6636368d8226fef2bfc424e774b481fdd7359ecec2b8fe58e1b6e14f0dc3a"
