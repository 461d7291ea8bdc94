"""A file of settings that an official can read aloud: TOML in, a frozen model out.

Numbers stay the text they were written in: 0.15 never becomes a binary float.
"""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from fairlot._base.errors import InvalidInput

__all__ = ["Part", "Settings"]

MAX_BYTES = 1 << 20


class Part(BaseModel):
    """A table of settings: no unknown name, nothing turned into another type, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Settings(Part):
    """A whole file of settings; ``noun`` says in English and Chinese what it is."""

    noun: ClassVar[tuple[str, str]] = ("file", "文件")

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a TOML file; refuse it with every contradiction named at once."""
        path = Path(path)
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput(
                "{path} has more than {most} bytes; this is no {noun}",
                zh="{path} 超过 {most} 字节，不是{noun_zh}",
                path=path,
                most=MAX_BYTES,
                noun=cls.noun[0],
                noun_zh=cls.noun[1],
            )
        try:
            return cls.parse(path.read_text(encoding="utf-8-sig"), source=path.name)
        except UnicodeDecodeError as error:
            raise InvalidInput(
                "{path} is not UTF-8: {why}",
                zh="{path} 不是 UTF-8 编码：{why}",
                path=path.name,
                why=error.reason,
            ) from None

    @classmethod
    def parse(cls, text: str, *, source: str = "") -> Self:
        """Read TOML text."""
        source = source or cls.noun[0]
        try:
            table = tomllib.loads(text, parse_float=str)
        except tomllib.TOMLDecodeError as error:
            raise InvalidInput(
                "{source} is not TOML: {why}",
                zh="{source} 不是有效的 TOML：{why}",
                source=source,
                why=str(error),
            ) from None
        return cls.of(table, source=source)

    @classmethod
    def of(cls, table: Any, *, source: str = "") -> Self:
        """Make the settings from a table such as :meth:`table` returns."""
        try:
            return cls.model_validate(_tuples(table))
        except ValidationError as error:
            noun = cls.noun[0]
            faults = tuple(_fault(each, noun) for each in _first(error.errors(include_url=False)))
            raise InvalidInput(
                "{source}: {list}",
                zh="{source}：{list}",
                source=source or noun,
                list="; ".join(faults),
                faults=faults,
            ) from None

    def table(self) -> dict[str, Any]:
        """Return all settings, defaults included, as text, whole numbers, lists and tables."""
        return self.model_dump(mode="json", exclude_none=True)

    def digest(self) -> str:
        """Return the SHA-256 of :meth:`table` as hex: the same settings, however they are written."""
        text = json.dumps(self.table(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _tuples(value: Any) -> Any:
    """TOML and JSON know lists only; the model keeps tuples so that it cannot change."""
    if isinstance(value, dict):
        return {k: _tuples(v) for k, v in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _first(errors: list[Any]) -> list[Any]:
    """Leave out that a list is too short where it is so because an entry of it is wrong."""
    inside = {each["loc"][:n] for each in errors for n in range(len(each["loc"]))}
    return [each for each in errors if each["type"] != "too_short" or each["loc"] not in inside]


def _fault(error: Any, noun: str) -> str:
    where = ".".join(map(str, error["loc"]))
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        what = f"not a name this {noun} knows"
    return f"{where}: {what}" if where else what
