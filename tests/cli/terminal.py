"""A command line run in this process, and the draws that many transcripts begin with.

A draw of today would have to wait for its randomness. So these were announced years ago, under
rounds that are recorded here, as the commands would have done it then.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot import cli, public, registers
from fairlot.cli.records import grow, read_full, with_notice, write_record
from fairlot.planning import Plan
from fairlot.public import beacon, canonical, note, tlock
from fairlot.public.custodians import salt_file
from fairlot.public.drand import Drand
from fairlot.public.suite import suite
from fairlot.registers import examples

__all__ = [
    "AHEAD", "EARLY", "LATE", "SECRET", "SHANGHAI", "SIGNER", "Terminal", "announce", "announced",
    "drawn", "happened", "in_new_folder", "plan_with",
]  # fmt: skip

SHANGHAI = examples.folder("shanghai")
ROUNDS = Path(beacon.__file__).parent / "rounds"
AHEAD = "drand@2099-01-01T00:00:00Z"
EARLY, LATE = 1000, 9367912
BEFORE, AFTER = datetime(2023, 8, 23, 9, tzinfo=UTC), datetime(2024, 7, 13, 9, tzinfo=UTC)
SIGNER = note.Signer("office", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SALTS = {"公证处": b"\x11" * 32, "纪检组": b"\x22" * 32}
SECRET = ("--secret", "announced.secret.json")


class Terminal:
    """Runs a command line in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = monkeypatch, capsys

    def __call__(self, *words: object, code: int = 0) -> str:
        self._patch.setattr("sys.argv", ["fairlot", *map(str, words)])
        self._patch.delenv("FAIRLOT_LANG", raising=False)
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = self._capture.readouterr()
        assert (left.value.code or 0) == code, told
        return told.out + told.err


def in_new_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Terminal:
    """What every transcript starts with; each module makes a fixture of it."""
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def announce(fairlot: Terminal, *more: object, plan: Path | None = None, rosters: Path = SHANGHAI,
             out: str = "announced", code: int = 0) -> str:  # fmt: skip
    """Announce at the terminal, under a round that is far ahead."""
    return fairlot("announce", plan or rosters / "plan.toml", rosters, "--key", "office.key",
                   "--beacon", AHEAD, "--out", out, *more, code=code)  # fmt: skip


def plan_with(proof: str) -> str:
    """The example's plan with what it says of the proof."""
    return (SHANGHAI / "plan.toml").read_text("utf-8") + f"\n[proof]\n{proof}\n"


def announced(proof: str = "", *, locked: bool = False) -> None:
    """Leave what ``announce`` left in 2023, and the files of the rounds and the custodians."""
    files, names, plan = _announced(proof, locked)
    _office(plan, names, files)
    write_record(Path("announced"), files, plan, SIGNER)


def drawn(proof: str = "") -> None:
    """Leave what ``announce`` and ``draw`` left, the announced folder itself excepted."""
    (_, names, plan), files = _announced(proof), _drawn(proof)
    _office(plan, names, files)
    write_record(Path("record"), files, plan, SIGNER)


def happened(site: str, officer: str = "") -> str:
    """Record in 2024 that an officer steps back or, without one, that the site is closed."""
    files, source = read_full(Path("record")), Drand(LATE)
    told: dict[str, Any] = {
        "site": site,
        "reason": "申请回避",
        "recorded_at": AFTER,
        "signer": SIGNER,
    }
    grown = (
        public.recuse(files, source, officer=officer, **told)
        if officer
        else public.close(files, source, **told)
    )
    event, plan = public.read_events(grown)[-1], public.head_of(files).plan
    grow(Path("record"), with_notice(grown, SIGNER), plan, SIGNER)
    public.Ledger("office.key.ledger").add(event.name, plan, event.digest.hex())
    return event.name


@cache
def _announced(proof: str, locked: bool = False) -> tuple[dict[str, bytes], public.Names, Plan]:
    plan, rosters = Plan.parse(plan_with(proof)), registers.example("shanghai")
    hashed = suite(plan.proof.suite)
    held = [
        public.Custodian(name, public.commitment(name, salt, hashed), _lock(salt) if locked else {})
        for name, salt in SALTS.items()
    ]
    names = public.Names.of(rosters, bytes(range(32)), suite=hashed)
    files = public.announce(
        plan, rosters, Drand(EARLY), names=names, signer=SIGNER, announced_at=BEFORE,
        before=public.Before(custodians=held if plan.proof.opens else ()),
    )  # fmt: skip
    return files, names, plan


def _lock(salt: bytes) -> dict[str, canonical.Json]:
    return {"round": LATE, "ciphertext": tlock.lock(salt, LATE)}


@cache
def _drawn(proof: str) -> dict[str, bytes]:
    files, _, plan = _announced(proof)
    salts = SALTS if plan.proof.opens else None
    given = public.draw(files, beacon.recorded(EARLY), signer=SIGNER, salts=salts)
    return with_notice(given, SIGNER)


def _office(plan: Plan, names: public.Names, files: Mapping[str, bytes]) -> None:
    """Leave key, ledger and secret, what the beacons gave and what the custodians keep."""
    note.save_key(SIGNER, Path("office.key"))
    digest = public.digest_of(files)
    public.write_private("announced.secret.json", names.to_bytes(digest))
    public.Ledger("office.key.ledger").add("announced", plan, digest)
    copy(ROUNDS / f"quicknet-{EARLY}.json", "round.json")
    copy(ROUNDS / f"quicknet-{LATE}.json", "later.json")
    for name, salt in SALTS.items():
        Path(f"{name}.json").write_bytes(salt_file(name, salt))
