"""Two draws of the China Welfare Lottery's 快乐8 (20 of 80 numbers), as witnesses declare them.

Nobody signs the numbers, so at least two witnesses stand in the value with their names; the
lottery's own published results of the two issues are what would show them. Each draw holds
log2 C(80, 20) = 61.6 bits, both together 123.2.

The randomness is a text by the rule of RFC 3797, section 4: the numbers of each draw ascending,
each followed by a full stop, each draw ended by a slash.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot._base.visible import is_line, one_line
from fairlot.public.canonical import Json
from fairlot.public.published import Attested, Beacon, Value, same

__all__ = ["Kl8", "declared", "key_string"]

DRAWN, BALLS = 20, 80
MAX_WITNESSES = 20
BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Kl8(Beacon):
    """Two issues, each YYYYNNN: the NNN-th draw of its year, the earlier one first.

    >>> Kl8(("2024187", "2024188")).identity()["source"]
    'kl8'
    """

    issues: tuple[str, str]

    def __post_init__(self) -> None:
        first, second = self.issues if len(self.issues) == 2 else ("", "")
        if not (_is_issue(first) and _is_issue(second) and first < second):
            raise InvalidInput("快乐8 issues are {got}; want two like 2024187, the earlier one first",
                               zh="快乐8 期号为 {got}，应为两期，形如 2024187，较早者在前",
                               got=", ".join(map(str, self.issues))[:200])  # fmt: skip

    def __str__(self) -> str:
        return f"kl8:{','.join(self.issues)}"

    @property
    def time(self) -> int:
        """The first second at which the first of the two draws can come out.

        There is one draw a day at most, so the NNN-th of a year is not before its NNN-th day in
        Beijing. On most days it is later, for the lottery rests over the Spring Festival.
        """
        return _earliest(self.issues[0])

    def identity(self) -> dict[str, Json]:
        """Return the two issues and the first second at which the first can come out."""
        return {"source": "kl8", "issues": list(self.issues), "time": self.time}

    def canonical(self, value: Value) -> dict[str, Json]:
        """Return the numbers ascending and the witnesses' names; refuse other draws or fewer names.

        A value is ``{"draws": [{"issue": ..., "numbers": [20 numbers]}, ...], "witnesses": [...]}``.
        """
        draws, witnesses = value.get("draws"), value.get("witnesses")
        if value.keys() != {"draws", "witnesses"} or not isinstance(draws, list) or len(draws) != 2:
            raise InvalidInput("a 快乐8 value has two draws, and witnesses; got {got}",
                               zh="快乐8 数据应含两期 draws 与 witnesses，实为 {got}",
                               got=str(dict(value))[:200])  # fmt: skip
        numbers = [_numbers(draw, issue) for draw, issue in zip(draws, self.issues, strict=True)]
        both = zip(self.issues, numbers, strict=True)
        return {
            "draws": [{"issue": issue, "numbers": list(drawn)} for issue, drawn in both],
            "witnesses": _names(witnesses),
        }

    def randomness(self, value: Value) -> bytes:
        """Return the text of both draws in ASCII."""
        draws: Any = self.canonical(value)["draws"]
        return key_string([draw["numbers"] for draw in draws]).encode()

    def attest(self, value: Value) -> Attested:
        """Not shown: the lottery's own published results would show it."""
        witnesses: Any = self.canonical(value)["witnesses"]
        first, second = self.issues
        return "not shown", {
            "en": f"the numbers are as {', '.join(witnesses)} declare them; the China Welfare "
            f"Lottery's published results of 快乐8 {first} and {second} would show them",
            "zh": f"开奖号码由{'、'.join(witnesses)}见证声明；"
            f"中国福利彩票公布的快乐8第 {first}、{second} 期开奖公告可予证实",
        }

    def refuse_if_future(self, moment: datetime) -> None:
        """Refuse when the second draw cannot have been held at ``moment``."""
        early = _earliest(self.issues[1]) - int(moment.timestamp())
        if early > 0:
            raise InvalidInput("{beacon} comes out only in {early} s or later",
                               zh="{beacon} 最早在 {early} 秒后公布",
                               beacon=str(self), early=early)  # fmt: skip


def declared(draws: Sequence[str], witnesses: Sequence[str]) -> dict[str, Json]:
    """Return what witnesses declare, as they write it: ``ISSUE:NUMBERS``, and their names.

    >>> declared(["2024187: 5 03"], ["甲（公证员）"])
    {'draws': [{'issue': '2024187', 'numbers': [5, 3]}], 'witnesses': ['甲(公证员)']}
    """
    return {"draws": [_declared(text) for text in draws], "witnesses": [*map(one_line, witnesses)]}


def _declared(text: str) -> Json:
    issue, _, numbers = one_line(text).partition(":")
    return {
        "issue": issue.strip(),
        "numbers": [int(number) for number in re.findall("[0-9]{1,4}", numbers)],
    }


def key_string(draws: Sequence[Sequence[int]]) -> str:
    """Return the text of RFC 3797, section 4, of numbers in which order does not count.

    >>> key_string([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]])
    '9319./2.5.8.10.12./9.18.26.34.41.45./'
    """
    return "".join("".join(f"{n}." for n in sorted(draw)) + "/" for draw in draws)


def _is_issue(issue: object) -> bool:
    # 快乐8 began in October 2020; there is one draw a day at most.
    text = issue if isinstance(issue, str) else ""
    return bool(re.fullmatch("20[2-9][0-9]{4}", text)) and 1 <= int(text[4:]) <= 366


def _earliest(issue: str) -> int:
    first = datetime(int(issue[:4]), 1, 1, tzinfo=BEIJING)
    return int((first + timedelta(days=int(issue[4:]) - 1)).astimezone(UTC).timestamp())


def _numbers(draw: Any, issue: str) -> list[int]:
    if not isinstance(draw, dict) or draw.keys() != {"issue", "numbers"}:
        raise InvalidInput("a draw is {got}; want issue and numbers",
                           zh="一期数据为 {got}，应含 issue 与 numbers",
                           got=str(draw)[:200])  # fmt: skip
    same("issue", draw["issue"], issue)
    numbers = draw["numbers"]
    if not isinstance(numbers, list) or not _twenty(numbers):
        raise InvalidInput("issue {issue} has the numbers {got}; want {want} different ones of 1 to 80",
                           zh="第 {issue} 期号码为 {got}，应为 1 至 80 中 {want} 个不同的数",
                           issue=issue, got=str(numbers)[:200], want=DRAWN)  # fmt: skip
    return sorted(numbers)


def _twenty(numbers: list[Any]) -> bool:
    whole = all(type(n) is int and 1 <= n <= BALLS for n in numbers)
    return whole and len(numbers) == DRAWN == len(set(numbers))


def _names(witnesses: object) -> list[Json]:
    names = witnesses if isinstance(witnesses, list) else []
    good = all(isinstance(name, str) and is_line(name) for name in names)
    if not good or not 2 <= len(set(names)) == len(names) <= MAX_WITNESSES:
        raise InvalidInput("witnesses are {got}; want two different names or more",
                           zh="见证人为 {got}，应为两个以上不同姓名",
                           got=str(witnesses)[:200])  # fmt: skip
    return sorted(names)
