"""A small world that every cheat is tried in: twelve sites alike, six officers alike, one bureau.

Four of the twelve are drawn, each with the chance 1/3 exactly; four recorded rounds of quicknet
serve as randomness, and for measurements any 32 bytes do, as a beacon would give them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot import public
from fairlot.planning import Plan, Quotas
from fairlot.public import beacon, canonical, note
from fairlot.public.announced import Announced, open_announced
from fairlot.public.drand import Drand
from fairlot.public.local_authority import LocalAuthority
from fairlot.public.log import Log
from fairlot.public.outcome import decide, select
from fairlot.public.seen import Pins
from fairlot.public.stamping import request
from fairlot.public.stream import seed
from fairlot.public.witness import Witness
from fairlot.registers import Registers, gather

SITES = tuple(f"S{i:02d}" for i in range(12))
PEOPLE = tuple(f"P{i}" for i in range(6))
FRIEND, RIVAL = "S03", "S07"
PI = 1 / 3
FIRST, SECOND, LATER, LAST = map(Drand, (1, 2, 1000, 9367912))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAN = """
spec = "fairlot.plan/v1"
authority = "示例局"
scope = "{scope}"
period = "2023"
task = "{task}"
as_of = 2023-08-01
visits = {{ first = 2023-09-01, last = 2023-11-30 }}
ratio = {{ bureau_floor = 0.3 }}
rules = {{ substitutes = {substitutes} }}
proof = {{ view = "{view}", opens = "{opens}" }}
"""


def key(number: int, name: str) -> note.Signer:
    return note.Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


OFFICE, LOG, WITNESS = key(1, "office"), key(2, "draws.example"), key(3, "witness.example")
IN_LOG = public.Before(log=LOG.name)
TSA = LocalAuthority.make("an authority that the reader pinned", datetime(2023, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Row:
    """What a cheat gains: the chance of its goal.

    honest   of an office that does not cheat
    before   where the countermeasure is missing
    after    where the cheat must leave no mark
    error    three standard errors of what was simulated, 0 where all is exact
    of       what was simulated
    """

    cheat: str
    goal: str
    honest: float
    before: float
    after: float
    verdict: str
    error: float = 0.0
    of: Literal["before", "after"] = "before"


def moment(source: Any, seconds: int) -> datetime:
    """So many seconds after a beacon comes out."""
    return datetime.fromtimestamp(source.time + seconds, UTC)


def plan(*, scope: str = "testing", task: str = "1", view: str = "open", opens: str = "",
         substitutes: str = "0.1") -> Plan:  # fmt: skip
    told = {"scope": scope, "task": task, "view": view, "opens": opens}
    return Plan.parse(PLAN.format(**told, substitutes=substitutes))


def sites(ids: Sequence[str] = SITES) -> pd.DataFrame:
    same = {"bureau_id": "B1", "sector": "水质", "credit_class": "B", "status": "存续"}
    return pd.DataFrame({"site_id": ids, "name": [f"{i} 检测" for i in ids], **same})


def officers(ids: Sequence[str] = PEOPLE) -> pd.DataFrame:
    return pd.DataFrame({"officer_id": ids, "bureau_id": "B1", "skills": "水质", "max_tasks": 6,
                         "license_expiry": "2026-12-31"})  # fmt: skip


def rosters(**changes: pd.DataFrame) -> Registers:
    return gather(**{"sites": sites(), "officers": officers(), **changes})


def announce(source: Any = FIRST, *, secret: int = 7, before: public.Before | None = None,
             sequence: int = 1, registers: Registers | None = None, at: datetime | None = None,
             **told: str) -> dict[str, bytes]:  # fmt: skip
    """Return an announcement in full, signed at ``at``: by default a day before its beacon."""
    chosen = registers or rosters()
    return public.announce(
        plan(**told), chosen, source, signer=OFFICE, announced_at=at or moment(source, -86400),
        names=public.Names.of(chosen, bytes([secret]) * 32), before=before or IN_LOG,
        sequence=sequence,
    )  # fmt: skip


def drawn(files: Mapping[str, bytes], came: Drand = FIRST, **more: Any) -> dict[str, bytes]:
    """Return the record with the outcome of a recorded round and a notice."""
    full = public.draw(files, beacon.recorded(came.round), signer=OFFICE, **more)
    return noticed(full)


def noticed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return public.seal({**files, "notice.html": "<p>公示</p>\n".encode()}, OFFICE)


def list_of(files: Mapping[str, bytes]) -> set[str]:
    """The drawn sites that a record publishes."""
    return set(pd.read_csv(BytesIO(files["drawn.csv"]))["site_id"])


def stamped(files: Mapping[str, bytes], at: datetime, name: str = "announcement",
            authority: LocalAuthority = TSA) -> dict[str, bytes]:  # fmt: skip
    """Return the record with a time stamp of one file at this moment."""
    proof = authority.answer(request(files[f"{name}.json"]), at - timedelta(seconds=1))
    return public.seal({**files, f"{name}.tsr": proof}, OFFICE)


PINS = Pins(TSA.pinned, LOG.vkey, (WITNESS.cosigner_vkey,))


def verdicts(files: Mapping[str, bytes], log: Path | None = None, *, now: datetime = NOW,
             **known: Any) -> dict[str, public.Check]:  # fmt: skip
    """Verify as a reader who knows the office's key, and pinned a clock, a log and a witness."""
    told = public.Known(key=OFFICE.vkey, pins=PINS, log=log, **known)
    return {check.step: check for check in public.checks(files, now=now, known=told)}


