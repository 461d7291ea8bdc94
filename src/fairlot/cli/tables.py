"""The tables that several commands print."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fairlot._base.errors import Infeasible
from fairlot.cli.terminal import language, print_table, say, steps

if TYPE_CHECKING:
    import pandas as pd

    from fairlot.assignment import Blocking
    from fairlot.planning import Foreseen, Plan
    from fairlot.public import Check
    from fairlot.registers import Problem, Registers

__all__ = [
    "print_blocking",
    "print_checks",
    "print_counts",
    "print_frame",
    "print_outlook",
    "print_problems",
    "print_quotas",
    "seat_word",
]


def print_problems(problems: "tuple[Problem, ...]") -> None:
    """Print every problem of the registers, and how many there are of each severity."""
    if problems:
        header = ["severity", "file", "row", "column", "id", "got", "want", "problem"]
        rows = ([p.severity, p.file, str(p.row), p.column, p.id, p.got, p.want, p.text(language())]
                for p in problems)  # fmt: skip
        print_table(say("problems and repairs", "问题与修正"), header, rows)
    typer.echo(_counts(problems))


def print_counts(problems: "tuple[Problem, ...]", rosters: Path) -> None:
    """Print how many problems the registers have, and what lists them."""
    more = say(f"; fairlot check {rosters} lists them", f"；可用 fairlot check {rosters} 逐条列出")
    typer.echo(_counts(problems) + more * bool(problems))


def _counts(problems: "tuple[Problem, ...]") -> str:
    counts = {
        kind: sum(p.severity == kind for p in problems) for kind in ("error", "warning", "repair")
    }
    return say("registers: {error} errors, {warning} warnings, {repair} repairs",
               "名录：{error} 个错误，{warning} 个警告，{repair} 处修正").format(**counts)  # fmt: skip


def print_quotas(plan: "Plan", found: "Registers") -> None:
    """Print quotas, and the officers that their visits need against those there are."""
    from fairlot.planning import staffing

    table = staffing(plan, found)
    print_frame(say("quotas and officers", "抽查数与人员"), table)
    short = table[table["short"] > 0]["bureau_id"].tolist()
    if short:
        typer.echo(
            say(f"too few officers in: {', '.join(short)}", f"人员不足：{'、'.join(short)}"),
            err=True,
        )


def print_frame(title: str, frame: "pd.DataFrame") -> None:
    """Print a table as it is, but for the seats, which are told in the reader's language."""
    told = frame.assign(seat=frame["seat"].map(seat_word)) if "seat" in frame else frame
    rows = ([str(cell) for cell in row] for row in told.itertuples(index=False))
    print_table(title, list(told.columns), rows)


def seat_word(kind: str) -> str:
    """Return what a kind of seat is called in the language that was chosen."""
    from fairlot.assignment.wording import people_zh

    return say(kind, people_zh(kind, "", 0))


def print_outlook(plan: "Plan", found: "Registers") -> "Foreseen":
    """Print whether teams can be found for whatever is drawn; return that part for the public."""
    from fairlot.planning import deciding, outlook

    with steps() as progress:
        decided = plan.probabilities(found)
        seen = outlook(plan, decided, deciding(plan, found), progress=progress)
    for line in seen.text(language()):
        typer.echo(line)
    return seen.foreseen


def print_blocking(error: Infeasible) -> None:
    """Print every set of sites in the way, with its count and what would cure it."""
    lang = language()
    header = [say("sites", "场所"), say("officers", "人员"), say("needed", "所需"),
              say("available", "可用"), say("short", "缺"), say("would cure it", "可行的补救")]  # fmt: skip
    cures = error.facts.get("cures", ())
    print_table(say("in the way", "受阻场所"), header, (
        [", ".join(block.sites), _counted(block), str(block.need), str(block.available),
         str(block.short), "; ".join(cure.text(lang) for cure in found)]
        for block, found in zip(error.facts.get("blocking", ()), cures, strict=True)
    ))  # fmt: skip


def _counted(block: "Blocking") -> str:
    """Name who remains, with the places that each can take of those needed."""
    if not block.counts:
        return ", ".join(block.officers)
    return ", ".join(f"{who} ({n})" for who, n in block.counts)


def print_checks(
    found: "tuple[Check, ...]",
    table: Mapping[str, tuple[str, str]] | None = None,
    *,
    as_json: bool = False,
) -> None:
    """Print the verdict of every step; ``table`` has the steps, those of a record if left out."""
    from fairlot.public import STEPS

    lang, table = language(), table or STEPS
    if as_json:
        told = [{"number": c.number, "step": c.step, "verdict": c.verdict, "note": c.note.get(lang, "")}
                 for c in found]  # fmt: skip
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    words = {"holds": "成立", "fails": "不成立", "not shown": "未证明"} if lang == "zh" else {}
    header = [say("step", "步骤"), say("verdict", "结论"), say("what", "内容"), say("why", "说明")]
    print_table(say("verification", "核验"), header, (
        [str(c.number), words.get(c.verdict, c.verdict), table[c.step][lang == "zh"], c.note.get(lang, "")]
        for c in found
    ))  # fmt: skip
