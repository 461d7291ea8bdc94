"""The numbered steps of a verification, and the verdict that each comes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from fairlot._base.errors import FairlotError

__all__ = ["STEPS", "Check", "Found", "Steps", "printable", "told"]

Verdict = Literal["holds", "fails", "not shown"]
Found = tuple[Verdict, Mapping[str, str]]
T = TypeVar("T")

LONGEST = 2000  # characters of a note


@dataclass(frozen=True, slots=True)
class Check:
    """One step of a verification and its verdict; ``note`` tells the reader why."""

    number: int
    step: str
    verdict: Verdict
    note: Mapping[str, str]


STEPS = {
    "files": ("all files are there", "文件齐全"),
    "announcement": ("the announcement is of this version and whole", "公告版本与格式正确"),
    "signature": (
        "every file is as the announced key signed it",
        "全部文件与公告所载密钥的签名一致",
    ),
    "registers": ("the registers are those committed to", "名录与公告承诺一致"),
    "human": ("human input stands in the announcement", "人工输入载于公告"),
    "randomness": ("the randomness is the one announced", "随机数与公告指定的来源一致"),
    "beacon": ("the randomness comes from its beacon", "随机数确由信标发布"),
    "custodians": ("the custodians' salts are those committed to", "保管人盐值与承诺一致"),
    "probabilities": ("the probabilities follow from the plan", "概率可由方案复算"),
    "selection": ("the drawn list follows from the randomness", "抽中名单可由随机数复算"),
    "chances": (
        "the officers' chances follow and are those committed to",
        "人员概率可复算且与承诺一致",
    ),
    "teams": ("the teams follow and break no rule", "检查组可复算且不违反任何规则"),
    "schedule": ("the weeks follow from the randomness", "检查周次可由随机数复算"),
    "coverage": ("the coverage follows from the list", "覆盖率可由名单复算"),
    "results": ("the result of every site is bound", "每一场所的结果均已绑定"),
    "outcome": ("the outcome file follows", "结果文件可复算"),
    "replacements": (
        "every later change is recorded and follows from its randomness",
        "事后每项变更均有记录，且可由其随机数复算",
    ),
    "disclosure": ("what was to be shown by now is shown", "应公开的内容已公开"),
    "notice": ("the notice is the one that was signed", "公示页与签名一致"),
    "time": ("announced before the randomness existed", "公告早于随机数产生"),
    "unique": ("the only draw of this task", "本任务仅此一次抽取"),
}
"""Every step by its key, in order, in English and Chinese."""


def told(en: str, zh: str) -> Mapping[str, str]:
    """Return what is told of a verdict, in both languages."""
    return {"en": en, "zh": zh}


class Steps:
    """Collects verdicts; what goes wrong inside a record becomes the verdict of its step."""

    def __init__(self, table: Mapping[str, tuple[str, str]] = STEPS) -> None:
        self._table = table
        self._found: dict[str, Found] = {}
        self._unreached: Found = (
            "not shown",
            told("an earlier step does not hold", "前面的步骤未成立"),
        )

    def judge(self, step: str, work: Callable[[], Found]) -> None:
        """Note the verdict that ``work`` comes to."""
        try:
            self._found[step] = work()
        except FairlotError as error:
            self._found[step] = "fails", told(error.text("en"), error.text("zh"))
        except Exception as error:  # what numpy and pandas raise on values no honest record holds
            text = f"{type(error).__name__}: {error}"
            self._found[step] = "fails", told(text, text)

    def do(self, step: str, work: Callable[[], T]) -> T | None:
        """Note that the step holds if ``work`` returns, and give what it returned."""
        done: list[T] = []

        def held() -> Found:
            done.append(work())
            return "holds", {}

        self.judge(step, held)
        return done[0] if done else None

    def leave(self, why: Mapping[str, str]) -> None:
        """Say why the steps that will not be reached are not shown."""
        self._unreached = "not shown", why

    def holds(self, step: str) -> bool:
        """Return whether a step was judged and holds."""
        return self._found.get(step, ("not shown", {}))[0] == "holds"

    def in_order(self) -> tuple[Check, ...]:
        """Return every step; one that was never reached is not shown."""
        found = [self._found.get(step, self._unreached) for step in self._table]
        return tuple(
            Check(number, step, verdict, {lang: printable(text) for lang, text in note.items()})
            for number, (step, (verdict, note)) in enumerate(
                zip(self._table, found, strict=True), 1
            )
        )


def printable(text: str) -> str:
    """Return one line without controls and marks of direction: a note may repeat hostile text.

    >>> printable("S1\\x1b[2J\\u202e")
    'S1�[2J�'
    """
    return "".join(sign if sign.isprintable() else "�" for sign in text[:LONGEST])
