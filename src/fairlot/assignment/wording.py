"""Seats, officers and lists of them in words, English and Chinese."""

from collections.abc import Sequence

__all__ = ["LISTED", "listed", "listed_zh", "people", "people_zh", "places", "places_zh"]

LISTED = 5
"""So many ids are written out in a sentence; the facts hold them all."""

NOUN = {"lead": "lead officer", "enforcement": "enforcement officer"}
NOUN_ZH = {
    "officer": "检查人员",
    "specialist": "专业检查人员",
    "expert": "专家",
    "lead": "带队人员",
    "enforcement": "执法人员",
}


def people(kind: str, skill: str, n: int) -> str:
    """Say ``n`` of a kind of seat or need.

    >>> people("specialist", "水质;计量", 2), people("department:公安", "", 1), people("officer", "", 0)
    ('2 specialists in 水质 or 计量', '1 officer of department 公安', 'no officer')
    """
    noun, of = _said(kind)
    number = str(n) if n else "no"
    field = f" in {skill.replace(';', ' or ')}" if skill else ""
    return f"{number} {noun}{'' if n < 2 else 's'}{of}{field}"


def people_zh(kind: str, skill: str, n: int) -> str:
    """Say ``n`` of a kind of seat or need in Chinese.

    >>> people_zh("specialist", "水质;计量", 2), people_zh("department:公安", "", 1)
    ('专业检查人员（水质或计量） 2 名', '公安部门人员 1 名')
    """
    field = f"（{skill.replace(';', '或')}）" if skill else ""
    return f"{_said_zh(kind)}{field}{f' {n} 名' if n else ''}"


def places(n: int) -> str:
    """Say how many places.

    >>> places(1)
    '1 place'
    """
    return f"{n} place{'' if n == 1 else 's'}"


def places_zh(n: int) -> str:
    """Say how many places in Chinese.

    >>> places_zh(1)
    '1 个名额'
    """
    return f"{n} 个名额"


def listed(words: Sequence[str]) -> str:
    """Join some words; beyond ``LISTED`` of them only tell how many more.

    >>> listed(["S1"]), listed(["S1", "S2", "S3"]), listed([f"S{k}" for k in range(7)])
    ('S1', 'S1, S2 and S3', 'S0, S1, S2, S3, S4 and 2 more')
    """
    if len(words) == 1:
        return words[0]
    if len(words) <= LISTED:
        return f"{', '.join(words[:-1])} and {words[-1]}"
    return f"{', '.join(words[:LISTED])} and {len(words) - LISTED} more"


def listed_zh(words: Sequence[str], what: str = "个") -> str:
    """Join some words in Chinese; beyond ``LISTED`` of them tell how many there are.

    >>> listed_zh(["S1", "S2"]), listed_zh([f"S{k}" for k in range(7)], "个场所")
    ('S1、S2', 'S0、S1、S2、S3、S4 等 7 个场所')
    """
    more = f" 等 {len(words)} {what}" if len(words) > LISTED else ""
    return "、".join(words[:LISTED]) + more


def _said(kind: str) -> tuple[str, str]:
    """Return the noun of a kind, and what follows it."""
    match kind.partition(":"), kind.partition(">="):
        case ("department", _, name), _ if name:
            return "officer", f" of department {name}"
        case ("field", _, name), _ if name:
            return "officer", f" with field {name}"
        case _, ("lead", _, rank) if rank:
            return "officer", f" of seniority {rank} or more"
    return NOUN.get(kind, kind), ""


def _said_zh(kind: str) -> str:
    match kind.partition(":"), kind.partition(">="):
        case ("department", _, name), _ if name:
            return f"{name}部门人员"
        case ("field", _, name), _ if name:
            return f"具备{name}专业的人员"
        case _, ("lead", _, rank) if rank:
            return f"资历不低于 {rank} 级的人员"
    return NOUN_ZH.get(kind, kind)
