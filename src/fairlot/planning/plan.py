"""The plan: a TOML file that an official can read aloud, and what follows from it."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from fairlot._base.errors import InvalidInput
from fairlot.planning.deciding import deciding
from fairlot.planning.quotas import Quotas, quotas
from fairlot.planning.terms import Terms
from fairlot.registers import Registers

__all__ = ["Plan"]

MAX_BYTES = 1 << 20


class Plan(Terms):
    """Everything that decides a draw, fixed before the randomness exists.

    >>> plan = Plan.parse('''
    ... spec = "fairlot.plan/v1"
    ... authority = "example bureau"
    ... scope = "testing institutions"
    ... period = "2024"
    ... task = "2024-001"
    ... as_of = 2024-07-01
    ... visits = { first = 2024-08-01, last = 2024-11-30 }
    ... weights = { C = "2", D = "4" }
    ... ''')
    >>> plan.ratio.bureau_floor, plan.weights.of(""), plan.weights.of("D")
    ('0.15', '1', '4')
    """

    @classmethod
    def read(cls, path: str | Path) -> "Plan":
        """Read a plan from a TOML file; refuse it with every contradiction named at once."""
        path = Path(path)
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput(
                "{path} has more than {most} bytes; this is no plan",
                zh="{path} 超过 {most} 字节，不是抽查方案",
                path=path,
                most=MAX_BYTES,
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
    def parse(cls, text: str, *, source: str = "plan") -> "Plan":
        """Read a plan from TOML text."""
        try:
            # Numbers stay the text they were written in: 0.15 never becomes a binary float.
            table = tomllib.loads(text, parse_float=str)
        except tomllib.TOMLDecodeError as error:
            raise InvalidInput(
                "{source} is not TOML: {why}",
                zh="{source} 不是有效的 TOML：{why}",
                source=source,
                why=str(error),
            ) from None
        return cls.of(_tuples(table), source=source)

    @classmethod
    def of(cls, table: Any, *, source: str = "plan") -> "Plan":
        """Make a plan from a table such as :meth:`table` returns."""
        try:
            return cls.model_validate(_tuples(table))
        except ValidationError as error:
            faults = tuple(_fault(each) for each in error.errors(include_url=False))
            raise InvalidInput(
                "{source}: {list}",
                zh="{source}：{list}",
                source=source,
                list="; ".join(faults),
                faults=faults,
            ) from None

    def table(self) -> dict[str, Any]:
        """Return the whole plan, defaults included, as text, whole numbers, lists and tables."""
        return self.model_dump(mode="json", exclude_none=True)

    def probabilities(self, registers: Registers) -> Quotas:
        """Return the quota of every bureau and the exact probability of every site."""
        return quotas(self, deciding(self, registers).standings)


def _tuples(value: Any) -> Any:
    """TOML and JSON know lists only; the model keeps tuples so that a plan cannot change."""
    if isinstance(value, dict):
        return {k: _tuples(v) for k, v in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _fault(error: Any) -> str:
    where = ".".join(map(str, error["loc"])) or "plan"
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        what = "not a name this plan knows"
    return f"{where}: {what}"
