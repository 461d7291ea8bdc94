"""The decorators of every compiled loop, and of its pieces.

``cache`` keeps the machine code between runs, ``nogil`` lets threads run side by side. Never
``fastmath``: a public draw must come out the same in every interpreter. Kernels use whole numbers
typed by hand (``uint64 + int64`` becomes a float in Numba) or + - * / and comparison only.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core.registry import CPUDispatcher

__all__ = ["kernel", "piece"]

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile ``function`` on first use and keep the result for the next process."""
    compiled: Any = numba.njit(cache=True, nogil=True)
    return compiled(function)  # type: ignore[no-any-return]


def piece(function: F) -> F:
    """Compile ``function`` into the kernels that call it.

    A call between compiled functions costs some 20 ns and 5 for every array handed over; a loop
    that takes a step of 50 ns for each unit would spend most of its time on them. For inner steps
    that are called once or twice, since each call is a copy. Division follows NumPy (x / 0 is
    infinite), as a way out to an exception would forbid merging: a piece divides only by what
    cannot be 0. Python, which calls kernels, finds a piece as plain as it is written.
    """
    config: Any = numba.config
    if config.DISABLE_JIT:
        return function
    return _Piece(py_func=function, targetoptions=PIECE)  # type: ignore[return-value]


PIECE = {
    "nopython": True, "nogil": True, "boundscheck": None, "error_model": "numpy",
    "forceinline": True, "no_cfunc_wrapper": True, "no_cpython_wrapper": True,
}  # fmt: skip


class _Piece(CPUDispatcher):
    """No way in from Python is compiled: to unpack its arguments takes longer than the rest."""

    def __call__(self, *given: Any) -> Any:
        return self.py_func(*given)

    def compile(self, kinds: Any) -> Any:
        # A constant has a type of its own: left(x, 7) and left(x, 19) would be compiled apart.
        return super().compile(tuple(map(numba.types.unliteral, kinds)))
