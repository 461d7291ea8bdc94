"""What a visit came to: the words for it, and the table of results held against the sample."""

import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags
from fairlot._base.errors import InvalidInput
from fairlot.sampling.sample import Sample

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DISPOSITIONS", "MISSING", "NOT_VISITED", "Outcomes", "Units", "read_results"]

Units = ArrayLike | Sequence[Hashable]

NOT_VISITED = "not_visited"
KNOWN = {"visited": True, "out_of_frame": False, "no_such_activity": False}
"""Whether the unit belongs to those that a prevalence is about."""
MISSING = {
    "closed": "停业或关门",
    "refused": "拒绝检查",
    "not_found": "查无下落",
    NOT_VISITED: "尚未检查",
}

DISPOSITIONS: dict[str, tuple[str, ...]] = {
    "visited": ("正常检查", "已检查"),
    "out_of_frame": ("不在名录", "已注销", "注销", "被吊销", "被撤销", "迁出"),
    "closed": ("停业", "关门", "停业/关门", "已关闭停业或正在组织清算"),
    "refused": ("拒绝检查", "不配合检查", "不配合检查情节严重"),
    "not_found": ("查无下落", "无法联系", "通过登记的住所(经营场所)无法联系"),
    "no_such_activity": ("无此项业务", "未发现开展本次抽查涉及的经营活动"),
}
"""Every disposition, and the words in Chinese tables that are read as it; the long ones stand on
the result codes of a provincial publicity portal."""

_READ = {word: name for name, words in DISPOSITIONS.items() for word in (name, *words)}


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What is known of each drawn unit, in the order of ``sample.index``.

    units        the drawn units, by id or position
    disposition  a name of :data:`DISPOSITIONS`, or "not_visited" where there is no row
    found        whether a violation was found; False where that is not known
    """

    units: tuple[Any, ...]
    disposition: tuple[str, ...]
    found: Flags

    def came_to(self, name: str) -> Flags:
        """Who came to the disposition ``name``."""
        return np.array([each == name for each in self.disposition], dtype=bool)

    @property
    def missing(self) -> Flags:
        """Of whom it is not known whether they violate."""
        return np.array([name in MISSING for name in self.disposition], dtype=bool)

    def of_the_missing(self) -> tuple[tuple[Any, str], ...]:
        """Return each missing unit and why it is."""
        pairs = zip(self.units, self.disposition, strict=True)
        return tuple((unit, why) for unit, why in pairs if why in MISSING)

    @property
    def belongs(self) -> Flags:
        """Who is not known to lie outside of those a prevalence is about."""
        return np.array([KNOWN.get(name, True) for name in self.disposition], dtype=bool)


def read_results(sample: Sample, results: "pd.DataFrame", ids: Units | None = None) -> Outcomes:
    """Return what ``results`` says of each drawn unit.

    results  one row per unit, with columns "unit" (its id when ``ids`` are given, else its position
             in the frame), "disposition" (English or Chinese, see :data:`DISPOSITIONS`) and "found"
             (0 or 1 for "visited"; nothing or 0 for all others)
    ids      (N,) distinct ids of the frame

    Raises InvalidInput with the row, counted from 1: a unit that was not drawn, one that comes
    twice, an unknown disposition, or a finding that is none.
    """
    names = range(sample.pi.size) if ids is None else _distinct(ids, sample.pi.size)
    drawn = {names[i]: place for place, i in enumerate(sample.index.tolist())}
    units, words, found = (_column(results, name) for name in ("unit", "disposition", "found"))
    disposition, flags = [NOT_VISITED] * len(drawn), np.zeros(len(drawn), dtype=bool)
    rows: dict[int, int] = {}
    for row, (unit, word, finding) in enumerate(zip(units, words, found, strict=True), 1):
        place = _place(row, unit, drawn)
        _refuse_twice(row, unit, rows.setdefault(place, row))
        disposition[place] = _disposition(row, unit, word)
        flags[place] = _finding(row, unit, disposition[place], finding)
    return Outcomes(tuple(drawn), tuple(disposition), flags)


def _distinct(ids: Units, units: int) -> list[Any]:
    labels, code = check.codes("ids", ids, units)
    if len(labels) < units:
        first, again = np.flatnonzero(code == np.argmax(np.bincount(code) > 1))[:2]
        raise InvalidInput(
            "ids[{i}] and ids[{first}] are both {got!r}; want distinct ids",
            zh="ids[{i}] 与 ids[{first}] 均为 {got!r}，编号不得重复",
            i=int(again),
            first=int(first),
            got=labels[code[again]],
        )
    return [labels[k] for k in code]


def _column(results: Any, name: str) -> list[Any]:
    if name not in getattr(results, "columns", ()):
        raise InvalidInput(
            "results have no column {want!r}; want a table with unit, disposition and found",
            zh="结果表没有 {want!r} 列，应有 unit、disposition 和 found 三列",
            want=name,
        )
    return list(results[name].tolist())


def _place(row: int, unit: Any, drawn: dict[Any, int]) -> int:
    if unit not in drawn:
        raise InvalidInput(
            "row {row}: {got!r} was not drawn; a substitute is not part of the sample, and the unit "
            "in whose place it stands is missing",
            zh="第 {row} 行：{got!r} 未被抽中；替补不属于样本，被替换的单位按缺失处理",
            row=row,
            got=unit,
        )
    return drawn[unit]


def _refuse_twice(row: int, unit: Any, first: int) -> None:
    if first != row:
        raise InvalidInput(
            "row {row}: {got!r} stands in row {first} already; want one row per unit",
            zh="第 {row} 行：{got!r} 已见于第 {first} 行，每个单位只应有一行",
            row=row,
            got=unit,
            first=first,
        )


def _disposition(row: int, unit: Any, word: Any) -> str:
    name = _READ.get(unicodedata.normalize("NFKC", str(word)).strip())
    if name is None:
        raise InvalidInput(
            "row {row}: disposition of {unit!r} is {got!r}; want one of {want}",
            zh="第 {row} 行：{unit!r} 的检查情况为 {got!r}，应为 {words} 等",
            row=row,
            unit=unit,
            got=word,
            want=", ".join(DISPOSITIONS),
            words="、".join(words[0] for words in DISPOSITIONS.values()),
        )
    return name


def _finding(row: int, unit: Any, disposition: str, finding: Any) -> bool:
    blank = finding is None or finding != finding or finding == ""
    visited = disposition == "visited"
    if (blank and not visited) or (not blank and finding in ((0, 1) if visited else (0,))):
        return not blank and bool(finding)
    raise InvalidInput(
        "row {row}: {unit!r} is {disposition} and found is {got!r}; want {want}",
        zh="第 {row} 行：{unit!r} 为 {disposition}，found 为 {got!r}，应为 {want_zh}",
        row=row,
        unit=unit,
        disposition=disposition,
        got=finding,
        want="0 or 1" if visited else "nothing or 0: who was not visited is not found to violate",
        want_zh="0 或 1" if visited else "空或 0",
    )
