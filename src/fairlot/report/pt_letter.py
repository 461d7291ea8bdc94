"""The letter to one laboratory: its scores, its place among the others, and what it must correct."""

from collections.abc import Iterator, Sequence

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Round, trend
from fairlot.proficiency.level import Level
from fairlot.proficiency.pictured import limits_of, tone
from fairlot.proficiency.scoring import Graded
from fairlot.proficiency.submitted import Submitted
from fairlot.proficiency.verdict import conditions
from fairlot.registers.problems import Problem
from fairlot.report.page import render
from fairlot.report.pt_frame import shown
from fairlot.report.pt_pairs import trend_picture
from fairlot.report.pt_sheets import Drawn, Sheet, sheets
from fairlot.report.pt_words import language_of, scale_in_words, time_in_words, word

__all__ = ["pt_letter", "pt_letters"]

OWN_CELLS = frozenset(
    {"measurand", "level", "value", "unit", "u", "U", "k", "replicate", "attempt"}
)
"""Columns whose problems a laboratory is told; those of names and codes may name another."""


def pt_letter(found: Round, lab: str, *, lang: str = "en", earlier: Sequence[Round] = ()) -> str:
    """Return the letter to a laboratory as one HTML page that shows nobody else's code or name.

    lab      its code
    lang     "en" or "zh"; grades and verdicts are in the words of the scheme
    earlier  rounds before this one: the letter then shows its scores over all of those that score
             a measurand by the same score

    The others stand in the pictures without a name, and the laboratory is marked in each. Raises
    InvalidInput for a laboratory that is not in the round.
    """
    known = {one.lab for one in found.verdicts}
    if lab not in known:
        raise InvalidInput("{got} is not in round {round}; want one of its {n} laboratories",
                           zh="{got} 不在第 {round} 轮的 {n} 家实验室中",
                           got=lab, round=found.scheme.round, n=len(known))  # fmt: skip
    return _letter(found, lab, language_of(lang), sheets(found), earlier)


def pt_letters(
    found: Round, *, lang: str = "en", earlier: Sequence[Round] = ()
) -> Iterator[tuple[str, str]]:
    """Yield the code and the letter of every laboratory of a round; see :func:`pt_letter`."""
    drawn = sheets(found)
    for lab in dict.fromkeys(one.lab for one in found.verdicts):
        yield lab, _letter(found, lab, language_of(lang), drawn, earlier)


def _letter(
    found: Round, lab: str, lang: str, drawn: Sequence[Sheet], earlier: Sequence[Round]
) -> str:
    own = {(level.measurand, level.level): _own(level, lab) for level in found.levels}
    mine = [
        sheet
        for sheet in drawn
        if any(own[sheet.measurand, each.level.level] for each in sheet.levels)
    ]
    verdicts = [one for one in found.verdicts if one.lab == lab]
    return str(
        render(
            "pt_letter.html",
            lang=lang,
            scheme=found.scheme,
            digest=found.digest,
            lab=lab,
            name=verdicts[0].name,
            verdicts=verdicts,
            repairs=_repairs(found, lab),
            orders=[one for one in found.orders if one.lab == lab],
            sheets=mine,
            own=own,
            told={key: _told(level, lab, lang) for level in found.levels for key in [(level.measurand, level.level)]},
            trends={sheet.measurand: _trend([*earlier, found], lab, sheet) for sheet in mine} if earlier else {},
            shown=shown,
            tone=tone,
            scale=scale_in_words,
            time=time_in_words(found, lang),
            fails=[one.text(lang) for one in conditions(found.scheme)],
            word=lambda name: word(name, lang),
        )
    )  # fmt: skip


def _own(level: Level, lab: str) -> list[Graded]:
    return [one for one in level.results if one.result.lab == lab]


def _told(level: Level, lab: str, lang: str) -> list[str]:
    """Return the choices of a level, those about another laboratory left out."""
    return [told for one in level.choices if (told := one.told_to(lab, lang))]


def _repairs(found: Round, lab: str) -> list[tuple[str, Problem]]:
    """Return what was repaired or noticed in the laboratory's own cells, and what of each."""
    rows = {one.result.row: one.result for one in found.results if one.result.lab == lab}
    own = (one for one in found.problems if one.id == lab and one.column in OWN_CELLS)
    return [(_place(one, rows.get(one.row)), one) for one in own]


def _place(problem: Problem, row: Submitted | None) -> str:
    """Return the measurand, the level and the column of a problem; a wide header has them all."""
    header = problem.header or problem.column
    if row is None or header.startswith(row.measurand):
        return header
    return " ".join(filter(None, (row.measurand, row.level, header)))


def _trend(rounds: Sequence[Round], lab: str, sheet: Sheet) -> Drawn | None:
    level = sheet.levels[0].level
    if level.ruler is None:
        return None
    alike = [one for one in rounds if _score_of(one, sheet.measurand) == level.ruler.name]
    found, grades = trend(alike, lab, sheet.measurand), len(level.ruler.grading.labels)
    picture = trend_picture(found, limits_of(level), grades)
    return Drawn.of("trend", "", picture) if picture else None


def _score_of(found: Round, measurand: str) -> str:
    """Return by which score a round scores a measurand, "" where it does not."""
    rulers = (one.ruler for one in found.levels if one.measurand == measurand)
    return next((ruler.name for ruler in rulers if ruler), "")
