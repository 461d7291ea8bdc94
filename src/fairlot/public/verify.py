"""Verification: do the draw again from the record alone and compare.

Every numbered step ends in one of three verdicts: it *holds*, it *fails* (with what was got and
wanted), or it is *not shown* (with what would show it).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from fairlot._base.errors import FairlotError, VerificationError, within
from fairlot._base.progress import Progress, silent
from fairlot.assignment import check_teams
from fairlot.planning import Plan, Quotas, coverage
from fairlot.planning.quotas import quotas
from fairlot.public import beacon, canonical
from fairlot.public.announcement import MAX_JSON, Announced, open_announced, read_body
from fairlot.public.folder import ANNOUNCED, BOUND, DIGESTS, OUTCOME
from fairlot.public.outcome import (
    assign,
    chances_csv,
    csv_bytes,
    drawn_csv,
    head,
    seed_of,
    select,
)
from fairlot.public.seal import open_seal
from fairlot.sampling import Sample

__all__ = ["Check", "checks", "verify"]

Verdict = Literal["holds", "fails", "not shown"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Check:
    """One step of a verification and its verdict; ``note`` tells the reader why."""

    number: int
    step: str
    verdict: Verdict
    note: Mapping[str, str]


STEPS = {
    "files": ("all files are there", "文件齐全"),
    "announcement": ("the announcement and its registers agree", "公告与名录一致"),
    "signature": (
        "every file is as the announced key signed it",
        "全部文件与公告所载密钥的签名一致",
    ),
    "randomness": ("the randomness is the one announced", "随机数与公告指定的来源一致"),
    "beacon": ("the randomness comes from its beacon", "随机数确由信标发布"),
    "probabilities": ("the probabilities follow from the plan", "概率可由方案复算"),
    "selection": ("the drawn list follows from the randomness", "抽中名单可由随机数复算"),
    "teams": ("the teams follow and break no rule", "检查组可复算且不违反任何规则"),
    "coverage": ("the coverage follows from the list", "覆盖率可由名单复算"),
    "outcome": ("the outcome file follows", "结果文件可复算"),
    "notice": ("the notice is the one that was signed", "公示页与签名一致"),
    "time": ("announced before the randomness existed", "公告早于随机数产生"),
    "unique": ("the only draw of this task", "本任务仅此一次抽取"),
}
"""Every step by its key, in order, in English and Chinese."""


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
    steps = _Steps()
    steps.do("files", lambda: _all_there(files))
    announced = steps.do("announcement", lambda: open_announced(files))
    steps.judge("signature", lambda: _signed(files, key))
    value = steps.do("randomness", lambda: _randomness(files))
    if announced and "outcome.json" in files:
        steps.do("announcement", lambda: _drawn_from(announced, files))
    if announced and value:
        steps.judge("beacon", lambda: _beacon(announced, value, now))
        _redo(steps, files, announced, value, progress)
    steps.judge("notice", lambda: _notice(files, steps.verdict("signature") == "holds"))
    steps.judge("time", lambda: _time(files))
    steps.judge("unique", lambda: _unique(files, others))
    return steps.in_order()


class _Steps:
    """Collects verdicts; what goes wrong inside a record becomes the verdict of its step."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Verdict, Mapping[str, str]]] = {}

    def judge(self, step: str, work: Callable[[], tuple[Verdict, Mapping[str, str]]]) -> None:
        """Note the verdict that ``work`` comes to."""
        try:
            self._found[step] = work()
        except FairlotError as error:
            self._found[step] = "fails", {"en": error.text("en"), "zh": error.text("zh")}
        except Exception as error:  # what numpy and pandas raise on values no honest record holds
            told = f"{type(error).__name__}: {error}"
            self._found[step] = "fails", {"en": told, "zh": told}

    def do(self, step: str, work: Callable[[], T]) -> T | None:
        """Note that the step holds if ``work`` returns, and give what it returned."""
        done: list[T] = []

        def held() -> tuple[Verdict, Mapping[str, str]]:
            done.append(work())
            return "holds", {}

        self.judge(step, held)
        return done[0] if done else None

    def verdict(self, step: str) -> Verdict:
        """Return the verdict of a step that was judged."""
        return self._found[step][0]

    def in_order(self) -> tuple[Check, ...]:
        """Return every step; one that was never reached is not shown."""
        unreached = "not shown", _say("an earlier step fails", "前面的步骤不成立")
        return tuple(
            Check(number, step, *self._found.get(step, unreached))  # type: ignore[arg-type]
            for number, step in enumerate(STEPS, 1)
        )


