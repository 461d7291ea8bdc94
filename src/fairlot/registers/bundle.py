"""The registers of one draw together: sites, officers, experts, conflicts, absences, items, history."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.registers.columns import KINDS
from fairlot.registers.cross import cross_check
from fairlot.registers.examples import folder
from fairlot.registers.problems import Problem, refuse
from fairlot.registers.reading import SUFFIXES
from fairlot.registers.register import Register, empty, inspect

__all__ = ["Registers", "example", "gather", "kind_of"]

_STEMS = {kind: kind for kind in KINDS} | {
    "institutions": "sites",
    "机构": "sites",
    "机构名录": "sites",
    "检查人员": "officers",
    "人员": "officers",
    "专家": "experts",
    "回避": "conflicts",
    "缺勤": "absences",
    "检查事项": "items",
    "历史": "history",
}
"""Name of a file, without its suffix, and the register that it holds."""

ALIKE = 0.85
"""Names of files nearer than this to a register's (difflib) are taken for a slip: conflict.csv."""


@dataclass(frozen=True, eq=False)
class Registers:
    """All registers of a draw; one that was not given has no rows.

    >>> Registers().problems
    ()
    """

    sites: Register = field(default_factory=partial(empty, "sites"))
    officers: Register = field(default_factory=partial(empty, "officers"))
    experts: Register = field(default_factory=partial(empty, "experts"))
    conflicts: Register = field(default_factory=partial(empty, "conflicts"))
    absences: Register = field(default_factory=partial(empty, "absences"))
    items: Register = field(default_factory=partial(empty, "items"))
    history: Register = field(default_factory=partial(empty, "history"))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every register, then what does not agree between them.

        A conflict of an unknown person or with an unknown target, the absence of an unknown
        officer and an id that an officer shares with an expert are errors; a visit to an unknown
        site and a bureau without sites or without officers are warnings.
        """
        every: dict[str, Register] = {kind: getattr(self, kind) for kind in KINDS}
        own = (problem for register in every.values() for problem in register.problems)
        return (*own, *cross_check(every))

    @classmethod
    def read(cls, where: str | PathLike[str]) -> Registers:
        """Return the registers in the folder ``where``, or refuse them with every problem of all of them.

        A register is a file called by its kind (sites or institutions, officers, experts,
        conflicts, absences, items, history, or 机构, 人员, 专家, 回避, 缺勤, 检查事项, 历史) with the
        suffix .csv, .tsv, .xlsx or .parquet; other files are not looked at. Raises InvalidInput when
        there is no file of sites, when two files are the same register, when a name is a slip of
        the pen (conflict.csv), and as :func:`gather` does.
        """
        return gather(**_found(Path(where)))

    @classmethod
    def inspect(cls, where: str | PathLike[str]) -> Registers:
        """Return what :meth:`read` would, without refusing what the files hold."""
        return cls(**{kind: inspect(path, kind) for kind, path in _found(Path(where)).items()})


def gather(**sources: Any) -> Registers:
    """Return registers from ``sources``: a Register, path or frame for each kind.

    Raises InvalidInput, carrying all ``problems``, when any register or any relation between
    registers is in error.

    >>> import pandas as pd
    >>> rooms = gather(history=pd.DataFrame({"site_id": ["S1"], "visited": ["2021-10-12"]}))
    >>> len(rooms.history.frame), len(rooms.sites.frame)
    (1, 0)
    """
    rooms = Registers(**{kind: _register(source, kind) for kind, source in sources.items()})
    refuse(rooms.problems)
    return rooms


def example(name: str) -> Registers:
    """Return the registers of a shipped example: "shanghai" (invented) or "chicago" (real sites).

    >>> len(example("shanghai").sites.frame)
    1200
    """
    return Registers.read(folder(name))


def kind_of(path: str | PathLike[str]) -> str:
    """Return the kind of register that a file's name tells; refuse a name that tells none.

    >>> kind_of("rosters/institutions.csv")
    'sites'
    """
    stem = Path(path).stem.lower()
    if stem not in _STEMS:
        raise InvalidInput(
            "{got} does not tell its kind; want one of {want}",
            zh="文件名 {got} 看不出名录类型，应指明 {want} 之一",
            got=Path(path).name,
            want=", ".join(KINDS),
        )
    return _STEMS[stem]


def _register(source: Any, kind: str) -> Register:
    register = source if isinstance(source, Register) else inspect(source, kind)
    if register.kind != kind:
        raise InvalidInput(
            "{kind} is a register of {got}; want one of {kind}",
            zh="{kind} 处给出的是 {got} 名录，应为 {kind} 名录",
            kind=kind,
            got=register.kind,
        )
    return register


def _refuse_slip(path: Path) -> None:
    """Refuse a file that is meant for a register and would be passed over."""
    stem = path.stem.lower()
    meant = get_close_matches(stem, _STEMS, n=1, cutoff=ALIKE)
    if stem not in _STEMS and meant:
        raise InvalidInput(
            "{got} would not be read; want {want} if it is that register, or another name",
            zh="{got} 不会被读取；如为该名录，文件名应为 {want}，否则请换名",
            got=path.name,
            want=meant[0] + path.suffix,
        )


def _found(folder: Path) -> dict[str, Path]:
    """Return the file of each register in ``folder``."""
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        kind = _STEMS.get(path.stem.lower())
        if path.suffix.lower() not in SUFFIXES:
            continue
        _refuse_slip(path)
        if kind:
            if kind in files:
                raise InvalidInput(
                    "{first} and {second} are both the register of {kind}; want one file",
                    zh="{first} 与 {second} 都是 {kind} 名录，只应有一个文件",
                    first=files[kind].name,
                    second=path.name,
                    kind=kind,
                )
            files[kind] = path
    if "sites" not in files:
        raise InvalidInput(
            "no roster in {folder}; want a file sites or institutions with one of {want}",
            zh="{folder} 中没有名录，应有名为 sites 或 institutions 的文件，扩展名为 {want}",
            folder=folder.name,
            want=", ".join(SUFFIXES),
        )
    return files
