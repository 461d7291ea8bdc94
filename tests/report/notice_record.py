"""A record of three bureaux written by hand: what the notice reads, and nothing that it computes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot import public
from fairlot.planning import Plan
from fairlot.public import beacon, canonical, note
from fairlot.public.announcement import ALGORITHMS
from fairlot.public.committed import REGISTERS
from fairlot.public.published import Beacon, Value

SIGNER = note.Signer("shanghai.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
HEAD = "fairlot.draw/v1 coverage,bureau_id,roster,base,counted,take_all,floor,ceiling,quota,drawn,share"
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
    "spec": "fairlot.plan/v1",
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
WEEKS = (
    ("S-1", "2024-08-29", "2024-09-04", "False"),
    ("S-2", "2024-10-03", "2024-10-09", "True"),
)
ROUND = 9367912
QUICKNET = beacon.Drand(ROUND)
LATER = datetime(2024, 7, 13, tzinfo=UTC)


def guarded(cell: str) -> str:
    """Return a cell as a list has it: behind an apostrophe where a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "'")) else cell


def lines(name: str, head: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return quoted CSV as the record keeps it: UTF-8 with its mark, CRLF, numbered rows."""
    told = [
        ",".join('"' + guarded(cell).replace('"', '""') + '"' for cell in (str(number), *row))
        for number, row in enumerate(rows, 1)
    ]
    head = f"fairlot.draw/v1 {name},{head}"
    return "".join(f"{line}\r\n" for line in (head, *told)).encode("utf-8-sig")


def coverage_csv(rows: Sequence[str] = COVERAGE) -> bytes:
    """Return coverage.csv from rows that are written as in the file."""
    told = (f"{number},{row}" for number, row in enumerate(rows, 1))
    return "".join(f"{line}\r\n" for line in (HEAD, *told)).encode("utf-8-sig")


def sealed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files signed as they are."""
    return public.seal(files, SIGNER)


def announcement(
    plan: Mapping[str, Any], sequence: int, source: Beacon, before: public.Before
) -> bytes:
    told = {
        "@spec": "fairlot.draw/v1 announcement",
        "sequence": sequence,
        "announced_at": "2024-07-12T01:00:00Z",
        "plan": Plan.of(plan).table(),
        "registers": {name: {"rows": 64, "root": "1e" * 32} for name in REGISTERS},
        "foreseen": {"teams": "not tried"},
        "beacon": source.identity(),
        "algorithms": ALGORITHMS,
        "key": SIGNER.vkey,
        **before.encode(),
    }
    return canonical.encode(told) + b"\n"


def before(name, *custodians):
    """Return what people put in, by somebody of this name."""
    return public.Before(
        human=[public.Human("dice", name, "0123456789" * 4)],
        custodians=[public.Custodian(each, "cc" * 32, {}) for each in custodians],
        fallbacks=[beacon.Drand(ROUND + 7)],
        log="log.example/inspections",
    )


def record(
    *,
    plan: Mapping[str, Any] = PLAN,
    sequence: int = 1,
    source: Beacon = QUICKNET,
    taken: Beacon | None = None,
    value: Value | None = None,
    before: public.Before | None = None,
    coverage: Sequence[str] = COVERAGE,
    drawn: Sequence[Sequence[str]] = DRAWN,
    teams: Sequence[Sequence[str]] = TEAMS,
    weeks: Sequence[Sequence[str]] = WEEKS,
    more: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return the files of a drawn record; what is not given is the small draw above.

    taken  the beacon that was used, where that is not the announced one
    """
    announced = announcement(plan, sequence, source, before or public.Before())
    outcome = {
        "@spec": "fairlot.draw/v1 outcome",
        "announcement": public.digest_of({"announcement.json": announced}),
        "beacon": (taken or source).identity(),
        "value": value or beacon.recorded(ROUND),
        "chances": "c4" * 32,
        "drawn": len(drawn),
        "results": {"rows": 64, "root": "5f" * 32},
    }
    head = "site_id,uscc,name,bureau_id,sector,credit_class,rule,detail,pi"
    files = {
        "announcement.json": announced,
        "outcome.json": canonical.encode(outcome) + b"\n",
        "coverage.csv": coverage_csv(coverage),
        "drawn.csv": lines("drawn", head, drawn),
        "teams.csv": lines("teams", "site_id,seat,officer_id,borrowed", teams),
        "schedule.csv": lines("schedule", "site_id,first,last,clash", weeks),
    }
    return sealed({**files, **(more or {})})


def recused(files: Mapping[str, bytes], site: str, officer: str, reason: str) -> dict[str, bytes]:
    """Return the record with one more recusal, which waits for its replacement."""
    return public.recuse(files, beacon.Drand(ROUND + 100), site=site, officer=officer, reason=reason,
                         recorded_at=LATER, signer=SIGNER)  # fmt: skip


def closed(files: Mapping[str, bytes], site: str, reason: str) -> dict[str, bytes]:
    """Return the record with one more closure, which waits for its stand-in."""
    return public.close(files, beacon.Drand(ROUND + 100), site=site, reason=reason,
                        recorded_at=LATER, signer=SIGNER)  # fmt: skip


def answered(files: Mapping[str, bytes], **answer: Any) -> dict[str, bytes]:
    """Return the record with what answers the event that waits, as far as a notice reads it."""
    name = public.waiting(files).name.replace("event", "replacement")
    return sealed({**files, f"{name}.json": canonical.encode(answer) + b"\n"})