def _redo(
    steps: _Steps,
    files: Mapping[str, bytes],
    announced: Announced,
    value: beacon.Value,
    progress: Progress,
) -> None:
    """Steps 6 to 10: replay the draw and compare every file with the one published."""
    root = seed_of(announced, value)
    progress("probabilities", 0, 4)
    decided = steps.do("probabilities", lambda: _quotas(files, announced))
    if decided is None:
        return
    progress("selection", 1, 4)
    sample = steps.do("selection", lambda: _sample(files, announced, decided, root))
    if sample is None:
        return
    progress("teams", 2, 4)
    steps.do("teams", lambda: _teams(files, announced, sample, root))
    progress("files", 3, 4)
    again = csv_bytes(coverage(decided, sample))
    steps.do("coverage", lambda: _same("coverage.csv", files, again))
    lists = {name: files.get(name, b"") for name in OUTCOME if name.endswith(".csv")}
    told = head(announced, value, len(sample), lists)
    steps.do("outcome", lambda: _same("outcome.json", files, told))


def _quotas(files: Mapping[str, bytes], announced: Announced) -> Quotas:
    decided = quotas(announced.plan, announced.tables.sites)
    _same("probabilities.csv", files, chances_csv(decided))
    return decided


def _sample(
    files: Mapping[str, bytes], announced: Announced, decided: Quotas, root: bytes
) -> Sample:
    sample = select(announced, decided, root)
    _same("drawn.csv", files, drawn_csv(announced, decided, sample))
    return sample


def _teams(files: Mapping[str, bytes], announced: Announced, sample: Sample, root: bytes) -> None:
    teams = assign(announced, sample, root)
    check_teams(teams.problem, teams)
    _same("teams.csv", files, csv_bytes(teams.to_frame()))


def _say(en: str, zh: str) -> Mapping[str, str]:
    return {"en": en, "zh": zh}


def _all_there(files: Mapping[str, bytes]) -> bool:
    missing = [name for name in (*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS) if name not in files]
    if missing:
        raise VerificationError("{list} is missing", zh="缺少 {list}",
                                list=", ".join(missing), missing=missing)  # fmt: skip
    return True


def _signed(files: Mapping[str, bytes], key: str | None) -> tuple[Verdict, Mapping[str, str]]:
    own = read_body(files)["key"]
    if key is not None and key != own:
        raise VerificationError("the record is signed by {got}; want {want}",
                                zh="记录由 {got} 签名，应为 {want}", got=own, want=key)  # fmt: skip
    open_seal(files, own)
    if key is not None:
        return "holds", {}
    return "holds", _say(
        f"by the key that the record names, {own}; compare it with the authority's",
        f"签名密钥为记录自述的 {own}；请与主管机关公布的密钥核对",
    )


def _randomness(files: Mapping[str, bytes]) -> beacon.Value:
    """Return the published value of the randomness, if it is of the kind announced."""
    if "outcome.json" not in files:
        raise VerificationError("outcome.json is missing: announced, but not drawn",
                                zh="缺少 outcome.json：已公告，尚未抽取")  # fmt: skip
    with within("outcome.json"):
        value = _outcome(files).get("randomness")
        if not isinstance(value, dict):
            raise VerificationError("has no field randomness", zh="缺少 randomness 字段")
        return beacon.source(read_body(files)["randomness"]).canonical(value)


def _outcome(files: Mapping[str, bytes]) -> Mapping[str, canonical.Json]:
    outcome = canonical.decode(files["outcome.json"].removesuffix(b"\n"), limit=MAX_JSON)
    return outcome if isinstance(outcome, dict) else {}


def _drawn_from(announced: Announced, files: Mapping[str, bytes]) -> None:
    """Refuse an announcement that is not the one the outcome names."""
    with within("outcome.json"):
        want = _outcome(files).get("announcement")
    if want != announced.digest.hex():
        raise VerificationError(
            "announcement.json has the digest {got}; the outcome was drawn from {want}",
            zh="announcement.json 的摘要为 {got}，而结果出自 {want}",
            got=announced.digest.hex(), want=want,
        )  # fmt: skip


