"""nested_pivotal/1 sentence by sentence from its text, with Python's integers; slow on purpose."""

D = 2**40


def draw(numerators, bureau, sector, credit, words):
    """Return the drawn positions.

    words  five lists of whole numbers; one that is callable tells whether it is below p / q
    """
    order_1, duel_1, order_2, duel_2, rounding = words
    amount = list(numerators)
    everyone = range(len(amount))
    cell = [(bureau[i], sector[i], credit[i]) for i in everyone]
    pair = [(bureau[i], sector[i]) for i in everyone]
    # Here i and its speaker are one until somebody else holds for it.
    units = {i: i for i in everyone if 0 < amount[i] < D}
    cells = duels(units, cell, amount, order_1, duel_1)
    pairs = duels(cells, pair, amount, order_2, duel_2)
    speakers = sorted(pairs, key=lambda i: (order_2[i], i))
    for block in connected(speakers, pair):
        round_block(block, pairs, pair, amount, rounding)
    return [i for i in everyone if amount[i] == D]


def happens(word, p, q):
    return word(p, q) if callable(word) else word * q < p * 2**64


def duels(holders, group, amount, order, duel):
    """From who holds for each speaker to who holds for each group's speaker."""
    last = {}
    for name in {group[i]: None for i in holders}:
        speakers = sorted((i for i in holders if group[i] == name), key=lambda i: (order[i], i))
        holder = None
        for speaker in speakers:
            new = holders[speaker]
            holder = new if holder is None else meet(holder, new, amount, duel[speaker])
        if holder is not None:
            last[speakers[0]] = holder
    return last


def meet(a, b, amount, word):
    """Return who of a and b is undecided, or None."""
    x, y = amount[a], amount[b]
    if x + y <= D:
        winner, loser = (a, b) if happens(word, x, x + y) else (b, a)
        amount[winner], amount[loser] = x + y, 0
        return winner if x + y < D else None
    drawn, other = (a, b) if happens(word, D - y, 2 * D - x - y) else (b, a)
    amount[drawn], amount[other] = D, x + y - D
    return other


def connected(units, pair):
    """Return lists of units, in their order, linked by common bureaux or sectors."""
    blocks = []
    for i in units:
        touched = [b for b in blocks if any(shares(pair[i], pair[j]) for j in b)]
        blocks = [b for b in blocks if b not in touched] + [[*(j for b in touched for j in b), i]]
    return [sorted(block, key=units.index) for block in blocks]


def shares(one, other):
    return one[0] == other[0] or one[1] == other[1]


def round_block(block, holders, pair, amount, rounding):
    edges = [(("bureau", pair[i][0]), ("sector", pair[i][1])) for i in block]
    value = [amount[holders[i]] for i in block]
    for column in dict.fromkeys(column for _, column in edges):
        total = sum(x for (_, c), x in zip(edges, value, strict=True) if c == column)
        if total % D:
            edges.append(("slack", column))
            value.append(-total % D)
    turns = iter(rounding[i] for i in block)
    path = []
    nodes = []
    while any(0 < x < D for x in value):
        here = nodes[-1] if nodes else edges[next(e for e, x in enumerate(value) if 0 < x < D)][0]
        nodes = nodes or [here]
        step = next(
            e
            for e, ends in enumerate(edges)
            if here in ends and 0 < value[e] < D and path[-1:] != [e]
        )
        there = edges[step][1] if edges[step][0] == here else edges[step][0]
        path.append(step)
        if there not in nodes:
            nodes.append(there)
            continue
        rotate(path[nodes.index(there) :], value, next(turns))
        keep = next(k for k, e in enumerate(path) if not 0 < value[e] < D)
        path, nodes = path[:keep], nodes[: keep + 1] if keep else []
    for i, x in zip(block, value, strict=False):
        amount[holders[i]] = x


def rotate(cycle, value, word):
    rising, falling = cycle[0::2], cycle[1::2]
    up = min([D - value[e] for e in rising] + [value[e] for e in falling])
    down = min([value[e] for e in rising] + [D - value[e] for e in falling])
    change = up if happens(word, down, up + down) else -down
    for e in rising:
        value[e] += change
    for e in falling:
        value[e] -= change
