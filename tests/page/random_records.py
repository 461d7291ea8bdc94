"""Random whole records: registers, plan, people's input, draw and what came after, all from a seed.

Every kind of file comes up. What the library refuses, because nobody could carry it out, is tried
again with other dice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from page_records import SIGNER, key, noticed
from page_vectors import PROOF
from page_worlds import one, some
from random_worlds import world

from fairlot import public
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.planning import Plan
from fairlot.public import beacon, switch, tlock
from fairlot.public.drand import Drand
from fairlot.public.lottery import Kl8
from fairlot.public.nist import Nist
from fairlot.public.suite import suite as suite_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = Drand(9367912)  # 2024-07-13: answers events and opens time locks
OPENS = "2024-12-15"
HOLDERS = ("公证处", "纪检组", "Université 7")
SEERS = [key(11, "one.example"), key(12, "two.example"), key(13, "three.example")]
MOST_TRIES = 50
CHANGES = ("recusal", "closure", "recusal", "closure", "closure")


@dataclass(frozen=True)
class Made:
    """One record: its full files, those the public sees by now and saw while it was sealed."""

    full: dict[str, bytes]
    shown: dict[str, bytes]
    sealed: dict[str, bytes] | None
    has: frozenset[str] = field(repr=False)


@dataclass(frozen=True)
class Source:
    """A beacon, what it gave, and the last moment before it at which something is announced."""

    name: str
    beacon: beacon.Beacon
    value: Any
    announced_at: datetime


def made(seed: int) -> Made:
    """The record of a seed: the first of its tries that the library does not refuse."""
    for tries in range(1, MOST_TRIES):
        try:
            return _made(np.random.default_rng([seed, tries]))
        except (InvalidInput, Infeasible):
            continue
    raise AssertionError(f"nothing of seed {seed} can be carried out")


def _made(rng: np.random.Generator) -> Made:
    source, opens = source_of(rng), one(rng, ("", "", OPENS))
    registers, plan = world(rng, source.announced_at.year, opens)
    files, has = drawn(rng, plan, registers, source)
    for change in CHANGES[: one(rng, (0, 0, 0, 1, 2, 3, 5))]:
        files = changed(rng, files, change)
    if rng.integers(8) == 0:
        files = changed(rng, files, "recusal", answered=False)
    files = noticed(files)
    seen = {
        opened: public.published(files, plan, SIGNER, opened=opened) for opened in (True, False)
    }
    kinds = frozenset({*has, *kinds_of(plan, files)})
    return Made(files, seen[True], seen[False] if opens else None, kinds)


def kinds_of(plan: Plan, files: dict[str, bytes]) -> Iterator[str]:
    """What this record is an example of."""
    yield from (
        plan.proof.view,
        plan.proof.suite,
        plan.team.loads,
        f"rotation {plan.team.rotation}",
    )
    yield from ("sealed",) * bool(plan.proof.opens)
    yield from ("support",) * bool(plan.team.support)
    yield from ("limits",) * bool(plan.team.limits)
    yield from ("leads",) * ("lead" in plan.team.seats)
    yield from ("experts",) * ("expert" in plan.team.seats)
    yield from ("denominators",) * bool(plan.ratio.denominators)
    for event in public.read_events(files):
        yield "closure" if event.closure else "recusal"
        yield from ("waiting",) * (event.answer is None)


# Where the randomness comes from


def source_of(rng: np.random.Generator) -> Source:
    """Mostly quicknet; a pulse, or two draws of a lottery that witnesses declare."""
    kind = one(rng, ("drand",) * 6 + ("nist", "kl8"))
    if kind == "nist":
        pulse = PROOF["nist_beacon_2_0"]["pulses"][0]
        found = Nist.at(1535651040)
        return Source(kind, found, found.canonical({"pulse": pulse}), _before(found))
    if kind == "kl8":
        found = Kl8(("2023236", "2023238"))
        draws = [{"issue": issue, "numbers": _balls(rng)} for issue in found.issues]
        value = {"draws": draws, "witnesses": ["公证员甲", "纪检乙"]}
        return Source(kind, found, found.canonical(value), _before(found))
    found = Drand(1000)
    return Source(kind, found, beacon.recorded(1000), _before(found))


def _before(source: beacon.Beacon) -> datetime:
    return datetime.fromtimestamp(source.time, UTC) - timedelta(hours=2)


def _balls(rng: np.random.Generator) -> list[int]:
    return sorted((rng.permutation(80)[:20] + 1).tolist())


# The draw, and what came after


def drawn(rng, plan, registers, source):
    """The record as drawn, with whatever people put in before, and which of it there is."""
    switches = source.name == "drand" and rng.integers(5) == 0
    before, salts, locked = before_of(rng, plan, switches)
    names = public.Names.of(registers, rng.bytes(32), suite=suite_of(plan.proof.suite))
    announced = public.announce(
        plan, registers, Drand(2) if switches else source.beacon, signer=SIGNER,
        announced_at=_before(Drand(2)) if switches else source.announced_at, names=names,
        before=before, sequence=int(rng.integers(1, 99)),
    )  # fmt: skip
    if switches:
        announced = {**announced, "switch.txt": switched(rng, announced)}
    files = public.draw(
        public.seal(announced, SIGNER), source.value, signer=SIGNER, source=source.beacon,
        salts=salts, lock=beacon.recorded(LATER.round) if locked else None,
    )  # fmt: skip
    parts = {"switch": switches, "human": before.human, "lock": locked}
    return files, {source.name, *(name for name, there in parts.items() if there)}


def before_of(rng, plan, switches):
    """People's input: dice, custodians where the plan seals, and fallbacks where one is needed."""
    dice = [public.Human("dice", f"公证员{k}", "".join(map(str, rng.integers(0, 10, 41))))
            for k in range(one(rng, (0, 0, 1, 2)))]  # fmt: skip
    holders = HOLDERS[: rng.integers(2, 4)] if plan.proof.opens else ()
    salts = {name: rng.bytes(32) for name in holders}
    locked = set(some(rng, holders, 2))
    custodians = [_custodian(name, salt, plan, name in locked) for name, salt in salts.items()]
    fallbacks = [Drand(1), Drand(1000)] if switches else []
    before = public.Before(
        dice, custodians, fallbacks, [each.vkey for each in SEERS], one(rng, ("", "draws.example"))
    )
    return before, {name: salt for name, salt in salts.items() if name not in locked}, locked


