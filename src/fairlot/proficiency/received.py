"""What a scheme finds in the results that came in: strangers, gaps, and figures left out."""

from collections.abc import Iterator, Sequence
from typing import Any

from fairlot.proficiency.scheme import Scheme
from fairlot.registers.problems import SENTENCES, Problem, report
from fairlot.registers.results import Results

__all__ = ["found_in", "of_round"]


def of_round(read: Results, scheme: Scheme) -> Results:
    """Return the results of the scheme's round, and of none; others are counted in a warning."""
    ours = read.frame["round"].isin(["", scheme.round]).tolist()
    if all(ours):
        return read
    left = report("other_rounds", read.source, got=str(ours.count(False)), want=scheme.round)
    rows = [row for row, own in zip(read.rows, ours, strict=True) if own] if read.rows else ()
    return Results(read.frame[ours], (*read.problems, left), read.source, rows)


def found_in(read: Results, scheme: Scheme) -> Iterator[Problem]:
    """Yield what is wrong between results and scheme: one problem a name, or a result."""
    rows: Sequence[int] = read.rows or range(1, len(read.frame) + 1)
    columns = [read.frame[name] for name in ("lab", "measurand", "level", "value")]
    told: set[tuple[str, str]] = set()
    if read.frame.empty:
        yield report("no_results", read.source)
    for row, lab, name, level, value in zip(rows, *columns, strict=True):
        key = name, level
        if not scheme.has(*key):
            if key not in told:
                want = _choices(name, scheme)
                yield _told("measurand_unknown", read, row, "measurand", lab, _both(*key), want)
        else:
            decimals = scheme.of_level(*key).decimals
            if decimals is not None and value and len(value.partition(".")[2]) < decimals:
                yield _told("result_rounded", read, row, "value", lab, value, str(decimals))
        told.add(key)
    yield from _unreported(told, read, scheme)


def _unreported(told: set[tuple[str, str]], read: Results, scheme: Scheme) -> Iterator[Problem]:
    reported = told | {(name, "") for name, _ in told}
    for each in scheme.measurands:
        if (each.name, each.level) not in reported:
            got = _both(each.name, each.level)
            yield report("measurand_without_results", read.source, got=got)


def _choices(measurand: str, scheme: Scheme) -> str:
    """Return the levels of a measurand that the scheme has, or its measurands."""
    own = [_both(each.name, each.level) for each in scheme.measurands if each.name == measurand]
    return ", ".join(own or dict.fromkeys(each.name for each in scheme.measurands))


def _both(measurand: str, level: str) -> str:
    return f"{measurand} {level}".strip()


def _told(code: str, read: Results, row: int, column: str, *words: Any) -> Problem:
    return Problem(SENTENCES[code][0], code, read.source, row, column, *words)
