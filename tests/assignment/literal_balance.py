"""Slow literal truths about balanced chances: the optimum, and conditions that only it meets."""

import numpy as np
from scipy.optimize import minimize

from fairlot.assignment.network import WHOLE, Network


def network(rows, quota, most, *, least=None, parent=None, tied=(), full=None):
    """A network from rows of officers; ``tied`` lists the edges of each bundle."""
    edges, nodes = sum(map(len, rows)), len(most)
    bundle = np.full(edges, -1, np.int32)
    for b, members in enumerate(tied):
        bundle[list(members)] = b
    return Network(
        ptr=np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
        idx=np.concatenate([*rows, []]).astype(np.int32),
        quota=np.array(quota, np.int64),
        bundle=bundle,
        bundle_ptr=np.concatenate([[0], np.cumsum([len(m) for m in tied])]).astype(np.int64),
        bundle_edge=np.array([e for m in tied for e in m], np.int64),
        full=np.zeros(len(tied), np.bool_) if full is None else np.array(full, np.bool_),
        least=np.zeros(nodes, np.int64) if least is None else np.array(least, np.int64),
        most=np.array(most, np.int64),
        parent=np.full(nodes, -1, np.int32) if parent is None else np.array(parent, np.int32),
    )


def tables(net):
    """Which edges make up each seat, each bundle and each node: 0/1 matrices."""
    edges = net.idx.size
    seat = np.repeat(np.arange(net.quota.size), np.diff(net.ptr))
    nodes = np.zeros((net.parent.size, edges), np.int64)
    for e, node in enumerate(net.idx):
        while node >= 0:
            nodes[node, e] = 1
            node = net.parent[node]
    seats = (seat == np.arange(net.quota.size)[:, None]).astype(np.int64)
    bundles = (net.bundle == np.arange(net.full.size)[:, None]).astype(np.int64)
    return seats, bundles, nodes


def kkt_miss(net, low, high, balanced):
    """By how much ``balanced`` misses the conditions that only the optimum meets, one by one."""
    seats, bundles, nodes = tables(net)
    x, v = balanced.x, balanced.v
    y = (balanced.u @ seats) * np.prod(np.where(nodes > 0, v[:, None], 1.0), axis=0)
    together = np.where(net.bundle >= 0, (bundles.T @ (bundles @ y)), y)
    full = bundles.T @ net.full > 0
    load, least, most = nodes @ x, low / WHOLE, high / WHOLE
    two = least < most  # where they are one number, the multiplier may have any sign
    return max(
        np.abs(x - y / np.where(full, together, np.maximum(together, 1.0))).max(initial=0),
        np.abs(seats @ x - net.quota).max(initial=0),
        (bundles @ x - 1).max(initial=0),
        np.abs(bundles[net.full] @ x - 1).max(initial=0),
        (load - most).max(initial=0),
        (least - load).max(initial=0),
        np.minimum(1 - v, most - load)[two & (v < 1)].max(initial=0),
        np.minimum(v - 1, load - least)[two & (v > 1)].max(initial=0),
    )


def optimum(net, low, high):
    """The chances of greatest entropy by a general solver, to some 1e-7, from the dual problem.

    One multiplier for every limit: x = exp(-1 - A' multiplier).
    """
    seats, bundles, nodes = tables(net)
    equal = np.vstack([seats, bundles[net.full]])
    above = np.vstack([bundles, nodes, -nodes, np.eye(net.idx.size)])
    table = np.vstack([equal, above])
    ones, edges = np.ones(net.full.size), np.ones(net.idx.size)
    right = np.concatenate([net.quota, ones[net.full], ones, high / WHOLE, -low / WHOLE, edges])

    def dual(multiplier):
        x = np.exp(-1 - multiplier @ table)
        return x.sum() + multiplier @ right, right - table @ x

    found = minimize(
        dual,
        np.zeros(len(table)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None)] * len(equal) + [(0, None)] * len(above),
        options={"ftol": 0, "gtol": 1e-9, "maxiter": 20_000, "maxfun": 50_000, "maxcor": 50},
    )
    return np.exp(-1 - found.x @ table)
