"""The command line: one command reads, makes one call, and writes.

Exit codes: 0 holds, 1 something does not (a table, a plan, a record), 2 wrong usage or a missing
path, 3 nothing fails but something is not shown. Messages go to standard error, results to
standard output.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairlot import __version__
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot._base.progress import Progress

if TYPE_CHECKING:
    from fairlot.planning import Plan
    from fairlot.public import Check
    from fairlot.registers import Problem, Registers

__all__ = ["app", "main"]


class Lang(StrEnum):
    """The language of messages."""

    en = "en"
    zh = "zh"


class Roster(StrEnum):
    """The rosters that ship with fairlot."""

    shanghai = "shanghai"
    chicago = "chicago"


# The recorded round of the demonstration, and when its announcement says that it was made.
DEMO_ROUND = 9367912
DEMO_ANNOUNCED = datetime(2024, 7, 13, 9, tzinfo=UTC)
NOT_SHOWN = 3

LangOption = Annotated[Lang, typer.Option("--lang", envvar="FAIRLOT_LANG", help="en or zh")]
Existing = typer.Argument(exists=True, readable=True)
File = typer.Argument(exists=True, dir_okay=False)
Folder = typer.Argument(exists=True, file_okay=False)
KeyOption = Annotated[
    Path, typer.Option("--key", help="the authority's Ed25519 key (PEM); made when missing")
]

app = typer.Typer(
    name="fairlot",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Public, fair, checkable inspection draws (双随机、一公开).",
)


def main() -> None:
    """Run the command; a refusal is one message on standard error and exit code 1."""
    try:
        app()
    except FairlotError as error:
        typer.echo(f"fairlot: {error.text(_lang())}", err=True)
        raise SystemExit(1) from None
    except OSError as error:
        typer.echo(f"fairlot: {error.filename or ''}: {error.strerror}", err=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"fairlot {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """Public, fair, checkable inspection draws (双随机、一公开)."""


@app.command()
def demo(
    roster: Annotated[Roster, typer.Option(help="which example roster")] = Roster.shanghai,
    out: Annotated[Path | None, typer.Option(help="a new folder for the record")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Check, plan, announce, draw and verify an example, and write its record.

    Example: fairlot demo --roster shanghai --out demo-shanghai
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from fairlot import public, registers
    from fairlot.planning import Plan
    from fairlot.public import beacon, note
    from fairlot.registers import examples

    _speak(lang)
    out = out or Path(f"demo-{roster.value}")
    _refuse_existing(out)
    folder = examples.folder(roster.value)
    with _steps():
        rosters = registers.example(roster.value)
        plan = Plan.read(folder / "plan.toml")
    _print_problems(rosters.problems, only_count=True)
    _print_quotas(plan, rosters)
    with _steps() as progress:
        value = beacon.recorded(DEMO_ROUND)
        # The key of a demonstration lives only as long as this command.
        signer = note.Signer("fairlot-demo", Ed25519PrivateKey.generate())
        announced = public.announce(
            plan, rosters, beacon.Drand(DEMO_ROUND), signer=signer,
            announced_at=DEMO_ANNOUNCED, progress=progress,
        )  # fmt: skip
        files = _with_notice(
            public.draw(announced, value, signer=signer, progress=progress), signer
        )
        public.write_folder(out, files)
        found = public.verify(public.read_folder(out), now=datetime.now(UTC), progress=progress)
    _print_checks(found)
    typer.echo(_say(
        f"\nwrote {out}: open {out / 'notice.html'}, or run: fairlot verify {out}",
        f"\n已写入 {out}：请打开 {out / 'notice.html'}，或运行 fairlot verify {out}",
    ))  # fmt: skip


@app.command()
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

    _speak(lang)
    with _steps():
        if source.is_dir():
            problems = registers.Registers.inspect(source).problems
        else:
            problems = registers.inspect(source, kind or registers.kind_of(source)).problems
    _print_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


@app.command()
def plan(
    plan_file: Annotated[Path, File],
    rosters: Annotated[Path, Folder],
    out: Annotated[Path | None, typer.Option(help="write every site's probability (CSV)")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Print quotas and officers needed per bureau; nothing is drawn.

    Example: fairlot plan plan.toml registers/ --out probabilities.csv
    """
    from fairlot.planning import Plan
    from fairlot.public.outcome import csv_bytes
    from fairlot.registers import Registers

    _speak(lang)
    if out:
        _refuse_existing(out)
    with _steps():
        plan_, found = Plan.read(plan_file), Registers.read(rosters)
        decided = plan_.probabilities(found)
    _print_quotas(plan_, found)
    if out:
        _write_new(out, csv_bytes(decided.frame))


