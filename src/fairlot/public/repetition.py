"""One task, one draw: what two records give away when they are laid side by side."""

from collections.abc import Mapping

from fairlot._base.errors import VerificationError
from fairlot.planning import Plan
from fairlot.public.announcement import read_body
from fairlot.public.folder import LATER

__all__ = ["refuse_repetition"]


def refuse_repetition(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> None:
    """Refuse a second outcome or announcement of one task.

    Of one outcome two records may differ in how far they have grown, and in nothing else.
    """
    a, b = read_body(one), read_body(other)
    drawn = "outcome.json" in one and "outcome.json" in other
    if a == b:
        if drawn and one["outcome.json"] != other["outcome.json"]:
            raise VerificationError("the same announcement has two outcomes",
                                    zh="同一公告有两个结果")  # fmt: skip
        _refuse_fork(one, other)
        return
    names = [(p.authority, p.scope, p.period, p.task) for p in (Plan.of(x["plan"]) for x in (a, b))]
    if names[0] == names[1]:
        raise VerificationError(
            "task {task} was announced twice, as number {first} and number {second}",
            zh="任务 {task} 被公告两次：序号 {first} 与 {second}",
            task=names[0][3], first=a["sequence"], second=b["sequence"],
        )  # fmt: skip


def _refuse_fork(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> None:
    for name in sorted(one.keys() & other.keys()):
        if LATER.fullmatch(name) and one[name] != other[name]:
            raise VerificationError("the same draw has two files {name}",
                                    zh="同一次抽取有两份 {name}", name=name)  # fmt: skip
