"""The robust estimators written out from their formulas, in extended precision, one result a time.

Nothing here is shared with what it checks: no window, no leap, no sum kept.
"""

from fractions import Fraction

import numpy as np

K = 1.5
LONG = np.longdouble


def median(x):
    ordered = sorted(x)
    return (ordered[(len(x) - 1) // 2] + ordered[len(x) // 2]) / 2


def median_deviation(x):
    """Exact: the results as fractions, so that 0.1 is what the double is."""
    exact = [Fraction(value) for value in x]
    centre = median(exact)
    return centre, median([abs(value - centre) for value in exact])


def interquartile_range(x, rule):
    """Hyndman and Fan's types 6 and 7, as their table prints them: m = p or 1 - p."""
    ordered = sorted(Fraction(value) for value in x)
    return _quantile(ordered, Fraction(3, 4), rule) - _quantile(ordered, Fraction(1, 4), rule)


def _quantile(ordered, share, rule):
    place = len(ordered) * share + {"type6": share, "type7": 1 - share}[rule]
    j, g = int(place), place - int(place)
    low, high = (ordered[min(max(k, 1), len(ordered)) - 1] for k in (j, j + 1))
    return (1 - g) * low + g * high


def mean_and_squares(x):
    exact = [Fraction(value) for value in x]
    mean = sum(exact) / len(exact)
    return mean, sum((value - mean) ** 2 for value in exact)


def algorithm_a(x, factor, *, steps=1_000_000):
    """ISO 13528 C.3.1 to the letter, but on and on until nothing moves any more.

    Returns x_star - median, s_star and whether it came to rest (a scale that sinks to 0 does not).
    """
    origin = LONG(float(median(x)))  # the median itself where it is a double
    y = np.asarray(x, LONG) - origin
    t, s = _start(y)
    before = (np.inf, np.inf)
    for _ in range(steps):
        t_new, s_new = _step(y, t, s, LONG(factor))
        moved = max(abs(t_new - t), abs(s_new - s))
        t, s = t_new, s_new
        if moved == 0 or (moved <= 1e-17 * s and moved >= before[0]):
            return origin, t, s, True
        before = (moved, before[0])
        if s < 1e-12 * abs(y).max():
            return origin, t, s, False
    return origin, t, s, False


def _start(y):
    t = median(y)
    s = LONG(1.483) * median(abs(y - t))
    return t, s if s > 0 else np.sqrt(((y - y.mean()) ** 2).sum() / max(y.size - 1, 1))


def _step(y, t, s, factor):
    clipped = np.clip(y, t - K * s, t + K * s)
    mean = clipped.mean()
    return mean, factor * np.sqrt(((clipped - mean) ** 2).sum() / max(y.size - 1, 1))


def printed_algorithm_a(x):
    """The printed stopping rule with Python's own decimal formatting of doubles."""
    y = np.asarray(x, float)
    t, s = np.median(y), 1.483 * np.median(abs(y - np.median(y)))
    s = s if s > 0 else y.std(ddof=1)
    seen, steps = None, 0
    while True:
        clipped = np.clip(y, t - K * s, t + K * s)
        t, s, steps = clipped.mean(), 1.134 * clipped.std(ddof=1), steps + 1
        figures = f"{t:.2e} {s:.2e}"
        if figures == seen:
            return t, s, steps
        seen = figures


def pull(x, t, s, k=K):
    """Huber's estimating function: the sum of the clipped deviations, exact."""
    t, reach = Fraction(t), Fraction(k) * Fraction(s)
    return sum(min(max(Fraction(value) - t, -reach), reach) for value in x)


def algorithm_s(w, eta, xi, *, steps=1_000_000):
    """ISO 13528 C.4 to the letter, begun at the largest so that it never begins at 0."""
    w = np.asarray(w, LONG)
    found = w.max()
    for _ in range(steps):
        new = LONG(xi) * np.sqrt((np.minimum(w, LONG(eta) * found) ** 2).mean())
        if new >= found or new < 1e-15 * w.max():
            return new
        found = new
    raise AssertionError("does not come to rest")
