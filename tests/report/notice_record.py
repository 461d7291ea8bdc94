"""A record of three bureaux written by hand: what the notice reads, and nothing that it computes."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

HEAD = "bureau_id,roster,base,counted,take_all,floor,ceiling,quota,drawn,share"
COVERAGE = (
    "310101,22,20,2,3,1,20,5,5,0.3500",
    "310115,40,40,0,0,6,40,6,6,0.1500",
    "JCFJ,2,2,0,0,1,2,1,1,0.5000",
    "*,64,62,2,3,8,62,12,12,0.2258",
)
DRAWN = (
    ("S-1", "913100000000000001", "示例一", "310101", "食品检验", "B", "key", "食品检验", "1.000000000"),
    ("S-2", "", "示例二", "310115", "建筑工程", "", "weighted", "unrated x1", "0.150000000"),
)  # fmt: skip
TEAMS = (
    ("S-1", "specialist", "P-7", "False"),
    ("S-1", "officer", "P-8", "True"),
    ("S-2", "specialist", "P-9", "False"),
    ("S-2", "officer", "P-7", "False"),
)
PLAN: Mapping[str, Any] = {
    "spec": "fairlot.plan/v0",
    "authority": "示例市监管局",
    "scope": "testing institutions",
    "period": "2024",
    "task": "2024-001",
    "as_of": "2024-07-01",
    "visits": {"first": "2024-08-01", "last": "2024-11-30"},
    "ratio": {"bureau_floor": "0.125", "city_floor": "0.15"},
    "key": {"sectors": ["食品检验"]},
    "weights": {"A": "0.5", "D": "4"},
}
QUICKNET = {"source": "drand quicknet", "round": 9367912, "round_time": 1720907100}
OUT = {"round": 9367912, "signature": "84" * 48, "randomness": "a6" * 32}


def lines(head: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return quoted CSV as the record keeps it: UTF-8 with its mark, CRLF."""
    told = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "".join(f"{line}\r\n" for line in (head, *told)).encode("utf-8-sig")


def coverage_csv(rows: Sequence[str] = COVERAGE) -> bytes:
    """Return coverage.csv from rows that are written as in the file."""
    return "".join(f"{line}\r\n" for line in (HEAD, *rows)).encode("utf-8-sig")


def record(
    *,
    plan: Mapping[str, Any] = PLAN,
    sequence: int = 1,
    announced: Mapping[str, Any] = QUICKNET,
    out: Mapping[str, Any] = OUT,
    coverage: Sequence[str] = COVERAGE,
    drawn: Sequence[Sequence[str]] = DRAWN,
    teams: Sequence[Sequence[str]] = TEAMS,
) -> dict[str, bytes]:
    """Return the files of a drawn record; what is not given is the small draw above."""
    head = "site_id,uscc,name,bureau_id,sector,credit_class,rule,detail,pi"
    announcement = {
        "spec": "fairlot.draw/v0",
        "sequence": sequence,
        "announced_at": "2024-07-12T01:00:00Z",
        "plan": plan,
        "registers": {"sites": {"rows": 64, "root": "1e" * 32}},
        "randomness": announced,
        "algorithms": {"select": "nested_pivotal/1"},
        "key": "shanghai.example+90abd698+AZ",
    }
    files = {
        "announcement.json": json.dumps(announcement, ensure_ascii=False).encode() + b"\n",
        "coverage.csv": coverage_csv(coverage),
        "drawn.csv": lines(head, drawn),
        "teams.csv": lines("site_id,seat,officer_id,borrowed", teams),
    }
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    outcome = {
        "announcement": digests.pop("announcement.json"),
        "randomness": out,
        "seed": "5f" * 32,
        "drawn": len(drawn),
        "files": digests,
    }
    return {**files, "outcome.json": json.dumps(outcome).encode() + b"\n"}