@app.command()
def announce(
    plan_file: Annotated[Path, File],
    rosters: Annotated[Path, Folder],
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="a new folder for the announcement")],
    randomness: Annotated[
        str, typer.Option(help="drand:ROUND (quicknet, a round to come), dice, or hex:WHO")
    ],
    sequence: Annotated[int, typer.Option(min=1, help="number of this announcement")] = 1,
    lang: LangOption = Lang.en,
) -> None:
    """Fix the plan, the registers and the randomness to come; sign and write them.

    Example: fairlot announce plan.toml registers/ --key office.key --randomness drand:20000000 --out announced
    """
    from fairlot import public
    from fairlot.planning import Plan
    from fairlot.public import beacon, note
    from fairlot.registers import Registers

    _speak(lang)
    _refuse_existing(out)
    source = beacon.parse(randomness)
    with _steps():
        plan_, found = Plan.read(plan_file), Registers.read(rosters)
        ledger = public.Ledger(f"{key}.ledger")
        ledger.refuse("announced", plan_)
    _print_quotas(plan_, found)
    with _steps() as progress:
        signer = _signer(key)
        files = public.announce(
            plan_, found, source, signer=signer, announced_at=datetime.now(UTC),
            sequence=sequence, progress=progress,
        )  # fmt: skip
        if not key.exists():
            note.save_key(signer, key)
        public.write_folder(out, files)
        digest = sha256(files["announcement.json"]).hexdigest()
        ledger.add("announced", plan_, digest)
    typer.echo(_say(f"announced {digest} under {signer.vkey}, written to {out}; publish all three now",
                    f"公告摘要 {digest}，公钥 {signer.vkey}，已写入 {out}；请立即一并公布"))  # fmt: skip


@app.command()
def draw(
    announced: Annotated[Path, Folder],
    value: Annotated[
        str,
        typer.Option(help="the randomness: a drand round's JSON file, the dice, or the hex text"),
    ],
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="a new folder for the record")],
    lang: LangOption = Lang.en,
) -> None:
    """Draw what was announced, from the randomness that came out since.

    Example: fairlot draw announced --value round-20000000.json --key office.key --out record
    """
    from fairlot import public
    from fairlot.public import beacon

    _speak(lang)
    _refuse_existing(out)
    if not key.exists():
        raise typer.BadParameter(f"{key} does not exist", param_hint="--key")
    if value.endswith(".json") and not Path(value).is_file():
        raise typer.BadParameter(f"{value} does not exist", param_hint="--value")
    with _steps() as progress:
        files = public.read_folder(announced)
        opened = public.open_announced(files)
        ledger = public.Ledger(f"{key}.ledger")
        signer = _signer(key)
        given = beacon.source(opened.body["randomness"]).read(value)
        drawn = _with_notice(public.draw(files, given, signer=signer, progress=progress), signer)
        digest = sha256(drawn["outcome.json"]).hexdigest()
        ledger.refuse("drawn", opened.plan, digest)
        # Written down first: a crash in between may repeat this very draw, but no other.
        ledger.add("drawn", opened.plan, digest)
        public.write_folder(out, drawn)
    typer.echo(_say(f"wrote {out}", f"已写入 {out}"))


