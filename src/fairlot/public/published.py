"""A public beacon: a value that nobody knows beforehand, and that comes out at a known second.

``drand``, ``nist`` and ``lottery`` are the three kinds. Before the draw a beacon says what it is
(``identity``, part of the announcement); afterwards its value is kept in the record, and anyone
reads the randomness out of it again.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from fairlot._base.errors import InvalidInput
from fairlot.public import canonical
from fairlot.public.canonical import Json

__all__ = ["Attested", "Beacon", "Value", "same"]

Value: TypeAlias = Mapping[str, Any]
Attested: TypeAlias = tuple[Literal["holds", "not shown"], Mapping[str, str]]

MAX_FILE = 1 << 16
SHOWN = 100  # characters of a hostile value that a message repeats


class Beacon(ABC):
    """Where the randomness of a draw comes from."""

    @property
    @abstractmethod
    def time(self) -> int:
        """The Unix second at which the value comes out, or the first at which it may."""

    @abstractmethod
    def __str__(self) -> str:
        """Return the text that ``beacon.parse`` reads back."""

    @abstractmethod
    def identity(self) -> dict[str, Json]:
        """Return what the announcement says of the beacon; ``beacon.source`` reads it back."""

    @abstractmethod
    def canonical(self, value: Value) -> dict[str, Json]:
        """Return the value in the one form that a record keeps; refuse what cannot be one."""

    @abstractmethod
    def randomness(self, value: Value) -> bytes:
        """Return the bytes that enter the seed; refuse a value whose signature is wrong."""

    @abstractmethod
    def attest(self, value: Value) -> Attested:
        """Say whether it is shown that the value comes from the beacon, and why."""

    def read(self, path: str | Path) -> dict[str, Json]:
        """Return the value in this JSON file, in the form that a record keeps."""
        try:
            with Path(path).open("rb") as file:
                data = file.read(MAX_FILE + 1)
        except (OSError, ValueError) as error:
            raise InvalidInput("{path} cannot be read: {why}", zh="{path} 无法读取：{why}",
                               path=str(path)[:200], why=str(error)) from None  # fmt: skip
        return self.parse_value(data)

    def parse_value(self, data: bytes) -> dict[str, Json]:
        """Return the value that these bytes of JSON hold, in the form that a record keeps."""
        value = canonical.parse(data, limit=MAX_FILE)
        return self.canonical(value if isinstance(value, dict) else {})

    def refuse_if_known(self, moment: datetime) -> None:
        """Refuse a beacon whose value was public at ``moment``."""
        late = int(moment.timestamp()) - self.time
        if late >= 0:
            raise InvalidInput(
                "{beacon} came out {late} s before the announcement; want a later one",
                zh="{beacon} 在公告前 {late} 秒已公布，应选更后的",
                beacon=str(self), late=late,
            )  # fmt: skip

    def refuse_if_future(self, moment: datetime) -> None:
        """Refuse a beacon whose value cannot have been known at ``moment``."""
        early = self.time - int(moment.timestamp())
        if early > 0:
            raise InvalidInput("{beacon} comes out only in {early} s",
                               zh="{beacon} 在 {early} 秒后才公布",
                               beacon=str(self), early=early)  # fmt: skip


def same(name: str, got: object, want: Json) -> None:
    """Refuse a field that is not exactly this, type included: ``True`` is not 1.

    >>> same("round", 5, 5)
    """
    if type(got) is not type(want) or got != want:
        raise InvalidInput("{name} is {got!r}; want {want!r}",
                           zh="{name} 为 {got!r}，应为 {want!r}",
                           name=name, got=str(got)[:SHOWN], want=want)  # fmt: skip
