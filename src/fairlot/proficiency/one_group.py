"""Signs that the results of a level are not of one group, so that a consensus says little."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fairlot.proficiency.kde_modes import kde_modes
from fairlot.proficiency.scoring import Ruler
from fairlot.proficiency.subgroups import method_subgroups
from fairlot.proficiency.submitted import Submitted

__all__ = ["ALPHA", "signs"]

ALPHA = 0.01
"""Level of the test between methods: one false alarm in a hundred measurands."""

BANDWIDTH = 0.75
"""In sigma_pt: it shows the groups that matter (ISO 13528:2022 10.3)."""

LEAST = 0.1
"""Share of the results that make a group; an outlier has a hill of its own."""

Told = tuple[str, dict[str, Any]]


def signs(used: Sequence[Submitted], ruler: Ruler) -> Iterator[Told]:
    """Yield methods that differ, more modes than one, and an assigned value that nobody found."""
    numbers = [row for row in used if row.form == "number"]
    x = np.array([row.x for row in numbers], dtype=float)
    yield from _methods(x, [row.method for row in numbers])
    width = BANDWIDTH * float(ruler.sigma_pt or 0)
    if x.size > 1 and width > 0:
        yield from _modes(x, width)
        if ruler.terms.value.consensus and np.abs(x - float(ruler.value.x_pt)).min() > width:
            yield "gap", {"h": f"{width:.3g}"}


def _methods(x: Any, methods: Sequence[str]) -> Iterator[Told]:
    times = Counter(filter(None, methods))
    named = [i for i, method in enumerate(methods) if times[method] > 1]
    if len({methods[i] for i in named}) > 1:
        found = method_subgroups(x[named], [methods[i] for i in named])
        if found.p_ranks < ALPHA:
            parts = zip(found.labels, found.medians, found.sizes, strict=True)
            each = "; ".join(f"{name} {median:.4g} (n = {n})" for name, median, n in parts)
            yield "methods", {"p": f"{found.p_ranks:.1g}", "alpha": ALPHA, "each": each}


def _modes(x: Any, width: float) -> Iterator[Told]:
    found = kde_modes(x, h=width)
    hills = [f"{mode:.4g}" for mode, share in zip(found.modes, found.shares, strict=True)
             if share >= LEAST]  # fmt: skip
    if len(hills) > 1:
        yield "modes", {"n": len(hills), "each": ", ".join(hills), "h": f"{width:.3g}"}
