"""Whether teams exist, for explanations."""

from fairlot.assignment.flow import fill
from fairlot.assignment.network import network_of
from fairlot.assignment.problem import Problem
from fairlot.assignment.programme import assignment

__all__ = ["staffable"]


def staffable(problem: Problem) -> bool:
    """Say whether an assignment keeps every rule of ``problem``, every tier open."""
    if problem.combinatorial:
        return assignment(problem) is not None
    return fill(network_of(problem)).complete
