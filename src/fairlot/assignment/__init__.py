"""Who goes where: seats, the officers each may take, and a draw of teams from a seed."""

from fairlot.assignment.augmenting import draw_teams
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.capacity import capacity
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.problem import Problem
from fairlot.assignment.teams import Teams, check_teams

__all__ = ["Blocking", "Problem", "Teams", "capacity", "check_teams", "draw_teams", "feasible"]
