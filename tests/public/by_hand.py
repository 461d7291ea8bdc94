"""docs/public-draw-v1.md and its parts once more, from the text alone: hashlib and plain Python."""

import hmac
import json
from base64 import b32encode
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import combinations, product
from typing import Any

D, G = 1 << 40, 1 << 30
Rows = list[dict[str, Any]]


def h(data: bytes) -> bytes:
    return sha256(data).digest()


def mac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, sha256).digest()


def jcs(value: Any) -> bytes:
    """Keys here are ASCII, so their order is that of Python's."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def expand(seed: bytes, label: str, length: int) -> bytes:
    info, out, last = b"fairlot.draw/v1 " + label.encode(), b"", b""
    for counter in range(1, -(-length // 32) + 1):
        last = mac(seed, last + info + bytes([counter]))
        out += last
    return out[:length]


def words(key: bytes, leaf: bytes = b"") -> Iterator[int]:
    """Yield the words of a ticket of a leaf; without one, those of the stream."""
    block = 0
    while True:
        number = block.to_bytes(8, "big") if block or not leaf else b""
        digest = h(key + number + leaf)
        yield from (int.from_bytes(digest[i : i + 8], "big") for i in range(0, 32, 8))
        block += 1


def first(count: int, source: Iterator[int]) -> list[int]:
    return [next(source) for _ in range(count)]


def below(word: int, top: int, bottom: int) -> bool:
    return word * bottom >> 64 < top


def pseudonym(secret: bytes, kind: str, name: str) -> tuple[str, str]:
    salt = mac(secret, framed(b"fairlot.draw/v1 salt", kind.encode(), name.encode()))[:16]
    digest = h(framed(b"fairlot.draw/v1 name", kind.encode(), salt, name.encode()))
    return salt.hex(), b32encode(digest).decode()[:32]


def fields(row: dict[str, Any], columns: Sequence[str], key: bytes, i: int) -> list[bytes]:
    """Section 4, 1 to 3."""
    row_key, digests = h(key + i.to_bytes(8, "big")), []
    for j, column in enumerate(columns):
        block = h(row_key + (j // 2).to_bytes(4, "big"))
        salt = block[16:] if j % 2 else block[:16]
        digests.append(h(salt + jcs([column, row[column]])))
    return digests


def private(digests: list[bytes]) -> bytes:
    return h(jcs([digest.hex() for digest in digests]))


def leaf(digests: list[bytes]) -> bytes:
    return h(b"\x00" + jcs([digest.hex() for digest in digests]))


def root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else h(b"")
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return h(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def numerators(plan: dict[str, Any], standings: Rows) -> list[int]:
    """Selection, 2 and 3, of one bureau without bounds: those taken whole, and the weighted."""
    certain = [row["rule"] in ("key", "listed") for row in standings]
    share = Fraction(plan["ratio"]["bureau_floor"]) * len(standings)
    n = max(-(-share.numerator // share.denominator), sum(certain)) - sum(certain)
    weights = [0 if sure else Fraction(row["weight"])
               for row, sure in zip(standings, certain, strict=True)]  # fmt: skip
    exact = [n * weight / sum(weights) * D for weight in weights]
    assert max(exact) < D
    cut = [int(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda i: (cut[i] - exact[i], i))
    for i in order[: n * D - sum(cut)]:
        cut[i] += 1
    return [D if sure else a for sure, a in zip(certain, cut, strict=True)]


Item = tuple[int, int, int]
"""Speaker, holder, amount."""


def duel(items: list[Item], order: list[int], word: list[int], drawn: set[int]) -> list[Item]:
    """Selection, 4: the items of one group; who is drawn is added, what is left over returned."""
    items = sorted(items, key=lambda item: (order[item[0]], item[0]))
    holder, held = -1, 0
    for speaker, new, amount in items:
        if held + amount < D:
            stays = below(word[speaker], held, held + amount)
            holder, held = (holder if stays else new), held + amount
        else:
            wins = below(word[speaker], D - amount, 2 * D - held - amount)
            drawn.add(holder if wins else new)
            holder, held = (new if wins else holder), held + amount - D
    return [(items[0][0], holder, held)] if held else []


def select(standings: Rows, amounts: list[int], tickets: list[list[int]]) -> list[int]:
    """Selection, 4, of one bureau."""
    order_1, duel_1, order_2, duel_2, rounding = (
        list(column) for column in zip(*tickets, strict=True)
    )
    drawn = {i for i, a in enumerate(amounts) if a == D}
    open_ = [i for i, a in enumerate(amounts) if 0 < a < D]
    edges: list[Item] = []
    for sector in {standings[i]["sector"] for i in open_}:
        cells: list[Item] = []
        for cell in {standings[i]["class"] for i in open_}:
            here = [(i, i, amounts[i]) for i in open_
                    if (standings[i]["sector"], standings[i]["class"]) == (sector, cell)]  # fmt: skip
            cells += duel(here, order_1, duel_1, drawn) if here else []
        edges += duel(cells, order_2, duel_2, drawn) if cells else []
    edges.sort(key=lambda edge: (order_2[edge[0]], edge[0]))
    kept = cycled([edge[2] for edge in edges], [rounding[edge[0]] for edge in edges])
    return sorted(drawn | {edge[1] for edge, value in zip(edges, kept, strict=True) if value == D})


def cycled(values: list[int], word: list[int]) -> list[int]:
    """Selection, 4, level 3, of one bureau: every cycle is two edges and their two slack edges."""
    rotation = 0
    while any(0 < x < D for x in values):
        i, j = [k for k, x in enumerate(values) if 0 < x < D][:2]
        up = min(D - values[i], values[j], D - (D - values[j]), D - values[i])
        down = min(values[i], D - values[j], D - values[j], values[i])
        change = up if below(word[rotation], down, up + down) else -down
        values[i], values[j], rotation = values[i] + change, values[j] - change, rotation + 1
    return values


def rows_of(sites: Rows, officers: Rows, conflicts: Rows, plan: dict[str, Any]) -> list[list[int]]:
    """Teams, 1, where every seat is an officer's and nobody is absent throughout."""
    first_day, last_day = plan["visits"]["first"], plan["visits"]["last"]
    barred = {(row["target"], row["person_id"]) for row in conflicts
              if row["valid_from"] <= last_day and (row["valid_to"] or "9") >= first_day}  # fmt: skip
    return [
        [p for p, who in enumerate(officers)
         if who["active"] and who["license_expiry"] >= last_day
         and who["bureau_id"] == site["bureau_id"] and (site["site_id"], who["officer_id"]) not in barred
         and (not site["station_id"] or who["station_id"] != site["station_id"])]
        for site in sites
    ]  # fmt: skip


