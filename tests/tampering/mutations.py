"""All single mutations of a complete record, each with the steps that may refuse it.

naive     one file was changed, the seal left as it was: ``signature`` refuses it
resealed  the authority sealed the change with its own key: the step of that file refuses it
relinked  the announcement was changed, and opening and outcome point to the new one: the proofs of
          time, which are not the authority's, refuse it

In each case one of the steps of a mutation must fail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, pairwise

from altered import (
    bytes_of,
    fields,
    json_bytes,
    other_texts,
    put,
    rows,
)
from complete_record import STRANGER, VIEWS, Files, World, world

from fairlot import public
from fairlot.public import canonical, note
from fairlot.public.drand import Drand, recorded


@dataclass(frozen=True)
class Mutation:
    """One changed record, and the steps of which at least one must fail."""

    name: str
    files: Files
    steps: frozenset[str]


STEP_OF = {
    "digests.txt": "signature", "probabilities.csv": "probabilities", "drawn.csv": "selection",
    "openings.jsonl": "selection", "visits.csv": "chances", "teams.csv": "teams",
    "schedule.csv": "schedule", "coverage.csv": "coverage", "switch.txt": "randomness",
    "notice.html": "notice",
}  # fmt: skip
"""The step that refuses a change of a file; the JSON files have a step for each field."""

FIELDS = {
    "announcement.json": {"*": "announcement registers", "key": "announcement signature"},
    "opening.json": {"*": "registers", "salts": "registers custodians", "lock": "registers custodians"},
    "outcome.json": {
        "*": "randomness", "@spec": "outcome", "drawn": "outcome", "chances": "chances",
        "results": "results", "value": "randomness beacon",
    },
    "event": {"*": "replacements"},
    "replacement": {"*": "replacements"},
    "log": {"*": "time"},
}  # fmt: skip
"""By file and field at its top, what refuses another value of it; "*" is every other field."""

FREE = {
    "notice.html": "people read it and the seal alone binds it: whoever may seal may write it",
    "a signature beside ours": "signed notes pass over the signatures of keys they do not know",
    "the last event, with all of it": "the record ends before it; the public log keeps it",
    "an answer": "its event waits again, and replacements are not shown",
    "a proof of time": "time is shown by another one, or not shown",
}
"""What a cheating authority may change without a step that fails, and why."""

UNTOLD = re.compile(r".*\.(tsr|log\.json)|replacement-00[12]\.json|event-00[12]\.json")
"""The files that ``FREE`` speaks of, where they are missing."""


def free(made: World) -> Iterator[tuple[str, Files]]:
    """Every change that ``FREE`` names."""
    files = made.files
    yield "notice.html", made.resealed({**files, "notice.html": b"<p>other</p>\n"})
    text = files["digests.txt"].decode()
    body = note.split(text)[0]
    line = note.sign(body, STRANGER).removeprefix(f"{body}\n")
    yield "a signature beside ours", {**files, "digests.txt": (text + line).encode()}
    last = max(re.findall(r"event-\d{3}", " ".join(files)))
    answer = last.replace("event", "replacement")
    for what, gone in (
        ("the last event, with all of it", (last, answer)),
        ("an answer", (answer,)),
        ("a proof of time", (f"{last}.tsr",)),
    ):
        yield what, made.resealed({n: d for n, d in files.items() if not n.startswith(gone)})


def step_of(name: str, field: str = "*") -> frozenset[str]:
    """The steps that may refuse a change of this file, or of this field at its top."""
    if name in STEP_OF:
        return frozenset([STEP_OF[name]])
    if name.endswith(".tsr"):
        return frozenset(["time"])
    if name.endswith(".jsonl"):
        return frozenset(["registers"])
    kind = "log" if name.endswith(".log.json") else re.sub(r"-\d{3}\.json", "", name)
    table = FIELDS[kind]
    return frozenset(table.get(field, table["*"]).split())


def mutations(view: str, every: int = 1) -> Iterator[Mutation]:
    """All mutations of one record, or each ``every``-th of those of one file and kind."""
    made = world(view)
    for name in sorted(made.files):
        yield from islice(naive(made, name), None, None, every)
        if name not in ("digests.txt", *FREE):
            yield from islice(resealed(made, name), None, None, every)
    yield from islice(relinked(made), None, None, every)
    yield from whole_files(made)
    yield from replayed(made)


def naive(made: World, name: str) -> Iterator[Mutation]:
    """The seal stays as it was."""
    steps = {"signature"} | ({"announcement"} if name == "announcement.json" else set())
    for what, data in islice(changes(name, made.files[name]), None, None, 3):
        yield Mutation(f"{made.view}/naive/{name}: {what}", {**made.files, name: data},
                       frozenset(steps))  # fmt: skip


def resealed(made: World, name: str) -> Iterator[Mutation]:
    """The cheating authority signs what it changed."""
    for what, data in changes(name, made.files[name]):
        files = made.resealed({**made.files, name: data})
        top = re.fullmatch(r"\$\.(\w+)(?! (removed|renamed)).*", what)
        steps = (
            anywhere(name) if what.startswith("byte: ") else step_of(name, top[1] if top else "*")
        )
        yield Mutation(f"{made.view}/resealed/{name}: {what}", files, steps)


def anywhere(name: str) -> frozenset[str]:
    """The steps that may refuse a byte that was changed somewhere in a file."""
    kind = name if name in FIELDS else ""
    told = {step for steps in FIELDS.get(kind, {}).values() for step in steps.split()}
    return frozenset(told) or step_of(name)


def changes(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Every other content of one file."""
    if name.endswith(".json"):
        yield from (
            (f"{spelt(path)} {what}", json_bytes(value))
            for what, path, value in fields(canonical.decode(data[:-1], limit=1 << 20))
        )
    elif name.endswith((".jsonl", ".csv", ".txt")):
        lines = data.splitlines(keepends=True)
        yield from ((what, b"".join(body)) for what, body in rows(lines))
        cells = json_cells if name.endswith(".jsonl") else csv_cells
        if not name.endswith(".txt"):
            yield from cells(lines)
    yield from ((f"byte: {what}", other) for what, other in bytes_of(data))


