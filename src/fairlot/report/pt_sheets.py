"""A round laid out for its report and its letters: levels with their pictures and figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from markupsafe import Markup

from fairlot.proficiency.level import Level
from fairlot.proficiency.pictured import tone_of
from fairlot.proficiency.round import Round
from fairlot.proficiency.scoring import Graded
from fairlot.report.page import render
from fairlot.report.pt_frame import Picture, shown
from fairlot.report.pt_pairs import mandel_pictures, repeatability_picture, youden_picture
from fairlot.report.pt_pictures import density_picture, results_picture, scores_picture
from fairlot.report.pt_written import written

__all__ = ["Drawn", "LevelSheet", "Sheet", "sheets"]


@dataclass(frozen=True)
class Drawn:
    """A picture, drawn without names and marks.

    kind   what its title and caption are chosen by
    level  the level, or both of them
    """

    kind: str
    level: str
    picture: Picture
    body: Markup

    @classmethod
    def of(cls, kind: str, level: str, picture: Picture) -> "Drawn":
        """Draw a picture."""
        return cls(kind, level, picture, render("pt_picture.svg", picture=picture))


@dataclass(frozen=True)
class LevelSheet:
    """A level, how many have each grade at the first test, and its pictures."""

    level: Level
    counts: tuple[int, ...]
    ungraded: int
    drawn: tuple[Drawn, ...]

    @property
    def x_pt(self) -> str:
        """The assigned value as it is graded with where that is short, else to four digits."""
        terms, ruler = self.level.terms, self.level.ruler
        if ruler is None:
            return ""
        if terms.round_x_pt is not None:
            return f"{float(ruler.value.x_pt):.{terms.round_x_pt}f}"
        return terms.value.x_pt or shown(float(ruler.value.x_pt))

    def tone(self, one: Graded) -> str:
        """Return the kind of the grade of a result, by which it is coloured."""
        return tone_of(one, self.level)

    def score(self, one: Graded) -> str:
        """Return the score of a result as it is printed."""
        return written(one, self.level)


@dataclass(frozen=True)
class Sheet:
    """A measurand with its levels; ``pairs`` are the pictures of two levels together."""

    measurand: str
    levels: tuple[LevelSheet, ...]
    pairs: tuple[Drawn, ...]

    @cached_property
    def drawn(self) -> tuple[Drawn, ...]:
        """Every picture, those of one kind together."""
        kinds = ("scores", "results", "density", "h", "k", "repeatability")
        each = [one for sheet in self.levels for one in sheet.drawn]
        return (*(one for kind in kinds for one in each if one.kind == kind), *self.pairs)

    @property
    def retested(self) -> bool:
        """Whether anybody took part again."""
        return any(len(one.level.first) < len(one.level.results) for one in self.levels)

    @property
    def by_lab(self) -> dict[tuple[str, str], list[Graded | None]]:
        """Return laboratory and stage -> the result at each level, None where there is none."""
        rows: dict[tuple[str, str], list[Graded | None]] = {}
        for place, sheet in enumerate(self.levels):
            for one in sheet.level.results:
                key = one.result.lab, one.result.attempt
                rows.setdefault(key, [None] * len(self.levels))[place] = one
        return rows


def sheets(found: Round) -> tuple[Sheet, ...]:
    """Return a sheet a measurand, in the order of the scheme."""
    by: dict[str, list[Level]] = {}
    for level in found.levels:
        by.setdefault(level.measurand, []).append(level)
    return tuple(
        Sheet(name, tuple(_level(one, found) for one in levels), tuple(_pairs(levels)))
        for name, levels in by.items()
    )


def _level(level: Level, found: Round) -> LevelSheet:
    grades = [one.grade for one in level.first]
    counts = tuple(grades.count(label) for label in found.scheme.grades.labels)
    return LevelSheet(level, counts, grades.count(""), tuple(_drawn(_of_level(level), level.level)))


def _of_level(level: Level) -> Mapping[str, Picture | None]:
    h, k = mandel_pictures(level) or (None, None)
    return {
        "scores": scores_picture(level),
        "results": results_picture(level),
        "density": density_picture(level),
        "h": h,
        "k": k,
        "repeatability": repeatability_picture(level),
    }


def _pairs(levels: Iterable[Level]) -> Iterable[Drawn]:
    for one, other in pairwise(levels):
        yield from _drawn(
            {"youden": youden_picture(one, other)}, f"{one.level} (x), {other.level} (y)"
        )


def _drawn(pictures: Mapping[str, Picture | None], level: str) -> Iterable[Drawn]:
    return (Drawn.of(kind, level, one) for kind, one in pictures.items() if one)
