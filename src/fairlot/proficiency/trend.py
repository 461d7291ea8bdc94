"""A laboratory over several rounds: its scores of a measurand, round by round."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairlot.proficiency.round import Round
from fairlot.proficiency.scoring import Graded

__all__ = ["Trend", "trend"]


@dataclass(frozen=True)
class Trend:
    """What a laboratory scored in each of ``rounds``, the earliest first; () where it was not in."""

    lab: str
    measurand: str
    rounds: tuple[str, ...]
    results: tuple[tuple[Graded, ...], ...]


def trend(rounds: Sequence[Round], lab: str, measurand: str) -> Trend:
    """Return the scored results of a laboratory at the first test, over rounds, by date of issue.

    rounds  that score the measurand by a score of the same kind

    ISO 13528:2022 10.8.
    """
    ordered = sorted(rounds, key=lambda one: one.scheme.issued)
    return Trend(
        lab,
        measurand,
        tuple(one.scheme.round for one in ordered),
        tuple(tuple(_scored(one, lab, measurand)) for one in ordered),
    )


def _scored(one: Round, lab: str, measurand: str) -> list[Graded]:
    levels = (level for level in one.levels if level.measurand == measurand)
    return [
        each
        for level in levels
        for each in level.first
        if each.result.lab == lab and each.score is not None
    ]
