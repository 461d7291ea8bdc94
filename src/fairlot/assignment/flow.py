"""Fill every seat that can be filled: greedy by load, then augmenting paths.

The seats of a problem are a flow: from a seat to the pair (task, officer), capacity 1, because an
officer takes at most one seat of a task; from the pair to the officer, capacity 1; from the officer
onwards, capacity ``cap``. All capacities are whole, so a maximum flow is whole, and a flow is at
its maximum exactly when no augmenting path is left (Ford and Fulkerson 1956,
doi:10.4153/CJM-1956-045-5). ``_augment`` searches the residual network of exactly this flow:

- a seat may take any officer of its row who is not in its team: on to the officer;
- an officer already in the team (the pair is used up) can only be had from the seat they hold:
  on to that seat;
- an officer with room ends the search; a full one can give up any seat held: on to those seats.

So a seat is left empty only when no assignment of officers fills more seats.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairlot._kernels import kernel
from fairlot.assignment.problem import Problem

__all__ = ["Filled", "fill", "reached", "unchanced"]

NOBODY = np.int64(-1)
NEVER = np.int64(0)
DEAD = np.int64(2**62)
"""The stamp of what a failed search reached: it stays hopeless until a new tier opens."""

SHIFT_1, SHIFT_2, SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)
FACTOR_1, FACTOR_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
"""The finaliser of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195)."""


class _Graph(NamedTuple):
    """The problem as the kernels read it; ``level`` is the highest tier open to a task."""

    ptr: NDArray[np.int64]
    idx: NDArray[np.int32]
    tier: NDArray[np.int8]
    level: NDArray[np.int8]
    seat_task: NDArray[np.int64]
    first: NDArray[np.int64]
    cap: NDArray[np.int64]
    task_word: NDArray[np.uint64]
    officer_word: NDArray[np.uint64]


class _State(NamedTuple):
    """Who sits where. The seats an officer holds are a list: ``head``, then ``after``."""

    officer: NDArray[np.int64]
    load: NDArray[np.int64]
    head: NDArray[np.int64]
    after: NDArray[np.int64]
    before: NDArray[np.int64]
    queue: NDArray[np.int64]
    parent: NDArray[np.int64]
    seat_seen: NDArray[np.int64]
    officer_seen: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Filled:
    """As many seats as can be filled; ``empty`` lists, in ticket order, those nobody can take."""

    graph: _Graph
    state: _State
    empty: NDArray[np.int64]

    @property
    def officer(self) -> NDArray[np.int64]:
        """The officer of each seat, -1 where it is empty."""
        return self.state.officer

    @property
    def level(self) -> NDArray[np.int8]:
        """The highest tier that was opened to each task."""
        return self.graph.level

    @property
    def dead(self) -> NDArray[np.bool_]:
        """The seats that the last failed searches reached."""
        return np.equal(self.state.seat_seen, DEAD)


def fill(
    problem: Problem, task_word: NDArray[np.uint64], officer_word: NDArray[np.uint64]
) -> Filled:
    """Fill the seats task by task in the order of ``task_word``, opening tiers where needed.

    How many seats stay empty, and which tiers open, does not depend on the words.
    """
    graph = _graph(problem, task_word, officer_word)
    state = _state(len(problem.officers), problem.seat_task.size)
    with np.errstate(over="ignore"):  # the mixing of words wraps around
        empty = _fill(graph, state, _order(problem, task_word))
        if empty.size and problem.tier.any():
            empty = _borrow(problem, graph, state, empty)
    return Filled(graph, state, empty)


def unchanced(problem: Problem) -> Filled:
    """Fill the seats with no chance at all: to ask whether they can be filled."""
    words = np.zeros(len(problem.tasks), np.uint64), np.zeros(len(problem.officers), np.uint64)
    return fill(problem, *words)


def reached(filled: Filled, seat: np.int64) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the seats a search from the empty ``seat`` reaches, and empty ones like it.

    Like it is an empty seat that only officers reached may take: it adds to what is missing and to
    nothing that could help.
    """
    graph, state = filled.graph, filled.state
    _fill(graph, state, np.array([seat]))
    full = state.officer_seen == DEAD
    rows = ((s, _open_row(graph, s)) for s in filled.empty)
    alike = [s for s, row in rows if row.size and full[row].all()]
    return np.flatnonzero(filled.dead), np.array(alike, dtype=np.int64)


