"""Compiled loops: the one place that names Numba's options."""

from fairlot._kernels.compile import kernel, piece

__all__ = ["kernel", "piece"]
