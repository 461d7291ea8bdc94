"""The plan: what a draw must respect, as a TOML file that an official can read aloud.

Every number that decides is a decimal string turned into a Fraction; nothing here is a float.
Where the guidance (沪市监认检〔2021〕529号) is silent, a switch says which reading is taken.
"""

import re
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from fairlot._base.errors import InvalidInput

if TYPE_CHECKING:
    from fairlot.planning.quotas import Quotas
    from fairlot.registers import Registers

__all__ = ["Plan"]

SPEC = "fairlot.plan/v0"
MAX_BYTES = 1 << 20
DECIMAL = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,12})?")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _decimal(value: str) -> str:
    if not DECIMAL.fullmatch(value):
        raise ValueError(f'got "{value}"; want a plain decimal such as "0.15"')
    return value


def _ratio(value: str) -> str:
    if Fraction(_decimal(value)) > 1:
        raise ValueError(
            f'got "{value}": {value} percent or {value} times everything? '
            f'want a share between 0 and 1, such as "0.15"'
        )
    return value


def _iso(value: str) -> str:
    if not DATE.fullmatch(value):
        raise ValueError(f'got "{value}"; want a date such as 2024-07-01')
    return date.fromisoformat(value).isoformat()


def _as_text(value: Any) -> Any:
    """TOML's whole numbers and dates become the text that is published."""
    return str(value) if isinstance(value, int | date) and not isinstance(value, bool) else value


Decimal = Annotated[str, BeforeValidator(_as_text), AfterValidator(_decimal)]
Ratio = Annotated[str, BeforeValidator(_as_text), AfterValidator(_ratio)]
Date = Annotated[str, BeforeValidator(_as_text), AfterValidator(_iso)]
Text = Annotated[str, BeforeValidator(_as_text), Field(min_length=1, max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Visits(_Part):
    """The window in which every visit of this draw takes place, both days included."""

    first: Date
    last: Date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"last visit day {self.last} is before the first, {self.first}")
        return self


class Shares(_Part):
    """Shares of a roster that must be, or may at most be, drawn."""

    bureau_floor: Ratio = "0.15"
    bureau_ceiling: Ratio = "1"
    city_floor: Ratio = "0.15"
    city_ceiling: Ratio = "1"
    district_draws_count_toward_city: bool = True
    key_sectors_count_toward_ratio: bool = True
    joint_visits_count_toward_ratio: bool = True
    joint_origins: tuple[Text, ...] = ("联合",)
    denominator_date: Literal["draw", "plan"] = "draw"
    denominators: dict[str, int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for level in ("bureau", "city"):
            floor, ceiling = getattr(self, f"{level}_floor"), getattr(self, f"{level}_ceiling")
            if Fraction(floor) > Fraction(ceiling):
                raise ValueError(f"{level}_floor {floor} is above {level}_ceiling {ceiling}")
        if (self.denominator_date == "plan") != bool(self.denominators):
            raise ValueError('denominators go with denominator_date = "plan", and only with it')
        if any(n < 0 for n in self.denominators.values()):
            raise ValueError("a denominator is negative")
        return self


class Key(_Part):
    """The key sectors (重点领域): visited in full when ``take_all``."""

    sectors: tuple[Text, ...] = ()
    flagged: bool = True
    take_all: bool = True


class Weights(_Part):
    """Multipliers by credit class; the unrated count as class B unless the plan says otherwise."""

    A: Decimal = "1"
    B: Decimal = "1"
    C: Decimal = "1"
    D: Decimal = "1"
    unrated_as: Literal["A", "B", "C", "D"] | None = None
    unrated: Decimal | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.unrated is not None and self.unrated_as is not None:
            raise ValueError("unrated and unrated_as contradict each other; give one of them")
        return self

    def of(self, credit: str) -> str:
        """Return the multiplier of a class; "" is unrated."""
        if not credit and self.unrated is not None:
            return self.unrated
        multiplier: str = getattr(self, credit or self.unrated_as or "B")
        return multiplier


class Bounds(_Part):
    """The least and the greatest chance of a site that is neither taken whole nor barred."""

    pi_floor: Ratio = "0"
    pi_ceiling: Ratio = "1"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if Fraction(self.pi_floor) > Fraction(self.pi_ceiling):
            raise ValueError(f"pi_floor {self.pi_floor} is above pi_ceiling {self.pi_ceiling}")
        return self


class Rules(_Part):
    """Hard rules, in the order in which they bind."""

    excluded_status: tuple[Text, ...] = ("注销", "迁出", "停业")
    max_visits_per_year: int = Field(default=2, ge=1, le=366)
    listed_take_all: bool = True
    min_gap_days: int = Field(default=0, ge=0, le=3660)


class Team(_Part):
    """Who goes: the seats of a visit, and which bureaux lend officers when one has too few."""

    seats: tuple[Literal["specialist", "officer"], ...] = ("specialist", "officer")
    own_station: Literal["allowed", "excluded"] = "excluded"
    support: dict[str, tuple[Text, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _at_least_two(self) -> Self:
        if len(self.seats) < 2:
            raise ValueError(f"a visit has {len(self.seats)} seat; the law asks for at least two")
        if len(self.seats) > 8:
            raise ValueError(f"a visit has {len(self.seats)} seats; want at most 8")
        return self


class Plan(_Part):
    """Everything that decides a draw, fixed before the randomness exists.

    >>> plan = Plan.parse('''
    ... spec = "fairlot.plan/v0"
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

    spec: Literal["fairlot.plan/v0"]
    authority: Text
    scope: Text
    period: Text
    task: Text
    as_of: Date
    visits: Visits
    ratio: Shares = Field(default_factory=Shares)
    key: Key = Field(default_factory=Key)
    weights: Weights = Field(default_factory=Weights)
    bounds: Bounds = Field(default_factory=Bounds)
    rules: Rules = Field(default_factory=Rules)
    team: Team = Field(default_factory=Team)

    @model_validator(mode="after")
    def _clock(self) -> Self:
        if self.visits.first < self.as_of:
            raise ValueError(f"first visit day {self.visits.first} is before as_of {self.as_of}")
        return self

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

    def probabilities(self, registers: "Registers") -> "Quotas":
        """Return the quota of every bureau and the exact probability of every site."""
        from fairlot.planning.deciding import deciding
        from fairlot.planning.quotas import quotas

        return quotas(self, deciding(self, registers).sites)


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