def _open_row(graph: _Graph, seat: np.int64) -> NDArray[np.int32]:
    row = slice(graph.ptr[seat], graph.ptr[seat + 1])
    return np.compress(graph.tier[row] <= graph.level[graph.seat_task[seat]], graph.idx[row])


def _graph(
    problem: Problem, task_word: NDArray[np.uint64], officer_word: NDArray[np.uint64]
) -> _Graph:
    tasks = np.arange(len(problem.tasks) + 1)
    first = np.searchsorted(problem.seat_task, tasks).astype(np.int64)
    level = np.zeros(len(problem.tasks), np.int8)
    rows = (problem.ptr, problem.idx, problem.tier, level, problem.seat_task, first, problem.cap)
    return _Graph(*rows, task_word, officer_word)


def _state(officers: int, seats: int) -> _State:
    nobody = [np.full(size, NOBODY) for size in (seats, officers, seats, seats)]
    officer, head, after, before = nobody
    queue, parent, seat_seen = (np.zeros(seats, np.int64) for _ in range(3))
    load, officer_seen = np.zeros(officers, np.int64), np.zeros(officers, np.int64)
    return _State(officer, load, head, after, before, queue, parent, seat_seen, officer_seen)


def _order(problem: Problem, task_word: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Tasks by ticket; in a task the seat with the fewest officers first, lest others take them."""
    place = np.empty(task_word.size, np.int64)
    place[np.argsort(task_word, kind="stable")] = np.arange(task_word.size)
    return np.lexsort((np.diff(problem.ptr), place[problem.seat_task]))


def _borrow(
    problem: Problem, graph: _Graph, state: _State, empty: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Open the next tier to the bureaux in the way until all is filled or nothing is left to open.

    What the searches from all empty seats reach is the source side of the smallest minimum cut,
    the same for every maximum flow (Picard and Queyranne 1980, doi:10.1007/BFb0120902): so which
    bureaux borrow is a fact of the problem, not of the draw. Only those short of officers of
    their own ever borrow; a bureau that lends never loses a seat, since a path never unfills one.
    """
    bureau = np.unique(problem.bureau, return_inverse=True)[1]
    last = problem.tier.max()
    short = np.isin(bureau, _stuck(bureau, graph, state))
    while empty.size:
        grow = short & np.isin(bureau, _stuck(bureau, graph, state)) & (graph.level < last)
        if not grow.any():
            break
        graph.level[grow] += np.int8(1)
        empty = _fill(graph, state, empty)
    return empty


def _stuck(bureau: NDArray[np.int64], graph: _Graph, state: _State) -> NDArray[np.int64]:
    return np.compress(state.seat_seen == DEAD, bureau[graph.seat_task])


@kernel
def _fill(graph: _Graph, state: _State, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give every seat of ``order`` an officer; return those for which there is none."""
    state.seat_seen[:] = NEVER
    state.officer_seen[:] = NEVER
    empty = np.empty(order.size, np.int64)
    left = 0
    for k in range(order.size):
        seat = order[k]
        o = _freest(graph, state, seat)
        if o != NOBODY:
            _sit(state, seat, o)
        elif not _augment(graph, state, seat, np.int64(k + 1)):
            empty[left] = seat
            left += 1
    return empty[:left]


@kernel
def _freest(graph: _Graph, state: _State, seat: np.int64) -> np.int64:
    """Return the officer with room and the smallest (load, word of the pair, position)."""
    best, least = NOBODY, np.uint64(0)
    task = graph.seat_task[seat]
    for e in range(graph.ptr[seat], graph.ptr[seat + 1]):
        o = np.int64(graph.idx[e])
        if graph.tier[e] > graph.level[task] or state.load[o] >= graph.cap[o]:
            continue
        if best != NOBODY and state.load[o] > state.load[best]:
            continue
        if _seat_in(graph, state, task, o) != NOBODY:
            continue
        word = _mix(graph.task_word[task] ^ graph.officer_word[o])
        if best == NOBODY or state.load[o] < state.load[best] or word < least:
            best, least = o, word
    return best


@kernel
def _augment(graph: _Graph, state: _State, start: np.int64, now: np.int64) -> bool:
    """Search breadth first for a path from an empty seat to an officer with room; move along it."""
    state.queue[0], state.seat_seen[start] = start, now
    at, end = 0, 1
    while at < end:
        seat = state.queue[at]
        at += 1
        task = graph.seat_task[seat]
        for e in range(graph.ptr[seat], graph.ptr[seat + 1]):
            o = np.int64(graph.idx[e])
            if graph.tier[e] > graph.level[task] or state.officer_seen[o] >= now:
                continue
            held = _seat_in(graph, state, task, o)
            if held != NOBODY:
                end = _push(state, held, seat, end, now)
                continue
            state.officer_seen[o] = now
            if state.load[o] < graph.cap[o]:
                _move(state, start, seat, o)
                return True
            held = state.head[o]
            while held != NOBODY:
                end = _push(state, held, seat, end, now)
                held = state.after[held]
    _bury(state, end, now)
    return False


@kernel
def _push(state: _State, seat: np.int64, parent: np.int64, end: int, now: np.int64) -> int:
    if state.seat_seen[seat] >= now:
        return end
    state.seat_seen[seat] = now
    state.parent[seat] = parent
    state.queue[end] = seat
    return end + 1


@kernel
def _move(state: _State, start: np.int64, seat: np.int64, o: np.int64) -> None:
    """Walk the path back: each seat takes the officer found for it and gives up its own."""
    while True:
        given_up = state.officer[seat]
        if given_up != NOBODY:
            _rise(state, seat)
        _sit(state, seat, o)
        if seat == start:
            return
        seat, o = state.parent[seat], given_up


@kernel
def _bury(state: _State, end: int, now: np.int64) -> None:
    """Mark all that a failed search reached, so that no later search enters it.

    Its officers are full and hold only seats that it reached; no later path can enter or leave, so
    nothing in it changes.
    """
    for k in range(end):
        seat = state.queue[k]
        state.seat_seen[seat] = DEAD
        o = state.officer[seat]
        if o != NOBODY and state.officer_seen[o] == now:
            state.officer_seen[o] = DEAD


@kernel
def _seat_in(graph: _Graph, state: _State, task: np.int64, o: np.int64) -> np.int64:
    """Return the seat of ``task`` that officer ``o`` holds, or NOBODY."""
    for seat in range(graph.first[task], graph.first[task + 1]):
        if state.officer[seat] == o:
            return np.int64(seat)
    return NOBODY


@kernel
def _sit(state: _State, seat: np.int64, o: np.int64) -> None:
    state.officer[seat] = o
    state.load[o] += 1
    state.before[seat], state.after[seat] = NOBODY, state.head[o]
    if state.head[o] != NOBODY:
        state.before[state.head[o]] = seat
    state.head[o] = seat


@kernel
def _rise(state: _State, seat: np.int64) -> None:
    o = state.officer[seat]
    state.load[o] -= 1
    if state.before[seat] == NOBODY:
        state.head[o] = state.after[seat]
    else:
        state.after[state.before[seat]] = state.after[seat]
    if state.after[seat] != NOBODY:
        state.before[state.after[seat]] = state.before[seat]


@kernel
def _mix(word: np.uint64) -> np.uint64:
    word = (word ^ (word >> SHIFT_1)) * FACTOR_1
    word = (word ^ (word >> SHIFT_2)) * FACTOR_2
    return word ^ (word >> SHIFT_3)
