"""Write the worked example of docs/public-draw-v1.md, and the same as test vectors.

python docs/example_draw.py          write both
python docs/example_draw.py --check  fail if either is not what this script writes
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from example_world import (
    ROUND,
    Example,
    field_rows,
    levels,
    material,
    private,
    result_columns,
    row_key,
)

from fairlot.assignment.arcs import arcs_of
from fairlot.assignment.network import BITS, WHOLE, network_of
from fairlot.assignment.rounding import COINS, room, split, turn
from fairlot.public.results import results_key
from fairlot.public.staffed import commitment
from fairlot.public.stream import Stream, subkey
from fairlot.public.suite import SHA256
from fairlot.sampling import D
from fairlot.sampling.whole_numbers import below

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE / "public-draw-v1.md"
VECTORS = HERE.parent / "tests" / "public" / "vectors_v1.json"
BEGIN, END = "<!-- example: written by example_draw.py -->\n", "<!-- end of example -->"


def main() -> None:
    """Write the document and the vectors, or compare them."""
    example = Example()
    text = DOCUMENT.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    told = "\n".join(_sections(example)) + "\n"
    want = {
        DOCUMENT: head + BEGIN + "\n" + told + "\n" + END + rest.split(END)[1],
        VECTORS: json.dumps(vectors(example), ensure_ascii=False, indent=1) + "\n",
    }
    for path, new in want.items():
        if "--check" not in sys.argv:
            path.write_text(new, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != new:
            sys.exit(f"{path.name} is not what docs/example_draw.py writes")


def _sections(e: Example) -> Iterator[str]:
    """Yield the lines of the example."""
    yield from _opened(e)
    yield from _announced(e)
    yield from _tickets(e)
    yield from _duelled(e)
    yield from _staffed(e)
    yield from _dated(e)


def _opened(e: Example) -> Iterator[str]:
    yield "**The registers.** Six sites of one bureau and three officers; `standings.jsonl`, `sites.jsonl` and"
    yield "`officers.jsonl` without their first lines:\n"
    for name in ("standings", "sites", "officers", "conflicts", "absences"):
        yield from _block(e.files[f"{name}.jsonl"].decode().splitlines()[1:])
    yield "The officers P1, P2 and P3 stand under pseudonyms, made with a secret of 32 zero bytes:\n"
    pairs = e.names.openings.values()
    yield from _table("id", "salt", "pseudonym", [(o.id, o.salt, o.pseudonym) for o in pairs])
    yield "So do the keys of the parts (`opening.json`):\n"
    keys = [(name, key.hex()) for name, key in e.announced.opening.keys.items()]
    yield from _table("part", "key", keys)
    yield "**One row.** S1 is row 0. Its public part, under the key of `standings`, has the row key"
    yield f"`{row_key(e, 'standings').hex()}`:\n"
    yield from _fields(e, "standings")
    yield f"Its private part, under the key of `sites`, has the row key `{row_key(e, 'sites').hex()}`:\n"
    yield from _fields(e, "sites")
    yield f"The private digest is `{private(e).hex()}`.\n"
    yield "**Leaves and root.**\n"
    yield from _table("site", "leaf", [(f"S{i + 1}", leaf.tobytes().hex())
                                      for i, leaf in enumerate(e.leaves())])  # fmt: skip
    root = e.announced.body["registers"]["sites"]["root"]
    yield f"The root of the sites is `{root}`. Tables without rows have the root SHA-256 of nothing.\n"


def _announced(e: Example) -> Iterator[str]:
    text = e.files["announcement.json"].decode()
    yield "**The announcement**, one line, here broken after every 100 characters:\n"
    yield from _block([text.strip()[i : i + 100] for i in range(0, len(text) - 1, 100)])
    yield f"Its SHA-256, line end included, is `{e.announced.digest.hex()}`.\n"
    yield f"**The beacon.** Round {ROUND} of quicknet came out with the signature"
    yield f"`{e.value['signature']}`;\nits SHA-256, the randomness, is `{e.value['randomness']}`.\n"
    yield "**Seed and keys.** The material is framed(`fairlot.draw/v1 beacon`, the field `beacon` of the"
    yield f"announcement in JCS, the 32 bytes of randomness): {len(material(e))} bytes with the SHA-256"
    yield f"`{SHA256.digest(material(e)).hex()}`.\nThe seed is `{e.seed.hex()}`.\n"
    yield from _table("label", "key", [(label, subkey(e.seed, label).hex())
                                      for label in ("select", "assign", "schedule")])  # fmt: skip


def _tickets(e: Example) -> Iterator[str]:
    frame, words = e.replay.quotas.frame, e.words("select", range(6), 5)
    yield "**Probabilities.** S1 is key, so certain. Of the quota ceil(0.5 * 6) = 3 two are left; the weights 1, 2, 1,"
    yield "2, 1 add up to 7, so lambda = 2/7. The numerators are rounded down; what 2 * 2^40 then lacks goes to the"
    yield "largest remainders.\n"
    columns = (frame[name].tolist() for name in ("site_id", "rule", "numerator"))
    yield from _table("site", "rule", "numerator", list(zip(*columns, strict=True)))
    yield "**Tickets** under the key `select`: words 0 to 4.\n"
    yield from _table("site", "order 1", "duel 1", "order 2", "duel 2", "rounding",
                     [(f"S{i + 1}", *row) for i, row in enumerate(words)])  # fmt: skip


def _duelled(e: Example) -> Iterator[str]:
    told: list[tuple[Any, ...]] = []
    left, won = levels(e, told)
    yield "**Duels.** S1 is drawn. In each row the newcomer's word decides; `top / bottom` is the holder's chance to go on"
    yield "(below 2^40 together) or to be drawn.\n"
    yield from _table("level", "group", "holder", "holds", "newcomer", "brings", "word", "top", "bottom",
                     "holder wins", told)  # fmt: skip
    yield "What is left over of each bureau x sector, with its speaker and holder:\n"
    yield from _table("sector", "speaker", "holder", "left over", left)
    yield from _rounded(e, left, won)
    drawn = ", ".join(f"S{i + 1}" for i in e.replay.sample.index)
    yield f"So the drawn list is **{drawn}** (`drawn.csv`).\n"


def _rounded(e: Example, left: list[tuple[Any, ...]], won: set[str]) -> Iterator[str]:
    """Tell the one rotation of the two edges and their slack edges."""
    words = e.words("select", range(6), 5)
    first, second = sorted(left, key=lambda one: words[int(one[1][1:]) - 1][2])
    x, word = first[3], words[int(first[1][1:]) - 1][4]
    up, down = D - x, x
    rises = bool(below(np.uint64(word), down, up + down))
    yield "**Cycle rounding.** The two edges add up to 2^40 at the bureau. In the order of order 2 the first is"
    yield f"{first[0]}, {x}; the second {second[0]}, {second[3]}. Both sectors lack something, so both have a slack edge, and"
    yield "the walk bureau, first sector, slack node, second sector, bureau is one cycle. Its edges have the amounts"
    yield f"{x}, {D - x}, {D - second[3]}, {second[3]}, so up = {up} and down = {down}. The word of edge 0 is the"
    yield f"rounding word of its speaker {first[1]}, {word}: {'below' if rises else 'not below'} down / (up + down), so"
    yield f"{first[0] if rises else second[0]} keeps a whole unit, and its holder {(first if rises else second)[2]} is drawn.\n"
    won.add((first if rises else second)[2])
    assert won == {f"S{i + 1}" for i in e.replay.sample.index}


def _staffed(e: Example) -> Iterator[str]:
    chances = e.replay.chances
    frame = chances.to_frame()
    yield "**Chances.** P1 is in conflict with S1, so P2 and P3 go there for certain (fixed, 2^30). P1 has one place; the other two"
    yield "sites are alike, and so are P2 and P3: P1 has 1/2 on each, P2 and P3 (1 + 1/2) / 2 = 3/4.\n"
    yield from _table("site", "person", "numerator over 2^30",
                     frame[["site_id", "officer_id", "numerator"]].to_numpy().tolist())  # fmt: skip
    yield f"`chances` = `{commitment(chances)}`.\n"
    yield from _coins(e)
    teams = e.replay.teams.to_frame()
    yield "**Teams** (`teams.csv`):\n"
    yield from _table("site", "person", teams[["site_id", "officer_id"]].to_numpy().tolist())


def _coins(e: Example) -> Iterator[str]:
    """Tell the levels of the lottery that have odd arcs."""
    problem, numerator = e.replay.chances.problem, e.replay.chances.numerator
    stream, network = Stream(subkey(e.seed, "assign")), network_of(problem)
    task, person = stream.words(len(problem.tasks)), stream.words(len(problem.officers))
    yield "**Coins.** Words of the stream `assign`, first one for each task, then one for each person:\n"
    names = [*problem.tasks, *problem.officers]
    yield from _table("", "word", list(zip(names, [*task.tolist(), *person.tolist()], strict=True)))
    arcs = arcs_of(network, problem.seat_task, numerator, task, person)
    level = room(arcs)
    for bit in range(BITS):
        odd, cycles = split(arcs, level, bit)
        word = stream.words(-(-int(cycles) // COINS))
        if cycles:
            yield f"Level {bit}: {cycles} cycles, coins in the word {word[0]}.\n"
            yield from _table("site", "person", "value", "cycle", "walked", "coin",
                             list(_walked(e, arcs, level, int(odd), int(word[0]))))  # fmt: skip
        turn(arcs, level, odd, bit, word)
    used = numerator == WHOLE
    used[arcs.edge] = arcs.value == WHOLE
    assert np.array_equal(np.flatnonzero(used), np.flatnonzero(_entries(e)))


def _walked(e: Example, arcs: Any, level: Any, odd: int, word: int) -> Iterator[tuple[Any, ...]]:
    problem = e.replay.chances.problem
    for r in range(odd):
        a, walk = int(level.arc[r]), int(level.cycle[r])
        edge, k = int(arcs.edge[a]), (walk >> 1) - 1
        yield (problem.tasks[problem.seat_task[problem.edge_seat[edge]]],
               problem.officers[problem.idx[edge]], int(arcs.value[a]), k,
               "up" if walk & 1 else "down", word >> k & 1)  # fmt: skip


def _entries(e: Example) -> Any:
    """Return which edges the teams use."""
    problem, teams = e.replay.chances.problem, e.replay.teams
    taken = set(zip(problem.place_seat.tolist(), teams.officer.tolist(), strict=True))
    pairs = zip(problem.edge_seat.tolist(), problem.idx.tolist(), strict=True)
    return np.array([pair in taken for pair in pairs])


def _dated(e: Example) -> Iterator[str]:
    drawn, days = e.replay.sample.index, e.replay.dates
    words = e.words("schedule", drawn, 2)
    yield "**Weeks.** Four weeks; words 0 and 1 of the tickets under the key `schedule`, and what comes of them. P2 is away for"
    yield "all of week 1.\n"
    columns = days[["site_id", "station_id", "week", "place", "moved"]].to_numpy().tolist()
    yield from _table("site", "word 0", "word 1", "station", "week", "place", "moved",
                     [(row[0], *two, *row[1:]) for row, two in zip(columns, words, strict=True)])  # fmt: skip
    yield "**Results.** The key is HKDF-Expand(key of `standings`, `fairlot.draw/v1 results`, 32) ="
    yield f"`{results_key(e.announced.opening.keys['standings'], SHA256).hex()}`.\n"
    told = result_columns(e)
    yield from _table(*told, list(zip(*told.values(), strict=True)))
    outcome = json.loads(e.files["outcome.json"])
    yield f"Their root is `{outcome['results']['root']}`, and SHA-256 of `outcome.json` is"
    yield f"`{SHA256.digest(e.files['outcome.json']).hex()}`.\n"


def _fields(e: Example, part: str) -> Iterator[str]:
    yield from _table("column", "value", "salt", "field digest", field_rows(e, part))


def _block(lines: list[str]) -> Iterator[str]:
    yield "```"
    yield from lines
    yield "```\n"


def _table(*parts: Any) -> Iterator[str]:
    """Yield a table: its heads, and last its rows."""
    *heads, body = parts
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in body:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
    yield ""


def vectors(e: Example) -> dict[str, Any]:
    """Return the record and what it went through, for Python and the page."""
    told: list[tuple[Any, ...]] = []
    left, _ = levels(e, told)
    return {
        "_about": "the worked example of docs/public-draw-v1.md; written by docs/example_draw.py",
        "files": {name: data.decode() for name, data in e.files.items()},
        "pseudonyms": [[o.id, o.salt, o.pseudonym] for o in e.names.openings.values()],
        "fields": {part: field_rows(e, part) for part in ("standings", "sites")},
        "private": private(e).hex(),
        "leaves": [leaf.tobytes().hex() for leaf in e.leaves()],
        "material": material(e).hex(),
        "seed": e.seed.hex(),
        "keys": {label: subkey(e.seed, label).hex() for label in ("select", "assign", "schedule")},
        "tickets": {"select": _text(e.words("select", range(6), 5)),
                    "schedule": _text(e.words("schedule", e.replay.sample.index, 2))},
        "numerators": e.replay.quotas.frame["numerator"].tolist(),
        "duels": _text(told),
        "left": _text(left),
        "drawn": e.replay.sample.index.tolist(),
        "chances": e.replay.chances.numerator.tolist(),
        "teams": e.replay.teams.to_frame()[["site_id", "officer_id"]].to_numpy().tolist(),
        "weeks": e.replay.dates["week"].tolist(),
        "results": result_columns(e),
    }  # fmt: skip


def _text(table: Any) -> list[list[str]]:
    """Return cells as text: words of 64 bits are beyond what JSON numbers hold everywhere."""
    return [[str(cell) for cell in row] for row in table]


if __name__ == "__main__":
    main()
