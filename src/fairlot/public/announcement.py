"""The announcement: everything that decides a draw, fixed before the randomness exists."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from math import ceil
from typing import Any

import pandas as pd

from fairlot._base.errors import InvalidInput, within
from fairlot._base.progress import Progress, silent
from fairlot.planning import Foreseen, Plan, Tables, deciding
from fairlot.planning.deciding import SCHEMAS, check_table, renamed
from fairlot.planning.quotas import quotas
from fairlot.planning.staffing import refuse_shortage
from fairlot.public import beacon, canonical, merkle, note
from fairlot.public.folder import REGISTERS
from fairlot.public.pseudonym import Names
from fairlot.public.seal import open_seal, seal
from fairlot.registers import Registers

__all__ = [
    "ALGORITHMS",
    "SPEC",
    "Announced",
    "announce",
    "digest_of",
    "open_announced",
    "refuse_other_hand",
]

SPEC = "fairlot.draw/v0"
ALGORITHMS = {
    "probabilities": "clip/0", "select": "nested_pivotal/1", "chances": "entropy_balanced/1",
    "assign": "dyadic/1",
}  # fmt: skip
NAMES = {
    "spec", "sequence", "announced_at", "plan", "registers", "foreseen", "randomness",
    "algorithms", "key",
}  # fmt: skip
UNTRIED: dict[str, canonical.Json] = {"teams": "not tried"}
MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"
MAX_ROWS = 2_000_000
MAX_JSON = 1 << 20


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement that was read and found whole: what a replay starts from."""

    digest: bytes
    body: Mapping[str, Any]
    plan: Plan
    tables: Tables
    leaves: Mapping[str, Sequence[bytes]]


