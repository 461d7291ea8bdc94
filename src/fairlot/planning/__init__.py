"""From a plan and the registers to quotas per bureau and one exact probability per site."""

from fairlot.planning.coverage import coverage
from fairlot.planning.deciding import Tables, deciding
from fairlot.planning.foreseen import Foreseen
from fairlot.planning.listed import Listed, read_list
from fairlot.planning.outlook import Outlook, outlook
from fairlot.planning.plan import Plan
from fairlot.planning.quotas import Quotas
from fairlot.planning.rules import RULES
from fairlot.planning.schedule import schedule
from fairlot.planning.staffing import staffing
from fairlot.planning.standings import standings
from fairlot.planning.substitute import Candidates, candidates, substitute
from fairlot.planning.views import check_shown, merged, veiled
from fairlot.planning.visited import choice, named_sites, problem_of

__all__ = [
    "RULES",
    "Candidates",
    "Foreseen",
    "Listed",
    "Outlook",
    "Plan",
    "Quotas",
    "Tables",
    "candidates",
    "check_shown",
    "choice",
    "coverage",
    "deciding",
    "merged",
    "named_sites",
    "outlook",
    "problem_of",
    "read_list",
    "schedule",
    "staffing",
    "standings",
    "substitute",
    "veiled",
]
