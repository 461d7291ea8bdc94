"""A set of sites that cannot be staffed, and how to say so."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Blocking"]

LISTED = 5
"""So many ids, or fields of seats, are written out in a sentence; ``Blocking`` holds them all."""

KIND_ZH = {"officer": "检查人员", "specialist": "专业检查人员"}


@dataclass(frozen=True)
class Blocking:
    """Sites whose seats cannot all be filled, with the count that proves it.

    The seats counted by ``seats``, (kind, field) to number, are ``need`` in all. Only ``officers``
    may take any of them, each at most the smaller of their cap and the number of these sites they
    may go to: ``available`` together, less than ``need``. They may go to a site of another bureau
    only where that bureau is short of officers of its own. ``minimal``: without any one of the
    sites the others could be staffed.
    """

    sites: tuple[str, ...]
    seats: tuple[tuple[str, str, int], ...]
    officers: tuple[str, ...]
    need: int
    available: int
    minimal: bool

    @property
    def short(self) -> int:
        """How many officers are missing."""
        return self.need - self.available

    def text(self, lang: str = "en") -> str:
        """Say it in one sentence, ``lang`` "en" or "zh"; long lists are shortened."""
        return _zh(self) if lang == "zh" else _en(self)


def _en(block: Blocking) -> str:
    site = _noun("site", block.sites)
    need = "needs" if len(block.sites) == 1 else "need"
    wanted = " and ".join(_seats_en(*seats) for seats in _shown(block))
    note = "" if block.minimal else " (a smaller set may exist)"
    return f"{site} {need} {wanted}; {_remain_en(block)}: {block.short} short{note}"


def _shown(block: Blocking) -> Sequence[tuple[str, str, int]]:
    """Return the seats as they are told: without their fields where these are too many."""
    if len(block.seats) <= LISTED:
        return block.seats
    total: Counter[str] = Counter()
    for kind, _, n in block.seats:
        total[kind] += n
    return [(kind, "", n) for kind, n in total.items()]


def _seats_en(kind: str, skill: str, n: int) -> str:
    field = " in " + skill.replace(";", " or ") if skill else ""
    return f"{n} {kind}{'' if n == 1 else 's'}{field}"


def _remain_en(block: Blocking) -> str:
    if not block.officers:
        skill = _one_skill(block).replace(";", " or ")
        return f"no officer with skill {skill} remains" if skill else "no officer remains"
    remain = "remains" if len(block.officers) == 1 else "remain"
    seats = "1 seat" if block.available == 1 else f"{block.available} seats"
    return f"only {_noun('officer', block.officers)} {remain} ({seats})"


def _noun(noun: str, ids: Sequence[str]) -> str:
    more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
    return f"{noun}{'' if len(ids) == 1 else 's'} {', '.join(ids[:LISTED])}{more}"


def _zh(block: Blocking) -> str:
    wanted = "、".join(_seats_zh(*seats) for seats in _shown(block))
    note = "" if block.minimal else "（此组未必最小）"
    sites = _list_zh(block.sites)
    return f"场所 {sites} 需要{wanted}；{_remain_zh(block)}：缺 {block.short} 名{note}"


def _seats_zh(kind: str, skill: str, n: int) -> str:
    field = f"（{skill.replace(';', '或')}）" if skill else ""
    return f"{KIND_ZH.get(kind, kind)}{field} {n} 名"


def _remain_zh(block: Blocking) -> str:
    if not block.officers:
        skill = _one_skill(block).replace(";", "或")
        return f"没有具备{skill}专业的人员" if skill else "没有可派人员"
    return f"仅余 {_list_zh(block.officers)}（共 {block.available} 个名额）"


def _list_zh(ids: Sequence[str]) -> str:
    more = f"等 {len(ids)} 个" if len(ids) > LISTED else ""
    return "、".join(ids[:LISTED]) + more


def _one_skill(block: Blocking) -> str:
    """Return the field all the seats ask for, "" when they differ or ask for none."""
    skills = {skill for _, skill, _ in block.seats}
    return skills.pop() if len(skills) == 1 else ""
