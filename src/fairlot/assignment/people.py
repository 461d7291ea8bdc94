"""Officers and experts side by side, ids ascending: what seats ask of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.arrays import Flags, Ints
from fairlot.assignment.presence import Presence, Window, presence
from fairlot.assignment.team_rules import Limit

__all__ = ["People", "numbered", "people_of"]

UNSAID: dict[str, Any] = {"department": "", "seniority": 0, "min_tasks": 0, "station_id": ""}
"""Columns an officers' table may leave out, with what every row then holds."""


@dataclass(frozen=True, eq=False)
class People:
    """Everybody who may be drawn into a team; experts hold no office and no licence.

    frame   one row a person: id, expert, bureau_id, station_id, department, seniority, skills,
            employer_uscc, max_tasks, min_tasks
    there   what keeps a person at home
    """

    frame: pd.DataFrame
    there: Presence

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every id, ascending: a person's position is their number."""
        return tuple(self.frame["id"])

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of every id."""
        return numbered(self.ids)

    @cached_property
    def expert(self) -> Flags:
        """Who is an expert, and so no officer."""
        flags: Flags = self.frame["expert"].to_numpy(dtype=np.bool_)
        return flags

    @cached_property
    def able(self) -> Flags:
        """Whom nothing keeps at home."""
        flags: Flags = self.there.active & self.there.licensed & self.there.present
        return flags

    def where(self, column: str, value: str) -> Flags:
        """Say who has ``value`` in ``column``."""
        flags: Flags = self.frame[column].to_numpy(dtype=object) == value
        return flags

    def whole(self, column: str) -> Ints:
        """Return a column of whole numbers."""
        return self.frame[column].to_numpy(dtype=np.int64)

    def within(self, limit: Limit) -> list[int]:
        """Return the officers whom ``limit`` holds for."""
        asked = {"bureau_id": limit.bureau, "department": limit.department}
        flags = ~self.expert
        for column, value in asked.items():
            flags &= self.where(column, value) if value else True
        return [int(number) for number in np.flatnonzero(flags)]

    @property
    def least(self) -> Ints:
        """Fewest visits; nothing is asked of those who must stay at home."""
        return np.where(self.able, self.whole("min_tasks"), 0)


def people_of(
    officers: pd.DataFrame,
    absences: pd.DataFrame,
    experts: pd.DataFrame | None,
    window: Window,
    expert_cap: int,
) -> People:
    """Return the officers, and the experts where there is a seat for one."""
    officers = officers.assign(**{k: v for k, v in UNSAID.items() if k not in officers})
    there = presence(officers, absences, window)
    rows = officers.assign(id=officers["officer_id"], expert=False, employer_uscc="")
    if experts is not None:
        rows = pd.concat([rows, _experts(experts, expert_cap)], ignore_index=True)
        there = Presence(*(_and_all(flags, len(experts)) for flags in there))
    order = np.argsort(rows["id"].to_numpy(dtype=object), kind="stable")
    columns = ["id", "expert", "employer_uscc", "bureau_id", "skills", "max_tasks", *UNSAID]
    return People(rows[columns].iloc[order], Presence(*(flags[order] for flags in there)))


def numbered(names: Sequence[str]) -> dict[str, int]:
    """Return the place of every name."""
    return {name: number for number, name in enumerate(names)}


def _experts(experts: pd.DataFrame, cap: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": experts["expert_id"], "expert": True, "employer_uscc": experts["employer_uscc"],
            "skills": experts["skills"], "bureau_id": "", "max_tasks": cap, **UNSAID,
        }
    )  # fmt: skip


def _and_all(flags: NDArray[np.bool_], count: int) -> Flags:
    return np.concatenate([flags, np.ones(count, np.bool_)])
