"""What every team must hold, and whom it may not: the rules of a plan as the lottery reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fairlot._base.errors import InvalidInput

__all__ = ["DEPARTMENT", "Limit", "TeamRules"]

ENFORCEMENT = ("officer", "specialist", "lead")
KINDS = (*ENFORCEMENT, "expert")
DEPARTMENT = "department:"
"""What the seat of a joint visit is called: this, and the name of the department."""

TEAM = 2
"""行政处罚法 (2021) §42: never fewer than two officers."""

MOST = 2**31 - 1


@dataclass(frozen=True)
class Limit:
    """``least`` to ``most`` seats for the officers of a bureau, or a department, or of both."""

    bureau: str = ""
    department: str = ""
    least: int = 0
    most: int = MOST

    @property
    def name(self) -> str:
        """What the officers are called together."""
        return " ".join(filter(None, (self.bureau, self.department)))


@dataclass(frozen=True)
class TeamRules:
    """The rules that hold for the team of every site.

    seats           what a team holds; seats of one kind are equal. "officer" takes anyone of the
                    bureau who may go, "specialist" someone of them skilled in the site's sector or
                    second sector, "lead" someone of at least ``lead_seniority``, "expert" someone
                    of the register of experts skilled in the sector. At least two are officers';
                    an expert never counts as one, nor sits in an officer's seat
    own_station     False keeps officers from the sites of their own station (所所交叉)
    support         by bureau, the bureaux that may lend it officers, first choice first; used only
                    where the bureau cannot staff its visits itself
    department      the department that draws: its officers take the seats above
    per_department  seats of every other department that takes part in a joint visit
    partners        whom those departments send: "anywhere", every officer of theirs, since units
                    of the city serve all bureaux; "bureau", those of the site's bureau and of its
                    supporting bureaux
    lead_seniority  least seniority of a lead
    expert_cap      most visits of one expert
    rotation        "officer" bars everybody of the site's last team, "pair" any two of them
                    together (an integer programme, so not for public draws), "none" nobody
    limits          what officers of a bureau or department may take together; bureaux and
                    departments that overlap must lie one within the other
    farthest_km     the distance beyond which nobody is sent, None for any

    Raises InvalidInput for rules that cannot be meant.

    >>> TeamRules(seats=("specialist", "officer", "officer", "expert")).officers
    3
    """

    seats: tuple[str, ...]
    own_station: bool = False
    support: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    department: str = "市场监管"
    per_department: int = 1
    partners: str = "anywhere"
    lead_seniority: int = 1
    expert_cap: int = 4
    rotation: str = "none"
    limits: tuple[Limit, ...] = ()
    farthest_km: float | None = None

    def __post_init__(self) -> None:
        if self.officers < TEAM or not set(self.seats) <= set(KINDS):
            raise InvalidInput(
                "seats are {got}; want at least {team} of {officers}, and none but these and "
                "expert (行政处罚法 §42)",
                zh="席位为 {got}，应至少有 {team} 个取自 {officers}，此外只可有 expert"
                "（行政处罚法第四十二条）",
                got=self.seats,
                team=TEAM,
                officers=ENFORCEMENT,
            )
        _one_of("rotation", self.rotation, ("none", "officer", "pair"))
        _one_of("partners", self.partners, ("anywhere", "bureau"))
        _check_support(self.support)

    @property
    def officers(self) -> int:
        """How many enforcement officers the team of a visit of one department holds."""
        return sum(seat in ENFORCEMENT for seat in self.seats)

    @property
    def quotas(self) -> dict[str, int]:
        """How many of each kind, kinds in the order in which they are first named."""
        return {kind: self.seats.count(kind) for kind in self.seats}


def _one_of(name: str, got: str, want: tuple[str, ...]) -> None:
    if got not in want:
        raise InvalidInput(
            "{name} is {got}; want one of {want}",
            zh="{name} 为 {got}，应为 {want} 之一",
            name=name,
            got=got,
            want=want,
        )


def _check_support(support: Mapping[str, tuple[str, ...]]) -> None:
    for bureau, lenders in support.items():
        for lender in lenders:
            if lender == bureau or lenders.count(lender) > 1:
                raise InvalidInput(
                    "bureau {bureau} is to borrow officers from {lender}; want other bureaux, "
                    "each once",
                    zh="{bureau} 拟向 {lender} 借调，应为其他机关且不重复",
                    bureau=bureau,
                    lender=lender,
                )
