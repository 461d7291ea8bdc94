"""Every way to fill a few places, counted exactly and numbered in lexicographic order."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, product
from typing import NamedTuple

from fairlot.assignment.borrowing import borrowing_costs
from fairlot.assignment.network import network_of
from fairlot.assignment.problem import Problem

__all__ = ["Completions", "completions"]

State = tuple[int, ...]
"""The room left at every scarce node, no more than the places to come can use."""


class Step(NamedTuple):
    """One way to fill a place: the edge taken, its cost, and the state it leads to."""

    edge: int
    cost: int
    after: State


class Ways(NamedTuple):
    """The least cost at which the places to come can be filled, and in how many ways."""

    cost: int
    number: int


@dataclass(frozen=True, eq=False)
class Completions:
    """All fillings of the places that borrow the fewest, of these the nearest: none in vain.

    steps  of each place, from every state it can be met in, the ways to fill it, officers ascending
    ways   of each place, from every state that can be completed; the last entry is the end
    """

    steps: tuple[dict[State, list[Step]], ...]
    ways: tuple[dict[State, Ways], ...]

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(start.number for start in self.ways[0].values())

    def chances(self) -> list[dict[int, Fraction]]:
        """Return of each place {edge: share of the completions that take it}, above 0 alone."""
        reached = Counter(dict.fromkeys(self.ways[0], 1))
        shares = []
        for place in range(len(self.steps)):
            taken: Counter[int] = Counter()
            onward: Counter[State] = Counter()
            for state, before in reached.items():
                for step in self._best(place, state):
                    taken[step.edge] += before * self.ways[place + 1][step.after].number
                    onward[step.after] += before
            shares.append({edge: Fraction(taken[edge], self.number) for edge in sorted(taken)})
            reached = onward
        return shares

    def __getitem__(self, rank: int) -> list[int]:
        """Return the edges of completion number ``rank``, from 0."""
        edges = []
        (state,) = self.ways[0]
        for place in range(len(self.steps)):
            for step in self._best(place, state):
                number = self.ways[place + 1][step.after].number
                if rank < number:
                    break
                rank -= number
            edges.append(step.edge)
            state = step.after
        return edges

    def _best(self, place: int, state: State) -> list[Step]:
        return [
            step
            for step in self.steps[place][state]
            if (onward := self.ways[place + 1].get(step.after))
            and step.cost + onward.cost == self.ways[place][state].cost
        ]


def completions(vacant: Problem) -> Completions:
    """Return all completions of ``vacant``, whose tasks have one place each.

    Dynamic programming over the places; only officers and groups with less room than places they
    could take are remembered. At most as many steps as there are combinations of candidates.
    """
    steps = _steps(vacant, *_scarce(vacant))
    end = (0,) * len(next(iter(steps[0])))
    ways: list[dict[State, Ways]] = [{end: Ways(0, 1)}]
    for here in reversed(steps):
        found = ((state, _ways(onward, ways[-1])) for state, onward in here.items())
        ways.append({state: total for state, total in found if total.number})
    return Completions(tuple(steps), tuple(reversed(ways)))


def _ways(steps: list[Step], onward: dict[State, Ways]) -> Ways:
    totals = [
        Ways(step.cost + onward[step.after].cost, onward[step.after].number)
        for step in steps
        if step.after in onward
    ]
    least = min((total.cost for total in totals), default=0)
    return Ways(least, sum(total.number for total in totals if total.cost == least))


def _scarce(vacant: Problem) -> tuple[dict[int, State], list[State]]:
    """Return the scarce nodes each officer draws on, and what the places from each on can use."""
    network = network_of(vacant)
    nodes = {int(o): _upwards(int(o), network.parent.tolist()) for o in vacant.idx}
    rows = (vacant.row(place).tolist() for place in range(len(vacant.tasks)))
    usable = [Counter({node for o in row for node in nodes[o]}) for row in rows]
    later = [*accumulate(reversed(usable), initial=Counter[int]())][::-1]
    room = network.most.tolist()
    scarce = [node for node in sorted(later[0]) if room[node] < later[0][node]]
    at = {node: k for k, node in enumerate(scarce)}
    drawn_on = {o: tuple(at[node] for node in up if node in at) for o, up in nodes.items()}
    limits = [tuple(count[node] for node in scarce) for count in later]
    return drawn_on, [tuple(room[node] for node in scarce), *limits[1:]]


def _upwards(node: int, parent: list[int]) -> list[int]:
    return [node] if parent[node] < 0 else [node, *_upwards(parent[node], parent)]


def _steps(
    vacant: Problem, drawn_on: dict[int, State], limits: list[State]
) -> list[dict[State, list[Step]]]:
    costs = borrowing_costs(vacant).tolist()
    steps: list[dict[State, list[Step]]] = []
    states = {limits[0]: None}  # a dict keeps the order in which the states are met
    for place, limit in enumerate(limits[1:]):
        edges = range(vacant.ptr[place], vacant.ptr[place + 1])
        here: dict[State, list[Step]] = {state: [] for state in states}
        for state, edge in product(states, edges):
            left = list(state)
            for k in drawn_on[int(vacant.idx[edge])]:
                left[k] -= 1
            if min(left, default=0) >= 0:
                after = tuple(map(min, left, limit))
                here[state].append(Step(edge, costs[edge], after))
        steps.append(here)
        states = dict.fromkeys(step.after for ways in here.values() for step in ways)
    return steps
