"""What a command says and shows: two languages, tables, progress for those who watch."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import typer

from fairlot._base.progress import Progress

__all__ = ["language", "leave", "print_table", "say", "speak", "steps"]

NOT_SHOWN = 3


def speak(lang: str) -> None:
    """Choose the language of everything that follows."""
    os.environ["FAIRLOT_LANG"] = lang


def language() -> str:
    """Return the language that was chosen."""
    return os.environ.get("FAIRLOT_LANG", "en")


def say(en: str, zh: str) -> str:
    """Return what is to be said in the language that was chosen."""
    return zh if language() == "zh" else en


@contextmanager
def steps() -> Iterator[Progress]:
    """Show where long work is, on standard error and only when a person watches."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn())
    with Bar(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(say("reading", "读取"), total=None)

        def progress(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield progress


def print_table(title: str, header: list[str], rows: Iterator[list[str]]) -> None:
    """Print a table for people, or tab-separated lines when nobody watches."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not sys.stdout.isatty():
        typer.echo("\n".join("\t".join(row) for row in [header, *rows]))
        return
    table = Table(*header, title=title, title_justify="left", header_style="bold")
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def leave(verdicts: Iterable[str]) -> None:
    """Leave with the exit code that these verdicts ask for; come back when all of them hold."""
    found = set(verdicts) - {"holds"}
    if found:
        raise typer.Exit(1 if "fails" in found else NOT_SHOWN)
