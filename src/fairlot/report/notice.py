"""The notice: one page in Chinese and English that tells the public what was drawn and why."""

from collections.abc import Mapping

from markupsafe import Markup, escape

from fairlot._base.errors import InvalidInput
from fairlot.planning import RULES
from fairlot.public import head_of
from fairlot.report.page import isolated, render
from fairlot.report.picture import picture
from fairlot.report.record import Draw, read_draw, read_record

__all__ = ["notice"]

LONGEST_LIST = 3000
"""Rows of one list on the page, about a megabyte; a longer list says where the rest stands."""


def notice(files: Mapping[str, bytes]) -> str:
    """Return the public notice of a draw as one HTML page, made from the record's files alone.

    files  the files of a drawn record by name, as ``public.draw`` and ``public.published`` give them

    The page loads nothing and runs nothing, and the same files give the same bytes. Of lists
    above 3,000 rows it shows the first and says so; of a record that is still sealed it says until
    when. Raises InvalidInput when a file is missing, is not one of those that were signed together,
    or names a rule that does not exist.
    """
    if "opening.json" not in files and head_of(files).plan.proof.opens:
        return str(_page("sealed.html", read_draw(files)))
    record = read_record(files)
    shown = record.drawn[:LONGEST_LIST]
    page = _page(
        "notice.html",
        record.draw,
        record=record,
        rows=[(row, _reason(row["rule"], row["detail"])) for row in shown],
        picture=render("coverage.svg", picture=picture(record.coverage)),
    )
    return str(page)


def _page(template: str, draw: Draw, **values: object) -> Markup:
    told = draw.announced
    return render(template, draw=draw, told=told.body, before=told.before, plan=draw.plan, **values)


def _reason(rule: str, detail: str) -> Mapping[str, Markup]:
    """Tell in both languages which rule set the chance; the detail keeps its own direction."""
    if rule not in RULES:
        raise InvalidInput("drawn.csv names the rule {got!r}; want one of {want}",
                           zh="drawn.csv 含未知规则 {got!r}，应为 {want} 之一",
                           got=rule, want=", ".join(RULES))  # fmt: skip
    told, detail_zh = RULES[rule], detail.replace("unrated", "未评级")
    return {
        "zh": escape(told.zh).format(detail=isolated(detail_zh)),
        "en": escape(told.en).format(detail=isolated(detail)),
    }
