"""``assign``: teams for a list of sites that is given, outside any public draw."""

from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated

import typer

from fairlot._base.errors import Infeasible
from fairlot._base.progress import Progress
from fairlot.cli.app import Folder, Lang, LangOption
from fairlot.cli.files import refuse_existing, write_new
from fairlot.cli.tables import print_blocking, print_counts, print_frame, print_problems
from fairlot.cli.terminal import say, speak, steps

if TYPE_CHECKING:
    from fairlot.assignment import Chances, Problem, Teams
    from fairlot.planning import Plan

__all__ = ["assign"]

SEED = 32  # bytes


def assign(
    listed: Annotated[Path, typer.Argument(metavar="LIST", exists=True, dir_okay=False)],
    rosters: Annotated[Path, Folder],
    plan_file: Annotated[
        Path, typer.Option("--plan", exists=True, dir_okay=False, help="the rules of the teams")
    ],
    explain: Annotated[
        bool, typer.Option("--explain", help="who could go, how many that is; what is in the way")
    ] = False,
    joint: Annotated[
        bool, typer.Option("--joint", help="the list's 参与部门 each add their officers")
    ] = False,
    seed: Annotated[
        str | None, typer.Option(help="64 hex digits, to draw the same teams again")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="write the teams (CSV)")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Draw teams for the sites of a list (site_id, 参与部门, 指定人员), outside a public draw.

    Columns of the list: site_id 场所编号; departments 参与部门 and appointed 指定人员 where there are
    any (see "A list of sites" in docs/registers.md).

    Nobody can check such a draw: its seed is the system's, or yours. Exit code 1 when no teams
    exist.

    Example: fairlot assign sites.csv registers/ --plan plan.toml --explain
    """
    from fairlot.planning import choice
    from fairlot.public import csv_bytes

    speak(lang.value)
    if out:
        refuse_existing(out)
    seed = _seed(seed)
    plan, problem = _problem(plan_file, rosters, listed, joint=joint)
    try:
        with steps() as progress:
            chances, teams = _drawn(plan, problem, seed, progress)
    except Infeasible as error:
        if explain:
            print_blocking(error)
        raise
    if explain:
        print_frame(say("who could go", "可派人员"), choice(plan, chances))
    frame = teams.to_frame()
    print_frame(say("teams", "检查组"), frame)
    typer.echo(say(f"seed {seed}", f"种子 {seed}"), err=True)
    if out:
        write_new(out, csv_bytes(frame))


def _seed(given: str | None) -> str:
    seed = token_hex(SEED) if given is None else given.strip().lower()
    if len(seed) != 2 * SEED or not set(seed) <= set("0123456789abcdef"):
        got, want = repr(seed[:100]), 2 * SEED
        raise typer.BadParameter(say(f"want {want} hex digits; got {got}",
                                     f"应为 {want} 位十六进制数字，实为 {got}"),
                                 param_hint="--seed")  # fmt: skip
    return seed


def _problem(
    plan_file: Path, rosters: Path, listed: Path, *, joint: bool
) -> "tuple[Plan, Problem]":
    from fairlot.planning import Plan, deciding, problem_of, read_list
    from fairlot.registers import Registers

    with steps():
        plan, found = Plan.read(plan_file), Registers.read(rosters)
        tables = deciding(plan, found)
        given = read_list(listed, tables.sites)
        if given.departments and not joint:
            raise typer.BadParameter(say(f"{listed.name} names departments that take part; want it",
                                         f"{listed.name} 列有参与部门，应加此项"),
                                     param_hint="--joint")  # fmt: skip
        problem = problem_of(
            plan,
            tables,
            given.sites.index,
            departments=given.departments,
            appointed=given.appointed,
        )
    print_counts(found.problems, rosters)
    if given.problems:
        print_problems(given.problems)
    return plan, problem


def _drawn(
    plan: "Plan", problem: "Problem", seed: str, progress: Progress
) -> "tuple[Chances, Teams]":
    from fairlot.assignment import draw_teams, probabilities
    from fairlot.public.stream import Stream, subkey

    chances = probabilities(problem, loads=plan.team.loads, progress=progress)
    stream = Stream(subkey(bytes.fromhex(seed), "assign"))
    return chances, draw_teams(problem, chances=chances, rng=stream, progress=progress)
