"""Three complete records, small enough to be verified thousands of times, and who signed them.

Each was drawn, changed twice afterwards (a recusal, a closure) and seen by a time-stamping
authority and by a witness of a log, all of them local.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot import public
from fairlot.planning import Plan
from fairlot.public import note, switch, tlock
from fairlot.public.checkpoint import cosign, merge
from fairlot.public.drand import Drand, recorded
from fairlot.public.folder import subject
from fairlot.public.local_authority import LocalAuthority
from fairlot.public.log import Log
from fairlot.public.seen import Pins, entry_of
from fairlot.public.stamping import request
from fairlot.public.suite import suite
from fairlot.registers import Registers, gather

Files = dict[str, bytes]

VIEWS = ("open", "pseudonymous", "sealed")
PLAN = """
spec = "fairlot.plan/v1"
authority = "示例局"
scope = "检验检测"
period = "2023"
task = "2023-001"
as_of = 2023-07-01
visits = { first = 2023-08-01, last = 2023-11-30 }
weights = { C = "2", D = "4" }
ratio = { bureau_floor = "0.3", key_sectors_count_toward_ratio = false }
key = { sectors = ["食品检验"] }
rules = { min_gap_days = 30 }
"""
TEAM = 'team = { seats = ["specialist", "officer", "expert"], rotation = "officer" }\n'
PROOF = {
    "open": "",
    "pseudonymous": '[proof]\nview = "pseudonymous"\nsuite = "sm3"\n',
    "sealed": '[proof]\nopens = "2024-01-01"\n',
}


def signer(name: str, number: int) -> note.Signer:
    return note.Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


AUTHORITY, LOG, WITNESS, SECOND, STRANGER = (
    signer(name, number)
    for number, name in enumerate(
        ("office.example", "log.example", "witness.example", "second.example", "stranger.example"),
        1,
    )
)
SALTS = {"公证处": b"\x11" * 32, "纪检组": b"\x22" * 32}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ANNOUNCED = at("2023-08-23T12:00:00")
FAILED = at("2023-08-23T15:20:00")  # two witnesses say that round 2 did not come out
RECUSED = at("2023-08-23T15:30:00")
CLOSED = at("2024-06-03T09:00:00")
NOW = at("2025-01-01T00:00:00")


@dataclass(frozen=True)
class World:
    """One record as published, and what an honest reader pins."""

    view: str
    files: Files
    known: public.Known
    plan: Plan

    def resealed(self, files: Mapping[str, bytes]) -> Files:
        """The same files under the authority's own seal: what a cheating authority can do."""
        return public.seal(files, AUTHORITY)


def sites() -> pd.DataFrame:
    n = 26
    sectors = ["食品检验", "水质", "水质", "计量校准"]
    return pd.DataFrame(
        {
            "site_id": [f"S{i:02d}" for i in range(n)],
            "name": [f"示例检测第{i:02d}号" for i in range(n)],
            "bureau_id": ["PQ"[i % 2] for i in range(n)],
            "station_id": [f"{'PQ'[i % 2]}{i % 3}" for i in range(n)],
            "sector": [sectors[i % 4] if i % 8 == 0 or i % 4 else "水质" for i in range(n)],
            "credit_class": [["A", "B", "", "C", "D"][i % 5] for i in range(n)],
            "last_inspected": ["2023-06-20" if i == 7 else "" for i in range(n)],
            "status": ["注销" if i == 11 else "存续" for i in range(n)],
        }
    )