def _beacon(
    announced: Announced, value: beacon.Value, now: datetime
) -> tuple[Verdict, Mapping[str, str]]:
    source = beacon.source(announced.body["randomness"])
    source.refuse_if_future(now)
    return source.attest(value)


def _same(name: str, files: Mapping[str, bytes], want: bytes) -> None:
    """Refuse a published file that is not, byte for byte, what the replay makes."""
    got = files.get(name, b"")
    if got == want:
        return
    ours, theirs = want.split(b"\n"), got.split(b"\n")
    differing = [i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]]
    line = differing[0] if differing else min(len(ours), len(theirs))
    got_line, want_line = (
        side[line].decode("utf-8", "replace")[:160] if line < len(side) else "end of file"
        for side in (theirs, ours)
    )
    raise VerificationError(
        "{file} line {line}: got {got!r}, want {want!r}",
        zh="{file} 第 {line} 行：实为 {got!r}，应为 {want!r}",
        file=name, line=line + 1, got=got_line, want=want_line,
    )  # fmt: skip


def _notice(files: Mapping[str, bytes], signed: bool) -> tuple[Verdict, Mapping[str, str]]:
    missing = [name for name in BOUND if name not in files]
    if missing:
        return "fails", _say(f"{', '.join(missing)} is missing", f"缺少 {'、'.join(missing)}")
    names = ", ".join(BOUND)
    if not signed:
        return "fails", _say(
            f"{names} is bound only by the signed digests, and those do not hold",
            f"{names} 仅由签名摘要绑定，而签名摘要不成立",
        )
    return "holds", _say(
        f"{names} is bound by its signed digest; it was not made again",
        f"{names} 由签名摘要绑定，未重新生成",
    )


def _time(files: Mapping[str, bytes]) -> tuple[Verdict, Mapping[str, str]]:
    body = read_body(files)
    announced_at = datetime.fromisoformat(body["announced_at"])
    beacon.source(body["randomness"]).refuse_if_known(announced_at)
    return "not shown", _say(
        "only the authority says when it announced; a time stamp by someone else would show it",
        "公告时间仅由主管机关自述；需第三方时间戳证明",
    )


def _unique(
    files: Mapping[str, bytes], others: Sequence[Mapping[str, bytes]]
) -> tuple[Verdict, Mapping[str, str]]:
    for other in others:
        _refuse_repetition(files, other)
    compared = (
        _say(
            f"no repetition among {len(others) + 1} records given",
            f"所给 {len(others) + 1} 份记录中无重复",
        )
        if others
        else _say("no other record was given to compare with", "没有提供其他记录作比较")
    )
    return "not shown", _say(
        f"{compared['en']}; a public log of all announcements would show it",
        f"{compared['zh']}；需公开的公告日志证明",
    )


def _refuse_repetition(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> None:
    """Refuse a second outcome or announcement of one task, and declared randomness used twice."""
    a, b = read_body(one), read_body(other)
    drawn = "outcome.json" in one and "outcome.json" in other
    if a == b:
        if drawn and one["outcome.json"] != other["outcome.json"]:
            raise VerificationError("the same announcement has two outcomes",
                                    zh="同一公告有两个结果")  # fmt: skip
        return
    names = [(p.authority, p.scope, p.period, p.task) for p in (Plan.of(x["plan"]) for x in (a, b))]
    if names[0] == names[1]:
        raise VerificationError(
            "task {task} was announced twice, as number {first} and number {second}",
            zh="任务 {task} 被公告两次：序号 {first} 与 {second}",
            task=names[0][3], first=a["sequence"], second=b["sequence"],
        )  # fmt: skip
    private = not beacon.source(a["randomness"]).public
    if drawn and private and _randomness(one) == _randomness(other):
        raise VerificationError(
            "the declared randomness of task {task} was used for task {second} too",
            zh="任务 {task} 所用的自报随机数也用于任务 {second}",
            task=names[0][3], second=names[1][3],
        )  # fmt: skip
