"""The announcement: everything that decides a draw, as its file says it and as it is read back."""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from fairlot._base.errors import InvalidInput, within
from fairlot.planning import Plan
from fairlot.public import beacon, canonical, note
from fairlot.public.before import Before, refuse_own_witness
from fairlot.public.committed import REGISTERS, Commitment
from fairlot.public.custodians import refuse_early_locks
from fairlot.public.folder import SPEC
from fairlot.public.moments import MOMENT
from fairlot.public.seal import open_seal

__all__ = [
    "ALGORITHMS",
    "ANNOUNCEMENT",
    "digest_of",
    "one_line",
    "plan_of",
    "read_body",
    "refuse_other_hand",
    "refuse_other_roots",
]

ANNOUNCEMENT = f"{SPEC} announcement"
ALGORITHMS = {
    "probabilities": "clip/1", "select": "nested_pivotal/1", "chances": "entropy_balanced/1",
    "assign": "dyadic/1", "schedule": "weeks/1", "replace": "replacement/1",
    "substitute": "substitute/1",
}  # fmt: skip
NAMES = {
    "@spec", "algorithms", "announced_at", "beacon", "custodians", "fallbacks", "foreseen", "human",
    "key", "log", "plan", "registers", "sequence", "witnesses",
}  # fmt: skip
MAX_JSON = 1 << 20


def read_body(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the announcement itself, parsed strictly; its registers are not looked at."""
    if "announcement.json" not in files:
        raise InvalidInput("announcement.json is missing", zh="缺少 announcement.json")
    with within("announcement.json"):
        body = canonical.decode(one_line(files["announcement.json"]), limit=MAX_JSON)
    if not isinstance(body, dict) or set(body) != NAMES:
        got = sorted(body) if isinstance(body, dict) else type(body).__name__
        raise InvalidInput(
            "announcement.json has the fields {got}; want {want}",
            zh="announcement.json 的字段为 {got}，应为 {want}", got=got, want=sorted(NAMES),
        )  # fmt: skip
    for name, want in (("@spec", ANNOUNCEMENT), ("algorithms", ALGORITHMS)):
        if body[name] != want:
            raise InvalidInput(
                "announcement.json: {name} is {got}; this version replays {want}",
                zh="announcement.json：{name} 为 {got}，本版本只能复算 {want}",
                name=name, got=body[name], want=want,
            )  # fmt: skip
    with within("announcement.json"):
        _check_scalars(body)
    return body


def plan_of(body: Mapping[str, Any]) -> Plan:
    """Return the plan, written out in full: a default that was left open could change later."""
    plan = Plan.of(body["plan"], source="announcement.json: plan")
    if canonical.encode(plan.table()) != canonical.encode(body["plan"]):
        raise InvalidInput("announcement.json: the plan is not written out in full",
                           zh="announcement.json：方案未完整写出")  # fmt: skip
    return plan


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of the announcement, as hex digits; of none, that of nothing."""
    return sha256(files.get("announcement.json", b"")).hexdigest()


def refuse_other_hand(files: Mapping[str, bytes], signer: note.Signer) -> None:
    """Refuse files that do not carry the seal of the announced key, and any other signer."""
    want = read_body(files)["key"]
    open_seal(files, want)
    if signer.vkey != want:
        raise InvalidInput(
            "the signing key is {got}; the announcement names {want}",
            zh="签名密钥为 {got}，公告指定的是 {want}", got=signer.vkey, want=want,
        )  # fmt: skip


def refuse_other_roots(commitments: Mapping[str, Commitment], body: Mapping[str, Any]) -> None:
    """Refuse registers that are not those that the announcement commits to."""
    for name, found in commitments.items():
        got, want = found.announced(), body["registers"].get(name)
        if not isinstance(want, dict) or canonical.encode(got) != canonical.encode(want):
            raise InvalidInput(
                "{name} is not the register that announcement.json commits to: got {got}, "
                "want {want}",
                zh="{name} 与 announcement.json 承诺的名录不一致：实为 {got}，应为 {want}",
                name=name, got=got, want=want,
            )  # fmt: skip


def _check_scalars(body: Mapping[str, Any]) -> None:
    """Refuse a number, a moment or a key that ``announce`` could not have written."""
    before = Before.decode(body)
    refuse_own_witness(note.Vkey.parse(str(body["key"])), before.witnesses)
    refuse_early_locks(before.custodians, [beacon.source(body["beacon"]), *before.fallbacks])
    _check_registers(body["registers"])
    _check_foreseen(body["foreseen"])
    forms = {
        "sequence": (int, "[1-9][0-9]{0,8}"),
        "announced_at": (str, MOMENT),
        "key": (str, ".+"),
    }
    for name, (kind, form) in forms.items():
        if type(body[name]) is not kind or not re.fullmatch(form, str(body[name]), re.ASCII):
            raise InvalidInput("{name} is {got!r}", zh="{name} 为 {got!r}，格式不符",
                               name=name, got=str(body[name])[:100])  # fmt: skip
    try:
        datetime.fromisoformat(body["announced_at"])
    except ValueError as error:
        raise InvalidInput(
            "announced_at: {why}", zh="announced_at：{why}", why=str(error)
        ) from None


def _check_registers(registers: object) -> None:
    """Refuse anything but the number of rows and the root of every register."""
    if not isinstance(registers, dict) or set(registers) != set(REGISTERS):
        raise InvalidInput("registers is {got}; want {want}", zh="registers 为 {got}，应含 {want}",
                           got=str(registers)[:100], want=", ".join(REGISTERS))  # fmt: skip
    for name, each in registers.items():
        match each:
            case {"rows": int(rows), "root": str(root)} if len(each) == 2:
                if type(rows) is int and rows >= 0 and re.fullmatch("[0-9a-f]{64}", root):
                    continue
        raise InvalidInput("registers: {name} is {got}; want rows and root",
                           zh="registers：{name} 为 {got}，应含 rows 与 root",
                           name=name, got=str(each)[:100])  # fmt: skip


def _check_foreseen(told: object) -> None:
    """Refuse anything that ``announce`` does not write."""
    match told:
        case {"teams": "not tried" | "for every list", **rest} if not rest:
            return
        case {"teams": "tried", "trials": int(), "failures": int(), "at_most": str(share), **rest}:
            if not rest and re.fullmatch(r"[01]\.[0-9]{4}", share):
                return
    raise InvalidInput("foreseen is {got!r}", zh="foreseen 为 {got!r}，格式不符",
                       got=str(told)[:100])  # fmt: skip


def one_line(data: bytes) -> bytes:
    """Return what stands before the line end of a file of one line."""
    if not data.endswith(b"\n"):
        raise InvalidInput("ends without a line end; it was cut short",
                           zh="文件末尾缺少换行，内容被截断")  # fmt: skip
    return data[:-1]
