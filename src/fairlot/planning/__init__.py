"""From a plan and the registers to quotas per bureau and one exact probability per site."""

from fairlot.planning.coverage import coverage
from fairlot.planning.deciding import Tables, deciding
from fairlot.planning.plan import Plan
from fairlot.planning.quotas import Quotas
from fairlot.planning.rules import RULES
from fairlot.planning.staffing import staffing

__all__ = ["RULES", "Plan", "Quotas", "Tables", "coverage", "deciding", "staffing"]