def announce(
    plan: Plan,
    registers: Registers,
    source: beacon.Source,
    *,
    signer: note.Signer,
    announced_at: datetime,
    names: Names,
    foreseen: Foreseen | None = None,
    sequence: int = 1,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return the files of an announcement, by name, sealed with the authority's key.

    What is published are the columns that decide (see ``planning.deciding``), the plan, and the
    identity of the randomness to come; people stand under their pseudonyms in ``names``, whose
    secret nobody else may know. ``foreseen`` (see ``planning.foresee``) is told as it is. A round that was public before ``announced_at``, and a plan that
    contradicts itself on this roster, are refused.
    """
    moment = announced_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    source.refuse_if_known(announced_at)
    progress("announce", 0, 3)
    tables = _sound(plan, registers)
    tables = renamed(tables, names.pseudonyms)
    progress("announce", 1, 3)
    lines = {name: _lines(getattr(tables, name)) for name in REGISTERS}
    progress("announce", 2, 3)
    body: dict[str, Any] = {
        "spec": SPEC,
        "sequence": sequence,
        "announced_at": moment,
        "plan": plan.table(),
        "registers": {name: _commitment(rows) for name, rows in lines.items()},
        "foreseen": _told(foreseen) if foreseen else UNTRIED,
        "randomness": source.identity(),
        "algorithms": ALGORITHMS,
        "key": signer.vkey,
    }
    files = {
        f"{name}.jsonl": b"".join(line + b"\n" for line in rows) for name, rows in lines.items()
    }
    return seal({"announcement.json": canonical.encode(body) + b"\n", **files}, signer)


def _sound(plan: Plan, registers: Registers) -> Tables:
    """Return what decides; refuse what must not become an announcement.

    A plan that contradicts itself on this roster, or one that nobody can carry out.
    """
    tables = deciding(plan, registers)
    for name in REGISTERS:
        with within(name):
            check_table(name, getattr(tables, name))
    refuse_shortage(plan, quotas(plan, tables.sites), tables)
    return tables


def _told(foreseen: Foreseen) -> dict[str, canonical.Json]:
    """Return what the announcement says of the lists that could be drawn."""
    if foreseen.every:
        return {"teams": "for every list"}
    at_most = ceil(foreseen.most * 10**4)
    return {
        "teams": "tried",
        "trials": foreseen.trials,
        "failures": foreseen.failures,
        "at_most": f"{at_most // 10**4}.{at_most % 10**4:04d}",
    }


def open_announced(files: Mapping[str, bytes]) -> Announced:
    """Read an announcement and its registers; refuse them unless roots and sizes agree."""
    body = read_body(files)
    plan = _plan(body)
    lines = {name: _split(files, name) for name in REGISTERS}
    leaves = {name: [merkle.leaf_hash(line) for line in rows] for name, rows in lines.items()}
    for name in REGISTERS:
        _same_commitment(name, leaves[name], body["registers"])
    tables = Tables(**{name: _table(files, name) for name in REGISTERS})
    digest = sha256(files["announcement.json"]).digest()
    return Announced(digest, body, plan, tables, leaves)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of the announcement, as hex digits; of none, that of nothing."""
    return sha256(files.get("announcement.json", b"")).hexdigest()


def read_body(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the announcement itself, parsed strictly; its registers are not looked at."""
    if "announcement.json" not in files:
        raise InvalidInput("announcement.json is missing", zh="缺少 announcement.json")
    with within("announcement.json"):
        body = canonical.decode(_one_line(files["announcement.json"]), limit=MAX_JSON)
    if not isinstance(body, dict) or set(body) != NAMES:
        got = sorted(body) if isinstance(body, dict) else type(body).__name__
        raise InvalidInput(
            "announcement.json has the fields {got}; want {want}",
            zh="announcement.json 的字段为 {got}，应为 {want}", got=got, want=sorted(NAMES),
        )  # fmt: skip
    for name, want in (("spec", SPEC), ("algorithms", ALGORITHMS)):
        if body[name] != want:
            raise InvalidInput(
                "announcement.json: {name} is {got}; this version replays {want}",
                zh="announcement.json：{name} 为 {got}，本版本只能复算 {want}",
                name=name, got=body[name], want=want,
            )  # fmt: skip
    with within("announcement.json"):
        _check_scalars(body)
    return body


def refuse_other_hand(files: Mapping[str, bytes], signer: note.Signer) -> None:
    """Refuse files that do not carry the seal of the announced key, and any other signer."""
    want = read_body(files)["key"]
    open_seal(files, want)
    if signer.vkey != want:
        raise InvalidInput(
            "the signing key is {got}; the announcement names {want}",
            zh="签名密钥为 {got}，公告指定的是 {want}", got=signer.vkey, want=want,
        )  # fmt: skip


def _check_scalars(body: Mapping[str, Any]) -> None:
    """Refuse a number, a moment or a key that ``announce`` could not have written."""
    note.Vkey.parse(str(body["key"]))
    if not isinstance(body["foreseen"], dict) or "teams" not in body["foreseen"]:
        raise InvalidInput("foreseen is {got!r}", zh="foreseen 为 {got!r}，格式不符",
                           got=str(body["foreseen"])[:100])  # fmt: skip
    for name, form in (("sequence", r"[1-9][0-9]{0,8}"), ("announced_at", MOMENT)):
        if not re.fullmatch(form, str(body[name]), re.ASCII):
            raise InvalidInput("{name} is {got!r}", zh="{name} 为 {got!r}，格式不符",
                               name=name, got=str(body[name])[:100])  # fmt: skip
    try:
        datetime.fromisoformat(body["announced_at"])
    except ValueError as error:
        raise InvalidInput(
            "announced_at: {why}", zh="announced_at：{why}", why=str(error)
        ) from None


def _plan(body: Mapping[str, Any]) -> Plan:
    """Return the plan, written out in full: a default that was left open could change later."""
    plan = Plan.of(body["plan"], source="announcement.json: plan")
    if canonical.encode(plan.table()) != canonical.encode(body["plan"]):
        raise InvalidInput("announcement.json: the plan is not written out in full",
                           zh="announcement.json：方案未完整写出")  # fmt: skip
    return plan


def _one_line(data: bytes) -> bytes:
    if not data.endswith(b"\n"):
        raise InvalidInput("ends without a line end; it was cut short",
                           zh="文件末尾缺少换行，内容被截断")  # fmt: skip
    return data[:-1]


def _lines(frame: pd.DataFrame) -> list[bytes]:
    return canonical.table_lines({name: frame[name].tolist() for name in frame.columns})


def _commitment(lines: Sequence[bytes]) -> dict[str, Any]:
    root = merkle.root([merkle.leaf_hash(line) for line in lines])
    return {"rows": len(lines), "root": root.hex()}


def _split(files: Mapping[str, bytes], name: str) -> list[bytes]:
    if f"{name}.jsonl" not in files:
        raise InvalidInput("{file} is missing", zh="缺少 {file}", file=f"{name}.jsonl")
    data = files[f"{name}.jsonl"]
    with within(f"{name}.jsonl"):
        return _one_line(data).split(b"\n") if data else []


def _same_commitment(name: str, leaves: Sequence[bytes], announced: Any) -> None:
    want = announced.get(name) if isinstance(announced, dict) else None
    got: dict[str, Any] = {"rows": len(leaves), "root": merkle.root(leaves).hex()}
    if not isinstance(want, dict) or canonical.encode(got) != canonical.encode(want):
        raise InvalidInput(
            "{file} is not the register that announcement.json commits to: got {got}, want {want}",
            zh="{file} 与 announcement.json 承诺的名录不一致：实为 {got}，应为 {want}",
            file=f"{name}.jsonl", got=got, want=want,
        )  # fmt: skip


def _table(files: Mapping[str, bytes], name: str) -> pd.DataFrame:
    schema = SCHEMAS[name]
    dtypes: dict[type, Any] = {str: object, int: "int64", bool: bool}
    with within(f"{name}.jsonl"):
        cells = canonical.parse_lines(files[f"{name}.jsonl"], schema, max_rows=MAX_ROWS)
        frame = pd.DataFrame({c: pd.Series(cells[c], dtype=dtypes[k]) for c, k in schema.items()})
        check_table(name, frame)
    return frame
