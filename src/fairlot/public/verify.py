"""Verification: do the draw again from the record alone and compare.

Every numbered step ends in one of three verdicts: it *holds*, it *fails* (with what was got and
wanted), or it is *not shown* (with what would show it).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fairlot._base.errors import VerificationError, within
from fairlot._base.progress import Progress, silent
from fairlot.assignment import Chances, Problem, Teams, check_teams
from fairlot.planning import Quotas, coverage
from fairlot.planning.quotas import quotas
from fairlot.public import beacon
from fairlot.public.announcement import Announced, open_announced, read_body
from fairlot.public.events import read_events
from fairlot.public.folder import ANNOUNCED, BOUND, DIGESTS, OUTCOME
from fairlot.public.lists import csv_bytes
from fairlot.public.outcome import (
    chances_csv,
    drawn_csv,
    head,
    randomness_of,
    read_outcome,
    refuse_difference,
    seed_of,
    select,
)
from fairlot.public.repetition import refuse_repetition
from fairlot.public.replacing import answered
from fairlot.public.seal import open_seal
from fairlot.public.staffed import assign, commitment, staff, staff_chances, visits_csv
from fairlot.public.steps import STEPS, Check, Found, Steps, told
from fairlot.sampling import Sample

__all__ = ["Check", "checks", "verify"]


def verify(
    files: Mapping[str, bytes],
    *,
    now: datetime,
    others: Sequence[Mapping[str, bytes]] = (),
    key: str | None = None,
    progress: Progress = silent,
) -> tuple[Check, ...]:
    """Redo the whole draw from the record and return the steps; raise when one of them fails.

    ``files`` come from ``read_folder``. ``now`` is the reader's clock: a round that lies ahead of
    it cannot be known. ``others`` are further records to compare with for repeated draws. ``key``
    is the authority's public key as the reader knows it; without it the record's own is taken,
    which shows that one hand signed everything, not whose.
    """
    found = checks(files, now=now, others=others, key=key, progress=progress)
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
    others: Sequence[Mapping[str, bytes]] = (),
    key: str | None = None,
    progress: Progress = silent,
) -> tuple[Check, ...]:
    """Return every step with its verdict; never raises for what a record contains."""
    steps = Steps()
    steps.do("files", lambda: _all_there(files))
    announced = steps.do("announcement", lambda: open_announced(files))
    steps.judge("signature", lambda: _signed(files, key))
    value = steps.do("randomness", lambda: randomness_of(files))
    if announced and "outcome.json" in files:
        steps.do("announcement", lambda: _drawn_from(announced, files))
    if announced and value:
        steps.judge("beacon", lambda: _beacon(announced, value, now))
        _redo(steps, files, announced, value, now, progress)
    steps.judge("notice", lambda: _notice(files, steps.verdict("signature") == "holds"))
    steps.judge("time", lambda: _time(files))
    steps.judge("unique", lambda: _unique(files, others))
    return steps.in_order()


def _redo(
    steps: Steps,
    files: Mapping[str, bytes],
    announced: Announced,
    value: beacon.Value,
    now: datetime,
    progress: Progress,
) -> None:
    """Steps 6 to 12: replay the draw and compare every file with the one published."""
    root = seed_of(announced, value)
    progress("probabilities", 0, 5)
    decided = steps.do("probabilities", lambda: _quotas(files, announced))
    if decided is None:
        return
    progress("selection", 1, 5)
    sample = steps.do("selection", lambda: _sample(files, announced, decided, root))
    if sample is None:
        return
    again = csv_bytes(coverage(decided, sample))
    steps.do("coverage", lambda: refuse_difference("coverage.csv", files, again))
    progress("chances", 2, 5)
    staffed = steps.do("chances", lambda: _chances(files, announced, sample))
    if staffed is None:
        return
    progress("teams", 3, 5)
    teams = steps.do("teams", lambda: _teams(files, *staffed, root))
    if teams is not None:
        steps.judge("replacements", lambda: _replacements(files, teams, now))
    progress("files", 4, 5)
    lists = {name: files.get(name, b"") for name in OUTCOME if name.endswith(".csv")}
    whole = head(announced, value, len(sample), commitment(staffed[1]), lists)
    steps.do("outcome", lambda: refuse_difference("outcome.json", files, whole))


def _quotas(files: Mapping[str, bytes], announced: Announced) -> Quotas:
    decided = quotas(announced.plan, announced.tables.sites)
    refuse_difference("probabilities.csv", files, chances_csv(decided))
    return decided


def _sample(
    files: Mapping[str, bytes], announced: Announced, decided: Quotas, root: bytes
) -> Sample:
    sample = select(announced, decided, root)
    refuse_difference("drawn.csv", files, drawn_csv(announced, decided, sample))
    return sample


def _chances(
    files: Mapping[str, bytes], announced: Announced, sample: Sample
) -> tuple[Problem, Chances]:
    problem = staff(announced, sample)
    chances = staff_chances(announced, problem)
    refuse_difference("visits.csv", files, visits_csv(announced, chances))
    got, want = read_outcome(files).get("chances"), commitment(chances)
    if got != want:
        raise VerificationError("outcome.json: chances is {got}; want {want}",
                                zh="outcome.json：chances 为 {got}，应为 {want}",
                                got=got, want=want)  # fmt: skip
    return problem, chances


def _teams(files: Mapping[str, bytes], problem: Problem, chances: Chances, root: bytes) -> Teams:
    teams = assign(problem, chances, root)
    check_teams(problem, teams)
    refuse_difference("teams.csv", files, csv_bytes(teams.to_frame()))
    return teams


def _replacements(files: Mapping[str, bytes], teams: Teams, now: datetime) -> Found:
    """Redo every replacement; one that waits, or whose randomness is declared, is not shown."""
    events = read_events(files)
    answered(files, teams)
    waits = [event.name for event in events if event.answer is None]
    if waits:
        listed = ", ".join(waits)
        return "not shown", told(f"{listed} waits for its randomness", f"{listed} 等待随机数")
    for event in events:
        event.source.refuse_if_future(now)
        verdict, why = event.source.attest(event.value)
        if verdict != "holds":
            return verdict, told(f"{event.name}: {why['en']}", f"{event.name}：{why['zh']}")
    if not events:
        return "holds", {}
    return "holds", told(
        f"seats drawn anew: {len(events)}; when the events were recorded only the authority says",
        f"重抽席位 {len(events)} 个；事件的记录时间仅由主管机关自述",
    )


def _all_there(files: Mapping[str, bytes]) -> bool:
    missing = [name for name in (*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS) if name not in files]
    if missing:
        raise VerificationError("{list} is missing", zh="缺少 {list}",
                                list=", ".join(missing), missing=missing)  # fmt: skip
    return True


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


def _drawn_from(announced: Announced, files: Mapping[str, bytes]) -> None:
    """Refuse an announcement that is not the one the outcome names."""
    with within("outcome.json"):
        want = read_outcome(files).get("announcement")
    if want != announced.digest.hex():
        raise VerificationError(
            "announcement.json has the digest {got}; the outcome was drawn from {want}",
            zh="announcement.json 的摘要为 {got}，而结果出自 {want}",
            got=announced.digest.hex(), want=want,
        )  # fmt: skip


def _beacon(announced: Announced, value: beacon.Value, now: datetime) -> Found:
    source = beacon.source(announced.body["randomness"])
    source.refuse_if_future(now)
    return source.attest(value)


def _notice(files: Mapping[str, bytes], signed: bool) -> Found:
    missing = [name for name in BOUND if name not in files]
    if missing:
        return "fails", told(f"{', '.join(missing)} is missing", f"缺少 {'、'.join(missing)}")
    names = ", ".join(BOUND)
    if not signed:
        return "fails", told(
            f"{names} is bound only by the signed digests, and those do not hold",
            f"{names} 仅由签名摘要绑定，而签名摘要不成立",
        )
    return "holds", told(
        f"{names} is bound by its signed digest; it was not made again",
        f"{names} 由签名摘要绑定，未重新生成",
    )


def _time(files: Mapping[str, bytes]) -> Found:
    body = read_body(files)
    announced_at = datetime.fromisoformat(body["announced_at"])
    beacon.source(body["randomness"]).refuse_if_known(announced_at)
    return "not shown", told(
        "only the authority says when it announced; a time stamp by someone else would show it",
        "公告时间仅由主管机关自述；需第三方时间戳证明",
    )


def _unique(files: Mapping[str, bytes], others: Sequence[Mapping[str, bytes]]) -> Found:
    for other in others:
        refuse_repetition(files, other)
    compared = (
        told(
            f"no repetition among {len(others) + 1} records given",
            f"所给 {len(others) + 1} 份记录中无重复",
        )
        if others
        else told("no other record was given to compare with", "没有提供其他记录作比较")
    )
    return "not shown", told(
        f"{compared['en']}; a public log of all announcements would show it",
        f"{compared['zh']}；需公开的公告日志证明",
    )
