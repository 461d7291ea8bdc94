"""Who is there to be sent: active, licensed, and not away."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from fairlot._base.arrays import Flags
from fairlot._base.errors import InvalidInput

__all__ = ["Presence", "Window", "checked_window", "presence", "qualified"]

Window = tuple[str, str]
"""First and last day on which a visit may fall, ISO."""


class Presence(NamedTuple):
    """Per officer: in service, licensed to the window's last day, there on one of its days."""

    active: Flags
    licensed: Flags
    present: Flags


def presence(officers: pd.DataFrame, absences: pd.DataFrame, window: Window) -> Presence:
    """Return what keeps each of ``officers`` at home.

    A visit may fall on any day of ``window``, so a licence must last to its end; an officer who
    is away on some days has others to go on.
    """
    _, last = checked_window(window)
    away = _away(absences, window)
    columns = (
        officers["active"],
        [expiry >= last for expiry in officers["license_expiry"]],
        [officer not in away for officer in officers["officer_id"]],
    )
    return Presence(*(np.array([*column], dtype=np.bool_) for column in columns))


def qualified(officers: pd.DataFrame, absences: pd.DataFrame, window: Window) -> Flags:
    """Say of each officer whether nothing keeps them at home."""
    there = presence(officers, absences, window)
    able: Flags = there.active & there.licensed & there.present
    return able


def checked_window(window: Window) -> Window:
    """Return ``window``, or refuse what is no first and last day."""
    try:
        first, last = (date.fromisoformat(day).isoformat() for day in window)
    except ValueError:
        first, last = "", ""
    if (first, last) != tuple(window) or not "" < first <= last:
        raise InvalidInput(
            "window is {got}; want its first and last day, YYYY-MM-DD",
            zh="检查期间为 {got}，应为首日与末日（YYYY-MM-DD）",
            got=window,
        )
    return first, last


def _away(absences: pd.DataFrame, window: Window) -> set[str]:
    """Return who is absent on every day of the window; absences may join end to end."""
    first, last = (date.fromisoformat(day).toordinal() for day in window)
    present: dict[str, int] = {}  # the first day not yet known to be an absence
    for officer, start, end in _spans(absences):
        day = present.get(officer, first)
        if date.fromisoformat(start).toordinal() <= day:
            present[officer] = max(day, date.fromisoformat(end).toordinal() + 1)
    return {officer for officer, day in present.items() if day > last}


def _spans(absences: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    columns = (absences[name] for name in ("officer_id", "absent_from", "absent_to"))
    yield from sorted(zip(*columns, strict=True))
