"""Sums and steps by + - * / in a fixed order: alike in every interpreter."""

from fairlot._base.arrays import Floats
from fairlot._kernels import kernel, piece

__all__ = ["dot", "grown"]


@kernel
def dot(one: Floats, other: Floats) -> float:
    """Return the sum of the products, from left to right."""
    total = 0.0
    for i in range(one.size):
        total += one[i] * other[i]
    return total


@piece
def grown(amount: float, log: float) -> float:
    """Return about ``amount * exp(log)`` for -32 < log < 32, and exactly for log = 0."""
    ratio = (64.0 + log) / (64.0 - log)  # exp(log / 32), but for its third power and beyond
    for _ in range(5):
        ratio *= ratio
    return amount * ratio
