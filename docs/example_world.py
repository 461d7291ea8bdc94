"""The world of the worked example of docs/public-draw-v1.md, drawn by the library.

All keys and secrets are zeros and the beacon is a recorded round, so every byte is fixed.
"""

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot import public
from fairlot.planning import Plan
from fairlot.planning.deciding import SCHEMAS
from fairlot.public import beacon, note, rows
from fairlot.public.outcome import decide
from fairlot.public.results import results
from fairlot.public.stream import Tickets, subkey
from fairlot.registers import gather
from fairlot.sampling import D
from fairlot.sampling.whole_numbers import below

ROUND = 9367912
PLAN = """
spec = "fairlot.plan/v1"
authority = "示例局"
scope = "检验检测机构"
period = "2024"
task = "2024-001"
as_of = 2024-07-01
visits = { first = 2024-08-01, last = 2024-08-28 }
ratio = { bureau_floor = 0.5 }
key = { sectors = ["食品检验"] }
weights = { C = 2 }
team = { seats = ["officer", "officer"] }
"""
SITES = pd.DataFrame({
    "site_id": ["S1", "S2", "S3", "S4", "S5", "S6"],
    "name": ["甲", "乙", "丙", "丁", "戊", "己"],
    "bureau_id": "B",
    "station_id": ["B1", "B1", "B2", "B2", "B2", "B1"],
    "sector": ["食品检验", "水质", "水质", "水质", "建筑材料", "建筑材料"],
    "credit_class": ["A", "B", "C", "B", "C", "B"],
})  # fmt: skip
OFFICERS = pd.DataFrame({
    "officer_id": ["P1", "P2", "P3"], "bureau_id": "B", "station_id": "",
    "license_expiry": "2026-12-31", "skills": "", "max_tasks": [1, 3, 3],
})  # fmt: skip
CONFLICTS = pd.DataFrame(
    {"person_id": ["P1"], "target": ["S1"], "kind": ["近亲属"], "valid_from": ["2020-01-01"]}
)
ABSENCES = pd.DataFrame(
    {"officer_id": ["P2"], "absent_from": ["2024-08-01"], "absent_to": ["2024-08-07"]}
)


class Example:
    """The draw, done by the library, and what it went through."""

    def __init__(self) -> None:
        registers = gather(sites=SITES, officers=OFFICERS, conflicts=CONFLICTS, absences=ABSENCES)
        self.names = public.Names.of(registers, bytes(32))
        signer = note.Signer("example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
        before = public.Before(human=(public.Human("dice", "公证员", ("0123456789" * 4)[:39]),))
        announced = public.announce(
            Plan.parse(PLAN), registers, beacon.parse(f"drand:{ROUND}"), signer=signer,
            announced_at=datetime(2024, 7, 13, 9, tzinfo=UTC), names=self.names, before=before,
        )  # fmt: skip
        self.value = beacon.recorded(ROUND)
        self.files = public.draw(announced, self.value, signer=signer)
        self.announced = public.open_announced(self.files)
        self.source = self.announced.beacon
        self.replay = public.replay(self.announced, self.source, self.value)
        self.seed = self.announced.seed(self.source, self.value)

    def leaves(self) -> Any:
        """Return the leaves of the sites."""
        assert self.announced.leaves is not None
        return self.announced.leaves["sites"]

    def words(self, label: str, index: Any, count: int) -> list[list[int]]:
        """Return the first words of the tickets of some sites, a list a site."""
        tickets = Tickets(subkey(self.seed, label), self.leaves()[index])
        columns = [tickets.words(len(index)).tolist() for _ in range(count)]
        return [list(row) for row in zip(*columns, strict=True)]


def levels(e: Example, told: list[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], set[str]]:
    """Let the sites duel, level by level; return what each sector leaves over, and who won."""
    frame, words = e.replay.quotas.frame, e.words("select", range(6), 5)
    site = {name: (int(a), *row) for name, a, row in
            zip(frame["site_id"], frame["numerator"], words, strict=True)}  # fmt: skip
    won, over = {name for name in site if site[name][0] == D}, []
    for sector in dict.fromkeys(frame["sector"]):
        cells = []
        for _, cell in frame[frame["sector"] == sector].groupby("credit_class"):
            items = [(name, name, site[name][0]) for name in cell["site_id"] if site[name][0] < D]
            cells += duel("1", items, site, (1, 2), told, won)
        over += [(sector, *one) for one in duel("2", cells, site, (3, 4), told, won)]
    return over, won


def duel(
    level: str, items: list[Any], site: Any, column: tuple[int, int], told: list[Any], won: set[str]
) -> list[tuple[str, str, int]]:
    """Let the (speaker, holder, amount) of a group duel; return what is left over, if anything."""
    order, word = column
    items = sorted(items, key=lambda item: site[item[0]][order])
    if not items:
        return []
    holder, held = items[0][1:]
    for speaker, new, amount in items[1:]:
        total, full = held + amount, held + amount >= D
        top, bottom = (D - amount, 2 * D - total) if full else (held, total)
        wins = bool(below(np.uint64(site[speaker][word]), top, bottom))
        told.append((level, " ".join(item[0] for item in items), holder, held, new, amount,
                     site[speaker][word], top, bottom, "yes" if wins else "no"))  # fmt: skip
        if full:
            won.add(holder if wins else new)
        holder, held = (holder if wins != full else new), total - D if full else total
    return [(items[0][0], holder, held)] if held else []


def result_columns(e: Example) -> dict[str, Any]:
    """Return the results of all sites, by column."""
    decided = decide(e.announced)
    return dict(results(decided, e.replay.sample.index, e.replay.dates, e.replay.teams))


def material(e: Example) -> bytes:
    """Return what enters the seed."""
    return beacon.material(e.source.identity(), e.source.randomness(e.value))


def row_key(e: Example, part: str) -> bytes:
    """Return the key of row 0 of a part."""
    return rows.row_key(e.announced.opening.keys[part], 0)


def field_rows(e: Example, part: str) -> list[tuple[str, str, str, str]]:
    """Return column, value, salt and digest of every field of row 0."""
    cells = json.loads(e.files[f"{part}.jsonl"].decode().splitlines()[1])
    told = []
    for j, column in enumerate(SCHEMAS[part]):
        salt = rows.salt(row_key(e, part), j)
        digest = rows.field_digest(salt, column, cells[column])
        value = json.dumps(cells[column], ensure_ascii=False)
        told.append((column, value, salt.hex(), digest.hex()))
    return told


def private(e: Example) -> bytes:
    """Return the private digest of row 0."""
    return rows.private_digest([bytes.fromhex(row[3]) for row in field_rows(e, "sites")])
