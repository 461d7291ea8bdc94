"""The draw itself: an announcement and its randomness in, every published list out.

``replay`` is the whole draw and the whole verification: whoever calls it with the same bytes gets
the same bytes. Nothing here reads a clock, a file or a generator of its own.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pandas as pd

from fairlot._base.errors import InvalidInput
from fairlot._base.progress import Progress, silent
from fairlot.assignment import Problem, Teams, draw_teams
from fairlot.planning import Plan, Quotas, Tables, coverage
from fairlot.planning.quotas import quotas
from fairlot.public import beacon, canonical, note
from fairlot.public.announcement import SPEC, Announced, open_announced
from fairlot.public.folder import ANNOUNCED, OUTCOME
from fairlot.public.seal import open_seal, seal
from fairlot.public.stream import Stream, Tickets, seed, subkey
from fairlot.sampling import D, Sample, nested_pivotal

__all__ = ["Replay", "draw", "problem_of", "replay"]


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything a draw decided, and the files that say so."""

    quotas: Quotas
    sample: Sample
    teams: Teams
    files: Mapping[str, bytes]


def draw(
    files: Mapping[str, bytes],
    value: beacon.Value,
    *,
    signer: note.Signer,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return the announcement's files with the outcome beside them, sealed anew.

    ``value`` is the randomness that came out: ``{"hex": digits}``, ``{"dice": digits}`` or a drand
    round ``{"round": ..., "signature": ..., "randomness": ...}``. The announcement must carry its authority's seal, and
    the signer must be that authority.
    """
    announced = open_announced(files)
    open_seal(files, announced.body["key"])
    if signer.vkey != announced.body["key"]:
        raise InvalidInput(
            "the signing key is {got}; the announcement names {want}",
            zh="签名密钥为 {got}，公告指定的是 {want}", got=signer.vkey, want=announced.body["key"],
        )  # fmt: skip
    outcome = replay(announced, value, progress=progress)
    return seal({**{name: files[name] for name in ANNOUNCED}, **outcome.files}, signer)


def replay(announced: Announced, value: beacon.Value, *, progress: Progress = silent) -> Replay:
    """Do the draw: seed, probabilities, selection, teams, coverage, and the files of all of them."""
    source = beacon.source(announced.body["randomness"])
    root = seed(announced.digest, source.material(value))
    progress("probabilities", 0, 4)
    decided = quotas(announced.plan, announced.tables.sites)
    progress("selection", 1, 4)
    sample = select(announced, decided, root)
    progress("teams", 2, 4)
    problem = problem_of(announced.plan, announced.tables, sample.index)
    teams = draw_teams(problem, rng=Stream(subkey(root, "assign")))
    progress("files", 3, 4)
    tables = _lists(announced.tables.sites, decided, sample, teams)
    files = {f"{name}.csv": csv_bytes(table) for name, table in tables.items()}
    head: dict[str, canonical.Json] = {
        "spec": SPEC,
        "announcement": announced.digest.hex(),
        "randomness": source.canonical(value),
        "seed": root.hex(),
        "drawn": len(sample),
        "files": {name: sha256(data).hexdigest() for name, data in files.items()},
    }
    files["outcome.json"] = canonical.encode(head) + b"\n"
    return Replay(decided, sample, teams, {name: files[name] for name in OUTCOME})


def select(announced: Announced, decided: Quotas, root: bytes) -> Sample:
    """Draw the sites: unit i consumes the ticket made of its own row, wherever it stands."""
    frame = decided.frame
    return nested_pivotal(
        frame["numerator"].to_numpy(),
        frame["bureau_id"].tolist(),
        frame["sector"].tolist(),
        frame["credit_class"].tolist(),
        rng=Tickets(subkey(root, "select"), announced.leaves["sites"]),
    )


def problem_of(plan: Plan, tables: Tables, drawn: Any) -> Problem:
    """Set up who may go where for the drawn rows."""
    return Problem.from_registers(
        tables.sites.iloc[drawn].reset_index(drop=True),
        tables.officers,
        tables.conflicts,
        tables.absences,
        seats=plan.team.seats,
        window=(plan.visits.first, plan.visits.last),
        own_station=plan.team.own_station == "allowed",
        support=plan.team.support,
    )


def _lists(
    sites: pd.DataFrame, decided: Quotas, sample: Sample, teams: Teams
) -> dict[str, pd.DataFrame]:
    """Return the four published lists by name."""
    chances = decided.frame.assign(pi=[share(a) for a in decided.frame["numerator"].tolist()])
    drawn = chances.iloc[sample.index].drop(columns="numerator")
    drawn.insert(1, "uscc", sites["uscc"].iloc[sample.index])
    drawn.insert(2, "name", sites["name"].iloc[sample.index])
    return {
        "probabilities": chances,
        "drawn": drawn,
        "teams": teams.to_frame(),
        "coverage": coverage(decided, sample),
    }


def share(numerator: int) -> str:
    """Return numerator / 2^40 to nine decimals, cut, as text; the numerator itself is exact.

    >>> share(1 << 39), share(1 << 40), share(1)
    ('0.500000000', '1.000000000', '0.000000000')
    """
    return f"{numerator // D}.{numerator % D * 10**9 // D:09d}"


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as CSV that spreadsheets open: UTF-8 with its mark, CRLF line ends.

    A text that a spreadsheet would run as a formula is published behind an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    columns = [_harmless(table[name].tolist()) for name in table.columns]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def _harmless(column: list[Any]) -> list[Any]:
    return [
        f"'{cell}"
        if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t"))
        else cell
        for cell in column
    ]
