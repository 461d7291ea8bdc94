"""Before any draw: the officer-visits that the quotas need, against those there are."""

import pandas as pd

from fairlot.assignment import capacity
from fairlot.planning.plan import Plan
from fairlot.registers import Registers

__all__ = ["staffing"]


def staffing(plan: Plan, registers: Registers) -> pd.DataFrame:
    """Return the quotas per bureau with officer-visits needed, available and short.

    A shortage is not yet a refusal: a neighbour that the plan names may lend officers. No
    shortage is not yet a promise: conflicts and skills bind visit by visit.
    """
    bureaux = plan.probabilities(registers).bureaux
    people = capacity(
        dict(zip(bureaux["bureau_id"].tolist(), bureaux["quota"].tolist(), strict=True)),
        registers.officers.frame,
        registers.absences.frame,
        window=(plan.visits.first, plan.visits.last),
        seats=plan.team.seats,
    )
    return bureaux.merge(people.drop(columns="visits"), on="bureau_id", how="left")
