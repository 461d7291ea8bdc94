"""Which draw a small proof belongs to, and the announced roster to which it leads."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fairlot._base.errors import VerificationError
from fairlot.public import canonical
from fairlot.public.canonical import Json
from fairlot.public.entries import check_name
from fairlot.public.opened_row import Row, hexed, refuse_other_keys
from fairlot.public.suite import HASH, Suite, suite

__all__ = ["BOUND", "Bound"]

NAMES = ("authority", "scope", "period", "task")
BOUND = {*NAMES, "announcement", "suite", "view", "sites"}
"""The fields that a proof begins with."""
VIEWS = ("open", "pseudonymous")
MAX_JSON = 1 << 20
MAX_ROWS = 1 << 32


@dataclass(frozen=True, slots=True)
class Bound:
    """A draw by its four names, its announcement by digest, the roster by size and root.

    announcement  SHA-256 of announcement.json
    suite         name of the hash of leaves and roots
    view          "open", or "pseudonymous": then sites stand under pseudonyms
    """

    authority: str
    scope: str
    period: str
    task: str
    announcement: bytes
    suite: str
    view: str
    rows: int
    root: bytes

    @classmethod
    def of(cls, announcement: bytes) -> "Bound":
        """Return what an announcement.json says; whether all of it is sound is not looked at."""
        body: Any = canonical.decode(announcement.removesuffix(b"\n"), limit=MAX_JSON)
        try:
            plan = body["plan"]
            told = {name: plan[name] for name in NAMES}
            told["suite"], told["view"] = plan["proof"]["suite"], plan["proof"]["view"]
            told["sites"] = body["registers"]["sites"]
        except (KeyError, TypeError):
            raise VerificationError("announcement.json names no plan with a roster",
                                    zh="announcement.json 中没有方案或名录") from None  # fmt: skip
        return cls.decode({**told, "announcement": sha256(announcement).hexdigest()})

    @property
    def hash(self) -> Suite:
        """The hash of leaves and roots."""
        return suite(self.suite)

    def encode(self) -> dict[str, Json]:
        """Return the fields that a proof begins with."""
        return {
            **{name: getattr(self, name) for name in NAMES},
            "announcement": self.announcement.hex(),
            "suite": self.suite,
            "view": self.view,
            "sites": {"rows": self.rows, "root": self.root.hex()},
        }

    @classmethod
    def decode(cls, told: dict[str, Any]) -> "Bound":
        """Read the fields back; refuse any that :meth:`encode` does not write."""
        refuse_other_keys(told, BOUND)
        refuse_other_keys(told["sites"], {"rows", "root"})
        for name in NAMES:
            check_name(name, told[name])
        suite(str(told["suite"]))
        if told["view"] not in VIEWS:
            raise VerificationError("view is {got!r}; want one of {want}",
                                    zh="view 为 {got!r}，应为 {want} 之一",
                                    got=str(told["view"])[:80], want=", ".join(VIEWS))  # fmt: skip
        size = told["sites"]["rows"]
        if type(size) is not int or not 1 <= size <= MAX_ROWS:
            raise VerificationError("rows is {got!r}; want a whole number of at least 1",
                                    zh="rows 为 {got!r}，应为不小于 1 的整数",
                                    got=str(size)[:80])  # fmt: skip
        return cls(
            **{name: told[name] for name in NAMES},
            announcement=hexed(told["announcement"], HASH),
            suite=told["suite"],
            view=told["view"],
            rows=size,
            root=hexed(told["sites"]["root"], HASH),
        )

    def verify(self, row: Row) -> None:
        """Refuse unless the row stands in the roster."""
        row.verify(self.rows, self.root, self.hash)

    def refuse_other(self, announcement: bytes) -> None:
        """Refuse unless this is what announcement.json says."""
        said = Bound.of(announcement)
        for name in self.__slots__:
            got, want = getattr(self, name), getattr(said, name)
            if got != want:
                raise VerificationError("{name} is {got}; the announcement has {want}",
                                        zh="{name} 为 {got}，公告中为 {want}",
                                        name=name, got=_plain(got), want=_plain(want))  # fmt: skip


def _plain(value: str | int | bytes) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
