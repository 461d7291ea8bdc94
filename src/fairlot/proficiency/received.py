"""What a scheme finds in the results that came in: strangers, gaps, and figures left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from fairlot.proficiency.scheme import Scheme
from fairlot.registers.problems import SENTENCES, Problem, report
from fairlot.registers.results import Results

__all__ = ["found_in", "near", "of_round"]


def of_round(read: Results, scheme: Scheme) -> Results:
    """Return the results of the scheme's round, and of none; others are counted in a warning."""
    ours = read.frame["round"].isin(["", scheme.round]).tolist()
    if all(ours):
        return read
    left = report("other_rounds", read.source, got=str(ours.count(False)), want=scheme.round)
    if not any(ours):
        left = replace(left, severity="error")
    rows = [row for row, own in zip(read.rows, ours, strict=True) if own] if read.rows else ()
    return Results(read.frame[ours], (*read.problems, left), read.source, rows)


def found_in(read: Results, scheme: Scheme) -> Iterator[Problem]:
    """Yield what is wrong between results and scheme: one problem a name, or a result."""
    rows: Sequence[int] = read.rows or range(1, len(read.frame) + 1)
    columns = [read.frame[name] for name in ("lab", "measurand", "level", "value")]
    told: set[tuple[str, str]] = set()
    if read.frame.empty and not any(one.code == "other_rounds" for one in read.problems):
        yield report("no_results", read.source)
    for row, lab, name, level, value in zip(rows, *columns, strict=True):
        key = name, level
        if not scheme.has(*key):
            if key not in told:
                got, want = _choices(*key, scheme)
                yield _told("measurand_unknown", read, row, "measurand", lab, got, want)
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


def _choices(measurand: str, level: str, scheme: Scheme) -> tuple[str, str]:
    """Return what the scheme has not, and its levels or measurands that may be meant."""
    own = [_both(each.name, each.level) for each in scheme.measurands if each.name == measurand]
    names = list(dict.fromkeys(each.name for each in scheme.measurands))
    got = _both(measurand, level) if own else measurand
    return got, ", ".join(own or near(measurand, names) or names)


def near(name: str, names: Iterable[str]) -> list[str]:
    """Return which of ``names`` may be meant by one that is none of them, the nearest first.

    >>> near("PB", ["Pb", "P"]), near("PT1", ["PT01", "PT02", "X"]), near("Pb", ["Zn"])
    (['Pb'], ['PT01'], [])
    """
    folded: dict[str, list[str]] = {}
    for each in sorted(names):
        folded.setdefault("".join(each.casefold().split()), []).append(each)
    key = "".join(name.casefold().split())
    close = [key] if key in folded else get_close_matches(key, folded, 3, 0.75)
    return [each for one in close for each in folded[one]]


def _both(measurand: str, level: str) -> str:
    return f"{measurand} {level}".strip()


def _told(code: str, read: Results, row: int, column: str, *words: Any) -> Problem:
    return Problem(SENTENCES[code][0], code, read.source, row, column, *words)
