"""名录库: the sites, officers, experts, conflicts, absences, items and history of a draw.

A register is read from a file or a frame, cleaned, and told about: every repair, warning and error
has its row, and a register with an error is refused with all of them at once.
"""

from fairlot.registers.bundle import Registers, example, gather, kind_of
from fairlot.registers.cleaning import SECTORS
from fairlot.registers.columns import KINDS, REGISTERS, Column, key
from fairlot.registers.compare import RosterComparison, compare_roster
from fairlot.registers.problems import Problem
from fairlot.registers.register import Register, empty, inspect, read

__all__ = [
    "KINDS",
    "REGISTERS",
    "SECTORS",
    "Column",
    "Problem",
    "Register",
    "Registers",
    "RosterComparison",
    "compare_roster",
    "empty",
    "example",
    "gather",
    "inspect",
    "key",
    "kind_of",
    "read",
]
