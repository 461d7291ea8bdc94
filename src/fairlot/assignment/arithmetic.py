"""Sums and steps by + - * / in a fixed order: alike in every interpreter."""

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._kernels import kernel, piece

__all__ = ["dot", "eliminate", "grown", "solve"]

FLAT = 1e-13
"""A pivot below this share of its diagonal is 0: factors tied by full bundles have no scale."""


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


@kernel
def eliminate(matrix: Floats) -> None:
    """Eliminate a symmetric matrix in place; a direction without curvature is left out."""
    diagonal = np.empty(matrix.shape[0])
    for p in range(diagonal.size):
        diagonal[p] = matrix[p, p]
    for p in range(diagonal.size):
        if matrix[p, p] <= FLAT * diagonal[p]:
            matrix[p:, p] = 0.0
            continue
        for i in range(p + 1, matrix.shape[0]):
            by = matrix[i, p] / matrix[p, p]
            for j in range(p + 1, matrix.shape[0]):
                matrix[i, j] -= by * matrix[p, j]
            matrix[i, p] = by


@kernel
def solve(matrix: Floats, right: Floats) -> None:
    """Solve with an eliminated matrix, in place; 0 in the directions left out."""
    for p in range(right.size):
        for i in range(p + 1, right.size):
            right[i] -= matrix[i, p] * right[p]
    for p in range(right.size - 1, -1, -1):
        for j in range(p + 1, right.size):
            right[p] -= matrix[p, j] * right[j]
        right[p] = right[p] / matrix[p, p] if matrix[p, p] > 0.0 else 0.0
