"""The least number of results or laboratories that a method can work with."""

from collections.abc import Hashable

import numpy as np

from fairlot._base.arrays import Ints
from fairlot._base.errors import InvalidInput

__all__ = ["LABORATORIES", "enough"]

RESULTS = ("results", "结果")
LABORATORIES = ("laboratories", "实验室")


def enough(
    method: str, p: Ints, labels: tuple[Hashable, ...], least: int, of: tuple[str, str] = RESULTS
) -> None:
    """Refuse the first measurand with fewer than ``least``."""
    if p.min() < least:
        i = int(np.argmax(p < least))
        raise InvalidInput(
            "{label} has {got} {of}; {method} wants at least {least}",
            zh="{label} 的{of_zh}只有 {got} 个，{method} 至少需要 {least} 个",
            label=labels[i],
            got=int(p[i]),
            method=method,
            least=least,
            of=of[0],
            of_zh=of[1],
        )
