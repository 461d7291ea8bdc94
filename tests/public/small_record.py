"""One small record that many tests look at."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot import public
from fairlot.planning import Plan
from fairlot.public import beacon, canonical, note
from fairlot.public.published import Beacon, Value
from fairlot.public.suite import suite
from fairlot.registers import Registers, gather

PLAN = """
spec = "fairlot.plan/v1"
authority = "示例局"
scope = "testing"
period = "2024"
task = "2024-001"
as_of = 2024-07-01
visits = { first = 2024-08-01, last = 2024-11-30 }
weights = { A = 0.5, C = 2, D = 4 }
rules = { min_gap_days = 30 }
bounds = { pi_floor = 0.02 }
ratio = { bureau_floor = 0.3, key_sectors_count_toward_ratio = false }
key = { sectors = ["食品检验"] }
"""
VIEWS = {
    "open": "",
    "pseudonymous": 'proof = { view = "pseudonymous" }',
    "sealed": 'proof = { opens = "2024-12-15" }',
    "pseudonymous and sealed": 'proof = { view = "pseudonymous", opens = "2024-12-15" }',
}
"""What a plan says of the views of its record."""

ROUND = 9367912
BEFORE = datetime(2024, 7, 13, 9, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DUE = datetime(2024, 12, 15, tzinfo=UTC)
SALTS = {"公证处": b"\x11" * 32, "纪检组": b"\x22" * 32}
SIGNER = note.Signer("example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def sites(n: int = 45) -> pd.DataFrame:
    sectors = ["食品检验", "水质", "建筑材料", "计量校准", "水质"]
    return pd.DataFrame(
        {
            "site_id": [f"S{i:04d}" for i in range(n)],
            "name": [f"示例检测第{i:04d}号" for i in range(n)],
            "bureau_id": ["PQR"[i % 3] for i in range(n)],
            "station_id": [f"{'PQR'[i % 3]}{i % 2}" for i in range(n)],
            "sector": [sectors[i % 5] for i in range(n)],
            "credit_class": ["A", "B", "", "C", "D", "B"][0:6] * (n // 6) + ["B"] * (n % 6),
            "last_inspected": ["2024-07-20" if i == 7 else "" for i in range(n)],
            "status": ["注销" if i == 11 else "存续" for i in range(n)],
        }
    )


def officers() -> pd.DataFrame:
    skills = ["食品检验;水质", "建筑材料;计量校准", "水质", "食品检验", "计量校准;建筑材料", "水质"]
    return pd.DataFrame(
        {
            "officer_id": [f"P{i:03d}" for i in range(18)],
            "bureau_id": ["PQR"[i % 3] for i in range(18)],
            "station_id": "",
            "license_expiry": "2026-12-31",
            "skills": [skills[i // 3] for i in range(18)],
            "max_tasks": 6,
        }
    )


def rosters(**changes: pd.DataFrame) -> Registers:
    conflicts = pd.DataFrame(
        {
            "person_id": ["P000"],
            "target": ["S0000"],
            "kind": ["近亲属"],
            "valid_from": ["2020-01-01"],
        }
    )
    return gather(**{"sites": sites(), "officers": officers(), "conflicts": conflicts, **changes})


def names(
    hashed: str = "sha256", secret: bytes = bytes(range(32)), **changes: pd.DataFrame
) -> public.Names:
    return public.Names.of(rosters(**changes), secret, suite=suite(hashed))


def custodians(hashed: str = "sha256") -> list[public.Custodian]:
    held = {name: public.commitment(name, salt, suite(hashed)) for name, salt in SALTS.items()}
    return [public.Custodian(name, digest, {}) for name, digest in held.items()]


def announced(plan: str = PLAN, source: Beacon | None = None, *, at: datetime = BEFORE,
              before: Mapping[str, Any] | None = None, secret: bytes = bytes(range(32)),
              **changes: pd.DataFrame) -> dict[str, bytes]:  # fmt: skip
    """The full announcement; a plan that seals has two custodians unless ``before`` says others."""
    read = Plan.parse(plan)
    hashed = read.proof.suite
    given = {"custodians": custodians(hashed) if read.proof.opens else (), **(before or {})}
    return public.announce(
        read, rosters(**changes), source or beacon.Drand(ROUND), names=names(hashed, secret, **changes),
        signer=SIGNER, announced_at=at, before=public.Before(**given),
    )  # fmt: skip


def make(plan: str = PLAN, source: Beacon | None = None, value: Value | None = None,
         **more: Any) -> dict[str, bytes]:  # fmt: skip
    """The full record with a notice, as auditors see it."""
    files = announced(plan, source, **more)
    salts = SALTS if Plan.parse(plan).proof.opens else None
    drawn = public.draw(files, value or beacon.recorded(ROUND), signer=SIGNER, salts=salts)
    return noticed(drawn)


def noticed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return public.seal({**files, "notice.html": "<p>公示</p>\n".encode()}, SIGNER)


def shown(files: Mapping[str, bytes], *, opened: bool = True) -> dict[str, bytes]:
    """What of a full record the public sees."""
    plan = public.plan_of(public.read_body(files))
    return public.published(files, plan, SIGNER, opened=opened)


def body(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """The object in a file of a record, by its name without the suffix."""
    told = canonical.decode(files[f"{name}.json"][:-1], limit=1 << 20)
    assert isinstance(told, dict)
    return told


def rewritten(files: Mapping[str, bytes], name: str, **changes: Any) -> dict[str, bytes]:
    """A record in which the authority changed fields of one file and sealed it again."""
    text = canonical.encode({**body(files, name), **changes}) + b"\n"
    return public.seal({**files, f"{name}.json": text}, SIGNER)


def found(files: Mapping[str, bytes], now: datetime = NOW, **known: Any) -> dict[str, public.Check]:
    """Every step of a verification, by its key."""
    checks = public.checks(files, now=now, known=public.Known(**known))
    return {check.step: check for check in checks}


def verdicts(files: Mapping[str, bytes], now: datetime = NOW, **known: Any) -> dict[str, str]:
    return {step: check.verdict for step, check in found(files, now, **known).items()}
