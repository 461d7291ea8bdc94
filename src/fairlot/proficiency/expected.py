"""Who should have reported what and did not: everyone listed, and what lacks beside a result."""

from collections.abc import Iterator
from typing import Any

from fairlot.proficiency.received import found_in, near
from fairlot.proficiency.scheme import Scheme
from fairlot.registers.participants import read_participants
from fairlot.registers.plain import plain
from fairlot.registers.problems import SENTENCES, Problem, refuse
from fairlot.registers.register import Register
from fairlot.registers.results import ATTEMPTS, Results

__all__ = ["complete"]

SHOWN = 5
"""Participants named to a laboratory that resembles none."""

Place = tuple[str, str, str]
"""Laboratory, measurand and level."""


def complete(
    read: Results, scheme: Scheme, participants: Any = None
) -> tuple[Results, tuple[Problem, ...]]:
    """Return the results with an absent one for each that is missing, and every problem told.

    participants  path or frame of who takes part, as ``read_participants`` takes it: each is
                  expected to report every level of its measurands. Without it, and beside it, who
                  reports one level of a measurand is expected to report all

    The levels are those that anyone reports at the first test. Raises InvalidInput where any of the
    problems is an error, such as a laboratory that is not listed.
    """
    listed = None if participants is None else read_participants(participants)
    found = [*read.problems, *found_in(read, scheme)]
    if listed is not None:
        found += [*listed.problems, *_strangers(read, listed), *_unknown(listed, scheme)]
    refuse(sorted(found, key=_row))
    sent = _sent(read)
    missing = [place for place in _expected(sent, scheme, listed) if place not in sent]
    found += _of_labs(read, missing)
    return _added(read, missing, listed), tuple(sorted(found, key=_row))


def _row(problem: Problem) -> int:
    return problem.row


def _sent(read: Results) -> set[Place]:
    first = read.frame[read.frame["attempt"] == ATTEMPTS[0]]
    return set(zip(first["lab"], first["measurand"], first["level"], strict=True))


def _strangers(read: Results, listed: Register) -> Iterator[Problem]:
    """Yield the laboratories that report and are not listed, each with its first row."""
    known = set(listed.frame["lab"])
    told: set[str] = set()
    rows = read.rows or range(1, len(read.frame) + 1)
    for lab, row in zip(read.frame["lab"], rows, strict=True):
        if lab not in known | told:
            want = ", ".join(near(lab, known) or sorted(known)[:SHOWN])
            yield _told("participant_unknown", read.source, row, "lab", lab, lab, want)
        told.add(lab)


def _unknown(listed: Register, scheme: Scheme) -> Iterator[Problem]:
    """Yield the measurands of the list that the scheme has not."""
    names = {each.name for each in scheme.measurands}
    for at, (lab, _, name) in enumerate(listed.frame.itertuples(index=False)):
        if name and plain(name) not in names:
            want = ", ".join(near(name, names) or sorted(names))
            row = listed.row_number(at)
            yield _told("measurand_unknown", listed.source, row, "measurand", lab, name, want)


def _expected(sent: set[Place], scheme: Scheme, listed: Register | None) -> list[Place]:
    levels: dict[str, list[str]] = {}
    for _, measurand, level in sorted(sent):
        if level not in levels.setdefault(measurand, []):
            levels[measurand].append(level)
    pairs = {(lab, measurand) for lab, measurand, _ in sent}
    if listed is not None:
        every = dict.fromkeys(each.name for each in scheme.measurands)
        for lab, name in zip(listed.frame["lab"], listed.frame["measurand"], strict=True):
            pairs |= {(lab, measurand) for measurand in ([plain(name)] if name else every)}
    return [(*pair, level) for pair in sorted(pairs) for level in levels.get(pair[1], ())]


def _added(read: Results, missing: list[Place], listed: Register | None) -> Results:
    import pandas as pd

    if not missing:
        return read
    names = (
        {} if listed is None else dict(zip(listed.frame["lab"], listed.frame["name"], strict=True))
    )
    names |= {
        lab: name for lab, name in zip(read.frame["lab"], read.frame["name"], strict=True) if name
    }
    blank = dict.fromkeys(read.frame.columns, "")
    rows = [
        blank | {"lab": lab, "name": names.get(lab, ""), "measurand": measurand, "level": level,
                 "replicate": 1, "attempt": ATTEMPTS[0], "form": "absent"}
        for lab, measurand, level in missing
    ]  # fmt: skip
    frame = pd.concat([read.frame, pd.DataFrame(rows)], ignore_index=True)
    lines = [*(read.rows or range(1, len(read.frame) + 1)), *(0 for _ in missing)]
    return Results(frame, read.problems, read.source, lines)


def _of_labs(read: Results, missing: list[Place]) -> list[Problem]:
    told: dict[str, dict[str, list[str]]] = {}
    for lab, measurand, level in missing:
        told.setdefault(lab, {}).setdefault(measurand, []).append(level)
    return [
        _told("level_unreported", read.source, 0, "", lab, "; ".join(
            f"{name} {', '.join(levels)}" for name, levels in of.items()))
        for lab, of in told.items()
    ]  # fmt: skip


def _told(
    code: str, file: str, row: int, column: str, lab: str, got: str, want: str = ""
) -> Problem:
    return Problem(SENTENCES[code][0], code, file, row, column, lab, got, want)
