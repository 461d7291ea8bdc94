"""The draw itself: an announcement and its randomness in, every published list out.

``replay`` is the whole draw and the whole verification: whoever calls it with the same bytes gets
the same bytes. Nothing here reads a clock, a file or a generator of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from fairlot._base.errors import VerificationError, within
from fairlot._base.progress import Progress, silent
from fairlot.assignment import Chances, Teams
from fairlot.planning import Quotas, coverage
from fairlot.planning.quotas import quotas
from fairlot.public import beacon, canonical, note
from fairlot.public.announcement import (
    MAX_JSON,
    SPEC,
    Announced,
    open_announced,
    read_body,
    refuse_other_hand,
)
from fairlot.public.folder import ANNOUNCED
from fairlot.public.lists import csv_bytes
from fairlot.public.seal import seal
from fairlot.public.staffed import assign, commitment, staff, staff_chances, visits_csv
from fairlot.public.stream import Tickets, seed, subkey
from fairlot.sampling import D, Sample, nested_pivotal

__all__ = [
    "Replay",
    "draw",
    "randomness_of",
    "read_outcome",
    "refuse_difference",
    "replay",
]


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything a draw decided, and the files that say so."""

    quotas: Quotas
    sample: Sample
    chances: Chances
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
    refuse_other_hand(files, signer)
    outcome = replay(announced, value, progress=progress)
    return seal({**{name: files[name] for name in ANNOUNCED}, **outcome.files}, signer)


def replay(announced: Announced, value: beacon.Value, *, progress: Progress = silent) -> Replay:
    """Do the draw: seed, probabilities, selection, teams, and the files of all of them."""
    root = seed_of(announced, value)
    progress("probabilities", 0, 5)
    decided = quotas(announced.plan, announced.tables.sites)
    progress("selection", 1, 5)
    sample = select(announced, decided, root)
    progress("chances", 2, 5)
    problem = staff(announced, sample)
    chances = staff_chances(announced, problem)
    progress("teams", 3, 5)
    teams = assign(problem, chances, root)
    progress("files", 4, 5)
    lists = {
        "probabilities.csv": chances_csv(decided),
        "drawn.csv": drawn_csv(announced, decided, sample),
        "visits.csv": visits_csv(announced, chances),
        "teams.csv": csv_bytes(teams.to_frame()),
        "coverage.csv": csv_bytes(coverage(decided, sample)),
    }
    told = head(announced, value, len(sample), commitment(chances), lists)
    return Replay(decided, sample, chances, teams, {"outcome.json": told, **lists})


def seed_of(announced: Announced, value: beacon.Value) -> bytes:
    """Return the seed of the whole draw."""
    return seed(announced.digest, beacon.source(announced.body["randomness"]).material(value))


def head(
    announced: Announced,
    value: beacon.Value,
    drawn: int,
    chances: str,
    lists: Mapping[str, bytes],
) -> bytes:
    """Return outcome.json: what was drawn from, and the digests of chances and lists."""
    told: dict[str, canonical.Json] = {
        "spec": SPEC,
        "announcement": announced.digest.hex(),
        "randomness": beacon.source(announced.body["randomness"]).canonical(value),
        "seed": seed_of(announced, value).hex(),
        "drawn": drawn,
        "chances": chances,
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


def randomness_of(files: Mapping[str, bytes]) -> beacon.Value:
    """Return the published value of the randomness, if it is of the kind announced."""
    if "outcome.json" not in files:
        raise VerificationError("outcome.json is missing: announced, but not drawn",
                                zh="缺少 outcome.json：已公告，尚未抽取")  # fmt: skip
    with within("outcome.json"):
        value = read_outcome(files).get("randomness")
        if not isinstance(value, dict):
            raise VerificationError("has no field randomness", zh="缺少 randomness 字段")
        return beacon.source(read_body(files)["randomness"]).canonical(value)


def read_outcome(files: Mapping[str, bytes]) -> Mapping[str, canonical.Json]:
    """Return outcome.json as it stands; what is no object has no fields."""
    outcome = canonical.decode(files["outcome.json"].removesuffix(b"\n"), limit=MAX_JSON)
    return outcome if isinstance(outcome, dict) else {}


def refuse_difference(name: str, files: Mapping[str, bytes], want: bytes) -> None:
    """Refuse a published file that is not, byte for byte, what the replay makes."""
    got = files.get(name, b"")
    if got == want:
        return
    ours, theirs = want.split(b"\n"), got.split(b"\n")
    differing = [i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]]
    line = differing[0] if differing else min(len(ours), len(theirs))
    got_line, want_line = (
        side[line].decode("utf-8", "replace")[:160] if line < len(side) else "end of file"
        for side in (theirs, ours)
    )
    raise VerificationError(
        "{file} line {line}: got {got!r}, want {want!r}",
        zh="{file} 第 {line} 行：实为 {got!r}，应为 {want!r}",
        file=name, line=line + 1, got=got_line, want=want_line,
    )  # fmt: skip
