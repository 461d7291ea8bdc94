"""Compiled loops: the one place that names Numba's options."""

from fairlot._kernels.compile import kernel

__all__ = ["kernel"]
