"""``score``: a round of proficiency testing, from its results to tables, a report and letters."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated

import typer

from fairlot._base.errors import InvalidInput, within
from fairlot.cli.app import File, Lang, LangOption
from fairlot.cli.files import refuse_existing
from fairlot.cli.terminal import NOT_SHOWN, language, print_table, say, speak, steps

if TYPE_CHECKING:
    from fairlot._base.progress import Progress
    from fairlot.proficiency import Round

__all__ = ["score"]


INPUTS = "inputs"
"""Folder of a written round that holds what it was made of, under the names of the parameters."""

TABLES = ("participants", "homogeneity", "stability")
"""Tables that a round may have beside its results."""

Inputs = Mapping[str, Path]
"""results, scheme, and as far as there are any holidays, ... -> their files."""


def score(
    results: Annotated[Path, File],
    scheme: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="how to score (TOML)")],
    out: Annotated[
        Path | None, typer.Option(help="new folder for tables, workbook, report and letters")
    ] = None,
    holidays: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="calendar: on a line a date and 休 or 班"),
    ] = None,
    participants: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="who was to take part: code and name"),
    ] = None,
    homogeneity: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="results of the items before they were sent"),
    ] = None,
    stability: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="results of the items after the round"),
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(exists=True, file_okay=False,
                     help="folder that --out wrote for a round before: letters show the trend"),
    ] = None,
    lang: LangOption = Lang.en,
) -> None:  # fmt: skip
    """Score a round of proficiency testing; write its tables, its report and the letters.

    Exit code 1 when the results or the scheme cannot be read, 3 when a level has no assigned value.

    Example: fairlot score results.csv --scheme scheme.toml --out PT-2026-03 --lang zh
    """
    speak(lang.value)
    if out:
        refuse_existing(out)
    given = {"results": results, "scheme": scheme, "holidays": holidays,
             "participants": participants, "homogeneity": homogeneity, "stability": stability}  # fmt: skip
    inputs = {name: path for name, path in given.items() if path}
    with steps() as progress:
        before = [_scored(_inputs_of(folder)) for folder in earlier or ()]
        found = _scored(inputs)
        if out:
            _write(out, _files(found, before, inputs, progress))
    _print(found)
    if any(level.ruler is None for level in found.levels):
        raise typer.Exit(NOT_SHOWN)


def _scored(inputs: Inputs) -> "Round":
    from fairlot._base.workdays import Workdays
    from fairlot.proficiency import Scheme, score_round

    calendar, path = None, inputs.get("holidays")
    if path:
        with within(str(path)):
            calendar = Workdays.parse(path.read_text("utf-8-sig").splitlines())
    others = {name: inputs[name] for name in TABLES if name in inputs}
    return score_round(
        inputs["results"], Scheme.read(inputs["scheme"]), calendar=calendar, **others
    )


def _inputs_of(folder: Path) -> Inputs:
    """Return what a written round was made of."""
    found = {path.stem: path for path in (folder / INPUTS).glob("*")}
    if not {"results", "scheme"} <= found.keys():
        raise InvalidInput("{folder} holds no round; want a folder that score --out wrote",
                           zh="{folder} 不是 score --out 写出的目录", folder=folder)  # fmt: skip
    return found


def _write(out: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a new folder, whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        for name, data in files:
            path = draft / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        draft.chmod(0o755)
        draft.rename(out)
    except BaseException:
        rmtree(draft, ignore_errors=True)
        raise


def _files(
    found: "Round", earlier: Sequence["Round"], inputs: Inputs, progress: "Progress"
) -> Iterator[tuple[str, bytes]]:
    from fairlot.proficiency import tables
    from fairlot.public import csv_bytes
    from fairlot.report import pt_letters, pt_report, pt_workbook

    lang = language()
    for name, path in inputs.items():
        yield f"{INPUTS}/{name}{path.suffix}", path.read_bytes()
    for name, frame in tables(found, lang).items():
        yield f"{name}.csv", csv_bytes(frame.astype(object).where(frame.notna(), ""))
    yield "round.xlsx", pt_workbook(found, lang=lang)
    yield "report.html", pt_report(found, lang=lang).encode()
    names = _names(list(dict.fromkeys(one.lab for one in found.verdicts)))
    letters = pt_letters(found, lang=lang, earlier=earlier)
    for done, (lab, letter) in enumerate(letters, start=1):
        progress(say("letters", "通知单"), done, len(names))
        yield f"letters/{names[lab]}.html", letter.encode()


def _names(labs: list[str]) -> dict[str, str]:
    """Return a file name for every laboratory, none of them twice however a disk compares them.

    >>> _names(["A/1", "a_1", ".."])
    {'A/1': 'A_1', 'a_1': 'a_1-2', '..': '_'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for lab in labs:
        plain = name = re.sub(r"[^\w-]+", "_", lab)
        n = 1
        while name.casefold() in taken:
            n += 1
            name = f"{plain}-{n}"
        taken.add(name.casefold())
        names[lab] = name
    return names


def _print(found: "Round") -> None:
    labels = found.scheme.grades.labels
    header = [say("measurand", "检测参数"), say("sample", "样品"), "x_pt", "sigma_pt",
              say("score", "评分"), "p", *labels, say("no grade", "无等级")]  # fmt: skip
    print_table(say("levels", "样品水平"), header, _levels(found))
    for line in _lines(found):
        typer.echo(line)
    if found.problems:
        rows = ([str(p.row), p.id, p.text(language())] for p in found.problems)
        head = [say("row", "行"), say("laboratory", "实验室"), say("problem", "问题")]
        print_table(say("problems and repairs", "问题与修正"), head, rows)


def _levels(found: "Round") -> Iterator[list[str]]:
    for level in found.levels:
        ruler, grades = level.ruler, Counter(one.grade for one in level.first)
        sigma = f"{float(ruler.sigma_pt):.4g}" if ruler and ruler.sigma_pt else ""
        told = [f"{float(ruler.value.x_pt):.4g}", sigma, ruler.name] if ruler else ["", "", ""]
        counts = [str(grades[label]) for label in (*found.scheme.grades.labels, "")]
        yield [level.measurand, level.level, *told, str(len(level.used)), *counts]


def _lines(found: "Round") -> Iterator[str]:
    """Yield what the verdicts and orders come to, and why levels have no assigned value."""
    from fairlot.report.pt_words import word

    lang = language()
    finals = Counter(word(one.final, lang) for one in found.verdicts)
    counted = ", ".join(f"{name} {n}" for name, n in finals.items())
    open_orders = sum(one.state != "passed" for one in found.orders)
    yield say(f"verdicts: {counted}", f"结论：{counted}")
    yield say(f"orders: {len(found.orders)}, {open_orders} still open",
              f"整改：{len(found.orders)} 项，未完成 {open_orders} 项")  # fmt: skip
    yield from (choice.text(lang) for choice in found.choices if not choice.measurand)
    yield say(f"scheme: {found.digest}", f"评价方案：{found.digest}")
    for level in found.levels:
        if level.ruler is None:
            why = "; ".join(choice.text(lang) for choice in level.choices)
            yield f"{level.measurand} {level.level}: {why}"
