"""Leximin expected loads by one linear programme after another, straight from the definition."""

import numpy as np
from scipy.optimize import linprog

SAME = 1e-8


def leximin_loads(network):
    """The loads (officers,): the least as large as can be, then the next, and so on."""
    least, most = network.least.astype(float), network.most.astype(float)
    open_ = np.ones(most.size, bool)
    while open_.any():
        level = _solved(network, least, most, aim=None, rising=open_)
        floor = np.where(open_, np.maximum(least, level - SAME), least)
        for o in np.flatnonzero(open_):
            if _solved(network, floor, most, aim=network.idx == o) < level + 1e-5:
                least[o], most[o], open_[o] = level - SAME, level + SAME, False
    return (least + most) / 2


def _solved(network, least, most, *, aim, rising=None):
    """The greatest sum of the variables ``aim``: edges, or a level that ``rising`` loads reach."""
    edges, officers = network.idx.size, range(most.size)
    seat = np.repeat(np.arange(network.quota.size), np.diff(network.ptr))
    load = np.array([_row(edges, network.idx == o) for o in officers])
    reach = -load[rising] if rising is not None else load[:0]
    reach[:, -1] = 1
    held = [_row(edges, network.bundle == b) for b in range(network.full.size)]
    full = [row for row, sure in zip(held, network.full, strict=True) if sure]
    found = linprog(
        -_row(edges, aim),
        A_ub=np.array([*load, *-load, *reach, *held]),
        b_ub=[*most, *-least, *np.zeros(len(reach)), *np.ones(len(held))],
        A_eq=np.array([*(_row(edges, seat == s) for s in range(network.quota.size)), *full]),
        b_eq=[*network.quota, *np.ones(len(full))],
        bounds=[(0, 1)] * edges + [(0, None)],
    )
    assert found.status == 0, found.message
    return -found.fun


def _row(edges, ones):
    """Coefficients: 1 of the edges flagged, or of the level."""
    row = np.zeros(edges + 1)
    row[-1 if ones is None else np.flatnonzero(ones)] = 1
    return row
