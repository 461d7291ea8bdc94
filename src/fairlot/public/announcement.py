"""The announcement: everything that decides a draw, fixed before the randomness exists."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from math import ceil
from typing import Any

from fairlot._base.errors import InvalidInput, within
from fairlot._base.progress import Progress, silent
from fairlot.planning import Foreseen, Plan, Tables, deciding
from fairlot.planning.deciding import check_table, renamed
from fairlot.planning.quotas import quotas
from fairlot.planning.staffing import refuse_shortage
from fairlot.planning.views import veiled
from fairlot.public import beacon, canonical, note
from fairlot.public.committed import REGISTERS, Commitment, commit
from fairlot.public.custodians import LEAST, Custodian, read_custodians
from fairlot.public.disclosure import frames_of, opening_json, sheets
from fairlot.public.folder import SPEC, TABLES
from fairlot.public.human import Human
from fairlot.public.pseudonym import Names
from fairlot.public.published import Beacon
from fairlot.public.seal import open_seal, seal
from fairlot.public.suite import suite
from fairlot.registers import Registers

__all__ = [
    "ALGORITHMS",
    "Before",
    "announce",
    "digest_of",
    "one_line",
    "plan_of",
    "read_body",
    "refuse_lone_hand",
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
UNTRIED: dict[str, canonical.Json] = {"teams": "not tried"}
MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"
ORIGIN = r"[^\s+\x00-\x1f\x7f]{1,200}"
MAX_JSON = 1 << 20
MOST = 16
"""Human inputs, custodians, fallbacks or witnesses of one announcement."""


@dataclass(frozen=True, slots=True)
class Before:
    """What people add to an announcement beyond plan and registers, all of it before the beacon.

    human       digits that somebody rolled or declared
    custodians  who holds a salt of a sealed draw: at least two when the plan seals it
    fallbacks   beacons to switch to, in order, if the announced one fails
    witnesses   keys (vkeys) of those who may witness such a switch
    log         origin of the public log that holds the announcement, "" without one
    """

    human: Sequence[Human] = ()
    custodians: Sequence[Custodian] = ()
    fallbacks: Sequence[Beacon] = ()
    witnesses: Sequence[str] = ()
    log: str = ""

    def encode(self) -> dict[str, canonical.Json]:
        """Return these fields of the announcement."""
        return {
            "human": [each.encode() for each in self.human],
            "custodians": [each.encode() for each in self.custodians],
            "fallbacks": [each.identity() for each in self.fallbacks],
            "witnesses": list(self.witnesses),
            "log": self.log,
        }

    @classmethod
    def decode(cls, body: Mapping[str, Any]) -> "Before":
        """Return the fields of an announcement; refuse any that :meth:`encode` does not write."""
        for name in ("human", "custodians", "fallbacks", "witnesses"):
            if not isinstance(body[name], list) or len(body[name]) > MOST:
                raise InvalidInput("{name} is {got}; want a list of at most {most}",
                                   zh="{name} 为 {got}，应为至多 {most} 项的列表",
                                   name=name, got=str(body[name])[:100], most=MOST)  # fmt: skip
        if not isinstance(body["log"], str) or not re.fullmatch(f"({ORIGIN})?", body["log"]):
            raise InvalidInput("log is {got!r}; want the origin of a log",
                               zh="log 为 {got!r}，应为日志来源名",
                               got=str(body["log"])[:100])  # fmt: skip
        return cls(
            human=tuple(map(Human.decode, body["human"])),
            custodians=read_custodians(body["custodians"]),
            fallbacks=tuple(map(beacon.source, body["fallbacks"])),
            witnesses=tuple(str(note.Vkey.parse(str(each))) for each in body["witnesses"]),
            log=body["log"],
        )


def announce(
    plan: Plan,
    registers: Registers,
    source: Beacon,
    *,
    signer: note.Signer,
    announced_at: datetime,
    names: Names,
    before: Before | None = None,
    foreseen: Foreseen | None = None,
    sequence: int = 1,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return the files of an announcement in full, by name, sealed with the authority's key.

    What they hold are the columns that decide (see ``planning.deciding``), the plan, what people
    put in beforehand, and the beacon to come; people stand under their pseudonyms in ``names``,
    whose secret nobody else may know. ``disclosure.published`` says which of it may be shown.
    ``foreseen`` (see ``planning.outlook``) is told as it is. Refused are a beacon that was out at
    ``announced_at`` or comes out within the plan's margin, a sealed plan without two custodians,
    and a plan that contradicts itself on this roster.
    """
    before = before or Before()
    _refuse_haste(plan, source, announced_at)
    refuse_lone_hand(plan, before)
    progress("announce", 0, 3)
    tables = _sound(plan, registers, names)
    progress("announce", 1, 3)
    chosen = suite(plan.proof.suite)
    keys = {name: names.key(name) for name in TABLES}
    commitments = commit(frames_of(tables), keys, chosen)
    progress("announce", 2, 3)
    body: dict[str, Any] = {
        "@spec": ANNOUNCEMENT,
        "sequence": sequence,
        "announced_at": _moment(announced_at),
        "plan": plan.table(),
        "registers": {name: each.announced() for name, each in commitments.items()},
        "foreseen": _told(foreseen) if foreseen else UNTRIED,
        "beacon": source.identity(),
        "algorithms": ALGORITHMS,
        "key": signer.vkey,
        **before.encode(),
    }
    announcement = canonical.encode(body) + b"\n"
    read_body({"announcement.json": announcement})  # what nobody could read back is refused here
    opening = opening_json(announcement, keys)
    files = {"announcement.json": announcement, "opening.json": opening}
    return seal({**files, **sheets(plan, tables, keys, chosen)}, signer)


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


