"""Proof that a site is not in the roster of an open draw: the two rows it would stand between.

::

    {"@spec":"fairlot.draw/v1 absence","authority":…,"scope":…,"period":…,"task":…,
     "suite":"sha256","view":"open","announcement":"…","sites":{"rows":1200,"root":"…"},
     "site":"S0043","neighbours":[<row 41, site open>,<row 42, site open>]}

The roster stands in the order of the ids' bytes, so between two rows that follow each other there
is no third; before the first row and after the last one neighbour is enough. That the whole roster
stands in order is a step of ``verify``, and in an open record anyone can look. Of a roster under
pseudonyms it would say nothing, so there it is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot._base.ids import canonical_id
from fairlot.planning.deciding import SCHEMAS
from fairlot.public import canonical
from fairlot.public.bound import Bound
from fairlot.public.canonical import Json
from fairlot.public.folder import SPEC
from fairlot.public.opened_row import Row
from fairlot.public.steps import Check, Found, Steps, told

__all__ = ["ABSENCE_STEPS", "Absence", "check_absence", "neighbours"]

ABSENCE = f"{SPEC} absence"
MAX_ABSENCE = 1 << 16
ABSENCE_STEPS = {
    "file": ("the file is whole", "文件完整"),
    "roster": ("the neighbours stand in the roster, with none between", "相邻两行在名录中且紧邻"),
    "order": ("the site would stand there", "该场所应处其间"),
    "announced": ("the roster is the announced one", "名录与公告一致"),
}
"""Every step by its key, in order, in English and Chinese."""


@dataclass(frozen=True, slots=True)
class Absence:
    """The proof that ``site`` is not there; one neighbour at an end of the roster, else two."""

    bound: Bound
    site: str
    neighbours: tuple[Row, ...]

    def encode(self) -> bytes:
        """Return the file: one line of canonical JSON."""
        told: dict[str, Json] = {
            "@spec": ABSENCE,
            **self.bound.encode(),
            "site": self.site,
            "neighbours": [row.encode() for row in self.neighbours],
        }
        return canonical.encode(told) + b"\n"

    @classmethod
    def decode(cls, data: bytes) -> "Absence":
        """Read the file, unverified; any other spelling of it is refused."""
        told: Any = canonical.decode(data.removesuffix(b"\n"), limit=MAX_ABSENCE)
        if not isinstance(told, dict) or told.pop("@spec", "") != ABSENCE or data[-1:] != b"\n":
            raise VerificationError("not a line of {want!r}", zh="不是一行 {want!r}", want=ABSENCE)
        site, rows = told.pop("site", None), told.pop("neighbours", None)
        if not isinstance(site, str) or not isinstance(rows, list) or len(rows) not in (1, 2):
            raise VerificationError("lacks a site and its one or two neighbours",
                                    zh="应含场所及其一个或两个相邻行")  # fmt: skip
        read = tuple(Row.decode(row, SCHEMAS["standings"], SCHEMAS["sites"]) for row in rows)
        if not all("site" in row.shown for row in read):
            raise VerificationError("a neighbour's site is closed", zh="相邻行的场所未揭示")
        bound = Bound.decode(told)
        if bound.view != "open":
            raise VerificationError("no id stands in a {view} roster", zh="{view} 名录中没有编号",
                                    view=bound.view)  # fmt: skip
        return cls(bound, site, read)


def neighbours(sites: Sequence[str], site: str) -> tuple[int, ...]:
    """Return the rows between which ``site`` would stand in a sorted roster; refuse one that is there.

    >>> neighbours(["S1", "S3"], "S2"), neighbours(["S1", "S3"], "S4")
    ((0, 1), (1,))
    """
    after = sum(each.encode() < site.encode() for each in sites)
    if after < len(sites) and sites[after] == site:
        raise InvalidInput("{site} is in the roster, row {row}", zh="{site} 在名录中，第 {row} 行",
                           site=site, row=after + 1)  # fmt: skip
    return tuple(i for i in (after - 1, after) if 0 <= i < len(sites))


def check_absence(data: bytes, *, announcement: bytes | None = None) -> tuple[Check, ...]:
    """Return every step with its verdict; never raises for what the file contains.

    announcement  announcement.json as the reader got it elsewhere
    """
    steps = Steps(ABSENCE_STEPS)
    proof = steps.do("file", lambda: Absence.decode(data))
    if proof:
        steps.do("roster", lambda: _next_to_each_other(proof))
        steps.do("order", lambda: _between(proof))
        steps.judge("announced", lambda: _announced(proof, announcement))
    return steps.in_order()


def _next_to_each_other(proof: Absence) -> None:
    for row in proof.neighbours:
        proof.bound.verify(row)
    found, last = [row.index for row in proof.neighbours], proof.bound.rows - 1
    if found not in ([0], [last], [found[0], found[0] + 1]):
        raise VerificationError("rows {got} leave room between them or beyond",
                                zh="第 {got} 行之间或之外另有行", got=[i + 1 for i in found])  # fmt: skip


def _between(proof: Absence) -> None:
    if canonical_id(proof.site) != proof.site:
        raise VerificationError("{got!r} is no id", zh="{got!r} 不是编号", got=proof.site[:80])
    site, names = proof.site.encode(), [str(r.shown["site"]).encode() for r in proof.neighbours]
    index, last = proof.neighbours[0].index, proof.bound.rows - 1
    if len(names) == 2:
        fits = names[0] < site < names[1]
    else:
        fits = (index == 0 and site < names[0]) or (index == last and names[0] < site)
    if not fits:
        raise VerificationError("{site} would not stand there", zh="{site} 不应处其间",
                                site=proof.site)  # fmt: skip


def _announced(proof: Absence, announcement: bytes | None) -> Found:
    if announcement is not None:
        proof.bound.refuse_other(announcement)
        return "holds", {}
    want = proof.bound.announcement.hex()
    return "not shown", told(f"announcement.json with the SHA-256 {want} would show it",
                             f"需 SHA-256 为 {want} 的 announcement.json 证明")  # fmt: skip