def officers() -> pd.DataFrame:
    skills = ["食品检验;水质", "计量校准", "水质", "水质;食品检验;计量校准"]
    return pd.DataFrame(
        {
            "officer_id": [f"P{i}" for i in range(10)],
            "bureau_id": ["PQ"[i % 2] for i in range(10)],
            "station_id": "",
            "license_expiry": "2026-12-31",
            "skills": [skills[i // 2 % 4] for i in range(10)],
            "max_tasks": 8,
        }
    )


def rosters() -> Registers:
    experts = {"expert_id": ["E1", "E2", "E3"], "skills": ["水质;食品检验;计量校准"] * 3}
    conflicts = {"person_id": ["P0", "P1"], "target": ["S00", "S01"], "kind": ["近亲属"] * 2,
                 "valid_from": ["2020-01-01"] * 2}  # fmt: skip
    absences = {"officer_id": ["P2", "P3"], "absent_from": ["2023-08-07", "2023-09-04"],
                "absent_to": ["2023-08-11", "2023-09-08"]}  # fmt: skip
    items = {"item_id": ["I1", "I2"], "name": ["能力", "档案"], "sector": ["水质", "食品检验"],
             "basis": ["检验检测机构监督管理办法"] * 2, "ratio_min": ["0.1", "0.2"],
             "ratio_max": ["0.5", "1"]}  # fmt: skip
    visits = {"site_id": ["S03", "S05"], "visited": ["2023-03-01", "2022-05-02"],
              "officer_ids": ["P1;P3", "P0"]}  # fmt: skip
    tables = {"experts": experts, "conflicts": conflicts, "absences": absences, "items": items,
              "history": visits}  # fmt: skip
    return gather(
        sites=sites(), officers=officers(), **{k: pd.DataFrame(v) for k, v in tables.items()}
    )


@cache
def authority() -> LocalAuthority:
    return LocalAuthority.make("local time stamps", at("2023-01-01T00:00:00"))


def stamped(files: Mapping[str, bytes], name: str, moment: datetime) -> Files:
    """The files with a time stamp of one of them, unsealed."""
    told = authority().answer(request(files[subject(name)]), moment)
    return {**files, f"{name}.tsr": told}


def logged(log: Log, files: Mapping[str, bytes], name: str, moment: datetime) -> Files:
    """The files with one of them in the log and the witness's word for it, unsealed."""
    (index,) = log.append([entry_of(files, name, public.head_of(files))], LOG)
    line = cosign(log.checkpoint(), WITNESS, int(moment.timestamp()))
    log.add_cosignature(merge(log.checkpoint(), line), WITNESS.cosigner_vkey)
    return {**files, f"{name}.log.json": log.read().inclusion(index).encode()}


def before(view: str) -> public.Before:
    """What people put in: dice, and of a sealed draw two custodians, one with a time lock."""
    dice = public.Human.read("dice", "公证员", "31415926535897932384626433832795028841971")
    witnesses = (WITNESS.vkey, SECOND.vkey)
    if view != "sealed":
        return public.Before([dice], (), [Drand(1000)], witnesses, LOG.name)
    chosen = suite("sha256")
    committed = [public.Custodian(n, public.commitment(n, s, chosen), {}) for n, s in SALTS.items()]
    locked = {"round": 9367912, "ciphertext": tlock.lock(b"\x33" * 32, 9367912)}
    third = public.Custodian("时间锁", public.commitment("时间锁", b"\x33" * 32, chosen), locked)
    return public.Before([dice], [*committed, third], [Drand(1000)], witnesses, LOG.name)


def drawn(view: str, log: Log) -> tuple[Plan, Files]:
    plan = Plan.parse(PLAN + TEAM + PROOF[view])
    registers = rosters()
    names = public.Names.of(registers, b"\x07" * 32, suite=suite(plan.proof.suite))
    files = public.announce(
        plan, registers, Drand(2), signer=AUTHORITY, announced_at=ANNOUNCED, names=names,
        before=before(view),
    )  # fmt: skip
    files = proved(log, files, "announcement", ANNOUNCED)
    if view != "sealed":
        files = public.draw(files, recorded(2), signer=AUTHORITY)
    else:
        files = proved(log, {**files, "switch.txt": switched(files)}, "switch", FAILED)
        files = public.draw(files, recorded(1000), signer=AUTHORITY, source=Drand(1000),
                            salts=SALTS, lock=recorded(9367912))  # fmt: skip
    later = NOW if view == "sealed" else RECUSED
    return plan, proved(log, files, "outcome", later)


def switched(files: Mapping[str, bytes]) -> bytes:
    """Two witnesses move the draw to its fallback."""
    made = switch.make(
        public.digest_of(files), Drand(2), [Drand(1000)], at=FAILED, because="无信号"
    )
    return switch.cosign(switch.cosign(made.text(), WITNESS), SECOND).encode()


def changed(view: str, files: Files, log: Log) -> Files:
    """An officer steps back, then a site turns out closed; both are answered where rounds allow."""
    team = public.standing(files)
    files = public.recuse(
        files, Drand(9367912 if view == "sealed" else 1000), site=team[0]["site_id"],
        officer=team[0]["officer_id"], reason="申请回避", evidence=b"application",
        recorded_at=CLOSED if view == "sealed" else RECUSED, signer=AUTHORITY,
    )  # fmt: skip
    files = proved(log, files, "event-001", CLOSED if view == "sealed" else RECUSED)
    if view == "sealed":
        return public.replace(files, recorded(9367912), signer=AUTHORITY)
    files = public.replace(files, recorded(1000), signer=AUTHORITY)
    last = public.standing(files)[-1]["site_id"]
    files = public.close(
        files, Drand(9367912), site=last, reason="停业", recorded_at=CLOSED, signer=AUTHORITY
    )
    files = proved(log, files, "event-002", CLOSED)
    return public.replace(files, recorded(9367912), signer=AUTHORITY)


def proved(log: Log, files: Files, name: str, moment: datetime) -> Files:
    files = logged(log, stamped(files, name, moment), name, moment)
    return public.seal(files, AUTHORITY)


@cache
def world(view: str) -> World:
    """The record in this view, as published, with a notice."""
    with TemporaryDirectory() as folder:
        log = Log.create(Path(folder) / "log", LOG)
        plan, files = drawn(view, log)
        files = changed(view, files, log)
    files["notice.html"] = "<p>公示</p>\n".encode()
    files = public.seal(files, AUTHORITY)
    files = public.published(files, plan, AUTHORITY, opened=True)
    pins = Pins(authority().pinned, LOG.vkey, (WITNESS.cosigner_vkey, SECOND.vkey))
    return World(view, files, public.Known(key=AUTHORITY.vkey, pins=pins), plan)


def failing(world: World, files: Mapping[str, bytes]) -> dict[str, str]:
    """Every step that fails on these files, in order, with what it says."""
    return {
        check.step: check.note["en"]
        for check in public.checks(files, now=NOW, known=world.known)
        if check.verdict == "fails"
    }
