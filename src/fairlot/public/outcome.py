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
from fairlot.planning import Quotas, coverage
from fairlot.planning.quotas import quotas
from fairlot.public import beacon, canonical, note
from fairlot.public.announcement import SPEC, Announced, open_announced
from fairlot.public.folder import ANNOUNCED
from fairlot.public.seal import open_seal, seal
from fairlot.public.stream import Stream, Tickets, seed, subkey
from fairlot.sampling import D, Sample, nested_pivotal

__all__ = ["Replay", "draw", "replay"]


# What a spreadsheet runs or hides at the start of a cell; the apostrophe itself, so that a name
# that begins with one can be told apart.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


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
    """Do the draw: seed, probabilities, selection, teams, and the files of all of them."""
    root = seed_of(announced, value)
    progress("probabilities", 0, 4)
    decided = quotas(announced.plan, announced.tables.sites)
    progress("selection", 1, 4)
    sample = select(announced, decided, root)
    progress("teams", 2, 4)
    teams = assign(announced, sample, root)
    progress("files", 3, 4)
    lists = {
        "probabilities.csv": chances_csv(decided),
        "drawn.csv": drawn_csv(announced, decided, sample),
        "teams.csv": csv_bytes(teams.to_frame()),
        "coverage.csv": csv_bytes(coverage(decided, sample)),
    }
    files = {"outcome.json": head(announced, value, len(sample), lists), **lists}
    return Replay(decided, sample, teams, files)


def seed_of(announced: Announced, value: beacon.Value) -> bytes:
    """Return the seed of the whole draw."""
    return seed(announced.digest, beacon.source(announced.body["randomness"]).material(value))


def head(
    announced: Announced, value: beacon.Value, drawn: int, lists: Mapping[str, bytes]
) -> bytes:
    """Return outcome.json: what was drawn from, and the digests of the lists."""
    told: dict[str, canonical.Json] = {
        "spec": SPEC,
        "announcement": announced.digest.hex(),
        "randomness": beacon.source(announced.body["randomness"]).canonical(value),
        "seed": seed_of(announced, value).hex(),
        "drawn": drawn,
        "files": {name: sha256(data).hexdigest() for name, data in lists.items()},
    }
    return canonical.encode(told) + b"\n"


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


def assign(announced: Announced, sample: Sample, root: bytes) -> Teams:
    """Draw the teams of the drawn sites."""
    plan, tables = announced.plan, announced.tables
    problem = Problem.from_registers(
        tables.sites.iloc[sample.index].reset_index(drop=True),
        tables.officers,
        tables.conflicts,
        tables.absences,
        seats=plan.team.seats,
        window=(plan.visits.first, plan.visits.last),
        own_station=plan.team.own_station == "allowed",
        support=plan.team.support,
    )
    return draw_teams(problem, rng=Stream(subkey(root, "assign")))


def chances_csv(decided: Quotas) -> bytes:
    """Return every site with its rule, its numerator over 2^40 and its pi."""
    return csv_bytes(_with_pi(decided))


def drawn_csv(announced: Announced, decided: Quotas, sample: Sample) -> bytes:
    """Return the drawn sites, with code and name."""
    sites = announced.tables.sites
    drawn = _with_pi(decided).iloc[sample.index].drop(columns="numerator")
    drawn.insert(1, "uscc", sites["uscc"].iloc[sample.index])
    drawn.insert(2, "name", sites["name"].iloc[sample.index])
    return csv_bytes(drawn)


def _with_pi(decided: Quotas) -> pd.DataFrame:
    return decided.frame.assign(pi=[share(a) for a in decided.frame["numerator"].tolist()])


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
        f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell
        for cell in column
    ]