def _custodian(name, salt, plan, locked):
    round = LATER.round
    lock = {"round": round, "ciphertext": tlock.lock(salt, round)} if locked else {}
    return public.Custodian(name, public.commitment(name, salt, suite_of(plan.proof.suite)), lock)


def switched(rng, files):
    """Round 2 did not come out, say two witnesses or three; round 1 was out before."""
    head = public.head_of(files)
    at = datetime.fromtimestamp(head.beacon.time + 60, UTC)
    text = switch.make(head.digest.hex(), head.beacon, head.before.fallbacks, at=at,
                       because="无信号").text()  # fmt: skip
    for each in SEERS[: rng.integers(2, 4)]:
        text = switch.cosign(text, each)
    return text.encode()


def changed(rng, files, kind, *, answered=True):
    """The record with one more event, and its answer."""
    rows = public.standing(files)
    if not rows:  # every site is closed
        return files
    row = one(rng, rows)
    told = {"site": row["site_id"], "reason": "申请回避", "signer": SIGNER,
            "recorded_at": datetime(2024, 1, 2, tzinfo=UTC)}  # fmt: skip
    if kind == "closure":
        files = public.close(files, LATER, **told)
    else:
        files = public.recuse(files, LATER, officer=row["officer_id"], **told)
    return public.replace(files, beacon.recorded(LATER.round), signer=SIGNER) if answered else files
