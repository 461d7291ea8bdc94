"""Step 18 of a verification: is shown what had to be shown by now?"""

from collections.abc import Mapping
from datetime import datetime

from fairlot.public.announced import Announced
from fairlot.public.disclosure import opens_at
from fairlot.public.steps import Found, told

__all__ = ["disclosed"]


def disclosed(
    files: Mapping[str, bytes], announced: Announced, now: datetime, audit: bool
) -> Found:
    """Judge the view that a record gives at the moment ``now``.

    audit  whether every row must be shown, as auditors see it
    """
    day, due = announced.plan.proof.opens, opens_at(announced.plan)
    if due is not None and "opening.json" not in files:
        if now >= due:
            return "fails", told(f"was to be opened on {day}, and is not; {_held(announced)}",
                                 f"应于 {day} 公开，但未公开；{_held_zh(announced)}")  # fmt: skip
        return "not shown", told(f"sealed until {day}", f"封存至 {day}")
    if audit and not announced.whole:
        return "fails", told("an audit needs the full record: the private columns are not here",
                             "审计需要完整记录：此处没有非公开列")  # fmt: skip
    if announced.plan.proof.view == "open" or announced.whole:
        return "holds", told("every row is shown", "全部数据已公开")
    if "outcome.json" not in files:
        return "holds", told("what the selection uses is shown; nothing is drawn yet",
                             "抽取所用数据已公开；尚未抽取")  # fmt: skip
    return "holds", told(
        "the drawn rows are opened; the others are shown to auditors and to each site itself",
        "抽中者已开启；其余数据仅供审计及各场所自查",
    )


def _held(announced: Announced) -> str:
    return f"custodians: {', '.join(each.name for each in announced.before.custodians)}"


def _held_zh(announced: Announced) -> str:
    return f"保管人：{'、'.join(each.name for each in announced.before.custodians)}"