def spelt(path: tuple[str | int, ...]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def json_cells(lines: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every column of the first, a middle and the last row, and its head."""
    for at in sorted({0, 1, len(lines) // 2, len(lines) - 1}):
        row = canonical.decode(lines[at][:-1], limit=1 << 20)
        for what, path, value in fields(row):
            body = [*lines[:at], json_bytes(value), *lines[at + 1 :]]
            yield f"row {at} {spelt(path)} {what}", b"".join(body)


def csv_cells(lines: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every column of the head and of the first and last row."""
    for at in sorted({0, 1, len(lines) - 1}):
        cells = lines[at].decode().rstrip("\n").split(",")
        for column, cell in enumerate(cells):
            for what, other in other_texts(cell):
                row = ",".join([*cells[:column], other, *cells[column + 1 :]]).encode() + b"\n"
                yield (
                    f"row {at} column {column + 1} {what}",
                    b"".join([*lines[:at], row, *lines[at + 1 :]]),
                )


def relinked(made: World) -> Iterator[Mutation]:
    """The announcement changed, opening and outcome made to name the new one."""
    body = canonical.decode(made.files["announcement.json"][:-1], limit=1 << 20)
    for what, path, value in fields(body):
        files = linked(made, json_bytes(value))
        name = f"{made.view}/relinked/announcement.json: {spelt(path)} {what}"
        steps = {"announcement", "signature"} if path[0] == "key" else {"announcement", "time"}
        yield Mutation(name, files, frozenset(steps))


def linked(made: World, announcement: bytes) -> Files:
    digest, files = (
        sha256(announcement).hexdigest(),
        {**made.files, "announcement.json": announcement},
    )
    for name in ("opening.json", "outcome.json"):
        body = canonical.decode(files[name][:-1], limit=1 << 20)
        files[name] = json_bytes(put(body, ("announcement",), digest))
    return made.resealed(files)


def whole_files(made: World) -> Iterator[Mutation]:
    """Files missing, files of another record, files that do not belong."""
    for name, data in made.files.items():
        rest = {n: d for n, d in made.files.items() if n != name}
        missing = {"signature"} | ({"announcement"} if name == "announcement.json" else set())
        yield Mutation(f"{made.view}/naive/{name} missing", rest, frozenset(missing))
        if name != "digests.txt" and not UNTOLD.fullmatch(name):
            steps = step_of(name) | {"files"}
            yield Mutation(f"{made.view}/resealed/{name} missing", made.resealed(rest), steps)
        for other in VIEWS:
            theirs = world(other).files.get(name, data)
            if theirs != data and name not in FREE:
                yield from swapped(made, name, theirs, other)
    yield from strangers(made)


def swapped(made: World, name: str, data: bytes, other: str) -> Iterator[Mutation]:
    files = {**made.files, name: data}
    steps = {"signature"} | ({"announcement"} if name == "announcement.json" else set())
    yield Mutation(f"{made.view}/naive/{name} of {other}", files, frozenset(steps))
    if name != "digests.txt":
        yield Mutation(
            f"{made.view}/resealed/{name} of {other}", made.resealed(files), anywhere(name)
        )


def strangers(made: World) -> Iterator[Mutation]:
    """Files that no step would read."""
    belongs = {"openings.jsonl"} if made.view == "pseudonymous" else set()
    for name in {"readme.md", "openings.jsonl", "event-009.tsr", "../evil", "a.html"} - belongs:
        files = {**made.files, name: b"more\n"}
        yield Mutation(f"{made.view}/naive/{name} added", files, frozenset(["signature"]))
        yield Mutation(
            f"{made.view}/resealed/{name} added", made.resealed(files), frozenset(["files"])
        )
    for name in ("event-003.json", "replacement-003.json", "event-002.json"):
        files = {**made.files, name: made.files["event-001.json"]}
        yield Mutation(
            f"{made.view}/resealed/{name} from the first event", made.resealed(files),
            frozenset(["replacements"]),
        )  # fmt: skip


def replayed(made: World) -> Iterator[Mutation]:
    """Randomness of another round, another hand's seal, and roots exchanged."""
    outcome = canonical.decode(made.files["outcome.json"][:-1], limit=1 << 20)
    for number in (1, 2, 1000, 9367912):
        if outcome["value"]["round"] == number:  # type: ignore[index,call-overload]
            continue
        value, beacon = recorded(number), Drand(number).identity()
        changed = {
            "value": {**outcome, "value": value},  # type: ignore[dict-item]
            "beacon": {**outcome, "beacon": beacon},  # type: ignore[dict-item]
            "both": {**outcome, "value": value, "beacon": beacon},  # type: ignore[dict-item]
        }
        for what, body in changed.items():
            files = made.resealed({**made.files, "outcome.json": json_bytes(body)})
            yield Mutation(f"{made.view}/resealed/outcome.json: {what} of round {number}", files,
                           frozenset(["randomness"]))  # fmt: skip
    yield Mutation(f"{made.view}/a stranger's seal", public.seal(made.files, STRANGER),
                   frozenset(["signature"]))  # fmt: skip
    yield from exchanged_roots(made)


def exchanged_roots(made: World) -> Iterator[Mutation]:
    body = canonical.decode(made.files["announcement.json"][:-1], limit=1 << 20)
    registers = body["registers"]  # type: ignore[index,call-overload]
    names = sorted(registers)
    for one, other in pairwise(names):
        told = {**registers, one: registers[other], other: registers[one]}
        yield Mutation(f"{made.view}/relinked/roots of {one} and {other} swapped",
                       linked(made, json_bytes({**body, "registers": told})),  # type: ignore[dict-item]
                       frozenset(["registers"]))  # fmt: skip
