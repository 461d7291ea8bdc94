"""What each laboratory submitted for a level at a stage: its replicates as one exact value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any

from fairlot.registers.results import Results

__all__ = ["Submitted", "submitted"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Submitted:
    """One value of a laboratory.

    form   "number", "below" (``x`` is L of "<L"), "not detected", "absent"; "mixed" where the
           replicates are of more than one form
    x      the value, exactly; None where there is none
    text   as it is printed: every digit that was reported, "<L" of a limit, "" of nothing;
           replicates of more than one form all of them, such as "10.1, <9"
    u, U   its standard and expanded uncertainty, as reported with the first of its replicates that
           has one; None where none has
    n      how many replicates it is made of, those that were left empty beside others not counted
    row    row of the first replicate in the source
    values  the replicates, where every one is a number
    """

    lab: str
    name: str
    measurand: str
    level: str
    attempt: str
    method: str
    form: str
    x: Fraction | None
    text: str
    u: Fraction | None
    U: Fraction | None
    n: int
    row: int
    values: tuple[Fraction, ...] = ()


def submitted(
    results: Results, rule: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], list[Submitted]]:
    """Return the values of each (measurand, level), in the order of the source.

    rule  "mean" or "median" of the replicates, by (measurand, level)
    """
    lines = results.rows or range(1, len(results.frame) + 1)
    records: list[Row] = results.frame.to_dict("records")  # type: ignore[assignment]
    rows = [{**row, "row": line} for row, line in zip(records, lines, strict=True)]
    order = {key: place for place, key in enumerate(dict.fromkeys(map(_key, rows)))}
    rows.sort(key=lambda row: order[_key(row)])
    found: dict[tuple[str, str], list[Submitted]] = {}
    for (measurand, level, *_), group in groupby(rows, key=_key):
        replicates = sorted(group, key=itemgetter("replicate"))
        one = _one(replicates, rule[measurand, level])
        found.setdefault((measurand, level), []).append(one)
    return found


def _key(row: Row) -> tuple[str, str, str, str]:
    return row["measurand"], row["level"], row["lab"], row["attempt"]


def _one(sent: Sequence[Row], rule: str) -> Submitted:
    replicates = [row for row in sent if row["form"] != "absent"] or sent[:1]
    first = replicates[0]
    forms = {row["form"] for row in replicates}
    form = first["form"] if len(forms) == 1 else "mixed"
    numbers = [Fraction(row["value"]) for row in replicates if row["value"]]
    x: Fraction | None = None
    if form == "number":
        x = sum(numbers, Fraction()) / len(numbers) if rule == "mean" else median(numbers)
    elif form == "below":
        x = max(numbers)
    told = {
        name: first[name] for name in ("lab", "name", "measurand", "level", "attempt", "method")
    }
    u, expanded = (next(_given(replicates, name), None) for name in ("u", "U"))
    return Submitted(
        **told,
        form=form,
        x=x,
        text=_text(replicates, form, x),
        u=u,
        U=expanded,
        n=len(replicates),
        row=first["row"],
        values=tuple(numbers) if form == "number" else (),
    )


def _text(replicates: Sequence[Row], form: str, x: Fraction | None) -> str:
    written = list(dict.fromkeys(_written(row) for row in replicates))
    if form == "mixed" or len(written) == 1:
        return ", ".join(written)
    return f"{'<' * (form == 'below')}{float(x or 0):.12g}"


def _written(row: Row) -> str:
    return {"below": f"<{row['value']}", "not detected": "ND"}.get(row["form"], str(row["value"]))


def _given(rows: Sequence[Row], name: str) -> Iterator[Fraction]:
    """Yield the uncertainties that were reported with any of the replicates."""
    return (Fraction(row[name]) for row in rows if row[name])
