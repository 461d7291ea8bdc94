"""``check`` and ``plan``: the registers, and what a plan makes of them; nothing is drawn."""

from pathlib import Path
from typing import Annotated

import typer

from fairlot.cli.app import Existing, File, Folder, Lang, LangOption
from fairlot.cli.files import refuse_existing, write_new
from fairlot.cli.tables import print_counts, print_outlook, print_problems, print_quotas
from fairlot.cli.terminal import speak, steps

__all__ = ["check", "plan"]


def check(
    source: Annotated[Path, Existing],
    kind: Annotated[
        str | None,
        typer.Option(help="sites, officers, experts, conflicts, absences, items, history"),
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Print every problem and repair of a register, or of a folder of registers.

    Example: fairlot check institutions.csv --kind sites
    """
    from fairlot import registers

    speak(lang.value)
    with steps():
        if source.is_dir():
            problems = registers.Registers.inspect(source).problems
        else:
            problems = registers.inspect(source, kind or registers.kind_of(source)).problems
    print_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


def plan(
    plan_file: Annotated[Path, File],
    rosters: Annotated[Path, Folder],
    out: Annotated[Path | None, typer.Option(help="write every site's probability (CSV)")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Print quotas and officers needed per bureau, and whether teams can be found; nothing is drawn.

    Sites with few officers to choose from are listed, and whoever has abnormally many conflicts.
    Exit code 1 when announce would refuse: no valid teams.

    Example: fairlot plan plan.toml registers/ --out probabilities.csv
    """
    from fairlot.planning import Plan
    from fairlot.public import csv_bytes
    from fairlot.registers import Registers

    speak(lang.value)
    if out:
        refuse_existing(out)
    with steps():
        plan_, found = Plan.read(plan_file), Registers.read(rosters)
        decided = plan_.probabilities(found)
    print_counts(found.problems, rosters)
    print_quotas(plan_, found)
    if out:
        write_new(out, csv_bytes(decided.frame))
    print_outlook(plan_, found)
