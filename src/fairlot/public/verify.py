"""Verification: do the draw again from the record alone and compare.

Every numbered step ends in one of three verdicts: it *holds*, it *fails* (with what was got and
wanted), or it is *not shown* (with what would show it).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fairlot._base.errors import VerificationError, within
from fairlot._base.progress import Progress, silent
from fairlot.public.announced import Announced, head_of, open_announced
from fairlot.public.announcement import read_body
from fairlot.public.custodians import locks_opened
from fairlot.public.disclosed import disclosed
from fairlot.public.folder import (
    ANNOUNCED,
    BOUND,
    DIGESTS,
    LATER,
    OUTCOME,
    PROOFS,
    SWITCH,
    subject,
)
from fairlot.public.logged import in_log
from fairlot.public.moments import moment_text
from fairlot.public.outcome import read_outcome, value_of
from fairlot.public.published import Beacon, Value
from fairlot.public.redo import redo
from fairlot.public.repetition import refuse_repetition
from fairlot.public.seal import open_seal
from fairlot.public.seen import Pins, seen_in_time
from fairlot.public.steps import STEPS, Check, Found, Steps, told
from fairlot.public.switch import check as check_switch
from fairlot.public.switch import vouched

__all__ = ["Check", "Known", "checks", "verify"]


@dataclass(frozen=True)
class Known:
    """What the reader knows from elsewhere, and does not take from the record.

    key     the authority's public key (vkey)
    pins    who may say when: time-stamping authorities, the log, its witnesses
    others  further records, to compare with for repeated draws
    audit   whether the record is the auditors' full one, and every row must be shown
    log     the folder of the public log, None without one
    """

    key: str | None = None
    pins: Pins = field(default_factory=Pins)
    others: Sequence[Mapping[str, bytes]] = ()
    audit: bool = False
    log: Path | None = None


def verify(
    files: Mapping[str, bytes],
    *,
    now: datetime,
    known: Known | None = None,
    progress: Progress = silent,
) -> tuple[Check, ...]:
    """Redo the whole draw from the record and return the steps; raise when one of them fails.

    ``files`` come from ``read_folder``. ``now`` is the reader's clock: a round that lies ahead of
    it cannot be known. Without ``known`` the record's own key is taken, which shows that one hand
    signed everything, not whose; and nobody's clock is believed.
    """
    found = checks(files, now=now, known=known, progress=progress)
    failed = [check for check in found if check.verdict == "fails"]
    if failed:
        raise VerificationError(
            "{count} of {steps} steps fail; first: {step}: {why}",
            zh="{steps} 步中有 {count} 步不成立；首先是：{step_zh}：{why_zh}",
            count=len(failed), steps=len(found), step=STEPS[failed[0].step][0],
            step_zh=STEPS[failed[0].step][1], why=failed[0].note["en"],
            why_zh=failed[0].note["zh"], checks=found,
        )  # fmt: skip
    return found


def checks(
    files: Mapping[str, bytes],
    *,
    now: datetime,
    known: Known | None = None,
    progress: Progress = silent,
) -> tuple[Check, ...]:
    """Return every step with its verdict; never raises for what a record contains."""
    known, steps = known or Known(), Steps()
    head = steps.do("announcement", lambda: head_of(files))
    if head is not None:
        steps.judge("files", lambda: _all_there(files, head))
        steps.judge("signature", lambda: _signed(files, known.key))
        steps.judge("human", lambda: _human(head))
        opened = _opened(steps, files, head)
        if "outcome.json" in files:
            _drawn(steps, files, opened or head, now, progress, known.pins)
        elif not _begun(files):
            steps.judge("randomness", lambda: _undrawn(head, now))
            steps.leave(told("not drawn yet", "尚未抽取"))
        steps.judge("disclosure", lambda: disclosed(files, opened or head, now, known.audit))
        steps.judge("time", lambda: seen_in_time(files, head, known.pins))
        steps.judge("unique", lambda: _unique(files, opened or head, known, now))
    steps.judge("notice", lambda: _notice(files, head is not None and steps.holds("signature")))
    return steps.in_order()


def _opened(steps: Steps, files: Mapping[str, bytes], head: Announced) -> Announced | None:
    """Step 4: the registers and their roots."""
    if "opening.json" not in files and head.plan.proof.opens:
        steps.judge("registers", lambda: _sealed(head))
        return None
    return steps.do("registers", lambda: open_announced(files))


def _drawn(
    steps: Steps,
    files: Mapping[str, bytes],
    announced: Announced,
    now: datetime,
    progress: Progress,
    pins: Pins,
) -> None:
    """Steps 6 to 17: the randomness, and everything that follows from it."""
    came = steps.do("randomness", lambda: _came(files, announced))
    if came is None:
        return
    steps.judge("randomness", lambda: _vouched(files, announced, pins))
    steps.judge("beacon", lambda: _beacon(*came, now))
    if announced.tables is None:
        if announced.plan.proof.opens and "opening.json" not in files:
            steps.leave(_sealed(announced)[1])
        return
    root = steps.do("custodians", lambda: announced.seed(*came))
    if root is not None:
        steps.judge("custodians", lambda: _unlocked(announced))
        redo(steps, files, announced, came, root, now, progress)


def _unlocked(announced: Announced) -> Found:
    return locks_opened(announced.before.custodians, announced.opening.lock)


def _begun(files: Mapping[str, bytes]) -> bool:
    """Say whether anything here follows a draw; an announcement alone waits for its own."""
    return any(name in {*OUTCOME, *BOUND} or LATER.fullmatch(name) for name in files)


def _undrawn(head: Announced, now: datetime) -> Found:
    source, at = head.beacon, moment_text(head.beacon.time)
    if source.time <= now.timestamp():
        return "not shown", told(
            f"not drawn yet, though {source} was due at {at}; outcome.json would show it",
            f"尚未抽取，而 {source} 应已于 {at} 公布；需 outcome.json 证明",
        )
    return "not shown", told(f"not drawn yet: {source} comes out at {at}",
                             f"尚未抽取：{source} 将于 {at} 公布")  # fmt: skip


def _all_there(files: Mapping[str, bytes], head: Announced) -> Found:
    """Refuse a record that lacks a file, or has one that no step reads: it would look verified."""
    wanted, may = _due(files, head)
    missing = sorted(wanted - set(files))
    if missing:
        raise VerificationError("{list} is missing", zh="缺少 {list}",
                                list=", ".join(missing), missing=missing)  # fmt: skip
    strangers = sorted(n for n in set(files) - wanted - may if not _follows(n, files))
    if strangers:
        raise VerificationError("{list} does not belong to this record", zh="本记录中不应有 {list}",
                                list=", ".join(map(ascii, strangers[:5])),
                                strangers=strangers)  # fmt: skip
    return "holds", {}


def _due(files: Mapping[str, bytes], head: Announced) -> tuple[set[str], set[str]]:
    """Return which files a record of this view must hold, and which others it may."""
    later = {*OUTCOME, *BOUND} if _begun(files) else set()
    if head.plan.proof.opens and "opening.json" not in files:
        every = {"announcement.json", DIGESTS, *({"outcome.json"} & later)}
        return every, {SWITCH, *({*BOUND} & later)}
    every = {*ANNOUNCED, *later, DIGESTS}
    if head.plan.proof.view == "pseudonymous":
        return every - {"sites.jsonl"}, {"sites.jsonl", SWITCH}
    return every - {"openings.jsonl"}, {SWITCH}


def _follows(name: str, files: Mapping[str, bytes]) -> bool:
    """Say whether a file is a change after the draw, or the proof of a file that is there."""
    if PROOFS.fullmatch(name):
        return subject(name) in files
    return LATER.fullmatch(name) is not None and "opening.json" in files


def _signed(files: Mapping[str, bytes], key: str | None) -> Found:
    own = read_body(files)["key"]
    if key is not None and key != own:
        raise VerificationError("the record is signed by {got}; want {want}",
                                zh="记录由 {got} 签名，应为 {want}", got=own, want=key)  # fmt: skip
    open_seal(files, own)
    if key is not None:
        return "holds", {}
    return "holds", told(
        f"by the key that the record names, {own}; compare it with the authority's",
        f"签名密钥为记录自述的 {own}；请与主管机关公布的密钥核对",
    )


def _human(head: Announced) -> Found:
    given = head.before.human
    if not given:
        return "holds", told("none was given", "无人工输入")
    bits = sum(each.bits for each in given)
    names, names_zh = ", ".join(e.by for e in given), "、".join(e.by for e in given)
    return "holds", told(
        f"{bits} bits by {names} stand in the announcement, which salts the seed",
        f"公告内含 {names_zh} 提供的 {bits} 比特，并以公告为种子加盐",
    )


def _sealed(head: Announced) -> Found:
    day = head.plan.proof.opens
    return "not shown", told(f"sealed until {day}", f"封存至 {day}")


def _came(files: Mapping[str, bytes], announced: Announced) -> tuple[Beacon, Value]:
    """Return the beacon and its value; refuse another beacon than announced, but for a switch."""
    source, value = value_of(files)
    with within("outcome.json"):
        if read_outcome(files)["announcement"] != announced.digest.hex():
            raise VerificationError(
                "was drawn from the announcement {got}; want {want}",
                zh="出自公告 {got}，应为 {want}",
                got=read_outcome(files)["announcement"], want=announced.digest.hex(),
            )  # fmt: skip
    want = announced.beacon
    if SWITCH in files:
        before, text = announced.before, files[SWITCH].decode("utf-8", "replace")
        want = check_switch(
            text, announced.digest.hex(), want, before.fallbacks, before.witnesses
        ).taken
    if source != want:
        raise VerificationError("the randomness is of {got}; want {want}",
                                zh="随机数来自 {got}，应为 {want}",
                                got=str(source), want=str(want))  # fmt: skip
    return source, value


def _vouched(files: Mapping[str, bytes], announced: Announced, pins: Pins) -> Found:
    if SWITCH not in files:
        return "holds", {}
    return vouched(
        files[SWITCH].decode("utf-8", "replace"), announced.before.witnesses, pins.witnesses
    )


def _beacon(source: Beacon, value: Value, now: datetime) -> Found:
    source.refuse_if_future(now)
    return source.attest(value)


def _notice(files: Mapping[str, bytes], signed: bool) -> Found:
    names = ", ".join(BOUND)
    if not set(BOUND) <= set(files):
        return "not shown", told(f"{names} is not there yet", f"尚无 {names}")
    if not signed:
        return "fails", told(
            f"{names} is bound only by the signed digests, and those do not hold",
            f"{names} 仅由签名摘要绑定，而签名摘要不成立",
        )
    return "holds", told(
        f"{names} is bound by its signed digest; it was not made again",
        f"{names} 由签名摘要绑定，未重新生成",
    )


def _unique(files: Mapping[str, bytes], head: Announced, known: Known, now: datetime) -> Found:
    for other in known.others:
        refuse_repetition(files, other)
    if known.log is not None:
        return in_log(files, head, known.log, known.pins, now, known.others)
    count = len(known.others) + 1
    events = any(name.startswith("event-") for name in files)
    more = (
        ("of all announcements and events", "公告与事件")
        if events
        else ("of all announcements", "公告")
    )
    return "not shown", told(
        f"no repetition among {count} records given; the public log {more[0]} would show it (--log)",
        f"所给 {count} 份记录中无重复；需公开的{more[1]}日志证明（--log）",
    )
