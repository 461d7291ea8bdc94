"""Who takes part in a round of proficiency testing, and in what."""

from dataclasses import replace
from typing import Any

from fairlot.registers.problems import refuse
from fairlot.registers.reading import name_of
from fairlot.registers.register import Register, read_columns
from fairlot.registers.results import COLUMNS, LAB, NAME

__all__ = ["read_participants"]

_MEASURAND = next(column for column in COLUMNS if column.name == "measurand")
_COLUMNS = (LAB, NAME, replace(_MEASURAND, required=False))


def read_participants(source: Any) -> Register:
    """Return the list of participants in ``source``, or refuse it with every error at once.

    source  path or frame as of the results; a column of laboratories, and if wanted their names and
            the measurand that each takes part in, a row for each; blank stands for all of them

    >>> import pandas as pd
    >>> table = pd.DataFrame({"实验室编号": ["L1", "L2"], "检测参数": ["", "铅"]})
    >>> read_participants(table).frame.values.tolist()
    [['L1', '', ''], ['L2', '', '铅']]
    """
    frame, rows, problems = read_columns(source, _COLUMNS)
    refuse(problems)
    return Register("participants", frame, problems, name_of(source), rows)