def failing(files: Mapping[str, bytes], log: Path | None = None, **more: Any) -> list[str]:
    """The steps that fail."""
    found = verdicts(files, log, **more)
    return [step for step, check in found.items() if check.verdict == "fails"]


@dataclass(frozen=True)
class Books:
    """A public log with its witness."""

    folder: Path
    log: Log
    witness: Witness

    @classmethod
    def new(cls, folder: Path) -> "Books":
        folder.mkdir(parents=True, exist_ok=True)
        witness = Witness.create(folder / "witness.json", WITNESS)
        witness.trust(LOG.vkey)
        return cls(folder / "log", Log.create(folder / "log", LOG), witness)

    def enter(self, files: Mapping[str, bytes], names: Sequence[str], at: datetime) -> "Books":
        """Log what these files of a record say, and have it witnessed at this moment."""
        entries = public.entries_of(files)
        return self.add([entries[name] for name in names], at)

    def add(self, entries: Sequence[Any], at: datetime) -> "Books":
        self.log.append(entries, LOG)
        return self.seen(at)

    def seen(self, at: datetime) -> "Books":
        """Have the log witnessed at this moment."""
        text = self.witness.cosign_log(self.folder, now=int(at.timestamp()))
        self.log.add_cosignature(text, WITNESS.cosigner_vkey)
        return self

    def placed(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the record with its places in the log."""
        return public.with_places(files, self.log.read(), OFFICE)


def published(folder: Path, files: Mapping[str, bytes], source: Drand = FIRST) -> dict[str, bytes]:
    """Return a record whose announcement and outcome were logged and witnessed in time."""
    books = Books.new(folder)
    books.enter(files, ["announcement"], moment(source, -3600))
    books.enter(files, ["outcome"], moment(source, 3600))
    return books.placed(files)


@dataclass(frozen=True)
class Lot:
    """An announcement that is drawn again and again, with any 32 bytes for the beacon's."""

    announced: Announced
    quotas: Quotas

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> "Lot":
        announced = open_announced(files)
        return cls(announced, decide(announced))

    def root(self, randomness: bytes, salts: Sequence[bytes] = (), source: Any = None) -> bytes:
        identity = (source or self.announced.beacon).identity()
        made = beacon.material(identity, randomness, salts)
        return seed(self.announced.salt, made, self.announced.suite)

    def draw(self, randomness: bytes, salts: Sequence[bytes] = (), source: Any = None) -> set[str]:
        sample = select(self.announced, self.quotas, self.root(randomness, salts, source))
        return {self.quotas.frame["site_id"].iloc[i] for i in sample.index}

    def changed(self, **told: Any) -> "Lot":
        """The same announcement with other fields, hashed as it would be published."""
        body = canonical.encode({**self.announced.body, **told}) + b"\n"
        salt = self.announced.suite.digest(body)
        return replace(self, announced=replace(self.announced, salt=salt))


def rounds(count: int, start: int = 0) -> list[bytes]:
    """So many values of a beacon that nobody could know."""
    return [np.random.default_rng(start + i).bytes(32) for i in range(count)]


def share(hits: Sequence[bool]) -> tuple[float, float]:
    """The share of hits, and three standard errors of it (the bound p(1 - p) <= 1/4 at most)."""
    p, n = float(np.mean(hits)), len(hits)
    return p, 3 * max(float(np.sqrt(p * (1 - p) / n)), 1 / n)


def tries(count: int, chance: float = PI) -> float:
    """The chance that one of so many independent tries succeeds.

    >>> tries(2, 0.5)
    0.75
    """
    return 1 - (1 - chance) ** count


def body_of(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    return dict(json.loads(files[name]))
