"""The plan: a TOML file that an official can read aloud, and what follows from it."""

from fairlot.planning.deciding import deciding
from fairlot.planning.quotas import Quotas, quotas
from fairlot.planning.terms import Terms
from fairlot.registers import Registers

__all__ = ["Plan"]


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

    noun = ("plan", "抽查方案")

    def probabilities(self, registers: Registers) -> Quotas:
        """Return the quota of every bureau and the exact probability of every site."""
        return quotas(self, deciding(self, registers).standings)
