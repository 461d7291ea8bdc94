"""The authority's own ledger: which task was announced and drawn under a key, one line an event.

It keeps an honest office from drawing one task twice by accident. It proves nothing to others;
a public log does.
"""

import os
from pathlib import Path

from fairlot._base.errors import InvalidInput, within
from fairlot.planning import Plan
from fairlot.public import canonical

__all__ = ["Ledger"]

FIELDS = {"event": str, "digest": str, "task": str}
WORDS = {"announced": ("announced", "公告"), "drawn": ("drawn", "抽取")}
ANEW = "a new draw needs a task number of its own", "再次抽取须另立任务编号"
OLDER = "go on from the copy of the record that holds it", "请以含有该文件的记录继续"
MAX_EVENTS = 1_000_000


class Ledger:
    """A text file beside the key: event, digest and task, a line of canonical JSON each."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    def refuse(self, event: str, plan: Plan, digest: str = "") -> None:
        """Refuse when the event is written for the plan's task, unless with this same digest.

        A draw that is done again from the same randomness comes out the same, and may be.
        """
        way, way_zh = ANEW if event in WORDS else OLDER
        en, zh = WORDS.get(event, (f"given {event}", f"记录 {event}"))
        for was, of, task in self._events():
            if (was, task) == (event, _task(plan)) and of != digest:
                raise InvalidInput(
                    "task {task} was already {event} under this key (digest {digest}…); {way}",
                    zh="任务 {task} 已用此密钥{event_zh}（摘要 {digest}…）；{way_zh}",
                    task=plan.task, event=en, digest=of[:16], event_zh=zh,
                    way=way, way_zh=way_zh,
                )  # fmt: skip

    def add(self, event: str, plan: Plan, digest: str) -> None:
        """Write one event down, on disk before this returns."""
        (line,) = canonical.table_lines(
            {"event": [event], "digest": [digest], "task": [_task(plan)]}
        )
        with self._path.open("ab") as file:
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _events(self) -> list[tuple[str, str, str]]:
        if not self._path.exists():
            return []
        with within(str(self._path)):
            columns = canonical.parse_lines(self._path.read_bytes(), FIELDS, max_rows=MAX_EVENTS)
        return list(zip(*(columns[name] for name in FIELDS), strict=True))


def _task(plan: Plan) -> str:
    return canonical.encode([plan.authority, plan.scope, plan.period, plan.task]).decode()
