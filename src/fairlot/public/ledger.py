"""The authority's own ledger: which task was announced and drawn under a key, one line an event.

It keeps an honest office from drawing one task twice by accident. It proves nothing to others;
a public log does.
"""

import os
from pathlib import Path

from fairlot._base.errors import InvalidInput
from fairlot.planning import Plan

__all__ = ["Ledger"]


class Ledger:
    """A text file beside the key: event, digest of the announcement, and the task, tab-separated."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    def refuse(self, event: str, plan: Plan) -> None:
        """Refuse when this event is already written for the plan's task."""
        task = _task(plan)
        for line in self._lines():
            was, digest, of = line.split("\t", 2)
            if (was, of) == (event, task):
                raise InvalidInput(
                    "task {task} was already {event} under this key (announcement {digest}…); "
                    "a new draw needs a task number of its own",
                    zh="任务 {task} 已用此密钥{event_zh}（公告 {digest}…）；再次抽取须另立任务编号",
                    task=plan.task, event=event, digest=digest[:16],
                    event_zh={"announced": "公告", "drawn": "抽取"}[event],
                )  # fmt: skip

    def add(self, event: str, plan: Plan, digest: str) -> None:
        """Write one event down, on disk before this returns."""
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"{event}\t{digest}\t{_task(plan)}\n")
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> list[str]:
        return self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []


def _task(plan: Plan) -> str:
    return " / ".join((plan.authority, plan.scope, plan.period, plan.task))
