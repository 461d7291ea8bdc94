"""One task, one draw, one secret: what two records give away when they are laid side by side."""

from collections.abc import Mapping
from typing import Any

from fairlot._base.errors import VerificationError
from fairlot.planning import Plan
from fairlot.public.announcement import read_body
from fairlot.public.disclosure import read_opening
from fairlot.public.folder import LATER

__all__ = ["refuse_repetition"]

Files = Mapping[str, bytes]
Body = Mapping[str, Any]


def refuse_repetition(one: Files, other: Files) -> None:
    """Refuse a second outcome or announcement of one task, and two tasks with one secret.

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
    _refuse_shared_secret(one, other, a, b)


def _refuse_fork(one: Files, other: Files) -> None:
    for name in sorted(one.keys() & other.keys()):
        if LATER.fullmatch(name) and one[name] != other[name]:
            raise VerificationError("the same draw has two files {name}",
                                    zh="同一次抽取有两份 {name}", name=name)  # fmt: skip


def _refuse_shared_secret(one: Files, other: Files, a: Body, b: Body) -> None:
    """Refuse two draws under one secret: what opens a person in one opens them in the other.

    Keys follow from the secret. Of a sealed record none is shown, but salts that differ would make
    other roots, even of the same rows.
    """
    mine, theirs = (read_opening(f).keys if "opening.json" in f else {} for f in (one, other))
    shared = {name for name in mine.keys() & theirs.keys() if mine[name] == theirs[name]}
    roots = a["registers"], b["registers"]
    shared |= {name for name, each in roots[0].items() if each["rows"] and each == roots[1][name]}
    if shared:
        raise VerificationError(
            "{list} of tasks {first} and {second} were hidden with one secret; whoever is opened "
            "in one is opened in the other",
            zh="任务 {first} 与 {second} 的 {list} 使用了同一秘密值；在其一中被开启者在另一中同样被开启",
            list=", ".join(sorted(shared)), first=a["plan"]["task"], second=b["plan"]["task"],
        )  # fmt: skip
