"""The terms of a plan: what a draw must respect, every number a decimal string.

Nothing here is a float. Where the guidance (沪市监认检〔2021〕529号) is silent, a switch says which
reading is taken.
"""

from datetime import date
from fractions import Fraction
from typing import Literal, Self

from pydantic import Field, model_validator

from fairlot import assignment
from fairlot._base.settings import Part, Settings
from fairlot._base.written import Date, DateOrNone, Decimal, Ratio, Text
from fairlot.assignment import TeamRules

__all__ = ["Terms"]

MOST = 2**31 - 1
"""More seats than anyone fills: what a limit allows that sets no greatest number."""

MOST_SITES = 10**9
"""A greater roster than any bureau has; shares of it still fit into whole numbers."""

MOST_LENDERS = 127
"""Bureaux that may lend to one: the rank of a lender is kept in one byte."""

LONGEST = 5 * 366
"""Days of one window: what comes later is another draw."""


class Visits(Part):
    """The window in which every visit of this draw takes place, both days included."""

    first: Date
    last: Date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"last visit day {self.last} is before the first, {self.first}")
        if (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days > LONGEST:
            raise ValueError(
                f"last visit day {self.last} is more than {LONGEST} days after the first, {self.first}"
            )
        return self


class Shares(Part):
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
        for bureau, n in self.denominators.items():
            if not 0 <= n <= MOST_SITES:
                raise ValueError(f"denominator of {bureau} is {n}; want 0 to {MOST_SITES}")
        return self


class Key(Part):
    """The key sectors (重点领域): visited in full when ``take_all``."""

    sectors: tuple[Text, ...] = ()
    flagged: bool = True
    take_all: bool = True


class Weights(Part):
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


class Bounds(Part):
    """The least and the greatest chance of a site that is neither taken whole nor barred."""

    pi_floor: Ratio = "0"
    pi_ceiling: Ratio = "1"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if Fraction(self.pi_floor) > Fraction(self.pi_ceiling):
            raise ValueError(f"pi_floor {self.pi_floor} is above pi_ceiling {self.pi_ceiling}")
        return self


class Rules(Part):
    """Hard rules, in the order in which they bind.

    ``substitutes`` is the share of a bureau's drawn sites for which, if they turn out closed, others
    may stand in, rounded up.
    """

    excluded_status: tuple[Text, ...] = ("注销", "迁出", "停业")
    max_visits_per_year: int = Field(default=2, ge=1, le=366)
    listed_take_all: bool = True
    min_gap_days: int = Field(default=0, ge=0, le=3660)
    substitutes: Ratio = "0.1"


class Limit(Part):
    """How many seats the officers of a bureau, of a department, or of both take together."""

    bureau: Text | None = None
    department: Text | None = None
    least: int = Field(default=0, ge=0, le=MOST)
    most: int = Field(default=MOST, ge=0, le=MOST)

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if self.bureau is None and self.department is None:
            raise ValueError("a limit names neither a bureau nor a department")
        if self.least > self.most:
            raise ValueError(f"least {self.least} is above most {self.most}")
        return self


class Team(Part):
    """Who goes: the seats of a visit, who may take them, and who helps out."""

    seats: tuple[Literal["specialist", "officer", "lead", "expert"], ...] = (
        "specialist",
        "officer",
    )
    own_station: Literal["allowed", "excluded"] = "excluded"
    support: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    department: Text = "市场监管"
    per_department: int = Field(default=1, ge=1, le=4)
    partners: Literal["anywhere", "bureau"] = "anywhere"
    lead_seniority: int = Field(default=1, ge=1, le=100)
    expert_cap: int = Field(default=4, ge=1, le=1000)
    rotation: Literal["none", "officer", "pair"] = "none"
    limits: tuple[Limit, ...] = ()
    effective_floor: Decimal = "1"
    loads: Literal["free", "leximin"] = "free"

    @model_validator(mode="after")
    def _lawful(self) -> Self:
        officers = sum(seat != "expert" for seat in self.seats)
        if officers < 2:
            raise ValueError(
                f"a visit has {officers} seat{'' if officers == 1 else 's'} for officers; "
                f"the law asks for at least two"
            )
        if len(self.seats) > 8:
            raise ValueError(f"a visit has {len(self.seats)} seats; want at most 8")
        return self

    @model_validator(mode="after")
    def _lenders(self) -> Self:
        for bureau, lenders in self.support.items():
            if len(lenders) > MOST_LENDERS:
                raise ValueError(
                    f"{len(lenders)} bureaux lend to {bureau}; want at most {MOST_LENDERS}"
                )
            if len({bureau, *lenders}) <= len(lenders):
                raise ValueError(f"{bureau} borrows of itself, or of one bureau twice")
        return self

    @model_validator(mode="after")
    def _portable(self) -> Self:
        if self.rotation == "pair":
            raise ValueError(
                'rotation "pair" takes an integer programme, which a public draw does not admit; '
                'want "officer" or "none"'
            )
        return self

    @model_validator(mode="after")
    def _limits_once(self) -> Self:
        named = [(limit.bureau, limit.department) for limit in self.limits]
        if len(set(named)) < len(named):
            raise ValueError("two limits are of the same officers; want one")
        return self

    @model_validator(mode="after")
    def _loads_or_limits(self) -> Self:
        if self.loads == "leximin" and self.limits:
            raise ValueError(
                'loads "leximin" makes the loads of single officers even, limits bound those of '
                "many together, and the two are not weighed against each other; want one of them"
            )
        return self

    def rules(self) -> TeamRules:
        """Return what of this part makes a Problem."""
        limits = (
            assignment.Limit(k.bureau or "", k.department or "", k.least, k.most)
            for k in self.limits
        )
        return TeamRules(
            seats=self.seats,
            own_station=self.own_station == "allowed",
            support=self.support,
            department=self.department,
            per_department=self.per_department,
            partners=self.partners,
            lead_seniority=self.lead_seniority,
            expert_cap=self.expert_cap,
            rotation=self.rotation,
            limits=tuple(limits),
        )


class Proof(Part):
    """What is shown to whom, and when: the hash of every commitment, the view, the opening.

    A record with an opening date is sealed until 00:00 UTC of that day. ``margin`` is how many
    seconds the proof of time must lie before the randomness.
    """

    suite: Literal["sha256", "sm3"] = "sha256"
    view: Literal["open", "pseudonymous"] = "open"
    opens: DateOrNone = ""
    margin: int = Field(default=600, ge=1, le=366 * 86_400)


class Terms(Settings):
    """Everything that decides a draw, fixed before the randomness exists."""

    spec: Literal["fairlot.plan/v1"]
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
    proof: Proof = Field(default_factory=Proof)

    @model_validator(mode="after")
    def _opens_later(self) -> Self:
        if self.proof.opens and self.proof.opens <= self.as_of:
            raise ValueError(
                f"proof.opens {self.proof.opens} is not after as_of {self.as_of}: the seal would "
                f"open before anything is announced"
            )
        return self

    @model_validator(mode="after")
    def _clock(self) -> Self:
        if self.visits.first < self.as_of:
            raise ValueError(f"first visit day {self.visits.first} is before as_of {self.as_of}")
        if self.visits.first[:4] != self.as_of[:4]:
            raise ValueError(
                f"visits begin in {self.visits.first[:4]}, but as_of {self.as_of} counts visits of "
                f"its own year against the yearly cap"
            )
        if not self.key.take_all and not self.ratio.key_sectors_count_toward_ratio:
            raise ValueError("key sectors that are not taken whole must count toward the ratio")
        return self