def refuse_lone_hand(plan: Plan, before: Before) -> None:
    """Refuse a sealed draw that one hand can open, and custodians of one that is not sealed."""
    names = {each.name for each in before.custodians}
    if plan.proof.opens and len(names) < LEAST:
        raise InvalidInput("a sealed draw needs at least two custodians; got {got}",
                           zh="封存抽取至少需要两名保管人，实有 {got} 名",
                           got=len(names))  # fmt: skip
    if before.custodians and not plan.proof.opens:
        raise InvalidInput("custodians hold the salts of a sealed draw; this plan seals nothing",
                           zh="保管人仅用于封存抽取，本方案未封存")  # fmt: skip


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


def _refuse_haste(plan: Plan, source: Beacon, announced_at: datetime) -> None:
    """Refuse randomness that is out, or about to be."""
    source.refuse_if_known(announced_at)
    ahead = source.time - int(announced_at.timestamp())
    if ahead < plan.proof.margin:
        raise InvalidInput(
            "{beacon} comes out {got} s after the announcement; the plan's margin is {want} s",
            zh="{beacon} 在公告后 {got} 秒公布，方案要求至少相隔 {want} 秒",
            beacon=str(source), got=ahead, want=plan.proof.margin,
        )  # fmt: skip


def _sound(plan: Plan, registers: Registers, names: Names) -> Tables:
    """Return what decides, as the view has it; refuse what must not become an announcement.

    A plan that contradicts itself on this roster, or one that nobody can carry out.
    """
    tables = deciding(plan, registers)
    for name in TABLES:
        with within(name):
            check_table(name, getattr(tables, name))
    refuse_shortage(plan, quotas(plan, tables.standings), tables)
    tables = renamed(tables, names.pseudonyms)
    return veiled(tables, names.site_pseudonyms) if plan.proof.view == "pseudonymous" else tables


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


def _check_scalars(body: Mapping[str, Any]) -> None:
    """Refuse a number, a moment or a key that ``announce`` could not have written."""
    _refuse_own_witness(note.Vkey.parse(str(body["key"])), Before.decode(body).witnesses)
    beacon.source(body["beacon"])
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


def _refuse_own_witness(own: note.Vkey, witnesses: Sequence[str]) -> None:
    """Refuse one key under two names, the authority's own among them: that is one witness."""
    keys = [note.Vkey.parse(each).public_key for each in witnesses]
    if len({*keys, own.public_key}) <= len(keys):
        raise InvalidInput("witnesses: one key stands there twice, or is the authority's own",
                           zh="witnesses：同一公钥重复，或为主管机关自身的公钥")  # fmt: skip


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
    """Refuse anything that :func:`_told` does not write."""
    match told:
        case {"teams": "not tried" | "for every list", **rest} if not rest:
            return
        case {"teams": "tried", "trials": int(), "failures": int(), "at_most": str(share), **rest}:
            if not rest and re.fullmatch(r"[01]\.[0-9]{4}", share):
                return
    raise InvalidInput("foreseen is {got!r}", zh="foreseen 为 {got!r}，格式不符",
                       got=str(told)[:100])  # fmt: skip


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def one_line(data: bytes) -> bytes:
    """Return what stands before the line end of a file of one line."""
    if not data.endswith(b"\n"):
        raise InvalidInput("ends without a line end; it was cut short",
                           zh="文件末尾缺少换行，内容被截断")  # fmt: skip
    return data[:-1]
