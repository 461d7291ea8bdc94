"""Before any draw: the officer-visits that the quotas need, against those there are."""

import pandas as pd

from fairlot._base.errors import Infeasible
from fairlot.assignment import capacity
from fairlot.planning.deciding import Tables
from fairlot.planning.plan import Plan
from fairlot.planning.quotas import Quotas
from fairlot.registers import Registers

__all__ = ["refuse_shortage", "staffing"]


def staffing(plan: Plan, registers: Registers) -> pd.DataFrame:
    """Return the quotas per bureau with officer-visits needed, available and short.

    A shortage is not yet a refusal: a neighbour that the plan names may lend officers. No
    shortage is not yet a promise: conflicts and skills bind visit by visit.
    """
    bureaux = plan.probabilities(registers).bureaux
    people = _people(plan, bureaux, registers.officers.frame, registers.absences.frame)
    return bureaux.merge(people, on="bureau_id", how="left")


def refuse_shortage(plan: Plan, decided: Quotas, tables: Tables) -> None:
    """Refuse quotas that a bureau's officers cannot visit and no neighbour may help with."""
    people = _people(plan, decided.bureaux, tables.officers, tables.absences)
    lonely = people[(people["short"] > 0) & ~people["bureau_id"].isin(plan.team.support)]
    if len(lonely):
        rows = [f"{b.bureau_id} ({b.available} < {b.needed})" for b in lonely.itertuples()]
        raise Infeasible(
            "too few officer-visits (available < needed) in {list}, and the plan names no bureau "
            "that lends officers",
            zh="可用人次少于所需人次：{list}；方案未指定借调机关",
            list=", ".join(rows), because=tuple(rows),
        )  # fmt: skip


def _people(
    plan: Plan, bureaux: pd.DataFrame, officers: pd.DataFrame, absences: pd.DataFrame
) -> pd.DataFrame:
    visits = dict(zip(bureaux["bureau_id"].tolist(), bureaux["quota"].tolist(), strict=True))
    window = plan.visits.first, plan.visits.last
    people = capacity(visits, officers, absences, window=window, seats=plan.team.seats)
    return people.drop(columns="visits")
