"""The letter to one laboratory: its scores, its place among the others, and what it must correct."""

from collections.abc import Iterator, Sequence

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Round, trend
from fairlot.proficiency.level import Level
from fairlot.proficiency.scoring import Graded
from fairlot.report.page import render
from fairlot.report.pt_frame import shown, tone
from fairlot.report.pt_pairs import trend_picture
from fairlot.report.pt_sheets import Drawn, Sheet, sheets
from fairlot.report.pt_words import language_of, scale_in_words, word

__all__ = ["pt_letter", "pt_letters"]

TOLD = {"z", "z_prime", "unstated", "too_few", "no_scale", "sigma", "horwitz", "round", "below",
        "replicates", "flat", "agrees", "differs", "own_spread"}  # fmt: skip
"""Choices that name no laboratory; one of a blunder is told to whom it concerns."""


def pt_letter(found: Round, lab: str, *, lang: str = "en", earlier: Sequence[Round] = ()) -> str:
    """Return the letter to a laboratory as one HTML page that shows nobody else's code or name.

    lab      its code
    lang     "en" or "zh"; grades and verdicts are in the words of the scheme
    earlier  rounds before this one: the letter then shows its scores over all of them

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
            orders=[one for one in found.orders if one.lab == lab],
            sheets=mine,
            own=own,
            told={key: _told(level, lab) for level in found.levels for key in [(level.measurand, level.level)]},
            trends={sheet.measurand: _trend([*earlier, found], lab, sheet) for sheet in mine} if earlier else {},
            shown=shown,
            tone=tone,
            scale=scale_in_words,
            word=lambda name: word(name, lang),
        )
    )  # fmt: skip


def _own(level: Level, lab: str) -> list[Graded]:
    return [one for one in level.results if one.result.lab == lab]


def _told(level: Level, lab: str) -> list[object]:
    """Return the choices that concern everybody, and those that concern this laboratory."""
    return [one for one in level.choices if one.code in TOLD or
            (one.code == "blunder" and one.facts["lab"] == lab)]  # fmt: skip


def _trend(rounds: Sequence[Round], lab: str, sheet: Sheet) -> Drawn | None:
    ruler = sheet.levels[0].level.ruler
    if ruler is None:
        return None
    limits = [float(limit) for limit in ruler.grading.limits]
    picture = trend_picture(trend(rounds, lab, sheet.measurand), limits, len(ruler.grading.labels))
    return Drawn.of("trend", "", picture) if picture else None
