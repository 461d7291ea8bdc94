"""The report of a round of proficiency testing: one file for all participants, under their codes."""

from collections import Counter

from fairlot.proficiency.pictured import tone
from fairlot.proficiency.round import Round
from fairlot.proficiency.verdict import conditions
from fairlot.report.page import render
from fairlot.report.pt_frame import shown
from fairlot.report.pt_sheets import sheets
from fairlot.report.pt_words import language_of, scale_in_words, time_in_words, word

__all__ = ["pt_report"]


def pt_report(found: Round, *, lang: str = "en") -> str:
    """Return the report of a round as one HTML page: a cover, a summary, a page a measurand.

    lang  "en" or "zh"; grades and verdicts are in the words of the scheme

    Laboratories stand under their codes; what names them, the problems of the results among it, is
    left out. The page loads nothing and runs nothing; the same round gives the same bytes. Printed,
    each measurand begins a page.
    """
    lang = language_of(lang)
    first = [one for level in found.levels for one in level.first]
    return str(
        render(
            "pt_report.html",
            lang=lang,
            found=found,
            scheme=found.scheme,
            sheets=sheets(found),
            labs=tuple(dict.fromkeys(one.lab for one in found.verdicts)),
            verdicts={(one.lab, one.measurand): one for one in found.verdicts},
            finals=Counter(word(one.final, lang) for one in found.verdicts),
            firsts=len(first),
            grades=Counter(one.grade for one in first),
            retests=Counter(one.grade for one in found.results)
            - Counter(one.grade for one in first),
            shown=shown,
            tone=tone,
            scale=scale_in_words,
            time=time_in_words(found, lang),
            fails=[one.text(lang) for one in conditions(found.scheme)],
            word=lambda name: word(name, lang),
        )
    )
