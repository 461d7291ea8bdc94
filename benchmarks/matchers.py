"""Times one rival on an instance: PYTHON matchers.py RIVAL INSTANCE.npz.

RIVAL is ``flow`` (OR-tools' min-cost flow: any cheapest assignment, no fairness) or ``lp`` (the
randomised assignment of Jecmen and others as a linear programme with HiGHS through SciPy). INSTANCE
holds ptr, idx, cap and quota. Prints seconds of CPU, made ready and solved, or the error. It is run
by benchmarks/assignment.py.
"""

import sys
import time

import numpy as np

BOUND = 0.5  # the most that the LP gives any pair
COSTS = 1000


def flow(ptr: np.ndarray, idx: np.ndarray, cap: np.ndarray, quota: int) -> None:
    from ortools.graph.python import min_cost_flow

    tasks, people = ptr.size - 1, cap.size
    task = np.repeat(np.arange(tasks), np.diff(ptr))
    cost = np.random.default_rng(1).integers(0, COSTS, idx.size)
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(task, tasks + idx, np.ones(idx.size, int), cost)
    sink = np.full(people, tasks + people)
    solver.add_arcs_with_capacity_and_unit_cost(
        tasks + np.arange(people), sink, cap, np.zeros(people, int)
    )
    nodes = np.arange(tasks + people + 1)
    supply = np.concatenate([np.full(tasks, quota), np.zeros(people, int), [-quota * tasks]])
    solver.set_nodes_supplies(nodes, supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"status {status}")


def lp(ptr: np.ndarray, idx: np.ndarray, cap: np.ndarray, quota: int) -> None:
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    tasks, edges = ptr.size - 1, np.arange(idx.size)
    task = np.repeat(np.arange(tasks), np.diff(ptr))
    one = np.ones(idx.size)
    score = np.random.default_rng(1).random(idx.size)
    found = linprog(
        -score,
        A_eq=csr_array((one, (task, edges)), shape=(tasks, idx.size)),
        b_eq=np.full(tasks, quota),
        A_ub=csr_array((one, (idx, edges)), shape=(cap.size, idx.size)),
        b_ub=cap,
        bounds=(0, BOUND),
        method="highs",
    )
    if not found.success:
        raise RuntimeError(found.message)


def main(rival: str, path: str) -> None:
    given = np.load(path)
    began = time.process_time()
    try:
        {"flow": flow, "lp": lp}[rival](
            given["ptr"], given["idx"].astype(np.int64), given["cap"], int(given["quota"])
        )
    except Exception as error:  # whatever a peer refuses with is its answer
        print(f"error: {' '.join(str(error).split())[:80]}")
        return
    print(f"{time.process_time() - began:.6f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
