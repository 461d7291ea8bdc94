"""The draw itself: an announcement and its randomness in, every published list out.

``replay`` is the whole draw and the whole verification: whoever calls it with the same bytes gets
the same bytes. Nothing here reads a clock, a file or a generator of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from fairlot._base.arrays import Ints
from fairlot._base.errors import InvalidInput, VerificationError, within
from fairlot._base.progress import Progress, silent
from fairlot.assignment import Chances, Teams
from fairlot.planning import Quotas, choice, coverage
from fairlot.planning.quotas import quotas
from fairlot.public import beacon, canonical, note
from fairlot.public.announced import Announced, head_of, open_announced
from fairlot.public.announcement import MAX_JSON, one_line, refuse_other_hand
from fairlot.public.committed import Commitment
from fairlot.public.custodians import unlocked
from fairlot.public.disclosure import opening_json, openings
from fairlot.public.folder import ANNOUNCED, PROOFS, SPEC, SWITCH
from fairlot.public.lists import list_bytes
from fairlot.public.published import Beacon, Value, same
from fairlot.public.results import commit_results, results
from fairlot.public.seal import seal
from fairlot.public.staffed import assign, commitment, dates, staff, staff_chances
from fairlot.public.stream import Tickets, subkey
from fairlot.public.switch import check as check_switch
from fairlot.sampling import D, Sample, nested_pivotal

__all__ = [
    "OUTCOME_FIELDS",
    "Replay",
    "draw",
    "read_outcome",
    "refuse_difference",
    "replay",
    "switched",
    "value_of",
]

OUTCOME_SPEC = f"{SPEC} outcome"
OUTCOME_FIELDS = {"@spec", "announcement", "beacon", "chances", "drawn", "results", "value"}


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything a draw decided, and the files that say so."""

    quotas: Quotas
    sample: Sample
    chances: Chances
    teams: Teams
    dates: pd.DataFrame
    files: Mapping[str, bytes]


