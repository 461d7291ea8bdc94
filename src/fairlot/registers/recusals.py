"""Why a person may not visit a site, and until when.

行政处罚法 (2021) §43 and 公务员法 (2018) §74, §76 bar one's own interest, relatives and whatever else
may bear on the outcome; the rules on licensing reviewers (检验检测机构资质认定管理办法) add who was
consulted or has reviewed. A kind that is not listed binds like any other: nothing is waived because
it was misspelt.
"""

from datetime import date
from typing import TYPE_CHECKING

from fairlot.registers.plain import plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KINDS", "binding", "known"]

FORMER, FORMER_UNTIL = "曾任职", "曾任职(3年内)"
"""Once employed there: dated by the employment, and dated by the recusal that follows it."""

KINDS = (
    "本人利害关系", "近亲属", FORMER, FORMER_UNTIL, "咨询关系", "评审过", "竞争机构", "同所管辖", "申请回避",
)  # fmt: skip

YEARS = 3
"""How long a former employment binds after its end."""

LAST_YEAR = 9999  # some registers write 9999-12-31 for "no end"


def known(kind: str) -> bool:
    """Say whether ``kind`` is listed, in whatever width its brackets are written.

    >>> known("曾任职（3年内）"), known("同学")
    (True, False)
    """
    return plain(kind) in KINDS


def binding(conflicts: "pd.DataFrame") -> "pd.DataFrame":
    """Return the register of conflicts with the days on which each binds.

    The dates of every kind are those of the recusal, except of 曾任职: they are those of the
    employment, which binds for three years more and comes back as 曾任职(3年内). Where no end is
    given, none is assumed.

    >>> import pandas as pd
    >>> left = pd.DataFrame({"kind": ["曾任职"], "valid_from": ["2010-01-01"], "valid_to": ["2024-02-29"]})
    >>> binding(left).iloc[0].tolist()
    ['曾任职(3年内)', '2010-01-01', '2027-02-28']
    """
    kinds = conflicts["kind"].tolist()
    former = {kind for kind in set(kinds) if plain(kind) == FORMER}
    if not former:
        return conflicts
    ends = zip(kinds, conflicts["valid_to"], strict=True)
    return conflicts.assign(
        valid_to=[_later(day) if kind in former and day else day for kind, day in ends],
        kind=[FORMER_UNTIL if kind in former else kind for kind in kinds],
    )


def _later(day: str) -> str:
    last = date.fromisoformat(day)
    leap_day = last.month == 2 and last.day == 29
    year = min(last.year + YEARS, LAST_YEAR)
    return last.replace(year=year, day=28 if leap_day else last.day).isoformat()
