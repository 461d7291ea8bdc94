"""Who goes where: seats, the officers each may take, fair chances, and a lottery from a seed.

Chapters, each a few files of this folder:

problem        problem, rules, network, part; from registers: eligibility (on people, pools,
               presence, seats, exclusions, rotation, appointments, barring, refusals), team_rules;
               from instances: instance, instance_form, instance_faults
feasibility    flow (on paths, seating), opening of tiers, forced pairs (on components);
               feasibility, blocking, certificate, with the fewest sites: narrowing, smallest,
               irreducible, minima; rules in combination: combination, broken, deletion, staffable;
               cures (on cure, openings, abilities); wording; capacity, before any draw
chances        probabilities, on balance (balance_seats, _knots, _nodes, _point, _newton,
               arithmetic) and quantise (evening, repair); loads (on routing); effective, declared
lottery        lottery, chances_check, drawing, arcs, rounding; simulation, frequencies
afterwards     teams, team_check; audit and its parts audit_*, gini; replacement (on dropout,
               completions, one_by_one)
combinatorial  programme, columns (on all_assignments, hull, hull_balance, corner_balance, pairings,
               leximin_columns, raising), shares; repaired, mending
"""

from fairlot.assignment.audit import Audit, audit
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.capacity import capacity
from fairlot.assignment.chances import Chances
from fairlot.assignment.cures import cures
from fairlot.assignment.declared import declared
from fairlot.assignment.effective import effective_officers
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.frequencies import Frequencies
from fairlot.assignment.gini import gini
from fairlot.assignment.lottery import draw_teams
from fairlot.assignment.probabilities import probabilities
from fairlot.assignment.problem import Problem
from fairlot.assignment.replacement import Replacement, replace, replacement
from fairlot.assignment.rotation import last_teams
from fairlot.assignment.rules import Barred, Group, Need
from fairlot.assignment.shares import Shares, shares
from fairlot.assignment.simulation import simulate
from fairlot.assignment.team_check import check_teams
from fairlot.assignment.team_rules import Limit, TeamRules
from fairlot.assignment.teams import Teams

__all__ = [
    "Audit",
    "Barred",
    "Blocking",
    "Chances",
    "Frequencies",
    "Group",
    "Limit",
    "Need",
    "Problem",
    "Replacement",
    "Shares",
    "TeamRules",
    "Teams",
    "audit",
    "capacity",
    "check_teams",
    "cures",
    "declared",
    "draw_teams",
    "effective_officers",
    "feasible",
    "gini",
    "last_teams",
    "probabilities",
    "replace",
    "replacement",
    "shares",
    "simulate",
]