def draw(
    files: Mapping[str, bytes],
    value: Value,
    *,
    signer: note.Signer,
    source: Beacon | None = None,
    salts: Mapping[str, bytes] | None = None,
    lock: Value | None = None,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return the full announcement's files with the outcome beside them, sealed anew.

    value   what the beacon gave, as a record keeps it (see ``beacon``)
    source  the beacon it comes from, where a witnessed note (``switch.txt``) switched to a fallback
    salts   by name, those of the custodians of a sealed draw
    lock    the value of the round to which custodians locked their salts, where some of those are
            not handed over: what decrypts counts

    The announcement must carry its authority's seal, and the signer must be that authority.
    """
    refuse_other_hand(files, signer)
    announced = _with_salts(open_announced(files), salts or {}, lock)
    opening = announced.opening
    kept = {name: files[name] for name in (*ANNOUNCED, SWITCH) if name in files}
    kept |= {name: data for name, data in files.items() if PROOFS.fullmatch(name)}
    kept["opening.json"] = opening_json(
        files["announcement.json"], opening.keys, opening.salts, opening.lock
    )
    outcome = replay(announced, source or announced.beacon, value, progress=progress)
    return seal({**kept, **outcome.files}, signer)


def switched(
    files: Mapping[str, bytes], switch: bytes | None, signer: note.Signer
) -> tuple[dict[str, bytes], Beacon]:
    """Return the files and the beacon to draw from: that of a witnessed note, where there is one."""
    head = head_of(files)
    if switch is None:
        return dict(files), head.beacon
    with within(SWITCH):
        text = switch.decode("utf-8", "replace")
        found = check_switch(
            text, head.digest.hex(), head.beacon, head.before.fallbacks, head.before.witnesses
        )
    return seal({**files, SWITCH: switch}, signer), found.taken


def replay(
    announced: Announced, source: Beacon, value: Value, *, progress: Progress = silent
) -> Replay:
    """Do the draw of an announcement whose registers are whole: every list, byte for byte."""
    if not announced.whole:
        raise InvalidInput("the full record is needed: not all columns are here",
                           zh="需要完整记录：此处并非全部列")  # fmt: skip
    root = announced.seed(source, value)
    progress("probabilities", 0, 5)
    decided = decide(announced)
    progress("selection", 1, 5)
    sample = select(announced, decided, root)
    progress("chances", 2, 5)
    problem = staff(announced, sample.index)
    chances = staff_chances(announced, problem)
    progress("teams", 3, 5)
    teams = assign(problem, chances, root, announced.suite)
    progress("files", 4, 5)
    days = dates(announced, sample.index, teams, root)
    told = {
        "outcome.json": outcome_json(
            announced, source, value, len(sample),
            commitment(chances, announced.suite),
            bound(announced, decided, sample.index, days, teams),
        ),
        "probabilities.csv": chances_csv(decided),
        "drawn.csv": drawn_csv(announced, decided, sample.index),
        "visits.csv": list_bytes("visits", choice(announced.plan, chances)),
        "teams.csv": list_bytes("teams", teams.to_frame()),
        "schedule.csv": list_bytes("schedule", days),
        "coverage.csv": list_bytes("coverage", coverage(decided, sample)),
        **opened_rows(announced, sample.index),
    }  # fmt: skip
    return Replay(decided, sample, chances, teams, days, told)


def decide(announced: Announced) -> Quotas:
    """Return quotas and probabilities, from what the view shows of every site."""
    assert announced.tables is not None
    return quotas(announced.plan, announced.tables.standings)


def select(announced: Announced, decided: Quotas, root: bytes) -> Sample:
    """Draw the sites: unit i consumes the ticket made of its own row, wherever it stands."""
    assert announced.leaves is not None
    frame, suite = decided.frame, announced.suite
    return nested_pivotal(
        frame["numerator"].to_numpy(),
        frame["bureau_id"].tolist(),
        frame["sector"].tolist(),
        frame["credit_class"].tolist(),
        rng=Tickets(subkey(root, "select", suite), announced.leaves["sites"], suite),
    )


def bound(
    announced: Announced, decided: Quotas, drawn: Ints, days: pd.DataFrame, teams: Teams
) -> Commitment:
    """Return the commitment to the result of every site."""
    columns = results(decided, drawn, days, teams)
    return commit_results(columns, announced.opening.keys["standings"], announced.suite)


def outcome_json(
    announced: Announced,
    source: Beacon,
    value: Value,
    drawn: int,
    chances: str,
    found: Commitment,
) -> bytes:
    """Return outcome.json: what was drawn from, and what binds the rest."""
    told: dict[str, canonical.Json] = {
        "@spec": OUTCOME_SPEC,
        "announcement": announced.digest.hex(),
        "beacon": source.identity(),
        "value": source.canonical(value),
        "drawn": drawn,
        "chances": chances,
        "results": found.announced(),
    }
    return canonical.encode(told) + b"\n"


def chances_csv(decided: Quotas) -> bytes:
    """Return every site with its rule, its numerator over 2^40 and its pi."""
    return list_bytes("probabilities", _with_pi(decided.frame))


def drawn_csv(announced: Announced, decided: Quotas, drawn: Ints) -> bytes:
    """Return the drawn sites, with code and name."""
    assert announced.tables is not None
    sites = announced.tables.sites
    rows = _with_pi(decided.frame.iloc[drawn]).drop(columns="numerator")
    if announced.plan.proof.view == "pseudonymous":
        rows.insert(1, "opened_id", sites["site_id"].iloc[drawn])
    rows.insert(1, "uscc", sites["uscc"].iloc[drawn])
    rows.insert(2, "name", sites["name"].iloc[drawn])
    return list_bytes("drawn", rows)


def opened_rows(announced: Announced, drawn: Ints) -> dict[str, bytes]:
    """Return what opens the drawn rows of a pseudonymous record; nothing in an open one."""
    assert announced.tables is not None
    if announced.plan.proof.view != "pseudonymous":
        return {}
    sites, key = announced.tables.sites.iloc[drawn], announced.opening.keys["sites"]
    return {"openings.jsonl": openings(sites, drawn.tolist(), key, announced.suite)}


def share(numerator: int) -> str:
    """Return numerator / 2^40 to nine decimals, cut, as text; the numerator itself is exact.

    >>> share(1 << 39), share(1 << 40), share(1)
    ('0.500000000', '1.000000000', '0.000000000')
    """
    return f"{numerator // D}.{numerator % D * 10**9 // D:09d}"


def value_of(files: Mapping[str, bytes]) -> tuple[Beacon, Value]:
    """Return the beacon that an outcome names and what it gave, in its one form."""
    outcome = read_outcome(files)
    with within("outcome.json"):
        source = beacon.source(outcome["beacon"])
        value: Any = outcome["value"]
        if not isinstance(value, dict) or source.canonical(value) != value:
            raise VerificationError("value is not in the form of {beacon}",
                                    zh="value 不符合 {beacon} 的形式", beacon=str(source))  # fmt: skip
    return source, value


def read_outcome(files: Mapping[str, bytes]) -> Mapping[str, canonical.Json]:
    """Return outcome.json, parsed strictly; what it says is not yet compared with anything."""
    if "outcome.json" not in files:
        raise VerificationError("outcome.json is missing: announced, but not drawn",
                                zh="缺少 outcome.json：已公告，尚未抽取")  # fmt: skip
    with within("outcome.json"):
        outcome = canonical.decode(one_line(files["outcome.json"]), limit=MAX_JSON)
        if not isinstance(outcome, dict) or set(outcome) != OUTCOME_FIELDS:
            raise VerificationError("want the fields {want}", zh="字段应为 {want}",
                                    want=sorted(OUTCOME_FIELDS))  # fmt: skip
        same("@spec", outcome["@spec"], OUTCOME_SPEC)
    return outcome


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


def _with_pi(rows: pd.DataFrame) -> pd.DataFrame:
    numerators = rows["numerator"].tolist()
    told = {a: share(a) for a in set(numerators)}
    return rows.assign(pi=pd.Series([told[a] for a in numerators], rows.index, dtype=object))


def _with_salts(announced: Announced, salts: Mapping[str, bytes], lock: Value | None) -> Announced:
    """Return the announcement with the custodians' salts opened; a locked one is what decrypts."""
    found = {**salts, **unlocked(announced.before.custodians, lock or {})}
    opening = replace(announced.opening, salts=found, lock=dict(lock or {}))
    return replace(announced, opening=opening)
