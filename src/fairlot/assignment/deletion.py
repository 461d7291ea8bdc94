"""From many things that fail together to few: none of the rest can be left out."""

from collections.abc import Callable

import numpy as np

from fairlot._base.arrays import Ints

__all__ = ["minimal"]


def minimal(items: Ints, fails: Callable[[Ints], bool]) -> Ints:
    """Return some of ``items`` that still fail together, but not without any one of them.

    ``items`` fail together, nothing at all does not, and what contains a failing set fails too.
    What stands first is left out first. About ``2 k log2(n / k)`` calls of ``fails`` for k of n items: halves are tried
    before single items (Junker 2004, QuickXplain, AAAI-04, 167-172).

    >>> minimal(np.arange(100), lambda some: {17, 4} <= set(some.tolist()))
    array([ 4, 17])
    """
    return np.sort(_among(items, items[:0], fails))


def _among(items: Ints, kept: Ints, fails: Callable[[Ints], bool]) -> Ints:
    """Return those of ``items`` that are needed beside ``kept``, which do not fail alone."""
    if items.size == 1:
        return items
    first, last = items[: items.size // 2], items[items.size // 2 :]
    beside = np.concatenate([kept, last])
    early = items[:0] if fails(beside) else _among(first, beside, fails)
    beside = np.concatenate([kept, early])
    late = items[:0] if early.size and fails(beside) else _among(last, beside, fails)
    return np.concatenate([early, late])