def assignments(rows: list[list[int]], quota: int, caps: list[int]) -> list[tuple[Any, ...]]:
    """Return every assignment: a team for every site."""
    every = product(*(combinations(row, quota) for row in rows))
    return [teams for teams in every
            if all(sum(p in team for team in teams) <= cap for p, cap in enumerate(caps))]  # fmt: skip


def lottery(
    edges: dict[tuple[int, int], int], tasks: int, people: int, coins: Iterator[int]
) -> None:
    """Teams, 10, without bundles and groups: in place, from chances in grains to 0 or 1."""
    by_task, by_person = (
        [at for _, at in sorted(zip(first(n, coins), range(n), strict=True))]
        for n in (tasks, people)
    )
    arcs = [(t, p) for t in by_task for p in by_person if 0 < edges.get((t, p), 0) < G]
    for level in range(30):
        odd = [arc for arc in arcs if edges[arc] >> level & 1]
        loads = {p: sum(edges[arc] for arc in arcs if arc[1] == p) for p in by_person}
        above = {p for p in by_person if loads[p] >> level & 1}
        found = list(cycles(odd, [p for p in by_person if p in above]))
        word = first(-(-len(found) // 64), coins)
        for k, cycle in enumerate(found):
            rises = word[k // 64] >> k % 64 & 1
            for arc, upwards in cycle:
                if arc in edges:
                    edges[arc] += (1 << level) * (1 if upwards == bool(rises) else -1)


def cycles(odd: list[Any], above: list[int]) -> Iterator[list[tuple[Any, bool]]]:
    """Teams, 10.3: walk the odd arcs; a person's arc to the top is (person, "top")."""
    tops = [(p, "top") for p in above]
    unwalked, partner = [*odd, *tops], {}
    for task in dict.fromkeys(arc[0] for arc in odd):
        mine = [arc for arc in odd if arc[0] == task]
        for one, other in zip(mine[::2], mine[1::2], strict=True):
            partner[one], partner[other] = other, one
    for start in odd:
        if start not in unwalked:
            continue
        node, arc, upwards, path = ("task", start[0]), start, True, list[Any]()
        while True:
            unwalked.remove(arc)
            path.append((node, arc, upwards))
            node = other_end(arc, upwards, arc in partner)
            nodes = [each[0] for each in path]
            if node in nodes:
                at = nodes.index(node)
                yield [each[1:] for each in path[at:]]
                del path[at:]
                if arc == partner[start]:
                    break
            arc, upwards = onward(node, arc, unwalked, partner)


def other_end(arc: Any, upwards: bool, of_task: bool) -> tuple[str, Any]:
    if of_task:
        return ("person", arc[1]) if upwards else ("task", arc[0])
    return ("top", "top") if upwards else ("person", arc[0])


def onward(node: tuple[str, Any], arc: Any, unwalked: list[Any], partner: Any) -> tuple[Any, bool]:
    kind, name = node
    if kind == "task":
        return partner[arc], True
    into = [each for each in unwalked if (each in partner or kind == "top") and each[1] == name]
    return (into[0], False) if into else ((name, "top"), True)


def weeks(
    plan: dict[str, Any], sites: Rows, tickets: list[list[int]], away: list[set[str]]
) -> list[int]:
    """Selection, 5, of one bureau; ``away`` has the days on which somebody of a team is absent."""
    start, end = (date.fromisoformat(plan["visits"][each]) for each in ("first", "last"))
    days = [(start + timedelta(d)).isoformat() for d in range((end - start).days + 1)]
    blocks = [days[at : at + 7] for at in range(0, len(days), 7)]
    lot = [(ticket[0], site["site_id"]) for ticket, site in zip(tickets, sites, strict=True)]
    earliest = [min(lot[k] for k, other in enumerate(sites) if other["station_id"] == site["station_id"])
                for site in sites]  # fmt: skip
    row = sorted(range(len(sites)), key=lambda k: (earliest[k], lot[k]))
    shift, week = tickets[row[0]][1] * len(blocks) >> 64, [0] * len(sites)
    for k, at in enumerate(row):
        due = [(shift + k + more) % len(blocks) for more in range(len(blocks))]
        week[at] = next((w for w in due if set(blocks[w]) - away[at]), due[0]) + 1
    return week
