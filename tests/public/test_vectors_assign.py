"""The vectors replay: by this library, and by the numbered steps alone, written out in plain Python."""

import json
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from write_vectors_assign import FILE, INSTANCES, Overheard, text

from fairlot.assignment import check_teams, draw_teams, probabilities
from fairlot.public.staffed import commitment

VECTORS = {each["name"]: each for each in json.loads(FILE.read_text("utf-8"))}
WHOLE = 1 << 30
TOP = ("top",)

Vector = dict[str, Any]


class Literal:
    """``fairlot.assignment.rounding``, steps 1 to 4, from a vector and nothing else."""

    def __init__(self, vector: Vector) -> None:
        self.vector = vector
        self.order = {
            kind: self._places(vector["words"][kind + "s"]) for kind in ("task", "officer")
        }
        self.value: dict[Any, int] = {}  # by arc (tail, head, edge), in the order of the arcs
        self._out_of_seats()
        self._out_of_nodes()

    def _places(self, words: list[str]) -> list[int]:
        ranked = sorted(range(len(words)), key=lambda i: (int(words[i], 16), i))
        return [ranked.index(i) for i in range(len(words))]

    def _out_of_seats(self) -> None:
        seats = self.vector["seats"]
        rows: dict[Any, set[int]] = defaultdict(set)
        for s, seat in enumerate(seats):
            for officer in seat["officers"]:
                rows[seat["task"], officer].add(s)
        for s in sorted(range(len(seats)), key=lambda s: (self.order["task"][seats[s]["task"]], s)):
            pairs = zip(seats[s]["officers"], seats[s]["numerators"], strict=True)
            for officer, numerator in sorted(pairs, key=lambda p: self.order["officer"][p[0]]):
                several = len(rows[seats[s]["task"], officer]) > 1
                head = ("bundle", seats[s]["task"], officer) if several else ("officer", officer)
                if 0 < numerator < WHOLE:
                    self.value[("seat", s), head] = numerator

    def _out_of_nodes(self) -> None:
        heads = dict.fromkeys(head for _, head in self.value)
        for bundle in [head for head in heads if head[0] == "bundle"]:
            self.value[bundle, ("officer", bundle[2])] = self._into(bundle)
        people = range(len(self.vector["officers"]))
        for officer in sorted(people, key=lambda o: self.order["officer"][o]):
            self.value[("officer", officer), self._group_of({officer}, 0)] = self._into(
                ("officer", officer)
            )
        for g, group in enumerate(self.vector["groups"]):
            self.value[("group", g), self._group_of(set(group["officers"]), g + 1)] = self._into(
                ("group", g)
            )

    def _into(self, node: Any) -> int:
        return sum(value for (_, head), value in self.value.items() if head == node)

    def _group_of(self, members: set[int], first: int) -> Any:
        for g, group in enumerate(self.vector["groups"]):
            if g >= first and members <= set(group["officers"]):
                return "group", g
        return TOP

    def teams(self) -> list[list[str]]:
        for level in range(30):
            self._level(level, self.vector["words"]["coins"][level])
        return [
            [self.vector["tasks"][seat["task"]], seat["kind"], self.vector["officers"][officer]]
            for s, seat in enumerate(self.vector["seats"])
            for officer, numerator in zip(seat["officers"], seat["numerators"], strict=True)
            if self._taken(s, seat["task"], officer, numerator)
        ]

    def _taken(self, s: int, task: int, officer: int, numerator: int) -> bool:
        heads = ("officer", officer), ("bundle", task, officer)
        return WHOLE in [numerator, *(self.value.get((("seat", s), head)) for head in heads)]

    def _level(self, level: int, coins: list[str]) -> None:
        odd = [arc for arc, value in self.value.items() if value >> level & 1]
        cycles = list(self._cycles(odd))
        assert len(coins) == -(-len(cycles) // 64)
        for k, cycle in enumerate(cycles):
            heads = int(coins[k // 64], 16) >> k % 64 & 1
            for arc, upwards in cycle:
                self.value[arc] += 1 << level if upwards == heads else -(1 << level)

    def _cycles(self, odd: list[Any]) -> Any:
        """Yield each cycle as its (arc, walked upwards) in the order in which they are cut out."""
        walked: set[Any] = set()
        partner = {}
        for seat in {tail for tail, _ in odd if tail[0] == "seat"}:
            arcs = [arc for arc in odd if arc[0] == seat]
            for one, other in zip(arcs[::2], arcs[1::2], strict=True):
                partner[one], partner[other] = other, one
        while left := [arc for arc in odd if arc not in walked]:
            yield from self._walk(left[0], odd, walked, partner)

    def _walk(self, first: Any, odd: list[Any], walked: set[Any], partner: Any) -> Any:
        arc, upwards, path = first, 1, []
        while True:
            walked.add(arc)
            path.append((arc, upwards))
            node = arc[1] if upwards else arc[0]
            left = [a[0] if up else a[1] for a, up in path]
            if node in left:
                at = left.index(node)
                yield path[at:]
                del path[at:]
            if arc == partner[first]:
                return
            arc, upwards = self._next(node, arc, odd, walked, partner)

    def _next(self, node: Any, arc: Any, odd: list[Any], walked: set[Any], partner: Any) -> Any:
        if node[0] == "seat":
            return partner[arc], 1
        into = [a for a in odd if a[1] == node and a not in walked]
        if into:
            return into[0], 0
        return next(a for a in odd if a[0] == node and a not in walked), 1


@pytest.mark.parametrize("name", INSTANCES)
def test_the_library_replays_the_vector(name: str) -> None:
    vector, chances = VECTORS[name], probabilities(INSTANCES[name]())
    assert [n for seat in vector["seats"] for n in seat["numerators"]] == chances.numerator.tolist()
    assert commitment(chances) == vector["commitment"]
    stream = Overheard(bytes.fromhex(vector["key"]))
    teams = draw_teams(chances.problem, chances=chances, rng=stream)
    check_teams(chances.problem, teams)
    words = vector["words"]
    assert stream.given == [words["tasks"], words["officers"], *words["coins"]]
    assert (
        teams.to_frame()[["site_id", "seat", "officer_id"]].to_numpy().tolist() == vector["teams"]
    )


@pytest.mark.parametrize("name", INSTANCES)
def test_the_numbered_steps_replay_the_vector(name: str) -> None:
    assert Literal(VECTORS[name]).teams() == VECTORS[name]["teams"]


def test_the_file_is_what_the_script_writes() -> None:
    assert FILE.read_text("utf-8") == text()


def test_the_vectors_hold_all_kinds_of_arcs() -> None:
    arcs = [arc for vector in VECTORS.values() for arc in Literal(vector).value]
    assert {tail[0] for tail, _ in arcs} == {"seat", "bundle", "officer", "group"}
    assert max(np.count_nonzero(v["words"]["coins"][0]) for v in VECTORS.values()) > 0
