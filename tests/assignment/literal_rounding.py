"""The lottery as the docstring of ``fairlot.assignment.rounding`` tells it, word by word.

Arcs are (tail, head) pairs of named nodes, values a dict, sums are added up; nothing is quick.
"""

from itertools import islice

LEVELS = 30


def literal_edges(problem, numerator, words):
    """The edges used, ascending; ``words`` is an iterator of whole numbers."""
    task_place = places([next(words) for _ in problem.tasks])
    officer_place = places([next(words) for _ in problem.officers])
    arcs, value, edge = ordered_arcs(problem, numerator, task_place, officer_place)
    for level in range(LEVELS):
        odd = [arc for arc in arcs if value[arc] >> level & 1]
        cycles = list(walked(odd))
        coins = [next(words) for _ in range(-(-len(cycles) // 64))]
        for k, cycle in enumerate(cycles):
            coin = coins[k // 64] >> k % 64 & 1
            for arc, upwards in cycle:
                value[arc] += (1 if upwards == coin else -1) << level
    certain = [e for e, grains in enumerate(numerator) if grains == 1 << LEVELS]
    return sorted(certain + [e for arc, e in edge.items() if value[arc] == 1 << LEVELS])


def places(words):
    order = sorted(range(len(words)), key=lambda k: (words[k], k))
    return {k: place for place, k in enumerate(order)}


def ordered_arcs(problem, numerator, task_place, officer_place):
    """The arcs in order, the value of each, and the edge of those out of seats."""
    rows = {s: problem.row(s).tolist() for s in range(problem.seat_task.size)}
    task = problem.seat_task.tolist()
    seen = [(task[s], o) for s, row in rows.items() for o in row]
    bundled = {pair for pair in seen if seen.count(pair) > 1}
    value, edge = {}, {}
    for s in sorted(rows, key=lambda s: (task_place[task[s]], s)):
        for o in sorted(rows[s], key=officer_place.get):
            e = int(problem.ptr[s]) + rows[s].index(o)
            if 0 < numerator[e] < 1 << LEVELS:
                head = ("bundle", task[s], o) if (task[s], o) in bundled else ("officer", o)
                value[("seat", s), head] = int(numerator[e])
                edge[("seat", s), head] = e
    nodes = list(dict.fromkeys(head for _, head in value if head[0] == "bundle"))
    nodes += [("officer", o) for o in sorted(officer_place, key=officer_place.get)]
    nodes += [("group", g) for g in range(len(problem.groups))]
    for node in nodes:
        inflow = sum(grains for (_, head), grains in value.items() if head == node)
        value[node, above(problem, node)] = inflow
    return list(value), value, edge


def above(problem, node):
    kind, *which = node
    if kind == "bundle":
        return ("officer", which[1])
    inside = {which[0]} if kind == "officer" else set(problem.groups[which[0]].officers)
    later = 0 if kind == "officer" else which[0] + 1
    for g, group in islice(enumerate(problem.groups), later, None):
        if inside <= set(group.officers):
            return ("group", g)
    return ("top",)


def walked(odd):
    """Yield the cycles of the odd arcs, each a list of (arc, whether walked upwards)."""
    left = list(odd)
    while left:
        first = left[0]
        arc, node, path = first, first[0], []
        while True:
            path.append((arc, node))
            left.remove(arc)
            tail, head = arc
            node = head if node == tail else tail
            stood = [before for _, before in path]
            if node in stood:
                again = stood.index(node)
                yield [(a, before == a[0]) for a, before in path[again:]]
                del path[again:]
            if node[0] == "seat":
                at_seat = [a for a in odd if a[0] == node]
                arc = at_seat[at_seat.index(arc) ^ 1]
                if arc == first:
                    break
            else:
                into = [a for a in left if a[1] == node]
                arc = into[0] if into else next(a for a in left if a[0] == node)