@app.command()
def verify(
    record: Annotated[Path, Folder],
    others: Annotated[list[Path] | None, Folder] = None,
    key: Annotated[
        str | None, typer.Option(help="the authority's public key, name+hash+key, as you know it")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the steps as JSON")] = False,
    lang: LangOption = Lang.en,
) -> None:
    """Redo the whole draw from a record and print every step's verdict.

    Further records are searched for a repeated draw. Exit code 0: all holds; 1: something fails;
    3: nothing fails, but something is not shown.

    Example: fairlot verify record
    """
    from fairlot import public

    _speak(lang)
    with _steps() as progress:
        files = [public.read_folder(folder) for folder in (record, *(others or ()))]
        found = public.checks(
            files[0], now=datetime.now(UTC), others=files[1:], key=key, progress=progress
        )
    _print_checks(found, as_json=as_json)
    verdicts = {each.verdict for each in found}
    if verdicts != {"holds"}:
        raise typer.Exit(1 if "fails" in verdicts else NOT_SHOWN)


def _with_notice(files: dict[str, bytes], signer: Any) -> dict[str, bytes]:
    from fairlot.public import seal
    from fairlot.report import notice

    return seal({**files, "notice.html": notice(files).encode()}, signer)


def _write_new(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _refuse_existing(out: Path) -> None:
    if out.exists():
        raise InvalidInput("{out} exists; nothing is overwritten, choose another name",
                           zh="{out} 已存在；不会覆盖，请另选名称", out=out)  # fmt: skip


def _signer(key: Path) -> Any:
    """Return the key in this file, or a new one for it; its name is the file's."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from fairlot.public import note

    name = key.stem
    return (
        note.load_key(key, name)
        if key.exists()
        else note.Signer(name, Ed25519PrivateKey.generate())
    )


def _speak(lang: Lang) -> None:
    os.environ["FAIRLOT_LANG"] = lang.value


def _lang() -> str:
    return os.environ.get("FAIRLOT_LANG", "en")


def _say(en: str, zh: str) -> str:
    return zh if _lang() == "zh" else en


@contextmanager
def _steps() -> Iterator[Progress]:
    """Show where long work is, on standard error and only when a person watches."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn())
    with Bar(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(_say("reading", "读取"), total=None)

        def progress(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield progress


def _table(title: str, header: list[str], rows: Iterator[list[str]]) -> None:
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


def _print_problems(problems: "tuple[Problem, ...]", *, only_count: bool = False) -> None:
    counts = {
        kind: sum(p.severity == kind for p in problems) for kind in ("error", "warning", "repair")
    }
    if problems and not only_count:
        header = ["severity", "file", "row", "column", "id", "got", "want", "problem"]
        rows = ([p.severity, p.file, str(p.row), p.column, p.id, p.got, p.want, p.text(_lang())]
                for p in problems)  # fmt: skip
        _table(_say("problems and repairs", "问题与修正"), header, rows)
    typer.echo(_say("registers: {error} errors, {warning} warnings, {repair} repairs",
                    "名录：{error} 个错误，{warning} 个警告，{repair} 处修正").format(**counts))  # fmt: skip


def _print_quotas(plan_: "Plan", found: "Registers") -> None:
    """Print quotas, and the officers that their visits need against those there are."""
    from fairlot.planning import staffing

    table = staffing(plan_, found)
    header = list(table.columns)
    _table(_say("quotas and officers", "抽查数与人员"), header,
           ([str(cell) for cell in row] for row in table.itertuples(index=False)))  # fmt: skip
    short = table[table["short"] > 0]["bureau_id"].tolist()
    if short:
        typer.echo(
            _say(f"too few officers in: {', '.join(short)}", f"人员不足：{'、'.join(short)}"),
            err=True,
        )


def _print_checks(found: "tuple[Check, ...]", *, as_json: bool = False) -> None:
    from fairlot.public import STEPS

    lang = _lang()
    if as_json:
        steps = [{"number": c.number, "step": c.step, "verdict": c.verdict, "note": c.note.get(lang, "")}
                 for c in found]  # fmt: skip
        typer.echo(json.dumps(steps, ensure_ascii=False, indent=1))
        return
    words = {"holds": "成立", "fails": "不成立", "not shown": "未证明"} if lang == "zh" else {}
    header = [
        _say("step", "步骤"),
        _say("verdict", "结论"),
        _say("what", "内容"),
        _say("why", "说明"),
    ]
    _table(_say("verification", "核验"), header, (
        [str(c.number), words.get(c.verdict, c.verdict), STEPS[c.step][lang == "zh"], c.note.get(lang, "")]
        for c in found
    ))  # fmt: skip
