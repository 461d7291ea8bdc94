"""Write vectors_assign.json: from chances to teams, for other implementations to replay.

    python tests/public/write_vectors_assign.py

An instance holds the pairs with their chances (numerators over 2^30), the 64-byte key of the stream
``assign``, the words taken from it as hex digits (one a task, one an officer, then the coins of each
of the 30 levels) and the teams. How the words make the teams is told in numbered steps in
``fairlot.assignment.rounding``, how the key makes the words in ``fairlot.public.stream``, the bytes
under ``commitment`` in docs/public-draw-v1.md.
"""

import json
from hashlib import sha512
from pathlib import Path
from typing import Any

import numpy as np

from fairlot.assignment import Group, Problem, draw_teams, probabilities
from fairlot.assignment.network import BITS
from fairlot.public.staffed import commitment
from fairlot.public.stream import Stream

FILE = Path(__file__).with_name("vectors_assign.json")


class Overheard:
    """A stream that remembers the words it gave, request by request."""

    def __init__(self, key: bytes) -> None:
        self._stream = Stream(key)
        self.given: list[list[str]] = []

    def words(self, n: int) -> Any:
        words = self._stream.words(n)
        self.given.append([f"{word:016x}" for word in words.tolist()])
        return words

    def random(self, n: int) -> Any:
        raise AssertionError("the lottery asks for words alone")


def problem(seats: list[tuple[int, str, int, list[int]]], cap: list[int], **more: Any) -> Problem:
    task, kind, quota, rows = zip(*seats, strict=True)
    return Problem(
        tasks=tuple(f"S{t:02d}" for t in range(task[-1] + 1)),
        officers=tuple(f"P{o}" for o in range(len(cap))),
        seat_task=task,
        seat_kind=kind,
        quota=quota,
        ptr=np.cumsum([0, *map(len, rows)]),
        idx=np.concatenate(rows),
        cap=cap,
        **more,
    )


def spread(sites: int, people: int, cap: int) -> Problem:
    """Sites with a specialist and an officer; who may go where follows a fixed pattern."""
    seats = []
    for site in range(sites):
        able = [o for o in range(people) if (o + site) % 4]
        seats += [
            (site, "specialist", 1, [o for o in able if (3 * o + site) % 5 < 2]),
            (site, "officer", 1, able),
        ]
    return problem(seats, [cap] * people)


INSTANCES = {
    "equal chances": lambda: problem([(t, "officer", 2, [0, 1, 2]) for t in range(3)], [2, 2, 2]),
    "no time": lambda: problem(
        [(0, "officer", 2, [0, 1, 2]), (1, "officer", 2, [0, 1, 3])], [1, 2, 2, 1]
    ),
    "on two seats of a team": lambda: problem(
        [(0, "specialist", 1, [0, 1]), (0, "officer", 1, [0, 1, 2]),
         (1, "specialist", 1, [1, 2]), (1, "officer", 1, [0, 1, 2, 3])], [1, 1, 1, 1],
    ),
    "limits in common": lambda: problem(
        [(t, "officer", 2, [0, 1, 2, 3, 4]) for t in range(4)], [3] * 5, least=[1, 0, 0, 0, 0],
        groups=(Group("inner", (1, 2), least=1, most=3), Group("outer", (1, 2, 3), most=5)),
    ),
    "twelve sites": lambda: spread(12, 9, 4),
}  # fmt: skip


def instance(name: str) -> dict[str, Any]:
    chances = probabilities(INSTANCES[name]())
    of = chances.problem
    key = sha512(name.encode()).digest()
    stream = Overheard(key)
    teams = draw_teams(of, chances=chances, rng=stream)
    tasks, officers, *coins = stream.given
    assert len(coins) == BITS
    rows = [
        {
            "task": int(of.seat_task[s]),
            "kind": str(of.seat_kind[s]),
            "quota": int(of.quota[s]),
            "officers": of.row(s).tolist(),
            "numerators": chances.numerator[of.ptr[s] : of.ptr[s + 1]].tolist(),
        }
        for s in range(of.quota.size)
    ]
    return {
        "name": name,
        "tasks": list(of.tasks),
        "officers": list(of.officers),
        "cap": of.cap.tolist(),
        "least": of.least.tolist(),
        "groups": [
            {"name": g.name, "officers": list(g.officers), "least": g.least, "most": g.most}
            for g in of.groups
        ],
        "seats": rows,
        "commitment": commitment(chances),
        "key": key.hex(),
        "words": {"tasks": tasks, "officers": officers, "coins": coins},
        "teams": teams.to_frame()[["site_id", "seat", "officer_id"]].to_numpy().tolist(),
    }


def text() -> str:
    """Return the whole file, one seat or list a line."""
    told = json.dumps([instance(name) for name in INSTANCES], ensure_ascii=False, indent=1)
    return told + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
