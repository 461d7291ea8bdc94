"""One small record that many tests look at."""

from datetime import UTC, datetime

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot import public
from fairlot.planning import Plan
from fairlot.public import beacon, note
from fairlot.registers import Registers, gather

PLAN = """
spec = "fairlot.plan/v0"
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
ROUND = 9367912
BEFORE = datetime(2024, 7, 13, 9, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
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


def names(**changes: pd.DataFrame) -> public.Names:
    return public.Names.of(rosters(**changes), bytes(range(32)))


def make(plan: str = PLAN, source: beacon.Source | None = None, value: object = None,
         **changes: pd.DataFrame) -> dict[str, bytes]:  # fmt: skip
    announced = public.announce(
        Plan.parse(plan), rosters(**changes), source or beacon.Drand(ROUND),
        names=names(**changes), signer=SIGNER, announced_at=BEFORE,
    )  # fmt: skip
    drawn = public.draw(announced, value or beacon.recorded(ROUND), signer=SIGNER)
    return public.seal({**drawn, "notice.html": "<p>公示</p>\n".encode()}, SIGNER)
