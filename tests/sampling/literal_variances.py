"""Variance estimators as their papers write them: double sums, loops, dense matrices."""

from math import dist

import numpy as np


def deville(y, pi):
    """Tillé (2006), 7.5: c_k (y_k / pi_k - y*_k / pi_k)^2 with y*_k = pi_k sum c y/pi / sum c."""
    c = [(1 - p) / (1 - sum(((1 - q) / sum(1 - pi)) ** 2 for q in pi)) for p in pi]
    fitted = [p * sum(c * y / pi) / sum(c) for p in pi]
    return sum(ck / p**2 * (yk - fk) ** 2 for ck, p, yk, fk in zip(c, pi, y, fitted, strict=True))


def hajek_rosen(y, pi):
    """Rosén (1997)."""
    n = sum(pi < 1)
    centre = sum(yk / p * (1 - p) for yk, p in zip(y, pi, strict=True)) / sum(1 - pi)
    return n / (n - 1) * sum((1 - p) * (yk / p - centre) ** 2 for yk, p in zip(y, pi, strict=True))


def hansen_hurwitz(y, pi):
    """Half the mean squared difference over pairs, n^2 times over n - 1 and so on."""
    n = len(y)
    z = y / pi
    return n / (n * (n - 1)) * sum((z[i] - z[j]) ** 2 for i in range(n) for j in range(i))


def overton(y, pi):
    """Horvitz-Thompson's double sum with Overton's joint probabilities."""
    n = len(y)
    total = 0.0
    for i in range(n):
        for j in range(n):
            both = pi[i] if i == j else 2 * (n - 1) * pi[i] * pi[j] / (2 * n - pi[i] - pi[j])
            total += (both - pi[i] * pi[j]) / both * y[i] / pi[i] * y[j] / pi[j]
    return total


def horvitz_thompson(y, pi, joint):
    units = range(len(y))
    return sum(
        (1 - pi[i] * pi[j] / (pi[i] if i == j else joint[i, j])) * y[i] / pi[i] * y[j] / pi[j]
        for i in units
        for j in units
    )


def sen_yates_grundy(y, pi, joint):
    return sum(
        (pi[i] * pi[j] - joint[i, j]) / joint[i, j] * (y[i] / pi[i] - y[j] / pi[j]) ** 2
        for i in range(len(y))
        for j in range(i)
    )


def successive_differences(y, pi):
    z, n = y / pi, len(y)
    steps = [(1 - (pi[i] + pi[i - 1]) / 2) * (z[i] - z[i - 1]) ** 2 for i in range(1, n)]
    return n / (2 * (n - 1)) * sum(steps)


def local_mean(y, pi, places, size=4):
    """Stevens, Olsen (2003): neighbourhoods made mutual, tapered, doubly stochastic."""
    n = len(y)
    nearest = [
        set(sorted(range(n), key=lambda j: (dist(places[i], places[j]), j))[:size])
        for i in range(n)
    ]
    rows = [[j for j in range(n) if j in nearest[i] or i in nearest[j]] for i in range(n)]
    w = np.zeros((n, n))
    for i, row in enumerate(rows):
        row = sorted(row, key=lambda j: (dist(places[i], places[j]), j))
        taper = [(1 - k / len(row)) / pi[j] for k, j in enumerate(row)]
        w[i, row] = np.array(taper) / sum(taper)
    cells = [(i, j) for i, row in enumerate(rows) for j in row]
    sums = np.zeros((2 * n, len(cells)))
    for k, (i, j) in enumerate(cells):
        sums[i, k] = sums[n + j, k] = 1
    # Rows and columns share one total, so one singular value is 0 but for rounding.
    change = np.linalg.pinv(sums, rcond=1e-10) @ np.concatenate([np.zeros(n), 1 - w.sum(axis=0)])
    for k, cell in enumerate(cells):
        w[cell] += change[k]
    z = y / pi
    return sum(w[i, j] * (z[j] - w[i] @ z) ** 2 for i, j in cells)


def balanced(y, pi, x):
    """Deville, Tillé (2005), with c_k = (1 - pi_k) n / (n - p); x holds pi."""
    n, p = x.shape
    c = (1 - pi) * n / (n - p)
    normal = sum(ck * np.outer(xk, xk) / q**2 for ck, xk, q in zip(c, x, pi, strict=True))
    moment = sum(ck * xk * yk / q**2 for ck, xk, yk, q in zip(c, x, y, pi, strict=True))
    b = np.linalg.solve(normal, moment)
    return sum(ck * (yk - xk @ b) ** 2 / q**2 for ck, xk, yk, q in zip(c, x, y, pi, strict=True))
