"""The decorator of every compiled loop.

``cache`` keeps the machine code between runs, ``nogil`` lets threads run side by side. Never
``fastmath``: a public draw must come out the same in every interpreter. Kernels use whole numbers
typed by hand (``uint64 + int64`` becomes a float in Numba) or + - * / and comparison only.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba

__all__ = ["kernel"]

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile ``function`` on first use and keep the result for the next process."""
    compiled: Any = numba.njit(cache=True, nogil=True)
    return compiled(function)  # type: ignore[no-any-return]
